/*
 * The words of a bet on a line and its five results, for every binding that has one.
 */
#ifndef BET_EDGE_BIND_SETTLEMENT_H
#define BET_EDGE_BIND_SETTLEMENT_H

#include "bind/compat.h"

extern const char *const settlement_teams[];	/* home, away */
extern const char *const settlement_totals[];	/* over, under */

/* A line: a multiple of a quarter. */
extern double arg_line(double line);

#endif							/* BET_EDGE_BIND_SETTLEMENT_H */
