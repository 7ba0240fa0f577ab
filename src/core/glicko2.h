/*
 * Glicko-2 (Glickman 2001, "Example of the Glicko-2 system" 2012): a rating, how
 * sure it is (rating deviation) and how erratic the player is (volatility).
 */
#ifndef BET_EDGE_CORE_GLICKO2_H
#define BET_EDGE_CORE_GLICKO2_H

#include "core/status.h"

typedef struct glicko2_player
{
	double		rating;
	double		rd;
	double		volatility;
} glicko2_player;

/* What the games of one rating period say of a player; start from zeros. */
typedef struct glicko2_evidence
{
	double		surprise;		/* sum of g(score - expected) */
	double		information;	/* 1/v: sum of g^2 expected (1 - expected) */
} glicko2_evidence;

/* Expected score; rd is what is not known of the difference. */
extern double glicko2_expected(double rating, double opponent_rating, double rd);
extern void glicko2_add(glicko2_evidence *evidence, double rating, double opponent_rating, double opponent_rd, double score);
/* RD after periods without a game; max_rd INFINITY for none. */
extern double glicko2_idle_rd(double rd, double volatility, double periods, double max_rd);
/* The end of a rating period in which the player had games. */
extern core_status glicko2_close(const glicko2_player *before, const glicko2_evidence *evidence, double tau,
								 double max_rd, glicko2_player *after);

#endif							/* BET_EDGE_CORE_GLICKO2_H */
