-- The table of docs/forecasts.md, from loaded facts: every sport with closing prices, each season forecast from the past alone.
SET search_path = bet_edge, public;
SET client_min_messages = notice;
SET timezone = 'UTC';
\set QUIET on
SELECT refresh_ratings(), refresh_overround_fits(), refresh_key_number_fits() \g /dev/null
ANALYZE;

CREATE TEMP TABLE target AS	-- the largest are trained anew twice a year, the others every eight weeks
SELECT g.sport, s.family, count(*) AS games, CASE WHEN count(*) > 5000 THEN 26 ELSE 8 END AS refit_weeks,
	bool_or(EXISTS (SELECT FROM quote AS q WHERE q.game_id = g.game_id AND q.market = 'h2h' AND (NOT q.closing OR s.decision_days IS NULL))) AS has_prices,
	bool_or(EXISTS (SELECT FROM quote AS q WHERE q.game_id = g.game_id AND q.market = 'totals' AND (NOT q.closing OR s.decision_days IS NULL))) AS has_lines
FROM game AS g JOIN sport AS s USING (sport) JOIN results() AS r USING (game_id)
WHERE r.status = 'final' AND EXISTS (SELECT FROM quote AS q WHERE q.game_id = g.game_id AND q.market = 'h2h' AND q.closing)
GROUP BY g.sport, s.family HAVING count(*) >= 100;
SELECT format('%s: no model from %s games with a closing price, that takes 1000: the others alone are judged', sport, games) AS "too few games" FROM target WHERE games < 1000 ORDER BY sport;

-- Without odds and blended with the market, then on top of it; where no price is known at the decision without odds alone.
-- No season is held out of a walk-forward run, since no fold knows what it forecasts.
SELECT format('CALL train_model(%L, %L, %L, market => %L, refit_weeks => %s)', sport, 'moneyline',
	CASE WHEN sport NOT IN (SELECT s.sport FROM training_setting AS s WHERE s.bet_type = 'moneyline') THEN 'mean' END, market, refit_weeks)
FROM target, unnest(CASE WHEN has_prices THEN '{blend,margin}' ELSE '{none}' END::text[]) AS market WHERE games >= 1000 ORDER BY sport, market \gexec
-- Margins and totals: the odds as features, as what the model starts from, and as what it is weighed against.
SELECT format('CALL train_model(%L, %L, %L, market => %L, refit_weeks => %s)', sport, bet_type, 'xgboost', market, 2 * refit_weeks)
FROM target, unnest('{spread,total}'::text[]) AS bet_type, unnest('{feature,margin,blend}'::text[]) AS market WHERE games >= 1000 AND has_lines ORDER BY sport, bet_type, market \gexec
SELECT refresh_game_forecasts(t.sport, (SELECT min(g.season) FROM oof_prediction AS o JOIN training_run AS r USING (run_id) JOIN game AS g USING (game_id) WHERE g.sport = t.sport AND r.bet_type = 'moneyline')) FROM target AS t \g /dev/null
ANALYZE game_forecast;

-- From the first season of which a model forecast nearly every game with a close, to the last; of a sport without such a season all of them.
CREATE TEMP TABLE span AS
SELECT family, sport, bool_or(modelled) AS modelled, coalesce(min(season) FILTER (WHERE modelled), min(season)) AS first, coalesce(max(season) FILTER (WHERE modelled), max(season)) AS last
FROM (SELECT t.family, t.sport, g.season, count(*) FILTER (WHERE f.forecaster = 'model') >= 0.9 * count(*) FILTER (WHERE f.forecaster = 'market_close') AS modelled
	FROM target AS t JOIN game AS g USING (sport) JOIN game_forecast AS f USING (game_id) WHERE f.bet_type = 'moneyline'
	GROUP BY t.family, t.sport, g.season HAVING count(*) FILTER (WHERE f.forecaster = 'market_close') > 0) AS closed
GROUP BY family, sport;
CREATE TEMP TABLE scope AS
SELECT 1 AS part, sport AS name, ARRAY[sport] AS sports, last AS first, last FROM span
UNION ALL SELECT 1, family || ', ' || count(*) || ' leagues', array_agg(sport), max(last), max(last) FROM span WHERE modelled GROUP BY family HAVING count(*) > 1
UNION ALL SELECT 2, sport, ARRAY[sport], first, last FROM span WHERE first < last
UNION ALL SELECT 2, family || ', ' || count(*) || ' leagues', array_agg(sport), max(first), max(last) FROM span WHERE modelled AND first < last GROUP BY family HAVING count(*) > 1;

\pset format unaligned
\pset tuples_only on
SELECT E'\n## How the margin was taken out\n\nThe latest row of overround_fit: mean log loss by method over the games known at valid_from, of sharp books, consensus lines and market means.\n\n'
	|| '| family | book | prices | games | shin | power | multiplicative | odds_ratio | in force |' || E'\n|---|---|---|---|---|---|---|---|---|';
SELECT DISTINCT ON (f.family, f.book, f.closing) format('| %s | %s | %s | %s | %s | %s | %s | %s | %s |', f.family, f.book, CASE WHEN f.closing THEN 'closing' ELSE 'before' END,
	f.games, round((losses ->> 'shin')::numeric, 5), round((losses ->> 'power')::numeric, 5), round((losses ->> 'multiplicative')::numeric, 5),
	round((losses ->> 'odds_ratio')::numeric, 5), f.method)
FROM overround_fit AS f JOIN book AS b USING (book) JOIN span AS s USING (family)
WHERE b.kind IN ('sharp', 'exchange', 'consensus') OR b.book = 'market_avg'
ORDER BY f.family, f.book, f.closing, f.valid_from DESC;
CREATE TEMP TABLE quality AS
SELECT s.part, b.bet_type, b.place, row_number() OVER (PARTITION BY s.part, b.place ORDER BY cardinality(s.sports), s.name, q.log_loss DESC) AS line,
	s.name || ' ' || CASE WHEN s.first < s.last THEN s.first || '-' || s.last ELSE s.last::text END AS name, q.*
FROM scope AS s CROSS JOIN unnest('{moneyline,spread,total}'::text[]) WITH ORDINALITY AS b (bet_type, place) CROSS JOIN LATERAL forecast_quality(s.sports, s.first, s.last, b.bet_type) AS q;
SELECT CASE WHEN line = 0 THEN format(E'\n## %s%s\n\n', CASE part WHEN 1 THEN 'The last season of each sport' ELSE 'All seasons forecast' END,
		CASE bet_type WHEN 'spread' THEN ': at the spread' WHEN 'total' THEN ': at the total' ELSE '' END)
	|| CASE bet_type WHEN 'moneyline' THEN E'| set | forecaster | n | log loss | Brier | RPS | slope | - market at decision, x 1000 | 95 % | - close, x 1000 | 95 % |\n|---|---|---|---|---|---|---|---|---|---|---|'
		ELSE E'| set | forecaster | n | log loss | - market at decision, x 1000 | 95 % | - close, x 1000 | 95 % |\n|---|---|---|---|---|---|---|---|' END ELSE text END
FROM (SELECT part, bet_type, place, 0 AS line, NULL AS text FROM quality GROUP BY part, bet_type, place
	UNION ALL
	SELECT part, bet_type, place, line, format('| %s | %s | %s | %s | %s%s | %s | %s | %s |', name, forecaster, n, to_char(log_loss, 'FM0.0000'),
			CASE bet_type WHEN 'moneyline' THEN format('%s | %s | %s | ', to_char(brier, 'FM0.0000'), to_char(rps, 'FM0.0000'), to_char(calibration_slope, 'FM0.00')) ELSE '' END,
			coalesce(to_char(1000 * market_difference, 'FM990.0'), ''), '[' || to_char(1000 * market_lower, 'FM990.0') || ', ' || to_char(1000 * market_upper, 'FM990.0') || ']',
			coalesce(to_char(1000 * difference, 'FM990.0'), ''), '[' || to_char(1000 * lower, 'FM990.0') || ', ' || to_char(1000 * upper, 'FM990.0') || ']')
	FROM quality) AS t
ORDER BY part, place, line;
