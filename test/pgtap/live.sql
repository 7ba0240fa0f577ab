-- Which model was live when: ranges that never overlap and never change, promotion, rollback.
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(29);

INSERT INTO model (name, sport, bet_type, framework, features, knowledge_cutoff, training_rows, forest, sha256, residuals, stage)
SELECT t.bet_type || '/' || i, 'EPL', t.bet_type, 'xgboost', '{a}', '2020-01-01 00:00Z', 40, f, forest_sha256(f), '{-1,1}', 'candidate'
FROM unnest('{total,spread}'::text[]) AS t (bet_type), generate_series(1, 3) AS i,
	LATERAL train_forest(format('SELECT x AS label, ARRAY[x %% %s]::real[] AS features FROM generate_series(1, 40) AS x', i + 1), '{}', 2) AS f;
CREATE FUNCTION pg_temp.id(name text) RETURNS bigint LANGUAGE sql AS 'SELECT model_id FROM bet_edge.model AS m WHERE m.name = $1';

SELECT is_empty($$SELECT FROM live_model('EPL', 'total')$$, 'nothing is live');
SELECT is_empty($$SELECT FROM model_at('EPL', 'total')$$, 'and nothing prices');
SELECT throws_ok($$SELECT rollback_model('EPL', 'total')$$, '42704', 'EPL total cannot be rolled back: no model is live', 'and nothing can be rolled back');
SELECT is(promote_model(pg_temp.id('total/1'), 'it is the only one', force => true), 'total/1', 'the first is promoted');
SELECT throws_ok($$SELECT rollback_model('EPL', 'total')$$, '42704', 'EPL total cannot be rolled back: no model was live before total/1', 'there is none before it');
SELECT clock_timestamp() AS in_first \gset
SELECT is(promote_model(pg_temp.id('total/2'), force => true), 'total/2', 'the second');
SELECT clock_timestamp() AS in_second \gset
SELECT is(promote_model(pg_temp.id('total/3'), force => true), 'total/3', 'the third');
SELECT is(promote_model(pg_temp.id('spread/1'), force => true), 'spread/1', 'another target has its own');
SELECT throws_ok($$SELECT promote_model(pg_temp.id('total/3'), force => true)$$, '22023', NULL, 'what is live cannot be promoted');
SELECT throws_ok($$SELECT promote_model(0)$$, '42704', 'unknown model 0', 'nor what is not there');
SELECT results_eq($$SELECT name FROM live_model('EPL', 'total') UNION ALL SELECT name FROM live_model('EPL', 'spread')$$, $$VALUES ('total/3'), ('spread/1')$$, 'live_model() knows them');
SELECT is((SELECT array_agg(stage ORDER BY name) FROM model WHERE bet_type = 'total'), '{archived,archived,production}'::text[], 'the stages follow');

SELECT is(rollback_model('EPL', 'total', 'it lost'), 'total/2', 'rolled back in one statement');
SELECT is((SELECT array_agg(stage ORDER BY name) FROM model WHERE bet_type = 'total'), '{archived,production,archived}'::text[], 'the stages follow');
SELECT is(rollback_model('EPL', 'total'), 'total/1', 'and once more: one further back');
SELECT throws_ok($$SELECT rollback_model('EPL', 'total')$$, '42704', 'EPL total cannot be rolled back: no model was live before total/1', 'until the first');
SELECT is(promote_model(pg_temp.id('total/3'), force => true), 'total/3', 'an archived one is promoted again');
SELECT is(rollback_model('EPL', 'total'), 'total/1', 'and rolled back');

SELECT results_eq(format($$SELECT at.n, l.name, m.name FROM unnest(ARRAY[%L, %L]::timestamptz[]) WITH ORDINALITY AS at (t, n), live_model('EPL', 'total', at.t) AS l, model_at('EPL', 'total', at.t) AS m ORDER BY 1$$, :'in_first', :'in_second'),
	$$VALUES (1::bigint, 'total/1', 'total/1'), (2, 'total/2', 'total/2')$$, 'what was live then is what prices then, whatever came later');
SELECT results_eq($$SELECT action, reason, made_by = session_user FROM live_model('EPL', 'total')$$, $$VALUES ('rollback', 'rolled back', true)$$, 'who and why is said');
SELECT is((SELECT array_agg(m.name ORDER BY l.live) FROM model_live AS l JOIN model AS m USING (model_id) WHERE l.bet_type = 'total'),
	'{total/1,total/2,total/3,total/2,total/1,total/3,total/1}'::text[], 'the history has every step');
SELECT ok((SELECT bool_and(upper(live) = next) FROM (SELECT live, lead(lower(live)) OVER (ORDER BY live) AS next FROM model_live WHERE bet_type = 'total') AS l WHERE next IS NOT NULL), 'without gaps');

SELECT throws_ok(format($$INSERT INTO model_live (sport, bet_type, model_id, live, action, reason) VALUES ('EPL', 'total', %s, tstzrange(%L, NULL), 'first', '')$$,
	pg_temp.id('total/2'), :'in_second'), '23P01', NULL, 'two at once are refused by a constraint');
SELECT throws_ok($$UPDATE model_live SET reason = 'another'$$, '23001', NULL, 'history is not rewritten');
SELECT throws_ok($$UPDATE model_live SET live = tstzrange(lower(live), upper(live) - interval '1 microsecond') WHERE NOT upper_inf(live)$$, '23001', NULL, 'an end is not moved');
SELECT throws_ok($$DELETE FROM model_live$$, '23001', NULL, 'nor is it deleted');
SELECT throws_ok($$TRUNCATE model_live$$, '23001', 'model_live is history: truncate is refused', 'nor emptied');
SELECT throws_ok($$DELETE FROM model WHERE name = 'total/3'$$, '23503', NULL, 'a model that was live stays');
SELECT is_empty('SELECT FROM damaged_models()', 'every artifact has its checksum');
