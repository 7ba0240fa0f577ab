/*
 * The type forest, text and bytes in. A value is a varlena that holds an image
 * of core/forest.h, stored out of line and uncompressed: prediction fetches the
 * leading part of it and walks that as it is.
 */
#include "bind/forest.h"

#include <limits.h>

#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"

#include "core/ubjson.h"

PG_FUNCTION_INFO_V1(bet_edge_forest_in);
PG_FUNCTION_INFO_V1(bet_edge_forest_recv);
PG_FUNCTION_INFO_V1(bet_edge_forest_from_bytes);

void
forest_check(const void *image)
{
	if (!forest_is_image(image))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("a stored forest is damaged, or was made by another version of bet_edge")));
}

void
forest_whole(Datum datum, forest *f)
{
	struct varlena *image = PG_DETOAST_DATUM(datum);

	forest_check(image);
	forest_view(f, image);
}

static void
sign_image(forest_image *image, Size size)
{
	Size		from = offsetof(forest_image, digest) + sizeof(image->digest);
	bytea	   *rest = palloc(VARHDRSZ + size - from);
	bytea	   *digest;

	SET_VARSIZE(rest, VARHDRSZ + size - from);
	memcpy(VARDATA(rest), (char *) image + from, size - from);
	digest = DatumGetByteaPP(DirectFunctionCall1(sha256_bytea, PointerGetDatum(rest)));
	memcpy(image->digest, VARDATA_ANY(digest), sizeof(image->digest));
	pfree(rest);
}

static Datum
forest_from_text(const char *text, Size length)
{
	forest_source source;
	forest_problem problem;
	forest_image *image = NULL;
	void	   *scratch;

	if (forest_open(text, length, &source, &problem) == CORE_OK)
	{
		if (source.image_size > MaxAllocSize || source.scratch_size > MaxAllocSize)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("a forest of %u nodes is too large", source.head.nodes)));
		image = palloc(source.image_size);
		scratch = palloc(source.scratch_size);
		if (forest_read(&source, image, scratch, &problem) == CORE_OK)
		{
			pfree(scratch);
			sign_image(image, forest_size(image));
			SET_VARSIZE(image, forest_size(image));
			return PointerGetDatum(image);
		}
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input for type forest: %s", problem.text),
			 errhint("A forest is what XGBoost's save_model writes as JSON.")));
	return (Datum) 0;			/* not reached */
}

Datum
bet_edge_forest_in(PG_FUNCTION_ARGS)
{
	char	   *text = PG_GETARG_CSTRING(0);

	PG_RETURN_DATUM(forest_from_text(text, strlen(text)));
}

Datum
bet_edge_forest_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			length;
	char	   *text = pq_getmsgtext(message, message->len - message->cursor, &length);

	PG_RETURN_DATUM(forest_from_text(text, length));
}

/* UBJSON is made JSON first, so that one reader checks all models. */
static char *
json_of_ubjson(const uint8 *bytes, Size size, Size *length)
{
	ubjson_problem problem;
	char	   *text;

	if (ubjson_to_json(bytes, size, NULL, length, &problem) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid UBJSON for type forest: %s, at byte %zu", problem.text, problem.at + 1),
				 errhint("A forest is what XGBoost's save_model writes as UBJSON or JSON.")));
	text = MemoryContextAllocHuge(CurrentMemoryContext, *length + 1);
	if (ubjson_to_json(bytes, size, text, length, &problem) != CORE_OK)
		elog(ERROR, "UBJSON changed while it was read");
	text[*length] = '\0';
	return text;
}

Datum
bet_edge_forest_from_bytes(PG_FUNCTION_ARGS)
{
	bytea	   *bytes = PG_GETARG_BYTEA_PP(0);
	Size		length = VARSIZE_ANY_EXHDR(bytes);
	char	   *text = VARDATA_ANY(bytes);

	if (ubjson_is((uint8 *) text, length))
		text = json_of_ubjson((uint8 *) text, length, &length);
	else if (length > 0 && *text == '{')
		text = pnstrdup(text, length);
	else
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid bytes for type forest: neither UBJSON nor JSON"),
				 errhint("A forest is what XGBoost's save_model writes as UBJSON or JSON; its older binary format is not read.")));
	if (length > INT_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a model of more than 2 GB")));
	/* XGBoost's strings are UTF-8; a zero byte among them is refused here */
	text = pg_any_to_server(text, length, PG_UTF8);
	PG_RETURN_DATUM(forest_from_text(text, strlen(text)));
}
