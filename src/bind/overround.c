#include "bind/args.h"

#include <math.h>
#include <string.h>

#include "catalog/pg_type.h"
#include "common/shortest_dec.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/float.h"

#include "bind/overround.h"
#include "bind/rows.h"

PG_FUNCTION_INFO_V1(bet_edge_overround);
PG_FUNCTION_INFO_V1(bet_edge_hold);
PG_FUNCTION_INFO_V1(bet_edge_payout);
PG_FUNCTION_INFO_V1(bet_edge_remove_overround);
PG_FUNCTION_INFO_V1(bet_edge_overround_parameter);
PG_FUNCTION_INFO_V1(bet_edge_add_overround);
PG_FUNCTION_INFO_V1(bet_edge_missing_odds);
PG_FUNCTION_INFO_V1(bet_edge_one_sided_probability);
PG_FUNCTION_INFO_V1(bet_edge_fair_probabilities);

/* How many of n outcomes win. */
static double
arg_target(double target, int n)
{
	if (!(target >= OVERROUND_TARGET_MIN && target < n))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("target must be at least %g and below the number of outcomes, %d, not %g", OVERROUND_TARGET_MIN, n, target),
				 errhint("The target is the number of outcomes that win: 1 for a winner, 4 for the first four.")));
	return target;
}

/* An overround: finite and above -1. */
static double
arg_margin(double overround)
{
	if (!(overround > -1) || isinf(overround))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("overround must be a number above -1, such as 0.05, not %g", overround)));
	return overround;
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

Datum
bet_edge_overround(PG_FUNCTION_ARGS)
{
	int			n;
	double	   *odds = arg_market(PG_GETARG_ARRAYTYPE_P(0), "odds", OVERROUND_MIN, &n);

	PG_RETURN_FLOAT8(overround_book(odds, n) / arg_target(PG_GETARG_FLOAT8(1), n) - 1);
}

Datum
bet_edge_hold(PG_FUNCTION_ARGS)
{
	int			n;
	double	   *odds = arg_market(PG_GETARG_ARRAYTYPE_P(0), "odds", OVERROUND_MIN, &n);

	PG_RETURN_FLOAT8(1 - arg_target(PG_GETARG_FLOAT8(1), n) / overround_book(odds, n));
}

Datum
bet_edge_payout(PG_FUNCTION_ARGS)
{
	int			n;
	double	   *odds = arg_market(PG_GETARG_ARRAYTYPE_P(0), "odds", OVERROUND_MIN, &n);

	return finite_datum(arg_target(PG_GETARG_FLOAT8(1), n) / overround_book(odds, n));
}

void
fair_market(const double *odds, int n, const char *name, text *method_name, double target, double *probs, overround_fit *fit)
{
	overround_method method = arg_method(method_name);
	core_status status = overround_remove(odds, n, method, arg_target(target, n), probs, fit);
	double		overround;
	char	   *shown;

	if (status == CORE_OK)
		return;
	shown = text_to_cstring(method_name);
	if (status != CORE_NO_SOLUTION)
		elog(ERROR, "method \"%s\" did not converge", shown);
	overround = overround_book(odds, n) / target - 1;
	if (fit->outcome >= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("method \"%s\" gives %s[%d], %g, a probability of %g",
						shown, name, fit->outcome + 1, odds[fit->outcome], fit->value),
				 errhint("Use %s.", overround < 0 ? "power or odds_ratio" :
						 method == OVERROUND_POWER ? "shin or odds_ratio" : "shin or power")));
	if (overround < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s have no margin for method \"%s\" to remove: their overround is %g", name, shown, overround),
				 errhint("Use multiplicative, power or odds_ratio for such a book.")));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("method \"%s\" explains no overround of %g with %d outcomes", shown, overround, n),
			 errhint("Use power or odds_ratio.")));
}

Datum
bet_edge_remove_overround(PG_FUNCTION_ARGS)
{
	int			n;
	double	   *odds = arg_market(PG_GETARG_ARRAYTYPE_P(0), "odds", OVERROUND_MIN, &n);
	double	   *probs;
	ArrayType  *result = float8s_room(n, &probs);
	overround_fit fit;

	fair_market(odds, n, "odds", PG_GETARG_TEXT_PP(1), PG_GETARG_FLOAT8(2), probs, &fit);
	PG_RETURN_ARRAYTYPE_P(result);
}

Datum
bet_edge_overround_parameter(PG_FUNCTION_ARGS)
{
	int			n;
	double	   *odds = arg_market(PG_GETARG_ARRAYTYPE_P(0), "odds", OVERROUND_MIN, &n);
	double		probs[OVERROUND_MAX];
	overround_fit fit;

	fair_market(odds, n, "odds", PG_GETARG_TEXT_PP(1), PG_GETARG_FLOAT8(2), probs, &fit);
	if (isnan(fit.parameter))
		PG_RETURN_NULL();
	return finite_datum(fit.parameter);
}

Datum
bet_edge_add_overround(PG_FUNCTION_ARGS)
{
	int			n;
	double	   *probs = arg_float8s(PG_GETARG_ARRAYTYPE_P(0), "probs", OVERROUND_MIN, OVERROUND_MAX, &n);
	double		overround = arg_margin(PG_GETARG_FLOAT8(1));
	text	   *name = PG_GETARG_TEXT_PP(2);
	overround_method method = arg_method(name);
	double		target = arg_target(PG_GETARG_FLOAT8(3), n);
	double		odds[OVERROUND_MAX];
	double		sum = 0;
	overround_fit fit;
	core_status status;

	for (int i = 0; i < n; i++)
	{
		if (!(probs[i] > 0 && probs[i] < 1))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("probs[%d] must be above 0 and below 1, not %g", i + 1, probs[i])));
		sum += probs[i];
	}
	if (fabs(sum - target) > 1e-9 * fmax(1, target))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("probs must sum to target, %g, not to %.10g", target, sum)));
	status = overround_add(probs, n, method, overround, odds, &fit);
	if (status == CORE_OK)
		PG_RETURN_ARRAYTYPE_P(float8s_array(odds, n));
	if (status != CORE_NO_SOLUTION)
		elog(ERROR, "method \"%s\" did not converge", text_to_cstring(name));
	if (overround < 0 && overround_needs_margin(method))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("method \"%s\" has no overround below 0, not %g", text_to_cstring(name), overround),
				 errhint("Use multiplicative, power or odds_ratio.")));
	if (fit.outcome >= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("method \"%s\" quotes probs[%d], %g, at a probability of %g with an overround of %g",
						text_to_cstring(name), fit.outcome + 1, probs[fit.outcome], fit.value, overround),
				 errhint("Use power or odds_ratio, or a smaller overround.")));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("overround of %g is more than method \"%s\" can put on these probs",
					overround, text_to_cstring(name))));
}

/* The quoted probability that a book of this overround leaves to the outcome that is not listed. */
static double
missing_probability(const double *odds, int n, double overround, double target)
{
	return target * (1 + overround) - overround_book(odds, n);
}

Datum
bet_edge_missing_odds(PG_FUNCTION_ARGS)
{
	int			n;
	double	   *odds = arg_market(PG_GETARG_ARRAYTYPE_P(0), "odds", 1, &n);
	double		overround = arg_margin(PG_GETARG_FLOAT8(1));
	double		left = missing_probability(odds, n, overround, arg_target(PG_GETARG_FLOAT8(2), n + 1));

	if (!(left > 0 && 1 / left > 1 && 1 / left < get_float8_infinity()))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("an overround of %g leaves the missing outcome an implied probability of %g", overround, left),
				 errhint("It must be above 0 and below 1.")));
	PG_RETURN_FLOAT8(1 / left);
}

Datum
bet_edge_one_sided_probability(PG_FUNCTION_ARGS)
{
	double		market[2] = {arg_odds(PG_GETARG_FLOAT8(0), "odds")};
	double		overround = arg_margin(PG_GETARG_FLOAT8(1));
	text	   *name = PG_GETARG_TEXT_PP(2);
	double		left = missing_probability(market, 1, overround, 1);
	double		probs[2];
	overround_fit fit;

	/* its share of the book, whatever the other side's price */
	if (arg_method(name) == OVERROUND_MULTIPLICATIVE && market[0] * (1 + overround) > 1)
		PG_RETURN_FLOAT8(1 / (market[0] * (1 + overround)));
	market[1] = 1 / left;
	if (!(left > 0 && market[1] > 1 && market[1] < get_float8_infinity()))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("an overround of %g leaves the other side of odds %g an implied probability of %g",
						overround, market[0], left),
				 errhint("Use multiplicative, or a smaller overround.")));
	fair_market(market, 2, "odds", name, 1, probs, &fit);
	PG_RETURN_FLOAT8(probs[0]);
}

/* One outcome: its number and odds, the mean, lowest and highest of the methods, and each by name. */
static void
put_outcome(Tuplestorestate *store, TupleDesc desc, int outcome, double odds, double sum, double scale,
			const double *probs, int stride, Datum *names, int n_methods)
{
	Datum		values[6];
	bool		nulls[6] = {false};
	double		low = probs[0],
				high = probs[0];
	StringInfoData json;

	initStringInfo(&json);
	for (int i = 0; i < n_methods; i++)
	{
		char		shown[DOUBLE_SHORTEST_DECIMAL_LEN];
		double		p = probs[i * stride];

		low = fmin(low, p);
		high = fmax(high, p);
		/* shortest digits that read back exactly, whatever extra_float_digits says */
		double_to_shortest_decimal_buf(p, shown);
		appendStringInfo(&json, "%s\"%s\": %s", i ? ", " : "{", TextDatumGetCString(names[i]), shown);
	}
	appendStringInfoChar(&json, '}');
	values[0] = Int32GetDatum(outcome);
	values[1] = Float8GetDatum(odds);
	values[2] = Float8GetDatum(sum * scale);
	values[3] = Float8GetDatum(low);
	values[4] = Float8GetDatum(high);
	values[5] = DirectFunctionCall1(jsonb_in, CStringGetDatum(json.data));
	tuplestore_putvalues(store, desc, values, nulls);
	pfree(json.data);
}

Datum
bet_edge_fair_probabilities(PG_FUNCTION_ARGS)
{
	int			n,
				n_methods;
	double	   *odds = arg_market(PG_GETARG_ARRAYTYPE_P(0), "odds", OVERROUND_MIN, &n);
	ArrayType  *methods = PG_GETARG_ARRAYTYPE_P(1);
	double		target = PG_GETARG_FLOAT8(2);
	bool		seen[OVERROUND_UNKNOWN] = {false};
	double	   *probs,
			   *sums,
				total = 0;
	Datum	   *names;
	Tuplestorestate *store;
	TupleDesc	desc;

	arg_texts(methods, "methods", 1, OVERROUND_UNKNOWN, &names, &n_methods);
	probs = palloc(sizeof(double) * n * n_methods);
	sums = palloc0(sizeof(double) * n);
	for (int i = 0; i < n_methods; i++)
	{
		overround_method method = arg_method(DatumGetTextPP(names[i]));
		overround_fit fit;

		if (seen[method])
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("methods name \"%s\" twice", TextDatumGetCString(names[i]))));
		seen[method] = true;
		fair_market(odds, n, "odds", DatumGetTextPP(names[i]), target, probs + i * n, &fit);
		for (int j = 0; j < n; j++)
		{
			sums[j] += probs[i * n + j];
			total += probs[i * n + j];
		}
	}
	store = rows_begin(fcinfo, &desc);
	for (int j = 0; j < n; j++)
		put_outcome(store, desc, j + 1, odds[j], sums[j], target / total, probs + j, n, names, n_methods);
	return (Datum) 0;
}
