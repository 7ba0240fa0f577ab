-- A recurrent network: long short-term memory.

CREATE FUNCTION lstm_accum(state internal, sequence real[], targets real[], aside boolean, inputs int, hidden int, epochs int, learning_rate float8,
	seed int) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_lstm_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION lstm_accum(internal, real[], real[], boolean, int, int, int, float8, int) IS 'Adds a row to the state of aggregate lstm_fit.';
CREATE FUNCTION lstm_final(state internal) RETURNS real[]
	AS 'MODULE_PATHNAME', 'bet_edge_lstm_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION lstm_final(internal) IS 'Trains on the rows in the state of aggregate lstm_fit.';

CREATE AGGREGATE lstm_fit(sequence real[], targets real[], aside boolean, inputs int, hidden int, epochs int, learning_rate float8, seed int)
	(SFUNC = lstm_accum, STYPE = internal, FINALFUNC = lstm_final, COMBINEFUNC = series_combine,
	SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE lstm_fit(real[], real[], boolean, int, int, int, float8, int) IS
'Trains one layer of long short-term memory with linear outputs to say targets (1 to 16 numbers) after sequence (steps of inputs numbers each, up to 4096 in all), by Adam on half the squared error in batches of 32. hidden: units, a multiple of 16 up to 512. Rows with aside = true are not learnt from: it stops after 8 epochs without a better loss on them and keeps the weights of the best; without such rows it goes on for all epochs (1 to 10000). learning_rate: 1e-7 to 1, 0.001 is usual. Scale both to a standard deviation near 1. The same rows in any order and the same seed give the same weights, to the bit. The value is what lstm_predict takes; rows with a NULL argument are left out, NULL without rows. Refuses rows of different length, numbers that are not finite, rows aside alone, a loss beyond all numbers (22003). Source: Hochreiter & Schmidhuber 1997; Gers, Schmidhuber & Cummins 2000; Kingma & Ba 2015.';

CREATE FUNCTION lstm_predict(weights real[], inputs int, hidden int, sequence real[]) RETURNS real[]
	AS 'MODULE_PATHNAME', 'bet_edge_lstm_predict' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION lstm_predict(real[], int, int, real[]) IS
'The outputs of a network of lstm_fit after sequence: steps of inputs numbers, one step after the other, of any number of steps. weights: 1 + inputs + hidden rows of 4 * hidden columns (biases, inputs, units of the state before; gates input, forget, cell, output), then 1 + hidden rows of one column an output (biases, units); PyTorch''s matrices turned over, its two biases summed. float32, the same bits on every processor. Refuses weights for another inputs and hidden, a sequence that is no whole number of steps, numbers that are not finite, and outputs out of range (22003).';
