#include "core/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool
fail(json *j, const char *problem)
{
	if (j->problem == NULL)
		j->problem = problem;
	return false;
}

json
json_open(const char *text, size_t length)
{
	return (json) {text, text, text + length, NULL};
}

json
json_at(json_span span)
{
	return (json) {span.start, span.start, span.end, NULL};
}

static inline bool
has(const json *j)
{
	return j->problem == NULL && j->at < j->end;
}

static inline void
space(json *j)
{
	while (j->at < j->end && (*j->at == ' ' || *j->at == '\n' || *j->at == '\r' || *j->at == '\t'))
		j->at++;
}

/* Is the next thing this character? Then step over it. */
static inline bool
accept(json *j, char c)
{
	space(j);
	if (!has(j) || *j->at != c)
		return false;
	j->at++;
	return true;
}

static bool
expect(json *j, char c, const char *problem)
{
	return accept(j, c) || fail(j, problem);
}

static bool
escape(json *j)
{
	if (!has(j))
		return fail(j, "a string does not end");
	if (strchr("\"\\/bfnrt", *j->at) != NULL && *j->at != '\0')
	{
		j->at++;
		return true;
	}
	if (*j->at++ != 'u')
		return fail(j, "unknown escape in a string");
	for (int i = 0; i < 4; i++)
	{
		if (!has(j) || *j->at == '\0' || strchr("0123456789abcdefABCDEF", *j->at) == NULL)
			return fail(j, "\\u needs four hexadecimal digits");
		j->at++;
	}
	return true;
}

bool
json_string(json *j, json_span *span)
{
	if (!expect(j, '"', "expected a string"))
		return false;
	span->start = j->at;
	while (has(j))
	{
		unsigned char c = (unsigned char) *j->at++;

		if (c == '"')
		{
			span->end = j->at - 1;
			return true;
		}
		if (c < 0x20)
			return fail(j, "control character in a string");
		if (c == '\\' && !escape(j))
			return false;
	}
	return fail(j, "a string does not end");
}

static int
digits(json *j)
{
	const char *from = j->at;

	while (j->at < j->end && *j->at >= '0' && *j->at <= '9')
		j->at++;
	return j->at - from;
}

/* Step over a number by the grammar; what strtof would take beyond it (hex, inf, nan) never reaches strtof. */
static bool
number(json *j, json_span *span)
{
	space(j);
	if (!has(j))
		return fail(j, "expected a number");
	span->start = j->at;
	if (*j->at == '-')
		j->at++;
	if (j->at < j->end && *j->at == '0')
		j->at++;
	else if (digits(j) == 0)
		return fail(j, j->at < j->end && (*j->at == 'I' || *j->at == 'N') ? "a number is NaN or infinite" : "expected a number");
	if (j->at < j->end && *j->at == '.')
	{
		j->at++;
		if (digits(j) == 0)
			return fail(j, "a number lacks digits after its point");
	}
	if (j->at < j->end && (*j->at == 'e' || *j->at == 'E'))
	{
		j->at++;
		if (j->at < j->end && (*j->at == '+' || *j->at == '-'))
			j->at++;
		if (digits(j) == 0)
			return fail(j, "a number lacks the digits of its exponent");
	}
	span->end = j->at;
	return true;
}

bool
json_float(json *j, float *value)
{
	json_span	span;

	if (!number(j, &span))
		return false;
	*value = strtof(span.start, NULL);
	if (!isfinite(*value))
		return fail(j, "a number is beyond the range of float32");
	return true;
}

/* Is the next thing NaN? Then step over it. */
static bool
accept_nan(json *j)
{
	space(j);
	if (!has(j) || j->end - j->at < 3 || memcmp(j->at, "NaN", 3) != 0)
		return false;
	j->at += 3;
	return true;
}

bool
json_float_or_nan(json *j, float *value)
{
	if (!accept_nan(j))
		return json_float(j, value);
	*value = NAN;
	return true;
}

bool
json_int(json *j, int32_t *value)
{
	json_span	span;
	int64_t		n = 0;
	const char *c;

	if (!number(j, &span))
		return false;
	c = span.start + (*span.start == '-');
	for (; c < span.end; c++)
	{
		if (*c < '0' || *c > '9')
			return fail(j, "expected a whole number");
		n = n * 10 + (*c - '0');
		if (n > INT32_MAX)
			return fail(j, "a whole number is too large");
	}
	*value = (int32_t) (*span.start == '-' ? -n : n);
	return true;
}

static bool
literal(json *j)
{
	static const char *const words[] = {"true", "false", "null"};

	for (int i = 0; i < 3; i++)
	{
		size_t		n = strlen(words[i]);

		if ((size_t) (j->end - j->at) >= n && memcmp(j->at, words[i], n) == 0)
		{
			j->at += n;
			return true;
		}
	}
	/* what programs write for numbers that JSON does not have */
	return fail(j, *j->at == 'N' || *j->at == 'n' || *j->at == 'I' || *j->at == 'i' ?
				"a number is NaN or infinite" : "expected a value");
}

/* "key": */
static bool
member_key(json *j, json_span *key)
{
	return json_string(j, key) && expect(j, ':', "expected a colon after a key");
}

static bool
scalar(json *j)
{
	json_span	span;

	space(j);
	if (!has(j))
		return fail(j, "the text ends too early");
	if (*j->at == '"')
		return json_string(j, &span);
	if (*j->at == '-' || (*j->at >= '0' && *j->at <= '9'))
		return number(j, &span);
	return accept_nan(j) || literal(j);
}

/* Which kinds of brackets are open is one bit each: 1 an object, 0 an array. */
bool
json_skip(json *j)
{
	uint64_t	objects = 0;
	int			depth = 0;
	json_span	key;

	for (;;)
	{
		bool		object = accept(j, '{');

		if (object || accept(j, '['))
		{
			if (depth == JSON_MAX_DEPTH)
				return fail(j, "nested too deeply");
			objects = objects << 1 | object;
			depth++;
			if (!accept(j, object ? '}' : ']'))
			{
				if (object && !member_key(j, &key))
					return false;
				continue;
			}
			objects >>= 1;
			depth--;
		}
		else if (!scalar(j))
			return false;

		/* a value has ended: close what ends with it, or go on to the next */
		for (;;)
		{
			if (depth == 0)
				return j->problem == NULL;
			if (accept(j, ','))
			{
				if ((objects & 1) && !member_key(j, &key))
					return false;
				break;
			}
			if (!expect(j, (objects & 1) ? '}' : ']', "expected a comma or a closing bracket"))
				return false;
			objects >>= 1;
			depth--;
		}
	}
}

bool
json_finish(json *j)
{
	space(j);
	return j->problem == NULL && (j->at == j->end || fail(j, "something follows the end"));
}

bool
json_next_member(json *j, bool *first, json_span *key)
{
	if (*first)
	{
		*first = false;
		return expect(j, '{', "expected an object") && !accept(j, '}') && member_key(j, key);
	}
	if (accept(j, ','))
		return member_key(j, key);
	expect(j, '}', "expected a comma or a closing bracket");
	return false;
}

bool
json_members(json *j, const char *const *keys, json_span *spans, int n)
{
	json_span	key;
	bool		first = true;

	for (int i = 0; i < n; i++)
		spans[i].start = spans[i].end = NULL;
	while (json_next_member(j, &first, &key))
	{
		json_span	value;

		space(j);
		value.start = j->at;
		if (!json_skip(j))
			return false;
		value.end = j->at;
		for (int i = 0; i < n; i++)
			if (strlen(keys[i]) == (size_t) (key.end - key.start) &&
				memcmp(keys[i], key.start, key.end - key.start) == 0)
			{
				if (spans[i].start != NULL)
					return fail(j, "a key is there twice");
				spans[i] = value;
			}
	}
	return j->problem == NULL;
}

bool
json_element(json *j, bool *first)
{
	if (*first)
	{
		*first = false;
		return expect(j, '[', "expected an array") && !accept(j, ']') && j->problem == NULL;
	}
	if (accept(j, ','))
		return true;
	expect(j, ']', "expected a comma or a closing bracket");
	return false;
}
