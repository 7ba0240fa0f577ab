#include "bind/strength.h"

#include <math.h>

#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "bind/args.h"
#include "bind/rows.h"
#include "bind/series.h"

/* Places in a row of a fit. */
enum
{
	FIT_TEAMS, FIT_ATTACK, FIT_DEFENCE, FIT_HOME_ADVANTAGE, FIT_THETA, FIT_LOG_LIKELIHOOD, FIT_MATCHES, FIT_FIELDS
};

Datum
strength_final(FunctionCallInfo fcinfo, const char *function, strength_fitter fitter)
{
	match_set	set;
	match_finding finding;
	strength_fit fit = {0};
	double		prior;
	core_status status;
	Datum		values[FIT_FIELDS];
	bool		nulls[FIT_FIELDS] = {0};

	if (!matches_ready(fcinfo, function, STRENGTH_MAX_TEAMS, &set))
		PG_RETURN_NULL();
	for (int64 i = 0; i < set.n; i++)
		if (Max(set.rows[i].home_score, set.rows[i].away_score) > STRENGTH_MAX_GOALS)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("goals must be 0 to %d, not %d", STRENGTH_MAX_GOALS, Max(set.rows[i].home_score, set.rows[i].away_score))));
	prior = set.prior / set.largest;
	if (isinf(prior) || (set.prior > 0 && prior == 0))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("prior %g is out of all proportion to a weight of %g", set.prior, set.largest)));
	finding = matches_goals(set.rows, set.n, set.teams, prior > 0,
							palloc(MATCHES_GOALS_WORK(set.teams) * sizeof(int)), series_interrupts);
	matches_refuse(&set, function, finding);

	fit.attack = palloc(set.teams * sizeof(double));
	fit.defence = palloc(set.teams * sizeof(double));
	status = fitter(&set, prior, &fit, palloc(strength_space(set.teams) * sizeof(double)));
	if (status != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("%s found no maximum of the likelihood of these " INT64_FORMAT " matches", function, set.n),
				 errhint("Weights may span too many orders of magnitude, or a rate may vanish: more matches or a prior above 0 help.")));

	values[FIT_TEAMS] = matches_teams(&set);
	values[FIT_ATTACK] = PointerGetDatum(float8s_array(fit.attack, set.teams));
	values[FIT_DEFENCE] = PointerGetDatum(float8s_array(fit.defence, set.teams));
	values[FIT_HOME_ADVANTAGE] = finite_datum(fit.home_advantage);
	values[FIT_THETA] = finite_datum(fit.theta);
	values[FIT_LOG_LIKELIHOOD] = finite_datum(fit.log_likelihood * set.largest);
	values[FIT_MATCHES] = Int64GetDatum(set.n);
	return row_datum(fcinfo, values, nulls);
}

void
arg_rates(FunctionCallInfo fcinfo, const char *theta_name, double *home_rate, double *away_rate, double *theta)
{
	HeapTupleHeader row = PG_GETARG_HEAPTUPLEHEADER(0);
	ArrayType  *teams = DatumGetArrayTypeP(arg_fit_field(row, FIT_TEAMS, "teams"));
	text	   *names[2] = {PG_GETARG_TEXT_PP(1), PG_GETARG_TEXT_PP(2)};
	strength_fit fit;
	int			n,
				length,
				home = arg_team(teams, names[0], "home", &n),
				away = arg_team(teams, names[1], "away", &n);

	if (home == away)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("home and away must be two teams, not \"%s\" twice", text_to_cstring(names[0]))));
	fit.attack = arg_float8s(DatumGetArrayTypeP(arg_fit_field(row, FIT_ATTACK, "attack")), "attack of fit", n, n, &length);
	fit.defence = arg_float8s(DatumGetArrayTypeP(arg_fit_field(row, FIT_DEFENCE, "defence")), "defence of fit", n, n, &length);
	fit.home_advantage = arg_finite(DatumGetFloat8(arg_fit_field(row, FIT_HOME_ADVANTAGE, "home_advantage")), "home_advantage of fit");
	fit.theta = arg_finite(DatumGetFloat8(arg_fit_field(row, FIT_THETA, theta_name)), theta_name);
	for (int k = 0; k < 2; k++)
	{
		(void) arg_finite(fit.attack[k ? away : home], "attack of fit");
		(void) arg_finite(fit.defence[k ? away : home], "defence of fit");
	}
	strength_rates(&fit, home, away, PG_GETARG_BOOL(3), home_rate, away_rate);
	if (isinf(*home_rate) || isinf(*away_rate))
		float_overflow_error();
	if (*home_rate == 0 || *away_rate == 0)
		float_underflow_error();
	*theta = fit.theta;
}
