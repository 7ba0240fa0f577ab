/*
 * The clustered bootstrap: how far a ratio of two sums could have fallen otherwise,
 * when what is independent is the game and not the bet.
 */
#ifndef BET_EDGE_CORE_BOOTSTRAP_H
#define BET_EDGE_CORE_BOOTSTRAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

#define BOOTSTRAP_LEAST 100		/* replicates */
#define BOOTSTRAP_MOST 1000000

typedef struct bootstrap_row
{
	int64_t		cluster;
	double		value;
	double		weight;			/* not negative */
} bootstrap_row;

typedef struct bootstrap_interval
{
	double		clusters;		/* with weight */
	double		estimate;		/* sum of values over sum of weights */
	double		lower;
	double		upper;
	double		error;			/* standard deviation of the replicates */
	double		positive;		/* share of replicates above 0, those at 0 by half */
	bool		known;			/* there is a cluster */
	bool		bounded;		/* at least two */
} bootstrap_interval;

/*
 * BCa interval at 95 % (Efron 1987) from so many replicates, each of as many clusters drawn with equal
 * chances, the same for the same rows in any order and the same seed. Sorts and overwrites the rows; work has
 * place for n rows, drawn for the replicates. CORE_NO_SOLUTION when a sum is not a finite number.
 */
extern core_status bootstrap_ratio(bootstrap_row *rows, bootstrap_row *work, size_t n, double *drawn, int replicates,
								   uint64_t seed, void (*interrupts) (void), bootstrap_interval *result);

#endif							/* BET_EDGE_CORE_BOOTSTRAP_H */
