-- The table of docs/live.md: every season of the NBA forecast at 6:00 of the second quarter, by methods that learnt from the seasons before it.
SET search_path = bet_edge, public;
SET client_min_messages = notice;
CALL train_halftime();
CREATE TEMP TABLE quality AS SELECT * FROM halftime_quality();
SELECT count(*) > 0 AS is_judged FROM quality WHERE method = 'served' \gset
\if :is_judged
-- The most that is known of the teams before a game, closing lines or else Elo, from the first season on that had others before it to learn its intervals from.
SELECT strength AS best, season AS first FROM quality WHERE method = 'served' ORDER BY crps IS NULL, array_position('{spread,elo,none}', strength), season LIMIT 1 \gset
\pset format unaligned
\pset tuples_only on
SELECT E'\n## Every method, all held-out seasons' || CASE :'best' WHEN 'spread' THEN ' with lines' ELSE ', no line known' END || E'\n\n| target | method | knows | n | MAE | RMSE | CRPS | 80 % | 90 % | 95 % | width 95 % |\n|---|---|---|---|---|---|---|---|---|---|---|';
SELECT format('| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |', target, method, CASE strength WHEN 'none' THEN 'the score' ELSE strength END, sum(n), round((sum(mae * n) / sum(n))::numeric, 3), round(sqrt(sum(rmse ^ 2 * n) / sum(n))::numeric, 3), round((sum(crps * n) / sum(n))::numeric, 3),
	round((100 * sum(coverage80 * n) / sum(n))::numeric, 1), round((100 * sum(coverage90 * n) / sum(n))::numeric, 1), round((100 * sum(coverage95 * n) / sum(n))::numeric, 1), round((sum(width95 * n) / sum(n))::numeric, 1))
FROM quality WHERE season >= :first GROUP BY target, method, strength ORDER BY target DESC, array_position('{none,elo,spread}', strength), sum(mae * n) / sum(n) DESC;
SELECT format(E'\nSeasons %s to %s.', min(season), max(season)) FROM quality WHERE season >= :first;
SELECT E'\n## By season\n\n| season | target | n | score MAE | source MAE | served MAE | with Elo | with the line | CRPS | 80 % | 90 % | 95 % | width 95 % |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|';
SELECT format('| %s-%s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |', season, to_char((season + 1) % 100, 'FM00'), target, max(n), round(max(mae) FILTER (WHERE method = 'score at the trigger')::numeric, 3), round(max(mae) FILTER (WHERE method = 'source')::numeric, 3),
	round(max(mae) FILTER (WHERE method = 'served' AND strength = 'none')::numeric, 3), round(max(mae) FILTER (WHERE method = 'served' AND strength = 'elo')::numeric, 3), round(max(mae) FILTER (WHERE method = 'served' AND strength = 'spread')::numeric, 3),
	round(max(crps) FILTER (WHERE method = 'served' AND strength = :'best')::numeric, 3), round(100 * max(coverage80) FILTER (WHERE method = 'served' AND strength = :'best')::numeric, 1),
	round(100 * max(coverage90) FILTER (WHERE method = 'served' AND strength = :'best')::numeric, 1), round(100 * max(coverage95) FILTER (WHERE method = 'served' AND strength = :'best')::numeric, 1), round(max(width95) FILTER (WHERE method = 'served' AND strength = :'best')::numeric, 1))
FROM quality WHERE season >= :first GROUP BY season, target ORDER BY target DESC, season;
\else
\echo 'No season can be judged: three are learned from, the errors in the next make the intervals of those after it, so that takes five.'
\endif
-- With MODEL=file the model is written as the extension ships it.
\set model `echo "$MODEL"`
SELECT :'model' <> '' AS wanted \gset
\if :wanted
\o :model
SELECT format(E'-- The live game of the NBA: models/halftime.md has its card.\nINSERT INTO shipped_model (name, loader, artifact) VALUES (''halftime'', ''import_halftime_model'', %L);', export_halftime_model(halftime_model_at()));
\o
\endif
