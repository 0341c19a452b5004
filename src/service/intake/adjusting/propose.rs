//! From what somebody has written to a file that is given.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use chrono::NaiveDate;

use super::column::{AdjustmentColumn, Cells};
use super::said::{SaidAdjustment, TAKEN_BACK, is_of_pages, reason, spellings, standing};
use crate::clock::{tokyo, tokyo_day};
use crate::domain::adjustment::AdjustmentKind;
use crate::domain::association::{Association, Associations};
use crate::domain::cell::Cell;
use crate::domain::class::NationalClass;
use crate::domain::enrolment::WithdrawalReason;
use crate::domain::ids::PhysicianId;
use crate::domain::problem::Problem;
use crate::error::Failure;
use crate::files::{NewFolder, Readers};
use crate::ingest::registration_number;
use crate::render::csv::{CsvStyle, rows_csv};
use crate::service::intake::giving::{Receiving, Told, reject_line, told, told_of_failure};
use crate::service::intake::import::{ImportOptions, RejectedCell, rows_to_mend};
use crate::service::keep::Workspace;
use crate::service::known::names;
use crate::service::known::vintage::Vintage;
use crate::store::ImportRecord;
use crate::timeline::Evidence;

/// A new adjustment as somebody has written it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What is decided.
    pub kind: AdjustmentKind,
    /// What stands in the fields, as it was typed. Of 会員区分 and 退会理由 the code.
    pub typed: Typed,
    /// Whether a 退会 holds in all bodies in which the person is by now.
    pub is_everywhere: bool,
}

/// What stands in fields.
pub type Typed = BTreeMap<AdjustmentColumn, String>;

/// An adjustment that is taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakingBack {
    /// Its number and whom it is about.
    pub of: (String, PhysicianId),
    /// Why, and who approves, as it was typed.
    pub typed: Typed,
}

/// Something that is wrong with what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnFault {
    /// The field; `None` for the whole.
    pub column: Option<AdjustmentColumn>,
    /// What is wrong.
    pub told: Told,
}

impl ColumnFault {
    fn of_whole(code: &str, detail: &str) -> Self {
        Self { column: None, told: told(code, detail) }
    }
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proposed {
    /// It was given, under an id.
    Given(String),
    /// Something is wrong; nothing was kept.
    Faulty(Vec<ColumnFault>),
}

/// Makes a file of a new adjustment and gives it, as if `login` had sent it. Nothing is taken in yet.
///
/// # Errors
/// When the store cannot be read or the data folder cannot be written. What is wrong with what was written is no error.
pub async fn propose(workspace: &Workspace, login: &str, written: &Written) -> Result<Proposed> {
    let lacking = lacking(&AdjustmentColumn::asked_by(written.kind), written.kind, &written.typed);
    if !lacking.is_empty() {
        return Ok(Proposed::Faulty(lacking));
    }
    let desk = Desk::open(workspace).await?;
    let row = row_of(workspace, &desk.associations, written);
    let unknown = unknown_persons(workspace, written, &row).await?;
    if !unknown.is_empty() {
        return Ok(Proposed::Faulty(unknown));
    }
    let mut rows =
        if written.is_everywhere { everywhere(workspace, &desk.associations, &row).await? } else { Vec::new() };
    rows.insert(0, row);
    for (row, number) in rows.iter_mut().zip(desk.numbers()) {
        row.insert(AdjustmentColumn::Number, number);
    }
    desk.give(login, rows).await
}

/// Makes a file that takes an adjustment back and gives it, as [`propose`] does.
///
/// # Errors
/// As [`propose`].
pub async fn propose_taking_back(workspace: &Workspace, login: &str, taking: &TakingBack) -> Result<Proposed> {
    let desk = Desk::open(workspace).await?;
    let (number, person) = &taking.of;
    let is_meant = |one: &&SaidAdjustment| {
        let adjustment = &one.version.adjustment;
        let is_of = *adjustment.number == **number && adjustment.physician == *person;
        is_of && one.is_of_pages && !adjustment.is_revoked
    };
    let Some(old) = desk.before.iter().find(is_meant) else {
        return Ok(Proposed::Faulty(vec![ColumnFault::of_whole("WEB-071", number)]));
    };
    let columns: Vec<AdjustmentColumn> = taking.typed.keys().copied().collect();
    let lacking = lacking(&columns, old.version.adjustment.kind, &taking.typed);
    if !lacking.is_empty() {
        return Ok(Proposed::Faulty(lacking));
    }
    let mut row = old.cells.clone();
    row.insert(AdjustmentColumn::State, TAKEN_BACK.to_string());
    row.extend(taking.typed.iter().map(|(column, text)| (*column, text.trim().to_string())));
    desk.give(login, vec![row]).await
}

/// What stands when a file is made.
struct Desk<'w> {
    workspace: &'w Workspace,
    /// The day of the new file: today, or that of a newer file of adjustments. An older one would not be taken in.
    day: NaiveDate,
    before: Vec<SaidAdjustment>,
    associations: Associations,
}

impl<'w> Desk<'w> {
    async fn open(workspace: &'w Workspace) -> Result<Self> {
        let imports = workspace.store.imports().await?;
        let today = tokyo_day(workspace.clock.now());
        let is_newer = |import: &&ImportRecord| is_of_pages(import) && import.taken_back.is_none();
        let day = imports.iter().filter(is_newer).map(|import| import.known_on).fold(today, NaiveDate::max);
        let associations = workspace.store.associations().await?;
        Ok(Self { workspace, day, before: standing(workspace, &imports).await?, associations })
    }

    /// Numbers that no adjustment has: the day of the file and the time of the clock, so that what is written at once by two people
    /// has two.
    fn numbers(&self) -> impl Iterator<Item = String> {
        let time = self.workspace.clock.now().with_timezone(&tokyo()).format("%H%M%S");
        let first = format!("{}-{time}", self.day.format("%Y%m%d"));
        let all = std::iter::once(first.clone()).chain((2..).map(move |nth| format!("{first}-{nth}")));
        all.filter(|number| !self.before.iter().any(|one| *one.version.adjustment.number == **number))
    }

    /// What the file of the day has said so far, but for what new rows say instead.
    fn said_before(&self, new: &[Cells]) -> Vec<Cells> {
        let key = |cells: &Cells| {
            let person = cells.get(&AdjustmentColumn::Person).and_then(|text| registration_number(text));
            (cells.get(&AdjustmentColumn::Number).cloned(), person)
        };
        let of_day = self.before.iter().filter(|one| one.is_of_pages && one.version.known_from == self.day);
        let is_said_anew = |cells: &Cells| new.iter().any(|row| key(row) == key(cells));
        of_day.map(|one| &one.cells).filter(|cells| !is_said_anew(cells)).cloned().collect()
    }

    /// Gives new rows, the first of which somebody has written, below what the file of the day has said so far.
    async fn give(&self, login: &str, new: Vec<Cells>) -> Result<Proposed> {
        let said = self.said_before(&new);
        let day = self.day.to_string();
        if said.iter().any(|row| !row.contains_key(&AdjustmentColumn::Person)) {
            return Ok(Proposed::Faulty(vec![ColumnFault::of_whole("WEB-072", &day)]));
        }
        let row_of_new = u32::try_from(said.len()).unwrap_or(u32::MAX).saturating_add(FIRST_ROW);
        let rows: Vec<Cells> = said.into_iter().chain(new).collect();
        let (name, bytes) = (format!("調整_{day}.csv"), csv_of(&rows)?);
        let faults = faults(self.workspace, (&name, &bytes), row_of_new).await?;
        if !faults.is_empty() {
            return Ok(Proposed::Faulty(faults));
        }
        let mut receiving = Receiving::begin(self.workspace.folder(), login)?;
        receiving.begin_file(&name)?;
        receiving.write(&bytes)?;
        receiving.end_file()?;
        receiving.finish(self.workspace.clock.now()).map(Proposed::Given)
    }
}

/// The same as a 退会 for each other body in which the person is and whose end nobody has told.
async fn everywhere(workspace: &Workspace, associations: &Associations, row: &Cells) -> Result<Vec<Cells>> {
    let number = row.get(&AdjustmentColumn::Person).and_then(|text| registration_number(text));
    let Some(number) = number else { return Ok(Vec::new()) };
    let Some(person) = workspace.store.physician_of(number).await? else { return Ok(Vec::new()) };
    let vintage = Vintage::open(workspace, None).await?;
    let person = vintage.stays_as()?.get(&person).copied().unwrap_or(person);
    let stays = vintage.timeline()?.stays_of(&[person], vintage.known_at, Evidence::All)?;
    let said = row.get(&AdjustmentColumn::BodyCode).or(row.get(&AdjustmentColumn::BodyName));
    let own = said.and_then(|said| names::association(associations, said, vintage.known_at.0).ok());
    let mut bodies: Vec<&Association> = stays
        .iter()
        .filter(|stay| stay.joined_on.is_some() && stay.left_on.is_none())
        .filter_map(|stay| associations.get(stay.association))
        .filter(|body| own.is_none_or(|own| own.id != body.id))
        .collect();
    bodies.sort_by_key(|body| associations.rank(body.id));
    bodies.dedup_by_key(|body| body.id);
    let of_body = |body: &Association| {
        let mut row = row.clone();
        row.remove(&AdjustmentColumn::BodyName);
        row.remove(&AdjustmentColumn::StayJoinedOn);
        row.insert(AdjustmentColumn::BodyCode, body.code.clone());
        row
    };
    Ok(bodies.into_iter().map(of_body).collect())
}

/// The first row below the headings, as Excel counts.
const FIRST_ROW: u32 = 2;

/// The fields that a kind cannot do without and that are empty.
fn lacking(columns: &[AdjustmentColumn], kind: AdjustmentKind, typed: &Typed) -> Vec<ColumnFault> {
    let is_lacking = |column: &&AdjustmentColumn| {
        column.is_needed_by(kind) && typed.get(column).is_none_or(|text| text.trim().is_empty())
    };
    let fault = |column: &AdjustmentColumn| ColumnFault { column: Some(*column), told: told("WEB-073", "") };
    columns.iter().filter(is_lacking).map(fault).collect()
}

/// What a file says of a new adjustment, but for its number.
fn row_of(workspace: &Workspace, associations: &Associations, written: &Written) -> Cells {
    let mut row = Cells::new();
    row.insert(AdjustmentColumn::Kind, written.kind.label().to_string());
    for column in AdjustmentColumn::asked_by(written.kind) {
        let typed = written.typed.get(&column).map_or("", |text| text.trim());
        let word = match column {
            AdjustmentColumn::BodyName => {
                let (column, text) = body(associations, typed);
                row.insert(column, text);
                continue;
            }
            AdjustmentColumn::NewClass => NationalClass::from_code(typed)
                .and_then(|class| spellings(&workspace.vocabulary, class).into_iter().next()),
            AdjustmentColumn::Reason => {
                WithdrawalReason::from_code(typed).and_then(|one| reason(&workspace.vocabulary, one))
            }
            _ => None,
        };
        row.insert(column, word.unwrap_or_else(|| typed.to_string()));
    }
    row
}

/// A body as a page suggests it, 浦和（11-001）, by its code, or as somebody calls it.
fn body(associations: &Associations, typed: &str) -> (AdjustmentColumn, String) {
    let suggested = typed.strip_suffix('）').and_then(|typed| typed.rsplit_once('（')).map(|(_, code)| code);
    match suggested.or(associations.by_code(typed).map(|_| typed)) {
        Some(code) => (AdjustmentColumn::BodyCode, code.to_string()),
        None => (AdjustmentColumn::BodyName, typed.to_string()),
    }
}

/// The numbers that nobody has. Only a stay that no export shows may be of somebody whom none has shown.
async fn unknown_persons(workspace: &Workspace, written: &Written, row: &Cells) -> Result<Vec<ColumnFault>> {
    let mut faults = Vec::new();
    for column in [AdjustmentColumn::Person, AdjustmentColumn::OtherPerson] {
        let may_be_new = column == AdjustmentColumn::Person && written.kind == AdjustmentKind::Joined;
        let number = row.get(&column).and_then(|text| registration_number(text)).filter(|_| !may_be_new);
        let Some(number) = number else { continue };
        if workspace.store.physician_of(number).await?.is_none() {
            let told = told(Problem::AdjustmentPersonUnknown.code(), column.label());
            faults.push(ColumnFault { column: Some(column), told });
        }
    }
    Ok(faults)
}

/// A file of rows, as Excel writes one.
fn csv_of(rows: &[Cells]) -> Result<Vec<u8>> {
    let cell = |row: &Cells, column| row.get(&column).map_or(Cell::Blank, |text| Cell::text(text.as_str()));
    let rows: Vec<Vec<Cell>> =
        rows.iter().map(|row| AdjustmentColumn::ALL.map(|column| cell(row, column)).to_vec()).collect();
    let headings = AdjustmentColumn::ALL.map(AdjustmentColumn::label);
    rows_csv(CsvStyle::Display, &headings, &rows).context("writing adjustments")
}

/// What is wrong with a file, as an import would say it; `row_of_new` is the row that somebody has written now.
async fn faults(workspace: &Workspace, (name, bytes): (&str, &[u8]), row_of_new: u32) -> Result<Vec<ColumnFault>> {
    let refused = |source: std::io::Error| Failure::from_writing(&source, name);
    let folder = NewFolder::within(workspace.folder(), Readers::Owner).map_err(refused)?;
    folder.create(Path::new(name)).and_then(|mut file| file.write_all(bytes)).map_err(refused)?;
    match rows_to_mend(workspace, &folder.path().join(name), &ImportOptions::default()).await {
        Ok(summary) => {
            let rejected = summary.iter().flat_map(|summary| &summary.rejected);
            Ok(rejected.map(|reject| fault(reject, row_of_new)).collect())
        }
        Err(error) => match Failure::of(&error) {
            failure if failure.is_of_surroundings() => Err(error),
            failure => Ok(vec![ColumnFault { column: None, told: told_of_failure(&failure) }]),
        },
    }
}

/// A cell that is wrong, at its field where it is one of the new row.
fn fault(reject: &RejectedCell, row_of_new: u32) -> ColumnFault {
    let line = reject_line(reject);
    if line.row != row_of_new {
        let told = Told { place: format!("{}行目 {}", line.row, line.column), ..line.told };
        return ColumnFault { column: None, told };
    }
    // The body is asked for in one field.
    let column = AdjustmentColumn::at_letter(&reject.column)
        .map(|column| if column == AdjustmentColumn::BodyCode { AdjustmentColumn::BodyName } else { column });
    ColumnFault { column, told: line.told }
}
