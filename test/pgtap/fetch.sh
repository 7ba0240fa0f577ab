#!/bin/sh
# http_get() against test/feed_server, plain and with TLS under an authority of our own. Prints TAP.
dir=$(mktemp -d) && chmod 755 "$dir" || exit 1
db=t_fetch_$$
key=planted%20$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')=end
encoded=$(printf %s "$key" | sed 's/%/%25/g; s/=/%3D/g')
server_owner() { chown --reference="$(psql -X -A -t -d postgres -c 'SHOW data_directory')" "$@"; }

# ---- two servers, an authority and its certificate for localhost ------------------------------
mkdir "$dir/plain" "$dir/tls"
(cd "$dir" && {
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=bet_edge test authority' -keyout ca.key -out ca.pem
	openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr
	printf 'subjectAltName=DNS:localhost\n' >extensions
	openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile extensions -out server.pem
} >openssl.log 2>&1) || { cat "$dir/openssl.log"; exit 1; }
test/feed_server "$dir/plain" &
plain=$!
test/feed_server "$dir/tls" "$dir/server.pem" "$dir/server.key" &
tls=$!
trap 'kill $plain $tls 2>/dev/null; dropdb --if-exists --force $db; rm -rf "$dir"' EXIT
for i in $(seq 100); do [ -s "$dir/plain/port" ] && [ -s "$dir/tls/port" ] && break; sleep 0.1; done
port=$(cat "$dir/plain/port")
tls_port=$(cat "$dir/tls/port")
# a listener whose queue is full: connecting to it never ends
perl -MIO::Socket::INET -e '$| = 1; my $l = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1") or die; my $p = $l->sockport;
	my @full = map { my $s = IO::Socket::INET->new(Proto => "tcp", Blocking => 0); connect($s, pack_sockaddr_in($p, inet_aton("127.0.0.1"))); $s } 1 .. 8;
	print "$p\n"; sleep 3600' >"$dir/full_port" &
perl_full=$!
trap 'kill $plain $tls $perl_full 2>/dev/null; dropdb --if-exists --force $db; rm -rf "$dir"' EXIT
head -c 102400 /dev/urandom >"$dir/plain/bytes"
cat >"$dir/plain/script.json" <<JSON
{"/ok": {"file": "bytes"}, "/gzip": {"file": "bytes", "gzip": true}, "/empty": {}, "/missing": {"status": 404, "body": "no..."},
 "/echo": {"echo": true}, "/echo/${encoded}": {"echo": true}, "/echo401": {"status": 401, "echo": true}, "/quota": {"status": 429, "headers": {"Retry-After": "7"}},
 "/unlike": {"body": "{}", "headers": {"Content-Type": "image/png", "X-Latin": "\u00fc"}},
 "/etag": {"body": "same", "etag": "v1", "headers": {"Last-Modified": "Sat, 21 Nov 2026 10:00:00 GMT"}},
 "/short": {"body": "cut off", "length": 100, "cut": 7}, "/short_chunk": {"body": "cut off", "chunked": true, "cut": 4}, "/short_gzip": {"body": "not so very long", "gzip": true, "length": 100, "cut": 12},
 "/not_gzip": {"body": "plain", "headers": {"Content-Encoding": "gzip"}},
 "/big": {"body": "x", "length": 5000000000}, "/200mb": {"body": "x", "repeat": 200000000, "length": false}, "/200mb_chunked": {"body": "x", "repeat": 200000000, "chunked": true},
 "/bomb": {"body": "0", "repeat": 200000000, "gzip": true}, "/noise": {"noise": true}, "/silent": {"silent": true}, "/late": {"delay": 5}, "/drip": {"body": "drop by drop", "drip": 0.2, "repeat": 100},
 "/long_header": {"body": "{}", "headers": {"X-Long": "$(head -c 90000 /dev/zero | tr '\0' x)"}},
 "/moved": {"status": 302, "headers": {"Location": "/ok"}}, "/308": {"status": 308, "headers": {"Location": "http://LOCALHOST:$port/ok"}}, "/nowhere": {"status": 302, "body": "stays"}, "/loop": {"status": 301, "headers": {"Location": "/loop"}},
 "/metadata": {"status": 302, "headers": {"Location": "http://169.254.169.254/latest/meta-data"}}, "/mapped": {"status": 302, "headers": {"Location": "http://[::ffff:127.0.0.1]:$port/ok"}},
 "/elsewhere": {"status": 302, "headers": {"Location": "http://example.org/"}}, "/file": {"status": 302, "headers": {"Location": "file:///etc/passwd"}}, "/user": {"status": 302, "headers": {"Location": "http://a:b@localhost:$port/ok"}},
 "/gives_key_away": {"status": 302, "headers": {"Location": "http://localhost:$port/ok?stolen=$encoded"}}, "/moved_away": {"status": 307, "headers": {"Location": "http://localhost:$port/echo"}}}
JSON
cat >"$dir/tls/script.json" <<JSON
{"/ok": {"file": "../plain/bytes", "gzip": true}, "/down": {"status": 302, "headers": {"Location": "http://localhost:$port/ok"}}, "/moved": {"status": 302, "headers": {"Location": "/ok"}}, "/silent": {"silent": true}, "/drip": {"body": "drop", "drip": 0.2, "repeat": 100}}
JSON
printf '# keys of the test\n127.0.0.1\t%s\nlocalhost short1\nheaders.localhost %s X-Api-Key\n' "$key" "$key" >"$dir/keys"
cp "$dir/keys" "$dir/open_keys"
server_owner "$dir/keys" "$dir/open_keys" && chmod 600 "$dir/keys" && chmod 644 "$dir/open_keys" || exit 1
sed -i 's/^headers.localhost/127.0.0.1/; /^127.0.0.1\t/d' "$dir/open_keys"
cp -p "$dir/open_keys" "$dir/header_keys" && chmod 600 "$dir/header_keys"

createdb -T bet_edge_template $db || exit 1
psql -X -q -v ON_ERROR_STOP=1 -d $db -c "INSERT INTO bet_edge.feed_host (host, allow_private, allow_plain) VALUES
	('127.0.0.1', true, true), ('localhost', true, true), ('10.0.0.1', false, true), ('127.0.0.2', false, true), ('169.254.169.254', false, true), ('[::1]', false, true),
	('[::ffff:127.0.0.1]', false, true), ('[fe80::1]', false, true), ('[fd00::1]', false, true), ('[2002:7f00:1::]', false, true), ('0.0.0.0', false, true), ('100.64.0.1', false, true),
	('localhost.localdomain', true, false)" || exit 1

# A cancel from another session, while the first waits for an answer that never comes: both note the time by the server's
# clock. Three times, since what is late once may be the machine.
cat >"$dir/wait.sql" <<SQL
SET application_name = 'waiting';
DO \$\$ BEGIN
	PERFORM bet_edge.http_get('http://127.0.0.1:$port/silent', 300000);
EXCEPTION WHEN query_canceled THEN
	INSERT INTO public.cancelled VALUES (clock_timestamp(), SQLSTATE);
END \$\$;
SQL
psql -X -q -d $db -c 'CREATE TABLE public.cancelled (at timestamptz, sqlstate text)' -c 'CREATE TABLE public.asked (at timestamptz, sent boolean)'
for time in 1 2 3; do
	psql -X -q -d $db -f "$dir/wait.sql" &
	waiting=$!
	for i in $(seq 600); do [ "$(grep -s silent "$dir/plain/requests" | wc -l)" -ge $time ] && break; sleep 0.1; done
	psql -X -q -d $db -c "INSERT INTO public.asked SELECT clock_timestamp(), pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = 'waiting' AND datname = current_database()"
	wait $waiting
done

psql -X -q -A -t -v ON_ERROR_STOP=1 -v VERBOSITY=terse -v port="$port" -v tls_port="$tls_port" -v full_port="$(cat "$dir/full_port")" -v dir="$dir" -v key="$key" -d $db <<'SQL'
SET search_path = bet_edge, public;
SELECT no_plan();
\set base 'http://127.0.0.1:' :port
\set tls 'https://localhost:' :tls_port
SELECT is((SELECT array_agg(sqlstate) FROM public.cancelled), '{57014,57014,57014}'::text[], 'pg_cancel_backend ends the wait with 57014');
CREATE TEMPORARY TABLE waited AS
	SELECT c.at - a.at AS over FROM (SELECT at, row_number() OVER (ORDER BY at) AS n FROM public.cancelled) AS c JOIN (SELECT at, row_number() OVER (ORDER BY at) AS n FROM public.asked) AS a USING (n);
SELECT cmp_ok((SELECT min(over) FROM waited), '<', interval '100 milliseconds', 'within 100 ms');
SELECT diag('pg_cancel_backend: over after ' || string_agg(over::text, ', ')) FROM waited;

-- What libcurl drags in comes with the first call.
SELECT is(overround(ARRAY[2, 2]), 0::float8, 'arithmetic');
SELECT ok(pg_read_file('/proc/self/maps') NOT LIKE '%libcurl%', 'arithmetic does not load libcurl');
SELECT is((SELECT status FROM http_get(:'base' || '/ok')), 200, 'an answer');
SELECT ok(pg_read_file('/proc/self/maps') LIKE '%libcurl%', 'fetch does');

-- ---- answers --------------------------------------------------------------------------------
SELECT ok((SELECT body = pg_read_binary_file(:'dir' || '/plain/bytes') FROM http_get(:'base' || '/ok')), 'the body, byte for byte');
SELECT ok((SELECT body = pg_read_binary_file(:'dir' || '/plain/bytes') AND http_header(headers, 'Content-Encoding') = 'gzip' FROM http_get(:'base' || '/gzip')), 'the same when it came compressed');
SELECT is((SELECT body FROM http_get(:'base' || '/empty')), '', 'an empty one');
SELECT is((SELECT status || ' ' || encode(body, 'escape') FROM http_get(:'base' || '/missing')), '404 no...', '404 is a status, with its body');
SELECT is((SELECT status || ' ' || http_header(headers, 'retry-after') FROM http_get(:'base' || '/quota')), '429 7', 'so is 429, with its headers');
SELECT is((SELECT encode(body, 'escape') || http_header(headers, 'content-type') || http_header(headers, 'x-latin') FROM http_get(:'base' || '/unlike')), '{}image/png?', 'a type that does not fit, and a header that is not ASCII');
SELECT is((SELECT status FROM http_get(:'base' || '/long_header')), 200, 'a header of 90 kB is no harm');
SELECT is((SELECT status FROM http_get(replace(:'base', '127.0.0.1', 'LOCALHOST') || '/ok')), 200, 'a host by its name, in any case');
SELECT is((SELECT status FROM http_get(NULL)), NULL, 'NULL in, NULL out');
SELECT is((SELECT array_agg(status ORDER BY n) FROM (VALUES (1, NULL, NULL), (2, '"v1"', NULL), (3, '"v0"', 'Sat, 21 Nov 2026 10:00:00 GMT')) AS c(n, etag, since), http_get(:'base' || '/etag', etag => c.etag, modified_since => c.since)),
	'{200,304,200}', 'what has not changed since is a 304');
\set last `tail -n 1 :dir/plain/requests`
SELECT is(:'last'::jsonb #>> '{headers,if-modified-since}', 'Sat, 21 Nov 2026 10:00:00 GMT', 'If-Modified-Since goes along');
SELECT throws_ok(format('SELECT http_get(%L, etag => E''a\r\nX: y'')', :'base' || '/etag'), '22023', 'the value of header If-None-Match must be one line', 'an etag that would be a second header');
SELECT is(http_header(E'HTTP/1.1 200 OK\nA-B: c: d \na: x', 'A'), 'x', 'a header by its whole name');
SELECT is(http_header(E'HTTP/1.1 200 OK\nA-B: c: d \na: x', 'a-b'), 'c: d', 'and its value');

-- ---- redirects ---------------------------------------------------------------------------------
SELECT is((SELECT length(body) FROM http_get(:'base' || '/moved')), 102400, 'a redirect is followed');
SELECT is((SELECT length(body) FROM http_get(:'base' || '/308')), 102400, 'to another host, when that is allowed');
SELECT is((SELECT status || encode(body, 'escape') FROM http_get(:'base' || '/nowhere')), '302stays', 'one to nowhere is an answer');
SELECT throws_ok(format('SELECT http_get(%L)', :'base' || '/loop'), '38000', '127.0.0.1 redirects more than 5 times', 'but not for ever');
SELECT throws_ok(format('SELECT http_get(%L)', :'base' || '/metadata'), '42501', 'host 169.254.169.254 is at a private address, 169.254.169.254', 'to the metadata of the cloud: refused');
SELECT throws_ok(format('SELECT http_get(%L)', :'base' || '/mapped'), '42501', NULL, 'to an IPv4 address dressed as IPv6: refused');
SELECT throws_ok(format('SELECT http_get(%L)', :'base' || '/elsewhere'), '42501', 'host example.org is not in bet_edge.feed_host', 'to a host that nobody allowed: refused');
SELECT throws_ok(format('SELECT http_get(%L)', :'base' || '/file'), '22023', NULL, 'to a file: refused');
SELECT throws_ok(format('SELECT http_get(%L)', :'base' || '/user'), '22023', 'url must not hold a user name or a password', 'with a user name: refused');

-- ---- TLS -------------------------------------------------------------------------------------------
SELECT throws_ok(format('SELECT http_get(%L)', :'tls' || '/ok'), '08006', NULL, 'a certificate of an authority that nobody trusts');
SELECT set_config('bet_edge_feed.ca_file', :'dir' || '/ca.pem', false) IS NOT NULL AS trusted \gset
SELECT ok((SELECT body = pg_read_binary_file(:'dir' || '/plain/bytes') FROM http_get(:'tls' || '/ok')), 'trusted, it serves');
SELECT is((SELECT status FROM http_get(:'tls' || '/moved')), 200, 'and redirects');
SELECT throws_ok(format('SELECT http_get(%L)', :'tls' || '/down'), '42501', 'localhost redirects from https to plain http', 'but not down to plain http');
SELECT throws_ok(format('SELECT http_get(%L)', replace(:'tls', 'localhost', '127.0.0.1') || '/ok'), '08006', NULL, 'a certificate for another name');
SELECT throws_ok(format('SELECT http_get(%L, 200)', replace(:'base', 'http:', 'https:') || '/ok'), '08006', NULL, 'a server that does not speak TLS');
SELECT throws_ok('SELECT http_get(''http://localhost.localdomain/'')', '42501', 'host localhost.localdomain is asked by https only', 'plain http where it is not allowed');
SELECT throws_ok('SELECT http_get(''http://api.the-odds-api.com/v4/sports'')', '42501', 'host api.the-odds-api.com is asked by https only', 'as of every shipped host');

-- ---- what is refused ----------------------------------------------------------------------
SELECT throws_ok('SELECT http_get(''https://example.org/'')', '42501', 'host example.org is not in bet_edge.feed_host', 'a host that nobody allowed');
SELECT throws_ok('SELECT http_get(''http://127.0.0.1.example.org/'')', '42501', NULL, 'nor one that begins like an allowed one');
SELECT throws_ok('SELECT http_get(''http://www.football-data.co.uk@example.org/'')', '22023', 'url must not hold a user name or a password', 'a user name');
SELECT throws_ok(format('SELECT http_get(%L)', url), '42501', NULL, 'private: ' || url)
FROM unnest(ARRAY['http://10.0.0.1/', 'http://127.0.0.2/', 'http://169.254.169.254/latest/meta-data', 'http://[::1]/', 'http://[::ffff:127.0.0.1]/', 'http://[fe80::1]/',
	'http://[fd00::1]/', 'http://[2002:7f00:1::]/', 'http://0/', 'http://0.0.0.0/', 'http://100.64.0.1/']) AS url;
SELECT throws_matching('SELECT http_get(''http://127.0.0.2/'')', 'host 127.0.0.2 is at a private address, 127.0.0.2', 'and the message says so');
SELECT throws_ok('SELECT http_get(''file:///etc/passwd'')', '22023', 'url must be http or https, not "file"', 'file:');
SELECT throws_ok('SELECT http_get(''gopher://127.0.0.1/'')', '22023', NULL, 'gopher:');
SELECT throws_ok('SELECT http_get(''not an address'')', '22023', NULL, 'no address');
SELECT throws_ok('SELECT http_get(''http://127.0.0.1/'', 0)', '22023', 'timeout_ms must be from 1 to 600000, not 0', 'no time');
SELECT throws_ok('SELECT http_get(''http://127.0.0.1/'', 1000, 0)', '22023', 'max_bytes must be from 1 to 1000000000, not 0', 'no room');
SELECT throws_ok(format('SELECT http_get(%L, 5000, 102399)', :'base' || '/ok'), '54000', 'answer of 127.0.0.1 is longer than max_bytes 102399', 'one byte too many');
SELECT lives_ok(format('SELECT http_get(%L, 5000, 102400)', :'base' || '/ok'), 'as many as allowed');
SELECT throws_ok(format('SELECT http_get(%L)', :'base' || path), '54000', NULL, what)
FROM (VALUES ('/200mb', '200 MB without a length'), ('/200mb_chunked', '200 MB in chunks'), ('/big', 'an answer that announces too much'), ('/bomb', '200 MB in 200 kB of gzip')) AS c(path, what);
SELECT throws_ok(format('SELECT http_get(%L)', :'base' || path), '08006', NULL, what)
FROM (VALUES ('/short', 'an answer that breaks off'), ('/short_chunk', 'before its last chunk'), ('/short_gzip', 'in the middle of gzip'), ('/not_gzip', 'gzip that is none')) AS c(path, what);
SELECT throws_ok(format('SELECT http_get(%L)', :'base' || '/noise'), '38000', NULL, 'an answer that is not HTTP');
SELECT throws_ok(format('SELECT http_get(%L, %s)', :'base' || path, ms), '08006', 'no answer from 127.0.0.1 within timeout_ms ' || ms, what)
FROM (VALUES ('/silent', 200, 'no answer in time'), ('/late', 201, 'one that comes too late'), ('/drip', 500, 'one that drips')) AS c(path, ms, what);
SELECT throws_ok(format('SELECT http_get(%L, 300)', 'http://127.0.0.1:' || :full_port || '/'), '08006', 'no answer from 127.0.0.1 within timeout_ms 300', 'a connection that is never taken');
SELECT throws_ok('SELECT http_get(''http://127.0.0.1:1/'')', '08001', NULL, 'nobody listens');

-- ---- keys -------------------------------------------------------------------------------------------
SELECT throws_ok(format('SELECT http_get(%L)', :'base' || '/echo?apiKey={key}'), '42704', 'there is no key for host 127.0.0.1', 'no file of keys');
SELECT set_config('bet_edge_feed.key_file', :'dir' || '/open_keys', false) IS NOT NULL AS set \gset
SELECT throws_ok(format('SELECT http_get(%L)', :'base' || '/echo?apiKey={key}'), 'F0000', NULL, 'a file that others can read');
SELECT set_config('bet_edge_feed.key_file', '/dev/null', false) IS NOT NULL AS set \gset
SELECT throws_ok(format('SELECT http_get(%L)', :'base' || '/echo?apiKey={key}'), 'F0000', NULL, 'one that is no file');
SELECT set_config('bet_edge_feed.key_file', :'dir' || '/absent', false) IS NOT NULL AS set \gset
SELECT throws_ok(format('SELECT http_get(%L)', :'base' || '/echo?apiKey={key}'), '58P01', NULL, 'one that is not there');
SELECT set_config('bet_edge_feed.key_file', :'dir' || '/keys', false) IS NOT NULL AS set \gset
SELECT alike((SELECT encode(body, 'escape') FROM http_get(:'base' || '/echo?apiKey={key}&x=1')), '/echo?apiKey=****%*&x=1%', 'a key goes into the address; an answer that repeats it has stars');
\set last `tail -n 1 :dir/plain/requests`
SELECT is(:'last'::jsonb ->> 'path', '/echo?apiKey=' || replace(replace(:'key', '%', '%25'), '=', '%3D') || '&x=1', 'what was sent is the key, encoded');
SELECT is((SELECT status FROM http_get(:'base' || '/echo/{key}')), 200, 'also in the path');
SELECT ok((SELECT count(*) = 1 AND bool_and(status = 401 AND strpos(encode(body, 'escape'), :'key') = 0) FROM http_get(:'base' || '/echo401?k={key}')), 'stars in an error''s body too');
SELECT alike((SELECT encode(body, 'escape') FROM http_get(:'tls' || '/nothing?k={key}')), 'nothing%', 'a key of another host is not sent');
\set last `tail -n 1 :dir/tls/requests`
SELECT is(:'last'::jsonb ->> 'path', '/nothing?k=short1', 'but its own');
SELECT throws_ok('SELECT http_get(''https://{key}.example.org/'')', NULL, NULL, 'a key is no part of a host');
SELECT throws_ok(format('SELECT http_get(%L)', :'base' || '/gives_key_away?k={key}'), '42501', '127.0.0.1 redirects with its key to localhost', 'a redirect that carries the key away');
SELECT set_config('bet_edge_feed.key_file', :'dir' || '/header_keys', false) IS NOT NULL AS set \gset
SELECT is((SELECT status FROM http_get(:'base' || '/echo')), 200, 'a key that goes into a header');
\set last `tail -n 1 :dir/plain/requests`
SELECT is(:'last'::jsonb #>> '{headers,x-api-key}', :'key', 'is there');
SELECT is((SELECT status FROM http_get(:'base' || '/moved_away')), 200, 'a redirect to another host');
\set last `tail -n 1 :dir/plain/requests`
SELECT is(:'last'::jsonb #>> '{headers,x-api-key}', NULL, 'goes without it');
RESET bet_edge_feed.key_file;

-- ---- cancel, and what is left behind --------------------------------------------------------
CREATE FUNCTION pg_temp.cancelled(url text) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
	started timestamptz := clock_timestamp();
BEGIN
	PERFORM http_get(url);
	RAISE EXCEPTION '% was not cancelled', url;
EXCEPTION WHEN query_canceled THEN
	RETURN extract(epoch FROM clock_timestamp() - started);
END $$;
CREATE TEMPORARY TABLE phase (what text, url text, seconds float8);
INSERT INTO phase (what, url) VALUES ('waiting for an answer', :'base' || '/silent'), ('waiting for a late one', :'base' || '/late'), ('during a slow body', :'base' || '/drip'),
	('connecting', 'http://127.0.0.1:' || :full_port || '/'), ('in a handshake', replace(:'base', 'http:', 'https:') || '/silent'), ('behind TLS', :'tls' || '/silent'), ('in a slow body behind TLS', :'tls' || '/drip');
SET statement_timeout = 300;
-- each of three is cancelled, and the best of them in time: what is late once may be the machine
SELECT format('UPDATE phase SET seconds = least(seconds, pg_temp.cancelled(url)) WHERE what = %L', what) FROM phase, generate_series(1, 3) \gexec
RESET statement_timeout;
SELECT ok(seconds BETWEEN 0.1 AND 0.4, 'statement_timeout ends it ' || what || ' within 100 ms') FROM phase;
SELECT diag('statement_timeout of 300 ms: over after ' || string_agg(round(1000 * seconds)::text, ', ') || ' ms') FROM phase;
SELECT is((SELECT status FROM http_get(:'base' || '/ok')), 200, 'and the same backend goes on');

CREATE FUNCTION pg_temp.fails(url text, times int, ms int DEFAULT 2000) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
	failed int := 0;
BEGIN
	FOR i IN 1 .. times LOOP
		BEGIN
			PERFORM set_config('statement_timeout', '0', true);
			PERFORM http_get(url, ms);
		EXCEPTION WHEN others THEN
			failed := failed + 1;
		END;
	END LOOP;
	RETURN failed;
END $$;
CREATE FUNCTION pg_temp.resident_kb() RETURNS int LANGUAGE sql AS $$ SELECT substring(pg_read_file('/proc/self/status') FROM 'RssAnon:\s+(\d+)')::int $$;
SELECT pg_temp.fails(:'base' || '/200mb', 3) + pg_temp.fails(:'base' || '/short', 20) + pg_temp.fails(:'tls' || '/drip', 5, 30) AS warm \gset
SELECT count(*) AS descriptors FROM pg_ls_dir('/proc/self/fd') \gset
SELECT pg_temp.resident_kb() AS resident \gset
SELECT is(pg_temp.fails(:'base' || '/short', 40), 40, 'forty answers that break off');
SELECT is(pg_temp.fails(:'base' || '/200mb', 10), 10, 'ten that are too long');
SELECT is(pg_temp.fails(:'tls' || '/drip', 40, 30), 40, 'forty that take too long behind TLS');
SELECT format('SELECT set_config(''test.ended'', (current_setting(''test.ended'')::int + (pg_temp.cancelled(%L) > 0)::int)::text, false) \gset', url) FROM phase, generate_series(1, 10) \g :dir/cancel_many.sql
-- counted in a setting: a table's files would be descriptors
SET test.ended = 0;
SET statement_timeout = 30;
-- a cancel that comes before the call or after it takes its count along
\set ON_ERROR_STOP off
\i :dir/cancel_many.sql
\set ON_ERROR_STOP on
RESET statement_timeout;
SELECT cmp_ok(current_setting('test.ended')::int, '>', 35, 'seventy calls are cancelled, most of them while they wait');
SELECT cmp_ok((SELECT count(*) FROM pg_ls_dir('/proc/self/fd')), '<=', :descriptors::bigint, 'and seventy that were cancelled leave no descriptor open');
SELECT is((SELECT count(*) FROM pg_ls_dir('/proc/self/task')), 1::bigint, 'no thread');
SELECT cmp_ok(pg_temp.resident_kb() - :resident, '<', 4000, 'and no memory (kB)');
SELECT diag('resident memory grew by ' || pg_temp.resident_kb() - :resident || ' kB over 160 failed calls');

-- ---- who may --------------------------------------------------------------------------------
SELECT is(has_function_privilege('public', 'http_get(text, int, int, text, text)', 'EXECUTE'), false, 'not everybody may call http_get()');
SELECT is(has_table_privilege('public', 'feed_host', 'INSERT'), false, 'nor allow a host');
SELECT 'operator_' || pg_backend_pid() AS operator \gset
CREATE ROLE :operator;
GRANT USAGE ON SCHEMA bet_edge, public TO :operator;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA bet_edge TO :operator;
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA bet_edge, public TO :operator;
SET ROLE :operator;
SELECT throws_ok('INSERT INTO feed_host (host) VALUES (''example.org'')', '42501', 'only its owner may change table feed_host', 'not even who may write to every table');
SELECT throws_ok('SET bet_edge_feed.key_file = ''/etc/passwd''', '42501', NULL, 'nor choose the file of keys');
SELECT throws_ok('SHOW bet_edge_feed.key_file', '42501', NULL, 'or see where it is');
RESET ROLE;
DROP OWNED BY :operator;
DROP ROLE :operator;
SELECT * FROM finish();
SQL
status=$?
exit $status
