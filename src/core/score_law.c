#include "core/score_law.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/sum.h"

/* Beyond this many scales from the prediction lies less than 2e-15. */
#define REACH 8.0

#define STEPS 1000
#define CLOSE_ENOUGH 1e-6

core_status
score_law_reach(double prediction, double scale, int *reach)
{
	double		furthest = ceil(fabs(prediction) + REACH * scale);

	if (!(furthest <= SCORE_LAW_MAX))
		return CORE_INVALID;
	*reach = fmax(furthest, 1);
	return CORE_OK;
}

static double
weight_of(const key_numbers *keys, int number)
{
	number = abs(number);
	return number < keys->n ? keys->weights[number] : 1;
}

static void
divide(double *probs, int n, double sum)
{
	for (int i = 0; i < n; i++)
		probs[i] /= sum;
}

core_status
score_law_points(double prediction, const key_numbers *keys, int lowest, int n, double *probs)
{
	double		nearest = fmin(fmax(round(prediction), lowest), (double) lowest + n - 1),
				least = (nearest - prediction) / keys->scale;
	core_sum	sum = {0};

	for (int i = 0; i < n; i++)
	{
		double		z = (lowest + i - prediction) / keys->scale;

		probs[i] = weight_of(keys, lowest + i) * exp((least - z) * (least + z) / 2);
		core_sum_add(&sum, probs[i]);
	}
	if (!(core_sum_value(sum) > 0))
		return CORE_NO_SOLUTION;
	divide(probs, n, core_sum_value(sum));
	return CORE_OK;
}

core_status
score_law_scale(const score_law_case *cases, long n, double *scale)
{
	core_sum	sum = {0};

	for (long i = 0; i < n; i++)
		core_sum_add(&sum, (cases[i].outcome - cases[i].prediction) * (cases[i].outcome - cases[i].prediction));
	*scale = sqrt(core_sum_value(sum) / n);
	return *scale >= SCORE_LAW_MIN_SCALE ? CORE_OK : CORE_NO_SOLUTION;
}

/*
 * Adds one game's law to the expected counts. The terms of neighbouring numbers differ by a factor that
 * itself changes by a constant factor: two products a number instead of an exp.
 */
static void
expect(double prediction, double scale, int from, int n, const double *weights, double *terms, double *expected)
{
	double		nearest = fmin(fmax(round(prediction), from), n - 1);
	int			centre = nearest,
				first = fmax(from, ceil(nearest - REACH * scale)),
				last = fmin(n - 1, floor(nearest + REACH * scale));
	double		shrink = exp(-1 / (scale * scale)),
				sum = 0;

	terms[centre - first] = 1;
	for (int direction = -1; direction <= 1; direction += 2)
	{
		double		factor = exp((direction * 2 * (prediction - nearest) - 1) / (2 * scale * scale));

		for (int k = centre + direction; k >= first && k <= last; k += direction)
		{
			terms[k - first] = terms[k - direction - first] * factor;
			factor *= shrink;
		}
	}
	for (int k = first; k <= last; k++)
	{
		terms[k - first] *= weights[abs(k)];
		sum += terms[k - first];
	}
	for (int k = first; k <= last; k++)
		expected[abs(k)] += terms[k - first] / sum;
}

/*
 * Each step maximises a lower bound of the posterior that touches it (minorisation), so that none goes
 * down. The likelihood does not know the weights' common factor; the prior wants their mean to be 1.
 */
void
score_law_fit(const score_law_case *cases, long n_cases, double scale, double prior, int from,
			  int n, double *weights, double *work, void (*check) (void))
{
	double	   *expected = work,
			   *terms = work + n;
	double		change = INFINITY;

	for (int k = 0; k < n; k++)
		weights[k] = 1;
	for (int step = 0; step < STEPS && change > CLOSE_ENOUGH; step++)
	{
		double		sum = 0;

		if (check)
			check();
		memset(expected, 0, n * sizeof(double));
		for (long i = 0; i < n_cases; i++)
			expect(cases[i].prediction, scale, from, n, weights, terms, expected);
		for (int k = 0; k < n; k++)
			terms[k] = prior;
		for (long i = 0; i < n_cases; i++)
			terms[(int) fabs(cases[i].outcome)]++;
		for (int k = 0; k < n; k++)
		{
			terms[k] /= expected[k] / weights[k] + prior;
			sum += terms[k];
		}
		change = 0;
		for (int k = 0; k < n; k++)
		{
			double		next = terms[k] * n / sum;

			change = fmax(change, fabs(next / weights[k] - 1));
			weights[k] = next;
		}
	}
}

void
score_law_of_grid(const score_grid *grid, bool margins, double *probs)
{
	memset(probs, 0, (grid->rows + grid->columns - 1) * sizeof(double));
	for (int h = 0; h < grid->rows; h++)
		for (int a = 0; a < grid->columns; a++)
			probs[margins ? h - a + grid->columns - 1 : h + a] += grid->probs[h * grid->columns + a];
}

void
score_law_outcomes(const score_law *law, double probs[3])
{
	core_sum	sums[3] = {0};

	for (int i = 0; i < law->n; i++)
		core_sum_add(&sums[law->lowest + i > 0 ? 0 : law->lowest + i == 0 ? 1 : 2], law->probs[i]);
	for (int o = 0; o < 3; o++)
		probs[o] = core_sum_value(sums[o]);
}

/* What each outcome is multiplied by to have its probability. */
static core_status
outcome_factors(const double before[3], const double *probs, int outcomes, double factors[3])
{
	double		wanted[3] = {probs[0], probs[1], probs[outcomes - 1]};
	double		sum = probs[0] + probs[outcomes - 1];

	if (outcomes == 2)
	{
		wanted[1] = before[1] / (before[0] + before[1] + before[2]);
		wanted[0] *= (1 - wanted[1]) / sum;
		wanted[2] *= (1 - wanted[1]) / sum;
		sum = 1;
	}
	else
		sum += probs[1];
	for (int o = 0; o < 3; o++)
	{
		factors[o] = before[o] > 0 ? wanted[o] / sum / before[o] : 0;
		if ((before[o] == 0 && wanted[o] > 0) || isinf(factors[o]))
			return CORE_NO_SOLUTION;
	}
	return CORE_OK;
}

core_status
score_law_reconcile(const score_law *law, const double *probs, int outcomes, double *reconciled)
{
	double		before[3],
				factors[3];

	score_law_outcomes(law, before);
	if (outcome_factors(before, probs, outcomes, factors) != CORE_OK)
		return CORE_NO_SOLUTION;
	for (int i = 0; i < law->n; i++)
		reconciled[i] = law->probs[i] * factors[law->lowest + i > 0 ? 0 : law->lowest + i == 0 ? 1 : 2];
	return CORE_OK;
}

core_status
score_grid_reconcile(const score_grid *grid, const double probs[3], double *reconciled)
{
	double		before[3],
				factors[3];

	score_grid_outcomes(grid, before);
	if (outcome_factors(before, probs, 3, factors) != CORE_OK)
		return CORE_NO_SOLUTION;
	for (int h = 0; h < grid->rows; h++)
		for (int a = 0; a < grid->columns; a++)
			reconciled[h * grid->columns + a] = grid->probs[h * grid->columns + a] * factors[h > a ? 0 : h == a ? 1 : 2];
	return CORE_OK;
}

void
score_law_line(const score_law *law, double sign, double line, double results[SETTLE_RESULTS])
{
	core_sum	sums[SETTLE_RESULTS] = {0};

	for (int i = 0; i < law->n; i++)
		core_sum_add(&sums[settlement_ahead(sign * (law->lowest + i) + line)], law->probs[i]);
	for (int r = 0; r < SETTLE_RESULTS; r++)
		results[r] = core_sum_value(sums[r]);
}
