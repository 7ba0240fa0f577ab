-- Settling bets: every market, quarter lines, exact money, and what is refused.
\pset format unaligned
\pset tuples_only on
SET search_path = bet_edge, public;

-- a home bet of 100 at 1.95 over every line and margin: the two half stakes settled apart
CREATE FUNCTION half(ahead float8, odds numeric, stake numeric) RETURNS numeric LANGUAGE sql AS
$$ SELECT CASE WHEN ahead > 0 THEN stake * (odds - 1) WHEN ahead = 0 THEN 0 ELSE -stake END $$;
SELECT 'spread = two half stakes', count(*), bool_and(profit = half(h - a + line - q, 1.95, 50) + half(h - a + line + q, 1.95, 50))
FROM generate_series(0, 5) h, generate_series(0, 5) a, generate_series(-12, 12) l, LATERAL (SELECT l * 0.25 AS line,
	CASE WHEN l % 2 = 0 THEN 0 ELSE 0.25 END AS q) x, settle_bet('spreads', 'home', line, h, a, 1.95, 100);
SELECT 'total = two half stakes', count(*), bool_and(profit = half(h + a - line - q, 2.05, 50) + half(h + a - line + q, 2.05, 50))
FROM generate_series(0, 5) h, generate_series(0, 5) a, generate_series(0, 32) l, LATERAL (SELECT l * 0.25 AS line,
	CASE WHEN l % 2 = 0 THEN 0 ELSE 0.25 END AS q) x, settle_bet('totals', 'over', line, h, a, 2.05, 100);
-- both sides of one line mirror each other
SELECT 'mirror', bool_and(CASE s.result WHEN 'win' THEN 'loss' WHEN 'half_win' THEN 'half_loss' WHEN 'push' THEN 'push'
	WHEN 'half_loss' THEN 'half_win' WHEN 'loss' THEN 'win' END = o.result)
FROM generate_series(0, 4) h, generate_series(0, 4) a, generate_series(-8, 8) l,
	(VALUES ('spreads', 'home', 'away', -1), ('totals', 'over', 'under', 1)) m (market, side, other, sign),
	settle_bet(market, side, l * 0.25, h, a, 1.9, 10) s, settle_bet(market, other, sign * l * 0.25, h, a, 1.9, 10) o;
SELECT 'profit is payout less stake', bool_and(profit = payout - 33.33 AND payout >= 0)
FROM generate_series(0, 4) a, generate_series(-8, 8) l, settle_bet('spreads', 'away', l * 0.25, 2, a, 1.87, 33.33);

SELECT settle_bet('spreads', 'home', -0.25, 1, 1, 1.95, 100), settle_bet('spreads', 'away', 0.75, 1, 0, 2.0, 100);
SELECT settle_bet('totals', 'under', 2.25, 1, 1, 1.9, 100), settle_bet('totals', 'over', 3, 2, 1, 1.9, 100);

-- winners: soccer's draw loses, the moneyline's tie pushes
SELECT '1X2', s, result FROM unnest('{home,draw,away}'::text[]) s, settle_bet('h2h', s, NULL, 1, 1, 3.4, 10, draw_offered => true);
SELECT '1X2', s, result FROM unnest('{home,draw,away}'::text[]) s, settle_bet('h2h', s, NULL, 2, 1, 3.4, 10);
SELECT 'moneyline tie', s, result, profit FROM unnest('{home,away}'::text[]) s, settle_bet('h2h', s, NULL, 20, 20, 1.9, 10, draw_offered => false);
SELECT 'three way', result FROM settle_bet('h2h_3_way', 'away', NULL, 2, 2, 4.5, 10);

SELECT 'draw no bet', h, s, result FROM generate_series(0, 2) h, unnest('{home,away}'::text[]) s, settle_bet('draw_no_bet', s, NULL, h, 1, 1.5, 10);
SELECT 'double chance', h, string_agg(s || ' ' || result, ', ') FROM generate_series(0, 2) h, unnest('{home_draw,draw_away,home_away}'::text[]) s, settle_bet('double_chance', s, NULL, h, 1, 1.3, 10) GROUP BY h ORDER BY h;
SELECT 'both teams to score', h, a, string_agg(s || ' ' || result, ', ') FROM generate_series(0, 1) h, generate_series(0, 1) a, unnest('{yes,no}'::text[]) s, settle_bet('btts', s, NULL, h, a, 1.9, 10) GROUP BY h, a ORDER BY h, a;
SELECT 'team total', s, result FROM unnest('{home_over,home_under,away_over,away_under}'::text[]) s, settle_bet('team_totals', s, 1.75, 2, 1, 1.9, 10);
SELECT 'alternate lines settle alike', bool_and(settle_bet('alternate_' || m, s, l * 0.25, 2, 1, 1.9, 10) = settle_bet(m, s, l * 0.25, 2, 1, 1.9, 10))
FROM (VALUES ('spreads', 'home'), ('spreads', 'away'), ('totals', 'over'), ('team_totals', 'away_under')) m (m, s), generate_series(0, 16) l;

-- what an exchange keeps, and dead heats
SELECT 'commission', settle_bet('spreads', 'home', -0.25, 1, 0, 1.95, 100, commission => 0.05), settle_bet('spreads', 'home', 0.25, 1, 1, 1.95, 100, commission => 0.05),
	settle_bet('spreads', 'home', -0.25, 1, 1, 1.95, 100, commission => 0.05);
SELECT 'by result', r, bet_profit(r, 10, 2.5), bet_profit(r, 10, 2.5, 0.02) FROM unnest('{win,half_win,push,half_loss,loss,void}'::text[]) r;
SELECT 'the same profit', bool_and(s.profit = bet_profit(s.result, 33.33, 1.87, c)) FROM generate_series(-8, 8) l, generate_series(0, 3) h, unnest('{0,0.02}'::float8[]) c,
	settle_bet('spreads', 'home', l * 0.25, h, 1, 1.87, 33.33, commission => c) s;
SELECT 'dead heat', bet_profit('win', 10, 9, tied => 2), bet_profit('win', 10, 1.5, tied => 2), bet_profit('win', 10, 9, 0.1, tied => 2), round(bet_profit('win', 10, 4, tied => 3, places => 2), 10);
SELECT 'open', bet_profit(NULL, 10, 2) IS NULL;
SELECT bet_profit('won', 10, 2);
SELECT bet_profit('win', -1, 2);
SELECT bet_profit('win', 10, 'NaN');
SELECT bet_profit('win', 10, 2, 1.5);
SELECT bet_profit('win', 10, 2, tied => 2, places => 3);
SELECT bet_profit('loss', 10, 2, tied => 2);
SELECT settle_bet('btts', 'yes', 1, 1, 0, 1.9, 10);
SELECT settle_bet('team_totals', 'over', 1, 1, 0, 1.9, 10);
SELECT settle_bet('team_totals', 'home_over', NULL, 1, 0, 1.9, 10);
SELECT settle_bet('h2h', 'home', NULL, 1, 0, 1.9, 10, commission => -0.1);

-- money is exact: odds count as they print, whatever the session's digits
SET extra_float_digits = -5;
SELECT 'exact', payout = 0.1 * 1.000000000000001, profit = 0.1 * 0.000000000000001 FROM settle_bet('h2h', 'home', NULL, 1, 0, 1.000000000000001, 0.1);
SELECT 'large odds', payout = 1e20 FROM settle_bet('h2h', 'home', NULL, 1, 0, 1e20, 1);
RESET extra_float_digits;
SELECT 'a third of a cent', payout = 1.925 * 0.01 FROM settle_bet('totals', 'over', 2.75, 2, 1, 2.85, 0.01);

SELECT 'void', s, v FROM unnest('{postponed,abandoned,cancelled}'::text[]) s, settle_bet('h2h', 'home', NULL, NULL, NULL, 2.1, 10, s) v;
SELECT 'not settled', settle_bet('h2h', 'home', NULL, NULL, NULL, 2.1, 10) IS NULL, settle_bet('h2h', 'home', NULL, 1, 0, NULL, 10) IS NULL;

-- refused
SELECT settle_bet('spreads', 'home', 0.3, 1, 0, 1.9, 10);
SELECT settle_bet('spreads', 'home', 'NaN', 1, 0, 1.9, 10);
SELECT settle_bet('spreads', 'home', NULL, 1, 0, 1.9, 10);
SELECT settle_bet('h2h', 'home', -1.5, 1, 0, 1.9, 10);
SELECT settle_bet('h2h', 'home', NULL, 1, 1, 1.9, 10);
SELECT settle_bet('spreads', 'over', 1, 1, 0, 1.9, 10);
SELECT settle_bet('totals', 'home', 1, 1, 0, 1.9, 10);
SELECT settle_bet('corners', 'over', 1, 1, 0, 1.9, 10);
SELECT settle_bet('totals', 'over', 1, 1, 0, 1.9, 10, 'rained off');
SELECT settle_bet('totals', 'over', 1, 1, -1, 1.9, 10);
SELECT settle_bet('totals', 'over', 1, 1, 0, 1, 10);
SELECT settle_bet('totals', 'over', 1, 1, 0, 1.9, -0.01);
SELECT settle_bet('totals', 'over', 1, 1, 0, 1.9, 'NaN');

-- ---- what a bet is worth before the game --------------------------------------------------------
SELECT 'fair odds', abs(expected_profit(0.5, 0, 0, 0, 0.5, 2)) < 1e-15, abs(expected_profit(0.4, 0, 0.2, 0, 0.4, 2)) < 1e-15;
SELECT expected_profit(0.5, 0, 0, 0, 0.4, 2);
SELECT expected_profit(1.5, 0, 0, 0, -0.5, 2);
SELECT expected_profit(0.5, 0, 0, 0, 0.5, 1);
SELECT 'commission', abs(expected_profit(0.4, 0.2, 0, 0.1, 0.3, 2, 0.05) - (0.5 * 0.95 - 0.35)) < 1e-15;
SELECT 'net odds', abs(net_odds(2.2, 0.05) - 2.14) < 1e-15, net_odds(2.2, 0) = 2.2, net_odds(2.2, 1) = 1, net_odds(NULL, 0.05) IS NULL,
	abs(expected_profit(0.5, 0, 0, 0, 0.5, net_odds(2.2, 0.05)) - expected_profit(0.5, 0, 0, 0, 0.5, 2.2, 0.05)) < 1e-15;
SELECT net_odds(1, 0.05);
SELECT net_odds(2.2, 1.01);
