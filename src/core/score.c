#include "core/score.h"

#include <math.h>

#include "core/random.h"

double
score_log(double p)
{
	return p == 1 ? 0 : -log(p);	/* not -0 */
}

double
score_log_event(double p, int happened)
{
	if (happened)
		return score_log(p);
	return p == 0 ? 0 : -log1p(-p);	/* log1p keeps the digits of a small p */
}

/* -ln(product + low); near 1 the difference from 1 is what counts. */
double
score_log_product(double product, double low)
{
	if (product > 0.5)
		return 0 - log1p((product - 1) + low);
	return -(log(product) + low / product);
}

double
score_logs_mean(const score_logs *logs)
{
	core_sum	sum = logs->sum;

	core_sum_add(&sum, score_log_product(logs->product, logs->low));
	return core_sum_value(sum) / logs->n;
}

void
score_logs_merge(score_logs *logs, const score_logs *other)
{
	logs->n += other->n;
	core_sum_merge(&logs->sum, other->sum);
	core_sum_add(&logs->sum, score_log_product(other->product, other->low));
}

int
score_mean_sound(const score_mean *mean)
{
	return mean->n >= 0 && mean->n <= 0x1p53 && mean->n == floor(mean->n) && mean->sum.high >= 0 && fabs(mean->sum.low) <= mean->sum.high &&
		isfinite(mean->sum.low);
}

int
score_logs_sound(const score_logs *logs)
{
	score_mean	mean = {logs->n, logs->sum};

	return score_mean_sound(&mean) && logs->product >= SCORE_PRODUCT_LEAST && logs->product <= 1 &&
		fabs(logs->low) <= logs->product;
}

size_t
score_cluster_places(size_t n)
{
	size_t		places = 16;

	while (places < 2 * n)
		places *= 2;
	return places;
}

size_t
score_clusters(const score_row *row, size_t n, score_cluster *place, double *mean, double *error, void (*check) (void))
{
	size_t		places = score_cluster_places(n);
	size_t		clusters = 0;
	core_sum	sum = {0};
	core_sum	squares = {0};

	for (size_t i = 0; i < n; i++)
	{
		size_t		at = (size_t) random_mix((uint64_t) row[i].cluster) & (places - 1);

		if (i % 65536 == 0)
			check();
		while (place[at].n > 0 && place[at].cluster != row[i].cluster)
			at = (at + 1) & (places - 1);
		clusters += place[at].n == 0;
		place[at].cluster = row[i].cluster;
		place[at].n += 1;
		core_sum_add(&place[at].sum, row[i].value);
		core_sum_add(&sum, row[i].value);
	}
	*mean = core_sum_value(sum) / n;
	for (size_t at = 0; at < places; at++)
	{
		double		off = core_sum_value(place[at].sum) - place[at].n * *mean;

		if (place[at].n > 0)
			core_sum_add(&squares, off * off);
	}
	*error = clusters < 2 ? 0 : sqrt(core_sum_value(squares) * ((double) clusters / (clusters - 1))) / n;
	return clusters;
}
