#include "bind/args.h"
#include "bind/rows.h"

#include "core/pi_rating.h"

PG_FUNCTION_INFO_V1(bet_edge_pi_rating_expected);
PG_FUNCTION_INFO_V1(bet_edge_pi_rating_update);

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
	int			home_goals = arg_count(PG_GETARG_INT32(4), "home_goals");
	int			away_goals = arg_count(PG_GETARG_INT32(5), "away_goals");
	double		expected = pi_update(&home, &away, home_goals, away_goals,
									 arg_between(PG_GETARG_FLOAT8(6), 0, 1, "learning_rate"),
									 arg_between(PG_GETARG_FLOAT8(7), 0, 1, "catch_up"));
	Datum		values[5] = {finite_datum(home.home), finite_datum(home.away), finite_datum(away.home),
	finite_datum(away.away), finite_datum(expected)};
	bool		nulls[5] = {0};

	PG_RETURN_DATUM(row_datum(fcinfo, values, nulls));
}
