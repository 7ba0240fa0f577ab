#include "core/nearest.h"
#include "fuzz.h"

#define MOST 70
#define DIMENSIONS 5

static void
check(void)
{
}

/* Any points: places once each, distances in order, none left out that is nearer than the last. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	int			dimensions = fuzz_int(&in, 1, DIMENSIONS),
				n = fuzz_int(&in, 1, MOST),
				k = fuzz_int(&in, 1, n),
				nearer = 0;
	float		points[MOST * DIMENSIONS],
				packed[(MOST + NEAREST_BLOCK) * DIMENSIONS],
				query[DIMENSIONS];
	nearest_point found[MOST];
	unsigned char seen[MOST] = {0};

	for (int i = 0; i < n * dimensions; i++)
		points[i] = (float) (fuzz_byte(&in) % 4 ? fuzz_int(&in, -9, 9) : fuzz_double(&in));
	for (int j = 0; j < dimensions; j++)
		query[j] = (float) (fuzz_byte(&in) % 4 ? fuzz_int(&in, -9, 9) : fuzz_double(&in));
	nearest_pack(points, n, dimensions, packed);
	nearest_register_bits = 128 << fuzz_int(&in, 0, 2);
	nearest_find(packed, n, dimensions, query, k, found, check);
	for (int i = 0; i < k; i++)
	{
		FUZZ_CHECK(found[i].place < (size_t) n && !seen[found[i].place]++);
		FUZZ_CHECK(found[i].square >= 0 && (i == 0 || found[i].square >= found[i - 1].square));
	}
	for (int i = 0; i < n; i++)
	{
		float		square = 0;

		for (int j = 0; j < dimensions; j++)
		{
			float		off = points[i * dimensions + j] - query[j];

			square += off * off;
		}
		nearer += square < found[k - 1].square;
	}
	FUZZ_CHECK(nearer < k);
	return 0;
}
