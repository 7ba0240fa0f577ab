/*
 * Universal Binary JSON (ubjson.org, draft 12), the part of it that XGBoost
 * writes, turned into JSON text: no recursion, no allocation, depth bounded as
 * core/json.h bounds it, every length checked against the bytes that are left.
 * Floats get the digits that read back to the same float.
 */
#ifndef BET_EDGE_CORE_UBJSON_H
#define BET_EDGE_CORE_UBJSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

typedef struct ubjson_problem
{
	const char *text;
	size_t		at;				/* the byte, from 0 */
} ubjson_problem;

/* Do these bytes look like it? JSON text too begins with a brace, but with other bytes after it. */
extern bool ubjson_is(const uint8_t *bytes, size_t size);
/*
 * Without text: checks the bytes and gives the room that their JSON needs at
 * most. With text, which has that room: writes it, and gives its length. CORE_INVALID says why and where.
 */
extern core_status ubjson_to_json(const uint8_t *bytes, size_t size, char *text, size_t *length, ubjson_problem *problem);

#endif							/* BET_EDGE_CORE_UBJSON_H */
