#include "bind/matches.h"

#include "utils/builtins.h"
#include "utils/memutils.h"

#include "bind/args.h"
#include "bind/rows.h"
#include "bind/series.h"
#include "core/markov.h"

PG_FUNCTION_INFO_V1(bet_edge_markov_final);

Datum
bet_edge_markov_final(PG_FUNCTION_ARGS)
{
	match_set	set;
	double	   *ratings;
	double	   *work;
	int		   *ints;
	int			from,
				to;
	core_status status;
	Datum		values[3];
	bool		nulls[3] = {0};

	if (!matches_ready(fcinfo, "markov_ratings", MARKOV_MAX_TEAMS, &set))
		PG_RETURN_NULL();
	ratings = palloc(set.teams * sizeof(double));
	work = palloc(markov_space(set.teams) * sizeof(double));
	ints = palloc(MARKOV_INTS(set.teams) * sizeof(int));
	status = markov_ratings(set.rows, set.n, set.teams, set.prior / set.largest, ratings, &from, &to, work, ints, series_interrupts);
	if (status == CORE_NO_SOLUTION)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("markov_ratings: no chain of defeats leads from \"%s\" to \"%s\", and no team is led to by all",
						TextDatumGetCString(set.names[from]), TextDatumGetCString(set.names[to])),
				 errhint("Take more matches, or give a prior above 0.")));
	if (status != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("markov_ratings: the weights of these " INT64_FORMAT " matches and prior %g span too many orders of magnitude", set.n, set.prior)));
	values[0] = matches_teams(&set);
	values[1] = PointerGetDatum(float8s_array(ratings, set.teams));
	values[2] = Int64GetDatum(set.n);
	return row_datum(fcinfo, values, nulls);
}
