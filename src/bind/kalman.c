#include "bind/args.h"
#include "bind/games.h"
#include "bind/rows.h"
#include "utils/builtins.h"

#include "core/kalman.h"

PG_FUNCTION_INFO_V1(bet_edge_kalman_history);

#define HISTORY_COLUMNS 21

typedef struct rated_player
{
	team		team;
	kalman_player player;
} rated_player;

typedef struct history
{
	games		games;
	kalman_rules rules;
	kalman_league league;
	Jsonb	   *initial;
	Jsonb	   *starters;
	row_set		rows;
} history;

static int
initial_season(const team *team, double season)
{
	if (isnan(season))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("initial of \"%s\" must have a season", text_to_cstring(team->name))));
	return (int) arg_between(season, PG_INT32_MIN, PG_INT32_MAX, "initial season");
}

static kalman_state
initial_state(double mean, double variance)
{
	kalman_state s = {isnan(mean) ? 0 : mean, isnan(variance) ? 0 : arg_not_negative(variance, "initial variance")};

	return s;
}

static void
give_team(team *team, const double *values)
{
	kalman_player *p = &((rated_player *) team)->player;

	*p = (kalman_player) {true, initial_season(team, values[0]), initial_state(values[1], values[2]), initial_state(values[3], values[4])};
}

static void
give_starter(team *team, const double *values)
{
	kalman_player *p = &((rated_player *) team)->player;

	*p = (kalman_player) {true, initial_season(team, values[0]), initial_state(values[1], values[2])};
}

static void
begin_history(games *g)
{
	static const char *const of_team[] = {"season", "attack", "attack_variance", "defence", "defence_variance", NULL};
	static const char *const of_starter[] = {"season", "value", "variance", NULL};
	history    *h = (history *) g;

	if (h->initial != NULL)
		games_initial(g, h->initial, of_team, give_team);
	if (h->starters != NULL)
		games_initial_starters(g, h->starters, of_starter, give_starter);
}

static kalman_side
side_of(const history *h, team *team, struct team *starter, int season)
{
	kalman_side side = {&((rated_player *) team)->player, starter == NULL ? NULL : &((rated_player *) starter)->player};

	kalman_enter(&h->rules, &side, season);
	return side;
}

static void
put_state(Datum *out, const kalman_state *s)
{
	out[0] = finite_datum(s->mean);
	out[1] = finite_datum(s->variance);
}

static void
put_game(games *g, const game *one)
{
	history    *h = (history *) g;
	kalman_side home = side_of(h, one->home, one->home_starter, one->season);
	kalman_side away = side_of(h, one->away, one->away_starter, one->season);
	double		home_score,
				away_score;
	Datum		out[HISTORY_COLUMNS] = {Int64GetDatum(one->game_id), PointerGetDatum(one->home->name), PointerGetDatum(one->away->name)};
	bool		nulls[HISTORY_COLUMNS] = {0};

	kalman_expected(&h->rules, &h->league, &home, &away, one->neutral, &home_score, &away_score);
	out[3] = finite_datum(home_score);
	out[4] = finite_datum(away_score);
	if (one->played)
	{
		kalman_update(&h->rules, &h->league, &home, &away, one->neutral, one->home_score, one->away_score);
		put_state(out + 5, &home.team->attack);
		put_state(out + 7, &home.team->defence);
		put_state(out + 9, &away.team->attack);
		put_state(out + 11, &away.team->defence);
		if (home.starter != NULL)
			put_state(out + 13, &home.starter->attack);
		if (away.starter != NULL)
			put_state(out + 15, &away.starter->attack);
		put_state(out + 17, &h->league.level);
		put_state(out + 19, &h->league.home);
	}
	for (int i = 5; i < HISTORY_COLUMNS; i++)
		nulls[i] = !one->played || (i >= 13 && i < 15 && home.starter == NULL) || (i >= 15 && i < 17 && away.starter == NULL);
	row_set_put(&h->rows, out, nulls);
}

/* Not strict: initial, starters and league may be NULL; anything else NULL gives no row. */
Datum
bet_edge_kalman_history(PG_FUNCTION_ARGS)
{
	static const char *const sides[] = {"attack", "defence", NULL};
	history		h = {.games = {.season = "season", .neutral = true, .team_size = sizeof(rated_player), .starter_size = sizeof(rated_player),
	.begin = begin_history, .play = put_game}};

	row_set_begin(fcinfo, &h.rows);
	for (int i = 0; i < 11; i++)
		if (PG_ARGISNULL(i))
			return (Datum) 0;
	h.rules = (kalman_rules)
	{
		.noise = arg_positive(PG_GETARG_FLOAT8(1), "noise"),
			.team_prior = arg_not_negative(PG_GETARG_FLOAT8(2), "team_prior"),
			.team_drift = arg_not_negative(PG_GETARG_FLOAT8(3), "team_drift"),
			.season_keep = arg_between(PG_GETARG_FLOAT8(4), 0, 1, "season_keep"),
			.season_drift = arg_not_negative(PG_GETARG_FLOAT8(5), "season_drift"),
			.starter_mean = arg_finite(PG_GETARG_FLOAT8(6), "starter_mean"),
			.starter_prior = arg_not_negative(PG_GETARG_FLOAT8(7), "starter_prior"),
			.starter_drift = arg_not_negative(PG_GETARG_FLOAT8(8), "starter_drift"),
			.starter_defends = arg_choice(PG_GETARG_TEXT_PP(9), sides, "starter_side") == 1,
			.league_drift = arg_not_negative(PG_GETARG_FLOAT8(10), "league_drift"),
	};
	h.initial = PG_ARGISNULL(11) ? NULL : PG_GETARG_JSONB_P(11);
	h.starters = PG_ARGISNULL(12) ? NULL : PG_GETARG_JSONB_P(12);
	h.league = kalman_new_league(&h.rules);
	if (!PG_ARGISNULL(13))
	{
		int			n;
		double	   *state = arg_float8s(PG_GETARG_ARRAYTYPE_P(13), "initial_league", 4, 4, &n);

		for (int i = 0; i < n; i++)
			arg_finite(state[i], "initial_league");
		h.league = (kalman_league) {initial_state(state[0], state[1]), initial_state(state[2], state[3])};
	}
	games_read(&h.games, PG_GETARG_TEXT_PP(0));
	return (Datum) 0;
}
