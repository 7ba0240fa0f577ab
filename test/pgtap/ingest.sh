#!/bin/sh
# A backend is killed in the middle of ingest(): what was committed stays, a rerun completes.
# kill -9 restarts the whole server, so this test has one of its own.
if [ "$1" != inside ]; then
	major=$(psql -X -A -t -d postgres -c "SELECT current_setting('server_version_num')::int / 10000")
	export BET_EDGE_TAP=$(mktemp)
	PGPORT=$(make/free_port) pg_virtualenv -t -v "$major" -o extension_destdir="$STAGE" -o fsync=off -o max_wal_size=1GB -o jit=off \
		sh "$0" inside >"$BET_EDGE_TAP.log" 2>&1 </dev/null
	[ -s "$BET_EDGE_TAP" ] && cat "$BET_EDGE_TAP" || sed 's/^/# /' "$BET_EDGE_TAP.log"
	rm -f "$BET_EDGE_TAP" "$BET_EDGE_TAP.log"
	exit
fi

ask() {
	psql -X -A -t -q -d t -c "$1"
}
is() {
	n=$((n + 1))
	if [ "$1" = "$2" ]; then
		echo "ok $n - $3" >>"$BET_EDGE_TAP"
	else
		printf 'not ok %s - %s\n# got %s, want %s\n' "$n" "$3" "$1" "$2" >>"$BET_EDGE_TAP"
	fi
}
# Every payload is wholly in: 552 games with a fixture, a result and 12 prices each.
whole="SELECT count(*) FROM bet_edge.load_report AS l WHERE l.games = 552 AND l.quotes = 12 * 552 AND l.rejects = 0
	AND (SELECT count(*) FROM bet_edge.result AS r WHERE r.payload_id = l.payload_id) = 552"
fingerprint="SELECT md5(concat((SELECT string_agg(g::text, '' ORDER BY g.game_id) FROM bet_edge.game AS g), (SELECT string_agg(f::text, '' ORDER BY f::text) FROM bet_edge.fixture AS f),
	(SELECT string_agg(r::text, '' ORDER BY r::text) FROM bet_edge.result AS r), (SELECT string_agg(q::text, '' ORDER BY q::text) FROM bet_edge.quote AS q)))"

createdb t
psql -X -q -d t <<'SQL'
CREATE EXTENSION bet_edge;
INSERT INTO bet_edge.alias (feed, kind, pool, name, target) SELECT 'football_data', 'team', 'england', 'Club ' || i, 'Club ' || i FROM generate_series(1, 24) AS i;
INSERT INTO bet_edge.inbox (feed, name, body)
SELECT 'football_data', 'season ' || y, convert_to(E'Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H,B365D,B365A,PSH,PSD,PSA,WHH,WHD,WHA,PSCH,PSCD,PSCA\n'
	|| string_agg(format('E0,%s,Club %s,Club %s,1,0,H%s', to_char(make_date(y, 8, 1) + h + a, 'DD/MM/YYYY'), h, a, repeat(',2.5,3.1,2.9', 4)), E'\n' ORDER BY h, a), 'UTF8')
FROM generate_series(2001, 2012) AS y, generate_series(1, 24) AS h, generate_series(1, 24) AS a WHERE h <> a GROUP BY y;
SQL

PGAPPNAME=victim psql -X -q -d t -c 'CALL bet_edge.ingest()' &
for i in $(seq 1 600); do
	done_before=$(ask "SELECT count(*) FROM bet_edge.payload")
	[ "$done_before" -ge 2 ] && break
	sleep 0.05
done
kill -9 "$(ask "SELECT pid FROM pg_stat_activity WHERE application_name = 'victim'")"
wait
for i in $(seq 1 600); do
	[ "$(ask 'SELECT 1' 2>/dev/null)" = 1 ] && break
	sleep 0.1
done

stored=$(ask 'SELECT count(*) FROM bet_edge.payload')
is "$([ "$stored" -ge "$done_before" ] && [ "$stored" -lt 12 ] && echo yes)" yes "killed in the middle: $stored of 12 files are in"
is "$(ask "$whole")" "$stored" 'each of them whole'
is "$(ask 'SELECT count(*) FROM bet_edge.inbox')" $((12 - stored)) 'the others wait in the inbox'
is "$(ask 'SELECT count(*) FROM bet_edge.quote')" $((stored * 12 * 552)) 'and left nothing behind'
ask 'CALL bet_edge.ingest()'
is "$(ask "$whole")" 12 'a rerun completes'
is "$(ask 'SELECT count(*) FROM bet_edge.inbox')" 0 'the inbox is empty'

# The same files again, and one of a feed that nobody knows.
ask "INSERT INTO bet_edge.inbox (feed, name, body) SELECT feed, name, body FROM bet_edge.payload UNION ALL SELECT 'curling', 'x', ''"
before=$(ask "$fingerprint")
is "$(psql -X -A -t -q -d t -c 'CALL bet_edge.ingest()' 2>&1 | grep -c 'a duplicate of payload')" 12 'the same files once more are duplicates'
is "$(ask "$fingerprint")" "$before" 'and change nothing'
is "$(ask 'SELECT feed FROM bet_edge.inbox')" curling 'a file of an unknown feed stays'
is "$(ask 'SELECT bet_edge.replay()')" 12 'replay'
is "$(ask "$fingerprint")" "$before" 'gives the same rows, byte for byte'
echo "1..$n" >>"$BET_EDGE_TAP"
