/*
 * UBJSON by hand, its refusals, floats of every kind, and damaged bytes under
 * the sanitisers: bytes and text are of exactly their size.
 */
#include "core/ubjson.h"
#include "tap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"

/* The JSON of some bytes, to be freed; NULL when they are refused. */
static char *
converted(const void *bytes, size_t size, ubjson_problem *problem)
{
	uint8_t    *copy = malloc(size + 1);
	size_t		room,
				length;
	char	   *text = NULL;

	memcpy(copy, bytes, size);
	copy = realloc(copy, size ? size : 1);
	problem->text = NULL;
	if (ubjson_to_json(copy, size, NULL, &room, problem) == CORE_OK)
	{
		text = malloc(room + 1);
		if (ubjson_to_json(copy, size, text, &length, problem) != CORE_OK || length > room)
			abort();
		text[length] = '\0';
	}
	free(copy);
	return text;
}

static void
is_json(const char *bytes, size_t size, const char *want)
{
	ubjson_problem problem;
	char	   *got = converted(bytes, size, &problem);

	ok(got != NULL && strcmp(got, want) == 0, want);
	if (got == NULL || strcmp(got, want) != 0)
		printf("# got %s (%s)\n", got ? got : "nothing", problem.text ? problem.text : "");
	free(got);
}

static void
is_refused(const char *bytes, size_t size, const char *why, size_t at)
{
	ubjson_problem problem;
	char	   *got = converted(bytes, size, &problem);

	ok(got == NULL && strcmp(problem.text, why) == 0 && problem.at == at, why);
	if (got != NULL || problem.at != at)
		printf("# got %s, %s at %zu\n", got ? got : "nothing", problem.text ? problem.text : "", problem.at);
	free(got);
}

#define JSON(bytes, want) is_json(bytes, sizeof(bytes) - 1, want)
#define REFUSED(bytes, why, at) is_refused(bytes, sizeof(bytes) - 1, why, at)

static void
by_hand(void)
{
	JSON("Z", "null");
	JSON("[TFZ]", "[true,false,null]");
	JSON("[i\xffU\xffI\xff\xfel\x80\0\0\0L\x7f\xff\xff\xff\xff\xff\xff\xff]", "[-1,255,-2,-2147483648,9223372036854775807]");
	JSON("[d\x3e\x99\x99\x9a""D\x3f\xd3\x33\x33\x33\x33\x33\x33]", "[0.300000012,0.29999999999999999]");
	JSON("d\x7f\xc0\0\0", "NaN");
	JSON("Si\x05""a\"b\\\x01", "\"a\\\"b\\\\\\u0001\"");
	JSON("{i\1aSU\0i\2bb{}L\0\0\0\0\0\0\0\1c[]}", "{\"a\":\"\",\"bb\":{},\"c\":[]}");
	JSON("[#i\2TF", "[true,false]");
	JSON("{#i\1i\1a[#i\0", "{\"a\":[]}");
	JSON("[$U#i\3\1\2\377", "[1,2,255]");
	JSON("[$l#L\0\0\0\0\0\0\0\1\377\377\377\377", "[-1]");
	JSON("[$d#i\2\x7f\xc0\0\0\x3f\x80\0\0", "[NaN,1]");
	JSON("[$L#i\0", "[]");
	REFUSED("", "the bytes end too early", 0);
	REFUSED("[", "the bytes end too early", 1);
	REFUSED("[i", "the bytes end too early", 2);
	REFUSED("[]]", "something follows the end", 2);
	REFUSED("N", "unknown type of a value", 0);
	REFUSED("Hi\1""1", "unknown type of a value", 0);
	REFUSED("[d\x7f\x80\0\0]", "a number is infinite", 2);
	REFUSED("Si\xff", "a length is negative", 3);
	REFUSED("Sd\0\0\0\0", "a length is not a whole number", 1);
	REFUSED("Si\2a", "a length reaches beyond the end", 3);
	REFUSED("[#L\x7f\xff\xff\xff\xff\xff\xff\xff", "a length reaches beyond the end", 11);
	REFUSED("[$d#L\x20\0\0\0\0\0\0\1\0\0\0\0", "a length reaches beyond the end", 13);
	REFUSED("[$Z#i\x64", "a typed array is not one of numbers", 2);
	REFUSED("[$Ui\1a", "a typed array lacks its length", 3);
	REFUSED("{$i#i\1i\1a\1", "an object with one type for all is not supported", 1);
}

static void
depth(void)
{
	char		deep[4 * JSON_MAX_DEPTH];
	ubjson_problem problem;
	char	   *text;

	memset(deep, '[', sizeof(deep));
	memset(deep + JSON_MAX_DEPTH, ']', JSON_MAX_DEPTH);
	text = converted(deep, 2 * JSON_MAX_DEPTH, &problem);
	ok(text != NULL && strlen(text) == 2 * JSON_MAX_DEPTH, "the greatest depth is read");
	free(text);
	memset(deep, '[', sizeof(deep));
	ok(converted(deep, sizeof(deep), &problem) == NULL && strcmp(problem.text, "nested too deeply") == 0, "more is refused");
}

/* Every float comes back as itself. */
static void
floats(void)
{
	int			wrong = 0;

	for (int i = 0; i < 200000; i++)
	{
		uint32_t	raw = (uint32_t) tap_random();
		uint8_t		bytes[5] = {'d', raw >> 24, raw >> 16, raw >> 8, raw};
		float		want,
					got;
		ubjson_problem problem;
		char	   *text = converted(bytes, 5, &problem);

		memcpy(&want, &raw, sizeof(want));
		if (isinf(want) || isnan(want))
			wrong += isinf(want) ? text != NULL : text == NULL || strcmp(text, "NaN") != 0;
		else
		{
			json		j = json_open(text, strlen(text));

			wrong += !json_float(&j, &got) || !json_finish(&j) || memcmp(&got, &want, sizeof(got)) != 0;
		}
		free(text);
	}
	ok(wrong == 0, "200000 random floats read back to the same bits");
}

/* Random values of every kind, as bytes. */
static size_t
grow(uint8_t *to, int levels)
{
	static const char scalars[] = "ZTFiUIlLdD";
	uint8_t    *at = to;
	uint32_t	kind = tap_below(levels > 0 ? 6 : 3);

	if (kind == 0)
	{
		uint8_t		type = scalars[tap_below(10)];
		size_t		n = strchr("iU", type) ? 1 : type == 'I' ? 2 : strchr("ld", type) ? 4 : strchr("LD", type) ? 8 : 0;

		*at++ = type;
		for (; n > 0; n--)
			*at++ = tap_below(128);
	}
	else if (kind == 1)
	{
		*at++ = 'S';
		*at++ = 'U';
		*at++ = tap_below(20);
		for (int n = at[-1]; n > 0; n--)
			*at++ = tap_below(128);
	}
	else if (kind == 2)
	{
		at += sprintf((char *) at, "[$I#i");
		*at++ = tap_below(20);
		for (int n = 2 * at[-1]; n > 0; n--)
			*at++ = tap_below(128);
	}
	else
	{
		bool		object = kind == 3,
					counted = tap_below(2);
		int			n = tap_below(5);

		*at++ = object ? '{' : '[';
		if (counted)
		{
			*at++ = '#';
			*at++ = 'i';
			*at++ = n;
		}
		for (; n > 0; n--)
		{
			if (object)
			{
				*at++ = 'i';
				*at++ = 1;
				*at++ = 'a' + n;
			}
			at += grow(at, levels - 1);
		}
		if (!counted)
			*at++ = object ? '}' : ']';
	}
	return at - to;
}

static void
damage(void)
{
	static uint8_t bytes[100000];
	int			unsound = 0,
				read = 0,
				refused = 0;

	for (int i = 0; i < 20000; i++)
	{
		size_t		size = grow(bytes, 5);
		ubjson_problem problem;
		char	   *text = converted(bytes, size, &problem);

		read += text != NULL;
		for (int k = 0; k < 2; k++)
		{
			if (text != NULL)
			{
				json		j = json_open(text, strlen(text));

				unsound += !(json_skip(&j) && json_finish(&j));
			}
			else
				unsound += problem.text == NULL || problem.at > size;
			free(text);
			if (k == 1)
				break;
			/* and again with a few bytes changed, or cut */
			for (int n = tap_below(3); n >= 0; n--)
				bytes[tap_below(size)] = tap_below(2) ? tap_below(256) : "[]{}#$iUlLdDSZT"[tap_below(15)];
			if (tap_below(4) == 0)
				size = tap_below(size + 1);
			text = converted(bytes, size, &problem);
			refused += text == NULL;
		}
	}
	ok(read > 19000, "20000 random values are read, but for infinities");
	ok(unsound == 0, "as JSON, and the damaged ones as JSON or with a reason");
	ok(refused > 5000, "most damage is found");
	printf("# %d read, %d of the damaged refused\n", read, refused);
}

int
main(void)
{
	by_hand();
	depth();
	floats();
	damage();
	return done_testing();
}
