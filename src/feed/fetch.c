/*
 * fetch_feed(): one HTTP request, its body into inbox.
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
#include "miscadmin.h"
#include "storage/latch.h"
#include "tcop/utility.h"
#include "utils/builtins.h"
#include "utils/formatting.h"
#include "utils/memutils.h"
#include "utils/wait_event.h"

BET_EDGE_MODULE_MAGIC("bet_edge_feed");

#define MAX_SOCKETS 16
#define MAX_TIMEOUT_MS 600000
#define MAX_BODY 1000000000
#define CONNECT_TIMEOUT_MS 10000

/* Everything that malloc or the kernel holds for one request. */
typedef struct transfer
{
	CURLU	   *url;
	CURL	   *easy;
	CURLM	   *multi;
	WaitEventSet *events;
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
	bool		allow_private;
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
	free(t->body);
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

/* libcurl's own parser reads the url, once: what is checked is what is fetched. Answers the host. */
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
	host = url_part(t, CURLUPART_HOST);
	if (!host || *host == '\0')
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("url has no host")));
	return asc_tolower(host, strlen(host));
}

static void
set_options(transfer *t, int timeout_ms)
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
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_PROXY, "");		/* none, whatever the server's environment says */
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_TIMEOUT_MS, (long) timeout_ms);
	SET(CURLOPT_CONNECTTIMEOUT_MS, (long) Min(timeout_ms, CONNECT_TIMEOUT_MS));
	SET(CURLOPT_MAXFILESIZE_LARGE, (curl_off_t) t->max_length);
	SET(CURLOPT_USERAGENT, "bet_edge/" BET_EDGE_VERSION);
	SET(CURLOPT_ERRORBUFFER, t->error);
	SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
	SET(CURLOPT_OPENSOCKETDATA, t);
	SET(CURLOPT_WRITEFUNCTION, receive_body);
	SET(CURLOPT_WRITEDATA, t);
#undef SET
	if (code != CURLE_OK ||
		curl_multi_setopt(t->multi, CURLMOPT_SOCKETFUNCTION, note_socket) != CURLM_OK ||
		curl_multi_setopt(t->multi, CURLMOPT_SOCKETDATA, t) != CURLM_OK ||
		curl_multi_add_handle(t->multi, t->easy) != CURLM_OK)
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

/* libcurl's reason as one clean line. */
static const char *
reason(transfer *t, CURLcode code)
{
	char	   *line = pstrdup(t->error[0] ? t->error : curl_easy_strerror(code));

	for (char *c = line; *c; c++)
	{
		if (*c == '\n' || *c == '\r')
			*c = '\0';
		else if (*c < ' ' || *c > '~')
			*c = '?';
		if (*c == '\0')
			break;
	}
	return line;
}

static void
report_failure(transfer *t, CURLcode code, const char *host, int timeout_ms)
{
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
							errdetail("%s.", reason(t, code))));
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
			sqlstate = ERRCODE_CONNECTION_FAILURE;
			break;
		default:
			break;
	}
	ereport(ERROR, (errcode(sqlstate), errmsg("could not fetch from %s: %s", host, reason(t, code))));
}

/* ---- the tables --------------------------------------------------------------------------- */

/* Is the host in the list? Tells whether it may be at a private address. */
static bool
allowed_private(const char *host)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1];
	bool		private_too;
	bool		isnull;

	SPI_connect();
	values[0] = CStringGetTextDatum(host);
	if (SPI_execute_with_args("SELECT allow_private FROM bet_edge.feed_host WHERE host OPERATOR(pg_catalog.=) $1",
							  1, types, values, NULL, true, 1) != SPI_OK_SELECT)
		elog(ERROR, "could not read feed_host");
	if (SPI_processed == 0)
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE), errmsg("host %s is not in bet_edge.feed_host", host),
						errhint("Whoever answers for it allows it: INSERT INTO bet_edge.feed_host (host) VALUES (%s).",
								quote_literal_cstr(host))));
	private_too = DatumGetBool(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull));
	SPI_finish();
	return private_too;
}

static void
store_body(text *feed, text *url, transfer *t)
{
	Oid			types[3] = {TEXTOID, TEXTOID, BYTEAOID};
	Datum		values[3];
	bytea	   *body;

	SPI_connect();
	body = palloc(VARHDRSZ + t->length);
	SET_VARSIZE(body, VARHDRSZ + t->length);
	if (t->length > 0)
		memcpy(VARDATA(body), t->body, t->length);
	values[0] = PointerGetDatum(feed);
	values[1] = PointerGetDatum(url);
	values[2] = PointerGetDatum(body);
	/* The name is kept for ever: a key in the address is not. */
	if (SPI_execute_with_args("INSERT INTO bet_edge.inbox (feed, name, body, received_at) VALUES ($1, "
							  "pg_catalog.regexp_replace($2, '([?&](?:api_?key|access_token|token|key)=)[^&#]*', '\\1***', 'gi'), "
							  "$3, pg_catalog.clock_timestamp())",
							  3, types, values, NULL, false, 0) != SPI_OK_INSERT)
		elog(ERROR, "could not write inbox");
	SPI_finish();
}

PG_FUNCTION_INFO_V1(bet_edge_fetch);
Datum
bet_edge_fetch(PG_FUNCTION_ARGS)
{
	text	   *feed = PG_GETARG_TEXT_PP(0);
	text	   *url = PG_GETARG_TEXT_PP(1);
	int			timeout_ms = PG_GETARG_INT32(2);
	int			max_bytes = PG_GETARG_INT32(3);
	MemoryContext context;
	MemoryContext before;
	transfer   *t;
	char	   *host;
	CURLMsg    *message;
	CURLcode	code;
	int			left;
	long		status = 0;

	if (VARSIZE_ANY_EXHDR(feed) == 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("feed must not be empty")));
	if (timeout_ms < 1 || timeout_ms > MAX_TIMEOUT_MS)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("timeout_ms must be from 1 to %d, not %d", MAX_TIMEOUT_MS, timeout_ms)));
	if (max_bytes < 1 || max_bytes > MAX_BODY)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("max_bytes must be from 1 to %d, not %d", MAX_BODY, max_bytes)));
	PreventCommandIfReadOnly("fetch_feed()");

	context = AllocSetContextCreate(CurrentMemoryContext, "bet_edge fetch", ALLOCSET_SMALL_SIZES);
	before = MemoryContextSwitchTo(context);
	t = transfer_new(max_bytes);
	host = parse_url(t, text_to_cstring(url));
	t->allow_private = allowed_private(host);
	set_options(t, timeout_ms);
	run(t);
	message = curl_multi_info_read(t->multi, &left);
	code = message && message->msg == CURLMSG_DONE ? message->data.result : CURLE_RECV_ERROR;
	if (code != CURLE_OK)
		report_failure(t, code, host, timeout_ms);
	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status == 200)
		store_body(feed, url, t);
	MemoryContextSwitchTo(before);
	MemoryContextDelete(context);
	PG_RETURN_INT32((int32) status);
}
