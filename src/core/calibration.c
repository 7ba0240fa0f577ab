#include "core/calibration.h"

#include <math.h>
#include <stdbool.h>

#include "core/order.h"

/* ---- Platt ------------------------------------------------------------------------------------ */

/* ln(1 + exp(x)) without overflow */
static double
softplus(double x)
{
	return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

/* Platt's smoothed targets keep the optimum finite, even of separable scores. */
typedef struct platt_problem
{
	const double *rows;
	long		n;
	double		shift;			/* scores are taken as (score - shift) / scale */
	double		scale;
	double		hit;			/* target of an event that happened */
	double		miss;
	void		(*check) (void);
} platt_problem;

static double
platt_standard(const platt_problem *p, long i)
{
	return (p->rows[2 * i] - p->shift) / p->scale;
}

static double
platt_loss(const platt_problem *p, double a, double b)
{
	double		loss = 0;

	p->check();
	for (long i = 0; i < p->n; i++)
	{
		double		z = a * platt_standard(p, i) + b;

		loss += softplus(z) - (1 - (p->rows[2 * i + 1] ? p->hit : p->miss)) * z;
	}
	return loss;
}

/* Gradient and Hessian in one pass. */
static void
platt_slopes(const platt_problem *p, double a, double b, double g[2], double h[3])
{
	p->check();
	g[0] = g[1] = h[0] = h[1] = h[2] = 0;
	for (long i = 0; i < p->n; i++)
	{
		double		x = platt_standard(p, i);
		double		z = a * x + b;
		double		e = exp(-fabs(z));
		double		q = z > 0 ? 1 / (1 + e) : e / (1 + e);	/* 1 - P */
		double		w = e / ((1 + e) * (1 + e));
		double		d = q - (1 - (p->rows[2 * i + 1] ? p->hit : p->miss));

		g[0] += d * x;
		g[1] += d;
		h[0] += w * x * x;
		h[1] += w * x;
		h[2] += w;
	}
}

/* Newton with halved steps: the loss is convex, so the walk ends at its one minimum. */
static core_status
platt_newton(const platt_problem *p, bool flat, double fit[2])
{
	double		a = fit[0],
				b = fit[1];
	double		loss = platt_loss(p, a, b);

	for (int i = 0; i < 200; i++)
	{
		double		g[2],
					h[3],
					da = 0,
					db,
					step = 1,
					next;

		platt_slopes(p, a, b, g, h);
		if (flat)
			db = -g[1] / h[2];
		else
		{
			double		det = h[0] * h[2] - h[1] * h[1];

			if (!(det > 0))
				return CORE_NO_CONVERGENCE;
			da = -(h[2] * g[0] - h[1] * g[1]) / det;
			db = -(h[0] * g[1] - h[1] * g[0]) / det;
		}
		next = platt_loss(p, a + da, b + db);
		while (!(next <= loss + 1e-13 * fabs(loss)) && step > 1e-10)
		{
			step /= 2;
			next = platt_loss(p, a + step * da, b + step * db);
		}
		a += step * da;
		b += step * db;
		loss = next;
		fit[0] = a;
		fit[1] = b;
		if (fabs(da) <= 1e-12 * (1 + fabs(a)) && fabs(db) <= 1e-12 * (1 + fabs(b)))
			return CORE_OK;
	}
	return CORE_NO_CONVERGENCE;
}

core_status
platt_fit(const double *rows, long n, double fit[2], void (*check) (void))
{
	platt_problem p = {rows, n, 0, 1, 0, 0, check};
	double		hits = 0,
				spread = 0;
	core_status status;

	if (n < 1)
		return CORE_INVALID;
	for (long i = 0; i < n; i++)
	{
		hits += rows[2 * i + 1];
		p.shift += (rows[2 * i] - p.shift) / (i + 1);
		spread = fmax(spread, fabs(rows[2 * i] - rows[0]));
	}
	if (!isfinite(p.shift) || !isfinite(spread))
		return CORE_INVALID;
	p.scale = spread > 0 ? spread : 1;
	p.hit = (hits + 1) / (hits + 2);
	p.miss = 1 / (n - hits + 2);

	fit[0] = 0;
	fit[1] = log((n - hits + 1) / (hits + 1));
	status = platt_newton(&p, spread == 0, fit);
	fit[0] /= p.scale;			/* back to the scores as given */
	fit[1] -= fit[0] * p.shift;
	return status;
}

double
platt_apply(const double fit[2], double score)
{
	return 1 / (1 + exp(fit[0] * score + fit[1]));
}

/* ---- temperature ------------------------------------------------------------------------------ */

/* Derivative of the log loss by beta = 1/T and, into curvature, its own: never negative. */
static double
temperature_slope(const double *rows, long n, int k, double beta, double *curvature)
{
	double		slope = 0;

	*curvature = 0;
	for (long i = 0; i < n; i++)
	{
		const double *logs = rows + i * (k + 1) + 1;
		double		top = logs[0],
					sum = 0,
					mean = 0,
					square = 0;

		for (int c = 1; c < k; c++)
			top = fmax(top, logs[c]);
		for (int c = 0; c < k; c++)
		{
			double		below = logs[c] - top;
			double		w;

			if (isinf(below))
				continue;		/* a class of probability 0 stays at 0 */
			w = exp(beta * below);
			sum += w;
			mean += w * below;
			square += w * below * below;
		}
		mean /= sum;
		slope += mean - (logs[(int) rows[i * (k + 1)]] - top);
		*curvature += square / sum - mean * mean;
	}
	return slope;
}

/* Newton in ln T between bounds that close in, so that no step can run away. */
core_status
temperature_fit(const double *rows, long n, int k, double *temperature, void (*check) (void))
{
	double		low = log(TEMPERATURE_LOW),
				high = log(TEMPERATURE_HIGH);
	double		at = 0;

	if (n < 1)
		return CORE_INVALID;
	for (long i = 0; i < n; i++)
		if (isinf(rows[i * (k + 1) + 1 + (int) rows[i * (k + 1)]]))
			return CORE_NO_SOLUTION;	/* what happened had probability 0: no temperature helps */

	for (int i = 0; i < 100 && high - low > 1e-13; i++)
	{
		double		beta = exp(-at);
		double		curvature;
		double		slope = temperature_slope(rows, n, k, beta, &curvature);
		double		next = at + slope / (beta * curvature);

		check();
		if (slope == 0)
			break;
		if (slope > 0)			/* the loss rises with beta: hotter is better */
			low = at;
		else
			high = at;
		if (!(next > low && next < high))
			next = (low + high) / 2;
		if (fabs(next - at) < 1e-13)
			break;
		at = next;
	}
	/* a bound that never moved and was run into is the answer */
	*temperature = high - at < 1e-12 && high == log(TEMPERATURE_HIGH) ? TEMPERATURE_HIGH :
		at - low < 1e-12 && low == log(TEMPERATURE_LOW) ? TEMPERATURE_LOW : exp(at);
	return CORE_OK;
}

void
temperature_apply(double temperature, const double *probs, int k, double *out)
{
	double		top = probs[0],
				sum = 0;

	for (int c = 1; c < k; c++)
		top = fmax(top, probs[c]);
	for (int c = 0; c < k; c++)
		sum += out[c] = pow(probs[c] / top, 1 / temperature);
	for (int c = 0; c < k; c++)
		out[c] /= sum;
}

/* ---- beta ------------------------------------------------------------------------------------- */

typedef struct beta_problem
{
	const double *rows;
	long		n;
	double		center[2];		/* features are taken less these */
	double		hit;			/* target of an event that happened, and of one that did not */
	double		miss;
	double		total;			/* of the weights */
	int			features;		/* 2: ln p and -ln(1-p). 1: their sum. 0: none */
	void		(*check) (void);
} beta_problem;

static void
beta_features(const beta_problem *p, const double *row, double x[2])
{
	if (p->features == 1)
	{
		x[0] = row[0] + row[1] - p->center[0];
		x[1] = 0;
	}
	else
	{
		x[0] = p->features ? row[0] - p->center[0] : 0;
		x[1] = p->features ? row[1] - p->center[1] : 0;
	}
}

/* The mean loss; where g is given, its gradient and Hessian (00, 01, 11, 0c, 1c, cc) too. */
static double
beta_loss(const beta_problem *p, const double at[3], double g[3], double h[6])
{
	double		loss = 0;

	p->check();
	if (g != NULL)
		g[0] = g[1] = g[2] = h[0] = h[1] = h[2] = h[3] = h[4] = h[5] = 0;
	for (long i = 0; i < p->n; i++)
	{
		const double *row = p->rows + 4 * i;
		double		weight = row[3] / p->total;
		double		target = row[2] ? p->hit : p->miss;
		double		x[2],
					z;

		beta_features(p, row, x);
		z = at[0] * x[0] + at[1] * x[1] + at[2];
		loss += weight * (softplus(z) - target * z);
		if (g != NULL)
		{
			double		e = exp(-fabs(z));
			double		d = weight * ((z > 0 ? 1 / (1 + e) : e / (1 + e)) - target);
			double		w = weight * e / ((1 + e) * (1 + e));

			g[0] += d * x[0];
			g[1] += d * x[1];
			g[2] += d;
			h[0] += w * x[0] * x[0];
			h[1] += w * x[0] * x[1];
			h[2] += w * x[1] * x[1];
			h[3] += w * x[0];
			h[4] += w * x[1];
			h[5] += w;
		}
	}
	return loss;
}

/* Newton's step for those of a and b that are free, and for c, which always is. */
static void
beta_step(const double g[3], const double h[6], const bool free[2], double step[3])
{
	/* c eliminated: what is left is a system of two */
	double		s00 = h[0] - h[3] * h[3] / h[5],
				s01 = h[1] - h[3] * h[4] / h[5],
				s11 = h[2] - h[4] * h[4] / h[5];
	double		r0 = -g[0] + h[3] * g[2] / h[5],
				r1 = -g[1] + h[4] * g[2] / h[5];

	s00 += 1e-14 * h[0];
	s11 += 1e-14 * h[2];
	step[0] = step[1] = 0;
	if (free[0] && free[1] && s00 * s11 - s01 * s01 > 1e-15 * s00 * s11)
	{
		double		det = s00 * s11 - s01 * s01;

		step[0] = (s11 * r0 - s01 * r1) / det;
		step[1] = (s00 * r1 - s01 * r0) / det;
	}
	else if (free[0] && s00 > 0)
		step[0] = r0 / s00;
	else if (free[1] && s11 > 0)
		step[1] = r1 / s11;
	step[2] = (-g[2] - h[3] * step[0] - h[4] * step[1]) / h[5];
}

/* Newton on the face of a, b >= 0 that the slope points to; the loss is convex, so one minimum. */
static core_status
beta_newton(const beta_problem *p, double at[3])
{
	double		g[3],
				h[6];
	double		loss = beta_loss(p, at, g, h);

	for (int i = 0; i < 200; i++)
	{
		bool		free[2] = {p->features > 0 && (at[0] > 0 || g[0] < 0), p->features > 1 && (at[1] > 0 || g[1] < 0)};
		double		step[3],
					next[3] = {0},
					size = 1,
					moved = 0,
					gain;

		if (!(h[5] > 0))
			return CORE_NO_CONVERGENCE;
		beta_step(g, h, free, step);
		for (int j = 0; j < 2; j++)
			if (at[j] == 0 && step[j] < 0)
			{
				free[j] = false;
				beta_step(g, h, free, step);
			}
		for (;; size /= 2)
		{
			for (int j = 0; j < 3; j++)
				next[j] = at[j] + size * step[j];
			for (int j = 0; j < 2; j++)
				next[j] = fmax(next[j], 0);
			gain = loss - beta_loss(p, next, NULL, NULL);
			if (gain >= -1e-13 * fabs(loss) || size < 1e-12)
				break;
		}
		for (int j = 0; j < 3; j++)
		{
			moved = fmax(moved, fabs(next[j] - at[j]) / (1 + fabs(at[j])));
			at[j] = next[j];
		}
		if (!(fabs(at[0]) < 1e6 && fabs(at[1]) < 1e6))
			return CORE_NO_CONVERGENCE;
		if (moved <= 1e-13 || (moved < 1e-8 && gain <= 0))
			return CORE_OK;
		loss = beta_loss(p, at, g, h);
	}
	return CORE_NO_CONVERGENCE;
}

/* Is the score of a below that of b? ln p has no digits left near 1, ln(1-p) none near 0. */
static bool
beta_below(const double *a, const double *b)
{
	return a[0] < b[0] || (a[0] == b[0] && a[1] < b[1]);
}

/* From the rate of the targets, which a = b = 0 gives everywhere. */
static core_status
beta_minimum(const beta_problem *p, double hits, double at[3])
{
	double		misses = p->total - hits;

	at[0] = at[1] = 0;
	at[2] = log((p->hit * hits + p->miss * misses) / ((1 - p->hit) * hits + (1 - p->miss) * misses));
	if (!isfinite(at[2]))
		return CORE_NO_CONVERGENCE;
	return beta_newton(p, at);
}

core_status
beta_fit(const double *rows, long n, double fit[3], void (*check) (void))
{
	beta_problem p = {rows, n, {0, 0}, 1, 0, 0, 2, check};
	const double *low_hit = NULL,
			   *high_miss = NULL,
			   *one = rows,
			   *two = NULL;
	double		hits = 0;
	bool		three = false;
	core_status status;

	for (long i = 0; i < n; i++)
	{
		const double *row = rows + 4 * i;

		p.total += row[3];
		if (row[2])
		{
			hits += row[3];
			if (low_hit == NULL || beta_below(row, low_hit))
				low_hit = row;
		}
		else if (high_miss == NULL || beta_below(high_miss, row))
			high_miss = row;
		if (beta_below(row, one) || beta_below(one, row))
		{
			if (two == NULL)
				two = row;
			else if (beta_below(row, two) || beta_below(two, row))
				three = true;
		}
	}
	/* three numbers need three different scores: of two they are a = b, of one a = b = 0 */
	p.features = three ? 2 : two != NULL ? 1 : 0;
	for (long i = 0; i < n; i++)
	{
		const double *row = rows + 4 * i;
		double		share = row[3] / p.total;

		p.center[0] += share * (p.features == 1 ? row[0] + row[1] : row[0]);
		p.center[1] += share * row[1];
	}
	status = CORE_NO_SOLUTION;
	if (low_hit != NULL && high_miss != NULL && (two == NULL || beta_below(low_hit, high_miss)))
		status = beta_minimum(&p, hits, fit);
	if (status != CORE_OK)
	{
		/* separated, or but for what no double tells apart */
		p.hit = (hits + 1) / (hits + 2);
		p.miss = 1 / (p.total - hits + 2);
		status = beta_minimum(&p, hits, fit);
	}
	if (p.features == 1)
	{
		fit[1] = fit[0];
		fit[2] -= fit[0] * p.center[0];
	}
	else
		fit[2] -= fit[0] * p.center[0] + fit[1] * p.center[1];
	return status;
}

double
beta_apply(const double fit[3], double prob)
{
	double		z = fit[2];

	if (fit[0] > 0)
		z += fit[0] * log(prob);
	if (fit[1] > 0)
		z -= fit[1] * log1p(-prob);
	return 1 / (1 + exp(-z));
}

/* ---- isotonic --------------------------------------------------------------------------------- */

typedef struct isotonic_block
{
	double		first;
	double		last;			/* its scores go from first to last */
	double		sum;			/* of weight times y */
	double		weight;
} isotonic_block;

/* Pool adjacent violators: a block that is not above the one before joins it. */
long
isotonic_fit(double *rows, double *work, long n, void (*check) (void))
{
	isotonic_block *blocks = (isotonic_block *) work;
	long		top = 0,
				k = 0;

	order_sort_rows(rows, work, n, 3, check);
	for (long i = 0; i < n;)
	{
		double		x = order_key_value(rows + 3 * i);
		isotonic_block now = {x, x, 0, 0};

		/* equal scores are one */
		for (; i < n && order_key_value(rows + 3 * i) == x; i++)
		{
			now.sum += rows[3 * i + 1] * rows[3 * i + 2];
			now.weight += rows[3 * i + 2];
		}
		while (top > 0 && blocks[top - 1].sum / blocks[top - 1].weight >= now.sum / now.weight)
		{
			isotonic_block *before = &blocks[--top];

			now.first = before->first;
			now.sum += before->sum;
			now.weight += before->weight;
		}
		blocks[top++] = now;
	}
	for (long i = 0; i < top; i++)
		k += blocks[i].first == blocks[i].last ? 1 : 2;
	for (long i = 0, j = 0; i < top; i++)
	{
		double		y = blocks[i].sum / blocks[i].weight;

		rows[j] = blocks[i].first;
		rows[k + j++] = y;
		if (blocks[i].first < blocks[i].last)
		{
			rows[j] = blocks[i].last;
			rows[k + j++] = y;
		}
	}
	return k;
}

core_status
isotonic_apply(const double *x, const double *y, long k, double score, double *value)
{
	long		low,
				high;
	double		share;

	if (!(score > x[0] && score < x[k - 1]))
	{
		*value = score <= x[0] ? y[0] : y[k - 1];
		return isfinite(*value) ? CORE_OK : CORE_INVALID;
	}
	for (low = 0, high = k - 1; high - low > 1;)
	{
		long		middle = low + (high - low) / 2;

		if (x[middle] <= score)
			low = middle;
		else
			high = middle;
	}
	if (!(x[low] <= score && score < x[high] && isfinite(y[low]) && y[low] <= y[high] && isfinite(y[high])))
		return CORE_INVALID;
	/* halves, so that no difference overflows */
	share = isinf(x[high] - x[low]) ? (score / 2 - x[low] / 2) / (x[high] / 2 - x[low] / 2) : (score - x[low]) / (x[high] - x[low]);
	*value = fmin(fmax((1 - share) * y[low] + share * y[high], y[low]), y[high]);
	return CORE_OK;
}

/* ---- Venn-Abers ------------------------------------------------------------------------------- */

/* slope from point a, with one row of outcome 1 to come, to point b */
static double
rise(const double *hits, const double *rows, long a, long b)
{
	return (hits[b] - hits[a] + 1) / (rows[b] - rows[a] + 1);
}

/* is the slope from a to b no less than that from b to c? whole numbers, exact */
static bool
bends_down(const double *hits, const double *rows, long a, long b, long c)
{
	return (hits[b] - hits[a]) * (rows[c] - rows[b]) >= (hits[c] - hits[b]) * (rows[b] - rows[a]);
}

/*
 * misses[i] and total[i] of the block in which isotonic regression puts one more row of outcome 1 at group i,
 * from 1. rows and hits are counts up to and with each group. The block spans from a on the hull of the
 * points before i to b on that of the points from i on; both only move right as i does (Vovk, Petej & Fedorova 2015).
 */
static void
venn_abers_pass(const double *hits, const double *rows, long k, double *next, double *hull, double *misses, double *total)
{
	long		head = 0,
				tail = 0,
				b = 1;

	next[k] = k;
	for (long j = k - 1; j >= 1; j--)
	{
		long		to = j + 1;

		while (to < k && bends_down(hits, rows, j, to, (long) next[to]))
			to = (long) next[to];
		next[j] = to;
	}
	hull[0] = 0;
	for (long i = 1; i <= k; i++)
	{
		long		a;
		bool		moved = true;

		if (i > 1)
		{
			while (tail > head && bends_down(hits, rows, (long) hull[tail - 1], (long) hull[tail], i - 1))
				tail--;
			hull[++tail] = i - 1;
		}
		if (b < i)
			b = i;
		while (moved)
		{
			moved = false;
			while (b < k && rise(hits, rows, (long) hull[head], (long) next[b]) <= rise(hits, rows, (long) hull[head], b))
			{
				b = (long) next[b];
				moved = true;
			}
			while (head < tail && rise(hits, rows, (long) hull[head + 1], b) >= rise(hits, rows, (long) hull[head], b))
			{
				head++;
				moved = true;
			}
		}
		a = (long) hull[head];
		total[i - 1] = rows[b] - rows[a] + 1;
		misses[i - 1] = total[i - 1] - (hits[b] - hits[a] + 1);
	}
}

/* The story told backwards of what did not happen: p0 is what is left of its p1. */
static void
venn_abers_mirror(double *hits, double *rows, long k)
{
	double		all_hits = hits[k],
				all_rows = rows[k];

	for (long i = 0, j = k; i <= j; i++, j--)
	{
		double		row = all_rows - rows[i],
					miss = row - (all_hits - hits[i]);

		hits[i] = (all_rows - rows[j]) - (all_hits - hits[j]);
		rows[i] = all_rows - rows[j];
		hits[j] = miss;
		rows[j] = row;
	}
}

long
venn_abers_fit(double *rows, double *work, long n, void (*check) (void))
{
	double	   *x = work,
			   *p0,
			   *p1,
			   *count,
			   *hits,
			   *next,
			   *hull;
	long		k = 0,
				kept = 0;

	order_sort_rows(rows, work, n, 2, check);
	/* groups of equal scores, counted up; the arrays overlap nothing, work has 7 (n + 1) */
	count = work + 3 * (n + 1);
	hits = count + n + 1;
	next = hits + n + 1;
	hull = next + n + 1;
	count[0] = hits[0] = 0;
	for (long i = 0; i < n; k++)
	{
		x[k] = order_key_value(rows + 2 * i);
		count[k + 1] = count[k];
		hits[k + 1] = hits[k];
		for (; i < n && order_key_value(rows + 2 * i) == x[k]; i++)
		{
			count[k + 1]++;
			hits[k + 1] += rows[2 * i + 1];
		}
	}
	p0 = work + n + 1;
	p1 = p0 + n + 1;
	check();
	venn_abers_pass(hits, count, k, next, hull, p1, p0);
	for (long i = 0; i < k; i++)
		p1[i] = (p0[i] - p1[i]) / p0[i];
	check();
	venn_abers_mirror(hits, count, k);
	/* rows is free by now: its 2 n places take misses and totals */
	venn_abers_pass(hits, count, k, next, hull, rows, rows + n);
	for (long i = 0; i < k; i++)
		p0[i] = rows[k - 1 - i] / rows[n + k - 1 - i];

	/* a score between equals says nothing: p0 holds from a score on, p1 up to it */
	for (long i = 0; i < k; i++)
		if (i == 0 || i == k - 1 || p0[i] != p0[kept - 1] || p1[i] != p1[i + 1])
		{
			x[kept] = x[i];
			p0[kept] = p0[i];
			p1[kept++] = p1[i];
		}
	for (long i = 0; i < kept; i++)
		x[kept + i] = p0[i];
	for (long i = 0; i < kept; i++)
		x[2 * kept + i] = p1[i];
	return kept;
}

void
venn_abers_apply(const double *x, const double *p0s, const double *p1s, long k, double score, double *p0, double *p1)
{
	long		upto = order_upto(x, k, score);

	*p0 = upto > 0 ? p0s[upto - 1] : 0;
	if (upto > 0 && x[upto - 1] == score)
		upto--;
	*p1 = upto < k ? p1s[upto] : 1;
}
