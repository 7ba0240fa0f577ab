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

/* ---- measures that depend on the order of the bets ------------------------------------------------ */

typedef struct bootstrap_bet
{
	double		profit;
	double		stake;			/* above 0 */
	int64_t		cluster;
} bootstrap_bet;

typedef enum bootstrap_measure
{
	PATH_RETURN,				/* sum of profits / bankroll */
	PATH_SHARPE,				/* of profit / stake, per bet */
	PATH_SORTINO,
	PATH_CALMAR,				/* by years */
	PATH_DRAWDOWN,
	PATH_FRACTION,				/* drawdown as a share of the peak */
	PATH_LOSING_RUN,
	PATH_MEASURES
} bootstrap_measure;

typedef struct bootstrap_path_interval
{
	double		estimate;		/* infinite where a ratio has nothing below it */
	double		lower;			/* the estimate itself for a single cluster */
	double		upper;
} bootstrap_path_interval;

/* Bytes of work for n bets and so many replicates. */
extern size_t bootstrap_path_work(size_t n, int replicates);
/*
 * Percentile intervals at 95 %: clusters are drawn as in bootstrap_ratio, their bets stay where they were in time, as often as
 * their cluster was drawn. bankroll and years above 0. CORE_NO_SOLUTION when a sum is not a finite number.
 */
extern core_status bootstrap_path(const bootstrap_bet *bets, size_t n, double bankroll, double years, void *work, int replicates,
								  uint64_t seed, void (*interrupts) (void), bootstrap_path_interval result[PATH_MEASURES]);

#endif							/* BET_EDGE_CORE_BOOTSTRAP_H */
