#include "bind/rows.h"
#include "bind/series.h"
#include "bind/strength.h"

#include "utils/memutils.h"

#include "core/bivariate_poisson.h"

PG_FUNCTION_INFO_V1(bet_edge_bivariate_poisson_final);
PG_FUNCTION_INFO_V1(bet_edge_bivariate_poisson_rates);

static core_status
fit_set(const match_set *set, double prior, strength_fit *fit, double *work)
{
	match	   *terms = MemoryContextAllocHuge(CurrentMemoryContext, set->n * sizeof(match));

	return bivariate_poisson_fit(set->rows, set->n, set->teams, prior, fit, terms, work,
								 palloc(4 * set->teams * sizeof(double)), series_interrupts);
}

Datum
bet_edge_bivariate_poisson_final(PG_FUNCTION_ARGS)
{
	return strength_final(fcinfo, "bivariate_poisson_fit", fit_set);
}

Datum
bet_edge_bivariate_poisson_rates(PG_FUNCTION_ARGS)
{
	double		home_rate,
				away_rate,
				common_rate;
	Datum		values[2];
	bool		nulls[2] = {0};

	arg_rates(fcinfo, "common_rate", &home_rate, &away_rate, &common_rate);
	values[0] = Float8GetDatum(home_rate);
	values[1] = Float8GetDatum(away_rate);
	return row_datum(fcinfo, values, nulls);
}
