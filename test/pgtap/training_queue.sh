#!/bin/sh
# Trainings asked for in the background: workers share the queue, a target is trained by one at a time, a worker or
# a server that dies is found and its run goes on, a cancel is obeyed at once. A cluster of its own: it is killed.
if [ -z "$OWN_CLUSTER" ]; then
	OWN_CLUSTER=1 PGPORT=$(make/free_port) exec pg_virtualenv -t -v "$PGVERSION" \
		-o extension_destdir="$STAGE" -o jit=off sh "$0"
fi

n=0
ok() { # ok <true or false> <name>
	n=$((n + 1))
	if [ "$1" = t ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}
export PGDATABASE=queue
ask() { psql -X -q -A -t -v ON_ERROR_STOP=1 -c 'SET search_path = bet_edge, public' -c 'SET client_min_messages = error' -c "$1" 2>/dev/null; }
error_of() { psql -X -q -A -t -v VERBOSITY=sqlstate -c 'SET client_min_messages = error' -c "$1" 2>&1; }
until_true() { # until_true <query>: at most two minutes
	for i in $(seq 2400); do [ "$(ask "$1")" = t ] && return 0; sleep 0.05; done
	echo "# gave up waiting for: $1"
	return 1
}
worker() { psql -X -q -c 'CALL bet_edge.run_training_queue()' >/dev/null 2>&1; }
slow="rounds => 1500, params => '{\"max_depth\": 6}'"

psql -X -q -d postgres -c 'CREATE DATABASE queue'
psql -X -q -c 'CREATE EXTENSION bet_edge'
ask 'SELECT simulate_league(3, 10, 5)' >/dev/null
ask "SELECT refresh_ratings('SIM')" >/dev/null

# asked for, refused, taken back
ok "$(ask "SELECT queue_training('SIM', 'moneyline', rounds => 5, refit_weeks => 30) = 1")" 'a training is asked for'
ok "$(ask "SELECT status = 'queued' AND seconds IS NULL AND folds IS NULL FROM training_status(1)")" 'and waits'
ok "$(case "$(error_of "SELECT bet_edge.queue_training('SIM', 'outright')")" in *22023*) echo t;; esac)" 'what train_model() refuses is refused at once'
ok "$(ask "SELECT queue_training('SIM', 'total') = 2 AND cancel_training(2) = 'cancelled'")" 'one that waits is taken back'
ok "$(case "$(error_of "SELECT bet_edge.cancel_training(77)")" in *42704*) echo t;; esac)" 'an unknown one is an error'

# a failure is a row with its reason, and the next follows
ask "SELECT queue_training('SIM', 'spread', holdout_season => 2018), queue_training('SIM', 'spread', rounds => 5, refit_weeks => 30)" >/dev/null
worker
ok "$(ask "SELECT array_agg(status ORDER BY run_id) = '{finished,cancelled,failed,finished}' FROM training_run")" 'the queue is worked off, past what fails'
ok "$(ask "SELECT message LIKE 'too few games to train SIM spread%' FROM training_status(3)")" 'which says why'
ok "$(ask "SELECT count(*) = 2 FROM model WHERE stage = 'production'")" 'the first models are live'

# two workers and a bystander: never two on one target
ask "SELECT queue_training('SIM', 'moneyline', rounds => 200, refit_weeks => 10), queue_training('SIM', 'moneyline', rounds => 201, refit_weeks => 10),
	queue_training('SIM', 'total', rounds => 202, refit_weeks => 10)" >/dev/null
worker & worker &
# who waits for the target's lock would have it in the shortest gap between two transactions of a training
until_true "SELECT status = 'finished' OR training_is_alive(5) FROM training_run WHERE run_id = 5"
psql -X -q -A -t -c "SELECT pg_advisory_lock(25190, bet_edge.training_target('SIM', 'moneyline'))" \
	-c 'SELECT status FROM bet_edge.training_run WHERE run_id = 5' >"$STAGE/gap" 2>&1 &
most=0
refused=0
while [ "$(ask "SELECT bool_or(status IN ('queued', 'running')) FROM training_run WHERE run_id > 4")" = t ]; do
	now=$(ask "SELECT count(*) FROM training_run WHERE run_id IN (5, 6) AND training_is_alive(run_id)")
	[ "$now" -gt "$most" ] && most=$now
	if [ "$(ask "SELECT status = 'running' AND training_is_alive(run_id) FROM training_run WHERE run_id = 5")" = t ]; then
		case "$(error_of "CALL bet_edge.train_model('SIM', 'moneyline', rounds => 1, refit_weeks => 40)")" in *55P03*) refused=$((refused + 1));; esac
	fi
	[ -n "$(jobs -r 2>/dev/null)" ] || worker
done
wait
ok "$([ "$most" = 1 ] && echo t)" "never two trainings of one target at once (most: $most)"
ok "$([ "$refused" -gt 0 ] && echo t)" "another session is refused, between two folds too ($refused times)"
ok "$(grep -q finished "$STAGE/gap" && echo t)" 'no gap between two folds: who waits for the lock has it when the run is over'
ok "$(ask "SELECT bool_and(status = 'finished' AND attempts = 1) FROM training_run WHERE run_id IN (5, 6, 7)")" 'each was trained once'
ok "$(ask "SELECT count(*) = 0 FROM pg_locks WHERE locktype = 'advisory'")" 'and nothing is held'

# cancelled from another session
ask "SELECT queue_training('SIM', 'moneyline', $slow)" >/dev/null
run=$(ask 'SELECT max(run_id) FROM training_run')
worker &
until_true "SELECT folds_done >= 1 FROM training_run WHERE run_id = $run"
ok "$(ask "SELECT cancel_training($run) = 'cancelled'")" 'one that runs is cancelled'
ok "$(until_true "SELECT NOT training_is_alive($run)" && echo t)" 'before its folds are done'
wait
worker
ok "$(ask "SELECT status = 'cancelled' AND folds_done >= 1 AND model_id IS NULL FROM training_status($run)")" 'the queue leaves it, without a model'

# the server is stopped in the middle: found, and resumed after the last finished fold
ask "SELECT queue_training('SIM', 'moneyline', $slow)" >/dev/null
run=$(ask 'SELECT max(run_id) FROM training_run')
worker &
until_true "SELECT folds_done >= 2 FROM training_run WHERE run_id = $run"
kill -9 "$(ask "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 25189")"
wait
until_true "SELECT status = 'interrupted' FROM training_status($run)"
before=$(ask "SELECT string_agg(model_id::text, ',' ORDER BY fold) FROM training_fold WHERE run_id = $run")
worker
ok "$(ask "SELECT status = 'finished' AND folds_done = folds AND model_id IS NOT NULL FROM training_status($run)")" 'a run whose server stopped goes on'
ok "$(ask "SELECT attempts = 2 FROM training_run WHERE run_id = $run")" 'at the second attempt'
ok "$(ask "SELECT string_agg(model_id::text, ',' ORDER BY fold) LIKE '$before,%' FROM training_fold WHERE run_id = $run")" 'after the folds it had'
ask "CALL repeat_training($run)"
ok "$(ask "SELECT count(DISTINCT sha256) = 1 AND count(*) = 2 FROM model JOIN training_run AS r USING (run_id) WHERE $run IN (r.run_id, r.repeats) AND fold IS NULL")" 'and has the model of a run that was never stopped'

# promotions at the same moment: one after the other, never two live
for i in 1 2 3 4 5 6; do
	for m in $(ask "SELECT model_id FROM model WHERE bet_type = 'moneyline' AND stage IN ('candidate', 'archived') ORDER BY model_id LIMIT 3"); do
		ask "SELECT promote_model($m, force => true)" >/dev/null &
	done
	ask "SELECT rollback_model('SIM', 'moneyline')" >/dev/null &
	wait
done
ok "$(ask "SELECT count(*) = 1 FROM model WHERE stage = 'production' AND bet_type = 'moneyline'")" 'one model is live after many promotions at once'
ok "$(ask "SELECT bool_and(upper(live) = next) AND count(*) > 6 FROM (SELECT live, lead(lower(live)) OVER (ORDER BY live) AS next FROM model_live WHERE bet_type = 'moneyline') AS l WHERE next IS NOT NULL")" 'and their ranges follow each other'
ok "$(ask "SELECT m.stage = 'production' FROM live_model('SIM', 'moneyline', 'infinity') AS l JOIN model AS m USING (model_id)")" 'the history and the stage agree'
echo "1..$n"
