/*
 * Sets of matches between numbered teams, and what they can tell of the teams: which are joined by
 * chains of matches, whether home advantage shows, whether a likelihood of goals has a maximum.
 */
#ifndef BET_EDGE_CORE_MATCHES_H
#define BET_EDGE_CORE_MATCHES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

typedef struct match
{
	int32_t		home;			/* teams are numbered from 0 */
	int32_t		away;
	int32_t		home_score;
	int32_t		away_score;
	double		weight;			/* above 0 */
	int32_t		neutral;		/* no home advantage in this match */
	int32_t		unused;			/* 0: rows travel between processes byte for byte */
} match;

/* What is wrong with a set, with up to two teams to name. */
typedef enum match_fault
{
	MATCHES_GOOD,
	MATCHES_APART,				/* no chain of matches joins a and b */
	MATCHES_TWO_SIDED,			/* two groups, one with a and one with b, that only meet each other */
	MATCHES_NO_HOME,			/* home advantage cannot be told from strength */
	MATCHES_NEVER_SCORED,		/* a has no goals */
	MATCHES_NEVER_CONCEDED,		/* nobody scored against a */
	MATCHES_UNBOUNDED,			/* nothing holds the goals of a against b above 0 */
	MATCHES_HOME_UNBOUNDED		/* nothing holds home advantage finite */
} match_fault;

typedef struct match_finding
{
	match_fault fault;
	int			a;
	int			b;
} match_finding;

/* Divides weights by the largest, which it returns, and leaves out what becomes 0; n is the number left. */
extern double matches_scale(match *rows, long *n);

/* By home, away, neutral, scores and weight: the order in which the fits take them. */
extern int	matches_order(const void *a, const void *b);

/* Is any match not on neutral ground? */
extern bool matches_at_home(const match *rows, long n);

/* Are differences between teams determined, and home advantage where it is asked for? work: 2 * teams ints, 4 * teams for an odd circle. */
extern match_finding matches_compare(const match *rows, long n, int teams, bool home, int *work);

/* Do the matches join some team to itself over an odd number of them? Not where two groups only meet each other. */
extern bool matches_odd_circle(const match *rows, long n, int teams, int *work);

/*
 * Has the Poisson likelihood of goals one maximum, where ln rate = attack + defence of the other side
 * (+ home advantage at home)? With prior, where strengths are held to their mean and the matches need
 * not. work: MATCHES_GOALS_WORK(teams) ints.
 */
#define MATCHES_GOALS_WORK(teams) (12 * (size_t) (teams))
extern match_finding matches_goals(const match *rows, long n, int teams, bool prior, int *work, void (*check) (void));

#endif							/* BET_EDGE_CORE_MATCHES_H */
