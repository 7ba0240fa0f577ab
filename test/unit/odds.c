#include "tap.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core/odds.h"

static core_status
read_as(const char *text, odds_format format, double *decimal)
{
	*decimal = 0;
	return odds_read(text, strlen(text), &format, decimal);
}

static double
value(const char *text, odds_format format)
{
	double		decimal;

	return read_as(text, format, &decimal) == CORE_OK ? decimal : -1;
}

static bool
writes(double decimal, odds_format format, const char *want)
{
	char		text[ODDS_TEXT_SIZE];
	int			n = odds_write(decimal, format, text);

	if (strcmp(text, want) == 0 && n == (int) strlen(want))
		return true;
	printf("# %.17g as %s is %s, wanted %s\n", decimal, odds_format_name[format], text, want);
	return false;
}

static bool
there_and_back(double decimal, odds_format format)
{
	char		text[ODDS_TEXT_SIZE];
	double		back;

	odds_write(decimal, format, text);
	if (read_as(text, format, &back) == CORE_OK && back == decimal)
		return true;
	printf("# %.17g as %s: %s reads back as %.17g\n", decimal, odds_format_name[format], text, back);
	return false;
}

/* Odds of a kind: any size, any bits, close to a round number, as printed. */
static double
some_odds(int kind)
{
	double		odds;
	uint64_t	bits = UINT64_C(0x3ff0000000000000) + tap_random() % UINT64_C(0x031c6bf526340000);

	switch (kind)
	{
		case 0:
			return 1 + exp(tap_uniform() * 70 - 36);
		case 1:
			/* any double from 1 to 1e15 is as likely as any other */
			memcpy(&odds, &bits, sizeof odds);
			return odds > 1 && odds <= ODDS_MAX ? odds : 2;
		case 2:
			odds = 1 + (1 + tap_below(400)) / (double) (1 + tap_below(20));
			for (int steps = tap_below(4); steps > 0; steps--)
				odds = nextafter(odds, tap_below(2) ? 1 : ODDS_MAX);
			return odds > 1 ? odds : 2;
		default:
			return 1 + (1 + tap_below(100000)) / 1000.0;
	}
}

int
main(void)
{
	double		d;
	int			wrong;

	ok(value("2.2", ODDS_DECIMAL) == 2.2 && value(" 1.87\n", ODDS_DECIMAL) == 1.87, "decimal");
	ok(value("+120", ODDS_AMERICAN) == 2.2 && value("-110", ODDS_AMERICAN) == 21.0 / 11, "american, correctly rounded");
	ok(value("6/5", ODDS_FRACTIONAL) == 2.2 && value("8/11", ODDS_FRACTIONAL) == 19.0 / 11, "fractional");
	ok(value("EVENS", ODDS_FRACTIONAL) == 2 && value("even", ODDS_RECOGNISE) == 2, "evens");
	ok(value("1.2", ODDS_HONGKONG) == 2.2, "hongkong");
	ok(value("0.85", ODDS_MALAY) == 1.85 && value("-0.5", ODDS_MALAY) == 3, "malay");
	ok(value("-1.25", ODDS_INDONESIAN) == 1.8 && value("1.2", ODDS_INDONESIAN) == 2.2, "indonesian");
	ok(value("0.45", ODDS_PROBABILITY) == 1 / 0.45 && value("45%", ODDS_RECOGNISE) == 1 / 0.45, "probability");
	ok(value("1.33333333333333333333", ODDS_DECIMAL) == 4.0 / 3, "digits beyond the 18th do not matter");
	ok(value("100", ODDS_RECOGNISE) == 2 && value("99.9", ODDS_RECOGNISE) == 99.9, "100 is american, 99.9 is decimal");

	ok(read_as("2.,3", ODDS_RECOGNISE, &d) == CORE_INVALID && read_as("", ODDS_RECOGNISE, &d) == CORE_INVALID &&
	   read_as("-", ODDS_RECOGNISE, &d) == CORE_INVALID && read_as("6/", ODDS_RECOGNISE, &d) == CORE_INVALID &&
	   read_as("6/5/4", ODDS_RECOGNISE, &d) == CORE_INVALID && read_as("nan", ODDS_RECOGNISE, &d) == CORE_INVALID &&
	   read_as("1e3", ODDS_RECOGNISE, &d) == CORE_INVALID && read_as(".", ODDS_RECOGNISE, &d) == CORE_INVALID &&
	   read_as("1.5.2", ODDS_DECIMAL, &d) == CORE_INVALID && read_as("6/5", ODDS_DECIMAL, &d) == CORE_INVALID &&
	   read_as("1.5/2", ODDS_FRACTIONAL, &d) == CORE_INVALID && read_as("%", ODDS_RECOGNISE, &d) == CORE_INVALID &&
	   read_as("1234567890123456789", ODDS_DECIMAL, &d) == CORE_INVALID, "not a number");
	ok(read_as("0", ODDS_RECOGNISE, &d) == CORE_NO_SOLUTION && read_as("1", ODDS_RECOGNISE, &d) == CORE_NO_SOLUTION &&
	   read_as("0.967", ODDS_RECOGNISE, &d) == CORE_NO_SOLUTION && read_as("+99", ODDS_RECOGNISE, &d) == CORE_NO_SOLUTION &&
	   read_as("-2", ODDS_DECIMAL, &d) == CORE_NO_SOLUTION && read_as("0/1", ODDS_RECOGNISE, &d) == CORE_NO_SOLUTION &&
	   read_as("1/0", ODDS_RECOGNISE, &d) == CORE_NO_SOLUTION && read_as("1.01", ODDS_MALAY, &d) == CORE_NO_SOLUTION &&
	   read_as("0.9", ODDS_INDONESIAN, &d) == CORE_NO_SOLUTION && read_as("-1", ODDS_HONGKONG, &d) == CORE_NO_SOLUTION &&
	   read_as("0", ODDS_PROBABILITY, &d) == CORE_NO_SOLUTION && read_as("1", ODDS_PROBABILITY, &d) == CORE_NO_SOLUTION &&
	   read_as("-0.5", ODDS_PROBABILITY, &d) == CORE_NO_SOLUTION && read_as("1e15", ODDS_PROBABILITY, &d) == CORE_INVALID &&
	   read_as("1000000000000001", ODDS_DECIMAL, &d) == CORE_NO_SOLUTION, "numbers that no bet has");

	ok(writes(2.2, ODDS_AMERICAN, "+120") && writes(21.0 / 11, ODDS_AMERICAN, "-110") && writes(2, ODDS_AMERICAN, "+100") &&
	   writes(1.8, ODDS_AMERICAN, "-125") && writes(2.125, ODDS_AMERICAN, "+112.5"), "american text");
	ok(writes(2.2, ODDS_FRACTIONAL, "6/5") && writes(11.0 / 6, ODDS_FRACTIONAL, "5/6") && writes(1.87, ODDS_FRACTIONAL, "87/100") &&
	   writes(2, ODDS_FRACTIONAL, "1/1") && writes(34, ODDS_FRACTIONAL, "33/1"), "fractions in lowest terms");
	ok(writes(2.2, ODDS_DECIMAL, "2.2") && writes(2, ODDS_DECIMAL, "2") && writes(1.05, ODDS_DECIMAL, "1.05") &&
	   writes(1.05, ODDS_HONGKONG, "0.05") && writes(1e6, ODDS_PROBABILITY, "0.000001") && writes(3, ODDS_MALAY, "-0.5") &&
	   writes(1.85, ODDS_MALAY, "0.85") && writes(1.8, ODDS_INDONESIAN, "-1.25") && writes(1e15, ODDS_DECIMAL, "1000000000000000"), "other texts");

	for (int f = 0; f < ODDS_FORMATS; f++)
	{
		char		name[60];

		wrong = 0;
		for (int i = 0; i < 200000; i++)
			wrong += !there_and_back(some_odds(i % 4), (odds_format) f);
		wrong += !there_and_back(nextafter(1, 2), (odds_format) f) + !there_and_back(nextafter(2, 1), (odds_format) f) +
			!there_and_back(nextafter(2, 3), (odds_format) f) + !there_and_back(ODDS_MAX, (odds_format) f) +
			!there_and_back(1 + 1e-9, (odds_format) f) + !there_and_back(1e6, (odds_format) f) + !there_and_back(2, (odds_format) f);
		snprintf(name, sizeof name, "%s: 200000 odds there and back", odds_format_name[f]);
		ok(wrong == 0, name);
	}

	wrong = 0;
	for (int a = 100; a <= 100000; a += 5)
	{
		char		text[24];

		snprintf(text, sizeof text, "+%d", a);
		wrong += !writes(value(text, ODDS_AMERICAN), ODDS_AMERICAN, text);
		snprintf(text, sizeof text, "-%d", a + 5);
		wrong += !writes(value(text, ODDS_AMERICAN), ODDS_AMERICAN, text);
		snprintf(text, sizeof text, "%d.%02d", a / 100 + 1, a % 100 + (a % 100 == 0) * 5);
		wrong += text[strlen(text) - 1] != '0' && !writes(value(text, ODDS_DECIMAL), ODDS_DECIMAL, text);
	}
	ok(wrong == 0, "prices as printed survive the way there and back");

	/* any bytes: refused, or odds that every format can show */
	wrong = 0;
	for (int i = 0; i < 200000; i++)
	{
		static const char alphabet[] = "0123456789012345678901..//+-%% evnEVNS,x\0";
		char		text[40];
		size_t		n = (size_t) (tap_uniform() * 40);
		odds_format format = (odds_format) (tap_uniform() * (ODDS_FORMATS + 1));

		for (size_t j = 0; j < n; j++)
			text[j] = alphabet[(size_t) (tap_uniform() * (sizeof alphabet - 1))];
		if (tap_uniform() < 0.7 && n > 6)
			n = 1 + n / 7;
		if (odds_read(text, n, &format, &d) == CORE_OK)
		{
			double		again;

			wrong += !(d > 1 && d <= ODDS_MAX && there_and_back(d, format));
			/* what was recognised is what it is when it is named */
			wrong += odds_read(text, n, &format, &again) != CORE_OK || again != d;
		}
	}
	ok(wrong == 0, "any bytes");
	return done_testing();
}
