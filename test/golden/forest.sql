-- Tree models: XGBoost's own JSON in, its predictions out.
CREATE TEMP TABLE given AS SELECT model, model_json::bet_edge.forest AS f FROM golden.xgboost_models;

SELECT golden.agrees('forest', $$SELECT m.case_id, s.objective = m.objective AND s.features = m.num_feature
	AND s.outputs = greatest(m.num_class, 1) AND s.trees = m.num_rounds * greatest(m.num_class, 1)
	AND f::text::bet_edge.forest::text = f::text
	FROM golden.xgboost_models m JOIN given USING (model), forest_summary(f) s$$);
SELECT golden.agrees('predict_margin', $$SELECT case_id, golden.ok(predict_margin(f, features::real[]), expected_margin, 1e-7)
	FROM golden.xgboost_predict JOIN given USING (model)$$);
SELECT golden.agrees('predict', $$SELECT case_id, predict(f, features::real[]) = expected[1]
	FROM golden.xgboost_predict JOIN given USING (model) WHERE cardinality(expected) = 1$$);
SELECT golden.agrees('predict_class', $$SELECT case_id, predict_class(f, features::real[]) = expected
	FROM golden.xgboost_predict JOIN given USING (model) WHERE cardinality(expected) > 1$$);
