-- credit: feeds that count what they give. What a call will cost, and what may be spent until tonight.

CREATE TABLE credit_plan (
	source        text PRIMARY KEY,
	credits       int NOT NULL CHECK (credits >= 0),
	cost_function text,
	is_paced      boolean NOT NULL DEFAULT true,
	builtin       boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE credit_plan IS 'Sources with a monthly allowance. A month is that of UTC, as The Odds API counts.';
COMMENT ON COLUMN credit_plan.credits IS 'Credits a month.';
COMMENT ON COLUMN credit_plan.cost_function IS 'A function (url text) RETURNS int that predicts the cost of a request, NULL for one that it does not know. NULL: each request costs 1.';
COMMENT ON COLUMN credit_plan.is_paced IS 'true: the month''s credits are spread over its days, see credit_status(); false: first come, first served.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.credit_plan', 'WHERE NOT builtin');
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON credit_plan FOR EACH ROW EXECUTE FUNCTION keep_own_row('source');

CREATE FUNCTION url_values(url text, name text) RETURNS int
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (SELECT count(DISTINCT v)::int FROM unnest(string_to_array(split_part(url, '?', 2), '&')) AS parameter,
	unnest(regexp_split_to_array(substr(parameter, length(name) + 2), ',|%2C', 'i')) AS v
	WHERE left(parameter, length(name) + 1) = name || '=' AND v <> '');
COMMENT ON FUNCTION url_values(text, text) IS 'How many different values a parameter of an address has, separated by commas; 0 where it is absent or empty.';

CREATE FUNCTION the_odds_api_cost(url text) RETURNS int
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE
		WHEN r.path ~ '^/sports/?$' OR r.path ~ '^/sports/[^/]+/events$' THEN 0
		WHEN r.path ~ '^/sports/[^/]+/scores$' THEN CASE WHEN url_values(url, 'daysFrom') > 0 THEN 2 ELSE 1 END
		WHEN r.path ~ '^/sports/[^/]+/(participants|events/[^/]+/markets)$' OR r.path ~ '^/historical/sports/[^/]+/events$' THEN 1
		WHEN r.path ~ '^(/historical)?/sports/[^/]+/(events/[^/]+/)?odds$' THEN
			CASE WHEN r.path ~ '^/historical' THEN 10 ELSE 1 END * greatest(url_values(url, 'markets'), 1)
			* CASE WHEN url_values(url, 'bookmakers') > 0 THEN (url_values(url, 'bookmakers') + 9) / 10 ELSE greatest(url_values(url, 'regions'), 1) END
	END
	FROM (SELECT substring(url FROM '^[a-z]+://[^/?#]+/v4(/[^?#]*)') AS path) AS r;
END;
COMMENT ON FUNCTION the_odds_api_cost(text) IS
'Credits that a request to The Odds API v4 costs at most: sports and events 0; odds markets x regions (ten bookmakers count as a region and win over regions); scores 1, with daysFrom 2; markets of an event, participants and past events 1; an event''s odds (props) alike markets x regions, by event; history 10 times as much. NULL for an endpoint that it does not know. An empty answer is free, and an event''s markets that are not there are not counted. Source: the-odds-api.com/liveapi/guides/v4.';

INSERT INTO credit_plan (source, credits, cost_function, builtin) VALUES ('the_odds_api', 500, 'bet_edge.the_odds_api_cost', true);

CREATE FUNCTION credit_status(source text, at timestamptz DEFAULT now(),
	OUT credits int, OUT remaining int, OUT spent_today int, OUT allowed_today int, OUT available int, OUT days_left int)
LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
	WITH plan AS (
		SELECT c.credits, c.is_paced, day.today, day.month,
			(extract(day FROM day.month + interval '1 month' - interval '1 day'))::int AS days, (extract(day FROM day.today))::int AS nth
		FROM credit_plan AS c, (SELECT date_trunc('day', credit_status.at AT TIME ZONE 'UTC') AS today, date_trunc('month', credit_status.at AT TIME ZONE 'UTC') AS month) AS day
		WHERE c.source = credit_status.source),
	request AS (
		SELECT r.request_id, r.at, coalesce(r.credits_used, r.credits_planned) AS spent, r.credits_used IS NULL AS under_way, r.credits_left,
			r.at >= p.today AT TIME ZONE 'UTC' AS is_today
		FROM plan AS p JOIN feed_request AS r ON r.source = credit_status.source AND r.at >= p.month AT TIME ZONE 'UTC' AND r.at <= credit_status.at),
	told AS (SELECT r.request_id, r.credits_left FROM request AS r WHERE r.credits_left IS NOT NULL ORDER BY r.at DESC, r.request_id DESC LIMIT 1),
	account AS (
		SELECT p.*, greatest(0, least(
				p.credits - (SELECT coalesce(sum(r.spent), 0) FROM request AS r),
				(SELECT t.credits_left - (SELECT coalesce(sum(r.spent), 0) FROM request AS r WHERE r.request_id > t.request_id OR r.under_way) FROM told AS t)))::int AS remaining,
			(SELECT coalesce(sum(r.spent), 0) FROM request AS r WHERE r.is_today)::int AS spent_today
		FROM plan AS p),
	paced AS (
		SELECT a.*, a.days - a.nth + 1 AS days_left,
			CASE WHEN NOT a.is_paced THEN a.remaining + a.spent_today
				ELSE greatest((a.remaining + a.spent_today) / (a.days - a.nth + 1), (a.credits::bigint * a.nth / a.days)::int - (a.credits - a.remaining - a.spent_today)) END AS allowed_today
		FROM account AS a)
	SELECT p.credits, p.remaining, p.spent_today, p.allowed_today, greatest(0, least(p.remaining, p.allowed_today - p.spent_today)), p.days_left FROM paced AS p;
END;
COMMENT ON FUNCTION credit_status(text, timestamptz) IS
'What a source''s credit_plan leaves at a moment. remaining: the plan less what this month''s requests cost, or what the last answer told (x-requests-remaining) less what was asked since, whichever is less; so use elsewhere counts. allowed_today, when paced: what is left at the day''s start divided by the days left, or what the even pace of the month (credits x day / days) would have by tonight, whichever is more: what quiet days save may be spent later, and the credits last the month. available: what may be spent now. A request under way counts as predicted. NULLs for a source without a plan.';
