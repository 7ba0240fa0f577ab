#include "core/calibration.h"
#include "tap.h"

#include <stdbool.h>

#include "core/order.h"

#define MOST 60

static int	checks = 0;

static void
check(void)
{
	checks++;
}

/* ---- by force ----------------------------------------------------------------------------------- */

/* Isotonic regression at point i by its definition: the highest of the lowest means to the right, over all to the left. */
static double
isotonic_by_force(const double *x, const double *y, const double *w, int n, double at)
{
	double		best = -INFINITY;

	for (int a = 0; a < n; a++)
	{
		double		lowest = INFINITY;

		if (x[a] > at)
			continue;
		for (int b = 0; b < n; b++)
		{
			double		sum = 0,
						weight = 0;

			if (x[b] < at)
				continue;
			for (int i = 0; i < n; i++)
				if (x[i] >= x[a] && x[i] <= x[b])
				{
					sum += w[i] * y[i];
					weight += w[i];
				}
			lowest = fmin(lowest, sum / weight);
		}
		best = fmax(best, lowest);
	}
	return best;
}

static double
any_score(int kinds)
{
	return tap_below(10) == 0 ? -0.0 : tap_below(kinds) - kinds / 2;
}

/* How many of so many random sets have a fitted value that is off. */
static int
isotonic_wrong(int sets)
{
	int			wrong = 0;

	for (int set = 0; set < sets; set++)
	{
		int			n = 1 + tap_below(25);
		int			kinds = 1 + tap_below(30);
		bool		ones = tap_below(2);
		double		x[MOST],
					y[MOST],
					w[MOST],
					rows[3 * MOST],
					work[4 * MOST];
		double		least = INFINITY,
					most = -INFINITY;
		long		k;

		for (int i = 0; i < n; i++)
		{
			x[i] = any_score(kinds);
			y[i] = ones ? tap_below(2) : tap_uniform() * 4 - 2;
			w[i] = ones ? 1 : 0.1 + tap_uniform();
			order_key_set(rows + 3 * i, x[i]);
			rows[3 * i + 1] = y[i];
			rows[3 * i + 2] = w[i];
			least = fmin(least, x[i]);
			most = fmax(most, x[i]);
		}
		k = isotonic_fit(rows, work, n, check);
		wrong += !(k >= 1 && k <= n && rows[0] == least && rows[k - 1] == most);
		for (long j = 1; j < k; j++)
			wrong += !(rows[j - 1] < rows[j] && rows[k + j - 1] <= rows[k + j]);
		for (int i = 0; i < n; i++)
		{
			double		value;

			wrong += !(isotonic_apply(rows, rows + k, k, x[i], &value) == CORE_OK && fabs(value - isotonic_by_force(x, y, w, n, x[i])) <= 1e-12);
		}
		{
			double		low,
						high;

			wrong += !(isotonic_apply(rows, rows + k, k, least - 1, &low) == CORE_OK && low == rows[k] &&
					   isotonic_apply(rows, rows + k, k, most + 1, &high) == CORE_OK && high == rows[2 * k - 1]);
		}
	}
	return wrong;
}

/* Venn-Abers by its definition: isotonic regression again with one more row. */
static int
venn_abers_wrong(int sets, double *worst)
{
	int			wrong = 0;

	for (int set = 0; set < sets; set++)
	{
		int			n = 1 + tap_below(set % 100 == 0 ? 50 : 14);
		int			kinds = 1 + tap_below(2 * n);
		double		x[MOST],
					y[MOST],
					w[MOST],
					rows[2 * MOST],
					work[7 * MOST];
		double		last0 = 0,
					last1 = 0;
		long		k;

		for (int i = 0; i < n; i++)
		{
			x[i] = any_score(kinds);
			y[i] = tap_below(2);
			w[i] = 1;
			order_key_set(rows + 2 * i, x[i]);
			rows[2 * i + 1] = y[i];
		}
		w[n] = 1;
		k = venn_abers_fit(rows, work, n, check);
		wrong += !(k >= 1 && k <= n);
		for (double at = -kinds / 2 - 1; at <= kinds / 2 + 1; at += 0.5)
		{
			double		p0,
						p1,
						off;

			venn_abers_apply(work, work + k, work + 2 * k, k, at, &p0, &p1);
			x[n] = at;
			y[n] = 0;
			off = fabs(p0 - isotonic_by_force(x, y, w, n + 1, at));
			y[n] = 1;
			off = fmax(off, fabs(p1 - isotonic_by_force(x, y, w, n + 1, at)));
			*worst = fmax(*worst, off);
			wrong += !(off <= 1e-12) || p0 > p1 || p0 < last0 || p1 < last1 || p0 == 1 || p1 == 0;
			last0 = p0;
			last1 = p1;
		}
	}
	return wrong;
}

static double
beta_loss_of(const double *rows, long n, const double fit[3])
{
	double		loss = 0;

	for (long i = 0; i < n; i++)
	{
		double		z = fit[0] * rows[4 * i] + fit[1] * rows[4 * i + 1] + fit[2];

		loss += rows[4 * i + 3] * ((z > 0 ? z + log1p(exp(-z)) : log1p(exp(z))) - rows[4 * i + 2] * z);
	}
	return loss;
}

static void
beta_row(double *row, double p, int outcome, double weight)
{
	row[0] = log(p);
	row[1] = -log1p(-p);
	row[2] = outcome;
	row[3] = weight;
}

/* Random sets whose fit is no minimum over a, b >= 0: its slopes must be 0, or point outward at a = 0 or b = 0. */
static int
beta_wrong(int sets, int *at_edge)
{
	int			wrong = 0;

	for (int set = 0; set < sets; set++)
	{
		double		rows[4 * MOST],
					fit[3],
					g[3] = {0, 0, 0},
					weight = 0,
					low_hit = 2,
					high_miss = -1;
		int			n = 6 + tap_below(MOST - 6);
		double		tilt = tap_uniform() * 3 - 1;

		for (int i = 0; i < n; i++)
		{
			double		p = tap_below(8) ? 0.01 + 0.98 * tap_uniform() : exp(-30 * tap_uniform()) * 0.5;
			int			outcome = tap_uniform() < 1 / (1 + exp(-tilt * log(p / (1 - p))));

			beta_row(rows + 4 * i, p, outcome, 0.2 + tap_uniform());
			weight += rows[4 * i + 3];
			if (outcome)
				low_hit = fmin(low_hit, p);
			else
				high_miss = fmax(high_miss, p);
		}
		if (!(low_hit < high_miss))
			continue;			/* no finite minimum: another test */
		if (beta_fit(rows, n, fit, check) != CORE_OK)
		{
			wrong++;
			continue;
		}
		for (int i = 0; i < n; i++)
		{
			double		z = fit[0] * rows[4 * i] + fit[1] * rows[4 * i + 1] + fit[2];
			double		d = rows[4 * i + 3] / weight * (1 / (1 + exp(-z)) - rows[4 * i + 2]);

			g[0] += d * rows[4 * i];
			g[1] += d * rows[4 * i + 1];
			g[2] += d;
		}
		*at_edge += fit[0] == 0 || fit[1] == 0;
		wrong += !(fit[0] >= 0 && fit[1] >= 0 && fabs(g[2]) < 1e-10);
		for (int j = 0; j < 2; j++)
			wrong += !(fit[j] == 0 ? g[j] > -1e-10 : fabs(g[j]) < 1e-9);
		/* and nothing near or far is better */
		for (int t = 0; t < 20; t++)
		{
			double		other[3];

			for (int j = 0; j < 3; j++)
				other[j] = fit[j] + (tap_uniform() - 0.5) * (t % 2 ? 1e-3 : 2);
			other[0] = fmax(other[0], 0);
			other[1] = fmax(other[1], 0);
			wrong += beta_loss_of(rows, n, other) < beta_loss_of(rows, n, fit) * (1 - 1e-13);
		}
	}
	return wrong;
}

int
main(void)
{
	double		scores[] = {-2, 0, -1, 0, 0, 1, 1, 0, 2, 1};
	double		flat[] = {3, 1, 3, 0};
	double		rows[] = {0, log(0.9), log(0.1), 0, log(0.9), log(0.1), 0, log(0.9), log(0.1), 0, log(0.9), log(0.1), 1, log(0.9), log(0.1)};
	double		impossible[] = {1, 0, -INFINITY};
	double		probs[] = {0.9, 0.1};
	double		fit[2],
				t,
				out[2];

	ok(platt_fit(scores, 5, fit, check) == CORE_OK, "a sigmoid is found");
	close_to(fit[0], -0.4808612762417825, 1e-12, "A");
	close_to(fit[1], 0.3591553515743047, 1e-12, "B");
	ok(checks > 0, "interrupts are looked at");
	ok(platt_fit(flat, 2, fit, check) == CORE_OK && fit[0] == 0 && fabs(fit[1]) < 1e-15, "scores that say nothing");
	ok(platt_fit(flat, 0, fit, check) == CORE_INVALID, "no rows");
	ok(platt_apply((double[]) {-1, 0}, 1e308) == 1 && platt_apply((double[]) {-1e10, 0}, -1e308) == 0, "no NaN far out");

	ok(temperature_fit(rows, 5, 2, &t, check) == CORE_OK, "a temperature is found");
	close_to(t, log(9) / log(4), 1e-12, "said 0.9, was 0.8");
	temperature_apply(t, probs, 2, out);
	close_to(out[0], 0.8, 1e-12, "applied");
	ok(temperature_fit(rows, 4, 2, &t, check) == CORE_OK && t == TEMPERATURE_LOW, "always right: the lower bound");
	ok(temperature_fit(impossible, 1, 2, &t, check) == CORE_NO_SOLUTION, "what had probability 0 happened");

	/* isotonic */
	{
		double		rows[3],
					work[4],
					value;

		ok(isotonic_wrong(40000) == 0, "isotonic regression is what its definition says, ties and -0 among the scores");
		order_key_set(rows, 7);
		rows[1] = 0.3;
		rows[2] = 2;
		ok(isotonic_fit(rows, work, 1, check) == 1 && isotonic_apply(rows, rows + 1, 1, -1e300, &value) == CORE_OK && value == 0.3, "one row: its value everywhere");
		ok(isotonic_apply((double[]) {-1.7e308, 1.7e308}, (double[]) {0, 1}, 2, 0, &value) == CORE_OK && value == 0.5, "scores as far apart as doubles are");
		ok(isotonic_apply((double[]) {1, 2}, (double[]) {0, NAN}, 2, 1.5, &value) == CORE_INVALID &&
		   isotonic_apply((double[]) {1, 2}, (double[]) {1, 0}, 2, 1.5, &value) == CORE_INVALID &&
		   isotonic_apply((double[]) {2, 1, 3}, (double[]) {0, 1, 2}, 3, NAN, &value) != CORE_NO_CONVERGENCE, "knots that do not ascend");
	}

	/* Venn-Abers */
	{
		double		worst = 0;
		double		set[8],
					held[35],
					p0,
					p1;
		long		k;

		ok(venn_abers_wrong(30000, &worst) == 0, "Venn-Abers is isotonic regression with one more row, at and between scores");
		printf("# largest difference %.2g\n", worst);
		for (int i = 0; i < 4; i++)
		{
			order_key_set(set + 2 * i, i);
			set[2 * i + 1] = i > 1;
		}
		k = venn_abers_fit(set, held, 4, check);
		venn_abers_apply(held, held + k, held + 2 * k, k, 1.5, &p0, &p1);
		ok(p0 == 0 && p1 == 1, "a threshold that separates: nothing known between");
		venn_abers_apply(held, held + k, held + 2 * k, k, 9, &p0, &p1);
		ok(fabs(p0 - 2.0 / 3) < 1e-15 && p1 == 1, "beyond the last: two hits and one more row");
	}

	/* beta */
	{
		double		set[4 * 40],
					beta[3],
					twice[3];
		int			edge = 0,
					wrong = 0;

		ok(beta_wrong(20000, &edge) == 0, "beta calibration: a minimum with a, b >= 0");
		printf("# %d of 20000 at a = 0 or b = 0\n", edge);
		ok(edge > 100, "at the edge too");
		/* the frequencies of its own curve bring it back */
		for (int i = 0; i < 20; i++)
		{
			double		p = (i + 0.5) / 20;
			double		is = beta_apply((double[]) {1.7, 0.6, 0.3}, p);

			beta_row(set + 8 * i, p, 1, is);
			beta_row(set + 8 * i + 4, p, 0, 1 - is);
		}
		ok(beta_fit(set, 40, beta, check) == CORE_OK && fabs(beta[0] - 1.7) < 1e-9 && fabs(beta[1] - 0.6) < 1e-9 && fabs(beta[2] - 0.3) < 1e-9, "finds the curve that made the outcomes");
		/* invariance: weights all doubled; the other outcome of the other probability swaps a and b and turns c */
		for (int i = 0; i < 40; i++)
			set[4 * i + 3] *= 2;
		ok(beta_fit(set, 40, twice, check) == CORE_OK && fabs(twice[0] - beta[0]) < 1e-9 && fabs(twice[2] - beta[2]) < 1e-9, "weights count by their shares");
		for (int i = 0; i < 40; i++)
		{
			double		held = set[4 * i];

			set[4 * i] = -set[4 * i + 1];
			set[4 * i + 1] = -held;
			set[4 * i + 2] = 1 - set[4 * i + 2];
		}
		ok(beta_fit(set, 40, twice, check) == CORE_OK && fabs(twice[0] - beta[1]) < 1e-9 && fabs(twice[1] - beta[0]) < 1e-9 && fabs(twice[2] + beta[2]) < 1e-9, "the other side's story is the same");

		/* where the likelihood has no maximum */
		for (int i = 0; i < 8; i++)
			beta_row(set + 4 * i, (i + 1) / 10.0, i > 3, 1);
		ok(beta_fit(set, 8, beta, check) == CORE_OK && isfinite(beta[0]) && beta_apply(beta, 0.1) < 0.3 && beta_apply(beta, 0.8) > 0.7, "classes that a threshold separates");
		ok(beta_fit(set, 4, beta, check) == CORE_OK && fabs(beta_apply(beta, 0.3) - 1.0 / 6) < 1e-9, "one class: Platt's target");
		for (int i = 0; i < 4; i++)
			beta_row(set + 4 * i, 0.3, i == 0, 1);
		ok(beta_fit(set, 4, beta, check) == CORE_OK && beta[0] == 0 && beta[1] == 0 && fabs(beta_apply(beta, 0.9) - 0.25) < 1e-15, "one probability: the rate");
		for (int i = 0; i < 8; i++)
			beta_row(set + 4 * i, i < 4 ? 0.3 : 0.6, i % 4 == 0 || i == 5, 1);
		ok(beta_fit(set, 8, beta, check) == CORE_OK && beta[0] == beta[1] && fabs(beta_apply(beta, 0.3) - 0.25) < 1e-9 && fabs(beta_apply(beta, 0.6) - 0.5) < 1e-9, "two probabilities: the rate of each");
		for (int i = 0; i < 4000; i++)
		{
			int			n = 1 + tap_below(40);
			double		reach = i % 2 ? 16 : 700;
			core_status status;

			for (int j = 0; j < n; j++)
				beta_row(set + 4 * j, fmin(fmax(tap_below(2) ? tap_uniform() : exp(-reach * tap_uniform()), 5e-324), 1 - 0x1p-53), tap_below(2), exp(-10 * tap_uniform()));
			status = beta_fit(set, n, beta, check);
			wrong += reach < 20 ? status != CORE_OK : status != CORE_OK && status != CORE_NO_CONVERGENCE;
			wrong += status == CORE_OK && !(isfinite(beta[0]) && isfinite(beta[1]) && isfinite(beta[2]) && beta[0] >= 0 && beta[1] >= 0);
		}
		ok(wrong == 0, "probabilities from 1e-7 have a fit, any others one or none");
		ok(beta_apply((double[]) {1, 1, 0}, 0) == 0 && beta_apply((double[]) {1, 1, 0}, 1) == 1 && beta_apply((double[]) {0, 1, 0}, 0) == 0.5 &&
		   beta_apply((double[]) {1, 0, 0}, 1) == 0.5, "limits at certainty");
	}
	return done_testing();
}
