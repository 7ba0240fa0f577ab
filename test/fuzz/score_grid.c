#include "core/score_grid.h"
#include "fuzz.h"

#define N 12

static void
check(const double *probs)
{
	score_grid	grid = {N, N, probs};
	double		p[3];

	for (int i = 0; i < N * N; i++)
		FUZZ_CHECK(probs[i] >= 0 && probs[i] <= 1);
	FUZZ_CHECK(score_grid_sum(&grid) <= 1 + 1e-12);
	score_grid_outcomes(&grid, p);
	FUZZ_CHECK(fabs(p[0] + p[1] + p[2] - score_grid_sum(&grid)) <= 1e-12);
	FUZZ_CHECK(fabs(p[1] - score_grid_margin(&grid, 0)) <= 1e-14);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	double		home = SCORE_GRID_MAX_RATE * fuzz_unit(&in),
				away = fabs(fuzz_double(&in)),
				probs[N * N];

	if (!(away <= SCORE_GRID_MAX_RATE))
		away = 1;
	if (score_grid_dixon_coles(home, away, fuzz_double(&in), N - 1, probs) == CORE_OK)
		check(probs);
	score_grid_bivariate_poisson(home, away, SCORE_GRID_MAX_RATE * fuzz_unit(&in), N - 1, probs);
	check(probs);
	return 0;
}
