/*
 * The teams of a rating pass, found by name or by number. A caller's team starts
 * with a team and has as much of its own behind it as it asked for, all 0 at first.
 */
#ifndef BET_EDGE_TEAMS_H
#define BET_EDGE_TEAMS_H

#include "bind/compat.h"

typedef struct team
{
	text	   *name;			/* a number's is its decimal text */
} team;

typedef struct teams
{
	MemoryContext context;
	struct entries_hash *entries;
	Size		team_size;
	team	  **places;			/* of small numbers, which most are */
	uint32		n_places;
} teams;

extern teams *teams_create_in(MemoryContext context, Size team_size);
extern team *teams_by_name(teams *t, text *name);
extern team *teams_find_number(teams *t, int64 number);

static inline team *
teams_by_number(teams *t, int64 number)
{
	team	   *found = (uint64) number < t->n_places ? t->places[number] : NULL;

	return likely(found != NULL) ? found : teams_find_number(t, number);
}

/* As memcmp gives 0; names are short, a call costs more than they do. */
static inline bool
bytes_same(const char *a, const char *b, Size n)
{
	uint64		word,
				other;

	for (; n >= sizeof(word); n -= sizeof(word), a += sizeof(word), b += sizeof(word))
	{
		memcpy(&word, a, sizeof(word));
		memcpy(&other, b, sizeof(other));
		if (word != other)
			return false;
	}
	for (; n > 0; n--)
		if (*a++ != *b++)
			return false;
	return true;
}

/* Each team once: *place starts at 0; NULL after the last. */
extern team *teams_next(teams *t, uint32 *place);

#endif							/* BET_EDGE_TEAMS_H */
