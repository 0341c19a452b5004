-- Views over an export of kaiin (docs/export.md), for DuckDB 1.2 and later. The newest known-at is {known_at}.
--
-- Where the export lies: started in its folder nothing has to be said, from elsewhere its path, before this file is read:
--
--     SET VARIABLE kaiin_export = '/path/of/the/export';
--     .read /path/of/the/export/views.duckdb.sql

SET VARIABLE kaiin_export = coalesce(getvariable('kaiin_export'), '.');

-- Memberships: each with the days [starts_on, ends_before) on which it counts and the days [known_from, known_before) on which
-- that was known. `tier` and `prefecture` come from the names of folders; both are texts (01 stays 01).
CREATE OR REPLACE VIEW segments AS
SELECT physician_id, tier, prefecture, body, class, starts_on, ends_before, known_from, known_before
FROM read_parquet(
    getvariable('kaiin_export') || '/segments/*/*/*.parquet',
    hive_partitioning = true,
    hive_types = {'tier': VARCHAR, 'prefecture': VARCHAR}
);

-- Change points: from `day` on `delta` more, as is known since `known_on`.
CREATE OR REPLACE VIEW changes AS
FROM read_parquet(getvariable('kaiin_export') || '/changes/*.parquet');

CREATE OR REPLACE VIEW head_changes_by_tier AS
FROM read_parquet(getvariable('kaiin_export') || '/head_changes_by_tier/*.parquet');

CREATE OR REPLACE VIEW head_changes_by_prefecture AS
FROM read_parquet(getvariable('kaiin_export') || '/head_changes_by_prefecture/*.parquet');

CREATE OR REPLACE VIEW bodies AS
FROM read_parquet(getvariable('kaiin_export') || '/bodies/*.parquet');

CREATE OR REPLACE VIEW body_names AS
FROM read_parquet(getvariable('kaiin_export') || '/body_names/*.parquet');

CREATE OR REPLACE VIEW classes AS
FROM read_parquet(getvariable('kaiin_export') || '/classes/*.parquet');

-- Days may be dates or texts such as '2025-12-01'; `k` is the newest known-at unless it is given.
--
-- The memberships in force on day `d` as known at day `k`: one row each.
CREATE OR REPLACE MACRO members_on(d, k := '{known_at}') AS TABLE
SELECT * FROM segments WHERE starts_on <= d::DATE AND ends_before > d::DATE AND known_from <= k::DATE AND known_before > k::DATE;

-- 会員数: kaiin count --as-of d --known-at k
CREATE OR REPLACE MACRO count_on(d, k := '{known_at}') AS TABLE
SELECT tier, body, class, count(*) AS memberships
FROM members_on(d, k := k) GROUP BY ALL;

-- 実人員 by tier: whoever is in several bodies is one head.
CREATE OR REPLACE MACRO heads_by_tier(d, k := '{known_at}') AS TABLE
SELECT tier, count(*) AS memberships, count(DISTINCT physician_id) AS heads
FROM members_on(d, k := k) GROUP BY ALL;

-- The same by prefecture; national members belong to the prefecture of their prefectural body (00 is 不明).
CREATE OR REPLACE MACRO heads_by_prefecture(d, k := '{known_at}') AS TABLE
SELECT tier, prefecture, count(*) AS memberships, count(DISTINCT physician_id) AS heads
FROM members_on(d, k := k) GROUP BY ALL;

CREATE OR REPLACE MACRO heads_by_class_group(d, k := '{known_at}') AS TABLE
SELECT tier, class_group, count(*) AS memberships, count(DISTINCT physician_id) AS heads
FROM members_on(d, k := k) JOIN classes USING (class) GROUP BY ALL;

-- The same three from change points, which is faster where only figures are asked for.
CREATE OR REPLACE MACRO summed_count_on(d, k := '{known_at}') AS TABLE
SELECT tier, body, class, sum(delta)::BIGINT AS memberships
FROM changes WHERE day <= d::DATE AND known_on <= k::DATE GROUP BY ALL HAVING sum(delta) <> 0;

CREATE OR REPLACE MACRO summed_heads_by_tier(d, k := '{known_at}') AS TABLE
SELECT tier, sum(delta)::BIGINT AS heads
FROM head_changes_by_tier WHERE day <= d::DATE AND known_on <= k::DATE GROUP BY ALL HAVING sum(delta) <> 0;

CREATE OR REPLACE MACRO summed_heads_by_prefecture(d, k := '{known_at}') AS TABLE
SELECT tier, prefecture, sum(delta)::BIGINT AS heads
FROM head_changes_by_prefecture WHERE day <= d::DATE AND known_on <= k::DATE GROUP BY ALL HAVING sum(delta) <> 0;

-- 月末の推移: kaiin series --from first --to last --by association,class, rows with nobody left out.
CREATE OR REPLACE MACRO month_end_series(first_day, last_day, k := '{known_at}') AS TABLE
WITH month_ends AS (
    SELECT last_day(month)::DATE AS as_of
    FROM generate_series(
        date_trunc('month', first_day::DATE), date_trunc('month', last_day::DATE), INTERVAL 1 MONTH
    ) AS months(month)
),
monthly AS (
    SELECT greatest(last_day(day), last_day(first_day::DATE)) AS as_of, tier, body, class, sum(delta)::BIGINT AS delta
    FROM changes WHERE day <= last_day(last_day::DATE) AND known_on <= k::DATE GROUP BY ALL
),
cells AS (SELECT DISTINCT tier, body, class FROM monthly),
running AS (
    SELECT as_of, tier, body, class,
        (sum(coalesce(delta, 0)) OVER (PARTITION BY tier, body, class ORDER BY as_of))::BIGINT AS memberships
    FROM cells CROSS JOIN month_ends LEFT JOIN monthly USING (as_of, tier, body, class)
)
SELECT * FROM running WHERE memberships <> 0 ORDER BY ALL;

-- Examples:
--
--     FROM count_on(DATE '2025-12-01');
--     FROM count_on(DATE '2025-12-01', k := DATE '2025-11-30');
--     FROM heads_by_tier(DATE '2025-12-01');
--     FROM month_end_series(DATE '2025-04-01', DATE '2025-12-31');
--
--     -- with the names of that day, in the order of papers
--     SELECT b.tier, n.short_name, c.label, m.memberships
--     FROM count_on(DATE '2025-12-01') AS m
--     JOIN bodies AS b USING (body)
--     JOIN body_names AS n ON n.body = m.body AND n.valid_from <= DATE '2025-12-01' AND n.valid_before > DATE '2025-12-01'
--     JOIN classes AS c USING (class)
--     ORDER BY b.sort_order, c.sort_order;
