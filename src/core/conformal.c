#include "core/conformal.h"

#include <math.h>
#include <string.h>

#include "core/order.h"
#include "core/sum.h"

size_t
conformal_rank_below(size_t n, double alpha)
{
	double		below = (double) (n + 1) * alpha;

	below = floor(below + 1e-9 + below * 4e-16);
	return below < (double) n ? (size_t) below : n;
}

/* The place from 0 of the ceil((n+1)(1-alpha))-th smallest; n when there are fewer. */
static size_t
upper_place(size_t n, double alpha)
{
	return n - conformal_rank_below(n, alpha);
}

double
conformal_order_statistic(const double *scores, size_t n, double alpha, double *work, size_t room, void (*interrupts) (void))
{
	size_t		place = upper_place(n, alpha);

	return place >= n ? INFINITY : order_kth_in(scores, n, place, work, room, interrupts);
}

core_status
conformal_weighted(const double *scores, const double *weights, size_t stride, size_t n,
				   double test_weight, double alpha, void (*interrupts) (void), double *quantile)
{
	core_sum	sum = {test_weight, 0};
	double		total,
				limit;

	for (size_t i = 0; i < n; i++)
		core_sum_add(&sum, weights[i * stride]);
	total = core_sum_value(sum);
	if (!isfinite(total))
		return CORE_INVALID;
	limit = alpha * total + 1e-14 * total;	/* rounding must not move the place where a sum of weights is met */
	*quantile = test_weight > limit ? INFINITY :
		order_weighted(scores, weights, stride, n, test_weight, limit, interrupts);
	return CORE_OK;
}

core_status
conformal_jackknife(const double *predictions, const int *fold, const double *residuals, size_t n,
					double alpha, double *work, void (*interrupts) (void), double *lower, double *upper)
{
	size_t		below = conformal_rank_below(n, alpha);

	for (int side = -1; side <= 1; side += 2)
	{
		double	   *end = side < 0 ? lower : upper;

		for (size_t i = 0; i < n; i++)
		{
			work[i] = predictions[fold ? (size_t) (fold[i] - 1) : i] + side * residuals[i];
			if (!isfinite(work[i]))
				return CORE_INVALID;
		}
		if (below == 0)
			*end = side * (double) INFINITY;
		else
			*end = order_kth(work, n, side < 0 ? below - 1 : n - below, interrupts);
	}
	return CORE_OK;
}

double
conformal_cqr_score(double outcome, double lower, double upper)
{
	return fmax(lower - outcome, outcome - upper);
}

core_status
conformal_cqr(double prediction_lower, double prediction_upper, const double *outcomes,
			  const double *lowers, const double *uppers, size_t n, double alpha, int symmetric,
			  double *work, void (*interrupts) (void), double *lower, double *upper)
{
	double		reach[2];

	for (int side = 0; side < (symmetric ? 1 : 2); side++)
	{
		for (size_t i = 0; i < n; i++)
		{
			work[i] = symmetric ? conformal_cqr_score(outcomes[i], lowers[i], uppers[i]) :
				side == 0 ? lowers[i] - outcomes[i] : outcomes[i] - uppers[i];
			if (!isfinite(work[i]))
				return CORE_INVALID;
		}
		reach[side] = conformal_order_statistic(work, n, symmetric ? alpha : alpha / 2, NULL, 0, interrupts);
	}
	if (symmetric)
		reach[1] = reach[0];
	*lower = prediction_lower - reach[0];
	*upper = prediction_upper + reach[1];
	return (isfinite(reach[0]) && isinf(*lower)) || (isfinite(reach[1]) && isinf(*upper)) ? CORE_INVALID : CORE_OK;
}

double
conformal_pvalue(const double *scores, size_t n, double score, double u)
{
	double		greater = 0,
				equal = 1;

	for (size_t i = 0; i < n; i++)
	{
		greater += scores[i] > score;
		equal += scores[i] == score;
	}
	return (greater + u * equal) / ((double) n + 1);
}

double
conformal_aci(double alpha_t, int error, double alpha, double gamma)
{
	return alpha_t + gamma * (alpha - (error != 0));
}

/* ---- the stream: a tree of counts over the sorted scores (Fenwick 1994) ------------------------ */

static void
tree_add(size_t *tree, size_t size, size_t place)
{
	for (size_t i = place + 1; i <= size; i += i & (~i + 1))
		tree[i]++;
}

/* The place of the k-th (from 0) of those added. */
static size_t
tree_kth(const size_t *tree, size_t size, size_t k)
{
	size_t		place = 0,
				step = 1;

	while (step * 2 <= size)
		step *= 2;
	for (; step > 0; step /= 2)
		if (place + step <= size && tree[place + step] <= k)
		{
			place += step;
			k -= tree[place];
		}
	return place;
}

void
conformal_aci_stream(const double *known, size_t known_n, const double *stream, size_t n,
					 double alpha, double gamma, double *sorted, double *work, size_t *tree,
					 void (*interrupts) (void), double *alpha_t, double *quantile, unsigned char *error)
{
	size_t		size = known_n + n;
	double		now = alpha;

	memcpy(sorted, known, known_n * sizeof(double));
	memcpy(sorted + known_n, stream, n * sizeof(double));
	order_sort_many(sorted, work, size, interrupts);
	memset(tree, 0, (size + 1) * sizeof(size_t));
	for (size_t i = 0; i < known_n; i++)
		tree_add(tree, size, order_below(sorted, size, known[i]));
	for (size_t i = 0; i < n; i++)
	{
		size_t		seen = known_n + i,
					place;

		alpha_t[i] = now;
		if (now >= 1)
			quantile[i] = -INFINITY;
		else if (now <= 0 || (place = upper_place(seen, now)) >= seen)
			quantile[i] = INFINITY;
		else
			quantile[i] = sorted[tree_kth(tree, size, place)];
		error[i] = now >= 1 || stream[i] > quantile[i];	/* nothing is in the empty set, not even -Infinity */
		now = conformal_aci(now, error[i], alpha, gamma);
		tree_add(tree, size, order_below(sorted, size, stream[i]));
		if (interrupts != NULL && i % 4096 == 0)
			interrupts();
	}
}

/* ---- conformal PID ------------------------------------------------------------------------------- */

void
conformal_pid_update(conformal_pid *state, double score, const conformal_pid_gains *gains, double forecast)
{
	int			error = score > state->quantile;
	double		integral = 0;

	state->n += 1;
	state->errors += error;
	state->tracked += gains->learning_rate * (error - gains->alpha);
	if (gains->integral_gain > 0)
	{
		/* K tan(x log(t)/(t C)), infinite beyond the poles */
		double		x = (state->errors - state->n * gains->alpha) * log(state->n) / (state->n * gains->saturation);

		integral = fabs(x) >= 1.5707963267948966 ? copysign(INFINITY, x) : gains->integral_gain * tan(x);
	}
	state->quantile = state->tracked + integral + forecast;
}
