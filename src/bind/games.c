#include "bind/games.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#include "bind/args.h"
#include "bind/source.h"

enum column
{
	GAME_ID, HOME, AWAY, HOME_SCORE, AWAY_SCORE, SEASON, NEUTRAL, HOME_STARTER, AWAY_STARTER, COLUMNS
};

enum kind
{
	INTEGER, TEAM, BOOLEAN, NAME
};

static const struct
{
	const char *name;
	enum kind	kind;
	bool		is_int4;
}			columns[COLUMNS] = {
	[GAME_ID] = {"game_id", INTEGER, false},
	[HOME] = {"home", TEAM},
	[AWAY] = {"away", TEAM},
	[HOME_SCORE] = {"home_score", INTEGER, true},
	[AWAY_SCORE] = {"away_score", INTEGER, true},
	[SEASON] = {"season", INTEGER, true},
	[NEUTRAL] = {"neutral", BOOLEAN},
	[HOME_STARTER] = {"home_starter", NAME},
	[AWAY_STARTER] = {"away_starter", NAME},
};

#define TIME_COLUMN "played_at"
#define GAMES_BETWEEN_RESETS 1000

/* What the executor hands its rows to. */
typedef struct receiver
{
	DestReceiver pub;
	games	   *games;
	int			number[COLUMNS];	/* attribute number, 0 where not read */
	Oid			type[COLUMNS];
	int			last;			/* highest of the numbers */
	enum column required[COLUMNS];	/* which must not be NULL */
	int			n_required;
	MemoryContext scratch;
	int			since_reset;
} receiver;

static bool
is_read(const games *g, enum column c)
{
	return c == SEASON ? g->season != NULL : c == NEUTRAL ? g->neutral : columns[c].kind == NAME ? g->starter_size > 0 : true;
}

static const char *
name_of(const games *g, enum column c)
{
	return c == SEASON ? g->season : columns[c].name;
}

static bool
is_integer(Oid type)
{
	return type == INT8OID || type == INT4OID || type == INT2OID;
}

static bool
is_name(Oid type)
{
	return type == TEXTOID || type == VARCHAROID || type == NAMEOID;
}

static void
check_type(const games *g, enum column c, Oid type)
{
	static const char *const wanted[] = {
		[INTEGER] = "smallint, integer or bigint",
		[TEAM] = "text, varchar, name, smallint, integer or bigint",
		[BOOLEAN] = "boolean",
		[NAME] = "text, varchar or name",
	};
	enum kind	kind = columns[c].kind;
	bool		fits = kind == BOOLEAN ? type == BOOLOID : (kind != NAME && is_integer(type)) || ((kind == TEAM || kind == NAME) && is_name(type));

	if (!fits)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" of source must be of type %s, not %s", name_of(g, c), wanted[kind], format_type_be(type))));
}

static void pg_attribute_noreturn()
no_column(const games *g, const char *name)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int c = 0; c < COLUMNS; c++)
		if (is_read(g, c))
			appendStringInfo(&list, "%s%s", c ? ", " : "", name_of(g, c));
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("source has no column \"%s\"", name),
			 errhint("It must give %s (a query can name them with AS); a table also " TIME_COLUMN ", by which its games are ordered.", list.data)));
	pg_unreachable();
}

static void
receive_startup(DestReceiver *self, int operation, TupleDesc desc)
{
	receiver   *r = (receiver *) self;
	games	   *g = r->games;

	for (int c = 0; c < COLUMNS; c++)
	{
		if (!is_read(g, c))
			continue;
		r->number[c] = SPI_fnumber(desc, name_of(g, c));
		if (r->number[c] <= 0)
			no_column(g, name_of(g, c));
		r->type[c] = SPI_gettypeid(desc, r->number[c]);
		check_type(g, c, r->type[c]);
		r->last = Max(r->last, r->number[c]);
		if (c != HOME_SCORE && c != AWAY_SCORE && columns[c].kind != NAME)
			r->required[r->n_required++] = c;
	}
	g->numbered = is_integer(r->type[HOME]);
	if (is_integer(r->type[AWAY]) != g->numbered)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("columns \"home\" and \"away\" of source must both be names or both numbers, not %s and %s",
						format_type_be(r->type[HOME]), format_type_be(r->type[AWAY]))));
	if (g->begin)
		g->begin(g);
}

static inline int64
integer(Datum value, Oid type)
{
	return type == INT4OID ? DatumGetInt32(value) : type == INT8OID ? DatumGetInt64(value) : DatumGetInt16(value);
}

static inline int32
integer4(const receiver *r, enum column c, Datum value)
{
	int64		number = integer(value, r->type[c]);

	if (unlikely(number < PG_INT32_MIN || number > PG_INT32_MAX))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("column \"%s\" of source must be between %d and %d, not " INT64_FORMAT,
						name_of(r->games, c), PG_INT32_MIN, PG_INT32_MAX, number)));
	return (int32) number;
}

static inline team *
named_in(const receiver *r, enum column c, teams *of, Datum value)
{
	if (r->type[c] == NAMEOID)
		value = DirectFunctionCall1(name_text, value);
	return teams_by_name(of, DatumGetTextPP(value));	/* may be toasted */
}

static inline team *
team_in(const receiver *r, enum column c, Datum value)
{
	if (r->games->numbered)
		return teams_by_number(r->games->teams, integer(value, r->type[c]));
	return named_in(r, c, r->games->teams, value);
}

static bool
receive_game(TupleTableSlot *slot, DestReceiver *self)
{
	receiver   *r = (receiver *) self;
	games	   *g = r->games;
	MemoryContext old;
	Datum	   *values;
	bool	   *isnull;
	game		one = {0};
	bool		null_score,
				null_other;

#define VALUE(c) values[r->number[c] - 1]
#define ISNULL(c) isnull[r->number[c] - 1]
	slot_getsomeattrs(slot, r->last);
	values = slot->tts_values;
	isnull = slot->tts_isnull;
	if (++r->since_reset >= GAMES_BETWEEN_RESETS)
	{
		MemoryContextReset(r->scratch);
		r->since_reset = 0;
	}
	old = MemoryContextSwitchTo(r->scratch);

	for (int i = 0; i < r->n_required; i++)
	{
		enum column c = r->required[i];

		if (unlikely(ISNULL(c)))
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("column \"%s\" of source must not be NULL", name_of(g, c)),
					 ISNULL(GAME_ID) ? 0 :
					 errdetail("Game " INT64_FORMAT ".", integer(VALUE(GAME_ID), r->type[GAME_ID]))));
	}
	one.game_id = integer(VALUE(GAME_ID), r->type[GAME_ID]);
	if (r->number[SEASON] > 0)
		one.season = integer4(r, SEASON, VALUE(SEASON));
	if (r->number[NEUTRAL] > 0)
		one.neutral = DatumGetBool(VALUE(NEUTRAL));
	null_score = ISNULL(HOME_SCORE);
	null_other = ISNULL(AWAY_SCORE);
	if (unlikely(null_score != null_other))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("game " INT64_FORMAT " has one score but not the other", one.game_id)));
	one.played = !null_score;
	if (one.played)
	{
		one.home_score = arg_count(integer4(r, HOME_SCORE, VALUE(HOME_SCORE)), "home_score");
		one.away_score = arg_count(integer4(r, AWAY_SCORE, VALUE(AWAY_SCORE)), "away_score");
	}
	one.home = team_in(r, HOME, VALUE(HOME));
	one.away = team_in(r, AWAY, VALUE(AWAY));
	if (unlikely(one.home == one.away))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("game " INT64_FORMAT " has \"%s\" on both sides", one.game_id, text_to_cstring(one.home->name))));
	if (r->number[HOME_STARTER] > 0 && !ISNULL(HOME_STARTER))
		one.home_starter = named_in(r, HOME_STARTER, g->starters, VALUE(HOME_STARTER));
	if (r->number[AWAY_STARTER] > 0 && !ISNULL(AWAY_STARTER))
		one.away_starter = named_in(r, AWAY_STARTER, g->starters, VALUE(AWAY_STARTER));
	g->play(g, &one);
	MemoryContextSwitchTo(old);
	return true;
#undef VALUE
#undef ISNULL
}

/*
 * A source that is a name, and not a query, is a table: it is read in the order
 * in which its games were played.
 */
static char *
query_of(const games *g, text *source)
{
	const char *name;
	Oid			table = source_table(source, &name);
	StringInfoData made;

	if (!OidIsValid(table))
		return text_to_cstring(source);
	initStringInfo(&made);
	appendStringInfoString(&made, "SELECT ");
	for (int c = 0; c < COLUMNS; c++)
		if (is_read(g, c))
		{
			if (get_attnum(table, name_of(g, c)) <= 0)
				no_column(g, name_of(g, c));
			appendStringInfo(&made, "%s%s", c ? ", " : "", name_of(g, c));
		}
	if (get_attnum(table, TIME_COLUMN) <= 0)
		no_column(g, TIME_COLUMN);
	appendStringInfo(&made, " FROM %s ORDER BY " TIME_COLUMN ", game_id", name);
	return made.data;
}

void
games_read(games *g, text *source)
{
	receiver	r = {
		.pub = {receive_game, receive_startup, source_end, source_end, DestNone},
		.games = g,
		.scratch = AllocSetContextCreate(CurrentMemoryContext, "games", ALLOCSET_DEFAULT_SIZES),
	};
	g->context = CurrentMemoryContext;
	g->teams = teams_create_in(g->context, g->team_size);
	if (g->starter_size > 0)
		g->starters = teams_create_in(g->context, g->starter_size);
	source_read(query_of(g, source), &r.pub);
}

team *
games_team(games *g, text *name)
{
	if (!g->numbered)
		return teams_by_name(g->teams, name);
	return teams_by_number(g->teams, DatumGetInt64(DirectFunctionCall1(int8in, CStringGetDatum(text_to_cstring(name)))));
}

static double
initial_number(const JsonbValue *value, const char *field, const text *team)
{
	if (value->type != jbvNumeric)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("initial %s of \"%s\" must be a number", field, text_to_cstring(team))));
	return arg_finite(DatumGetFloat8(DirectFunctionCall1(numeric_float8, NumericGetDatum(value->val.numeric))), psprintf("initial %s", field));
}

/* The value of one team: a number, or an object of some of the fields. */
static void
initial_values(JsonbValue *value, const text *team, const char *const *fields, double *values)
{
	int			found = 0;

	for (int i = 0; i < GAMES_MOST_FIELDS; i++)
		values[i] = NAN;
	if (value->type != jbvBinary || !JsonContainerIsObject(value->val.binary.data))
	{
		values[0] = initial_number(value, fields[0], team);
		return;
	}
	for (int i = 0; fields[i] != NULL; i++)
	{
		JsonbValue	number;

		if (getKeyJsonValueFromContainer(value->val.binary.data, fields[i], strlen(fields[i]), &number) == NULL)
			continue;
		values[i] = initial_number(&number, fields[i], team);
		found++;
	}
	if (found < JsonContainerSize(value->val.binary.data))
	{
		StringInfoData list;

		initStringInfo(&list);
		for (int i = 0; fields[i] != NULL; i++)
			appendStringInfo(&list, "%s%s", i ? ", " : "", fields[i]);
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("initial of \"%s\" has a field that is none", text_to_cstring(team)),
				 errhint("Known: %s.", list.data)));
	}
}

static team *
games_starter(games *g, text *name)
{
	return teams_by_name(g->starters, name);
}

static void
read_initial(games *g, Jsonb *initial, const char *name, const char *of, const char *const *fields, team *(*find) (games *g, text *name),
			 void (*give) (team *team, const double *values))
{
	JsonbIterator *it;
	JsonbValue	key,
				value;

	if (!JB_ROOT_IS_OBJECT(initial))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be a JSON object of %s and %s", name, of, fields[0])));
	it = JsonbIteratorInit(&initial->root);
	(void) JsonbIteratorNext(&it, &key, true);	/* the object itself */
	while (JsonbIteratorNext(&it, &key, true) == WJB_KEY)
	{
		text	   *key_name = cstring_to_text_with_len(key.val.string.val, key.val.string.len);
		double		values[GAMES_MOST_FIELDS];

		(void) JsonbIteratorNext(&it, &value, true);
		initial_values(&value, key_name, fields, values);
		give(find(g, key_name), values);
	}
}

void
games_initial(games *g, Jsonb *initial, const char *const *fields, void (*give) (team *team, const double *values))
{
	read_initial(g, initial, "initial", "team", fields, games_team, give);
}

void
games_initial_starters(games *g, Jsonb *initial, const char *const *fields, void (*give) (team *team, const double *values))
{
	read_initial(g, initial, "initial_starters", "starter", fields, games_starter, give);
}
