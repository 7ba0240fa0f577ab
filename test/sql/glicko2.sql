-- Glicko-2: the paper's example, what must always hold, and what is refused.
\pset format unaligned
\pset tuples_only on
SET search_path = bet_edge, public;

SELECT 'the paper', round(rating_after::numeric, 2), round(rd_after::numeric, 2), round(volatility_after::numeric, 5)
FROM glicko2_update(1500, 200, 0.06, '{1400,1550,1700}', '{30,100,300}', '{1,0,0}', 0.5);
SELECT 'no games', rating_after = 1700 AND abs(rd_after - 60.898607098460175) < 1e-12 AND volatility_after = 0.06 FROM glicko2_update(1700, 60, 0.06, '{}', '{}', '{}');
SELECT 'a limit', rd_after = 350 FROM glicko2_update(1700, 350, 0.06, '{}', '{}', '{}', max_rd => 350);
SELECT 'a limit before games', rd_after < 350 FROM glicko2_update(1700, 350, 0.06, '{1500}', '{350}', '{1}', max_rd => 350);
SELECT 'several roots', abs(volatility_after - 0.06046306209565867) < 1e-10 FROM glicko2_update(1500, 50, 0.06, '{2200,2200,2200}', '{40,40,40}', '{1,1,1}', 1.0);
SELECT 'the order of games does not matter', abs(a.rating_after - b.rating_after) < 1e-10
FROM glicko2_update(1500, 200, 0.06, '{1400,1550}', '{30,100}', '{1,0}') a, glicko2_update(1500, 200, 0.06, '{1550,1400}', '{100,30}', '{0,1}') b;
SELECT 'any lower bound', a = b FROM glicko2_update(1500, 200, 0.06, '[5:5]={1400}', '[0:0]={30}', '{1}') a, glicko2_update(1500, 200, 0.06, '{1400}', '{30}', '{1}') b;
SELECT 'expected', glicko2_expected(1500, 1500) = 0.5, abs(glicko2_expected(1500, 1400, 0, 30) - 0.639) < 0.001, glicko2_expected(1700, 1500, 350, 350) < glicko2_expected(1700, 1500);
SELECT 'sides sum to 1', bool_and(abs(glicko2_expected(a, b, 80, 200) + glicko2_expected(b, a, 200, 80) - 1) < 1e-15) FROM generate_series(1000, 2000, 125) a, generate_series(1000, 2000, 125) b;
SELECT 'impossible upsets', rating_after > 0 FROM glicko2_update(0, 50, 0.06, '{20000}', '{40}', '{1}');
SELECT 'NULL', glicko2_update(1500, 200, NULL, '{}', '{}', '{}') IS NULL, glicko2_expected(1500, NULL) IS NULL;

SELECT glicko2_update(1500, 200, -0.06, '{1400}', '{30}', '{1}');
SELECT glicko2_update(1500, 0, 0.06, '{1400}', '{30}', '{1}');
SELECT glicko2_update('NaN', 200, 0.06, '{1400}', '{30}', '{1}');
SELECT glicko2_update(1500, 200, 0.06, '{1400,1500}', '{30}', '{1,0}');
SELECT glicko2_update(1500, 200, 0.06, '{1400}', '{30}', '{1,0}');
SELECT glicko2_update(1500, 200, 0.06, '{1400}', '{30}', '{1.5}');
SELECT glicko2_update(1500, 200, 0.06, '{1400}', '{-30}', '{1}');
SELECT glicko2_update(1500, 200, 0.06, '{NULL}', '{30}', '{1}');
SELECT glicko2_update(1500, 200, 0.06, '{{1400}}', '{30}', '{1}');
SELECT glicko2_update(1500, 200, 0.06, '{1400}', '{30}', '{1}', 0);
SELECT glicko2_update(1500, 200, 0.06, '{1400}', '{30}', '{1}', max_rd => 0);
SELECT glicko2_update(1500, 200, 0.06, '{1e9}', '{30}', '{1}');
SELECT glicko2_expected(1500, 'Infinity');
SELECT glicko2_expected(1500, 1500, -1);
