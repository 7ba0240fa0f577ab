#include "bind/score_grid.h"

#include "bind/args.h"
#include "bind/rows.h"
#include "bind/settlement.h"

#include <math.h>

#include "utils/float.h"

PG_FUNCTION_INFO_V1(bet_edge_dixon_coles_grid);
PG_FUNCTION_INFO_V1(bet_edge_dixon_coles_weight);
PG_FUNCTION_INFO_V1(bet_edge_bivariate_poisson_grid);
PG_FUNCTION_INFO_V1(bet_edge_score_grid);
PG_FUNCTION_INFO_V1(bet_edge_score_grid_outcomes);
PG_FUNCTION_INFO_V1(bet_edge_score_grid_handicap);
PG_FUNCTION_INFO_V1(bet_edge_score_grid_total);
PG_FUNCTION_INFO_V1(bet_edge_score_grid_team_total);
PG_FUNCTION_INFO_V1(bet_edge_score_grid_both_score);
PG_FUNCTION_INFO_V1(bet_edge_score_grid_correct_score);
PG_FUNCTION_INFO_V1(bet_edge_score_grid_margin);

/* A grid is divided by its sum; below this share too much lies beyond it for that to be harmless. */
#define LEAST_SHARE 0.9

/* ---- making one ------------------------------------------------------------------------------ */

static double
arg_rate(double value, const char *name)
{
	return arg_between(value, 0, SCORE_GRID_MAX_RATE, name);
}

static int
arg_max_goals(int32 value)
{
	if (value < 1 || value > SCORE_GRID_MAX_GOALS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("max_goals must be between 1 and %d, not %d", SCORE_GRID_MAX_GOALS, value)));
	return value;
}

static void
divide_by_sum(double *probs, int rows, int columns)
{
	score_grid	grid = {rows, columns, probs};
	double		sum = score_grid_sum(&grid);

	if (sum < LEAST_SHARE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("max_goals %d is too small for these rates: the grid holds %g of the probability", rows - 1, sum),
				 errhint("Give more goals, or normalized => false for the part below them.")));
	for (int i = 0; i < rows * columns; i++)
		probs[i] /= sum;
}

Datum
bet_edge_dixon_coles_grid(PG_FUNCTION_ARGS)
{
	double		home_rate = arg_rate(PG_GETARG_FLOAT8(0), "home_rate");
	double		away_rate = arg_rate(PG_GETARG_FLOAT8(1), "away_rate");
	double		rho = arg_finite(PG_GETARG_FLOAT8(2), "rho");
	int			max_goals = arg_max_goals(PG_GETARG_INT32(3));
	double	   *probs;
	ArrayType  *array = float8_matrix(max_goals + 1, max_goals + 1, &probs);

	if (score_grid_dixon_coles(home_rate, away_rate, rho, max_goals, probs) != CORE_OK)
	{
		double		lowest,
					highest;

		score_grid_rho_limits(home_rate, away_rate, &lowest, &highest);
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("rho must be between %g and %g for rates %g and %g, not %g", lowest, highest, home_rate, away_rate, rho),
				 errdetail("Beyond these limits a score has a negative probability.")));
	}
	if (PG_GETARG_BOOL(4))
		divide_by_sum(probs, max_goals + 1, max_goals + 1);
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_bivariate_poisson_grid(PG_FUNCTION_ARGS)
{
	double		home_rate = arg_rate(PG_GETARG_FLOAT8(0), "home_rate");
	double		away_rate = arg_rate(PG_GETARG_FLOAT8(1), "away_rate");
	double		common_rate = arg_rate(PG_GETARG_FLOAT8(2), "common_rate");
	int			max_goals = arg_max_goals(PG_GETARG_INT32(3));
	double	   *probs;
	ArrayType  *array = float8_matrix(max_goals + 1, max_goals + 1, &probs);

	score_grid_bivariate_poisson(home_rate, away_rate, common_rate, max_goals, probs);
	if (PG_GETARG_BOOL(4))
		divide_by_sum(probs, max_goals + 1, max_goals + 1);
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_dixon_coles_weight(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(exp(-arg_not_negative(PG_GETARG_FLOAT8(1), "xi") * arg_not_negative(PG_GETARG_FLOAT8(0), "days")));
}

static double *
arg_side(ArrayType *array, const char *name, int *n)
{
	double	   *probs = arg_float8s(array, name, 1, SCORE_GRID_MAX_GOALS + 1, n);
	double		sum = 0;

	for (int i = 0; i < *n; i++)
		sum += arg_probability(probs[i], name);
	if (!(sum > 0 && sum <= 1 + 1e-6))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must sum to more than 0 and at most 1, not %.9g", name, sum)));
	return probs;
}

Datum
bet_edge_score_grid(PG_FUNCTION_ARGS)
{
	int			rows,
				columns;
	double	   *home = arg_side(PG_GETARG_ARRAYTYPE_P(0), "home_probs", &rows);
	double	   *away = arg_side(PG_GETARG_ARRAYTYPE_P(1), "away_probs", &columns);
	double	   *probs;
	ArrayType  *array = float8_matrix(rows, columns, &probs);

	score_grid_outer(home, rows, away, columns, probs);
	PG_RETURN_ARRAYTYPE_P(array);
}

/* ---- reading one ----------------------------------------------------------------------------- */

score_grid
arg_grid(FunctionCallInfo fcinfo, int argno)
{
	score_grid	grid;
	double		sum;

	grid.probs = arg_float8_matrix(PG_GETARG_ARRAYTYPE_P(argno), "grid", SCORE_GRID_MAX_GOALS + 1, &grid.rows, &grid.columns);
	for (int i = 0; i < grid.rows * grid.columns; i++)
		arg_probability(grid.probs[i], "each of grid");
	sum = score_grid_sum(&grid);
	if (!(sum > 0 && sum <= 1 + 1e-6))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("grid must sum to more than 0 and at most 1, not %.9g", sum)));
	return grid;
}

/* The five results and what odds would be fair: a stake that comes back neither wins nor loses. */
static Datum
law_row(FunctionCallInfo fcinfo, const score_grid *grid, double home_factor, double away_factor, double line)
{
	double		law[SETTLE_RESULTS];
	Datum		values[SETTLE_RESULTS + 1];
	bool		nulls[SETTLE_RESULTS + 1] = {0};
	double		wins,
				losses;

	score_grid_law(grid, home_factor, away_factor, line, law);
	for (int r = 0; r < SETTLE_RESULTS; r++)
		values[r] = Float8GetDatum(law[r]);
	wins = law[SETTLE_WIN] + law[SETTLE_HALF_WIN] / 2;
	losses = law[SETTLE_LOSS] + law[SETTLE_HALF_LOSS] / 2;
	nulls[SETTLE_RESULTS] = wins == 0 && losses == 0;
	values[SETTLE_RESULTS] = Float8GetDatum(wins > 0 ? 1 + losses / wins : get_float8_infinity());
	return row_datum(fcinfo, values, nulls);
}

Datum
bet_edge_score_grid_outcomes(PG_FUNCTION_ARGS)
{
	score_grid	grid = arg_grid(fcinfo, 0);
	double		probs[3];

	score_grid_outcomes(&grid, probs);
	PG_RETURN_ARRAYTYPE_P(float8s_array(probs, 3));
}

Datum
bet_edge_score_grid_handicap(PG_FUNCTION_ARGS)
{
	score_grid	grid = arg_grid(fcinfo, 0);
	double		sign = arg_choice(PG_GETARG_TEXT_PP(1), settlement_teams, "side") == 0 ? 1 : -1;

	PG_RETURN_DATUM(law_row(fcinfo, &grid, sign, -sign, arg_line(PG_GETARG_FLOAT8(2))));
}

Datum
bet_edge_score_grid_total(PG_FUNCTION_ARGS)
{
	score_grid	grid = arg_grid(fcinfo, 0);
	double		sign = arg_choice(PG_GETARG_TEXT_PP(1), settlement_totals, "side") == 0 ? 1 : -1;

	PG_RETURN_DATUM(law_row(fcinfo, &grid, sign, sign, -sign * arg_line(PG_GETARG_FLOAT8(2))));
}

Datum
bet_edge_score_grid_team_total(PG_FUNCTION_ARGS)
{
	score_grid	grid = arg_grid(fcinfo, 0);
	bool		home = arg_choice(PG_GETARG_TEXT_PP(1), settlement_teams, "team") == 0;
	double		sign = arg_choice(PG_GETARG_TEXT_PP(2), settlement_totals, "side") == 0 ? 1 : -1;

	PG_RETURN_DATUM(law_row(fcinfo, &grid, home ? sign : 0, home ? 0 : sign, -sign * arg_line(PG_GETARG_FLOAT8(3))));
}

Datum
bet_edge_score_grid_both_score(PG_FUNCTION_ARGS)
{
	score_grid	grid = arg_grid(fcinfo, 0);

	PG_RETURN_FLOAT8(score_grid_both_score(&grid));
}

Datum
bet_edge_score_grid_correct_score(PG_FUNCTION_ARGS)
{
	score_grid	grid = arg_grid(fcinfo, 0);
	int			home = arg_count(PG_GETARG_INT32(1), "home_score");
	int			away = arg_count(PG_GETARG_INT32(2), "away_score");

	if (home >= grid.rows || away >= grid.columns)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("grid ends at %d:%d and does not say how likely %d:%d is", grid.rows - 1, grid.columns - 1, home, away)));
	PG_RETURN_FLOAT8(grid.probs[home * grid.columns + away]);
}

Datum
bet_edge_score_grid_margin(PG_FUNCTION_ARGS)
{
	score_grid	grid = arg_grid(fcinfo, 0);
	int			margin = PG_GETARG_INT32(1);

	if (margin >= grid.rows || margin <= -grid.columns)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("margin must be between %d and %d for this grid, not %d", 1 - grid.columns, grid.rows - 1, margin)));
	PG_RETURN_FLOAT8(score_grid_margin(&grid, margin));
}
