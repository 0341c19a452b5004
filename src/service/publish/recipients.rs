//! Who gets papers: the bodies of a day, with what a file of the office says of them (配布先マスタ, I6).

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use chrono::NaiveDate;

use crate::config::MailConfig;
use crate::domain::as_of::AsOf;
use crate::domain::association::{Association, Associations, Tier};
use crate::domain::japanese_date::{parse_date, short_era_date};
use crate::domain::mail::MailAddress;
use crate::error::{Failure, FailureKind};
use crate::ingest::by_heading::{HeadedRow, HeadedTable, read_by_heading};

/// Whoever gets papers of a body: the body itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Recipient {
    /// Its place among all of its day, from 1: the official order.
    pub(super) place: usize,
    /// Its code.
    pub(super) code: String,
    /// Its name.
    pub(super) name: String,
    /// To whom the letter is (宛名), one a line.
    pub(super) to: Vec<String>,
    /// To whom mails go, in the order of the file.
    pub(super) addresses: Vec<MailAddress>,
}

/// A row of the file.
#[derive(Debug)]
struct Row {
    /// As Excel shows it.
    number: u32,
    to: String,
    person: String,
    addresses: Vec<MailAddress>,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
}

/// The headings that the file may have; others are left alone.
const HEADINGS: [&[&str]; 6] = [
    &["医師会コード", "コード", "団体コード"],
    &["宛名", "送付先"],
    &["担当", "担当者", "宛先の担当"],
    &["開始日", "有効開始日"],
    &["終了日", "有効終了日"],
    &["メールアドレス", "メール", "Eメール", "E-mail"],
];

/// Places of the columns among those that are asked for.
const CODE: usize = 0;
const TO: usize = 1;
const PERSON: usize = 2;
const FROM: usize = 3;
const UNTIL: usize = 4;
const ADDRESSES: usize = 5;

/// The recipients of a day in official order: all local bodies, or those of the file where there is one. Where no mails leave,
/// nobody looks at the addresses.
///
/// # Errors
/// [`Failure`] PUB-010 to PUB-013, PUB-024 and PUB-029 with the row and column of the file that are wrong; as reading any file.
pub(super) fn recipients(
    associations: &Associations,
    as_of: AsOf,
    (file, day): (Option<&Path>, NaiveDate),
    mail: Option<&MailConfig>,
) -> Result<Vec<Recipient>> {
    let said = file.map(|file| read(file, associations, (day, mail))).transpose()?;
    let mut bodies: Vec<(usize, &Association)> =
        associations.order_on(as_of.0).into_iter().zip(associations.iter()).collect();
    bodies.sort_by_key(|(place, _)| *place);
    let local = bodies.into_iter().map(|(_, body)| body);
    let local = local.filter(|body| body.tier == Tier::Local && body.exists_on(as_of.0)).enumerate();
    let mut out = Vec::new();
    for (nth, body) in local {
        let name = body.span_on(as_of.0).name.clone();
        let (to, addresses) = match said.as_ref().map(|said| said.get(&body.code)) {
            // The file says who gets anything.
            Some(None) => continue,
            Some(Some(row)) => (addressee(&name, row), row.addresses.clone()),
            None => (vec![format!("{name}　御中")], Vec::new()),
        };
        out.push(Recipient { place: nth + 1, code: body.code.clone(), name, to, addresses });
    }
    Ok(out)
}

/// A wide letter of ASCII as a narrow one.
fn narrow(letter: char) -> char {
    let code = u32::from(letter);
    let is_wide = (0xff01..=0xff5e).contains(&code);
    is_wide.then(|| char::from_u32(code - 0xfee0)).flatten().unwrap_or(letter)
}

/// 浦和医師会　御中, or the words of the file, to which 様 or 御中 is added where it names neither.
fn addressee(name: &str, row: &Row) -> Vec<String> {
    const POLITE: [&str; 4] = ["様", "御中", "殿", "先生"];
    let polite = |text: &str, word: &str| match POLITE.iter().any(|one| text.ends_with(one)) {
        true => text.to_string(),
        false => format!("{text}　{word}"),
    };
    let body = if row.to.is_empty() { name } else { row.to.as_str() };
    match row.person.as_str() {
        "" => vec![polite(body, "御中")],
        person => vec![body.to_string(), polite(person, "様")],
    }
}

/// The file of recipients with its name.
struct RecipientsFile {
    shown: String,
    table: HeadedTable,
}

/// The rows that hold on a day, by code.
fn read(
    path: &Path,
    associations: &Associations,
    (day, mail): (NaiveDate, Option<&MailConfig>),
) -> Result<BTreeMap<String, Row>> {
    let shown = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let refused = |error| Failure::from_ingest(error, &shown);
    let mut table = read_by_heading(path, &HEADINGS).map_err(refused)?;
    // Who gets what is never guessed from a part of the rows.
    if !table.ragged.is_empty() {
        return Err(refused(table.ragged.swap_remove(0).into()).into());
    }
    let file = RecipientsFile { shown, table };
    if file.table.columns[CODE].is_none() {
        return Err(file.wrong(None, CODE, "PUB-010", HEADINGS[CODE][0]).into());
    }
    let mut out: BTreeMap<String, Row> = BTreeMap::new();
    for row in &file.table.rows {
        let code = &row.cells[CODE];
        let known = associations.by_code(code).filter(|body| body.tier == Tier::Local);
        let Some(body) = known else { return Err(file.wrong(Some(row.number), CODE, "PUB-011", code).into()) };
        let mut said = file.row(row)?;
        if mail.is_some() {
            said.addresses = file.addresses(row)?;
        }
        let holds = said.from.is_none_or(|from| from <= day) && said.until.is_none_or(|until| day <= until);
        if holds && let Some(before) = out.insert(body.code.clone(), said) {
            let number = before.number.to_string();
            return Err(file.wrong(Some(row.number), CODE, "PUB-013", &number).into());
        }
    }
    Ok(out)
}

impl RecipientsFile {
    fn row(&self, row: &HeadedRow) -> Result<Row> {
        let (from, until) = (self.day(row, FROM)?, self.day(row, UNTIL)?);
        if let (Some(from), Some(until)) = (from, until)
            && until < from
        {
            let span = format!("{} – {}", short_era_date(from), short_era_date(until));
            return Err(self.wrong(Some(row.number), UNTIL, "PUB-012", &span).into());
        }
        let (to, person) = (row.cells[TO].clone(), row.cells[PERSON].clone());
        Ok(Row { number: row.number, to, person, addresses: Vec::new(), from, until })
    }

    /// The addresses of a row, which nothing of their own divides.
    fn addresses(&self, row: &HeadedRow) -> Result<Vec<MailAddress>> {
        let is_between = |c: char| c.is_whitespace() || [',', ';', '、'].contains(&c);
        let mut out: Vec<MailAddress> = Vec::new();
        // Small letters stay small: before the @ they may be others than great ones.
        let cell: String = row.written[ADDRESSES].chars().map(narrow).collect();
        for text in cell.split(is_between).filter(|text| !text.is_empty()) {
            let wrong = |code| self.wrong(Some(row.number), ADDRESSES, code, text);
            let address = MailAddress::parse(text).ok_or_else(|| wrong("PUB-024"))?;
            if out.iter().any(|other| other.is_same_box(&address)) {
                return Err(wrong("PUB-029").into());
            }
            out.push(address);
        }
        Ok(out)
    }

    fn day(&self, row: &HeadedRow, column: usize) -> Result<Option<NaiveDate>> {
        let text = &row.cells[column];
        if text.is_empty() {
            return Ok(None);
        }
        let day = parse_date(text).ok_or_else(|| self.wrong(Some(row.number), column, "PUB-012", text))?;
        Ok(Some(day))
    }

    fn wrong(&self, row: Option<u32>, column: usize, code: &'static str, detail: &str) -> Failure {
        let column = self.table.columns[column].clone();
        Failure { file: Some(self.shown.clone()), row, column, ..Failure::new(FailureKind::Input, code, detail) }
    }
}
