/*
 * What the books say of one game: lines and prices as first and as last quoted, and how the books differ.
 */
#ifndef BET_EDGE_CORE_MARKET_H
#define BET_EDGE_CORE_MARKET_H

#include <stdbool.h>
#include <stddef.h>

enum
{
	MARKET_H2H, MARKET_SPREADS, MARKET_TOTALS, MARKETS
};

/* Of which a market is made: the first two always, the last where a draw is an outcome. */
enum
{
	SIDE_ONE, SIDE_TWO, SIDE_TIE, SIDES
};

/* Kinds of books, the sharpest first. An aggregate's mean counts where no book is known. */
enum
{
	BOOK_SHARP = 1, BOOK_EXCHANGE, BOOK_CONSENSUS, BOOK_AGGREGATE, BOOK_SOFT, BOOK_KINDS
};

/* A quote is a row of doubles: rows in order are the quotes of each book and market in the order of time. */
enum
{
	QUOTE_SLOT,					/* the bits of market_slot() */
	QUOTE_KNOWN_AT, QUOTE_CLOSING, QUOTE_RECORDED_AT,
	QUOTE_LINE,					/* of the home side, or the total; 0 in h2h */
	QUOTE_SIDE, QUOTE_PRICE, QUOTE_KIND,
	QUOTE_WIDTH
};

/* A spread or a total of one book, the sharpest kind's with the least margin. */
typedef struct market_line
{
	double		line;			/* NaN: nobody quotes one with a margin */
	double		price[2];
	double		book;
	bool		closing;
} market_line;

/* NaN where unknown. */
typedef struct market_summary
{
	double		opening_spread;
	double		current_spread;
	double		opening_total;
	double		current_total;
	double		price[SIDES];	/* of h2h, mean over the books */
	double		sharpest[SIDES];	/* mean over the books of the sharpest kind */
	double		sharpest_book;	/* that book, where it is one alone */
	bool		sharpest_closing;	/* are closing prices among them */
	double		movement;		/* of side one's probability there, last minus first */
	double		dispersion;		/* standard deviation of it between the books */
	double		sharp_soft_gap;
	market_line spread;
	market_line total;
	double		known_at;		/* of the latest quote that counts */
} market_summary;

/* A book, by any number of its own, and its market as a row's first column. */
extern void market_slot_set(double *row, int book, int market);

/* Summary of n rows, which it sorts; work has place for as many. False when no market has all its sides. */
extern bool market_summarise(double *rows, size_t n, int outcomes, double *work, void (*interrupts) (void), market_summary *summary);

#endif							/* BET_EDGE_CORE_MARKET_H */
