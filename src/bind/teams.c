#include "bind/teams.h"

#include "utils/builtins.h"
#include "utils/memutils.h"

/* Either bytes of a name, or a number where there are none. */
typedef struct team_key
{
	const char *bytes;
	Size		size;
	int64		number;
} team_key;

typedef struct team_entry
{
	team_key	key;
	uint32		hash;
	char		status;
	team	   *team;			/* apart, since the table moves its entries */
} team_entry;

/* Eight bytes at a time: names are short, and a few thousand of them need no better hash. */
static inline uint32
key_hash(team_key key)
{
	const uint64 factor = UINT64CONST(0x9e3779b97f4a7c15);
	uint64		hash = key.number;
	uint64		word = 0;
	const char *at = key.bytes;
	Size		left = key.size;

	for (; left >= sizeof(word); left -= sizeof(word), at += sizeof(word))
	{
		memcpy(&word, at, sizeof(word));
		hash = (hash ^ word) * factor;
		hash ^= hash >> 32;
	}
	word = left;
	for (; left > 0; left--)
		word = word << 8 | (unsigned char) *at++;
	hash = (hash ^ word) * factor;
	return (uint32) (hash ^ hash >> 32);
}

static inline bool
key_same(team_key a, team_key b)
{
	return a.size == b.size && a.number == b.number && bytes_same(a.bytes, b.bytes, a.size);
}

#define SH_PREFIX entries
#define SH_ELEMENT_TYPE team_entry
#define SH_KEY_TYPE team_key
#define SH_KEY key
#define SH_HASH_KEY(tb, key) key_hash(key)
#define SH_EQUAL(tb, a, b) key_same(a, b)
#define SH_STORE_HASH
#define SH_GET_HASH(tb, entry) (entry)->hash
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

teams *
teams_create_in(MemoryContext context, Size team_size)
{
	teams	   *t = MemoryContextAlloc(context, sizeof(teams));

	t->context = context;
	t->entries = entries_create(context, 64, NULL);
	t->team_size = team_size;
	t->places = NULL;
	t->n_places = 0;
	return t;
}

/* The name gets a short header where it can, as it will have in every row. */
static team *
new_team(teams *t, team_entry *entry, text *name)
{
	Size		size = VARSIZE_ANY_EXHDR(name);
	char	   *copy;

	/* in one piece: who compares the name will want the ratings next */
	entry->team = MemoryContextAllocZero(t->context, MAXALIGN(t->team_size) + size + VARHDRSZ);
	copy = (char *) entry->team + MAXALIGN(t->team_size);
	if (size + VARHDRSZ_SHORT <= VARATT_SHORT_MAX)
		SET_VARSIZE_SHORT(copy, size + VARHDRSZ_SHORT);
	else
		SET_VARSIZE(copy, size + VARHDRSZ);
	memcpy(VARDATA_ANY(copy), VARDATA_ANY(name), size);
	entry->team->name = (text *) copy;
	return entry->team;
}

team *
teams_by_name(teams *t, text *name)
{
	bool		found;
	team_entry *entry = entries_insert(t->entries, (team_key) {VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), 0}, &found);

	if (found)
		return entry->team;
	new_team(t, entry, name);
	entry->key.bytes = VARDATA_ANY(entry->team->name);
	return entry->team;
}

static void
add_places(teams *t, uint32 number)
{
	uint32		n = Max(64, t->n_places);

	while (n <= number)
		n *= 2;
	t->places = t->places == NULL ? MemoryContextAllocHuge(t->context, n * sizeof(team *)) :
		repalloc_huge(t->places, n * sizeof(team *));
	memset(t->places + t->n_places, 0, (n - t->n_places) * sizeof(team *));
	t->n_places = n;
}

team *
teams_find_number(teams *t, int64 number)
{
	bool		found;
	team_entry *entry = entries_insert(t->entries, (team_key) {NULL, 0, number}, &found);

	if (!found)
	{
		char		digits[24];
		text	   *name;

		pg_lltoa(number, digits);
		name = cstring_to_text(digits);
		new_team(t, entry, name);
		pfree(name);
	}
	/* a place for a number while places are not many more than teams */
	if ((uint64) number < 64 + 8 * (uint64) t->entries->members)
	{
		if (number >= t->n_places)
			add_places(t, number);
		t->places[number] = entry->team;
	}
	return entry->team;
}

team *
teams_next(teams *t, uint32 *place)
{
	while (*place < t->entries->size)
	{
		team_entry *entry = &t->entries->data[(*place)++];

		if (entry->status == entries_SH_IN_USE)
			return entry->team;
	}
	return NULL;
}
