-- Views over an export of kaiin (docs/export.md), for Spark (tried with 4.3). The newest known-at is {known_at}.
--
-- The place of the export has to be said first, in the same session; statements end with a semicolon at the end of a line:
--
--     SET kaiin_export=/path/of/the/export;

-- Memberships: each with the days [starts_on, ends_before) on which it counts and the days [known_from, known_before) on which
-- that was known. The columns are told, so that the prefecture, which comes from the names of folders, stays a text (01 stays 01).
CREATE OR REPLACE TEMPORARY VIEW segments (
    physician_id BIGINT, body STRING, class STRING, starts_on DATE, ends_before DATE, known_from DATE, known_before DATE,
    tier STRING, prefecture STRING
) USING parquet OPTIONS (path '${kaiin_export}/segments');

-- Change points: from `day` on `delta` more, as is known since `known_on`.
CREATE OR REPLACE TEMPORARY VIEW changes USING parquet OPTIONS (path '${kaiin_export}/changes');

CREATE OR REPLACE TEMPORARY VIEW head_changes_by_tier USING parquet OPTIONS (path '${kaiin_export}/head_changes_by_tier');

CREATE OR REPLACE TEMPORARY VIEW head_changes_by_prefecture
USING parquet OPTIONS (path '${kaiin_export}/head_changes_by_prefecture');

CREATE OR REPLACE TEMPORARY VIEW bodies USING parquet OPTIONS (path '${kaiin_export}/bodies');

CREATE OR REPLACE TEMPORARY VIEW body_names USING parquet OPTIONS (path '${kaiin_export}/body_names');

CREATE OR REPLACE TEMPORARY VIEW classes USING parquet OPTIONS (path '${kaiin_export}/classes');

-- Memberships as known at the newest day.
CREATE OR REPLACE TEMPORARY VIEW newest_segments AS
SELECT * FROM segments WHERE known_from <= DATE '{known_at}' AND known_before > DATE '{known_at}';

-- Examples. On the day 2025-12-01 as known at 2025-11-30:
--
--     -- 会員数: kaiin count --as-of 2025-12-01 --known-at 2025-11-30
--     SELECT tier, body, class, count(*) AS memberships FROM segments
--     WHERE starts_on <= DATE '2025-12-01' AND ends_before > DATE '2025-12-01'
--       AND known_from <= DATE '2025-11-30' AND known_before > DATE '2025-11-30'
--     GROUP BY tier, body, class;
--
--     -- 実人員: whoever is in several bodies is one head
--     SELECT tier, count(*) AS memberships, count(DISTINCT physician_id) AS heads FROM segments
--     WHERE starts_on <= DATE '2025-12-01' AND ends_before > DATE '2025-12-01'
--       AND known_from <= DATE '2025-11-30' AND known_before > DATE '2025-11-30'
--     GROUP BY tier;
--
--     -- the same from change points
--     SELECT tier, body, class, sum(delta) AS memberships FROM changes
--     WHERE day <= DATE '2025-12-01' AND known_on <= DATE '2025-11-30'
--     GROUP BY tier, body, class HAVING sum(delta) <> 0;
--
--     -- 月末の推移, as known at the newest day
--     SELECT as_of, tier, body, class, sum(delta) AS memberships
--     FROM (SELECT explode(sequence(DATE '2025-04-30', DATE '2025-12-31', INTERVAL 1 MONTH)) AS month) AS months
--     CROSS JOIN LATERAL (SELECT last_day(month) AS as_of)
--     JOIN changes ON day <= as_of AND known_on <= DATE '{known_at}'
--     GROUP BY as_of, tier, body, class HAVING sum(delta) <> 0;
