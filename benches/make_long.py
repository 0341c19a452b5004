#!/usr/bin/env python3
"""Turns a wide export of make_national.py into a long one: benches/make_long.py WIDE LONG [--rows N]

One row for each physician and body of any tier, 25 columns in CP932; six columns are named by no layout. Rows of one
physician stand together, as a system exports them. Stops after N rows. Standard library only.
"""

import argparse
import csv

HEADINGS = [
    "医籍登録番号", "氏名", "氏名カナ", "性別", "生年月日", "卒業年月", "施設名", "施設業務", "階層", "医師会コード", "医師会名",
    "会員区分", "入会希望日", "入会日", "退会日", "退会理由", "会員状態", "最終更新日時", "備考",
    "施設住所", "電話番号", "診療科", "専門医", "会費区分", "会報送付",
]


def rows_of(row):
    """The rows of one wide row; the state of an upper tier follows from its days."""
    person = [row[heading] for heading in HEADINGS[:8]]
    tail = ["架空県架空市1-2-3", "000-0000-0000", "内科", "", "年額", "要"]
    stamp, remark = row["最終更新日時"], row["備考"]
    yield person + ["郡市区等", row["郡市区等医師会コード"], row["郡市区等医師会名"], row["郡市区等会員区分"], row["郡市区等入会希望日"],
                    row["郡市区等入会日"], row["郡市区等退会日"], row["退会理由"], row["会員状態"], stamp, remark] + tail
    for tier, name, prefix in (("都道府県", row["都道府県医師会名"], "都道府県"), ("日本", "日本医師会", "日医")):
        joined, left = row[f"{prefix}入会日"], row[f"{prefix}退会日"]
        if joined:
            state = "退会" if left else "在籍"
            yield person + [tier, "", name, row[f"{prefix}会員区分"], "", joined, left,
                            row["退会理由"] if left else "", state, stamp, ""] + tail


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("wide")
    arguments.add_argument("long")
    arguments.add_argument("--rows", type=int, default=1_000_000)
    options = arguments.parse_args()
    left = options.rows
    with open(options.wide, encoding="cp932", newline="") as source, \
            open(options.long, "w", encoding="cp932", newline="") as target:
        writer = csv.writer(target, lineterminator="\r\n")
        writer.writerow(HEADINGS)
        for row in csv.DictReader(source):
            for cells in rows_of(row):
                if left == 0:
                    return
                writer.writerow(cells)
                left -= 1
    print(f"{options.rows - left} rows")


if __name__ == "__main__":
    main()
