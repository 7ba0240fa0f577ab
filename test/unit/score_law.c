#include "core/score_law.h"
#include "tap.h"

#include <stdlib.h>

#define N 4000
#define NUMBERS 400

static double
likelihood(const score_law_case *cases, int n, const key_numbers *keys, int from, double prior)
{
	double		sum = 0,
				probs[2 * NUMBERS];
	int			numbers = from < 0 ? 1 - 2 * from : keys->n;

	for (int i = 0; i < n; i++)
	{
		score_law_points(cases[i].prediction, keys, from, numbers, probs);
		sum += log(probs[(int) cases[i].outcome - from]);
	}
	for (int k = 0; k < keys->n; k++)
		sum += prior * (log(keys->weights[k]) - keys->weights[k]);
	return sum;
}

int
main(void)
{
	static score_law_case cases[N],
				apart[N];
	static double weights[NUMBERS],
				again[NUMBERS],
				truth[NUMBERS],
				probs[2 * NUMBERS],
				work[3 * NUMBERS],
				reconciled[2 * NUMBERS];
	key_numbers keys = {13, 0, weights},
				true_keys = {13, 40, truth};
	score_law	law;
	int			reach,
				numbers = 0,
				agree;
	double		scale,
				best;

	/* a law by hand: two numbers, 0 twice as heavy */
	weights[0] = 2;
	keys.n = 1;
	keys.scale = 1;
	ok(score_law_points(0.5, &keys, 0, 2, probs) == CORE_OK, "a law of two numbers");
	close_to(probs[0], 2.0 / 3, 1e-15, "as far on either side, twice as heavy");
	ok(score_law_points(-1e4, &keys, 0, 2, probs) == CORE_OK && probs[0] == 1, "a prediction far below: the nearest number");
	weights[0] = 0;
	ok(score_law_points(0, &keys, 0, 1, probs) == CORE_NO_SOLUTION, "no number left");
	ok(score_law_reach(9999, 1, &reach) == CORE_INVALID && score_law_reach(NAN, 1, &reach) == CORE_INVALID &&
	   score_law_reach(-3, 13.5, &reach) == CORE_OK && reach == 111, "how far a law goes");

	/* games drawn from key numbers: found again */
	for (int k = 0; k < 40; k++)
		truth[k] = k == 3 ? 3 : k == 7 ? 2 : k == 0 ? 0.05 : 1;
	for (int i = 0; i < N; i++)
	{
		double		u = tap_uniform();
		int			k = 0;

		cases[i].prediction = i % 3 ? cases[i - 1].prediction : 20 * tap_uniform() - 8;	/* a few games a prediction */
		score_law_reach(cases[i].prediction, 13, &reach);
		score_law_points(cases[i].prediction, &true_keys, -reach, 2 * reach + 1, probs);
		while (k < 2 * reach && (u -= probs[k]) > 0)
			k++;
		cases[i].outcome = k - reach;
	}
	ok(score_law_scale(cases, N, &scale) == CORE_OK && scale > 11 && scale < 13.5, "the scale, drawn together by heavy numbers near 0");
	for (int i = 0; i < N; i++)
	{
		score_law_reach(cases[i].prediction, scale, &reach);
		numbers = fmax(numbers, fmax(reach, fabs(cases[i].outcome)) + 1);
	}
	score_law_fit(cases, N, scale, 10, 1 - numbers, numbers, weights, work, NULL);
	ok(weights[3] > 2 * weights[2] && weights[7] > 1.3 * weights[8] && weights[0] < 0.2, "the key numbers");
	keys = (key_numbers) {scale, numbers, weights};
	best = likelihood(cases, N, &keys, 1 - numbers, 10);
	agree = 1;
	for (int k = 0; k < 60; k += 12)
		for (int way = -1; way <= 1; way += 2)
		{
			double		kept = weights[k];

			weights[k] *= 1 + way * 0.01;
			agree &= likelihood(cases, N, &keys, 1 - numbers, 10) < best;
			weights[k] = kept;
		}
	ok(agree, "no weight can be moved to a higher posterior");
	for (int i = 0; i < N; i++)
		apart[i] = cases[3 * i % N];	/* a prediction's games far from each other */
	score_law_fit(apart, N, scale, 10, 1 - numbers, numbers, again, work, NULL);
	agree = 1;
	for (int k = 0; k < numbers; k++)
		agree &= fabs(again[k] / weights[k] - 1) < 1e-11;
	ok(agree, "neighbours of one prediction count as much as when they are apart");
	cases[0].prediction = cases[0].outcome;
	ok(score_law_scale(cases, 1, &scale) == CORE_NO_SOLUTION, "exact predictions have no scale");

	/* what must hold of every law */
	agree = 1;
	for (int i = 0; i < 500; i++)
	{
		double		prediction = 200 * tap_uniform() - 100,
					home = tap_uniform(),
					results[SETTLE_RESULTS],
					mirror[SETTLE_RESULTS],
					before = 0,
					outcomes[3],
					sum = 0;

		keys.scale = 0.5 + 20 * tap_uniform();
		score_law_reach(prediction, keys.scale, &reach);
		law = (score_law) {-reach, 2 * reach + 1, probs};
		agree &= score_law_points(prediction, &keys, -reach, law.n, probs) == CORE_OK;
		for (int k = 0; k < law.n; k++)
			sum += probs[k];
		agree &= fabs(sum - 1) <= 1e-13;
		for (int quarter = -4 * reach; quarter <= 4 * reach; quarter++)
		{
			score_law_line(&law, 1, quarter * 0.25, results);
			score_law_line(&law, -1, -quarter * 0.25, mirror);
			sum = 0;
			for (int r = 0; r < SETTLE_RESULTS; r++)
			{
				sum += results[r];
				agree &= results[r] == mirror[SETTLE_LOSS - r];
			}
			agree &= fabs(sum - 1) <= 1e-13 && results[SETTLE_WIN] >= before - 1e-15;
			before = results[SETTLE_WIN];
		}
		/* who wins is the line 0, and 0.5 either way */
		score_law_outcomes(&law, outcomes);
		score_law_line(&law, 1, -0.5, results);
		agree &= fabs(results[SETTLE_WIN] - outcomes[0]) <= 1e-15;
		score_law_line(&law, 1, 0.5, results);
		agree &= fabs(results[SETTLE_LOSS] - outcomes[2]) <= 1e-15;
		if (score_law_reconcile(&law, (double[]) {home, 1 - home}, 2, NULL, reconciled) == CORE_OK)
		{
			double		tie = outcomes[1];

			law.probs = reconciled;
			score_law_outcomes(&law, outcomes);
			agree &= fabs(outcomes[0] - home * (1 - tie)) <= 1e-14 && fabs(outcomes[1] - tie) <= 1e-15;
		}
	}
	ok(agree, "500 laws at every line: sums, mirrors, monotone, who wins");

	/* a grid and its laws say the same */
	agree = 1;
	for (int i = 0; i < 2000; i++)
	{
		double		cells[16 * 16],
					moved[16 * 16],
					wanted[3] = {tap_uniform(), tap_uniform(), tap_uniform()},
					outcomes[3],
					got[SETTLE_RESULTS],
					want[SETTLE_RESULTS],
					sum = 0;
		score_grid	grid = {16, 16, cells};
		double		line = 0.25 * tap_below(40) - 5;

		score_grid_dixon_coles(0.1 + 3 * tap_uniform(), 0.1 + 3 * tap_uniform(), -0.05, 15, cells);
		agree &= score_grid_reconcile(&grid, wanted, NULL, moved) == CORE_OK;
		grid.probs = moved;
		score_grid_outcomes(&grid, outcomes);
		for (int o = 0; o < 3; o++)
			sum += wanted[o];
		for (int o = 0; o < 3; o++)
			agree &= fabs(outcomes[o] - wanted[o] / sum) <= 1e-14;
		score_law_of_grid(&grid, true, probs);
		law = (score_law) {-15, 31, probs};
		score_law_line(&law, 1, line, got);
		score_grid_law(&grid, 1, -1, line, want);
		for (int r = 0; r < SETTLE_RESULTS; r++)
			agree &= fabs(got[r] - want[r]) <= 1e-14;
		score_law_of_grid(&grid, false, probs);
		law = (score_law) {0, 31, probs};
		score_law_line(&law, 1, line, got);
		score_grid_law(&grid, 1, 1, line, want);
		for (int r = 0; r < SETTLE_RESULTS; r++)
			agree &= fabs(got[r] - want[r]) <= 1e-14;
	}
	ok(agree, "2000 grids: the outcomes asked for, and laws that price as the grid does");

	/* what a price implies gives the price again, and goes on being said under other outcomes */
	agree = 1;
	for (int k = 0; k < 60; k++)
		weights[k] = 0.2 + 2 * tap_uniform();
	keys.n = 60;
	for (int i = 0; i < 2000; i++)
	{
		bool		margins = tap_below(2);
		double		line = (margins ? 0.25 * tap_below(120) - 15 : 10 + 0.25 * tap_below(200)),
					prob = 0.02 + 0.96 * tap_uniform(),
					prediction,
					win,
					loss,
					fair,
					results[SETTLE_RESULTS],
					outcomes[3];

		keys.scale = 2 + 12 * tap_uniform();
		if (score_law_implied(&keys, margins, line, prob, &prediction) != CORE_OK)
		{
			agree = 0;
			continue;
		}
		score_law_reach(prediction, keys.scale, &reach);
		law = (score_law) {margins ? -reach : 0, margins ? 2 * reach + 1 : reach + 1, probs};
		score_law_points(prediction, &keys, law.lowest, law.n, probs);
		score_law_line(&law, 1, margins ? line : -line, results);
		fair = results[SETTLE_WIN] + results[SETTLE_HALF_WIN] / 2;
		loss = results[SETTLE_LOSS] + results[SETTLE_HALF_LOSS] / 2;
		fair /= fair + loss;
		agree &= fabs(fair - prob) <= 1e-11;
		score_law_outcomes(&law, outcomes);
		if (!margins || fabs(line) < 2 || outcomes[0] < 0.05 || outcomes[2] < 0.05)
			continue;
		/* the favourite a little more likely, as a model would have it */
		outcomes[0] *= 1.02;
		if (score_law_reconcile(&law, (double[]) {outcomes[0] / (outcomes[0] + outcomes[2]), outcomes[2] / (outcomes[0] + outcomes[2])}, 2,
								(double[]) {line, NAN}, reconciled) != CORE_OK)
			agree = 0;
		law.probs = reconciled;
		score_law_line(&law, 1, line, results);
		win = results[SETTLE_WIN] + results[SETTLE_HALF_WIN] / 2;
		loss = results[SETTLE_LOSS] + results[SETTLE_HALF_LOSS] / 2;
		if (prob > 0.2 && prob < 0.8)
			agree &= fabs(win / (win + loss) - prob) <= 1e-10;
	}
	ok(agree, "2000 prices: the prediction behind them, and the line held under other outcomes");
	agree = 1;
	for (int i = 0; i < 100; i++)
	{
		double		rates[2],
					cells[41 * 41],
					moved[41 * 41],
					lines[2] = {0.25 * tap_below(11) - 1.25, 2 + 0.25 * tap_below(9)},
					chances[2] = {0.3 + 0.4 * tap_uniform(), 0.35 + 0.3 * tap_uniform()},
					results[SETTLE_RESULTS],
					outcomes[3];
		score_grid	grid = {41, 41, cells};

		if (score_law_implied_goals(lines, chances, -0.05, rates) != CORE_OK || score_grid_dixon_coles(rates[0], rates[1], -0.05, 40, cells) != CORE_OK)
		{
			agree = 0;
			continue;
		}
		for (int round = 0; round < 2; round++)
		{
			for (int line = 0; line < 2; line++)
			{
				double		win,
							loss;

				score_grid_law(&grid, 1, line ? 1 : -1, line ? -lines[1] : lines[0], results);
				win = results[SETTLE_WIN] + results[SETTLE_HALF_WIN] / 2;
				loss = results[SETTLE_LOSS] + results[SETTLE_HALF_LOSS] / 2;
				/* lines that outcomes alone decide have to give way to them */
				if (round == 0 || line == 1 || fabs(lines[0]) > 0.75)
					agree &= fabs(win / (win + loss) - chances[line]) <= 2e-8;
			}
			score_grid_outcomes(&grid, outcomes);
			outcomes[0] *= 1.03;
			outcomes[1] = 1 - outcomes[0] - outcomes[2];
			agree &= score_grid_reconcile(&grid, outcomes, lines, moved) == CORE_OK;
			grid.probs = moved;
		}
	}
	ok(agree, "100 pairs of prices of goals, and both held under other outcomes");
	ok(score_law_implied(&keys, true, -3, 0, &scale) == CORE_NO_SOLUTION && score_law_implied(&keys, true, 1e6, 0.5, &scale) == CORE_NO_SOLUTION &&
	   score_law_implied_goals((double[]) {-3, 0.5}, (double[]) {0.9, 0.1}, 0, reconciled) == CORE_NO_SOLUTION, "prices that nothing implies");

	/* {home, draw, away} of margins, and what cannot be had */
	law = (score_law) {1, 2, (double[]) {0.5, 0.5}};
	ok(score_law_reconcile(&law, (double[]) {0.5, 0.5}, 2, NULL, reconciled) == CORE_NO_SOLUTION, "what is impossible stays so");
	ok(score_law_reconcile(&law, (double[]) {1, 0, 0}, 3, NULL, reconciled) == CORE_OK && reconciled[0] == 0.5, "and may be certain not to come");
	return done_testing();
}
