#include "core/elo.h"
#include "tap.h"

#include <stdbool.h>

static void
reversion_is_applied_once(void)
{
	elo_league	nfl = {2.0 / 3.0, 1505, 1300, false, .first_season = 2001};
	elo_team	team = {0};

	ok(elo_enter(&nfl, &team, 2001) == CORE_OK && team.rating == 1505, "the first season starts at the mean");
	team.rating = 1650.5;
	ok(elo_enter(&nfl, &team, 2001) == CORE_OK && team.rating == 1650.5, "nothing within a season");
	elo_enter(&nfl, &team, 2002);
	close_to(team.rating, 1602, 1e-15, "two thirds into the next season");
	elo_enter(&nfl, &team, 2002);
	close_to(team.rating, 1602, 1e-15, "once");
	elo_enter(&nfl, &team, 2005);
	close_to(team.rating, 2.0 / 3.0 * 1602 + 505 - 10.0 / 3.0, 1e-12, "once after years away");
	ok(elo_enter(&nfl, &team, 2004) == CORE_INVALID, "a season never goes back");
}

static void
newcomers(void)
{
	int			seasons[6] = {2001, 2002, 2003, 2004, 2005};
	elo_league	league = {1, 1500, 1400, true, 2001, seasons, 5};
	elo_team	late = {0};
	elo_team	given = {.rating = 1555, .rated = true};

	elo_enter(&league, &late, 2002);
	ok(late.rating == 1400, "a later team is a newcomer");
	late.rating = 1450;
	elo_enter(&league, &late, 2003);
	ok(late.rating == 1450, "who stays up keeps its rating");
	elo_enter(&league, &late, 2005);
	ok(late.rating == 1400, "who comes back up is a newcomer");
	elo_enter(&league, &given, 2003);
	ok(given.rating == 1555, "a given rating is where a team starts");
}

/* Files of 2001, 2004 and 2007 alone: a season is compared with the last one played. */
static void
holes_relegate_nobody(void)
{
	int			seasons[4];
	elo_league	league = {0.5, 1500, 1400, true, .seasons = seasons};
	elo_team	stays = {0};
	elo_team	misses = {0};

	elo_begin(&league, 2001);
	ok(league.first_season == 2001 && league.n_seasons == 1, "the first season begins");
	elo_enter(&league, &stays, 2001);
	elo_enter(&league, &misses, 2001);
	stays.rating = misses.rating = 1700;
	elo_begin(&league, 2004);
	elo_begin(&league, 2004);
	ok(league.first_season == 2001 && league.n_seasons == 2, "a season begins once");
	elo_enter(&league, &stays, 2004);
	ok(stays.rating == 1600, "after a hole who played last keeps its rating");
	elo_begin(&league, 2007);
	elo_enter(&league, &stays, 2007);
	ok(stays.rating == 1550, "after another hole too");
	elo_enter(&league, &misses, 2007);
	ok(misses.rating == 1400, "who missed the last season played is a newcomer");

	elo_begin(&league, 2002);
	ok(league.n_seasons == 4 && seasons[0] == 2001 && seasons[1] == 2002 && seasons[2] == 2004 && seasons[3] == 2007,
	   "a late game's season takes its place");
	stays = (elo_team) {1700, 2001, true, true};
	elo_enter(&league, &stays, 2002);
	ok(stays.rating == 1600, "and is compared with the one before it");
}

#define N 300000

/* Random games of every rule: what one wins the other loses, mirrored games mirror, the winner never loses. */
static void
games_are_sound(void)
{
	double		sums = 0,
				mirrors = 0;
	bool		signs = true,
				answered = true,
				surer = true;

	for (int i = 0; i < N; i++)
	{
		elo_rule	rule = tap_below(4);
		double		a = 1000 + 1000 * tap_uniform(),
					b = 1000 + 1000 * tap_uniform(),
					k = 100 * tap_uniform(),
					advantage = 200 * tap_uniform() - 100;
		int			x = tap_below(120),
					y = tap_below(120);
		elo_step	one,
					other;

		if (rule == ELO_NBA && x == y)
			y++;
		answered = answered && elo_game(rule, a, b, x, y, k, advantage, &one) == CORE_OK
			&& elo_game(rule, b, a, y, x, k, -advantage, &other) == CORE_OK;
		sums = fmax(sums, fabs(one.home + one.away - a - b));
		mirrors = fmax(mirrors, fmax(fabs(one.home - other.away), fabs(one.away - other.home)));
		signs = signs && (x <= y || one.home >= a) && (x >= y || one.home <= a)
			&& (x != y || (one.home - a) * (0.5 - one.expected) >= 0);
		/* the same result against a stronger side moves more */
		if (elo_game(ELO_PLAIN, a, b, 1, 0, k, advantage, &one) == CORE_OK && elo_game(ELO_PLAIN, a, b + 50, 1, 0, k, advantage, &other) == CORE_OK)
			surer = surer && other.home - a >= one.home - a;
	}
	ok(answered, "every game is rated");
	ok(sums < 1e-9, "what one side wins the other loses");
	ok(mirrors < 1e-9, "a mirrored game mirrors");
	ok(signs, "who wins does not lose points, who was expected to win loses some by a tie");
	ok(surer, "a stronger opponent is worth more");
}

static void
adversaries_are_answered_or_refused(void)
{
	bool		good = true;

	for (int i = 0; i < N; i++)
	{
		elo_step	step;
		double		a = tap_adversary(),
					b = tap_adversary(),
					advantage = tap_adversary();
		double		p[3];

		if (!isfinite(a) || !isfinite(b) || !isfinite(advantage) || fabs(a - b) > 1e300)
			continue;
		if (elo_game(tap_below(4), a, b, tap_below(2) ? tap_below(200) : 2147483647, tap_below(200), 20, advantage, &step) != CORE_OK)
			continue;
		elo_outcomes(step.expected, tap_uniform(), p);
		good = good && step.expected >= 0 && step.expected <= 1 && isfinite(step.multiplier) && step.multiplier >= 0
			&& isfinite(step.home) && isfinite(step.away) && fabs(p[0] + p[1] + p[2] - 1) < 1e-15;
	}
	ok(good, "finite numbers or a refusal");
}

/* However many games there are and however uneven: the root has the draws, or no step goes on. */
static void
draws_are_fitted(void)
{
	bool		good = true;

	for (int i = 0; i < 20000; i++)
	{
		double		evenness[40],
					nu = 0,
					drawn = 0;
		int			n = 1 + (int) tap_below(40),
					steps = 0;
		double		draws;

		for (int k = 0; k < n; k++)
			evenness[k] = 0.5 * pow(tap_uniform(), 1 << tap_below(5));
		draws = n * tap_uniform() * 0.999;
		while (!elo_draw_step(evenness, n, draws, &nu) && steps < 5000)
			steps++;
		for (int k = 0; k < n; k++)
			drawn += nu * evenness[k] / (1 + nu * evenness[k]);
		good = good && steps < 5000 && isfinite(nu) && fabs(drawn - draws) <= 1e-9 * draws;
	}
	ok(good, "draws are fitted");
}

int
main(void)
{
	elo_step	step;
	double		p[3];
	double		multiplier;

	close_to(elo_expected(1500, 1500, 100), 0.6400649998028851, 1e-15, "expected score");
	ok(elo_expected(1e300, -1e300, 0) == 1 && elo_expected(-1e308, 1e308, 0) == 0, "extremes do not overflow into NaN");
	ok(elo_game(ELO_NFL, 1500, 1500, 20, 20, 20, 65, &step) == CORE_OK && step.home < 1500 && step.away > 1500, "a tie moves ratings");
	close_to(step.multiplier, 1.5249237972318797, 1e-12, "a tie's multiplier");
	ok(elo_game(ELO_NBA, 1500, 1500, 99, 99, 20, 100, &step) == CORE_INVALID, "no ties in basketball");
	ok(elo_multiplier(ELO_NFL, 20, 10, -2200, &multiplier) == CORE_INVALID, "outside the multiplier's domain");
	ok(elo_multiplier(ELO_WORLD_FOOTBALL, 0, 2147483647, 0, &multiplier) == CORE_OK && multiplier > 0, "an absurd margin is a number");
	elo_outcomes(0.5, 0.8, p);
	close_to(p[1], 0.8 / 2.8, 1e-15, "a draw between equals");
	close_to(p[0] + p[1] + p[2], 1, 1e-15, "outcomes sum to 1");
	draws_are_fitted();
	reversion_is_applied_once();
	newcomers();
	holes_relegate_nobody();
	games_are_sound();
	adversaries_are_answered_or_refused();
	return done_testing();
}
