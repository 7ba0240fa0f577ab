#include "tap.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/csv.h"

#define MANY 64

static uint64_t seed = 7;

static unsigned
below(unsigned n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned) (seed >> 33) % n;
}

/* All records as text: fields in brackets, records after their line number. */
static bool
reads(const char *text, const char *want)
{
	csv_reader	reader = {text, strlen(text), 0, 1};
	char		decoded[256];
	char		got[1024] = "";
	csv_field	fields[MANY];
	csv_record	record;
	int			n = 0;

	for (;;)
	{
		core_status status = csv_next(&reader, decoded, fields, MANY, &record);

		if (status != CORE_OK)
		{
			n += snprintf(got + n, sizeof got - n, "open %ld", record.line);
			break;
		}
		if (record.fields == 0)
			break;
		n += snprintf(got + n, sizeof got - n, "%ld", record.line);
		for (size_t i = 0; i < record.fields; i++)
			n += snprintf(got + n, sizeof got - n, "[%.*s]", (int) fields[i].length, decoded + fields[i].start);
	}
	if (strcmp(got, want) == 0)
		return true;
	printf("# got %s, want %s\n", got, want);
	return false;
}

/*
 * Random records are written as CSV in random ways and read back. The buffers are
 * exactly as large as promised, so that the sanitiser sees a byte too much.
 */
static int
round_trip(void)
{
	static const char alphabet[] = "ab,\"\n\r1 ";
	static const char *const ends[] = {"\n", "\r\n", "\r"};
	char		values[MANY][8];
	char		text[MANY * 24];
	size_t		lengths[MANY];
	size_t		n = 0;
	size_t		count = 1 + below(12);
	int			wrong = 0;
	char	   *exact,
			   *decoded;
	csv_field	fields[MANY];
	csv_record	record;

	for (size_t i = 0; i < count; i++)
	{
		/* a record of a single empty field would be an empty line */
		bool		quote = count == 1 || below(2);

		lengths[i] = below(8);
		for (size_t j = 0; j < lengths[i]; j++)
		{
			values[i][j] = alphabet[below(sizeof alphabet - 1)];
			quote = quote || strchr(",\"\n\r", values[i][j]);
		}
		if (i > 0)
			text[n++] = ',';
		if (quote)
			text[n++] = '"';
		for (size_t j = 0; j < lengths[i]; j++)
		{
			if (values[i][j] == '"')
				text[n++] = '"';
			text[n++] = values[i][j];
		}
		if (quote)
			text[n++] = '"';
	}
	if (below(2))
	{
		const char *end = ends[below(3)];

		memcpy(text + n, end, strlen(end));
		n += strlen(end);
	}
	exact = malloc(n);
	decoded = malloc(n);
	memcpy(exact, text, n);
	csv_reader	reader = {exact, n, 0, 1};

	/* first without room for the fields: nothing must be consumed */
	wrong += csv_next(&reader, decoded, fields, 0, &record) != CORE_OK || reader.at != 0 || record.fields != count;
	wrong += csv_next(&reader, decoded, fields, MANY, &record) != CORE_OK || record.fields != count || reader.at != n;
	for (size_t i = 0; i < count && !wrong; i++)
		wrong += fields[i].length != lengths[i] || memcmp(decoded + fields[i].start, values[i], lengths[i]) != 0;
	free(exact);
	free(decoded);
	return wrong != 0;
}

/* Any bytes: the reader moves forward, and fields stay inside the buffer. */
static int
any_bytes(void)
{
	static const char alphabet[] = ",,\"\"\n\r\na\0";
	size_t		n = below(40);
	char	   *text = malloc(n + !n);
	char	   *decoded = malloc(n + !n);
	csv_field	fields[3];
	csv_record	record = {0};
	size_t		before = 0;
	int			wrong = 0;

	for (size_t i = 0; i < n; i++)
		text[i] = alphabet[below(sizeof alphabet)];
	csv_reader	reader = {text, n, 0, 1};

	for (;;)
	{
		if (csv_next(&reader, decoded, fields, 3, &record) != CORE_OK || record.fields == 0)
			break;
		for (size_t i = 0; i < record.fields && i < 3; i++)
			wrong += fields[i].start + fields[i].length > n;
		wrong += record.start + record.length > n;
		if (record.fields > 3)
			break;
		wrong += reader.at <= before;
		before = reader.at;
	}
	free(text);
	free(decoded);
	return wrong != 0;
}

int
main(void)
{
	int			wrong = 0;

	ok(reads("a,b\n1,2\n", "1[a][b]2[1][2]"), "two records");
	ok(reads("a,b\n1,2", "1[a][b]2[1][2]"), "the last line needs no end");
	ok(reads("a\r\nb\rc\nd", "1[a]2[b]3[c]4[d]"), "CRLF, CR and LF");
	ok(reads("a,\"b,c\",\"d\"\"e\",\"\"\n", "1[a][b,c][d\"e][]"), "quotes, doubled quotes");
	ok(reads("a,\"b\nc\r\nd\"\ne", "1[a][b\nc\r\nd]4[e]"), "line ends in quotes count as lines");
	ok(reads("a\n\n\r\n\nb\n", "1[a]5[b]"), "empty lines are skipped but counted");
	ok(reads("a,b,c\n1\n1,2,3,4\n,\n", "1[a][b][c]2[1]3[1][2][3][4]4[][]"), "ragged rows");
	ok(reads("a,\n,b\n,,", "1[a][]2[][b]3[][][]"), "empty fields at both ends");
	ok(reads("5\" nails,\"x\"y\"z\n", "1[5\" nails][xy\"z]"), "a quote inside a field is a character");
	ok(reads("", "") && reads("\n\r\n", "") && reads("\"\"", "1[]"), "nothing, nothing but line ends, an empty quoted field");
	ok(reads("a\n\"b\nc", "1[a]open 2") && reads("\"", "open 1") && reads("a\n\"x\ny\",\"z", "1[a]open 3"),
	   "a quote that never closes, and its line");

	for (int i = 0; i < 100000; i++)
		wrong += round_trip();
	ok(wrong == 0, "what is written is read back");
	wrong = 0;
	for (int i = 0; i < 300000; i++)
		wrong += any_bytes();
	ok(wrong == 0, "any bytes");
	return done_testing();
}
