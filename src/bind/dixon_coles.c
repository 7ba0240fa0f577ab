#include "bind/rows.h"
#include "bind/series.h"
#include "bind/strength.h"

#include "utils/memutils.h"

#include "core/dixon_coles.h"

PG_FUNCTION_INFO_V1(bet_edge_dixon_coles_final);
PG_FUNCTION_INFO_V1(bet_edge_dixon_coles_rates);

static core_status
fit_set(const match_set *set, double prior, strength_fit *fit, double *work)
{
	dixon_coles_pair *pairs = MemoryContextAllocHuge(CurrentMemoryContext, set->n * sizeof(dixon_coles_pair));
	match	   *terms = MemoryContextAllocHuge(CurrentMemoryContext, set->n * sizeof(match));

	return dixon_coles_fit(set->rows, set->n, set->teams, prior, fit, pairs, terms, work, series_interrupts);
}

Datum
bet_edge_dixon_coles_final(PG_FUNCTION_ARGS)
{
	return strength_final(fcinfo, "dixon_coles_fit", fit_set);
}

Datum
bet_edge_dixon_coles_rates(PG_FUNCTION_ARGS)
{
	double		home_rate,
				away_rate,
				rho;
	Datum		values[2];
	bool		nulls[2] = {0};

	arg_rates(fcinfo, "rho", &home_rate, &away_rate, &rho);
	values[0] = Float8GetDatum(home_rate);
	values[1] = Float8GetDatum(away_rate);
	return row_datum(fcinfo, values, nulls);
}
