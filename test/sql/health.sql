-- health() and model_info(): an empty database, and one with something the matter.
\pset tuples_only on
SET search_path = bet_edge, public;

SELECT health() ->> 'status', health() -> 'problems', health() -> 'models_loaded';
SELECT health() -> 'games', health() -> 'quotes', health() -> 'rejects', health() -> 'feeds', health() -> 'models';
SELECT health() ->> 'extension_version' = extversion FROM pg_extension WHERE extname = 'bet_edge';
SELECT (SELECT count(*) FROM jsonb_object_keys(health() -> 'jobs')) = (SELECT count(*) FROM schedule);
SELECT model_info();
SELECT count(*) FROM freshness;

INSERT INTO inbox (feed, name, body, received_at) VALUES ('pub', 'a.csv', '', now() - interval '25 hours'), ('pub', 'b.csv', '', now());
INSERT INTO inbox (feed, name, body) VALUES ('fresh', 'c.csv', '');
INSERT INTO payload (feed, name, sha256, body, received_at, loaded_at, rows_read) VALUES
	('pub', 'y.csv', 'y', '', now() - interval '3 hours', now(), 10), ('pub', 'z.csv', 'z', '', now() - interval '2 hours', NULL, NULL);
INSERT INTO reject (payload_id, reason, detail) SELECT payload_id, 'bad_odds', '0' FROM payload WHERE name = 'y.csv';
SELECT feed, payloads, rows_read, rejects, waiting, unloaded, round(extract(epoch FROM lag) / 3600) FROM freshness ORDER BY feed;
SELECT health() ->> 'status', health() ->> 'rejects', health() -> 'feeds' -> 'pub' -> 'waiting';
SELECT regexp_replace(p, 'since .*', 'since …') FROM jsonb_array_elements_text(health() -> 'problems') AS p;
DELETE FROM inbox;
UPDATE payload SET loaded_at = now();

INSERT INTO training_run (sport, bet_type, framework, status, feature_function, params, rounds, refit_weeks, max_runtime_seconds, holdout_season, folds_done, message) VALUES
	('NFL', 'spread', 'xgboost', 'failed', 'f', '{}', 2, 8, 60, 2023, 0, 'out of time'), ('NFL', 'total', 'xgboost', 'failed', 'f', '{}', 2, 8, 60, 2023, 0, 'mended since'),
	('NFL', 'total', 'xgboost', 'finished', 'f', '{}', 2, 8, 60, 2023, 5, NULL);
INSERT INTO training_run (sport, bet_type, framework, status, feature_function, params, rounds, refit_weeks, max_runtime_seconds, updated_at) VALUES
	('EPL', 'spread', 'xgboost', 'running', 'f', '{}', 2, 8, 60, now() + interval '1 hour'), ('EPL', 'total', 'xgboost', 'running', 'f', '{}', 2, 8, 60, now() - interval '1 minute');
-- the session of the second died: nobody holds its lock
SELECT pg_advisory_lock(25189, run_id::int) FROM training_run WHERE sport = 'EPL' AND bet_type = 'spread';
SELECT jsonb_array_elements_text(health() -> 'problems');
SELECT health() #> '{training,EPL/spread,folds_done}';
INSERT INTO model (name, sport, bet_type, framework, run_id, features, knowledge_cutoff, training_rows, forest, sha256, residuals, stage)
SELECT 'NFL/total/' || stage, 'NFL', 'total', 'xgboost', run_id, '{a,b}', '2024-01-01 00:00Z', 40, f, forest_sha256(f), '{-1,1}', stage
FROM training_run, (VALUES ('production'), ('archived')) AS s (stage),
	train_forest('SELECT i AS label, ARRAY[i, -i]::real[] AS features FROM generate_series(1, 40) AS i', '{"objective": "reg:squarederror", "max_depth": 2}', 3) AS f
WHERE training_run.status = 'finished';
SELECT health() -> 'models_loaded', health() #>> '{models,NFL/total,name}';
SELECT jsonb_pretty(model_info() #- '{NFL/total,sha256}' #- '{NFL/total,created_at}' #- '{NFL/total,model_id}' #- '{NFL/total,run_id}' #- '{NFL/total,knowledge_cutoff}' #- '{NFL/total,nodes}');
SELECT (model_info() #>> '{NFL/total,sha256}') = sha256 FROM model WHERE stage = 'production';
DELETE FROM model;
DELETE FROM training_run;
DELETE FROM payload;
