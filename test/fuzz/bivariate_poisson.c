#include "core/bivariate_poisson.h"
#include "league.h"

/* Whatever matches_goals lets through has an answer or is refused; never a NaN. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	match		rows[LEAGUE_MATCHES],
				terms[LEAGUE_MATCHES];
	double second[4 * LEAGUE_TEAMS];
	double		attack[LEAGUE_TEAMS],
				defence[LEAGUE_TEAMS];
	strength_fit fit = {.attack = attack, .defence = defence};
	int			ints[MATCHES_GOALS_WORK(LEAGUE_TEAMS)];
	double	   *work;
	long		n;
	double		prior = fuzz_byte(&in) % 4;
	int			teams = fuzz_league(&in, rows, &n, 400);

	if (teams == 0 || matches_goals(rows, n, teams, prior > 0, ints, no_check).fault != MATCHES_GOOD)
		return 0;
	work = malloc(strength_space(teams) * sizeof(double));
	if (bivariate_poisson_fit(rows, n, teams, prior, &fit, terms, work, second, no_check) == CORE_OK)
	{
		double		sum = 0;

		FUZZ_CHECK(isfinite(fit.log_likelihood) && isfinite(fit.home_advantage) && isfinite(fit.theta));
		for (int t = 0; t < teams; t++)
		{
			FUZZ_CHECK(isfinite(attack[t]) && isfinite(defence[t]));
			sum += attack[t];
		}
		FUZZ_CHECK(fabs(sum) < 1e-9);
		FUZZ_CHECK(fit.theta >= 0);
	}
	free(work);
	return 0;
}
