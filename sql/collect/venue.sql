-- venue: where games are played: place, time zone, altitude and roof; whose ground it is, and since when.

CREATE TABLE venue (
	venue     text COLLATE "C" PRIMARY KEY,
	title     text NOT NULL,
	country   text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
	latitude  float8 CHECK (latitude BETWEEN -90 AND 90),
	longitude float8 CHECK (longitude BETWEEN -180 AND 180),
	altitude  float8,
	time_zone text NOT NULL,
	roof      text CHECK (roof IN ('outdoors', 'dome', 'retractable')),
	builtin   boolean NOT NULL DEFAULT false,
	CHECK ((latitude IS NULL) = (longitude IS NULL))
);
COMMENT ON TABLE venue IS 'Grounds and arenas by key. A row without a place stands for a country in which every ground has one time zone. Coordinates have four decimals, as weather services want them.';
COMMENT ON COLUMN venue.title IS 'Its present or last name; earlier ones are rows of alias, kind venue.';
COMMENT ON COLUMN venue.country IS 'ISO 3166, two letters.';
COMMENT ON COLUMN venue.altitude IS 'Metres above the sea, NULL unknown.';
COMMENT ON COLUMN venue.time_zone IS 'IANA name; the offset at a time follows from it.';
COMMENT ON COLUMN venue.roof IS 'dome: always closed, or an arena; retractable: decided on the day; NULL unknown.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.venue', 'WHERE NOT builtin');
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON venue FOR EACH ROW EXECUTE FUNCTION keep_own_row('venue');

CREATE TABLE home_venue (
	pool        text NOT NULL,
	team        text NOT NULL,
	venue       text NOT NULL REFERENCES venue,
	valid_from  date NOT NULL,
	valid_until date NOT NULL DEFAULT 'infinity',
	builtin     boolean NOT NULL DEFAULT false,
	PRIMARY KEY (pool, team, valid_from),
	CHECK (valid_from < valid_until)
);
COMMENT ON TABLE home_venue IS 'Whose ground a venue is, from a local day until before another. A later row of the team ends the one before it; a day that no row has is unknown.';
COMMENT ON COLUMN home_venue.team IS 'team.name within the pool; empty: every team of the pool that has no row of its own.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.home_venue', 'WHERE NOT builtin');
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON home_venue FOR EACH ROW EXECUTE FUNCTION keep_own_row('pool', 'team', 'valid_from');

CREATE TABLE game_venue (
	game_id     bigint NOT NULL REFERENCES game,
	venue       text NOT NULL REFERENCES venue,
	known_at    timestamptz NOT NULL,
	recorded_at timestamptz NOT NULL,
	payload_id  bigint NOT NULL REFERENCES payload,
	PRIMARY KEY (game_id, known_at, recorded_at)
);
COMMENT ON TABLE game_venue IS 'Where a game is played, of feeds that say so; a change is a new row. It stands above home_venue and is the only word on neutral ground. Known as a fixture is: 14 days before the start, never later than the payload; a change from its payload on.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.game_venue', '');

INSERT INTO venue (venue, title, country, latitude, longitude, altitude, time_zone, roof, builtin)
SELECT v, t, c, latitude, longitude, altitude, CASE zone WHEN 'E' THEN 'America/New_York' WHEN 'C' THEN 'America/Chicago' WHEN 'M' THEN 'America/Denver'
	WHEN 'P' THEN 'America/Los_Angeles' WHEN 'A' THEN 'America/Phoenix' WHEN 'D' THEN 'America/Detroit' WHEN 'I' THEN 'America/Indiana/Indianapolis'
	WHEN 'T' THEN 'America/Toronto' ELSE zone END, roof, true
FROM (VALUES
	-- football and baseball
	('acrisure_stadium', 'Acrisure Stadium', 'US', 40.4468, -80.0158, 222, 'E', 'outdoors'),
	('alamodome', 'Alamodome', 'US', 29.4170, -98.4787, 200, 'C', 'dome'),
	('allegiant_stadium', 'Allegiant Stadium', 'US', 36.0908, -115.1837, 660, 'P', 'dome'),
	('allianz_arena', 'Allianz Arena', 'DE', 48.2188, 11.6247, 500, 'Europe/Berlin', 'outdoors'),
	('american_family_field', 'American Family Field', 'US', 43.0280, -87.9712, 185, 'C', 'retractable'),
	('angel_stadium', 'Angel Stadium', 'US', 33.8003, -117.8827, 48, 'P', 'outdoors'),
	('arrowhead_stadium', 'Arrowhead Stadium', 'US', 39.0489, -94.4839, 265, 'C', 'outdoors'),
	('att_stadium', 'AT&T Stadium', 'US', 32.7473, -97.0945, 184, 'C', 'retractable'),
	('bank_of_america_stadium', 'Bank of America Stadium', 'US', 35.2258, -80.8528, 226, 'E', 'outdoors'),
	('busch_stadium', 'Busch Stadium', 'US', 38.6226, -90.1928, 140, 'C', 'outdoors'),
	('caesars_superdome', 'Caesars Superdome', 'US', 29.9511, -90.0812, 1, 'C', 'dome'),
	('camden_yards', 'Oriole Park at Camden Yards', 'US', 39.2838, -76.6218, 10, 'E', 'outdoors'),
	('candlestick_park', 'Candlestick Park', 'US', 37.7136, -122.3864, 3, 'P', 'outdoors'),
	('chase_field', 'Chase Field', 'US', 33.4455, -112.0667, 331, 'A', 'retractable'),
	('citi_field', 'Citi Field', 'US', 40.7571, -73.8458, 5, 'E', 'outdoors'),
	('citizens_bank_park', 'Citizens Bank Park', 'US', 39.9061, -75.1665, 6, 'E', 'outdoors'),
	('comerica_park', 'Comerica Park', 'US', 42.3390, -83.0485, 183, 'D', 'outdoors'),
	('coors_field', 'Coors Field', 'US', 39.7561, -104.9942, 1585, 'M', 'outdoors'),
	('daikin_park', 'Daikin Park', 'US', 29.7573, -95.3555, 13, 'C', 'retractable'),
	('deutsche_bank_park', 'Deutsche Bank Park', 'DE', 50.0686, 8.6455, 110, 'Europe/Berlin', 'retractable'),
	('dignity_health_sports_park', 'Dignity Health Sports Park', 'US', 33.8644, -118.2611, 12, 'P', 'outdoors'),
	('dodger_stadium', 'Dodger Stadium', 'US', 34.0739, -118.2400, 155, 'P', 'outdoors'),
	('dome_at_americas_center', 'The Dome at America''s Center', 'US', 38.6328, -90.1884, 140, 'C', 'dome'),
	('empower_field', 'Empower Field at Mile High', 'US', 39.7439, -105.0201, 1585, 'M', 'outdoors'),
	('estadio_azteca', 'Estadio Azteca', 'MX', 19.3029, -99.1505, 2240, 'America/Mexico_City', 'outdoors'),
	('everbank_stadium', 'EverBank Stadium', 'US', 30.3239, -81.6373, 3, 'E', 'outdoors'),
	('fenway_park', 'Fenway Park', 'US', 42.3467, -71.0972, 6, 'E', 'outdoors'),
	('ford_field', 'Ford Field', 'US', 42.3400, -83.0456, 183, 'D', 'dome'),
	('foxboro_stadium', 'Foxboro Stadium', 'US', 42.0926, -71.2680, 88, 'E', 'outdoors'),
	('georgia_dome', 'Georgia Dome', 'US', 33.7577, -84.4008, 312, 'E', 'dome'),
	('giants_stadium', 'Giants Stadium', 'US', 40.8122, -74.0769, 2, 'E', 'outdoors'),
	('gillette_stadium', 'Gillette Stadium', 'US', 42.0909, -71.2643, 88, 'E', 'outdoors'),
	('globe_life_field', 'Globe Life Field', 'US', 32.7473, -97.0842, 165, 'C', 'retractable'),
	('globe_life_park', 'Globe Life Park in Arlington', 'US', 32.7513, -97.0828, 165, 'C', 'outdoors'),
	('great_american_ball_park', 'Great American Ball Park', 'US', 39.0974, -84.5069, 149, 'E', 'outdoors'),
	('hard_rock_stadium', 'Hard Rock Stadium', 'US', 25.9580, -80.2389, 2, 'E', 'outdoors'),
	('highmark_stadium', 'Highmark Stadium', 'US', 42.7738, -78.7870, 184, 'E', 'outdoors'),
	('huntington_bank_field', 'Huntington Bank Field', 'US', 41.5061, -81.6995, 177, 'E', 'outdoors'),
	('huntington_bank_stadium', 'Huntington Bank Stadium', 'US', 44.9765, -93.2246, 256, 'C', 'outdoors'),
	('husky_stadium', 'Husky Stadium', 'US', 47.6503, -122.3016, 10, 'P', 'outdoors'),
	('kauffman_stadium', 'Kauffman Stadium', 'US', 39.0517, -94.4803, 265, 'C', 'outdoors'),
	('kingdome', 'Kingdome', 'US', 47.5953, -122.3314, 5, 'P', 'dome'),
	('lambeau_field', 'Lambeau Field', 'US', 44.5013, -88.0622, 195, 'C', 'outdoors'),
	('levis_stadium', 'Levi''s Stadium', 'US', 37.4030, -121.9700, 3, 'P', 'outdoors'),
	('lincoln_financial_field', 'Lincoln Financial Field', 'US', 39.9008, -75.1675, 6, 'E', 'outdoors'),
	('loandepot_park', 'loanDepot park', 'US', 25.7781, -80.2197, 3, 'E', 'retractable'),
	('los_angeles_memorial_coliseum', 'Los Angeles Memorial Coliseum', 'US', 34.0141, -118.2879, 55, 'P', 'outdoors'),
	('lucas_oil_stadium', 'Lucas Oil Stadium', 'US', 39.7601, -86.1639, 218, 'I', 'retractable'),
	('lumen_field', 'Lumen Field', 'US', 47.5952, -122.3316, 5, 'P', 'outdoors'),
	('memorial_stadium_champaign', 'Memorial Stadium (Champaign)', 'US', 40.0993, -88.2360, 222, 'C', 'outdoors'),
	('mercedes_benz_stadium', 'Mercedes-Benz Stadium', 'US', 33.7553, -84.4006, 312, 'E', 'retractable'),
	('metlife_stadium', 'MetLife Stadium', 'US', 40.8135, -74.0745, 2, 'E', 'outdoors'),
	('metrodome', 'Hubert H. Humphrey Metrodome', 'US', 44.9738, -93.2581, 256, 'C', 'dome'),
	('mile_high_stadium', 'Mile High Stadium', 'US', 39.7461, -105.0217, 1595, 'M', 'outdoors'),
	('mt_bank_stadium', 'M&T Bank Stadium', 'US', 39.2780, -76.6227, 9, 'E', 'outdoors'),
	('nationals_park', 'Nationals Park', 'US', 38.8730, -77.0074, 8, 'E', 'outdoors'),
	('nissan_stadium', 'Nissan Stadium', 'US', 36.1665, -86.7713, 125, 'C', 'outdoors'),
	('northwest_stadium', 'Northwest Stadium', 'US', 38.9076, -76.8645, 60, 'E', 'outdoors'),
	('nrg_stadium', 'NRG Stadium', 'US', 29.6847, -95.4107, 15, 'C', 'retractable'),
	('oakland_coliseum', 'Oakland Coliseum', 'US', 37.7516, -122.2005, 2, 'P', 'outdoors'),
	('oracle_park', 'Oracle Park', 'US', 37.7786, -122.3893, 3, 'P', 'outdoors'),
	('paycor_stadium', 'Paycor Stadium', 'US', 39.0955, -84.5161, 149, 'E', 'outdoors'),
	('petco_park', 'Petco Park', 'US', 32.7076, -117.1570, 5, 'P', 'outdoors'),
	('pnc_park', 'PNC Park', 'US', 40.4469, -80.0057, 222, 'E', 'outdoors'),
	('pontiac_silverdome', 'Pontiac Silverdome', 'US', 42.6458, -83.2550, 290, 'D', 'dome'),
	('progressive_field', 'Progressive Field', 'US', 41.4962, -81.6852, 200, 'E', 'outdoors'),
	('qualcomm_stadium', 'Qualcomm Stadium', 'US', 32.7831, -117.1196, 20, 'P', 'outdoors'),
	('rate_field', 'Rate Field', 'US', 41.8299, -87.6338, 181, 'C', 'outdoors'),
	('raymond_james_stadium', 'Raymond James Stadium', 'US', 27.9759, -82.5033, 9, 'E', 'outdoors'),
	('rca_dome', 'RCA Dome', 'US', 39.7637, -86.1633, 218, 'I', 'dome'),
	('riverfront_stadium', 'Riverfront Stadium', 'US', 39.0979, -84.5066, 149, 'E', 'outdoors'),
	('rogers_centre', 'Rogers Centre', 'CA', 43.6414, -79.3894, 85, 'T', 'retractable'),
	('sahlen_field', 'Sahlen Field', 'US', 42.8813, -78.8744, 180, 'E', 'outdoors'),
	('sofi_stadium', 'SoFi Stadium', 'US', 33.9535, -118.3392, 30, 'P', 'dome'),
	('soldier_field', 'Soldier Field', 'US', 41.8623, -87.6167, 181, 'C', 'outdoors'),
	('state_farm_stadium', 'State Farm Stadium', 'US', 33.5276, -112.2626, 330, 'A', 'retractable'),
	('steinbrenner_field', 'George M. Steinbrenner Field', 'US', 27.9803, -82.5067, 9, 'E', 'outdoors'),
	('sun_devil_stadium', 'Sun Devil Stadium', 'US', 33.4264, -111.9325, 360, 'A', 'outdoors'),
	('sutter_health_park', 'Sutter Health Park', 'US', 38.5804, -121.5138, 6, 'P', 'outdoors'),
	('t_mobile_park', 'T-Mobile Park', 'US', 47.5914, -122.3325, 5, 'P', 'retractable'),
	('target_field', 'Target Field', 'US', 44.9817, -93.2776, 255, 'C', 'outdoors'),
	('td_ballpark', 'TD Ballpark', 'US', 28.0035, -82.7867, 10, 'E', 'outdoors'),
	('texas_stadium', 'Texas Stadium', 'US', 32.8400, -96.9110, 130, 'C', 'outdoors'),
	('three_rivers_stadium', 'Three Rivers Stadium', 'US', 40.4467, -80.0125, 222, 'E', 'outdoors'),
	('tiger_stadium_lsu', 'Tiger Stadium (LSU)', 'US', 30.4120, -91.1838, 10, 'C', 'outdoors'),
	('tottenham_hotspur_stadium', 'Tottenham Hotspur Stadium', 'GB', 51.6043, -0.0664, 20, 'Europe/London', 'outdoors'),
	('tropicana_field', 'Tropicana Field', 'US', 27.7682, -82.6534, 13, 'E', 'dome'),
	('truist_park', 'Truist Park', 'US', 33.8907, -84.4677, 300, 'E', 'outdoors'),
	('turner_field', 'Turner Field', 'US', 33.7353, -84.3894, 300, 'E', 'outdoors'),
	('twickenham_stadium', 'Twickenham Stadium', 'GB', 51.4560, -0.3415, 12, 'Europe/London', 'outdoors'),
	('us_bank_stadium', 'U.S. Bank Stadium', 'US', 44.9736, -93.2575, 256, 'C', 'dome'),
	('veterans_stadium', 'Veterans Stadium', 'US', 39.9067, -75.1714, 6, 'E', 'outdoors'),
	('wembley_stadium', 'Wembley Stadium', 'GB', 51.5560, -0.2796, 50, 'Europe/London', 'outdoors'),
	('wrigley_field', 'Wrigley Field', 'US', 41.9484, -87.6553, 182, 'C', 'outdoors'),
	('yankee_stadium', 'Yankee Stadium', 'US', 40.8296, -73.9262, 15, 'E', 'outdoors'),
	-- basketball and ice hockey
	('amerant_bank_arena', 'Amerant Bank Arena', 'US', 26.1585, -80.3255, 3, 'E', 'dome'),
	('american_airlines_center', 'American Airlines Center', 'US', 32.7905, -96.8103, 132, 'C', 'dome'),
	('amway_arena', 'Amway Arena', 'US', 28.5494, -81.3867, 30, 'E', 'dome'),
	('arco_arena', 'ARCO Arena', 'US', 38.6490, -121.5180, 5, 'P', 'dome'),
	('ball_arena', 'Ball Arena', 'US', 39.7487, -105.0077, 1580, 'M', 'dome'),
	('barclays_center', 'Barclays Center', 'US', 40.6826, -73.9754, 20, 'E', 'dome'),
	('bell_centre', 'Bell Centre', 'CA', 45.4961, -73.5693, 35, 'T', 'dome'),
	('benchmark_international_arena', 'Benchmark International Arena', 'US', 27.9428, -82.4519, 3, 'E', 'dome'),
	('bradley_center', 'Bradley Center', 'US', 43.0438, -87.9172, 188, 'C', 'dome'),
	('bridgestone_arena', 'Bridgestone Arena', 'US', 36.1592, -86.7785, 130, 'C', 'dome'),
	('canada_life_centre', 'Canada Life Centre', 'CA', 49.8927, -97.1437, 232, 'America/Winnipeg', 'dome'),
	('canadian_tire_centre', 'Canadian Tire Centre', 'CA', 45.2969, -75.9272, 105, 'T', 'dome'),
	('capital_one_arena', 'Capital One Arena', 'US', 38.8981, -77.0209, 10, 'E', 'dome'),
	('chase_center', 'Chase Center', 'US', 37.7680, -122.3877, 3, 'P', 'dome'),
	('climate_pledge_arena', 'Climate Pledge Arena', 'US', 47.6221, -122.3540, 40, 'P', 'dome'),
	('crypto_com_arena', 'Crypto.com Arena', 'US', 34.0430, -118.2673, 82, 'P', 'dome'),
	('delta_center', 'Delta Center', 'US', 40.7683, -111.9011, 1300, 'M', 'dome'),
	('desert_diamond_arena', 'Desert Diamond Arena', 'US', 33.5319, -112.2611, 330, 'A', 'dome'),
	('enterprise_center', 'Enterprise Center', 'US', 38.6268, -90.2027, 145, 'C', 'dome'),
	('fedexforum', 'FedExForum', 'US', 35.1382, -90.0506, 80, 'C', 'dome'),
	('fiserv_forum', 'Fiserv Forum', 'US', 43.0451, -87.9174, 188, 'C', 'dome'),
	('frost_bank_center', 'Frost Bank Center', 'US', 29.4270, -98.4375, 200, 'C', 'dome'),
	('gainbridge_fieldhouse', 'Gainbridge Fieldhouse', 'US', 39.7640, -86.1555, 218, 'I', 'dome'),
	('golden_1_center', 'Golden 1 Center', 'US', 38.5802, -121.4997, 8, 'P', 'dome'),
	('grand_casino_arena', 'Grand Casino Arena', 'US', 44.9448, -93.1011, 240, 'C', 'dome'),
	('honda_center', 'Honda Center', 'US', 33.8078, -117.8765, 50, 'P', 'dome'),
	('intuit_dome', 'Intuit Dome', 'US', 33.9451, -118.3432, 30, 'P', 'dome'),
	('joe_louis_arena', 'Joe Louis Arena', 'US', 42.3252, -83.0514, 183, 'D', 'dome'),
	('kaseya_center', 'Kaseya Center', 'US', 25.7814, -80.1870, 3, 'E', 'dome'),
	('keybank_center', 'KeyBank Center', 'US', 42.8750, -78.8764, 180, 'E', 'dome'),
	('kia_center', 'Kia Center', 'US', 28.5392, -81.3839, 34, 'E', 'dome'),
	('lenovo_center', 'Lenovo Center', 'US', 35.8033, -78.7219, 130, 'E', 'dome'),
	('little_caesars_arena', 'Little Caesars Arena', 'US', 42.3411, -83.0553, 187, 'D', 'dome'),
	('madison_square_garden', 'Madison Square Garden', 'US', 40.7505, -73.9934, 15, 'E', 'dome'),
	('meadowlands_arena', 'Meadowlands Arena', 'US', 40.8111, -74.0674, 2, 'E', 'dome'),
	('mellon_arena', 'Mellon Arena', 'US', 40.4417, -79.9900, 245, 'E', 'dome'),
	('moda_center', 'Moda Center', 'US', 45.5316, -122.6668, 15, 'P', 'dome'),
	('mortgage_matchup_center', 'Mortgage Matchup Center', 'US', 33.4457, -112.0712, 331, 'A', 'dome'),
	('mullett_arena', 'Mullett Arena', 'US', 33.4266, -111.9286, 360, 'A', 'dome'),
	('nassau_coliseum', 'Nassau Coliseum', 'US', 40.7229, -73.5906, 25, 'E', 'dome'),
	('nationwide_arena', 'Nationwide Arena', 'US', 39.9693, -83.0061, 233, 'E', 'dome'),
	('northlands_coliseum', 'Northlands Coliseum', 'CA', 53.5714, -113.4561, 668, 'America/Edmonton', 'dome'),
	('oakland_arena', 'Oakland Arena', 'US', 37.7503, -122.2030, 2, 'P', 'dome'),
	('palace_of_auburn_hills', 'The Palace of Auburn Hills', 'US', 42.6970, -83.2456, 290, 'D', 'dome'),
	('paycom_center', 'Paycom Center', 'US', 35.4634, -97.5151, 365, 'C', 'dome'),
	('ppg_paints_arena', 'PPG Paints Arena', 'US', 40.4394, -79.9893, 245, 'E', 'dome'),
	('prudential_center', 'Prudential Center', 'US', 40.7336, -74.1711, 5, 'E', 'dome'),
	('rocket_arena', 'Rocket Arena', 'US', 41.4965, -81.6882, 200, 'E', 'dome'),
	('rogers_arena', 'Rogers Arena', 'CA', 49.2778, -123.1089, 10, 'America/Vancouver', 'dome'),
	('rogers_place', 'Rogers Place', 'CA', 53.5469, -113.4979, 668, 'America/Edmonton', 'dome'),
	('sap_center', 'SAP Center', 'US', 37.3327, -121.9012, 27, 'P', 'dome'),
	('scotiabank_arena', 'Scotiabank Arena', 'CA', 43.6435, -79.3791, 80, 'T', 'dome'),
	('scotiabank_saddledome', 'Scotiabank Saddledome', 'CA', 51.0374, -114.0519, 1045, 'America/Edmonton', 'dome'),
	('smoothie_king_center', 'Smoothie King Center', 'US', 29.9490, -90.0821, 1, 'C', 'dome'),
	('spectrum_center', 'Spectrum Center', 'US', 35.2251, -80.8392, 229, 'E', 'dome'),
	('state_farm_arena', 'State Farm Arena', 'US', 33.7573, -84.3963, 310, 'E', 'dome'),
	('t_mobile_arena', 'T-Mobile Arena', 'US', 36.1028, -115.1784, 640, 'P', 'dome'),
	('target_center', 'Target Center', 'US', 44.9795, -93.2761, 255, 'C', 'dome'),
	('td_garden', 'TD Garden', 'US', 42.3662, -71.0621, 5, 'E', 'dome'),
	('toyota_center', 'Toyota Center', 'US', 29.7508, -95.3621, 13, 'C', 'dome'),
	('ubs_arena', 'UBS Arena', 'US', 40.7118, -73.7259, 20, 'E', 'dome'),
	('united_center', 'United Center', 'US', 41.8807, -87.6742, 182, 'C', 'dome'),
	('xfinity_mobile_arena', 'Xfinity Mobile Arena', 'US', 39.9012, -75.1720, 6, 'E', 'dome'),
	-- countries of one time zone, and the clubs that have another
	('belgium', 'Belgium', 'BE', NULL, NULL, NULL, 'Europe/Brussels', NULL),
	('england', 'England and Wales', 'GB', NULL, NULL, NULL, 'Europe/London', NULL),
	('france', 'France', 'FR', NULL, NULL, NULL, 'Europe/Paris', NULL),
	('germany', 'Germany', 'DE', NULL, NULL, NULL, 'Europe/Berlin', NULL),
	('greece', 'Greece', 'GR', NULL, NULL, NULL, 'Europe/Athens', NULL),
	('italy', 'Italy', 'IT', NULL, NULL, NULL, 'Europe/Rome', NULL),
	('netherlands', 'Netherlands', 'NL', NULL, NULL, NULL, 'Europe/Amsterdam', NULL),
	('poland', 'Poland', 'PL', NULL, NULL, NULL, 'Europe/Warsaw', NULL),
	('portugal', 'Portugal and Madeira', 'PT', NULL, NULL, NULL, 'Europe/Lisbon', NULL),
	('scotland', 'Scotland', 'GB', NULL, NULL, NULL, 'Europe/London', NULL),
	('spain', 'Spain without the Canary Islands', 'ES', NULL, NULL, NULL, 'Europe/Madrid', NULL),
	('turkey', 'Turkey', 'TR', NULL, NULL, NULL, 'Europe/Istanbul', NULL),
	('argentina', 'Argentina', 'AR', NULL, NULL, NULL, 'America/Argentina/Buenos_Aires', NULL),
	('austria', 'Austria', 'AT', NULL, NULL, NULL, 'Europe/Vienna', NULL),
	('china', 'China', 'CN', NULL, NULL, NULL, 'Asia/Shanghai', NULL),
	('denmark', 'Denmark', 'DK', NULL, NULL, NULL, 'Europe/Copenhagen', NULL),
	('finland', 'Finland', 'FI', NULL, NULL, NULL, 'Europe/Helsinki', NULL),
	('ireland', 'Ireland', 'IE', NULL, NULL, NULL, 'Europe/Dublin', NULL),
	('japan', 'Japan', 'JP', NULL, NULL, NULL, 'Asia/Tokyo', NULL),
	('norway', 'Norway', 'NO', NULL, NULL, NULL, 'Europe/Oslo', NULL),
	('romania', 'Romania', 'RO', NULL, NULL, NULL, 'Europe/Bucharest', NULL),
	('sweden', 'Sweden', 'SE', NULL, NULL, NULL, 'Europe/Stockholm', NULL),
	('switzerland', 'Switzerland', 'CH', NULL, NULL, NULL, 'Europe/Zurich', NULL),
	('azores', 'Azores', 'PT', NULL, NULL, NULL, 'Atlantic/Azores', NULL),
	('canary_islands', 'Canary Islands', 'ES', NULL, NULL, NULL, 'Atlantic/Canary', NULL)
) AS shipped (v, t, c, latitude, longitude, altitude, zone, roof);

INSERT INTO home_venue (pool, team, venue, valid_from, valid_until, builtin)
SELECT p, t, v, since::date, until::date, true
FROM (VALUES
	('nfl', 'Arizona Cardinals', 'sun_devil_stadium', '1988-07-01', '2006-03-01'), ('nfl', 'Arizona Cardinals', 'state_farm_stadium', '2006-08-01', 'infinity'),
	('nfl', 'Atlanta Falcons', 'georgia_dome', '1992-07-01', '2017-03-01'), ('nfl', 'Atlanta Falcons', 'mercedes_benz_stadium', '2017-08-01', 'infinity'),
	('nfl', 'Baltimore Ravens', 'mt_bank_stadium', '1998-07-01', 'infinity'), ('nfl', 'Buffalo Bills', 'highmark_stadium', '1973-07-01', '2026-03-01'),
	('nfl', 'Carolina Panthers', 'bank_of_america_stadium', '1996-07-01', 'infinity'),
	('nfl', 'Chicago Bears', 'soldier_field', '1971-07-01', '2002-03-01'), ('nfl', 'Chicago Bears', 'memorial_stadium_champaign', '2002-07-01', '2003-03-01'),
	('nfl', 'Chicago Bears', 'soldier_field', '2003-07-01', 'infinity'),
	('nfl', 'Cincinnati Bengals', 'riverfront_stadium', '1970-07-01', '2000-03-01'), ('nfl', 'Cincinnati Bengals', 'paycor_stadium', '2000-07-01', 'infinity'),
	('nfl', 'Cleveland Browns', 'huntington_bank_field', '1999-07-01', 'infinity'),
	('nfl', 'Dallas Cowboys', 'texas_stadium', '1971-10-01', '2009-03-01'), ('nfl', 'Dallas Cowboys', 'att_stadium', '2009-07-01', 'infinity'),
	('nfl', 'Denver Broncos', 'mile_high_stadium', '1960-07-01', '2001-03-01'), ('nfl', 'Denver Broncos', 'empower_field', '2001-07-01', 'infinity'),
	('nfl', 'Detroit Lions', 'pontiac_silverdome', '1975-07-01', '2002-03-01'), ('nfl', 'Detroit Lions', 'ford_field', '2002-07-01', 'infinity'),
	('nfl', 'Green Bay Packers', 'lambeau_field', '1995-07-01', 'infinity'), ('nfl', 'Houston Texans', 'nrg_stadium', '2002-07-01', 'infinity'),
	('nfl', 'Indianapolis Colts', 'rca_dome', '1984-07-01', '2008-03-01'), ('nfl', 'Indianapolis Colts', 'lucas_oil_stadium', '2008-07-01', 'infinity'),
	('nfl', 'Jacksonville Jaguars', 'everbank_stadium', '1995-07-01', 'infinity'), ('nfl', 'Kansas City Chiefs', 'arrowhead_stadium', '1972-07-01', 'infinity'),
	('nfl', 'Las Vegas Raiders', 'oakland_coliseum', '1995-07-01', '2020-03-01'), ('nfl', 'Las Vegas Raiders', 'allegiant_stadium', '2020-07-01', 'infinity'),
	('nfl', 'Los Angeles Chargers', 'qualcomm_stadium', '1967-07-01', '2017-03-01'), ('nfl', 'Los Angeles Chargers', 'dignity_health_sports_park', '2017-07-01', '2020-03-01'),
	('nfl', 'Los Angeles Chargers', 'sofi_stadium', '2020-07-01', 'infinity'),
	('nfl', 'Los Angeles Rams', 'dome_at_americas_center', '1995-11-01', '2016-03-01'), ('nfl', 'Los Angeles Rams', 'los_angeles_memorial_coliseum', '2016-07-01', '2020-03-01'),
	('nfl', 'Los Angeles Rams', 'sofi_stadium', '2020-07-01', 'infinity'), ('nfl', 'Miami Dolphins', 'hard_rock_stadium', '1987-07-01', 'infinity'),
	('nfl', 'Minnesota Vikings', 'metrodome', '1982-07-01', '2014-03-01'), ('nfl', 'Minnesota Vikings', 'huntington_bank_stadium', '2014-07-01', '2016-03-01'),
	('nfl', 'Minnesota Vikings', 'us_bank_stadium', '2016-07-01', 'infinity'),
	('nfl', 'New England Patriots', 'foxboro_stadium', '1971-07-01', '2002-03-01'), ('nfl', 'New England Patriots', 'gillette_stadium', '2002-07-01', 'infinity'),
	-- the Saints of 2005 had grounds in three cities
	('nfl', 'New Orleans Saints', 'caesars_superdome', '1975-07-01', '2005-08-29'), ('nfl', 'New Orleans Saints', 'caesars_superdome', '2006-07-01', 'infinity'),
	('nfl', 'New York Giants', 'giants_stadium', '1976-10-01', '2010-03-01'), ('nfl', 'New York Giants', 'metlife_stadium', '2010-07-01', 'infinity'),
	('nfl', 'New York Jets', 'giants_stadium', '1984-07-01', '2010-03-01'), ('nfl', 'New York Jets', 'metlife_stadium', '2010-07-01', 'infinity'),
	('nfl', 'Philadelphia Eagles', 'veterans_stadium', '1971-07-01', '2003-03-01'), ('nfl', 'Philadelphia Eagles', 'lincoln_financial_field', '2003-07-01', 'infinity'),
	('nfl', 'Pittsburgh Steelers', 'three_rivers_stadium', '1970-07-01', '2001-03-01'), ('nfl', 'Pittsburgh Steelers', 'acrisure_stadium', '2001-07-01', 'infinity'),
	('nfl', 'San Francisco 49ers', 'candlestick_park', '1971-07-01', '2014-03-01'), ('nfl', 'San Francisco 49ers', 'levis_stadium', '2014-07-01', 'infinity'),
	('nfl', 'Seattle Seahawks', 'kingdome', '1976-07-01', '2000-03-01'), ('nfl', 'Seattle Seahawks', 'husky_stadium', '2000-07-01', '2002-03-01'),
	('nfl', 'Seattle Seahawks', 'lumen_field', '2002-07-01', 'infinity'), ('nfl', 'Tampa Bay Buccaneers', 'raymond_james_stadium', '1998-07-01', 'infinity'),
	('nfl', 'Tennessee Titans', 'nissan_stadium', '1999-07-01', 'infinity'), ('nfl', 'Washington Commanders', 'northwest_stadium', '1997-07-01', 'infinity'),

	('nba', 'Atlanta Hawks', 'state_farm_arena', '1999-09-01', 'infinity'), ('nba', 'Boston Celtics', 'td_garden', '1995-09-01', 'infinity'),
	('nba', 'Brooklyn Nets', 'meadowlands_arena', '1981-09-01', '2010-09-01'), ('nba', 'Brooklyn Nets', 'prudential_center', '2010-09-01', '2012-09-01'),
	('nba', 'Brooklyn Nets', 'barclays_center', '2012-09-01', 'infinity'), ('nba', 'Charlotte Hornets', 'spectrum_center', '2005-09-01', 'infinity'),
	('nba', 'Chicago Bulls', 'united_center', '1994-09-01', 'infinity'), ('nba', 'Cleveland Cavaliers', 'rocket_arena', '1994-09-01', 'infinity'),
	('nba', 'Dallas Mavericks', 'american_airlines_center', '2001-09-01', 'infinity'), ('nba', 'Denver Nuggets', 'ball_arena', '1999-09-01', 'infinity'),
	('nba', 'Detroit Pistons', 'palace_of_auburn_hills', '1988-09-01', '2017-09-01'), ('nba', 'Detroit Pistons', 'little_caesars_arena', '2017-09-01', 'infinity'),
	('nba', 'Golden State Warriors', 'oakland_arena', '1997-09-01', '2019-09-01'), ('nba', 'Golden State Warriors', 'chase_center', '2019-09-01', 'infinity'),
	('nba', 'Houston Rockets', 'toyota_center', '2003-09-01', 'infinity'), ('nba', 'Indiana Pacers', 'gainbridge_fieldhouse', '1999-09-01', 'infinity'),
	('nba', 'Los Angeles Clippers', 'crypto_com_arena', '1999-09-01', '2024-09-01'), ('nba', 'Los Angeles Clippers', 'intuit_dome', '2024-09-01', 'infinity'),
	('nba', 'Los Angeles Lakers', 'crypto_com_arena', '1999-09-01', 'infinity'), ('nba', 'Memphis Grizzlies', 'fedexforum', '2004-09-01', 'infinity'),
	('nba', 'Miami Heat', 'kaseya_center', '2000-01-02', 'infinity'),
	('nba', 'Milwaukee Bucks', 'bradley_center', '1988-09-01', '2018-09-01'), ('nba', 'Milwaukee Bucks', 'fiserv_forum', '2018-09-01', 'infinity'),
	('nba', 'Minnesota Timberwolves', 'target_center', '1990-09-01', 'infinity'), ('nba', 'New Orleans Pelicans', 'smoothie_king_center', '2007-09-01', 'infinity'),
	('nba', 'New York Knicks', 'madison_square_garden', '1968-09-01', 'infinity'),
	('nba', 'Oklahoma City Thunder', 'climate_pledge_arena', '1995-09-01', '2008-07-01'), ('nba', 'Oklahoma City Thunder', 'paycom_center', '2008-07-01', 'infinity'),
	('nba', 'Orlando Magic', 'amway_arena', '1989-09-01', '2010-09-01'), ('nba', 'Orlando Magic', 'kia_center', '2010-09-01', 'infinity'),
	('nba', 'Philadelphia 76ers', 'xfinity_mobile_arena', '1996-09-01', 'infinity'), ('nba', 'Phoenix Suns', 'mortgage_matchup_center', '1992-09-01', 'infinity'),
	('nba', 'Portland Trail Blazers', 'moda_center', '1995-09-01', 'infinity'),
	('nba', 'Sacramento Kings', 'arco_arena', '1988-09-01', '2016-09-01'), ('nba', 'Sacramento Kings', 'golden_1_center', '2016-09-01', 'infinity'),
	('nba', 'San Antonio Spurs', 'frost_bank_center', '2002-09-01', 'infinity'),
	('nba', 'Toronto Raptors', 'scotiabank_arena', '1999-02-20', '2020-09-01'), ('nba', 'Toronto Raptors', 'benchmark_international_arena', '2020-12-01', '2021-07-01'),
	('nba', 'Toronto Raptors', 'scotiabank_arena', '2021-09-01', 'infinity'), ('nba', 'Utah Jazz', 'delta_center', '1991-09-01', 'infinity'),
	('nba', 'Washington Wizards', 'capital_one_arena', '1997-12-02', 'infinity'),

	('mlb', 'Arizona Diamondbacks', 'chase_field', '1998-03-01', 'infinity'),
	('mlb', 'Atlanta Braves', 'turner_field', '1997-03-01', '2017-01-01'), ('mlb', 'Atlanta Braves', 'truist_park', '2017-03-01', 'infinity'),
	('mlb', 'Baltimore Orioles', 'camden_yards', '1992-03-01', 'infinity'), ('mlb', 'Boston Red Sox', 'fenway_park', '1912-03-01', 'infinity'),
	('mlb', 'Chicago Cubs', 'wrigley_field', '1916-03-01', 'infinity'), ('mlb', 'Chicago White Sox', 'rate_field', '1991-03-01', 'infinity'),
	('mlb', 'Cincinnati Reds', 'great_american_ball_park', '2003-03-01', 'infinity'), ('mlb', 'Cleveland Guardians', 'progressive_field', '1994-03-01', 'infinity'),
	('mlb', 'Colorado Rockies', 'coors_field', '1995-03-01', 'infinity'), ('mlb', 'Detroit Tigers', 'comerica_park', '2000-03-01', 'infinity'),
	('mlb', 'Houston Astros', 'daikin_park', '2000-03-01', 'infinity'), ('mlb', 'Kansas City Royals', 'kauffman_stadium', '1973-03-01', 'infinity'),
	('mlb', 'Los Angeles Angels', 'angel_stadium', '1966-03-01', 'infinity'), ('mlb', 'Los Angeles Dodgers', 'dodger_stadium', '1962-03-01', 'infinity'),
	('mlb', 'Miami Marlins', 'loandepot_park', '2012-03-01', 'infinity'), ('mlb', 'Milwaukee Brewers', 'american_family_field', '2001-03-01', 'infinity'),
	('mlb', 'Minnesota Twins', 'target_field', '2010-03-01', 'infinity'), ('mlb', 'New York Mets', 'citi_field', '2009-03-01', 'infinity'),
	('mlb', 'New York Yankees', 'yankee_stadium', '2009-03-01', 'infinity'),
	('mlb', 'Oakland Athletics', 'oakland_coliseum', '1968-03-01', '2025-01-01'), ('mlb', 'Oakland Athletics', 'sutter_health_park', '2025-03-01', 'infinity'),
	('mlb', 'Philadelphia Phillies', 'citizens_bank_park', '2004-03-01', 'infinity'), ('mlb', 'Pittsburgh Pirates', 'pnc_park', '2001-03-01', 'infinity'),
	('mlb', 'San Diego Padres', 'petco_park', '2004-03-01', 'infinity'), ('mlb', 'San Francisco Giants', 'oracle_park', '2000-03-01', 'infinity'),
	('mlb', 'Seattle Mariners', 't_mobile_park', '1999-07-15', 'infinity'), ('mlb', 'St. Louis Cardinals', 'busch_stadium', '2006-03-01', 'infinity'),
	('mlb', 'Tampa Bay Rays', 'tropicana_field', '1998-03-01', '2025-01-01'), ('mlb', 'Tampa Bay Rays', 'steinbrenner_field', '2025-03-01', '2025-12-01'),
	('mlb', 'Tampa Bay Rays', 'tropicana_field', '2026-03-01', 'infinity'),
	('mlb', 'Texas Rangers', 'globe_life_park', '1994-03-01', '2020-01-01'), ('mlb', 'Texas Rangers', 'globe_life_field', '2020-03-01', 'infinity'),
	('mlb', 'Toronto Blue Jays', 'rogers_centre', '1989-06-05', '2020-03-01'), ('mlb', 'Toronto Blue Jays', 'sahlen_field', '2020-08-01', '2020-12-01'),
	('mlb', 'Toronto Blue Jays', 'td_ballpark', '2021-03-01', '2021-05-25'), ('mlb', 'Toronto Blue Jays', 'sahlen_field', '2021-06-01', '2021-07-25'),
	('mlb', 'Toronto Blue Jays', 'rogers_centre', '2021-07-30', 'infinity'), ('mlb', 'Washington Nationals', 'nationals_park', '2008-03-01', 'infinity'),

	('nhl', 'Anaheim Ducks', 'honda_center', '1993-09-01', 'infinity'),
	('nhl', 'Arizona Coyotes', 'desert_diamond_arena', '2003-12-20', '2022-07-01'), ('nhl', 'Arizona Coyotes', 'mullett_arena', '2022-09-01', '2024-07-01'),
	('nhl', 'Boston Bruins', 'td_garden', '1995-09-01', 'infinity'), ('nhl', 'Buffalo Sabres', 'keybank_center', '1996-09-01', 'infinity'),
	('nhl', 'Calgary Flames', 'scotiabank_saddledome', '1983-09-01', 'infinity'), ('nhl', 'Carolina Hurricanes', 'lenovo_center', '1999-09-01', 'infinity'),
	('nhl', 'Chicago Blackhawks', 'united_center', '1995-01-01', 'infinity'), ('nhl', 'Colorado Avalanche', 'ball_arena', '1999-09-01', 'infinity'),
	('nhl', 'Columbus Blue Jackets', 'nationwide_arena', '2000-09-01', 'infinity'), ('nhl', 'Dallas Stars', 'american_airlines_center', '2001-09-01', 'infinity'),
	('nhl', 'Detroit Red Wings', 'joe_louis_arena', '1979-12-27', '2017-07-01'), ('nhl', 'Detroit Red Wings', 'little_caesars_arena', '2017-09-01', 'infinity'),
	('nhl', 'Edmonton Oilers', 'northlands_coliseum', '1974-11-10', '2016-07-01'), ('nhl', 'Edmonton Oilers', 'rogers_place', '2016-09-01', 'infinity'),
	('nhl', 'Florida Panthers', 'amerant_bank_arena', '1998-09-01', 'infinity'), ('nhl', 'Los Angeles Kings', 'crypto_com_arena', '1999-09-01', 'infinity'),
	('nhl', 'Minnesota Wild', 'grand_casino_arena', '2000-09-01', 'infinity'), ('nhl', 'Montréal Canadiens', 'bell_centre', '1996-03-16', 'infinity'),
	('nhl', 'Nashville Predators', 'bridgestone_arena', '1998-09-01', 'infinity'), ('nhl', 'New Jersey Devils', 'prudential_center', '2007-10-20', 'infinity'),
	-- the Islanders of 2018-19 and 2019-20 had two arenas
	('nhl', 'New York Islanders', 'nassau_coliseum', '1972-09-01', '2015-07-01'), ('nhl', 'New York Islanders', 'barclays_center', '2015-09-01', '2018-07-01'),
	('nhl', 'New York Islanders', 'nassau_coliseum', '2020-12-01', '2021-07-01'), ('nhl', 'New York Islanders', 'ubs_arena', '2021-11-01', 'infinity'),
	('nhl', 'New York Rangers', 'madison_square_garden', '1968-02-18', 'infinity'), ('nhl', 'Ottawa Senators', 'canadian_tire_centre', '1996-01-15', 'infinity'),
	('nhl', 'Philadelphia Flyers', 'xfinity_mobile_arena', '1996-09-01', 'infinity'),
	('nhl', 'Pittsburgh Penguins', 'mellon_arena', '1967-09-01', '2010-07-01'), ('nhl', 'Pittsburgh Penguins', 'ppg_paints_arena', '2010-09-01', 'infinity'),
	('nhl', 'San Jose Sharks', 'sap_center', '1993-09-01', 'infinity'), ('nhl', 'Seattle Kraken', 'climate_pledge_arena', '2021-09-01', 'infinity'),
	('nhl', 'St. Louis Blues', 'enterprise_center', '1994-10-08', 'infinity'), ('nhl', 'Tampa Bay Lightning', 'benchmark_international_arena', '1996-10-01', 'infinity'),
	('nhl', 'Toronto Maple Leafs', 'scotiabank_arena', '1999-02-20', 'infinity'),
	('nhl', 'Utah Mammoth', 'delta_center', '2024-07-01', 'infinity'),
	('nhl', 'Vancouver Canucks', 'rogers_arena', '1995-09-01', 'infinity'), ('nhl', 'Vegas Golden Knights', 't_mobile_arena', '2017-09-01', 'infinity'),
	('nhl', 'Washington Capitals', 'capital_one_arena', '1997-12-05', 'infinity'),
	-- Atlanta Thrashers until 2011
	('nhl', 'Winnipeg Jets', 'state_farm_arena', '1999-09-01', '2011-07-01'), ('nhl', 'Winnipeg Jets', 'canada_life_centre', '2011-07-01', 'infinity'),

	('belgium', '', 'belgium', '-infinity', 'infinity'), ('england', '', 'england', '-infinity', 'infinity'), ('france', '', 'france', '-infinity', 'infinity'),
	('germany', '', 'germany', '-infinity', 'infinity'), ('greece', '', 'greece', '-infinity', 'infinity'), ('italy', '', 'italy', '-infinity', 'infinity'),
	('netherlands', '', 'netherlands', '-infinity', 'infinity'), ('poland', '', 'poland', '-infinity', 'infinity'),
	('portugal', '', 'portugal', '-infinity', 'infinity'), ('portugal', 'Santa Clara', 'azores', '-infinity', 'infinity'),
	('scotland', '', 'scotland', '-infinity', 'infinity'), ('turkey', '', 'turkey', '-infinity', 'infinity'),
	('argentina', '', 'argentina', '-infinity', 'infinity'), ('austria', '', 'austria', '-infinity', 'infinity'), ('china', '', 'china', '-infinity', 'infinity'),
	('denmark', '', 'denmark', '-infinity', 'infinity'), ('finland', '', 'finland', '-infinity', 'infinity'), ('ireland', '', 'ireland', '-infinity', 'infinity'),
	('japan', '', 'japan', '-infinity', 'infinity'), ('norway', '', 'norway', '-infinity', 'infinity'), ('romania', '', 'romania', '-infinity', 'infinity'),
	('sweden', '', 'sweden', '-infinity', 'infinity'), ('switzerland', '', 'switzerland', '-infinity', 'infinity'),
	('spain', '', 'spain', '-infinity', 'infinity'), ('spain', 'Las Palmas', 'canary_islands', '-infinity', 'infinity'),
	('spain', 'Tenerife', 'canary_islands', '-infinity', 'infinity')
) AS shipped (p, t, v, since, until);

-- Functions in plain SQL have no other way to refuse.
CREATE FUNCTION refuse_argument(argument text, value text, wanted text) RETURNS float8
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	RAISE EXCEPTION '% must be %, not %', argument, wanted, value USING ERRCODE = '22023';
END $$;
COMMENT ON FUNCTION refuse_argument(text, text, text) IS 'The error (22023) of a function in plain SQL for an argument that is out of its domain: says its name, what is wanted, and the value.';

-- Both are written so that the planner puts them in place: every part is strict.
CREATE FUNCTION great_circle_km(latitude float8, longitude float8, to_latitude float8, to_longitude float8) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN latitude BETWEEN -90 AND 90 AND to_latitude BETWEEN -90 AND 90 AND longitude BETWEEN -360 AND 360 AND to_longitude BETWEEN -360 AND 360
	THEN 6371.0088 * atan2(
		sqrt((cos(radians(to_latitude)) * sin(radians(to_longitude - longitude))) ^ 2
			+ (cos(radians(latitude)) * sin(radians(to_latitude)) - sin(radians(latitude)) * cos(radians(to_latitude)) * cos(radians(to_longitude - longitude))) ^ 2),
		sin(radians(latitude)) * sin(radians(to_latitude)) + cos(radians(latitude)) * cos(radians(to_latitude)) * cos(radians(to_longitude - longitude)))
	ELSE refuse_argument('a place', format('%s, %s or %s, %s', latitude, longitude, to_latitude, to_longitude), 'a latitude from -90 to 90 and a longitude from -360 to 360 degrees') END;
COMMENT ON FUNCTION great_circle_km(float8, float8, float8, float8) IS
'Kilometres along the great circle between two places given in degrees north and east, on a sphere of the earth''s mean radius, 6371.0088 km: Vincenty''s formula (1975), exact for near and opposite places too, within 0.6 % of the ellipsoid. NULL in, NULL out. Refuses latitudes beyond 90 and longitudes beyond 360 degrees (22023).';

CREATE FUNCTION time_zones_crossed(from_zone text, to_zone text, at timestamptz) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN date_part('epoch', (at AT TIME ZONE to_zone) - (at AT TIME ZONE from_zone)) / 3600;
COMMENT ON FUNCTION time_zones_crossed(text, text, timestamptz) IS
'Hours by which clocks in to_zone are ahead of those in from_zone (IANA names) at a time, summer time included: positive towards the east. NULL in, NULL out; refuses an unknown zone (22023).';

CREATE FUNCTION pool_grounds(pool text)
RETURNS TABLE (team_id bigint, venue text, valid_from timestamptz, valid_until timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 200	-- not STRICT, so that the planner can merge it
BEGIN ATOMIC
	SELECT t.team_id, v.venue, h.valid_from::timestamp AT TIME ZONE v.time_zone,
		least(h.valid_until, lead(h.valid_from) OVER (PARTITION BY t.team_id ORDER BY h.valid_from))::timestamp AT TIME ZONE v.time_zone
	FROM team AS t
	JOIN home_venue AS h ON h.pool = t.pool AND (h.team = t.name OR h.team = ''
		AND NOT EXISTS (SELECT FROM home_venue AS o WHERE o.pool = t.pool AND o.team = t.name))
	JOIN venue AS v ON v.venue = h.venue
	WHERE t.pool = pool_grounds.pool;
END;
COMMENT ON FUNCTION pool_grounds(text) IS 'The home grounds of all teams of a pool, one row a team and time; those of a team never overlap.';

CREATE FUNCTION game_ground(game_id bigint, as_of timestamptz)
RETURNS TABLE (venue text, known_at timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	SELECT g.venue, g.known_at FROM game_venue AS g WHERE g.game_id = game_ground.game_id AND g.known_at <= game_ground.as_of
	ORDER BY g.known_at DESC, g.recorded_at DESC LIMIT 1;
END;
COMMENT ON FUNCTION game_ground(bigint, timestamptz) IS 'Where a feed that names grounds had a game, as known at a time: one row of game_venue, or none.';

CREATE FUNCTION append_game_venues(payload_id bigint, games collected_game[], detail_key text) RETURNS int
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
SET enable_nestloop = off
AS $$
DECLARE
	source   payload;
	appended int;
BEGIN
	SELECT * INTO STRICT source FROM payload AS p WHERE p.payload_id = append_game_venues.payload_id;
	WITH named AS MATERIALIZED (
		SELECT g.line_no, g.raw, g.sport, g.detail ->> detail_key AS name, v.target AS venue, x.game_id, g.starts_at
		FROM unnest(games) AS g
		JOIN sport AS s ON s.sport = g.sport
		JOIN alias AS h ON h.feed = source.feed AND h.kind = 'team' AND h.pool = s.pool AND h.name = g.home
		JOIN alias AS a ON a.feed = source.feed AND a.kind = 'team' AND a.pool = s.pool AND a.name = g.away
		JOIN game AS x ON x.sport = g.sport AND x.season = g.season AND x.home_id = stable_id(s.pool || ':' || h.target) AND x.away_id = stable_id(s.pool || ':' || a.target)
		JOIN (SELECT DISTINCT ON (f.game_id) f.game_id, f.starts_at FROM fixture AS f JOIN payload AS p ON p.payload_id = f.payload_id
			WHERE p.feed = source.feed AND f.recorded_at <= source.received_at ORDER BY f.game_id, f.known_at DESC, f.recorded_at DESC) AS f
			ON f.game_id = x.game_id AND f.starts_at = g.starts_at
		LEFT JOIN alias AS v ON v.feed = source.feed AND v.kind = 'venue' AND v.pool = '' AND v.name = g.detail ->> detail_key
		WHERE g.detail ->> detail_key IS NOT NULL
	), add_reject AS (
		INSERT INTO reject (payload_id, line_no, reason, detail, raw, sport, unknown)
		SELECT append_game_venues.payload_id, n.line_no, 'unknown_venue', format('alias has no venue named %L', n.name), n.raw, n.sport, ARRAY[n.name]
		FROM named AS n WHERE n.venue IS NULL ORDER BY n.line_no
	), told AS MATERIALIZED (
		SELECT DISTINCT ON (g.game_id) g.game_id, g.venue FROM game_venue AS g JOIN payload AS p ON p.payload_id = g.payload_id
		WHERE p.feed = source.feed AND g.recorded_at <= source.received_at ORDER BY g.game_id, g.known_at DESC, g.recorded_at DESC
	), added AS (
		INSERT INTO game_venue (game_id, venue, known_at, recorded_at, payload_id)
		SELECT DISTINCT ON (n.game_id) n.game_id, n.venue,
			CASE WHEN t.game_id IS NULL THEN least(source.received_at, n.starts_at - interval '14 days') ELSE source.received_at END, source.received_at, append_game_venues.payload_id
		FROM named AS n LEFT JOIN told AS t ON t.game_id = n.game_id
		WHERE n.venue IS NOT NULL AND n.venue IS DISTINCT FROM t.venue ORDER BY n.game_id, n.line_no
		RETURNING 1
	)
	SELECT count(*) INTO appended FROM added;
	RETURN appended;
END $$;
COMMENT ON FUNCTION append_game_venues(bigint, collected_game[], text) IS
'What a loader calls after append_facts() when its feed names grounds: detail_key is their key in the games'' detail. Names go through alias, kind venue; an unknown one leaves the game and is a reject, unknown_venue. Returns the rows appended to game_venue, of what this feed has not said already.';
