/*
 * The kernels of core/lstm.c for one width of registers: included once for each, with WIDTH (floats), NAME(kernel) and
 * TARGET (its attributes). Every sum runs in one order and product and sum are one rounding, so all widths give the same bits.
 */
typedef float NAME(lanes) __attribute__((vector_size(4 * WIDTH)));
typedef float NAME(lanes_at) __attribute__((vector_size(4 * WIDTH), aligned(4), may_alias));
typedef int32_t NAME(lane_ints) __attribute__((vector_size(4 * WIDTH)));
typedef uint32_t NAME(lane_bits) __attribute__((vector_size(4 * WIDTH)));

#define lanes NAME(lanes)
#define lane_ints NAME(lane_ints)
#define AT(p) (*(NAME(lanes_at) *) (p))
#define OF(p) (*(const NAME(lanes_at) *) (p))
#define INLINE TARGET __attribute__((always_inline)) static inline

/* out[j] += sum over i of x[i] * w[i][j], in the order of i; columns: a multiple of LSTM_UNIT */
INLINE void
NAME(add_product) (const float *w, int columns, const float *x, int n, float *out)
{
	int			j = 0;

	for (; j + 8 * WIDTH <= columns; j += 8 * WIDTH)
	{
		const float *row = w + j;
		lanes		sum[8];

#pragma GCC unroll 8
		for (int k = 0; k < 8; k++)
			sum[k] = OF(out + j + k * WIDTH);
		for (int i = 0; i < n; i++, row += columns)
		{
			lanes		factor = x[i] + (lanes) {0};

#pragma GCC unroll 8
			for (int k = 0; k < 8; k++)
				sum[k] = FMA(factor, OF(row + k * WIDTH), sum[k]);
		}
#pragma GCC unroll 8
		for (int k = 0; k < 8; k++)
			AT(out + j + k * WIDTH) = sum[k];
	}
	for (; j < columns; j += WIDTH)
	{
		lanes		sum = OF(out + j);

		for (int i = 0; i < n; i++)
			sum = FMA(x[i] + (lanes) {0}, OF(w + (size_t) i * columns + j), sum);
		AT(out + j) = sum;
	}
}

/*
 * exp: 2^n times the exponential of what is left, |rest| <= ln 2 / 2, by its series to the seventh power; 2e-7 of it.
 * Far out it stays where a float has numbers.
 */
INLINE lanes
NAME(exponential) (lanes x)
{
	const lanes most = (lanes) {0} + 87;
	const lanes round = (lanes) {0} + 12582912; /* 1.5 * 2^23: adding it rounds to a whole number */
	lane_ints	above = x > most,
				below = x < -most;
	lanes		v = (lanes) (((lane_ints) x & ~above & ~below) | ((lane_ints) most & above) | ((lane_ints) -most & below));
	lanes		n = v * 1.44269504f + round;
	NAME(lane_bits) power = ((NAME(lane_bits)) n - (NAME(lane_bits)) round + 127) * (1u << 23);
	lanes		rest,
				sum;

	n -= round;
	rest = v - n * 0.693359375f - n * -2.12194440e-4f;	/* ln 2 in two parts, the first exact times n */
	sum = rest * (1.0f / 5040) + 1.0f / 720;
	sum = sum * rest + 1.0f / 120;
	sum = sum * rest + 1.0f / 24;
	sum = sum * rest + 1.0f / 6;
	sum = sum * rest + 0.5f;
	sum = sum * rest + 1;
	sum = sum * rest + 1;
	return sum * (lanes) power;
}

INLINE lanes
NAME(sigmoid) (lanes x)
{
	return 1 / (1 + NAME(exponential) (-x));
}

INLINE lanes
NAME(tangent) (lanes x)
{
	return 1 - 2 / (1 + NAME(exponential) (2 * x));
}

/* One step: gates from biases, inputs and the state before, then the new cells and state. bounded: tanh of the cells. */
TARGET static void
NAME(step) (lstm_shape s, const float *weights, const float *x, const float *state, const float *cells, float *gates, float *new_cells,
			float *bounded, float *new_state)
{
	int			h = s.hidden,
				columns = 4 * h;

	memcpy(gates, weights, columns * sizeof(float));
	NAME(add_product) (weights + columns, columns, x, s.inputs, gates);
	NAME(add_product) (weights + (size_t) (1 + s.inputs) * columns, columns, state, h, gates);
	for (int j = 0; j < h; j += WIDTH)
	{
		lanes		input = NAME(sigmoid) (OF(gates + j)),
					forget = NAME(sigmoid) (OF(gates + h + j)),
					cell = NAME(tangent) (OF(gates + 2 * h + j)),
					output = NAME(sigmoid) (OF(gates + 3 * h + j)),
					kept = forget * OF(cells + j) + input * cell,
					at = NAME(tangent) (kept);

		AT(gates + j) = input;
		AT(gates + h + j) = forget;
		AT(gates + 2 * h + j) = cell;
		AT(gates + 3 * h + j) = output;
		AT(new_cells + j) = kept;
		AT(bounded + j) = at;
		AT(new_state + j) = output * at;
	}
}

/*
 * The slopes in the gates' sums from those in state and cells, added to the gradient, and then those in the state and
 * cells before. turned: the weights of the state, a row a gate.
 */
TARGET static void
NAME(step_back) (lstm_shape s, const float *turned, const float *x, const float *state, const float *cells, const float *gates,
				 const float *bounded, float *slopes, float *state_slopes, float *cell_slopes, float *gradient)
{
	int			h = s.hidden,
				columns = 4 * h;

	for (int j = 0; j < h; j += WIDTH)
	{
		lanes		input = OF(gates + j),
					forget = OF(gates + h + j),
					cell = OF(gates + 2 * h + j),
					output = OF(gates + 3 * h + j),
					at = OF(bounded + j),
					down = OF(cell_slopes + j) + OF(state_slopes + j) * output * (1 - at * at);

		AT(slopes + j) = down * cell * input * (1 - input);
		AT(slopes + h + j) = down * OF(cells + j) * forget * (1 - forget);
		AT(slopes + 2 * h + j) = down * input * (1 - cell * cell);
		AT(slopes + 3 * h + j) = OF(state_slopes + j) * at * output * (1 - output);
		AT(cell_slopes + j) = down * forget;
	}
	for (int i = 0; i < 1 + s.inputs + h; i++)
	{
		lanes		factor = (i == 0 ? 1 : i <= s.inputs ? x[i - 1] : state[i - 1 - s.inputs]) + (lanes) {0};
		float	   *row = gradient + (size_t) i * columns;

		for (int j = 0; j < columns; j += WIDTH)
			AT(row + j) = FMA(factor, OF(slopes + j), OF(row + j));
	}
	memset(state_slopes, 0, h * sizeof(float));
	NAME(add_product) (turned, h, slopes, columns, state_slopes);
}

#undef lanes
#undef lane_ints
#undef AT
#undef OF
#undef INLINE
#undef WIDTH
#undef NAME
#undef TARGET
#undef FMA
