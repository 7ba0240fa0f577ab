#include "bind/matches.h"

#include "utils/memutils.h"

#include "bind/args.h"
#include "bind/rows.h"
#include "bind/series.h"
#include "core/colley.h"

PG_FUNCTION_INFO_V1(bet_edge_colley_final);

Datum
bet_edge_colley_final(PG_FUNCTION_ARGS)
{
	match_set	set;
	double	   *ratings;
	double	   *work;
	Datum		values[3];
	bool		nulls[3] = {0};

	if (!matches_ready(fcinfo, "colley_ratings", COLLEY_MAX_TEAMS, &set))
		PG_RETURN_NULL();
	ratings = palloc(set.teams * sizeof(double));
	work = palloc(colley_space(set.teams) * sizeof(double));
	if (colley_ratings(set.rows, set.n, set.teams, 1 / set.largest, ratings, work, series_interrupts) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("colley_ratings: weights of up to %g leave nothing of the even chance that a team begins with", set.largest),
				 errhint("A weight of 1 is one match.")));
	values[0] = matches_teams(&set);
	values[1] = PointerGetDatum(float8s_array(ratings, set.teams));
	values[2] = Int64GetDatum(set.n);
	return row_datum(fcinfo, values, nulls);
}
