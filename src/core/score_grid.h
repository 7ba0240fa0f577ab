/*
 * The joint distribution of two scores as a matrix: rows home goals from 0,
 * columns away goals from 0. Made from rates, read as markets.
 */
#ifndef BET_EDGE_CORE_SCORE_GRID_H
#define BET_EDGE_CORE_SCORE_GRID_H

#include "core/settlement.h"
#include "core/status.h"

#define SCORE_GRID_MAX_GOALS 255
#define SCORE_GRID_MAX_RATE 200

typedef struct score_grid
{
	int			rows;
	int			columns;
	const double *probs;		/* row after row */
} score_grid;

/* Dixon & Coles 1997 over 0..max_goals each; probs has room for all. CORE_INVALID when rho makes a probability negative. */
extern core_status score_grid_dixon_coles(double home_rate, double away_rate, double rho, int max_goals, double *probs);
/* The rho that leave no probability negative. */
extern void score_grid_rho_limits(double home_rate, double away_rate, double *lowest, double *highest);
/* Karlis & Ntzoufras 2003: home = X1 + X3, away = X2 + X3, X independent Poisson. */
extern void score_grid_bivariate_poisson(double home_rate, double away_rate, double common_rate, int max_goals, double *probs);
/* Probabilities of two scores that know nothing of each other. */
extern void score_grid_outer(const double *home, int rows, const double *away, int columns, double *probs);

extern double score_grid_sum(const score_grid *grid);
extern void score_grid_outcomes(const score_grid *grid, double probs[3]);
/* A bet that is ahead by home_factor * home + away_factor * away + line. */
extern void score_grid_law(const score_grid *grid, double home_factor, double away_factor, double line, double law[SETTLE_RESULTS]);
extern double score_grid_both_score(const score_grid *grid);
extern double score_grid_margin(const score_grid *grid, int margin);

#endif							/* BET_EDGE_CORE_SCORE_GRID_H */
