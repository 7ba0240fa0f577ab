#include "tap.h"

#include <stdbool.h>
#include <stdint.h>

#include "core/kelly.h"

static uint64_t seed = 11;

static double
uniform(void)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (double) (seed >> 11) / 9007199254740992.0;
}

static double
growth(const double *p, const double *r, int n, double f)
{
	double		sum = 0;

	for (int i = 0; i < n; i++)
		sum += p[i] * log1p(f * r[i]);
	return sum;
}

int
main(void)
{
	double		p[5],
				r[5],
				f;
	int			wrong;

	close_to(kelly_binary(0.55, 0.45, 1), 0.1, 1e-15, "55 % at evens");
	ok(kelly_binary(0.5, 0.5, 1) == 0 && kelly_binary(0.4, 0.6, 1) < 0, "no value");
	ok(kelly_binary(0, 0, 1) == 0 && kelly_binary(0, 1, 1) == -1 && kelly_binary(1, 0, 1) == 1, "certainties");
	ok(kelly_binary(0.5, 0.5, 0) == -INFINITY, "nothing to gain");

	p[0] = 0.5, p[1] = 0.1, p[2] = 0.4;
	r[0] = 0.95, r[1] = -0.5, r[2] = -1;
	ok(kelly_any(p, r, 3, &f) == CORE_OK, "a quarter-line handicap");
	close_to(f, 0.028524126113489517, 1e-14, "its fraction");
	kelly_any(p, r, 2, &f);
	close_to(f, 0.028524126113489517, 1e-14, "what is not listed loses the stake");
	r[1] = -1.5;
	ok(kelly_any(p, r, 3, &f) == CORE_INVALID, "no loss above the stake");
	p[0] = 0.6, r[1] = -0.5;
	ok(kelly_any(p, r, 3, &f) == CORE_INVALID, "no sum above 1");
	p[0] = 0.5, p[1] = 0.5, r[1] = 0;
	ok(kelly_any(p, r, 2, &f) == CORE_OK && f == 1, "a bet that cannot lose takes all");
	r[1] = -0.1;
	ok(kelly_any(p, r, 2, &f) == CORE_OK && f == 1, "never more than all");
	p[0] = 1 - 1e-12, p[1] = 1e-12, r[0] = 1, r[1] = -1;
	ok(kelly_any(p, r, 2, &f) == CORE_OK && fabs(f - (1 - 2e-12)) < 1e-15, "close to the pole");

	wrong = 0;
	for (int i = 0; i < 100000; i++)
	{
		double		sum = 0,
					b = 0.05 + 3 * uniform(),
					two;

		r[0] = b, r[1] = b / 2, r[2] = 0, r[3] = -0.5, r[4] = -1;
		for (int j = 0; j < 5; j++)
			sum += p[j] = 0.01 + uniform();
		for (int j = 0; j < 5; j++)
			p[j] /= sum;
		wrong += kelly_any(p, r, 5, &f) != CORE_OK;
		/* no fraction beside it grows faster */
		wrong += growth(p, r, 5, f) < growth(p, r, 5, f > 1e-6 ? f - 1e-6 : 0) - 1e-15 ||
			growth(p, r, 5, f) < growth(p, r, 5, fmin(f + 1e-6, 0.999999)) - 1e-15;
		/* two outcomes and a push: the closed form */
		p[3] = p[1] = 0;
		sum = p[0] + p[2] + p[4];
		p[0] /= sum, p[2] /= sum, p[4] /= sum;
		kelly_any(p, r, 5, &f);
		two = kelly_binary(p[0], p[4], b);
		wrong += fabs(f - fmax(two, 0)) > 1e-13;
	}
	ok(wrong == 0, "100000 bets: at the maximum of growth, and as the closed form");

	/* the formula: in bounds, monotone in the probability and the odds, at the maximum */
	wrong = 0;
	for (int i = 0; i < 200000; i++)
	{
		double		win = uniform(),
					lose = (1 - win) * (uniform() < 0.5 ? 1 : uniform()),
					b = exp(20 * uniform() - 10),
					full = kelly_binary(win, lose, b),
					more = fmin(win + 0.01 * uniform(), 1 - lose);

		wrong += !(full <= 1);
		wrong += kelly_binary(more, lose, b) < full * (1 - copysign(1e-15, full)) - 1e-15;
		wrong += kelly_binary(win, lose, b * (1 + uniform())) < full - 1e-15;
		wrong += (full > 0) != (b * win > lose);
		if (full > 0 && full < 1)
			wrong += fabs(win * b / (1 + b * full) - lose / (1 - full)) > 1e-9 * lose / (1 - full);
	}
	ok(wrong == 0, "200000 bets: value and only value is staked on, more of it with better odds");

	/* outcomes of one event: at the maximum, in any order, hedges included */
	wrong = 0;
	for (int i = 0; i < 200000; i++)
	{
		int			n = 1 + (int) (uniform() * 6);
		double		odds[6],
					probs[6],
					stakes[6],
					turned[2][6],
					other[6],
					sum = uniform() < 0.5 ? 0 : uniform(),
					total = 0,
					rest = sum,
					price = 0;

		for (int j = 0; j < n; j++)
			sum += probs[j] = uniform() + 1e-3;
		for (int j = 0; j < n; j++)
		{
			probs[j] /= sum;
			odds[j] = 1.001 + (0.8 + 0.3 * uniform()) / probs[j];
			turned[0][n - 1 - j] = probs[j];
			turned[1][n - 1 - j] = odds[j];
		}
		rest /= sum;
		wrong += kelly_outcomes(probs, odds, n, stakes) != CORE_OK || kelly_outcomes(turned[0], turned[1], n, other) != CORE_OK;
		for (int j = 0; j < n; j++)
		{
			wrong += !(stakes[j] >= 0 && stakes[j] <= probs[j]) || fabs(stakes[j] - other[n - 1 - j]) > 1e-12;
			total += stakes[j];
		}
		wrong += total > 1 + 1e-14;
		/* sum of p/wealth over all results is what a unit in reserve is worth; a unit on j is worth p*o/wealth */
		if (total < 1 - 1e-9)
		{
			price = rest > 0 ? rest / (1 - total) : 0;
			for (int j = 0; j < n; j++)
				price += probs[j] / (1 - total + stakes[j] * odds[j]);
			for (int j = 0; j < n; j++)
			{
				double		worth = probs[j] * odds[j] / (1 - total + stakes[j] * odds[j]);

				wrong += stakes[j] > 0 ? fabs(worth - price) > 1e-9 * price : worth > price * (1 + 1e-9);
			}
		}
	}
	ok(wrong == 0, "200000 events: at the maximum of growth, in any order");

	/* an uncertain probability stakes less, the more uncertain the less */
	wrong = 0;
	for (int i = 0; i < 200000; i++)
	{
		double		prob = uniform(),
					b = exp(8 * uniform() - 4),
					sigma = exp(10 * uniform() - 12),
					full = fmax(kelly_binary(prob, 1 - prob, b), 0),
					shrunk = kelly_shrink_delta(prob, b, sigma);

		wrong += !(shrunk >= 0 && shrunk <= full) || kelly_shrink_delta(prob, b, 0) != full ||
			kelly_shrink_delta(prob, b, 2 * sigma) > shrunk;
		if (i % 400 == 0 && 2 * sigma < sqrt(prob * (1 - prob)))
		{
			double		narrow,
						wide;

			wrong += kelly_shrink_beta(prob, b, sigma, &narrow) != CORE_OK || kelly_shrink_beta(prob, b, 2 * sigma, &wide) != CORE_OK;
			wrong += !(wide >= 0 && wide <= narrow * (1 + 1e-9) && narrow <= full * (1 + 1e-9));
			/* nearly certain: the two agree to second order */
			wrong += sigma < 1e-3 * full && fabs(narrow / shrunk - 1) > 1e-3;
		}
	}
	ok(wrong == 0, "200000 estimates: shrunk towards nothing");
	ok(kelly_shrink_beta(0.5, 1.2, 0.5, &f) == CORE_NO_SOLUTION, "no estimate spreads more than a coin");

	/* ruin at even odds is the gambler's; what is staked in shares is bounded by Lundberg */
	wrong = 0;
	for (int i = 0; i < 100000; i++)
	{
		double		win = uniform(),
					push = uniform() < 0.5 ? 0 : (1 - win) * uniform(),
					lose = 1 - win - push,
					bankroll = floor(30 * uniform()),
					ruin = kelly_ruin(win, lose, 1, bankroll),
					want = win > lose ? pow(lose / win, bankroll) : 1,
					b = exp(4 * uniform() - 2),
					stake = uniform() * 0.9,
					drawdown = kelly_drawdown_bets(win, lose, b, stake, 0.5);

		wrong += fabs(ruin - want) > 1e-10;
		wrong += !(drawdown >= 0 && drawdown <= 1) || kelly_drawdown_bets(win, lose, b, stake, 0.25) > drawdown;
		wrong += (drawdown < 1) != (win * log1p(stake * b) + lose * log1p(-stake) > 0) && drawdown < 1 - 1e-9;
	}
	ok(wrong == 0, "100000 plans: the gambler's ruin, drawdowns in bounds");
	/* p z^3 - z + 1 - p = (z - 1)(p z^2 + p z - (1 - p)) */
	close_to(kelly_ruin(0.4, 0.6, 2, 3), pow((-1 + sqrt(1 + 4 * 1.5)) / 2, 3), 1e-12, "ruin at odds of 3");
	close_to(kelly_drawdown_bets(0.55, 0.45, 1, 0.1, 0.5), 0.5, 1e-12, "full Kelly halves with a half, in bets too");
	ok(kelly_drawdown(2, 0.5) == 1 && kelly_drawdown(0, 0.5) == 0 && kelly_drawdown(0.5, 0.5) == 0.125, "multiples of Kelly");
	close_to(kelly_drawdown(kelly_drawdown_multiplier(0.3, 0.07), 0.3), 0.07, 1e-14, "and back");
	ok(kelly_ruin(1, 0, 2, 5) == 0 && kelly_ruin(0, 1, 2, 5) == 1 && kelly_ruin(0.4, 0.6, 1, 0) == 1, "certainties of a plan");
	return done_testing();
}
