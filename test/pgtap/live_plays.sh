#!/bin/sh
# Polls that were missed are filled from play-by-play, by the feed that poll_live() asks for it: a game whose polls have gaps, and evenings on which
# the scoreboard is not heard at all; and the lines of the server's log. With DATA_DIR the plays are those of a real game. Prints TAP.
dir=$(mktemp -d) && chmod 755 "$dir" || exit 1
db=t_live_plays_$$
test/feed_server "$dir" &
server=$!
trap 'kill $server 2>/dev/null; dropdb --if-exists --force $db; rm -rf "$dir"' EXIT
for i in $(seq 100); do [ -s "$dir/port" ] && break; sleep 0.1; done
python3 - "$dir" "${DATA_DIR:+$DATA_DIR/payloads/nba_live/playbyplay_0022500775_final.json}" <<'PYTHON'
import csv, datetime, json, os, random, re, sys
random.seed(5)
folder, source = sys.argv[1:]
start = datetime.datetime.utcnow().strftime("%Y-%m-%dT%H:00:00Z")

def invented():
    h = a = 0
    for n, at in enumerate(sorted({720, 1083, 1440, *random.sample(range(5, 1440), 200)})):
        h, a = h + random.choice((0, 0, 0, 0, 2)), a + random.choice((0, 0, 0, 1, 1))
        period = 1 + (at - 1) // 720
        yield {"orderNumber": n * 10000, "period": period, "clock": "PT%02dM%02d.00S" % divmod(720 * period - at, 60), "scoreHome": str(h), "scoreAway": str(a)}

def real():
    with open(source) as file:
        plays = json.load(file)["game"]["actions"]
    return [{k: p[k] for k in ("orderNumber", "period", "clock", "scoreHome", "scoreAway")} for p in sorted(plays, key=lambda p: p["orderNumber"]) if p["period"] <= 2]

def at(play):
    minutes, seconds = re.match(r"PT(\d+)M([\d.]+)S", play["clock"]).groups()
    return 720 * play["period"] - 60 * int(minutes) - float(seconds)

def score(plays, second):
    return ([(0, 0)] + [(int(p["scoreHome"]), int(p["scoreAway"])) for p in plays if at(p) <= second])[-1]

def answer(plays, id, second):
    told = [p for p in plays if at(p) <= second]
    random.shuffle(told)
    return {"body": json.dumps({"meta": {"at": second}, "game": {"gameId": id, "actions": told}})}

def row(plays, id, home, away, second):
    h, a = score(plays, second)
    period = 1 + max(second - 1, 0) // 720
    return {"gameId": id, "gameStatus": 2 if second else 1, "gameStatusText": "Q%d" % period, "period": period if second else 0, "gameClock": "PT%02dM%02d.00S" % divmod(720 * period - second, 60) if second else "",
        "gameTimeUTC": start, "homeTeam": {"teamTricode": home, "score": h}, "awayTeam": {"teamTricode": away, "score": a}}

script, expected = {}, []
gappy, silent = list(real() if source else invented()), list(invented())
# One game with polls at these seconds and never between; another of which the scoreboard tells nothing once it has begun.
seen = (0, 30, 90, 130, 500, 830, 1095)
for name, id, home, away, plays, seconds in (("gappy", "0022300001", "CHA", "ATL", gappy, (500, 830, 1095)), ("silent", "0022300002", "BOS", "LAL", silent, (200, 700, 1000, 1085, 1440))):
    script["/plays/" + id] = [answer(plays, id, s) for s in seconds]
    leads = [h - a for h, a in (score(plays, 60 * m) for m in range(1, 25))]
    closing = score(plays, 1095 if name == "gappy" else 1080)
    expected.append([id, "{%s}" % ",".join(map(str, leads[:18])), leads[23], *closing])
script["/live"] = [{"body": json.dumps({"meta": n, "scoreboard": {"games": [row(gappy, "0022300001", "CHA", "ATL", s)]}})} for n, s in enumerate(seen)]
pregame = {"scoreboard": {"games": [row(gappy, "0022300001", "CHA", "ATL", 0), row(silent, "0022300002", "BOS", "LAL", 0)]}}
for file, what in (("script.json", json.dumps(script)), ("pregame.json", json.dumps(pregame))):
    with open(os.path.join(folder, file), "w") as f: f.write(what)
with open(os.path.join(folder, "expected.csv"), "w", newline="") as f: csv.writer(f).writerows(expected)
PYTHON
[ -s "$dir/expected.csv" ] || exit 1
createdb -T bet_edge_template $db || exit 1
export PGDATABASE=$db
psql -X -q -v ON_ERROR_STOP=1 <<SQL >/dev/null || exit 1
SET search_path = bet_edge, public;
SELECT load_shipped_models();
INSERT INTO feed_host (host, allow_private, allow_plain) VALUES ('127.0.0.1', true, true);
UPDATE feed SET is_enabled = false;
INSERT INTO feed (feed, source, sport, endpoint, parameters, "interval", timeout_ms) VALUES
	('live', 'nba_live', 'NBA', 'http://127.0.0.1:$(cat "$dir/port")/live', 'bet_edge.if_game_on', '10 milliseconds', 1000);
-- the shipped row, but for its host and pace
INSERT INTO feed (feed, source, sport, endpoint, parameters, "interval", timeout_ms)
SELECT 'plays', source, sport, 'http://127.0.0.1:$(cat "$dir/port")/plays/{event}', parameters, '10 milliseconds', 1000 FROM feed WHERE feed = 'nba_live_plays';
SELECT load_payload('nba_live', 'pregame', convert_to(\$json\$$(cat "$dir/pregame.json")\$json\$, 'UTF8'));
CREATE TABLE public.expected (event_id text, pattern int[], half int, home int, away int);
SQL
psql -X -q -c "\\copy public.expected FROM '$dir/expected.csv' (FORMAT csv)"
# poll FEEDS CONDITION: with these feeds alone, until it is true
poll() {
	psql -X -q -c "UPDATE bet_edge.feed SET is_enabled = feed = ANY ('$1') WHERE feed IN ('live', 'plays')"
	for i in $(seq 60); do
		PGOPTIONS="-c client_min_messages=log" psql -X -q -c "CALL bet_edge.poll_live(clock_timestamp() + interval '4 seconds')" 2>>"$dir/log"
		[ "$(psql -X -A -t -c "SELECT $2")" = t ] && break
	done
}
# What was seen at each step, for the one session of tests at the end.
note() {
	psql -X -q -c "INSERT INTO public.noted SELECT '$1', ($2)::text"
}
psql -X -q -c "CREATE TABLE public.noted (step text, value text)" -c "CREATE TABLE public.logged (n int GENERATED ALWAYS AS IDENTITY, line text)" \
	-c "UPDATE bet_edge.halftime_setting SET log_predictions = true, log_performance = true" -c "UPDATE bet_edge.feed SET is_logged = feed = 'plays'" -c "DELETE FROM bet_edge.game_event WHERE event_id = '0022300002'"
wanted="(SELECT array_agg(g ->> 'event') FROM bet_edge.games_with_gaps('plays', clock_timestamp()) AS g)"
# polls with gaps, and none that fills them
poll '{live}' "EXISTS (SELECT FROM bet_edge.live_score WHERE elapsed = 1095)"
note gaps "SELECT count(*) FROM bet_edge.halftime_forecast"
note 'gaps wanted' "$wanted"
# with play-by-play
poll '{live,plays}' "EXISTS (SELECT FROM bet_edge.halftime_forecast)"
note 'filled wanted' "$wanted"
# The other game: no poll tells of it while the scoreboard is heard; and then that is not.
psql -X -q -c "INSERT INTO bet_edge.game_event (feed, event_id, game_id) SELECT 'nba_live', '0022300002', game_id FROM bet_edge.sports_events WHERE home_team = 'Boston Celtics'"
note 'heard wanted' "$wanted"
psql -X -q -c "UPDATE bet_edge.feed_request SET at = at - interval '2 minutes' WHERE feed = 'live'"
poll '{plays}' "EXISTS (SELECT FROM bet_edge.live_score WHERE event_id = '0022300002' AND elapsed = 1440)"
note 'silent wanted' "$wanted"
sed -n 's/^LOG:  //p' "$dir/log" | psql -X -q -c "\\copy public.logged (line) FROM pstdin (FORMAT csv, DELIMITER E'\\t', QUOTE E'\\b')"
psql -X -q -A -t -v ON_ERROR_STOP=1 <<'SQL'
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(13);
SELECT results_eq($$SELECT source, endpoint ~ '/playbyplay_[{]event[}]\.json$', parameters, "interval" = (SELECT "interval" FROM feed WHERE feed = 'nba_live_scoreboard'), sport FROM feed WHERE feed = 'nba_live_plays'$$,
	$$VALUES ('nba_live', true, 'bet_edge.games_with_gaps', true, 'NBA')$$, 'the feed is shipped');
SELECT is((SELECT value FROM noted WHERE step = 'gaps'), '0', 'of polls with gaps alone too much would be carried');
SELECT is((SELECT value FROM noted WHERE step = 'gaps wanted'), '{0022300001}', 'the game is asked for');
SELECT results_eq($$SELECT f.pattern, (game_info ->> 'score_home')::int, (game_info ->> 'score_away')::int FROM halftime_forecast AS f WHERE event_id = '0022300001'$$, $$SELECT pattern, home, away FROM expected WHERE event_id = '0022300001'$$, 'filled from play-by-play, the 18th minute is forecast');
SELECT is((SELECT array_agg(DISTINCT source) FROM score_minutes('nba_live', '0022300001', 18)), '{play_by_play}', 'every minute is its');
SELECT is((SELECT value FROM noted WHERE step = 'filled wanted'), NULL, 'once there is no gap nothing is asked for');
SELECT is((SELECT value FROM noted WHERE step = 'heard wanted'), NULL, 'nor of a game of which the scoreboard, that is heard, tells nothing');
SELECT results_eq($$SELECT f.pattern, game_info ->> 'home_team', (game_info ->> 'score_home')::int, (game_info ->> 'score_away')::int FROM halftime_forecast AS f WHERE event_id = '0022300002'$$,
	$$SELECT pattern, 'Boston Celtics', home, away FROM expected WHERE event_id = '0022300002'$$, 'without the scoreboard play-by-play alone is polled, and forecast');
SELECT results_eq($$SELECT o.target, o.differential FROM halftime_outcome AS o JOIN halftime_forecast USING (forecast_id) WHERE event_id = '0022300002'$$, $$SELECT 'half', half FROM expected WHERE event_id = '0022300002'$$, 'up to the half');
SELECT is((SELECT value FROM noted WHERE step = 'silent wanted'), '{0022300001}', 'and no further; of the first game, whose half is not over, it is asked on');
SELECT results_eq($$SELECT line FROM logged WHERE line LIKE '%tracked%' ORDER BY n$$, $$VALUES ('live: 0022300001 is tracked, Atlanta Hawks at Charlotte Hornets'), ('live: 0022300002 is tracked, Los Angeles Lakers at Boston Celtics')$$, 'the log says which games are followed');
SELECT matches((SELECT string_agg(line, '; ' ORDER BY n) FROM logged WHERE line LIKE 'live: 0022300002 %' AND line NOT LIKE '%tracked%'), '^live: 0022300002 pattern complete: {[-\d,]+}; live: 0022300002 asks model \d+ \(elo unknown, spread unknown\); '
	'live: 0022300002 Los Angeles Lakers at Boston Celtics after 18 minutes -?\d+, at the half [-+]\d+\.\d \[-?[\d.]+, -?[\d.]+\]; live: 0022300002 took \{.*"model_ms"', 'the pattern, the request, the forecast with sign and interval, the time');
SELECT ok(count(*) = (SELECT count(*) FROM feed_request WHERE feed = 'plays') AND bool_and(line ~ '^feed plays: poll \d+, \d+ rows, \d+ ms$'), 'and every poll of a feed that is logged, by number, with rows and milliseconds') FROM logged WHERE line LIKE 'feed %';
SELECT * FROM finish();
SQL
exit 0
