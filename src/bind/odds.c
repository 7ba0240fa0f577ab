#include "bind/compat.h"

#include <string.h>

#include "utils/builtins.h"
#include "utils/float.h"

#include "core/odds.h"

PG_FUNCTION_INFO_V1(bet_edge_decimal_odds);
PG_FUNCTION_INFO_V1(bet_edge_odds_format);
PG_FUNCTION_INFO_V1(bet_edge_odds_or_null);
PG_FUNCTION_INFO_V1(bet_edge_format_odds);

/* What odds of each format have to be. */
static const char *const domain[ODDS_FORMATS] = {
	[ODDS_DECIMAL] = "above 1",
	[ODDS_AMERICAN] = "at least +100 or at most -100",
	[ODDS_FRACTIONAL] = "a fraction above 0",
	[ODDS_HONGKONG] = "above 0",
	[ODDS_MALAY] = "between -1 and 1, and not 0",
	[ODDS_INDONESIAN] = "at least 1 or at most -1",
	[ODDS_PROBABILITY] = "above 0 and below 1",
};

static odds_format
arg_format(text *name)
{
	odds_format format = odds_format_find(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));

	if (format == ODDS_RECOGNISE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("format \"%s\" is not a format of odds", text_to_cstring(name)),
				 errhint("Formats are decimal, american, fractional, hongkong, malay, indonesian, probability.")));
	return format;
}

static void
refuse(core_status status, text *odds, odds_format format, bool recognised)
{
	char	   *shown = text_to_cstring(odds);

	if (status == CORE_INVALID && format == ODDS_RECOGNISE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("odds \"%s\" are not in a format that can be recognised", shown),
				 errhint("Recognised are 2.2, +120, -110, 6/5, evens and 45%%.")));
	if (status == CORE_INVALID)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("odds \"%s\" are not %s odds", shown, odds_format_name[format])));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s odds must be %s, not \"%s\"", odds_format_name[format], domain[format], shown),
			 errdetail("As decimal odds they must be above 1 and at most %g.", ODDS_MAX),
			 recognised ? errhint("The format was recognised from the text; name it if it is another.") : 0));
}

Datum
bet_edge_decimal_odds(PG_FUNCTION_ARGS)
{
	text	   *odds;
	odds_format format = ODDS_RECOGNISE;
	double		decimal;
	core_status status;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	odds = PG_GETARG_TEXT_PP(0);
	if (!PG_ARGISNULL(1))
		format = arg_format(PG_GETARG_TEXT_PP(1));

	status = odds_read(VARDATA_ANY(odds), VARSIZE_ANY_EXHDR(odds), &format, &decimal);
	if (status != CORE_OK)
		refuse(status, odds, format, PG_ARGISNULL(1));
	PG_RETURN_FLOAT8(decimal);
}

Datum
bet_edge_odds_format(PG_FUNCTION_ARGS)
{
	text	   *odds = PG_GETARG_TEXT_PP(0);
	odds_format format = ODDS_RECOGNISE;
	double		decimal;
	core_status status = odds_read(VARDATA_ANY(odds), VARSIZE_ANY_EXHDR(odds), &format, &decimal);

	if (status != CORE_OK)
		refuse(status, odds, format, true);
	PG_RETURN_TEXT_P(cstring_to_text(odds_format_name[format]));
}

Datum
bet_edge_odds_or_null(PG_FUNCTION_ARGS)
{
	text	   *odds = PG_GETARG_TEXT_PP(0);
	odds_format format = arg_format(PG_GETARG_TEXT_PP(1));
	double		decimal;

	if (odds_read(VARDATA_ANY(odds), VARSIZE_ANY_EXHDR(odds), &format, &decimal) != CORE_OK)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(decimal);
}

Datum
bet_edge_format_odds(PG_FUNCTION_ARGS)
{
	double		decimal = PG_GETARG_FLOAT8(0);
	odds_format format = arg_format(PG_GETARG_TEXT_PP(1));
	char		shown[ODDS_TEXT_SIZE];

	if (!(decimal > 1 && decimal <= ODDS_MAX))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("decimal must be decimal odds above 1 and at most %g, not %s",
						ODDS_MAX, float8out_internal(decimal))));
	PG_RETURN_TEXT_P(cstring_to_text_with_len(shown, odds_write(decimal, format, shown)));
}
