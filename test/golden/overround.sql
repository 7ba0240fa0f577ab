-- Margins and their removal.
SELECT golden.agrees('overround_margin', $$
	SELECT case_id, golden.ok(overround(odds), expected_overround, tolerance)
		AND golden.ok(hold(odds), expected_hold, tolerance)
		AND golden.ok(payout(odds), expected_payout, tolerance)
	FROM golden.overround_margin$$);

-- Values, parameters, and the way back.
SELECT golden.agrees('devig', $$
	SELECT case_id, CASE status
		WHEN 'negative_probability' THEN golden.refused(format('SELECT remove_overround(%L, %L)', odds, method))
		ELSE golden.ok(remove_overround(odds, method), expected, 1e-12)
			AND golden.ok(overround_parameter(odds, method), expected_parameter, 1e-11)
			AND golden.ok(remove_overround(add_overround(expected, overround(odds), method), method), expected, 1e-12)
			AND golden.ok(add_overround(expected, overround(odds), method), odds, 1e-10) END
	FROM golden.devig$$);

-- Below 1 the file lists who answers; everybody else refuses.
SELECT golden.agrees('devig, below 1', $$
	SELECT case_id, (SELECT bool_and(golden.refused(format('SELECT remove_overround(%L, %L)', odds, m)))
			FROM unnest('{shin,jsd,balanced_book,logarithmic,goto}'::text[]) AS m)
	FROM golden.devig WHERE status = 'underround'$$);

-- Written out, so that a case that is new or reworded fails until it is looked at.
SELECT golden.agrees('invalid_inputs', $$
	SELECT case_id, CASE arguments
		WHEN '{"odds": [1.0, 5.0], "method": "power"}' THEN golden.refused('SELECT remove_overround(ARRAY[1.0, 5.0], ''power'')')
		WHEN '{"odds": ["NaN", 3.0]}' THEN golden.refused('SELECT remove_overround(''{NaN, 3}'')')
		WHEN '{"odds": []}' THEN golden.refused('SELECT remove_overround(''{}'')')
		WHEN '{"odds": [2.0, 2.0], "method": "nonsense"}' THEN golden.refused('SELECT remove_overround(''{2, 2}'', ''nonsense'')')
		ELSE false END
	FROM golden.invalid_inputs WHERE function = 'remove_overround'$$);
