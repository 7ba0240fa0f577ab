/*
 * The grammar of RFC 8259 by its examples, and random values: written, damaged, read back.
 */
#include "core/json.h"
#include "tap.h"

#include <stdlib.h>

#define TEXT 4096

static void
json_grammar(void)
{
	static const char *const good[] = {"0", "-0", "1e5", "-1.25E-3", "\"a\\u00e9\\n\"", "[]", "{}", " [1 , {\"a\":[true,false,null]} ] ", "[[[]]]", "[NaN]"};
	static const char *const bad[] = {"", "01", "+1", ".5", "1.", "1e", "-", "[1,]", "[,1]", "{,}", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}",
		"\"", "\"\\x\"", "\"\\u12g4\"", "\"\t\"", "tru", "nul", "[1 2]", "[1}", "{\"a\":1]", "nan", "-NaN", "Infinity", "0x10", "1 2"};
	int			right = 0;
	char	   *deep = malloc(400001);

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
	{
		json		j = json_open(good[i], strlen(good[i]));

		right += json_skip(&j) && json_finish(&j);
	}
	ok(right == (int) (sizeof(good) / sizeof(*good)), "JSON is read");
	right = 0;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
	{
		json		j = json_open(bad[i], strlen(bad[i]));

		right += !(json_skip(&j) && json_finish(&j)) && j.problem != NULL;
	}
	ok(right == (int) (sizeof(bad) / sizeof(*bad)), "what is not JSON is refused");
	memset(deep, '[', 200000);
	memset(deep + 200000, ']', 200000);
	deep[400000] = '\0';
	{
		json		j = json_open(deep, 400000);

		ok(!json_skip(&j), "200000 brackets are refused");
		j = json_open(deep + 200000 - JSON_MAX_DEPTH, 2 * JSON_MAX_DEPTH);
		ok(json_skip(&j) && json_finish(&j), "the greatest depth is read");
	}
	free(deep);
}

/* A value of any kind, with what may stand between its parts; as deep as is asked. */
static size_t
put(char *at, int depth)
{
	static const char *const simple[] = {"null", "true", "false", "0", "-1.5e-7", "123456", "\"\"", "\"a\\\"b\"", "\"\\u20ac\"", "[]", "{}"};
	static const char *const space[] = {"", " ", "\n\t", "  "};
	char	   *start = at;
	int			object = tap_below(2),
				n = tap_below(4);

	at += sprintf(at, "%s", space[tap_below(4)]);
	if (depth == 0)
		at += sprintf(at, "%s", simple[tap_below(11)]);
	else
	{
		*at++ = object ? '{' : '[';
		for (int i = 0; i < n; i++)
		{
			at += sprintf(at, "%s", i > 0 ? "," : "");
			if (object)
				at += sprintf(at, "\"k%d\"%s:", i, space[tap_below(4)]);
			at += put(at, depth - 1);
		}
		*at++ = object ? '}' : ']';
	}
	return at + sprintf(at, "%s", space[tap_below(4)]) - start;
}

/* The values below one, counted by walking; -1 when the walk stops. */
static long
values(json_span span)
{
	json		j = json_at(span);
	bool		first = true;
	long		sum = 1;
	json_span	key;

	if (*span.start == '[')
		while (json_element(&j, &first))
		{
			const char *start = j.at;

			if (!json_skip(&j))
				return -1;
			while (strchr(" \n\t", *start))
				start++;
			sum += values((json_span) {start, j.at});
		}
	else if (*span.start == '{')
		while (json_next_member(&j, &first, &key))
		{
			const char *start = j.at;

			if (key.end - key.start != 2 || !json_skip(&j))
				return -1;
			while (strchr(" \n\t", *start))
				start++;
			sum += values((json_span) {start, j.at});
		}
	else if (!json_skip(&j))
		return -1;
	return j.problem == NULL ? sum : -1;
}

static void
random_values(void)
{
	char	   *text = malloc(TEXT + 1);
	int			read = 1,
				walked = 1,
				cut = 1,
				safe = 1;

	for (int round = 0; round < 20000; round++)
	{
		size_t		n = put(text, tap_below(4));
		char	   *copy;
		json		j = json_open(text, n);
		const char *start = text;

		text[n] = '\0';
		read &= json_skip(&j) && json_finish(&j) && j.at == text + n && j.problem == NULL;
		while (strchr(" \n\t", *start))
			start++;
		walked &= values((json_span) {start, text + n}) > 0;

		/* exactly as long as it is, so that the sanitiser sees a step beyond; damaged now and then */
		copy = malloc(n + 1);
		memcpy(copy, text, n + 1);
		for (int i = 0; i < 2; i++)
			copy[tap_below((int) n)] = " []{},:\"0e-\\x\x01\xff"[tap_below(15)];
		j = json_open(copy, n);
		safe &= json_skip(&j) == (j.problem == NULL) && j.at <= copy + n;
		free(copy);
		/* its parts alone are not a value, but for a number cut short */
		if (*start == '[' || *start == '{')
		{
			size_t		end = n;

			while (text[end - 1] != ']' && text[end - 1] != '}')
				end--;
			end = start - text + tap_below((int) (end - (start - text)));
			copy = malloc(end + 1);
			memcpy(copy, text, end);
			copy[end] = '\0';
			j = json_open(copy, end);
			cut &= !(json_skip(&j) && json_finish(&j)) && j.problem != NULL;
			free(copy);
		}
	}
	ok(read, "20,000 random values are read to their end");
	ok(walked, "and walked part by part");
	ok(cut, "cut short they are refused");
	ok(safe, "damaged they are stepped over within their bounds");
	free(text);
}

int
main(void)
{
	static const char *const keys[] = {"b", "a", "none"};
	json_span	spans[3];
	json		j = json_open("{\"a\": -7, \"x\": [1,{}], \"b\": 1.25}", 34);
	int32_t		whole;
	float		number;

	json_grammar();
	random_values();
	ok(json_members(&j, keys, spans, 3) && spans[2].start == NULL, "an object is taken apart by its keys");
	j = json_at(spans[1]);
	ok(json_int(&j, &whole) && whole == -7, "a whole number");
	j = json_at(spans[0]);
	ok(json_float(&j, &number) && number == 1.25f, "and another");
	j = json_open("2147483648", 10);
	ok(!json_int(&j, &whole), "no whole number beyond 32 bits");
	j = json_open("1e99", 4);
	ok(!json_float(&j, &number), "nor a float beyond its own");
	return done_testing();
}
