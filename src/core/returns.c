#include "core/returns.h"

#include <math.h>

#include "core/interval.h"

void
returns_add(returns_turnover *t, double profit, double stake)
{
	t->n += 1;
	core_sum_add(&t->profit, profit);
	core_sum_add(&t->stake, stake);
	core_sum_add(&t->profit2, profit * profit);
	core_sum_add(&t->product, profit * stake);
	core_sum_add(&t->stake2, stake * stake);
}

void
returns_merge(returns_turnover *t, const returns_turnover *other)
{
	t->n += other->n;
	core_sum_merge(&t->profit, other->profit);
	core_sum_merge(&t->stake, other->stake);
	core_sum_merge(&t->profit2, other->profit2);
	core_sum_merge(&t->product, other->product);
	core_sum_merge(&t->stake2, other->stake2);
}

/*
 * Linearised variance of a ratio of two sums (Cochran 1977, 6.3): that of the
 * residuals profit - roi * stake, over the turnover.
 */
returns_interval
returns_of(const returns_turnover *t)
{
	returns_interval r = {0};
	double		turnover = core_sum_value(t->stake);
	double		squares,
				reach;

	r.known = turnover > 0;
	if (!r.known)
		return r;
	r.roi = core_sum_value(t->profit) / turnover;
	r.bounded = t->n >= 2;
	if (!r.bounded)
		return r;
	squares = core_sum_value(t->profit2) - 2 * r.roi * core_sum_value(t->product) + r.roi * r.roi * core_sum_value(t->stake2);
	/* equal returns leave rounding of either sign */
	squares = squares < 0 ? 0 : squares;
	reach = student_975(t->n - 1) * sqrt(t->n / (t->n - 1) * squares) / turnover;
	r.lower = r.roi - reach;
	r.upper = r.roi + reach;
	return r;
}

core_status
returns_curve_add(returns_curve *c, double profit, double bankroll)
{
	double		balance;

	if (c->n == 0)
		c->bankroll = c->peak = bankroll;
	else if (bankroll != c->bankroll)
		return CORE_INVALID;
	c->n += 1;
	core_sum_add(&c->profit, profit);
	balance = c->bankroll + core_sum_value(c->profit);
	if (balance >= c->peak)
	{
		c->peak = balance;
		c->underwater = 0;
		return CORE_OK;
	}
	c->drawdown = fmax(c->drawdown, c->peak - balance);
	c->fraction = fmax(c->fraction, (c->peak - balance) / c->peak);
	c->underwater += 1;
	c->longest = fmax(c->longest, c->underwater);
	return CORE_OK;
}
