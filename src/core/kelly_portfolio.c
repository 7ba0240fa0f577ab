#include "core/kelly_portfolio.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "core/sum.h"

#define MAX_ITERATIONS 200
/* The conditions of the maximum, relative to the size of the terms that cancel in them. */
#define SOLVED 1e-14
#define GOOD_ENOUGH 1e-9
/* A share of each curvature that keeps the step unique where bets are copies of each other. */
#define RIDGE 1e-11
/* No stake makes of less a growth beyond rounding. */
#define LEAST_SLOPE 1e-15

/* Bets whose results depend on each other. */
typedef struct scenario_set
{
	const double *probs;
	size_t		scenarios;
	const double *net_returns;
	double		rest;			/* probability that all stakes are lost beside the scenarios */
	double	   *row;			/* of the workspace: one number a bet */
} scenario_set;

void
kelly_no_interrupts(void)
{
}

double
kelly_total(const double *values, int n)
{
	core_sum	sum = {0, 0};

	for (int i = 0; i < n; i++)
		core_sum_add(&sum, values[i]);
	return core_sum_value(sum);
}

/* ---- the step: a quadratic programme ---------------------------------------------------------- */

/* L L' = a, lower triangle in place; false when a is not positive definite. */
static bool
factorise(double *a, int n)
{
	for (int j = 0; j < n; j++)
	{
		double	   *row = a + (size_t) j * n;

		for (int k = 0; k <= j; k++)
		{
			const double *other = a + (size_t) k * n;
			double		sum = row[k];

			for (int l = 0; l < k; l++)
				sum -= row[l] * other[l];
			if (k < j)
				row[k] = sum / other[k];
			else if (sum > 0)
				row[j] = sqrt(sum);
			else
				return false;
		}
	}
	return true;
}

static void
solve_factored(const double *a, int n, double *x)
{
	for (int j = 0; j < n; j++)
	{
		for (int k = 0; k < j; k++)
			x[j] -= a[(size_t) j * n + k] * x[k];
		x[j] /= a[(size_t) j * n + j];
	}
	for (int j = n - 1; j >= 0; j--)
	{
		x[j] /= a[(size_t) j * n + j];
		for (int k = 0; k < j; k++)
			x[k] -= a[(size_t) j * n + k] * x[j];
	}
}

typedef struct quadratic
{
	int			n;
	double		limit;
	const double *linear;
	const double *matrix;		/* lower triangle */
	double	   *x;				/* feasible at the start, the maximum at the end */
	double	   *factor;			/* n*n */
	double	   *target;			/* n, and so the rest */
	double	   *unit;
	int		   *in;				/* the stakes that may be above 0 */
	unsigned char *barred;		/* let in once for nothing but rounding */
} quadratic;

static double
matrix_at(const quadratic *q, int i, int j)
{
	return i >= j ? q->matrix[(size_t) i * q->n + j] : q->matrix[(size_t) j * q->n + i];
}

/* The maximum over the m stakes that are in, of which the sum is the limit when it binds. */
static bool
quadratic_target(quadratic *q, int m, bool binds, double *price)
{
	for (int a = 0; a < m; a++)
	{
		for (int b = 0; b <= a; b++)
			q->factor[(size_t) a * m + b] = matrix_at(q, q->in[a], q->in[b]);
		q->target[a] = q->linear[q->in[a]];
		q->unit[a] = 1;
	}
	if (!factorise(q->factor, m))
		return false;
	solve_factored(q->factor, m, q->target);
	*price = 0;
	if (binds)
	{
		solve_factored(q->factor, m, q->unit);
		/* once would do, but for the rounding where the limit is small beside the maximum without it */
		for (int turn = 0; turn < 3; turn++)
		{
			double		more = (kelly_total(q->target, m) - q->limit) / kelly_total(q->unit, m);

			*price += more;
			for (int a = 0; a < m; a++)
				q->target[a] -= more * q->unit[a];
		}
	}
	return true;
}

/*
 * max linear.x - x'matrix x/2, x >= 0, sum x <= limit, by an active set: move to the maximum of the
 * stakes that are in, leaving those out that would fall below 0 on the way; there, let in the one
 * that would raise the value most. False when the matrix is not positive definite.
 */
static bool
quadratic_solve(quadratic *q)
{
	int			m = 0;
	int			entered = -1;
	bool		binds = false;

	for (int i = 0; i < q->n; i++)
		q->barred[i] = 0;
	for (int i = 0; i < q->n; i++)
		if (q->x[i] > 0)
			q->in[m++] = i;
	binds = kelly_total(q->x, q->n) >= q->limit * (1 - 1e-12);
	for (int turn = 0; turn < 20 * q->n + 50; turn++)
	{
		double		price = 0,
					step = 1,
					sum,
					best = 0;
		bool		reached = false;
		int			kept = 0,
					enters = -1;

		if (m > 0 && !quadratic_target(q, m, binds, &price))
			return false;
		/* how far the way goes */
		for (int a = 0; a < m; a++)
			if (q->target[a] < 0)
				step = fmin(step, q->x[q->in[a]] / (q->x[q->in[a]] - q->target[a]));
		sum = kelly_total(q->x, q->n);
		if (!binds && m > 0 && kelly_total(q->target, m) > q->limit)
		{
			double		room = fmax(q->limit - sum, 0) / (kelly_total(q->target, m) - sum);

			if (room <= step)
			{
				step = room;
				reached = true;
			}
		}
		for (int a = 0; a < m; a++)
		{
			int			i = q->in[a];
			double		from = q->x[i];

			q->x[i] = step == 1 ? q->target[a] : from + step * (q->target[a] - from);
			if (q->target[a] < 0 && (q->x[i] <= 0 || from / (from - q->target[a]) <= step))
			{
				q->x[i] = 0;
				q->barred[i] |= i == entered && step == 0;
			}
			else
				q->in[kept++] = i;
		}
		if (kept < m || reached)
		{
			m = kept;
			binds |= reached;
			continue;
		}

		/* the maximum of those in: does another one, or less in all, raise it? */
		if (binds && price < 0)
		{
			binds = false;
			continue;
		}
		for (int i = 0; i < q->n; i++)
		{
			double		slope,
						size;

			if (q->x[i] > 0 || q->barred[i])
				continue;
			slope = q->linear[i] - price;
			size = fabs(q->linear[i]) + fabs(price);
			for (int a = 0; a < m; a++)
			{
				double		term = matrix_at(q, i, q->in[a]) * q->x[q->in[a]];

				slope -= term;
				size += fabs(term);
			}
			if (slope > 1e-14 * size && slope * slope / matrix_at(q, i, i) > best)
			{
				best = slope * slope / matrix_at(q, i, i);
				enters = i;
			}
		}
		if (enters < 0)
			return true;
		kept = 0;
		for (int a = 0; a < m; a++)
			if (q->in[a] != enters)
				q->in[kept++] = q->in[a];
		m = kept;
		q->in[m++] = entered = enters;
	}
	return true;				/* feasible, and no worse than where it began */
}

/* A first guess: the maximum if the bets did not matter to each other. */
static void
quadratic_start(quadratic *q)
{
	double		low = 0,
				high = 0;

	for (int i = 0; i < q->n; i++)
		high = fmax(high, q->linear[i]);
	for (int step = 0; step < 60; step++)
	{
		double		price = step == 0 ? 0 : low + (high - low) / 2;
		double		sum = 0;

		for (int i = 0; i < q->n; i++)
			sum += fmax(q->linear[i] - price, 0) / matrix_at(q, i, i);
		if (sum > q->limit)
			low = price;
		else
			high = price;
		if (high == 0)
			break;
	}
	for (int i = 0; i < q->n; i++)
		q->x[i] = fmax(q->linear[i] - high, 0) / matrix_at(q, i, i);
}

/* ---- Newton's method under the limits ---------------------------------------------------------- */

size_t
kelly_portfolio_space(int n)
{
	return 2 * (size_t) n * n + 12 * (size_t) n;
}

double *
kelly_take(double **space, size_t n)
{
	double	   *taken = *space;

	*space += n;
	return taken;
}

/* How far stakes are from the conditions of the maximum; the price of the limit where it binds. */
static double
unsolved(const kelly_problem *p, const double *stakes, const double *slopes, const double *sizes, double *price)
{
	double		sum = kelly_total(stakes, p->n);
	double		worst = 0,
				price_size = 0;

	*price = 0;
	if (sum >= p->limit * (1 - 1e-12))
	{
		for (int i = 0; i < p->n; i++)
		{
			*price += stakes[i] * slopes[i];
			price_size += stakes[i] * sizes[i];
		}
		*price = fmax(*price / sum, 0);
		price_size /= sum;
	}
	/* the price has the rounding of all that it is made of: a bet of almost no profit has none so small */
	for (int i = 0; i < p->n; i++)
	{
		double		excess = fabs(slopes[i] - *price) <= LEAST_SLOPE ? 0 : (slopes[i] - *price) / (sizes[i] + price_size);

		worst = fmax(worst, stakes[i] > 0 ? fabs(excess) : excess);
	}
	return worst;
}

core_status
kelly_maximise(const kelly_problem *p, double *space, double *stakes)
{
	int			n = p->n;
	double	   *slopes = kelly_take(&space, n),
			   *sizes = kelly_take(&space, n),
			   *trial = kelly_take(&space, n),
			   *best = kelly_take(&space, n),
			   *linear = kelly_take(&space, n),
			   *x = kelly_take(&space, n);
	int		   *chosen = (int *) kelly_take(&space, n);
	quadratic	q = {0};
	double	   *matrix;
	double		least = INFINITY;
	int			idle = 0;

	q.target = kelly_take(&space, n);
	q.unit = kelly_take(&space, n);
	q.in = (int *) kelly_take(&space, n);
	q.barred = (unsigned char *) kelly_take(&space, n);
	matrix = kelly_take(&space, (size_t) n * n);
	q.factor = kelly_take(&space, (size_t) n * n);
	q.limit = p->limit;
	q.linear = linear;
	q.matrix = matrix;
	q.x = x;

	memset(stakes, 0, n * sizeof(double));
	memset(best, 0, n * sizeof(double));
	for (int turn = 0; turn < MAX_ITERATIONS && idle < 4; turn++)
	{
		double		growth = p->growth(p, stakes, slopes, sizes);
		double		price;
		double		open = unsolved(p, stakes, slopes, sizes, &price);
		double		promised = 0,
					step = 1;
		int			m = 0;

		idle = open < least / 2 ? 0 : idle + (open <= GOOD_ENOUGH);
		if (open < least)
		{
			least = open;
			memcpy(best, stakes, n * sizeof(double));
		}
		if (open <= SOLVED)
			break;

		for (int i = 0; i < n; i++)
			if (stakes[i] > 0 || slopes[i] > price + LEAST_SLOPE)
				chosen[m++] = i;
		p->curvature(p, stakes, chosen, m, matrix);
		for (int a = 0; a < m; a++)
			matrix[(size_t) a * m + a] += RIDGE * matrix[(size_t) a * m + a] + DBL_MIN;
		q.n = m;
		for (int a = 0; a < m; a++)
		{
			linear[a] = slopes[chosen[a]];
			for (int b = 0; b < m; b++)
				linear[a] += matrix_at(&q, a, b) * stakes[chosen[b]];
			x[a] = stakes[chosen[a]];
		}
		if (turn == 0)
			quadratic_start(&q);
		p->interrupts();
		if (!quadratic_solve(&q))
			break;
		kelly_limit(x, m, 1, p->limit); /* the rounding of the limit's price */
		for (int a = 0; a < m; a++)
			promised += (slopes[chosen[a]] - price) * (x[a] - stakes[chosen[a]]);

		/* the whole step, or as much of it as raises the growth; towards the end the rise is below its rounding */
		for (int half = 0; half < 60; half++, step /= 2)
		{
			memcpy(trial, stakes, n * sizeof(double));
			for (int a = 0; a < m; a++)
				trial[chosen[a]] = step == 1 ? x[a] : stakes[chosen[a]] + step * (x[a] - stakes[chosen[a]]);
			if (p->growth(p, trial, NULL, NULL) >= growth + 1e-4 * step * fmax(promised, 0) - 4e-15 * (1 + fabs(growth)))
				break;
			p->interrupts();
		}
		memcpy(stakes, trial, n * sizeof(double));
	}
	memcpy(stakes, best, n * sizeof(double));
	return least <= GOOD_ENOUGH ? CORE_OK : CORE_NO_CONVERGENCE;
}

/* ---- scenarios ----------------------------------------------------------------------------------- */

/*
 * The logarithm, carried on below the reserve as a parabola: so that every step has a value, and
 * results too rare for a double's digits to leave the right reserve for do no harm.
 */
static double
log_of(double profit, double *slope, double *curvature)
{
	double		wealth = 1 + profit;
	double		short_of;

	if (wealth >= KELLY_RESERVE)
	{
		*slope = 1 / wealth;
		*curvature = *slope * *slope;
		return log1p(profit);
	}
	short_of = (wealth - KELLY_RESERVE) / KELLY_RESERVE;
	*slope = (1 - short_of) / KELLY_RESERVE;
	*curvature = 1 / (KELLY_RESERVE * KELLY_RESERVE);
	return log(KELLY_RESERVE) + short_of - short_of * short_of / 2;
}

static double
profit_of(const double *net_returns, const double *stakes, int n)
{
	double		profit = 0;

	for (int i = 0; i < n; i++)
		profit += stakes[i] * net_returns[i];
	return profit;
}

static double
scenarios_growth(const kelly_problem *p, const double *stakes, double *slopes, double *sizes)
{
	const scenario_set *set = p->bets;
	core_sum	growth = {0, 0};
	double		slope,
				curvature;

	core_sum_add(&growth, set->rest * log_of(-kelly_total(stakes, p->n), &slope, &curvature));
	if (slopes)
		for (int i = 0; i < p->n; i++)
		{
			slopes[i] = -set->rest * slope;
			sizes[i] = KELLY_NOTHING + set->rest * slope;
		}
	for (size_t s = 0; s < set->scenarios; s++)
	{
		const double *net_returns = set->net_returns + s * p->n;

		if (set->probs[s] == 0)
			continue;
		core_sum_add(&growth, set->probs[s] * log_of(profit_of(net_returns, stakes, p->n), &slope, &curvature));
		if (slopes)
			for (int i = 0; i < p->n; i++)
			{
				double		term = set->probs[s] * slope * net_returns[i];

				slopes[i] += term;
				sizes[i] += fabs(term);
			}
		if (s % 1024 == 0)
			p->interrupts();
	}
	return core_sum_value(growth);
}

static void
scenarios_curvature(const kelly_problem *p, const double *stakes, const int *chosen, int m, double *matrix)
{
	const scenario_set *set = p->bets;
	double		slope,
				curvature;

	log_of(-kelly_total(stakes, p->n), &slope, &curvature);
	for (int a = 0; a < m; a++)
		for (int b = 0; b <= a; b++)
			matrix[(size_t) a * m + b] = set->rest * curvature;
	for (size_t s = 0; s < set->scenarios; s++)
	{
		if (set->probs[s] == 0)
			continue;
		log_of(profit_of(set->net_returns + s * p->n, stakes, p->n), &slope, &curvature);
		for (int a = 0; a < m; a++)
			set->row[a] = set->net_returns[s * p->n + chosen[a]];
		for (int a = 0; a < m; a++)
		{
			double		weight = set->probs[s] * curvature * set->row[a];
			double	   *line = matrix + (size_t) a * m;

			if (weight != 0)
				for (int b = 0; b <= a; b++)
					line[b] += weight * set->row[b];
		}
		if (s % 1024 == 0)
			p->interrupts();
	}
}

/* What the probabilities leave to 1: 0 when that is their rounding, negative when it is not. */
double
kelly_rest(const double *probs, size_t n)
{
	core_sum	rest = {1, 0};

	for (size_t i = 0; i < n; i++)
		core_sum_add(&rest, -probs[i]);
	return fabs(core_sum_value(rest)) < KELLY_SUM_SLACK ? 0 : core_sum_value(rest);
}

/* Can all stakes be lost at once? */
static bool
all_may_lose(const scenario_set *set, int n)
{
	for (size_t s = 0; s < set->scenarios; s++)
	{
		int			i = 0;

		while (i < n && set->net_returns[s * n + i] == -1)
			i++;
		if (i == n && set->probs[s] > 0)
			return true;
	}
	return set->rest > 0;
}

core_status
kelly_scenarios(const double *probs, size_t scenarios, const double *net_returns, int n, double limit,
				void (*interrupts) (void), double *space, double *stakes)
{
	scenario_set set = {.probs = probs, .scenarios = scenarios, .net_returns = net_returns, .rest = kelly_rest(probs, scenarios)};
	kelly_problem p = {.n = n, .limit = limit, .growth = scenarios_growth, .curvature = scenarios_curvature,
	.interrupts = interrupts ? interrupts : kelly_no_interrupts, .bets = &set};
	core_status status;
	double		least;

	if (!(set.rest >= 0))
		return CORE_INVALID;
	memset(stakes, 0, n * sizeof(double));
	if (limit <= 0)
		return CORE_OK;
	if (all_may_lose(&set, n))
		p.limit = fmin(limit, 1 - KELLY_RESERVE);
	set.row = kelly_take(&space, n);
	status = kelly_maximise(&p, space, stakes);
	if (status != CORE_OK)
		return status;
	least = set.rest > 0 ? 1 - kelly_total(stakes, n) : 1;
	for (size_t s = 0; s < scenarios; s++)
		if (probs[s] > 0)
			least = fmin(least, 1 + profit_of(net_returns + s * n, stakes, n));
	/* shrink the stakes until the least that may be left is the reserve */
	if (least < KELLY_RESERVE)
		for (int i = 0; i < n; i++)
			stakes[i] *= (1 - KELLY_RESERVE) / (1 - least);
	return CORE_OK;
}

double
kelly_scenarios_growth(const double *stakes, const double *probs, size_t scenarios, const double *net_returns, int n)
{
	double		rest = kelly_rest(probs, scenarios);
	core_sum	growth = {rest > 0 ? rest * log1p(-fmin(kelly_total(stakes, n), 1)) : 0, 0};

	for (size_t s = 0; s < scenarios; s++)
		if (probs[s] > 0)
			core_sum_add(&growth, probs[s] * log1p(fmax(profit_of(net_returns + s * n, stakes, n), -1)));
	return core_sum_value(growth);
}
