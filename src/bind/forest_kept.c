/*
 * Forests that stay in memory.
 */
#include "bind/forest.h"

#include "access/detoast.h"
#include "utils/memutils.h"

/*
 * A stored forest is fetched once and kept by the session, found by the digest
 * of its content. Within a query the same toast pointer is the same forest;
 * from query to query the digest is read anew, so a changed row is seen.
 */
#define KEPT_FORESTS 16
#define KEPT_BYTES ((Size) 256 * 1024 * 1024)
/* Laying a forest out in lanes takes as long as some hundred predictions gain: whoever asks less often need not wait for it. */
#define ASKED_BEFORE_LANES 100

typedef struct kept_forest
{
	forest_image *image;		/* its leading part; NULL when the place is free */
	forest_lanes *lanes;		/* NULL when it has none, or not yet */
	Size		lanes_size;		/* 0 when it will have none */
	Size		size;			/* of both */
	uint64		asked;
	uint64		used;			/* when it was last asked for */
} kept_forest;

bool		forest_avx512 = true;

static kept_forest kept[KEPT_FORESTS];
static uint64 kept_clock = 0;

/* What a call remembers for the next row: for each place the pointer that led there. */
typedef struct seen_forests
{
	int			last;
	struct
	{
		struct varatt_external pointer;
		uint8		digest[16];
	}			place[KEPT_FORESTS];
} seen_forests;

static void
drop_kept(int place)
{
	if (kept[place].lanes != NULL)
		pfree(kept[place].lanes);
	pfree(kept[place].image);
	kept[place].lanes = NULL;
	kept[place].image = NULL;
}

/* A free place for a forest of this size, made by dropping those that were not asked for the longest. */
static int
make_place(Size size)
{
	for (;;)
	{
		Size		total = 0;
		int			place = -1,
					oldest = -1;

		for (int i = 0; i < KEPT_FORESTS; i++)
		{
			if (kept[i].image == NULL)
			{
				place = i;
				continue;
			}
			total += kept[i].size;
			if (oldest < 0 || kept[i].used < kept[oldest].used)
				oldest = i;
		}
		if (place >= 0 && (total + size <= KEPT_BYTES || oldest < 0))
			return place;
		drop_kept(oldest);
	}
}

/* The leading part of a forest that stands elsewhere: so much of it, as a copy. */
static forest_image *
part_of(Datum datum, Size size)
{
	return (forest_image *) PG_DETOAST_DATUM_SLICE(datum, 0, size - VARHDRSZ);
}

static void
make_lanes(kept_forest *k)
{
	forest		f;

	forest_view(&f, k->image);
	k->lanes = forest_lanes_make(&f, MemoryContextAllocHuge(TopMemoryContext, k->lanes_size));
}

static int
fetch_forest(Datum datum)
{
	forest_image *head = part_of(datum, sizeof(forest_image));
	forest_image *hot;
	forest		f;
	Size		size,
				lanes_size;
	int			place;

	forest_check(head);
	for (int i = 0; i < KEPT_FORESTS; i++)
		if (kept[i].image != NULL && memcmp(kept[i].image->digest, head->digest, sizeof(head->digest)) == 0)
			return i;
	size = forest_hot_size(head);
	hot = part_of(datum, size);
	forest_view(&f, hot);
	lanes_size = forest_lanes_size(&f);
	place = make_place(size + lanes_size);
	kept[place].image = MemoryContextAlloc(TopMemoryContext, size);
	memcpy(kept[place].image, hot, size);
	kept[place].lanes_size = lanes_size;
	kept[place].size = size + lanes_size;
	kept[place].asked = 0;
	pfree(hot);
	pfree(head);
	return place;
}

static bool
is_seen(const seen_forests *seen, int place, const struct varatt_external *pointer)
{
	return memcmp(&seen->place[place].pointer, pointer, sizeof(*pointer)) == 0 && kept[place].image != NULL &&
		memcmp(kept[place].image->digest, seen->place[place].digest, sizeof(seen->place[place].digest)) == 0;
}

static const kept_forest *
stored_forest(FmgrInfo *flinfo, Datum datum)
{
	struct varatt_external pointer;
	seen_forests *seen = flinfo->fn_extra;
	kept_forest *k;
	int			place = 0;

	VARATT_EXTERNAL_GET_POINTER(pointer, DatumGetPointer(datum));
	if (seen == NULL)
		flinfo->fn_extra = seen = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(seen_forests));
	if (!is_seen(seen, seen->last, &pointer))
	{
		while (place < KEPT_FORESTS && !is_seen(seen, place, &pointer))
			place++;
		if (place == KEPT_FORESTS)
		{
			place = fetch_forest(datum);
			seen->place[place].pointer = pointer;
			memcpy(seen->place[place].digest, kept[place].image->digest, sizeof(seen->place[place].digest));
		}
		seen->last = place;
	}
	k = &kept[seen->last];
	k->used = ++kept_clock;
	if (++k->asked == ASKED_BEFORE_LANES && k->lanes_size > 0)
		make_lanes(k);
	return k;
}

/* The leading part of the forest that is the first argument. */
void
forest_arg(FunctionCallInfo fcinfo, forest *f)
{
	Datum		datum = PG_GETARG_DATUM(0);

	if (VARATT_IS_EXTERNAL_ONDISK(DatumGetPointer(datum)))
	{
		const kept_forest *stored = stored_forest(fcinfo->flinfo, datum);

		forest_view(f, stored->image);
		f->lanes = forest_avx512 ? stored->lanes : NULL;
	}
	else
		forest_whole(datum, f);
}
/* A forest that stays as it is whatever the query does. */
void
forest_own(Datum datum, forest *f)
{
	Size		lanes_size;

	if (VARATT_IS_EXTERNAL_ONDISK(DatumGetPointer(datum)))
	{
		forest_image *head = part_of(datum, sizeof(forest_image));

		forest_check(head);
		forest_view(f, part_of(datum, forest_hot_size(head)));
	}
	else
		forest_whole(datum, f);
	lanes_size = forest_avx512 ? forest_lanes_size(f) : 0;
	if (lanes_size > 0)
		f->lanes = forest_lanes_make(f, MemoryContextAllocHuge(CurrentMemoryContext, lanes_size));
}
