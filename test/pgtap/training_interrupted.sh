#!/bin/sh
# A training that is cancelled, and one whose backend is killed with -9: finished folds stay, no half model,
# and a rerun completes. A cluster of its own, since kill -9 restarts the server under everybody's feet.
if [ -z "$OWN_CLUSTER" ]; then
	OWN_CLUSTER=1 PGPORT=$(make/free_port) exec pg_virtualenv -t -v "$PGVERSION" \
		-o extension_destdir="$STAGE" -o jit=off sh "$0"
fi

n=0
ok() { # ok <true or false> <name>
	n=$((n + 1))
	if [ "$1" = t ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}
export PGDATABASE=interrupted
ask() { psql -X -q -A -t -v ON_ERROR_STOP=1 -c 'SET search_path = bet_edge, public' -c 'SET client_min_messages = warning' -c "$1" 2>/dev/null; }
until_true() { # until_true <query>: at most two minutes
	for i in $(seq 1200); do [ "$(ask "$1")" = t ] && return 0; sleep 0.1; done
	echo "# gave up waiting for: $1"
	return 1
}
train() { psql -X -q -c "CALL bet_edge.train_model('SIM', 'moneyline', rounds => $1, params => '{\"max_depth\": 6}')" >/dev/null 2>&1; }
backend="(SELECT pid FROM pg_stat_activity WHERE query LIKE 'CALL bet_edge.train_model%' AND backend_type = 'client backend')"

psql -X -q -d postgres -c 'CREATE DATABASE interrupted'
psql -X -q -c 'CREATE EXTENSION bet_edge'
ask 'SELECT simulate_league(3, 8, 6)' >/dev/null
ask "SELECT refresh_ratings('SIM')" >/dev/null

# cancelled
train 3000 &
until_true "SELECT folds_done >= 2 FROM training_run WHERE run_id = 1"
ok "$(ask "SELECT status = 'running' FROM training_status(1)")" 'another session sees it running'
ok "$(ask "SELECT folds > folds_done FROM training_status(1)")" 'and how far it is'
ask "SELECT pg_cancel_backend(pid) FROM $backend AS b (pid)" >/dev/null
wait
until_true "SELECT status <> 'running' FROM training_status(1)"
ok "$(ask "SELECT status = 'cancelled' FROM training_status(1)")" 'the run is seen to be cancelled'
ok "$(ask "SELECT count(*) = 0 FROM model WHERE stage <> 'fold'")" 'no half model'
ok "$(ask "SELECT (SELECT folds_done FROM training_run) = (SELECT count(*) FROM training_fold)
	AND (SELECT count(*) FROM training_fold) = (SELECT count(*) FROM model)
	AND (SELECT sum(test_rows) FROM training_fold) = (SELECT count(*) FROM oof_prediction)")" 'every fold that stays is whole'

# killed
train 3000 &
until_true "SELECT folds_done >= 1 FROM training_run WHERE run_id = 2"
games=$(ask 'SELECT count(*) FROM game')
kill -9 "$(ask "SELECT pid FROM $backend AS b (pid)")"
wait
until_true "SELECT status <> 'running' FROM training_status(2)"
ok "$(ask "SELECT status = 'cancelled' FROM training_status(1)")" 'the first run is still what it was'
ok "$(ask "SELECT status = 'interrupted' AND folds_done >= 1 FROM training_status(2)")" 'a killed run is found out, its folds are there'
ok "$(ask "SELECT (SELECT folds_done FROM training_run WHERE run_id = 2) = (SELECT count(*) FROM training_fold WHERE run_id = 2)")" 'and whole'
ok "$(ask "SELECT count(*) = $games FROM game")" 'nothing that was committed is lost'
train 20
ok "$(ask "SELECT status = 'finished' AND folds_done = folds FROM training_run ORDER BY run_id DESC LIMIT 1")" 'a rerun completes'
ok "$(ask "SELECT count(*) = 1 FROM model WHERE stage = 'production'")" 'and its model goes into production'
ok "$(ask "SELECT status = 'interrupted' FROM training_run WHERE run_id = 2")" 'the dead run is marked'
echo "1..$n"
