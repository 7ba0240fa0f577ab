#!/bin/sh
# Evenings of the NBA through poll_live(), the trigger and a session that listens: every game that can be forecast is, once, with the pattern
# that Python makes of the same answers; late, put-off and half-seen games make none. With DATA_DIR the games are those of 2018-19,
# LIVE_EVENINGS=200 all of them. Prints TAP.
dir=$(mktemp -d) && chmod 755 "$dir" || exit 1
db=t_live_season_$$
test/feed_server "$dir" &
server=$!
trap 'kill $server $listener 2>/dev/null; dropdb --if-exists --force $db; rm -rf "$dir"' EXIT
for i in $(seq 100); do [ -s "$dir/port" ] && break; sleep 0.1; done
python3 - "$dir" "${DATA_DIR:+$DATA_DIR/pbp/nba_minute_diffs_1996-97_2018-19.csv.gz}" "${LIVE_EVENINGS:-2}" <<'PYTHON'
import csv, datetime, gzip, itertools, json, os, random, sys
random.seed(11)
folder, source, evenings = sys.argv[1], sys.argv[2], int(sys.argv[3])
start = datetime.datetime.utcnow().strftime("%Y-%m-%dT%H:00:00Z")
teams = "ATL BOS BKN CHA CHI CLE DAL DEN DET GSW HOU IND LAC LAL MEM MIA MIL MIN NOP NYK OKC ORL PHI PHX POR SAC SAS TOR UTA WAS".split()

def invented():
    for evening in range(evenings):
        turned = teams[:1] + teams[1 + evening:] + teams[1:1 + evening]
        yield [("00230%02d%03d" % (evening, g), turned[g], turned[-1 - g],
            list(itertools.accumulate(random.choice((-3, -2, -2, 0, 0, 1, 2, 2, 3)) for m in range(24))), random.choice((-9, -2, 1, 5, 14)), g % 6 == 5) for g in range(12)]

def real():
    with gzip.open(source, "rt") as file:
        rows = [r for r in csv.DictReader(file) if r["season"] == "2018-19"]
    for day, games in itertools.islice(itertools.groupby(sorted(rows, key=lambda r: r["date"]), lambda r: r["date"]), evenings):
        yield [(r["game_id"], r["home"], r["away"], [int(r["d%02d" % m]) for m in range(1, 25)], int(r["final_diff"]), int(r["ot_periods"]) > 0) for r in games]

class Game:
    """Points fall at some second of each minute; the lead at its end is the one that is wanted."""
    def __init__(self, id, home, away, leads, final, overtime):
        self.id, self.home, self.away, self.at, self.faults, self.heard, self.told = id, home, away, 0, set(), [], {}
        # the second half is made up; with overtime it ends level
        leads = leads + list(itertools.accumulate((random.choice((-2, 0, 2)) for m in range(23)), initial=leads[23]))[1:] + [0 if overtime else final] + ([0, 0, 0, 0, final] if overtime else [])
        self.over, self.points, h, a = 60 * len(leads), [(0, 0, 0)], 0, 0
        for minute, (before, after) in enumerate(zip([0] + leads, leads)):
            both = random.randint(0, 3)
            h, a = h + both + max(after - before, 0), a + both + max(before - after, 0)
            self.points.append((60 * minute + random.randint(1, 60), h, a))
    def score(self, at):
        return [p[1:] for p in self.points if p[0] <= at][-1]
    def period(self, at):
        return max(1, -(-at // 720)) if at <= 2880 else 5 + (at - 2881) // 300
    def row(self, shown=None, **more):
        at, period = self.at, self.period(self.at)
        left = (720 * period if period < 5 else 2880 + 300 * (period - 4)) - at
        over, between = at >= self.over, left == 0 and at > 0
        h, a = shown or self.score(at)
        ends = [720 * q if q < 5 else 2880 + 300 * (q - 4) for q in range(1, period + 1 if over else period)]
        by_period = [[(e, [x - y for x, y in zip(self.score(e), self.score(b) if b else (0, 0))]) for b, e in zip([0] + ends, ends)]][0]
        return {"gameId": self.id, "gameStatus": 3 if over else 2, "gameStatusText": "Final" if over else "End Q%d" % period if between else "Q%d" % period, "period": period,
            "gameClock": "" if between else random.choice(("PT%02dM%02d.00S", " %d:%02d ")) % (left // 60, left % 60), "gameTimeUTC": start,
            "homeTeam": {"teamTricode": self.home, "score": h, "periods": [{"period": n + 1, "score": s[0]} for n, (e, s) in enumerate(by_period)]},
            "awayTeam": {"teamTricode": self.away, "score": a, "periods": [{"period": n + 1, "score": s[1]} for n, (e, s) in enumerate(by_period)]}, **more}
    def hear(self, at, h, a):
        """What the polling side has been told, in its order: seconds played, home, away."""
        if self.period(at) > 1 and at >= 720 and 720 not in self.told:
            self.told[720] = True
            self.heard.append((720, *self.score(720)))
        self.heard.append((at, h, a))
    def pattern(self):
        leads, carried = [], 0
        for end in range(60, 1081, 60):
            known = [(r[0], n, r) for n, r in enumerate(self.heard) if r[0] <= end]
            if not known:
                return None     # joined after it
            at, n, (_, h, a) = max(known)
            later = [r for r in self.heard[n + 1:] if r[0] >= end]
            leads.append(min([h] + [r[1] for r in later]) - min([a] + [r[2] for r in later]))
            carried += at <= end - 60
        return leads if carried <= 3 else None

pregame, answers, expected = [], [], []
def answer(rows):
    answers.append({"body": json.dumps({"meta": {"time": str(len(answers))}, "scoreboard": {"games": rows}})})
for number, night in enumerate(real() if source else invented()):
    games = [Game(*g) for g in night]
    pregame += [{**g.row(), "gameStatus": 1, "gameStatusText": "soon", "period": 0, "gameClock": ""} for g in games]
    for g, fault in zip(games, [["late", "corrected", "slip", "gap"], ["absent", "put off", "again", "short gap"]][number % 2]):
        g.faults.add(fault)
    polls, again = 0, 0
    while any(g.at < g.over and "put off" not in g.faults for g in games):
        polls += 1
        rows = []
        if number % 2 == 1 and polls == 30:     # the server fails, asked again it answers
            answers.append({"status": 500, "body": "{}"})
        stale = number % 2 == 1 and polls % 25 == 0 and json.loads(answers[-3].get("body"))["scoreboard"]["games"]
        for g in games:
            before, g.at = g.at, min(g.over, g.at + (random.randint(20, 58) if g.at < 1440 else random.randint(60, 300)))
            # nobody misses the break
            for end in (720, 1440):
                if before < end < g.at:
                    g.at = end
            if "late" in g.faults and g.at < 130 or "gap" in g.faults and 250 < g.at < 640 or "short gap" in g.faults and 850 < g.at < 1000 or "absent" in g.faults and 1000 < g.at <= 1440:
                continue
            if "put off" in g.faults and before >= 480:
                g.at = before
                rows.append({**g.row(), "gameStatus": 1, "gameStatusText": "PPD"})
                g.heard = []
                continue
            if "again" in g.faults and before >= 400 and again < 3:
                again += 1
                g.at, g.heard = (before, []) if again < 3 else (0, [])
                rows.append({**g.row((0, 0)), "gameStatus": 1, "gameStatusText": "PPD", "period": 0, "gameClock": ""})
                continue
            h, a = g.score(g.at)
            # three points that are taken back, when nobody scores before they are; noughts for one poll
            if "corrected" in g.faults and 300 < g.at < 900 and g.score(g.at) == g.score(g.at + 100):
                g.faults.remove("corrected")
                g.faults.add("taken back")
                rows.append(g.row((h + 3, a)))
                g.hear(g.at, h + 3, a)
            elif "slip" in g.faults and 300 < g.at < 900 and g.at % 720:
                g.faults.remove("slip")
                rows.append(g.row((0, 0)))
            else:
                rows.append(g.row())
                if g.at < 1440 or g.period(g.at) > 2:
                    g.hear(g.at, h, a)
            # asked at the first answer after the 18th minute, before the half
            if 1080 <= g.at < 1440 and "asked" not in g.told:
                g.told["asked"] = g.pattern()
        if stale:
            answer(stale)   # an old answer comes late
        answer(rows)
    for g in games:
        told = g.told.get("asked")
        half, final = g.score(1440), g.score(g.over)
        expected.append([g.id, "{%s}" % ",".join(map(str, told)) if told else "", half[0] - half[1], final[0] - final[1], "postponed" if "put off" in g.faults else "final"])
with open(os.path.join(folder, "script.json"), "w") as file: json.dump({"/live": answers}, file)
with open(os.path.join(folder, "pregame.json"), "w") as file: json.dump({"scoreboard": {"games": pregame}}, file)
with open(os.path.join(folder, "expected.csv"), "w", newline="") as file: csv.writer(file).writerows(expected)
with open(os.path.join(folder, "polls"), "w") as file: file.write(str(len(answers)))
PYTHON
[ -s "$dir/polls" ] || exit 1
chmod a+r "$dir"/*
createdb -T bet_edge_template $db || exit 1
export PGDATABASE=$db
test/listen bet_edge_live >"$dir/heard" &
listener=$!
psql -X -q -v ON_ERROR_STOP=1 <<SQL >/dev/null || exit 1
SET search_path = bet_edge, public;
SELECT load_shipped_models();
UPDATE halftime_setting SET max_total_ms = 1e9;	-- however slow the machine is
INSERT INTO feed_host (host, allow_private, allow_plain) VALUES ('127.0.0.1', true, true);
UPDATE feed SET is_enabled = false;
INSERT INTO feed (feed, source, sport, endpoint, parameters, "interval", timeout_ms) VALUES ('live', 'nba_live', 'NBA', 'http://127.0.0.1:$(cat "$dir/port")/live', 'bet_edge.if_game_on', '10 milliseconds', 1000);
SELECT load_payload('nba_live', 'pregame', convert_to(\$json\$$(cat "$dir/pregame.json")\$json\$, 'UTF8'));
CREATE TABLE public.expected (event_id text, pattern int[], half int, final int, status text);
CREATE TABLE public.heard (arrived float8, message jsonb);
SQL
psql -X -q -c "\\copy public.expected FROM '$dir/expected.csv' (FORMAT csv)"
# every call is a new session, as a scheduler's is
for i in $(seq 400); do
	[ "$(cat "$dir/requests" 2>/dev/null | wc -l)" -ge "$(cat "$dir/polls")" ] && break
	PGOPTIONS="-c client_min_messages=warning" psql -X -q -c "CALL bet_edge.poll_live(clock_timestamp() + interval '13 seconds')" 2>>"$dir/errors"
done
for i in $(seq 100); do [ "$(wc -l <"$dir/heard")" -gt "$(psql -X -A -t -c 'SELECT count(*) FROM bet_edge.halftime_forecast')" ] && break; sleep 0.1; done
sed 1d "$dir/heard" | psql -X -q -c "\\copy public.heard FROM pstdin (FORMAT csv, DELIMITER E'\\t', QUOTE E'\\b')"
[ -n "$LIVE_EVENINGS" ] && psql -X -A -t -c "SELECT format('# %s games, %s polls asked, %s forecast', count(*), (SELECT count(*) FROM bet_edge.feed_request), (SELECT count(*) FROM bet_edge.halftime_forecast)) FROM public.expected"
psql -X -q -A -t -v ON_ERROR_STOP=1 <<'SQL'
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(10);
SELECT ok(count(pattern) > 5 AND count(*) FILTER (WHERE pattern IS NULL) >= 3, 'games that can be forecast, and some that cannot') FROM expected;
SELECT is_empty($$SELECT event_id FROM expected WHERE pattern IS NOT NULL EXCEPT SELECT event_id FROM halftime_forecast$$, 'none is missed');
SELECT is_empty($$SELECT event_id FROM halftime_forecast EXCEPT SELECT event_id FROM expected WHERE pattern IS NOT NULL$$, 'none is made of a pattern that nobody saw: joined late, put off, too long away, back after the half');
SELECT is_empty($$SELECT event_id, f.pattern, e.pattern FROM halftime_forecast AS f JOIN expected AS e USING (event_id) WHERE f.pattern IS DISTINCT FROM e.pattern$$, 'every pattern is the one that its answers make');
SELECT is((SELECT calls || ' ' || errors FROM halftime_statistics()), (SELECT count(*) || ' 0' FROM halftime_forecast), 'each is asked for once, and answered');
SELECT results_eq($$SELECT (message #>> '{id}')::bigint FROM heard ORDER BY 1$$, $$SELECT forecast_id FROM halftime_forecast ORDER BY 1$$, 'who listens hears each once');
SELECT ok(bool_and(message ->> 'type' = 'prediction' AND message -> 'data' ->> 'game_id' = f.event_id AND message -> 'data' -> 'game_info' = f.game_info AND message -> 'data' -> 'forecast' = f.prediction -> 'point_forecast'
	AND message -> 'data' -> 'interval' = jsonb_build_array(f.prediction -> 'interval_lower', f.prediction -> 'interval_upper') AND message -> 'data' -> 'confidence' = '0.95' AND jsonb_array_length(message #> '{data,explanation,similar_games}') = 10
	AND arrived > extract(epoch FROM f.forecast_at)), 'the record, as the source''s message has it, after it was made') FROM heard JOIN halftime_forecast AS f ON f.forecast_id = (message ->> 'id')::bigint;
SELECT is_empty($$SELECT event_id, o.target, o.differential, e.half, e.final FROM halftime_outcome AS o JOIN halftime_forecast USING (forecast_id) JOIN expected AS e USING (event_id) WHERE o.differential <> CASE o.target WHEN 'half' THEN e.half ELSE e.final END$$, 'what became of them is right, overtime or not');
SELECT is((SELECT array_agg(format('%s %s', target, n) ORDER BY target) FROM (SELECT target, count(*) AS n FROM halftime_outcome GROUP BY target) AS o), (SELECT ARRAY['final ' || count(*), 'half ' || count(*)] FROM halftime_forecast), 'and known of each');
SELECT is_empty($$SELECT event_id, x.status, x.home_score - x.away_score, e.status, e.final FROM expected AS e LEFT JOIN game_event USING (event_id) LEFT JOIN sports_events AS x USING (game_id)
	WHERE (x.status, x.home_score - x.away_score) IS DISTINCT FROM (e.status, CASE e.status WHEN 'final' THEN e.final END)$$, 'every game ends as it did: what began again is over, what was put off is');
SELECT * FROM finish();
SQL
[ -s "$dir/errors" ] && sed 's/^/# /' "$dir/errors"
exit 0
