#include "bind/args.h"
#include "bind/series.h"

#include <math.h>

#include "core/kelly.h"
#include "core/kelly_slate.h"
#include "core/settlement.h"

PG_FUNCTION_INFO_V1(bet_edge_kelly_fraction);
PG_FUNCTION_INFO_V1(bet_edge_kelly_criterion);
PG_FUNCTION_INFO_V1(bet_edge_kelly_line);
PG_FUNCTION_INFO_V1(bet_edge_kelly_payoffs);
PG_FUNCTION_INFO_V1(bet_edge_kelly_exclusive);
PG_FUNCTION_INFO_V1(bet_edge_growth_rate);
PG_FUNCTION_INFO_V1(bet_edge_growth_rate_payoffs);
PG_FUNCTION_INFO_V1(bet_edge_growth_rate_exclusive);
PG_FUNCTION_INFO_V1(bet_edge_expected_value);
PG_FUNCTION_INFO_V1(bet_edge_expected_value_payoffs);
PG_FUNCTION_INFO_V1(bet_edge_lay_stake);
PG_FUNCTION_INFO_V1(bet_edge_lay_liability);
PG_FUNCTION_INFO_V1(bet_edge_kelly_simultaneous);
PG_FUNCTION_INFO_V1(bet_edge_kelly_scenarios);
PG_FUNCTION_INFO_V1(bet_edge_growth_rate_simultaneous);
PG_FUNCTION_INFO_V1(bet_edge_growth_rate_scenarios);
PG_FUNCTION_INFO_V1(bet_edge_kelly_slate);
PG_FUNCTION_INFO_V1(bet_edge_growth_rate_slate);
PG_FUNCTION_INFO_V1(bet_edge_kelly_shrink);
PG_FUNCTION_INFO_V1(bet_edge_drawdown_probability);
PG_FUNCTION_INFO_V1(bet_edge_drawdown_probability_bets);
PG_FUNCTION_INFO_V1(bet_edge_drawdown_multiplier);
PG_FUNCTION_INFO_V1(bet_edge_ruin_probability);

#define MAX_RESULTS 1000		/* of one bet, or outcomes of one event */

static const char *const sides[] = {"back", "lay", NULL};

/* A bet that wins gain per unit at risk, loses the unit, or pushes. */
typedef struct simple_bet
{
	double		win;
	double		lose;
	double		gain;
} simple_bet;

/* A layer wins when the selection loses, and risks odds - 1 for each unit of the backer's. */
static simple_bet
arg_bet(double p_win, double odds, double p_push, double commission, text *side)
{
	simple_bet	bet;

	arg_probability(p_win, "p_win");
	arg_odds(odds, "odds");
	arg_probability(p_push, "p_push");
	arg_between(commission, 0, 1, "commission");
	bet.win = p_win;
	bet.lose = 1 - p_win - p_push;
	if (bet.lose < -KELLY_SUM_SLACK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("p_win and p_push must not sum to more than 1, not %g and %g", p_win, p_push)));
	bet.lose = Max(bet.lose, 0);	/* the rounding of the sum */
	bet.gain = (odds - 1) * (1 - commission);
	if (arg_choice(side, sides, "side") == 1)
	{
		bet.lose = bet.win;
		bet.win = Max(1 - p_win - p_push, 0);
		bet.gain = (1 - commission) / (odds - 1);
	}
	return bet;
}

/* A share of the bankroll, NULL for all of it. */
static double
arg_cap(FunctionCallInfo fcinfo, int argno, const char *name)
{
	return PG_ARGISNULL(argno) ? 1 : arg_between(PG_GETARG_FLOAT8(argno), 0, 1, name);
}

/* For functions whose cap alone may be NULL. */
static bool
null_beside(FunctionCallInfo fcinfo, int cap)
{
	for (int i = 0; i < PG_NARGS(); i++)
		if (PG_ARGISNULL(i) && i != cap)
			return true;
	return false;
}

Datum
bet_edge_kelly_fraction(PG_FUNCTION_ARGS)
{
	simple_bet	bet;
	double		multiplier,
				cap,
				full;

	if (null_beside(fcinfo, 5))
		PG_RETURN_NULL();
	bet = arg_bet(PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2), PG_GETARG_FLOAT8(3), PG_GETARG_TEXT_PP(6));
	multiplier = arg_not_negative(PG_GETARG_FLOAT8(4), "multiplier");
	cap = arg_cap(fcinfo, 5, "cap");
	full = kelly_binary(bet.win, bet.lose, bet.gain);
	PG_RETURN_FLOAT8(full > 0 ? fmin(full * multiplier, cap) : 0);
}

Datum
bet_edge_kelly_criterion(PG_FUNCTION_ARGS)
{
	simple_bet	bet = arg_bet(PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2), PG_GETARG_FLOAT8(3), PG_GETARG_TEXT_PP(4));

	PG_RETURN_FLOAT8(kelly_binary(bet.win, bet.lose, bet.gain));
}

Datum
bet_edge_growth_rate(PG_FUNCTION_ARGS)
{
	double		stake = arg_probability(PG_GETARG_FLOAT8(0), "stake");
	simple_bet	bet = arg_bet(PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2), PG_GETARG_FLOAT8(3), PG_GETARG_FLOAT8(4), PG_GETARG_TEXT_PP(5));
	double		probs[] = {bet.win, bet.lose, 1 - bet.win - bet.lose};
	double		net_returns[] = {bet.gain, -1, 0};

	PG_RETURN_FLOAT8(kelly_growth(probs, net_returns, 3, stake));
}

Datum
bet_edge_expected_value(PG_FUNCTION_ARGS)
{
	simple_bet	bet = arg_bet(PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2), PG_GETARG_FLOAT8(3), PG_GETARG_TEXT_PP(4));

	return finite_datum(bet.win * bet.gain - bet.lose);
}

/* The five results of a bet at a line, per unit at risk. */
Datum
bet_edge_kelly_line(PG_FUNCTION_ARGS)
{
	double		probs[SETTLE_RESULTS],
				net_returns[SETTLE_RESULTS],
				odds,
				commission,
				multiplier,
				cap,
				fraction;

	if (null_beside(fcinfo, 8))
		PG_RETURN_NULL();
	arg_law(fcinfo, 0, probs);
	odds = arg_odds(PG_GETARG_FLOAT8(5), "odds");
	commission = arg_between(PG_GETARG_FLOAT8(6), 0, 1, "commission");
	multiplier = arg_not_negative(PG_GETARG_FLOAT8(7), "multiplier");
	cap = arg_cap(fcinfo, 8, "cap");
	settlement_returns(odds, commission, arg_choice(PG_GETARG_TEXT_PP(9), sides, "side") == 1, net_returns);
	if (kelly_any(probs, net_returns, SETTLE_RESULTS, &fraction) != CORE_OK)
		elog(ERROR, "kelly_line did not converge");
	PG_RETURN_FLOAT8(fmin(fraction * multiplier, cap));
}

static void
arg_sum(const double *probs, int n)
{
	double		sum = 0;

	for (int i = 0; i < n; i++)
		sum += probs[i];
	if (sum > 1 + KELLY_SUM_SLACK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("probs must not sum to more than 1, not %.17g", sum)));
}

/* The results of one bet, in two arrays. */
static int
arg_results(FunctionCallInfo fcinfo, int argno, double **probs, double **net_returns)
{
	int			n;

	*probs = arg_float8s(PG_GETARG_ARRAYTYPE_P(argno), "probs", 1, MAX_RESULTS, &n);
	*net_returns = arg_float8s_with(PG_GETARG_ARRAYTYPE_P(argno + 1), "net_returns", n, "probs");
	arg_probabilities(*probs, n, "probs");
	for (int i = 0; i < n; i++)
		if (!((*net_returns)[i] >= -1) || isinf((*net_returns)[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("net_returns[%d] must be a finite number of at least -1, not %g", i + 1, (*net_returns)[i])));
	arg_sum(*probs, n);
	return n;
}

Datum
bet_edge_kelly_payoffs(PG_FUNCTION_ARGS)
{
	double	   *probs,
			   *net_returns,
				fraction;
	int			n = arg_results(fcinfo, 0, &probs, &net_returns);

	if (kelly_any(probs, net_returns, n, &fraction) != CORE_OK)
		elog(ERROR, "kelly_payoffs did not converge");
	PG_RETURN_FLOAT8(fraction);
}

Datum
bet_edge_growth_rate_payoffs(PG_FUNCTION_ARGS)
{
	double		stake = arg_probability(PG_GETARG_FLOAT8(0), "stake");
	double	   *probs,
			   *net_returns;
	int			n = arg_results(fcinfo, 1, &probs, &net_returns);

	PG_RETURN_FLOAT8(kelly_growth(probs, net_returns, n, stake));
}

Datum
bet_edge_expected_value_payoffs(PG_FUNCTION_ARGS)
{
	double	   *probs,
			   *net_returns;
	int			n = arg_results(fcinfo, 0, &probs, &net_returns);

	return finite_datum(kelly_value(probs, net_returns, n));
}

/* The outcomes of one event, in two arrays. */
static int
arg_outcomes(FunctionCallInfo fcinfo, int argno, double **probs, double **odds)
{
	int			n;

	*probs = arg_float8s(PG_GETARG_ARRAYTYPE_P(argno), "probs", 1, MAX_RESULTS, &n);
	*odds = arg_float8s_with(PG_GETARG_ARRAYTYPE_P(argno + 1), "odds", n, "probs");
	arg_probabilities(*probs, n, "probs");
	arg_odds_array(*odds, n, "odds");
	arg_sum(*probs, n);
	return n;
}

Datum
bet_edge_kelly_exclusive(PG_FUNCTION_ARGS)
{
	double	   *probs,
			   *odds,
				multiplier,
				cap,
				stakes[MAX_RESULTS];
	int			n;

	if (null_beside(fcinfo, 3))
		PG_RETURN_NULL();
	n = arg_outcomes(fcinfo, 0, &probs, &odds);
	multiplier = arg_not_negative(PG_GETARG_FLOAT8(2), "multiplier");
	cap = arg_cap(fcinfo, 3, "total_cap");
	if (kelly_outcomes(probs, odds, n, stakes) != CORE_OK)
		elog(ERROR, "kelly_exclusive did not converge");
	kelly_limit(stakes, n, multiplier, cap);
	PG_RETURN_ARRAYTYPE_P(float8s_array(stakes, n));
}

/* Shares of the bankroll that are staked together. */
static double *
arg_stakes(ArrayType *array, int max_n, int *n)
{
	double	   *stakes = arg_float8s(array, "stakes", 1, max_n, n);
	double		sum = 0;

	arg_probabilities(stakes, *n, "stakes");
	for (int i = 0; i < *n; i++)
		sum += stakes[i];
	if (sum > 1 + KELLY_SUM_SLACK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("stakes must not sum to more than 1, the bankroll, not %.17g", sum)));
	return stakes;
}

Datum
bet_edge_growth_rate_exclusive(PG_FUNCTION_ARGS)
{
	int			m,
				n;
	double	   *stakes = arg_stakes(PG_GETARG_ARRAYTYPE_P(0), MAX_RESULTS, &m),
			   *probs,
			   *odds;

	n = arg_outcomes(fcinfo, 1, &probs, &odds);
	if (n != m)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("stakes and probs must have the same length, not %d and %d", m, n)));
	PG_RETURN_FLOAT8(kelly_outcomes_growth(stakes, probs, odds, n));
}

Datum
bet_edge_lay_stake(PG_FUNCTION_ARGS)
{
	return finite_datum(arg_not_negative(PG_GETARG_FLOAT8(0), "liability") / (arg_odds(PG_GETARG_FLOAT8(1), "odds") - 1));
}

Datum
bet_edge_lay_liability(PG_FUNCTION_ARGS)
{
	return finite_datum(arg_not_negative(PG_GETARG_FLOAT8(0), "stake") * (arg_odds(PG_GETARG_FLOAT8(1), "odds") - 1));
}

/* ---- several bets together ------------------------------------------------------------------------ */

static const char *const cap_modes[] = {"constrained", "scaled", NULL};

/*
 * The multiplier and the cap apply to what is staked in the end. Constrained, the most that the
 * stakes before the multiplier may sum to is the limit of the maximum; scaled, it is all.
 */
static double
arg_limit(FunctionCallInfo fcinfo, int argno, double *cap, double *multiplier)
{
	bool		scaled = arg_choice(PG_GETARG_TEXT_PP(argno + 1), cap_modes, "cap_mode") == 1;

	*cap = arg_cap(fcinfo, argno, "total_cap");
	*multiplier = arg_not_negative(PG_GETARG_FLOAT8(argno + 2), "multiplier");
	return scaled || *cap >= *multiplier ? 1 : *cap / *multiplier;
}

static Datum
stakes_datum(core_status status, double *stakes, int n, double multiplier, double cap, const char *function)
{
	if (status != CORE_OK)
		elog(ERROR, "%s did not converge", function);
	kelly_limit(stakes, n, multiplier, cap);
	PG_RETURN_ARRAYTYPE_P(float8s_array(stakes, n));
}

/* Independent bets in two arrays, and which share of them pushes, NULL for none. */
static int
arg_bets(FunctionCallInfo fcinfo, int argno, int push, double **probs, double **odds, double **pushes)
{
	int			n;

	*probs = arg_float8s(PG_GETARG_ARRAYTYPE_P(argno), "probs", 1, KELLY_MAX_BETS, &n);
	*odds = arg_float8s_with(PG_GETARG_ARRAYTYPE_P(argno + 1), "odds", n, "probs");
	arg_probabilities(*probs, n, "probs");
	arg_odds_array(*odds, n, "odds");
	for (int i = 0; i < n; i++)
		if ((*odds)[i] > KELLY_MAX_ODDS)
			arg_between((*odds)[i], 1, KELLY_MAX_ODDS, psprintf("odds[%d]", i + 1));
	*pushes = NULL;
	if (PG_ARGISNULL(push))
		return n;
	*pushes = arg_probabilities(arg_float8s_with(PG_GETARG_ARRAYTYPE_P(push), "p_push", n, "probs"), n, "p_push");
	for (int i = 0; i < n; i++)
		if ((*probs)[i] + (*pushes)[i] > 1 + KELLY_SUM_SLACK)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("probs[%d] and p_push[%d] must not sum to more than 1, not %g and %g", i + 1, i + 1, (*probs)[i], (*pushes)[i])));
	return n;
}

Datum
bet_edge_kelly_simultaneous(PG_FUNCTION_ARGS)
{
	double	   *probs,
			   *odds,
			   *pushes,
			   *space,
			   *stakes,
				cap,
				multiplier,
				limit;
	int			n;

	for (int i = 0; i < 5; i++)
		if (PG_ARGISNULL(i) && i != 2)
			PG_RETURN_NULL();
	n = arg_bets(fcinfo, 0, 5, &probs, &odds, &pushes);
	limit = arg_limit(fcinfo, 2, &cap, &multiplier);
	space = palloc(kelly_independent_space(n) * sizeof(double));
	stakes = palloc(n * sizeof(double));
	return stakes_datum(kelly_independent(probs, pushes, odds, n, limit, series_interrupts, space, stakes),
						stakes, n, multiplier, cap, "kelly_simultaneous");
}

static int
arg_same_bets(int m, int n)
{
	if (n != m)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("stakes must have an element a bet, %d, not %d", n, m)));
	return n;
}

Datum
bet_edge_growth_rate_simultaneous(PG_FUNCTION_ARGS)
{
	double	   *stakes,
			   *probs,
			   *odds,
			   *pushes,
			   *space;
	int			m,
				n;

	for (int i = 0; i < 3; i++)
		if (PG_ARGISNULL(i))
			PG_RETURN_NULL();
	stakes = arg_stakes(PG_GETARG_ARRAYTYPE_P(0), KELLY_MAX_BETS, &m);
	n = arg_same_bets(m, arg_bets(fcinfo, 1, 3, &probs, &odds, &pushes));
	space = palloc(kelly_independent_space(n) * sizeof(double));
	PG_RETURN_FLOAT8(kelly_independent_growth(stakes, probs, pushes, odds, n, space));
}

/* A probability a scenario, and in a matrix what each bet returns in it. */
static int
arg_scenarios(FunctionCallInfo fcinfo, int argno, double **probs, double **net_returns, int *n)
{
	int			scenarios,
				rows;

	*probs = arg_float8s(PG_GETARG_ARRAYTYPE_P(argno), "probs", 1, KELLY_MAX_SCENARIOS, &scenarios);
	*net_returns = arg_float8_matrix(PG_GETARG_ARRAYTYPE_P(argno + 1), "net_returns", KELLY_MAX_SCENARIOS, &rows, n);
	if (rows != scenarios)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("net_returns must have a row for each of %d probs, not %d", scenarios, rows)));
	if (*n > KELLY_MAX_BETS)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("net_returns must have at most %d columns, one a bet, not %d", KELLY_MAX_BETS, *n)));
	arg_probabilities(*probs, scenarios, "probs");
	arg_sum(*probs, scenarios);
	for (size_t i = 0; i < (size_t) rows * *n; i++)
		if (!((*net_returns)[i] >= -1 && (*net_returns)[i] <= KELLY_MAX_ODDS))
			arg_between((*net_returns)[i], -1, KELLY_MAX_ODDS,
						psprintf("net_returns[%zu][%zu]", i / *n + 1, i % *n + 1));
	return scenarios;
}

Datum
bet_edge_kelly_scenarios(PG_FUNCTION_ARGS)
{
	double	   *probs,
			   *net_returns,
			   *stakes,
			   *space,
				cap,
				multiplier,
				limit;
	int			n,
				scenarios;

	if (null_beside(fcinfo, 2))
		PG_RETURN_NULL();
	scenarios = arg_scenarios(fcinfo, 0, &probs, &net_returns, &n);
	limit = arg_limit(fcinfo, 2, &cap, &multiplier);
	space = palloc(kelly_portfolio_space(n) * sizeof(double));
	stakes = palloc(n * sizeof(double));
	return stakes_datum(kelly_scenarios(probs, scenarios, net_returns, n, limit, series_interrupts, space, stakes),
						stakes, n, multiplier, cap, "kelly_scenarios");
}

Datum
bet_edge_growth_rate_scenarios(PG_FUNCTION_ARGS)
{
	double	   *stakes,
			   *probs,
			   *net_returns;
	int			m,
				n,
				scenarios;

	stakes = arg_stakes(PG_GETARG_ARRAYTYPE_P(0), KELLY_MAX_BETS, &m);
	scenarios = arg_scenarios(fcinfo, 1, &probs, &net_returns, &n);
	arg_same_bets(m, n);
	PG_RETURN_FLOAT8(kelly_scenarios_growth(stakes, probs, scenarios, net_returns, n));
}

/* Games that do not depend on each other: how many bets and scenarios each has, and these one after the other. */
typedef struct slate_args
{
	int			games;
	int			n;
	int			scenarios;
	int		   *bets_of;
	int		   *scenarios_of;
	double	   *probs;
	double	   *net_returns;
} slate_args;

/* Whole numbers from 1 on, and their sum. */
static int *
arg_counts(const double *values, int n, const char *name, int *sum)
{
	int		   *counts = palloc(n * sizeof(int));

	*sum = 0;
	for (int i = 0; i < n; i++)
	{
		if (!(values[i] >= 1 && values[i] <= KELLY_MAX_SCENARIOS - *sum && values[i] == floor(values[i])))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s must be whole numbers, at least 1 each and at most %d in all, not %g for game %d", name, KELLY_MAX_SCENARIOS, values[i], i + 1)));
		counts[i] = (int) values[i];
		*sum += counts[i];
	}
	return counts;
}

static void
arg_slate(FunctionCallInfo fcinfo, int argno, slate_args *a)
{
	double	   *counts;
	int			n,
				cells = 0,
				start = 0,
				cell = 0;

	counts = arg_float8s(PG_GETARG_ARRAYTYPE_P(argno), "bets", 1, KELLY_MAX_BETS, &a->games);
	a->bets_of = arg_counts(counts, a->games, "bets", &a->n);
	counts = arg_float8s_with(PG_GETARG_ARRAYTYPE_P(argno + 1), "scenarios", a->games, "bets");
	a->scenarios_of = arg_counts(counts, a->games, "scenarios", &a->scenarios);
	if (a->n > KELLY_MAX_BETS)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("bets must sum to at most %d, not %d", KELLY_MAX_BETS, a->n)));
	for (int g = 0; g < a->games; g++)
	{
		if ((int64) a->bets_of[g] * a->scenarios_of[g] > 10 * KELLY_MAX_SCENARIOS - cells)
			ereport(ERROR,
					(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
					 errmsg("bets times scenarios of the games must sum to at most %d", 10 * KELLY_MAX_SCENARIOS)));
		cells += a->bets_of[g] * a->scenarios_of[g];
	}
	a->probs = arg_float8s(PG_GETARG_ARRAYTYPE_P(argno + 2), "probs", 1, KELLY_MAX_SCENARIOS, &n);
	if (n != a->scenarios)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("probs must have an element for each of %d scenarios, not %d", a->scenarios, n)));
	arg_probabilities(a->probs, n, "probs");
	for (int g = 0; g < a->games; g++)
	{
		arg_sum(a->probs + start, a->scenarios_of[g]);
		start += a->scenarios_of[g];
	}
	a->net_returns = arg_float8s(PG_GETARG_ARRAYTYPE_P(argno + 3), "net_returns", 1, 10 * KELLY_MAX_SCENARIOS, &cell);
	if (cell != cells)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("net_returns must have an element for each bet in each scenario of its game, %d, not %d", cells, cell)));
	for (int i = 0; i < cells; i++)
		if (!(a->net_returns[i] >= -1 && a->net_returns[i] <= KELLY_MAX_ODDS))
			arg_between(a->net_returns[i], -1, KELLY_MAX_ODDS, psprintf("net_returns[%d]", i + 1));
}

Datum
bet_edge_kelly_slate(PG_FUNCTION_ARGS)
{
	slate_args	a;
	double	   *stakes,
			   *space,
				cap,
				multiplier,
				limit;

	if (null_beside(fcinfo, 4))
		PG_RETURN_NULL();
	arg_slate(fcinfo, 0, &a);
	limit = arg_limit(fcinfo, 4, &cap, &multiplier);
	space = palloc_extended(kelly_slate_space(a.n, a.games, a.scenarios) * sizeof(double), MCXT_ALLOC_HUGE);
	stakes = palloc(a.n * sizeof(double));
	return stakes_datum(kelly_slate(a.bets_of, a.scenarios_of, a.games, a.probs, a.net_returns, limit, series_interrupts, space, stakes),
						stakes, a.n, multiplier, cap, "kelly_slate");
}

Datum
bet_edge_growth_rate_slate(PG_FUNCTION_ARGS)
{
	slate_args	a;
	double	   *stakes,
			   *space;
	int			n;

	stakes = arg_stakes(PG_GETARG_ARRAYTYPE_P(0), KELLY_MAX_BETS, &n);
	arg_slate(fcinfo, 1, &a);
	arg_same_bets(n, a.n);
	space = palloc_extended(kelly_slate_space(a.n, a.games, a.scenarios) * sizeof(double), MCXT_ALLOC_HUGE);
	PG_RETURN_FLOAT8(kelly_slate_growth(stakes, a.bets_of, a.scenarios_of, a.games, a.probs, a.net_returns, space));
}

/* ---- an uncertain probability, and what a plan risks ----------------------------------------------- */

Datum
bet_edge_kelly_shrink(PG_FUNCTION_ARGS)
{
	static const char *const methods[] = {"delta", "beta", NULL};
	double		p_win = arg_probability(PG_GETARG_FLOAT8(0), "p_win");
	double		gain = arg_odds(PG_GETARG_FLOAT8(1), "odds") - 1;
	double		sigma = arg_not_negative(PG_GETARG_FLOAT8(2), "sigma");
	double		stake;

	gain *= 1 - arg_between(PG_GETARG_FLOAT8(4), 0, 1, "commission");
	if (arg_choice(PG_GETARG_TEXT_PP(3), methods, "method") == 0)
		PG_RETURN_FLOAT8(kelly_shrink_delta(p_win, gain, sigma));
	if (kelly_shrink_beta(p_win, gain, sigma, &stake) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("sigma must be below %g for a p_win of %g, not %g", sqrt(p_win * (1 - p_win)), p_win, sigma),
				 errhint("No estimate between 0 and 1 with that mean spreads more.")));
	PG_RETURN_FLOAT8(stake);
}

/* A fraction of the bankroll that a plan may fall to. */
static double
arg_fraction(double fraction)
{
	if (!(fraction > 0 && fraction <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("fraction must be above 0 and at most 1, not %g", fraction)));
	return fraction;
}

Datum
bet_edge_drawdown_probability(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(kelly_drawdown(arg_not_negative(PG_GETARG_FLOAT8(0), "multiplier"), arg_fraction(PG_GETARG_FLOAT8(1))));
}

Datum
bet_edge_drawdown_multiplier(PG_FUNCTION_ARGS)
{
	double		fraction = arg_fraction(PG_GETARG_FLOAT8(0));
	double		prob = arg_probability(PG_GETARG_FLOAT8(1), "prob");

	if (fraction == 1 || prob == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("fraction must be below 1 and prob above 0, not %g and %g", fraction, prob)));
	PG_RETURN_FLOAT8(kelly_drawdown_multiplier(fraction, prob));
}

Datum
bet_edge_drawdown_probability_bets(PG_FUNCTION_ARGS)
{
	double		stake = arg_probability(PG_GETARG_FLOAT8(0), "stake");
	simple_bet	bet = arg_bet(PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2), PG_GETARG_FLOAT8(4), PG_GETARG_FLOAT8(5), PG_GETARG_TEXT_PP(6));
	double		fraction = arg_fraction(PG_GETARG_FLOAT8(3));

	PG_RETURN_FLOAT8(kelly_drawdown_bets(bet.win, bet.lose, bet.gain, stake, fraction));
}

Datum
bet_edge_ruin_probability(PG_FUNCTION_ARGS)
{
	double		bankroll = arg_not_negative(PG_GETARG_FLOAT8(0), "bankroll");
	simple_bet	bet = arg_bet(PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2), PG_GETARG_FLOAT8(3), PG_GETARG_FLOAT8(4), PG_GETARG_TEXT_PP(5));

	PG_RETURN_FLOAT8(kelly_ruin(bet.win, bet.lose, bet.gain, bankroll));
}
