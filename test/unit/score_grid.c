#include "core/score_grid.h"
#include "tap.h"

#include <stdbool.h>

#define N 20000

static double probs[(SCORE_GRID_MAX_GOALS + 1) * (SCORE_GRID_MAX_GOALS + 1)];

static double
total(const double *p, int n)
{
	double		sum = 0;

	for (int i = 0; i < n; i++)
		sum += p[i];
	return sum;
}

/* Grids of random rates: probabilities, sums, marginal means, and markets that agree with each other. */
static void
grids_are_sound(void)
{
	double		sums = 0,
				means = 0,
				covariances = 0,
				outcomes = 0,
				sides = 0,
				margins = 0;
	bool		positive = true;

	for (int i = 0; i < N; i++)
	{
		double		home = 0.1 + 3 * tap_uniform(),
					away = 0.1 + 3 * tap_uniform(),
					common = tap_uniform(),
					lowest,
					highest,
					p[3],
					law[SETTLE_RESULTS],
					other[SETTLE_RESULTS],
					line = (tap_below(33) - 16) / 4.0,
					mean = 0,
					product = 0,
					wins = 0;
		const int	n = 31;
		bool		dixon = tap_below(2);
		score_grid	grid = {n, n, probs};

		score_grid_rho_limits(home, away, &lowest, &highest);
		if (dixon)
		{
			double		rho = tap_below(10) == 0 ? (tap_below(2) ? lowest : highest) : lowest + (highest - lowest) * tap_uniform();

			if (score_grid_dixon_coles(home, away, fmin(rho, highest), n - 1, probs) != CORE_OK)
				positive = false;
			common = 0;
		}
		else
			score_grid_bivariate_poisson(home, away, common, n - 1, probs);
		for (int h = 0; h < n; h++)
			for (int a = 0; a < n; a++)
			{
				positive = positive && probs[h * n + a] >= 0;
				mean += h * probs[h * n + a];
				product += (h - home - common) * (a - away - common) * probs[h * n + a];
			}
		sums = fmax(sums, fabs(score_grid_sum(&grid) - 1));
		means = fmax(means, fabs(mean - home - common));
		if (!dixon)
			covariances = fmax(covariances, fabs(product - common));
		score_grid_outcomes(&grid, p);
		outcomes = fmax(outcomes, fabs(total(p, 3) - 1));
		for (int m = 1; m < n; m++)
			wins += score_grid_margin(&grid, m);
		margins = fmax(margins, fmax(fabs(wins - p[0]), fabs(score_grid_margin(&grid, 0) - p[1])));
		/* what one side of a line wins the other loses */
		score_grid_law(&grid, 1, -1, line, law);
		score_grid_law(&grid, -1, 1, -line, other);
		for (int r = 0; r < SETTLE_RESULTS; r++)
			sides = fmax(sides, fabs(law[r] - other[SETTLE_RESULTS - 1 - r]));
		score_grid_law(&grid, 1, 1, -line, law);
		sums = fmax(sums, fabs(total(law, SETTLE_RESULTS) - 1));
	}
	ok(positive, "no probability is negative, at the limits of rho neither");
	ok(sums < 1e-12, "grids and laws sum to 1");
	ok(means < 1e-11, "the home team's expected goals");
	ok(covariances < 1e-10, "common goals are the covariance");
	ok(outcomes < 1e-12, "outcomes sum to 1");
	ok(margins < 1e-13, "margins make outcomes");
	ok(sides == 0, "what one side wins the other loses");
}

/* A quarter line is half a bet on each neighbouring line. */
static void
quarter_lines_are_two_halves(void)
{
	double		worst = 0;

	for (int i = 0; i < N; i++)
	{
		double		law[SETTLE_RESULTS],
					low[SETTLE_RESULTS],
					high[SETTLE_RESULTS],
					line = tap_below(20) / 2.0 - 5 + 0.25,
					odds = 1.01 + 5 * tap_uniform();
		score_grid	grid = {11, 11, probs};

		score_grid_dixon_coles(3 * tap_uniform(), 3 * tap_uniform(), 0.02, 10, probs);
		score_grid_law(&grid, 1, -1, line, law);
		score_grid_law(&grid, 1, -1, line - 0.25, low);
		score_grid_law(&grid, 1, -1, line + 0.25, high);
		worst = fmax(worst, fabs(settlement_profit(law, odds) - (settlement_profit(low, odds) + settlement_profit(high, odds)) / 2));
	}
	ok(worst < 1e-14, "a quarter line is two half stakes");
}

static double
any_rate(void)
{
	double		rate = fabs(tap_adversary());

	return rate <= SCORE_GRID_MAX_RATE ? rate : SCORE_GRID_MAX_RATE;
}

static void
adversaries_are_answered_or_refused(void)
{
	bool		good = true;

	for (int i = 0; i < 200000; i++)
	{
		double		home = any_rate(),
					away = any_rate();

		if (score_grid_dixon_coles(home, away, tap_adversary(), 5, probs) == CORE_OK)
			for (int k = 0; k < 36; k++)
				good = good && probs[k] >= 0 && probs[k] <= 1;
		score_grid_bivariate_poisson(home, away, any_rate(), 5, probs);
		for (int k = 0; k < 36; k++)
			good = good && probs[k] >= 0 && probs[k] <= 1;
	}
	ok(good, "probabilities or a refusal");
}

int
main(void)
{
	double		lowest,
				highest;

	score_grid_rho_limits(1.5, 1.2, &lowest, &highest);
	close_to(lowest, -1 / 1.5, 1e-15, "least rho");
	close_to(highest, 1 / 1.8, 1e-15, "greatest rho");
	ok(score_grid_dixon_coles(1.5, 1.2, 1.2, 10, probs) == CORE_INVALID, "beyond is refused");
	ok(score_grid_dixon_coles(1.5, 1.2, NAN, 10, probs) == CORE_INVALID, "NaN too");
	ok(score_grid_dixon_coles(0, 0, -3, 10, probs) == CORE_OK && probs[0] == 1, "without goals nothing is corrected");
	score_grid_dixon_coles(200, 200, 0, SCORE_GRID_MAX_GOALS, probs);
	close_to(total(probs, (SCORE_GRID_MAX_GOALS + 1) * (SCORE_GRID_MAX_GOALS + 1)), 0.9998388, 1e-6, "the highest rates on the largest grid");
	grids_are_sound();
	quarter_lines_are_two_halves();
	adversaries_are_answered_or_refused();
	return done_testing();
}
