#include "bind/settlement.h"

#include "bind/args.h"
#include "bind/rows.h"

#include <math.h>

#include "common/shortest_dec.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#include "core/settlement.h"

PG_FUNCTION_INFO_V1(bet_edge_settle_bet);
PG_FUNCTION_INFO_V1(bet_edge_bet_profit);
PG_FUNCTION_INFO_V1(bet_edge_expected_profit);
PG_FUNCTION_INFO_V1(bet_edge_net_odds);

static const char *const market_names[] = {
	"h2h", "h2h_3_way", "draw_no_bet", "double_chance", "btts", "spreads", "totals", "team_totals",
	"alternate_spreads", "alternate_totals", "alternate_team_totals", NULL
};
static const char *const status_names[] = {"final", "postponed", "abandoned", "cancelled", "walkover", NULL};
static const char *const winner_names[] = {"home", "draw", "away", NULL};
const char *const settlement_teams[] = {"home", "away", NULL};
static const char *const pair_names[] = {"home_draw", "draw_away", "home_away", NULL};
static const char *const answer_names[] = {"yes", "no", NULL};
const char *const settlement_totals[] = {"over", "under", NULL};
static const char *const team_total_names[] = {"home_over", "home_under", "away_over", "away_under", NULL};
/* as settlement, and void */
static const char *const result_names[] = {"win", "half_win", "push", "half_loss", "loss", "void", NULL};

enum market
{
	H2H, H2H_3_WAY, DRAW_NO_BET, DOUBLE_CHANCE, BTTS, SPREADS, TOTALS, TEAM_TOTALS,
	ALTERNATE_SPREADS, ALTERNATE_TOTALS, ALTERNATE_TEAM_TOTALS
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

static void
no_line(FunctionCallInfo fcinfo, int argno, enum market market)
{
	if (!PG_ARGISNULL(argno))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("line must be NULL for market \"%s\", not %g", market_names[market], PG_GETARG_FLOAT8(argno))));
}

/* Whether a draw could be backed. Where it could, a bet on a winner loses on one, where not the stake comes back. */
static bool
draw_offered(FunctionCallInfo fcinfo, enum market market, int side)
{
	if (market != H2H)
		return market == H2H_3_WAY;
	if (PG_ARGISNULL(8))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("draw_offered must be given to settle \"%s\" of market \"h2h\" after a level score", winner_names[side]),
				 errhint("Where a draw could be backed (soccer) the bet loses, where not (NFL moneyline) the stake comes back.")));
	return PG_GETARG_BOOL(8);
}

static settlement
settle(FunctionCallInfo fcinfo, enum market market, double home, double away)
{
	text	   *name = PG_GETARG_TEXT_PP(1);
	double		line = 0;
	int			side;

	if (market >= SPREADS)
		line = required_line(fcinfo, 2, market);
	else
		no_line(fcinfo, 2, market);
	switch (market)
	{
		case H2H:
		case H2H_3_WAY:
			side = arg_choice(name, winner_names, "side");
			if (side == 1 || home != away)
				return (side == 1 ? home == away : (side == 0) == (home > away)) ? SETTLE_WIN : SETTLE_LOSS;
			return draw_offered(fcinfo, market, side) ? SETTLE_LOSS : SETTLE_PUSH;
		case DRAW_NO_BET:
			side = arg_choice(name, settlement_teams, "side");
			return home == away ? SETTLE_PUSH : (side == 0) == (home > away) ? SETTLE_WIN : SETTLE_LOSS;
		case DOUBLE_CHANCE:
			side = arg_choice(name, pair_names, "side");
			return (side == 0 ? home >= away : side == 1 ? home <= away : home != away) ? SETTLE_WIN : SETTLE_LOSS;
		case BTTS:
			side = arg_choice(name, answer_names, "side");
			return (side == 0) == (home > 0 && away > 0) ? SETTLE_WIN : SETTLE_LOSS;
		case SPREADS:
		case ALTERNATE_SPREADS:
			return settlement_ahead((arg_choice(name, settlement_teams, "side") == 0 ? home - away : away - home) + line);
		case TOTALS:
		case ALTERNATE_TOTALS:
			return settlement_ahead(arg_choice(name, settlement_totals, "side") == 0 ? home + away - line : line - home - away);
		case TEAM_TOTALS:
		case ALTERNATE_TEAM_TOTALS:
			side = arg_choice(name, team_total_names, "side");
			home = side < 2 ? home : away;
			return settlement_ahead(side % 2 == 0 ? home - line : line - home);
	}
	elog(ERROR, "unknown market %d", (int) market);
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

/*
 * The profit of a bet: all exact but a dead heat of three or more, since halving is multiplying
 * by 0.5. Of a dead heat the share places/tied of the stake wins and the rest loses. Commission
 * is taken from what is won.
 */
static Numeric
profit_of(int result, Numeric stake, double odds, double commission, int tied, int places)
{
	Numeric		one = shortest_numeric(1);
	Numeric		profit;

	switch (result)
	{
		case SETTLE_WIN:
			profit = numeric_call(numeric_sub, numeric_call(numeric_mul, shortest_numeric(odds), shortest_numeric(places)), shortest_numeric(tied));
			profit = numeric_call(numeric_mul, stake, profit);
			if (tied > 1)
				profit = numeric_call(numeric_div, profit, shortest_numeric(tied));
			break;
		case SETTLE_HALF_WIN:
			profit = numeric_call(numeric_mul, numeric_call(numeric_sub, shortest_numeric(odds), one), shortest_numeric(0.5));
			profit = numeric_call(numeric_mul, stake, profit);
			break;
		case SETTLE_HALF_LOSS:
			return numeric_call(numeric_mul, stake, shortest_numeric(-0.5));
		case SETTLE_LOSS:
			return numeric_call(numeric_mul, stake, shortest_numeric(-1));
		default:				/* the stake comes back */
			return numeric_call(numeric_mul, stake, shortest_numeric(0));
	}
	if (commission > 0 && DatumGetBool(DirectFunctionCall2(numeric_gt, NumericGetDatum(profit), NumericGetDatum(shortest_numeric(0)))))
		profit = numeric_call(numeric_mul, profit, numeric_call(numeric_sub, one, shortest_numeric(commission)));
	return profit;
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

/* Not strict: line and draw_offered may be NULL, and a void bet needs no score. */
Datum
bet_edge_settle_bet(PG_FUNCTION_ARGS)
{
	enum market market;
	double		odds,
				commission;
	Numeric		stake,
				profit;
	bool		is_void;
	int			result = SETTLE_RESULTS;
	Datum		values[3];
	bool		nulls[3] = {0};

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(5) || PG_ARGISNULL(6) || PG_ARGISNULL(7) || PG_ARGISNULL(9))
		PG_RETURN_NULL();
	market = arg_choice(PG_GETARG_TEXT_PP(0), market_names, "market");
	odds = arg_odds(PG_GETARG_FLOAT8(5), "odds");
	stake = arg_stake(PG_GETARG_NUMERIC(6));
	is_void = arg_choice(PG_GETARG_TEXT_PP(7), status_names, "status") > 0;
	commission = arg_between(PG_GETARG_FLOAT8(9), 0, 1, "commission");
	if (!is_void && (PG_ARGISNULL(3) || PG_ARGISNULL(4)))
		PG_RETURN_NULL();

	if (!is_void)
		result = settle(fcinfo, market, arg_count(PG_GETARG_INT32(3), "home_score"), arg_count(PG_GETARG_INT32(4), "away_score"));
	profit = profit_of(result, stake, odds, commission, 1, 1);
	values[0] = CStringGetTextDatum(result_names[result]);
	values[1] = NumericGetDatum(numeric_call(numeric_add, stake, profit));
	values[2] = NumericGetDatum(profit);
	PG_RETURN_DATUM(row_datum(fcinfo, values, nulls));
}

Datum
bet_edge_bet_profit(PG_FUNCTION_ARGS)
{
	int			result = arg_choice(PG_GETARG_TEXT_PP(0), result_names, "result");
	Numeric		stake = arg_stake(PG_GETARG_NUMERIC(1));
	double		odds = arg_odds(PG_GETARG_FLOAT8(2), "odds");
	double		commission = arg_between(PG_GETARG_FLOAT8(3), 0, 1, "commission");
	int32		tied = PG_GETARG_INT32(4);
	int32		places = PG_GETARG_INT32(5);

	if (tied < 1 || places < 1 || places > tied)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("tied must be at least 1 and places between 1 and tied, not %d and %d", tied, places)));
	if (tied > 1 && result != SETTLE_WIN)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("result must be \"win\" for one of %d tied, not \"%s\"", tied, result_names[result])));
	PG_RETURN_NUMERIC(profit_of(result, stake, odds, commission, tied, places));
}

Datum
bet_edge_expected_profit(PG_FUNCTION_ARGS)
{
	double		law[SETTLE_RESULTS],
				net_returns[SETTLE_RESULTS];

	arg_law(fcinfo, 0, law);
	settlement_returns(arg_odds(PG_GETARG_FLOAT8(5), "odds"), arg_between(PG_GETARG_FLOAT8(6), 0, 1, "commission"), false, net_returns);
	return finite_datum(settlement_value(law, net_returns));
}

Datum
bet_edge_net_odds(PG_FUNCTION_ARGS)
{
	double		net_returns[SETTLE_RESULTS];

	settlement_returns(arg_odds(PG_GETARG_FLOAT8(0), "odds"), arg_between(PG_GETARG_FLOAT8(1), 0, 1, "commission"), false, net_returns);
	PG_RETURN_FLOAT8(1 + net_returns[SETTLE_WIN]);
}
