-- Strengths of teams by the model of Dixon and Coles, and the rates of a match under them.

CREATE TYPE dixon_coles_fit AS (teams text[], attack float8[], defence float8[], home_advantage float8, rho float8, log_likelihood float8, matches bigint);
COMMENT ON TYPE dixon_coles_fit IS
'Strengths by aggregate dixon_coles_fit: teams in byte order of their names; attack and defence of each, ln home rate = attack[home] + defence[away] + home_advantage, ln away rate = attack[away] + defence[home], the mean of attack 0; rho, the dependence of low scores; log_likelihood of the matches, each times its weight; their number.';

CREATE FUNCTION dixon_coles_final(state internal) RETURNS dixon_coles_fit
	AS 'MODULE_PATHNAME', 'bet_edge_dixon_coles_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION dixon_coles_final(internal) IS 'Fits the matches in the state of aggregate dixon_coles_fit.';

CREATE AGGREGATE dixon_coles_fit(home text, away text, home_score int, away_score int)
	(SFUNC = matches_accum, STYPE = internal, FINALFUNC = dixon_coles_final, COMBINEFUNC = matches_combine,
	SERIALFUNC = matches_serial, DESERIALFUNC = matches_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE dixon_coles_fit(text, text, int, int) IS
'Attack and defence of each team, home advantage and rho by maximum likelihood: goals are Poisson with the rates of type dixon_coles_fit, times tau for the four lowest scores, tau(0,0) = 1 - home rate * away rate * rho, tau(0,1) = 1 + home rate * rho, tau(1,0) = 1 + away rate * rho, tau(1,1) = 1 - rho, with rho such that no match has a negative probability. One row a match; goals 0 to 10000. Rows with a NULL are left out; NULL without rows. Refuses by name teams whose strength has no finite estimate: those that never scored or never conceded, and those that no chain of matches compares. Source: Dixon and Coles 1997.';
CREATE AGGREGATE dixon_coles_fit(home text, away text, home_score int, away_score int, weight float8)
	(SFUNC = matches_accum, STYPE = internal, FINALFUNC = dixon_coles_final, COMBINEFUNC = matches_combine,
	SERIALFUNC = matches_serial, DESERIALFUNC = matches_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE dixon_coles_fit(text, text, int, int, float8) IS
'dixon_coles_fit with the logarithm of each match''s likelihood times weight, of at least 0, such as dixon_coles_weight(days): a weight of 0 is as no row, and weights matter relative to each other alone.';
CREATE AGGREGATE dixon_coles_fit(home text, away text, home_score int, away_score int, weight float8, neutral boolean)
	(SFUNC = matches_accum, STYPE = internal, FINALFUNC = dixon_coles_final, COMBINEFUNC = matches_combine,
	SERIALFUNC = matches_serial, DESERIALFUNC = matches_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE dixon_coles_fit(text, text, int, int, float8, boolean) IS
'dixon_coles_fit with weights, and without home advantage in matches that are neutral; home_advantage is 0 when all are.';
CREATE AGGREGATE dixon_coles_fit(home text, away text, home_score int, away_score int, weight float8, neutral boolean, prior float8)
	(SFUNC = matches_accum, STYPE = internal, FINALFUNC = dixon_coles_final, COMBINEFUNC = matches_combine,
	SERIALFUNC = matches_serial, DESERIALFUNC = matches_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE dixon_coles_fit(text, text, int, int, float8, boolean, float8) IS
'dixon_coles_fit with weights, neutral matches and a prior: a normal distribution of attack, and one of defence, about the mean of all teams with precision prior (1/variance), of at least 0 and the same in all rows; about as many goals'' worth of being average. Above 0 every team has an estimate, one that never scored too; log_likelihood is that of the matches alone. 0 is none.';

CREATE FUNCTION dixon_coles_rates(fit dixon_coles_fit, home text, away text, neutral boolean DEFAULT false, OUT home_rate float8, OUT away_rate float8)
	AS 'MODULE_PATHNAME', 'bet_edge_dixon_coles_rates' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dixon_coles_rates(dixon_coles_fit, text, text, boolean) IS
'Mean goals of both sides of a match under a fit, for dixon_coles_grid(home_rate, away_rate, (fit).rho). neutral: without home advantage. Refuses a team that the fit does not have.';
