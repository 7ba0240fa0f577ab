#include "core/nearest.h"

#include <stdlib.h>

#include "tap.h"

static int	checks = 0;

static void
check(void)
{
	checks++;
}

static nearest_point all[3000];

static int
compare(const void *a, const void *b)
{
	const nearest_point *x = a,
			   *y = b;

	if (x->square != y->square)
		return x->square < y->square ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

int
main(void)
{
	static float points[3000 * 20],
				packed[3000 * 20 + 400];
	float		query[20];
	nearest_point found[3000];
	int			wrong = 0,
				beyond = 0;

	for (int turn = 0; turn < 400; turn++)
	{
		int			dimensions = 1 + tap_below(20),
					n = 1 + (turn % 10 == 0 ? tap_below(3000) : tap_below(100)),
					k = 1 + tap_below(n < 60 || turn % 20 == 0 ? n : 60);
		/* whole numbers, so that many are equally far; or any, up to overflow */
		double		size = turn % 3 == 0 ? 3 : pow(10, 40 * tap_uniform() - 20);

		for (int i = 0; i < n * dimensions; i++)
			points[i] = (float) (turn % 3 == 0 ? tap_below(7) - 3 : size * (2 * tap_uniform() - 1));
		for (int j = 0; j < dimensions; j++)
			query[j] = (float) (turn % 3 == 0 ? tap_below(7) - 3 : size * (2 * tap_uniform() - 1));
		for (int i = 0; i < n; i++)
		{
			all[i] = (nearest_point) {i, 0};
			for (int j = 0; j < dimensions; j++)
			{
				float		off = points[i * dimensions + j] - query[j];

				all[i].square += off * off;
			}
		}
		qsort(all, n, sizeof *all, compare);
		nearest_pack(points, n, dimensions, packed);
		for (nearest_register_bits = 128; nearest_register_bits <= 512; nearest_register_bits *= 2)
		{
			nearest_find(packed, n, dimensions, query, k, found, check);
			for (int i = 0; i < k; i++)
				wrong += found[i].place != all[i].place || found[i].square != all[i].square;
		}
		nearest_register_bits = 512;
		beyond += isinf(all[0].square);
	}
	ok(wrong == 0, "those that sorting all of them gives, to the bit, with registers of every width");
	ok(beyond > 0 && checks > 0, "distances beyond all numbers among them; it stops to look up");
	return done_testing();
}
