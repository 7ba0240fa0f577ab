#include "bind/compat.h"

#include "utils/guc.h"

#include "bind/forest.h"

BET_EDGE_MODULE_MAGIC("bet_edge");

extern PGDLLEXPORT void _PG_init(void);

void
_PG_init(void)
{
	DefineCustomBoolVariable("bet_edge.avx512", "Predict with AVX-512 where the processor has it.",
							 "The results are the same bits with and without. For tests and for measuring.",
							 &forest_avx512, true, PGC_USERSET, GUC_NO_SHOW_ALL | GUC_NOT_IN_SAMPLE, NULL, NULL, NULL);
}
