-- The table of docs/forecasts.md, from loaded facts: every sport with closing prices, each season forecast from the past alone.
SET search_path = bet_edge, public;
SET client_min_messages = notice;
SET timezone = 'UTC';
\set QUIET on
SELECT refresh_ratings(), refresh_overround_fits() \g /dev/null
ANALYZE;

CREATE TEMP TABLE target AS	-- the largest are trained anew twice a year, the others every eight weeks
SELECT g.sport, s.family, CASE WHEN count(*) > 5000 THEN 26 ELSE 8 END AS refit_weeks,
	bool_or(EXISTS (SELECT FROM quote AS q WHERE q.game_id = g.game_id AND q.market = 'h2h' AND (NOT q.closing OR s.decision_days IS NULL))) AS has_prices
FROM game AS g JOIN sport AS s USING (sport) JOIN results() AS r USING (game_id)
WHERE r.status = 'final' AND EXISTS (SELECT FROM quote AS q WHERE q.game_id = g.game_id AND q.market = 'h2h' AND q.closing)
GROUP BY g.sport, s.family HAVING count(*) >= 1000;

-- Without odds and blended with the market, then on top of it; where no price is known at the decision without odds alone.
-- No season is held out of a walk-forward run, since no fold knows what it forecasts.
SELECT format('CALL train_model(%L, %L, %L, market => %L, refit_weeks => %s)', sport, 'moneyline',
	CASE WHEN sport NOT IN (SELECT s.sport FROM training_setting AS s WHERE s.bet_type = 'moneyline') THEN 'mean' END, market, refit_weeks)
FROM target, unnest(CASE WHEN has_prices THEN '{blend,margin}' ELSE '{none}' END::text[]) AS market ORDER BY sport, market \gexec
SELECT refresh_game_forecasts(t.sport, (SELECT min(g.season) FROM oof_prediction AS o JOIN game AS g USING (game_id) WHERE g.sport = t.sport)) FROM target AS t \g /dev/null
ANALYZE game_forecast;

-- From the first season of which a model forecast nearly every game with a close, to the last.
CREATE TEMP TABLE span AS
SELECT family, sport, min(season) AS first, max(season) AS last
FROM (SELECT t.family, t.sport, g.season FROM target AS t JOIN game AS g USING (sport) JOIN game_forecast AS f USING (game_id)
	GROUP BY t.family, t.sport, g.season HAVING count(*) FILTER (WHERE f.forecaster = 'model') >= 0.9 * count(*) FILTER (WHERE f.forecaster = 'market_close')
		AND count(*) FILTER (WHERE f.forecaster = 'market_close') > 0) AS covered
GROUP BY family, sport;
CREATE TEMP TABLE scope AS
SELECT 1 AS part, sport AS name, ARRAY[sport] AS sports, last AS first, last FROM span
UNION ALL SELECT 1, family || ', ' || count(*) || ' leagues', array_agg(sport), max(last), max(last) FROM span GROUP BY family HAVING count(*) > 1
UNION ALL SELECT 2, sport, ARRAY[sport], first, last FROM span WHERE first < last
UNION ALL SELECT 2, family || ', ' || count(*) || ' leagues', array_agg(sport), max(first), max(last) FROM span WHERE first < last GROUP BY family HAVING count(*) > 1;

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
SELECT CASE WHEN line = 0 THEN CASE part WHEN 1 THEN E'\n## The last season of each sport\n\n' ELSE E'\n## All seasons forecast\n\n' END
	|| E'| set | forecaster | n | log loss | Brier | RPS | slope | log loss - close, x 1000 | 95 % |\n|---|---|---|---|---|---|---|---|---|' ELSE text END
FROM (SELECT part, 0 AS line, NULL AS name, NULL AS text FROM scope GROUP BY part
	UNION ALL
	SELECT s.part, row_number() OVER (PARTITION BY s.part ORDER BY cardinality(s.sports), s.name, q.log_loss DESC), s.name,
		format('| %s %s | %s | %s | %s | %s | %s | %s | %s | %s |', s.name, CASE WHEN s.first < s.last THEN s.first || '-' || s.last ELSE s.last::text END,
			q.forecaster, q.n, to_char(q.log_loss, 'FM0.0000'), to_char(q.brier, 'FM0.0000'), to_char(q.rps, 'FM0.0000'), to_char(q.calibration_slope, 'FM0.00'),
			coalesce(to_char(1000 * q.difference, 'FM990.0'), ''), '[' || to_char(1000 * q.lower, 'FM990.0') || ', ' || to_char(1000 * q.upper, 'FM990.0') || ']')
	FROM scope AS s CROSS JOIN LATERAL forecast_quality(s.sports, s.first, s.last) AS q) AS t
ORDER BY part, line;
