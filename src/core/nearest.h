/*
 * The nearest of many points by Euclidean distance, all of them looked at: exact. Points are packed sixteen to a block,
 * coordinate by coordinate, so that a register holds the same coordinate of several; the last block is filled with points
 * at no distance that a number has. Squares are float32, summed in the order of the coordinates: the same bits on every processor.
 */
#ifndef BET_EDGE_CORE_NEAREST_H
#define BET_EDGE_CORE_NEAREST_H

#include <stddef.h>
#include <stdint.h>

#define NEAREST_BLOCK 16

/* The widest registers to use of those that the processor has: 512, 256 or 128. */
extern int	nearest_register_bits;

typedef struct nearest_point
{
	size_t		place;			/* from 0 */
	float		square;			/* of the distance; infinite when beyond all numbers */
} nearest_point;

/* Floats of n packed points. */
static inline size_t
nearest_space(size_t n, int dimensions)
{
	return (n + NEAREST_BLOCK - 1) / NEAREST_BLOCK * NEAREST_BLOCK * dimensions;
}

/* n points of so many coordinates each, one after the other. */
extern void nearest_pack(const float *points, size_t n, int dimensions, float *packed);

/* The k nearest, nearest first, of equal ones the first; k is at most n. check is called now and then and may jump away. */
extern void nearest_find(const float *packed, size_t n, int dimensions, const float *query, int k, nearest_point *found,
						 void (*check) (void));

#endif							/* BET_EDGE_CORE_NEAREST_H */
