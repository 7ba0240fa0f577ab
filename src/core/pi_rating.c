#include "core/pi_rating.h"

#include <math.h>

/* The goal difference that a rating means against an average team. */
static double
goals(double rating)
{
	return copysign(pow(10, fabs(rating) / 3) - 1, rating);
}

double
pi_expected(double home_home, double away_away)
{
	return goals(home_home) - goals(away_away);
}

double
pi_update(pi_team *home, pi_team *away, int home_goals, int away_goals, double learning_rate, double catch_up)
{
	double		expected = pi_expected(home->home, away->away);
	double		error = (double) home_goals - (double) away_goals - expected;
	double		shift = learning_rate * copysign(3 * log10(1 + fabs(error)), error);

	home->home += shift;
	home->away += shift * catch_up;
	away->away -= shift;
	away->home -= shift * catch_up;
	return expected;
}
