/*
 * The state of aggregates over matches: rows of matches and a dictionary of the teams in them.
 */
#ifndef BET_EDGE_BIND_MATCHES_H
#define BET_EDGE_BIND_MATCHES_H

#include "bind/compat.h"

#include "access/htup.h"
#include "utils/array.h"

#include "core/matches.h"
#include "core/strength.h"

/* A set ready to be fitted: teams in byte order of their names, matches in an order of their own. */
typedef struct match_set
{
	int			teams;
	Datum	   *names;			/* text */
	int64		n;
	match	   *rows;			/* their weights divided by the largest */
	double		largest;
	double		prior;
} match_set;

/* The set in the state of a final function; false without rows. More than max_teams are an error. */
extern bool matches_ready(FunctionCallInfo fcinfo, const char *function, int max_teams, match_set *set);
/* An array of the set's teams. */
extern Datum matches_teams(const match_set *set);
/* Raises the error of a finding that is not good. */
extern void matches_refuse(const match_set *set, const char *function, match_finding finding);
/* A field of a row that an aggregate over matches gave, counted from 0; NULL is an error. */
extern Datum arg_fit_field(HeapTupleHeader row, int field, const char *name);
/* The place of a team in an array of names; one that is not there is an error. */
extern int	arg_team(ArrayType *teams, text *team, const char *name, int *n);

#endif							/* BET_EDGE_BIND_MATCHES_H */
