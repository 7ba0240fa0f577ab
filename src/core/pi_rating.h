/*
 * Pi-ratings (Constantinou & Fenton 2013): a team has one rating at home and
 * one away, in goals on a logarithmic scale (b = 10, c = 3).
 */
#ifndef BET_EDGE_CORE_PI_RATING_H
#define BET_EDGE_CORE_PI_RATING_H

typedef struct pi_team
{
	double		home;
	double		away;
} pi_team;

/* Expected goal difference of the home side. */
extern double pi_expected(double home_home, double away_away);
/* A game; answers the goal difference that was expected. */
extern double pi_update(pi_team *home, pi_team *away, int home_goals, int away_goals, double learning_rate, double catch_up);

#endif							/* BET_EDGE_CORE_PI_RATING_H */
