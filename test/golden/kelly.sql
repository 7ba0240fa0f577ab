-- Stakes.
SELECT golden.agrees('kelly_single', $$
	SELECT case_id, golden.ok(kelly, expected_fraction, tolerance)
		AND golden.ok(CASE side WHEN 'lay' THEN kelly / (decimal_odds - 1) ELSE kelly END, expected_backer_stake, tolerance)
	FROM golden.kelly_single, kelly_fraction(p_win, decimal_odds, p_push, commission, fraction, cap, side) AS kelly$$);

SELECT golden.agrees('kelly_payoffs', $$
	SELECT case_id, golden.ok(kelly_payoffs(probs, net_returns), expected, tolerance) FROM golden.kelly_payoffs$$);

-- Written out, so that a case that is new or reworded fails until it is looked at.
SELECT golden.agrees('invalid_inputs', $$
	SELECT case_id, CASE arguments
		WHEN '{"prob": "NaN", "odds": 2.0}' THEN golden.refused('SELECT kelly_fraction(''NaN'', 2)')
		WHEN '{"prob": 0.6, "push": 0.5, "odds": 2.0}' THEN golden.refused('SELECT kelly_fraction(0.6, 2, 0.5)')
		ELSE false END
	FROM golden.invalid_inputs WHERE function = 'kelly_fraction'$$);
