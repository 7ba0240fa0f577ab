#include "core/score_law.h"
#include "fuzz.h"

#define CASES 8
#define NUMBERS 300

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	score_law_case cases[CASES];
	int			from_zero = fuzz_byte(&in) % 2,
				n = fuzz_int(&in, 1, CASES),
				numbers = 0,
				reach;
	double		scale,
				weights[NUMBERS],
				work[3 * NUMBERS],
				probs[2 * NUMBERS],
				reconciled[2 * NUMBERS],
				home = fuzz_unit(&in),
				prediction = fuzz_int(&in, -90, 90) / 3.0,
				before[SETTLE_RESULTS] = {0};
	key_numbers keys;
	score_law	law;

	for (int i = 0; i < n; i++)
	{
		cases[i].prediction = fuzz_byte(&in) % 8 ? fuzz_int(&in, -150, 150) / 10.0 : fuzz_double(&in);
		if (!(fabs(cases[i].prediction) <= 30))
			cases[i].prediction = 0;
		cases[i].outcome = fuzz_int(&in, from_zero ? 0 : -20, 20);
	}
	if (score_law_scale(cases, n, &scale) != CORE_OK)
		return 0;
	for (int i = 0; i < n; i++)
	{
		if (score_law_reach(cases[i].prediction, scale, &reach) != CORE_OK || reach >= NUMBERS)
			return 0;
		numbers = fmax(numbers, fmax(reach, fabs(cases[i].outcome)) + 1);
	}
	score_law_fit(cases, n, scale, 10, from_zero ? 0 : 1 - numbers, numbers, weights, work, NULL);
	for (int k = 0; k < numbers; k++)
		FUZZ_CHECK(weights[k] > 0 && weights[k] < numbers + 1);

	keys = (key_numbers) {scale, numbers, weights};
	if (score_law_reach(prediction, scale, &reach) != CORE_OK || reach >= NUMBERS)
		return 0;
	law = (score_law) {from_zero ? 0 : -reach, reach + 1 + (from_zero ? 0 : reach), probs};
	FUZZ_CHECK(score_law_points(prediction, &keys, law.lowest, law.n, probs) == CORE_OK);
	for (int quarter = -60; quarter <= 60; quarter++)
	{
		double		results[SETTLE_RESULTS],
					sum = 0;

		score_law_line(&law, 1, quarter * 0.25, results);
		for (int r = 0; r < SETTLE_RESULTS; r++)
			sum += results[r];
		FUZZ_CHECK(fabs(sum - 1) <= 1e-12);
		/* a better line wins no less often and loses no oftener */
		FUZZ_CHECK(results[SETTLE_WIN] >= before[SETTLE_WIN] - 1e-15);
		FUZZ_CHECK(quarter == -60 || results[SETTLE_LOSS] <= before[SETTLE_LOSS] + 1e-15);
		memcpy(before, results, sizeof before);
	}
	if (score_law_reconcile(&law, (double[]) {home, 1 - home}, 2, fuzz_byte(&in) % 2 ? (double[]) {fuzz_int(&in, -60, 60) * 0.25, NAN} : NULL, reconciled) == CORE_OK)
	{
		double		outcomes[3];

		law.probs = reconciled;
		score_law_outcomes(&law, outcomes);
		FUZZ_CHECK(fabs(outcomes[0] - home * (1 - outcomes[1])) <= 1e-12);
		FUZZ_CHECK(fabs(outcomes[0] + outcomes[1] + outcomes[2] - 1) <= 1e-12);
	}
	if (score_law_implied(&keys, !from_zero, fuzz_int(&in, -60, 60) * 0.25, fuzz_unit(&in), &prediction) == CORE_OK)
		FUZZ_CHECK(score_law_reach(prediction, scale, &reach) == CORE_OK);
	if (score_law_implied_goals((double[]) {fuzz_int(&in, -20, 20) * 0.25, fuzz_int(&in, 0, 40) * 0.25}, (double[]) {fuzz_unit(&in), fuzz_unit(&in)},
								fuzz_unit(&in) - 0.5, probs) == CORE_OK)
		FUZZ_CHECK(probs[0] >= SCORE_LAW_MIN_RATE - 1e-12 && probs[1] >= SCORE_LAW_MIN_RATE - 1e-12);
	return 0;
}
