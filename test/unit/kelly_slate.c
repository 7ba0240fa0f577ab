#include "core/kelly_slate.h"
#include "portfolio.h"
#include "tap.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MOST 8					/* bets, where all 2^n results are listed */

static double space[2 * 200 * 200 + 60 * 200 + 2100];
static double joint[343];		/* of 8 bets, and of 7 scenarios of three games */
static double returns[343 * 9];

/* Some with value and some without, now and then a certainty, a copy or a longshot. */
static int
random_bets(double *probs, double *pushes, double *odds, int most)
{
	int			n = 1 + (int) (tap_uniform() * most);

	for (int i = 0; i < n; i++)
	{
		odds[i] = 1.02 + 20 * pow(tap_uniform(), 3);
		if (tap_uniform() < 0.02)
			odds[i] = 1 + exp(20 * tap_uniform());
		probs[i] = fmin(0.99, (0.9 + 0.3 * tap_uniform()) / odds[i]);
		pushes[i] = tap_uniform() < 0.3 ? (1 - probs[i]) * 0.5 * tap_uniform() : 0;
		if (i > 0 && tap_uniform() < 0.05)
		{
			odds[i] = odds[0];
			probs[i] = probs[0];
			pushes[i] = pushes[0];
		}
	}
	return n;
}

/* All results of bets that do not push. */
static void
list_results(const double *probs, const double *odds, int n)
{
	for (int s = 0; s < 1 << n; s++)
	{
		joint[s] = 1;
		for (int i = 0; i < n; i++)
		{
			joint[s] *= s >> i & 1 ? probs[i] : 1 - probs[i];
			returns[s * n + i] = s >> i & 1 ? odds[i] - 1 : -1;
		}
	}
}

/* Up to three games of up to three bets; in some the probabilities leave something. */
static int		game_bets[50],
				game_scenarios[50];
static double	game_probs[1000],
				game_returns[4000];

static int
random_games(bool copies)
{
	int			games = 1 + (int) (tap_uniform() * 3);
	double	   *p = game_probs,
			   *r = game_returns;

	for (int g = 0; g < games; g++)
	{
		double		sum = tap_uniform() < 0.7 ? 0 : tap_uniform();

		game_bets[g] = 1 + (int) (tap_uniform() * 3);
		game_scenarios[g] = 1 + (int) (tap_uniform() * 6);
		for (int s = 0; s < game_scenarios[g]; s++)
		{
			sum += p[s] = tap_uniform();
			for (int i = 0; i < game_bets[g]; i++)
				r[s * game_bets[g] + i] = copies && i > 0 ? r[s * game_bets[g]] :
					tap_uniform() < 0.55 ? -1 : tap_uniform() < 0.2 ? 0 : 3 * tap_uniform() * tap_uniform();
		}
		for (int s = 0; s < game_scenarios[g]; s++)
			p[s] /= sum;
		p += game_scenarios[g];
		r += game_scenarios[g] * game_bets[g];
	}
	return games;
}

/* Every combination of the games' scenarios, what a game's probabilities leave to 1 as one more. */
static int
list_games(int games, int *n)
{
	int			all = 1;

	*n = 0;
	for (int g = 0; g < games; g++)
	{
		all *= game_scenarios[g] + 1;
		*n += game_bets[g];
	}
	for (int c = 0; c < all; c++)
	{
		const double *p = game_probs,
				   *r = game_returns;
		int			which = c,
					bet = 0;

		joint[c] = 1;
		for (int g = 0; g < games; g++)
		{
			int			s = which % (game_scenarios[g] + 1);

			which /= game_scenarios[g] + 1;
			joint[c] *= s < game_scenarios[g] ? p[s] : fmax(kelly_rest(p, game_scenarios[g]), 0);
			for (int i = 0; i < game_bets[g]; i++)
				returns[c * *n + bet++] = s < game_scenarios[g] ? r[s * game_bets[g] + i] : -1;
			p += game_scenarios[g];
			r += game_scenarios[g] * game_bets[g];
		}
	}
	return all;
}

int
main(void)
{
	double		probs[200],
				pushes[200],
				odds[200],
				stakes[200],
				other[200],
				few[MOST],
				worst = 0,
				apart = 0,
				growth_apart = 0;
	int			wrong = 0;

	/* independent bets: the conditions over all results, and the same from the list of results */
	for (int turn = 0; turn < 4000; turn++)
	{
		int			n = random_bets(probs, pushes, odds, turn % 100 == 0 ? MOST : 4);
		double		limit = tap_uniform() < 0.5 ? 1 : tap_uniform();
		double		sum = 0;

		for (int i = 0; i < n; i++)
			pushes[i] = 0;
		list_results(probs, odds, n);
		/* by the integral, as bets that may push are */
		wrong += kelly_independent(probs, pushes, odds, n, limit, NULL, space, stakes) != CORE_OK;
		worst = fmax(worst, conditions(stakes, joint, 1 << n, returns, n, fmin(limit, 1 - KELLY_RESERVE)));
		wrong += kelly_scenarios(joint, 1 << n, returns, n, limit, NULL, space, other) != CORE_OK;
		wrong += kelly_independent(probs, NULL, odds, n, limit, NULL, space, few) != CORE_OK;
		worst = fmax(worst, conditions(few, joint, 1 << n, returns, n, fmin(limit, 1 - KELLY_RESERVE)));
		for (int i = 0; i < n; i++)
		{
			bool		copied = false;

			for (int j = 0; j < n; j++)
				copied |= j != i && odds[i] == odds[j];
			if (!copied)
				apart = fmax(apart, fmax(fabs(stakes[i] - other[i]), fabs(few[i] - other[i])));
			wrong += !(stakes[i] >= 0) || (probs[i] * (odds[i] - 1) <= 1 - probs[i] && stakes[i] != 0);
			sum += stakes[i];
		}
		wrong += !(sum <= limit * (1 + 1e-14) && sum < 1);
		growth_apart = fmax(growth_apart, fabs(kelly_independent_growth(stakes, probs, NULL, odds, n, space) -
											   kelly_scenarios_growth(stakes, joint, 1 << n, returns, n)));
	}
	ok(wrong == 0, "independent bets: solved, nothing on bets without value, within the limit, something is left");
	ok(worst <= 1e-9, "the conditions of the maximum hold to 1e-9 over all results");
	ok(apart <= 2e-9, "listing the results gives the same stakes");
	ok(growth_apart <= 1e-15, "and the same growth");
	printf("# conditions %.2g, stakes %.2g, growth %.2g\n", worst, apart, growth_apart);

	/* one bet: the closed form, pushes included */
	wrong = 0;
	for (int turn = 0; turn < 4000; turn++)
	{
		double		full;

		random_bets(probs, pushes, odds, 1);
		full = kelly_binary(probs[0], 1 - probs[0] - pushes[0], odds[0] - 1);
		wrong += kelly_independent(probs, pushes, odds, 1, 1, NULL, space, stakes) != CORE_OK ||
			fabs(stakes[0] - fmin(fmax(full, 0), 1 - KELLY_RESERVE)) > 1e-11;
	}
	ok(wrong == 0, "one bet is the closed form");

	/* order, a smaller limit, a better price */
	wrong = 0;
	for (int turn = 0; turn < 1500; turn++)
	{
		int			n = random_bets(probs, pushes, odds, 5);
		double		turned[3][8],
					sum = 0,
					less = 0,
					growth,
					limit;

		wrong += kelly_independent(probs, pushes, odds, n, 1, NULL, space, stakes) != CORE_OK;
		growth = kelly_independent_growth(stakes, probs, pushes, odds, n, space);
		for (int i = 0; i < n; i++)
		{
			turned[0][i] = probs[n - 1 - i];
			turned[1][i] = pushes[n - 1 - i];
			turned[2][i] = odds[n - 1 - i];
			sum += stakes[i];
		}
		wrong += kelly_independent(turned[0], turned[1], turned[2], n, 1, NULL, space, other) != CORE_OK;
		for (int i = 0; i < n; i++)
			wrong += fabs(stakes[i] - other[n - 1 - i]) > 1e-8;
		limit = sum * 0.6;
		wrong += kelly_independent(probs, pushes, odds, n, limit, NULL, space, other) != CORE_OK;
		for (int i = 0; i < n; i++)
			less += other[i];
		wrong += fabs(less - limit) > 1e-14;
		/* the maximum under the limit grows no slower than the one without it scaled down */
		for (int i = 0; i < n; i++)
			turned[0][i] = stakes[i] * 0.6;
		wrong += kelly_independent_growth(other, probs, pushes, odds, n, space) <
			kelly_independent_growth(turned[0], probs, pushes, odds, n, space) - 1e-14;
		odds[0] *= 1.01;
		wrong += kelly_independent(probs, pushes, odds, n, 1, NULL, space, other) != CORE_OK;
		wrong += kelly_independent_growth(other, probs, pushes, odds, n, space) < growth - 1e-14;
	}
	ok(wrong == 0, "any order, the limit used up, a better price never worse");

	/* the largest */
	wrong = 0;
	for (int i = 0; i < 200; i++)
	{
		odds[i] = 1.2 + 20 * pow(tap_uniform(), 3);
		probs[i] = fmin(0.98, (0.95 + 0.15 * tap_uniform()) / odds[i]);
	}
	for (double limit = 1; limit > 0.01; limit /= 4)
	{
		double		sum = 0;

		wrong += kelly_independent(probs, NULL, odds, 200, limit, NULL, space, stakes) != CORE_OK;
		for (int i = 0; i < 200; i++)
			sum += stakes[i];
		wrong += fabs(sum - fmin(limit, 1 - KELLY_RESERVE)) > 1e-13;
	}
	ok(wrong == 0, "200 bets");
	/* a sure profit too small to be seen beside the rounding of the other's price */
	wrong = 0;
	for (double profit = 1e-3; profit > 1e-16; profit /= 3)
	{
		probs[0] = 1, probs[1] = 0.997;
		odds[0] = 1 + profit, odds[1] = 2;
		wrong += kelly_independent(probs, NULL, odds, 2, 1, NULL, space, stakes) != CORE_OK || fabs(stakes[1] - 0.994) > 2 * profit + 1e-6;
	}
	ok(wrong == 0, "almost no profit beside a bet");
	/* a large sure profit: whatever comes, more is left than there was */
	wrong = 0;
	probs[0] = 0.992, probs[1] = 1;
	pushes[0] = 0.003, pushes[1] = 0;
	for (double profit = 0.5; profit < 1000; profit *= 2)
	{
		odds[0] = 2 + profit, odds[1] = 1 + profit;
		for (stakes[0] = 0; stakes[0] < 1; stakes[0] += 0.07)
		{
			double		won,
						pushed;

			stakes[1] = 0.99 - stakes[0];
			won = stakes[0] * (odds[0] - 1) + stakes[1] * profit;
			pushed = stakes[1] * profit;
			wrong += fabs(kelly_independent_growth(stakes, probs, pushes, odds, 2, space) - 0.992 * log1p(won) - 0.003 * log1p(pushed)
						  - 0.005 * log1p(pushed - stakes[0])) > 2e-15 * (1 + log1p(won));
		}
		wrong += kelly_independent(probs, pushes, odds, 2, 1, NULL, space, stakes) != CORE_OK;
	}
	ok(wrong == 0, "a sure profit leaves more than the bankroll, and the growth knows");
	ok(kelly_independent_space(200) <= sizeof space / sizeof space[0], "the workspace");
	probs[0] = 0.6;
	pushes[0] = 0.5;
	ok(kelly_independent(probs, pushes, odds, 1, 1, NULL, space, stakes) == CORE_INVALID, "no sum above 1 of a bet");
	ok(kelly_independent(probs, NULL, odds, 200, 0, NULL, space, stakes) == CORE_OK && stakes[0] == 0, "a limit of 0");

	/* games of several bets: the conditions and the growth over all combinations of their scenarios */
	wrong = 0;
	worst = growth_apart = apart = 0;
	for (int turn = 0; turn < 2000; turn++)
	{
		int			games = random_games(turn % 5 == 0),
					n,
					all = list_games(games, &n);
		double		limit = tap_uniform() < 0.5 ? 1 : tap_uniform();

		wrong += kelly_slate(game_bets, game_scenarios, games, game_probs, game_returns, limit, NULL, space, stakes) != CORE_OK;
		wrong += kelly_scenarios(joint, all, returns, n, fmin(limit, 1 - KELLY_RESERVE), NULL, space, other) != CORE_OK;
		worst = fmax(worst, conditions(stakes, joint, all, returns, n, fmin(limit, 1 - KELLY_RESERVE)));
		growth_apart = fmax(growth_apart, fabs(kelly_slate_growth(stakes, game_bets, game_scenarios, games, game_probs, game_returns, space) -
											   kelly_scenarios_growth(stakes, joint, all, returns, n)));
		apart = fmax(apart, fabs(kelly_scenarios_growth(other, joint, all, returns, n) - kelly_scenarios_growth(stakes, joint, all, returns, n)));
	}
	ok(wrong == 0 && worst <= 1e-9, "games: the conditions hold to 1e-9 over all combinations of scenarios");
	ok(growth_apart <= 1e-14, "and the growth is theirs");
	ok(apart <= 1e-12, "and the maximum that their list has");
	printf("# conditions %.2g, growth %.2g, of the maximum %.2g\n", worst, growth_apart, apart);

	/* 200 bets on 50 games */
	for (int g = 0; g < 50; g++)
	{
		game_bets[g] = 4;
		game_scenarios[g] = 20;
		for (int s = 0; s < 20; s++)
		{
			game_probs[20 * g + s] = 0.05;
			for (int i = 0; i < 4; i++)
				game_returns[80 * g + 4 * s + i] = (s * (i + 3) + g) % 20 < 10 ? -1 : 0.97 + 0.2 * tap_uniform();
		}
	}
	wrong = kelly_slate(game_bets, game_scenarios, 50, game_probs, game_returns, 1, NULL, space, stakes) != CORE_OK;
	growth_apart = kelly_slate_growth(stakes, game_bets, game_scenarios, 50, game_probs, game_returns, space);
	for (int i = 0; i < 200; i += 7)
		for (int j = 0; j < 200; j += 67)
		{
			double		moved = fmin(stakes[i], 1e-4);

			memcpy(other, stakes, 200 * sizeof(double));
			other[i] -= moved;
			other[j] += moved;
			wrong += kelly_slate_growth(other, game_bets, game_scenarios, 50, game_probs, game_returns, space) > growth_apart + 1e-14;
		}
	ok(wrong == 0, "200 bets on 50 games: nothing moved from one to another grows faster");
	game_probs[0] = 1;
	ok(kelly_slate(game_bets, game_scenarios, 50, game_probs, game_returns, 1, NULL, space, stakes) == CORE_INVALID, "no sum above 1 of a game");
	ok(isnan(kelly_slate_growth(stakes, game_bets, game_scenarios, 50, game_probs, game_returns, space)), "nor in a growth");
	ok(kelly_slate_space(200, 50, 1000) <= sizeof space / sizeof space[0], "the workspace of games");
	return done_testing();
}
