#include "core/bootstrap.h"
#include "fuzz.h"

static void
interrupts(void)
{
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	bootstrap_row rows[50],
				work[50];
	double		drawn[200];
	bootstrap_interval r;
	int			n = fuzz_int(&in, 0, 50);

	for (int i = 0; i < n; i++)
	{
		double		value = fuzz_int(&in, 0, 3) ? fuzz_int(&in, -100, 100) : fuzz_double(&in);
		double		weight = fuzz_int(&in, 0, 3) ? fuzz_int(&in, 0, 100) : fabs(fuzz_double(&in));

		rows[i].cluster = fuzz_int(&in, -20, 20);
		rows[i].value = isfinite(value) ? value : 0;
		rows[i].weight = isfinite(weight) ? weight : 0;
	}
	if (bootstrap_ratio(rows, work, n, drawn, 100 + fuzz_int(&in, 0, 100), size, interrupts, &r) != CORE_OK)
		r = (bootstrap_interval) {0};
	FUZZ_CHECK(r.clusters <= n && (!r.known || isfinite(r.estimate)));
	if (r.bounded)
		FUZZ_CHECK(r.lower <= r.upper && isfinite(r.error) && r.positive >= 0 && r.positive <= 1);
	{
		bootstrap_bet bets[50];
		bootstrap_path_interval path[PATH_MEASURES];
		double		work[3000];

		n = fuzz_int(&in, 1, 50);
		for (int i = 0; i < n; i++)
		{
			double		value = fuzz_int(&in, 0, 3) ? fuzz_int(&in, -100, 100) : fuzz_double(&in);
			double		weight = fuzz_int(&in, 0, 3) ? fuzz_int(&in, 1, 100) : fabs(fuzz_double(&in));

			bets[i] = (bootstrap_bet) {isfinite(value) ? value : 0, isfinite(weight) && weight > 0 ? weight : 1, fuzz_int(&in, -20, 20)};
		}
		FUZZ_CHECK(bootstrap_path_work(n, 100) <= sizeof(work));
		if (bootstrap_path(bets, n, 10, 2, work, 100, size, interrupts, path) != CORE_OK)
			return 0;
		for (int k = 0; k < PATH_MEASURES; k++)
			FUZZ_CHECK(!isnan(path[k].estimate) && path[k].lower <= path[k].upper);
	}
	return 0;
}
