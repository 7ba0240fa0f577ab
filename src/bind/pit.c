#include "bind/count.h"

#include "core/pit.h"

PG_FUNCTION_INFO_V1(bet_edge_pit);
PG_FUNCTION_INFO_V1(bet_edge_pit_normal);
PG_FUNCTION_INFO_V1(bet_edge_pit_poisson);
PG_FUNCTION_INFO_V1(bet_edge_pit_negbin);

Datum
bet_edge_pit(PG_FUNCTION_ARGS)
{
	double		below = arg_probability(PG_GETARG_FLOAT8(0), "cdf_below");
	double		at = arg_between(PG_GETARG_FLOAT8(1), below, 1, "cdf");

	PG_RETURN_FLOAT8(pit_count((count_parts) {below, at - below, 1 - at}, arg_probability(PG_GETARG_FLOAT8(2), "u")));
}

Datum
bet_edge_pit_normal(PG_FUNCTION_ARGS)
{
	double		y = arg_finite(PG_GETARG_FLOAT8(0), "y");
	double		mean = arg_finite(PG_GETARG_FLOAT8(1), "mean");

	PG_RETURN_FLOAT8(pit_normal(y, mean, arg_positive(PG_GETARG_FLOAT8(2), "sd")));
}

Datum
bet_edge_pit_poisson(PG_FUNCTION_ARGS)
{
	int32		y = arg_count(PG_GETARG_INT32(0), "y");
	count_law	law = {COUNT_POISSON, .mean = arg_mean(PG_GETARG_FLOAT8(1))};

	PG_RETURN_FLOAT8(pit_count(count_split(&law, y), arg_probability(PG_GETARG_FLOAT8(2), "u")));
}

Datum
bet_edge_pit_negbin(PG_FUNCTION_ARGS)
{
	int32		y = arg_count(PG_GETARG_INT32(0), "y");
	count_law	law = {COUNT_NEGBIN, .mean = arg_mean(PG_GETARG_FLOAT8(1)), .size = arg_size(PG_GETARG_FLOAT8(2))};

	PG_RETURN_FLOAT8(pit_count(count_split(&law, y), arg_probability(PG_GETARG_FLOAT8(3), "u")));
}
