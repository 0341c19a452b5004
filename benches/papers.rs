//! One long paper, written by both writers; `benches/papers` drives it beside typst.
//!
//! `data FILE ROWS` writes the table as JSON for the other programs. `plain ROWS OUT` and `archive ROWS OUT` read nothing, lay
//! the table out and write it; they print pages and bytes.

#![expect(clippy::print_stdout, reason = "the driver reads standard output")]

use std::path::Path;

use chrono::NaiveDate;
use kaiin::domain::cell::{Cell, LabelledText};
use kaiin::domain::document::{Block, Column, ReportDocument, Row, Section, Table};
use kaiin::domain::gaiji::Gaiji;
use kaiin::domain::table_check::TableCheck;
use kaiin::render::pdf::{render, render_for_archive};

const COLUMNS: [&str; 10] = ["No.", "医師会", "氏名", "区分", "入会日", "退会日", "A①", "B", "計", "前月比"];
const BODIES: [&str; 6] = ["浦和", "川口市", "さいたま市与野", "本庄市児玉郡", "坂戸鶴ヶ島", "北葛北部"];
const NAMES: [&str; 5] = ["架空　一郎", "見本　花子", "髙橋　例示", "𠮷田　仮名", "試験　三四郎"];

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let rows = |text: &str| text.parse().expect("a number of rows");
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["data", file, n] => write(file, &serde_json::to_vec(&texts(rows(n))).expect("JSON")),
        [way @ ("plain" | "archive"), n, out] => {
            let document = document(rows(n));
            let made = if *way == "plain" { render(&document) } else { render_for_archive(&document) };
            let made = made.expect("the paper can be made");
            write(out, &made.bytes);
            println!("{{\"pages\": {}, \"bytes\": {}}}", made.n_pages, made.bytes.len());
        }
        // `cargo test --benches` starts it without words.
        _ => println!("papers data FILE ROWS | papers plain ROWS OUT | papers archive ROWS OUT"),
    }
}

fn write(path: &str, bytes: &[u8]) {
    std::fs::write(Path::new(path), bytes).expect("the file can be written");
}

fn day(n: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2015, 4, 1).expect("a day") + chrono::TimeDelta::days(n * 13 % 3_900)
}

fn cells(n: i64) -> Vec<Cell> {
    let pick = |of: &[&str], by: i64| of[usize::try_from(n * by).unwrap_or(0) % of.len()].to_string();
    vec![
        Cell::Count(n + 1),
        Cell::text(pick(&BODIES, 7)),
        Cell::text(pick(&NAMES, 3)),
        Cell::text(if n % 3 == 0 { "A①" } else { "B" }),
        Cell::Date(day(n)),
        if n % 4 == 0 { Cell::Date(day(n + 900)) } else { Cell::Blank },
        Cell::Count(n % 97),
        Cell::Count(n * 7 % 1_900),
        Cell::Count(n % 97 + n * 7 % 1_900),
        Cell::Difference(n % 9 - 4),
    ]
}

fn texts(n_rows: i64) -> Vec<Vec<String>> {
    let head = COLUMNS.map(str::to_string).to_vec();
    std::iter::once(head).chain((0..n_rows).map(|n| cells(n).iter().map(Cell::display).collect())).collect()
}

fn document(n_rows: i64) -> ReportDocument {
    let basis = vec![LabelledText::new("基準日", "令和7年12月31日"), LabelledText::new("単位", "人")];
    let column = |(at, title): (usize, &&str)| match at {
        1..=3 => Column::text(&format!("c{at}"), title, 7),
        4 | 5 => Column::centred(&format!("c{at}"), title, 5),
        _ => Column::number(&format!("c{at}"), title, 4),
    };
    let table = Table {
        id: "rows".into(),
        title: "会員一覧".into(),
        basis: basis.clone(),
        columns: COLUMNS.iter().enumerate().map(column).collect(),
        rows: (0..n_rows).map(|n| Row::body(cells(n))).collect(),
        empty_text: "該当なし".into(),
        notes: Vec::new(),
        proof: TableCheck::default(),
    };
    let section = Section {
        id: "rows".into(),
        title: "会員一覧".into(),
        mark: "資料1".into(),
        basis,
        new_page: true,
        blocks: vec![Block::Table(table)],
    };
    ReportDocument {
        id: "rows".into(),
        title: "会員一覧".into(),
        issuer: "見本県医師会".into(),
        issued_on: day(0),
        handling: "取扱注意・内部".into(),
        foot_text: "見本県医師会".into(),
        draft: false,
        cover: None,
        sections: vec![section],
        colophon: Vec::new(),
        numbering: None,
        gaiji: Gaiji::default(),
        dates: None,
    }
}
