-- Pi-ratings: the paper's example, what must always hold, and what is refused.
\pset format unaligned
\pset tuples_only on
SET search_path = bet_edge, public;

SELECT 'the paper', round(home_home::numeric, 4), round(home_away::numeric, 4), round(away_home::numeric, 4), round(away_away::numeric, 4), round(expected::numeric, 4)
FROM pi_rating_update(1.6, 0.4, 0.3, -1.2, 4, 1, 0.1, 0.3);
SELECT 'new teams draw', home_home = 0 AND away_away = 0 AND expected = 0 FROM pi_rating_update(0, 0, 0, 0, 1, 1);
SELECT 'as expected', home_home > 0.9999 AND expected < 2 FROM pi_rating_update(1, 1, 0, 0, 2, 0);
SELECT 'what one gains the other loses', bool_and(abs(home_home - h + away_away) < 1e-15), 'with catch-up on the other ground', bool_and(abs(home_away - 0.7 * (home_home - h)) < 1e-15)
FROM generate_series(-1.0, 1, 0.25) h, generate_series(0, 5) x, generate_series(0, 5) y, pi_rating_update(h, 0, 0, 0, x, y);
SELECT 'expected', pi_rating_expected(0, 0) = 0, abs(pi_rating_expected(3, 0) - 9) < 1e-14, abs(pi_rating_expected(0, -3) - 9) < 1e-14;
SELECT 'NULL', pi_rating_update(NULL, 0, 0, 0, 1, 1) IS NULL;

SELECT pi_rating_update('NaN', 0, 0, 0, 1, 1);
SELECT pi_rating_update(0, 0, 0, 0, -1, 1);
SELECT pi_rating_update(0, 0, 0, 0, 1, 1, 1.5);
SELECT pi_rating_update(0, 0, 0, 0, 1, 1, 0.035, -0.1);
SELECT pi_rating_update(1000, 0, 0, 0, 1, 1);
SELECT pi_rating_expected(1000, 1000);
