#include "bind/args.h"
#include "bind/rows.h"
#include "bind/series.h"

#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/market.h"

PG_FUNCTION_INFO_V1(bet_edge_market_summary_accum);
PG_FUNCTION_INFO_V1(bet_edge_market_summary_final);

enum
{
	ARG_BOOK = 1, ARG_KIND, ARG_MARKET, ARG_SIDE, ARG_LINE, ARG_PRICE, ARG_CLOSING, ARG_KNOWN_AT, ARG_RECORDED_AT, ARG_OUTCOMES, ARGS
};

/* In the order of the core's numbers, kinds from 1. */
static const char *const markets[] = {"h2h", "spreads", "totals", NULL};
static const char *const kinds[] = {"sharp", "exchange", "consensus", "aggregate", "soft", NULL};
static const char *const sides[] = {"home", "away", "draw", "over", "under", NULL};

static int
arg_side(text *name, int market)
{
	int			side = arg_choice(name, sides, "side");

	if ((side > SIDE_TIE) != (market == MARKET_TOTALS) || (side == SIDE_TIE && market != MARKET_H2H))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("market \"%s\" has no side \"%s\"", markets[market], sides[side])));
	return side > SIDE_TIE ? side - SIDE_TIE - 1 : side;
}

static double
arg_outcomes(int32 outcomes)
{
	if (outcomes != 2 && outcomes != 3)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("outcomes must be 2 or 3, not %d", outcomes)));
	return outcomes;
}

Datum
bet_edge_market_summary_accum(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);
	double	   *row;
	double		line = 0,
				price,
				outcomes;
	int			market,
				side,
				kind;

	for (int i = ARG_BOOK; i < ARGS; i++)
		if (PG_ARGISNULL(i) && i != ARG_LINE)
		{
			if (state == NULL)
				PG_RETURN_NULL();
			PG_RETURN_POINTER(state);
		}
	outcomes = arg_outcomes(PG_GETARG_INT32(ARG_OUTCOMES));
	market = arg_choice(PG_GETARG_TEXT_PP(ARG_MARKET), markets, "market");
	side = arg_side(PG_GETARG_TEXT_PP(ARG_SIDE), market);
	kind = arg_choice(PG_GETARG_TEXT_PP(ARG_KIND), kinds, "kind") + BOOK_SHARP;
	price = arg_odds(PG_GETARG_FLOAT8(ARG_PRICE), "price");
	if ((market == MARKET_H2H) != PG_ARGISNULL(ARG_LINE))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("market \"%s\" %s", markets[market], market == MARKET_H2H ? "has no line" : "needs a line, not NULL")));
	if (market != MARKET_H2H)
	{
		line = arg_finite(PG_GETARG_FLOAT8(ARG_LINE), "line");
		if (market == MARKET_SPREADS && side == SIDE_TWO)
			line = 0 - line;
	}
	series_same(state, outcomes, "outcomes");
	row = series_add(fcinfo, &state, QUOTE_WIDTH);
	state->constant = outcomes;
	market_slot_set(row, PG_GETARG_INT32(ARG_BOOK), market);
	row[QUOTE_KNOWN_AT] = PG_GETARG_TIMESTAMPTZ(ARG_KNOWN_AT);
	row[QUOTE_CLOSING] = PG_GETARG_BOOL(ARG_CLOSING);
	row[QUOTE_RECORDED_AT] = PG_GETARG_TIMESTAMPTZ(ARG_RECORDED_AT);
	row[QUOTE_LINE] = line;
	row[QUOTE_SIDE] = side;
	row[QUOTE_PRICE] = price;
	row[QUOTE_KIND] = kind;
	PG_RETURN_POINTER(state);
}

static void
put(Datum *values, bool *nulls, int *n, double value)
{
	nulls[*n] = isnan(value);
	values[*n] = nulls[*n] ? (Datum) 0 : finite_datum(value);
	(*n)++;
}

static void
put_line(Datum *values, bool *nulls, int *n, const market_line *l)
{
	bool		none = isnan(l->line);

	for (int i = 0; i < 4; i++)
		nulls[*n + i] = none;
	if (!none)
	{
		values[*n] = Float8GetDatum(l->line);
		values[*n + 1] = PointerGetDatum(float8s_array(l->price, 2));
		values[*n + 2] = Int32GetDatum((int32) l->book);
		values[*n + 3] = BoolGetDatum(l->closing);
	}
	*n += 4;
}

Datum
bet_edge_market_summary_final(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);
	market_summary summary;
	Size		size;
	double	   *rows;
	Datum		values[22];
	bool		nulls[22];
	int			n = 0;

	if (state == NULL)
		PG_RETURN_NULL();
	size = state->n * QUOTE_WIDTH * sizeof(double);
	rows = MemoryContextAllocHuge(CurrentMemoryContext, 2 * size);
	memcpy(rows, state->values, size);
	if (!market_summarise(rows, state->n, state->constant, rows + state->n * QUOTE_WIDTH, series_interrupts, &summary))
		PG_RETURN_NULL();
	pfree(rows);
	put(values, nulls, &n, summary.opening_spread);
	put(values, nulls, &n, summary.current_spread);
	put(values, nulls, &n, summary.opening_total);
	put(values, nulls, &n, summary.current_total);
	put(values, nulls, &n, summary.price[SIDE_ONE]);
	put(values, nulls, &n, summary.price[SIDE_TIE]);
	put(values, nulls, &n, summary.price[SIDE_TWO]);
	nulls[n] = isnan(summary.sharpest[SIDE_ONE]);
	if (!nulls[n])
	{
		double		sharpest[SIDES] = {summary.sharpest[SIDE_ONE], summary.sharpest[SIDE_TIE], summary.sharpest[SIDE_TWO]};

		if (state->constant == 2)
			sharpest[1] = sharpest[2];
		values[n] = PointerGetDatum(float8s_array(sharpest, state->constant));
	}
	n++;
	put(values, nulls, &n, summary.movement);
	put(values, nulls, &n, summary.dispersion);
	put(values, nulls, &n, summary.sharp_soft_gap);
	nulls[n] = false;
	values[n++] = TimestampTzGetDatum(summary.known_at < 0x1p63 ? (TimestampTz) summary.known_at : DT_NOEND);
	nulls[n] = isnan(summary.sharpest_book);
	values[n] = nulls[n] ? (Datum) 0 : Int32GetDatum((int32) summary.sharpest_book);
	n++;
	nulls[n] = isnan(summary.sharpest[SIDE_ONE]);
	values[n++] = BoolGetDatum(summary.sharpest_closing);
	put_line(values, nulls, &n, &summary.spread);
	put_line(values, nulls, &n, &summary.total);
	PG_RETURN_DATUM(row_datum(fcinfo, values, nulls));
}
