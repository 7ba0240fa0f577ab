#include "train/parameters.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

static char *
scalar_text(const char *name, JsonbValue *value)
{
	switch (value->type)
	{
		case jbvString:
			return pnstrdup(value->val.string.val, value->val.string.len);
		case jbvNumeric:
			return DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
		case jbvBool:
			return value->val.boolean ? "true" : "false";
		default:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("parameter \"%s\" must be a string, a number or a boolean", name)));
			return NULL;		/* not reached */
	}
}

parameters
read_parameters(Jsonb *params)
{
	JsonbIterator *it = JsonbIteratorInit(&params->root);
	JsonbValue	key,
				value;
	parameters	p = {0, NULL};

	if (!JB_ROOT_IS_OBJECT(params))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("params must be a JSON object of libxgboost's parameters")));
	p.list = palloc(sizeof(parameter) * (JB_ROOT_COUNT(params) + 1));
	(void) JsonbIteratorNext(&it, &key, true);	/* the object itself */
	while (JsonbIteratorNext(&it, &key, true) == WJB_KEY)
	{
		(void) JsonbIteratorNext(&it, &value, true);
		p.list[p.n].name = pnstrdup(key.val.string.val, key.val.string.len);
		p.list[p.n].value = scalar_text(p.list[p.n].name, &value);
		p.n++;
	}
	return p;
}

const char *
parameter_value(const parameters *p, const char *name)
{
	for (int i = 0; i < p->n; i++)
		if (strcmp(p->list[i].name, name) == 0)
			return p->list[i].value;
	return NULL;
}

int
whole_parameter(const parameters *p, const char *name, int otherwise, int lo, int hi)
{
	const char *value = parameter_value(p, name);
	char	   *end;
	long		n;

	if (value == NULL)
		return otherwise;
	n = strtol(value, &end, 10);
	if (*value == '\0' || *end != '\0' || n < lo || n > hi)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("parameter \"%s\" must be a whole number between %d and %d, not \"%s\"", name, lo, hi, value)));
	return (int) n;
}
