#include "fuzz.h"

#include "core/odds.h"

/* Any text: refused, or odds that every format can show and read back exactly. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	odds_format asked = (odds_format) (fuzz_byte(&in) % (ODDS_FORMATS + 1)),
				format = asked;
	double		decimal,
				again;

	if (odds_read((const char *) in.data, in.size, &format, &decimal) != CORE_OK)
		return 0;
	FUZZ_CHECK(decimal > 1 && decimal <= ODDS_MAX && format < ODDS_FORMATS);
	FUZZ_CHECK(asked == ODDS_RECOGNISE || asked == format);
	/* what was recognised is what it is when it is named */
	FUZZ_CHECK(odds_read((const char *) in.data, in.size, &format, &again) == CORE_OK && again == decimal);
	for (int f = 0; f < ODDS_FORMATS; f++)
	{
		char		text[ODDS_TEXT_SIZE];
		odds_format shown = (odds_format) f;
		int			n = odds_write(decimal, shown, text);

		FUZZ_CHECK(n > 0 && n < ODDS_TEXT_SIZE && text[n] == '\0');
		FUZZ_CHECK(odds_read(text, (size_t) n, &shown, &again) == CORE_OK && again == decimal);
	}
	return 0;
}
