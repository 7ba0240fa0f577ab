#include "core/overround.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* A book this close to its target has no margin: what is left is the rounding of its own sum. */
#define NO_MARGIN 1e-12
/* Probabilities sum to the target within this. All of them move the same way, so each is as good. */
#define SOLVED 1e-14
/* When no value moves by more than this part of itself, its tangent is exact: the square is left out. */
#define NEAR 1e-7
#define MAX_STEPS 200
/* Newton needs a handful of steps; what takes more is halved. */
#define MANY_STEPS 60

#define NAMED(name, method) {name, sizeof name - 1, method}

static const struct
{
	const char *name;
	size_t		length;
	overround_method method;
}			methods[] =
{
	NAMED("shin", OVERROUND_SHIN),
	NAMED("power", OVERROUND_POWER),
	NAMED("multiplicative", OVERROUND_MULTIPLICATIVE),
	NAMED("basic", OVERROUND_MULTIPLICATIVE),
	NAMED("proportional", OVERROUND_MULTIPLICATIVE),
	NAMED("additive", OVERROUND_ADDITIVE),
	NAMED("odds_ratio", OVERROUND_ODDS_RATIO),
	NAMED("or", OVERROUND_ODDS_RATIO),
	NAMED("logarithmic", OVERROUND_LOGARITHMIC),
	NAMED("wpo", OVERROUND_WPO),
	NAMED("differential_margin_weighting", OVERROUND_WPO),
	NAMED("balanced_book", OVERROUND_BALANCED_BOOK),
	NAMED("bb", OVERROUND_BALANCED_BOOK),
	NAMED("jsd", OVERROUND_JSD),
	NAMED("goto", OVERROUND_GOTO),
	NAMED("goto_conversion", OVERROUND_GOTO),
};

const char *const overround_method_names =
"shin, multiplicative (basic, proportional), power, additive, odds_ratio (or), logarithmic, "
"wpo (differential_margin_weighting), balanced_book (bb), jsd, goto (goto_conversion)";

overround_method
overround_method_find(const char *name, size_t n)
{
	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
		if (methods[i].length == n && memcmp(methods[i].name, name, n) == 0)
			return methods[i].method;
	return OVERROUND_UNKNOWN;
}

bool
overround_needs_margin(overround_method method)
{
	return method == OVERROUND_SHIN || method == OVERROUND_LOGARITHMIC || method == OVERROUND_BALANCED_BOOK ||
		method == OVERROUND_JSD || method == OVERROUND_GOTO;
}

double
overround_book(const double *odds, int n)
{
	double		book = 0;

	for (int i = 0; i < n; i++)
		book += 1 / odds[i];
	return book;
}

/*
 * One market and one direction: n values `from` (quoted or fair probabilities, and what
 * they leave to 1), and the sum that the values `to` must have.
 */
typedef struct market
{
	int			n;
	double		book;			/* sum(from) */
	double		target;			/* sum(to) */
	double		from[OVERROUND_MAX];
	double		rest[OVERROUND_MAX];	/* 1 - from */
	double		work[OVERROUND_MAX];	/* what the method needs of each outcome */
	double		slope[OVERROUND_MAX];	/* how each value moves with the parameter */
} market;

/*
 * Most methods have one parameter, and values that all rise or all fall with it. A step
 * function fills in the values at x, their slopes, and the next x to try; it returns by how
 * much their sum is too large.
 */
typedef double (*step_function) (market *m, double x, double *to, double *next);

/* The last step, when it is so short that values follow their tangents. */
static bool
follow_tangents(market *m, double excess, double *to, double *x)
{
	double		slope = 0,
				move;

	for (int i = 0; i < m->n; i++)
		slope += m->slope[i];
	move = -excess / slope;
	for (int i = 0; i < m->n; i++)
		if (!(fabs(m->slope[i] * move) <= NEAR * to[i]))
			return false;
	for (int i = 0; i < m->n; i++)
		to[i] += m->slope[i] * move;
	*x += move;
	return true;
}

/* A number between two, by magnitude while they are far apart. */
static double
between(double left, double right)
{
	if (right > 4 * left)
		return sqrt(fmax(left, DBL_TRUE_MIN)) * sqrt(fmin(right, DBL_MAX));
	return left + (right - left) / 2;
}

/* Newton's or Halley's steps, kept between the last points seen left and right of the root. */
static core_status
solve(step_function step, bool rising, market *m, double x, double left, double right, double *to, double *root)
{
	double		scale = fmax(1, m->target),
				excess = 0;

	for (int i = 0; i < MAX_STEPS; i++)
	{
		double		next;

		excess = step(m, x, to, &next);
		*root = x;
		if (fabs(excess) <= SOLVED * scale)
			return CORE_OK;
		if (fabs(excess) <= NEAR * scale && follow_tangents(m, excess, to, root))
			return CORE_OK;
		if ((excess > 0) != rising)
			left = x;
		else
			right = x;
		if (!(next > left && next < right) || i > MANY_STEPS)
			next = between(left, right);
		/* as close as doubles come */
		if (!(next > left && next < right))
			break;
		x = next;
	}
	return fabs(excess) <= NO_MARGIN * scale ? CORE_OK : CORE_NO_CONVERGENCE;
}

/* Halley's step for a function, its slope and its curvature. */
static double
halley(double f, double slope, double curve)
{
	return 2 * f * slope / (2 * slope * slope - f * curve);
}

/* ---- power: from^x ------------------------------------------------------------------------ */

/* work is -log(from). Solved in the logarithm of the sum, which is nearly straight. */
static double
power_step(market *m, double x, double *to, double *next)
{
	double		sum = 0,
				first = 0,
				second = 0,
				slope,
				curve;

	for (int i = 0; i < m->n; i++)
	{
		to[i] = x == 1 ? m->from[i] : exp(-x * m->work[i]);
		m->slope[i] = -m->work[i] * to[i];
		sum += to[i];
		first += m->slope[i];
		second -= m->work[i] * m->slope[i];
	}
	slope = first / sum;
	curve = second / sum - slope * slope;
	*next = x - halley(log(sum / m->target), slope, curve);
	return sum - m->target;
}

/* ---- odds_ratio: odds of `to` are those of `from`, divided by x ----------------------------- */

/* work is (1 - from) / from. For equal outcomes one of Halley's steps is exact. */
static double
odds_ratio_step(market *m, double x, double *to, double *next)
{
	double		excess = -m->target,
				slope = 0,
				curve = 0;

	for (int i = 0; i < m->n; i++)
	{
		double		fall = m->work[i];

		to[i] = 1 / (1 + x * fall);
		fall *= to[i];
		m->slope[i] = -to[i] * fall;
		excess += to[i];
		slope += m->slope[i];
		curve -= 2 * m->slope[i] * fall;
	}
	*next = x - halley(excess, slope, curve);
	return excess;
}

/* ---- shin ----------------------------------------------------------------------------------
 * For a market with one winner (1-z)p^2 + zp = a, a = q^2/B. A market of T winners counts as T
 * such markets: p/T, q/T and B/T take the places of p, q and B.
 */

/* p = (sqrt(z^2 + 4(1-z)a) - z) / (2(1-z)) without its cancellation and its pole; work is a. */
static double
shin_step(market *m, double z, double *to, double *next)
{
	double		excess = -1,
				slope = 0,
				curve = 0,
				target = m->target;

	for (int i = 0; i < m->n; i++)
	{
		double		s = sqrt(z * z + 4 * (1 - z) * m->work[i]);
		double		inverse = 1 / (s * (s + z));
		double		p = 2 * m->work[i] * s * inverse;
		double		move;

		inverse *= s + z;		/* 1/s */
		move = -p * (1 - p) * inverse;
		excess += p;
		slope += move;
		curve -= 2 * move * (1 - 2 * p + (1 - z) * move) * inverse;
		m->slope[i] = target * move;
		to[i] = target * p;
	}
	*next = z - halley(excess, slope, curve);
	return excess * target;
}

/* The other way: q = T * S * r, r = sqrt(p^2 + z(p - p^2)), S = sum(r) = sqrt(B/T); work is p/T. */
static double
shin_back_step(market *m, double z, double *to, double *next)
{
	double		root = sqrt(m->target / m->book),
				scale = m->book * root,
				sum = 0,
				slope = 0,
				curve = 0;

	for (int i = 0; i < m->n; i++)
	{
		double		p = m->work[i];
		double		spread = p * (1 - p);
		double		r = sqrt(p * p + z * spread);
		double		move = spread / (2 * r);

		sum += r;
		slope += move;
		curve -= move * move / r;
		m->slope[i] = scale * move;
		to[i] = scale * r;
	}
	*next = z - halley(sum - root, slope, curve);
	return scale * (sum - root);
}

/* z of two outcomes in closed form: u and v are quoted probabilities over the target. */
static double
shin_of_two(double u, double v)
{
	double		book = u + v;
	double		open = fmin(1 - u + v, 1 - v + u) * (1 + fabs(u - v));	/* 1 - (u-v)^2 */

	return (book - 1) * (book - 1 + open) / (book * open);
}

static core_status
shin(market *m, bool back, double *to, double *z)
{
	double		winners = back ? m->book : m->target,
				book = back ? m->target / m->book : m->book / m->target,
				limit = 0;

	if (m->n == 2)
	{
		/* the same as additive */
		double		half = (m->target - m->book) / 2;
		const double *quoted = back ? to : m->from;

		to[0] = m->from[0] + half;
		to[1] = m->from[1] + half;
		*z = shin_of_two(quoted[0] / winners, quoted[1] / winners);
		return CORE_OK;
	}
	for (int i = 0; i < m->n; i++)
	{
		double		part = m->from[i] / winners;

		m->work[i] = back ? part : part * part / book;
		limit += back ? sqrt(part) : m->work[i];
	}
	/* at z = 1, where everybody knows the winner, the margin is the largest that can be */
	if (back ? limit * limit <= book : limit >= 1)
		return CORE_NO_SOLUTION;
	return solve(back ? shin_back_step : shin_step, back, m, fmin((book - 1) / (m->n - 1), 0.5), 0, 1, to, z);
}

/* ---- jsd: the same Jensen-Shannon distance between (p, 1-p) and (q, 1-q) for each outcome ---- */

/* (1+x) log(1+x) + (1-x) log(1-x), 0 <= x <= 1 */
static double
entropy_gap(double x)
{
	double		y = x * x;

	if (x < 0.05)
		return y * (1 + y * (1.0 / 6 + y * (1.0 / 15 + y * (1.0 / 28 + y * (1.0 / 45 + y / 66)))));
	if (x >= 1)
		return 2 * log(2);
	return (1 + x) * log1p(x) + (1 - x) * log1p(-x);
}

/* The distance between u and u - move, v = 1 - u, and how fast it grows with move. */
static double
jsd_distance(double u, double v, double move, double *slope)
{
	double		middle = u - move / 2,
				other = v + move / 2,
				x = fmin(move / 2 / middle, 1),
				y = move / 2 / other,
				distance = sqrt((middle * entropy_gap(x) + other * entropy_gap(y)) / 2);

	*slope = (log1p(y) - log1p(-x)) / (4 * distance);
	return distance;
}

/* How far below u lies the probability at that distance; at most u. */
static double
jsd_move(double u, double v, double distance, double *slope)
{
	double		left = 0,
				right = u,
				move = distance * sqrt(8 * u * v);

	*slope = 0;
	if (!(move < u))
		move = u / 2;
	for (int i = 0; i < MAX_STEPS && move > 0; i++)
	{
		double		steep;
		double		gap = jsd_distance(u, v, move, &steep) - distance;
		double		next = move - gap / steep;

		*slope = 1 / steep;
		if (fabs(next - move) <= 1e-12 * u)
			return next;
		if (gap > 0)
			right = move;
		else
			left = move;
		if (!(next > left && next < right))
			next = left + (right - left) / 2;
		if (!(next > left && next < right))
			break;
		move = next;
	}
	return move;
}

static double
jsd_step(market *m, double distance, double *to, double *next)
{
	double		excess = -m->target,
				slope = 0;

	for (int i = 0; i < m->n; i++)
	{
		to[i] = m->from[i] - jsd_move(m->from[i], m->rest[i], distance, &m->slope[i]);
		m->slope[i] = -m->slope[i];
		slope += m->slope[i];
		excess += to[i];
	}
	*next = distance - excess / slope;
	return excess;
}

/* Upwards: the distance is the same seen from the outcomes that do not happen. */
static double
jsd_back_step(market *m, double distance, double *to, double *next)
{
	double		excess = -m->target,
				slope = 0;

	for (int i = 0; i < m->n; i++)
	{
		to[i] = m->from[i] + jsd_move(m->rest[i], m->from[i], distance, &m->slope[i]);
		slope += m->slope[i];
		excess += to[i];
	}
	*next = distance - excess / slope;
	return excess;
}

static core_status
jsd(market *m, bool back, double *to, overround_fit *fit)
{
	double		excess = -m->target,
				reach = INFINITY,
				start = 0;

	/* Only so far until the outcome with the least room has none left. */
	for (int i = 0; i < m->n; i++)
	{
		double		u = back ? m->rest[i] : m->from[i],
					v = back ? m->from[i] : m->rest[i],
					slope,
					distance = jsd_distance(u, v, u, &slope);

		start += sqrt(8 * u * v);
		if (distance < reach)
		{
			reach = distance;
			fit->outcome = i;
			fit->value = back;
		}
	}
	for (int i = 0; i < m->n; i++)
	{
		double		slope;

		excess += back ? m->from[i] + jsd_move(m->rest[i], m->from[i], reach, &slope) :
			m->from[i] - jsd_move(m->from[i], m->rest[i], reach, &slope);
	}
	if (back ? excess <= 0 : excess >= 0)
		return CORE_NO_SOLUTION;
	fit->outcome = -1;
	start = fabs(m->book - m->target) / start;
	return solve(back ? jsd_back_step : jsd_step, back, m, start < reach ? start : reach / 2, 0, reach, to, &fit->parameter);
}

/* ---- goto: p = q - x * sqrt(1 - q), the same number of standard errors for each outcome --------- */

/* The other way: with root = sqrt(1-q), root^2 + x * root = 1 - p and q = p + x * root. */
static double
goto_back_step(market *m, double x, double *to, double *next)
{
	double		excess = -m->target,
				slope = 0,
				curve = 0;

	for (int i = 0; i < m->n; i++)
	{
		double		s = sqrt(x * x + 4 * m->rest[i]);
		double		root = 2 * m->rest[i] / (s + x);

		to[i] = m->from[i] + x * root;
		m->slope[i] = 2 * root * root / s;
		slope += m->slope[i];
		curve -= 2 * m->slope[i] * (x + 2 * s) / (s * s);
		excess += to[i];
	}
	*next = x - halley(excess, slope, curve);
	return excess;
}

static core_status
goto_conversion(market *m, bool back, double *to, double *x)
{
	double		errors = 0;

	for (int i = 0; i < m->n; i++)
		errors += m->work[i] = sqrt(m->rest[i]);
	*x = fabs(m->book - m->target) / errors;
	if (back)
		return solve(goto_back_step, true, m, *x, 0, INFINITY, to, x);
	for (int i = 0; i < m->n; i++)
		to[i] = m->from[i] - *x * m->work[i];
	return CORE_OK;
}

/* ---- all of them -------------------------------------------------------------------------------- */

/* from -> to: quoted -> fair, or back. With a margin the fair sum is the smaller. */
static core_status
convert(market *m, bool back, overround_method method, double *to, overround_fit *fit)
{
	double		fair = back ? m->book : m->target,
				quoted = back ? m->target : m->book,
				shift = (m->target - m->book) / m->n,
				rest = 0;
	core_status status = CORE_OK;

	fit->parameter = NAN;
	fit->outcome = -1;
	if (fabs(quoted - fair) <= NO_MARGIN * fair)
	{
		for (int i = 0; i < m->n; i++)
			to[i] = m->from[i] * (m->target / m->book);
		if (method == OVERROUND_POWER || method == OVERROUND_ODDS_RATIO)
			fit->parameter = 1;
		else if (overround_needs_margin(method))
			fit->parameter = 0;
		return CORE_OK;
	}
	if (quoted < fair && overround_needs_margin(method))
		return CORE_NO_SOLUTION;
	switch (method)
	{
		case OVERROUND_MULTIPLICATIVE:
			for (int i = 0; i < m->n; i++)
				to[i] = m->from[i] * (m->target / m->book);
			break;
		case OVERROUND_ADDITIVE:
		case OVERROUND_WPO:
			for (int i = 0; i < m->n; i++)
				to[i] = m->from[i] + shift;
			break;
		case OVERROUND_POWER:
			for (int i = 0; i < m->n; i++)
				m->work[i] = m->from[i] < 0.5 ? -log(m->from[i]) : -log1p(-m->rest[i]);
			status = solve(power_step, false, m, 1, 0, INFINITY, to, &fit->parameter);
			if (back)
				fit->parameter = 1 / fit->parameter;
			break;
		case OVERROUND_ODDS_RATIO:
		case OVERROUND_LOGARITHMIC:
			for (int i = 0; i < m->n; i++)
				m->work[i] = m->rest[i] / m->from[i];
			status = solve(odds_ratio_step, false, m, 1, 0, INFINITY, to, &fit->parameter);
			if (back)
				fit->parameter = 1 / fit->parameter;
			if (method == OVERROUND_LOGARITHMIC)
				fit->parameter = log(fit->parameter);
			break;
		case OVERROUND_SHIN:
			status = shin(m, back, to, &fit->parameter);
			break;
		case OVERROUND_BALANCED_BOOK:
			fit->parameter = (quoted - fair) / (m->n - fair);
			for (int i = 0; i < m->n; i++)
				rest += m->rest[i];
			/* (q-z)/(1-z), from what is left to 1, of which nothing is lost */
			for (int i = 0; i < m->n; i++)
				to[i] = back ? m->from[i] + fit->parameter * m->rest[i] : 1 - m->rest[i] * ((m->n - fair) / rest);
			break;
		case OVERROUND_JSD:
			status = jsd(m, back, to, fit);
			break;
		case OVERROUND_GOTO:
			status = goto_conversion(m, back, to, &fit->parameter);
			break;
		default:
			return CORE_INVALID;
	}
	/* the worst offender, for the message; a fair value rounded to 1 is one below 1 */
	for (int i = 0; status == CORE_OK && i < m->n; i++)
	{
		bool		low = !(to[i] > 0 && (!back || 1 / to[i] <= DBL_MAX)),
					high = to[i] > 1 || (to[i] == 1 && (back || quoted < fair));

		if ((low || high) && (fit->outcome < 0 || fabs(to[i] - 0.5) > fabs(fit->value - 0.5)))
		{
			fit->outcome = i;
			fit->value = to[i];
		}
	}
	if (status == CORE_OK)
		return fit->outcome < 0 ? CORE_OK : CORE_NO_SOLUTION;
	return status;
}

core_status
overround_remove(const double *odds, int n, overround_method method, double target, double *probs, overround_fit *fit)
{
	market		m;

	if (!(n >= OVERROUND_MIN && n <= OVERROUND_MAX && target > 0 && target < n))
		return CORE_INVALID;
	m.n = n;
	m.target = target;
	m.book = 0;
	for (int i = 0; i < n; i++)
	{
		m.book += m.from[i] = 1 / odds[i];
		m.rest[i] = (odds[i] - 1) / odds[i];
	}
	return convert(&m, false, method, probs, fit);
}

core_status
overround_add(const double *probs, int n, overround_method method, double overround, double *odds, overround_fit *fit)
{
	market		m;
	core_status status;

	m.book = 0;
	for (int i = 0; i < n; i++)
	{
		m.book += m.from[i] = probs[i];
		m.rest[i] = 1 - probs[i];
	}
	m.n = n;
	m.target = m.book * (1 + overround);
	if (!(n >= OVERROUND_MIN && n <= OVERROUND_MAX && m.target > 0))
		return CORE_INVALID;
	fit->outcome = -1;
	if (m.target >= n)
		return CORE_NO_SOLUTION;
	status = convert(&m, true, method, odds, fit);
	for (int i = 0; i < n; i++)
		odds[i] = 1 / odds[i];
	return status;
}
