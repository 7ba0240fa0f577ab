#include "bind/args.h"
#include "bind/rows.h"

#include <math.h>

#include "utils/float.h"

#include "core/glicko2.h"

PG_FUNCTION_INFO_V1(bet_edge_glicko2_expected);
PG_FUNCTION_INFO_V1(bet_edge_glicko2_update);

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
