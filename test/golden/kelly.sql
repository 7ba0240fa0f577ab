-- Stakes.
SELECT golden.agrees('kelly_single', $$
	SELECT case_id, golden.ok(kelly, expected_fraction, tolerance)
		AND golden.ok(kelly_criterion(p_win, decimal_odds, p_push, commission, side), expected_full, tolerance)
		AND golden.ok(CASE side WHEN 'lay' THEN lay_stake(kelly, decimal_odds) ELSE kelly END, expected_backer_stake, tolerance)
		AND golden.ok(expected_value(p_win, decimal_odds, p_push, commission, side), expected_ev, tolerance)
		AND golden.ok(growth_rate(kelly, p_win, decimal_odds, p_push, commission, side), expected_growth, 1e-15)
		AND (side = 'lay' OR golden.ok(kelly_line(p_win, 0, p_push, 0, greatest(1 - p_win - p_push, 0), decimal_odds, commission, fraction, cap), expected_fraction, tolerance))
	FROM golden.kelly_single, kelly_fraction(p_win, decimal_odds, p_push, commission, fraction, cap, side) AS kelly$$);

SELECT golden.agrees('kelly_payoffs', $$
	SELECT case_id, golden.ok(kelly, expected, 1e-12)
		AND golden.ok(growth_rate_payoffs(kelly, probs, net_returns), expected_growth, 1e-15)
		AND golden.ok(expected_value_payoffs(probs, net_returns), expected_ev, 1e-15)
	FROM golden.kelly_payoffs, kelly_payoffs(probs, net_returns) AS kelly$$);

SELECT golden.agrees('kelly_exclusive', $$
	SELECT case_id, golden.ok(kelly_exclusive(probs, decimal_odds, fraction, total_cap), expected, least(tolerance, 1e-12))
		AND golden.ok(1 - (SELECT sum(f) FROM unnest(best) AS f), expected_reserve_rate, least(tolerance, 1e-12))
		AND golden.ok(growth_rate_exclusive(best, probs, decimal_odds), expected_full_growth, 1e-15)
	FROM golden.kelly_exclusive, kelly_exclusive(probs, decimal_odds) AS best$$);

SELECT golden.agrees('kelly_simultaneous', $$
	SELECT case_id, golden.ok(f, expected, 1e-12) AND golden.ok(growth_rate_simultaneous(f, probs, decimal_odds), expected_growth, 1e-14)
		AND (cap_mode <> 'none' OR golden.ok(kelly_simultaneous(probs, decimal_odds, cap_mode => 'scaled'), expected, 1e-12))
	FROM golden.kelly_simultaneous, kelly_simultaneous(probs, decimal_odds, total_cap, CASE cap_mode WHEN 'none' THEN 'constrained' ELSE cap_mode END) AS f$$);

-- Written out, so that a case that is new or reworded fails until it is looked at.
SELECT golden.agrees('invalid_inputs', $$
	SELECT case_id, CASE arguments
		WHEN '{"prob": "NaN", "odds": 2.0}' THEN golden.refused('SELECT kelly_fraction(''NaN'', 2)')
		WHEN '{"prob": 0.6, "push": 0.5, "odds": 2.0}' THEN golden.refused('SELECT kelly_fraction(0.6, 2, 0.5)')
		ELSE false END
	FROM golden.invalid_inputs WHERE function = 'kelly_fraction'$$);
