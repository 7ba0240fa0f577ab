#include "bind/rows.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(bet_edge_market_digests);

/* 128 bits over all that was added, in order: two lanes of the hash that the server has, each seeded with what came before. */
typedef struct digest
{
	char	   *market;
	int			length;
	bool		odd;			/* not of the form that can be digested */
	uint64		lane[2];
} digest;

static void
digest_add(digest *d, const char *bytes, int length)
{
	for (int i = 0; i < 2; i++)
	{
		d->lane[i] = hash_bytes_extended((const unsigned char *) &length, sizeof(length), d->lane[i]);
		d->lane[i] = hash_bytes_extended((const unsigned char *) bytes, length, d->lane[i]);
	}
}

static JsonbValue *
member(JsonbContainer *object, char *name)
{
	JsonbValue	key = {.type = jbvString};

	key.val.string.val = name;
	key.val.string.len = strlen(name);
	return JsonContainerIsObject(object) ? findJsonbValueFromContainer(object, JB_FOBJECT, &key) : NULL;
}

static inline bool
is_string(const JsonbValue *value)
{
	return value != NULL && value->type == jbvString;
}

static inline JsonbContainer *
array_of(const JsonbValue *value)
{
	return value != NULL && value->type == jbvBinary && JsonContainerIsArray(value->val.binary.data) ? value->val.binary.data : NULL;
}

typedef struct event
{
	digest	   *markets;
	int			used,
				room;
	digest		header;
} event;

/* The event's digest of a market: that of its header when the market is new. */
static digest *
event_market(event *e, const JsonbValue *key)
{
	for (int i = 0; i < e->used; i++)
		if (e->markets[i].length == key->val.string.len && memcmp(e->markets[i].market, key->val.string.val, key->val.string.len) == 0)
			return &e->markets[i];
	if (e->used == e->room)
	{
		e->room = e->room == 0 ? 16 : 2 * e->room;
		e->markets = e->markets == NULL ? palloc(e->room * sizeof(digest)) : repalloc_huge(e->markets, e->room * sizeof(digest));
	}
	e->markets[e->used] = e->header;
	e->markets[e->used].market = key->val.string.val;
	e->markets[e->used].length = key->val.string.len;
	return &e->markets[e->used++];
}

static void
add_book(event *e, const JsonbValue *book)
{
	JsonbValue *name = book->type == jbvBinary ? member(book->val.binary.data, "key") : NULL;
	JsonbContainer *markets = book->type == jbvBinary ? array_of(member(book->val.binary.data, "markets")) : NULL;

	if (!is_string(name) || markets == NULL)
	{
		e->header.odd = true;
		return;
	}
	for (uint32 i = 0; i < JsonContainerSize(markets); i++)
	{
		JsonbValue *market = getIthJsonbValueFromContainer(markets, i);
		JsonbValue *key = market->type == jbvBinary ? member(market->val.binary.data, "key") : NULL;
		JsonbValue *outcomes = market->type == jbvBinary ? member(market->val.binary.data, "outcomes") : NULL;
		digest	   *d;

		CHECK_FOR_INTERRUPTS();
		if (!is_string(key) || array_of(outcomes) == NULL)
		{
			e->header.odd = true;
			return;
		}
		d = event_market(e, key);
		digest_add(d, name->val.string.val, name->val.string.len);
		digest_add(d, (const char *) outcomes->val.binary.data, outcomes->val.binary.len);
	}
}

static void
put_event(Tuplestorestate *store, TupleDesc desc, JsonbValue *value)
{
	event		e = {0};
	JsonbValue *id,
			   *home,
			   *away,
			   *list;
	JsonbContainer *books;

	if (value->type != jbvBinary || !JsonContainerIsObject(value->val.binary.data))
		return;
	home = member(value->val.binary.data, "home_team");
	list = member(value->val.binary.data, "bookmakers");
	if (home == NULL || home->type == jbvNull || list == NULL)
		return;
	id = member(value->val.binary.data, "id");
	away = member(value->val.binary.data, "away_team");
	books = array_of(list);
	e.header.lane[1] = UINT64CONST(0x9E3779B97F4A7C15);
	e.header.odd = books == NULL || !is_string(id) || !is_string(home) || !is_string(away);
	if (!e.header.odd)
	{
		digest_add(&e.header, home->val.string.val, home->val.string.len);
		digest_add(&e.header, away->val.string.val, away->val.string.len);
		for (uint32 i = 0; i < JsonContainerSize(books) && !e.header.odd; i++)
			add_book(&e, getIthJsonbValueFromContainer(books, i));
	}
	if (e.header.odd)
	{
		Datum		values[3] = {0};
		bool		nulls[3] = {!is_string(id), true, true};

		if (!nulls[0])
			values[0] = PointerGetDatum(cstring_to_text_with_len(id->val.string.val, id->val.string.len));
		tuplestore_putvalues(store, desc, values, nulls);
		return;
	}
	for (int i = 0; i < e.used; i++)
	{
		Datum		values[3];
		bool		nulls[3] = {0};

		values[0] = PointerGetDatum(cstring_to_text_with_len(id->val.string.val, id->val.string.len));
		values[1] = PointerGetDatum(cstring_to_text_with_len(e.markets[i].market, e.markets[i].length));
		values[2] = CStringGetTextDatum(psprintf("%016llx%016llx", (unsigned long long) e.markets[i].lane[0], (unsigned long long) e.markets[i].lane[1]));
		tuplestore_putvalues(store, desc, values, nulls);
	}
}

Datum
bet_edge_market_digests(PG_FUNCTION_ARGS)
{
	Jsonb	   *payload = PG_GETARG_JSONB_P(0);
	TupleDesc	desc;
	Tuplestorestate *store = rows_begin(fcinfo, &desc);
	MemoryContext one = AllocSetContextCreate(CurrentMemoryContext, "event", ALLOCSET_DEFAULT_SIZES);
	JsonbValue	root = {.type = jbvBinary};
	JsonbValue *data = NULL;
	JsonbContainer *events;

	root.val.binary.data = &payload->root;
	root.val.binary.len = VARSIZE(payload) - VARHDRSZ;
	if (JsonContainerIsObject(&payload->root))
		data = member(&payload->root, "data");
	if (data == NULL || data->type != jbvBinary)
		data = &root;
	events = array_of(data);
	for (uint32 i = 0; i < (events == NULL ? 1 : JsonContainerSize(events)); i++)
	{
		MemoryContext old = MemoryContextSwitchTo(one);

		put_event(store, desc, events == NULL ? data : getIthJsonbValueFromContainer(events, i));
		MemoryContextSwitchTo(old);
		MemoryContextReset(one);
	}
	return (Datum) 0;
}
