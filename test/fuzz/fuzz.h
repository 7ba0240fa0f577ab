/*
 * What the fuzz targets share: numbers taken from the fuzzer's bytes, and a
 * broken invariant made a crash, which is what the fuzzer looks for.
 *
 * A target defines LLVMFuzzerTestOneInput. Once the bytes are used up all numbers are 0.
 */
#ifndef BET_EDGE_FUZZ_H
#define BET_EDGE_FUZZ_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct fuzz_bytes
{
	const uint8_t *data;
	size_t		size;
} fuzz_bytes;

static inline uint8_t
fuzz_byte(fuzz_bytes *in)
{
	if (in->size == 0)
		return 0;
	in->size--;
	return *in->data++;
}

/* In lo .. hi, both included; hi - lo below 65536. */
static inline int
fuzz_int(fuzz_bytes *in, int lo, int hi)
{
	int			raw = fuzz_byte(in) << 8;

	return lo + (raw | fuzz_byte(in)) % (hi - lo + 1);
}

/* Any 64 bits: NaN, infinities and subnormals too. */
static inline double
fuzz_double(fuzz_bytes *in)
{
	double		value = 0;
	size_t		n = in->size < sizeof value ? in->size : sizeof value;

	memcpy(&value, in->data, n);
	in->data += n;
	in->size -= n;
	return value;
}

/* In [0, 1], in steps of 1/65535. */
static inline double
fuzz_unit(fuzz_bytes *in)
{
	return fuzz_int(in, 0, 65535) / 65535.0;
}

#define FUZZ_CHECK(condition) \
	do { \
		if (!(condition)) \
		{ \
			fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

#endif							/* BET_EDGE_FUZZ_H */
