/*
 * Order statistics and sorting of doubles by their bits: the work depends on how many
 * there are, never on the order in which they come. No value may be NaN; -0 counts as 0.
 */
#ifndef BET_EDGE_CORE_ORDER_H
#define BET_EDGE_CORE_ORDER_H

#include <stddef.h>

/* The k-th smallest of n values, k from 0 and below n. Only reads. interrupts, unless NULL, is called between passes. */
extern double order_kth(const double *x, size_t n, size_t k, void (*interrupts) (void));
/* The same, faster for many values. work: NULL, or place for room values (n / 8 and some thousand do). */
extern double order_kth_in(const double *x, size_t n, size_t k, double *work, size_t room, void (*interrupts) (void));
/*
 * The smallest value such that rest and the weights of all greater values make at most limit;
 * the smallest of all when even their whole weight does. rest <= limit, weights >= 0. Value i
 * is x[i * stride], its weight w[i * stride]. Only reads.
 */
extern double order_weighted(const double *x, const double *w, size_t stride, size_t n, double rest, double limit,
							 void (*interrupts) (void));
/* Ascending. work has place for n values. */
extern void order_sort(double *x, double *work, size_t n);
/* The same for very many: interrupts, unless NULL, is called between passes. */
extern void order_sort_many(double *x, double *work, size_t n, void (*interrupts) (void));
/* A number as the first column of order_sort_rows, and back; -0 becomes 0. */
extern void order_key_set(double *column, double x);
extern double order_key_value(const double *column);
/*
 * Rows of width columns, the first holding the bits of an int64: ascending by it, then by the other columns,
 * so that one set of rows has one order. work has place for as many rows.
 */
extern void order_sort_rows(double *rows, double *work, size_t n, size_t width, void (*interrupts) (void));
/* How many of the ascending values are below v, and how many are not above it. */
extern size_t order_below(const double *sorted, size_t n, double v);
extern size_t order_upto(const double *sorted, size_t n, double v);
/* The same when all before from are known not to be above it: quick when few more are. */
extern size_t order_upto_from(const double *sorted, size_t n, size_t from, double v);

#endif							/* BET_EDGE_CORE_ORDER_H */
