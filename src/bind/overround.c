#include "bind/args.h"

#include <string.h>

#include "utils/builtins.h"
#include "utils/float.h"

#include "core/overround.h"

PG_FUNCTION_INFO_V1(bet_edge_overround);
PG_FUNCTION_INFO_V1(bet_edge_hold);
PG_FUNCTION_INFO_V1(bet_edge_remove_overround);

static double *
arg_market(ArrayType *array, int *n)
{
	double	   *odds = arg_float8s(array, "odds", OVERROUND_MIN, OVERROUND_MAX, n);

	for (int i = 0; i < *n; i++)
		if (!(odds[i] > 1 && odds[i] < get_float8_infinity()))
			arg_odds(odds[i], psprintf("odds[%d]", i + 1));
	return odds;
}

Datum
bet_edge_overround(PG_FUNCTION_ARGS)
{
	int			n;
	double	   *odds = arg_market(PG_GETARG_ARRAYTYPE_P(0), &n);

	PG_RETURN_FLOAT8(overround_book(odds, n) - 1);
}

Datum
bet_edge_hold(PG_FUNCTION_ARGS)
{
	int			n;
	double	   *odds = arg_market(PG_GETARG_ARRAYTYPE_P(0), &n);

	PG_RETURN_FLOAT8(1 - 1 / overround_book(odds, n));
}

static overround_method
arg_method(text *name)
{
	overround_method method = overround_method_find(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));

	if (method == OVERROUND_UNKNOWN)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("method \"%s\" is not a method of removing the overround", text_to_cstring(name)),
				 errhint("Methods are %s.", overround_method_names)));
	return method;
}

static void
refuse(core_status status, overround_method method, const double *odds, int n, const double *probs)
{
	int			lowest = 0;

	if (status != CORE_NO_SOLUTION)
		elog(ERROR, "remove_overround did not converge");
	if (method == OVERROUND_SHIN)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("odds have no margin for method \"shin\" to remove: their overround is %g",
						overround_book(odds, n) - 1),
				 errhint("Use multiplicative, power or odds_ratio for such a book.")));
	for (int i = 1; i < n; i++)
		if (probs[i] < probs[lowest])
			lowest = i;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("method \"additive\" gives odds[%d], %g, a probability of %g",
					lowest + 1, odds[lowest], probs[lowest]),
			 errhint("Use shin or power.")));
}

Datum
bet_edge_remove_overround(PG_FUNCTION_ARGS)
{
	int			n;
	double	   *odds = arg_market(PG_GETARG_ARRAYTYPE_P(0), &n);
	overround_method method = arg_method(PG_GETARG_TEXT_PP(1));
	double		probs[OVERROUND_MAX];
	core_status status = overround_remove(odds, n, method, probs);

	if (status != CORE_OK)
		refuse(status, method, odds, n, probs);
	PG_RETURN_ARRAYTYPE_P(float8s_array(probs, n));
}
