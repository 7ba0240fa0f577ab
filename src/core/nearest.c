#include "core/nearest.h"

#include <math.h>
#include <stdbool.h>

int			nearest_register_bits = 512;

void
nearest_pack(const float *points, size_t n, int dimensions, float *packed)
{
	for (size_t first = 0; first < n; first += NEAREST_BLOCK)
		for (int j = 0; j < dimensions; j++)
			for (size_t i = first; i < first + NEAREST_BLOCK; i++)
				*packed++ = i < n ? points[i * dimensions + j] : INFINITY;
}

typedef float float_4 __attribute__((vector_size(16), aligned(4), may_alias));
typedef float float_8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef float float_16 __attribute__((vector_size(64), aligned(4), may_alias));

/* The squares of one block's distances, by registers of so many floats. */
#define DEFINE_SQUARES(width, attributes) \
attributes static inline void \
squares_##width(const float *block, int dimensions, const float *query, float *squares) \
{ \
	float_##width sum[NEAREST_BLOCK / width] = {{0}}; \
 \
	for (int j = 0; j < dimensions; j++, block += NEAREST_BLOCK) \
		for (int r = 0; r < NEAREST_BLOCK / width; r++) \
		{ \
			float_##width off = *(const float_##width *) (block + r * width) - query[j]; \
 \
			sum[r] += off * off; \
		} \
	for (int r = 0; r < NEAREST_BLOCK / width; r++) \
		*(float_##width *) (squares + r * width) = sum[r]; \
} \
/* In blocks first to last the lowest square of each, compared where the registers are. */ \
attributes static size_t \
next_block_##width(const float *packed, size_t block, size_t blocks, int dimensions, const float *query, float within, float *squares) \
{ \
	for (; block < blocks; block++) \
	{ \
		int			nearer = 0; \
 \
		squares_##width(packed + block * NEAREST_BLOCK * dimensions, dimensions, query, squares); \
		for (int i = 0; i < NEAREST_BLOCK; i++) \
			nearer |= squares[i] < within; \
		if (nearer) \
			break; \
	} \
	return block; \
}

DEFINE_SQUARES(4, )
#ifdef __x86_64__
DEFINE_SQUARES(8, __attribute__((target("avx2"))))
DEFINE_SQUARES(16, __attribute__((target("avx512f,avx512vl"))))
#define WIDEST(function) \
	(nearest_register_bits >= 512 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") ? function##_16 : \
	 nearest_register_bits >= 256 && __builtin_cpu_supports("avx2") ? function##_8 : function##_4)
#else
#define WIDEST(function) function##_4
#endif

/* A square that is no number (infinite coordinates) is the farthest. */
static float
number(float square)
{
	return isnan(square) ? INFINITY : square;
}

/* By distance, of equal ones the first. */
static bool
farther(nearest_point a, nearest_point b)
{
	return a.square > b.square || (a.square == b.square && a.place > b.place);
}

/* A heap with the farthest on top, but for what stands at a place: this one goes there or below. */
static void
sift(nearest_point *heap, size_t n, size_t at, nearest_point point)
{
	for (size_t child; (child = 2 * at + 1) < n; at = child)
	{
		child += child + 1 < n && farther(heap[child + 1], heap[child]);
		if (!farther(heap[child], point))
			break;
		heap[at] = heap[child];
	}
	heap[at] = point;
}

void
nearest_find(const float *packed, size_t n, int dimensions, const float *query, int k, nearest_point *found, void (*check) (void))
{
	size_t		(*next_block) (const float *, size_t, size_t, int, const float *, float, float *) = WIDEST(next_block);
	size_t		blocks = (n + NEAREST_BLOCK - 1) / NEAREST_BLOCK,
				chunk = 65536 / dimensions + 1;
	int			have = 0;
	float		squares[NEAREST_BLOCK];

	for (size_t block = 0; block < blocks; block++)
	{
		size_t		end = block / chunk * chunk + chunk;

		if (block % chunk == 0)
			check();
		/* until there are k, every block is looked at */
		if (have == k)
			block = next_block(packed, block, end < blocks ? end : blocks, dimensions, query, found[0].square, squares);
		else
			WIDEST(squares) (packed + block * NEAREST_BLOCK * dimensions, dimensions, query, squares);
		if (have == k && block == (end < blocks ? end : blocks))
		{
			block--;
			continue;
		}
		for (size_t i = 0; i < NEAREST_BLOCK && block * NEAREST_BLOCK + i < n; i++)
		{
			nearest_point point = {block * NEAREST_BLOCK + i, number(squares[i])};

			if (have < k)
			{
				found[have++] = point;
				for (size_t at = have == k ? k / 2 : 0; at-- > 0;)
					sift(found, k, at, found[at]);
			}
			else if (point.square < found[0].square)
				sift(found, k, 0, point);
		}
	}
	while (have-- > 1)
	{
		nearest_point last = found[have];

		found[have] = found[0];
		sift(found, have, 0, last);
	}
}
