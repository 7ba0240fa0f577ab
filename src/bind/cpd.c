/*
 * The type cpd. A value is a varlena that holds a mark and the residuals in ascending
 * order, stored out of line and uncompressed; a query fetches a stored one once.
 */
#include "bind/args.h"
#include "bind/rows.h"
#include "bind/series.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/fmgroids.h"

#include "core/cpd.h"

PG_FUNCTION_INFO_V1(bet_edge_cpd_in);
PG_FUNCTION_INFO_V1(bet_edge_cpd_out);
PG_FUNCTION_INFO_V1(bet_edge_cpd_recv);
PG_FUNCTION_INFO_V1(bet_edge_cpd_send);
PG_FUNCTION_INFO_V1(bet_edge_cpd);
PG_FUNCTION_INFO_V1(bet_edge_cpd_accum);
PG_FUNCTION_INFO_V1(bet_edge_cpd_final);
PG_FUNCTION_INFO_V1(bet_edge_cpd_residuals);
PG_FUNCTION_INFO_V1(bet_edge_cpd_cdf);
PG_FUNCTION_INFO_V1(bet_edge_cpd_prob);
PG_FUNCTION_INFO_V1(bet_edge_cpd_quantile);
PG_FUNCTION_INFO_V1(bet_edge_cpd_interval);

typedef struct cpd_image
{
	int32		vl_len_;
	uint32		mark;
	double		residuals[FLEXIBLE_ARRAY_MEMBER];
} cpd_image;

#define CPD_MARK 0x63706431		/* cpd1 */
#define MAX_RESIDUALS ((int64) ((MaxAllocSize - sizeof(cpd_image)) / sizeof(double)))

static Datum
cpd_make(const double *residuals, int64 n)
{
	Size		size = offsetof(cpd_image, residuals) + n * sizeof(double);
	cpd_image  *image;
	double	   *work;

	if (n < 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("residuals must not be empty")));
	if (n > MAX_RESIDUALS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a cpd holds at most " INT64_FORMAT " residuals, not " INT64_FORMAT, MAX_RESIDUALS, n)));
	image = palloc(size);
	SET_VARSIZE(image, size);
	image->mark = CPD_MARK;
	memcpy(image->residuals, residuals, n * sizeof(double));
	work = palloc(n * sizeof(double));
	if (cpd_prepare(image->residuals, work, n, series_interrupts) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("residuals must be finite numbers")));
	pfree(work);
	return PointerGetDatum(image);
}

static Datum
cpd_of_array(ArrayType *array)
{
	int			n;
	double	   *residuals = arg_float8s(array, "residuals", 0, MaxAllocSize / sizeof(double), &n);

	return cpd_make(residuals, n);
}

static const cpd_image *
check_image(const cpd_image *image)
{
	if (VARSIZE(image) < sizeof(cpd_image) + sizeof(double) || image->mark != CPD_MARK ||
		(VARSIZE(image) - offsetof(cpd_image, residuals)) % sizeof(double) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("a stored cpd is damaged, or was made by another version of bet_edge")));
	return image;
}

static int
image_n(const cpd_image *image)
{
	return (VARSIZE(image) - offsetof(cpd_image, residuals)) / sizeof(double);
}

/* ---- the type ---------------------------------------------------------------------------------- */

Datum
bet_edge_cpd_in(PG_FUNCTION_ARGS)
{
	Datum		array = OidInputFunctionCall(F_ARRAY_IN, PG_GETARG_CSTRING(0), FLOAT8OID, -1);

	PG_RETURN_DATUM(cpd_of_array(DatumGetArrayTypeP(array)));
}

static ArrayType *
residuals_array(Datum datum)
{
	const cpd_image *image = check_image((cpd_image *) PG_DETOAST_DATUM(datum));

	return float8s_array(image->residuals, image_n(image));
}

Datum
bet_edge_cpd_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(OidOutputFunctionCall(F_ARRAY_OUT, PointerGetDatum(residuals_array(PG_GETARG_DATUM(0)))));
}

Datum
bet_edge_cpd_residuals(PG_FUNCTION_ARGS)
{
	PG_RETURN_ARRAYTYPE_P(residuals_array(PG_GETARG_DATUM(0)));
}

Datum
bet_edge_cpd_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int32		n = pq_getmsgint(message, 4);
	double	   *residuals;

	if (n < 1 || n > (message->len - message->cursor) / (int) sizeof(double))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("a cpd of %d residuals cannot be in a message of %d bytes", n, message->len)));
	residuals = palloc(n * sizeof(double));
	for (int i = 0; i < n; i++)
		residuals[i] = pq_getmsgfloat8(message);
	PG_RETURN_DATUM(cpd_make(residuals, n));
}

Datum
bet_edge_cpd_send(PG_FUNCTION_ARGS)
{
	const cpd_image *image = check_image((cpd_image *) PG_DETOAST_DATUM(PG_GETARG_DATUM(0)));
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint32(&buf, image_n(image));
	for (int i = 0; i < image_n(image); i++)
		pq_sendfloat8(&buf, image->residuals[i]);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* ---- from residuals ------------------------------------------------------------------------------ */

Datum
bet_edge_cpd(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(cpd_of_array(PG_GETARG_ARRAYTYPE_P(0)));
}

Datum
bet_edge_cpd_accum(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);

	if (!PG_ARGISNULL(1))
		*series_add(fcinfo, &state, 1) = arg_finite(PG_GETARG_FLOAT8(1), "residual");
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

Datum
bet_edge_cpd_final(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);

	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(cpd_make(state->values, state->n));
}

/* ---- questions ----------------------------------------------------------------------------------- */

typedef struct kept_cpd
{
	TupleDesc	desc;
	kept_value	image;
} kept_cpd;

static kept_cpd *
kept(FunctionCallInfo fcinfo)
{
	return kept_state(fcinfo, sizeof(kept_cpd));
}

/* The distribution in argument 0 around the prediction and sigma in arguments first and first + 1. */
static cpd
arg_cpd(FunctionCallInfo fcinfo, int first)
{
	const cpd_image *image = check_image((cpd_image *) arg_kept(fcinfo, 0, &kept(fcinfo)->image));
	cpd			d;

	d.residuals = image->residuals;
	d.n = image_n(image);
	d.prediction = arg_finite(PG_GETARG_FLOAT8(first), "prediction");
	d.sigma = arg_sigma(PG_GETARG_FLOAT8(first + 1));
	return d;
}

Datum
bet_edge_cpd_cdf(PG_FUNCTION_ARGS)
{
	cpd			d = arg_cpd(fcinfo, 2);

	PG_RETURN_FLOAT8(cpd_cdf(&d, arg_finite(PG_GETARG_FLOAT8(1), "value"), arg_between(PG_GETARG_FLOAT8(4), 0, 1, "u")));
}

Datum
bet_edge_cpd_prob(PG_FUNCTION_ARGS)
{
	cpd			d = arg_cpd(fcinfo, 2);
	cpd_law		law;
	Datum		values[7];
	bool		nulls[7] = {false, false, false, false, false, false, false};

	cpd_line(&d, arg_finite(PG_GETARG_FLOAT8(1), "line"), PG_GETARG_BOOL(4), &law);
	values[0] = Float8GetDatum(law.over);
	values[1] = Float8GetDatum(law.push);
	values[2] = Float8GetDatum(law.under);
	values[3] = Float8GetDatum(law.over_lower);
	values[4] = Float8GetDatum(law.over_upper);
	values[5] = Float8GetDatum(law.under_lower);
	values[6] = Float8GetDatum(law.under_upper);
	return row_datum_kept(fcinfo, &kept(fcinfo)->desc, values, nulls);
}

Datum
bet_edge_cpd_quantile(PG_FUNCTION_ARGS)
{
	cpd			d = arg_cpd(fcinfo, 2);
	double		prob = PG_GETARG_FLOAT8(1),
				value;

	if (!(prob > 0 && prob < 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("prob must be above 0 and below 1, not %g", prob)));
	if (cpd_quantile(&d, prob, &value) != CORE_OK)
		float_overflow_error();
	PG_RETURN_FLOAT8(value);
}

Datum
bet_edge_cpd_interval(PG_FUNCTION_ARGS)
{
	cpd			d = arg_cpd(fcinfo, 2);
	Datum		values[2];
	bool		nulls[2] = {false, false};
	double		lower,
				upper;

	if (cpd_interval(&d, arg_alpha(PG_GETARG_FLOAT8(1)), &lower, &upper) != CORE_OK)
		float_overflow_error();
	values[0] = Float8GetDatum(lower);
	values[1] = Float8GetDatum(upper);
	return row_datum_kept(fcinfo, &kept(fcinfo)->desc, values, nulls);
}
