/* Any text ends, record by record, with every field inside what was decoded. */
#include "core/csv.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* exactly as long as promised, so that one byte too many is seen */
	char	   *text = memcpy(malloc(size + !size), data, size);
	char	   *decoded = malloc(size + !size);
	csv_field  *fields = malloc(sizeof(csv_field) * (size + 1));
	csv_reader	reader = {text, size, 0, 1};
	csv_record	record;
	core_status status;
	long		line = 0;

	while ((status = csv_next(&reader, decoded, fields, size + 1, &record)) == CORE_OK && record.fields > 0)
	{
		FUZZ_CHECK(record.line > line && record.start + record.length <= size && reader.at <= size);
		line = record.line;
		for (size_t i = 0; i < record.fields; i++)
			FUZZ_CHECK(fields[i].start + fields[i].length <= size);
	}
	FUZZ_CHECK(status == CORE_OK ? reader.at == size : status == CORE_INVALID);
	free(text);
	free(decoded);
	free(fields);
	return 0;
}
