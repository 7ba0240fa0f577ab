#include "core/score_grid.h"

#include <math.h>

#include "core/sum.h"

static void
poisson(double rate, int max_goals, double *probs)
{
	probs[0] = exp(-rate);
	for (int k = 1; k <= max_goals; k++)
		probs[k] = probs[k - 1] * (rate / k);
}

void
score_grid_outer(const double *home, int rows, const double *away, int columns, double *probs)
{
	for (int h = 0; h < rows; h++)
		for (int a = 0; a < columns; a++)
			probs[h * columns + a] = home[h] * away[a];
}

void
score_grid_rho_limits(double home_rate, double away_rate, double *lowest, double *highest)
{
	*lowest = -1 / fmax(home_rate, away_rate);
	*highest = fmin(1 / (home_rate * away_rate), 1);
}

core_status
score_grid_dixon_coles(double home_rate, double away_rate, double rho, int max_goals, double *probs)
{
	double		home[SCORE_GRID_MAX_GOALS + 1],
				away[SCORE_GRID_MAX_GOALS + 1];
	double		lowest,
				highest;
	int			n = max_goals + 1;

	score_grid_rho_limits(home_rate, away_rate, &lowest, &highest);
	if (!(rho >= lowest && rho <= highest) || isinf(rho))
		return CORE_INVALID;
	poisson(home_rate, max_goals, home);
	poisson(away_rate, max_goals, away);
	score_grid_outer(home, n, away, n, probs);
	/* at a limit rounding may leave a hair below 0 */
	probs[0] *= fmax(1 - home_rate * away_rate * rho, 0);
	probs[1] *= fmax(1 + home_rate * rho, 0);
	probs[n] *= fmax(1 + away_rate * rho, 0);
	probs[n + 1] *= 1 - rho;
	return CORE_OK;
}

/* x p(x,y) = r1 p(x-1,y) + r3 p(x-1,y-1): only sums of what is positive. */
void
score_grid_bivariate_poisson(double home_rate, double away_rate, double common_rate, int max_goals, double *probs)
{
	int			n = max_goals + 1;

	poisson(away_rate, max_goals, probs);
	for (int a = 0; a < n; a++)
		probs[a] *= exp(-(home_rate + common_rate));
	for (int h = 1; h < n; h++)
		for (int a = 0; a < n; a++)
			probs[h * n + a] = (home_rate * probs[(h - 1) * n + a] +
								(a > 0 ? common_rate * probs[(h - 1) * n + a - 1] : 0)) / h;
}

double
score_grid_sum(const score_grid *grid)
{
	core_sum	sum = {0};

	for (int i = 0; i < grid->rows * grid->columns; i++)
		core_sum_add(&sum, grid->probs[i]);
	return core_sum_value(sum);
}

void
score_grid_law(const score_grid *grid, double home_factor, double away_factor, double line, double law[SETTLE_RESULTS])
{
	core_sum	sums[SETTLE_RESULTS] = {0};

	for (int h = 0; h < grid->rows; h++)
		for (int a = 0; a < grid->columns; a++)
			core_sum_add(&sums[settlement_ahead(home_factor * h + away_factor * a + line)], grid->probs[h * grid->columns + a]);
	for (int r = 0; r < SETTLE_RESULTS; r++)
		law[r] = core_sum_value(sums[r]);
}

/* Who wins is a handicap of 0 whose stake comes back. */
void
score_grid_outcomes(const score_grid *grid, double probs[3])
{
	double		law[SETTLE_RESULTS];

	score_grid_law(grid, 1, -1, 0, law);
	probs[0] = law[SETTLE_WIN];
	probs[1] = law[SETTLE_PUSH];
	probs[2] = law[SETTLE_LOSS];
}

double
score_grid_both_score(const score_grid *grid)
{
	core_sum	sum = {0};

	for (int h = 1; h < grid->rows; h++)
		for (int a = 1; a < grid->columns; a++)
			core_sum_add(&sum, grid->probs[h * grid->columns + a]);
	return core_sum_value(sum);
}

double
score_grid_margin(const score_grid *grid, int margin)
{
	core_sum	sum = {0};

	for (int h = 0; h < grid->rows; h++)
		if ((long) h - margin >= 0 && (long) h - margin < grid->columns)
			core_sum_add(&sum, grid->probs[h * grid->columns + (h - margin)]);
	return core_sum_value(sum);
}
