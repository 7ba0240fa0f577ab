-- Logistic regression of three classes on twelve features with a ridge, fitted and applied to the rows: the sum of the
-- logarithms of the probabilities of what happened. The other side is Newton's method in numpy; its imports do not count.
\if :has_numpy
CREATE TABLE sample AS SELECT features, 1 + (random() < 1 / (1 + exp(-features[1] - features[2])))::int + (random() < 1 / (1 + exp(features[3])))::int AS class
	FROM (SELECT ARRAY(SELECT (random() * j + n % 2 * random())::real FROM generate_series(1, 12) AS j) AS features FROM generate_series(1, :n / 10) AS n) AS r;
VACUUM ANALYZE sample;
CREATE FUNCTION numpy_logistic() RETURNS float8 LANGUAGE sql RETURN through_python(
	(SELECT 'SELECT class, ' || string_agg(format('features[%s]', j), ', ') || ' FROM sample' FROM generate_series(1, 12) AS j),
	$$import sys, time, numpy
began = time.perf_counter()
rows = numpy.loadtxt(sys.argv[1], delimiter=",")
y, x = rows[:, 0].astype(int) - 1, rows[:, 1:].astype("float32").astype(float)
n, k = len(y), 3
z = numpy.column_stack([numpy.ones(n), (x - x.mean(0)) / x.std(0)])
w = z.shape[1]
ridge = numpy.diag(numpy.tile(numpy.r_[0, numpy.full(w - 1, 10.0)], k))
free = numpy.kron(numpy.ones((k, k)), numpy.eye(1, w).T @ numpy.eye(1, w)) * n
theta, happened = numpy.zeros(k * w), numpy.eye(k)[y]
while True:
    m = z @ theta.reshape(k, w).T
    p = numpy.exp(m - m.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    g = ((happened - p).T @ z).ravel() - (ridge + free) @ theta
    h = ridge + free
    for a in range(k):
        for b in range(k):
            h[a * w:a * w + w, b * w:b * w + w] += (z * (p[:, a] * ((a == b) - p[:, b]))[:, None]).T @ z
    step = numpy.linalg.solve(h, g)
    theta += step
    if g @ step < 1e-18 * n:
        break
m = z @ theta.reshape(k, w).T
loss = (m[numpy.arange(n), y] - m.max(1) - numpy.log(numpy.exp(m - m.max(1, keepdims=True)).sum(1))).sum()
print(loss, 1000 * (time.perf_counter() - began), sep=",", file=open(sys.argv[2], "w"))$$, 2, 'copy');
INSERT INTO pair (subject, n, ours, other_name, other, tolerance, goal) VALUES
	('logistic_fit and logistic_apply, 12 features, 3 classes', :n / 10,
		'WITH fit AS MATERIALIZED (SELECT logistic_fit(features, class, 10) AS m FROM sample) SELECT sum(ln((logistic_apply(m, features))[class])) FROM sample, fit',
		'COPY, Newton in numpy', 'SELECT numpy_logistic()', 1e-9, NULL);
\endif
