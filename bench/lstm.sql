-- n / 100 sequences of 18 steps of 8 numbers through one network of 64 units, one after the other; the other sides run in the
-- same backend, on one thread, with their network kept.
CREATE TABLE sequence AS SELECT i, ARRAY(SELECT (random() * 4 - 2)::real FROM generate_series(1, 18 * 8)) AS steps FROM generate_series(1, :n / 100) AS i;
CREATE TABLE network AS SELECT ARRAY(SELECT ((random() - 0.5) / 4)::real FROM generate_series(1, 73 * 256 + 65)) AS weights;
VACUUM ANALYZE sequence;
SELECT count(*) > 0 AS has_plpython FROM pg_available_extensions WHERE name = 'plpython3u' \gset
\if :has_plpython
CREATE EXTENSION IF NOT EXISTS plpython3u;
CREATE FUNCTION python_lstm(by text, steps real[]) RETURNS float8 LANGUAGE plpython3u AS $$
if by not in GD:
	import numpy
	w = numpy.array(plpy.execute("SELECT weights FROM network")[0]["weights"], dtype="float32")
	gates = w[:73 * 256].reshape(73, 256)
	if by == "numpy":
		def run(steps):
			h = c = numpy.zeros(64, dtype="float32")
			for x in numpy.array(steps, dtype="float32").reshape(18, 8):
				i, f, g, o = numpy.split(gates[0] + x @ gates[1:9] + h @ gates[9:], 4)
				c = c / (1 + numpy.exp(-f)) + numpy.tanh(g) / (1 + numpy.exp(-i))
				h = numpy.tanh(c) / (1 + numpy.exp(-o))
			return float(w[-65] + h @ w[-64:])
	else:
		import torch
		torch.set_num_threads(1)
		net = torch.nn.LSTM(8, 64, batch_first=True)
		with torch.no_grad():
			net.weight_ih_l0.copy_(torch.from_numpy(gates[1:9].T.copy()))
			net.weight_hh_l0.copy_(torch.from_numpy(gates[9:].T.copy()))
			net.bias_ih_l0.copy_(torch.from_numpy(gates[0].copy()))
			net.bias_hh_l0.zero_()
		head = torch.from_numpy(w[-64:].copy())
		def run(steps):
			with torch.no_grad():
				h = net(torch.tensor(steps, dtype=torch.float32).reshape(1, 18, 8))[1][0][0, 0]
				return float(w[-65] + h @ head)
	GD[by] = run
return GD[by](steps)
$$;
CREATE FUNCTION there(module text) RETURNS boolean LANGUAGE plpython3u AS $$
import importlib.util
return importlib.util.find_spec(module) is not None
$$;
INSERT INTO pair (subject, n, ours, other_name, other, tolerance, goal)
	SELECT 'lstm_predict', :n / 100, 'SELECT sum((lstm_predict(weights, 8, 64, steps))[1]) FROM sequence, network', name || ' in plpython3u',
		format('SELECT sum(python_lstm(%L, steps)) FROM sequence', module), 1e-5, goal
	FROM (VALUES ('torch', 'PyTorch', 0.09), ('numpy', 'numpy', NULL)) AS other (module, name, goal) WHERE there(module);
\else
\warn 'pairs with plpython3u left out: postgresql-plpython3 is not installed'
\endif
