/* A model from the fuzzer, as JSON or UBJSON: refused, or walked and explained without another check. */
#include "core/forest.h"
#include "core/ubjson.h"
#include "fuzz.h"

static void
walk(const void *image)
{
	forest		f;
	uint32_t	features,
				groups,
				where;
	float	   *values,
			   *row,
			   *margins;
	double	   *phi;
	void	   *scratch;

	forest_view(&f, image);
	features = f.image->features;
	groups = f.image->groups;
	values = malloc(sizeof(float) * (features + 1));
	row = malloc(sizeof(float) * FOREST_ROW(features));
	margins = malloc(sizeof(float) * groups);
	phi = malloc(sizeof(double) * groups * (features + 1));
	scratch = malloc(forest_explain_scratch(&f));
	for (uint32_t i = 0; i < features; i++)
		values[i] = i % 3 == 2 ? NAN : (float) i - 1;
	FUZZ_CHECK(forest_row(values, features, row, &where) == CORE_OK);
	forest_margins(&f, row, 1, margins);
	if (f.image->nodes < 10000 && forest_explain(&f, row, scratch, phi) == CORE_OK)
		for (uint32_t g = 0; g < groups; g++)
		{
			double		sum = 0,
						size = 1e-3;

			for (uint32_t i = 0; i <= features; i++)
			{
				sum += phi[g * (features + 1) + i];
				size += fabs(phi[g * (features + 1) + i]);
			}
			if (isfinite(margins[g]) && isfinite(size) && size < 1e30)
				FUZZ_CHECK(fabs(sum - margins[g]) <= 1e-3 * size);
		}
	forest_values(&f, margins);
	free(values);
	free(row);
	free(margins);
	free(phi);
	free(scratch);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	forest_source source;
	forest_problem problem;
	ubjson_problem damage;
	bool		binary = ubjson_is(data, size);
	size_t		room = size;
	char	   *text;

	if (binary && ubjson_to_json(data, size, NULL, &room, &damage) != CORE_OK)
		return 0;
	text = malloc(room + 1);
	if (binary)
		FUZZ_CHECK(ubjson_to_json(data, size, text, &size, &damage) == CORE_OK);
	else
		memcpy(text, data, size);
	text[size] = '\0';
	problem.text[0] = '\0';
	if (forest_open(text, size, &source, &problem) == CORE_OK && source.image_size < 100000000)
	{
		void	   *image = malloc(source.image_size);
		void	   *scratch = malloc(source.scratch_size);

		if (forest_read(&source, image, scratch, &problem) == CORE_OK)
		{
			FUZZ_CHECK(forest_is_image(image) && forest_size(image) <= source.image_size);
			walk(image);
		}
		else
			FUZZ_CHECK(problem.text[0] != '\0');
		free(image);
		free(scratch);
	}
	free(text);
	return 0;
}
