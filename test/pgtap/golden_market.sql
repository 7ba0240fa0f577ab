-- Odds, margins, stakes and conformal quantiles against reference values of other programs.
\ir golden.inc
SELECT plan(8);
\if :has_golden
SET search_path = bet_edge, public;

SELECT golden.agrees('odds_convert', $$
	SELECT case_id, golden.ok(CASE to_format WHEN 'decimal' THEN d WHEN 'probability' THEN 1 / d WHEN 'fractional' THEN d - 1
			ELSE format_odds(d, to_format)::float8 END, expected, tolerance)
		AND golden.ok(decimal_odds(format_odds(d, to_format), to_format), d, 0)
		AND (expected_text IS NULL OR format_odds(d, to_format) = expected_text)
		AND (to_format <> 'probability' OR golden.ok(format_odds(d, to_format)::float8, expected, tolerance))
	FROM golden.odds_convert, decimal_odds(odds_text, from_format) AS d$$);

SELECT golden.agrees('overround_margin', $$
	SELECT case_id, golden.ok(overround(odds), expected_overround, tolerance)
		AND golden.ok(hold(odds), expected_hold, tolerance)
		AND golden.ok(1 - hold(odds), expected_payout, tolerance)
	FROM golden.overround_margin$$);

-- jsd and balanced_book are not among the methods.
SELECT golden.agrees('devig', $$
	SELECT case_id, CASE status
		WHEN 'negative_probability' THEN golden.refused(format('SELECT remove_overround(%L, %L)', odds, method))
		ELSE golden.ok(remove_overround(odds, method), expected, least(tolerance, 1e-11)) END
	FROM golden.devig WHERE method NOT IN ('jsd', 'balanced_book')$$);

SELECT golden.agrees('kelly_single', $$
	SELECT case_id, golden.ok(kelly, expected_fraction, tolerance)
		AND golden.ok(CASE side WHEN 'lay' THEN kelly / (decimal_odds - 1) ELSE kelly END, expected_backer_stake, tolerance)
	FROM golden.kelly_single, kelly_fraction(p_win, decimal_odds, p_push, commission, fraction, cap, side) AS kelly$$);

SELECT golden.agrees('kelly_payoffs', $$
	SELECT case_id, golden.ok(kelly_payoffs(probs, net_returns), expected, tolerance) FROM golden.kelly_payoffs$$);

SELECT golden.agrees('conformal_quantile', $$
	SELECT case_id, golden.ok(conformal_quantile(scores, alpha), expected, tolerance)
		AND golden.ok((SELECT conformal_quantile(s, alpha) FROM unnest(scores) AS s), expected, tolerance)
	FROM golden.conformal_quantile$$);

SELECT golden.agrees('conformal_interval', $$
	SELECT case_id, golden.ok(conformal_quantile(scores, alpha), expected_quantile, tolerance)
		AND golden.ok(lo, expected_lo, tolerance) AND golden.ok(hi, expected_hi, tolerance)
	FROM golden.conformal_interval,
		LATERAL (SELECT array_agg(abs(y - f) / coalesce(s, 1)) AS scores FROM unnest(y_cal, yhat_cal, sigma_cal) AS c(y, f, s)) AS cal,
		LATERAL (SELECT array_agg(i.lower) AS lo, array_agg(i.upper) AS hi FROM unnest(yhat_new, sigma_new) AS t(f, s),
			conformal_interval(f, scores, alpha, coalesce(s, 1)) AS i) AS new$$);

-- Written out, so that a case that is new or reworded fails until it is looked at.
SELECT golden.agrees('invalid_inputs', $$
	SELECT case_id, CASE function || arguments
		WHEN 'remove_overround{"odds": [1.0, 5.0], "method": "power"}' THEN golden.refused('SELECT remove_overround(ARRAY[1.0, 5.0], ''power'')')
		WHEN 'remove_overround{"odds": ["NaN", 3.0]}' THEN golden.refused('SELECT remove_overround(''{NaN, 3}'')')
		WHEN 'remove_overround{"odds": []}' THEN golden.refused('SELECT remove_overround(''{}'')')
		WHEN 'remove_overround{"odds": [2.0, 2.0], "method": "nonsense"}' THEN golden.refused('SELECT remove_overround(''{2, 2}'', ''nonsense'')')
		WHEN 'kelly_fraction{"prob": "NaN", "odds": 2.0}' THEN golden.refused('SELECT kelly_fraction(''NaN'', 2)')
		WHEN 'kelly_fraction{"prob": 0.6, "push": 0.5, "odds": 2.0}' THEN golden.refused('SELECT kelly_fraction(0.6, 2, 0.5)')
		WHEN 'conformal_quantile{"scores": [], "alpha": 0.1}' THEN golden.refused('SELECT conformal_quantile(''{}''::float8[], 0.1)')
		WHEN 'conformal_quantile{"scores": ["NaN", 1], "alpha": 0.1}' THEN golden.refused('SELECT conformal_quantile(''{NaN, 1}''::float8[], 0.1)')
		WHEN 'odds_convert{"decimal": 1.0}' THEN golden.refused('SELECT decimal_odds(''1.0'', ''decimal'')') AND golden.refused('SELECT format_odds(1.0, ''american'')')
		WHEN 'odds_convert{"probability": 0}' THEN golden.refused('SELECT decimal_odds(''0'', ''probability'')')
		ELSE false END
	FROM golden.invalid_inputs WHERE function IN ('remove_overround', 'kelly_fraction', 'conformal_quantile', 'odds_convert')$$);
\else
SELECT skip('no folder of reference values', 8);
\endif
SELECT * FROM finish();
