#include "bind/matches.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "port.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "bind/args.h"
#include "bind/teams.h"

PG_FUNCTION_INFO_V1(bet_edge_matches_accum);
PG_FUNCTION_INFO_V1(bet_edge_votes_accum);
PG_FUNCTION_INFO_V1(bet_edge_matches_combine);
PG_FUNCTION_INFO_V1(bet_edge_matches_serial);
PG_FUNCTION_INFO_V1(bet_edge_matches_deserial);

/* Teams that a state may name: the memory of names is bounded by it. */
#define MAX_NAMES 1000000

typedef struct entrant
{
	team		team;
	int32		number;			/* from 1; 0 when it is new */
} entrant;

typedef struct matches
{
	MemoryContext context;
	teams	   *dictionary;
	int32		teams;
	int32		team_space;
	text	  **names;			/* of team 0, 1, ... */
	int64		n;
	int64		space;
	match	   *rows;
	double		prior;
} matches;

static matches *
matches_create(MemoryContext context, double prior)
{
	matches    *s = MemoryContextAllocZero(context, sizeof(matches));

	s->context = context;
	s->prior = prior;
	s->dictionary = teams_create_in(context, sizeof(entrant));
	s->team_space = 32;
	s->names = MemoryContextAlloc(context, s->team_space * sizeof(text *));
	s->space = 64;
	s->rows = MemoryContextAlloc(context, s->space * sizeof(match));
	return s;
}

/* The number of a team, which is new or not. */
static int32
team_number(matches *s, text *name)
{
	entrant    *found = (entrant *) teams_by_name(s->dictionary, name);

	if (found->number == 0)
	{
		if (s->teams >= MAX_NAMES)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("matches name more than %d teams", MAX_NAMES)));
		if (s->teams == s->team_space)
		{
			s->team_space *= 2;
			s->names = repalloc(s->names, s->team_space * sizeof(text *));
		}
		s->names[s->teams] = found->team.name;
		found->number = ++s->teams;
	}
	return found->number - 1;
}

static match *
matches_add(matches *s, int64 rows)
{
	match	   *place;

	if (s->n + rows > s->space)
	{
		s->space = Max(s->n + rows, s->space * 2);
		s->rows = repalloc_huge(s->rows, (Size) s->space * sizeof(match));
	}
	place = s->rows + s->n;
	s->n += rows;
	return place;
}

static void
same_prior(const matches *s, double prior)
{
	if (s->prior != prior)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("prior must be the same in all rows of a group, not %g and %g", s->prior, prior)));
}

/* (state, home, away, home score, away score [, weight] …): a row with a NULL is left out. Places of neutral and prior. */
static Datum
accumulate(FunctionCallInfo fcinfo, int neutral_at, int prior_at)
{
	MemoryContext context = aggregate_context(fcinfo);
	matches    *s = PG_ARGISNULL(0) ? NULL : (matches *) PG_GETARG_POINTER(0);
	bool		whole = true;

	for (int i = 1; i < PG_NARGS(); i++)
		whole &= !PG_ARGISNULL(i);
	if (whole)
	{
		text	   *home = PG_GETARG_TEXT_PP(1);
		text	   *away = PG_GETARG_TEXT_PP(2);
		match		row = {0};
		double		prior = PG_NARGS() > prior_at ? arg_not_negative(PG_GETARG_FLOAT8(prior_at), "prior") : 0;

		row.home_score = arg_count(PG_GETARG_INT32(3), "home_score");
		row.away_score = arg_count(PG_GETARG_INT32(4), "away_score");
		row.weight = PG_NARGS() > 5 ? arg_not_negative(PG_GETARG_FLOAT8(5), "weight") : 1;
		row.neutral = PG_NARGS() > neutral_at && PG_GETARG_BOOL(neutral_at);
		if (VARSIZE_ANY_EXHDR(home) == VARSIZE_ANY_EXHDR(away) &&
			memcmp(VARDATA_ANY(home), VARDATA_ANY(away), VARSIZE_ANY_EXHDR(home)) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("home and away must be two teams, not \"%s\" twice", text_to_cstring(home))));
		if (s != NULL)
			same_prior(s, prior);
		if (row.weight > 0)
		{
			if (s == NULL)
				s = matches_create(context, prior);
			row.home = team_number(s, home);
			row.away = team_number(s, away);
			*matches_add(s, 1) = row;
		}
	}
	if (s == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(s);
}

/* …, weight, neutral, prior */
Datum
bet_edge_matches_accum(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, 6, 7);
}

/* …, weight, prior: where no ground makes a difference */
Datum
bet_edge_votes_accum(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, PG_NARGS(), 6);
}

/* The other's matches under this one's numbers. */
static void
take_in(matches *into, int32 teams, text *const *names, int64 n, const match *rows)
{
	int32	   *number = palloc(Max(teams, 1) * sizeof(int32));
	match	   *place;

	for (int32 team = 0; team < teams; team++)
		number[team] = team_number(into, names[team]);
	place = matches_add(into, n);
	for (int64 i = 0; i < n; i++)
	{
		place[i] = rows[i];
		place[i].home = number[rows[i].home];
		place[i].away = number[rows[i].away];
	}
	pfree(number);
}

Datum
bet_edge_matches_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	matches    *into = PG_ARGISNULL(0) ? NULL : (matches *) PG_GETARG_POINTER(0);
	matches    *from = PG_ARGISNULL(1) ? NULL : (matches *) PG_GETARG_POINTER(1);

	if (from != NULL)
	{
		if (into == NULL)
			into = matches_create(context, from->prior);
		same_prior(into, from->prior);
		take_in(into, from->teams, from->names, from->n, from->rows);
	}
	if (into == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(into);
}

Datum
bet_edge_matches_serial(PG_FUNCTION_ARGS)
{
	matches    *s;
	StringInfoData buf;

	(void) aggregate_context(fcinfo);
	s = (matches *) PG_GETARG_POINTER(0);
	pq_begintypsend(&buf);
	pq_sendfloat8(&buf, s->prior);
	pq_sendint32(&buf, s->teams);
	for (int32 team = 0; team < s->teams; team++)
	{
		int32		length = VARSIZE_ANY_EXHDR(s->names[team]);

		pq_sendint32(&buf, length);
		pq_sendbytes(&buf, VARDATA_ANY(s->names[team]), length);
	}
	pq_sendint64(&buf, s->n);
	pq_sendbytes(&buf, (char *) s->rows, s->n * sizeof(match));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

Datum
bet_edge_matches_deserial(PG_FUNCTION_ARGS)
{
	bytea	   *bytes = PG_GETARG_BYTEA_PP(0);
	StringInfoData buf;
	matches    *s;
	int32		teams;
	int64		n;

	(void) aggregate_context(fcinfo);
	initStringInfo(&buf);
	appendBinaryStringInfo(&buf, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
	s = matches_create(CurrentMemoryContext, pq_getmsgfloat8(&buf));
	teams = pq_getmsgint(&buf, 4);
	for (int32 team = 0; team < teams; team++)
	{
		int32		length = pq_getmsgint(&buf, 4);
		text	   *name = cstring_to_text_with_len(pq_getmsgbytes(&buf, length), length);

		(void) team_number(s, name);
		pfree(name);
	}
	n = pq_getmsgint64(&buf);
	if (n < 0 || n > (int64) (buf.len / sizeof(match)) || s->teams != teams)
		elog(ERROR, "damaged state of an aggregate");
	pq_copymsgbytes(&buf, (char *) matches_add(s, n), n * sizeof(match));
	pq_getmsgend(&buf);
	for (int64 i = 0; i < n; i++)
		if (s->rows[i].home < 0 || s->rows[i].home >= teams || s->rows[i].away < 0 || s->rows[i].away >= teams)
			elog(ERROR, "damaged state of an aggregate");
	pfree(buf.data);
	PG_RETURN_POINTER(s);
}

/* ---- ready to be fitted ------------------------------------------------------------------------- */

typedef struct numbered
{
	text	   *name;
	int32		number;			/* in the state */
} numbered;

/* By bytes: the same under every collation. */
static int
name_order(const void *a, const void *b)
{
	const text *x = ((const numbered *) a)->name,
			   *y = ((const numbered *) b)->name;
	Size		left = VARSIZE_ANY_EXHDR(x),
				right = VARSIZE_ANY_EXHDR(y);
	int			order = memcmp(VARDATA_ANY(x), VARDATA_ANY(y), Min(left, right));

	return order != 0 ? order : (left > right) - (left < right);
}

bool
matches_ready(FunctionCallInfo fcinfo, const char *function, int max_teams, match_set *set)
{
	const matches *s;
	numbered   *order;
	int32	   *number;
	long		n;

	(void) aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		return false;
	s = (const matches *) PG_GETARG_POINTER(0);
	set->prior = s->prior;
	set->rows = MemoryContextAllocHuge(CurrentMemoryContext, (Size) s->n * sizeof(match));
	memcpy(set->rows, s->rows, (Size) s->n * sizeof(match));
	n = s->n;
	set->largest = matches_scale(set->rows, &n);
	set->n = n;

	/* the teams that are left, by name */
	number = palloc0(s->teams * sizeof(int32));
	for (int64 i = 0; i < n; i++)
		number[set->rows[i].home] = number[set->rows[i].away] = 1;
	order = palloc(s->teams * sizeof(numbered));
	set->teams = 0;
	for (int32 team = 0; team < s->teams; team++)
		if (number[team])
			order[set->teams++] = (numbered) {s->names[team], team};
	if (set->teams > max_teams)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s takes up to %d teams, not %d", function, max_teams, set->teams)));
	qsort(order, set->teams, sizeof(numbered), name_order);
	set->names = palloc(set->teams * sizeof(Datum));
	for (int team = 0; team < set->teams; team++)
	{
		number[order[team].number] = team;
		set->names[team] = PointerGetDatum(order[team].name);
	}
	for (int64 i = 0; i < n; i++)
	{
		set->rows[i].home = number[set->rows[i].home];
		set->rows[i].away = number[set->rows[i].away];
	}
	qsort(set->rows, n, sizeof(match), matches_order);
	CHECK_FOR_INTERRUPTS();
	return true;
}

Datum
matches_teams(const match_set *set)
{
	return PointerGetDatum(construct_array(set->names, set->teams, TEXTOID, -1, false, TYPALIGN_INT));
}

void
matches_refuse(const match_set *set, const char *function, match_finding finding)
{
	const char *a = TextDatumGetCString(set->names[finding.a]);
	const char *b = TextDatumGetCString(set->names[finding.b]);
	const char *goals = "Take more matches, leave the team out, or give a prior above 0.";

	switch (finding.fault)
	{
		case MATCHES_GOOD:
			return;
		case MATCHES_APART:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s cannot compare \"%s\" with \"%s\": no chain of matches joins them", function, a, b),
					 errhint("Rate each league on its own, or take in matches between them.")));
			break;
		case MATCHES_TWO_SIDED:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s cannot compare teams of two groups that only meet each other, \"%s\" in one and \"%s\" in the other", function, a, b),
					 errhint("Take in matches within a group, or give a prior above 0.")));
			break;
		case MATCHES_NO_HOME:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s cannot tell home advantage from strength in these matches", function),
					 errhint("Take in return matches, or call all of them neutral.")));
			break;
		case MATCHES_NEVER_SCORED:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s has no attack for \"%s\", which scored in none of its matches: the likelihood has no maximum", function, a),
					 errhint("%s", goals)));
			break;
		case MATCHES_NEVER_CONCEDED:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s has no defence for \"%s\", which conceded in none of its matches: the likelihood has no maximum", function, a),
					 errhint("%s", goals)));
			break;
		case MATCHES_UNBOUNDED:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s: the likelihood has no maximum, nothing keeps the goals of \"%s\" against \"%s\" above 0", function, a, b),
					 errhint("Take more matches, or give a prior above 0.")));
			break;
		case MATCHES_HOME_UNBOUNDED:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s: the likelihood has no maximum, nothing keeps home_advantage finite", function),
					 errhint("Take matches in which both home and away sides score.")));
			break;
	}
}

Datum
arg_fit_field(HeapTupleHeader row, int field, const char *name)
{
	bool		null;
	Datum		value = GetAttributeByNum(row, field + 1, &null);

	if (null)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s of fit must not be NULL", name)));
	return value;
}

int
arg_team(ArrayType *teams, text *team, const char *argument, int *n)
{
	Datum	   *names;
	bool	   *nulls;

	if (ARR_NDIM(teams) > 1 || ARR_ELEMTYPE(teams) != TEXTOID)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("teams of a fit must be a one-dimensional array of text")));
	deconstruct_array(teams, TEXTOID, -1, false, TYPALIGN_INT, &names, &nulls, n);
	for (int i = 0; i < *n; i++)
		if (!nulls[i] && VARSIZE_ANY_EXHDR(DatumGetPointer(names[i])) == VARSIZE_ANY_EXHDR(team) &&
			memcmp(VARDATA_ANY(DatumGetPointer(names[i])), VARDATA_ANY(team), VARSIZE_ANY_EXHDR(team)) == 0)
			return i;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s \"%s\" is not a team of the fit", argument, text_to_cstring(team)),
			 errhint("It has %d teams, listed in its field teams.", *n)));
	return -1;					/* not reached */
}
