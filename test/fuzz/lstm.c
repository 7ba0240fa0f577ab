#include "core/lstm.h"
#include "fuzz.h"

#define STEPS 4

static void
check(void)
{
}

/* Whatever the weights and sequences: numbers come out bounded by the last layer, the same with all registers. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static float weights[4000],
				gradient[4000],
				space[40000];
	fuzz_bytes	in = {data, size};
	lstm_shape	s = {fuzz_int(&in, 1, 3), LSTM_UNIT, fuzz_int(&in, 1, 2)};
	float		sequence[3 * STEPS * 3],
				targets[3 * 2],
				outputs[2],
				again[2];
	float		largest = 0;
	size_t		order[3];

	FUZZ_CHECK(lstm_weights(s) <= 4000 && lstm_fit_space(s, STEPS) <= 40000);
	for (size_t i = 0; i < lstm_weights(s); i++)
	{
		weights[i] = (float) (fuzz_byte(&in) % 8 ? fuzz_unit(&in) - 0.5 : fuzz_double(&in));
		if (!(fabsf(weights[i]) < 1e18f))
			weights[i] = 1;
		if (i >= lstm_weights(s) - 17 * s.outputs)
			largest = fmaxf(largest, fabsf(weights[i]));
	}
	for (size_t i = 0; i < sizeof sequence / sizeof *sequence; i++)
	{
		sequence[i] = (float) (fuzz_byte(&in) % 8 ? fuzz_int(&in, -40, 40) : fuzz_double(&in));
		if (!(fabsf(sequence[i]) < 1e18f))
			sequence[i] = -1;
	}
	for (size_t i = 0; i < sizeof targets / sizeof *targets; i++)
		targets[i] = (float) fuzz_int(&in, -100, 100);
	lstm_predict(s, weights, sequence, STEPS, space, outputs);
	lstm_register_bits = fuzz_byte(&in) % 16 ? 256 : 128;
	lstm_predict(s, weights, sequence, STEPS, space, again);
	lstm_register_bits = 512;
	for (int k = 0; k < s.outputs; k++)
		FUZZ_CHECK(outputs[k] == again[k] && fabsf(outputs[k]) <= 17.1f * largest);
	memset(gradient, 0, sizeof gradient);
	FUZZ_CHECK(lstm_gradient(s, weights, sequence, STEPS, targets, space, gradient) >= 0);
	if (fuzz_byte(&in) % 16 == 0)
	{
		lstm_rows	learn = {sequence, targets, 2, STEPS},
					aside = {sequence + 2 * STEPS * s.inputs, targets + 2 * s.outputs, 1, STEPS};

		if (lstm_fit(s, learn, aside, (lstm_training) {3, 1, 2, fuzz_unit(&in), fuzz_int(&in, 0, 99)}, order, space, weights, check) == CORE_OK)
			for (size_t i = 0; i < lstm_weights(s); i++)
				FUZZ_CHECK(isfinite(weights[i]));
	}
	return 0;
}
