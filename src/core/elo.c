#include "core/elo.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const elo_default elo_defaults[] = {
	[ELO_PLAIN] = {20, 0, 1, 1500, 1500},
	[ELO_NFL] = {20, 65, 2.0 / 3.0, 1505, 1300},
	[ELO_NBA] = {20, 100, 0.75, 1505, 1300},
	[ELO_WORLD_FOOTBALL] = {20, 100, 1, 1500, 1400},
};

/*
 * home_diff is the home rating minus the away rating, advantage included: an
 * expected rout counts for less, so that ratings do not run away from each other.
 */
core_status
elo_multiplier(elo_rule rule, int home_score, int away_score, double home_diff, double *multiplier)
{
	double		margin = fabs((double) home_score - (double) away_score);
	double		winner_diff = home_score > away_score ? home_diff : -home_diff;
	double		damping;

	switch (rule)
	{
		case ELO_PLAIN:
			*multiplier = 1;
			return CORE_OK;
		case ELO_NFL:
			damping = margin > 0 ? 0.001 * winner_diff + 2.2 : 1.0;
			if (damping <= 0)
				return CORE_INVALID;
			*multiplier = log(fmax(margin, 1) + 1) * 2.2 / damping;
			return CORE_OK;
		case ELO_NBA:
			damping = 7.5 + 0.006 * winner_diff;
			if (margin == 0 || damping <= 0)
				return CORE_INVALID;
			*multiplier = pow(margin + 3, 0.8) / damping;
			return CORE_OK;
		case ELO_WORLD_FOOTBALL:
			*multiplier = margin <= 1 ? 1 : margin == 2 ? 1.5 : (11 + margin) / 8;
			return CORE_OK;
	}
	return CORE_INVALID;
}

/* Davidson 1970: a draw is likeliest between equals; draw = 0 gives none. */
void
elo_outcomes(double expected, double draw, double probs[3])
{
	double		tie = draw * sqrt(expected * (1 - expected));

	probs[0] = expected / (1 + tie);
	probs[1] = tie / (1 + tie);
	probs[2] = (1 - expected) / (1 + tie);
}

/* The sum is concave in nu, so Newton from 0 climbs to the root and never passes it. */
bool
elo_draw_step(const double *evenness, int n, double draws, double *nu)
{
	double		drawn = 0,
				slope = 0,
				next;

	for (int i = 0; i < n; i++)
	{
		double		odds = 1 + *nu * evenness[i];

		drawn += *nu * evenness[i] / odds;
		slope += evenness[i] / (odds * odds);
	}
	if (draws - drawn <= 1e-10 * draws)
		return true;
	next = *nu + (draws - drawn) / slope;
	if (!(next > *nu && next <= DBL_MAX))	/* as close as a double comes */
		return true;
	*nu = next;
	return false;
}

/* How many seasons lie before one; the present one is mostly the last, so from the end. */
static int
seasons_before(const elo_league *league, int season)
{
	int			n = league->n_seasons;

	while (n > 0 && league->seasons[n - 1] >= season)
		n--;
	return n;
}

void
elo_begin(elo_league *league, int season)
{
	int			n = seasons_before(league, season);

	if (league->n_seasons == 0)
		league->first_season = season;
	if (n < league->n_seasons && league->seasons[n] == season)
		return;
	memmove(league->seasons + n + 1, league->seasons + n, (league->n_seasons - n) * sizeof(int));
	league->seasons[n] = season;
	league->n_seasons++;
}

/* Has the league played between two seasons of a team? A hole in the data relegates nobody. */
static bool
missed_one(const elo_league *league, int from, int to)
{
	int			n = seasons_before(league, to);

	return n > 0 && league->seasons[n - 1] > from;
}

core_status
elo_enter(const elo_league *league, elo_team *team, int season)
{
	if (team->played && season < team->season)
		return CORE_INVALID;
	if (!team->played)
	{
		if (!team->rated)
			team->rating = season == league->first_season ? league->mean : league->newcomer;
	}
	else if (season > team->season)
	{
		if (league->promotes && missed_one(league, team->season, season))
			team->rating = league->newcomer;
		else
			team->rating = league->keep * team->rating + (1 - league->keep) * league->mean;
	}
	team->rated = team->played = true;
	team->season = season;
	return CORE_OK;
}
