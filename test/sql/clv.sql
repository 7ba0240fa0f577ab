-- Closing line value: worked examples, what must hold, and what is refused.
\pset format unaligned
\pset tuples_only on
SET search_path = bet_edge, public;

SELECT 'price', abs(clv(2.1, 1.95) - (2.1 / 1.95 - 1)) < 1e-15, clv(2, 2) = 0, clv(1.9, 2) < 0;
SELECT 'fair', abs(clv(2.1, '{1.95,1.95}', 1) - 0.05) < 1e-12, abs(clv_prob(2.1, '{1.95,1.95}', 1) - (0.5 - 1 / 2.1)) < 1e-12;
SELECT 'shin unless said otherwise', clv(3.6, '{2.1,3.4,3.5}', 3) = clv(3.6, '{2.1,3.4,3.5}', 3, 'shin'), clv(3.6, '{2.1,3.4,3.5}', 3, 'power') <> clv(3.6, '{2.1,3.4,3.5}', 3);
-- the margin is what the raw figure hides
SELECT 'level with the close is not level', clv(2.1, 2.1) = 0, clv(2.1, '{2.1,1.8}', 1) < 0;
SELECT 'as the removal says', bool_and(abs(clv(t, o, i, m) - (t * (remove_overround(o, m))[i] - 1)) < 1e-15)
FROM (VALUES ('{2.1,3.4,3.5}'::float8[])) v (o), generate_series(1, 3) i, unnest('{shin,power,multiplicative,odds_ratio}'::text[]) m, generate_series(1.5, 5, 0.5) t;
SELECT 'NULL', num_nulls(clv(NULL, 2), clv(2, NULL::float8), clv(2, '{2,2}', NULL), clv_points('spreads', 'home', NULL, 1)) = 4;

-- ---- the line moved -------------------------------------------------------------------------------
SELECT 'points', clv_points('spreads', 'home', 3.5, 3), clv_points('spreads', 'away', -3, -3.5), clv_points('spreads', 'home', -7, -6),
	clv_points('totals', 'over', 44.5, 46), clv_points('totals', 'under', 44.5, 46);
-- margins that fall on 3 more often than elsewhere
CREATE TEMP TABLE law AS SELECT array_agg(m::float8) AS margins FROM generate_series(-20, 20) m, generate_series(1, CASE abs(m) WHEN 3 THEN 30 WHEN 7 THEN 20 ELSE 10 END);
SELECT 'the same line', points = 0, abs(prob - 0.52) < 1e-12, abs(clv - (0.52 * 2 - 1) * (1 - push)) < 1e-12 FROM law,
	clv_line('spreads', 'home', -2.5, -2.5, 2, 0.52, margins), LATERAL (SELECT 0 AS push) p;
SELECT 'a half point through 3 is worth more than one through 2',
	(clv_line('spreads', 'home', 3.5, 2.5, 1.91, 0.5, margins)).clv > (clv_line('spreads', 'home', 2.5, 1.5, 1.91, 0.5, margins)).clv FROM law;
SELECT 'sides mirror each other', bool_and(abs(a.prob + b.prob - 1) < 1e-12) FROM law, generate_series(-5, 5, 0.25) taken, unnest('{-3,-2.5,0,0.25,1.75}'::float8[]) closing,
	clv_line('spreads', 'home', taken, closing, 2, 0.55, margins) a, clv_line('spreads', 'away', -taken, -closing, 2, 0.45, margins) b;
SELECT 'fair odds at the taken line have no value', bool_and(abs((clv_line('spreads', 'away', taken, 1.5, 1 / (l).prob, 0.4, margins)).clv) < 1e-12)
FROM law, generate_series(-5, 5, 0.25) taken, LATERAL (SELECT clv_line('spreads', 'away', taken, 1.5, 2, 0.4, margins) AS l) x;
SELECT 'more points, more worth', bool_and(prob >= before) FROM (SELECT prob, lag(prob, 1, 0::float8) OVER (ORDER BY taken) AS before FROM law, generate_series(-25, 25, 0.25) taken,
	clv_line('spreads', 'home', taken, 0.5, 2, 0.3, margins)) x;
SELECT 'over and under', abs(o.prob + u.prob - 1) < 1e-12, o.points = -u.points FROM (SELECT array_agg(t::float8) AS totals FROM generate_series(20, 60) t) x,
	clv_line('totals', 'over', 41.5, 43, 1.95, 0.5, totals) o, clv_line('totals', 'under', 41.5, 43, 1.95, 0.5, totals) u;

-- refused
SELECT clv(1, 2);
SELECT clv(2, 'NaN'::float8);
SELECT clv(2, '{2,1}', 1);
SELECT clv(2, '{2,2}', 3);
SELECT clv(2, '{2,2}', 1, 'guess');
SELECT clv(2, '{2,NULL}', 1);
SELECT clv(2, '{2}', 1);
SELECT clv_points('h2h', 'home', 1, 1);
SELECT clv_points('totals', 'home', 1, 1);
SELECT clv_points('totals', 'over', 1.1, 1);
SELECT clv_line('spreads', 'home', 1, 1, 2, 0.5, '{3,4}');
SELECT clv_line('spreads', 'home', 1, 1, 2, 0.5, '{3,-4.5}');
SELECT clv_line('spreads', 'home', 1, 1, 2, 0.5, '{3,Infinity}');
SELECT clv_line('spreads', 'home', 1, 1, 2, 1, '{3,-4}');
SELECT clv_line('spreads', 'home', 1, 'NaN', 2, 0.5, '{3,-4}');
