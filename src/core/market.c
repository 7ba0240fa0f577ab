#include "core/market.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "core/order.h"

/* One book's market at one moment, on one line. */
typedef struct offer
{
	const double *quote;		/* its first row */
	double		price[SIDES];	/* NaN where not quoted */
} offer;

/* Mean and spread in one pass (Youngs and Cramer 1971). */
typedef struct mean
{
	double		n;
	double		sum;
	double		squares;		/* of deviations */
} mean;

static void
mean_add(mean *m, double value)
{
	if (isnan(value))
		return;
	m->n++;
	m->sum += value;
	if (m->n > 1)
	{
		double		off = value * m->n - m->sum;

		m->squares += off * off / (m->n * (m->n - 1));
	}
}

static double
mean_value(mean m)
{
	return m.n > 0 ? m.sum / m.n : NAN;
}

/* Books count, aggregates only where there are none. */
typedef struct consensus
{
	mean		books;
	mean		aggregates;
} consensus;

static void
consensus_add(consensus *c, double kind, double value)
{
	mean_add(kind == BOOK_AGGREGATE ? &c->aggregates : &c->books, value);
}

static double
consensus_value(consensus c)
{
	return mean_value(c.books.n > 0 ? c.books : c.aggregates);
}

void
market_slot_set(double *row, int book, int market)
{
	int64_t		slot = (int64_t) book * MARKETS + market;

	memcpy(row + QUOTE_SLOT, &slot, sizeof slot);
}

static int64_t
slot_of(const double *row)
{
	int64_t		slot;

	memcpy(&slot, row + QUOTE_SLOT, sizeof slot);
	return slot;
}

static int
market_of(int64_t slot)
{
	return (int) ((slot % MARKETS + MARKETS) % MARKETS);
}

static bool
same_offer(const double *a, const double *b)
{
	return slot_of(a) == slot_of(b) && a[QUOTE_KNOWN_AT] == b[QUOTE_KNOWN_AT] && a[QUOTE_CLOSING] == b[QUOTE_CLOSING] &&
		a[QUOTE_RECORDED_AT] == b[QUOTE_RECORDED_AT] && a[QUOTE_LINE] == b[QUOTE_LINE];
}

/* The offer that starts at row i; returns the row after it. The best price of a side counts. */
static size_t
next_offer(const double *rows, size_t i, size_t n, offer *o)
{
	o->quote = rows + i * QUOTE_WIDTH;
	o->price[SIDE_ONE] = o->price[SIDE_TWO] = o->price[SIDE_TIE] = NAN;
	for (; i < n && same_offer(o->quote, rows + i * QUOTE_WIDTH); i++)
	{
		const double *row = rows + i * QUOTE_WIDTH;

		o->price[(int) row[QUOTE_SIDE]] = fmax(o->price[(int) row[QUOTE_SIDE]], row[QUOTE_PRICE]);
	}
	return i;
}

/* Of offers of one moment what was recorded last stands, and of several lines then the most even one. */
static bool
stands_over(const offer *a, const offer *b)
{
	double		uneven_a = fabs(a->price[SIDE_ONE] - a->price[SIDE_TWO]),
				uneven_b = fabs(b->price[SIDE_ONE] - b->price[SIDE_TWO]);

	if (a->quote[QUOTE_RECORDED_AT] != b->quote[QUOTE_RECORDED_AT])
		return a->quote[QUOTE_RECORDED_AT] > b->quote[QUOTE_RECORDED_AT];
	if (uneven_a != uneven_b)
		return uneven_a < uneven_b;
	return a->quote[QUOTE_LINE] < b->quote[QUOTE_LINE];
}

static bool
same_moment(const offer *a, const offer *b)
{
	return a->quote[QUOTE_KNOWN_AT] == b->quote[QUOTE_KNOWN_AT] && a->quote[QUOTE_CLOSING] == b->quote[QUOTE_CLOSING];
}

/* Side one's probability when the prices are scaled to 100 %. */
static double
share(const offer *o)
{
	double		tie = isnan(o->price[SIDE_TIE]) ? 0 : 1 / o->price[SIDE_TIE];

	/* p * (1 / p) may round to less than 1 */
	return fmin(1, 1 / (o->price[SIDE_ONE] * (1 / o->price[SIDE_ONE] + tie + 1 / o->price[SIDE_TWO])));
}

static bool
is_whole(const offer *o, int market, int outcomes)
{
	return !isnan(o->price[SIDE_ONE]) && !isnan(o->price[SIDE_TWO]) &&
		(market != MARKET_H2H || outcomes == 2 || !isnan(o->price[SIDE_TIE]));
}

static double
sharpest_kind(const double *rows, size_t n, int outcomes)
{
	double		best = INFINITY;

	for (size_t i = 0; i < n;)
	{
		offer		o;

		i = next_offer(rows, i, n, &o);
		if (market_of(slot_of(o.quote)) == MARKET_H2H && is_whole(&o, MARKET_H2H, outcomes))
			best = fmin(best, o.quote[QUOTE_KIND]);
	}
	return best;
}

/* The best line so far, as a market_line and what it is chosen by. */
typedef struct best_line
{
	market_line said;
	double		kind;
	double		implied;
} best_line;

static void
best_line_add(best_line *best, const offer *o, int book)
{
	double		implied = 1 / o->price[SIDE_ONE] + 1 / o->price[SIDE_TWO],
				kind = o->quote[QUOTE_KIND];

	if (implied < 1 || (best->kind > 0 && (kind > best->kind || (kind == best->kind && implied >= best->implied))))
		return;
	*best = (best_line) {
		.said = {o->quote[QUOTE_LINE], {o->price[SIDE_ONE], o->price[SIDE_TWO]}, book, o->quote[QUOTE_CLOSING] != 0},
		.kind = kind,
		.implied = implied,
	};
}

bool
market_summarise(double *rows, size_t n, int outcomes, double *work, void (*interrupts) (void), market_summary *summary)
{
	consensus	opening[MARKETS] = {0},
				current[MARKETS] = {0},
				price[SIDES] = {0};
	mean		sharpest[SIDES] = {0},
				share_first = {0},
				share_last = {0},
				shares = {0},
				sharp = {0},
				soft = {0};
	best_line	lines[MARKETS] = {0};
	double		best,
				sharpest_book = NAN,
				known_at = -INFINITY;
	bool		sharpest_closing = false,
				any = false;

	order_sort_rows(rows, work, n, QUOTE_WIDTH, interrupts);
	best = sharpest_kind(rows, n, outcomes);
	for (size_t i = 0; i < n;)
	{
		int64_t		slot = slot_of(rows + i * QUOTE_WIDTH);
		int			market = market_of(slot);
		double		kind = rows[i * QUOTE_WIDTH + QUOTE_KIND];
		offer		first = {0},
					last = {0};

		while (i < n && slot_of(rows + i * QUOTE_WIDTH) == slot)
		{
			offer		o;

			i = next_offer(rows, i, n, &o);
			if (!is_whole(&o, market, outcomes))
				continue;
			if (first.quote == NULL || (same_moment(&o, &first) && stands_over(&o, &first)))
				first = o;
			if (last.quote == NULL || !same_moment(&o, &last) || stands_over(&o, &last))
				last = o;
		}
		if (first.quote == NULL)
			continue;
		any = true;
		known_at = fmax(known_at, last.quote[QUOTE_KNOWN_AT]);
		consensus_add(&opening[market], kind, first.quote[QUOTE_LINE]);
		consensus_add(&current[market], kind, last.quote[QUOTE_LINE]);
		if (market != MARKET_H2H)
		{
			best_line_add(&lines[market], &last, (slot - market) / MARKETS);
			continue;
		}
		for (int side = 0; side < SIDES; side++)
		{
			consensus_add(&price[side], kind, last.price[side]);
			if (kind == best)
				mean_add(&sharpest[side], last.price[side]);
		}
		if (kind == best)
		{
			sharpest_book = share_last.n == 0 ? (double) ((slot - market) / MARKETS) : NAN;
			sharpest_closing |= last.quote[QUOTE_CLOSING] != 0;
			mean_add(&share_first, share(&first));
			mean_add(&share_last, share(&last));
		}
		if (kind != BOOK_AGGREGATE)
			mean_add(&shares, share(&last));
		if (kind <= BOOK_EXCHANGE)
			mean_add(&sharp, share(&last));
		if (kind == BOOK_SOFT)
			mean_add(&soft, share(&last));
	}
	if (!any)
		return false;
	for (int market = 0; market < MARKETS; market++)
		if (lines[market].kind == 0)
			lines[market].said = (market_line) {NAN, {NAN, NAN}, NAN, false};
	*summary = (market_summary) {
		.opening_spread = consensus_value(opening[MARKET_SPREADS]),
		.current_spread = consensus_value(current[MARKET_SPREADS]),
		.opening_total = consensus_value(opening[MARKET_TOTALS]),
		.current_total = consensus_value(current[MARKET_TOTALS]),
		.sharpest_book = sharpest_book,
		.sharpest_closing = sharpest_closing,
		.movement = mean_value(share_last) - mean_value(share_first),
		.dispersion = shares.n > 1 ? sqrt(shares.squares / (shares.n - 1)) : NAN,
		.sharp_soft_gap = mean_value(sharp) - mean_value(soft),
		.spread = lines[MARKET_SPREADS].said,
		.total = lines[MARKET_TOTALS].said,
		.known_at = known_at,
	};
	for (int side = 0; side < SIDES; side++)
	{
		summary->price[side] = consensus_value(price[side]);
		summary->sharpest[side] = mean_value(sharpest[side]);
	}
	return true;
}
