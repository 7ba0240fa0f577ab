/*
 * The parameters of a training, a jsonb object, as libxgboost takes them: names and texts.
 */
#ifndef BET_EDGE_PARAMETERS_H
#define BET_EDGE_PARAMETERS_H

#include "bind/compat.h"

#include "utils/jsonb.h"

typedef struct parameter
{
	char	   *name;
	char	   *value;
} parameter;

typedef struct parameters
{
	int			n;
	parameter  *list;
} parameters;

/* Of an object of strings, numbers and booleans. */
extern parameters read_parameters(Jsonb *params);
/* NULL for one that is not there. */
extern const char *parameter_value(const parameters *p, const char *name);
/* One that is a whole number from lo to hi, or what it is otherwise. */
extern int	whole_parameter(const parameters *p, const char *name, int otherwise, int lo, int hi);

#endif							/* BET_EDGE_PARAMETERS_H */
