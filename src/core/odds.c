#include "core/odds.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define MAX_SCALE 40			/* places after the point */

const char *const odds_format_name[ODDS_FORMATS] = {
	"decimal", "american", "fractional", "hongkong", "malay", "indonesian", "probability"
};

odds_format
odds_format_find(const char *name, size_t n)
{
	for (int f = 0; f < ODDS_FORMATS; f++)
		if (strlen(odds_format_name[f]) == n && memcmp(odds_format_name[f], name, n) == 0)
			return (odds_format) f;
	return ODDS_RECOGNISE;
}

/*
 * Two doubles, 106 bits: enough to round a quotient of such numbers correctly,
 * which is what makes the way there and back exact.
 */
typedef struct pair
{
	double		hi;
	double		lo;
} pair;

static pair
pair_sum(double a, double b)
{
	double		hi = a + b;
	double		bb = hi - a;

	return (pair) {hi, (a - (hi - bb)) + (b - bb)};
}

static pair
pair_product(double a, double b)
{
	double		hi = a * b;

	return (pair) {hi, fma(a, b, -hi)};
}

static pair
pair_add(pair a, pair b)
{
	pair		s = pair_sum(a.hi, b.hi);

	return pair_sum(s.hi, s.lo + a.lo + b.lo);
}

static pair
pair_scale(pair a, double b)
{
	pair		p = pair_product(a.hi, b);

	return pair_sum(p.hi, p.lo + a.lo * b);
}

static pair
pair_divide(pair a, pair b)
{
	double		q = a.hi / b.hi;
	double		rest = fma(-q, b.hi, a.hi) + a.lo - q * b.lo;

	return pair_sum(q, rest / b.hi);
}

static pair
pair_of_integer(uint64_t m)
{
	double		hi = (double) m;

	return (pair) {hi, (double) ((int64_t) m - (int64_t) hi)};
}

static const double power10[] = {
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13,
	1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22
};

/* 10^k for k <= MAX_SCALE; beyond 22 no double holds it. */
static pair
pair_power10(int k)
{
	return k <= 22 ? (pair) {power10[k], 0} : pair_product(1e22, power10[k - 22]);
}

/* A number as written: sign * digits / 10^scale. */
typedef struct number
{
	int			sign;			/* 0: none was written */
	uint64_t	digits;
	int			scale;
} number;

/* Reads one unsigned number off the front; returns where it ended, NULL when there is none. */
static const char *
read_digits(const char *s, const char *end, bool point_allowed, number *x)
{
	bool		seen = false,
				point = false,
				full = false;

	x->digits = 0;
	x->scale = 0;
	for (; s < end; s++)
	{
		if (*s == '.' && point_allowed && !point)
			point = true;
		else if (*s >= '0' && *s <= '9')
		{
			seen = true;
			/* 18 digits: below 2^63 */
			full = full || x->digits >= UINT64_C(100000000000000000) || x->scale == MAX_SCALE;
			if (full && !point)
				return NULL;
			if (full)
				continue;		/* beyond what a double can tell */
			x->digits = x->digits * 10 + (uint64_t) (*s - '0');
			x->scale += point;
		}
		else
			break;
	}
	return seen ? s : NULL;
}

static bool
is_word(const char *s, size_t n, const char *word)
{
	if (strlen(word) != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if ((s[i] | 0x20) != word[i])
			return false;
	return true;
}

static bool
is_evens(const char *s, size_t n)
{
	return is_word(s, n, "evens") || is_word(s, n, "even") || is_word(s, n, "evs") || is_word(s, n, "ev");
}

static odds_format
recognise(number x)
{
	return x.sign != 0 || (double) x.digits >= 100 * power10[x.scale <= 20 ? x.scale : 20] ?
		ODDS_AMERICAN : ODDS_DECIMAL;
}

/*
 * The number x in a format, as a quotient of exact numbers: with t = 10^scale and
 * one unit of profit u = t or 100 t, it is (x + u) / u above evens and (x + u) / x below.
 */
static core_status
number_to_decimal(number x, odds_format format, double *decimal)
{
	pair		m = pair_of_integer(x.digits);
	pair		t = pair_power10(x.scale);
	pair		unit = format == ODDS_AMERICAN ? pair_scale(t, 100) : t;
	double		size = m.hi / unit.hi;	/* against evens */
	pair		result;

	if (x.digits == 0)
		return CORE_NO_SOLUTION;
	switch (format)
	{
		case ODDS_DECIMAL:
			result = pair_divide(m, t);
			break;
		case ODDS_PROBABILITY:
			result = pair_divide(t, m);
			break;
		case ODDS_HONGKONG:
			result = pair_divide(pair_add(m, unit), unit);
			break;
		case ODDS_AMERICAN:
		case ODDS_INDONESIAN:
			if (size < 1)
				return CORE_NO_SOLUTION;
			result = pair_divide(pair_add(m, unit), x.sign < 0 ? m : unit);
			break;
		case ODDS_MALAY:
			if (size > 1)
				return CORE_NO_SOLUTION;
			result = pair_divide(pair_add(m, unit), x.sign < 0 ? m : unit);
			break;
		default:
			return CORE_INVALID;
	}
	if (x.sign < 0 && (format == ODDS_DECIMAL || format == ODDS_PROBABILITY || format == ODDS_HONGKONG))
		return CORE_NO_SOLUTION;
	*decimal = result.hi;
	return CORE_OK;
}

static core_status
in_range(double decimal)
{
	return decimal > 1 && decimal <= ODDS_MAX ? CORE_OK : CORE_NO_SOLUTION;
}

static core_status
read_fraction(const char *s, const char *end, double *decimal)
{
	number		over,
				under = {0, 1, 0};

	s = read_digits(s, end, false, &over);
	if (s != NULL && s < end && *s == '/')
		s = read_digits(s + 1, end, false, &under);
	if (s != end)
		return CORE_INVALID;
	if (over.digits == 0 || under.digits == 0)
		return CORE_NO_SOLUTION;
	*decimal = pair_divide(pair_add(pair_of_integer(over.digits), pair_of_integer(under.digits)),
						   pair_of_integer(under.digits)).hi;
	return in_range(*decimal);
}

core_status
odds_read(const char *text, size_t n, odds_format *format, double *decimal)
{
	const char *s = text,
			   *end = text + n;
	number		x;
	core_status status;

	while (s < end && (*s == ' ' || (*s >= '\t' && *s <= '\r')))
		s++;
	while (end > s && (end[-1] == ' ' || (end[-1] >= '\t' && end[-1] <= '\r')))
		end--;

	if (*format == ODDS_FRACTIONAL || *format == ODDS_AMERICAN || *format == ODDS_RECOGNISE)
	{
		if (is_evens(s, (size_t) (end - s)))
		{
			if (*format == ODDS_RECOGNISE)
				*format = ODDS_FRACTIONAL;
			*decimal = 2;
			return CORE_OK;
		}
		if (*format == ODDS_RECOGNISE && memchr(s, '/', (size_t) (end - s)) != NULL)
			*format = ODDS_FRACTIONAL;
		if (*format == ODDS_FRACTIONAL)
			return read_fraction(s, end, decimal);
	}

	x.sign = s < end && *s == '-' ? -1 : s < end && *s == '+' ? 1 : 0;
	s = read_digits(s + (x.sign != 0), end, true, &x);
	if (s != NULL && s + 1 == end && *s == '%' && x.scale + 2 <= MAX_SCALE &&
		(*format == ODDS_PROBABILITY || *format == ODDS_RECOGNISE))
	{
		*format = ODDS_PROBABILITY;
		x.scale += 2;
		s++;
	}
	if (s != end)
		return CORE_INVALID;
	if (*format == ODDS_RECOGNISE)
		*format = recognise(x);

	/* The everyday case: both are whole numbers that a double holds. */
	if (*format == ODDS_DECIMAL && x.sign >= 0 && x.digits <= (UINT64_C(1) << 53) && x.scale <= 22)
		*decimal = (double) x.digits / power10[x.scale];
	else if ((status = number_to_decimal(x, *format, decimal)) != CORE_OK)
		return status;
	return in_range(*decimal);
}

/* ---- writing ---------------------------------------------------------------------- */

/* The exact number that a format shows for decimal odds, without its sign. */
static pair
shown_value(double decimal, odds_format format, int *sign)
{
	pair		profit = {decimal - 1, 0};	/* exact: the odds are at most 2^53 */
	pair		one = {1, 0};
	bool		inverted;

	*sign = 0;
	switch (format)
	{
		case ODDS_DECIMAL:
			return (pair) {decimal, 0};
		case ODDS_PROBABILITY:
			return pair_divide(one, (pair) {decimal, 0});
		case ODDS_HONGKONG:
			return profit;
		case ODDS_MALAY:
			inverted = decimal > 2;
			break;
		default:
			inverted = decimal < 2;
			break;
	}
	*sign = inverted ? -1 : format == ODDS_AMERICAN ? 1 : 0;
	profit = inverted ? pair_divide(one, profit) : profit;
	return format == ODDS_AMERICAN ? pair_scale(profit, 100) : profit;
}

static int
write_integer(uint64_t m, char *text)
{
	char		reversed[20];
	int			n = 0;

	do
		reversed[n++] = (char) ('0' + m % 10);
	while ((m /= 10) > 0);
	for (int i = 0; i < n; i++)
		text[i] = reversed[n - 1 - i];
	return n;
}

static int
write_number(number x, char *text)
{
	char		digits[20];
	int			n = write_integer(x.digits, digits);
	int			before = n > x.scale ? n - x.scale : 0; /* digits before the point */
	int			len = 0;

	if (x.sign != 0)
		text[len++] = x.sign < 0 ? '-' : '+';
	memcpy(text + len, digits, (size_t) before);
	len += before;
	if (before == 0)
		text[len++] = '0';
	if (x.scale > 0)
	{
		text[len++] = '.';
		for (int zeros = x.scale - n; zeros > 0; zeros--)
			text[len++] = '0';
		memcpy(text + len, digits + before, (size_t) (n - before));
		len += n - before;
	}
	text[len] = '\0';
	return len;
}

/* The first convergent of profit = a/b that reads back: the simplest fraction people would write. */
static int
write_fraction(double decimal, char *text)
{
	double		profit = decimal - 1;
	double		scale = 1;
	uint64_t	a,
				b,
				n0 = 0,
				n1 = 1,
				d0 = 1,
				d1 = 0;
	int			len;

	while (profit * scale != floor(profit * scale))
		scale *= 2;
	a = (uint64_t) (profit * scale);
	b = (uint64_t) scale;
	while (b != 0)
	{
		uint64_t	whole = a / b,
					rest = a % b,
					n2 = whole * n1 + n0,
					d2 = whole * d1 + d0;

		n0 = n1;
		n1 = n2;
		d0 = d1;
		d1 = d2;
		a = b;
		b = rest;
		if (n1 > 0 && pair_divide(pair_add(pair_of_integer(n1), pair_of_integer(d1)),
								  pair_of_integer(d1)).hi == decimal)
			break;
	}
	len = write_integer(n1, text);
	text[len++] = '/';
	len += write_integer(d1, text + len);
	text[len] = '\0';
	return len;
}

int
odds_write(double decimal, odds_format format, char text[ODDS_TEXT_SIZE])
{
	number		x;
	pair		value;
	double		back = 0;

	if (format == ODDS_FRACTIONAL)
		return write_fraction(decimal, text);

	value = shown_value(decimal, format, &x.sign);
	/* More places until it reads back: 17 digits always do, so this ends long before 10^18. */
	for (x.scale = 0; x.scale < MAX_SCALE; x.scale++)
	{
		pair		power = pair_power10(x.scale);
		pair		scaled = pair_add(pair_scale(value, power.hi), (pair) {value.hi * power.lo, 0});
		double		whole = floor(scaled.hi);

		x.digits = (uint64_t) ((int64_t) whole + (int64_t) floor((scaled.hi - whole) + scaled.lo + 0.5));
		if (number_to_decimal(x, format, &back) == CORE_OK && back == decimal)
			break;
	}
	return write_number(x, text);
}
