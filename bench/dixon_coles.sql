-- Ten seasons of a league of 20 teams: strengths fitted to 3,800 matches at once.
CREATE TABLE result AS
	SELECT n, 'team ' || h AS home, 'team ' || a AS away, (n / 380 * 365)::float8 AS days,
		floor(random() * random() * 5 * exp(0.2 + 0.03 * (h - a)))::int AS home_goals, floor(random() * random() * 5 * exp(0.03 * (a - h)))::int AS away_goals
	FROM (SELECT n, n % 380 / 19 AS h, (n % 380 / 19 + 1 + n % 19) % 20 AS a FROM generate_series(0, 3799) AS n) AS x;
VACUUM ANALYZE;

INSERT INTO pair (subject, n, ours, other_name, other, tolerance) VALUES
	('dixon_coles_fit, 20 teams, 3,800 matches', 3800, 'SELECT (dixon_coles_fit(home, away, home_goals, away_goals, dixon_coles_weight(days))).log_likelihood FROM result',
		'array_agg of the same columns', 'SELECT cardinality(array_agg(home)) + cardinality(array_agg(away)) + cardinality(array_agg(home_goals)) + cardinality(array_agg(away_goals)) + cardinality(array_agg(dixon_coles_weight(days))) FROM result', NULL),
	('bivariate_poisson_fit, 20 teams, 3,800 matches', 3800, 'SELECT (bivariate_poisson_fit(home, away, home_goals, away_goals, dixon_coles_weight(days))).log_likelihood FROM result',
		'dixon_coles_fit', 'SELECT (dixon_coles_fit(home, away, home_goals, away_goals, dixon_coles_weight(days))).log_likelihood FROM result', NULL),
	('massey_ratings, 20 teams, 3,800 matches', 3800, 'SELECT (massey_ratings(home, away, home_goals, away_goals)).ratings[1] FROM result',
		'the mean margin of one team of a balanced league', 'SELECT 0.95 * avg(x.margin) FROM result, LATERAL (VALUES (home, home_goals - away_goals), (away, away_goals - home_goals)) AS x (team, margin) WHERE team = ''team 0''', 1e-9);

-- BFGS (Nocedal and Wright) in numpy with the exact gradient: what scipy.optimize.minimize does for those who have it.
\if :has_numpy
INSERT INTO pair (subject, n, ours, other_name, other, tolerance, goal) VALUES
	('dixon_coles_fit, 20 teams, 3,800 matches', 3800, 'SELECT (dixon_coles_fit(home, away, home_goals, away_goals, dixon_coles_weight(days))).log_likelihood FROM result',
		'COPY, BFGS in numpy, COPY', $$SELECT through_python('SELECT home, away, home_goals, away_goals, dixon_coles_weight(days) FROM result', 'import sys, numpy as np, math
rows = [line.rstrip().split(",") for line in open(sys.argv[1])]
teams = sorted({r[0] for r in rows} | {r[1] for r in rows})
number = {t: i for i, t in enumerate(teams)}
n = len(teams)
h = np.array([number[r[0]] for r in rows]); a = np.array([number[r[1]] for r in rows])
x = np.array([int(r[2]) for r in rows]); y = np.array([int(r[3]) for r in rows]); w = np.array([float(r[4]) for r in rows])
fixed = -(w * np.array([math.lgamma(i + 1) + math.lgamma(j + 1) for i, j in zip(x, y)])).sum()
low = [(x == i) & (y == j) for i, j in ((0, 0), (0, 1), (1, 0), (1, 1))]
def look(p):
    att, dfc, home, rho = p[:n], p[n:2 * n], p[2 * n], p[2 * n + 1]
    eh = att[h] + dfc[a] + home; ea = att[a] + dfc[h]
    with np.errstate(all="ignore"):
        l = np.exp(eh); m = np.exp(ea)
        by = [-l * m, l, m, -np.ones(len(l))]
        value = x * eh + y * ea - l - m
        gl = x - l; gm = y - m; gr = np.zeros(len(l))
        for k in range(4):
            tau = 1 + rho * by[k]
            if (tau[low[k]] <= 0).any(): return math.inf, p
            value = value + np.where(low[k], np.log(tau), 0)
            part = np.where(low[k], by[k] / tau, 0)
            gr += part
            if k in (0, 1): gl = gl + rho * part
            if k in (0, 2): gm = gm + rho * part
        gl = gl * w; gm = gm * w
        g = np.concatenate([np.bincount(h, gl, n) + np.bincount(a, gm, n), np.bincount(a, gl, n) + np.bincount(h, gm, n), [gl.sum(), (w * gr).sum()]])
        total = (w * value).sum()
    return (math.inf, p) if not math.isfinite(total) else (-total, -g)
p = np.zeros(2 * n + 2); H = np.eye(2 * n + 2) / len(rows); f, g = look(p)
for step in range(500):
    if abs(g).max() < 1e-5: break
    d = -H @ g; t = 1.0
    while True:
        f2, g2 = look(p + t * d)
        if f2 <= f + 1e-4 * t * (g @ d): break
        t /= 2
    s = t * d; q = g2 - g; p = p + s; f, g = f2, g2
    if s @ q > 1e-12:
        r = 1 / (s @ q); V = np.eye(len(p)) - r * np.outer(s, q); H = V @ H @ V.T + r * np.outer(s, s)
print(repr(float(fixed - f)), file=open(sys.argv[2], "w"))', 1)$$, 1e-9, 0.05);
\endif
