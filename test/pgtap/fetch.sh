#!/bin/sh
# fetch_feed() against a small HTTP server of our own on the loopback address. Prints TAP.
dir=$(mktemp -d) || exit 1
db=t_fetch_$$
cat >"$dir/server.pl" <<'PERL'
use strict; use warnings; use IO::Socket::INET;
my ($dir) = @ARGV;
my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 32, ReuseAddr => 1) or die $!;
$SIG{CHLD} = 'IGNORE'; $SIG{PIPE} = 'IGNORE';
open(my $log, '>>', "$dir/requests") or die $!; $log->autoflush(1);
open(my $port, '>', "$dir/port.new") or die $!; print $port $listener->sockport; close $port; rename "$dir/port.new", "$dir/port";
my $bytes = join('', map { chr } 0 .. 255) x 400;
my $url = 'http://127.0.0.1:' . $listener->sockport;
my %answer = (
	'/ok' => ['200 OK', length $bytes, $bytes], '/empty' => ['200 OK', 0, ''], '/missing' => ['404 Not Found', 5, 'no...'],
	'/moved' => ["302 Found\r\nLocation: $url/ok", 0, ''], '/short' => ['200 OK', 100, 'cut off'], '/quota' => ['429 Too Many Requests', 2, 'no'],
	'/big' => ['200 OK', 5_000_000_000, 'x']);
while (1) {
	my $client = $listener->accept or next;
	next if fork;
	my $path = (split ' ', <$client> // '')[1] // exit;
	print $log "$path\n";
	while (defined(my $line = <$client>)) { last if $line =~ /^\r?$/ }
	$path =~ s/\?.*//;
	if (my $a = $answer{$path}) { print $client "HTTP/1.1 $a->[0]\r\nContent-Length: $a->[1]\r\nConnection: close\r\n\r\n$a->[2]" }
	elsif ($path eq '/endless') { print $client "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"; 1 while print $client 'x' x 65536 }
	elsif ($path eq '/noise') { print $client "\x01\xff\n\n" }
	else { sysread $client, my $end, 1 }		# says nothing, until the other side hangs up
	exit;
}
PERL
perl "$dir/server.pl" "$dir" &
server=$!
trap 'kill $server 2>/dev/null; dropdb --if-exists --force $db; rm -rf "$dir"' EXIT
for i in $(seq 100); do [ -s "$dir/port" ] && break; sleep 0.1; done
port=$(cat "$dir/port")
createdb -T bet_edge_template $db || exit 1
psql -X -q -v ON_ERROR_STOP=1 -d $db -c "INSERT INTO bet_edge.feed_host (host, allow_private) VALUES
	('127.0.0.1', true), ('localhost', true), ('10.0.0.1', false), ('127.0.0.2', false), ('169.254.169.254', false), ('[::1]', false), ('[::ffff:127.0.0.1]', false),
	('[fe80::1]', false), ('[fd00::1]', false), ('[2002:7f00:1::]', false), ('0.0.0.0', false), ('100.64.0.1', false)" || exit 1

# A cancel from another session, while the first waits for an answer that never comes.
psql -X -v VERBOSITY=verbose -d $db -c "SET application_name = 'waiting'; SELECT bet_edge.fetch_feed('test', 'http://127.0.0.1:$port/silent')" >"$dir/cancelled" 2>&1 &
waiting=$!
for i in $(seq 100); do grep -q silent "$dir/requests" && break; sleep 0.1; done
started=$(date +%s%N)
cancelled=$(psql -X -q -A -t -d $db -c "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%silent%' AND pid <> pg_backend_pid()")
wait $waiting
elapsed=$((($(date +%s%N) - started) / 1000000))

psql -X -q -A -t -v ON_ERROR_STOP=1 -v VERBOSITY=terse -v port="$port" -v dir="$dir" -v cancelled="$cancelled" -v elapsed="$elapsed" -d $db <<'SQL'
SET search_path = bet_edge, public;
SELECT plan(54);
\set base 'http://127.0.0.1:' :port
\set error `grep -c 'ERROR:  57014' :dir/cancelled`
SELECT is(:'cancelled' || :'error', 't1'::text, 'pg_cancel_backend ends the wait with 57014');
SELECT cmp_ok(:elapsed, '<', 2000, 'at once (ms with the start of psql)');
SELECT diag('cancelled within ' || :elapsed || ' ms, the start of a psql included');

-- What libcurl drags in comes with the first call.
SELECT is(overround(ARRAY[2, 2]), 0::float8, 'arithmetic');
SELECT ok(pg_read_file('/proc/self/maps') NOT LIKE '%libcurl%', 'arithmetic does not load libcurl');
SELECT is(fetch_feed('test', :'base' || '/ok'), 200, 'an answer');
SELECT ok(pg_read_file('/proc/self/maps') LIKE '%libcurl%', 'fetch does');

SELECT is((SELECT body FROM inbox WHERE name = :'base' || '/ok' AND feed = 'test'),
	(SELECT string_agg(set_byte('\x00', 0, b), NULL ORDER BY i, b) FROM generate_series(1, 400) AS i, generate_series(0, 255) AS b), 'the body is in inbox, byte for byte');
SELECT cmp_ok((SELECT received_at FROM inbox), '>', now() - interval '1 hour', 'with the time');
SELECT is(fetch_feed('test', :'base' || '/empty'), 200, 'an empty answer');
SELECT is((SELECT length(body) FROM inbox WHERE name LIKE '%/empty'), 0, 'is a row without bytes');
SELECT is(fetch_feed('test', replace(:'base', '127.0.0.1', 'LOCALHOST') || '/ok?apiKey=secret&regions=uk&KEY=2'), 200, 'a host by its name, in any case');
SELECT alike((SELECT name FROM inbox WHERE name LIKE '%regions%'), '%/ok?apiKey=***&regions=uk&KEY=***', 'a key in the address is not kept');
SELECT is(fetch_feed('test', NULL), NULL, 'NULL in, NULL out');
SELECT count(*) AS rows FROM inbox \gset

SELECT is(fetch_feed('test', :'base' || '/missing'), 404, '404 is a status');
SELECT is(fetch_feed('test', :'base' || '/quota'), 429, 'so is 429');
SELECT is(fetch_feed('test', :'base' || '/moved'), 302, 'a redirect is returned');
\set followed `tail -n 1 :dir/requests`
SELECT is(:'followed'::text, '/moved', 'and not followed');
SELECT is((SELECT count(*) FROM inbox), :rows::bigint, 'none of them left a row');

-- ---- what is refused ----------------------------------------------------------------------
SELECT throws_ok(format('SELECT fetch_feed(%L, %L)', 'test', 'http://example.org/'), '42501', 'host example.org is not in bet_edge.feed_host', 'a host that nobody allowed');
SELECT throws_ok(format('SELECT fetch_feed(%L, %L)', 'test', 'http://127.0.0.1.example.org/'), '42501', NULL, 'nor one that begins like an allowed one');
SELECT throws_ok(format('SELECT fetch_feed(%L, %L)', 'test', 'http://www.football-data.co.uk@example.org/'), '22023', 'url must not hold a user name or a password', 'a user name');
SELECT throws_ok(format('SELECT fetch_feed(%L, %L)', 'test', url), '42501', NULL, 'private: ' || url)
FROM unnest(ARRAY['http://10.0.0.1/', 'http://127.0.0.2/', 'http://169.254.169.254/latest/meta-data', 'http://[::1]/', 'http://[::ffff:127.0.0.1]/', 'http://[fe80::1]/',
	'http://[fd00::1]/', 'http://[2002:7f00:1::]/', 'http://0/', 'http://0.0.0.0/', 'http://100.64.0.1/']) AS url;
SELECT throws_matching('SELECT fetch_feed(''test'', ''http://127.0.0.2/'')', 'host 127.0.0.2 is at a private address, 127.0.0.2', 'and the message says so');
SELECT throws_ok('SELECT fetch_feed(''test'', ''file:///etc/passwd'')', '22023', 'url must be http or https, not "file"', 'file:');
SELECT throws_ok('SELECT fetch_feed(''test'', ''gopher://127.0.0.1/'')', '22023', NULL, 'gopher:');
SELECT throws_ok('SELECT fetch_feed(''test'', ''not an address'')', '22023', NULL, 'no address');
SELECT throws_ok('SELECT fetch_feed('''', ''http://127.0.0.1/'')', '22023', 'feed must not be empty', 'no feed');
SELECT throws_ok('SELECT fetch_feed(''test'', ''http://127.0.0.1/'', 0)', '22023', 'timeout_ms must be from 1 to 600000, not 0', 'no time');
SELECT throws_ok('SELECT fetch_feed(''test'', ''http://127.0.0.1/'', 1000, 0)', '22023', 'max_bytes must be from 1 to 1000000000, not 0', 'no room');
SELECT throws_ok(format('SELECT fetch_feed(%L, %L, 5000, 102399)', 'test', :'base' || '/ok'), '54000', 'answer of 127.0.0.1 is longer than max_bytes 102399', 'one byte too many');
SELECT throws_ok(format('SELECT fetch_feed(%L, %L)', 'test', :'base' || '/endless'), '54000', NULL, 'an answer without end');
SELECT throws_ok(format('SELECT fetch_feed(%L, %L)', 'test', :'base' || '/big'), '54000', NULL, 'an answer that announces too much');
SELECT throws_ok(format('SELECT fetch_feed(%L, %L)', 'test', :'base' || '/short'), '08006', NULL, 'an answer that breaks off');
SELECT throws_ok(format('SELECT fetch_feed(%L, %L)', 'test', :'base' || '/noise'), '38000', NULL, 'an answer that is not HTTP');
SELECT throws_ok(format('SELECT fetch_feed(%L, %L, 200)', 'test', :'base' || '/silent'), '08006', 'no answer from 127.0.0.1 within timeout_ms 200', 'no answer in time');
SELECT throws_ok('SELECT fetch_feed(''test'', ''http://127.0.0.1:1/'')', '08001', NULL, 'nobody listens');

-- ---- cancel, and what is left behind --------------------------------------------------------
CREATE FUNCTION pg_temp.cancelled(url text) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
	started timestamptz := clock_timestamp();
BEGIN
	PERFORM fetch_feed('test', url);
	RETURN NULL;
EXCEPTION WHEN query_canceled THEN
	RETURN extract(epoch FROM clock_timestamp() - started);
END $$;
SET statement_timeout = 300;
SELECT pg_temp.cancelled(:'base' || '/silent') AS seconds \gset
RESET statement_timeout;
SELECT ok(:'seconds'::float8 BETWEEN 0.2 AND 2, 'statement_timeout ends a wait at once') ;
SELECT diag('statement_timeout of 300 ms: over after ' || round(1000 * :'seconds'::float8) || ' ms');
SELECT is(fetch_feed('test', :'base' || '/ok'), 200, 'and the same backend goes on');
CREATE FUNCTION pg_temp.fails(url text, times int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
	failed int := 0;
BEGIN
	FOR i IN 1 .. times LOOP
		BEGIN
			PERFORM fetch_feed('test', url, 2000);
		EXCEPTION WHEN others THEN
			failed := failed + 1;
		END;
	END LOOP;
	RETURN failed;
END $$;
SELECT pg_temp.fails(:'base' || '/short', 1) AS warm \gset
SELECT count(*) AS descriptors FROM pg_ls_dir('/proc/self/fd') \gset
SELECT is(pg_temp.fails(:'base' || '/short', 40), 40, 'forty answers that break off');
SELECT cmp_ok((SELECT count(*) FROM pg_ls_dir('/proc/self/fd')), '<=', :descriptors::bigint, 'leave no descriptor open');
SELECT is((SELECT count(*) FROM pg_ls_dir('/proc/self/task')), 1::bigint, 'and no thread');

-- ---- who may --------------------------------------------------------------------------------
SELECT is(has_function_privilege('public', 'fetch_feed(text, text, int, int)', 'EXECUTE'), false, 'not everybody may call fetch_feed()');
SELECT is(has_table_privilege('public', 'feed_host', 'INSERT'), false, 'nor allow a host');
BEGIN READ ONLY;
SELECT throws_ok(format('SELECT fetch_feed(%L, %L)', 'test', :'base' || '/ok'), '25006', NULL, 'a read-only transaction fetches nothing');
COMMIT;
SELECT * FROM finish();
SQL
status=$?
exit $status
