-- Strengths of teams where both sides share part of the goals, and the rates of a match under them.

CREATE TYPE bivariate_poisson_fit AS (teams text[], attack float8[], defence float8[], home_advantage float8, common_rate float8, log_likelihood float8, matches bigint);
COMMENT ON TYPE bivariate_poisson_fit IS
'Strengths by aggregate bivariate_poisson_fit: teams in byte order of their names; attack and defence of each, ln home rate = attack[home] + defence[away] + home_advantage, ln away rate = attack[away] + defence[home], the mean of attack 0, rates of the goals that a side scores on its own; common_rate, that of goals which both score, the covariance of the two; log_likelihood of the matches, each times its weight; their number.';

CREATE FUNCTION bivariate_poisson_final(state internal) RETURNS bivariate_poisson_fit
	AS 'MODULE_PATHNAME', 'bet_edge_bivariate_poisson_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION bivariate_poisson_final(internal) IS 'Fits the matches in the state of aggregate bivariate_poisson_fit.';

CREATE AGGREGATE bivariate_poisson_fit(home text, away text, home_score int, away_score int)
	(SFUNC = matches_accum, STYPE = internal, FINALFUNC = bivariate_poisson_final, COMBINEFUNC = matches_combine,
	SERIALFUNC = matches_serial, DESERIALFUNC = matches_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE bivariate_poisson_fit(text, text, int, int) IS
'Attack and defence of each team, home advantage and common_rate by maximum likelihood: home goals are X1 + X3 and away goals X2 + X3 of three independent Poisson numbers, X1 and X2 with the rates of type bivariate_poisson_fit, X3 with common_rate, of at least 0; where the scores show no positive covariance it is 0 and the goals are independent. One row a match; goals 0 to 10000. Rows with a NULL are left out; NULL without rows. Refuses by name teams whose strength has no finite estimate: those that never scored or never conceded, and those that no chain of matches compares. Source: Karlis and Ntzoufras 2003.';
CREATE AGGREGATE bivariate_poisson_fit(home text, away text, home_score int, away_score int, weight float8)
	(SFUNC = matches_accum, STYPE = internal, FINALFUNC = bivariate_poisson_final, COMBINEFUNC = matches_combine,
	SERIALFUNC = matches_serial, DESERIALFUNC = matches_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE bivariate_poisson_fit(text, text, int, int, float8) IS
'bivariate_poisson_fit with the logarithm of each match''s likelihood times weight, of at least 0, such as dixon_coles_weight(days): a weight of 0 is as no row, and weights matter relative to each other alone.';
CREATE AGGREGATE bivariate_poisson_fit(home text, away text, home_score int, away_score int, weight float8, neutral boolean)
	(SFUNC = matches_accum, STYPE = internal, FINALFUNC = bivariate_poisson_final, COMBINEFUNC = matches_combine,
	SERIALFUNC = matches_serial, DESERIALFUNC = matches_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE bivariate_poisson_fit(text, text, int, int, float8, boolean) IS
'bivariate_poisson_fit with weights, and without home advantage in matches that are neutral; home_advantage is 0 when all are.';
CREATE AGGREGATE bivariate_poisson_fit(home text, away text, home_score int, away_score int, weight float8, neutral boolean, prior float8)
	(SFUNC = matches_accum, STYPE = internal, FINALFUNC = bivariate_poisson_final, COMBINEFUNC = matches_combine,
	SERIALFUNC = matches_serial, DESERIALFUNC = matches_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE bivariate_poisson_fit(text, text, int, int, float8, boolean, float8) IS
'bivariate_poisson_fit with weights, neutral matches and a prior: a normal distribution of attack, and one of defence, about the mean of all teams with precision prior (1/variance), of at least 0 and the same in all rows; about as many goals'' worth of being average. Above 0 every team has an estimate, one that never scored too; log_likelihood is that of the matches alone. 0 is none.';

CREATE FUNCTION bivariate_poisson_rates(fit bivariate_poisson_fit, home text, away text, neutral boolean DEFAULT false, OUT home_rate float8, OUT away_rate float8)
	AS 'MODULE_PATHNAME', 'bet_edge_bivariate_poisson_rates' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bivariate_poisson_rates(bivariate_poisson_fit, text, text, boolean) IS
'Mean goals that each side of a match scores on its own under a fit, for bivariate_poisson_grid(home_rate, away_rate, (fit).common_rate); common_rate on top is the mean of all its goals. neutral: without home advantage. Refuses a team that the fit does not have.';
