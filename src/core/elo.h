/*
 * Elo ratings: Elo 1978; the margin multipliers of FiveThirtyEight (NFL, NBA)
 * and of the World Football Elo Ratings; Davidson 1970 for draws.
 */
#ifndef BET_EDGE_CORE_ELO_H
#define BET_EDGE_CORE_ELO_H

#include <math.h>
#include <stdbool.h>

#include "core/status.h"

typedef enum elo_rule
{
	ELO_PLAIN,					/* multiplier 1 */
	ELO_NFL,
	ELO_NBA,
	ELO_WORLD_FOOTBALL
} elo_rule;

/* What a rule set says when the caller does not: one row a rule, in enum order. */
typedef struct elo_default
{
	double		k;
	double		advantage;
	double		keep;			/* share of the distance to the mean kept between seasons */
	double		mean;
	double		newcomer;
} elo_default;

extern const elo_default elo_defaults[];

typedef struct elo_step
{
	double		home;			/* ratings after the game */
	double		away;
	double		expected;		/* expected score of the home side */
	double		multiplier;
} elo_step;

#define ELO_BINARY 0.00830482023721840586967579857	/* log2(10) / 400 */

/* 1/(1+10^(-d/400)); a power of 2 takes half the time of one of 10, and the rounding of its exponent is most of the error of either. */
static inline double
elo_expected(double rating_a, double rating_b, double advantage)
{
	return 1 / (1 + exp2((rating_a - rating_b + advantage) * -ELO_BINARY));
}

/* What one side wins the other loses: the very same number is added and taken away. */
static inline elo_step
elo_move(double home, double away, double expected, double score, double k, double multiplier)
{
	double		shift = k * multiplier * (score - expected);

	return (elo_step) {home + shift, away - shift, expected, multiplier};
}

/* CORE_INVALID for a game that the rules do not rate. */
extern core_status elo_multiplier(elo_rule rule, int home_score, int away_score, double home_diff, double *multiplier);

static inline core_status
elo_game(elo_rule rule, double home, double away, int home_score, int away_score,
		 double k, double advantage, elo_step *step)
{
	/* a table: nothing foretells a jump on who won */
	static const double scores[] = {0, 0.5, 1};
	double		score = scores[1 + (home_score > away_score) - (home_score < away_score)];
	double		multiplier = 1;

	if (rule != ELO_PLAIN && elo_multiplier(rule, home_score, away_score, home - away + advantage, &multiplier) != CORE_OK)
		return CORE_INVALID;
	*step = elo_move(home, away, elo_expected(home, away, advantage), score, k, multiplier);
	return CORE_OK;
}

extern void elo_outcomes(double expected, double draw, double probs[3]);
/*
 * One step of Newton towards Davidson's nu, at which games of these evennesses, sqrt(e(1-e)), are expected to have so many
 * draws: from *nu = 0 on, until it says true. There is a nu only while draws are fewer than the evennesses above 0.
 */
extern bool elo_draw_step(const double *evenness, int n, double draws, double *nu);

/* A league's memory of one team, and its rule for a new season. */
typedef struct elo_team
{
	double		rating;
	int			season;			/* of its latest game */
	bool		rated;			/* rating is set: it has played, or was given one to start with */
	bool		played;
} elo_team;

typedef struct elo_league
{
	double		keep;
	double		mean;
	double		newcomer;
	bool		promotes;		/* who did not play the league's last season starts as a newcomer */
	int			first_season;	/* the first that began, which a late game may precede */
	int		   *seasons;		/* that began, ascending; the caller's */
	int			n_seasons;
} elo_league;

/* A game of a season is played; seasons must have room for one more. */
extern void elo_begin(elo_league *league, int season);
/* Bring a team into a season before its game; CORE_INVALID when the season lies behind it. */
extern core_status elo_enter(const elo_league *league, elo_team *team, int season);

#endif							/* BET_EDGE_CORE_ELO_H */
