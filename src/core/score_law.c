#include "core/score_law.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/sum.h"

/* Beyond this many scales from the prediction lies less than 2e-15. */
#define REACH 8.0

#define STEPS 1000
#define CLOSE_ENOUGH 1e-6

core_status
score_law_reach(double prediction, double scale, int *reach)
{
	double		furthest = ceil(fabs(prediction) + REACH * scale);

	if (!(furthest <= SCORE_LAW_MAX))
		return CORE_INVALID;
	*reach = fmax(furthest, 1);
	return CORE_OK;
}

static double
weight_of(const key_numbers *keys, int number)
{
	number = abs(number);
	return number < keys->n ? keys->weights[number] : 1;
}

static void
divide(double *probs, int n, double sum)
{
	for (int i = 0; i < n; i++)
		probs[i] /= sum;
}

core_status
score_law_points(double prediction, const key_numbers *keys, int lowest, int n, double *probs)
{
	double		nearest = fmin(fmax(round(prediction), lowest), (double) lowest + n - 1),
				least = (nearest - prediction) / keys->scale;
	core_sum	sum = {0};

	for (int i = 0; i < n; i++)
	{
		double		z = (lowest + i - prediction) / keys->scale;

		probs[i] = weight_of(keys, lowest + i) * exp((least - z) * (least + z) / 2);
		core_sum_add(&sum, probs[i]);
	}
	if (!(core_sum_value(sum) > 0))
		return CORE_NO_SOLUTION;
	divide(probs, n, core_sum_value(sum));
	return CORE_OK;
}

core_status
score_law_scale(const score_law_case *cases, long n, double *scale)
{
	core_sum	sum = {0};

	for (long i = 0; i < n; i++)
		core_sum_add(&sum, (cases[i].outcome - cases[i].prediction) * (cases[i].outcome - cases[i].prediction));
	*scale = sqrt(core_sum_value(sum) / n);
	return *scale >= SCORE_LAW_MIN_SCALE ? CORE_OK : CORE_NO_SOLUTION;
}

/*
 * Adds the law of games of one prediction to the expected counts. The terms of neighbouring numbers differ by a factor
 * that itself changes by a constant factor: two products a number instead of an exp.
 */
static void
expect(double prediction, long games, double scale, int from, int n, const double *weights, double *terms, double *expected)
{
	double		nearest = fmin(fmax(round(prediction), from), n - 1);
	int			centre = nearest,
				first = fmax(from, ceil(nearest - REACH * scale)),
				last = fmin(n - 1, floor(nearest + REACH * scale));
	double		shrink = exp(-1 / (scale * scale)),
				sum = 0,
				share;

	terms[centre - first] = 1;
	for (int direction = -1; direction <= 1; direction += 2)
	{
		double		factor = exp((direction * 2 * (prediction - nearest) - 1) / (2 * scale * scale)),
					term = 1;

		for (int k = centre + direction; k >= first && k <= last; k += direction)
		{
			terms[k - first] = term *= factor;
			factor *= shrink;
		}
	}
	for (int k = first; k <= last; k++)
	{
		terms[k - first] *= weights[abs(k)];
		sum += terms[k - first];
	}
	share = games / sum;
	for (int k = first; k <= last; k++)
		expected[abs(k)] += terms[k - first] * share;
}

/*
 * Each step maximises a lower bound of the posterior that touches it (minorisation), so that none goes
 * down. The likelihood does not know the weights' common factor; the prior wants their mean to be 1.
 */
void
score_law_fit(const score_law_case *cases, long n_cases, double scale, double prior, int from,
			  int n, double *weights, double *work, void (*check) (void))
{
	double	   *expected = work,
			   *terms = work + n;
	double		change = INFINITY;

	for (int k = 0; k < n; k++)
		weights[k] = 1;
	for (int step = 0; step < STEPS && change > CLOSE_ENOUGH; step++)
	{
		double		sum = 0;

		if (check)
			check();
		memset(expected, 0, n * sizeof(double));
		for (long i = 0, laws = 0, next; i < n_cases; i = next)
		{
			for (next = i + 1; next < n_cases && cases[next].prediction == cases[i].prediction;)
				next++;
			if (check && ++laws % 4096 == 0)
				check();
			expect(cases[i].prediction, next - i, scale, from, n, weights, terms, expected);
		}
		for (int k = 0; k < n; k++)
			terms[k] = prior;
		for (long i = 0; i < n_cases; i++)
			terms[(int) fabs(cases[i].outcome)]++;
		for (int k = 0; k < n; k++)
		{
			terms[k] /= expected[k] / weights[k] + prior;
			sum += terms[k];
		}
		change = 0;
		for (int k = 0; k < n; k++)
		{
			double		next = terms[k] * n / sum;

			change = fmax(change, fabs(next / weights[k] - 1));
			weights[k] = next;
		}
	}
}

void
score_law_of_grid(const score_grid *grid, bool margins, double *probs)
{
	memset(probs, 0, (grid->rows + grid->columns - 1) * sizeof(double));
	for (int h = 0; h < grid->rows; h++)
		for (int a = 0; a < grid->columns; a++)
			probs[margins ? h - a + grid->columns - 1 : h + a] += grid->probs[h * grid->columns + a];
}

void
score_law_outcomes(const score_law *law, double probs[3])
{
	core_sum	sums[3] = {0};

	for (int i = 0; i < law->n; i++)
		core_sum_add(&sums[law->lowest + i > 0 ? 0 : law->lowest + i == 0 ? 1 : 2], law->probs[i]);
	for (int o = 0; o < 3; o++)
		probs[o] = core_sum_value(sums[o]);
}

/* What each outcome is multiplied by to have its probability. */
static core_status
outcome_factors(const double before[3], const double *probs, int outcomes, double factors[3])
{
	double		wanted[3] = {probs[0], probs[1], probs[outcomes - 1]};
	double		sum = probs[0] + probs[outcomes - 1];

	if (outcomes == 2)
	{
		wanted[1] = before[1] / (before[0] + before[1] + before[2]);
		wanted[0] *= (1 - wanted[1]) / sum;
		wanted[2] *= (1 - wanted[1]) / sum;
		sum = 1;
	}
	else
		sum += probs[1];
	for (int o = 0; o < 3; o++)
	{
		factors[o] = before[o] > 0 ? wanted[o] / sum / before[o] : 0;
		if ((before[o] == 0 && wanted[o] > 0) || isinf(factors[o]))
			return CORE_NO_SOLUTION;
	}
	return CORE_OK;
}

/* ---- roots of what rises ------------------------------------------------------------------------ */

typedef double (*rising) (const void *what, double x);

/* Between lo, where f is below 0, and hi, where it is above: secants that keep the root between them (Illinois). */
static double
root_between(rising f, const void *what, double lo, double hi)
{
	double		below = f(what, lo),
				above = f(what, hi),
				x = lo;
	int			kept = 0;

	for (int i = 0; i < STEPS && hi - lo > 1e-14 * fmax(1, fabs(lo)); i++)
	{
		double		value;

		x = lo - below * ((hi - lo) / (above - below));
		/* a secant that hardly moves one end, or leaves, is no better than the middle */
		if (!(x > lo && x < hi) || i % 8 == 7)
			x = lo + (hi - lo) / 2;
		if (!(x > lo && x < hi))
			break;
		value = f(what, x);
		if (fabs(value) <= DBL_EPSILON) /* as near as sums of probabilities can be told */
			return x;
		if (value < 0)
		{
			lo = x;
			below = value;
			above = kept < 0 ? above / 2 : above;
			kept = -1;
		}
		else
		{
			hi = x;
			above = value;
			below = kept > 0 ? below / 2 : below;
			kept = 1;
		}
	}
	return x;
}

/* ---- who wins, and what was said of a line ------------------------------------------------------ */

/* All that reconciling needs of numbers or scores: which outcome they are and what they do to a bet on home and one on over. */
typedef struct buckets
{
	double		mass[3][SETTLE_RESULTS][SETTLE_RESULTS];
	double		factor[3][SETTLE_RESULTS][SETTLE_RESULTS];
} buckets;

/* Tilts of both lines, of which one is being sought. */
typedef struct tilt
{
	const buckets *b;
	double		wanted[3];
	double		pull[2][SETTLE_RESULTS];	/* its mean is 0 as long as a line is worth what it was */
	double		strength[2];
	int			sought;
} tilt;

#define MAX_TILT 3.0

static const double settled[SETTLE_RESULTS] = {1, 0.5, 0, -0.5, -1};

static double
tilted(const tilt *t, const double strength[2], int spread, int total)
{
	return exp(strength[0] * t->pull[0][spread] + strength[1] * t->pull[1][total]);
}

static double
mean_pull(const void *what, double x)
{
	const tilt *t = what;
	double		strength[2] = {t->strength[0], t->strength[1]},
				mean = 0;

	strength[t->sought] = x;
	for (int o = 0; o < 3; o++)
	{
		double		sum = 0,
					pulled = 0;

		for (int s = 0; s < SETTLE_RESULTS; s++)
			for (int r = 0; r < SETTLE_RESULTS; r++)
				if (t->b->mass[o][s][r] > 0)
				{
					double		mass = t->b->mass[o][s][r] * tilted(t, strength, s, r);

					sum += mass;
					pulled += mass * t->pull[t->sought][t->sought ? r : s];
				}
		if (sum > 0)
			mean += t->wanted[o] * (pulled / sum);
	}
	return mean;
}

/* What the lines are worth before: win against loss. */
static void
set_pull(tilt *t, int line)
{
	double		win = 0,
				loss = 0;

	for (int o = 0; o < 3; o++)
		for (int s = 0; s < SETTLE_RESULTS; s++)
			for (int r = 0; r < SETTLE_RESULTS; r++)
			{
				double		result = settled[line ? r : s] * t->b->mass[o][s][r];

				win += fmax(result, 0);
				loss += fmax(-result, 0);
			}
	for (int r = 0; r < SETTLE_RESULTS; r++)
		t->pull[line][r] = win > 0 && loss > 0 ? settled[r] * (settled[r] > 0 ? loss : win) / (win + loss) : 0;
}

/* One line after the other until neither moves: the sum that both lower is convex. */
static void
find_tilt(tilt *t)
{
	for (int i = 0; i < STEPS; i++)
	{
		double		moved = 0;

		for (t->sought = 0; t->sought < 2; t->sought++)
		{
			double		before = t->strength[t->sought];

			if (t->pull[t->sought][SETTLE_WIN] == 0)
				continue;
			t->strength[t->sought] = mean_pull(t, -MAX_TILT) >= 0 ? -MAX_TILT : mean_pull(t, MAX_TILT) <= 0 ? MAX_TILT :
				root_between(mean_pull, t, -MAX_TILT, MAX_TILT);
			moved = fmax(moved, fabs(t->strength[t->sought] - before));
		}
		if (moved <= 1e-12)
			break;
	}
}

/* Fills in what each bucket is multiplied by. */
static core_status
reconcile(buckets *b, const double *probs, int outcomes, const double *lines)
{
	double		before[3] = {0};
	tilt		t = {.b = b};

	for (int o = 0; o < 3; o++)
	{
		core_sum	sum = {0};

		for (int s = 0; s < SETTLE_RESULTS; s++)
			for (int r = 0; r < SETTLE_RESULTS; r++)
				core_sum_add(&sum, b->mass[o][s][r]);
		before[o] = core_sum_value(sum);
	}
	if (outcome_factors(before, probs, outcomes, t.wanted) != CORE_OK)
		return CORE_NO_SOLUTION;
	for (int o = 0; o < 3; o++)
		t.wanted[o] *= before[o];
	for (int line = 0; line < 2; line++)
		if (lines && !isnan(lines[line]))
			set_pull(&t, line);
	find_tilt(&t);
	for (int o = 0; o < 3; o++)
	{
		double		sum = 0;

		for (int s = 0; s < SETTLE_RESULTS; s++)
			for (int r = 0; r < SETTLE_RESULTS; r++)
			{
				b->factor[o][s][r] = tilted(&t, t.strength, s, r);
				sum += b->mass[o][s][r] * b->factor[o][s][r];
			}
		for (int s = 0; s < SETTLE_RESULTS; s++)
			for (int r = 0; r < SETTLE_RESULTS; r++)
				b->factor[o][s][r] = sum > 0 ? b->factor[o][s][r] * t.wanted[o] / sum : 0;
	}
	return CORE_OK;
}

static int
outcome_of(int margin)
{
	return margin > 0 ? 0 : margin == 0 ? 1 : 2;
}

/* What a bet on home or over does; without a line nothing. */
static int
result_at(const double *lines, int line, int number)
{
	return lines == NULL || isnan(lines[line]) ? SETTLE_PUSH : settlement_ahead(line ? number - lines[line] : number + lines[line]);
}

core_status
score_law_reconcile(const score_law *law, const double *probs, int outcomes, const double *lines, double *reconciled)
{
	buckets		b = {0};

	for (int pass = 0; pass < 2; pass++)
	{
		for (int i = 0; i < law->n; i++)
		{
			int			margin = law->lowest + i,
						o = outcome_of(margin),
						s = result_at(lines, 0, margin);

			if (pass == 0)
				b.mass[o][s][SETTLE_PUSH] += law->probs[i];
			else
				reconciled[i] = law->probs[i] * b.factor[o][s][SETTLE_PUSH];
		}
		if (pass == 0 && reconcile(&b, probs, outcomes, lines) != CORE_OK)
			return CORE_NO_SOLUTION;
	}
	return CORE_OK;
}

core_status
score_grid_reconcile(const score_grid *grid, const double probs[3], const double *lines, double *reconciled)
{
	buckets		b = {0};

	for (int pass = 0; pass < 2; pass++)
	{
		for (int h = 0; h < grid->rows; h++)
			for (int a = 0; a < grid->columns; a++)
			{
				int			o = outcome_of(h - a),
							s = result_at(lines, 0, h - a),
							r = result_at(lines, 1, h + a);

				if (pass == 0)
					b.mass[o][s][r] += grid->probs[h * grid->columns + a];
				else
					reconciled[h * grid->columns + a] = grid->probs[h * grid->columns + a] * b.factor[o][s][r];
			}
		if (pass == 0 && reconcile(&b, probs, 3, lines) != CORE_OK)
			return CORE_NO_SOLUTION;
	}
	return CORE_OK;
}

/* ---- what a price at a line implies -------------------------------------------------------------- */

typedef struct points_bet
{
	const key_numbers *keys;
	bool		margins;
	double		line;
	double		prob;
} points_bet;

/* Win against loss at a line, as the binding's laws have it, less the probability that is looked for. */
static double
points_excess(const void *what, double prediction)
{
	const points_bet *b = what;
	double		scale = b->keys->scale,
				shrink = exp(-1 / (scale * scale)),
				nearest,
				win = 0,
				loss = 0;
	int			reach,
				lowest,
				won = ceil((b->margins ? -b->line : b->line) + 0.5),
				lost = floor((b->margins ? -b->line : b->line) - 0.5);

	if (score_law_reach(prediction, scale, &reach) != CORE_OK)
		return prediction > 0 ? 1 : -1;
	lowest = b->margins ? -reach : 0;
	nearest = fmin(fmax(round(prediction), lowest), reach);
	/* neighbouring terms, as in expect() */
	for (int direction = -1; direction <= 1; direction += 2)
	{
		double		factor = exp((direction * 2 * (prediction - nearest) - 1) / (2 * scale * scale)),
					term = 1;
		int			k = nearest;

		if (direction > 0)
		{
			term *= factor;
			factor *= shrink;
			k++;
		}
		for (; k >= lowest && k <= reach; k += direction)
		{
			double		mass = weight_of(b->keys, k) * term;

			if (k >= won)
				win += mass;
			else if (k <= lost)
				loss += mass;
			else
			{
				double		result = settled[settlement_ahead(b->margins ? k + b->line : k - b->line)] * mass;

				win += fmax(result, 0);
				loss += fmax(-result, 0);
			}
			term *= factor;
			factor *= shrink;
		}
	}
	return win + loss > 0 ? win / (win + loss) - b->prob : (prediction > (b->margins ? -b->line : b->line)) - b->prob;
}

core_status
score_law_implied(const key_numbers *keys, bool margins, double line, double prob, double *prediction)
{
	points_bet	b = {keys, margins, line, prob};
	double		even = margins ? -line : line,
				step = keys->scale;

	if (!(prob > 0 && prob < 1))
		return CORE_NO_SOLUTION;
	while (step <= SCORE_LAW_MAX && (points_excess(&b, even - step) > 0 || points_excess(&b, even + step) < 0))
		step *= 2;
	if (fabs(even) + step + REACH * keys->scale > SCORE_LAW_MAX)
		return CORE_NO_SOLUTION;
	*prediction = root_between(points_excess, &b, even - step, even + step);
	return fabs(points_excess(&b, *prediction)) <= 1e-9 ? CORE_OK : CORE_NO_SOLUTION;
}

typedef struct goals_bet
{
	const double *lines;
	const double *probs;
	double		rho;
	double		other;			/* the total while a margin is sought, and the other way round */
} goals_bet;

/* Of the goals below n; of exactly n. */
static double
sum_below(const double *sums, int n, int most)
{
	return n <= 0 ? 0 : sums[n <= most + 1 ? n : most + 1];
}

static double
goal_at(const double *goals, int n, int most)
{
	return n >= 0 && n <= most ? goals[n] : 0;
}

static double
goals_excess(const goals_bet *b, int line, double margin, double total)
{
	double		rates[2] = {fmax((total + margin) / 2, SCORE_LAW_MIN_RATE), fmax((total - margin) / 2, SCORE_LAW_MIN_RATE)},
				goals[2][SCORE_GRID_MAX_GOALS + 1],
				lowest,
				highest,
				rho,
				win = 0,
				loss = 0,
				sums[SCORE_GRID_MAX_GOALS + 2];
	int			most = fmin(fmax(15, ceil(2 * fmax(rates[0], rates[1])) + 10), SCORE_GRID_MAX_GOALS),
				won,
				lost;
	bool		half_won,
				half_lost;

	score_grid_rho_limits(rates[0], rates[1], &lowest, &highest);
	rho = fmin(fmax(b->rho, lowest), highest);
	for (int side = 0; side < 2; side++)
	{
		goals[side][0] = exp(-rates[side]);
		for (int k = 1; k <= most; k++)
			goals[side][k] = goals[side][k - 1] * (rates[side] / k);
	}
	/* a bet's result rises with the number: all of it from won on, half of it one before, and so downwards from lost */
	won = (int) ceil((line ? b->lines[1] : -b->lines[0]) + 0.5);
	lost = (int) floor((line ? b->lines[1] : -b->lines[0]) - 0.5);
	half_won = settled[result_at(b->lines, line, won - 1)] == 0.5;
	half_lost = settled[result_at(b->lines, line, lost + 1)] == -0.5;
	sums[0] = 0;
	for (int k = 0; k <= most; k++)
		sums[k + 1] = sums[k] + goals[1][k];
	for (int h = 0; h <= most; h++)
	{
		/* of the other side's goals: how many at most, or at least, the bet is won with */
		int			w = line ? won - h : h - won,
					l = line ? lost - h : h - lost;

		win += goals[0][h] * ((line ? sums[most + 1] - sum_below(sums, w, most) : sum_below(sums, w + 1, most))
							  + (half_won ? goal_at(goals[1], line ? w - 1 : w + 1, most) / 2 : 0));
		loss += goals[0][h] * ((line ? sum_below(sums, l + 1, most) : sums[most + 1] - sum_below(sums, l, most))
							   + (half_lost ? goal_at(goals[1], line ? l + 1 : l - 1, most) / 2 : 0));
	}
	/* the four low scores that rho moves */
	for (int h = 0; h <= 1; h++)
		for (int a = 0; a <= 1; a++)
		{
			double		low = h == 0 && a == 0 ? -rates[0] * rates[1] : h == 0 ? rates[0] : a == 0 ? rates[1] : -1,
						result = settled[result_at(b->lines, line, line ? h + a : h - a)] * goals[0][h] * goals[1][a] * (fmax(1 + low * rho, 0) - 1);

			win += settled[result_at(b->lines, line, line ? h + a : h - a)] > 0 ? result : 0;
			loss -= settled[result_at(b->lines, line, line ? h + a : h - a)] < 0 ? result : 0;
		}
	return win + loss > 0 ? win / (win + loss) - b->probs[line] : -b->probs[line];
}

static double
margin_excess(const void *what, double margin)
{
	return goals_excess(what, 0, margin, ((const goals_bet *) what)->other);
}

static double
total_excess(const void *what, double total)
{
	return goals_excess(what, 1, ((const goals_bet *) what)->other, total);
}

core_status
score_law_implied_goals(const double lines[2], const double probs[2], double rho, double rates[2])
{
	goals_bet	b = {.lines = lines, .probs = probs, .rho = rho};
	double		margin = 0,
				total = 0;

	/* the margin says almost nothing of the total: each in turn, until both stand still */
	for (int i = 0; i < STEPS; i++)
	{
		double		before[2] = {margin, total},
					least,
					most;

		b.other = margin;
		least = fabs(margin) + 2 * SCORE_LAW_MIN_RATE;
		for (most = fmax(2 * least, 4); most <= SCORE_GRID_MAX_RATE / 2 && total_excess(&b, most) < 0;)
			most *= 2;
		if (most > SCORE_GRID_MAX_RATE / 2 || total_excess(&b, least) > 0)
			return CORE_NO_SOLUTION;
		total = root_between(total_excess, &b, least, most);
		b.other = total;
		most = total - 2 * SCORE_LAW_MIN_RATE;
		if (margin_excess(&b, -most) > 0 || margin_excess(&b, most) < 0)
			return CORE_NO_SOLUTION;
		margin = root_between(margin_excess, &b, -most, most);
		if (fabs(margin - before[0]) + fabs(total - before[1]) <= 1e-12)
		{
			rates[0] = (total + margin) / 2;
			rates[1] = (total - margin) / 2;
			return CORE_OK;
		}
	}
	return CORE_NO_SOLUTION;
}

void
score_law_line(const score_law *law, double sign, double line, double results[SETTLE_RESULTS])
{
	core_sum	sums[SETTLE_RESULTS] = {0};

	for (int i = 0; i < law->n; i++)
		core_sum_add(&sums[settlement_ahead(sign * (law->lowest + i) + line)], law->probs[i]);
	for (int r = 0; r < SETTLE_RESULTS; r++)
		results[r] = core_sum_value(sums[r]);
}
