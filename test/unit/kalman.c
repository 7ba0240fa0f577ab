#include "core/kalman.h"
#include "tap.h"

#include <stdbool.h>
#include <string.h>

#define N 200000

static double
below(double limit)
{
	return limit * tap_uniform();
}

static kalman_player
some_player(void)
{
	return (kalman_player) {true, 2020, {below(20) - 10, below(30)}, {below(20) - 10, below(30)}};
}

int
main(void)
{
	/* by hand: noise 1, every strength of variance 1, one of five terms each; level known */
	kalman_rules plain = {.noise = 1, .team_prior = 1, .season_keep = 1, .starter_prior = 1};
	kalman_league known = {{20, 0}, {2, 0}};
	kalman_player teams[2] = {0},
				starters[2] = {0};
	kalman_side home = {&teams[0], &starters[0]},
				away = {&teams[1], &starters[1]};
	double		home_score,
				away_score;
	bool		total = true,
				shrinks = true,
				towards = true,
				season = true;

	kalman_enter(&plain, &home, 2020);
	kalman_enter(&plain, &away, 2020);
	kalman_expected(&plain, &known, &home, &away, false, &home_score, &away_score);
	ok(home_score == 21 && away_score == 19, "newcomers score the level, and half of the home advantage each way");
	kalman_update(&plain, &known, &home, &away, false, 25, 19);
	close_to(teams[0].attack.mean, 1, 1e-15, "four points more than expected, a quarter of them the attack's");
	close_to(teams[1].defence.mean, -1, 1e-15, "a quarter the defence's");
	close_to(starters[0].attack.mean, 1, 1e-15, "a quarter the starter's");
	close_to(starters[0].attack.variance, 0.75, 1e-15, "who is known better by a quarter");
	close_to(teams[1].attack.mean, 0, 1e-15, "the other side scored as expected");
	ok(known.level.mean == 20 && known.home.mean == 2, "a league that is known for sure does not move");
	kalman_expected(&plain, &known, &home, &away, true, &home_score, &away_score);
	close_to(home_score, 23, 1e-14, "on neutral ground without the advantage");
	home.starter = NULL;
	kalman_expected(&plain, &known, &home, &away, true, &home_score, &away_score);
	close_to(home_score, 22, 1e-14, "nor with a starter who is not known");

	for (int i = 0; i < N; i++)
	{
		kalman_rules rules = {0.1 + below(100), below(20), below(2), tap_uniform(), below(5), below(10) - 5, below(20), below(3), tap_below(2), below(0.1)};
		kalman_league league = {{below(100), below(50)}, {below(6) - 3, below(5)}},
					league0;
		kalman_player p[4] = {some_player(), some_player(), some_player(), some_player()},
					p0[4];
		kalman_side h = {&p[0], tap_below(5) ? &p[2] : NULL},
					a = {&p[1], tap_below(5) ? &p[3] : NULL};
		double		error;

		if (tap_below(4) == 0)
			p[tap_below(4)].known = false;
		kalman_enter(&rules, &h, 2020 + tap_below(2));
		kalman_enter(&rules, &a, 2020);
		memcpy(p0, p, sizeof(p));
		league0 = league;
		kalman_expected(&rules, &league, &h, &a, false, &home_score, &away_score);
		error = (tap_below(150) - home_score);
		kalman_update(&rules, &league, &h, &a, false, home_score + error, away_score);
		for (int k = 0; k < 4; k++)
			total = total && isfinite(p[k].attack.mean) && isfinite(p[k].defence.mean) && p[k].attack.variance >= 0 && p[k].defence.variance >= 0;
		shrinks = shrinks && p[0].attack.variance <= p0[0].attack.variance + rules.team_drift && league.level.variance <= league0.level.variance + rules.league_drift;
		towards = towards && (p[0].attack.mean - p0[0].attack.mean) * error >= 0 && (p[1].defence.mean - p0[1].defence.mean) * error <= 0;
	}
	ok(total, "finite, variances not negative");
	ok(shrinks, "a game never makes less known than the drift took");
	ok(towards, "who scores more than expected was better, and the other side's defence worse");
	for (int i = 0; i < N; i++)
	{
		kalman_rules rules = {1, 1, 0, tap_uniform(), below(4), -1, 2, below(4), false, 0};
		kalman_player team = some_player(),
					starter = some_player(),
					team0 = team,
					starter0 = starter;
		kalman_side side = {&team, &starter};

		kalman_enter(&rules, &side, 2020);
		season = season && team.attack.mean == team0.attack.mean && starter.attack.variance == starter0.attack.variance;
		kalman_enter(&rules, &side, 2021);
		kalman_enter(&rules, &side, 2021);
		season = season && team.attack.mean == rules.season_keep * team0.attack.mean && starter.attack.mean == starter0.attack.mean
			&& fabs(team.defence.variance - (rules.season_keep * rules.season_keep * team0.defence.variance + rules.season_drift)) < 1e-12
			&& starter.attack.variance == starter0.attack.variance + rules.starter_drift;
	}
	ok(season, "a season passes once");
	return done_testing();
}
