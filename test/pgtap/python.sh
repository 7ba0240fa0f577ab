#!/bin/sh
# Models cross over to Debian's Python package of XGBoost and back: what SQL trained and exported predicts the same number
# there, bit for bit, and what Python trained and saved, as JSON or UBJSON, is imported and served with the same number.
if ! /usr/bin/python3 -c 'import xgboost' 2>/dev/null; then
	echo '1..0 # SKIP python3-xgboost is not installed'
	exit 0
fi
db=python_$$
createdb "$db"
dir=$(mktemp -d)
trap 'rm -rf "$dir"; dropdb --force "$db"' EXIT
ask() { PGOPTIONS='-c client_min_messages=warning -c search_path=bet_edge,public' psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$db" "$@"; }
ask -c 'CREATE EXTENSION bet_edge'

# rows of six features, some missing, the last a category; and what is trained on them
ask <<'SQL'
CREATE TABLE example AS
SELECT i, ARRAY[CASE WHEN i % 7 > 0 THEN u[1] END, u[2] * 20, round(u[3] * 50) / 10, CASE WHEN i % 9 > 0 THEN exp(5 * u[2]) END, u[1] - u[3], i % 6]::real[] AS features,
	(u[1] + u[2] * u[3] > 0.8)::int AS "binary", floor(3 * u[1] + i % 2)::int % 3 AS class, u[1] * 3 + i % 6 AS mean, floor(4 * u[2])::int AS count
FROM generate_series(1, 2000) AS i, LATERAL (SELECT array_agg((hashint8extended(i, j) & 1048575) / 1048576.0::float8 ORDER BY j) AS u FROM generate_series(1, 3) AS j) AS r;
CREATE TABLE asked (name text, label text, params jsonb, types text[]);
INSERT INTO asked VALUES
	('logistic', 'binary', '{"objective": "binary:logistic", "tree_method": "hist", "max_depth": 4}', NULL),
	('softprob', 'class', '{"objective": "multi:softprob", "num_class": 3, "tree_method": "hist", "subsample": 0.7, "max_depth": 3}', NULL),
	('points', 'mean', '{"objective": "reg:squarederror", "tree_method": "exact", "base_score": 2.5, "max_depth": 3}', NULL),
	('counts', 'count', '{"objective": "count:poisson", "tree_method": "approx", "max_depth": 4}', NULL),
	('dart', 'binary', '{"objective": "binary:logistic", "booster": "dart", "rate_drop": 0.3, "max_depth": 3}', NULL),
	('categories', 'mean', '{"objective": "reg:squarederror", "tree_method": "hist", "max_depth": 4}', '{q,q,q,q,q,c}');
SELECT min(import_model(name, train_forest(format('SELECT %I AS label, features FROM example ORDER BY i', label), params, 12,
	feature_names => '{a,b,c,d,e,f}', feature_types => types)::text, '{a,b,c,d,e,f}')) > 0 FROM asked;
SQL
names=$(ask -c 'SELECT name FROM asked')
predictions="SELECT p FROM example, unnest(CASE WHEN :'model' ~ 'softprob' THEN predict_class((SELECT forest FROM model WHERE name = :'model'), features)
	ELSE ARRAY[predict(:'model', features)] END) WITH ORDINALITY AS u (p, k) ORDER BY i, k"
ask -c "SELECT array_to_string(features || ARRAY[\"binary\", class, mean, count]::real[], ',', 'NaN') FROM example ORDER BY i" >"$dir/rows.csv"
for name in $names; do
	ask -c "SELECT export_model('$name')" >"$dir/$name.json"
	echo "$predictions" | ask -v model="$name" >"$dir/$name.ours"
	ask -c "SELECT params::text || E'\n' || label || E'\n' || coalesce(array_to_string(types, ','), '') FROM asked WHERE name = '$name'" >"$dir/$name.params"
done

# Python: its predictions by our models; its own models of the same parameters, saved in both forms, and their predictions
cat >"$dir/cross.py" <<'PYTHON'
import json, sys, numpy, xgboost
folder, names = sys.argv[1], sys.argv[2:]
rows = numpy.loadtxt(folder + "/rows.csv", delimiter=",", dtype="float32")
columns = {"binary": 6, "class": 7, "mean": 8, "count": 9}
for name in names:
    stem = folder + "/" + name
    params, label, types = open(stem + ".params").read().split("\n")[:3]
    matrix = xgboost.DMatrix(rows[:, :6], label=rows[:, columns[label]], feature_names=list("abcdef"), feature_types=types.split(",") if types else None, enable_categorical=True)
    booster = xgboost.Booster(model_file=stem + ".json")
    numpy.savetxt(stem + ".theirs", booster.predict(matrix).astype("float64").ravel(), fmt="%.17g")
    booster = xgboost.train({**json.loads(params), "nthread": 1, "eta": 0.2}, matrix, 15)
    booster.save_model(stem + ".back.json")
    booster.save_model(stem + ".back.ubj")
    numpy.savetxt(stem + ".back.theirs", booster.predict(matrix).astype("float64").ravel(), fmt="%.17g")
PYTHON
/usr/bin/python3 "$dir/cross.py" "$dir" $names 2>"$dir/said" || sed 's/^/# /' "$dir/said"

n=0
same() { # same <ours> <theirs> <name>: number by number
	n=$((n + 1))
	if [ -s "$1" ] && [ "$(wc -l <"$1")" = "$(wc -l <"$2")" ] && paste "$1" "$2" | awk '$1 != $2 { exit 1 }'; then echo "ok $n - $3"; else echo "not ok $n - $3"; fi
}
for name in $names; do
	same "$dir/$name.ours" "$dir/$name.theirs" "$name: trained in SQL, loaded by Python, the same predictions"
	for form in json ubj; do
		{ printf "SELECT import_model('%s.%s', decode('" "$name" "$form"; base64 -w0 "$dir/$name.back.$form"; echo "', 'base64')) > 0;"; } | ask >/dev/null
		echo "$predictions" | ask -v model="$name.$form" >"$dir/$name.served"
		same "$dir/$name.served" "$dir/$name.back.theirs" "$name: trained in Python, imported from $form and served"
	done
done
n=$((n + 1))
[ "$(ask -c "SELECT count(DISTINCT feature) = 7 AND bool_and(prediction = predict('logistic.ubj', features)) FROM (SELECT features FROM example LIMIT 1) AS e, explain('logistic.ubj', features)")" = t ] &&
	echo "ok $n - and explained" || echo "not ok $n - and explained"
echo "1..$n"
