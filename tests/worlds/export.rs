//! Writes the member list (会員一覧) of one export day as an office would have saved it.
//!
//! Order of rows and headings, spellings, extra columns, missing optional columns, BOM and line ends are drawn anew
//! for every export: none of them may change a count.

use chrono::NaiveDate;

use super::draw::{Draw, day, plus};
use super::history::{Local, Person, Stay, Tier, View};
use super::master::Master;
use super::spelling;

const REQUIRED: [&str; 16] = [
    "医籍登録番号",
    "氏名",
    "郡市区等医師会名",
    "郡市区等会員区分",
    "郡市区等入会日",
    "郡市区等退会日",
    "会員状態",
    "都道府県医師会名",
    "都道府県会員区分",
    "都道府県入会日",
    "都道府県退会日",
    "日医会員区分",
    "日医入会日",
    "日医退会日",
    // Not required by the layout; kept so that body by code and 別人 findings have their cells.
    "氏名カナ",
    "生年月日",
];
const OPTIONAL: [&str; 8] = [
    "性別",
    "卒業年月",
    "施設名",
    "施設業務",
    "郡市区等医師会コード",
    "郡市区等入会希望日",
    "退会理由",
    "最終更新日時",
];
const EXTRA: [&str; 3] = ["備考", "連絡先", "独自項目１"];

/// The bytes of one file: UTF-8 with or without BOM, LF or CRLF.
pub(super) fn file(
    seed: u64,
    (k, export_day): (usize, NaiveDate),
    people: &[Person],
    master: &Master,
    tells: impl Fn(&str) -> bool,
) -> Vec<u8> {
    let mut draw = Draw::new(seed);
    let headings = headings(&mut draw);
    let mut writer = Writer { draw, k, export_day, master };
    let mut lines = Vec::new();
    for (nth, person) in people.iter().enumerate() {
        for local in person.locals.iter().filter(|local| tells(&local.stay.body)) {
            let Some(view) = local.stay.views[k] else { continue };
            let row = Row { number: number(nth), person, local, view };
            lines.push(writer.line(&headings, &row));
        }
    }
    writer.draw.shuffle(&mut lines);
    let line_end = writer.draw.pick(&["\n", "\r\n"]);
    let mut text = writer.draw.pick(&["", "\u{FEFF}"]).to_owned();
    for line in std::iter::once(headings.join(",")).chain(lines) {
        text.push_str(&line);
        text.push_str(line_end);
    }
    text.into_bytes()
}

/// 医籍登録番号 of the `nth` person: one to six digits, no two alike below 999,983 persons.
fn number(nth: usize) -> usize {
    (nth + 1) * 7_919 % 999_983
}

/// Required headings, most optional ones, and now and then columns nobody knows, in any order.
fn headings(draw: &mut Draw) -> Vec<&'static str> {
    let mut headings = REQUIRED.to_vec();
    headings.extend(OPTIONAL.into_iter().filter(|_| draw.percent(88)));
    headings.extend(EXTRA.into_iter().filter(|_| draw.percent(20)));
    if draw.percent(70) {
        draw.shuffle(&mut headings);
    }
    headings
}

struct Row<'a> {
    number: usize,
    person: &'a Person,
    local: &'a Local,
    view: View,
}

struct Writer<'a> {
    draw: Draw,
    k: usize,
    export_day: NaiveDate,
    master: &'a Master,
}

impl Writer<'_> {
    fn line(&mut self, headings: &[&str], row: &Row) -> String {
        let names_code = self.draw.percent(60);
        let cells: Vec<String> = headings
            .iter()
            .map(|heading| {
                let text = match *heading {
                    "郡市区等医師会コード" if names_code => row.local.stay.body.clone(),
                    _ if heading.starts_with("郡市区等") => self.local_cell(heading, row),
                    _ if heading.starts_with("都道府県") => self.upper_cell(heading, row, Tier::Prefectural),
                    _ if heading.starts_with("日医") => self.upper_cell(heading, row, Tier::National),
                    _ => self.person_cell(heading, row),
                };
                spelling::cell(&mut self.draw, &text)
            })
            .collect();
        cells.join(",")
    }

    fn local_cell(&mut self, heading: &str, row: &Row) -> String {
        match heading {
            "郡市区等医師会コード" => String::new(),
            "郡市区等入会希望日" => {
                let wished = row.view.joined.unwrap_or_else(|| wished_on(row.person));
                spelling::date(&mut self.draw, wished)
            }
            _ => self.stay_cell(heading, &row.local.stay.body, row.view),
        }
    }

    /// Blank when this row tells no stay of the tier at this export.
    fn upper_cell(&mut self, heading: &str, row: &Row, tier: Tier) -> String {
        let shown = |stay: &Stay| Some((stay.body.clone(), (stay.tier == tier).then_some(stay.views[self.k])??));
        match row.local.carries.iter().find_map(shown) {
            Some((body, view)) => self.stay_cell(heading, &body, view),
            None => String::new(),
        }
    }

    fn stay_cell(&mut self, heading: &str, body: &str, view: View) -> String {
        let mut date = |date: Option<NaiveDate>| date.map_or(String::new(), |d| spelling::date(&mut self.draw, d));
        if heading.ends_with("入会日") {
            date(view.joined)
        } else if heading.ends_with("退会日") {
            date(view.left)
        } else if heading.ends_with("会員区分") {
            spelling::class(&mut self.draw, view.class).to_owned()
        } else {
            let names = self.master.body(body).names();
            names[self.draw.below(names.len())].clone()
        }
    }

    fn person_cell(&mut self, heading: &str, row: &Row) -> String {
        match heading {
            "医籍登録番号" => spelling::number(&mut self.draw, row.number),
            "氏名" => name(row.person, self.k).to_owned(),
            "氏名カナ" => self.draw.pick(&["カクウ レイ", "ｶｸｳ ﾚｲ"]).to_owned(),
            "生年月日" => spelling::date(&mut self.draw, born_on(row.person)),
            "性別" => self.draw.pick(&["女", "男", ""]).to_owned(),
            "卒業年月" => self.draw.pick(&["1990-03", "1990年3月", ""]).to_owned(),
            "施設名" => self.draw.pick(&["架空医院", "架空病院,分院", "架空\"南\"診療所", ""]).to_owned(),
            "施設業務" => self.draw.pick(&["勤務医", "診療所開設者", ""]).to_owned(),
            "退会理由" if row.view.left.is_some() => self.draw.pick(&["転出", "本人希望", ""]).to_owned(),
            "会員状態" => state(row.view).to_owned(),
            "最終更新日時" => format!("{} 18:00:00", self.export_day),
            "備考" => self.draw.pick(&["", "架空の人", "二行の\n備考"]).to_owned(),
            _ => String::new(),
        }
    }
}

/// 会員状態 as MAMIS fills it: 退会 as soon as a 退会日 is approved, even one that lies ahead.
fn state(view: View) -> &'static str {
    match view {
        View { joined: None, .. } => "申請中",
        View { left: Some(_), .. } => "退会",
        _ => "在籍",
    }
}

/// R11: the name may change at an export; the person does not.
fn name(person: &Person, k: usize) -> &'static str {
    let mut draw = Draw::new(person.looks);
    let before_and_after =
        draw.pick(&[["架空　例", "架空　例"], ["旧姓　例", "新姓　例"], ["𠮷野　﨑子", "𠮷野　﨑子"]]);
    before_and_after[usize::from(k > draw.below(6))]
}

fn born_on(person: &Person) -> NaiveDate {
    Draw::new(person.looks ^ 1).day_between(day(1940, 1, 1), day(1998, 12, 31))
}

fn wished_on(person: &Person) -> NaiveDate {
    plus(day(2024, 1, 1), Draw::new(person.looks ^ 2).below(500))
}
