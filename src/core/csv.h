/*
 * Reading CSV by RFC 4180, and what real files add to it: records may end in LF,
 * CRLF or CR and have any number of fields.
 */
#ifndef BET_EDGE_CORE_CSV_H
#define BET_EDGE_CORE_CSV_H

#include <stddef.h>

#include "core/status.h"

typedef struct csv_reader
{
	const char *text;
	size_t		length;
	size_t		at;				/* where the next record starts */
	long		line;			/* its line, counted from 1 */
} csv_reader;

/* A field: length bytes from offset start of the record's decoded text. */
typedef struct csv_field
{
	size_t		start;
	size_t		length;
} csv_field;

typedef struct csv_record
{
	size_t		start;			/* the record as it stands in the text, without its line end */
	size_t		length;
	long		line;			/* where it begins */
	size_t		fields;			/* 0 at the end of the text */
} csv_record;

/*
 * The next record that is not an empty line. decoded has room for the text's length
 * in bytes. When the record has more fields than capacity nothing is consumed:
 * ask again with room for record->fields of them. CORE_INVALID: a quote that
 * opens in line record->line is never closed.
 */
extern core_status csv_next(csv_reader *reader, char *decoded, csv_field *fields, size_t capacity,
							csv_record *record);

#endif							/* BET_EDGE_CORE_CSV_H */
