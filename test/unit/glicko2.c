#include "core/glicko2.h"
#include "tap.h"

#include <stdbool.h>

#define N 200000

static glicko2_player
somebody(void)
{
	return (glicko2_player) {800 + 1400 * tap_uniform(), 20 + 330 * tap_uniform(), 0.02 + 0.1 * tap_uniform()};
}

/* The paper's f at ln(sigma'^2) = x, in the paper's own terms. */
static double
paper_f(double x, double delta2, double phi2, double v, double a, double tau)
{
	double		ex = exp(x);

	return ex * (delta2 - phi2 - v - ex) / (2 * pow(phi2 + v + ex, 2)) - (x - a) / (tau * tau);
}

/* What Glickman's step 5 asks of the new volatility, that RD keeps its bounds, and who gains. */
static void
periods_are_sound(void)
{
	bool		roots = true,
				bounds = true,
				signs = true;
	double		worst = 0;

	for (int i = 0; i < N; i++)
	{
		glicko2_player p = somebody(),
					after;
		glicko2_evidence e = {0};
		double		tau = 0.2 + tap_uniform();
		int			games = 1 + tap_below(8);

		for (int g = 0; g < games; g++)
		{
			glicko2_player o = somebody();

			glicko2_add(&e, p.rating, o.rating, o.rd, tap_below(3) / 2.0);
		}
		if (glicko2_close(&p, &e, tau, INFINITY, &after) != CORE_OK)
		{
			roots = false;
			continue;
		}
		{
			double		scale = 173.7178,
						v = 1 / e.information,
						phi2 = p.rd * p.rd / scale / scale,
						delta = e.surprise * v,
						off = paper_f(2 * log(after.volatility), delta * delta, phi2, v, 2 * log(p.volatility), tau) * tau * tau;

			worst = fmax(worst, fabs(off));
		}
		bounds = bounds && after.rd > 0 && after.rd < hypot(p.rd, 173.7178 * after.volatility) && after.volatility > 0;
		signs = signs && (e.surprise > 0 ? after.rating >= p.rating : after.rating <= p.rating);
	}
	ok(roots, "every period has an answer");
	ok(worst < 1e-11, "the new volatility solves the paper's equation within 1e-11");
	if (worst >= 1e-11)
		printf("# worst %g\n", worst);
	ok(bounds, "games lower the deviation that the period began with");
	ok(signs, "who does better than expected gains");
}

static void
expectations_are_sound(void)
{
	bool		mirrored = true,
				shrinks = true,
				total = true;

	for (int i = 0; i < N; i++)
	{
		glicko2_player a = somebody(),
					b = somebody();
		double		rd = 350 * tap_uniform();
		double		e = glicko2_expected(a.rating, b.rating, rd);

		mirrored = mirrored && fabs(e + glicko2_expected(b.rating, a.rating, rd) - 1) < 1e-15;
		shrinks = shrinks && fabs(e - 0.5) <= fabs(glicko2_expected(a.rating, b.rating, 0) - 0.5);
	}
	ok(mirrored, "expected scores of both sides sum to 1");
	ok(shrinks, "doubt draws an expectation towards 1/2");
	for (int i = 0; i < N; i++)
	{
		double		a = tap_adversary(),
					b = tap_adversary(),
					rd = fabs(tap_adversary());

		if (isfinite(a) && isfinite(b) && !isnan(rd))
			total = total && glicko2_expected(a, b, rd) >= 0 && glicko2_expected(a, b, rd) <= 1;
	}
	ok(total, "an expectation is between 0 and 1 for all finite ratings");
}

/* Whatever comes in: a finite answer or a refusal, and never a loop without end. */
static void
adversaries_are_answered_or_refused(void)
{
	bool		good = true;

	for (int i = 0; i < N; i++)
	{
		glicko2_player p = {tap_adversary(), fabs(tap_adversary()), fabs(tap_adversary())};
		glicko2_player after = {0};
		glicko2_evidence e = {0};
		double		tau = fmin(fabs(tap_adversary()), 100);

		for (int g = tap_below(3); g >= 0; g--)
			glicko2_add(&e, p.rating, tap_adversary(), fabs(tap_adversary()), tap_uniform());
		if (!isfinite(p.rating) || !(p.rd > 0) || !(p.volatility > 0) || !(tau > 0))
			continue;
		if (glicko2_close(&p, &e, tau, INFINITY, &after) == CORE_OK)
			good = good && isfinite(after.rating) && isfinite(after.rd) && isfinite(after.volatility) && after.volatility >= 0;
	}
	ok(good, "answered in finite numbers or refused");
}

int
main(void)
{
	glicko2_player p = {1500, 200, 0.06},
				after;
	glicko2_evidence e = {0};

	/* Glickman's example */
	glicko2_add(&e, p.rating, 1400, 30, 1);
	glicko2_add(&e, p.rating, 1550, 100, 0);
	glicko2_add(&e, p.rating, 1700, 300, 0);
	ok(glicko2_close(&p, &e, 0.5, INFINITY, &after) == CORE_OK, "the paper's example");
	close_to(after.rating, 1464.0506705390892, 1e-12, "its rating");
	close_to(after.rd, 151.5165241243043, 1e-12, "its deviation");
	close_to(after.volatility, 0.05999598440067783, 1e-12, "its volatility");
	close_to(glicko2_idle_rd(60, 0.06, 1, INFINITY), 60.898607098460175, 1e-14, "a period without games");
	ok(glicko2_idle_rd(349, 0.06, 100, 350) == 350, "a deviation grows no further than its limit");
	close_to(glicko2_idle_rd(glicko2_idle_rd(60, 0.06, 1, 350), 0.06, 2, 350), glicko2_idle_rd(60, 0.06, 3, 350), 1e-15, "periods add up");
	periods_are_sound();
	expectations_are_sound();
	adversaries_are_answered_or_refused();
	return done_testing();
}
