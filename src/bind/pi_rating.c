#include "bind/args.h"
#include "bind/games.h"
#include "bind/rows.h"

#include "core/pi_rating.h"

PG_FUNCTION_INFO_V1(bet_edge_pi_rating_expected);
PG_FUNCTION_INFO_V1(bet_edge_pi_rating_update);
PG_FUNCTION_INFO_V1(bet_edge_pi_rating_history);

Datum
bet_edge_pi_rating_expected(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(finite_datum(pi_expected(arg_finite(PG_GETARG_FLOAT8(0), "home_home"),
											 arg_finite(PG_GETARG_FLOAT8(1), "away_away"))));
}

Datum
bet_edge_pi_rating_update(PG_FUNCTION_ARGS)
{
	pi_team		home = {arg_finite(PG_GETARG_FLOAT8(0), "home_home"), arg_finite(PG_GETARG_FLOAT8(1), "home_away")};
	pi_team		away = {arg_finite(PG_GETARG_FLOAT8(2), "away_home"), arg_finite(PG_GETARG_FLOAT8(3), "away_away")};
	int			home_score = arg_count(PG_GETARG_INT32(4), "home_score");
	int			away_score = arg_count(PG_GETARG_INT32(5), "away_score");
	double		expected = pi_update(&home, &away, home_score, away_score,
									 arg_between(PG_GETARG_FLOAT8(6), 0, 1, "learning_rate"),
									 arg_between(PG_GETARG_FLOAT8(7), 0, 1, "catch_up"));
	Datum		values[5] = {finite_datum(home.home), finite_datum(home.away), finite_datum(away.home),
	finite_datum(away.away), finite_datum(expected)};
	bool		nulls[5] = {0};

	PG_RETURN_DATUM(row_datum(fcinfo, values, nulls));
}

/* ---- pi_rating_history: one pass over the games of a query ----------------------------------- */

#define HISTORY_COLUMNS 12

typedef struct rated_team
{
	team		team;
	pi_team		pi;
} rated_team;

typedef struct history
{
	games		games;
	double		learning_rate;
	double		catch_up;
	Jsonb	   *initial;
	row_set		rows;
} history;

static void
give_ratings(team *team, const double *values)
{
	pi_team    *pi = &((rated_team *) team)->pi;

	pi->home = isnan(values[0]) ? 0 : values[0];
	pi->away = isnan(values[1]) ? 0 : values[1];
}

static void
begin_history(games *g)
{
	static const char *const fields[] = {"home", "away", NULL};
	history    *h = (history *) g;

	if (h->initial != NULL)
		games_initial(g, h->initial, fields, give_ratings);
}

static void
put_game(games *g, const game *one)
{
	history    *h = (history *) g;
	pi_team    *home = &((rated_team *) one->home)->pi;
	pi_team    *away = &((rated_team *) one->away)->pi;
	Datum		out[HISTORY_COLUMNS] = {Int64GetDatum(one->game_id), PointerGetDatum(one->home->name), PointerGetDatum(one->away->name),
	Float8GetDatum(home->home), Float8GetDatum(home->away), Float8GetDatum(away->home), Float8GetDatum(away->away)};
	bool		nulls[HISTORY_COLUMNS] = {0};

	if (one->played)
	{
		out[7] = finite_datum(pi_update(home, away, one->home_score, one->away_score, h->learning_rate, h->catch_up));
		out[8] = finite_datum(home->home);
		out[9] = finite_datum(home->away);
		out[10] = finite_datum(away->home);
		out[11] = finite_datum(away->away);
	}
	else
	{
		out[7] = finite_datum(pi_expected(home->home, away->away));
		nulls[8] = nulls[9] = nulls[10] = nulls[11] = true;
	}
	row_set_put(&h->rows, out, nulls);
}

/* Not strict: initial may be NULL; anything else NULL gives no row. */
Datum
bet_edge_pi_rating_history(PG_FUNCTION_ARGS)
{
	history		h = {.games = {.team_size = sizeof(rated_team), .begin = begin_history, .play = put_game}};

	row_set_begin(fcinfo, &h.rows);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return (Datum) 0;
	h.learning_rate = arg_between(PG_GETARG_FLOAT8(1), 0, 1, "learning_rate");
	h.catch_up = arg_between(PG_GETARG_FLOAT8(2), 0, 1, "catch_up");
	h.initial = PG_ARGISNULL(3) ? NULL : PG_GETARG_JSONB_P(3);
	games_read(&h.games, PG_GETARG_TEXT_PP(0));
	return (Datum) 0;
}
