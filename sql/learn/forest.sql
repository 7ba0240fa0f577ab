
-- Tree models as values: the type forest, prediction, explanation, training.

CREATE TYPE forest;
CREATE FUNCTION forest_in(cstring) RETURNS forest
	AS 'MODULE_PATHNAME', 'bet_edge_forest_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forest_in(cstring) IS
'Text form of a forest: the JSON of XGBoost''s save_model, 1.x to 3.x: boosters gbtree and dart, numerical and categorical splits, one target; objectives reg:squarederror, reg:squaredlogerror, reg:pseudohubererror, reg:absoluteerror, reg:quantileerror, reg:logistic, reg:gamma, reg:tweedie, binary:logistic, binary:logitraw, binary:hinge, count:poisson, multi:softprob, multi:softmax, rank:pairwise, rank:ndcg, rank:map, survival:cox, survival:aft. Everything is checked: a damaged or unsupported model is an error (22P02) that says where.';
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

CREATE FUNCTION forest(artifact bytea) RETURNS forest
	AS 'MODULE_PATHNAME', 'bet_edge_forest_from_bytes' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forest(bytea) IS
'A forest from the bytes of XGBoost''s save_model or save_raw: UBJSON or JSON (found out from the bytes; the binary format of before 2.0 is refused). What is taken is what the text form takes; other bytes are an error (22P03 where they are no UBJSON, 22P02 where they are no forest, 22021 where a string is no UTF-8).';
CREATE CAST (bytea AS forest) WITH FUNCTION forest(bytea);

CREATE FUNCTION forest_summary(f forest, OUT objective text, OUT features int, OUT outputs int, OUT trees int,
		OUT nodes int, OUT depth int, OUT base_margin float8, OUT feature_names jsonb,
		OUT booster text)
	AS 'MODULE_PATHNAME', 'bet_edge_forest_summary' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forest_summary(forest) IS
'What a forest is: XGBoost''s name of its objective, how many features it takes and numbers it gives, its trees, nodes and greatest depth, the margin before any tree (NULL when classes have different ones), its feature names (a JSON array, empty when the model has none), and its booster, gbtree or dart.';

CREATE FUNCTION predict(f forest, features real[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_predict' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION predict(forest, real[]) IS
'What the forest says of one row: a probability (binary:logistic, reg:logistic), a mean (count:poisson, reg:gamma, reg:tweedie), a hazard ratio (survival:cox), a time (survival:aft), 0 or 1 (binary:hinge), the number of the likeliest class from 0 on (multi:softmax), a value or score (other reg:, rank:), a margin (binary:logitraw). features in the order of training, NULL or NaN for missing; a categorical feature is the number of its category, and a number that a split does not list goes left. The same float32 that libxgboost gives, to the last bit. Refuses another number of features, infinite features, and forests of several classes (use predict_class).';
CREATE FUNCTION predict(f forest, features real[], base_margin real[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_predict' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION predict(forest, real[], real[]) IS
'predict(f, features) of a forest that was trained on top of a base_margin: the trees add to these margins, one a class (one element for a single output), in place of the forest''s own. The same float32 that libxgboost gives for a row with that base_margin; empty: the forest''s own. Refuses another number of margins (2202E), NULL and infinite ones.';

CREATE FUNCTION predict_class(f forest, features real[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_predict_class' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION predict_class(forest, real[]) IS
'Probability of each class, in the order of the labels 0, 1, ... of training: all of them for multi:softprob and multi:softmax (the same float32 that libxgboost gives for multi:softprob), {1-p, p} for binary:logistic. features as for predict. Refuses other objectives.';
CREATE FUNCTION predict_class(f forest, features real[], base_margin real[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_predict_class' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION predict_class(forest, real[], real[]) IS
'predict_class(f, features) of a forest that was trained on top of a base_margin: the trees add to these margins, one a class (one element for a single output), in place of the forest''s own. The same float32 that libxgboost gives for a row with that base_margin; empty: the forest''s own. Refuses another number of margins (2202E), NULL and infinite ones.';

CREATE FUNCTION predict_margin(f forest, features real[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_predict_margin' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION predict_margin(forest, real[]) IS
'Sums of leaves before the objective''s link, one a class (one element for a single output): log odds (binary:, reg:logistic), log mean (count:poisson, reg:gamma, reg:tweedie), the value itself (other reg:, rank:). The same float32 that libxgboost gives with output_margin. features as for predict.';
CREATE FUNCTION predict_margin(f forest, features real[], base_margin real[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_predict_margin' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION predict_margin(forest, real[], real[]) IS
'predict_margin(f, features) of a forest that was trained on top of a base_margin: the trees add to these margins, one a class (one element for a single output), in place of the forest''s own. The same float32 that libxgboost gives for a row with that base_margin; empty: the forest''s own. Refuses another number of margins (2202E), NULL and infinite ones.';

CREATE FUNCTION predict_rows(f forest, source text) RETURNS TABLE (id bigint, prediction float8)
	AS 'MODULE_PATHNAME', 'bet_edge_predict_rows' LANGUAGE C STABLE STRICT COST 100000 ROWS 100000;
COMMENT ON FUNCTION predict_rows(forest, text) IS
'predict() for all rows of source, the name of a table or the text of a query that is run read-only with the caller''s rights and gives id (smallint, integer or bigint), features (real[]) and, if wanted, base_margin (real[]): each id with its prediction, in the order of source. Walks 64 rows at a time and keeps no more in memory; what it returns goes to disk beyond work_mem. Refuses what predict() refuses, and NULL in these columns.';

CREATE FUNCTION predict_class_rows(f forest, source text) RETURNS TABLE (id bigint, probabilities float8[])
	AS 'MODULE_PATHNAME', 'bet_edge_predict_class_rows' LANGUAGE C STABLE STRICT COST 100000 ROWS 100000;
COMMENT ON FUNCTION predict_class_rows(forest, text) IS
'predict_class() for all rows of source, as predict_rows() takes it: each id with the probability of each class.';

CREATE FUNCTION explain(f forest, features real[]) RETURNS TABLE (feature int, class int, contribution float8)
	AS 'MODULE_PATHNAME', 'bet_edge_explain' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000 ROWS 100;
COMMENT ON FUNCTION explain(forest, real[]) IS
'How much each feature (numbered from 1) moved the margin of each class (numbered from 1; a single output is class 1): exact Shapley values of the trees. Feature 0 is the expected margin over the training rows; the contributions of a class sum to its margin. features as for predict. Refuses a forest whose nodes carry no training weight. Source: Lundberg, Erion, Lee 2018 (path-dependent TreeSHAP).';

CREATE FUNCTION train_forest(source text, params jsonb, rounds int, feature_names text[] DEFAULT NULL,
		feature_types text[] DEFAULT NULL, early_stopping int DEFAULT NULL) RETURNS forest
	AS '$libdir/bet_edge_train', 'bet_edge_train_forest' LANGUAGE C VOLATILE COST 1000000;
COMMENT ON FUNCTION train_forest(text, jsonb, int, text[], text[], int) IS
'A forest trained by libxgboost on the rows of source, the name of a table or the text of a query that is run read-only with the caller''s rights and gives label (a number), features (real[], NULL or NaN for missing, the same length in every row) and, if wanted, weight (a number of at least 0) and base_margin (real[], one margin a class, one in all for a single output: what the trees of this row add to in place of base_score, such as the market''s log odds; predict takes it again). params: libxgboost''s parameters as a JSON object of strings, numbers and booleans; nthread is 1 unless given. rounds: 1 to 100000. feature_names, one a feature, are carried by the forest (forest_summary shows them, Python sees them). feature_types, one a feature: c for a categorical feature (whole numbers 0 to 65535), float, int, i or q for one that is ordered; all ordered unless given. early_stopping: rows of source whose column validation (boolean) is true are not trained on; training stops when their loss (eval_metric, the last one where there are several; the objective''s own unless given) has not become less for so many rounds, and the forest keeps the rounds up to its least. The same rows in the same order, params and seed give the same forest.
Refuses no rows, NULL and infinite labels, infinite features, labels outside the objective''s domain, parameters that libxgboost does not use, and objectives and boosters that a forest does not have. Can be cancelled while rows are read and between rounds, with tree_method hist also while the matrix is built; libxgboost cannot be interrupted within a round, nor, with the other methods, while it takes the rows and prepares them in the first.';

CREATE FUNCTION libxgboost_predict(f forest, features real[], kind text DEFAULT 'value', base_margin real[] DEFAULT '{}',
		one_by_one boolean DEFAULT false) RETURNS float8[]
	AS '$libdir/bet_edge_train', 'bet_edge_libxgboost_predict' LANGUAGE C VOLATILE STRICT COST 1000000;
COMMENT ON FUNCTION libxgboost_predict(forest, real[], text, real[], boolean) IS
'The reference: what libxgboost itself says of one row, or of each row of a two-dimensional array, one after another. kind: value (as predict and predict_class), margin (as predict_margin) or contributions (TreeSHAP in libxgboost''s order: the features of the first class, its bias, the next class). base_margin: the margins of the first row, then of the next; empty: the model''s own. one_by_one: a call of the library for each row (value or margin, with a kept matrix, its fastest way for single rows; base_margin must be empty) instead of one for all. For checking; it loads libxgboost and is far slower than predict.';

CREATE FUNCTION libxgboost_save(f forest, format text DEFAULT 'ubj') RETURNS bytea
	AS '$libdir/bet_edge_train', 'bet_edge_libxgboost_save' LANGUAGE C VOLATILE STRICT COST 1000000;
COMMENT ON FUNCTION libxgboost_save(forest, text) IS
'The bytes that libxgboost itself writes for a forest that it has loaded: format ubj (UBJSON) or json. It loads libxgboost; f::text is the model''s JSON without it.';

CREATE FUNCTION train_forest_times(OUT read float8, OUT matrix float8, OUT rounds float8, OUT save float8)
	AS '$libdir/bet_edge_train', 'bet_edge_train_forest_times' LANGUAGE C VOLATILE PARALLEL RESTRICTED;
COMMENT ON FUNCTION train_forest_times() IS
'Where the time of this session''s last train_forest() went, in seconds: reading the rows of its source, building libxgboost''s matrix (with tree_method hist the cutting of features into bins, too), the rounds of boosting, and saving the forest and giving memory back. 0 for what it did not come to.';
