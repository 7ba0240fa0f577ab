#include "bind/source.h"

#include "catalog/namespace.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/varlena.h"

Oid
source_table(text *source, const char **name)
{
	List	   *parts;
	Oid			table;

	if (!SplitIdentifierString(text_to_cstring(source), '.', &parts) || parts == NIL)
		return InvalidOid;
	table = RangeVarGetRelid(makeRangeVarFromNameList(textToQualifiedNameList(source)), NoLock, false);
	*name = quote_qualified_identifier(get_namespace_name(get_rel_namespace(table)), get_rel_name(table));
	return table;
}

const char *
source_query(text *source)
{
	const char *table;

	return OidIsValid(source_table(source, &table)) ? psprintf("TABLE %s", table) : text_to_cstring(source);
}

void
source_read(const char *query, DestReceiver *receiver)
{
	SPIExecuteOptions options = {.read_only = true, .dest = receiver};
	SPIPlanPtr	plan;

	SPI_connect();
	plan = SPI_prepare(query, 0, NULL);
	if (plan == NULL || !SPI_is_cursor_plan(plan))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("source must be one query that returns rows, or the name of a table")));
	/* read_only: a source that writes is refused, and it sees the caller's snapshot */
	if (SPI_execute_plan_extended(plan, &options) < 0)
		elog(ERROR, "source could not be run: %s", SPI_result_code_string(SPI_result));
	SPI_finish();
}

void
source_end(DestReceiver *receiver)
{
}
