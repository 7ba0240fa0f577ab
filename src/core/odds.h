/*
 * The ways in which the world writes odds, to and from decimal odds.
 */
#ifndef BET_EDGE_CORE_ODDS_H
#define BET_EDGE_CORE_ODDS_H

#include <stddef.h>

#include "core/status.h"

typedef enum odds_format
{
	ODDS_DECIMAL,
	ODDS_AMERICAN,
	ODDS_FRACTIONAL,
	ODDS_HONGKONG,
	ODDS_MALAY,
	ODDS_INDONESIAN,
	ODDS_PROBABILITY,
	ODDS_FORMATS,				/* how many there are */
	ODDS_RECOGNISE = ODDS_FORMATS
} odds_format;

/* Decimal odds that can be written in every format lie in (1, ODDS_MAX]. */
#define ODDS_MAX 1e15
/* Room for any odds in any format, with the final zero. */
#define ODDS_TEXT_SIZE 48

extern const char *const odds_format_name[ODDS_FORMATS];

/* The format of that name, or ODDS_RECOGNISE when there is none. */
extern odds_format odds_format_find(const char *name, size_t n);

/*
 * Decimal odds from text. *format may be ODDS_RECOGNISE and is then set.
 * CORE_INVALID: not a number of that format. CORE_NO_SOLUTION: a number that no bet has.
 * The result is the double nearest to the exact value of the first 18 digits.
 */
extern core_status odds_read(const char *text, size_t n, odds_format *format, double *decimal);

/*
 * The shortest text that odds_read turns into exactly these decimal odds again;
 * for fractions the simplest one. Returns its length.
 */
extern int	odds_write(double decimal, odds_format format, char text[ODDS_TEXT_SIZE]);

#endif							/* BET_EDGE_CORE_ODDS_H */
