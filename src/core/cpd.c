#include "core/cpd.h"

#include <math.h>

#include "core/conformal.h"
#include "core/order.h"

core_status
cpd_prepare(double *residuals, double *work, size_t n, void (*interrupts) (void))
{
	for (size_t i = 0; i < n; i++)
	{
		if (!isfinite(residuals[i]))
			return CORE_INVALID;
		residuals[i] += 0.0;	/* no -0 */
	}
	order_sort_many(residuals, work, n, interrupts);
	return CORE_OK;
}

typedef struct place
{
	double		below;			/* points below a value */
	double		upto;			/* and with those at it, but for rounding */
} place;

static place
place_of(const cpd *d, double value)
{
	double		slack = 1e-12 * (fabs(value) + fabs(d->prediction));
	size_t		below = order_below(d->residuals, d->n, (value - slack - d->prediction) / d->sigma);
	place		p = {(double) below, (double) order_upto_from(d->residuals, d->n, below, (value + slack - d->prediction) / d->sigma)};

	return p;
}

double
cpd_cdf(const cpd *d, double value, double u)
{
	place		at = place_of(d, value);

	return (at.below + u * (at.upto - at.below + 1)) / ((double) d->n + 1);
}

void
cpd_line(const cpd *d, double line, int whole, cpd_law *law)
{
	double		n = (double) d->n,
				under,
				over;

	if (whole)
	{
		double		lowest = ceil(line) - 1,	/* under is up to lowest, over from highest on */
					highest = floor(line) + 1;
		int			on_number = floor(line) == line;
		place		low = place_of(d, lowest),
					high = place_of(d, highest),
					border = place_of(d, lowest + 0.5),
					at;

		under = 0.5 * (border.below + border.upto);
		if (on_number)
			border = place_of(d, highest - 0.5);
		over = n - 0.5 * (border.below + border.upto);
		law->under_lower = low.below;
		law->over_lower = n - high.upto;
		at = on_number ? place_of(d, line) : high;
		law->under_upper = at.upto;
		at = on_number ? at : low;
		law->over_upper = n - at.below;
	}
	else
	{
		place		at = place_of(d, line);

		law->under_lower = law->under_upper = under = at.below;
		law->over_lower = law->over_upper = over = n - at.upto;
	}
	law->under = (under + 0.5) / (n + 1);
	law->over = (over + 0.5) / (n + 1);
	law->push = (n - under - over) / (n + 1);
	law->under_lower /= n + 1;
	law->under_upper = (law->under_upper + 1) / (n + 1);
	law->over_lower /= n + 1;
	law->over_upper = (law->over_upper + 1) / (n + 1);
}

/* The point of a rank from 1 to n; infinite outside. */
static core_status
point(const cpd *d, size_t rank, double *value)
{
	if (rank < 1 || rank > d->n)
	{
		*value = rank < 1 ? -INFINITY : INFINITY;
		return CORE_OK;
	}
	*value = d->prediction + d->sigma * d->residuals[rank - 1];
	return isfinite(*value) ? CORE_OK : CORE_INVALID;
}

core_status
cpd_quantile(const cpd *d, double prob, double *value)
{
	return point(d, d->n + 1 - conformal_rank_below(d->n, 1 - prob), value);
}

core_status
cpd_interval(const cpd *d, double alpha, double *lower, double *upper)
{
	size_t		out = conformal_rank_below(d->n, alpha / 2);

	if (point(d, out, lower) != CORE_OK)
		return CORE_INVALID;
	return point(d, d->n + 1 - out, upper);
}
