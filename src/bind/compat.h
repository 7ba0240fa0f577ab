/*
 * What differs between PostgreSQL 13 and 18, in one place. Every file in
 * src/bind, src/train and src/feed includes this after postgres.h and fmgr.h.
 */
#ifndef BET_EDGE_COMPAT_H
#define BET_EDGE_COMPAT_H

#include "postgres.h"

#include "fmgr.h"

#if PG_VERSION_NUM >= 160000
#include "varatt.h"				/* split out of postgres.h in 16 */
#endif

#if PG_VERSION_NUM < 130000
#error "bet_edge needs PostgreSQL 13 or newer to build, 14 or newer to install"
#endif

#if PG_VERSION_NUM < 150000
#define MarkGUCPrefixReserved(prefix) EmitWarningsOnPlaceholders(prefix)
#endif

/* Owned by nobody: whoever makes the set frees it, on every way out. */
#if PG_VERSION_NUM >= 170000
#define create_wait_event_set(context, n) CreateWaitEventSet(NULL, n)
#else
#define create_wait_event_set(context, n) CreateWaitEventSet(context, n)
#endif

#ifndef PG_MODULE_MAGIC_EXT
#define BET_EDGE_MODULE_MAGIC(name_) PG_MODULE_MAGIC
#else
#define BET_EDGE_MODULE_MAGIC(name_) PG_MODULE_MAGIC_EXT(.name = (name_), .version = BET_EDGE_VERSION)
#endif

#endif							/* BET_EDGE_COMPAT_H */
