#include "core/returns.h"

#include <math.h>

#include "core/interval.h"
#include "core/normal.h"
#include "core/order.h"

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
returns_moments_merge(returns_moments *m, const returns_moments *other)
{
	double		n = m->n + other->n;
	double		deviation,
				ours,
				theirs,
				square;

	if (other->n == 0)
		return CORE_OK;
	if (m->n == 0)
	{
		*m = *other;
		return CORE_OK;
	}
	if (other->target != m->target || other->periods != m->periods)
		return CORE_INVALID;

	deviation = (other->mean - m->mean) + (other->low - m->low);
	ours = m->n / n;
	theirs = other->n / n;
	square = deviation * deviation;
	m->spread = fmax(fmax(m->spread, other->spread), fabs(deviation));
	m->m4 += other->m4 + square * square * ours * theirs * n * (ours * ours - ours * theirs + theirs * theirs)
		+ 6 * square * (ours * ours * other->m2 + theirs * theirs * m->m2) + 4 * deviation * (ours * other->m3 - theirs * m->m3);
	m->m3 += other->m3 + square * deviation * ours * theirs * n * (ours - theirs)
		+ 3 * deviation * (ours * other->m2 - theirs * m->m2);
	m->m2 += other->m2 + square * ours * theirs * n;
	m->n = n;
	returns_shift_mean(m, deviation * theirs);
	core_sum_merge(&m->shortfall2, other->shortfall2);
	m->worst = fmax(m->worst, other->worst);
	return CORE_OK;
}

/* Sums below this have lost digits of their terms to the smallest double. */
#define TOO_SMALL 1e-290

static core_status
over_deviation(const returns_moments *m, double mean_square, double *ratio)
{
	if (mean_square < TOO_SMALL)
		return CORE_NO_SOLUTION;
	*ratio = ((m->mean - m->target) + m->low) / sqrt(mean_square);
	if (m->periods > 0)
		*ratio *= sqrt(m->periods);
	return CORE_OK;
}

core_status
returns_sharpe(const returns_moments *m, double *ratio)
{
	if (m->n < 2 || m->spread == 0)
		return CORE_INVALID;
	return over_deviation(m, m->m2 / (m->n - 1), ratio);
}

core_status
returns_sortino(const returns_moments *m, double *ratio)
{
	if (m->n < 1 || m->worst == 0)
		return CORE_INVALID;
	return over_deviation(m, core_sum_value(m->shortfall2) / m->n, ratio);
}

core_status
returns_skewness(const returns_moments *m, double *skewness)
{
	double		variance = m->m2 / m->n;

	if (m->n < 2 || m->spread == 0)
		return CORE_INVALID;
	if (variance < 1e-190)		/* its power of 3/2 */
		return CORE_NO_SOLUTION;
	*skewness = m->m3 / m->n / variance / sqrt(variance);
	return CORE_OK;
}

core_status
returns_kurtosis(const returns_moments *m, double *kurtosis)
{
	double		variance = m->m2 / m->n;

	if (m->n < 2 || m->spread == 0)
		return CORE_INVALID;
	if (variance < 1e-145)		/* its square */
		return CORE_NO_SOLUTION;
	*kurtosis = m->m4 / m->n / variance / variance;
	return CORE_OK;
}

/* So many bets with one settlement. */
static core_status
curve_step(returns_curve *c, double profit, double bets)
{
	double		balance;

	c->n += bets;
	core_sum_add(&c->profit, profit);
	balance = c->bankroll + core_sum_value(c->profit);
	if (!isfinite(balance))
		return CORE_NO_SOLUTION;
	if (balance >= c->peak)
	{
		c->peak = balance;
		c->underwater = 0;
		return CORE_OK;
	}
	c->drawdown = fmax(c->drawdown, c->peak - balance);
	c->fraction = fmax(c->fraction, (c->peak - balance) / c->peak);
	c->underwater += bets;
	c->longest = fmax(c->longest, c->underwater);
	return CORE_OK;
}

core_status
returns_curve_add(returns_curve *c, double profit, double bankroll, double periods)
{
	if (c->n == 0)
	{
		c->bankroll = c->peak = bankroll;
		c->periods = periods;
	}
	else if (bankroll != c->bankroll || periods != c->periods)
		return CORE_INVALID;
	return curve_step(c, profit, 1);
}

core_status
returns_curve_of(const returns_bet *bets, size_t n, double bankroll, returns_curve *c)
{
	*c = (returns_curve) {0};
	c->bankroll = c->peak = bankroll;
	for (size_t i = 0; i < n;)
	{
		core_sum	profit = {0};
		size_t		first = i;

		for (; i < n && bets[i].at == bets[first].at; i++)
			core_sum_add(&profit, bets[i].profit);
		if (curve_step(c, core_sum_value(profit), (double) (i - first)) != CORE_OK)
			return CORE_NO_SOLUTION;
	}
	return CORE_OK;
}

core_status
returns_calmar(const returns_curve *c, double years, double *ratio)
{
	double		balance = c->bankroll + core_sum_value(c->profit);

	if (!(years > 0 && c->fraction > 0 && balance >= 0))
		return CORE_INVALID;
	*ratio = expm1(log(balance / c->bankroll) / years) / c->fraction;
	return CORE_OK;
}

void
returns_runs_add(returns_runs *r, double profit)
{
	if (profit == 0)
		return;
	r->losing = profit < 0 ? r->losing + 1 : 0;
	r->winning = profit > 0 ? r->winning + 1 : 0;
	r->longest_losing = fmax(r->longest_losing, r->losing);
	r->longest_winning = fmax(r->longest_winning, r->winning);
}

/* (n-1) alpha of the alpha that was written: a product a rounding away from a whole number is one. */
static double
tail_place(size_t n, double alpha)
{
	double		place = (double) (n - 1) * alpha;
	double		whole = round(place);

	return fabs(place - whole) <= 1e-9 + place * 4e-16 ? whole : place;
}

double
returns_value_at_risk(const double *returns, size_t n, double alpha, void (*interrupts) (void))
{
	double		place = tail_place(n, alpha);
	double		rank = floor(place);
	double		low = order_kth(returns, n, (size_t) rank, interrupts);

	if (place == rank)
		return 0 - low;
	return 0 - (low * (1 - (place - rank)) + order_kth(returns, n, (size_t) rank + 1, interrupts) * (place - rank));
}

double
returns_shortfall(const double *returns, size_t n, double alpha, void (*interrupts) (void))
{
	double		rank = floor(tail_place(n, alpha));
	double		limit = order_kth(returns, n, (size_t) rank, interrupts);
	double		worse = 0;
	core_sum	sum = {0};

	for (size_t i = 0; i < n; i++)
		if (returns[i] < limit)
		{
			core_sum_add(&sum, returns[i]);
			worse += 1;
		}
	core_sum_add(&sum, (rank + 1 - worse) * limit);
	return 0 - core_sum_value(sum) / (rank + 1);
}

core_status
returns_p_value(const returns_turnover *t, double *p)
{
	returns_interval r = returns_of(t);
	double		product = core_sum_value(t->product);
	double		squares;

	if (!r.bounded)
		return CORE_INVALID;
	squares = core_sum_value(t->profit2) - 2 * r.roi * product + r.roi * r.roi * core_sum_value(t->stake2);
	if (squares <= 1e-13 * core_sum_value(t->profit2))
		return CORE_INVALID;		/* equal returns: what is left is rounding */
	*p = student_above(core_sum_value(t->profit) / sqrt(t->n / (t->n - 1) * squares), t->n - 1);
	return CORE_OK;
}

double
returns_bets_needed(double edge, double odds, double alpha, double power)
{
	double		win = (1 + edge) / odds;	/* its deviation, and that of a fair bet */
	double		reach = -normal_quantile(alpha) * sqrt(odds - 1) + normal_quantile(power) * odds * sqrt(fmax(win * (1 - win), 0));
	double		root = reach / edge;

	return fmax(ceil(root * root * (1 - 1e-12)), 1);
}
