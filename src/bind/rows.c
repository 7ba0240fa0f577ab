#include "bind/rows.h"

#include "access/htup_details.h"
#include "access/tupmacs.h"
#include "miscadmin.h"

Datum
row_datum(FunctionCallInfo fcinfo, Datum *values, bool *nulls)
{
	return row_datum_kept(fcinfo, (TupleDesc *) &fcinfo->flinfo->fn_extra, values, nulls);
}

Datum
row_datum_kept(FunctionCallInfo fcinfo, TupleDesc *desc, Datum *values, bool *nulls)
{
	if (*desc == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
		TupleDesc	found;

		if (get_call_result_type(fcinfo, NULL, &found) != TYPEFUNC_COMPOSITE)
			elog(ERROR, "function must return a row");
		*desc = BlessTupleDesc(CreateTupleDescCopy(found));
		MemoryContextSwitchTo(old);
	}
	return HeapTupleGetDatum(heap_form_tuple(*desc, values, nulls));
}

Tuplestorestate *
rows_begin(FunctionCallInfo fcinfo, TupleDesc *desc)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Tuplestorestate *store;
	MemoryContext old;

	if (rsinfo == NULL || !IsA(rsinfo, ReturnSetInfo) || !(rsinfo->allowedModes & SFRM_Materialize))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("set-valued function called in context that cannot accept a set")));
	old = MemoryContextSwitchTo(rsinfo->econtext->ecxt_per_query_memory);
	if (get_call_result_type(fcinfo, NULL, desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "function must return rows");
	*desc = BlessTupleDesc(CreateTupleDescCopy(*desc));
	store = tuplestore_begin_heap((rsinfo->allowedModes & SFRM_Materialize_Random) != 0, false, work_mem);
	MemoryContextSwitchTo(old);

	rsinfo->returnMode = SFRM_Materialize;
	rsinfo->setResult = store;
	rsinfo->setDesc = *desc;
	return store;
}

#define ROW_BUFFER 1024
#define ROW_DATA MAXALIGN(SizeofMinimalTupleHeader)

void
row_set_begin(FunctionCallInfo fcinfo, row_set *rows)
{
	rows->store = rows_begin(fcinfo, &rows->desc);
	rows->buffer = palloc0(ROW_BUFFER);
	rows->buffer->t_hoff = ROW_DATA + MINIMAL_TUPLE_OFFSET;
	rows->buffer->t_len = ROW_DATA;
	HeapTupleHeaderSetNatts(rows->buffer, rows->desc->natts);
	rows->is_word = palloc(rows->desc->natts * sizeof(bool));
	for (int i = 0; i < rows->desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(rows->desc, i);

		rows->is_word[i] = attribute->attbyval && attribute->attlen == sizeof(Datum) && attribute->attalign == TYPALIGN_DOUBLE;
	}
	rows->slot = MakeSingleTupleTableSlot(rows->desc, &TTSOpsMinimalTuple);
	ExecStoreMinimalTuple(rows->buffer, rows->slot, false);
}

/* The row's data into the buffer as heap_form_minimal_tuple would; false when it is of another kind than expected here. */
static bool
fill(row_set *rows, const Datum *values)
{
	char	   *buffer = (char *) rows->buffer;
	Size		at = ROW_DATA;
	int			n = rows->desc->natts;

	for (int i = 0; i < n; i++)
	{
		Form_pg_attribute attribute;

		if (rows->is_word[i])
		{
			/* nothing but zeroes in the gap before it */
			if (at + 2 * sizeof(Datum) > ROW_BUFFER)
				return false;
			memset(buffer + at, 0, sizeof(Datum));
			at = MAXALIGN(at);
			memcpy(buffer + at, &values[i], sizeof(Datum));
			at += sizeof(Datum);
			continue;
		}
		attribute = TupleDescAttr(rows->desc, i);
		if (attribute->attbyval)
		{
			Size		aligned = att_align_nominal(at, attribute->attalign);

			if (aligned + sizeof(Datum) > ROW_BUFFER)
				return false;
			while (at < aligned)
				buffer[at++] = 0;
			store_att_byval(buffer + at, values[i], attribute->attlen);
			at += attribute->attlen;
		}
		else if (attribute->attlen == -1 && VARATT_IS_SHORT(DatumGetPointer(values[i])) &&
				 !VARATT_IS_EXTERNAL(DatumGetPointer(values[i])))
		{
			Size		size = VARSIZE_SHORT(DatumGetPointer(values[i]));

			if (at + size > ROW_BUFFER)
				return false;
			memcpy(buffer + at, DatumGetPointer(values[i]), size);
			at += size;
			rows->buffer->t_infomask |= HEAP_HASVARWIDTH;
		}
		else
			return false;
	}
	rows->buffer->t_len = at;
	return true;
}

void
row_set_put(row_set *rows, const Datum *values, const bool *nulls)
{
	if (memchr(nulls, true, rows->desc->natts * sizeof(bool)) == NULL && fill(rows, values))
		tuplestore_puttupleslot(rows->store, rows->slot);
	else
		tuplestore_putvalues(rows->store, rows->desc, (Datum *) values, (bool *) nulls);
}
