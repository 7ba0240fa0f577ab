/*
 * Keys of feeds: read from a file of the server for one request, and blotted
 * out of whatever comes back. They are never in a statement or a table, so
 * the log, pg_stat_activity and pg_dump cannot show them.
 */
#include "bind/compat.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "feed/key.h"
#include "lib/stringinfo.h"
#include "storage/fd.h"

#define MAX_KEY_FILE 65536
#define PLACEHOLDER "{key}"

/* A shorter one is no secret (TheSportsDB's is 3), and stars for it would spoil what it happens to occur in. */
#define MIN_SECRET 8

char	   *key_file;

/* The rule of the server's own private key: nobody else, or a group where root owns it. */
static bool
is_private(const struct stat *st)
{
	if (st->st_uid == 0)
		return (st->st_mode & (S_IWGRP | S_IXGRP | S_IRWXO)) == 0;
	return st->st_uid == geteuid() && (st->st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

static char *
read_key_file(void)
{
	char	   *text = palloc(MAX_KEY_FILE + 1);
	struct stat st;
	ssize_t		n;
	int			fd;

	fd = OpenTransientFile(key_file, O_RDONLY | O_NONBLOCK);
	if (fd < 0)
		ereport(ERROR, (errcode_for_file_access(), errmsg("could not open bet_edge_feed.key_file \"%s\": %m", key_file)));
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || !is_private(&st))
		ereport(ERROR, (errcode(ERRCODE_CONFIG_FILE_ERROR),
						errmsg("bet_edge_feed.key_file \"%s\" must be a file that others cannot read", key_file),
						errhint("It belongs to the user that runs the server, with mode 0600, or to root, with mode 0640 or less.")));
	n = read(fd, text, MAX_KEY_FILE + 1);
	if (n < 0)
		ereport(ERROR, (errcode_for_file_access(), errmsg("could not read bet_edge_feed.key_file \"%s\": %m", key_file)));
	if (n > MAX_KEY_FILE)
		ereport(ERROR, (errcode(ERRCODE_CONFIG_FILE_ERROR),
						errmsg("bet_edge_feed.key_file \"%s\" is longer than %d bytes", key_file, MAX_KEY_FILE)));
	text[n] = '\0';
	CloseTransientFile(fd);
	return text;
}

/* Everything but letters and digits as %XX: a key may hold any byte that its file can. */
static char *
percent_encode(const char *text)
{
	static const char digits[] = "0123456789ABCDEF";
	char	   *encoded = palloc(3 * strlen(text) + 1);
	char	   *to = encoded;

	for (const unsigned char *c = (const unsigned char *) text; *c; c++)
	{
		if ((*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || strchr("-_.~", *c))
			*to++ = *c;
		else
		{
			*to++ = '%';
			*to++ = digits[*c >> 4];
			*to++ = digits[*c & 15];
		}
	}
	*to = '\0';
	return encoded;
}

/* The first line of the host: host key [header]. */
feed_key
read_key(const char *host)
{
	feed_key	key = {NULL};
	char	   *lines;
	char	   *line;

	if (key_file == NULL || *key_file == '\0')
		return key;
	lines = read_key_file();
	while (key.value == NULL && (line = strsep(&lines, "\r\n")) != NULL)
	{
		char	   *name = strtok(line, " \t");

		if (name == NULL || *name == '#' || pg_strcasecmp(name, host) != 0)
			continue;
		key.value = strtok(NULL, " \t");
		key.header = strtok(NULL, " \t");
	}
	if (key.value)
		key.encoded = percent_encode(key.value);
	return key;
}

/* The address with its {key} filled in; itself when it has none. */
char *
insert_key(const char *url, feed_key key)
{
	StringInfoData filled;
	const char *place;

	initStringInfo(&filled);
	while ((place = strstr(url, PLACEHOLDER)) != NULL)
	{
		appendBinaryStringInfo(&filled, url, place - url);
		appendStringInfoString(&filled, key.encoded);
		url = place + strlen(PLACEHOLDER);
	}
	appendStringInfoString(&filled, url);
	return filled.data;
}

bool
holds_key(const char *text, feed_key key)
{
	return key.value && (strstr(text, key.value) || strstr(text, key.encoded));
}

static void
blot_out(char *data, size_t length, const char *secret)
{
	size_t		n = strlen(secret);
	char	   *end = data + length;

	for (char *at = data; at + n <= end && (at = memchr(at, *secret, end - at - n + 1)) != NULL; at++)
		if (memcmp(at, secret, n) == 0)
			memset(at, '*', n);
}

/* A server may repeat what it was sent, in a body or an error: as many stars stay. */
void
hide_key(char *data, size_t length, feed_key key)
{
	if (!key.value || strlen(key.value) < MIN_SECRET || data == NULL)
		return;
	blot_out(data, length, key.value);
	blot_out(data, length, key.encoded);
}
