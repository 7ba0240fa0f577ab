
-- Tree models as values: the type forest, prediction, explanation, training.

CREATE TYPE forest;
CREATE FUNCTION forest_in(cstring) RETURNS forest
	AS 'MODULE_PATHNAME', 'bet_edge_forest_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forest_in(cstring) IS
'Text form of a forest: the JSON of XGBoost''s save_model (gbtree, numerical splits; reg:squarederror, binary:logistic, binary:logitraw, count:poisson, multi:softprob). Everything is checked: a damaged or unsupported model is an error (22P02) that says where.';
CREATE FUNCTION forest_out(forest) RETURNS cstring
	AS 'MODULE_PATHNAME', 'bet_edge_forest_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forest_out(forest) IS
'JSON that XGBoost loads (load_model): the same model, pruned nodes left out.';
CREATE FUNCTION forest_recv(internal) RETURNS forest
	AS 'MODULE_PATHNAME', 'bet_edge_forest_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forest_recv(internal) IS 'Binary form of a forest: the bytes of its JSON, checked like the text form.';
CREATE FUNCTION forest_send(forest) RETURNS bytea
	AS 'MODULE_PATHNAME', 'bet_edge_forest_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forest_send(forest) IS 'Binary form of a forest: the bytes of its JSON.';
CREATE TYPE forest (
	INPUT = forest_in, OUTPUT = forest_out, RECEIVE = forest_recv, SEND = forest_send,
	INTERNALLENGTH = variable, ALIGNMENT = int4, STORAGE = external
);
COMMENT ON TYPE forest IS
'Gradient boosted trees as one value. Text form: XGBoost''s JSON. Stored form: compact arrays that are walked as they are, 24 bytes a node.';

CREATE FUNCTION forest_summary(f forest, OUT objective text, OUT features int, OUT outputs int, OUT trees int,
		OUT nodes int, OUT depth int, OUT base_margin float8, OUT feature_names jsonb)
	AS 'MODULE_PATHNAME', 'bet_edge_forest_summary' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forest_summary(forest) IS
'What a forest is: XGBoost''s name of its objective, how many features it takes and numbers it gives, its trees, nodes and greatest depth, the margin before any tree, and its feature names (a JSON array, empty when the model has none).';

CREATE FUNCTION predict(f forest, features real[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_predict' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION predict(forest, real[]) IS
'What the forest says of one row: a probability (binary:logistic), a mean (count:poisson), a value (reg:squarederror), a margin (binary:logitraw). features in the order of training, NULL or NaN for missing. The same float32 that libxgboost gives, to the last bit. Refuses another number of features, infinite features, and forests of several classes (use predict_class).';

CREATE FUNCTION predict_class(f forest, features real[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_predict_class' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION predict_class(forest, real[]) IS
'Probability of each class, in the order of the labels 0, 1, ... of training: all of them for multi:softprob (the same float32 that libxgboost gives), {1-p, p} for binary:logistic. features as for predict. Refuses other objectives.';

CREATE FUNCTION predict_margin(f forest, features real[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_predict_margin' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION predict_margin(forest, real[]) IS
'Sums of leaves before the objective''s link, one a class (one element for a single output): log odds (binary), log mean (count:poisson), the value itself (reg:squarederror). The same float32 that libxgboost gives with output_margin. features as for predict.';

CREATE FUNCTION explain(f forest, features real[]) RETURNS TABLE (feature int, class int, contribution float8)
	AS 'MODULE_PATHNAME', 'bet_edge_explain' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000 ROWS 100;
COMMENT ON FUNCTION explain(forest, real[]) IS
'How much each feature (numbered from 1) moved the margin of each class (numbered from 1; a single output is class 1): exact Shapley values of the trees. Feature 0 is the expected margin over the training rows; the contributions of a class sum to its margin. features as for predict. Refuses a forest whose nodes carry no training weight. Source: Lundberg, Erion, Lee 2018 (path-dependent TreeSHAP).';

CREATE FUNCTION train_forest(source text, params jsonb, rounds int, feature_names text[] DEFAULT NULL) RETURNS forest
	AS '$libdir/bet_edge_train', 'bet_edge_train_forest' LANGUAGE C VOLATILE COST 1000000;
COMMENT ON FUNCTION train_forest(text, jsonb, int, text[]) IS
'A forest trained by libxgboost on the rows of source, the text of a query that is run read-only with the caller''s rights and gives label (a number), features (real[], NULL or NaN for missing, the same length in every row) and, if wanted, weight (a number of at least 0). params: libxgboost''s parameters as a JSON object of strings, numbers and booleans; nthread is 1 unless given. rounds: 1 to 100000. feature_names, one a feature, are carried by the forest (forest_summary shows them, Python sees them). The same rows in the same order, params and seed give the same forest.
Refuses no rows, NULL and infinite labels, infinite features, labels outside the objective''s domain, parameters that libxgboost does not use, and objectives and boosters that a forest does not have. Can be cancelled between rounds.';

CREATE FUNCTION libxgboost_predict(f forest, features real[], kind text DEFAULT 'value') RETURNS float8[]
	AS '$libdir/bet_edge_train', 'bet_edge_libxgboost_predict' LANGUAGE C VOLATILE STRICT COST 1000000;
COMMENT ON FUNCTION libxgboost_predict(forest, real[], text) IS
'The reference: what libxgboost itself says of one row, or of each row of a two-dimensional array, one after another. kind: value (as predict and predict_class), margin (as predict_margin) or contributions (TreeSHAP in libxgboost''s order: the features of the first class, its bias, the next class). For checking; it loads libxgboost and is far slower than predict.';
