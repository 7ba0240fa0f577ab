-- A slate: n / 200 players of an invented league, three props and seven lines each, by the shipped models.
SELECT load_shipped_models() \g /dev/null
INSERT INTO team SELECT stable_id('nba:T' || t), 'nba', 'T' || t FROM generate_series(1, 30) AS t;
INSERT INTO prop_form (sport, prop_type, player_id, team_id, season, starts_at, features)
SELECT 'NBA', prop_type, n::text, stable_id('nba:T' || 1 + n % 30), 2019, 'infinity',
	ARRAY[15 + 20 * random(), 0.6 + 0.8 * random(), rate, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, 1, 1, 6, 1, 1, 1, 0.5, 2, floor(200 * random()), 40, random(), 2]::real[]
FROM generate_series(1, :n / 200) AS n, (VALUES ('points', 0.43), ('rebounds', 0.18), ('assists', 0.1)) AS t (prop_type, rate);
INSERT INTO prop_surrounding SELECT 'NBA', prop_type, kind, stable_id('nba:T' || t)::text, 0.9 + 0.2 * random()
FROM unnest('{points,rebounds,assists}'::text[]) AS prop_type, unnest('{opponent,venue,pace}'::text[]) AS kind, generate_series(1, 30) AS t;
CREATE TABLE question AS SELECT n, line, ROW('NBA', prop_type, n::text, line - 0.5, jsonb_build_object('is_home', n % 2 = 0, 'opponent', 'T' || 1 + (n + 7) % 30))::prop_ask AS ask
FROM generate_series(1, :n / 200) AS n, unnest('{points,rebounds,assists}'::text[]) AS prop_type, generate_series(8, 14) AS line;
VACUUM ANALYZE;
CREATE FUNCTION by_formula(mean float8, size float8, line float8) RETURNS float8 LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	p float8 := power(size / (size + mean), size); below float8 := 0; k int := 0;
BEGIN
	WHILE k < line LOOP
		below := below + p;
		k := k + 1;
		p := p * (size + k - 1) / k * mean / (size + mean);
	END LOOP;
	RETURN 1 - below;
END $$;
INSERT INTO pair (subject, n, ours, other_name, other, tolerance, goal) VALUES
	('predict_props, a line of each', 3 * (:n / 200), 'SELECT sum(prob_over) FROM predict_props(ARRAY(SELECT ask FROM question WHERE line = 8))',
		'predict_prop, one by one', 'SELECT sum(prob_over) FROM (SELECT (ask).* FROM question WHERE line = 8) AS q, predict_prop(q.sport, q.prop_type, q.player_id, q.line, q.game_context)', 1e-9, 0.1),
	('predict_props, all lines', 21 * (:n / 200), 'SELECT sum(prob_over) FROM predict_props(ARRAY(SELECT ask FROM question))',
		'averages and a law summed in plpgsql, no model', $$SELECT sum(by_formula(f.features[1] * f.features[2] * f.features[3], 8, (q.ask).line))
		FROM question AS q JOIN prop_form AS f ON f.player_id = (q.ask).player_id AND f.prop_type = (q.ask).prop_type$$, NULL, NULL);
