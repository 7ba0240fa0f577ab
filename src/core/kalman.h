/*
 * Kalman filter of scores: what a side scores is the league's level, half of the home
 * advantage, its attack, the opponent's defence and a starter (quarterback, pitcher),
 * plus noise. Strengths are normal and walk from game to game and season to season
 * (Harville 1980; Glickman & Stern 1998). Covariances are left out, so that the state
 * of the league is a mean and a variance for each of them.
 */
#ifndef BET_EDGE_CORE_KALMAN_H
#define BET_EDGE_CORE_KALMAN_H

#include <stdbool.h>

typedef struct kalman_state
{
	double		mean;
	double		variance;
} kalman_state;

typedef struct kalman_player	/* attack and defence of a team, or a starter in attack alone */
{
	bool		known;
	int			season;
	kalman_state attack;
	kalman_state defence;
} kalman_player;

typedef struct kalman_league
{
	kalman_state level;			/* mean score of a side */
	kalman_state home;			/* home advantage in points */
} kalman_league;

typedef struct kalman_rules		/* variances but for keep and starter_mean */
{
	double		noise;			/* of a score around what was expected */
	double		team_prior;		/* of a new team's strengths */
	double		team_drift;		/* added a game */
	double		season_keep;	/* share of strength carried into a season */
	double		season_drift;	/* added then */
	double		starter_mean;	/* what a new starter is worth */
	double		starter_prior;
	double		starter_drift;	/* added a season */
	bool		starter_defends;	/* keeps the opponent from scoring */
	double		league_drift;	/* of level and home advantage, added a game */
} kalman_rules;

typedef struct kalman_side
{
	kalman_player *team;
	kalman_player *starter;		/* NULL: unknown */
} kalman_side;

/* The league before its first game. */
extern kalman_league kalman_new_league(const kalman_rules *rules);
/* A side as it comes to a game of a season: newcomers begin, seasons pass. */
extern void kalman_enter(const kalman_rules *rules, const kalman_side *side, int season);
/* The scores to be expected of two sides that have come. */
extern void kalman_expected(const kalman_rules *rules, const kalman_league *league, const kalman_side *home, const kalman_side *away,
							bool neutral, double *home_score, double *away_score);
/* A game was played; all finite as long as scores and states are below 1e100. */
extern void kalman_update(const kalman_rules *rules, kalman_league *league, const kalman_side *home, const kalman_side *away,
						  bool neutral, double home_score, double away_score);

#endif							/* BET_EDGE_CORE_KALMAN_H */
