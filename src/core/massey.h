/*
 * Massey 1997: ratings whose differences come closest to the margins of the games, by least squares.
 */
#ifndef BET_EDGE_CORE_MASSEY_H
#define BET_EDGE_CORE_MASSEY_H

#include "core/matches.h"

#define MASSEY_MAX_TEAMS 2000

typedef struct massey_fit
{
	double	   *ratings;		/* of each team, their sum 0; the caller's */
	double	   *offence;		/* rating = offence + defence; points to expect: offence - the other's defence */
	double	   *defence;
	double		home_advantage; /* points */
	bool		split;			/* have offence and defence one answer? */
} massey_fit;

/* Doubles of work. */
extern size_t massey_space(int teams);

/*
 * Fits rows to whom matches_compare (with home) has no objection. home: is home advantage sought in games that
 * are not neutral? Otherwise it is 0. ints: 4 * teams of work. CORE_NO_SOLUTION: weights too far apart.
 */
extern core_status massey_ratings(const match *rows, long n, int teams, bool home, massey_fit *fit,
								  double *work, int *ints, void (*check) (void));


/* What to expect of a match: by how much the home team wins. */
extern double massey_margin(double home_rating, double away_rating, double home_advantage);

#endif							/* BET_EDGE_CORE_MASSEY_H */
