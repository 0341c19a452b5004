#!/usr/bin/env python3
"""Writes an invented member world of national size: benches/make_national.py FOLDER [--rows N] [--seed N]

Three files, the same bytes for the same arguments (Python 3.9 or newer, standard library only):

  associations.csv        UTF-8 with BOM: the national body, 47 prefectural ones, about 900 local ones
  members_2025-11-30.csv  CP932, 25 columns, one row for each physician and local body, the upper tiers beside it
  members_2025-12-31.csv  the same a month later: about 0.5 % of the rows are new, closed or changed

Headings and spellings are those of reports/demo/saitama, with a last column that no layout names. Most rows
of the second file are spelt as in the first; one in a hundred is spelt anew with the same facts. Nobody in it
exists. Some rows are broken on purpose and must be rejected: a registration number with a letter, a 退会日
that is no date or lies before the 入会日, an unknown body.

The facts are drawn so that a count at an export day can be taken from that one file: no open stay vanishes and
the rows of one person never contradict each other (kaiin has rules for both, a group-by has none).
"""

import argparse
import csv
import random
from datetime import date, timedelta
from pathlib import Path

FIRST_EXPORT = date(2025, 11, 30)
SECOND_EXPORT = date(2025, 12, 31)
# Ended rows stay in an export for this long (reports/layouts/mamis-members-wide.toml).
KEPT = timedelta(days=200)

HEADINGS = [
    "医籍登録番号", "氏名", "氏名カナ", "性別", "生年月日", "卒業年月", "施設名", "施設業務",
    "郡市区等医師会コード", "郡市区等医師会名", "郡市区等会員区分", "郡市区等入会希望日", "郡市区等入会日", "郡市区等退会日",
    "都道府県医師会名", "都道府県会員区分", "都道府県入会日", "都道府県退会日",
    "日医会員区分", "日医入会日", "日医退会日", "退会理由", "会員状態", "最終更新日時", "備考",
]

# Name and rough size; the sizes only have to differ as widely as prefectures do.
PREFECTURES = [
    ("北海道", 13), ("青森県", 3), ("岩手県", 3), ("宮城県", 6), ("秋田県", 3), ("山形県", 3), ("福島県", 4),
    ("茨城県", 6), ("栃木県", 5), ("群馬県", 5), ("埼玉県", 13), ("千葉県", 13), ("東京都", 44), ("神奈川県", 21),
    ("新潟県", 5), ("富山県", 3), ("石川県", 4), ("福井県", 2), ("山梨県", 2), ("長野県", 5), ("岐阜県", 5),
    ("静岡県", 8), ("愛知県", 17), ("三重県", 4), ("滋賀県", 4), ("京都府", 9), ("大阪府", 25), ("兵庫県", 15),
    ("奈良県", 4), ("和歌山県", 3), ("鳥取県", 2), ("島根県", 2), ("岡山県", 6), ("広島県", 8), ("山口県", 4),
    ("徳島県", 3), ("香川県", 3), ("愛媛県", 4), ("高知県", 3), ("福岡県", 16), ("佐賀県", 3), ("長崎県", 5),
    ("熊本県", 5), ("大分県", 4), ("宮崎県", 3), ("鹿児島県", 5), ("沖縄県", 4),
]
PLACES = [head + tail for tail in ("市", "郡市", "地区", "区") for head in
          ("中央", "東部", "西部", "南部", "北部", "城東", "城西", "港", "川口台", "山手", "緑丘", "海辺", "湖畔", "高原")]

FAMILY_NAMES = [
    ("架空", "カクウ"), ("見本", "ミホン"), ("試験", "シケン"), ("例示", "レイジ"), ("仮名", "カメイ"), ("髙橋", "タカハシ"),
    ("山﨑", "ヤマザキ"), ("渡邊", "ワタナベ"), ("渡邉", "ワタナベ"), ("斎藤", "サイトウ"), ("齋藤", "サイトウ"), ("濵田", "ハマダ"),
    ("德永", "トクナガ"), ("栁", "ヤナギ"), ("辻", "ツジ"), ("鴎", "カモメ"), ("吉野", "ヨシノ"), ("神谷", "カミヤ"),
    ("小鳥遊", "タカナシ"), ("太郎丸", "タロウマル"), ("勅使河原", "テシガワラ"),
]
GIVEN_NAMES = [
    ("一郎", "イチロウ", "男"), ("三四郎", "サンシロウ", "男"), ("和", "カズ", "男"), ("架", "カケル", "男"), ("見", "ケン", "男"),
    ("太郎", "タロウ", "男"), ("花子", "ハナコ", "女"), ("本子", "モトコ", "女"), ("例", "レイ", "女"), ("令奈", "レイナ", "女"),
    ("空美", "クミ", "女"),
]
FACILITIES = ["架空病院", "架空医院", "架空診療所", "架空クリニック"]
DUTIES = ["勤務医"] * 47 + ["診療所開設者"] * 39 + ["研修医"] * 6 + ["管理者"] * 5 + ["病院開設者"] * 2 + ["その他"]
REMARKS = ["書類確認済", "郵送不可", "住所変更届、受領", "電話連絡, 折返し待ち", "第2勤務先あり"]
REASONS = ["本人希望"] * 36 + ["転出"] * 35 + ["死亡"] * 21 + ["会費滞納"] * 5 + ["所在不明"] * 3

CLASSES = ["A1"] * 37 + ["A2B"] * 26 + ["A2C"] * 3 + ["B"] * 31 + ["C"] * 3
CLASS_SPELLINGS = {
    "A1": ["A1", "A①", "A(1)", "Ａ１", "A①会員"],
    "A2B": ["A2B", "A②(B)", "A②会員(B)", "Ａ②（Ｂ）"],
    "A2C": ["A2C", "A②(C)", "A②（Ｃ）会員"],
    "B": ["B", "Ｂ", "B会員"],
    "C": ["C", "C会員"],
    "special": ["特別"],
}
ERAS = [(date(2019, 5, 1), "令和", "R", 2018), (date(1989, 1, 8), "平成", "H", 1988), (date(1926, 12, 25), "昭和", "S", 1925)]
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
HALF_WIDTH_KANA = str.maketrans({
    "ア": "ｱ", "イ": "ｲ", "ウ": "ｳ", "カ": "ｶ", "ク": "ｸ", "ケ": "ｹ", "コ": "ｺ", "サ": "ｻ", "シ": "ｼ", "ジ": "ｼﾞ", "ズ": "ｽﾞ",
    "ザ": "ｻﾞ", "タ": "ﾀ", "ダ": "ﾀﾞ", "ツ": "ﾂ", "テ": "ﾃ", "ト": "ﾄ", "ナ": "ﾅ", "ネ": "ﾈ", "ノ": "ﾉ", "ハ": "ﾊ",
    "ベ": "ﾍﾞ", "ホ": "ﾎ", "マ": "ﾏ", "ミ": "ﾐ", "メ": "ﾒ", "モ": "ﾓ", "ヤ": "ﾔ", "ヨ": "ﾖ", "ラ": "ﾗ", "ル": "ﾙ",
    "レ": "ﾚ", "ロ": "ﾛ", "ワ": "ﾜ", "ン": "ﾝ", "ガ": "ｶﾞ", "ギ": "ｷﾞ", "キ": "ｷ", "グ": "ｸﾞ",
})


class Body:
    """A local body: code, accepted names, prefecture."""

    def __init__(self, code, name, aliases, prefecture):
        self.code, self.name, self.aliases, self.prefecture = code, name, aliases, prefecture


class Stay:
    """Days and class of one tier on a row; joined is None while an application is pending."""

    def __init__(self, kind, joined, left=None):
        self.kind, self.joined, self.left = kind, joined, left


class Person:
    """A physician; the upper tiers belong to the person, so that two rows repeat the same facts."""

    def __init__(self, rng, number):
        family, given = rng.choice(FAMILY_NAMES), rng.choice(GIVEN_NAMES)
        self.number = number
        self.name, self.kana, self.sex = f"{family[0]}　{given[0]}", f"{family[1]} {given[1]}", given[2]
        self.born = date(1940, 1, 1) + timedelta(days=int(rng.betavariate(2.2, 1.8) * 21000))
        self.graduated = (min(self.born.year + 24 + int(rng.random() ** 2 * 8), 2025), 3)
        self.facility = f"{rng.choice(FACILITIES)}{rng.randrange(1, 40000)}"
        self.duty = "" if rng.random() < 0.002 else rng.choice(DUTIES)
        self.kind = "special" if rng.random() < 0.0002 else rng.choice(CLASSES)


def make_bodies(rng):
    """All rows of the master, the local bodies and how likely a physician belongs to each."""
    rows = [["JMA", "日本", "その他", "日本医師会", "日医", "", "", "", "1"]]
    bodies, weights = [], []
    for at, (prefecture, size) in enumerate(PREFECTURES, 1):
        short = prefecture if prefecture == "北海道" else prefecture[:-1]
        rows.append([f"P{at:02}", "都道府県", "地域", f"{prefecture}医師会", prefecture, "", "JMA", f"{at:02}", str(at)])
        n_places = min(max(7, round(size * 2) + 5), len(PLACES))
        for position, place in enumerate(PLACES[:n_places] + ["架空大学"], 1):
            code, kind = f"{at:02}-{position:03}", "大学" if place == "架空大学" else "地域"
            body = Body(code, f"{short}{place}", [f"{prefecture}の{place}"], prefecture)
            rows.append([code, "郡市区等", kind, f"{body.name}医師会", body.name, body.aliases[0], f"P{at:02}", f"{at:02}",
                         str(position)])
            bodies.append(body)
            weights.append(size / n_places * (0.2 + rng.random() * 1.8))
    names = [name for body in bodies for name in (body.name, *body.aliases)]
    assert len(names) == len(set(names)), "a name without a code must lead to one body"
    return rows, bodies, weights


def spell_date(rng, day):
    """A day in one of the spellings of the demo; None is an empty cell."""
    if day is None:
        return ""
    draw = rng.random()
    if draw < 0.47:
        return f"{day.year}-{day.month:02}-{day.day:02}"
    if draw < 0.71:
        return f"{day.year}/{day.month:02}/{day.day:02}"
    if draw < 0.77:
        return f"{day.year}{day.month:02}{day.day:02}"
    _, name, letter, before = next(era for era in ERAS if day >= era[0])
    nth = day.year - before
    if draw < 0.84:
        return f"{letter}{nth}.{day.month}.{day.day}"
    text = f"{name}{'元' if nth == 1 else nth}年{day.month}月{day.day}日"
    return text if draw < 0.94 else text.translate(FULL_WIDTH)


def spell_number(rng, number):
    draw = rng.random()
    if draw < 0.95:
        return str(number)
    return str(number).translate(FULL_WIDTH) if draw < 0.975 else f"第{number:06}号"


def spell_body(rng, body):
    """Code and name; a tenth of the rows has no code."""
    draw = rng.random()
    name = f"{body.name}医師会" if draw < 0.9 else body.name if draw < 0.98 else body.aliases[0]
    return ("" if rng.random() < 0.1 else body.code), name


class Row:
    """One row of an export as facts."""

    def __init__(self, rng, person, body, joined, upper):
        self.person, self.body, self.local, self.upper = person, body, Stay(person.kind, joined), upper
        self.wished = (joined or FIRST_EXPORT) - timedelta(days=rng.choice((0, 0, 3, 14)))
        self.reason, self.broken = "", None

    def close(self, rng, left):
        """Ends the local stay, and for four people in five the upper ones that had begun by then."""
        self.local.left, self.reason = left, rng.choice(REASONS)
        if rng.random() < 0.8:
            for stay in self.upper:
                if stay is not None and stay.joined <= left:
                    stay.left = left

    def is_dropped_from(self, export):
        """Whether everything on the row ended too long ago for an export to show it."""
        stays = [self.local, *(stay for stay in self.upper if stay is not None)]
        return all(stay.left is not None and stay.left < export - KEPT for stay in stays)

    def cells(self, rng):
        """The cells without 最終更新日時 and 備考."""
        person, local = self.person, self.local
        prefectural, national = self.upper
        code, body_name = spell_body(rng, self.body)
        kana = person.kana.translate(HALF_WIDTH_KANA) if rng.random() < 0.15 else person.kana
        year, month = person.graduated
        graduated = f"{year}-{month:02}" if rng.random() < 0.7 else f"{year}年{month}月"
        status = "申請中" if local.joined is None else "在籍" if local.left is None else "退会"
        cells = [
            spell_number(rng, person.number), person.name, kana, person.sex, spell_date(rng, person.born), graduated,
            person.facility, person.duty, code, body_name, rng.choice(CLASS_SPELLINGS[local.kind]),
            spell_date(rng, self.wished), spell_date(rng, local.joined), spell_date(rng, local.left),
        ]
        if prefectural is None:
            cells += ["", "", "", ""]
        else:
            cells += [f"{self.body.prefecture}医師会", rng.choice(CLASS_SPELLINGS[prefectural.kind]),
                      spell_date(rng, prefectural.joined), spell_date(rng, prefectural.left)]
        if national is None:
            cells += ["", "", ""]
        else:
            cells += [rng.choice(CLASS_SPELLINGS[national.kind]), spell_date(rng, national.joined),
                      spell_date(rng, national.left)]
        cells += [self.reason, status]
        self.damage(cells)
        return cells

    def damage(self, cells):
        """Makes the cells wrong in the way that was drawn for the row."""
        if self.broken == "number":
            cells[0] = f"{str(self.person.number)[:2]}A{str(self.person.number)[3:]}"
        elif self.broken == "left":
            cells[13] = "未定"
        elif self.broken == "order":
            cells[13] = (self.local.joined - timedelta(days=400)).isoformat()
        elif self.broken == "body":
            cells[8:10] = ["", "存在しない医師会"]


def upper_stays(rng, person, joined):
    """Prefectural and national stay of a person; either may be missing."""
    prefectural = national = None
    later = (0, 0, 0, 12)
    if rng.random() < 0.925:
        prefectural = Stay(person.kind, joined + timedelta(days=rng.choice(later)))
        if rng.random() < 0.93:
            national = Stay(person.kind, prefectural.joined + timedelta(days=rng.choice(later)))
    return prefectural, national


def draw_joined(rng, person):
    earliest = date(person.born.year + 26, 4, 1)
    span = (FIRST_EXPORT - earliest).days - 40
    return earliest + timedelta(days=int(rng.random() ** 1.3 * max(span, 1))) if span > 0 else FIRST_EXPORT - timedelta(days=60)


def rows_of(rng, person, pick_body):
    """The rows of one person in the first export: one for nearly all, two for a move or a second body."""
    body, joined = pick_body(), draw_joined(rng, person)
    draw = rng.random()
    if draw < 0.003:
        return [Row(rng, person, body, None, (None, None))]
    row = Row(rng, person, body, joined, upper_stays(rng, person, joined))
    if draw < 0.043:
        left = FIRST_EXPORT - timedelta(days=rng.randrange(-20, KEPT.days))
        if left > joined:
            row.close(rng, left)
    elif draw < 0.044:
        row.broken = rng.choice(("number", "left", "order", "body"))
    elif draw < 0.072:
        # In the same prefecture: in another one it would need a prefectural stay of its own.
        other = pick_body(body)
        moves = rng.random() < 0.4
        second_joined = FIRST_EXPORT - timedelta(days=rng.randrange(1, KEPT.days if moves else 3000))
        if other is not body and second_joined > joined:
            if moves:
                row.local.left, row.reason = second_joined - timedelta(days=1), "転出"
            return [row, Row(rng, person, other, second_joined, row.upper)]
    return [row]


class Export:
    """One CSV file under way."""

    def __init__(self, folder, day):
        self.file = open(folder / f"members_{day}.csv", "w", encoding="cp932", newline="")
        self.writer, self.tail, self.n_rows = csv.writer(self.file), f"{day} 18:00:00", 0
        self.writer.writerow(HEADINGS)

    def write(self, cells, remark):
        self.writer.writerow([*cells, self.tail, remark])
        self.n_rows += 1


def change(rng, row):
    """What a month does to a row of somebody with one row. Returns the name of the change."""
    draw, local = rng.random(), row.local
    if row.broken is not None:
        return None
    if local.joined is None:
        if draw < 0.5:
            local.joined = SECOND_EXPORT - timedelta(days=rng.randrange(0, 28))
            row.upper = upper_stays(rng, row.person, local.joined)
            return "admitted"
        return None
    if local.left is not None:
        return None
    if draw < 0.0018:
        row.close(rng, max(SECOND_EXPORT - timedelta(days=rng.randrange(-20, 28)), local.joined))
        return "closed"
    if draw < 0.0028 and row.person.kind != "special":
        row.person.kind = rng.choice([kind for kind in ("A1", "A2B", "B") if kind != row.person.kind])
        for stay in (local, *row.upper):
            if stay is not None:
                stay.kind = row.person.kind
        return "class"
    if draw < 0.0038:
        row.person.facility += "分院"
        return "person"
    return "respelt" if draw < 0.0138 else None


def make_members(rng, folder, n_rows, bodies, weights):
    """Writes both exports and returns how many rows each has and what changed."""
    numbers = iter(rng.sample(range(20_000, 900_000), n_rows + n_rows // 100))
    drawn = iter(rng.choices(bodies, weights, k=n_rows * 2))
    of_prefecture = {}
    for body in bodies:
        of_prefecture.setdefault(body.prefecture, []).append(body)

    def pick_body(near=None):
        return next(drawn) if near is None else rng.choice(of_prefecture[near.prefecture])

    first, second = Export(folder, FIRST_EXPORT), Export(folder, SECOND_EXPORT)
    changes = {}
    while first.n_rows < n_rows:
        rows = rows_of(rng, Person(rng, next(numbers)), pick_body)
        for row in rows:
            cells, remark = row.cells(rng), rng.choice(REMARKS) if rng.random() < 0.05 else ""
            # The same stay on two rows, as exports of joined tables have it now and then.
            for _ in range(2 if rng.random() < 0.0003 else 1):
                first.write(cells, remark)
            what = change(rng, row) if len(rows) == 1 else None
            if row.is_dropped_from(SECOND_EXPORT):
                what = "dropped"
            else:
                second.write(row.cells(rng) if what else cells, remark)
            changes[what] = changes.get(what, 0) + 1
    for _ in range(n_rows * 12 // 10_000):
        person = Person(rng, next(numbers))
        joined = SECOND_EXPORT - timedelta(days=rng.randrange(0, 28))
        row = Row(rng, person, pick_body(), joined, upper_stays(rng, person, joined))
        second.write(row.cells(rng), "")
        changes["new"] = changes.get("new", 0) + 1
    first.file.close()
    second.file.close()
    changes.pop(None, None)
    return first.n_rows, second.n_rows, changes


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--rows", type=int, default=340_000, help="rows of the first export")
    arguments.add_argument("--seed", type=int, default=20251130)
    options = arguments.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(options.seed)
    master, bodies, weights = make_bodies(rng)
    with open(options.folder / "associations.csv", "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["医師会コード", "階層", "種別", "名称", "略称", "別名", "上位コード", "都道府県コード", "並び順"])
        writer.writerows(master)
    n_first, n_second, changes = make_members(rng, options.folder, options.rows, bodies, weights)
    told = ", ".join(f"{name} {n}" for name, n in sorted(changes.items()))
    print(f"{len(bodies)} local bodies, {n_first} rows, a month later {n_second} rows ({told})")


if __name__ == "__main__":
    main()
