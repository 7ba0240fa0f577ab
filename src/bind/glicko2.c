#include "bind/args.h"
#include "bind/games.h"
#include "bind/rows.h"

#include <math.h>

#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "core/glicko2.h"

PG_FUNCTION_INFO_V1(bet_edge_glicko2_expected);
PG_FUNCTION_INFO_V1(bet_edge_glicko2_update);
PG_FUNCTION_INFO_V1(bet_edge_glicko2_history);

/* Games of one rating period: far more than anybody plays. */
#define MAX_GAMES 1000000
#define MAX_TAU 100

static double
arg_tau(double tau)
{
	if (!(tau > 0 && tau <= MAX_TAU))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("tau must be above 0 and at most %d, not %g", MAX_TAU, tau),
				 errhint("Sensible values are 0.3 to 1.2.")));
	return tau;
}

static double
arg_max_rd(FunctionCallInfo fcinfo, int argno)
{
	return PG_ARGISNULL(argno) ? INFINITY : arg_positive(PG_GETARG_FLOAT8(argno), "max_rd");
}

Datum
bet_edge_glicko2_expected(PG_FUNCTION_ARGS)
{
	double		rating = arg_finite(PG_GETARG_FLOAT8(0), "rating");
	double		opponent_rating = arg_finite(PG_GETARG_FLOAT8(1), "opponent_rating");
	double		rd = arg_not_negative(PG_GETARG_FLOAT8(2), "rd");
	double		opponent_rd = arg_not_negative(PG_GETARG_FLOAT8(3), "opponent_rd");

	PG_RETURN_FLOAT8(glicko2_expected(rating, opponent_rating, hypot(rd, opponent_rd)));
}

static glicko2_player
closed(const glicko2_player *before, const glicko2_evidence *evidence, double tau, double max_rd)
{
	glicko2_player after = {0};

	if (glicko2_close(before, evidence, tau, max_rd, &after) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("these results leave rating %g, rd %g and volatility %g without a finite answer",
						before->rating, before->rd, before->volatility)));
	return after;
}

/* Not strict: max_rd may be NULL, anything else NULL gives NULL. */
Datum
bet_edge_glicko2_update(PG_FUNCTION_ARGS)
{
	glicko2_player player;
	glicko2_evidence evidence = {0};
	double	   *ratings,
			   *rds,
			   *scores,
				tau,
				max_rd;
	int			n,
				same;
	Datum		values[3];
	bool		nulls[3] = {0};

	for (int i = 0; i < 7; i++)
		if (PG_ARGISNULL(i))
			PG_RETURN_NULL();
	player.rating = arg_finite(PG_GETARG_FLOAT8(0), "rating");
	player.rd = arg_positive(PG_GETARG_FLOAT8(1), "rd");
	player.volatility = arg_positive(PG_GETARG_FLOAT8(2), "volatility");
	ratings = arg_float8s(PG_GETARG_ARRAYTYPE_P(3), "opponent_ratings", 0, MAX_GAMES, &n);
	rds = arg_float8s(PG_GETARG_ARRAYTYPE_P(4), "opponent_rds", n, n, &same);
	scores = arg_float8s(PG_GETARG_ARRAYTYPE_P(5), "scores", n, n, &same);
	tau = arg_tau(PG_GETARG_FLOAT8(6));
	max_rd = arg_max_rd(fcinfo, 7);

	for (int i = 0; i < n; i++)
		glicko2_add(&evidence, player.rating, arg_finite(ratings[i], "each of opponent_ratings"),
					arg_not_negative(rds[i], "each of opponent_rds"), arg_probability(scores[i], "each of scores"));
	if (n > 0)
		player = closed(&player, &evidence, tau, max_rd);
	else
		player.rd = glicko2_idle_rd(player.rd, player.volatility, 1, max_rd);
	values[0] = finite_datum(player.rating);
	values[1] = finite_datum(player.rd);
	values[2] = finite_datum(player.volatility);
	PG_RETURN_DATUM(row_datum(fcinfo, values, nulls));
}

/* ---- glicko2_history: one pass over the games of a query ------------------------------------- */

#define HISTORY_COLUMNS 17

typedef struct rated_team
{
	team		team;
	glicko2_player player;		/* as the team's latest period began, games not yet counted */
	glicko2_player after;		/* that period's end, once it is over */
	glicko2_evidence evidence;	/* of the period that is open */
	int			games;
	int			period;			/* the latest with a game, as a count of periods; 0 for none */
	bool		listed;			/* is one of those of the open period */
} rated_team;

/* The games of the open period wait for its end. */
typedef struct history
{
	games		games;
	double		tau;
	double		max_rd;
	glicko2_player newcomer;
	Jsonb	   *initial;
	bool		begun;			/* has a period of source */
	int32		season;
	int			periods;		/* so far, the open one included */
	game	   *waiting;
	int64		n_waiting;
	int64		waiting_room;
	rated_team **listed;
	int64		n_listed;
	int64		listed_room;
	row_set		rows;
} history;

static void
put_player(Datum *out, const glicko2_player *p)
{
	out[0] = Float8GetDatum(p->rating);
	out[1] = Float8GetDatum(p->rd);
	out[2] = Float8GetDatum(p->volatility);
}

static void
put_game(history *h, const game *one)
{
	const rated_team *home = (rated_team *) one->home;
	const rated_team *away = (rated_team *) one->away;
	Datum		out[HISTORY_COLUMNS] = {Int64GetDatum(one->game_id), Int32GetDatum(one->season),
	PointerGetDatum(one->home->name), PointerGetDatum(one->away->name)};
	bool		nulls[HISTORY_COLUMNS] = {0};

	put_player(out + 4, &home->player);
	put_player(out + 7, &away->player);
	out[10] = Float8GetDatum(glicko2_expected(home->player.rating, away->player.rating, hypot(home->player.rd, away->player.rd)));
	put_player(out + 11, &home->after);
	put_player(out + 14, &away->after);
	for (int i = 11; i < HISTORY_COLUMNS; i++)
		nulls[i] = !one->played;
	row_set_put(&h->rows, out, nulls);
}

static void
end_period(history *h)
{
	for (int64 i = 0; i < h->n_listed; i++)
	{
		rated_team *t = h->listed[i];

		t->after = t->games > 0 ? closed(&t->player, &t->evidence, h->tau, h->max_rd) : t->player;
	}
	for (int64 i = 0; i < h->n_waiting; i++)
		put_game(h, &h->waiting[i]);
	for (int64 i = 0; i < h->n_listed; i++)
	{
		rated_team *t = h->listed[i];

		t->listed = false;
		if (t->games > 0)
		{
			t->player = t->after;
			t->evidence = (glicko2_evidence) {0};
			t->games = 0;
			t->period = h->periods;
		}
	}
	h->n_waiting = h->n_listed = 0;
}

/* A team as the open period began; RD has grown over the periods that it missed. */
static rated_team *
enter_period(history *h, team *team)
{
	rated_team *t = (rated_team *) team;

	if (t->listed)
		return t;
	if (t->period == 0)
		t->player = h->newcomer;
	else if (h->periods - t->period > 1)
	{
		t->player.rd = glicko2_idle_rd(t->player.rd, t->player.volatility, h->periods - t->period - 1, h->max_rd);
		t->period = h->periods - 1;
	}
	t->listed = true;
	if (h->n_listed == h->listed_room)
	{
		h->listed_room = h->listed_room * 2 + 64;
		h->listed = h->listed == NULL ? MemoryContextAllocHuge(h->games.context, h->listed_room * sizeof(*h->listed)) :
			repalloc_huge(h->listed, h->listed_room * sizeof(*h->listed));
	}
	h->listed[h->n_listed++] = t;
	return t;
}

static void
add_game(games *g, const game *one)
{
	history    *h = (history *) g;
	rated_team *home,
			   *away;

	if (!h->begun || one->season != h->season)
	{
		if (h->begun && one->season < h->season)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("a game of period %d comes after a game of period %d", one->season, h->season),
					 errhint("Order the games by period.")));
		end_period(h);
		h->season = one->season;
		h->begun = true;
		h->periods++;
	}
	home = enter_period(h, one->home);
	away = enter_period(h, one->away);
	if (one->played)
	{
		double		score = one->home_score > one->away_score ? 1 : one->home_score < one->away_score ? 0 : 0.5;

		glicko2_add(&home->evidence, home->player.rating, away->player.rating, away->player.rd, score);
		glicko2_add(&away->evidence, away->player.rating, home->player.rating, home->player.rd, 1 - score);
		home->games++;
		away->games++;
	}
	if (h->n_waiting == h->waiting_room)
	{
		h->waiting_room = h->waiting_room * 2 + 256;
		h->waiting = h->waiting == NULL ? MemoryContextAllocHuge(g->context, h->waiting_room * sizeof(game)) :
			repalloc_huge(h->waiting, h->waiting_room * sizeof(game));
	}
	h->waiting[h->n_waiting++] = *one;
}

/* Periods before source's first are counted back from INITIAL_PERIODS. */
#define INITIAL_PERIODS 1000000000

static void
give_player(team *team, const double *values)
{
	rated_team *t = (rated_team *) team;

	for (int i = 0; i < 3; i++)
		if (isnan(values[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("initial of \"%s\" must have rating, rd and volatility", text_to_cstring(team->name))));
	t->player.rating = values[0];
	t->player.rd = arg_positive(values[1], "initial rd");
	t->player.volatility = arg_positive(values[2], "initial volatility");
	t->period = INITIAL_PERIODS - (isnan(values[3]) ? 0 : (int) arg_between(values[3], 0, INITIAL_PERIODS - 1, "initial idle"));
}

static void
begin_history(games *g)
{
	static const char *const fields[] = {"rating", "rd", "volatility", "idle", NULL};
	history    *h = (history *) g;

	if (h->initial == NULL)
		return;
	h->periods = INITIAL_PERIODS;
	games_initial(g, h->initial, fields, give_player);
}

/* Not strict: max_rd may be NULL. */
Datum
bet_edge_glicko2_history(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"source", "tau", "rating", "rd", "volatility"};
	history		h = {.games = {.season = "period", .team_size = sizeof(rated_team), .begin = begin_history, .play = add_game}};

	for (int i = 0; i < 5; i++)
		if (PG_ARGISNULL(i))
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("%s must not be NULL", names[i])));
	h.tau = arg_tau(PG_GETARG_FLOAT8(1));
	h.newcomer.rating = arg_finite(PG_GETARG_FLOAT8(2), "rating");
	h.newcomer.rd = arg_positive(PG_GETARG_FLOAT8(3), "rd");
	h.newcomer.volatility = arg_positive(PG_GETARG_FLOAT8(4), "volatility");
	h.max_rd = arg_max_rd(fcinfo, 5);
	h.initial = PG_ARGISNULL(6) ? NULL : PG_GETARG_JSONB_P(6);
	row_set_begin(fcinfo, &h.rows);
	games_read(&h.games, PG_GETARG_TEXT_PP(0));
	end_period(&h);
	return (Datum) 0;
}
