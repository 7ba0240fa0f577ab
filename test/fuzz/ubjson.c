/* Any bytes: refused with a reason and a place among them, or JSON of no more than the room that was foretold. */
#include "core/json.h"
#include "core/ubjson.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ubjson_problem problem = {NULL, 0};
	size_t		room,
				length;

	(void) ubjson_is(data, size);
	if (ubjson_to_json(data, size, NULL, &room, &problem) == CORE_OK)
	{
		char	   *text = malloc(room + 1);
		json		whole;

		FUZZ_CHECK(room / 32 <= size);
		FUZZ_CHECK(ubjson_to_json(data, size, text, &length, &problem) == CORE_OK && length <= room);
		text[length] = '\0';
		whole = json_open(text, length);
		FUZZ_CHECK(json_skip(&whole) && json_finish(&whole));
		free(text);
	}
	else
		FUZZ_CHECK(problem.text != NULL && problem.at <= size);
	return 0;
}
