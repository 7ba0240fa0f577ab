/*
 * Symmetric positive definite systems.
 */
#ifndef BET_EDGE_CORE_CHOLESKY_H
#define BET_EDGE_CORE_CHOLESKY_H

#include "core/status.h"

/*
 * Factors the lower triangle of the n x n matrix a (rows of n) in place. CORE_NO_SOLUTION: a is not
 * positive definite, or so nearly not that a pivot is below 1e-14 of its diagonal. check is called between rows.
 */
extern core_status cholesky_factor(double *a, int n, void (*check) (void));
/* Solves a x = b in place, a as factored. */
extern void cholesky_solve(const double *a, int n, double *b);

#endif							/* BET_EDGE_CORE_CHOLESKY_H */
