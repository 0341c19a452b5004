"""Counts an export at many pairs of as-of day and known-at, with DuckDB alone.

Reads a JSON object from standard input: `export`, the folder; `known`, days; `days`, days that must be among the pairs; `n_pairs`.
Prints a JSON object: `pairs`, [as-of, known-at]; `cells`, [place of the pair, way, tier, prefecture, body, class, memberships];
`heads`, [place of the pair, way, tier, prefecture or null, heads]; `faults`, what is not as docs/export.md says. The two ways are
`segments` and `changes`.
"""

import hashlib
import json
import os
import sys
from datetime import timedelta

import duckdb

# Columns of the files of each table, as docs/export.md lists them.
COLUMNS = {
    "segments": "physician_id:INT64 body:UTF8 class:UTF8 starts_on:DATE ends_before:DATE known_from:DATE known_before:DATE",
    "changes": "day:DATE known_on:DATE tier:UTF8 prefecture:UTF8 body:UTF8 class:UTF8 delta:INT32",
    "head_changes_by_tier": "day:DATE known_on:DATE tier:UTF8 delta:INT32",
    "head_changes_by_prefecture": "day:DATE known_on:DATE tier:UTF8 prefecture:UTF8 delta:INT32",
    "bodies": "body:UTF8 tier:UTF8 prefecture:UTF8 sort_order:INT32 name:UTF8 short_name:UTF8 kind:UTF8 parent:UTF8 "
    "exists_from:DATE exists_before:DATE successors:UTF8",
    "body_names": "body:UTF8 valid_from:DATE valid_before:DATE name:UTF8 short_name:UTF8 kind:UTF8 parent:UTF8",
    "classes": "class:UTF8 label:UTF8 class_group:UTF8 class_group_label:UTF8 sort_order:INT32",
}

HOLDS = "s.starts_on <= p.as_of AND s.ends_before > p.as_of AND s.known_from <= p.known_at AND s.known_before > p.known_at"
LEARNT = "c.day <= p.as_of AND c.known_on <= p.known_at"


def schema_faults(connection, folder, manifest):
    """Every column required and with statistics, no other columns, and what the manifest says of each file."""
    faults = []
    for file in manifest["files"]:
        path = os.path.join(folder, file["path"])
        with open(path, "rb") as opened:
            content = opened.read()
        if (len(content), hashlib.sha256(content).hexdigest()) != (file["size_bytes"], file["sha256"]):
            faults.append(f"{file['path']} is not what the manifest says")
        if not path.endswith(".parquet"):
            continue
        table = file["path"].split("/")[0]
        rows = connection.execute(
            "SELECT name, coalesce(converted_type, type), repetition_type FROM parquet_schema(?) OFFSET 1", [path]
        ).fetchall()
        if " ".join(f"{name}:{kind}" for name, kind, _ in rows) != COLUMNS[table]:
            faults.append(f"{file['path']} has the columns {rows}")
        faults += [f"{file['path']}: {name} is not required" for name, _, repetition in rows if repetition != "REQUIRED"]
        told = connection.execute(
            "SELECT path_in_schema FROM parquet_metadata(?) "
            "WHERE stats_min_value IS NULL OR stats_max_value IS NULL OR stats_null_count <> 0",
            [path],
        ).fetchall()
        faults += [f"{file['path']}: no statistics of {name}" for (name,) in told]
    counted = {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in COLUMNS}
    if counted != {rows["table"]: rows["rows"] for rows in manifest["rows"]}:
        faults.append(f"rows of tables: {counted}")
    return faults


def order_faults(connection, folder):
    """Files are sorted by body and first day, so that a reader of one body reads little."""
    unsorted = connection.execute(
        "SELECT filename FROM (SELECT filename, (body, starts_on) < lag((body, starts_on)) "
        "OVER (PARTITION BY filename ORDER BY file_row_number) AS goes_back "
        "FROM read_parquet(?, filename = true, file_row_number = true)) WHERE goes_back",
        [f"{folder}/segments/*/*/*.parquet"],
    ).fetchall()
    return [f"{name} is not sorted" for (name,) in unsorted]


def chosen_pairs(connection, days, known, n_pairs):
    """The days asked for, and days on which memberships begin and end and the days before them, each with some known-at."""
    found = connection.execute(
        "SELECT DISTINCT day FROM (SELECT starts_on AS day FROM segments UNION ALL SELECT ends_before FROM segments) "
        "WHERE day < DATE '9999-12-31' ORDER BY day"
    ).fetchall()
    turns = [day for (day,) in found]
    step = max(1, 2 * len(turns) // n_pairs)
    around = [[(day - timedelta(days=1)).isoformat(), day.isoformat()] for day in turns[::-1][::step]]
    chosen = days + [day for both in around for day in both]
    pairs = []
    for nth in range(len(known)):
        # Every day with some known-at, beginning with another one each time, until there are enough.
        pairs += [[day, known[(at + nth) % len(known)]] for at, day in enumerate(chosen)]
    return pairs[:n_pairs]


def asked_through_macros(connection, pair):
    """The cells and heads of one pair, as the macros of the views say them."""
    as_of, known_at = pair
    days = f"DATE '{as_of}', k := DATE '{known_at}'"
    ask = lambda what: sorted(connection.execute(f"SELECT * FROM {what}").fetchall())
    return {
        "segments": (
            ask(f"count_on({days})"),
            ask(f"(SELECT tier, heads FROM heads_by_tier({days}))"),
            ask(f"(SELECT tier, prefecture, heads FROM heads_by_prefecture({days}))"),
        ),
        "changes": (
            ask(f"summed_count_on({days})"),
            ask(f"summed_heads_by_tier({days})"),
            ask(f"summed_heads_by_prefecture({days})"),
        ),
    }


def macro_faults(connection, pairs, cells, heads):
    faults = []
    for nth in range(0, len(pairs), max(1, len(pairs) // 5)):
        for way, told in asked_through_macros(connection, pairs[nth]).items():
            of_body = {}
            for _, _, tier, _, body, of_class, n in (cell for cell in cells if cell[:2] == (nth, way)):
                of_body[tier, body, of_class] = of_body.get((tier, body, of_class), 0) + n
            here = [head[2:] for head in heads if head[:2] == (nth, way)]
            expected = (
                sorted((*key, n) for key, n in of_body.items()),
                sorted((tier, n) for tier, prefecture, n in here if prefecture is None),
                sorted(head for head in here if head[1] is not None),
            )
            if told != expected:
                faults.append(f"{way} through macros at {pairs[nth]}: {told} instead of {expected}")
    return faults


def series_faults(connection, known_at):
    """The series of month ends, as the macro of the views says it, and as memberships do."""
    told = connection.execute("SELECT * FROM month_end_series('2024-01-10', '2025-12-10', k := ?)", [known_at]).fetchall()
    expected = connection.execute(
        "SELECT last_day(month)::DATE AS as_of, tier, body, class, count(*) "
        "FROM generate_series(DATE '2024-01-01', DATE '2025-12-01', INTERVAL 1 MONTH) AS months(month) "
        "JOIN segments ON starts_on <= last_day(month) AND ends_before > last_day(month) "
        "WHERE known_from <= ?::DATE AND known_before > ?::DATE GROUP BY ALL ORDER BY ALL",
        [known_at, known_at],
    ).fetchall()
    return [] if told == expected else [f"the series as known at {known_at}: {told[:3]} … instead of {expected[:3]} …"]


def main():
    asked = json.load(sys.stdin)
    folder = asked["export"]
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    connection.execute("SET VARIABLE kaiin_export = ?", [folder])
    with open(os.path.join(folder, "views.duckdb.sql"), encoding="utf-8") as views:
        connection.execute(views.read())
    with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as manifest:
        faults = schema_faults(connection, folder, json.load(manifest))
    faults += order_faults(connection, folder)
    pairs = chosen_pairs(connection, asked["days"], asked["known"], asked["n_pairs"])
    connection.execute("CREATE TABLE pairs (nth INTEGER, as_of DATE, known_at DATE)")
    connection.executemany("INSERT INTO pairs VALUES (?, ?, ?)", [[nth, *pair] for nth, pair in enumerate(pairs)])
    cells = connection.execute(
        f"""
        SELECT nth, 'segments', tier, prefecture, body, class, count(*) FROM pairs AS p JOIN segments AS s ON {HOLDS} GROUP BY ALL
        UNION ALL
        SELECT nth, 'changes', tier, prefecture, body, class, sum(delta)::BIGINT AS n
        FROM pairs AS p JOIN changes AS c ON {LEARNT} GROUP BY ALL HAVING n <> 0
        """
    ).fetchall()
    heads = connection.execute(
        f"""
        SELECT nth, 'segments', tier, NULL, count(DISTINCT physician_id) FROM pairs AS p JOIN segments AS s ON {HOLDS} GROUP BY ALL
        UNION ALL
        SELECT nth, 'segments', tier, prefecture, count(DISTINCT physician_id)
        FROM pairs AS p JOIN segments AS s ON {HOLDS} GROUP BY ALL
        UNION ALL
        SELECT nth, 'changes', tier, NULL, sum(delta)::BIGINT AS n
        FROM pairs AS p JOIN head_changes_by_tier AS c ON {LEARNT} GROUP BY ALL HAVING n <> 0
        UNION ALL
        SELECT nth, 'changes', tier, prefecture, sum(delta)::BIGINT AS n
        FROM pairs AS p JOIN head_changes_by_prefecture AS c ON {LEARNT} GROUP BY ALL HAVING n <> 0
        """
    ).fetchall()
    faults += macro_faults(connection, pairs, cells, heads)
    faults += series_faults(connection, asked["known"][0])
    print(json.dumps({"pairs": pairs, "cells": cells, "heads": heads, "faults": faults}))


main()
