#include "core/bootstrap.h"

#include <math.h>
#include <string.h>

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

/* ---- measures that depend on the order of the bets ------------------------------------------------ */

typedef struct path_step
{
	double		profit;
	uint32_t	cluster;		/* from 0 */
	int32_t		sign;			/* of the profit */
} path_step;

/* What the order of a cluster's bets does not change. */
typedef struct path_sums
{
	double		bets;
	double		centred;		/* returns less the mean return of all bets */
	double		squares;		/* of these */
	double		below2;			/* squared shortfalls of the returns below 0 */
} path_sums;

static size_t
path_clusters(const bootstrap_bet *bets, size_t n, path_step *steps, double *rows, double *spare, void (*interrupts) (void))
{
	size_t		clusters = 0;

	for (size_t i = 0; i < n; i++)
	{
		memcpy(&rows[2 * i], &bets[i].cluster, sizeof(int64_t));
		rows[2 * i + 1] = (double) i;
	}
	order_sort_rows(rows, spare, n, 2, interrupts);
	for (size_t i = 0; i < n; i++)
	{
		clusters += i == 0 || memcmp(&rows[2 * i], &rows[2 * i - 2], sizeof(int64_t)) != 0;
		steps[(size_t) rows[2 * i + 1]].cluster = (uint32_t) (clusters - 1);
	}
	return clusters;
}

/* ratio / root, infinite or 0 where there is nothing to divide by. */
static double
path_ratio(double mean, double root)
{
	return root > 0 ? mean / root : mean > 0 ? INFINITY : mean < 0 ? -INFINITY : 0;
}

/* All measures of the bets, each taken times[cluster] times; false when there are no numbers. */
static bool
path_measure(const path_step *steps, size_t n, const path_sums *sums, size_t clusters, const uint32_t *times, double mean,
			 double bankroll, double years, double value[PATH_MEASURES])
{
	double		count = 0,
				sum = 0,
				squares = 0,
				below = 0,
				balance = bankroll,
				peak = bankroll,
				fall = 0,
				fraction = 0,
				off;
	int64_t		run = 0,
				longest = 0;

	for (size_t i = 0; i < clusters; i++)
	{
		double		m = times[i];

		count += m * sums[i].bets;
		sum += m * sums[i].centred;
		squares += m * sums[i].squares;
		below += m * sums[i].below2;
	}
	/* without branches that depend on the draw */
	for (size_t i = 0; i < n; i++)
	{
		int64_t		m = times[steps[i].cluster];
		int64_t		won = -(int64_t) ((steps[i].sign > 0) & (m > 0));
		double		under;

		balance += (double) m * steps[i].profit;
		peak = balance > peak ? balance : peak;
		under = peak - balance;
		fall = under > fall ? under : fall;
		if (under > fraction * peak)
			fraction = under / peak;
		run = (run + (m & -(int64_t) (steps[i].sign < 0))) & ~won;
		longest = run > longest ? run : longest;
	}
	off = sum / count;
	/* what rounding leaves of equal returns is no spread */
	squares = fmax(squares - sum * off, 0);
	squares = squares > 1e-24 * count * mean * mean ? squares : 0;
	value[PATH_RETURN] = (balance - bankroll) / bankroll;
	value[PATH_SHARPE] = count > 1 ? path_ratio(mean + off, sqrt(squares / (count - 1))) : 0;
	value[PATH_SORTINO] = path_ratio(mean + off, sqrt(below / count));
	value[PATH_CALMAR] = path_ratio(balance > 0 ? expm1(log(balance / bankroll) / years) : -1, fraction);
	value[PATH_DRAWDOWN] = fall;
	value[PATH_FRACTION] = fraction;
	value[PATH_LOSING_RUN] = (double) longest;
	for (int k = 0; k < PATH_MEASURES; k++)
		if (isnan(value[k]))
			return false;
	return isfinite(balance) && isfinite(squares) && isfinite(below);
}

size_t
bootstrap_path_work(size_t n, int replicates)
{
	return n * (sizeof(path_step) + sizeof(path_sums) + 4 * sizeof(double) + sizeof(uint32_t)) + (size_t) PATH_MEASURES * replicates * sizeof(double);
}

core_status
bootstrap_path(const bootstrap_bet *bets, size_t n, double bankroll, double years, void *work, int replicates,
			   uint64_t seed, void (*interrupts) (void), bootstrap_path_interval result[PATH_MEASURES])
{
	double	   *drawn = work;
	double	   *rows = drawn + (size_t) PATH_MEASURES * replicates;
	path_step  *steps = (path_step *) (rows + 4 * n);
	path_sums  *sums = (path_sums *) (steps + n);
	uint32_t   *times = (uint32_t *) (sums + n);
	size_t		low = (size_t) fmax(floor(0.025 * (replicates + 1)), 1) - 1;
	double		value[PATH_MEASURES];
	core_sum	returns = {0};
	double		mean;
	size_t		clusters = path_clusters(bets, n, steps, rows, rows + 2 * n, interrupts);
	size_t		since = 0;

	for (size_t i = 0; i < n; i++)
		core_sum_add(&returns, bets[i].profit / bets[i].stake);
	mean = core_sum_value(returns) / (double) n;
	if (!isfinite(mean))
		return CORE_NO_SOLUTION;
	memset(sums, 0, clusters * sizeof(*sums));
	for (size_t i = 0; i < n; i++)
	{
		double		part = bets[i].profit / bets[i].stake;
		path_sums  *own = &sums[steps[i].cluster];

		own->bets += 1;
		own->centred += part - mean;
		own->squares += (part - mean) * (part - mean);
		own->below2 += part < 0 ? part * part : 0;
		steps[i].profit = bets[i].profit;
		steps[i].sign = (bets[i].profit > 0) - (bets[i].profit < 0);
	}
	for (size_t i = 0; i < clusters; i++)
		times[i] = 1;
	if (!path_measure(steps, n, sums, clusters, times, mean, bankroll, years, value))
		return CORE_NO_SOLUTION;
	for (int k = 0; k < PATH_MEASURES; k++)
		result[k] = (bootstrap_path_interval) {value[k], value[k], value[k]};
	if (clusters < 2)
		return CORE_OK;

	for (int r = 0; r < replicates; r++)
	{
		memset(times, 0, clusters * sizeof(*times));
		for (size_t i = 0; i < clusters; i++)
			times[random_below(&seed, clusters)]++;
		if (!path_measure(steps, n, sums, clusters, times, mean, bankroll, years, value))
			return CORE_NO_SOLUTION;
		for (int k = 0; k < PATH_MEASURES; k++)
			drawn[(size_t) k * replicates + r] = value[k];
		since += n + clusters;
		if (since > 65536)
		{
			interrupts();
			since = 0;
		}
	}
	for (int k = 0; k < PATH_MEASURES; k++)
	{
		result[k].lower = order_kth(drawn + (size_t) k * replicates, replicates, low, interrupts);
		result[k].upper = order_kth(drawn + (size_t) k * replicates, replicates, replicates - 1 - low, interrupts);
	}
	return CORE_OK;
}
