#include "core/ubjson.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/json.h"

/* The longest text of a number: a double of 17 digits. */
#define NUMBER_ROOM 32

typedef struct reader
{
	const uint8_t *start;
	const uint8_t *at;
	const uint8_t *end;
	char	   *to;				/* NULL while only counting */
	size_t		length;
	ubjson_problem *problem;
} reader;

/* An object or array that is open. */
typedef struct level
{
	bool		object;
	bool		first;
	bool		counted;		/* its length was given: no closing mark */
	uint64_t	left;
} level;

static bool
fail(reader *r, const char *text)
{
	r->problem->text = text;
	r->problem->at = (size_t) (r->at - r->start);
	return false;
}

static size_t
left(const reader *r)
{
	return (size_t) (r->end - r->at);
}

static void
put(reader *r, const char *text, size_t n)
{
	if (r->to != NULL)
		memcpy(r->to + r->length, text, n);
	r->length += n;
}

static void
put_char(reader *r, char c)
{
	put(r, &c, 1);
}

static bool
take(reader *r, uint8_t *byte)
{
	if (left(r) == 0)
		return fail(r, "the bytes end too early");
	*byte = *r->at++;
	return true;
}

/* Bytes of a number of this type, 0 when it is none. */
static size_t
width(uint8_t type)
{
	switch (type)
	{
		case 'i':
		case 'U':
			return 1;
		case 'I':
			return 2;
		case 'l':
		case 'd':
			return 4;
		case 'L':
		case 'D':
			return 8;
		default:
			return 0;
	}
}

/* Most significant byte first. */
static uint64_t
bits(reader *r, size_t n)
{
	uint64_t	value = 0;

	for (size_t i = 0; i < n; i++)
		value = value << 8 | *r->at++;
	return value;
}

static int64_t
integer(reader *r, uint8_t type)
{
	uint64_t	value = bits(r, width(type));

	switch (type)
	{
		case 'i':
			return (int8_t) value;
		case 'I':
			return (int16_t) value;
		case 'l':
			return (int32_t) value;
		default:
			return (int64_t) value;
	}
}

/* NaN stands for itself, as XGBoost writes it in JSON; the reader of the model knows where it may be. */
static bool
real(reader *r, uint8_t type, double *value)
{
	uint64_t	raw = bits(r, width(type));

	if (type == 'd')
	{
		uint32_t	half = (uint32_t) raw;
		float		single;

		memcpy(&single, &half, sizeof(single));
		*value = single;
	}
	else
		memcpy(value, &raw, sizeof(*value));
	if (isinf(*value))
	{
		r->at -= width(type);
		return fail(r, "a number is infinite");
	}
	return true;
}

/* A number whose bytes are known to be there. */
static bool
number(reader *r, uint8_t type)
{
	char		text[NUMBER_ROOM];
	double		value;

	if (type == 'd' || type == 'D')
	{
		if (!real(r, type, &value))
			return false;
		if (isnan(value))
			put(r, "NaN", 3);
		else if (r->to == NULL)
			r->length += NUMBER_ROOM;
		else
			put(r, text, (size_t) snprintf(text, sizeof(text), type == 'd' ? "%.9g" : "%.17g", value));
		return true;
	}
	if (r->to == NULL)
	{
		r->at += width(type);
		r->length += NUMBER_ROOM;
	}
	else
		put(r, text, (size_t) snprintf(text, sizeof(text), "%" PRId64, integer(r, type)));
	return true;
}

/* A length that the bytes which are left can hold, each of its things being at least so long. */
static bool
take_length(reader *r, size_t least, uint64_t *length)
{
	uint8_t		type;
	int64_t		value;

	if (!take(r, &type))
		return false;
	if (width(type) == 0 || type == 'd' || type == 'D')
	{
		r->at--;
		return fail(r, "a length is not a whole number");
	}
	if (left(r) < width(type))
		return fail(r, "the bytes end too early");
	value = integer(r, type);
	if (value < 0)
		return fail(r, "a length is negative");
	if ((uint64_t) value > left(r) / least)
		return fail(r, "a length reaches beyond the end");
	*length = (uint64_t) value;
	return true;
}

static bool
string(reader *r)
{
	uint64_t	n;
	char		escaped[8];

	if (!take_length(r, 1, &n))
		return false;
	put_char(r, '"');
	for (; n > 0; n--)
	{
		uint8_t		c = *r->at++;

		if (c < 0x20)
			put(r, escaped, (size_t) snprintf(escaped, sizeof(escaped), "\\u%04x", c));
		else
		{
			if (c == '"' || c == '\\')
				put_char(r, '\\');
			put_char(r, (char) c);
		}
	}
	put_char(r, '"');
	return true;
}

/* [$ type # length, and then the bytes of the numbers. */
static bool
typed_array(reader *r)
{
	uint8_t		type,
				mark;
	uint64_t	n;

	if (!take(r, &type))
		return false;
	if (width(type) == 0)
	{
		r->at--;
		return fail(r, "a typed array is not one of numbers");
	}
	if (!take(r, &mark))
		return false;
	if (mark != '#')
	{
		r->at--;
		return fail(r, "a typed array lacks its length");
	}
	if (!take_length(r, width(type), &n))
		return false;
	put_char(r, '[');
	for (uint64_t i = 0; i < n; i++)
	{
		if (i > 0)
			put_char(r, ',');
		if (!number(r, type))
			return false;
	}
	put_char(r, ']');
	return true;
}

static bool
open_level(reader *r, uint8_t type, level *levels, int *depth)
{
	level	   *l = &levels[*depth];

	if (*depth == JSON_MAX_DEPTH)
		return fail(r, "nested too deeply");
	*l = (level) {.object = type == '{', .first = true};
	if (left(r) > 0 && *r->at == '$')
		return fail(r, "an object with one type for all is not supported");
	if (left(r) > 0 && *r->at == '#')
	{
		r->at++;
		l->counted = true;
		/* an element is a byte at least, a member three: key length, and value */
		if (!take_length(r, l->object ? 3 : 1, &l->left))
			return false;
	}
	put_char(r, (char) type);
	(*depth)++;
	return true;
}

static bool
value(reader *r, level *levels, int *depth)
{
	uint8_t		type;

	if (!take(r, &type))
		return false;
	switch (type)
	{
		case 'Z':
			put(r, "null", 4);
			return true;
		case 'T':
			put(r, "true", 4);
			return true;
		case 'F':
			put(r, "false", 5);
			return true;
		case 'S':
			return string(r);
		case '[':
			if (left(r) > 0 && *r->at == '$')
			{
				r->at++;
				return typed_array(r);
			}
			return open_level(r, type, levels, depth);
		case '{':
			return open_level(r, type, levels, depth);
		default:
			if (width(type) == 0)
			{
				r->at--;
				return fail(r, "unknown type of a value");
			}
			if (left(r) < width(type))
				return fail(r, "the bytes end too early");
			return number(r, type);
	}
}

/* Has the innermost level ended? Then close it. */
static bool
closed(reader *r, level *levels, int *depth)
{
	level	   *l = &levels[*depth - 1];
	char		mark = l->object ? '}' : ']';

	if (l->counted ? l->left > 0 : left(r) == 0 || *r->at != mark)
		return false;
	if (!l->counted)
		r->at++;
	put_char(r, mark);
	(*depth)--;
	return true;
}

bool
ubjson_is(const uint8_t *bytes, size_t size)
{
	return size >= 2 && bytes[0] == '{' && memchr("iUIlL#$", bytes[1], 7) != NULL;
}

core_status
ubjson_to_json(const uint8_t *bytes, size_t size, char *text, size_t *length, ubjson_problem *problem)
{
	reader		r = {bytes, bytes, bytes + size, text, 0, problem};
	level		levels[JSON_MAX_DEPTH];
	int			depth = 0;

	if (!value(&r, levels, &depth))
		return CORE_INVALID;
	while (depth > 0)
	{
		level	   *l = &levels[depth - 1];

		if (closed(&r, levels, &depth))
			continue;
		if (!l->first)
			put_char(&r, ',');
		l->first = false;
		l->left--;
		if (l->object)
		{
			if (!string(&r))
				return CORE_INVALID;
			put_char(&r, ':');
		}
		if (!value(&r, levels, &depth))
			return CORE_INVALID;
	}
	if (left(&r) > 0)
	{
		fail(&r, "something follows the end");
		return CORE_INVALID;
	}
	*length = r.length;
	return CORE_OK;
}
