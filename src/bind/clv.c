#include "bind/args.h"
#include "bind/overround.h"
#include "bind/rows.h"

#include <math.h>

#include "utils/builtins.h"

#include "core/clv.h"

PG_FUNCTION_INFO_V1(bet_edge_clv);
PG_FUNCTION_INFO_V1(bet_edge_clv_fair);
PG_FUNCTION_INFO_V1(bet_edge_clv_prob);
PG_FUNCTION_INFO_V1(bet_edge_clv_points);
PG_FUNCTION_INFO_V1(bet_edge_clv_line);

Datum
bet_edge_clv(PG_FUNCTION_ARGS)
{
	double		taken = arg_odds(PG_GETARG_FLOAT8(0), "taken_odds");
	double		closing = arg_odds(PG_GETARG_FLOAT8(1), "closing_odds");

	PG_RETURN_DATUM(finite_datum(clv_fair(taken, 1 / closing)));
}

/* The closing probability of the selection without the margin: arguments closing_odds, selection, method from 1. */
static double
closing_prob(FunctionCallInfo fcinfo)
{
	int			n;
	double	   *odds = arg_market(PG_GETARG_ARRAYTYPE_P(1), "closing_odds", OVERROUND_MIN, &n);
	int32		selection = PG_GETARG_INT32(2);
	double		probs[OVERROUND_MAX];
	overround_fit fit;

	if (selection < 1 || selection > n)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("selection must be between 1 and %d, the outcomes of closing_odds, not %d", n, selection)));
	fair_market(odds, n, "closing_odds", PG_GETARG_TEXT_PP(3), 1, probs, &fit);
	return probs[selection - 1];
}

Datum
bet_edge_clv_fair(PG_FUNCTION_ARGS)
{
	double		taken = arg_odds(PG_GETARG_FLOAT8(0), "taken_odds");

	PG_RETURN_DATUM(finite_datum(clv_fair(taken, closing_prob(fcinfo))));
}

Datum
bet_edge_clv_prob(PG_FUNCTION_ARGS)
{
	double		taken = arg_odds(PG_GETARG_FLOAT8(0), "taken_odds");

	PG_RETURN_FLOAT8(closing_prob(fcinfo) - 1 / taken);
}

/* ---- the line moved ------------------------------------------------------------------------------ */

/* +1 where a higher score (home margin, total) wins the bet, -1 where a lower one does. */
static double
arg_side(FunctionCallInfo fcinfo, bool *totals)
{
	static const char *const markets[] = {"spreads", "totals", NULL};
	static const char *const teams[] = {"home", "away", NULL};
	static const char *const sides[] = {"over", "under", NULL};

	*totals = arg_choice(PG_GETARG_TEXT_PP(0), markets, "market") == 1;
	return arg_choice(PG_GETARG_TEXT_PP(1), *totals ? sides : teams, "side") == 0 ? 1 : -1;
}

/* The line as points added to the side: that of an over is given. */
static double
arg_side_line(FunctionCallInfo fcinfo, int argno, const char *name, bool over)
{
	double		line = PG_GETARG_FLOAT8(argno);

	if (settlement_line(line) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be a multiple of 0.25, not %.10g", name, line)));
	return over ? -line : line;
}

Datum
bet_edge_clv_points(PG_FUNCTION_ARGS)
{
	bool		totals;
	double		sign = arg_side(fcinfo, &totals);
	double		taken = arg_side_line(fcinfo, 2, "taken_line", totals && sign > 0);

	PG_RETURN_FLOAT8(taken - arg_side_line(fcinfo, 3, "closing_line", totals && sign > 0));
}

Datum
bet_edge_clv_line(PG_FUNCTION_ARGS)
{
	bool		totals;
	double		sign = arg_side(fcinfo, &totals);
	double		taken_line = arg_side_line(fcinfo, 2, "taken_line", totals && sign > 0);
	double		closing_line = arg_side_line(fcinfo, 3, "closing_line", totals && sign > 0);
	double		odds = arg_odds(PG_GETARG_FLOAT8(4), "taken_odds");
	double		prob = arg_probability(PG_GETARG_FLOAT8(5), "closing_prob");
	int			n;
	double	   *sample = arg_float8s(PG_GETARG_ARRAYTYPE_P(6), "sample", 2, 1000000, &n);
	double		law[SETTLE_RESULTS];
	Datum		values[3];
	bool		nulls[3] = {0};

	if (prob == 0 || prob == 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("closing_prob must be above 0 and below 1, not %g", prob)));
	for (int i = 0; i < n; i++)
		if (arg_between(sample[i], -CLV_SAMPLE_LIMIT, CLV_SAMPLE_LIMIT, "each of sample") != floor(sample[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("sample[%d] must be a whole score, not %g", i + 1, sample[i])));
	if (clv_law(sample, n, sign, taken_line, closing_line, prob, law) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("sample must hold scores on both sides of closing_line, %g", PG_GETARG_FLOAT8(3)),
				 errhint("It is final home margins for spreads and final totals for totals, of games like this one.")));
	values[0] = Float8GetDatum(taken_line - closing_line);
	values[1] = Float8GetDatum(clv_two_way(law));
	values[2] = finite_datum(settlement_profit(law, odds));
	PG_RETURN_DATUM(row_datum(fcinfo, values, nulls));
}
