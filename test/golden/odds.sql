-- Odds formats.
SELECT golden.agrees('odds_convert', $$
	SELECT case_id, golden.ok(CASE to_format WHEN 'decimal' THEN d WHEN 'probability' THEN 1 / d WHEN 'fractional' THEN d - 1
			ELSE format_odds(d, to_format)::float8 END, expected, tolerance)
		AND golden.ok(decimal_odds(format_odds(d, to_format), to_format), d, 0)
		AND (expected_text IS NULL OR format_odds(d, to_format) = expected_text)
		AND (to_format <> 'probability' OR golden.ok(format_odds(d, to_format)::float8, expected, tolerance))
	FROM golden.odds_convert, decimal_odds(odds_text, from_format) AS d$$);

-- Written out, so that a case that is new or reworded fails until it is looked at.
SELECT golden.agrees('invalid_inputs', $$
	SELECT case_id, CASE arguments
		WHEN '{"decimal": 1.0}' THEN golden.refused('SELECT decimal_odds(''1.0'', ''decimal'')') AND golden.refused('SELECT format_odds(1.0, ''american'')')
		WHEN '{"probability": 0}' THEN golden.refused('SELECT decimal_odds(''0'', ''probability'')')
		ELSE false END
	FROM golden.invalid_inputs WHERE function = 'odds_convert'$$);
