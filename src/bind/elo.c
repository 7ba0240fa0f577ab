#include "bind/args.h"
#include "bind/games.h"
#include "bind/rows.h"

#include <math.h>

#include "common/shortest_dec.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

#include "core/elo.h"

PG_FUNCTION_INFO_V1(bet_edge_elo_expected);
PG_FUNCTION_INFO_V1(bet_edge_elo_update);
PG_FUNCTION_INFO_V1(bet_edge_elo_update_game);
PG_FUNCTION_INFO_V1(bet_edge_elo_constants);
PG_FUNCTION_INFO_V1(bet_edge_elo_season_reversion);
PG_FUNCTION_INFO_V1(bet_edge_elo_outcomes);
PG_FUNCTION_INFO_V1(bet_edge_elo_draw_fit);
PG_FUNCTION_INFO_V1(bet_edge_elo_history);
PG_FUNCTION_INFO_V1(bet_edge_elo_ratings_accum);
PG_FUNCTION_INFO_V1(bet_edge_elo_ratings_numbers_accum);
PG_FUNCTION_INFO_V1(bet_edge_elo_ratings_final);

static const char *const rule_names[] = {"plain", "nfl", "nba", "world_football", NULL};

/* An optional float8: the rules' own value where NULL. */
static double
arg_or(FunctionCallInfo fcinfo, int argno, double otherwise)
{
	return PG_ARGISNULL(argno) ? otherwise : PG_GETARG_FLOAT8(argno);
}

static inline elo_step
checked(elo_step step)
{
	if (unlikely(!isfinite(step.home) || !isfinite(step.away)))
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

static pg_noinline void
refuse_game(elo_rule rule, double home, double away, int home_score, int away_score)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("rules \"%s\" do not rate a game of %d:%d between ratings %g and %g",
					rule_names[rule], home_score, away_score, home, away),
			 rule == ELO_NBA && home_score == away_score ?
			 errhint("A basketball game has a winner.") : 0));
}

/* Always inline: it runs once a row. */
static pg_attribute_always_inline elo_step
play(elo_rule rule, double home, double away, int home_score, int away_score, double k, double advantage)
{
	elo_step	step;

	if (unlikely(elo_game(rule, home, away, home_score, away_score, k, advantage, &step) != CORE_OK))
		refuse_game(rule, home, away, home_score, away_score);
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

Datum
bet_edge_elo_draw_fit(PG_FUNCTION_ARGS)
{
	int			n,
				uneven = 0;
	double	   *expected = arg_float8s(PG_GETARG_ARRAYTYPE_P(0), "expected", 1, INT_MAX, &n);
	double		draws = arg_between(PG_GETARG_FLOAT8(1), 0, n, "draws");
	double	   *evenness = (double *) palloc((Size) n * sizeof(double));
	double		nu = 0;

	arg_probabilities(expected, n, "expected");

	for (int i = 0; i < n; i++)
	{
		evenness[i] = sqrt(expected[i] * (1 - expected[i]));
		uneven += evenness[i] == 0;
	}
	if (draws >= n - uneven && draws > 0)	/* no inclination is strong enough */
		PG_RETURN_NULL();
	while (!elo_draw_step(evenness, n, draws, &nu))
		CHECK_FOR_INTERRUPTS();
	PG_RETURN_FLOAT8(nu);
}

/* ---- elo_history: one pass over the games of a query --------------------------------------- */

#define HISTORY_COLUMNS 9

typedef struct rated_team
{
	team		team;
	elo_team	elo;
} rated_team;

typedef struct history
{
	games		games;
	elo_rule	rule;
	double		k;
	double		advantage;
	elo_league	league;
	int			season_room;
	Jsonb	   *initial;
	int32	   *seasons;		/* that began before the first game */
	int			n_seasons;
	row_set		rows;
} history;

static inline void
begin_season(elo_league *league, int *room, MemoryContext context, int season)
{
	if (league->n_seasons > 0 && league->seasons[league->n_seasons - 1] == season)
		return;
	if (league->n_seasons == *room)
	{
		*room = *room * 2 + 16;
		league->seasons = league->seasons == NULL ?
			MemoryContextAlloc(context, *room * sizeof(int)) :
			repalloc(league->seasons, *room * sizeof(int));
	}
	elo_begin(league, season);
}

static void
give_rating(team *team, const double *values)
{
	elo_team   *elo = &((rated_team *) team)->elo;

	if (!isnan(values[0]))
	{
		elo->rating = values[0];
		elo->rated = true;
	}
	if (!isnan(values[1]))
	{
		elo->season = (int) arg_between(values[1], PG_INT32_MIN, PG_INT32_MAX, "initial season");
		elo->played = elo->rated;
	}
}

static void
begin_history(games *g)
{
	static const char *const fields[] = {"rating", "season", NULL};
	history    *h = (history *) g;

	if (h->initial != NULL)
		games_initial(g, h->initial, fields, give_rating);
	for (int i = 0; i < h->n_seasons; i++)
		begin_season(&h->league, &h->season_room, g->context, h->seasons[i]);
}

static inline elo_team *
enter_season(const elo_league *league, team *team, int season)
{
	elo_team   *elo = &((rated_team *) team)->elo;

	if (likely(elo->played && elo->season == season))
		return elo;
	if (elo_enter(league, elo, season) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a game of season %d comes after a game of season %d of \"%s\"",
						season, elo->season, text_to_cstring(team->name)),
				 errhint("Order the games by the time at which their results became known.")));
	return elo;
}

/* Rate one game and put its row; a game without scores only shows the ratings before it. */
static void
put_game(games *g, const game *one)
{
	history    *h = (history *) g;
	Datum		out[HISTORY_COLUMNS];
	bool		nulls[HISTORY_COLUMNS] = {0};
	elo_team   *home,
			   *away;
	double		advantage = one->neutral ? 0 : h->advantage;
	elo_step	step;

	begin_season(&h->league, &h->season_room, g->context, one->season);
	home = enter_season(&h->league, one->home, one->season);
	away = enter_season(&h->league, one->away, one->season);

	out[0] = Int64GetDatum(one->game_id);
	out[1] = PointerGetDatum(one->home->name);
	out[2] = PointerGetDatum(one->away->name);
	out[3] = Float8GetDatum(home->rating);
	out[4] = Float8GetDatum(away->rating);
	if (!one->played)
	{
		out[5] = Float8GetDatum(elo_expected(home->rating, away->rating, advantage));
		nulls[6] = nulls[7] = nulls[8] = true;
	}
	else
	{
		step = play(h->rule, home->rating, away->rating, one->home_score, one->away_score, h->k, advantage);
		home->rating = step.home;
		away->rating = step.away;
		out[5] = Float8GetDatum(step.expected);
		out[6] = Float8GetDatum(step.multiplier);
		out[7] = Float8GetDatum(step.home);
		out[8] = Float8GetDatum(step.away);
	}
	row_set_put(&h->rows, out, nulls);
}

Datum
bet_edge_elo_history(PG_FUNCTION_ARGS)
{
	history		h = {.games = {.season = "season", .neutral = true, .team_size = sizeof(rated_team), .begin = begin_history, .play = put_game}};
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
	h.initial = PG_ARGISNULL(8) ? NULL : PG_GETARG_JSONB_P(8);
	if (!PG_ARGISNULL(9))
		h.seasons = arg_int4s(PG_GETARG_ARRAYTYPE_P(9), "seasons", 0, PG_INT16_MAX, &h.n_seasons);
	row_set_begin(fcinfo, &h.rows);
	games_read(&h.games, PG_GETARG_TEXT_PP(0));
	return (Datum) 0;
}

/* ---- elo_ratings: the ratings after the last of the games ------------------------------------ */

typedef struct ratings
{
	MemoryContext context;
	teams	   *teams;
	char	   *rules;			/* of the row before, as they came */
	Size		rules_size;
	elo_rule	rule;
	elo_league	league;
	int			season_room;
} ratings;

enum
{
	RATINGS_HOME = 1, RATINGS_AWAY, RATINGS_HOME_SCORE, RATINGS_AWAY_SCORE, RATINGS_RULES,
	RATINGS_NEUTRAL, RATINGS_SEASON, RATINGS_K, RATINGS_ADVANTAGE
};

static ratings *
ratings_create(FunctionCallInfo fcinfo)
{
	MemoryContext context;
	ratings    *r;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "aggregate function called in non-aggregate context");
	r = MemoryContextAllocZero(context, sizeof(ratings));
	r->context = context;
	r->teams = teams_create_in(context, sizeof(rated_team));
	return r;
}

static pg_noinline void
use_rules(ratings *r, Datum rules)
{
	const elo_default *d;
	bool		first = r->rules == NULL;

	r->rule = arg_choice(DatumGetTextPP(rules), rule_names, "rules");
	if (!first)
		pfree(r->rules);
	r->rules_size = VARSIZE_ANY(DatumGetPointer(rules));
	r->rules = MemoryContextAlloc(r->context, r->rules_size);
	memcpy(r->rules, DatumGetPointer(rules), r->rules_size);
	d = &elo_defaults[r->rule];
	if (!first)
		return;
	r->league.keep = d->keep;
	r->league.mean = d->mean;
	r->league.newcomer = d->newcomer;
}

/* The rules of the row before, byte for byte, need no second look. */
static inline void
arg_rules(ratings *r, Datum rules)
{
	const char *bytes = DatumGetPointer(rules);
	Size		size = VARSIZE_ANY(bytes);

	if (unlikely(size != r->rules_size || !bytes_same(bytes, r->rules, size)))
		use_rules(r, rules);
}

static pg_attribute_always_inline Datum
accumulate(FunctionCallInfo fcinfo, bool numbered)
{
	ratings    *r = PG_ARGISNULL(0) ? NULL : (ratings *) PG_GETARG_POINTER(0);
	bool		has_neutral = PG_NARGS() > RATINGS_NEUTRAL;
	bool		has_season = PG_NARGS() > RATINGS_SEASON;
	team	   *home_team,
			   *away_team;
	elo_team   *home,
			   *away;
	elo_step	step;
	int			season = 0;
	double		k,
				advantage;

	if (PG_ARGISNULL(RATINGS_HOME) || PG_ARGISNULL(RATINGS_AWAY) || PG_ARGISNULL(RATINGS_HOME_SCORE) ||
		PG_ARGISNULL(RATINGS_AWAY_SCORE) || PG_ARGISNULL(RATINGS_RULES) ||
		(has_neutral && PG_ARGISNULL(RATINGS_NEUTRAL)) || (has_season && PG_ARGISNULL(RATINGS_SEASON)))
	{
		if (r == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(r);
	}
	if (r == NULL)
		r = ratings_create(fcinfo);
	arg_rules(r, PG_GETARG_DATUM(RATINGS_RULES));
	k = elo_defaults[r->rule].k;
	advantage = elo_defaults[r->rule].advantage;
	if (has_season)
	{
		season = PG_GETARG_INT32(RATINGS_SEASON);
		k = arg_not_negative(arg_or(fcinfo, RATINGS_K, k), "k");
		advantage = arg_finite(arg_or(fcinfo, RATINGS_ADVANTAGE, advantage), "advantage");
	}
	if (has_neutral && PG_GETARG_BOOL(RATINGS_NEUTRAL))
		advantage = 0;
	home_team = numbered ? teams_by_number(r->teams, PG_GETARG_INT64(RATINGS_HOME)) :
		teams_by_name(r->teams, PG_GETARG_TEXT_PP(RATINGS_HOME));
	away_team = numbered ? teams_by_number(r->teams, PG_GETARG_INT64(RATINGS_AWAY)) :
		teams_by_name(r->teams, PG_GETARG_TEXT_PP(RATINGS_AWAY));
	if (home_team == away_team)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("home and away must be two teams, not \"%s\" twice", text_to_cstring(home_team->name))));
	begin_season(&r->league, &r->season_room, r->context, season);
	home = enter_season(&r->league, home_team, season);
	away = enter_season(&r->league, away_team, season);
	step = play(r->rule, home->rating, away->rating, arg_count(PG_GETARG_INT32(RATINGS_HOME_SCORE), "home_score"),
				arg_count(PG_GETARG_INT32(RATINGS_AWAY_SCORE), "away_score"), k, advantage);
	home->rating = step.home;
	away->rating = step.away;
	PG_RETURN_POINTER(r);
}

Datum
bet_edge_elo_ratings_accum(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, false);
}

Datum
bet_edge_elo_ratings_numbers_accum(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, true);
}

/* {"team": rating, ...}; the decimal is the shortest that reads back as the same number. */
Datum
bet_edge_elo_ratings_final(PG_FUNCTION_ARGS)
{
	JsonbParseState *state = NULL;
	uint32		place = 0;
	team	   *one;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	while ((one = teams_next(((ratings *) PG_GETARG_POINTER(0))->teams, &place)) != NULL)
	{
		JsonbValue	key = {.type = jbvString},
					value = {.type = jbvNumeric};
		char		digits[DOUBLE_SHORTEST_DECIMAL_LEN];

		key.val.string.val = VARDATA_ANY(one->name);
		key.val.string.len = VARSIZE_ANY_EXHDR(one->name);
		double_to_shortest_decimal_buf(((rated_team *) one)->elo.rating, digits);
		value.val.numeric = DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(digits),
																ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
		pushJsonbValue(&state, WJB_KEY, &key);
		pushJsonbValue(&state, WJB_VALUE, &value);
	}
	PG_RETURN_JSONB_P(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL)));
}
