#include "core/kelly_slate.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "core/sum.h"

/*
 * ln w = integral of (exp(-t) - exp(-tw))/t dt over t > 0, and E exp(-tw) is a product over games
 * that do not depend on each other: so the expected logarithm over all combinations of their
 * scenarios is an integral in one dimension. On t = exp(kh) the trapezoidal rule is off by
 * 2|Gamma(1 + 2 pi i/h)|, 2e-16 at h = 1/4, relative, for 1/w at every w.
 */
#define QUADRATURE_STEP 0.25
/* So few bets have so few results that listing them takes less time than the integral. */
#define LISTED_BETS 6

typedef struct one_game
{
	size_t		first;			/* of its bets */
	size_t		bets;
	size_t		scenarios;
	const double *probs;
	const double *net_returns;
	double		rest;			/* probability that all stakes on it are lost beside the scenarios */
	double	   *profits;		/* of its scenarios, and one more for the rest */
	double		worst;			/* of these */
} one_game;

typedef struct slate
{
	int			games;
	one_game   *game;
	double	   *weights;		/* of a game's scenarios and its rest at one t */
	double	   *means;			/* one number a bet */
	double	   *sizes;
} slate;

#define GAME_SPACE ((sizeof(one_game) + sizeof(double) - 1) / sizeof(double))

size_t
kelly_slate_space(int n, int games, size_t scenarios)
{
	return kelly_portfolio_space(n) + 2 * (size_t) n + GAME_SPACE * games + 2 * (scenarios + games);
}

static core_status
make_slate(const int *bets, const int *scenarios, int games, const double *probs, const double *net_returns, double **space,
		   slate *made, int *n)
{
	size_t		most = 0,
				first = 0;

	made->games = games;
	made->game = (one_game *) kelly_take(space, GAME_SPACE * games);
	for (int g = 0; g < games; g++)
	{
		one_game   *game = &made->game[g];

		game->first = first;
		game->bets = bets[g];
		game->scenarios = scenarios[g];
		game->probs = probs;
		game->net_returns = net_returns;
		game->rest = kelly_rest(probs, scenarios[g]);
		if (!(game->rest >= 0))
			return CORE_INVALID;
		game->profits = kelly_take(space, game->scenarios + 1);
		first += game->bets;
		probs += game->scenarios;
		net_returns += game->scenarios * game->bets;
		if (game->scenarios + 1 > most)
			most = game->scenarios + 1;
	}
	made->weights = kelly_take(space, most);
	made->means = kelly_take(space, first);
	made->sizes = kelly_take(space, first);
	*n = (int) first;
	return CORE_OK;
}

/* What every scenario brings, and the least and the most that may be left of the bankroll. */
static void
bring_profits(const slate *all, const double *stakes, double *least, double *most)
{
	core_sum	left = {1, 0};

	*most = 1;
	for (int g = 0; g < all->games; g++)
	{
		one_game   *game = &all->game[g];
		double		best = -INFINITY;

		game->worst = INFINITY;
		for (size_t s = 0; s <= game->scenarios; s++)
		{
			double		profit = 0;

			for (size_t i = 0; i < game->bets; i++)
				profit += stakes[game->first + i] * (s < game->scenarios ? game->net_returns[s * game->bets + i] : -1);
			game->profits[s] = profit;
			if ((s < game->scenarios ? game->probs[s] : game->rest) > 0)
			{
				game->worst = fmin(game->worst, profit);
				best = fmax(best, profit);
			}
		}
		core_sum_add(&left, game->worst);
		*most += fmax(best, 0);
	}
	*least = core_sum_value(left);
}

typedef struct nodes
{
	int			first;
	int			last;
} nodes;

/* Games that cannot lose leave more than 1, and exp(-t) ends later. */
static nodes
nodes_between(double least, double most)
{
	nodes		k;

	k.first = (int) floor(log(1e-17 / most) / QUADRATURE_STEP);
	k.last = (int) ceil(log(45 / fmin(least, 1)) / QUADRATURE_STEP);
	return k;
}

/*
 * ln E exp(-t (profit - worst)) of one game, its worst result taken out as a factor so that nothing
 * overflows; the scenarios' shares of that expectation are left in weights.
 */
static double
log_mean_of(const one_game *game, double t, double *weights)
{
	double		shortfall = 0,
				sum = 0;

	for (size_t s = 0; s <= game->scenarios; s++)
	{
		double		prob = s < game->scenarios ? game->probs[s] : game->rest;
		double		above = t * (game->profits[s] - game->worst);
		double		falls;

		weights[s] = 0;
		if (prob <= 0)
			continue;
		falls = above == 0 ? 0 : expm1(-above);
		weights[s] = prob * (falls > -0.5 ? 1 + falls : exp(-above));
		shortfall += prob * falls;
		sum += weights[s];
	}
	for (size_t s = 0; s <= game->scenarios; s++)
		weights[s] /= sum;
	return shortfall > -0.5 ? log1p(shortfall) : log(sum);
}

static double
return_of(const one_game *game, size_t s, size_t i)
{
	return s < game->scenarios ? game->net_returns[s * game->bets + i] : -1;
}

static double
slate_growth(const kelly_problem *p, const double *stakes, double *slopes, double *sizes)
{
	const slate *all = p->bets;
	double		least,
				most;
	nodes		k;
	core_sum	growth = {0, 0};

	bring_profits(all, stakes, &least, &most);
	k = nodes_between(least, most);
	if (slopes)
		for (int i = 0; i < p->n; i++)
		{
			slopes[i] = 0;
			sizes[i] = KELLY_NOTHING;
		}
	for (int node = k.first; node <= k.last; node++)
	{
		double		t = exp(node * QUADRATURE_STEP);
		double		log_mean = 0,
					weight;

		for (int g = 0; g < all->games; g++)
		{
			const one_game *game = &all->game[g];

			log_mean += log_mean_of(game, t, all->weights);
			for (size_t i = 0; slopes && i < game->bets; i++)
			{
				double		mean = 0,
							size = 0;

				for (size_t s = 0; s <= game->scenarios; s++)
				{
					double		term = all->weights[s] * return_of(game, s, i);

					mean += term;
					size += fabs(term);
				}
				all->means[game->first + i] = mean;
				all->sizes[game->first + i] = size;
			}
		}
		/* exp(-t) - exp(log_mean - t least), without overflow, and without cancellation where they are close */
		weight = log_mean + t * (1 - least);
		core_sum_add(&growth, QUADRATURE_STEP * (weight > 1 ? exp(-t) - exp(log_mean - t * least) : -exp(-t) * expm1(weight)));
		if (slopes)
		{
			weight = QUADRATURE_STEP * t * exp(log_mean - t * least);
			for (int i = 0; i < p->n; i++)
			{
				slopes[i] += weight * all->means[i];
				sizes[i] += weight * all->sizes[i];
			}
		}
		p->interrupts();
	}
	return core_sum_value(growth);
}

static void
slate_curvature(const kelly_problem *p, const double *stakes, const int *chosen, int m, double *matrix)
{
	const slate *all = p->bets;
	double		least,
				most;
	nodes		k;

	bring_profits(all, stakes, &least, &most);
	k = nodes_between(least, most);
	memset(matrix, 0, (size_t) m * m * sizeof(double));
	/* log means first: what a node weighs is known when all games are */
	for (int node = k.first; node <= k.last; node++)
	{
		double		t = exp(node * QUADRATURE_STEP);
		double		log_mean = 0,
					weight;
		int			from = 0;

		for (int g = 0; g < all->games; g++)
			log_mean += log_mean_of(&all->game[g], t, all->weights);
		weight = QUADRATURE_STEP * t * t * exp(log_mean - t * least);
		if (weight == 0)
			continue;
		for (int g = 0; g < all->games; g++)
		{
			const one_game *game = &all->game[g];
			int			to = from;

			while (to < m && chosen[to] < game->first + game->bets)
				to++;
			if (to == from)
				continue;
			log_mean_of(game, t, all->weights);
			for (int a = from; a < to; a++)
			{
				double	   *line = matrix + (size_t) a * m;
				double		mean = 0;

				for (size_t s = 0; s <= game->scenarios; s++)
				{
					double		share = all->weights[s] * return_of(game, s, chosen[a] - game->first);

					if (share == 0)
						continue;
					mean += share;
					for (int b = from; b <= a; b++)
						line[b] += weight * share * return_of(game, s, chosen[b] - game->first);
				}
				all->means[a] = mean;
				for (int b = 0; b < from; b++)
					line[b] += weight * mean * all->means[b];
			}
			from = to;
		}
		p->interrupts();
	}
}

core_status
kelly_slate(const int *bets, const int *scenarios, int games, const double *probs, const double *net_returns,
			double limit, void (*interrupts) (void), double *space, double *stakes)
{
	slate		all;
	kelly_problem p = {.limit = fmin(limit, 1 - KELLY_RESERVE), .growth = slate_growth, .curvature = slate_curvature,
	.interrupts = interrupts ? interrupts : kelly_no_interrupts, .bets = &all};

	if (make_slate(bets, scenarios, games, probs, net_returns, &space, &all, &p.n) != CORE_OK)
		return CORE_INVALID;
	memset(stakes, 0, p.n * sizeof(double));
	return limit <= 0 ? CORE_OK : kelly_maximise(&p, space, stakes);
}

double
kelly_slate_growth(const double *stakes, const int *bets, const int *scenarios, int games, const double *probs,
				   const double *net_returns, double *space)
{
	slate		all;
	kelly_problem p = {.interrupts = kelly_no_interrupts, .bets = &all};
	double		least,
				most;

	if (make_slate(bets, scenarios, games, probs, net_returns, &space, &all, &p.n) != CORE_OK)
		return NAN;
	bring_profits(&all, stakes, &least, &most);
	return least <= 0 ? -INFINITY : slate_growth(&p, stakes, NULL, NULL);
}

/* ---- independent bets: a game each ---------------------------------------------------------------- */

typedef struct singles
{
	int		   *ones;			/* bets and scenarios of each game */
	int		   *threes;
	double	   *probs;			/* win, push, loss */
	double	   *net_returns;
} singles;

size_t
kelly_independent_space(int n)
{
	return kelly_slate_space(n, n, 3 * (size_t) n) + 10 * (size_t) n + (LISTED_BETS + 1) * (1 << LISTED_BETS);
}

static core_status
make_singles(const double *probs, const double *pushes, const double *odds, const int *from, int n, double **space, singles *made)
{
	made->ones = (int *) kelly_take(space, n);
	made->threes = (int *) kelly_take(space, n);
	made->probs = kelly_take(space, 3 * n);
	made->net_returns = kelly_take(space, 3 * n);
	for (int j = 0; j < n; j++)
	{
		int			i = from ? from[j] : j;
		double		draw = pushes ? pushes[i] : 0;
		double		loss = 1 - probs[i] - draw;

		if (loss < -KELLY_SUM_SLACK)
			return CORE_INVALID;
		made->ones[j] = 1;
		made->threes[j] = 3;
		made->probs[3 * j] = probs[i];
		made->probs[3 * j + 1] = draw;
		made->probs[3 * j + 2] = loss < 1e-15 ? 0 : loss;	/* the rounding of the sum */
		made->net_returns[3 * j] = odds[i] - 1;
		made->net_returns[3 * j + 1] = 0;
		made->net_returns[3 * j + 2] = -1;
	}
	return CORE_OK;
}

/* The same bets as scenarios: every result and its probability. */
static core_status
listed(const singles *bets, int n, double limit, void (*interrupts) (void), double *space, double *stakes)
{
	size_t		results = (size_t) 1 << n;
	double	   *joint = kelly_take(&space, results),
			   *net_returns = kelly_take(&space, results * n);

	for (size_t s = 0; s < results; s++)
	{
		joint[s] = 1;
		for (int i = 0; i < n; i++)
		{
			bool		wins = s >> i & 1;

			joint[s] *= bets->probs[3 * i + (wins ? 0 : 2)];
			net_returns[s * n + i] = wins ? bets->net_returns[3 * i] : -1;
		}
	}
	return kelly_scenarios(joint, results, net_returns, n, limit, interrupts, space, stakes);
}

core_status
kelly_independent(const double *probs, const double *pushes, const double *odds, int n, double limit,
				  void (*interrupts) (void), double *space, double *stakes)
{
	int		   *from = (int *) kelly_take(&space, n);
	double	   *found = kelly_take(&space, n);
	singles		bets;
	int			m = 0;
	core_status status;

	/* beside independent bets one without value is never worth a stake */
	for (int i = 0; i < n; i++)
	{
		double		losing = 1 - probs[i] - (pushes ? pushes[i] : 0);

		if (losing < -KELLY_SUM_SLACK)
			return CORE_INVALID;
		stakes[i] = 0;
		if (probs[i] * (odds[i] - 1) > losing)
			from[m++] = i;
	}
	if (m == 0 || limit <= 0)
		return CORE_OK;
	status = make_singles(probs, pushes, odds, from, m, &space, &bets);
	if (status == CORE_OK)
		status = pushes || m > LISTED_BETS ? kelly_slate(bets.ones, bets.threes, m, bets.probs, bets.net_returns, limit, interrupts, space, found)
			: listed(&bets, m, fmin(limit, 1 - KELLY_RESERVE), interrupts, space, found);
	if (status != CORE_OK)
		return status;
	for (int j = 0; j < m; j++)
		stakes[from[j]] = found[j];
	return CORE_OK;
}

double
kelly_independent_growth(const double *stakes, const double *probs, const double *pushes, const double *odds, int n, double *space)
{
	singles		bets;

	if (make_singles(probs, pushes, odds, NULL, n, &space, &bets) != CORE_OK)
		return NAN;
	return kelly_slate_growth(stakes, bets.ones, bets.threes, n, bets.probs, bets.net_returns, space);
}
