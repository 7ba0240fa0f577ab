#include "bind/args.h"
#include "bind/rows.h"
#include "bind/series.h"

#include <math.h>

#include "datatype/timestamp.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "core/order.h"
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

PG_FUNCTION_INFO_V1(bet_edge_win_rate_accum);
PG_FUNCTION_INFO_V1(bet_edge_win_rate_combine);
PG_FUNCTION_INFO_V1(bet_edge_win_rate_final);
PG_FUNCTION_INFO_V1(bet_edge_calmar_ratio_final);
PG_FUNCTION_INFO_V1(bet_edge_return_on_bankroll_combine);
PG_FUNCTION_INFO_V1(bet_edge_return_on_bankroll_final);
PG_FUNCTION_INFO_V1(bet_edge_runs_accum);
PG_FUNCTION_INFO_V1(bet_edge_longest_losing_run_final);
PG_FUNCTION_INFO_V1(bet_edge_longest_winning_run_final);
PG_FUNCTION_INFO_V1(bet_edge_timed_accum_time);
PG_FUNCTION_INFO_V1(bet_edge_timed_accum_number);
PG_FUNCTION_INFO_V1(bet_edge_timed_max_drawdown_final);
PG_FUNCTION_INFO_V1(bet_edge_timed_max_drawdown_fraction_final);
PG_FUNCTION_INFO_V1(bet_edge_timed_longest_underwater_final);
PG_FUNCTION_INFO_V1(bet_edge_timed_calmar_ratio_final);
PG_FUNCTION_INFO_V1(bet_edge_timed_longest_losing_run_final);
PG_FUNCTION_INFO_V1(bet_edge_timed_longest_winning_run_final);
PG_FUNCTION_INFO_V1(bet_edge_tail_accum);
PG_FUNCTION_INFO_V1(bet_edge_value_at_risk_final);
PG_FUNCTION_INFO_V1(bet_edge_expected_shortfall_final);
PG_FUNCTION_INFO_V1(bet_edge_roi_p_value_final);
PG_FUNCTION_INFO_V1(bet_edge_bets_needed);

#define DOUBLES(type) ((int) (sizeof(type) / sizeof(double)))

/* arg_finite, without the call where it is. */
static inline double
amount(double value, const char *name)
{
	return likely(isfinite(value)) ? value : arg_finite(value, name);
}

static double
arg_bankroll(double bankroll)
{
	if (arg_finite(bankroll, "bankroll") <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("bankroll must be above 0, not %g", bankroll)));
	return bankroll;
}

static double
arg_periods(double periods)
{
	if (arg_finite(periods, "periods_per_year") <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("periods_per_year must be above 0, not %g", periods)));
	return periods;
}

/* A count in a state, which a caller by hand may have made anything. */
static Datum
count_datum(double count)
{
	if (!(count >= 0 && count < 9e18))
		float_overflow_error();
	return Int64GetDatum((int64) count);
}

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
	double		profit = amount(PG_GETARG_FLOAT8(1), "profit");
	double		stake = amount(PG_GETARG_FLOAT8(2), "stake");

	if (stake < 0)
		arg_not_negative(stake, "stake");
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
	double		value = amount(PG_GETARG_FLOAT8(1), "return");
	double		target = PG_NARGS() > 2 ? amount(PG_GETARG_FLOAT8(2), "target") : 0;
	double		periods = PG_NARGS() > 3 ? arg_periods(PG_GETARG_FLOAT8(3)) : 0;

	if (returns_moments_add(state, value, target, periods) != CORE_OK)
		refuse_other_target(state, target, periods);
	return arg_state_datum(fcinfo, array);
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
	return arg_state_datum(fcinfo, array);
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

/* ---- shares: state {part, whole} ----------------------------------------------------------------- */

Datum
bet_edge_win_rate_accum(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	double	   *state = arg_state(fcinfo, 0, 2, "win_rate", &array);
	double		profit = amount(PG_GETARG_FLOAT8(1), "profit");

	state[0] += profit > 0;
	state[1] += profit != 0;
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_win_rate_combine(PG_FUNCTION_ARGS)
{
	ArrayType  *array,
			   *array2;
	double	   *state = arg_state(fcinfo, 0, 2, "win_rate", &array);
	double	   *other = arg_state(fcinfo, 1, 2, "win_rate", &array2);

	state[0] += other[0];
	state[1] += other[1];
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_win_rate_final(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	double	   *state = arg_state(fcinfo, 0, 2, "win_rate", &array);

	if (state[1] == 0)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(finite_datum(state[0] / state[1]));
}

/* ---- drawdown: in the order of the rows ------------------------------------------------------------- */

static returns_curve *
curve_state(FunctionCallInfo fcinfo, int argno, ArrayType **array)
{
	return (returns_curve *) arg_state(fcinfo, argno, DOUBLES(returns_curve), "max_drawdown", array);
}

static void
refuse_other_bankroll(double bankroll, double before)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("bankroll must be the same in every row, not %g after %g", bankroll, before),
			 errhint("It is the bankroll before the first bet.")));
}

/* Called with profit and bankroll, for calmar_ratio with periods_per_year too. */
Datum
bet_edge_drawdown_accum(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	returns_curve *state = curve_state(fcinfo, 0, &array);
	double		profit = amount(PG_GETARG_FLOAT8(1), "profit");
	double		bankroll = arg_bankroll(PG_GETARG_FLOAT8(2));
	double		periods = PG_NARGS() > 3 ? arg_periods(PG_GETARG_FLOAT8(3)) : 0;

	switch (returns_curve_add(state, profit, bankroll, periods))
	{
		case CORE_OK:
			break;
		case CORE_NO_SOLUTION:
			float_overflow_error();
			break;
		default:
			if (bankroll != state->bankroll)
				refuse_other_bankroll(bankroll, state->bankroll);
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("periods_per_year must be the same in every row, not %g and %g", state->periods, periods)));
	}
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_max_drawdown_final(PG_FUNCTION_ARGS)
{
	ArrayType  *array;

	PG_RETURN_DATUM(finite_datum(curve_state(fcinfo, 0, &array)->drawdown));
}

Datum
bet_edge_max_drawdown_fraction_final(PG_FUNCTION_ARGS)
{
	ArrayType  *array;

	PG_RETURN_DATUM(finite_datum(curve_state(fcinfo, 0, &array)->fraction));
}

Datum
bet_edge_longest_underwater_final(PG_FUNCTION_ARGS)
{
	ArrayType  *array;

	PG_RETURN_DATUM(count_datum(curve_state(fcinfo, 0, &array)->longest));
}

static Datum
calmar(FunctionCallInfo fcinfo, const returns_curve *curve, double years)
{
	double		value;

	if (returns_calmar(curve, years, &value) != CORE_OK)
		PG_RETURN_NULL();
	return finite_datum(value);
}

Datum
bet_edge_calmar_ratio_final(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	returns_curve *state = curve_state(fcinfo, 0, &array);

	return calmar(fcinfo, state, state->n / state->periods);
}

/* The balance moved by parts in any order. */
Datum
bet_edge_return_on_bankroll_combine(PG_FUNCTION_ARGS)
{
	ArrayType  *array,
			   *array2;
	returns_curve *state = curve_state(fcinfo, 0, &array);
	returns_curve *other = curve_state(fcinfo, 1, &array2);

	if (other->n == 0)
		PG_RETURN_ARRAYTYPE_P(array);
	if (state->n == 0)
		PG_RETURN_ARRAYTYPE_P(array2);
	if (state->bankroll != other->bankroll)
		refuse_other_bankroll(other->bankroll, state->bankroll);
	state->n += other->n;
	core_sum_merge(&state->profit, other->profit);
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_return_on_bankroll_final(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	returns_curve *state = curve_state(fcinfo, 0, &array);

	if (state->n == 0)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(finite_datum(core_sum_value(state->profit) / state->bankroll));
}

static returns_runs *
runs_state(FunctionCallInfo fcinfo, ArrayType **array)
{
	return (returns_runs *) arg_state(fcinfo, 0, DOUBLES(returns_runs), "longest_losing_run", array);
}

Datum
bet_edge_runs_accum(PG_FUNCTION_ARGS)
{
	ArrayType  *array;

	returns_runs_add(runs_state(fcinfo, &array), amount(PG_GETARG_FLOAT8(1), "profit"));
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_longest_losing_run_final(PG_FUNCTION_ARGS)
{
	ArrayType  *array;

	PG_RETURN_DATUM(count_datum(runs_state(fcinfo, &array)->longest_losing));
}

Datum
bet_edge_longest_winning_run_final(PG_FUNCTION_ARGS)
{
	ArrayType  *array;

	PG_RETURN_DATUM(count_datum(runs_state(fcinfo, &array)->longest_winning));
}

/* ---- the same with the time as an argument: rows in any order, in parallel ------------------------------ */

#define BET_WIDTH ((int) (sizeof(returns_bet) / sizeof(double)))

/* profit, at for runs; profit, bankroll, at for the rest. is_time: at is a timestamptz. */
static Datum
timed_accum(FunctionCallInfo fcinfo, bool is_time)
{
	series	   *state = series_state(fcinfo);
	int			last = PG_NARGS() - 1;
	bool		missing = false;

	for (int i = 1; i <= last; i++)
		missing |= PG_ARGISNULL(i);
	if (!missing)
	{
		double		profit = amount(PG_GETARG_FLOAT8(1), "profit");
		double		bankroll = last > 2 ? arg_bankroll(PG_GETARG_FLOAT8(2)) : 0;
		int64		at = PG_GETARG_INT64(last);
		returns_bet *bet;

		if (is_time && TIMESTAMP_NOT_FINITE(at))
			ereport(ERROR,
					(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
					 errmsg("at must be a finite time")));
		series_same(state, bankroll, "bankroll");
		bet = (returns_bet *) series_add(fcinfo, &state, BET_WIDTH);
		bet->at = at;
		bet->profit = profit;
		state->constant = bankroll;
	}
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

Datum
bet_edge_timed_accum_time(PG_FUNCTION_ARGS)
{
	return timed_accum(fcinfo, true);
}

Datum
bet_edge_timed_accum_number(PG_FUNCTION_ARGS)
{
	return timed_accum(fcinfo, false);
}

/* Puts the rows of the state in order, which changes nothing that a later row or call can see; n is 0 without rows. */
static const returns_bet *
timed_bets(FunctionCallInfo fcinfo, int64 *n, double *bankroll)
{
	series	   *state = series_state(fcinfo);
	double	   *work;

	*n = state == NULL ? 0 : state->n;
	if (state == NULL)
		return NULL;
	*bankroll = state->constant;
	work = MemoryContextAllocHuge(CurrentMemoryContext, (Size) state->n * sizeof(returns_bet));
	order_sort_rows(state->values, work, state->n, BET_WIDTH, series_interrupts);
	pfree(work);
	return (const returns_bet *) state->values;
}

/* The curve, and the years from the first bet to the last. */
static returns_curve
timed_curve(FunctionCallInfo fcinfo, double *years)
{
	int64		n;
	double		bankroll = 1;
	const returns_bet *bets = timed_bets(fcinfo, &n, &bankroll);
	returns_curve curve;

	if (returns_curve_of(bets, n, bankroll, &curve) != CORE_OK)
		float_overflow_error();
	if (years != NULL)
		*years = n == 0 ? 0 : ((double) bets[n - 1].at - (double) bets[0].at) / (365.25 * USECS_PER_DAY);
	return curve;
}

static returns_runs
timed_runs(FunctionCallInfo fcinfo)
{
	int64		n;
	double		bankroll;
	const returns_bet *bets = timed_bets(fcinfo, &n, &bankroll);
	returns_runs runs = {0};

	for (int64 i = 0; i < n; i++)
		returns_runs_add(&runs, bets[i].profit);
	return runs;
}

Datum
bet_edge_timed_max_drawdown_final(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(finite_datum(timed_curve(fcinfo, NULL).drawdown));
}

Datum
bet_edge_timed_max_drawdown_fraction_final(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(finite_datum(timed_curve(fcinfo, NULL).fraction));
}

Datum
bet_edge_timed_longest_underwater_final(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(count_datum(timed_curve(fcinfo, NULL).longest));
}

Datum
bet_edge_timed_calmar_ratio_final(PG_FUNCTION_ARGS)
{
	double		years;
	returns_curve curve = timed_curve(fcinfo, &years);

	return calmar(fcinfo, &curve, years);
}

Datum
bet_edge_timed_longest_losing_run_final(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(count_datum(timed_runs(fcinfo).longest_losing));
}

Datum
bet_edge_timed_longest_winning_run_final(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(count_datum(timed_runs(fcinfo).longest_winning));
}

/* ---- the worst returns --------------------------------------------------------------------------------- */

Datum
bet_edge_tail_accum(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(series_accum_at_alpha(fcinfo, amount, "return"));
}

Datum
bet_edge_value_at_risk_final(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);

	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(finite_datum(returns_value_at_risk(state->values, state->n, state->constant, series_interrupts)));
}

Datum
bet_edge_expected_shortfall_final(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);

	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(finite_datum(returns_shortfall(state->values, state->n, state->constant, series_interrupts)));
}

/* ---- is it more than luck ----------------------------------------------------------------------------- */

Datum
bet_edge_roi_p_value_final(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	double		p;

	if (returns_p_value(turnover_state(fcinfo, 0, &array), &p) != CORE_OK)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(finite_datum(p));
}

Datum
bet_edge_bets_needed(PG_FUNCTION_ARGS)
{
	double		edge = amount(PG_GETARG_FLOAT8(0), "edge");
	double		odds = arg_odds(PG_GETARG_FLOAT8(1), "odds");
	double		alpha = arg_alpha(PG_GETARG_FLOAT8(2));
	double		power = PG_GETARG_FLOAT8(3);
	double		n;

	if (!(edge > 0 && edge <= odds - 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("edge must be above 0 and at most odds - 1, %g, not %g", odds - 1, edge),
				 errhint("edge is the expected profit per unit staked.")));
	if (!(power > alpha && power < 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("power must be above alpha, %g, and below 1, not %g", alpha, power)));
	n = returns_bets_needed(edge, odds, alpha, power);
	if (!(n < 9e18))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("an edge of %g at odds of %g needs more bets than a bigint counts", edge, odds)));
	PG_RETURN_INT64((int64) n);
}
