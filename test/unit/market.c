#include "core/market.h"
#include "tap.h"

#define MOST 40

static double rows[MOST * QUOTE_WIDTH],
			copy[MOST * QUOTE_WIDTH],
			work[MOST * QUOTE_WIDTH];
static int	n,
			book_of[MOST],
			market_of[MOST];

static void
quote(int book, int market, double known_at, double closing, double recorded_at, double line, int side, double price, int kind)
{
	double	   *row = rows + n * QUOTE_WIDTH;

	book_of[n] = book;
	market_of[n] = market;
	market_slot_set(row, book, market);
	row[QUOTE_KNOWN_AT] = known_at;
	row[QUOTE_CLOSING] = closing;
	row[QUOTE_RECORDED_AT] = recorded_at;
	row[QUOTE_LINE] = line;
	row[QUOTE_SIDE] = side;
	row[QUOTE_PRICE] = price;
	row[QUOTE_KIND] = kind;
	n++;
}

static void
go_on(void)
{
}

static bool
summarise(int outcomes, market_summary *summary)
{
	memcpy(copy, rows, n * QUOTE_WIDTH * sizeof(double));
	return market_summarise(copy, n, outcomes, work, go_on, summary);
}

static double
field(int i, int column)
{
	return rows[i * QUOTE_WIDTH + column];
}

/* Price of a side of the offer that quote i belongs to. */
static double
price_beside(int i, int side)
{
	double		best = NAN;

	for (int j = 0; j < n; j++)
		if (book_of[j] == book_of[i] && market_of[j] == market_of[i] && field(j, QUOTE_KNOWN_AT) == field(i, QUOTE_KNOWN_AT) &&
			field(j, QUOTE_CLOSING) == field(i, QUOTE_CLOSING) && field(j, QUOTE_RECORDED_AT) == field(i, QUOTE_RECORDED_AT) &&
			field(j, QUOTE_LINE) == field(i, QUOTE_LINE) && field(j, QUOTE_SIDE) == side)
			best = fmax(best, field(j, QUOTE_PRICE));
	return best;
}

static bool
whole(int i, int outcomes)
{
	return !isnan(price_beside(i, SIDE_ONE)) && !isnan(price_beside(i, SIDE_TWO)) &&
		(market_of[i] != MARKET_H2H || outcomes == 2 || !isnan(price_beside(i, SIDE_TIE)));
}

/* Does quote i stand before quote j of the same book and market, in the order of first (sign 1) or last (-1) said? */
static bool
before(int i, int j, int sign)
{
	double		key[2][5];

	for (int k = 0; k < 2; k++)
	{
		int			q = k ? j : i;

		key[k][0] = sign * field(q, QUOTE_KNOWN_AT);
		key[k][1] = sign * field(q, QUOTE_CLOSING);
		key[k][2] = -field(q, QUOTE_RECORDED_AT);
		key[k][3] = fabs(price_beside(q, SIDE_ONE) - price_beside(q, SIDE_TWO));
		key[k][4] = field(q, QUOTE_LINE);
	}
	for (int c = 0; c < 5; c++)
		if (key[0][c] != key[1][c])
			return key[0][c] < key[1][c];
	return false;
}

/* The quote of a book's market that stands, or -1. */
static int
standing(int book, int market, int outcomes, int sign)
{
	int			best = -1;

	for (int i = 0; i < n; i++)
		if (book_of[i] == book && market_of[i] == market && whole(i, outcomes) && (best < 0 || before(i, best, sign)))
			best = i;
	return best;
}

/* Mean line of a market as its comment says it, found the long way. */
static double
mean_line(int market, int outcomes, int sign)
{
	for (int aggregates = 0; aggregates < 2; aggregates++)
	{
		double		sum = 0,
					count = 0;

		for (int book = 0; book < 6; book++)
		{
			int			i = standing(book, market, outcomes, sign);

			if (i < 0 || (field(i, QUOTE_KIND) == BOOK_AGGREGATE) != aggregates)
				continue;
			sum += field(i, QUOTE_LINE);
			count++;
		}
		if (count > 0)
			return sum / count;
	}
	return NAN;
}

static bool
same(double a, double b)
{
	return a == b || (isnan(a) && isnan(b)) || fabs(a - b) < 1e-12 * fmax(1, fabs(b));
}

int
main(void)
{
	market_summary s,
				shuffled;
	int			lines = 1,
				prices = 1,
				orders = 1,
				found = 1;

	for (int turn = 0; turn < 200000; turn++)
	{
		int			outcomes = 2 + turn % 2;
		int			quotes = tap_below(MOST);
		bool		any,
					expected = false;

		n = 0;
		for (int i = 0; i < quotes; i++)
		{
			int			book = tap_below(6);
			int			market = tap_below(MARKETS);

			quote(book, market, tap_below(3), tap_below(8) == 0, tap_below(2), market == MARKET_H2H ? 0 : tap_below(3) - 1,
				  tap_below(market == MARKET_H2H ? SIDES : 2), 1.01 + 0.5 * tap_below(5), 1 + book % 5);
		}
		any = summarise(outcomes, &s);
		for (int i = 0; i < n; i++)
			expected |= whole(i, outcomes);
		found &= any == expected;
		if (!any)
			continue;
		lines &= same(s.opening_spread, mean_line(MARKET_SPREADS, outcomes, 1)) && same(s.current_spread, mean_line(MARKET_SPREADS, outcomes, -1)) &&
			same(s.opening_total, mean_line(MARKET_TOTALS, outcomes, 1)) && same(s.current_total, mean_line(MARKET_TOTALS, outcomes, -1));
		prices &= isnan(s.price[SIDE_ONE]) || (s.price[SIDE_ONE] > 1 && s.price[SIDE_ONE] < 4 && s.sharpest[SIDE_ONE] > 1);
		prices &= isnan(s.movement) || (fabs(s.movement) < 1 && !isnan(s.price[SIDE_ONE]));
		prices &= isnan(s.dispersion) || (s.dispersion >= 0 && s.dispersion < 1);
		/* the order in which quotes come is nothing to them */
		for (int i = n - 1; i > 0; i--)
		{
			double		held[QUOTE_WIDTH];
			int			j = tap_below(i + 1);

			memcpy(held, rows + i * QUOTE_WIDTH, sizeof held);
			memmove(rows + i * QUOTE_WIDTH, rows + j * QUOTE_WIDTH, sizeof held);
			memcpy(rows + j * QUOTE_WIDTH, held, sizeof held);
		}
		orders &= summarise(outcomes, &shuffled) && memcmp(&s, &shuffled, sizeof s) == 0;
	}
	ok(found, "a summary when a market has all its sides");
	ok(lines, "lines: those first and last said, found the long way");
	ok(prices, "prices and probabilities in their ranges");
	ok(orders, "the same bits whatever the order of quotes");

	/* two books by hand: a sharp one that moves, a soft one, and a mean that does not count beside them */
	n = 0;
	quote(1, MARKET_H2H, 10, 0, 0, 0, SIDE_ONE, 2.0, BOOK_SHARP);
	quote(1, MARKET_H2H, 10, 0, 0, 0, SIDE_TWO, 2.0, BOOK_SHARP);
	quote(1, MARKET_H2H, 20, 0, 0, 0, SIDE_ONE, 1.5, BOOK_SHARP);
	quote(1, MARKET_H2H, 20, 0, 0, 0, SIDE_TWO, 3.0, BOOK_SHARP);
	quote(2, MARKET_H2H, 15, 0, 0, 0, SIDE_ONE, 1.8, BOOK_SOFT);
	quote(2, MARKET_H2H, 15, 0, 0, 0, SIDE_TWO, 1.8, BOOK_SOFT);
	quote(3, MARKET_H2H, 30, 0, 0, 0, SIDE_ONE, 9.0, BOOK_AGGREGATE);
	quote(3, MARKET_H2H, 30, 0, 0, 0, SIDE_TWO, 9.0, BOOK_AGGREGATE);
	ok(summarise(2, &s), "two books and a mean");
	close_to(s.price[SIDE_ONE], 1.65, 1e-15, "mean price over the books");
	close_to(s.sharpest[SIDE_ONE], 1.5, 0, "the sharp book's price");
	ok(s.sharpest_book == 1 && !s.sharpest_closing, "it is that book's, and no closing price");
	close_to(s.movement, 2.0 / 3 - 0.5, 1e-15, "its probability has moved");
	close_to(s.sharp_soft_gap, 2.0 / 3 - 0.5, 1e-15, "sharp minus soft");
	close_to(s.dispersion, (2.0 / 3 - 0.5) / sqrt(2), 1e-15, "between two books");
	close_to(s.known_at, 30, 0, "known when the last quote was");
	ok(isnan(s.opening_spread) && isnan(s.current_total) && isnan(s.price[SIDE_TIE]), "unknown is unknown");
	ok(!summarise(3, &s), "without a draw no market of three outcomes is whole");
	return done_testing();
}
