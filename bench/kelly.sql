-- Stakes: n single bets, n/10 events, n/2000 portfolios.
CREATE TABLE single AS
	SELECT 1 / o * (0.9 + 0.3 * random()) AS p, o, 0.25::float8 AS multiplier FROM (SELECT 1.2 + 5 * random() AS o FROM generate_series(1, :n)) AS x;
CREATE TABLE event AS
	SELECT ARRAY[a, b, c] AS probs, ARRAY[1 + (0.85 + 0.2 * random()) / a, 1 + (0.85 + 0.2 * random()) / b, 1 + (0.85 + 0.2 * random()) / c] AS odds
	FROM (SELECT a / (a + b + c) AS a, b / (a + b + c) AS b, c / (a + b + c) AS c
		FROM (SELECT 0.2 + random() AS a, 0.2 + random() AS b, 0.2 + random() AS c FROM generate_series(1, :n / 10)) AS x) AS y;
CREATE TABLE portfolio AS
	SELECT array_agg(1.02 / o + 0.04 * random()) AS probs, array_agg(o) AS odds
	FROM (SELECT i, 1.6 + 2 * random() AS o FROM generate_series(1, :n / 2000) AS i, generate_series(1, 5)) AS x GROUP BY i;
CREATE TABLE ticket AS
	SELECT (ARRAY['win', 'half_win', 'push', 'half_loss', 'loss'])[1 + floor(5 * random())::int] AS result, round((100 * random())::numeric, 2) AS stake,
		round((1.2 + 3 * random())::numeric, 2)::float8 AS odds FROM generate_series(1, :n);
VACUUM ANALYZE;

-- Smoczynski and Tomkins as the paper tells it: sort, then add while it pays.
CREATE FUNCTION exclusive_loop(probs float8[], odds float8[]) RETURNS float8[] LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
	i int; others float8 := 1; room float8 := 1; rate float8 := 1; f float8[] := array_fill(0::float8, ARRAY[cardinality(probs)]);
	best int[] := ARRAY(SELECT k FROM unnest(probs, odds) WITH ORDINALITY AS u (p, o, k) ORDER BY p * o DESC);
	used int := 0;
BEGIN
	FOREACH i IN ARRAY best LOOP
		EXIT WHEN probs[i] * odds[i] <= rate;
		used := used + 1; others := others - probs[i]; room := room - 1 / odds[i]; rate := greatest(others, 0) / room;
	END LOOP;
	FOR k IN 1 .. used LOOP f[best[k]] := probs[best[k]] - rate / odds[best[k]]; END LOOP;
	RETURN f;
END $$;

-- What a portfolio of five is sized with by hand: one stake at a time, by bisection on the slope over all 32 results.
CREATE FUNCTION ascent(probs float8[], odds float8[]) RETURNS float8[] LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
	n int := cardinality(probs); f float8[] := array_fill(0::float8, ARRAY[n]); joint float8[]; lo float8; hi float8; wealth float8; slope float8; moved float8; was float8;
BEGIN
	FOR s IN 0 .. (1 << n) - 1 LOOP
		joint[s + 1] := 1;
		FOR i IN 1 .. n LOOP joint[s + 1] := joint[s + 1] * CASE WHEN s >> (i - 1) & 1 = 1 THEN probs[i] ELSE 1 - probs[i] END; END LOOP;
	END LOOP;
	FOR round IN 1 .. 100 LOOP
		moved := 0;
		FOR i IN 1 .. n LOOP
			was := f[i]; lo := 0; hi := 0.999; -- what the others leave
			FOR k IN 1 .. n LOOP IF k <> i THEN hi := hi - f[k]; END IF; END LOOP;
			FOR halving IN 1 .. 33 LOOP
				f[i] := (lo + hi) / 2; slope := 0;
				FOR s IN 0 .. (1 << n) - 1 LOOP
					wealth := 1;
					FOR k IN 1 .. n LOOP wealth := wealth + f[k] * CASE WHEN s >> (k - 1) & 1 = 1 THEN odds[k] - 1 ELSE -1 END; END LOOP;
					slope := slope + joint[s + 1] * CASE WHEN s >> (i - 1) & 1 = 1 THEN odds[i] - 1 ELSE -1 END / wealth;
				END LOOP;
				IF slope > 0 THEN lo := f[i]; ELSE hi := f[i]; END IF;
			END LOOP;
			moved := greatest(moved, abs(f[i] - was));
		END LOOP;
		EXIT WHEN moved < 1e-8;
	END LOOP;
	RETURN f;
END $$;

INSERT INTO pair (subject, n, ours, other_name, other, tolerance, goal) VALUES
	('kelly_fraction', :n, 'SELECT sum(kelly_fraction(p, o, multiplier => 0.25, cap => 0.02)) FROM single',
		'the expression', 'SELECT sum(least(greatest((p * o - 1) / (o - 1), 0) * 0.25, 0.02)) FROM single', 1e-9, 1.5),
	('kelly_exclusive, three-way', :n / 10, 'SELECT sum((kelly_exclusive(probs, odds))[1]) FROM event',
		'sort and loop in plpgsql', 'SELECT sum((exclusive_loop(probs, odds))[1]) FROM event', 1e-9, 0.1),
	('kelly_simultaneous, 5 bets', least(:n / 2000, 5), 'SELECT sum(f) FROM (SELECT * FROM portfolio LIMIT 5) AS p, unnest(kelly_simultaneous(probs, odds)) AS f',
		'coordinate ascent in plpgsql', 'SELECT sum(f) FROM (SELECT * FROM portfolio LIMIT 5) AS p, unnest(ascent(probs, odds)) AS f', 1e-5, 0.01),
	('bet_profit', :n, 'SELECT sum(bet_profit(result, stake, odds)) FROM ticket',
		'CASE in numeric', $$SELECT sum(CASE result WHEN 'win' THEN stake * (odds::numeric - 1) WHEN 'half_win' THEN stake * (odds::numeric - 1) / 2
			WHEN 'half_loss' THEN -stake / 2 WHEN 'loss' THEN -stake ELSE 0 END) FROM ticket$$, 1e-9, 2);

-- A day's slate: a hundred games of two legs each, of eight scenarios; the other way takes all bets for independent.
CREATE TABLE slate AS
	SELECT array_fill(2::float8, ARRAY[100]) AS bets, array_fill(8::float8, ARRAY[100]) AS scenarios, array_agg(0.125::float8) AS probs,
		(SELECT array_agg(r ORDER BY i) FROM (SELECT i, CASE WHEN ((i - 1) / 2 % 8 + (i - 1) % 2 * 3) % 8 < 4 THEN 0.98 + 0.06 * random() ELSE -1 END AS r FROM generate_series(1, 1600) AS i) AS x) AS net_returns
	FROM generate_series(1, 800);
INSERT INTO pair (subject, n, ours, other_name, other, tolerance, goal) VALUES
	('kelly_slate, 200 bets on 100 games', 200, 'SELECT count(f) FROM slate, unnest(kelly_slate(bets, scenarios, probs, net_returns)) AS f',
		'as if independent', 'SELECT count(f) FROM unnest(kelly_simultaneous(array_fill(0.5::float8, ARRAY[200]), (SELECT array_agg(2.01 + i * 1e-4) FROM generate_series(1, 200) AS i))) AS f', 0, 5);
