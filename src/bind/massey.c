#include "bind/matches.h"

#include "utils/builtins.h"
#include "utils/memutils.h"

#include "bind/args.h"
#include "bind/rows.h"
#include "bind/series.h"
#include "core/massey.h"

PG_FUNCTION_INFO_V1(bet_edge_massey_final);
PG_FUNCTION_INFO_V1(bet_edge_massey_home_final);
PG_FUNCTION_INFO_V1(bet_edge_massey_margin);

/* Places in a row of ratings. */
enum
{
	MASSEY_TEAMS, MASSEY_RATINGS, MASSEY_OFFENCE, MASSEY_DEFENCE, MASSEY_HOME_ADVANTAGE, MASSEY_MATCHES, MASSEY_FIELDS
};

static Datum
rate(FunctionCallInfo fcinfo, bool home)
{
	match_set	set;
	massey_fit	fit;
	double	   *work;
	int		   *ints;
	Datum		values[MASSEY_FIELDS];
	bool		nulls[MASSEY_FIELDS] = {0};

	if (!matches_ready(fcinfo, "massey_ratings", MASSEY_MAX_TEAMS, &set))
		PG_RETURN_NULL();
	ints = palloc(4 * set.teams * sizeof(int));
	matches_refuse(&set, "massey_ratings", matches_compare(set.rows, set.n, set.teams, home, ints));
	work = palloc(massey_space(set.teams) * sizeof(double));
	fit.ratings = palloc(3 * set.teams * sizeof(double));
	fit.offence = fit.ratings + set.teams;
	fit.defence = fit.offence + set.teams;
	if (massey_ratings(set.rows, set.n, set.teams, home, &fit, work, ints, series_interrupts) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("massey_ratings: the weights of these " INT64_FORMAT " matches span too many orders of magnitude", set.n)));

	values[MASSEY_TEAMS] = matches_teams(&set);
	values[MASSEY_RATINGS] = PointerGetDatum(float8s_array(fit.ratings, set.teams));
	nulls[MASSEY_OFFENCE] = nulls[MASSEY_DEFENCE] = !fit.split;
	if (fit.split)
	{
		values[MASSEY_OFFENCE] = PointerGetDatum(float8s_array(fit.offence, set.teams));
		values[MASSEY_DEFENCE] = PointerGetDatum(float8s_array(fit.defence, set.teams));
	}
	values[MASSEY_HOME_ADVANTAGE] = finite_datum(fit.home_advantage);
	values[MASSEY_MATCHES] = Int64GetDatum(set.n);
	return row_datum(fcinfo, values, nulls);
}

Datum
bet_edge_massey_final(PG_FUNCTION_ARGS)
{
	return rate(fcinfo, false);
}

Datum
bet_edge_massey_home_final(PG_FUNCTION_ARGS)
{
	return rate(fcinfo, true);
}

Datum
bet_edge_massey_margin(PG_FUNCTION_ARGS)
{
	HeapTupleHeader row = PG_GETARG_HEAPTUPLEHEADER(0);
	ArrayType  *teams = DatumGetArrayTypeP(arg_fit_field(row, MASSEY_TEAMS, "teams"));
	int			n,
				length,
				home = arg_team(teams, PG_GETARG_TEXT_PP(1), "home", &n),
				away = arg_team(teams, PG_GETARG_TEXT_PP(2), "away", &n);
	double	   *ratings = arg_float8s(DatumGetArrayTypeP(arg_fit_field(row, MASSEY_RATINGS, "ratings")), "ratings of fit", n, n, &length);
	double		advantage = arg_finite(DatumGetFloat8(arg_fit_field(row, MASSEY_HOME_ADVANTAGE, "home_advantage")), "home_advantage of fit");

	if (home == away)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("home and away must be two teams, not \"%s\" twice", text_to_cstring(PG_GETARG_TEXT_PP(1)))));
	return finite_datum(massey_margin(arg_finite(ratings[home], "ratings of fit"), arg_finite(ratings[away], "ratings of fit"),
									  PG_GETARG_BOOL(3) ? 0 : advantage));
}
