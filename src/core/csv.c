#include "core/csv.h"

#include <stdbool.h>

/* A cursor over the text that counts lines as it passes their ends. */
typedef struct cursor
{
	const char *text;
	size_t		length;
	size_t		at;
	long		line;
} cursor;

static bool
at_line_end(const cursor *c)
{
	return c->at < c->length && (c->text[c->at] == '\n' || c->text[c->at] == '\r');
}

/* Past CR, LF or CRLF. */
static void
pass_line_end(cursor *c)
{
	if (c->text[c->at++] == '\r' && c->at < c->length && c->text[c->at] == '\n')
		c->at++;
	c->line++;
}

/* Past what stands in quotes, the opening one included; false when they never close. */
static bool
pass_quoted(cursor *c, char *decoded, size_t *n)
{
	c->at++;
	while (c->at < c->length)
	{
		size_t		from = c->at;

		if (c->text[c->at] == '"')
		{
			c->at++;
			if (c->at == c->length || c->text[c->at] != '"')
				return true;
			decoded[(*n)++] = '"';
			c->at++;
			continue;
		}
		if (at_line_end(c))
			pass_line_end(c);
		else
			c->at++;
		while (from < c->at)
			decoded[(*n)++] = c->text[from++];
	}
	return false;
}

core_status
csv_next(csv_reader *reader, char *decoded, csv_field *fields, size_t capacity, csv_record *record)
{
	cursor		c = {reader->text, reader->length, reader->at, reader->line};
	size_t		n = 0;

	while (at_line_end(&c))
		pass_line_end(&c);

	record->start = c.at;
	record->line = c.line;
	record->length = 0;
	record->fields = 0;
	while (c.at < c.length)
	{
		size_t		start = n;
		long		opened = c.line;

		if (c.text[c.at] == '"' && !pass_quoted(&c, decoded, &n))
		{
			record->line = opened;
			return CORE_INVALID;
		}
		/* A quote inside a field is a character like any other. */
		while (c.at < c.length && c.text[c.at] != ',' && !at_line_end(&c))
			decoded[n++] = c.text[c.at++];
		if (record->fields < capacity)
			fields[record->fields] = (csv_field) {start, n - start};
		record->fields++;
		if (c.at == c.length || c.text[c.at] != ',')
			break;
		c.at++;
		if (c.at == c.length || at_line_end(&c))
		{
			/* the record ends in a comma: one more field, an empty one */
			if (record->fields < capacity)
				fields[record->fields] = (csv_field) {n, 0};
			record->fields++;
			break;
		}
	}
	record->length = c.at - record->start;

	if (record->fields > capacity)
		return CORE_OK;
	if (at_line_end(&c))
		pass_line_end(&c);
	reader->at = c.at;
	reader->line = c.line;
	return CORE_OK;
}
