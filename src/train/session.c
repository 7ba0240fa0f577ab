#include "train/session.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <math.h>
#include <omp.h>
#include <pthread.h>

#include "utils/memutils.h"

BET_EDGE_MODULE_MAGIC("bet_edge_train");

/* Warnings, collected while the library runs: a callback must not raise errors through C++ frames. */
static char warnings[1000];

static void
collect_warning(const char *message)
{
	Size		n = strlen(warnings);

	strlcpy(warnings + n, message, sizeof(warnings) - n);
}

static void
end_session(void *arg)
{
	session    *s = arg;

	if (s->booster != NULL)
		XGBoosterFree(s->booster);
	if (s->matrix != NULL)
		XGDMatrixFree(s->matrix);
	if (s->validation != NULL)
		XGDMatrixFree(s->validation);
	if (s->proxy != NULL)
		XGDMatrixFree(s->proxy);
	omp_set_num_threads(s->threads_before);
#ifdef __GLIBC__
	(void) malloc_trim(0);		/* what the library had goes back to the system */
#endif
}

session *
begin_session(int threads)
{
	session    *s = palloc0(sizeof(session));

	s->threads_before = omp_get_max_threads();
	omp_set_num_threads(threads);
	s->at_end.func = end_session;
	s->at_end.arg = s;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, &s->at_end);
	warnings[0] = '\0';
	XGBRegisterLogCallback(collect_warning);
	return s;
}

/*
 * The library's last error as one printable line: it comes as
 * "[hh:mm:ss] file:line: text" with a stack trace below, and may quote raw bytes.
 */
static char *
clean_line(const char *message)
{
	const char *c = message;
	char	   *line;
	Size		n;

	while (*c == '\n' || *c == ' ')
		c++;
	if (*c == '[')
	{
		const char *colon = strstr(c, ": ");

		if (colon != NULL && colon < c + strcspn(c, "\n"))
			c = colon + 2;
	}
	/* "Check failed: condition : what it means": the condition is for the library's authors */
	if (strncmp(c, "Check failed: ", 14) == 0)
	{
		const char *meaning = strstr(c + 14, ": ");

		if (meaning != NULL && meaning < c + strcspn(c, "\n") && meaning[2] != '\0' && meaning[2] != '\n')
			c = meaning + 2;
	}
	while (*c == '\n' || *c == ' ')
		c++;
	n = strcspn(c, "\n");
	line = pnstrdup(c, Min(n, 300));
	for (char *p = line; *p != '\0'; p++)
		if (*p < ' ' || *p > '~')
			*p = '?';
	while (n > 0 && n <= 300 && strchr(" .:", line[n - 1]) != NULL)
		line[--n] = '\0';
	return line;
}

void
check_library(int status, const char *what)
{
	if (status != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: %s", what, clean_line(XGBGetLastError()))));
}

void
hold_signals(sigset_t *before)
{
	sigset_t	all;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, before);
}

void
release_signals(const sigset_t *before)
{
	pthread_sigmask(SIG_SETMASK, before, NULL);
}

void
make_matrix(DMatrixHandle *matrix, const float *rows, Size n, int features)
{
	sigset_t	before;
	int			status;

	hold_signals(&before);
	status = XGDMatrixCreateFromMat(rows, n, features, NAN, matrix);
	release_signals(&before);
	check_library(status, "libxgboost could not take the rows");
}

void
check_warnings(void)
{
	const char *unknown = strstr(warnings, "Parameters: { ");
	int			length;

	if (unknown == NULL)
		return;
	unknown += strlen("Parameters: { ");
	length = strcspn(unknown, "}\n");
	while (length > 0 && unknown[length - 1] == ' ')
		length--;
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("libxgboost does not use the parameter %.*s", length, unknown)));
}

Size
saved_model(session *s, const char *format, Size largest, const char **bytes)
{
	bst_ulong	length;

	check_library(XGBoosterSaveModelToBuffer(s->booster, psprintf("{\"format\":\"%s\"}", format), &length, bytes),
				  "libxgboost could not save the model");
	if (length > largest)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the model has more than 1 GB")));
	return length;
}
