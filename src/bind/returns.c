#include "bind/args.h"
#include "bind/rows.h"

#include "utils/float.h"

#include "core/returns.h"

PG_FUNCTION_INFO_V1(bet_edge_roi_accum);
PG_FUNCTION_INFO_V1(bet_edge_roi_combine);
PG_FUNCTION_INFO_V1(bet_edge_roi_final);
PG_FUNCTION_INFO_V1(bet_edge_roi_interval_final);
PG_FUNCTION_INFO_V1(bet_edge_returns_accum);
PG_FUNCTION_INFO_V1(bet_edge_returns_combine);
PG_FUNCTION_INFO_V1(bet_edge_sharpe_ratio_final);
PG_FUNCTION_INFO_V1(bet_edge_sortino_ratio_final);
PG_FUNCTION_INFO_V1(bet_edge_skewness_final);
PG_FUNCTION_INFO_V1(bet_edge_kurtosis_final);
PG_FUNCTION_INFO_V1(bet_edge_drawdown_accum);
PG_FUNCTION_INFO_V1(bet_edge_max_drawdown_final);
PG_FUNCTION_INFO_V1(bet_edge_max_drawdown_fraction_final);
PG_FUNCTION_INFO_V1(bet_edge_longest_underwater_final);

#define DOUBLES(type) ((int) (sizeof(type) / sizeof(double)))

static returns_turnover *
turnover_state(FunctionCallInfo fcinfo, int argno, ArrayType **array)
{
	return (returns_turnover *) arg_state(fcinfo, argno, DOUBLES(returns_turnover), "roi", array);
}

Datum
bet_edge_roi_accum(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	returns_turnover *state = turnover_state(fcinfo, 0, &array);
	double		profit = arg_finite(PG_GETARG_FLOAT8(1), "profit");
	double		stake = arg_finite(PG_GETARG_FLOAT8(2), "stake");

	if (stake < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("stake must not be negative, not %g", stake)));
	returns_add(state, profit, stake);
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_roi_combine(PG_FUNCTION_ARGS)
{
	ArrayType  *array,
			   *other;
	returns_turnover *state = turnover_state(fcinfo, 0, &array);

	returns_merge(state, turnover_state(fcinfo, 1, &other));
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_roi_final(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	returns_interval r = returns_of(turnover_state(fcinfo, 0, &array));

	if (!r.known)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(finite_datum(r.roi));
}

Datum
bet_edge_roi_interval_final(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	returns_turnover *state = turnover_state(fcinfo, 0, &array);
	returns_interval r = returns_of(state);
	Datum		values[4] = {Int64GetDatum((int64) state->n)};
	bool		nulls[4] = {false, !r.known, !r.bounded, !r.bounded};

	if (state->n == 0)
		PG_RETURN_NULL();
	values[1] = finite_datum(r.roi);
	values[2] = finite_datum(r.lower);
	values[3] = finite_datum(r.upper);
	PG_RETURN_DATUM(row_datum(fcinfo, values, nulls));
}

/* ---- the shape of returns -------------------------------------------------------------------------- */

static returns_moments *
moments_state(FunctionCallInfo fcinfo, int argno, ArrayType **array)
{
	return (returns_moments *) arg_state(fcinfo, argno, DOUBLES(returns_moments), "sharpe_ratio", array);
}

static void
refuse_other_target(const returns_moments *state, double target, double periods)
{
	if (target != state->target)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("target must be the same in every row, not %g and %g", state->target, target)));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("periods_per_year must be the same in every row, not %g and %g", state->periods, periods)));
}

/* Called with return, with return and target, or with both and periods_per_year. */
Datum
bet_edge_returns_accum(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	returns_moments *state = moments_state(fcinfo, 0, &array);
	double		value = arg_finite(PG_GETARG_FLOAT8(1), "return");
	double		target = PG_NARGS() > 2 ? arg_finite(PG_GETARG_FLOAT8(2), "target") : 0;
	double		periods = PG_NARGS() > 3 ? arg_finite(PG_GETARG_FLOAT8(3), "periods_per_year") : 0;

	if (PG_NARGS() > 3 && periods <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("periods_per_year must be above 0, not %g", periods)));
	if (returns_moments_add(state, value, target, periods) != CORE_OK)
		refuse_other_target(state, target, periods);
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_returns_combine(PG_FUNCTION_ARGS)
{
	ArrayType  *array,
			   *array2;
	returns_moments *state = moments_state(fcinfo, 0, &array);
	returns_moments *other = moments_state(fcinfo, 1, &array2);

	if (returns_moments_merge(state, other) != CORE_OK)
		refuse_other_target(state, other->target, other->periods);
	PG_RETURN_ARRAYTYPE_P(array);
}

static Datum
ratio(FunctionCallInfo fcinfo, core_status (*of) (const returns_moments *, double *))
{
	ArrayType  *array;
	double		value;

	switch (of(moments_state(fcinfo, 0, &array), &value))
	{
		case CORE_OK:
			return finite_datum(value);
		case CORE_NO_SOLUTION:
			float_underflow_error();
			/* FALLTHROUGH */
		default:
			PG_RETURN_NULL();
	}
}

Datum
bet_edge_sharpe_ratio_final(PG_FUNCTION_ARGS)
{
	return ratio(fcinfo, returns_sharpe);
}

Datum
bet_edge_sortino_ratio_final(PG_FUNCTION_ARGS)
{
	return ratio(fcinfo, returns_sortino);
}

Datum
bet_edge_skewness_final(PG_FUNCTION_ARGS)
{
	return ratio(fcinfo, returns_skewness);
}

Datum
bet_edge_kurtosis_final(PG_FUNCTION_ARGS)
{
	return ratio(fcinfo, returns_kurtosis);
}

/* ---- drawdown ------------------------------------------------------------------------------------ */

static returns_curve *
curve_state(FunctionCallInfo fcinfo, ArrayType **array)
{
	return (returns_curve *) arg_state(fcinfo, 0, DOUBLES(returns_curve), "max_drawdown", array);
}

Datum
bet_edge_drawdown_accum(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	returns_curve *state = curve_state(fcinfo, &array);
	double		profit = arg_finite(PG_GETARG_FLOAT8(1), "profit");
	double		bankroll = arg_finite(PG_GETARG_FLOAT8(2), "bankroll");

	if (bankroll <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("bankroll must be above 0, not %g", bankroll)));
	if (returns_curve_add(state, profit, bankroll) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("bankroll must be the same in every row, not %g after %g", bankroll, state->bankroll),
				 errhint("It is the bankroll before the first bet.")));
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_max_drawdown_final(PG_FUNCTION_ARGS)
{
	ArrayType  *array;

	PG_RETURN_DATUM(finite_datum(curve_state(fcinfo, &array)->drawdown));
}

Datum
bet_edge_max_drawdown_fraction_final(PG_FUNCTION_ARGS)
{
	ArrayType  *array;

	PG_RETURN_DATUM(finite_datum(curve_state(fcinfo, &array)->fraction));
}

Datum
bet_edge_longest_underwater_final(PG_FUNCTION_ARGS)
{
	ArrayType  *array;

	PG_RETURN_INT64((int64) curve_state(fcinfo, &array)->longest);
}
