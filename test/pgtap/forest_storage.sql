-- Stored forests: fetched once, seen anew when the row changes, the same in every worker.
SELECT plan(11);
SET search_path = bet_edge, public;

CREATE TABLE public.stored (id int PRIMARY KEY, f forest);
CREATE FUNCTION public.trained(seed int) RETURNS forest LANGUAGE sql AS $$
	SELECT train_forest(format('SELECT sin(i * %s) AS label, ARRAY[i %% 31, i %% 37, i %% 41]::real[] AS features FROM generate_series(1, 400) i', seed), '{"max_depth": 5}', 8)
$$;
INSERT INTO stored SELECT i, trained(i) FROM generate_series(1, 40) i;
CREATE TABLE public.rows AS SELECT i, ARRAY[i % 31, i % 37, NULLIF(i % 41, 7)]::real[] AS features FROM generate_series(1, 2000) i;
-- the truth: no stored value is involved
CREATE TEMP TABLE truth AS SELECT s.id, i, predict(f, features) AS p FROM (SELECT id, f::text::forest AS f FROM stored OFFSET 0) s, rows;

SELECT cmp_ok(pg_column_size(f), '>', 8000, 'these forests are stored out of line') FROM stored WHERE id = 1;
SELECT is((SELECT count(*) FROM truth JOIN stored USING (id) JOIN rows USING (i) WHERE predict(f, features) IS DISTINCT FROM p), 0::bigint,
	'forty forests, more than are kept: all predict as they should');
SELECT is((SELECT count(*) FROM (SELECT * FROM rows ORDER BY i LIMIT 50) r, stored s JOIN truth t USING (id) WHERE t.i = r.i AND predict(f, features) IS DISTINCT FROM p), 0::bigint,
	'and row by row in turn');

-- a changed row is seen: from statement to statement, and in a loop that keeps its plan
PREPARE ask AS SELECT predict(f, '{1,2,3}') FROM stored WHERE id = 1;
CREATE FUNCTION pg_temp.asked() RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE p float8;
BEGIN
	SELECT predict(f, '{1,2,3}') INTO p FROM stored WHERE id = 1;
	RETURN p;
END $$;
CREATE FUNCTION pg_temp.followed() RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	v forest;
	got float8[];
	want float8[];
BEGIN
	FOR k IN 2..30 LOOP
		UPDATE stored SET f = (SELECT f FROM stored WHERE id = k) WHERE id = 1;
		got := got || pg_temp.asked();
		SELECT f INTO v FROM stored WHERE id = k;
		got := got || predict(v, '{1,2,3}');
		want := want || ARRAY(SELECT predict(f::text::forest, '{1,2,3}') FROM stored, generate_series(1, 2) WHERE id = k);
	END LOOP;
	RETURN got = want;
END $$;
SELECT ok(pg_temp.followed(), 'changed thirty times, followed thirty times');
BEGIN;
UPDATE stored SET f = trained(99) WHERE id = 1;
SELECT is(pg_temp.asked(), predict(trained(99), '{1,2,3}'), 'inside a transaction');
ROLLBACK;
SELECT is(pg_temp.asked(), predict(trained(30), '{1,2,3}'), 'and after its rollback');
TRUNCATE stored;
INSERT INTO stored SELECT 1, trained(77);
SELECT is(pg_temp.asked(), predict(trained(77), '{1,2,3}'), 'and after TRUNCATE');
ALTER TABLE stored ALTER f SET STORAGE main;
UPDATE stored SET f = trained(78);
SELECT is(pg_temp.asked(), predict(trained(78), '{1,2,3}'), 'compressed by another storage it is the same');
ALTER TABLE stored ALTER f SET STORAGE external;
UPDATE stored SET f = trained(79);

-- in parallel workers
ALTER TABLE rows SET (parallel_workers = 2);
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT sum(predict((SELECT f FROM stored), features)) AS parallel FROM rows \gset
CREATE FUNCTION pg_temp.plan() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	line text;
	plan text := '';
BEGIN
	FOR line IN EXPLAIN (ANALYZE, VERBOSE, COSTS OFF, TIMING OFF) SELECT sum(predict((SELECT f FROM stored), features)) FROM rows LOOP
		plan := plan || line || E'\n';
	END LOOP;
	RETURN plan;
END $$;
SELECT matches(pg_temp.plan(), 'Workers Launched: [12]', 'predictions run in parallel workers');
SET max_parallel_workers_per_gather = 0;
SELECT is(round(sum(predict(f, features))::numeric, 9), round(:'parallel'::numeric, 9), 'with the same sum') FROM rows, stored;
-- a copy of the table by its text is the same table
CREATE TABLE public.copied (f forest);
CREATE TEMP TABLE carrier AS SELECT f::text AS t FROM stored;
INSERT INTO copied SELECT t::forest FROM carrier;
SELECT is((SELECT count(*) FROM rows, stored s, copied c WHERE predict(s.f, features) IS DISTINCT FROM predict(c.f, features)), 0::bigint, 'a dump restores it to the bit');
SELECT * FROM finish();
