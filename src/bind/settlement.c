#include "bind/settlement.h"

#include "bind/args.h"
#include "bind/rows.h"

#include <math.h>

#include "common/shortest_dec.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#include "core/settlement.h"

PG_FUNCTION_INFO_V1(bet_edge_settle_bet);
PG_FUNCTION_INFO_V1(bet_edge_line_probabilities);
PG_FUNCTION_INFO_V1(bet_edge_expected_profit);

static const char *const market_names[] = {"h2h", "h2h_3_way", "spreads", "totals", NULL};
static const char *const status_names[] = {"final", "postponed", "abandoned", "cancelled", NULL};
static const char *const winner_names[] = {"home", "draw", "away", NULL};
const char *const settlement_teams[] = {"home", "away", NULL};
const char *const settlement_totals[] = {"over", "under", NULL};
static const char *const result_names[] = {"win", "half_win", "push", "half_loss", "loss"};

enum market
{
	H2H, H2H_3_WAY, SPREADS, TOTALS
};

double
arg_line(double line)
{
	if (settlement_line(line) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("line must be a multiple of 0.25, not %.10g", line)));
	return line;
}

static double
required_line(FunctionCallInfo fcinfo, int argno, enum market market)
{
	if (PG_ARGISNULL(argno))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("line must be given for market \"%s\"", market_names[market])));
	return arg_line(PG_GETARG_FLOAT8(argno));
}

/* A bet on who wins. Where a draw was on offer it loses on one, where not the stake comes back. */
static settlement
settle_winner(FunctionCallInfo fcinfo, enum market market, int side, double margin)
{
	bool		draw_offered = market == H2H_3_WAY;

	if (!PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("line must be NULL for market \"%s\", not %g", market_names[market], PG_GETARG_FLOAT8(2))));
	if (side == 1)
		return margin == 0 ? SETTLE_WIN : SETTLE_LOSS;
	if (margin != 0)
		return (side == 0) == (margin > 0) ? SETTLE_WIN : SETTLE_LOSS;
	if (market == H2H)
	{
		if (PG_ARGISNULL(8))
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("draw_offered must be given to settle \"%s\" of market \"h2h\" after a level score", winner_names[side]),
					 errhint("Where a draw could be backed (soccer) the bet loses, where not (NFL moneyline) the stake comes back.")));
		draw_offered = PG_GETARG_BOOL(8);
	}
	return draw_offered ? SETTLE_LOSS : SETTLE_PUSH;
}

static settlement
settle(FunctionCallInfo fcinfo, enum market market, double home, double away)
{
	text	   *side = PG_GETARG_TEXT_PP(1);
	double		line;

	switch (market)
	{
		case SPREADS:
			line = required_line(fcinfo, 2, market);
			return settlement_ahead((arg_choice(side, settlement_teams, "side") == 0 ? home - away : away - home) + line);
		case TOTALS:
			line = required_line(fcinfo, 2, market);
			return settlement_ahead(arg_choice(side, settlement_totals, "side") == 0 ? home + away - line : line - home - away);
		default:
			return settle_winner(fcinfo, market, arg_choice(side, winner_names, "side"), home - away);
	}
}

/* float8 as the decimal number that prints it, whatever extra_float_digits is. */
static Numeric
shortest_numeric(double value)
{
	char		digits[DOUBLE_SHORTEST_DECIMAL_LEN];

	double_to_shortest_decimal_buf(value, digits);
	return DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(digits),
											   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
}

static Numeric
numeric_call(PGFunction function, Numeric a, Numeric b)
{
	return DatumGetNumeric(DirectFunctionCall2(function, NumericGetDatum(a), NumericGetDatum(b)));
}

/* What comes back per unit staked: all exact, since halving is multiplying by 0.5. */
static Numeric
unit_return(settlement result, double odds)
{
	Numeric		half;

	switch (result)
	{
		case SETTLE_WIN:
			return shortest_numeric(odds);
		case SETTLE_HALF_WIN:
			half = numeric_call(numeric_add, shortest_numeric(odds), shortest_numeric(1));
			return numeric_call(numeric_mul, half, shortest_numeric(0.5));
		case SETTLE_PUSH:
			return shortest_numeric(1);
		case SETTLE_HALF_LOSS:
			return shortest_numeric(0.5);
		default:
			return shortest_numeric(0);
	}
}

static Numeric
arg_stake(Numeric stake)
{
	double		rough = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow, NumericGetDatum(stake)));

	if (!isfinite(rough) || rough < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("stake must be a finite amount of at least 0, not %s",
						DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(stake))))));
	return stake;
}

static int32
arg_score(FunctionCallInfo fcinfo, int argno, const char *name)
{
	int32		score = PG_GETARG_INT32(argno);

	if (score < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must not be negative, not %d", name, score)));
	return score;
}

/* Not strict: line and draw_offered may be NULL, and a void bet needs no score. */
Datum
bet_edge_settle_bet(PG_FUNCTION_ARGS)
{
	enum market market;
	double		odds;
	Numeric		stake,
				payout;
	bool		is_void;
	settlement	result;
	Datum		values[3];
	bool		nulls[3] = {0};

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(5) || PG_ARGISNULL(6) || PG_ARGISNULL(7))
		PG_RETURN_NULL();
	market = arg_choice(PG_GETARG_TEXT_PP(0), market_names, "market");
	odds = arg_odds(PG_GETARG_FLOAT8(5), "odds");
	stake = arg_stake(PG_GETARG_NUMERIC(6));
	is_void = arg_choice(PG_GETARG_TEXT_PP(7), status_names, "status") > 0;
	if (!is_void && (PG_ARGISNULL(3) || PG_ARGISNULL(4)))
		PG_RETURN_NULL();

	result = is_void ? SETTLE_PUSH :
		settle(fcinfo, market, arg_score(fcinfo, 3, "home_score"), arg_score(fcinfo, 4, "away_score"));
	payout = numeric_call(numeric_mul, stake, unit_return(result, odds));
	values[0] = CStringGetTextDatum(is_void ? "void" : result_names[result]);
	values[1] = NumericGetDatum(payout);
	values[2] = NumericGetDatum(numeric_call(numeric_sub, payout, stake));
	PG_RETURN_DATUM(row_datum(fcinfo, values, nulls));
}

/* A margin can be anything, a total is never below 0. */
Datum
bet_edge_line_probabilities(PG_FUNCTION_ARGS)
{
	static const char *const markets[] = {"spreads", "totals", NULL};
	double		prediction = arg_finite(PG_GETARG_FLOAT8(0), "prediction");
	int			n;
	double	   *residuals = arg_float8s(PG_GETARG_ARRAYTYPE_P(1), "residuals", 1, 10000000, &n);
	bool		totals = arg_choice(PG_GETARG_TEXT_PP(2), markets, "market") == 1;
	bool		first = arg_choice(PG_GETARG_TEXT_PP(3), totals ? settlement_totals : settlement_teams, "side") == 0;
	double		line = arg_line(PG_GETARG_FLOAT8(4));
	double		law[SETTLE_RESULTS];
	Datum		values[SETTLE_RESULTS];
	bool		nulls[SETTLE_RESULTS] = {0};

	if (settlement_law(prediction, residuals, n, totals ? 0 : -INFINITY, first ? 1 : -1,
					   totals && first ? -line : line, law) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("residuals must be finite numbers")));
	for (int r = 0; r < SETTLE_RESULTS; r++)
		values[r] = Float8GetDatum(law[r]);
	PG_RETURN_DATUM(row_datum(fcinfo, values, nulls));
}

Datum
bet_edge_expected_profit(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"p_win", "p_half_win", "p_push", "p_half_loss", "p_loss"};
	double		law[SETTLE_RESULTS];
	double		sum = 0;

	for (int r = 0; r < SETTLE_RESULTS; r++)
		sum += law[r] = arg_probability(PG_GETARG_FLOAT8(r), names[r]);
	if (fabs(sum - 1) > 1e-6)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("probabilities must sum to 1, not %.9g", sum)));
	PG_RETURN_FLOAT8(settlement_profit(law, arg_odds(PG_GETARG_FLOAT8(5), "odds")));
}
