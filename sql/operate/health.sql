-- health: how the house stands, in one call.

CREATE VIEW freshness AS
SELECT feed, coalesce(p.payloads, 0) AS payloads, coalesce(p.rows_read, 0) AS rows_read, coalesce(r.rejects, 0) AS rejects,
	coalesce(i.waiting, 0) AS waiting, coalesce(p.unloaded, 0) AS unloaded, i.waiting_since, p.last_received_at, now() - p.last_received_at AS lag
FROM (SELECT x.feed, count(*) AS payloads, sum(x.rows_read) AS rows_read, count(*) FILTER (WHERE x.loaded_at IS NULL) AS unloaded,
		max(x.received_at) AS last_received_at
	FROM payload AS x GROUP BY x.feed) AS p
FULL JOIN (SELECT x.feed, count(*) AS waiting, min(x.received_at) AS waiting_since FROM inbox AS x GROUP BY x.feed) AS i USING (feed)
LEFT JOIN (SELECT x.feed, count(*) AS rejects FROM payload AS x JOIN reject AS y ON y.payload_id = x.payload_id GROUP BY x.feed) AS r USING (feed);
COMMENT ON VIEW freshness IS
'Every feed: payloads kept and rows read from them, rows rejected, files waiting in inbox and since when, payloads stored but not loaded, when the last one came and how long ago (lag).';

CREATE FUNCTION health() RETURNS jsonb
LANGUAGE sql STABLE
BEGIN ATOMIC
	WITH job AS (SELECT * FROM job_status()),
	training AS (
		SELECT latest.run_id, t.sport, t.bet_type, t.status, t.folds_done, t.folds, t.message
		FROM (SELECT max(x.run_id) AS run_id FROM training_run AS x GROUP BY x.sport, x.bet_type) AS latest, LATERAL training_status(latest.run_id) AS t),
	open_bet AS MATERIALIZED (	-- live, a day after the first news of their game
		SELECT b.*, is_graded_market(b.market) AS is_graded FROM weekly_bets AS b
		WHERE b.simulation_id IS NULL AND b.result IS NULL AND EXISTS (SELECT 1 FROM result AS r WHERE r.game_id = b.game_id AND r.known_at < now() - interval '1 day')),
	problem (message) AS (
		SELECT format('%s files of feed %s wait in inbox since %s', f.waiting, f.feed, f.waiting_since)
		FROM freshness AS f WHERE f.waiting_since < now() - interval '1 day'
		UNION ALL
		SELECT format('%s payloads of feed %s are stored but not loaded', f.unloaded, f.feed) FROM freshness AS f WHERE f.unloaded > 0
		UNION ALL
		SELECT format('the last training of %s %s %s: %s', t.sport, t.bet_type, t.status, coalesce(t.message, 'no message'))
		FROM training AS t WHERE t.status IN ('failed', 'interrupted')
		UNION ALL
		SELECT format('%s bets are not settled a day after their result', count(*)) FROM open_bet AS b
		-- a game that was put off may still be played in time
		WHERE NOT b.is_graded OR b.bet_id IN (SELECT (g.bet).bet_id FROM bet_grades((SELECT array_agg(ROW(o.bet_id, o.game_id, o.placed_at, o.market, o.side, o.line, o.book, o.price, o.stake, o.participant, NULL, NULL)::bet_to_grade)
			FROM open_bet AS o WHERE o.is_graded), now() - interval '1 day') AS g)
		HAVING count(*) > 0
		UNION ALL
		SELECT format('%s %s since %s: %s', a.kind, a.subject, a.raised_at, a.message) FROM alert AS a WHERE a.cleared_at IS NULL
		UNION ALL
		SELECT format('%s of %s forecasts of running games failed in the last hour', s.errors, s.calls) FROM halftime_statistics(now() - interval '1 hour') AS s WHERE s.errors > 0
		UNION ALL
		SELECT format('job %s failed: %s', j.job_name, j.last_message) FROM job AS j WHERE j.is_enabled AND j.last_status = 'failed'
		UNION ALL
		SELECT format('job %s is not scheduled as its row says: SELECT bet_edge.schedule_jobs()', j.job_name)
		FROM job AS j WHERE j.is_enabled AND NOT j.is_scheduled AND (SELECT bool_or(x.is_scheduled) FROM job AS x))
	SELECT jsonb_build_object(
		'status', CASE WHEN EXISTS (SELECT 1 FROM problem) THEN 'degraded' ELSE 'healthy' END,
		'problems', (SELECT coalesce(jsonb_agg(p.message ORDER BY p.message), '[]') FROM problem AS p),
		'models_loaded', EXISTS (SELECT 1 FROM model AS m WHERE m.stage = 'production') OR halftime_model_at() IS NOT NULL,
		'live', (SELECT jsonb_build_object('model_id', halftime_model_at(), 'games_running', (SELECT count(*) FROM live_games AS l WHERE l.status = 'live' AND l.received_at > now() - interval '6 hours'),
			'forecasts_day', (SELECT count(*) FROM halftime_forecast AS f WHERE f.forecast_at > now() - interval '1 day')) || to_jsonb(s) FROM halftime_statistics(now() - interval '1 day') AS s),
		'at', now(),
		'server_version', current_setting('server_version'),
		'extension_version', (SELECT e.extversion FROM pg_catalog.pg_extension AS e WHERE e.extname = 'bet_edge'),
		'pg_cron_version', pg_cron_version(),
		'database_bytes', pg_database_size(current_database()),
		'games', (SELECT count(*) FROM game),
		'results', (SELECT count(*) FROM result),
		'quotes', (SELECT CASE WHEN sum(c.reltuples) > 1e6 THEN sum(c.reltuples)::bigint ELSE (SELECT count(*) FROM quote) END
			FROM pg_catalog.pg_inherits AS i JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid WHERE i.inhparent = 'quote'::regclass),
		'rejects', (SELECT count(*) FROM reject),
		'last_result_known_at', (SELECT max(r.known_at) FROM result AS r WHERE r.known_at <= now()),
		'feeds', (SELECT coalesce(jsonb_object_agg(f.feed, to_jsonb(f) - 'feed'), '{}') FROM freshness AS f),
		'models', (SELECT coalesce(jsonb_object_agg(m.sport || '/' || m.bet_type, jsonb_build_object('model_id', m.model_id, 'name', m.name,
				'knowledge_cutoff', m.knowledge_cutoff)), '{}') FROM model AS m WHERE m.stage = 'production'),
		'training', (SELECT coalesce(jsonb_object_agg(t.sport || '/' || t.bet_type, jsonb_build_object('run_id', t.run_id, 'folds_done', t.folds_done,
				'folds', t.folds)), '{}') FROM training AS t WHERE t.status = 'running'),
		'last_strategy_refresh', (SELECT max(c.recorded_at) FROM strategy_configuration AS c),
		'strategies_enabled', (SELECT count(*) FROM (SELECT DISTINCT ON (c.sport, c.strategy_name) c.is_enabled FROM strategy_configuration AS c
			WHERE c.effective_at <= now() ORDER BY c.sport, c.strategy_name, c.effective_at DESC) AS latest WHERE latest.is_enabled),
		'jobs', (SELECT jsonb_object_agg(j.job_name, to_jsonb(j) - 'job_name') FROM job AS j));
END;
COMMENT ON FUNCTION health() IS
'How this database stands: status healthy, or degraded with the reasons in problems (files waiting in inbox for over a day, payloads not loaded, the last training of a target failed or interrupted, live bets not settled a day after the result, an alert that is open, a forecast of a running game failed in the last hour, a job failed or not scheduled as its row says once any is); models_loaded (of whole games or of the live one), live (its model, games running, and of the last day forecasts and halftime_statistics()), versions, counts (quotes: the planner''s estimate above a million), feeds, live models, trainings under way, strategies, jobs. Needs SELECT on the tables; never an error on an empty database.';

CREATE FUNCTION model_info() RETURNS jsonb
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT coalesce(jsonb_object_agg(m.sport || '/' || m.bet_type, jsonb_build_object(
		'model_id', m.model_id, 'name', m.name, 'framework', m.framework, 'objective', s.objective,
		'trees', s.trees, 'nodes', s.nodes, 'depth', s.depth, 'features', to_jsonb(m.features),
		'training_rows', m.training_rows, 'knowledge_cutoff', m.knowledge_cutoff, 'created_at', m.created_at,
		'run_id', m.run_id, 'holdout_season', t.holdout_season, 'folds', t.folds_done,
		'calibration', m.calibration, 'residuals', cardinality(m.residuals), 'metrics', m.metrics, 'sha256', m.sha256)), '{}')
		|| coalesce((SELECT jsonb_build_object('dejavu', jsonb_build_object('database_size', cardinality(h.changes) / 2, 'distance', h.distance, 'neighbours', h.neighbours), 'lstm', jsonb_build_object('hidden_size', h.hidden, 'games', h.games),
			'conformal', jsonb_build_object('alpha', 0.05, 'measured', h.metrics), 'halftime', jsonb_build_object('model_id', h.model_id, 'knowledge_cutoff', h.knowledge_cutoff, 'first_season', h.first_season, 'last_season', h.last_season, 'shipped', h.shipped, 'sha256', h.sha256))
			FROM halftime_model AS h WHERE h.model_id = halftime_model_at()), '{}')
	FROM model AS m
	LEFT JOIN training_run AS t ON t.run_id = m.run_id
	CROSS JOIN LATERAL forest_summary(m.forest) AS s
	WHERE m.stage = 'production';
END;
COMMENT ON FUNCTION model_info() IS
'The models in production, by sport/bet_type: their forest (objective, trees, nodes, depth), features in order, training (rows, run, folds, holdout season, knowledge_cutoff), calibration, number of residuals behind their intervals, metrics and SHA-256; and where there is one, of the live game''s: dejavu (database_size, distance, neighbours), lstm (hidden_size, games), conformal (alpha by default, what was measured), halftime (id, cutoff, seasons, SHA-256). {} when none is live.';
