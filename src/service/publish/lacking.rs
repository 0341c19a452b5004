//! Who does not have their papers (誰に届いていないか), as a paper: what the office telephones from, until nobody is left.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

use super::manifest::DistributionManifest;
use super::overview::Overview;
use crate::clock::{tokyo, tokyo_day};
use crate::domain::cell::{Cell, LabelledText};
use crate::domain::distribution::{Delivery, DeliveryState};
use crate::domain::document::{Block, Column, ReportDocument, Row, Section, Table};
use crate::domain::gaiji::Gaiji;
use crate::domain::japanese_date::{era_date, short_era_date};
use crate::domain::mail::Mail;
use crate::domain::paper_dates::PaperDates;
use crate::domain::printed_number::thousands;
use crate::domain::table_check::TableCheck;
use crate::error::{Failure, FailureKind};
use crate::files::make_folder;
use crate::render::printable::printable;
use crate::render::{pdf, xlsx};
use crate::service::keep::Workspace;
use crate::service::keep::export::write_file;

/// The paper of one distribution.
#[derive(Debug)]
pub struct LackingPaper {
    /// Name of its files, without an ending.
    pub name: String,
    /// As PDF.
    pub pdf: Vec<u8>,
    /// As a workbook.
    pub workbook: Vec<u8>,
}

/// Makes the paper of what is there by now. Whoever is written in it is a body or an address of one, never a member.
///
/// # Errors
/// [`Failure`] PUB-005 when what goes to whom is not as it was made; when it cannot be printed.
pub fn lacking_paper(workspace: &Workspace, found: &Overview) -> Result<LackingPaper> {
    let of = &found.distribution;
    let manifest = found.manifest.as_ref();
    let manifest = manifest.ok_or_else(|| Failure::new(FailureKind::Data, "PUB-005", of.folder.clone()))?;
    let (now, gaiji) = (workspace.clock.now(), workspace.gaiji()?);
    let document = printable(&document(found, manifest, now), gaiji).document;
    Ok(LackingPaper {
        name: format!("届いていない配布先_第{}回_{}", of.number, short_era_date(of.as_of)),
        pdf: pdf::render(&document).context("rendering who lacks papers")?.bytes,
        workbook: xlsx::paper_workbook(&document).context("making the workbook of who lacks papers")?,
    })
}

/// Puts the paper into a folder, which is made where it is missing; a paper of the same name is replaced. Returns its files.
///
/// # Errors
/// As [`lacking_paper`]; when the folder cannot be written.
pub fn write_lacking(workspace: &Workspace, found: &Overview, folder: &Path) -> Result<Vec<PathBuf>> {
    let paper = lacking_paper(workspace, found)?;
    let refused = |source: std::io::Error| Failure::from_writing(&source, &folder.display().to_string());
    make_folder(folder, workspace.readers()).map_err(refused)?;
    let mut out = Vec::new();
    for (ending, bytes) in [("pdf", &paper.pdf), ("xlsx", &paper.workbook)] {
        let path = folder.join(format!("{}.{ending}", paper.name));
        write_file(&path, bytes, workspace.readers())?;
        out.push(path);
    }
    Ok(out)
}

fn document(found: &Overview, manifest: &DistributionManifest, now: DateTime<Utc>) -> ReportDocument {
    let of = &found.distribution;
    let at = now.with_timezone(&tokyo());
    let seen = format!("{} {}", era_date(at.date_naive()), at.format("%H:%M"));
    let basis = vec![LabelledText::new("時点", seen)];
    let lacking = found.lacking();
    let mut blocks = vec![Block::Paragraph(sentence(found, lacking.len()))];
    if !lacking.is_empty() {
        let rows = lacking.iter().enumerate().map(|(nth, one)| paper_row(nth, one, manifest)).collect();
        blocks.push(Block::Table(table("lacking", "届いていない資料", &basis, PAPER, rows)));
    }
    let mails: Vec<&Mail> = found.mails.iter().filter(|mail| mail.state != DeliveryState::Sent).collect();
    if !mails.is_empty() {
        let rows = mails.iter().enumerate().map(|(nth, mail)| mail_row(nth, mail, manifest)).collect();
        blocks.push(Block::Table(table("mails", "届いていないメール", &basis, MAIL, rows)));
    }
    if !manifest.missing.is_empty() {
        let told = |(nth, one): (usize, &super::Missing)| {
            let cells = [Cell::Count(count(nth + 1)), text(&one.area), text(&one.title), text(&one.code)];
            Row::body(cells.into())
        };
        let rows = manifest.missing.iter().enumerate().map(told).collect();
        blocks.push(Block::Table(table("missing", "作れなかった資料", &basis, MISSING, rows)));
    }
    let title = "届いていない配布先".to_string();
    let section = Section {
        id: "lacking".into(),
        title: title.clone(),
        mark: String::new(),
        basis: vec![LabelledText::new("配布", format!("第{}回（{} 現在）", of.number, era_date(of.as_of)))],
        new_page: true,
        blocks,
    };
    ReportDocument {
        id: "lacking".into(),
        title,
        issuer: manifest.issuer.clone(),
        issued_on: tokyo_day(now),
        handling: "内部".into(),
        foot_text: manifest.issuer.clone(),
        draft: false,
        cover: None,
        sections: vec![section],
        colophon: Vec::new(),
        dates: Some(PaperDates { as_of: of.as_of, known_at: of.known_at }),
        numbering: None,
        gaiji: Gaiji::default(),
    }
}

/// How many are there and how many are not, in one sentence.
fn sentence(found: &Overview, n_lacking: usize) -> String {
    let n = found.deliveries.len();
    let number = |n: usize| thousands(count(n));
    match n_lacking {
        0 => format!("資料{}件は、すべて届いている。", number(n)),
        _ => format!(
            "資料{}件のうち、届いたものは{}件、届いていないものは{}件である。",
            number(n),
            number(n - n_lacking),
            number(n_lacking)
        ),
    }
}

/// Columns of a table: key, heading, weight; those of numbers come first.
type Columns = &'static [(&'static str, &'static str, u16)];

const PAPER: Columns = &[
    ("nth", "番", 2),
    ("code", "コード", 4),
    ("recipient", "医師会", 9),
    ("paper", "資料", 9),
    ("edition", "版", 3),
    ("state", "状態", 5),
    ("detail", "理由", 10),
    ("to_do", "すること", 12),
];

const MAIL: Columns = &[
    ("nth", "番", 2),
    ("code", "コード", 4),
    ("recipient", "医師会", 9),
    ("address", "アドレス", 12),
    ("state", "状態", 5),
    ("detail", "理由", 12),
    ("to_do", "すること", 12),
];

const MISSING: Columns = &[("nth", "番", 2), ("recipient", "医師会", 14), ("paper", "資料", 12), ("code", "符号", 4)];

fn table(id: &str, title: &str, basis: &[LabelledText], columns: Columns, rows: Vec<Row>) -> Table {
    let column = |(key, title, weight): &(&str, &str, u16)| match *key {
        "nth" => Column::number(key, title, *weight),
        _ => Column::text(key, title, *weight),
    };
    Table {
        id: id.into(),
        title: title.into(),
        basis: basis.to_vec(),
        columns: columns.iter().map(column).collect(),
        rows,
        empty_text: String::new(),
        notes: Vec::new(),
        proof: TableCheck::default(),
    }
}

fn paper_row(nth: usize, one: &Delivery, manifest: &DistributionManifest) -> Row {
    let to = manifest.recipients.iter().find(|to| to.code == one.recipient);
    let paper = to.and_then(|to| to.papers.iter().find(|paper| paper.report == one.report));
    let row = Row::body(vec![
        Cell::Count(count(nth + 1)),
        text(&one.recipient),
        text(to.map_or("", |to| &to.name)),
        text(paper.map_or(one.report.as_str(), |paper| &paper.title)),
        Cell::text(format!("第{}版", one.edition)),
        text(one.state.label()),
        text(&one.detail),
        text(to_do(one.state)),
    ]);
    row.coded(one.recipient.as_str())
}

fn mail_row(nth: usize, mail: &Mail, manifest: &DistributionManifest) -> Row {
    let to = manifest.recipients.iter().find(|to| to.code == mail.recipient);
    let row = Row::body(vec![
        Cell::Count(count(nth + 1)),
        text(&mail.recipient),
        text(to.map_or("", |to| &to.name)),
        text(&mail.address),
        text(mail.state.mail_label()),
        text(&mail.detail),
        text(to_do(mail.state)),
    ]);
    row.coded(mail.recipient.as_str())
}

/// What the office does about it.
fn to_do(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Prepared => "別の人の承認を待つ",
        DeliveryState::Approved => "配る",
        DeliveryState::Sending => "途中で止まった。もう一度配る",
        DeliveryState::Uncertain => "届いたかを電話で確かめ、結果を記す",
        DeliveryState::Failed => "原因を除いて、もう一度配る",
        DeliveryState::Bounced => "アドレスを確かめ、別の方法で知らせる",
        DeliveryState::Sent => "",
    }
}

fn text(text: &str) -> Cell {
    Cell::text(text)
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
