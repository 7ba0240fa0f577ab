/*
 * A strict JSON reader (RFC 8259, and NaN where the caller takes it) over text in memory: no recursion, no
 * allocation, depth bounded. Values are looked at where they stand; the caller
 * takes an object apart by its keys and walks arrays element by element. The
 * first problem sticks, and everything after it answers false.
 */
#ifndef BET_EDGE_CORE_JSON_H
#define BET_EDGE_CORE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSON_MAX_DEPTH 64

/* The text must be followed by a zero byte (strtof looks one further). */
typedef struct json
{
	const char *start;
	const char *at;				/* what is read next */
	const char *end;
	const char *problem;		/* NULL while all is well */
} json;

/* A value as it stands in the text; start NULL when the key was not there. */
typedef struct json_span
{
	const char *start;
	const char *end;
} json_span;

extern json json_open(const char *text, size_t length);
extern json json_at(json_span span);
/* Step over one value of any kind, checking it. */
extern bool json_skip(json *j);
/* Nothing but white space may be left. */
extern bool json_finish(json *j);
/* Take an object apart: spans[i] is the value of keys[i]; other keys are checked and passed over. */
extern bool json_members(json *j, const char *const *keys, json_span *spans, int n);
/* Walk an object: true while there is a member, whose value is to be read next. */
extern bool json_next_member(json *j, bool *first, json_span *key);
/* Walk an array: true while there is an element to be read; *first is true before the first call. */
extern bool json_element(json *j, bool *first);
/* A string without its quotes, as it stands. */
extern bool json_string(json *j, json_span *span);
extern bool json_int(json *j, int32_t *value);
/* A finite number, rounded once to float32. */
extern bool json_float(json *j, float *value);
/* Or NaN, which XGBoost writes although JSON does not have it. */
extern bool json_float_or_nan(json *j, float *value);

#endif							/* BET_EDGE_CORE_JSON_H */
