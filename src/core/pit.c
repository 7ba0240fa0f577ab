#include "core/pit.h"

#include <math.h>

#include "core/normal.h"

double
pit_count(count_parts parts, double u)
{
	return fmin(parts.under + u * parts.at, 1);
}

double
pit_normal(double y, double mean, double sd)
{
	double		off = y - mean;

	/* halves of what is too far apart for a double */
	return normal_cdf(isfinite(off) ? off / sd : (y / 2 - mean / 2) / (sd / 2));
}
