#include "bind/args.h"
#include "bind/rows.h"

#include "core/returns.h"

PG_FUNCTION_INFO_V1(bet_edge_roi_accum);
PG_FUNCTION_INFO_V1(bet_edge_roi_combine);
PG_FUNCTION_INFO_V1(bet_edge_roi_final);
PG_FUNCTION_INFO_V1(bet_edge_roi_interval_final);
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
