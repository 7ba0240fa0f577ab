/*
 * libxgboost inside of a backend: its handles, its errors and warnings, its threads.
 */
#ifndef BET_EDGE_SESSION_H
#define BET_EDGE_SESSION_H

#include "bind/compat.h"

#include <signal.h>
#include <xgboost/c_api.h>

/* Freed with the memory context of the call, so on error and cancel too. */
typedef struct session
{
	MemoryContextCallback at_end;
	DMatrixHandle proxy;		/* for a block of the matrix's rows, or NULL */
	DMatrixHandle matrix;
	DMatrixHandle validation;	/* what early stopping watches, or NULL */
	BoosterHandle booster;
	int			threads_before;
} session;

/* Of the current memory context, with so many threads. */
extern session *begin_session(int threads);
/* An error with the library's own words where its answer is not 0; what says what could not be done. */
extern void check_library(int status, const char *what);
/* A parameter that the library does not know is only a warning there: Parameters: { "etaa" } might not be used. */
extern void check_warnings(void);
/* Threads that the library starts between them will never run PostgreSQL's signal handlers. */
extern void hold_signals(sigset_t *before);
extern void release_signals(const sigset_t *before);
/* Rows of features each, NaN missing, copied. */
extern void make_matrix(DMatrixHandle *matrix, const float *rows, Size n, int features);
/* The booster's model as libxgboost writes it, of format json or ubj: its length, at most largest, and where. */
extern Size saved_model(session *s, const char *format, Size largest, const char **bytes);

#endif							/* BET_EDGE_SESSION_H */
