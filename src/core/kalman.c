#include "core/kalman.h"

#include <stddef.h>

/* What one score tells of: states and the weights with which they add to it. */
#define MOST_TERMS 5

typedef struct observation
{
	int			n;
	kalman_state *state[MOST_TERMS];
	double		weight[MOST_TERMS];
} observation;

static void
add_term(observation *o, kalman_state *state, double weight)
{
	o->state[o->n] = state;
	o->weight[o->n++] = weight;
}

static observation
score_of(const kalman_rules *rules, kalman_league *league, const kalman_side *side, const kalman_side *other, double home_weight)
{
	observation o = {0};
	kalman_player *starter = rules->starter_defends ? other->starter : side->starter;

	add_term(&o, &league->level, 1);
	if (home_weight != 0)
		add_term(&o, &league->home, home_weight);
	add_term(&o, &side->team->attack, 1);
	add_term(&o, &other->team->defence, -1);
	if (starter != NULL)
		add_term(&o, &starter->attack, rules->starter_defends ? -1 : 1);
	return o;
}

static double
expected(const observation *o)
{
	double		sum = 0;

	for (int i = 0; i < o->n; i++)
		sum += o->weight[i] * o->state[i]->mean;
	return sum;
}

static void
learn(observation *o, double noise, double score)
{
	double		error = score - expected(o);
	double		variance = noise;

	for (int i = 0; i < o->n; i++)
		variance += o->weight[i] * o->weight[i] * o->state[i]->variance;
	for (int i = 0; i < o->n; i++)
	{
		kalman_state *s = o->state[i];
		double		gain = o->weight[i] * s->variance / variance;

		s->mean += gain * error;
		s->variance *= 1 - gain * o->weight[i];
	}
}

kalman_league
kalman_new_league(const kalman_rules *rules)
{
	/* the first games say what level is usual */
	kalman_league league = {{0, 10000 * rules->noise}, {0, rules->noise}};

	return league;
}

static void
drift(kalman_state *s, double keep, double variance)
{
	s->mean *= keep;
	s->variance = keep * keep * s->variance + variance;
}

void
kalman_enter(const kalman_rules *rules, const kalman_side *side, int season)
{
	kalman_player *team = side->team;
	kalman_player *starter = side->starter;

	if (!team->known)
		team->attack = team->defence = (kalman_state) {0, rules->team_prior};
	else if (team->season < season)
	{
		drift(&team->attack, rules->season_keep, rules->season_drift);
		drift(&team->defence, rules->season_keep, rules->season_drift);
	}
	if (!team->known || team->season < season)
		team->season = season;
	team->known = true;
	if (starter == NULL)
		return;
	if (!starter->known)
		starter->attack = (kalman_state) {rules->starter_mean, rules->starter_prior};
	else if (starter->season < season)
		drift(&starter->attack, 1, rules->starter_drift);
	if (!starter->known || starter->season < season)
		starter->season = season;
	starter->known = true;
}

void
kalman_expected(const kalman_rules *rules, const kalman_league *league, const kalman_side *home, const kalman_side *away,
				bool neutral, double *home_score, double *away_score)
{
	kalman_league as_is = *league;
	observation of_home = score_of(rules, &as_is, home, away, neutral ? 0 : 0.5);
	observation of_away = score_of(rules, &as_is, away, home, neutral ? 0 : -0.5);

	*home_score = expected(&of_home);
	*away_score = expected(&of_away);
}

void
kalman_update(const kalman_rules *rules, kalman_league *league, const kalman_side *home, const kalman_side *away,
			  bool neutral, double home_score, double away_score)
{
	kalman_player *teams[] = {home->team, away->team};
	observation of_home = score_of(rules, league, home, away, neutral ? 0 : 0.5);
	observation of_away = score_of(rules, league, away, home, neutral ? 0 : -0.5);

	for (int i = 0; i < 2; i++)
	{
		teams[i]->attack.variance += rules->team_drift;
		teams[i]->defence.variance += rules->team_drift;
	}
	league->level.variance += rules->league_drift;
	league->home.variance += rules->league_drift;
	learn(&of_home, rules->noise, home_score);
	learn(&of_away, rules->noise, away_score);
}
