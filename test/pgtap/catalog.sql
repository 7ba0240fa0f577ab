-- The house's own rules, asked of the catalog. A failure lists the objects that break the rule.
SET search_path = public;
CREATE VIEW member AS
	SELECT d.classid, d.objid, pg_describe_object(d.classid, d.objid, 0) AS name
	FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid AND d.refclassid = 'pg_extension'::regclass
	WHERE e.extname = 'bet_edge' AND d.deptype = 'e';
CREATE VIEW routine AS
	SELECT m.name, p.*, l.lanname FROM member AS m
	JOIN pg_proc AS p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid JOIN pg_language AS l ON l.oid = p.prolang;
CREATE VIEW relation AS
	SELECT m.name AS member_name, c.* FROM member AS m JOIN pg_class AS c ON m.classid = 'pg_class'::regclass AND c.oid = m.objid;
CREATE VIEW aggregate AS
	SELECT r.name, r.proparallel, a.* FROM routine AS r JOIN pg_aggregate AS a ON a.aggfnoid = r.oid;

SELECT plan(29);
SELECT cmp_ok((SELECT count(*) FROM member), '>', 100::bigint, 'the extension''s members are found');

-- ---- documentation -------------------------------------------------------------------------
SELECT is_empty($$SELECT name FROM routine WHERE coalesce(length(obj_description(oid, 'pg_proc')), 0) < 20$$,
	'every function, aggregate and procedure has a COMMENT');
SELECT is_empty($$SELECT member_name FROM relation WHERE relkind IN ('r', 'p', 'v', 'm') AND coalesce(length(obj_description(oid, 'pg_class')), 0) < 20$$,
	'every table and view has a COMMENT');
SELECT is_empty($$SELECT m.name FROM member AS m JOIN pg_type AS t ON m.classid = 'pg_type'::regclass AND t.oid = m.objid
		WHERE t.typcategory <> 'A' AND coalesce(length(obj_description(t.oid, 'pg_type')), 0) < 20$$,
	'every type has a COMMENT');
SELECT is_empty($$SELECT m.name FROM member AS m WHERE m.classid NOT IN ('pg_proc'::regclass, 'pg_class'::regclass, 'pg_type'::regclass, 'pg_cast'::regclass)$$,
	'and there are no members of kinds that these checks do not know');
SELECT is_empty($$SELECT name FROM routine AS r WHERE pronargs > 1 AND prorettype <> 'internal'::regtype
		AND (proargnames IS NULL OR '' = ANY (proargnames[1:pronargs]))
		AND NOT EXISTS (SELECT FROM aggregate AS a WHERE r.oid IN (a.aggtransfn, a.aggcombinefn, a.aggfinalfn, a.aggserialfn, a.aggdeserialfn))$$,
	'arguments have names, so that calls may use them');
SELECT is_empty($$SELECT name, a FROM routine, unnest(proargnames) AS a
		WHERE a LIKE 'p\_%' AND a NOT IN ('p_win', 'p_half_win', 'p_push', 'p_half_loss', 'p_loss', 'p_success', 'p_value')$$,
	'plain words, the same for the same thing everywhere: p_ is a probability');

-- ---- tables ----------------------------------------------------------------------------------
SELECT is_empty($$SELECT member_name FROM relation WHERE relkind IN ('r', 'p', 'S')
		AND oid <> ALL (SELECT unnest(extconfig) FROM pg_extension WHERE extname = 'bet_edge')$$,
	'every table and sequence is carried by pg_dump (pg_extension_config_dump)');
SELECT is_empty($$SELECT r.member_name FROM relation AS r JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attname = 'builtin'
		JOIN pg_extension AS e ON e.extname = 'bet_edge' JOIN LATERAL unnest(e.extconfig, e.extcondition) AS c(oid, condition) ON c.oid = r.oid
		WHERE r.relkind IN ('r', 'p') AND c.condition <> 'WHERE NOT builtin'$$,
	'and where rows are shipped, without the shipped rows');
SELECT is_empty($$SELECT r.member_name FROM relation AS r JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attname = 'builtin'
		JOIN pg_index AS i ON i.indrelid = r.oid AND i.indisprimary
		WHERE r.relkind IN ('r', 'p') AND NOT EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = r.oid AND t.tgfoid = 'bet_edge.keep_own_row'::regproc
			AND string_to_array(rtrim(encode(t.tgargs, 'escape'), '\000'), '\000') = (SELECT array_agg(k.attname::text ORDER BY o.n)
				FROM unnest(i.indkey) WITH ORDINALITY AS o(attnum, n) JOIN pg_attribute AS k ON k.attrelid = r.oid AND k.attnum = o.attnum))$$,
	'and a trigger that makes a changed shipped row the user''s, by the table''s key');
SELECT is_empty($$SELECT member_name FROM relation AS r WHERE relkind IN ('r', 'p') AND relname NOT IN ('inbox', 'quote', 'quote_default')
		AND NOT EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = r.oid AND i.indisunique)$$,
	'every table has a key (but inbox, where equal files may wait, and quote with its partition, where books repeat themselves)');
SELECT is_empty($$SELECT r.member_name, conname FROM relation AS r JOIN pg_constraint AS c ON c.conrelid = r.oid AND c.contype = 'f'
		WHERE NOT EXISTS (SELECT FROM pg_extension AS e, unnest(e.extconfig) WITH ORDINALITY AS child(oid, n), unnest(e.extconfig) WITH ORDINALITY AS parent(oid, n)
			WHERE e.extname = 'bet_edge' AND child.oid = c.conrelid AND parent.oid = c.confrelid AND parent.n <= child.n)$$,
	'tables are registered after those they refer to: a dump restores in that order');

-- ---- functions --------------------------------------------------------------------------------
SELECT is_empty($$SELECT name FROM routine WHERE prosecdef$$, 'nothing is SECURITY DEFINER');
SELECT is_empty($$SELECT name FROM routine WHERE provolatile = 'i' AND proparallel <> 's'$$, 'what is immutable is parallel safe');
SELECT is_empty($$SELECT r.name, c.relname FROM routine AS r JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
		JOIN pg_class AS c ON c.oid = d.refobjid AND c.relkind <> 'c' WHERE r.provolatile = 'i'$$,
	'what is immutable reads no table');
SELECT is_empty($$SELECT r.name, c.proname FROM routine AS r JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_proc'::regclass
		JOIN pg_proc AS c ON c.oid = d.refobjid
		WHERE strpos('isv', r.provolatile::text) < strpos('isv', c.provolatile::text) OR strpos('sru', r.proparallel::text) < strpos('sru', c.proparallel::text)$$,
	'nothing is labelled better than what it calls');
SELECT is_empty($$SELECT name FROM routine WHERE (lanname = 'plpgsql' OR lanname = 'sql' AND prosqlbody IS NULL)
		AND NOT EXISTS (SELECT FROM unnest(proconfig) AS c WHERE c ~ '^search_path=pg_catalog, (bet_edge, )?pg_temp$')
		AND NOT (prokind = 'p' AND prosrc ~* '\m(commit|call)\M')$$,
	'plpgsql functions and SQL in strings have the fixed search_path (procedures that commit, or call one that does, cannot)');
SELECT is_empty($$SELECT name, string_agg(DISTINCT word.it[1], ', ') FROM routine, regexp_matches(prosrc, '(?:from|join|into|update|call)\s+([a-z_0-9]+)(?![a-z_0-9.])\s*', 'gi') AS word(it)
		JOIN relation AS r ON r.relname = lower(word.it[1])
		WHERE lanname = 'plpgsql' AND proconfig IS NULL GROUP BY name$$,
	'procedures without a search_path name the house''s tables with their schema');
-- compiling takes seconds for statements of milliseconds
SELECT is_empty($$SELECT name FROM routine WHERE prokind = 'f' AND (lanname = 'plpgsql' OR lanname = 'sql' AND (proconfig IS NOT NULL OR proretset AND (proisstrict OR provolatile = 'v'))) AND 'jit=off' = ANY (proconfig) IS NOT TRUE$$,
	'no statement of a function that plans its own is compiled (sql/operate/jit.sql)');
SELECT is_empty($$SELECT name FROM routine WHERE (prokind = 'p' OR provolatile = 'v') AND has_function_privilege('public', oid, 'EXECUTE')$$,
	'PUBLIC may not execute what is VOLATILE or a procedure (the line belongs in sql/operate/grants.sql)');
SELECT is_empty($$SELECT member_name FROM relation WHERE relkind IN ('r', 'p', 'v', 'm', 'S') AND relacl::text ~ '[{,]=[a-zA-Z]'$$,
	'PUBLIC has no rights to tables and views');

-- ---- aggregates --------------------------------------------------------------------------------
SELECT is_empty($$SELECT name FROM aggregate WHERE proparallel <> 's'$$, 'every aggregate is parallel safe');
SELECT set_eq($$SELECT DISTINCT (aggfnoid::oid::regproc)::text FROM aggregate WHERE aggcombinefn = 0$$,
	$$SELECT unnest(ARRAY[ -- called with ORDER BY, which parts would lose; the forms that take the time as an argument combine
		'bet_edge.max_drawdown', 'bet_edge.max_drawdown_fraction', 'bet_edge.longest_underwater', 'bet_edge.calmar_ratio',
		'bet_edge.longest_losing_run', 'bet_edge.longest_winning_run',
		'bet_edge.elo_ratings' -- a rating depends on all games before it
	])$$, 'and has a combine function, but for those whose order matters');
SELECT is_empty($$SELECT name FROM aggregate WHERE aggtranstype = 'internal'::regtype AND aggcombinefn <> 0 AND (aggserialfn = 0 OR aggdeserialfn = 0)$$,
	'a state that needs every value can travel');
SELECT set_eq($$SELECT DISTINCT (aggfnoid::oid::regproc)::text FROM aggregate WHERE aggtranstype = 'internal'::regtype$$,
	$$SELECT unnest(ARRAY[
		'bet_edge.max_drawdown', 'bet_edge.max_drawdown_fraction', 'bet_edge.longest_underwater', 'bet_edge.calmar_ratio',
		'bet_edge.longest_losing_run', 'bet_edge.longest_winning_run', -- those that put bets in order of a time
		'bet_edge.value_at_risk', 'bet_edge.expected_shortfall', -- quantiles
		'bet_edge.roi_bootstrap',               -- games are drawn at the end, with all their bets
		'bet_edge.mean_bootstrap',              -- the same
		'bet_edge.conformal_quantile',          -- a quantile needs every score
		'bet_edge.conformal_weighted_quantile', -- the same
		'bet_edge.elo_ratings',                 -- every team has its place in a table
		'bet_edge.cpd',                         -- the residuals are the value
		'bet_edge.margin_key_numbers', 'bet_edge.total_key_numbers', -- a fit that passes over the games many times
		'bet_edge.brier_decomposition',         -- without bins: a group for each distinct forecast
		'bet_edge.expected_calibration_error',  -- bins of equal counts need them sorted
		'bet_edge.maximum_calibration_error',   -- the same
		'bet_edge.reliability_table',           -- the same
		'bet_edge.paired_difference',           -- with clusters: all of them
		'bet_edge.ks_calibration_error',        -- cumulative sums in the order of the forecasts
		'bet_edge.dixon_coles_fit',             -- strengths of all teams are sought among all matches
		'bet_edge.bivariate_poisson_fit',       -- the same
		'bet_edge.massey_ratings',              -- the same; a state as large as the matrix would be no smaller
		'bet_edge.colley_ratings',              -- the same
		'bet_edge.markov_ratings',              -- the same
		'bet_edge.market_summary',              -- which quote is first and which last is known when all are there
		'bet_edge.logistic_fit',                -- Newton steps pass over every row again
		'bet_edge.blend_fit',                   -- the same
		'bet_edge.lstm_fit',                    -- every epoch passes over every row again
		'bet_edge.platt_fit',                   -- Newton steps pass over every value again
		'bet_edge.temperature_fit',             -- the same
		'bet_edge.beta_fit',                    -- the same
		'bet_edge.isotonic_fit',                -- sorts all scores
		'bet_edge.venn_abers_fit'               -- the same
	])$$, 'only those that need every value have an internal state');
SELECT is_empty($$SELECT name FROM aggregate WHERE aggmtransfn <> 0$$, 'no inverse transitions: sums of floats drift under them');

-- ---- the extension comes and goes ------------------------------------------------------------------
CREATE TABLE shape AS SELECT name FROM member;
DROP EXTENSION bet_edge;
SELECT is_empty($$SELECT pg_describe_object(classid, objid, 0) FROM pg_depend
		WHERE refclassid = 'pg_namespace'::regclass AND refobjid = (SELECT oid FROM pg_namespace WHERE nspname = 'bet_edge')$$,
	'DROP EXTENSION leaves nothing in the schema');
SELECT lives_ok('CREATE EXTENSION bet_edge', 'CREATE EXTENSION works again');
SELECT set_eq('SELECT name FROM member', 'SELECT name FROM shape', 'and makes the same objects');
SELECT * FROM finish();
