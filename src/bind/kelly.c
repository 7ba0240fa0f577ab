#include "bind/args.h"

#include <math.h>

#include "core/kelly.h"

PG_FUNCTION_INFO_V1(bet_edge_kelly_fraction);
PG_FUNCTION_INFO_V1(bet_edge_kelly_payoffs);

static const char *const sides[] = {"back", "lay", NULL};

Datum
bet_edge_kelly_fraction(PG_FUNCTION_ARGS)
{
	double		p_win,
				odds,
				p_push,
				p_lose,
				commission,
				multiplier,
				cap = 1,
				full;

	for (int i = 0; i < 7; i++)
		if (PG_ARGISNULL(i) && i != 5)
			PG_RETURN_NULL();
	p_win = arg_probability(PG_GETARG_FLOAT8(0), "p_win");
	odds = arg_odds(PG_GETARG_FLOAT8(1), "odds");
	p_push = arg_probability(PG_GETARG_FLOAT8(2), "p_push");
	commission = arg_between(PG_GETARG_FLOAT8(3), 0, 1, "commission");
	multiplier = arg_finite(PG_GETARG_FLOAT8(4), "multiplier");
	if (multiplier < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("multiplier must not be negative, not %g", multiplier)));
	if (!PG_ARGISNULL(5))
		cap = arg_between(PG_GETARG_FLOAT8(5), 0, 1, "cap");
	p_lose = 1 - p_win - p_push;
	if (p_lose < -KELLY_SUM_SLACK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("p_win and p_push must not sum to more than 1, not %g and %g", p_win, p_push)));
	p_lose = Max(p_lose, 0);	/* the rounding of the sum */

	/* A layer wins when the selection loses, and risks odds - 1 for each unit of the backer's. */
	if (arg_choice(PG_GETARG_TEXT_PP(6), sides, "side") == 1)
		full = kelly_binary(p_lose, p_win, (1 - commission) / (odds - 1));
	else
		full = kelly_binary(p_win, p_lose, (odds - 1) * (1 - commission));
	PG_RETURN_FLOAT8(full > 0 ? fmin(full * multiplier, cap) : 0);
}

Datum
bet_edge_kelly_payoffs(PG_FUNCTION_ARGS)
{
	int			n,
				m;
	double	   *probs = arg_float8s(PG_GETARG_ARRAYTYPE_P(0), "probs", 1, 1000, &n);
	double	   *net_returns = arg_float8s(PG_GETARG_ARRAYTYPE_P(1), "net_returns", 1, 1000, &m);
	double		sum = 0,
				fraction;

	if (n != m)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("probs and net_returns must have the same length, not %d and %d", n, m)));
	for (int i = 0; i < n; i++)
	{
		if (!(probs[i] >= 0 && probs[i] <= 1))
			arg_probability(probs[i], psprintf("probs[%d]", i + 1));
		if (!(net_returns[i] >= -1) || isinf(net_returns[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("net_returns[%d] must be a finite number of at least -1, not %g", i + 1, net_returns[i])));
		sum += probs[i];
	}
	if (kelly_any(probs, net_returns, n, &fraction) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("probs must not sum to more than 1, not %.17g", sum)));
	PG_RETURN_FLOAT8(fraction);
}
