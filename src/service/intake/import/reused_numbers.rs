//! Numbers of applications and adjustments that are used again for somebody else (R27): another fact, and a warning that
//! names both rows.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use anyhow::Result;
use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::adjustment::{AdjustmentKind, AdjustmentVersion};
use crate::domain::application::ApplicationVersion;
use crate::domain::as_of::KnownAt;
use crate::domain::ids::{ImportId, PhysicianId, RegistrationNumber, SourceId};
use crate::domain::problem::{Problem, RowProblem};
use crate::ingest::adjustments::AdjustmentRow;
use crate::ingest::applications::ApplicationRow;
use crate::service::keep::Workspace;
use crate::store::{ImportRecord, NewImport};

/// A row whose number stands for somebody else elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReusedNumber {
    /// Row as Excel shows it.
    pub row: u32,
    /// Column letter as Excel shows it.
    pub column: String,
    /// Heading of the column.
    pub heading: String,
    /// Stable code.
    pub code: &'static str,
    /// The file with the other row.
    pub other_file: String,
    /// That row, as Excel shows it.
    pub other_row: u32,
}

/// A row of the file: its 申請番号 or 調整番号, and whom it is about.
pub(super) struct NumberedRow<'r> {
    pub(super) number: &'r str,
    pub(super) who: RegistrationNumber,
    pub(super) row: u32,
}

impl<'r> From<&'r ApplicationRow> for NumberedRow<'r> {
    fn from(row: &'r ApplicationRow) -> Self {
        Self { number: &row.application.number, who: row.number, row: row.row }
    }
}

impl<'r> From<&'r AdjustmentRow> for NumberedRow<'r> {
    fn from(row: &'r AdjustmentRow) -> Self {
        Self { number: &row.adjustment.number, who: row.number, row: row.row }
    }
}

/// Where a number stands.
#[derive(Debug, Clone)]
struct Holder {
    who: PhysicianId,
    import: ImportId,
    row: u32,
}

/// The numbers of a source that stood before the day of a new file.
#[derive(Default)]
pub(super) struct HeldNumbers {
    by_number: HashMap<Box<str>, Vec<(RegistrationNumber, String, u32)>>,
    /// Numbers of persons that were given up for another (同一人物).
    stays_as: HashMap<RegistrationNumber, RegistrationNumber>,
}

impl HeldNumbers {
    pub(super) async fn of_applications(
        workspace: &Workspace,
        new: &NewImport,
        imports: &[ImportRecord],
    ) -> Result<Self> {
        let Some(stood) = Stood::before(new, imports) else { return Ok(Self::default()) };
        let mut held = BTreeMap::new();
        let take = |version: ApplicationVersion| {
            let holder = Holder { who: version.application.physician, import: version.import, row: version.row };
            if stood.holds(version.source, version.known_from, version.known_until) {
                hold(&mut held, version.application.number, holder);
            }
        };
        workspace.store.each_application(take).await?;
        Self::resolved(workspace, new, imports, held).await
    }

    pub(super) async fn of_adjustments(
        workspace: &Workspace,
        new: &NewImport,
        imports: &[ImportRecord],
    ) -> Result<Self> {
        let Some(stood) = Stood::before(new, imports) else { return Ok(Self::default()) };
        let mut held = BTreeMap::new();
        let take = |version: AdjustmentVersion| {
            let holder = Holder { who: version.adjustment.physician, import: version.import, row: version.row };
            if stood.holds(version.source, version.known_from, version.known_until) {
                hold(&mut held, version.adjustment.number, holder);
            }
        };
        workspace.store.each_adjustment(take).await?;
        Self::resolved(workspace, new, imports, held).await
    }

    async fn resolved(
        workspace: &Workspace,
        new: &NewImport,
        imports: &[ImportRecord],
        held: BTreeMap<Box<str>, Vec<Holder>>,
    ) -> Result<Self> {
        let mut pairs: Vec<(PhysicianId, PhysicianId)> = Vec::new();
        workspace.store.each_adjustment(|version| pairs.extend(merged(&version, new))).await?;
        let of_pairs = pairs.iter().flat_map(|(other, stays)| [*other, *stays]);
        let ids: BTreeSet<PhysicianId> = held.values().flatten().map(|holder| holder.who).chain(of_pairs).collect();
        let ids: Vec<PhysicianId> = ids.into_iter().collect();
        let persons = workspace.store.persons(&ids, KnownAt(new.known_on)).await?;
        let numbers: HashMap<PhysicianId, RegistrationNumber> =
            persons.into_iter().map(|person| (person.physician, person.number)).collect();
        let files: HashMap<ImportId, &str> =
            imports.iter().map(|import| (import.id, import.file_name.as_str())).collect();
        let place = |holder: Holder| {
            let file = files.get(&holder.import).copied().unwrap_or_default().to_string();
            // A person whose number was removed holds none against herself.
            let number = *numbers.get(&holder.who).filter(|number| number.known().is_some())?;
            Some((number, file, holder.row))
        };
        let by_number =
            held.into_iter().map(|(number, holders)| (number, holders.into_iter().filter_map(place).collect()));
        let pair = |(other, stays): (PhysicianId, PhysicianId)| Some((*numbers.get(&other)?, *numbers.get(&stays)?));
        Ok(Self { by_number: by_number.collect(), stays_as: pairs.into_iter().filter_map(pair).collect() })
    }

    /// The rows of a file whose number stands for somebody else, before it or further up in it. A row about a person who
    /// has the number already is a version of her own fact.
    pub(super) fn reused<'r>(
        mut self,
        rows: impl Iterator<Item = NumberedRow<'r>>,
        file: &str,
        problem: Problem,
        (heading, column): &(Arc<str>, Arc<str>),
    ) -> Vec<ReusedNumber> {
        let mut out = Vec::new();
        for row in rows {
            let who = self.person(row.who);
            let stays_as = &self.stays_as;
            let holders = self.by_number.entry(row.number.into()).or_default();
            if !holders.iter().any(|(holder, ..)| follow(stays_as, *holder) == who)
                && let Some((_, other_file, other_row)) = holders.last()
            {
                out.push(ReusedNumber {
                    row: row.row,
                    column: column.to_string(),
                    heading: heading.to_string(),
                    code: problem.code(),
                    other_file: other_file.clone(),
                    other_row: *other_row,
                });
            }
            holders.push((who, file.to_string(), row.row));
        }
        out
    }

    fn person(&self, number: RegistrationNumber) -> RegistrationNumber {
        follow(&self.stays_as, number)
    }
}

impl ReusedNumber {
    /// Where the other row stands.
    pub fn other(&self) -> String {
        format!("{} {}行目", self.other_file, self.other_row)
    }

    pub(super) fn warning(&self, problem: Problem) -> RowProblem {
        RowProblem {
            row: self.row,
            column: self.column.as_str().into(),
            heading: self.heading.as_str().into(),
            problem,
            active: false,
            hint: None,
            detail: self.other(),
        }
    }
}

fn hold(held: &mut BTreeMap<Box<str>, Vec<Holder>>, number: Box<str>, holder: Holder) {
    let holders = held.entry(number).or_default();
    holders.push(holder);
    // The newest is named.
    holders.sort_by_key(|holder| (holder.import, holder.row));
}

/// What stood of the source of a new file before its day.
struct Stood {
    source: SourceId,
    day: NaiveDate,
}

impl Stood {
    /// `None` for the first file of a source.
    fn before(new: &NewImport, imports: &[ImportRecord]) -> Option<Self> {
        let same = |import: &&ImportRecord| import.kind == new.kind && import.source_name == new.source_name;
        imports.iter().find(same).map(|import| Self { source: import.source, day: new.known_on })
    }

    fn holds(&self, source: SourceId, known_from: NaiveDate, known_until: Option<NaiveDate>) -> bool {
        source == self.source && known_from < self.day && known_until.is_none_or(|until| until >= self.day)
    }
}

/// The number that was given up and the one that stays, of an adjustment that holds on the day of a file.
fn merged(version: &AdjustmentVersion, new: &NewImport) -> Option<(PhysicianId, PhysicianId)> {
    let adjustment = &version.adjustment;
    let holds = version.known_on(new.known_on) && !adjustment.is_revoked;
    (holds && adjustment.kind == AdjustmentKind::SamePerson).then_some((adjustment.other?, adjustment.physician))
}

/// The number that stays; of numbers in a circle any, but always the same.
pub(super) fn follow<N: Copy + Eq + std::hash::Hash + Ord>(stays_as: &HashMap<N, N>, number: N) -> N {
    let mut way = vec![number];
    while let Some(next) = way.last().and_then(|last| stays_as.get(last)).copied() {
        if let Some(first) = way.iter().position(|other| *other == next) {
            return way[first..].iter().copied().fold(next, Ord::min);
        }
        way.push(next);
    }
    way[way.len() - 1]
}
