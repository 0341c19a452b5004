#!/usr/bin/env python3
"""The same job with pandas and with DuckDB, as a capable analyst would write it. Run by benches/run.

  peers.py pandas-load  MASTER EXPORT DATABASE   read_csv (CP932) and to_sql into SQLite, then the facts beside it
  peers.py pandas-count DATABASE DAY             members of a day by association and class
  peers.py duckdb-load  MASTER EXPORT DATABASE   the same; EXPORT must be UTF-8, which is all that DuckDB reads
  peers.py duckdb-count DATABASE DAY

`load` makes a table `stay` (number, tier, association, class, joined_on, left_on) with real dates out of the
many spellings, without the rows that kaiin rejects, so that `count` is one plain query. Neither keeps a history:
a second export would replace the first. Prints one JSON object: seconds by step, or the counts.
"""

import csv
import json
import re
import sqlite3
import sys
import time
from datetime import date

TIERS = ("local", "prefectural", "national")
NUMBER, BODY_CODE, BODY_NAME, PREFECTURE = "医籍登録番号", "郡市区等医師会コード", "郡市区等医師会名", "都道府県医師会名"
FIELDS = {"local": "郡市区等", "prefectural": "都道府県", "national": "日医"}
CLASSES = {
    "A1": ["A1", "A①", "A(1)", "Ａ１", "A①会員"],
    "A2B": ["A2B", "A②(B)", "A②会員(B)", "Ａ②（Ｂ）"],
    "A2C": ["A2C", "A②(C)", "A②（Ｃ）会員"],
    "B": ["B", "Ｂ", "B会員"],
    "C": ["C", "C会員"],
}
CLASS_OF = {spelling: code for code, spellings in CLASSES.items() for spelling in spellings}
HALF_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")


class Steps:
    """Seconds of each step of a load."""

    def __init__(self):
        self.seconds, self.at = {}, time.perf_counter()

    def done(self, name):
        now = time.perf_counter()
        self.seconds[name], self.at = round(now - self.at, 3), now


def bodies_by_name(master):
    """(tier, any accepted name) → code."""
    tiers = {"郡市区等": "local", "都道府県": "prefectural", "日本": "national"}
    with open(master, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        (tiers[row["階層"]], name): row["医師会コード"]
        for row in rows
        for name in (row["名称"], row["略称"], row["別名"], row["略称"] + "医師会") if name
    }


def parse_date(text):
    """ISO text of a date in any spelling of the file; None when it is none."""
    text = text.translate(HALF_WIDTH)
    found = re.fullmatch(r"(\d{4})[-/]?(\d{2})[-/]?(\d{2})", text)
    if found:
        return "-".join(found.groups())
    found = re.fullmatch(r"(令和|平成|昭和|R|H|S)(\d+|元)[年.](\d+)[月.](\d+)日?", text)
    if not found:
        return None
    era, nth, month, day = found.groups()
    before = {"令": 2018, "平": 1988, "昭": 1925, "R": 2018, "H": 1988, "S": 1925}[era[0]]
    return date(before + (1 if nth == "元" else int(nth)), int(month), int(day)).isoformat()


def pandas_load(master, export, database):
    import pandas

    steps = Steps()
    frame = pandas.read_csv(export, encoding="cp932", dtype=str, keep_default_na=False)
    steps.done("read_csv")
    with sqlite3.connect(database) as connection:
        frame.to_sql("export", connection, index=False, if_exists="replace")
    steps.done("to_sql")

    def mapped(column, function):
        return column.map({value: function(value) for value in column.unique()})

    names = bodies_by_name(master)
    local = mapped(frame[BODY_NAME], lambda name: names.get(("local", name)))
    code = frame[BODY_CODE]
    bodies = {
        "local": code.where(code != "", local),
        "prefectural": mapped(frame[PREFECTURE], lambda name: names.get(("prefectural", name))),
        "national": pandas.Series("JMA", index=frame.index),
    }
    number = frame[NUMBER].str.translate(HALF_WIDTH).str.extract(r"^第?(\d+)号?$")[0]
    bad = number.isna() | bodies["local"].isna()
    stays = []
    for tier in TIERS:
        prefix = FIELDS[tier]
        cells = {name: frame[f"{prefix}{name}"] for name in ("入会日", "退会日", "会員区分")}
        joined, left = mapped(cells["入会日"], parse_date), mapped(cells["退会日"], parse_date)
        bad |= (joined.isna() & (cells["入会日"] != "")) | (left.isna() & (cells["退会日"] != "")) | (left < joined)
        stays.append(pandas.DataFrame({
            "number": number, "tier": tier, "association": bodies[tier],
            "class": mapped(cells["会員区分"], lambda text: CLASS_OF.get(text, "unknown")),
            "joined_on": joined, "left_on": left,
        }))
    stays = pandas.concat([stay[~bad & stay["joined_on"].notna()] for stay in stays], ignore_index=True)
    stays["number"] = stays["number"].astype("int64")
    steps.done("normalise")
    with sqlite3.connect(database) as connection:
        stays.to_sql("stay", connection, index=False, if_exists="replace")
    steps.done("to_sql of the facts")
    return steps.seconds


def pandas_count(database, day):
    import pandas

    with sqlite3.connect(database) as connection:
        members = pandas.read_sql(
            "SELECT number, tier, association, class FROM stay WHERE joined_on <= ? AND (left_on IS NULL OR left_on >= ?)",
            connection, params=(day, day))
    members = members.drop_duplicates()
    counts = members.groupby(["tier", "association", "class"]).size()
    heads = members.groupby("tier")["number"].nunique()
    return {"rows": [[*key, int(n)] for key, n in counts.items()], "heads": {tier: int(n) for tier, n in heads.items()}}


def sql_list(values):
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)


def duckdb_load(master, export, database):
    import duckdb

    steps = Steps()
    connection = duckdb.connect(database)
    connection.execute("""CREATE MACRO era_day(cell, pattern) AS make_date(
        CASE cell[1] WHEN '令' THEN 2018 WHEN 'R' THEN 2018 WHEN '平' THEN 1988 WHEN 'H' THEN 1988 ELSE 1925 END
        + CASE WHEN regexp_extract(cell, pattern, 2) = '元' THEN 1 ELSE regexp_extract(cell, pattern, 2)::INTEGER END,
        regexp_extract(cell, pattern, 3)::INTEGER, regexp_extract(cell, pattern, 4)::INTEGER)""")
    connection.execute("""CREATE MACRO folded_day(cell) AS coalesce(
        try_strptime(cell, ['%Y-%m-%d', '%Y/%m/%d', '%Y%m%d'])::DATE,
        CASE WHEN regexp_full_match(cell, '(令和|平成|昭和|R|H|S)(\\d+|元)[年.](\\d+)[月.](\\d+)日?')
             THEN era_day(cell, '(令和|平成|昭和|R|H|S)(\\d+|元)[年.](\\d+)[月.](\\d+)日?') END)""")
    connection.execute("CREATE MACRO day(cell) AS folded_day(translate(cell, '０１２３４５６７８９', '0123456789'))")
    cases = " ".join(f"WHEN cell IN ({sql_list(spellings)}) THEN '{code}'" for code, spellings in CLASSES.items())
    connection.execute(f"CREATE MACRO class_of(cell) AS CASE {cases} ELSE 'unknown' END")
    connection.execute("CREATE TABLE body (tier VARCHAR, name VARCHAR, code VARCHAR)")
    # In one statement: executemany costs DuckDB milliseconds for each row.
    names = bodies_by_name(master)
    lists = [[tier for tier, _ in names], [name for _, name in names], list(names.values())]
    connection.execute("INSERT INTO body SELECT unnest($1), unnest($2), unnest($3)", lists)
    steps.done("master")
    connection.execute(
        "CREATE TABLE export AS SELECT * FROM read_csv(?, header = true, all_varchar = true, delim = ',', quote = '\"')",
        [export])
    steps.done("read_csv")
    # NULL stands for an empty cell here: that is what read_csv makes of it.
    columns = ", ".join(
        f'day("{prefix}入会日") AS {tier}_joined, day("{prefix}退会日") AS {tier}_left, '
        f'"{prefix}入会日" AS {tier}_joined_cell, "{prefix}退会日" AS {tier}_left_cell, '
        f'class_of("{prefix}会員区分") AS {tier}_class'
        for tier, prefix in FIELDS.items())
    bad = " OR ".join(
        f"({tier}_joined IS NULL AND {tier}_joined_cell IS NOT NULL) OR ({tier}_left IS NULL AND {tier}_left_cell IS NOT NULL) "
        f"OR coalesce({tier}_left < {tier}_joined, false)" for tier in TIERS)
    number = "translate(e.\"医籍登録番号\", '０１２３４５６７８９', '0123456789')"
    connection.execute(f"""CREATE TEMP TABLE fact AS SELECT
            CASE WHEN regexp_full_match({number}, '第?\\d+号?') THEN regexp_extract({number}, '\\d+')::INTEGER END AS number,
            coalesce(e."{BODY_CODE}", l.code) AS local, p.code AS prefectural, 'JMA' AS national, {columns}
        FROM export e
        LEFT JOIN body l ON l.tier = 'local' AND l.name = e."{BODY_NAME}"
        LEFT JOIN body p ON p.tier = 'prefectural' AND p.name = e."{PREFECTURE}" """)
    steps.done("normalise")
    stays = " UNION ALL ".join(
        f"SELECT number, '{tier}' AS tier, {tier} AS association, {tier}_class AS class, {tier}_joined AS joined_on, "
        f"{tier}_left AS left_on FROM fact WHERE {tier}_joined IS NOT NULL AND NOT (number IS NULL OR local IS NULL OR {bad})"
        for tier in TIERS)
    connection.execute(f"CREATE TABLE stay AS {stays}")
    connection.close()
    steps.done("facts")
    return steps.seconds


def duckdb_count(database, day):
    import duckdb

    connection = duckdb.connect(database, read_only=True)
    in_force = "SELECT DISTINCT number, tier, association, class FROM stay WHERE joined_on <= $1 AND coalesce(left_on >= $1, true)"
    rows = connection.execute(
        f"SELECT tier, association, class, count(*) FROM ({in_force}) GROUP BY ALL ORDER BY ALL", [day]).fetchall()
    heads = connection.execute(f"SELECT tier, count(DISTINCT number) FROM ({in_force}) GROUP BY ALL", [day]).fetchall()
    return {"rows": rows, "heads": dict(heads)}


def main():
    steps = {"pandas-load": pandas_load, "pandas-count": pandas_count, "duckdb-load": duckdb_load, "duckdb-count": duckdb_count}
    json.dump(steps[sys.argv[1]](*sys.argv[2:]), sys.stdout)


if __name__ == "__main__":
    main()
