//! An answer as files: exactly what is shown, the whole list of persons among it.

use anyhow::{Context, Result};

use super::answer::Answer;
use crate::domain::cell::{Cell, LabelledText};
use crate::domain::document::{Block, Column, ReportDocument, Row, Section, Table};
use crate::domain::gaiji::Gaiji;
use crate::domain::table_check::TableCheck;
use crate::messages::Lang;
use crate::render::{csv, xlsx};

/// One CSV file (UTF-8 with BOM, CRLF): the answer and its facts, then each table with its title and its dates.
///
/// # Errors
/// When a name holds what no file can.
pub fn answer_csv(answer: &Answer) -> Result<Vec<u8>> {
    const MARK: &[u8] = b"\xEF\xBB\xBF";
    let files = csv::display_files(&document(answer)).context("writing the answer as CSV")?;
    let mut bytes = MARK.to_vec();
    for (nth, file) in files.iter().enumerate() {
        if nth > 0 {
            bytes.extend(b"\r\n");
        }
        bytes.extend(file.bytes.strip_prefix(MARK).unwrap_or(&file.bytes));
    }
    Ok(bytes)
}

/// A workbook with a sheet for each table.
///
/// # Errors
/// When it has more rows than a sheet can hold.
pub fn answer_workbook(answer: &Answer) -> Result<Vec<u8>> {
    xlsx::paper_workbook(&document(answer)).context("writing the answer as a workbook")
}

fn document(answer: &Answer) -> ReportDocument {
    let tables = [answer.compared.as_ref(), Some(&answer.changes), answer.breakdown.as_ref(), answer.mamis.as_ref()];
    let persons = answer.persons.as_ref().map(|(table, _)| table);
    let shown = tables.into_iter().chain([persons]).flatten().cloned();
    let blocks = std::iter::once(told(answer)).chain(shown).map(Block::Table).collect();
    let section = Section {
        id: "answer".into(),
        title: "会員数の問いへの答え".into(),
        mark: String::new(),
        basis: Vec::new(),
        new_page: true,
        blocks,
    };
    ReportDocument {
        id: "answer".into(),
        title: "会員数の問いへの答え".into(),
        issuer: String::new(),
        issued_on: answer.known_at,
        handling: if answer.persons.is_some() { "取扱注意".into() } else { String::new() },
        foot_text: format!("答えの番号 {}", answer.number),
        draft: false,
        cover: None,
        sections: vec![section],
        colophon: Vec::new(),
        dates: None,
        numbering: None,
        gaiji: Gaiji::default(),
    }
}

/// What stands above the tables, line by line.
fn told(answer: &Answer) -> Table {
    let line = |label: &str, text: &str| Row::body(vec![Cell::text(label), Cell::text(text)]);
    let mut rows: Vec<Row> = answer.notices.iter().map(|notice| line("お知らせ", &notice.text(Lang::Ja))).collect();
    rows.extend(answer.sentences.iter().map(|sentence| line("答え", sentence)));
    rows.extend(answer.facts.iter().map(|fact| line(&fact.label, &fact.text)));
    rows.push(line("MAMIS", &answer.mamis_sentence));
    rows.extend(answer.remarks.iter().map(|remark| line("注", remark)));
    rows.push(line("この答えのリンク", &format!("?{}", answer.links.pinned)));
    rows.push(line("答えの番号", &answer.number));
    Table {
        id: "answer".into(),
        title: "答え".into(),
        basis: vec![LabelledText::new("答えの番号", answer.number.as_str())],
        columns: vec![Column::text("label", "項目", 8), Column::text("text", "内容", 40)],
        rows,
        empty_text: String::new(),
        notes: Vec::new(),
        proof: TableCheck::default(),
    }
}
