/*
 * http_get(): one answer from an allowed host, redirects followed.
 *
 * libcurl does the transfer, the backend's latch does the waiting, so that a
 * cancel is seen at once. No callback that libcurl calls may raise an error:
 * they leave a note in the transfer and make libcurl stop.
 */
#include "bind/compat.h"

#include <curl/curl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "feed/key.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "portability/instr_time.h"
#include "storage/latch.h"
#include "utils/builtins.h"
#include "utils/formatting.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/wait_event.h"

BET_EDGE_MODULE_MAGIC("bet_edge_feed");

#define MAX_SOCKETS 16
#define MAX_TIMEOUT_MS 600000
#define MAX_BODY 1000000000
#define MAX_HEADERS 65536
#define MAX_REDIRECTS 5
#define CONNECT_TIMEOUT_MS 10000

extern PGDLLEXPORT void _PG_init(void);

static char *ca_file;

void
_PG_init(void)
{
	DefineCustomStringVariable("bet_edge_feed.key_file", "File with the keys that feeds ask for.",
							   "Lines of: host key [header]. Only its owner may read it.",
							   &key_file, "", PGC_SUSET, GUC_SUPERUSER_ONLY, NULL, NULL, NULL);
	DefineCustomStringVariable("bet_edge_feed.ca_file", "File with certificates of authorities to trust, beside those in the system's directory.",
							   "Empty: what libcurl trusts by itself.",
							   &ca_file, "", PGC_SUSET, GUC_SUPERUSER_ONLY, NULL, NULL, NULL);
	MarkGUCPrefixReserved("bet_edge_feed");
}

/* Everything that malloc or the kernel holds for one request. */
typedef struct transfer
{
	CURLU	   *url;
	CURL	   *easy;
	CURLM	   *multi;
	struct curl_slist *request_headers;
	WaitEventSet *events;
	char	   *headers;		/* of the last answer, a line each */
	size_t		headers_length;
	char	   *body;
	size_t		length;
	size_t		capacity;
	size_t		max_length;
	struct
	{
		curl_socket_t fd;
		int			what;
	}			sockets[MAX_SOCKETS];
	int			n_sockets;
	bool		sockets_changed;
	bool		too_large;
	bool		no_memory;
	bool		https;			/* of the parsed url */
	bool		allow_private;
	feed_key	key;			/* of the first host */
	char		refused[NI_MAXHOST];	/* the private address that was refused */
	char		error[CURL_ERROR_SIZE];
	MemoryContextCallback callback;
} transfer;

/* ---- addresses ------------------------------------------------------------------------ */

/* Not on the public Internet: this host, its network, or nobody's. Host byte order. */
static bool
private_ipv4(uint32 a)
{
	static const struct
	{
		uint32		net;
		int			bits;
	}			nets[] = {
		{0x00000000, 8}, {0x0A000000, 8}, {0x64400000, 10}, {0x7F000000, 8}, {0xA9FE0000, 16},
		{0xAC100000, 12}, {0xC0000000, 24}, {0xC0A80000, 16}, {0xC6120000, 15}, {0xE0000000, 3}
	};

	for (int i = 0; i < lengthof(nets); i++)
		if ((a ^ nets[i].net) >> (32 - nets[i].bits) == 0)
			return true;
	return false;
}

/* Only 2000::/3 is handed out; of it, tunnels and mapped addresses are as private as what they carry. */
static bool
private_ipv6(const uint8 *a)
{
	static const uint8 mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

	if (memcmp(a, mapped, sizeof(mapped)) == 0)
		return private_ipv4((uint32) a[12] << 24 | a[13] << 16 | a[14] << 8 | a[15]);
	if (a[0] == 0x20 && a[1] == 0x02)	/* 6to4 */
		return private_ipv4((uint32) a[2] << 24 | a[3] << 16 | a[4] << 8 | a[5]);
	if (a[0] == 0x20 && a[1] == 0x01 && a[2] == 0 && a[3] == 0)	/* Teredo */
		return true;
	return (a[0] & 0xe0) != 0x20;
}

static bool
private_address(const struct sockaddr *address)
{
	switch (address->sa_family)
	{
		case AF_INET:
			return private_ipv4(ntohl(((const struct sockaddr_in *) address)->sin_addr.s_addr));
		case AF_INET6:
			return private_ipv6(((const struct sockaddr_in6 *) address)->sin6_addr.s6_addr);
		default:
			return true;
	}
}

/* ---- what libcurl calls; nothing here may raise an error ------------------------------- */

/* Looks at the very address that is about to be connected to, so no later answer of the name server can get past it. */
static curl_socket_t
open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	transfer   *t = arg;

	if (!t->allow_private && private_address(&address->addr))
	{
		if (getnameinfo(&address->addr, address->addrlen, t->refused, sizeof(t->refused), NULL, 0, NI_NUMERICHOST) != 0)
			strlcpy(t->refused, "?", sizeof(t->refused));
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t
receive_body(char *data, size_t size, size_t count, void *arg)
{
	transfer   *t = arg;
	size_t		n = size * count;

	/* Decoded bytes: what a small gzip grows into counts. */
	if (n > t->max_length - t->length)
	{
		t->too_large = true;
		return 0;
	}
	if (t->length + n > t->capacity)
	{
		size_t		capacity = Min(Max(2 * t->capacity, t->length + n + 16384), t->max_length);
		char	   *body = realloc(t->body, capacity);

		if (body == NULL)
		{
			t->no_memory = true;
			return 0;
		}
		t->body = body;
		t->capacity = capacity;
	}
	memcpy(t->body + t->length, data, n);
	t->length += n;
	return n;
}

/* A status line begins the headers of another answer; what goes beyond MAX_HEADERS is dropped. */
static size_t
receive_header(char *data, size_t size, size_t count, void *arg)
{
	transfer   *t = arg;
	size_t		n = size * count;

	if (n >= 5 && memcmp(data, "HTTP/", 5) == 0)
	{
		t->headers_length = 0;
		t->length = 0;
	}
	if (n <= MAX_HEADERS - t->headers_length)
	{
		memcpy(t->headers + t->headers_length, data, n);
		t->headers_length += n;
	}
	return n;
}

/* libcurl says which sockets it waits for. */
static int
note_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *unused)
{
	transfer   *t = arg;
	int			i = 0;

	while (i < t->n_sockets && t->sockets[i].fd != fd)
		i++;
	t->sockets_changed = true;
	if (what == CURL_POLL_REMOVE)
	{
		if (i < t->n_sockets)
			t->sockets[i] = t->sockets[--t->n_sockets];
	}
	else if (i < MAX_SOCKETS)
	{
		t->sockets[i].fd = fd;
		t->sockets[i].what = what;
		if (i == t->n_sockets)
			t->n_sockets++;
	}
	return 0;
}

/* ---- the request ------------------------------------------------------------------------ */

static void
transfer_free(void *arg)
{
	transfer   *t = arg;

	if (t->events)
		FreeWaitEventSet(t->events);
	if (t->multi && t->easy)
		curl_multi_remove_handle(t->multi, t->easy);
	if (t->easy)
		curl_easy_cleanup(t->easy);
	if (t->multi)
		curl_multi_cleanup(t->multi);
	if (t->url)
		curl_url_cleanup(t->url);
	curl_slist_free_all(t->request_headers);
	free(t->body);
	t->request_headers = NULL;
	t->events = NULL;
	t->easy = NULL;
	t->multi = NULL;
	t->url = NULL;
	t->body = NULL;
}

static transfer *
transfer_new(int max_bytes)
{
	static bool initialized = false;
	transfer   *t = palloc0(sizeof(transfer));

	if (!initialized && curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		ereport(ERROR, (errcode(ERRCODE_EXTERNAL_ROUTINE_EXCEPTION), errmsg("could not initialize libcurl")));
	initialized = true;
	t->max_length = max_bytes;
	t->headers = palloc(MAX_HEADERS);
	t->callback.func = transfer_free;
	t->callback.arg = t;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, &t->callback);
	t->url = curl_url();
	t->easy = curl_easy_init();
	t->multi = curl_multi_init();
	if (!t->url || !t->easy || !t->multi)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	return t;
}

/* A part of the parsed url, or NULL. */
static char *
url_part(transfer *t, CURLUPart part)
{
	char	   *value;
	char	   *copy;

	if (curl_url_get(t->url, part, &value, 0) != CURLUE_OK)
		return NULL;
	copy = MemoryContextStrdup(CurrentMemoryContext, value);
	curl_free(value);
	return copy;
}

/* libcurl's own parser reads the url: what is checked is what is fetched. Answers the host. */
static char *
parse_url(transfer *t, const char *url)
{
	CURLUcode	code = curl_url_set(t->url, CURLUPART_URL, url, 0);
	char	   *scheme;
	char	   *host;

	if (code != CURLUE_OK)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("url is not an http or https address"),
						errdetail("%s.", curl_url_strerror(code))));
	scheme = url_part(t, CURLUPART_SCHEME);
	if (!scheme || (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("url must be http or https, not \"%s\"", scheme ? scheme : "")));
	if (url_part(t, CURLUPART_USER) || url_part(t, CURLUPART_PASSWORD))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("url must not hold a user name or a password")));
	t->https = strcmp(scheme, "https") == 0;
	host = url_part(t, CURLUPART_HOST);
	if (!host || *host == '\0')
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("url has no host")));
	return asc_tolower(host, strlen(host));
}

/* Is the host in the list, and may it be asked in this way? Notes whether it may be at a private address. */
static void
check_host(transfer *t, const char *host)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1];
	bool		plain;
	bool		isnull;

	SPI_connect();
	values[0] = CStringGetTextDatum(host);
	if (SPI_execute_with_args("SELECT allow_private, allow_plain FROM bet_edge.feed_host WHERE host OPERATOR(pg_catalog.=) $1",
							  1, types, values, NULL, true, 1) != SPI_OK_SELECT)
		elog(ERROR, "could not read feed_host");
	if (SPI_processed == 0)
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE), errmsg("host %s is not in bet_edge.feed_host", host),
						errhint("Whoever answers for it allows it: INSERT INTO bet_edge.feed_host (host) VALUES (%s).",
								quote_literal_cstr(host))));
	t->allow_private = DatumGetBool(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull));
	plain = DatumGetBool(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2, &isnull));
	SPI_finish();
	if (!plain && !t->https)
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE), errmsg("host %s is asked by https only", host),
						errhint("Where plain http is meant, set allow_plain of the host in bet_edge.feed_host.")));
}

static void
add_header(transfer *t, const char *name, const char *value)
{
	struct curl_slist *longer;

	for (const char *c = value; *c; c++)
		if ((unsigned char) *c < ' ' || *c == 0x7f)
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("the value of header %s must be one line", name)));
	longer = curl_slist_append(t->request_headers, psprintf("%s: %s", name, value));
	if (longer == NULL)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	t->request_headers = longer;
}

/* Everything that is the same on every way from redirect to redirect. */
static void
set_options(transfer *t)
{
	CURLcode	code = CURLE_OK;

#define SET(option, value) \
	do { if (code == CURLE_OK) code = curl_easy_setopt(t->easy, option, value); } while (0)

	SET(CURLOPT_CURLU, t->url);
#if LIBCURL_VERSION_NUM >= 0x075500
	SET(CURLOPT_PROTOCOLS_STR, "http,https");
#else
	SET(CURLOPT_PROTOCOLS, (long) (CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
#if LIBCURL_VERSION_NUM >= 0x075700
	SET(CURLOPT_QUICK_EXIT, 1L);	/* a cancel does not wait for the name server */
#endif
	SET(CURLOPT_FOLLOWLOCATION, 0L);	/* the next hop is checked first, by us */
	SET(CURLOPT_PROXY, "");		/* none, whatever the server's environment says */
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_ACCEPT_ENCODING, "gzip");
	SET(CURLOPT_MAXFILESIZE_LARGE, (curl_off_t) t->max_length);
	SET(CURLOPT_USERAGENT, "bet_edge/" BET_EDGE_VERSION);
	if (ca_file && *ca_file)
		SET(CURLOPT_CAINFO, ca_file);
	SET(CURLOPT_ERRORBUFFER, t->error);
	SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
	SET(CURLOPT_OPENSOCKETDATA, t);
	SET(CURLOPT_HEADERFUNCTION, receive_header);
	SET(CURLOPT_HEADERDATA, t);
	SET(CURLOPT_WRITEFUNCTION, receive_body);
	SET(CURLOPT_WRITEDATA, t);
#undef SET
	if (code != CURLE_OK ||
		curl_multi_setopt(t->multi, CURLMOPT_SOCKETFUNCTION, note_socket) != CURLM_OK ||
		curl_multi_setopt(t->multi, CURLMOPT_SOCKETDATA, t) != CURLM_OK)
		ereport(ERROR, (errcode(ERRCODE_EXTERNAL_ROUTINE_EXCEPTION), errmsg("libcurl does not take the request"),
						errdetail("%s.", curl_easy_strerror(code))));
}

/* Lets libcurl work, without blocking. Threads that it starts (to resolve names) must not take our signals. */
static bool
proceed(transfer *t, curl_socket_t fd, int what)
{
	sigset_t	all;
	sigset_t	before;
	int			running = 0;
	CURLMcode	code;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	code = curl_multi_socket_action(t->multi, fd, what, &running);
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (code != CURLM_OK)
		ereport(ERROR, (errcode(ERRCODE_EXTERNAL_ROUTINE_EXCEPTION), errmsg("libcurl failed: %s", curl_multi_strerror(code))));
	return running > 0;
}

static void
rebuild_events(transfer *t)
{
	if (t->events)
		FreeWaitEventSet(t->events);
	t->events = NULL;
	t->events = create_wait_event_set(CurrentMemoryContext, MAX_SOCKETS + 2);
	AddWaitEventToSet(t->events, WL_LATCH_SET, PGINVALID_SOCKET, MyLatch, NULL);
	AddWaitEventToSet(t->events, WL_EXIT_ON_PM_DEATH, PGINVALID_SOCKET, NULL, NULL);
	for (int i = 0; i < t->n_sockets; i++)
		AddWaitEventToSet(t->events,
						  (t->sockets[i].what & CURL_POLL_IN ? WL_SOCKET_READABLE : 0) |
						  (t->sockets[i].what & CURL_POLL_OUT ? WL_SOCKET_WRITEABLE : 0),
						  t->sockets[i].fd, NULL, NULL);
	t->sockets_changed = false;
}

/* Runs the request to its end; the latch wakes it for a cancel. */
static void
run(transfer *t)
{
	bool		running = proceed(t, CURL_SOCKET_TIMEOUT, 0);

	t->sockets_changed = true;
	while (running)
	{
		WaitEvent	events[MAX_SOCKETS + 2];
		long		timeout = -1;
		int			n;

		CHECK_FOR_INTERRUPTS();
		if (t->sockets_changed)
			rebuild_events(t);
		curl_multi_timeout(t->multi, &timeout);
		n = WaitEventSetWait(t->events, timeout < 0 ? 1000 : Min(timeout, 1000), events, lengthof(events), PG_WAIT_EXTENSION);
		if (n == 0)
			running = proceed(t, CURL_SOCKET_TIMEOUT, 0);
		for (int i = 0; i < n; i++)
		{
			if (events[i].events & WL_LATCH_SET)
			{
				ResetLatch(MyLatch);
				CHECK_FOR_INTERRUPTS();
			}
			else
				running = proceed(t, events[i].fd,
								  (events[i].events & WL_SOCKET_READABLE ? CURL_CSELECT_IN : 0) |
								  (events[i].events & WL_SOCKET_WRITEABLE ? CURL_CSELECT_OUT : 0));
		}
	}
}

/* Bytes of somebody else as one line of ASCII, or several, and without the key. */
static char *
clean(transfer *t, const char *data, size_t length, bool one_line)
{
	char	   *text = pnstrdup(data, length);
	char	   *to = text;

	hide_key(text, length, t->key);
	for (const char *c = text; c < text + length && *c; c++)
	{
		if (one_line && (*c == '\n' || *c == '\r'))
			break;
		if (*c != '\r')
			*to++ = (*c >= ' ' && *c <= '~') || *c == '\n' || *c == '\t' ? *c : '?';
	}
	*to = '\0';
	return text;
}

static void
report_failure(transfer *t, CURLcode code, const char *host, int timeout_ms)
{
	const char *words = t->error[0] ? t->error : curl_easy_strerror(code);
	const char *reason = clean(t, words, strlen(words), true);
	int			sqlstate = ERRCODE_EXTERNAL_ROUTINE_EXCEPTION;

	if (t->no_memory || code == CURLE_OUT_OF_MEMORY)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	if (t->too_large || code == CURLE_FILESIZE_EXCEEDED)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("answer of %s is longer than max_bytes %zu", host, t->max_length)));
	if (t->refused[0] && (code == CURLE_COULDNT_CONNECT || code == CURLE_OPERATION_TIMEDOUT))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("host %s is at a private address, %s", host, t->refused),
						errhint("Where that is meant, set allow_private of the host in bet_edge.feed_host.")));
	switch (code)
	{
		case CURLE_OPERATION_TIMEDOUT:
			ereport(ERROR, (errcode(ERRCODE_CONNECTION_FAILURE), errmsg("no answer from %s within timeout_ms %d", host, timeout_ms),
							errdetail("%s.", reason)));
			break;
		case CURLE_COULDNT_RESOLVE_HOST:
		case CURLE_COULDNT_CONNECT:
			sqlstate = ERRCODE_SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION;
			break;
		case CURLE_SSL_CONNECT_ERROR:
		case CURLE_PEER_FAILED_VERIFICATION:
		case CURLE_GOT_NOTHING:
		case CURLE_SEND_ERROR:
		case CURLE_RECV_ERROR:
		case CURLE_PARTIAL_FILE:
		case CURLE_BAD_CONTENT_ENCODING:
			sqlstate = ERRCODE_CONNECTION_FAILURE;
			break;
		default:
			break;
	}
	ereport(ERROR, (errcode(sqlstate), errmsg("could not fetch from %s: %s", host, reason)));
}

/* ---- from address to answer ----------------------------------------------------------------- */

typedef struct condition
{
	char	   *etag;
	char	   *modified;
} condition;

/* Asks the parsed url of a host that has been checked, and answers the status. */
static long
ask(transfer *t, const char *host, const feed_key *key, const condition *since, instr_time began, int timeout_ms)
{
	instr_time	now;
	CURLMsg    *message;
	CURLcode	code;
	long		left_ms;
	long		status = 0;
	int			queued;

	INSTR_TIME_SET_CURRENT(now);
	INSTR_TIME_SUBTRACT(now, began);
	left_ms = Max(timeout_ms - (long) INSTR_TIME_GET_MILLISEC(now), 1);
	curl_slist_free_all(t->request_headers);
	t->request_headers = NULL;
	if (key->header)
		add_header(t, key->header, key->value);
	if (since->etag)
		add_header(t, "If-None-Match", since->etag);
	if (since->modified)
		add_header(t, "If-Modified-Since", since->modified);
	t->error[0] = '\0';
	t->refused[0] = '\0';
	t->length = 0;
	if (curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->request_headers) != CURLE_OK ||
		curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, left_ms) != CURLE_OK ||
		curl_easy_setopt(t->easy, CURLOPT_CONNECTTIMEOUT_MS, Min(left_ms, CONNECT_TIMEOUT_MS)) != CURLE_OK ||
		curl_multi_add_handle(t->multi, t->easy) != CURLM_OK)
		ereport(ERROR, (errcode(ERRCODE_EXTERNAL_ROUTINE_EXCEPTION), errmsg("libcurl does not take the request")));
	run(t);
	message = curl_multi_info_read(t->multi, &queued);
	code = message && message->msg == CURLMSG_DONE ? message->data.result : CURLE_RECV_ERROR;
	if (code != CURLE_OK)
		report_failure(t, code, host, timeout_ms);
	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_multi_remove_handle(t->multi, t->easy);
	return status;
}

/* Where the answer points to, or NULL. */
static char *
redirect(transfer *t, long status)
{
	char	   *location = NULL;

	if (status != 301 && status != 302 && status != 303 && status != 307 && status != 308)
		return NULL;
	curl_easy_getinfo(t->easy, CURLINFO_REDIRECT_URL, &location);
	return location ? pstrdup(location) : NULL;
}

static long
fetch(transfer *t, const char *url, const condition *since, int timeout_ms)
{
	char	   *host = parse_url(t, url);
	char	   *location;
	feed_key	key;
	instr_time	began;
	long		status;

	INSTR_TIME_SET_CURRENT(began);
	check_host(t, host);
	key = t->key = read_key(host);
	if (strstr(url, "{key}"))
	{
		if (!key.value)
			ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("there is no key for host %s", host),
							errhint("bet_edge_feed.key_file names a file of the server with a line: %s KEY", host)));
		if (strcmp(parse_url(t, insert_key(url, key)), host) != 0)
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("a key belongs into the path or the parameters of url")));
	}
	set_options(t);
	status = ask(t, host, &key, since, began, timeout_ms);
	for (int hops = 1; (location = redirect(t, status)) != NULL; hops++)
	{
		bool		was_https = t->https;
		char	   *next = parse_url(t, location);

		if (hops > MAX_REDIRECTS)
			ereport(ERROR, (errcode(ERRCODE_EXTERNAL_ROUTINE_EXCEPTION), errmsg("%s redirects more than %d times", host, MAX_REDIRECTS)));
		if (was_https && !t->https)
			ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE), errmsg("%s redirects from https to plain http", host)));
		check_host(t, next);
		if (strcmp(next, host) != 0)
		{
			if (holds_key(location, t->key))
				ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE), errmsg("%s redirects with its key to %s", host, next)));
			key = (feed_key) {NULL};	/* nor in a header */
		}
		status = ask(t, next, &key, since, began, timeout_ms);
	}
	return status;
}

static char *
optional_text(FunctionCallInfo fcinfo, int i)
{
	return PG_ARGISNULL(i) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(i));
}

PG_FUNCTION_INFO_V1(bet_edge_http_get);
Datum
bet_edge_http_get(PG_FUNCTION_ARGS)
{
	int			timeout_ms;
	int			max_bytes;
	condition	since;
	MemoryContext context;
	MemoryContext before;
	TupleDesc	shape;
	transfer   *t;
	instr_time	began;
	instr_time	ended;
	bytea	   *body;
	Datum		values[4];
	bool		nulls[4] = {false};

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	timeout_ms = PG_GETARG_INT32(1);
	max_bytes = PG_GETARG_INT32(2);
	if (timeout_ms < 1 || timeout_ms > MAX_TIMEOUT_MS)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("timeout_ms must be from 1 to %d, not %d", MAX_TIMEOUT_MS, timeout_ms)));
	if (max_bytes < 1 || max_bytes > MAX_BODY)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("max_bytes must be from 1 to %d, not %d", MAX_BODY, max_bytes)));
	if (get_call_result_type(fcinfo, NULL, &shape) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "http_get() must return a row");
	shape = BlessTupleDesc(shape);

	context = AllocSetContextCreate(CurrentMemoryContext, "bet_edge fetch", ALLOCSET_SMALL_SIZES);
	before = MemoryContextSwitchTo(context);
	INSTR_TIME_SET_CURRENT(began);
	t = transfer_new(max_bytes);
	since.etag = optional_text(fcinfo, 3);
	since.modified = optional_text(fcinfo, 4);
	values[0] = Int32GetDatum((int32) fetch(t, text_to_cstring(PG_GETARG_TEXT_PP(0)), &since, timeout_ms));
	INSTR_TIME_SET_CURRENT(ended);
	INSTR_TIME_SUBTRACT(ended, began);
	hide_key(t->body, t->length, t->key);

	MemoryContextSwitchTo(before);
	values[1] = CStringGetTextDatum(clean(t, t->headers, t->headers_length, false));
	body = palloc(VARHDRSZ + t->length);
	SET_VARSIZE(body, VARHDRSZ + t->length);
	if (t->length > 0)
		memcpy(VARDATA(body), t->body, t->length);
	values[2] = PointerGetDatum(body);
	values[3] = Int32GetDatum((int32) INSTR_TIME_GET_MILLISEC(ended));
	MemoryContextDelete(context);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(shape, values, nulls)));
}
