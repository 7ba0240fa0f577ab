-- The best of many strategies looks better than it is: by how much, and how likely its lead is luck.

CREATE FUNCTION probabilistic_sharpe_ratio(sharpe float8, n bigint, skewness float8 DEFAULT 0, kurtosis float8 DEFAULT 3, benchmark float8 DEFAULT 0) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_probabilistic_sharpe_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION probabilistic_sharpe_ratio(float8, bigint, float8, float8, float8) IS
'Probability that the true Sharpe ratio exceeds the benchmark when n returns show this one: Phi((sharpe - benchmark) sqrt(n-1) / sqrt(1 - skewness*sharpe + (kurtosis-1)/4 * sharpe^2)). sharpe and benchmark per return, never annualised; skewness and kurtosis (3 for a normal law, not the excess) as the aggregates of those names give them. Refuses n below 2, a kurtosis below 1 + skewness^2, which no returns have, and what is not finite. Source: Bailey and Lopez de Prado 2012.';

CREATE FUNCTION expected_max_sharpe(trials bigint, sharpe_variance float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_expected_max_sharpe' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION expected_max_sharpe(bigint, float8) IS
'Sharpe ratio that the best of so many independent trials shows when none has any skill: sqrt(sharpe_variance) ((1-g) z(1 - 1/trials) + g z(1 - 1/(trials e))), z the normal quantile, g = 0.5772; 0 for one trial. sharpe_variance: variance of the Sharpe ratios of the trials. Refuses fewer than 1 trial, a negative variance and what is not finite. Source: Bailey and Lopez de Prado 2014.';

CREATE FUNCTION deflated_sharpe_ratio(sharpe float8, n bigint, skewness float8, kurtosis float8, trials bigint, sharpe_variance float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_deflated_sharpe_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION deflated_sharpe_ratio(float8, bigint, float8, float8, bigint, float8) IS
'Probability that the Sharpe ratio of the best of so many trials is more than the search for it: probabilistic_sharpe_ratio with expected_max_sharpe(trials, sharpe_variance) as its benchmark. sharpe per return, n returns, trials as many strategies as were ever tried, sharpe_variance over their Sharpe ratios per return. Refuses what those two refuse. Source: Bailey and Lopez de Prado 2014.';

CREATE FUNCTION backtest_overfitting(returns float8[], blocks int DEFAULT 16, OUT splits bigint, OUT pbo float8, OUT prob_loss float8, OUT mean_logit float8)
	AS 'MODULE_PATHNAME', 'bet_edge_backtest_overfitting' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION backtest_overfitting(float8[], int) IS
'Combinatorially symmetric cross-validation: does the strategy that was best in one half of the time do well in the other? returns: a matrix, a row a period in order, a column a strategy (2 to 10,000), 0 where it did not bet; blocks: an even number from 2 to 20 of stretches of time, each of at least two periods, whose lengths differ by one at most. Every way to choose half of the blocks is a split (12,870 for 16); in each the strategy of the highest Sharpe ratio there, of equal ones the first, is ranked among all by Sharpe ratio in the other half, equal ones sharing the middle of their ranks; returns without variance have a ratio of infinity times the sign of their mean, 0 for 0.
splits: their number. pbo: share of splits with a relative rank w = rank/(strategies+1) of at most 1/2, the median: probability of backtest overfitting. prob_loss: share with a mean return below 0 in the other half. mean_logit: mean of ln(w/(1-w)). Memory: 48 * 2^(blocks/2) bytes a strategy. Refuses other shapes, NULL and what is not finite. Source: Bailey, Borwein, Lopez de Prado and Zhu 2015.';

CREATE FUNCTION probability_of_backtest_overfitting(returns float8[], blocks int DEFAULT 16) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_probability_of_backtest_overfitting' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION probability_of_backtest_overfitting(float8[], int) IS
'Probability of backtest overfitting (PBO): how often the strategy that was best in half of the time is not above the median of all in the other half; near 1/2 when none has any skill or all are alike. It is the pbo of backtest_overfitting, which see for arguments, rules for ties and refusals. Source: Bailey, Borwein, Lopez de Prado and Zhu 2015.';
