#include "core/score.h"
#include "fuzz.h"

/* A state that was taken for one stays one, and its mean is no NaN. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	score_logs	logs = {.product = 1};
	score_logs	given = {fuzz_double(&in), {fuzz_double(&in), fuzz_double(&in)}, fuzz_double(&in), fuzz_double(&in)};
	double		sum = 0;
	int			n = 0;

	while (in.size > 0)
	{
		double		p = fuzz_double(&in);
		int			happened = fuzz_int(&in, 0, 1);

		if (!(p >= 0 && p <= 1))
			continue;
		score_logs_add_event(&logs, p, happened);
		sum += score_log_event(p, happened);
		n++;
		FUZZ_CHECK(score_logs_sound(&logs));
	}
	if (n > 0)
	{
		double		mean = score_logs_mean(&logs);

		FUZZ_CHECK(mean == sum / n || fabs(mean - sum / n) <= 1e-12 * mean);
	}
	if (score_logs_sound(&given))
	{
		score_logs_merge(&logs, &given);
		FUZZ_CHECK(logs.n == 0 || !isnan(score_logs_mean(&logs)));
	}
	return 0;
}
