/* Any text is stepped over within its bounds; what is valid can be walked by its structure. */
#include "core/json.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char	   *text = malloc(size + 1);
	json		whole,
				parts;
	bool		first = true;
	json_span	key;

	memcpy(text, data, size);
	text[size] = '\0';
	whole = json_open(text, size);
	FUZZ_CHECK(json_skip(&whole) == (whole.problem == NULL));
	FUZZ_CHECK(whole.at >= text && whole.at <= text + size);
	if (json_finish(&whole))
	{
		parts = json_open(text, size);
		if (size > 0 && text[0] == '[')
		{
			while (json_element(&parts, &first))
				FUZZ_CHECK(json_skip(&parts));
			FUZZ_CHECK(parts.problem == NULL && json_finish(&parts));
		}
		else if (size > 0 && text[0] == '{')
		{
			while (json_next_member(&parts, &first, &key))
				FUZZ_CHECK(key.end >= key.start && json_skip(&parts));
			FUZZ_CHECK(parts.problem == NULL && json_finish(&parts));
		}
	}
	else
	{
		float		number;
		int32_t		integer;

		parts = json_open(text, size);
		if (json_float(&parts, &number))
			FUZZ_CHECK(isfinite(number));
		parts = json_open(text, size);
		(void) json_int(&parts, &integer);
	}
	free(text);
	return 0;
}
