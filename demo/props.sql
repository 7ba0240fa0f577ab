-- The table of docs/props.md: every prop forecast in a season that its model has not seen, the last whole one: with three fifths of the lines of the largest.
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT refresh_prop_forms() \g /dev/null
ANALYZE;
CREATE TEMP TABLE target AS
SELECT sport, prop_type, max(season) FILTER (WHERE lines >= 0.6 * most) AS held_out, array_agg(season ORDER BY season) AS seasons
FROM (SELECT f.sport, f.prop_type, f.season, count(*) AS lines, max(count(*)) OVER (PARTITION BY f.sport, f.prop_type) AS most FROM prop_form AS f WHERE f.game_id IS NOT NULL GROUP BY 1, 2, 3) AS s
GROUP BY sport, prop_type;
SELECT format('%s %s: a model takes two seasons before the one held out, there are %s', sport, prop_type, array_to_string(seasons, ', ')) AS "too few seasons" FROM target WHERE seasons[2] >= held_out OR cardinality(seasons) < 3 ORDER BY sport, prop_type;
CREATE TEMP TABLE trained AS
SELECT sport, prop_type, held_out, train_prop(sport, prop_type, held_out) AS model_id FROM target WHERE seasons[2] < held_out;
CREATE TEMP TABLE quality AS
SELECT t.*, q.* FROM trained AS t JOIN prop_type AS p USING (sport, prop_type), prop_quality(t.model_id, t.held_out, CASE p.role WHEN 'pitcher' THEN 3 ELSE 10 END) AS q;
UPDATE prop_model AS p SET card = jsonb_build_object('held_out', t.held_out, 'measured', (SELECT jsonb_agg(to_jsonb(q) - '{sport,prop_type,held_out,model_id}'::text[] ORDER BY q.crps) FROM quality AS q WHERE q.model_id = t.model_id))
FROM trained AS t WHERE t.model_id = p.model_id;
\pset format unaligned
\pset tuples_only on
SELECT '| prop | season | n | forecaster | log loss | CRPS | 90 % holds | ECE |';
SELECT '|---|---|---|---|---|---|---|---|';
SELECT format('| %s %s | %s | %s | %s | %s | %s | %s | %s |', sport, prop_type, held_out, n, forecaster, round(log_loss::numeric, 4), round(crps::numeric, 4), round(100 * covered_90::numeric, 1), round(calibration_error::numeric, 3))
FROM quality ORDER BY sport DESC, prop_type, crps DESC;
-- With MODEL=folder the models are written as the extension ships them.
\set folder `echo "$MODEL"`
SELECT :'folder' <> '' AS wanted \gset
\if :wanted
CREATE FUNCTION pg_temp.shipped(name text, id bigint) RETURNS text LANGUAGE sql AS $$
	SELECT format(E'-- %s: models/props.md has its card.\nINSERT INTO shipped_model (name, loader, artifact) VALUES (%L, ''import_prop_model'', %L);', name, name,
		export_prop_model(id) || jsonb_build_object('name', (SELECT m.sport || '/' || m.bet_type || '/shipped' FROM model AS m WHERE m.model_id = id)))
$$;
\o :folder/write
SELECT format(E'\\o %s/%s.sql\nSELECT pg_temp.shipped(%L, %s);', :'folder', lower(sport) || '_' || prop_type, lower(sport) || '_' || prop_type, model_id) FROM trained;
\o
\i :folder/write
\o
\! rm "$MODEL/write"
\endif
