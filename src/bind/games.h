/*
 * The games of a query or a table, one after the other: what every rating history reads.
 */
#ifndef BET_EDGE_GAMES_H
#define BET_EDGE_GAMES_H

#include "bind/compat.h"

#include "bind/teams.h"
#include "utils/jsonb.h"

typedef struct game
{
	int64		game_id;
	int32		season;			/* or rating period */
	team	   *home;
	team	   *away;
	bool		neutral;
	bool		played;			/* its scores are known */
	int32		home_score;
	int32		away_score;
	team	   *home_starter;	/* NULL: unknown, or not read */
	team	   *away_starter;
} game;

typedef struct games
{
	/* given by the caller */
	const char *season;			/* name of the season's column, NULL where none is read */
	bool		neutral;		/* is a column neutral read */
	Size		team_size;
	Size		starter_size;	/* 0: columns home_starter and away_starter are not read */
	void		(*begin) (struct games *games);	/* the columns are known; may be NULL */
	void		(*play) (struct games *games, const game *one);
	/* there for begin and play */
	MemoryContext context;		/* lives as long as the reading */
	teams	   *teams;
	teams	   *starters;
	bool		numbered;		/* teams are numbers */
} games;

/* All games of source, a query or the name of a table, read-only and with the caller's rights. */
extern void games_read(games *games, text *source);
/* A team by the text form of its name or number. */
extern team *games_team(games *games, text *name);
/*
 * What teams start with, {"team": {"field": number, ...}, ...}: each team and its numbers, NaN where there is
 * none, go to give. A number alone is the first of the fields.
 */
#define GAMES_MOST_FIELDS 5
extern void games_initial(games *games, Jsonb *initial, const char *const *fields, void (*give) (team *team, const double *values));
/* The same of starters. */
extern void games_initial_starters(games *games, Jsonb *initial, const char *const *fields, void (*give) (team *team, const double *values));

#endif							/* BET_EDGE_GAMES_H */
