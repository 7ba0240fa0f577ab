-- weather: what was forecast for a ground and when, and, kept apart, what it was.

CREATE TYPE collected_weather AS (
	starts_at          timestamptz,
	ends_at            timestamptz,
	issued_at          timestamptz,
	temperature        float8,
	wind_speed         float8,
	wind_gust          float8,
	wind_direction     float8,
	precipitation_prob float8,
	precipitation      float8,
	members            int,
	raw                text,
	problem            text
);
COMMENT ON TYPE collected_weather IS
'The weather from starts_at until before ends_at as a feed told it, in degrees Celsius, km/h, degrees from which the wind blows, probability 0 to 1 and mm; NULL unknown. issued_at: when it says that it was made; members: how many runs of an ensemble it is the mean of; raw: the step as received, problem: which of its values cannot be, NULL mostly.';

CREATE TABLE weather_forecast (
	venue              text COLLATE "C" NOT NULL REFERENCES venue,
	source             text NOT NULL,
	starts_at          timestamptz NOT NULL,
	ends_at            timestamptz NOT NULL,
	issued_at          timestamptz,
	temperature        float8,
	wind_speed         float8,
	wind_gust          float8,
	wind_direction     float8,
	precipitation_prob float8,
	precipitation      float8,
	members            int,
	known_at           timestamptz NOT NULL,
	recorded_at        timestamptz NOT NULL,
	payload_id         bigint NOT NULL REFERENCES payload,
	PRIMARY KEY (venue, starts_at, source, known_at, recorded_at),
	CHECK (starts_at < ends_at)
);
COMMENT ON TABLE weather_forecast IS 'Forecasts, one row a ground, hour (or longer period), source and issue; one that says what the source said before is not stored again. Columns as in collected_weather.';
COMMENT ON COLUMN weather_forecast.source IS 'The feed.';
COMMENT ON COLUMN weather_forecast.issued_at IS 'When the forecast was made: the run that was asked for, or the update that the source names. NULL where it says nothing.';
COMMENT ON COLUMN weather_forecast.known_at IS 'A model run: 6 hours after its start, when it is computed and published; NWS: when the text was generated; otherwise the arrival of the payload, for a history of forecasts too: it does not tell its runs apart. Never later than the payload.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.weather_forecast', '');

CREATE TABLE weather_archive (
	venue              text COLLATE "C" NOT NULL REFERENCES venue,
	source             text NOT NULL,
	starts_at          timestamptz NOT NULL,
	ends_at            timestamptz NOT NULL,
	temperature        float8,
	wind_speed         float8,
	wind_gust          float8,
	wind_direction     float8,
	precipitation      float8,
	known_at           timestamptz NOT NULL,
	recorded_at        timestamptz NOT NULL,
	payload_id         bigint NOT NULL REFERENCES payload,
	PRIMARY KEY (venue, starts_at, source, known_at, recorded_at),
	CHECK (starts_at < ends_at)
);
COMMENT ON TABLE weather_archive IS 'The weather as it was, to say how wrong forecasts are. No feature may read it: check_leakage() refuses a query that does, scramble_check() a function.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.weather_archive', '');

CREATE TABLE weather_grid (
	grid        text COLLATE "C" NOT NULL,
	venue       text NOT NULL REFERENCES venue,
	recorded_at timestamptz NOT NULL,
	payload_id  bigint NOT NULL REFERENCES payload,
	PRIMARY KEY (grid, venue)
);
COMMENT ON TABLE weather_grid IS 'The cell of the US National Weather Service in which a ground lies (office/x,y), from its points answers: its forecasts are asked for by cell.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.weather_grid', '');

CREATE FUNCTION metric_value(value text, unit text) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT m.metric
	FROM (VALUES ('{°C,C,wmoUnit:degC}'::text[], 0.0::float8, 1.0::float8, -90, 60), ('{°F,F,wmoUnit:degF}', -32, 1 / 1.8, -90, 60), ('{K}', -273.15, 1, -90, 60),
		('{km/h,wmoUnit:km_h-1}', 0, 1, 0, 450), ('{mp/h,mph}', 0, 1.609344, 0, 450), ('{m/s,wmoUnit:m_s-1}', 0, 3.6, 0, 450), ('{kn}', 0, 1.852, 0, 450),
		('{%,wmoUnit:percent}', 0, 0.01, 0, 1), ('{share}', 0, 1, 0, 1), ('{°}', 0, 1, 0, 360), ('{mm}', 0, 1, 0, 2000), ('{inch}', 0, 25.4, 0, 2000)
	) AS u (units, shift, factor, low, high)
	CROSS JOIN LATERAL (SELECT (decimal_number(value) + u.shift) * u.factor AS metric) AS m
	WHERE unit = ANY (u.units) AND m.metric BETWEEN u.low AND u.high;
END;
COMMENT ON FUNCTION metric_value(text, text) IS
'A value of weather, as a feed wrote it, in degrees Celsius, km/h, probability 0 to 1, degrees or mm, from the unit that the feed names: °C, °F, K, km/h, mph (Open-Meteo''s mp/h too), m/s, kn, %, share, °, mm, inch and NWS''s wmoUnit codes. NULL: no number, an unknown unit, or a value that no weather on earth has, which is another unit''s.';

CREATE FUNCTION weather_problem(name text, said text, unit text, value float8) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN said IS NOT NULL AND value IS NULL THEN format('%s is %s', name, concat_ws(' ', left(said, 40), unit)) END;
COMMENT ON FUNCTION weather_problem(text, text, text, float8) IS 'What is wrong with a value of weather: something was said, and value, what metric_value() makes of it, is unknown. NULL: nothing.';

CREATE FUNCTION parse_open_meteo(body jsonb) RETURNS SETOF collected_weather
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	zone  text := coalesce(body ->> 'timezone', 'GMT');
	bad   record;
	known jsonb;	-- the columns that are read, each with its field
BEGIN
	IF jsonb_typeof(body -> 'hourly' -> 'time') IS DISTINCT FROM 'array' THEN
		RAISE EXCEPTION 'no hourly weather of Open-Meteo: %', coalesce(body ->> 'reason', left(body::text, 60)) USING ERRCODE = 'bad_copy_file_format';
	ELSIF NOT EXISTS (SELECT FROM pg_timezone_names AS z WHERE z.name = zone) THEN
		RAISE EXCEPTION 'unknown time zone %', quote_literal(zone) USING ERRCODE = 'bad_copy_file_format';
	END IF;
	known := (SELECT jsonb_object_agg(e.key, n.field) FROM jsonb_object_keys(body -> 'hourly') AS e (key)
		JOIN (VALUES ('temperature_2m', 'temperature'), ('wind_speed_10m', 'wind_speed'), ('windspeed_10m', 'wind_speed'), ('wind_gusts_10m', 'wind_gust'), ('windgusts_10m', 'wind_gust'),
			('wind_direction_10m', 'wind_direction'), ('winddirection_10m', 'wind_direction'), ('precipitation_probability', 'precipitation_prob'),
			('precipitation', 'precipitation')) AS n (name, field) ON n.name = regexp_replace(e.key, '_member\d+$', ''));
	SELECT c.key, v.n INTO bad FROM jsonb_each(known) AS c
	CROSS JOIN LATERAL (SELECT jsonb_array_length(CASE jsonb_typeof(x) WHEN 'array' THEN x ELSE '[]' END) AS n FROM (SELECT body -> 'hourly' -> c.key AS x) AS x) AS v
	WHERE v.n <> jsonb_array_length(body -> 'hourly' -> 'time') LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'column % has % values for % times', bad.key, bad.n, jsonb_array_length(body -> 'hourly' -> 'time') USING ERRCODE = 'bad_copy_file_format';
	END IF;
	RETURN QUERY
	WITH hour AS MATERIALIZED (
		SELECT t.i, CASE jsonb_typeof(t.value) WHEN 'number' THEN api_time(t.value #>> '{}')
			WHEN 'string' THEN utc_time(substring(t.value #>> '{}' FROM '^[-\d]{10}T[:\d]{5,8}$')) AT TIME ZONE 'UTC' AT TIME ZONE zone END AS at
		FROM jsonb_array_elements(body -> 'hourly' -> 'time') WITH ORDINALITY AS t (value, i)
	), told AS (
		SELECT c.field, c.key ~ '_member\d+$' AS is_member, v.i, m.value, weather_problem(c.key, v.said, body -> 'hourly_units' ->> c.key, m.value) AS problem
		FROM jsonb_each_text(known) AS c (key, field)
		CROSS JOIN LATERAL jsonb_array_elements_text(body -> 'hourly' -> c.key) WITH ORDINALITY AS v (said, i)
		CROSS JOIN LATERAL (SELECT metric_value(v.said, body -> 'hourly_units' ->> c.key) AS value) AS m
		WHERE v.said IS NOT NULL
	), step AS (
		SELECT h.i, h.at, avg(t.value) FILTER (WHERE t.field = 'temperature') AS temperature, avg(t.value) FILTER (WHERE t.field = 'wind_speed') AS wind_speed, avg(t.value) FILTER (WHERE t.field = 'wind_gust') AS wind_gust,
			-- degrees have no mean: the control run's
			min(t.value) FILTER (WHERE t.field = 'wind_direction' AND NOT t.is_member) AS wind_direction,
			avg(t.value) FILTER (WHERE t.field = 'precipitation_prob') AS precipitation_prob, avg(t.value) FILTER (WHERE t.field = 'precipitation') AS precipitation,
			CASE WHEN bool_or(t.is_member) THEN count(*) FILTER (WHERE t.field = 'temperature') END::int AS members, string_agg(t.problem, ', ' ORDER BY t.problem) AS problem,
			-- an hour that the clock shows twice is one
			row_number() OVER (PARTITION BY h.at, bool_or(t.problem IS NOT NULL) ORDER BY h.i) AS copy
		FROM hour AS h JOIN told AS t ON t.i = h.i GROUP BY h.i, h.at
	)
	SELECT s.at, s.at + interval '1 hour', NULL::timestamptz, s.temperature, s.wind_speed, s.wind_gust, s.wind_direction, s.precipitation_prob, s.precipitation, s.members,
		CASE WHEN s.at IS NULL OR s.problem IS NOT NULL THEN (SELECT jsonb_object_agg(e.key, e.value -> (s.i - 1)::int) FROM jsonb_each(body -> 'hourly') AS e)::text END, s.problem
	FROM step AS s WHERE s.at IS NULL OR s.copy = 1 ORDER BY s.i;
END $$;
COMMENT ON FUNCTION parse_open_meteo(jsonb) IS
'The hours of an answer of Open-Meteo, be it forecast, history of forecasts, single run, ensemble (the mean of control and members) or archive: all have one shape. Times are local to timezone (GMT without one; utc_offset_seconds is not believed) or epoch; units are those of hourly_units. An hour without any value is left out; one with a value that is no number or cannot be has a problem, one whose time is none no starts_at. Refuses (22P04) an error answer, columns shorter or longer than time and unknown zones.';

CREATE FUNCTION parse_nws(body jsonb) RETURNS SETOF collected_weather
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	IF jsonb_typeof(body -> 'properties' -> 'periods') IS DISTINCT FROM 'array' THEN
		RAISE EXCEPTION 'no forecast of the NWS: %', coalesce(body ->> 'detail', body ->> 'title', left(body::text, 60)) USING ERRCODE = 'bad_copy_file_format';
	END IF;
	RETURN QUERY
	SELECT utc_time(p ->> 'startTime'), utc_time(p ->> 'endTime'), greatest(utc_time(body -> 'properties' ->> 'updateTime'), utc_time(body -> 'properties' ->> 'generatedAt')),
		v.temperature, v.wind, NULL::float8, 22.5::float8 * (array_position('{N,NNE,NE,ENE,E,ESE,SE,SSE,S,SSW,SW,WSW,W,WNW,NW,NNW}', p ->> 'windDirection') - 1), v.chance, NULL::float8, NULL::int, p::text,
		nullif(concat_ws(', ', weather_problem('temperature', p ->> 'temperature', p ->> 'temperatureUnit', v.temperature), weather_problem('windSpeed', w.said[1], w.said[3], v.wind),
			weather_problem('probabilityOfPrecipitation', coalesce(p ->> 'probabilityOfPrecipitation', '0'), NULL, v.chance)), '')
	FROM jsonb_array_elements(body -> 'properties' -> 'periods') AS p
	LEFT JOIN LATERAL regexp_match(p ->> 'windSpeed', '^(\d+)(?: to (\d+))? (mph|km/h)$') AS w (said) ON true
	CROSS JOIN LATERAL (SELECT metric_value(p ->> 'temperature', p ->> 'temperatureUnit') AS temperature,
		metric_value(((decimal_number(w.said[1]) + decimal_number(coalesce(w.said[2], w.said[1]))) / 2)::text, w.said[3]) AS wind,
		CASE coalesce(jsonb_typeof(p -> 'probabilityOfPrecipitation'), 'null') WHEN 'null' THEN 0
			WHEN 'object' THEN metric_value(coalesce(p -> 'probabilityOfPrecipitation' ->> 'value', '0'), coalesce(p -> 'probabilityOfPrecipitation' ->> 'unitCode', '%')) END AS chance) AS v;
END $$;
COMMENT ON FUNCTION parse_nws(jsonb) IS
'The periods of a forecast of the US National Weather Service, hourly or of half days, with their own offsets. Wind is text: "0 to 10 mph" is its middle, another form unknown; an empty direction is unknown; no probability of precipitation means 0. issued_at: the later of updateTime and generatedAt. A period with a value that is no number or cannot be has a problem. Refuses (22P04) an error answer.';

CREATE FUNCTION parse_nws_points(body jsonb)
RETURNS TABLE (latitude float8, longitude float8, grid text, time_zone text)
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	latitude := decimal_number((regexp_match(body ->> 'id', '/points/(-?[\d.]+),(-?[\d.]+)$'))[1]);
	longitude := decimal_number((regexp_match(body ->> 'id', '/points/(-?[\d.]+),(-?[\d.]+)$'))[2]);
	grid := format('%s/%s,%s', body -> 'properties' ->> 'gridId', body -> 'properties' ->> 'gridX', body -> 'properties' ->> 'gridY');
	time_zone := body -> 'properties' ->> 'timeZone';
	IF latitude IS NULL OR longitude IS NULL OR grid !~ '^[A-Z]+/\d+,\d+$' THEN
		RAISE EXCEPTION 'no point of the NWS: %', coalesce(body ->> 'detail', body ->> 'title', left(body::text, 60)) USING ERRCODE = 'bad_copy_file_format';
	END IF;
	RETURN NEXT;
END $$;
COMMENT ON FUNCTION parse_nws_points(jsonb) IS 'The place, the cell (office/x,y) and the time zone of a points answer of the US National Weather Service. Refuses (22P04) an error answer.';

CREATE FUNCTION parse_openweather(body jsonb, units text DEFAULT 'standard') RETURNS SETOF collected_weather
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	heat  text := CASE units WHEN 'imperial' THEN 'F' WHEN 'metric' THEN 'C' WHEN 'standard' THEN 'K' END;
	speed text := CASE units WHEN 'imperial' THEN 'mph' ELSE 'm/s' END;
BEGIN
	IF heat IS NULL THEN
		RAISE EXCEPTION 'units % are not OpenWeather''s', quote_literal(units) USING ERRCODE = 'bad_copy_file_format', HINT = 'standard, metric or imperial';
	ELSIF body ->> 'cod' IS DISTINCT FROM '200' OR jsonb_typeof(body -> 'list') IS DISTINCT FROM 'array' THEN
		RAISE EXCEPTION 'no forecast of OpenWeather: % %', body ->> 'cod', coalesce(body ->> 'message', left(body::text, 60)) USING ERRCODE = 'bad_copy_file_format';
	END IF;
	RETURN QUERY
	SELECT api_time(s ->> 'dt'), api_time(s ->> 'dt') + interval '3 hours', NULL::timestamptz, v.temperature, v.wind, v.gust, v.direction, v.chance, v.rain + v.snow, NULL::int, s::text,
		nullif(concat_ws(', ', (SELECT string_agg(weather_problem(k, s ->> k, NULL, NULL), ', ' ORDER BY k) FROM unnest('{main,wind,rain,snow}'::text[]) AS k WHERE jsonb_typeof(s -> k) <> 'object'),
			weather_problem('temp', s #>> '{main,temp}', heat, v.temperature), weather_problem('speed', s #>> '{wind,speed}', speed, v.wind), weather_problem('gust', s #>> '{wind,gust}', speed, v.gust),
			weather_problem('deg', s #>> '{wind,deg}', '°', v.direction), weather_problem('pop', s ->> 'pop', NULL, v.chance), weather_problem('rain', s #>> '{rain,3h}', 'mm', v.rain), weather_problem('snow', s #>> '{snow,3h}', 'mm', v.snow)), '')
	FROM jsonb_array_elements(body -> 'list') AS s
	CROSS JOIN LATERAL (SELECT metric_value(s #>> '{main,temp}', heat) AS temperature, metric_value(s #>> '{wind,speed}', speed) AS wind, metric_value(s #>> '{wind,gust}', speed) AS gust, metric_value(s #>> '{wind,deg}', '°') AS direction,
		metric_value(s ->> 'pop', 'share') AS chance, metric_value(coalesce(s #>> '{rain,3h}', '0'), 'mm') AS rain, metric_value(coalesce(s #>> '{snow,3h}', '0'), 'mm') AS snow) AS v;
END $$;
COMMENT ON FUNCTION parse_openweather(jsonb, text) IS
'The three-hour steps of OpenWeather''s five-day forecast. units: those of the request, since the answer does not say: standard (kelvin, m/s), metric or imperial. dt is epoch, pop a share; rain and snow that are not there are 0 mm. A step with a value that is no number or cannot be has a problem. Refuses (22P04) an error answer (cod is a number there).';

CREATE FUNCTION weather_venues(feed text, name text) RETURNS SETOF text
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	WITH asked AS (
		SELECT coalesce(m.grid, m.place[1] || ',' || m.place[2], name) AS location, m.place[1]::float8 AS latitude, m.place[2]::float8 AS longitude
		FROM (SELECT substring(name FROM '/gridpoints/([A-Z]+/\d+,\d+)') AS grid,
			coalesce(regexp_match(name, '/points/(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)'),
				ARRAY[substring(name FROM '[?&]lat(?:itude)?=(-?\d+(?:\.\d+)?)(?:&|$)'), substring(name FROM '[?&]lon(?:gitude)?=(-?\d+(?:\.\d+)?)(?:&|$)')]) AS place) AS m
	)
	SELECT v.venue FROM asked JOIN venue AS v ON v.latitude = asked.latitude AND v.longitude = asked.longitude
	UNION SELECT g.venue FROM asked JOIN weather_grid AS g ON g.grid = asked.location
	UNION SELECT a.target FROM asked JOIN alias AS a ON a.feed = weather_venues.feed AND a.kind = 'venue' AND a.pool = '' AND a.name = asked.location;
END;
COMMENT ON FUNCTION weather_venues(text, text) IS
'The grounds of which a weather payload of this name (the address that was asked for) tells: those at exactly its latitude and longitude, those in its NWS cell, and what alias has for either or for the whole name. Services answer with the nearest point of their own grid, which says nothing.';

CREATE FUNCTION append_weather(payload_id bigint, weather collected_weather[], is_archive boolean DEFAULT false)
RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	source payload;
	places text[];
	run    timestamptz;
	timed  CONSTANT collected_weather[] := ARRAY(SELECT DISTINCT ON (w.starts_at) w FROM unnest(weather) AS w WHERE w.ends_at > w.starts_at AND w.problem IS NULL ORDER BY w.starts_at, w.ends_at);
BEGIN
	SELECT * INTO STRICT source FROM payload AS p WHERE p.payload_id = append_weather.payload_id;
	IF source.name ~ '^https?://' AND (source.name ~ '^https?://archive-api\.') <> is_archive AND source.feed LIKE 'open\_meteo%' THEN
		RAISE EXCEPTION 'feed % is not that of %', source.feed, source.name USING ERRCODE = 'bad_copy_file_format';
	END IF;
	places := ARRAY(SELECT v FROM weather_venues(source.feed, source.name) AS v ORDER BY v);
	IF places = '{}' THEN
		INSERT INTO reject (payload_id, reason, detail, unknown)
		VALUES (append_weather.payload_id, 'unknown_venue', format('no ground is where %s asks', source.name), ARRAY[source.name]);
	END IF;
	-- A list without a single step that can be is one of other units: one reject says so.
	IF timed = '{}' AND cardinality(weather) > 0 THEN
		RAISE EXCEPTION 'none of % steps can be: %', cardinality(weather), coalesce((weather[1]).problem, 'begins or ends at no time') USING ERRCODE = 'bad_copy_file_format';
	END IF;
	INSERT INTO reject (payload_id, line_no, reason, detail, raw)
	SELECT append_weather.payload_id, w.n, CASE WHEN w.problem IS NULL THEN 'bad_date' ELSE 'bad_value' END, coalesce(w.problem, 'a step that begins or ends at no time'), w.raw
	FROM unnest(weather) WITH ORDINALITY AS w (starts_at, ends_at, issued_at, temperature, wind_speed, wind_gust, wind_direction, precipitation_prob, precipitation, members, raw, problem, n)
	WHERE (w.ends_at > w.starts_at) IS NOT TRUE OR w.problem IS NOT NULL ORDER BY w.n;
	run := (substring(source.name FROM '[?&]run=(\d{4}-\d\d-\d\dT\d\d:\d\d)') || 'Z')::timestamptz;
	IF is_archive THEN
		INSERT INTO weather_archive (venue, source, starts_at, ends_at, temperature, wind_speed, wind_gust, wind_direction, precipitation, known_at, recorded_at, payload_id)
		SELECT v, source.feed, w.starts_at, w.ends_at, w.temperature, w.wind_speed, w.wind_gust, w.wind_direction, w.precipitation, source.received_at, source.received_at, append_weather.payload_id
		FROM unnest(places) AS v CROSS JOIN unnest(timed) AS w
		LEFT JOIN LATERAL (SELECT * FROM weather_archive AS o WHERE o.venue = v AND o.source = source.feed AND o.starts_at = w.starts_at AND o.recorded_at <= source.received_at
			ORDER BY o.known_at DESC, o.recorded_at DESC LIMIT 1) AS o ON true
		WHERE (w.ends_at, w.temperature, w.wind_speed, w.wind_gust, w.wind_direction, w.precipitation)
			IS DISTINCT FROM (o.ends_at, o.temperature, o.wind_speed, o.wind_gust, o.wind_direction, o.precipitation)
		ORDER BY v, w.starts_at;
	ELSE
		INSERT INTO weather_forecast (venue, source, starts_at, ends_at, issued_at, temperature, wind_speed, wind_gust, wind_direction, precipitation_prob, precipitation, members, known_at, recorded_at, payload_id)
		SELECT v, source.feed, w.starts_at, w.ends_at, coalesce(w.issued_at, run), w.temperature, w.wind_speed, w.wind_gust, w.wind_direction, w.precipitation_prob, w.precipitation, w.members,
			m.known_at, source.received_at, append_weather.payload_id
		FROM unnest(places) AS v CROSS JOIN unnest(timed) AS w
		CROSS JOIN LATERAL (SELECT least(source.received_at, coalesce(w.issued_at, run + interval '6 hours')) AS known_at) AS m
		LEFT JOIN LATERAL (SELECT * FROM weather_forecast AS o WHERE o.venue = v AND o.source = source.feed AND o.starts_at = w.starts_at AND o.known_at <= m.known_at AND o.recorded_at <= source.received_at
			ORDER BY o.known_at DESC, o.recorded_at DESC LIMIT 1) AS o ON true
		WHERE (w.ends_at, w.temperature, w.wind_speed, w.wind_gust, w.wind_direction, w.precipitation_prob, w.precipitation, w.members)
			IS DISTINCT FROM (o.ends_at, o.temperature, o.wind_speed, o.wind_gust, o.wind_direction, o.precipitation_prob, o.precipitation, o.members)
		ORDER BY v, w.starts_at;
	END IF;
	rows_read := cardinality(weather);
	games := 0;
	quotes := 0;
	rejects := (SELECT count(*) FROM reject AS r WHERE r.payload_id = append_weather.payload_id);
	UPDATE payload AS p SET loaded_at = clock_timestamp(), rows_read = append_weather.rows_read, rows_blank = 0 WHERE p.payload_id = append_weather.payload_id;
	RETURN NEXT;
END $$;
COMMENT ON FUNCTION append_weather(bigint, collected_weather[], boolean) IS
'The last step of every loader of weather: appends to weather_forecast (or weather_archive) what its feed has not said already of the grounds that the payload''s name asks for. Of no known ground: one reject, unknown_venue. A step without a time or with a value that cannot be stays out, bad_date or bad_value; when none of them can be the list is refused (22P04). Open-Meteo''s archive under the name of a forecast, or the other way round, is refused (22P04).';

CREATE FUNCTION load_open_meteo(payload_id bigint) RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE sql VOLATILE STRICT
BEGIN ATOMIC
	SELECT a.rows_read, a.games, a.quotes, a.rejects
	FROM append_weather(payload_id, ARRAY(SELECT w FROM parse_open_meteo(json_payload(payload_id, 'open_meteo')) AS w)) AS a;
END;
COMMENT ON FUNCTION load_open_meteo(bigint) IS 'Loads a stored forecast of Open-Meteo: forecast, historical-forecast, single-runs (run= in the name is its issue) or ensemble API. Returns hours read and rejects.';

CREATE FUNCTION load_open_meteo_archive(payload_id bigint) RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE sql VOLATILE STRICT
BEGIN ATOMIC
	SELECT a.rows_read, a.games, a.quotes, a.rejects
	FROM append_weather(payload_id, ARRAY(SELECT w FROM parse_open_meteo(json_payload(payload_id, 'open_meteo_archive')) AS w), true) AS a;
END;
COMMENT ON FUNCTION load_open_meteo_archive(bigint) IS 'Loads a stored answer of Open-Meteo''s archive API into weather_archive. Returns hours read and rejects.';

CREATE FUNCTION load_nws(payload_id bigint) RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE sql VOLATILE STRICT
BEGIN ATOMIC
	SELECT a.rows_read, a.games, a.quotes, a.rejects FROM append_weather(payload_id, ARRAY(SELECT w FROM parse_nws(json_payload(payload_id, 'nws')) AS w)) AS a;
END;
COMMENT ON FUNCTION load_nws(bigint) IS 'Loads a stored forecast of the US National Weather Service, hourly or of half days; nws_points tells which grounds are in its cell. Returns periods read and rejects.';

CREATE FUNCTION load_openweather(payload_id bigint) RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE sql VOLATILE STRICT
BEGIN ATOMIC
	SELECT a.rows_read, a.games, a.quotes, a.rejects
	FROM payload AS p
	CROSS JOIN LATERAL append_weather(p.payload_id, ARRAY(SELECT w
		FROM parse_openweather(json_payload(p.payload_id, 'openweather'), coalesce(substring(p.name FROM '[?&]units=(\w+)'), 'standard')) AS w)) AS a
	WHERE p.payload_id = load_openweather.payload_id;
END;
COMMENT ON FUNCTION load_openweather(bigint) IS 'Loads a stored five-day forecast of OpenWeather, in the units= of its name. Returns steps read and rejects.';

CREATE FUNCTION load_nws_points(payload_id bigint) RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	point record;
BEGIN
	SELECT * INTO point FROM parse_nws_points(json_payload(load_nws_points.payload_id, 'nws_points'));
	INSERT INTO weather_grid (grid, venue, recorded_at, payload_id)
	SELECT point.grid, v.venue, p.received_at, p.payload_id
	FROM payload AS p JOIN venue AS v ON v.latitude = point.latitude AND v.longitude = point.longitude WHERE p.payload_id = load_nws_points.payload_id
	ORDER BY v.venue ON CONFLICT DO NOTHING;
	IF NOT EXISTS (SELECT FROM venue AS v WHERE v.latitude = point.latitude AND v.longitude = point.longitude) THEN
		INSERT INTO reject (payload_id, reason, detail, unknown)
		VALUES (load_nws_points.payload_id, 'unknown_venue', format('no ground is at %s, %s', point.latitude, point.longitude), ARRAY[format('%s,%s', point.latitude, point.longitude)]);
	END IF;
	rows_read := 1;
	games := 0;
	quotes := 0;
	rejects := (SELECT count(*) FROM reject AS r WHERE r.payload_id = load_nws_points.payload_id);
	UPDATE payload AS p SET loaded_at = clock_timestamp(), rows_read = 1, rows_blank = 0 WHERE p.payload_id = load_nws_points.payload_id;
	RETURN NEXT;
END $$;
COMMENT ON FUNCTION load_nws_points(bigint) IS 'Loads a stored points answer of the US National Weather Service: the cell of the ground at exactly its place. Returns 1 and rejects.';

CREATE FUNCTION weather_at(venue text, at timestamptz, as_of timestamptz DEFAULT now())
RETURNS SETOF weather_forecast
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	SELECT w.* FROM weather_forecast AS w
	WHERE w.venue = weather_at.venue COLLATE "C" AND w.starts_at <= weather_at.at AND w.starts_at > weather_at.at - interval '13 hours' AND w.ends_at > weather_at.at AND w.known_at <= weather_at.as_of
	ORDER BY w.known_at DESC, w.ends_at - w.starts_at, w.source, w.recorded_at DESC LIMIT 1;
END;
COMMENT ON FUNCTION weather_at(text, timestamptz, timestamptz) IS 'The forecast for a ground at at that was the latest known at as_of, of forecasts known at once the one for the shortest time: one row, or none.';

CREATE FUNCTION weather_impact(temperature float8, wind_speed float8, precipitation_prob float8) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN temperature BETWEEN -100 AND 100 AND wind_speed BETWEEN 0 AND 500 AND precipitation_prob BETWEEN 0 AND 1
	THEN 1 - (1 - least(greatest(wind_speed - 16, 0) / 48, 1)) * (1 - precipitation_prob / 2) * (1 - least(greatest(5 - temperature, temperature - 30, 0) / 40, 1))
	ELSE refuse_argument('the weather', format('%s, %s, %s', temperature, wind_speed, precipitation_prob), '-100 to 100 degrees, 0 to 500 km/h and a probability') END;
COMMENT ON FUNCTION weather_impact(float8, float8, float8) IS
'How much the weather is in the way of play in the open, 0 (not at all) to 1: 1 - (1 - wind)(1 - precipitation)(1 - heat or cold). Wind (km/h): 0 up to 16, from there in a line to 1 at 64; precipitation: half its probability; temperature (degrees Celsius): 0 between 5 and 30, 1/40 for each degree beyond. A convention of this extension for S1.9: it orders games, a model weighs it. NULL if any is NULL. Refuses temperatures beyond 100, wind below 0 or above 500 and what is no probability (22023).';
