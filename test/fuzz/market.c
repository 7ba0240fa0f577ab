#include "core/market.h"
#include "fuzz.h"

#define MOST 64

static void
go_on(void)
{
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	double		rows[MOST * QUOTE_WIDTH],
				work[MOST * QUOTE_WIDTH];
	int			n = fuzz_int(&in, 0, MOST);
	int			outcomes = fuzz_int(&in, 2, 3);
	market_summary s;

	for (int i = 0; i < n; i++)
	{
		double	   *row = rows + i * QUOTE_WIDTH;
		int			book = fuzz_int(&in, 0, 9);
		int			market = fuzz_int(&in, 0, MARKETS - 1);
		double		line = fuzz_double(&in);
		double		price = fuzz_double(&in);

		market_slot_set(row, book, market);
		row[QUOTE_KNOWN_AT] = fuzz_int(&in, 0, 3);
		row[QUOTE_CLOSING] = fuzz_int(&in, 0, 1);
		row[QUOTE_RECORDED_AT] = fuzz_int(&in, 0, 1);
		row[QUOTE_LINE] = market == MARKET_H2H || !isfinite(line) ? 0 : line;
		row[QUOTE_SIDE] = fuzz_int(&in, 0, market == MARKET_H2H ? SIDE_TIE : SIDE_TWO);
		row[QUOTE_PRICE] = price > 1 && isfinite(price) ? price : 2;
		row[QUOTE_KIND] = BOOK_SHARP + book % BOOK_SOFT;
	}
	if (!market_summarise(rows, n, outcomes, work, go_on, &s))
		return 0;
	FUZZ_CHECK(isnan(s.price[SIDE_ONE]) == isnan(s.sharpest[SIDE_ONE]) && isnan(s.price[SIDE_ONE]) == isnan(s.price[SIDE_TWO]));
	FUZZ_CHECK(isnan(s.opening_spread) == isnan(s.current_spread) || isinf(s.opening_spread) || isinf(s.current_spread));
	FUZZ_CHECK(isnan(s.movement) || fabs(s.movement) <= 1);
	FUZZ_CHECK(isnan(s.dispersion) || (s.dispersion >= 0 && s.dispersion <= 1));
	FUZZ_CHECK(s.known_at >= 0 && s.known_at <= 3);
	return 0;
}
