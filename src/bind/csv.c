#include "bind/rows.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/csv.h"

PG_FUNCTION_INFO_V1(bet_edge_csv_rows);
PG_FUNCTION_INFO_V1(bet_edge_decode_text);

static void
put_record(Tuplestorestate *store, TupleDesc desc, const csv_record *record, const char *body,
		   const char *decoded, const csv_field *fields)
{
	Datum	   *items = palloc(record->fields * sizeof(Datum));
	Datum		values[3];
	bool		nulls[3] = {0};

	for (size_t i = 0; i < record->fields; i++)
		items[i] = PointerGetDatum(cstring_to_text_with_len(decoded + fields[i].start, fields[i].length));
	values[0] = Int32GetDatum((int32) record->line);
	values[1] = PointerGetDatum(construct_array(items, record->fields, TEXTOID, -1, false, TYPALIGN_INT));
	values[2] = PointerGetDatum(cstring_to_text_with_len(body + record->start, record->length));
	tuplestore_putvalues(store, desc, values, nulls);
}

Datum
bet_edge_csv_rows(PG_FUNCTION_ARGS)
{
	text	   *body = PG_GETARG_TEXT_PP(0);
	TupleDesc	desc;
	Tuplestorestate *store = rows_begin(fcinfo, &desc);
	csv_reader	reader = {VARDATA_ANY(body), VARSIZE_ANY_EXHDR(body), 0, 1};
	char	   *decoded = palloc(reader.length + 1);
	size_t		capacity = 128;
	csv_field  *fields = palloc(capacity * sizeof(csv_field));
	MemoryContext row = AllocSetContextCreate(CurrentMemoryContext, "csv row", ALLOCSET_DEFAULT_SIZES);
	csv_record	record;

	for (;;)
	{
		MemoryContext old;

		CHECK_FOR_INTERRUPTS();
		if (csv_next(&reader, decoded, fields, capacity, &record) != CORE_OK)
			ereport(ERROR,
					(errcode(ERRCODE_BAD_COPY_FILE_FORMAT),
					 errmsg("body is not CSV: the quote that opens in line %ld is never closed", record.line)));
		if (record.fields == 0)
			break;
		if (record.fields > capacity)
		{
			capacity = record.fields;
			fields = repalloc_huge(fields, capacity * sizeof(csv_field));
			continue;
		}
		old = MemoryContextSwitchTo(row);
		put_record(store, desc, &record, reader.text, decoded, fields);
		MemoryContextSwitchTo(old);
		MemoryContextReset(row);
	}
	return (Datum) 0;
}

/* UTF-8 when it is, Latin-1 when not: every byte is a character there. */
Datum
bet_edge_decode_text(PG_FUNCTION_ARGS)
{
	bytea	   *body = PG_GETARG_BYTEA_PP(0);
	const char *bytes = VARDATA_ANY(body);
	int			length = VARSIZE_ANY_EXHDR(body);
	int			encoding = PG_WIN1252;
	char	   *converted;

	if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
	{
		bytes += 3;
		length -= 3;
	}
	if (memchr(bytes, 0, length) != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_CHARACTER_NOT_IN_REPERTOIRE),
				 errmsg("body is not text: there is a zero byte at offset %d",
						(int) ((const char *) memchr(bytes, 0, length) - VARDATA_ANY(body)))));
	/* Windows-1252 is Latin-1 with quotes and dashes where that has controls; five of its bytes are nothing. */
	if (pg_verify_mbstr(PG_UTF8, bytes, length, true))
		encoding = PG_UTF8;
	for (int i = 0; i < length && encoding == PG_WIN1252; i++)
		if (memchr("\x81\x8d\x8f\x90\x9d", (unsigned char) bytes[i], 5) != NULL)
			encoding = PG_LATIN1;
	converted = pg_any_to_server(bytes, length, encoding);
	PG_RETURN_TEXT_P(converted == bytes ? cstring_to_text_with_len(bytes, length) : cstring_to_text(converted));
}
