/* Moments merged are moments of all values, wherever the cut is. */
#include "core/interval.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	core_moments whole = {0},
				left = {0},
				right = {0};
	int			n = fuzz_int(&in, 1, 200),
				cut = fuzz_int(&in, 0, 200);
	double		df = fuzz_int(&in, 1, 65000),
				largest = 0;

	for (int i = 0; i < n; i++)
	{
		double		value = (fuzz_unit(&in) - 0.5) * pow(10, fuzz_int(&in, -20, 20));

		core_moments_add(&whole, value);
		core_moments_add(i < cut ? &left : &right, value);
		largest = fmax(largest, fabs(value));
	}
	core_moments_merge(&left, &right);
	FUZZ_CHECK(left.n == whole.n && left.m2 >= 0 && whole.m2 >= 0);
	FUZZ_CHECK(fabs(left.mean - whole.mean) <= 1e-12 * largest);
	FUZZ_CHECK(fabs(left.m2 - whole.m2) <= 1e-10 * n * largest * largest);
	FUZZ_CHECK(student_975(df) > 1.95 && student_975(df) < 12.71);
	FUZZ_CHECK(student_975(df + 1) < student_975(df) + 1e-9);
	return 0;
}
