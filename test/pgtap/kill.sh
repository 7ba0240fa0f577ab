#!/bin/sh
# collect() killed at twenty random points, backend or postmaster, in the middle of fetching and parsing: rerun each time, it ends
# with the same tables as a run that nobody disturbed. On a server of its own. SEED=n gives other points.
days=40 kills=20
if [ "$1" != inside ]; then
	major=$(psql -X -A -t -d postgres -c "SELECT current_setting('server_version_num')::int / 10000")
	export KILL_DIR=$(mktemp -d) && chmod 755 "$KILL_DIR"
	test/feed_server "$KILL_DIR" &
	server=$!
	trap 'kill $server 2>/dev/null; rm -rf "$KILL_DIR"' EXIT
	PGPORT=$(make/free_port) pg_virtualenv -t -v "$major" -o extension_destdir="$STAGE" -o fsync=off -o max_wal_size=1GB -o jit=off \
		sh "$0" inside >"$KILL_DIR/log" 2>&1 </dev/null
	[ -s "$KILL_DIR/tap" ] && cat "$KILL_DIR/tap" || sed 's/^/# /' "$KILL_DIR/log"
	exit
fi

n=0
ok() { # condition, name, file of diagnostics
	n=$((n + 1))
	if [ "$1" = yes ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; head -20 "$3" 2>/dev/null | sed 's/^/# /'; fi >>"$KILL_DIR/tap"
}
ask() {
	psql -X -A -t -q -d "$1" -c "$2"
}

# Every day has its scores and its prices, of one team that nobody knows too, always the same ones, whenever and however often they are asked for.
python3 - "$KILL_DIR" $days <<'PYTHON'
import datetime, json, os, sys
answers = {}
teams = ["Boston Bruins", "Toronto Maple Leafs", "Montreal Canadiens", "Ottawa Senators", "Detroit Red Wings", "Buffalo Sabres", "Florida Panthers", "Tampa Bay Lightning"]
for i in range(int(sys.argv[2]) + 2):
    day = datetime.date(2026, 1, 1) + datetime.timedelta(days=i)
    def event(k, done):
        home, away = teams[2 * (k % 4)], teams[2 * (k % 4) + 1]
        start = (day + datetime.timedelta(days=-1 if done else 3)).isoformat() + "T%02d:00Z" % (20 + k % 4)
        status = {"type": {"name": "STATUS_FINAL" if done else "STATUS_SCHEDULED", "state": "post" if done else "pre", "completed": done}, "period": 3}
        return {"id": "%d%d%d" % (i, k, done), "date": start, "season": {"year": 2026}, "status": status, "competitions": [{"id": "1", "date": start, "status": status,
            "competitors": [{"homeAway": "home", "score": str(3 + i % 4), "team": {"id": "1", "displayName": home}}, {"homeAway": "away", "score": str(i % 3), "team": {"id": "2", "displayName": away}}]}]}
    answers["/apis/site/v2/sports/hockey/nhl/scoreboard?dates=" + day.strftime("%Y%m%d")] = {"delay": 0.02, "gzip": i % 2 == 0,
        "body": json.dumps({"leagues": [{"slug": "nhl"}], "events": [event(i % 4, True), event((i + 1) % 4, False)]})}
    answers["/v4/sports/icehockey_nhl/odds?markets=h2h,totals&day=" + day.strftime("%Y%m%d")] = {"delay": 0.02, "headers": {"x-requests-last": "2"}, "body": json.dumps([
        {"id": "o%d" % k, "sport_key": "icehockey_nhl", "commence_time": "2026-04-%02dT20:00:00Z" % (k + 1), "home_team": teams[2 * k], "away_team": teams[2 * k + 1], "bookmakers": [
            {"key": book, "title": book, "last_update": (day + datetime.timedelta(days=-1)).isoformat() + "T11:00:00Z", "markets": [
                {"key": "h2h", "outcomes": [{"name": teams[2 * k], "price": round(1.8 + (i + k) % 7 / 50, 2)}, {"name": teams[2 * k + 1], "price": 2.05}]},
                {"key": "totals", "outcomes": [{"name": "Over", "price": 1.9, "point": 5.5 + i % 3}, {"name": "Under", "price": 1.92, "point": 5.5 + i % 3}]}]} for book in ("pinnacle", "draftkings", "nobody_knows")]}
        for k in range(4)])}
with open(os.path.join(sys.argv[1], "script.json"), "w") as file:
    json.dump(answers, file)
PYTHON
for i in $(seq 100); do [ -s "$KILL_DIR/port" ] && break; sleep 0.1; done
port=$(cat "$KILL_DIR/port")
for db in calm killed; do
	createdb $db
	psql -X -q -v ON_ERROR_STOP=1 -d $db >/dev/null <<SQL || exit 1
CREATE EXTENSION bet_edge;
SET search_path = bet_edge, public;
INSERT INTO feed_host (host, allow_private, allow_plain) VALUES ('127.0.0.1', true, true);
UPDATE feed SET is_enabled = false;
INSERT INTO feed (feed, source, sport, endpoint, "interval", timeout_ms) VALUES
	('scores', 'espn', NULL, 'http://127.0.0.1:$port/apis/site/v2/sports/hockey/nhl/scoreboard?dates={YYYYMMDD}', '1 day', 5000),
	('odds', 'the_odds_api', NULL, 'http://127.0.0.1:$port/v4/sports/icehockey_nhl/odds?markets=h2h,totals&day={YYYYMMDD}', '1 day', 5000);
SQL
done
# Every row of every collected table: of numbers and times what a rerun a few minutes later must give again.
cat >"$KILL_DIR/tables.sql" <<'SQL'
SET search_path = bet_edge, public;
SET timezone = 'UTC';
SELECT 'inbox', count(*) FROM inbox;
SELECT 'payload', p.feed, p.name, p.sha256, p.received_at::date, p.rows_read, p.loaded_at IS NOT NULL FROM payload AS p ORDER BY 1, 2, 3, 4;
SELECT format($$SELECT %L, (to_jsonb(t) - '{payload_id,reject_id,known_at,recorded_at,polled_at,last_seen}'::text[]), (to_jsonb(t) ->> 'known_at')::timestamptz::date, (to_jsonb(t) ->> 'recorded_at')::timestamptz::date,
	(SELECT p.sha256 FROM payload AS p WHERE p.payload_id = (to_jsonb(t) ->> 'payload_id')::bigint) FROM %I AS t ORDER BY 2, 3, 4, 5;$$, t, t)
FROM unnest('{team,game,fixture,result,quote,offer,game_event,reject}'::text[]) AS t \gexec
SQL
# days, from the first to be done, each so many times 70 minutes after midnight, with a line for each that is done
steps() {
	for d in $(seq $(($1 + 1)) $days); do
		printf "CALL bet_edge.collect(at => timestamptz '2026-01-01 00:00Z' + interval '%d days %d minutes');\n\\\\echo %d\n" "$d" $((70 * $2)) "$d"
	done
}
steps 0 0 | psql -X -q -d calm >"$KILL_DIR/calm.done" 2>"$KILL_DIR/calm.log"
psql -X -A -t -q -d calm -f "$KILL_DIR/tables.sql" >"$KILL_DIR/calm.tables"
ok "$([ "$(tail -1 "$KILL_DIR/calm.done")" = $days ] && [ "$(grep -c ^quote "$KILL_DIR/calm.tables")" -gt $days ] && [ "$(grep -c ^result "$KILL_DIR/calm.tables")" = $((days * 3 / 4)) ] && echo yes)" "$days days undisturbed: $(grep -c ^quote "$KILL_DIR/calm.tables") prices, $(grep -c ^result "$KILL_DIR/calm.tables") results, $(grep -c ^reject "$KILL_DIR/calm.tables") rejects" "$KILL_DIR/calm.log"

done=0 killed=0 postmasters=0
for ms in $(awk -v seed="${SEED:-1}" -v kills=$kills 'BEGIN { srand(seed); for (i = 0; i < kills; i++) print int(5 + 110 * rand()) }'); do
	steps $done $killed | PGAPPNAME=victim psql -X -q -d killed >"$KILL_DIR/done" 2>>"$KILL_DIR/killed.log" &
	session=$!
	for i in $(seq 200); do victim=$(ask postgres "SELECT pid FROM pg_stat_activity WHERE application_name = 'victim'") && [ -n "$victim" ] && break; sleep 0.02; done
	sleep "0.$(printf %03d "$ms")"
	if [ $((killed % 4)) = 3 ]; then
		kill -9 "$(head -1 "$(ask postgres 'SHOW data_directory')/postmaster.pid")" && postmasters=$((postmasters + 1))
		wait $session
		cluster=$(pg_lsclusters -h | awk 'NR == 1 { print $2 }')
		for i in $(seq 100); do pg_ctlcluster "$(pg_lsclusters -h | awk 'NR == 1 { print $1 }')" "$cluster" start && break; sleep 0.1; done
	else
		kill -9 "$victim"
		wait $session
	fi
	for i in $(seq 600); do [ "$(ask killed 'SELECT 1' 2>/dev/null)" = 1 ] && break; sleep 0.05; done
	done=$(tail -1 "$KILL_DIR/done" | grep . || echo $done)
	killed=$((killed + 1))
	[ "$done" -ge $days ] && break
done
cut=$(ask killed 'SELECT count(*) FROM bet_edge.feed_request WHERE ms IS NULL')
steps $done $killed | psql -X -q -d killed >"$KILL_DIR/done" 2>>"$KILL_DIR/killed.log"
psql -X -A -t -q -d killed -f "$KILL_DIR/tables.sql" >"$KILL_DIR/killed.tables"
diff "$KILL_DIR/calm.tables" "$KILL_DIR/killed.tables" >"$KILL_DIR/diff" && same=yes
ok "$([ $killed = $kills ] && [ "$done" -lt $days ] && echo yes)" "killed $killed times, the postmaster $postmasters times of these, before the end; $cut requests were cut short" "$KILL_DIR/killed.log"
ok "${same:-no}" "$(wc -l <"$KILL_DIR/calm.tables") rows of all tables are the same" "$KILL_DIR/diff"
ok "$([ "$(ask killed 'SELECT bet_edge.replay() > 0')" = t ] && psql -X -A -t -q -d killed -f "$KILL_DIR/tables.sql" | diff "$KILL_DIR/calm.tables" - >"$KILL_DIR/diff" && echo yes)" 'and replay() gives them again' "$KILL_DIR/diff"
echo "1..$n" >>"$KILL_DIR/tap"
