-- Every immutable function of the extension, called with what trips arithmetic up: no NaN comes out, every
-- refusal is bad input (class 22) or a wrong name (42), and the backend lives. New functions are found by themselves.
SET client_min_messages = warning;
SET search_path = public, bet_edge;
SET statement_timeout = '600s';
SELECT setseed(0.125) \g /dev/null

-- values as SQL text, by type; ordinary ones among them, so that calls also succeed
CREATE TABLE value_pool AS SELECT type::regtype::oid AS type, array_agg(v) AS choices FROM (
	SELECT 'float8' AS type, unnest('{0,-0,1,-1,0.5,0.05,0.95,0.3,2,1.91,3.5,10,1500,1600,0.25,-2.5,2.75,1e-15,1.000000000000001,0.9999999999999999,
		5e-324,-5e-324,2.2e-308,1e300,-1e300,1.7e308,1e15,9007199254740993,NaN,Infinity,-Infinity}'::text[]) AS v
	UNION ALL SELECT 'float4', unnest('{0,1,-1,0.5,1e-45,3.4e38,NaN,Infinity,-Infinity}'::text[])
	UNION ALL SELECT 'int', unnest('{0,1,2,3,5,10,-1,100,2147483647,-2147483648}'::text[])
	UNION ALL SELECT 'bigint', unnest('{0,1,2,10,-1,9223372036854775807,-9223372036854775808}'::text[])
	UNION ALL SELECT 'boolean', unnest('{true,false}'::text[])
	UNION ALL SELECT 'numeric', unnest('{0,1,100,10.55,-5,NaN,Infinity,1e30,0.001}'::text[])
	UNION ALL SELECT 'text', unnest('{"",home,away,draw,over,under,yes,no,h2h,spreads,totals,handicap,shin,power,jsd,additive,goto,nfl,nba,plain,world_football,back,lay,
		decimal,american,fractional,uniform,quantile,constrained,scaled,win,half_loss,void,poisson,final,A,B,nonsense,NaN,1e400,2.5,+120,6/5,"a\"b",é}'::text[])
	UNION ALL SELECT 'text', repeat('x', 2000)
	UNION ALL SELECT 'jsonb', unnest(ARRAY['{}', '[]', 'null', '1', '{"a": 1}'])
	UNION ALL SELECT 'float8[]', unnest(ARRAY['{}', '{0.5,0.5}', '{0.3,0.3,0.4}', '{0.2,0.3,0.5}', '{1.9,2}', '{2.5,3.2,3}', '{1.01,30,500}', '{1,2,3}', '{1,-1,0.5}', '{2}', '{0.5}', '{NULL,1}', '{NaN,1}',
		'{Infinity,2}', '{-Infinity}', '{1e300,1e300}', '{5e-324,0.5}', '{1.000000000000001,1e15}', '{0,0}', '{-0,1}', '[0:1]={0.5,0.5}', '{{0.5,0.1},{0.2,0.2}}', '{{1,-1},{-1,1}}', '{{NaN,0},{0,1}}', '{{{1}}}'])
	UNION ALL SELECT 'float8[]', array_fill(0.001, ARRAY[1000])::text
	UNION ALL SELECT 'float8[]', array_fill(1.5, ARRAY[41])::text
	UNION ALL SELECT 'float4[]', unnest(ARRAY['{}', '{1,2}', '{NULL}', '{NaN,Infinity}', '{{1,2},{3,4}}'])
	UNION ALL SELECT 'int[]', unnest(ARRAY['{}', '{1}', '{0,1}', '{1,0,1}', '{1,2,3}', '{NULL,1}', '{-5}', '{2147483647}', '{{1,2}}'])
	UNION ALL SELECT 'boolean[]', unnest(ARRAY['{}', '{t,f}', '{NULL}', '{t}'])
	UNION ALL SELECT 'text[]', unnest(ARRAY['{}', '{shin}', '{shin,power}', '{A,B}', '{A,B,A}', '{NULL}', '{"",x}', '{win,loss}', '{{A,B}}'])
	UNION ALL SELECT 'cpd', unnest(ARRAY['{0}', '{-3.5,0,2}', '{1e300,-1e300,5e-324}'])
	UNION ALL SELECT 'conformal_pid', unnest(ARRAY['(0,0,0,0)', '(9.5,9,3,40)', '(Infinity,1e300,1,1)', '(0,,1,1)', '(NaN,0,1,1)', '(0,0,2,1)'])
) AS v (type, v) GROUP BY 1;

CREATE TABLE subject AS
	SELECT p.oid::regprocedure AS routine, p.oid::regproc AS name, p.proargtypes::oid[] AS args, p.proretset, false AS known
	FROM pg_proc AS p JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid
	JOIN pg_extension AS e ON e.oid = d.refobjid AND d.refclassid = 'pg_extension'::regclass
	WHERE e.extname = 'bet_edge' AND d.deptype = 'e' AND p.provolatile = 'i' AND p.prokind = 'f' AND p.pronargs > 0
		AND NOT 'internal'::regtype = ANY (p.proargtypes::oid[]) AND p.prorettype NOT IN ('internal'::regtype, 'trigger'::regtype)
		AND NOT EXISTS (SELECT FROM pg_type AS t WHERE p.oid IN (t.typinput, t.typoutput, t.typsend, t.typreceive));
CREATE TABLE outcome (routine regprocedure, call text, state text, result text);

CREATE PROCEDURE attack(calls int) LANGUAGE plpgsql AS $$
DECLARE
	s subject;
	statement text;
	answer text;
BEGIN
	FOR s IN SELECT * FROM subject WHERE args <@ (SELECT array_agg(type) FROM value_pool) ORDER BY routine::text LOOP
		FOR i IN 1 .. calls LOOP
			SELECT format('SELECT %s FROM %s(%s) AS r', CASE WHEN s.proretset THEN 'string_agg(r::text, '';'')' ELSE 'r::text' END, s.name, string_agg(CASE WHEN random() < 0.02 THEN 'NULL' ELSE quote_literal(choices[1 + floor(random() * cardinality(choices))::int]) END || '::' || format_type(a, NULL), ', ' ORDER BY position))
				INTO statement FROM unnest(s.args) WITH ORDINALITY AS u (a, position) JOIN value_pool AS v ON v.type = a;
			BEGIN
				EXECUTE statement INTO answer;
				INSERT INTO outcome VALUES (s.routine, statement, '00000', answer);
			EXCEPTION WHEN others THEN
				INSERT INTO outcome VALUES (s.routine, statement, SQLSTATE, SQLERRM);
			END;
		END LOOP;
	END LOOP;
END $$;
CALL attack(300);

SELECT plan(5);
SELECT cmp_ok((SELECT count(DISTINCT routine) FROM outcome), '>', 25::bigint, 'functions are found');
SELECT diag(format('%s calls of %s functions, %s answered', count(*), count(DISTINCT routine), count(*) FILTER (WHERE state = '00000'))) FROM outcome;
SELECT is_empty($$SELECT call, result FROM outcome WHERE state = '00000' AND result ~* '\mnan\M' AND routine::text !~ '^(calibrate_number|carried_rating|cron_for|csv_rows|draftkings_market|market_margin|model_margin|pooled|prop_asked|prop_inputs|prop_without|signal_of|url_encode|weather_problem)\(' LIMIT 20$$, 'no NaN comes out, but of what gives back the value that it was given');
SELECT is_empty($$SELECT state, call, left(result, 200) FROM outcome WHERE left(state, 2) NOT IN ('00', '22', '42') ORDER BY routine::text LIMIT 20$$, 'refusals are bad input or a wrong name');
SELECT is_empty($$SELECT state, call, left(result, 200) FROM outcome WHERE state LIKE '42%' AND state NOT IN ('42601', '42602', '42P02', '42703', '42704') LIMIT 20$$, 'and no call was misspelt');
SELECT is_empty($$SELECT routine FROM outcome WHERE routine::text NOT LIKE 'refuse\_%' GROUP BY 1 HAVING bool_and(state <> '00000') AND count(*) > 100$$, 'each answers some of them');
SELECT finish();
