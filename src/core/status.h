/*
 * What a core function answers. Core has no exceptions and no messages: the
 * binding knows the argument's name and turns a status into an error that says it.
 */
#ifndef BET_EDGE_CORE_STATUS_H
#define BET_EDGE_CORE_STATUS_H

typedef enum core_status
{
	CORE_OK = 0,
	CORE_INVALID,				/* an argument is outside the function's domain */
	CORE_NO_SOLUTION,			/* the problem as posed has no answer */
	CORE_NO_CONVERGENCE,		/* an iteration ran out: a bug or an adversarial input */
	CORE_NO_MEMORY
} core_status;

#endif							/* BET_EDGE_CORE_STATUS_H */
