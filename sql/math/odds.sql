-- Odds as people write them, to and from decimal odds.

CREATE FUNCTION decimal_odds(odds text, format text DEFAULT NULL) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_decimal_odds' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION decimal_odds(text, text) IS
'Decimal odds (payout per unit staked, stake included) from text. format: decimal 2.2, american +120, fractional 6/5 (or evens), hongkong 1.2, malay -0.8333, indonesian 1.2, probability 0.4545 (or 45.45%).
format NULL recognises: a slash or evens is fractional, a percent sign is a probability, a sign or a number of 100 and more is american, any other number is decimal. Decimal odds of 100 and more need format => ''decimal''; hongkong, malay, indonesian and unsigned probabilities always need their format.
The result is the double nearest to the exact value. NULL odds give NULL. Refuses what is not a number of the format (22P02) and numbers that no bet has, such as decimal 1 or less and american between -100 and +100 (22023).';

CREATE FUNCTION decimal_odds(odds numeric, format text DEFAULT NULL) RETURNS float8
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN decimal_odds(odds::text, format);
COMMENT ON FUNCTION decimal_odds(numeric, text) IS
'Decimal odds from a number, such as an integer moneyline: what decimal_odds() makes of its text, so format NULL takes a negative number or one of 100 and more for american and any other for decimal. A float8 column is cast: moneyline::numeric. NULL odds give NULL. Refuses NaN and infinities (22P02) and numbers that no bet has, such as american between -100 and +100 (22023).';

CREATE FUNCTION format_odds("decimal" float8, format text) RETURNS text
	AS 'MODULE_PATHNAME', 'bet_edge_format_odds' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION format_odds(float8, text) IS
'Decimal odds written in a format of decimal_odds: the shortest text (for fractional the simplest fraction) that decimal_odds reads back as exactly the same odds. Even money is +100, 1/1, 1. Refuses odds of 1 or less, above 1e15, and unknown formats.';

CREATE FUNCTION odds_format(odds text) RETURNS text
	AS 'MODULE_PATHNAME', 'bet_edge_odds_format' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION odds_format(text) IS
'The format that decimal_odds(odds) takes a text for when none is named, by the first rule that fits: a slash or a word for evens: fractional; a percent sign: probability; a sign, or a number of 100 or more: american; any other number: decimal. hongkong, malay and indonesian odds are never recognised, and must be named. Refuses the texts that decimal_odds(odds) refuses (22P02, 22023).';

CREATE FUNCTION odds_format(odds numeric) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN odds_format(odds::text);
COMMENT ON FUNCTION odds_format(numeric) IS
'The format that decimal_odds(odds) takes a number for when none is named: american when negative or 100 and more, else decimal. Refuses the numbers that decimal_odds(odds) refuses (22P02, 22023).';

CREATE FUNCTION odds_or_null(odds text, format text) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_odds_or_null' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION odds_or_null(text, text) IS
'decimal_odds() for files with bad cells: NULL where decimal_odds would refuse the text. An unknown format is still an error.';

CREATE FUNCTION odds_or_null(odds numeric, format text) RETURNS float8
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN odds_or_null(odds::text, format);
COMMENT ON FUNCTION odds_or_null(numeric, text) IS
'decimal_odds() for columns of numbers with bad cells, such as a moneyline of 0: NULL where decimal_odds would refuse the number. An unknown format is still an error.';
