-- Every function against the reference values of other programs: one part a subject, every case of every file.
\ir ../golden/golden.inc
SELECT no_plan();
\if :has_golden
SET search_path = bet_edge, public;
\ir ../golden/odds.sql
\ir ../golden/overround.sql
\ir ../golden/kelly.sql
\ir ../golden/settlement.sql
\ir ../golden/elo.sql
\ir ../golden/glicko2.sql
\ir ../golden/pi_rating.sql
\ir ../golden/score_grid.sql
\ir ../golden/dixon_coles.sql
\ir ../golden/score.sql
\ir ../golden/crps.sql
\ir ../golden/reliability.sql
\ir ../golden/calibration.sql
\ir ../golden/count.sql
\ir ../golden/conformal.sql
\ir ../golden/returns.sql
\ir ../golden/clv.sql
\ir ../golden/forest.sql

SELECT golden.complete();
\else
SELECT skip('no folder of reference values', 1);
\endif
SELECT finish();
