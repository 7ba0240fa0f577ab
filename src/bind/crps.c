#include "bind/count.h"

#include "utils/memutils.h"

#include "core/crps.h"

PG_FUNCTION_INFO_V1(bet_edge_crps_normal);
PG_FUNCTION_INFO_V1(bet_edge_crps_poisson);
PG_FUNCTION_INFO_V1(bet_edge_crps_negbin);
PG_FUNCTION_INFO_V1(bet_edge_crps_ensemble);

Datum
bet_edge_crps_normal(PG_FUNCTION_ARGS)
{
	double		y = arg_finite(PG_GETARG_FLOAT8(0), "y");
	double		mean = arg_finite(PG_GETARG_FLOAT8(1), "mean");
	double		sd = arg_not_negative(PG_GETARG_FLOAT8(2), "sd");

	return finite_datum(crps_normal(y, mean, sd));
}

Datum
bet_edge_crps_poisson(PG_FUNCTION_ARGS)
{
	int32		y = arg_count(PG_GETARG_INT32(0), "y");
	double		mean = arg_mean(PG_GETARG_FLOAT8(1));

	return finite_datum(crps_poisson(y, mean));
}

Datum
bet_edge_crps_negbin(PG_FUNCTION_ARGS)
{
	int32		y = arg_count(PG_GETARG_INT32(0), "y");
	double		mean = arg_mean(PG_GETARG_FLOAT8(1));
	double		size = arg_size(PG_GETARG_FLOAT8(2));

	return finite_datum(crps_negbin(y, mean, size));
}

Datum
bet_edge_crps_ensemble(PG_FUNCTION_ARGS)
{
	double		y = arg_finite(PG_GETARG_FLOAT8(0), "y");
	bool		fair = PG_GETARG_BOOL(2);
	int			n;
	double	   *members = arg_float8s(PG_GETARG_ARRAYTYPE_P_COPY(1), "members", fair ? 2 : 1, MaxAllocSize / sizeof(double), &n);

	for (int i = 0; i < n; i++)
		(void) arg_finite(members[i], "each of members");
	return finite_datum(crps_ensemble(y, members, palloc(n * sizeof(double)), n, fair));
}
