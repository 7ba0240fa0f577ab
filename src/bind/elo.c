#include "bind/args.h"
#include "bind/rows.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#include "core/elo.h"

PG_FUNCTION_INFO_V1(bet_edge_elo_expected);
PG_FUNCTION_INFO_V1(bet_edge_elo_update);
PG_FUNCTION_INFO_V1(bet_edge_elo_update_game);
PG_FUNCTION_INFO_V1(bet_edge_elo_constants);
PG_FUNCTION_INFO_V1(bet_edge_elo_season_reversion);
PG_FUNCTION_INFO_V1(bet_edge_elo_outcomes);
PG_FUNCTION_INFO_V1(bet_edge_elo_history);

static const char *const rule_names[] = {"plain", "nfl", "nba", "world_football", NULL};

/* An optional float8: the rules' own value where NULL. */
static double
arg_or(FunctionCallInfo fcinfo, int argno, double otherwise)
{
	return PG_ARGISNULL(argno) ? otherwise : PG_GETARG_FLOAT8(argno);
}

static elo_step
checked(elo_step step)
{
	if (!isfinite(step.home) || !isfinite(step.away))
		float_overflow_error();
	return step;
}

static Datum
step_row(FunctionCallInfo fcinfo, elo_step step)
{
	Datum		values[4] = {Float8GetDatum(step.home), Float8GetDatum(step.away),
	Float8GetDatum(step.expected), Float8GetDatum(step.multiplier)};
	bool		nulls[4] = {0};

	return row_datum(fcinfo, values, nulls);
}

static elo_step
play(elo_rule rule, double home, double away, int home_score, int away_score, double k, double advantage)
{
	elo_step	step;

	if (elo_game(rule, home, away, home_score, away_score, k, advantage, &step) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("rules \"%s\" do not rate a game of %d:%d between ratings %g and %g",
						rule_names[rule], home_score, away_score, home, away),
				 rule == ELO_NBA && home_score == away_score ?
				 errhint("A basketball game has a winner.") : 0));
	return checked(step);
}

Datum
bet_edge_elo_expected(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(elo_expected(arg_finite(PG_GETARG_FLOAT8(0), "rating_a"),
								  arg_finite(PG_GETARG_FLOAT8(1), "rating_b"),
								  arg_finite(PG_GETARG_FLOAT8(2), "advantage")));
}

Datum
bet_edge_elo_update(PG_FUNCTION_ARGS)
{
	double		a = arg_finite(PG_GETARG_FLOAT8(0), "rating_a");
	double		b = arg_finite(PG_GETARG_FLOAT8(1), "rating_b");
	double		score = arg_between(PG_GETARG_FLOAT8(2), 0, 1, "score_a");
	double		k = arg_not_negative(PG_GETARG_FLOAT8(3), "k");
	double		advantage = arg_finite(PG_GETARG_FLOAT8(4), "advantage");

	return step_row(fcinfo, checked(elo_move(a, b, elo_expected(a, b, advantage), score, k, 1)));
}

/* Not strict: k and advantage may be NULL, anything else NULL gives NULL. */
Datum
bet_edge_elo_update_game(PG_FUNCTION_ARGS)
{
	elo_rule	rule;
	double		home,
				away,
				k,
				advantage;
	int			home_score,
				away_score;

	for (int i = 0; i < 6; i++)
		if (PG_ARGISNULL(i))
			PG_RETURN_NULL();
	home = arg_finite(PG_GETARG_FLOAT8(0), "home_rating");
	away = arg_finite(PG_GETARG_FLOAT8(1), "away_rating");
	home_score = arg_count(PG_GETARG_INT32(2), "home_score");
	away_score = arg_count(PG_GETARG_INT32(3), "away_score");
	rule = arg_choice(PG_GETARG_TEXT_PP(4), rule_names, "rules");
	k = arg_not_negative(arg_or(fcinfo, 6, elo_defaults[rule].k), "k");
	advantage = arg_finite(arg_or(fcinfo, 7, elo_defaults[rule].advantage), "advantage");

	return step_row(fcinfo, play(rule, home, away, home_score, away_score, k,
								 PG_GETARG_BOOL(5) ? 0 : advantage));
}

Datum
bet_edge_elo_constants(PG_FUNCTION_ARGS)
{
	const elo_default *d = &elo_defaults[arg_choice(PG_GETARG_TEXT_PP(0), rule_names, "rules")];
	Datum		values[5] = {Float8GetDatum(d->k), Float8GetDatum(d->advantage), Float8GetDatum(d->keep),
	Float8GetDatum(d->mean), Float8GetDatum(d->newcomer)};
	bool		nulls[5] = {0};

	return row_datum(fcinfo, values, nulls);
}

Datum
bet_edge_elo_season_reversion(PG_FUNCTION_ARGS)
{
	double		rating = arg_finite(PG_GETARG_FLOAT8(0), "rating");
	double		keep = arg_between(PG_GETARG_FLOAT8(1), 0, 1, "keep");
	double		mean = arg_finite(PG_GETARG_FLOAT8(2), "mean");

	PG_RETURN_FLOAT8(keep * rating + (1 - keep) * mean);
}

Datum
bet_edge_elo_outcomes(PG_FUNCTION_ARGS)
{
	double		probs[3];

	elo_outcomes(arg_probability(PG_GETARG_FLOAT8(0), "expected"),
				 arg_not_negative(PG_GETARG_FLOAT8(1), "draw"), probs);
	PG_RETURN_ARRAYTYPE_P(float8s_array(probs, 3));
}

/* ---- elo_history: one pass over the games of a query --------------------------------------- */

/* Team names are hashed by their bytes. */
typedef struct team_entry
{
	text	   *name;
	uint32		hash;
	char		status;
	elo_team   *team;			/* apart, since the table moves its entries */
} team_entry;

static inline uint32
text_hash(text *name)
{
	return hash_bytes((const unsigned char *) VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
}

static inline bool
text_same(text *a, text *b)
{
	Size		n = VARSIZE_ANY_EXHDR(a);

	return n == VARSIZE_ANY_EXHDR(b) && memcmp(VARDATA_ANY(a), VARDATA_ANY(b), n) == 0;
}

#define SH_PREFIX teams
#define SH_ELEMENT_TYPE team_entry
#define SH_KEY_TYPE text *
#define SH_KEY name
#define SH_HASH_KEY(tb, key) text_hash(key)
#define SH_EQUAL(tb, a, b) text_same(a, b)
#define SH_STORE_HASH
#define SH_GET_HASH(tb, entry) (entry)->hash
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

enum game_column
{
	GAME_ID, SEASON, HOME, AWAY, HOME_SCORE, AWAY_SCORE, NEUTRAL, GAME_COLUMNS
};

static const struct
{
	const char *name;
	Oid			type;			/* as we read it */
	const char *given;			/* what a source may give */
}			game_columns[GAME_COLUMNS] = {
	{"game_id", INT8OID, "smallint, integer or bigint"}, {"season", INT4OID, "smallint, integer or bigint"},
	{"home", TEXTOID, "text, varchar or name"}, {"away", TEXTOID, "text, varchar or name"},
	{"home_score", INT4OID, "smallint, integer or bigint"}, {"away_score", INT4OID, "smallint, integer or bigint"},
	{"neutral", BOOLOID, "boolean"}
};

/* Where a column is in the source's result, and its type there. */
typedef struct column_place
{
	AttrNumber	number;
	Oid			type;
} column_place;

#define BLOCK_OF_GAMES 1000
#define HISTORY_COLUMNS 9

typedef struct history
{
	elo_rule	rule;
	double		k;
	double		advantage;
	elo_league	league;
	int			season_room;
	teams_hash *teams;
	Tuplestorestate *store;
	TupleDesc	desc;
} history;

static elo_team *
team_of(history *h, text *name)
{
	bool		found;
	team_entry *entry = teams_insert(h->teams, name, &found);

	if (!found)
	{
		Size		size = VARSIZE_ANY(name);

		entry->name = MemoryContextAlloc(h->teams->ctx, size);
		memcpy(entry->name, name, size);
		entry->team = MemoryContextAllocZero(h->teams->ctx, sizeof(elo_team));
	}
	return entry->team;
}

/* Ratings to start with: {"team": rating, ...}. */
static void
read_initial(history *h, Jsonb *initial)
{
	JsonbIterator *it = JsonbIteratorInit(&initial->root);
	JsonbValue	key,
				value;

	if (!JB_ROOT_IS_OBJECT(initial))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("initial must be a JSON object of team and rating")));
	(void) JsonbIteratorNext(&it, &key, true);	/* the object itself */
	while (JsonbIteratorNext(&it, &key, true) == WJB_KEY)
	{
		elo_team   *team;

		(void) JsonbIteratorNext(&it, &value, true);
		if (value.type != jbvNumeric)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("initial rating of \"%.*s\" must be a number", key.val.string.len, key.val.string.val)));
		team = team_of(h, cstring_to_text_with_len(key.val.string.val, key.val.string.len));
		team->rating = arg_finite(DatumGetFloat8(DirectFunctionCall1(numeric_float8, NumericGetDatum(value.val.numeric))),
								  "initial rating");
		team->rated = true;
	}
}

static bool
type_fits(Oid wanted, Oid given)
{
	switch (wanted)
	{
		case INT8OID:
		case INT4OID:
			return given == INT8OID || given == INT4OID || given == INT2OID;
		case TEXTOID:
			return given == TEXTOID || given == VARCHAROID || given == NAMEOID;
		default:
			return given == wanted;
	}
}

/* A value of the source in the type that we read; a varchar is a text already. */
static Datum
as_read(int column, Oid given, Datum value)
{
	Oid			wanted = game_columns[column].type;
	int64		number;

	if (wanted == TEXTOID)
		return given == NAMEOID ? DirectFunctionCall1(name_text, value) : value;
	if (wanted == given || wanted == BOOLOID)
		return value;
	number = given == INT2OID ? DatumGetInt16(value) : given == INT4OID ? DatumGetInt32(value) : DatumGetInt64(value);
	if (wanted == INT8OID)
		return Int64GetDatum(number);
	if (number < PG_INT32_MIN || number > PG_INT32_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("column \"%s\" of source must be between %d and %d, not " INT64_FORMAT,
						game_columns[column].name, PG_INT32_MIN, PG_INT32_MAX, number)));
	return Int32GetDatum((int32) number);
}

/* Where each column of a game is in the query's result. */
static void
find_columns(TupleDesc desc, column_place *place)
{
	for (int i = 0; i < GAME_COLUMNS; i++)
	{
		int			n = SPI_fnumber(desc, game_columns[i].name);

		if (n <= 0)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("source has no column \"%s\"", game_columns[i].name),
					 errhint("It must give game_id bigint, season int, home text, away text, home_score int, away_score int, neutral boolean.")));
		if (!type_fits(game_columns[i].type, SPI_gettypeid(desc, n)))
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("column \"%s\" of source must be of type %s, not %s", game_columns[i].name,
							game_columns[i].given, format_type_be(SPI_gettypeid(desc, n)))));
		place[i] = (column_place) {n, SPI_gettypeid(desc, n)};
	}
}

static void
check_game(const Datum *game, const bool *isnull)
{
	for (int i = 0; i < GAME_COLUMNS; i++)
		if (isnull[i] && i != HOME_SCORE && i != AWAY_SCORE)
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("column \"%s\" of source must not be NULL", game_columns[i].name),
					 isnull[GAME_ID] ? 0 :
					 errdetail("Game " INT64_FORMAT ".", DatumGetInt64(game[GAME_ID]))));
	if (isnull[HOME_SCORE] != isnull[AWAY_SCORE])
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("game " INT64_FORMAT " has one score but not the other", DatumGetInt64(game[GAME_ID]))));
	if (text_same(DatumGetTextPP(game[HOME]), DatumGetTextPP(game[AWAY])))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("game " INT64_FORMAT " has \"%s\" on both sides", DatumGetInt64(game[GAME_ID]),
						TextDatumGetCString(game[HOME]))));
}

static void
begin_season(history *h, int season)
{
	elo_league *league = &h->league;

	if (league->n_seasons == h->season_room)
	{
		h->season_room = h->season_room * 2 + 16;
		league->seasons = league->seasons == NULL ?
			MemoryContextAlloc(h->teams->ctx, h->season_room * sizeof(int)) :
			repalloc(league->seasons, h->season_room * sizeof(int));
	}
	elo_begin(league, season);
}

static void
enter_season(history *h, elo_team *team, const Datum *game, int side)
{
	if (elo_enter(&h->league, team, DatumGetInt32(game[SEASON])) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("game " INT64_FORMAT " of season %d comes after a game of season %d of \"%s\"",
						DatumGetInt64(game[GAME_ID]), DatumGetInt32(game[SEASON]), team->season,
						TextDatumGetCString(game[side])),
				 errhint("Order the games by the time at which their results became known.")));
}

/* Rate one game and put its row; a game without scores only shows the ratings before it. */
static void
put_game(history *h, const Datum *game, const bool *isnull)
{
	Datum		out[HISTORY_COLUMNS];
	bool		nulls[HISTORY_COLUMNS] = {0};
	elo_team   *home,
			   *away;
	double		advantage = DatumGetBool(game[NEUTRAL]) ? 0 : h->advantage;
	elo_step	step;

	begin_season(h, DatumGetInt32(game[SEASON]));
	home = team_of(h, DatumGetTextPP(game[HOME]));
	away = team_of(h, DatumGetTextPP(game[AWAY]));
	enter_season(h, home, game, HOME);
	enter_season(h, away, game, AWAY);

	out[0] = game[GAME_ID];
	out[1] = game[HOME];
	out[2] = game[AWAY];
	out[3] = Float8GetDatum(home->rating);
	out[4] = Float8GetDatum(away->rating);
	if (isnull[HOME_SCORE])
	{
		out[5] = Float8GetDatum(elo_expected(home->rating, away->rating, advantage));
		nulls[6] = nulls[7] = nulls[8] = true;
	}
	else
	{
		step = play(h->rule, home->rating, away->rating, arg_count(DatumGetInt32(game[HOME_SCORE]), "home_score"),
					arg_count(DatumGetInt32(game[AWAY_SCORE]), "away_score"), h->k, advantage);
		home->rating = step.home;
		away->rating = step.away;
		out[5] = Float8GetDatum(step.expected);
		out[6] = Float8GetDatum(step.multiplier);
		out[7] = Float8GetDatum(step.home);
		out[8] = Float8GetDatum(step.away);
	}
	tuplestore_putvalues(h->store, h->desc, out, nulls);
}

static void
rate_block(history *h, const column_place *place, Datum *values, bool *isnull)
{
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		Datum		game[GAME_COLUMNS];
		bool		null[GAME_COLUMNS];

		heap_deform_tuple(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, values, isnull);
		for (int c = 0; c < GAME_COLUMNS; c++)
		{
			null[c] = isnull[place[c].number - 1];
			game[c] = null[c] ? (Datum) 0 : as_read(c, place[c].type, values[place[c].number - 1]);
		}
		for (int c = HOME; c <= AWAY; c++)	/* names may be toasted */
			if (!null[c])
				game[c] = PointerGetDatum(PG_DETOAST_DATUM_PACKED(game[c]));
		check_game(game, null);
		put_game(h, game, null);
	}
}

static void
rate_games(history *h, const char *source)
{
	MemoryContext block = AllocSetContextCreate(CurrentMemoryContext, "elo_history block", ALLOCSET_DEFAULT_SIZES);
	column_place place[GAME_COLUMNS];
	Datum	   *values = NULL;
	bool	   *isnull = NULL;
	SPIPlanPtr	plan;
	Portal		portal;

	plan = SPI_prepare(source, 0, NULL);
	if (plan == NULL || !SPI_is_cursor_plan(plan))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("source must be one query that returns rows")));
	/* read_only: a source that writes is refused, and it sees the caller's snapshot */
	portal = SPI_cursor_open(NULL, plan, NULL, NULL, true);
	for (;;)
	{
		MemoryContext old;

		CHECK_FOR_INTERRUPTS();
		SPI_cursor_fetch(portal, true, BLOCK_OF_GAMES);
		if (values == NULL)
		{
			find_columns(SPI_tuptable->tupdesc, place);
			values = palloc(SPI_tuptable->tupdesc->natts * sizeof(Datum));
			isnull = palloc(SPI_tuptable->tupdesc->natts * sizeof(bool));
		}
		if (SPI_processed == 0)
			break;
		old = MemoryContextSwitchTo(block);
		rate_block(h, place, values, isnull);
		MemoryContextSwitchTo(old);
		MemoryContextReset(block);
		SPI_freetuptable(SPI_tuptable);
	}
	SPI_cursor_close(portal);
}

Datum
bet_edge_elo_history(PG_FUNCTION_ARGS)
{
	history		h = {0};
	const elo_default *d;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(7))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not be NULL", PG_ARGISNULL(0) ? "source" : PG_ARGISNULL(1) ? "rules" : "promotes")));
	h.rule = arg_choice(PG_GETARG_TEXT_PP(1), rule_names, "rules");
	d = &elo_defaults[h.rule];
	h.k = arg_not_negative(arg_or(fcinfo, 2, d->k), "k");
	h.advantage = arg_finite(arg_or(fcinfo, 3, d->advantage), "advantage");
	h.league.keep = arg_between(arg_or(fcinfo, 4, d->keep), 0, 1, "keep");
	h.league.mean = arg_finite(arg_or(fcinfo, 5, d->mean), "mean");
	h.league.newcomer = arg_finite(arg_or(fcinfo, 6, d->newcomer), "newcomer");
	h.league.promotes = PG_GETARG_BOOL(7);
	h.store = rows_begin(fcinfo, &h.desc);
	h.teams = teams_create(CurrentMemoryContext, 64, NULL);
	if (!PG_ARGISNULL(8))
		read_initial(&h, PG_GETARG_JSONB_P(8));

	SPI_connect();
	rate_games(&h, text_to_cstring(PG_GETARG_TEXT_PP(0)));
	SPI_finish();
	return (Datum) 0;
}
