#ifndef BET_EDGE_FEED_KEY_H
#define BET_EDGE_FEED_KEY_H

/* What a host asks for before it answers; values NULL where the file has no line for it. */
typedef struct feed_key
{
	char	   *value;
	char	   *encoded;		/* as it stands in an address */
	char	   *header;			/* the header that carries it; NULL: the address does */
} feed_key;

extern char *key_file;

extern feed_key read_key(const char *host);
extern char *insert_key(const char *url, feed_key key);
extern bool holds_key(const char *text, feed_key key);
extern void hide_key(char *data, size_t length, feed_key key);

#endif							/* BET_EDGE_FEED_KEY_H */
