/* Random numbers that are the same on every machine for the same seed: splitmix64 (Steele, Lea & Flood 2014). */
#ifndef BET_EDGE_CORE_RANDOM_H
#define BET_EDGE_CORE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* The mixer by itself spreads numbers in sequence. */
static inline uint64_t
random_mix(uint64_t z)
{
	z += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static inline uint64_t
random_next(uint64_t *state)
{
	uint64_t	now = *state;

	*state += UINT64_C(0x9e3779b97f4a7c15);
	return random_mix(now);
}

/* In 0 .. n-1, the high half of a product: n is far below 2^32 of 2^64 values, the bias below any sight. */
static inline size_t
random_below(uint64_t *state, size_t n)
{
	return (size_t) (((unsigned __int128) random_next(state) * n) >> 64);
}

/* In [0, 1). */
static inline double
random_uniform(uint64_t *state)
{
	return (random_next(state) >> 11) * 0x1p-53;
}

#endif							/* BET_EDGE_CORE_RANDOM_H */
