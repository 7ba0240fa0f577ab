#include "core/bootstrap.h"

#include <math.h>

#include "core/interval.h"
#include "core/normal.h"
#include "core/order.h"
#include "core/random.h"
#include "core/sum.h"

/* Rows in order become one row a cluster, those without weight left out. */
static size_t
sum_clusters(bootstrap_row *rows, size_t n)
{
	size_t		clusters = 0;

	for (size_t i = 0; i < n;)
	{
		core_sum	value = {0},
					weight = {0};
		int64_t		cluster = rows[i].cluster;

		for (; i < n && rows[i].cluster == cluster; i++)
		{
			core_sum_add(&value, rows[i].value);
			core_sum_add(&weight, rows[i].weight);
		}
		if (core_sum_value(weight) > 0)
		{
			rows[clusters].cluster = cluster;
			rows[clusters].value = core_sum_value(value);
			rows[clusters].weight = core_sum_value(weight);
			clusters++;
		}
	}
	return clusters;
}

/* How lopsided the estimate is, from leaving out each cluster in turn. */
static double
acceleration(const bootstrap_row *rows, size_t clusters, double value, double weight)
{
	core_moments m = {0};
	double		squares = 0,
				cubes = 0;

	for (size_t i = 0; i < clusters; i++)
		core_moments_add(&m, (value - rows[i].value) / (weight - rows[i].weight));
	for (size_t i = 0; i < clusters; i++)
	{
		double		off = m.mean - (value - rows[i].value) / (weight - rows[i].weight);

		squares += off * off;
		cubes += off * off * off;
	}
	return squares > 0 ? cubes / (6 * squares * sqrt(squares)) : 0;
}

/* The rank, from 0, of the replicate at the corrected level: outward, and never beyond the last. */
static size_t
corrected_rank(double z, double bias, double skew, int replicates)
{
	double		reach = bias + z;
	double		bend = 1 - skew * reach;
	double		level = bend > 0 ? normal_cdf(bias + reach / bend) : reach > 0;
	double		rank = z < 0 ? floor(level * (replicates + 1)) : ceil(level * (replicates + 1));

	return (size_t) fmin(fmax(rank, 1), replicates) - 1;
}

core_status
bootstrap_ratio(bootstrap_row *rows, bootstrap_row *work, size_t n, double *drawn, int replicates,
				uint64_t seed, void (*interrupts) (void), bootstrap_interval *result)
{
	const double z = 1.959963984540054;
	core_sum	value = {0},
				weight = {0};
	core_moments moments = {0};
	double		under = 0,
				above = 0,
				bias,
				skew;
	size_t		clusters,
				since = 0;

	*result = (bootstrap_interval) {0};
	order_sort_rows((double *) rows, (double *) work, n, sizeof(bootstrap_row) / sizeof(double), interrupts);
	clusters = sum_clusters(rows, n);
	result->clusters = (double) clusters;
	result->known = clusters > 0;
	result->bounded = clusters > 1;
	if (!result->known)
		return CORE_OK;
	for (size_t i = 0; i < clusters; i++)
	{
		core_sum_add(&value, rows[i].value);
		core_sum_add(&weight, rows[i].weight);
	}
	result->estimate = core_sum_value(value) / core_sum_value(weight);
	if (!isfinite(result->estimate) || !isfinite(core_sum_value(weight)))
		return CORE_NO_SOLUTION;
	if (!result->bounded)
		return CORE_OK;

	for (int r = 0; r < replicates; r++)
	{
		double		values = 0,
					weights = 0,
					ratio;

		for (size_t i = 0; i < clusters; i++)
		{
			const bootstrap_row *row = &rows[random_below(&seed, clusters)];

			values += row->value;
			weights += row->weight;
			if (++since == 65536)
			{
				interrupts();
				since = 0;
			}
		}
		ratio = values / weights;
		if (!isfinite(ratio) || !isfinite(weights))
			return CORE_NO_SOLUTION;
		drawn[r] = ratio;
		core_moments_add(&moments, ratio);
		under += ratio < result->estimate ? 1 : ratio == result->estimate ? 0.5 : 0;
		above += ratio > 0 ? 1 : ratio == 0 ? 0.5 : 0;
	}
	result->error = sqrt(moments.m2 / (replicates - 1));
	result->positive = above / replicates;
	/* half a replicate on either side keeps the bias finite */
	bias = normal_quantile((under + 0.5) / (replicates + 1));
	skew = acceleration(rows, clusters, core_sum_value(value), core_sum_value(weight));
	result->lower = order_kth(drawn, replicates, corrected_rank(-z, bias, skew, replicates), interrupts);
	result->upper = order_kth(drawn, replicates, corrected_rank(z, bias, skew, replicates), interrupts);
	if (!isfinite(result->error) || !isfinite(skew))
		return CORE_NO_SOLUTION;
	return CORE_OK;
}
