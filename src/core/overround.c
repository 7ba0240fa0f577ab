#include "core/overround.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* A book this close to its target has no margin: what is left is the rounding of its own sum. */
#define NO_MARGIN 1e-12
/* Probabilities sum to the target within this. All of them move the same way, so each is as good. */
#define SOLVED 1e-14
/* When no value moves by more than this part of itself, its parabola is exact: the cube is left out. */
#define NEAR 5e-6
#define MAX_STEPS 200
/* Newton needs a handful of steps; what takes more is halved. */
#define MANY_STEPS 60

const char *const overround_method_names =
"shin, multiplicative (basic, proportional), power, additive, odds_ratio (or), logarithmic, "
"wpo (differential_margin_weighting), balanced_book (bb), jsd, goto (goto_conversion)";

/* Of a length known to the compiler: a comparison or two, no call. */
#define NAMED(literal) (n == sizeof literal - 1 && memcmp(name, literal, n) == 0)

overround_method
overround_method_find(const char *name, size_t n)
{
	if (NAMED("shin"))
		return OVERROUND_SHIN;
	if (NAMED("power"))
		return OVERROUND_POWER;
	if (NAMED("multiplicative") || NAMED("basic") || NAMED("proportional"))
		return OVERROUND_MULTIPLICATIVE;
	if (NAMED("additive"))
		return OVERROUND_ADDITIVE;
	if (NAMED("odds_ratio") || NAMED("or"))
		return OVERROUND_ODDS_RATIO;
	if (NAMED("logarithmic"))
		return OVERROUND_LOGARITHMIC;
	if (NAMED("wpo") || NAMED("differential_margin_weighting"))
		return OVERROUND_WPO;
	if (NAMED("balanced_book") || NAMED("bb"))
		return OVERROUND_BALANCED_BOOK;
	if (NAMED("jsd"))
		return OVERROUND_JSD;
	if (NAMED("goto") || NAMED("goto_conversion"))
		return OVERROUND_GOTO;
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

/* One outcome on its way from a quoted to a fair probability, or back. */
typedef struct side
{
	double		from;
	double		rest;			/* 1 - from, for the methods that want it */
	double		work;			/* what else the method needs */
	double		slope;			/* how the new value moves with the parameter, */
	double		bend;			/* and how that does */
} side;

typedef struct market
{
	int			n;
	bool		back;
	const double *given;		/* odds, or probabilities on the way back */
	double		book;			/* sum(from) */
	double		target;			/* the sum that the new values must have */
	double		move;			/* how far the parameter should move, in the unit of slope and bend */
	side		at[OVERROUND_MAX];
} market;

/* 1 - from, of which nothing is lost near 1. */
static void
find_rest(market *m)
{
	for (int i = 0; i < m->n; i++)
		m->at[i].rest = m->back ? 1 - m->given[i] : (m->given[i] - 1) / m->given[i];
}

/*
 * Most methods have one parameter, and values that all rise or all fall with it. A step
 * function fills in the values at x, their slopes and bends, and the next x to try by Halley's
 * step; it returns by how much their sum is too large.
 */
typedef double (*step_function) (market *m, double x, double *to, double *next);

/* The last step, when it is so short that values follow their parabolas. */
static bool
follow_parabolas(market *m, double *to)
{
	double		sum = 0;

	for (int i = 0; i < m->n; i++)
	{
		double		along = m->move * (m->at[i].slope + m->move / 2 * m->at[i].bend);

		if (!(fabs(along) <= NEAR * to[i]))
			return false;
		sum += m->at[i].bend = to[i] + along;
	}
	if (!(fabs(sum - m->target) <= SOLVED * fmax(1, m->target)))
		return false;
	for (int i = 0; i < m->n; i++)
		to[i] = m->at[i].bend;
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

/* Halley's steps, kept between the last points seen left and right of the root. */
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
		if (fabs(excess) <= NEAR * scale && follow_parabolas(m, to))
		{
			*root = next;
			return CORE_OK;
		}
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
	return fabs(excess) <= 10 * SOLVED * scale ? CORE_OK : CORE_NO_CONVERGENCE;
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
		to[i] = x == 1 ? m->at[i].from : exp(-x * m->at[i].work);
		m->at[i].slope = -m->at[i].work * to[i];
		m->at[i].bend = -m->at[i].work * m->at[i].slope;
		sum += to[i];
		first += m->at[i].slope;
		second += m->at[i].bend;
	}
	slope = first / sum;
	curve = second / sum - slope * slope;
	m->move = -halley(log(sum / m->target), slope, curve);
	*next = x + m->move;
	return sum - m->target;
}

/* ---- odds_ratio: odds of `to` are those of `from`, divided by x ----------------------------- */

/*
 * work is (1 - from) / from. Slope and bend are for a move in parts of x, which may be of any size.
 * For equal outcomes one of Halley's steps in x itself is exact.
 */
static double
odds_ratio_step(market *m, double x, double *to, double *next)
{
	double		excess = -m->target,
				slope = 0,
				curve = 0;

	for (int i = 0; i < m->n; i++)
	{
		double		fall = x * m->at[i].work;

		to[i] = 1 / (1 + fall);
		fall *= to[i];
		m->at[i].slope = -to[i] * fall;
		m->at[i].bend = -2 * m->at[i].slope * fall;
		excess += to[i];
		slope += m->at[i].slope;
		curve += m->at[i].bend;
	}
	m->move = -halley(excess, slope, curve);
	*next = x + x * m->move;
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
		double		s = sqrt(z * z + 4 * (1 - z) * m->at[i].work);
		double		inverse = 1 / (s * (s + z));
		double		p = 2 * m->at[i].work * s * inverse;
		double		move,
					bend;

		inverse *= s + z;		/* 1/s */
		move = -p * (1 - p) * inverse;
		bend = -2 * move * (1 - 2 * p + (1 - z) * move) * inverse;
		excess += p;
		slope += move;
		curve += bend;
		m->at[i].slope = target * move;
		m->at[i].bend = target * bend;
		to[i] = target * p;
	}
	m->move = -halley(excess, slope, curve);
	*next = z + m->move;
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
		double		p = m->at[i].work;
		double		spread = p * (1 - p);
		double		r = sqrt(p * p + z * spread);
		double		move = spread / (2 * r);

		sum += r;
		slope += move;
		curve -= move * move / r;
		m->at[i].slope = scale * move;
		m->at[i].bend = -scale * move * move / r;
		to[i] = scale * r;
	}
	m->move = -halley(sum - root, slope, curve);
	*next = z + m->move;
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
shin(market *m, double *to, double *z)
{
	double		winners = m->back ? m->book : m->target,
				book = m->back ? m->target / m->book : m->book / m->target,
				limit = 0;

	if (m->n == 2)
	{
		/* the same as additive */
		double		half = (m->target - m->book) / 2;

		to[0] = m->at[0].from + half;
		to[1] = m->at[1].from + half;
		*z = m->back ? shin_of_two(to[0] / winners, to[1] / winners) :
			shin_of_two(m->at[0].from / winners, m->at[1].from / winners);
		return CORE_OK;
	}
	for (int i = 0; i < m->n; i++)
	{
		double		part = m->at[i].from / winners;

		m->at[i].work = m->back ? part : part * part / book;
		limit += m->back ? sqrt(part) : m->at[i].work;
	}
	/* at z = 1, where everybody knows the winner, the margin is the largest that can be */
	if (m->back ? limit * limit <= book : limit >= 1)
		return CORE_NO_SOLUTION;
	return solve(m->back ? shin_back_step : shin_step, m->back, m, fmin((book - 1) / (m->n - 1), 0.5), 0, 1, to, z);
}

/* ---- jsd: the same Jensen-Shannon distance between (p, 1-p) and (q, 1-q) for each outcome ---- */

/* (1+x) log(1+x) + (1-x) log(1-x), 0 <= x <= 1, from the two logarithms */
static double
entropy_gap(double x, double above, double below)
{
	double		y = x * x;

	if (x < 0.05)
		return y * (1 + y * (1.0 / 6 + y * (1.0 / 15 + y * (1.0 / 28 + y * (1.0 / 45 + y / 66)))));
	return (1 + x) * above + (x < 1 ? (1 - x) * below : 0);
}

/*
 * The squared distance between u and u - move, v = 1 - u, with m halfway between them:
 * (m gap(h/m) + (1-m) gap(h/(1-m))) / 2, h = move/2. And its slope and bend in move.
 */
static double
jsd_square(double u, double v, double move, double *slope, double *bend)
{
	double		middle = u - move / 2,
				other = v + move / 2,
				x = fmin(move / 2 / middle, 1),
				y = move / 2 / other,
				below = log1p(-x),
				above = log1p(y);

	*slope = (above - below) / 2;
	*bend = (1 / (u - move) + 1 / (v + move) - 0.5 / middle - 0.5 / other) / 2;
	return (middle * entropy_gap(x, log1p(x), below) + other * entropy_gap(y, above, log1p(-y))) / 2;
}

/* How far from u, at most u, the probability at that distance lies below; first guess in *move. */
static void
jsd_move(double u, double v, double distance, double *move, double *slope, double *bend)
{
	double		left = 0,
				right = u,
				x = *move;

	if (!(x > 0 && x < u))
		x = fmin(distance * sqrt(8 * u * v), u / 2);
	for (int i = 0; i < MAX_STEPS; i++)
	{
		double		first,
					second,
					square = jsd_square(u, v, x, &first, &second),
					root = sqrt(square),
					gap = root - distance,
					rise = first / (2 * root),
					next = x - halley(gap, rise, (second - 2 * rise * rise) / (2 * root));

		*slope = 2 * distance / first;
		*bend = (2 - second * *slope * *slope) / first;
		if (gap > 0)
			right = x;
		else
			left = x;
		if (fabs(next - x) <= 1e-12 * u)
		{
			x = next;
			break;
		}
		if (!(next > left && next < right) || i > MANY_STEPS)
			next = left + (right - left) / 2;
		if (!(next > left && next < right))
			break;
		x = next;
	}
	*move = x;
}

/* work is how far each value moved last. Upwards the distance is that of the outcomes that do not happen. */
static double
jsd_step(market *m, double distance, double *to, double *next)
{
	double		excess = -m->target,
				slope = 0,
				curve = 0,
				sign = m->back ? 1 : -1;

	for (int i = 0; i < m->n; i++)
	{
		double		u = m->back ? m->at[i].rest : m->at[i].from,
					v = m->back ? m->at[i].from : m->at[i].rest;

		jsd_move(u, v, distance, &m->at[i].work, &m->at[i].slope, &m->at[i].bend);
		to[i] = m->at[i].from + sign * m->at[i].work;
		excess += to[i];
		slope += m->at[i].slope *= sign;
		curve += m->at[i].bend *= sign;
	}
	m->move = -halley(excess, slope, curve);
	*next = distance + m->move;
	return excess;
}

static core_status
jsd(market *m, double *to, overround_fit *fit)
{
	double		reach = INFINITY,
				start = 0,
				excess,
				unused;
	int			lowest = 0;
	core_status status;

	/* Only so far until the outcome with the least room has none left. */
	for (int i = 0; i < m->n; i++)
	{
		double		u = m->back ? m->at[i].rest : m->at[i].from,
					v = m->back ? m->at[i].from : m->at[i].rest,
					square = jsd_square(u, v, u, &unused, &unused);

		start += sqrt(8 * u * v);
		m->at[i].work = 0;
		if (square < reach)
		{
			reach = square;
			lowest = i;
		}
	}
	reach = sqrt(reach);
	start = fmin(fabs(m->book - m->target) / start, reach / 2);
	status = solve(jsd_step, m->back, m, start, 0, reach, to, &fit->parameter);
	if (status == CORE_OK)
		return CORE_OK;
	excess = jsd_step(m, reach, to, &unused);
	if (!((m->back ? -excess : excess) >= -SOLVED))
		return status;
	fit->outcome = lowest;
	fit->value = m->back;
	return CORE_NO_SOLUTION;
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
		double		s = sqrt(x * x + 4 * m->at[i].rest);
		double		root = 2 * m->at[i].rest / (s + x);

		to[i] = m->at[i].from + x * root;
		m->at[i].slope = 2 * root * root / s;
		m->at[i].bend = -m->at[i].slope * (x + 2 * s) / (s * s);
		slope += m->at[i].slope;
		curve += m->at[i].bend;
		excess += to[i];
	}
	m->move = -halley(excess, slope, curve);
	*next = x + m->move;
	return excess;
}

static core_status
goto_conversion(market *m, double *to, double *x)
{
	double		errors = 0;

	for (int i = 0; i < m->n; i++)
		errors += m->at[i].work = sqrt(m->at[i].rest);
	*x = fabs(m->book - m->target) / errors;
	if (m->back)
		return solve(goto_back_step, true, m, *x, 0, INFINITY, to, x);
	for (int i = 0; i < m->n; i++)
		to[i] = m->at[i].from - *x * m->at[i].work;
	return CORE_OK;
}

/* ---- the markets of every day: few outcomes, usual odds, one winner ------------------------------
 * A start of the third order that costs next to nothing, as a rule one look at the values there, and
 * the rest of the way along their derivatives. What is not ready then is left to the steps below.
 */

#define FEW 8
#define FEW_LOOKS 3
#define USUAL_ODDS 1e4			/* all together */
#define USUAL_BOOK_MIN (1 + 1e-9)
#define USUAL_BOOK_MAX 1.5
/* When no value moves by more than this part of itself, its cubic is exact. */
#define CLOSE 1e-4

/* The root of f + a x + b x^2/2 + c x^3/6 that is near 0. */
static inline double
cubic_move(double f, double a, double b, double c)
{
	double		one = 1 / a,
				u = -f * one;

	b *= one / 2;
	c *= one / 6;
	return u * (1 - u * (b - u * (2 * b * b - c)));
}

/* Probabilities of a winner, each in (0,1)? */
static inline bool
probabilities(const double *to, int n)
{
	double		sum = 0;
	bool		good = true;

	for (int i = 0; i < n; i++)
	{
		sum += to[i];
		good &= to[i] > 0 && to[i] < 1;
	}
	return good && fabs(sum - 1) <= SOLVED;
}

/* Two outcomes at once, by the same arithmetic as one alone. */
typedef double pair __attribute__((vector_size(2 * sizeof(double))));

static inline double
sum_of(pair x)
{
	return x[0] + x[1];
}

/* 1 - exp(-y), 0 <= y <= SMALL_FALL, by its Pade approximant [6/6], which is exact there. */
#define SMALL_FALL 0.6
static inline pair
fall(pair y)
{
	pair		z = y * y,
				odd = y * (1.0 / 2 + z * (1.0 / 66) + z * z * (1.0 / 15840)),
				even = 1.0 + z * (5.0 / 44) + z * z * (1.0 / 792 + z * (1.0 / 665280));

	return (odd + odd) / (even + odd);
}

/*
 * With x = 1 + d, each value falls by 1 - exp(-d log(odds)) of itself. The start is in the logarithm of
 * the sum, of which the cumulants of log(odds) are the derivatives. The last of an odd number of outcomes
 * goes beside one of probability 0.
 */
static inline __attribute__((always_inline)) bool
power_of_pairs(const double *odds, int n, const int pairs, double *to, double *x)
{
	pair		from[FEW / 2],
				value[FEW / 2],
				slope[FEW / 2],
				logs[FEW / 2],
				sum = {0, 0},
				first = sum,
				second = sum,
				third = sum;
	double		longest = 0,
				book,
				inverse,
				part,
				square,
				mean,
				a,
				b,
				c,
				u,
				d;

#pragma GCC unroll 4
	for (int i = 0; i < pairs; i++)
	{
		double		log_left = log(odds[2 * i]),
					log_right = 0,
					right = 0;

		if (2 * i + 1 < n)
		{
			log_right = log(odds[2 * i + 1]);
			right = 1 / odds[2 * i + 1];
		}
		longest = longest > log_left ? longest : log_left;
		longest = longest > log_right ? longest : log_right;
		logs[i] = (pair) {log_left, log_right};
		sum += from[i] = (pair) {1 / odds[2 * i], right};
	}
	book = sum_of(sum);
	if (!(book > USUAL_BOOK_MIN && book < USUAL_BOOK_MAX))
		return false;
#pragma GCC unroll 4
	for (int i = 0; i < pairs; i++)
	{
		pair		moment = from[i] * logs[i];

		first += moment;
		second += moment *= logs[i];
		third += moment * logs[i];
	}
	inverse = 1 / book;
	mean = sum_of(first) * inverse;
	a = 1 / sum_of(first);
	b = sum_of(second) * (1.0 / 2);
	c = sum_of(third) * (1.0 / 6) * a + (mean * mean * (1.0 / 3) - b * inverse);
	b = b * a - mean * (1.0 / 2);
	/* log(book) = 2 atanh((book - 1) / (book + 1)) */
	part = (book - 1) / (book + 1);
	square = part * part;
	u = a * (book * 2 * part * (1 + square * (1.0 / 3 + square * (1.0 / 5 + square * (1.0 / 7)))));
	d = u + u * u * b + u * u * u * (2 * b * b - c);
	for (int look = 0; look < FEW_LOOKS && d * longest <= SMALL_FALL; look++)
	{
		first = second = sum = (pair) {0, 0};
#pragma GCC unroll 4
		for (int i = 0; i < pairs; i++)
		{
			pair		lost = from[i] * fall(d * logs[i]);

			sum += lost;
			value[i] = from[i] - lost;
			first += slope[i] = value[i] * logs[i];
			second += slope[i] * logs[i];
		}
		a = 1 / sum_of(first);
		b = sum_of(second) * a * (1.0 / 2);
		u = (book - 1 - sum_of(sum)) * a;
		d += u + u * u * b;
		if (!(fabs(u) * longest <= NEAR))
			continue;
		/* parabolas of u, which is there before what it adds to d */
		sum = (pair) {0, 0};
#pragma GCC unroll 4
		for (int i = 0; i < pairs; i++)
		{
			sum += value[i] -= u * (slope[i] - u * (slope[i] * (logs[i] * (1.0 / 2) - b)));
			to[2 * i] = value[i][0];
			if (2 * i + 1 < n)
				to[2 * i + 1] = value[i][1];
		}
		*x = 1 + d;
		return fabs(sum_of(sum) - 1) <= SOLVED;
	}
	return false;
}

/* A number of pairs that the compiler knows leaves no loops. */
static bool
power_of_few(const double *odds, int n, double *to, double *x)
{
	switch ((n + 1) / 2)
	{
		case 1:
			return power_of_pairs(odds, n, 1, to, x);
		case 2:
			return power_of_pairs(odds, n, 2, to, x);
		case 3:
			return power_of_pairs(odds, n, 3, to, x);
		default:
			return power_of_pairs(odds, n, 4, to, x);
	}
}

/*
 * Shin's p at z = 0 is q/sqrt(B), its derivatives there are -(1-p)/2, (1/p - 4 + 3p)/4 and
 * 3(3/p - 8 + 5p)/8: their sums follow from those of the odds and of 1/odds.
 */
static bool
shin_of_few(const double *odds, int n, double *to, double *z)
{
	double		book = 0,
				long_odds = 0,
				root,
				one,
				work[FEW],
				slope[FEW],
				bend[FEW],
				twist[FEW];

	for (int i = 0; i < n; i++)
	{
		book += work[i] = 1 / odds[i];
		long_odds += odds[i];
	}
	if (!(book > USUAL_BOOK_MIN && book < USUAL_BOOK_MAX && long_odds < USUAL_ODDS))
		return false;
	one = 1 / book;
	root = sqrt(book);
	for (int i = 0; i < n; i++)
		work[i] *= work[i] * one;
	long_odds *= root;
	*z = cubic_move(root - 1, (root - n) / 2, (long_odds - 4 * n + 3 * root) / 4, 3 * (3 * long_odds - 8 * n + 5 * root) / 8);
	for (int look = 0; look < FEW_LOOKS; look++)
	{
		double		excess = -1,
					first = 0,
					second = 0,
					third = 0,
					move,
					left = 1 - *z;
		bool		close = true;

		if (!(*z > 0 && *z < 1))
			return false;
		for (int i = 0; i < n; i++)
		{
			/* as in shin_step; the third derivative is that of (1-z)p^2 + zp = a again */
			double		s = sqrt(*z * *z + 4 * left * work[i]),
						inverse = 1 / (s * (s + *z)),
						p = 2 * work[i] * s * inverse,
						h;

			inverse *= s + *z;
			slope[i] = -p * (1 - p) * inverse;
			h = 1 - 2 * p + left * slope[i];
			bend[i] = -2 * slope[i] * h * inverse;
			twist[i] = -(bend[i] * (3 * h + 3 * left * slope[i]) - 6 * slope[i] * slope[i]) * inverse;
			excess += to[i] = p;
			first += slope[i];
			second += bend[i];
			third += twist[i];
		}
		move = cubic_move(excess, first, second, third);
		*z += move;
		for (int i = 0; i < n; i++)
			close &= fabs(move * slope[i]) <= CLOSE * to[i];
		if (!close)
			continue;
		for (int i = 0; i < n; i++)
			to[i] += move * (slope[i] + move * (bend[i] * 0.5 + move * (twist[i] * (1.0 / 6))));
		return probabilities(to, n);
	}
	return false;
}

/* Shin or power of a usual market; false when it takes the long way. */
static bool
solve_few(const double *odds, int n, overround_method method, double *to, double *parameter)
{
	if (method == OVERROUND_POWER)
		return power_of_few(odds, n, to, parameter);
	return method == OVERROUND_SHIN && n > 2 && shin_of_few(odds, n, to, parameter);
}

/* ---- all of them -------------------------------------------------------------------------------- */

/* to = from * target/book. */
static void
scale(const market *m, double *to)
{
	double		factor = m->target / m->book;

	for (int i = 0; i < m->n; i++)
		to[i] = m->at[i].from * factor;
}

/* The parameter of a book without a margin. */
static double
neutral(overround_method method)
{
	return method == OVERROUND_POWER || method == OVERROUND_ODDS_RATIO ? 1 : overround_needs_margin(method) ? 0 : NAN;
}

/* from -> to by a method, for a book with a margin or one below its target. */
static core_status
apply(market *m, overround_method method, double *to, overround_fit *fit)
{
	double		fair = m->back ? m->book : m->target,
				shift = (m->target - m->book) / m->n,
				rest = 0;
	core_status status;

	switch (method)
	{
		case OVERROUND_MULTIPLICATIVE:
			scale(m, to);
			return CORE_OK;
		case OVERROUND_ADDITIVE:
		case OVERROUND_WPO:
			for (int i = 0; i < m->n; i++)
				to[i] = m->at[i].from + shift;
			return CORE_OK;
		case OVERROUND_POWER:
			for (int i = 0; i < m->n; i++)
				m->at[i].work = m->back ? -log(m->given[i]) : log(m->given[i]);
			status = solve(power_step, false, m, 1, 0, INFINITY, to, &fit->parameter);
			if (m->back)
				fit->parameter = 1 / fit->parameter;
			return status;
		case OVERROUND_ODDS_RATIO:
		case OVERROUND_LOGARITHMIC:
			for (int i = 0; i < m->n; i++)
				m->at[i].work = m->back ? (1 - m->given[i]) / m->given[i] : m->given[i] - 1;
			status = solve(odds_ratio_step, false, m, 1, 0, INFINITY, to, &fit->parameter);
			if (m->back)
				fit->parameter = 1 / fit->parameter;
			if (method == OVERROUND_LOGARITHMIC)
				fit->parameter = log(fit->parameter);
			return status;
		case OVERROUND_SHIN:
			return shin(m, to, &fit->parameter);
		case OVERROUND_BALANCED_BOOK:
			fit->parameter = fabs(m->target - m->book) / (m->n - fair);
			find_rest(m);
			for (int i = 0; i < m->n; i++)
				rest += m->at[i].rest;
			/* (q-z)/(1-z), from what is left to 1, of which nothing is lost */
			for (int i = 0; i < m->n; i++)
				to[i] = m->back ? m->at[i].from + fit->parameter * m->at[i].rest : 1 - m->at[i].rest * ((m->n - fair) / rest);
			return CORE_OK;
		case OVERROUND_JSD:
			find_rest(m);
			return jsd(m, to, fit);
		case OVERROUND_GOTO:
			find_rest(m);
			return goto_conversion(m, to, &fit->parameter);
		default:
			return CORE_INVALID;
	}
}

/* from -> to: quoted -> fair, or back. With a margin the fair sum is the smaller. */
static core_status
convert(market *m, overround_method method, double *to, overround_fit *fit)
{
	double		fair = m->back ? m->book : m->target,
				quoted = m->back ? m->target : m->book;
	bool		below = quoted < fair,
				margin = fabs(quoted - fair) > NO_MARGIN * fair;
	core_status status = CORE_OK;

	fit->parameter = margin ? NAN : neutral(method);
	fit->outcome = -1;
	if (!margin)
		scale(m, to);
	else if (below && overround_needs_margin(method))
		return CORE_NO_SOLUTION;
	else
		status = apply(m, method, to, fit);
	if (status != CORE_OK)
		return status;

	/* the worst offender, for the message; a fair value rounded to 1 is one below 1 */
	for (int i = 0; i < m->n; i++)
	{
		bool		good = m->back ? 1 / to[i] > 1 && 1 / to[i] <= DBL_MAX :
			to[i] > 0 && (to[i] < 1 || (to[i] == 1 && !(margin && below)));

		if (!good && (fit->outcome < 0 || fabs(to[i] - 0.5) > fabs(fit->value - 0.5)))
		{
			fit->outcome = i;
			fit->value = to[i];
		}
	}
	return fit->outcome < 0 ? CORE_OK : CORE_NO_SOLUTION;
}

/* Apart, since a market takes much of the stack. */
static __attribute__((noinline)) core_status
remove_slowly(const double *odds, int n, overround_method method, double target, double *probs, overround_fit *fit)
{
	market		m;

	m.n = n;
	m.back = false;
	m.given = odds;
	m.target = target;
	m.book = 0;
	for (int i = 0; i < n; i++)
		m.book += m.at[i].from = 1 / odds[i];
	return convert(&m, method, probs, fit);
}

core_status
overround_remove(const double *odds, int n, overround_method method, double target, double *probs, overround_fit *fit)
{
	if (target == 1 && n >= OVERROUND_MIN && n <= FEW && solve_few(odds, n, method, probs, &fit->parameter))
	{
		fit->outcome = -1;
		return CORE_OK;
	}
	if (!(n >= OVERROUND_MIN && n <= OVERROUND_MAX && target >= OVERROUND_TARGET_MIN && target < n))
		return CORE_INVALID;
	return remove_slowly(odds, n, method, target, probs, fit);
}

core_status
overround_add(const double *probs, int n, overround_method method, double overround, double *odds, overround_fit *fit)
{
	market		m;
	core_status status;

	m.n = n;
	m.back = true;
	m.given = probs;
	m.book = 0;
	for (int i = 0; i < n; i++)
		m.book += m.at[i].from = probs[i];
	m.target = m.book * (1 + overround);
	if (!(n >= OVERROUND_MIN && n <= OVERROUND_MAX && m.target > 0))
		return CORE_INVALID;
	fit->outcome = -1;
	if (m.target >= n)
		return CORE_NO_SOLUTION;
	status = convert(&m, method, odds, fit);
	for (int i = 0; i < n; i++)
		odds[i] = 1 / odds[i];
	return status;
}
