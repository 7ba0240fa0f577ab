/*
 * Laws of counts - points, hits, goals - with tails that keep their digits
 * however small they are: leading terms by Loader's saddle point (2000), sums of
 * positive terms and continued fractions beyond them (Didonato & Morris 1992).
 */
#ifndef BET_EDGE_CORE_COUNT_H
#define BET_EDGE_CORE_COUNT_H

#include "core/status.h"

#define COUNT_MEAN_MAX 1e9		/* the largest mean, and number of trials */
#define COUNT_SIZE_MIN 1e-100
#define COUNT_HISTOGRAM_MAX 1000000	/* the largest count of a fit */

typedef enum count_kind
{
	COUNT_POISSON,
	COUNT_NEGBIN,
	COUNT_BINOMIAL
} count_kind;

typedef struct count_law
{
	count_kind	kind;
	double		mean;			/* Poisson, negative binomial */
	double		size;			/* negative binomial: variance mean + mean^2/size; infinite is Poisson */
	double		trials;			/* binomial */
	double		prob;
	double		extra_zero;		/* this share is 0 without asking the law */
} count_law;

/* The parts of a law beside a whole number: below it, at it, above it. They sum to 1. */
typedef struct count_parts
{
	double		under;
	double		at;
	double		over;
} count_parts;

/* ln of the probability of 0, size finite: size ln(size/(size+mean)) */
extern double negbin_log_zero(double mean, double size);
extern double count_pmf(const count_law *law, double count);
extern count_parts count_split(const count_law *law, double count);
/* A line: at is a push, and 0 unless the line is whole. */
extern count_parts count_line(const count_law *law, double line);
/* The mean (or the trials) is law's times exposure[i] with weight[i]; n > 0, the weights' sum above 0. */
extern count_parts count_mixture_line(const count_law *law, const double *exposure, const double *weights, int n, double line);
extern double count_cdf(const count_law *law, double count);
/* The least count with cdf >= prob; infinite for prob 1 where the law has no end. */
extern double count_quantile(const count_law *law, double prob);

/*
 * Maximum likelihood. histogram[k] is the weight of count k, n > 0 long, its sum above 0.
 * Without overdispersion size becomes infinite; without too many zeros extra_zero becomes 0.
 */
extern double count_mean(const double *histogram, long n);
extern core_status negbin_fit(const double *histogram, long n, double *mean, double *size, void (*check) (void));
extern void zero_inflated_poisson_fit(const double *histogram, long n, double *mean, double *extra_zero);
extern core_status zero_inflated_negbin_fit(const double *histogram, long n, double *mean, double *size, double *extra_zero,
											void (*check) (void));

#endif							/* BET_EDGE_CORE_COUNT_H */
