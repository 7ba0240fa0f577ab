-- Closing line value of n bets, the margin of the close removed on the way.
CREATE TABLE close_of AS
	SELECT ARRAY[1 / (0.03 + a / s * 0.97), 1 / (0.03 + b / s * 0.97), 1 / (0.03 + c / s * 0.97)] AS odds, 1 + floor(random() * 3)::int AS selection, 1.2 + 3 * random() AS taken
	FROM (SELECT a, b, c, a + b + c AS s FROM (SELECT 0.2 + random() AS a, 0.2 + random() AS b, 0.2 + random() AS c FROM generate_series(1, :n)) AS x) AS y;
VACUUM ANALYZE close_of;

INSERT INTO pair (subject, n, ours, other_name, other, tolerance, goal) VALUES
	('clv, against the fair close', :n, 'SELECT sum(clv(taken, odds, selection)) FROM close_of', 'remove_overround and a subscript',
		'SELECT sum(taken * (remove_overround(odds))[selection] - 1) FROM close_of', 1e-9, 1.1),
	('clv, price against price', :n, 'SELECT sum(clv(taken, odds[selection])) FROM close_of', 'taken / closing - 1', 'SELECT sum(taken / odds[selection] - 1) FROM close_of', 1e-9, 1.3);
