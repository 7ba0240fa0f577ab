-- Laws of counts: points, hits, goals against a line; and their fits.

CREATE TYPE count_line AS (prob_over float8, prob_push float8, prob_under float8, fair_over float8, fair_under float8);
COMMENT ON TYPE count_line IS 'A count against a line: probabilities that sum to 1, and the fair decimal odds of over and under, which give the stake back on a push; odds are NULL for a side that cannot win or whose odds no float8 holds.';

-- ---- poisson -----------------------------------------------------------------------------------

CREATE FUNCTION poisson_pmf(mean float8, count float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_poisson_pmf' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION poisson_pmf(float8, float8) IS
'Probability of exactly that count under the Poisson law of that mean. 0 for a negative count. Mean 0 is the law whose count is always 0. Refuses a mean outside 0..1e9, and a count that is not whole. Source of the digits: Loader 2000; Didonato & Morris 1992.';

CREATE FUNCTION poisson_cdf(mean float8, count float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_poisson_cdf' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION poisson_cdf(float8, float8) IS
'Probability of that count or less under the Poisson law of that mean; the count need not be whole. Mean 0 is the law whose count is always 0. Refuses a mean outside 0..1e9, and a count that is not finite. Source of the digits: Loader 2000; Didonato & Morris 1992.';

CREATE FUNCTION poisson_quantile(mean float8, prob float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_poisson_quantile' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION poisson_quantile(float8, float8) IS
'The least count whose cdf is at least prob under the Poisson law of that mean. Infinity for prob 1 where the law has no largest count. Mean 0 is the law whose count is always 0. Refuses a mean outside 0..1e9, and a prob outside 0..1.';

CREATE FUNCTION poisson_line(mean float8, line float8) RETURNS count_line
	AS 'MODULE_PATHNAME', 'bet_edge_poisson_line' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION poisson_line(float8, float8) IS
'Over, push and under of a line under the Poisson law of that mean: (prob_over, prob_push, prob_under, fair_over, fair_under). Only a whole line can push. Far tails are summed, not subtracted from 1, so that they keep their digits. Mean 0 is the law whose count is always 0. Refuses a mean outside 0..1e9, and a line that is no multiple of 0.5 (a quarter line is two half stakes on its neighbours). Source of the digits: Loader 2000; Didonato & Morris 1992.';

-- ---- negbin ------------------------------------------------------------------------------------

CREATE FUNCTION negbin_pmf(mean float8, size float8, count float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_negbin_pmf' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION negbin_pmf(float8, float8, float8) IS
'Probability of exactly that count under the negative binomial law of that mean and variance mean + mean^2/size. 0 for a negative count. The smaller size, the wider; an infinite size is Poisson. Mean 0 is the law whose count is always 0. Refuses a mean outside 0..1e9 and a size below 1e-100, and a count that is not whole. Source of the digits: Loader 2000; Didonato & Morris 1992.';

CREATE FUNCTION negbin_cdf(mean float8, size float8, count float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_negbin_cdf' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION negbin_cdf(float8, float8, float8) IS
'Probability of that count or less under the negative binomial law of that mean and variance mean + mean^2/size; the count need not be whole. The smaller size, the wider; an infinite size is Poisson. Mean 0 is the law whose count is always 0. Refuses a mean outside 0..1e9 and a size below 1e-100, and a count that is not finite. Source of the digits: Loader 2000; Didonato & Morris 1992.';

CREATE FUNCTION negbin_quantile(mean float8, size float8, prob float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_negbin_quantile' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION negbin_quantile(float8, float8, float8) IS
'The least count whose cdf is at least prob under the negative binomial law of that mean and variance mean + mean^2/size. Infinity for prob 1 where the law has no largest count. The smaller size, the wider; an infinite size is Poisson. Mean 0 is the law whose count is always 0. Refuses a mean outside 0..1e9 and a size below 1e-100, and a prob outside 0..1.';

CREATE FUNCTION negbin_line(mean float8, size float8, line float8) RETURNS count_line
	AS 'MODULE_PATHNAME', 'bet_edge_negbin_line' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION negbin_line(float8, float8, float8) IS
'Over, push and under of a line under the negative binomial law of that mean and variance mean + mean^2/size: (prob_over, prob_push, prob_under, fair_over, fair_under). Only a whole line can push. Far tails are summed, not subtracted from 1, so that they keep their digits. The smaller size, the wider; an infinite size is Poisson. Mean 0 is the law whose count is always 0. Refuses a mean outside 0..1e9 and a size below 1e-100, and a line that is no multiple of 0.5 (a quarter line is two half stakes on its neighbours). Source of the digits: Loader 2000; Didonato & Morris 1992.';

-- ---- binomial ----------------------------------------------------------------------------------

CREATE FUNCTION binomial_pmf(trials int, p_success float8, count float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_binomial_pmf' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION binomial_pmf(int, float8, float8) IS
'Probability of exactly that count under the binomial law of so many trials, each a success with probability p_success. 0 for a negative count. Refuses trials outside 0..1e9 and a p_success outside 0..1, and a count that is not whole. Source of the digits: Loader 2000; Didonato & Morris 1992.';

CREATE FUNCTION binomial_cdf(trials int, p_success float8, count float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_binomial_cdf' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION binomial_cdf(int, float8, float8) IS
'Probability of that count or less under the binomial law of so many trials, each a success with probability p_success; the count need not be whole. Refuses trials outside 0..1e9 and a p_success outside 0..1, and a count that is not finite. Source of the digits: Loader 2000; Didonato & Morris 1992.';

CREATE FUNCTION binomial_quantile(trials int, p_success float8, prob float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_binomial_quantile' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION binomial_quantile(int, float8, float8) IS
'The least count whose cdf is at least prob under the binomial law of so many trials, each a success with probability p_success. Refuses trials outside 0..1e9 and a p_success outside 0..1, and a prob outside 0..1.';

CREATE FUNCTION binomial_line(trials int, p_success float8, line float8) RETURNS count_line
	AS 'MODULE_PATHNAME', 'bet_edge_binomial_line' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION binomial_line(int, float8, float8) IS
'Over, push and under of a line under the binomial law of so many trials, each a success with probability p_success: (prob_over, prob_push, prob_under, fair_over, fair_under). Only a whole line can push. Far tails are summed, not subtracted from 1, so that they keep their digits. Refuses trials outside 0..1e9 and a p_success outside 0..1, and a line that is no multiple of 0.5 (a quarter line is two half stakes on its neighbours). Source of the digits: Loader 2000; Didonato & Morris 1992.';

-- ---- zero_inflated_poisson ---------------------------------------------------------------------

CREATE FUNCTION zero_inflated_poisson_pmf(mean float8, extra_zero float8, count float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_zero_inflated_poisson_pmf' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION zero_inflated_poisson_pmf(float8, float8, float8) IS
'Probability of exactly that count under the law that is 0 with probability extra_zero and else Poisson of that mean (the mean of the whole is (1-extra_zero)*mean). 0 for a negative count. Refuses a mean outside 0..1e9 and an extra_zero outside 0..1, and a count that is not whole. Source of the digits: Loader 2000; Didonato & Morris 1992.';

CREATE FUNCTION zero_inflated_poisson_cdf(mean float8, extra_zero float8, count float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_zero_inflated_poisson_cdf' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION zero_inflated_poisson_cdf(float8, float8, float8) IS
'Probability of that count or less under the law that is 0 with probability extra_zero and else Poisson of that mean (the mean of the whole is (1-extra_zero)*mean); the count need not be whole. Refuses a mean outside 0..1e9 and an extra_zero outside 0..1, and a count that is not finite. Source of the digits: Loader 2000; Didonato & Morris 1992.';

CREATE FUNCTION zero_inflated_poisson_quantile(mean float8, extra_zero float8, prob float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_zero_inflated_poisson_quantile' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION zero_inflated_poisson_quantile(float8, float8, float8) IS
'The least count whose cdf is at least prob under the law that is 0 with probability extra_zero and else Poisson of that mean (the mean of the whole is (1-extra_zero)*mean). Infinity for prob 1 where the law has no largest count. Refuses a mean outside 0..1e9 and an extra_zero outside 0..1, and a prob outside 0..1.';

CREATE FUNCTION zero_inflated_poisson_line(mean float8, extra_zero float8, line float8) RETURNS count_line
	AS 'MODULE_PATHNAME', 'bet_edge_zero_inflated_poisson_line' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION zero_inflated_poisson_line(float8, float8, float8) IS
'Over, push and under of a line under the law that is 0 with probability extra_zero and else Poisson of that mean (the mean of the whole is (1-extra_zero)*mean): (prob_over, prob_push, prob_under, fair_over, fair_under). Only a whole line can push. Far tails are summed, not subtracted from 1, so that they keep their digits. Refuses a mean outside 0..1e9 and an extra_zero outside 0..1, and a line that is no multiple of 0.5 (a quarter line is two half stakes on its neighbours). Source of the digits: Loader 2000; Didonato & Morris 1992.';

-- ---- zero_inflated_negbin ----------------------------------------------------------------------

CREATE FUNCTION zero_inflated_negbin_pmf(mean float8, size float8, extra_zero float8, count float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_zero_inflated_negbin_pmf' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION zero_inflated_negbin_pmf(float8, float8, float8, float8) IS
'Probability of exactly that count under the law that is 0 with probability extra_zero and else negative binomial of that mean and variance mean + mean^2/size. 0 for a negative count. An infinite size is Poisson. Refuses a mean outside 0..1e9, a size below 1e-100 and an extra_zero outside 0..1, and a count that is not whole. Source of the digits: Loader 2000; Didonato & Morris 1992.';

CREATE FUNCTION zero_inflated_negbin_cdf(mean float8, size float8, extra_zero float8, count float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_zero_inflated_negbin_cdf' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION zero_inflated_negbin_cdf(float8, float8, float8, float8) IS
'Probability of that count or less under the law that is 0 with probability extra_zero and else negative binomial of that mean and variance mean + mean^2/size; the count need not be whole. An infinite size is Poisson. Refuses a mean outside 0..1e9, a size below 1e-100 and an extra_zero outside 0..1, and a count that is not finite. Source of the digits: Loader 2000; Didonato & Morris 1992.';

CREATE FUNCTION zero_inflated_negbin_quantile(mean float8, size float8, extra_zero float8, prob float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_zero_inflated_negbin_quantile' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION zero_inflated_negbin_quantile(float8, float8, float8, float8) IS
'The least count whose cdf is at least prob under the law that is 0 with probability extra_zero and else negative binomial of that mean and variance mean + mean^2/size. Infinity for prob 1 where the law has no largest count. An infinite size is Poisson. Refuses a mean outside 0..1e9, a size below 1e-100 and an extra_zero outside 0..1, and a prob outside 0..1.';

CREATE FUNCTION zero_inflated_negbin_line(mean float8, size float8, extra_zero float8, line float8) RETURNS count_line
	AS 'MODULE_PATHNAME', 'bet_edge_zero_inflated_negbin_line' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION zero_inflated_negbin_line(float8, float8, float8, float8) IS
'Over, push and under of a line under the law that is 0 with probability extra_zero and else negative binomial of that mean and variance mean + mean^2/size: (prob_over, prob_push, prob_under, fair_over, fair_under). Only a whole line can push. Far tails are summed, not subtracted from 1, so that they keep their digits. An infinite size is Poisson. Refuses a mean outside 0..1e9, a size below 1e-100 and an extra_zero outside 0..1, and a line that is no multiple of 0.5 (a quarter line is two half stakes on its neighbours). Source of the digits: Loader 2000; Didonato & Morris 1992.';

-- ---- uncertain playing time ------------------------------------------------------------------------

CREATE FUNCTION poisson_mixture_line(rate float8, minutes float8[], weights float8[], line float8) RETURNS count_line
	AS 'MODULE_PATHNAME', 'bet_edge_poisson_mixture_line' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION poisson_mixture_line(float8, float8[], float8[], float8) IS
'Over, push and under of a line when playing time is uncertain: Poisson of mean rate*minutes, with minutes[i] as likely as weights[i] says (weights need not sum to 1). rate is per minute, or per whatever minutes counts: shifts, attempts. Refuses NULL elements, arrays of other lengths, negative or infinite minutes and weights, weights that are all 0, a mean rate*minutes above 1e9, and a line that is no multiple of 0.5.';

CREATE FUNCTION negbin_mixture_line(rate float8, size float8, minutes float8[], weights float8[], line float8) RETURNS count_line
	AS 'MODULE_PATHNAME', 'bet_edge_negbin_mixture_line' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION negbin_mixture_line(float8, float8, float8[], float8[], float8) IS
'Over, push and under of a line when playing time is uncertain: negative binomial of mean rate*minutes and the same size for any minutes (form on the day multiplies the rate), with minutes[i] as likely as weights[i] says (weights need not sum to 1). rate is per minute. Refuses NULL elements, arrays of other lengths, negative or infinite minutes and weights, weights that are all 0, a mean rate*minutes above 1e9, a size below 1e-100, and a line that is no multiple of 0.5.';

CREATE FUNCTION binomial_mixture_line(trials int[], p_success float8, weights float8[], line float8) RETURNS count_line
	AS 'MODULE_PATHNAME', 'bet_edge_binomial_mixture_line' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION binomial_mixture_line(int[], float8, float8[], float8) IS
'Over, push and under of a line when the number of attempts is uncertain (plate appearances, shots): binomial of trials[i] with success probability p_success, trials[i] as likely as weights[i] says (weights need not sum to 1). Refuses NULL elements, arrays of other lengths, trials outside 0..1e9, p_success outside 0..1, negative or infinite weights, weights that are all 0, and a line that is no multiple of 0.5.';

-- ---- fits: the state is a histogram, element k + 1 the weight of count k -------------------------------

CREATE FUNCTION histogram_accum(state float8[], count float8) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_histogram_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION histogram_accum(float8[], float8) IS 'Adds a count to the histogram that is the state of a fit of counts.';
CREATE FUNCTION histogram_accum(state float8[], count float8, weight float8) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_histogram_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION histogram_accum(float8[], float8, float8) IS 'Adds a count with its weight to the histogram that is the state of a fit of counts.';
CREATE FUNCTION histogram_combine(state float8[], other float8[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_histogram_combine' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION histogram_combine(float8[], float8[]) IS 'Adds two histograms, the states of a fit of counts.';

CREATE TYPE negbin_estimate AS (mean float8, size float8);
COMMENT ON TYPE negbin_estimate IS 'A fitted negative binomial law: its variance is mean + mean^2/size; an infinite size is Poisson.';
CREATE TYPE zero_inflated_poisson_estimate AS (mean float8, extra_zero float8);
COMMENT ON TYPE zero_inflated_poisson_estimate IS 'A fitted zero-inflated Poisson law: 0 with probability extra_zero and else Poisson of that mean.';

CREATE TYPE zero_inflated_negbin_estimate AS (mean float8, size float8, extra_zero float8);
COMMENT ON TYPE zero_inflated_negbin_estimate IS 'A fitted zero-inflated negative binomial law: 0 with probability extra_zero and else negative binomial of that mean and variance mean + mean^2/size; an infinite size is Poisson.';

CREATE FUNCTION poisson_final(state float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_poisson_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION poisson_final(float8[]) IS 'The mean of a histogram; NULL when it is empty.';
CREATE FUNCTION negbin_final(state float8[]) RETURNS negbin_estimate
	AS 'MODULE_PATHNAME', 'bet_edge_negbin_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION negbin_final(float8[]) IS 'The negative binomial law of most likelihood for a histogram; NULL when it is empty.';
CREATE FUNCTION zero_inflated_poisson_final(state float8[]) RETURNS zero_inflated_poisson_estimate
	AS 'MODULE_PATHNAME', 'bet_edge_zero_inflated_poisson_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION zero_inflated_poisson_final(float8[]) IS 'The zero-inflated Poisson law of most likelihood for a histogram; NULL when it is empty.';
CREATE FUNCTION zero_inflated_negbin_final(state float8[]) RETURNS zero_inflated_negbin_estimate
	AS 'MODULE_PATHNAME', 'bet_edge_zero_inflated_negbin_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION zero_inflated_negbin_final(float8[]) IS 'The zero-inflated negative binomial law of most likelihood for a histogram; NULL when it is empty.';

CREATE AGGREGATE poisson_fit(count float8)
	(SFUNC = histogram_accum, STYPE = float8[], FINALFUNC = poisson_final, COMBINEFUNC = histogram_combine, INITCOND = '{}', PARALLEL = SAFE);
COMMENT ON AGGREGATE poisson_fit(float8) IS
'Maximum likelihood fit of a Poisson law to counts: their mean. Rows with a NULL are left out; NULL without rows. Refuses counts that are not whole or outside 0..1000000.';

CREATE AGGREGATE poisson_fit(count float8, weight float8)
	(SFUNC = histogram_accum, STYPE = float8[], FINALFUNC = poisson_final, COMBINEFUNC = histogram_combine, INITCOND = '{}', PARALLEL = SAFE);
COMMENT ON AGGREGATE poisson_fit(float8, float8) IS
'Maximum likelihood fit of a Poisson law to counts: their mean. Each count counts weight times; a weight of 0 not at all. Rows with a NULL are left out; NULL without rows. Refuses counts that are not whole or outside 0..1000000, and negative or infinite weights.';

CREATE AGGREGATE negbin_fit(count float8)
	(SFUNC = histogram_accum, STYPE = float8[], FINALFUNC = negbin_final, COMBINEFUNC = histogram_combine, INITCOND = '{}', PARALLEL = SAFE);
COMMENT ON AGGREGATE negbin_fit(float8) IS
'Maximum likelihood fit (mean, size) of a negative binomial law to counts, with variance mean + mean^2/size. The mean is that of the counts; size is Infinity, which is Poisson, when their variance (over n) is not above their mean. Rows with a NULL are left out; NULL without rows. Refuses counts that are not whole or outside 0..1000000. Source: Levin & Reeds 1977 (the maximum is the only one).';

CREATE AGGREGATE negbin_fit(count float8, weight float8)
	(SFUNC = histogram_accum, STYPE = float8[], FINALFUNC = negbin_final, COMBINEFUNC = histogram_combine, INITCOND = '{}', PARALLEL = SAFE);
COMMENT ON AGGREGATE negbin_fit(float8, float8) IS
'Maximum likelihood fit (mean, size) of a negative binomial law to counts, with variance mean + mean^2/size. The mean is that of the counts; size is Infinity, which is Poisson, when their variance (over n) is not above their mean. Each count counts weight times; a weight of 0 not at all. Rows with a NULL are left out; NULL without rows. Refuses counts that are not whole or outside 0..1000000, and negative or infinite weights. Source: Levin & Reeds 1977 (the maximum is the only one).';

CREATE AGGREGATE zero_inflated_poisson_fit(count float8)
	(SFUNC = histogram_accum, STYPE = float8[], FINALFUNC = zero_inflated_poisson_final, COMBINEFUNC = histogram_combine, INITCOND = '{}', PARALLEL = SAFE);
COMMENT ON AGGREGATE zero_inflated_poisson_fit(float8) IS
'Maximum likelihood fit (mean, extra_zero) of a law that is 0 with probability extra_zero and else Poisson of that mean; extra_zero is 0 when there are no more zeros than Poisson has by itself. Rows with a NULL are left out; NULL without rows. Refuses counts that are not whole or outside 0..1000000. Source: Lambert 1992.';

CREATE AGGREGATE zero_inflated_poisson_fit(count float8, weight float8)
	(SFUNC = histogram_accum, STYPE = float8[], FINALFUNC = zero_inflated_poisson_final, COMBINEFUNC = histogram_combine, INITCOND = '{}', PARALLEL = SAFE);
COMMENT ON AGGREGATE zero_inflated_poisson_fit(float8, float8) IS
'Maximum likelihood fit (mean, extra_zero) of a law that is 0 with probability extra_zero and else Poisson of that mean; extra_zero is 0 when there are no more zeros than Poisson has by itself. Each count counts weight times; a weight of 0 not at all. Rows with a NULL are left out; NULL without rows. Refuses counts that are not whole or outside 0..1000000, and negative or infinite weights. Source: Lambert 1992.';

CREATE AGGREGATE zero_inflated_negbin_fit(count float8)
	(SFUNC = histogram_accum, STYPE = float8[], FINALFUNC = zero_inflated_negbin_final, COMBINEFUNC = histogram_combine, INITCOND = '{}', PARALLEL = SAFE);
COMMENT ON AGGREGATE zero_inflated_negbin_fit(float8) IS
'Maximum likelihood fit (mean, size, extra_zero) of a law that is 0 with probability extra_zero and else negative binomial of that mean and variance mean + mean^2/size. extra_zero is 0, and the fit that of negbin_fit, when that has no fewer zeros than the counts (so with no zeros, or nothing above 1); size is Infinity, and the fit that of zero_inflated_poisson_fit, when the counts above 0 spread no more than Poisson (so when they are all equal). Only zeros: mean 0, size Infinity, extra_zero 0. Extra zeros and a small size explain the same zeros: expect them to trade places in small samples. Rows with a NULL are left out; NULL without rows. Refuses counts that are not whole or outside 0..1000000. Source: Greene 1994, by the law without its zeros.';

CREATE AGGREGATE zero_inflated_negbin_fit(count float8, weight float8)
	(SFUNC = histogram_accum, STYPE = float8[], FINALFUNC = zero_inflated_negbin_final, COMBINEFUNC = histogram_combine, INITCOND = '{}', PARALLEL = SAFE);
COMMENT ON AGGREGATE zero_inflated_negbin_fit(float8, float8) IS
'Maximum likelihood fit (mean, size, extra_zero) of a law that is 0 with probability extra_zero and else negative binomial of that mean and variance mean + mean^2/size. extra_zero is 0, and the fit that of negbin_fit, when that has no fewer zeros than the counts (so with no zeros, or nothing above 1); size is Infinity, and the fit that of zero_inflated_poisson_fit, when the counts above 0 spread no more than Poisson (so when they are all equal). Only zeros: mean 0, size Infinity, extra_zero 0. Extra zeros and a small size explain the same zeros: expect them to trade places in small samples. Each count counts weight times; a weight of 0 not at all. Rows with a NULL are left out; NULL without rows. Refuses counts that are not whole or outside 0..1000000, and negative or infinite weights. Source: Greene 1994, by the law without its zeros.';

CREATE FUNCTION binomial_accum(state float8[], count int, trials int) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_binomial_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION binomial_accum(float8[], int, int) IS 'Adds a row to the state {successes, trials} of aggregate binomial_fit.';
CREATE FUNCTION binomial_combine(state float8[], other float8[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_binomial_combine' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION binomial_combine(float8[], float8[]) IS 'Merges two states of aggregate binomial_fit.';
CREATE FUNCTION binomial_final(state float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_binomial_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION binomial_final(float8[]) IS 'The share of successes in a state of aggregate binomial_fit; NULL without trials.';

CREATE AGGREGATE binomial_fit(count int, trials int)
	(SFUNC = binomial_accum, STYPE = float8[], FINALFUNC = binomial_final, COMBINEFUNC = binomial_combine, INITCOND = '{0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE binomial_fit(int, int) IS
'Maximum likelihood fit of the success probability of a binomial law: all successes over all trials. Rows with a NULL are left out; NULL without rows or trials. Refuses a count outside 0..trials and trials above 1e9.';
