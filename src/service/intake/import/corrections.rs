//! Taking in applications and adjustments. A row that says what stands already changes nothing; a row that is no
//! longer there is silence, as everywhere (R6).

use std::collections::{BTreeSet, HashMap};

use anyhow::{Context, Result};

use super::earlier::refuse_older;
use super::effects;
use super::headline::Headline;
use super::inspected::Inspected;
use super::lists::write_list;
use super::members::finish;
use super::options::ImportOptions;
use super::questions::Questions;
use super::removed::RemovedApplications;
use super::reused_numbers::{HeldNumbers, NumberedRow, ReusedNumber, follow};
use super::summary::{CorrectionChanges, ImportSummary};
use super::tally::{refuse_rejects, summarise};
use crate::domain::adjustment::{Adjustment, AdjustmentKind, AdjustmentVersion};
use crate::domain::application::{Application, ApplicationKind};
use crate::domain::association::Associations;
use crate::domain::export_days::ExportDays;
use crate::domain::ids::{AssociationId, PhysicianId, RegistrationNumber};
use crate::domain::layout::Field;
use crate::domain::problem::Problem;
use crate::error::Failure;
use crate::ingest::RowTally;
use crate::ingest::adjustments::{AdjustmentRow, read_adjustments};
use crate::ingest::applications::{ApplicationRow, read_applications};
use crate::service::keep::Workspace;
use crate::service::keep::current_exports::export_days;
use crate::store::{Changes, Import, ImportRecord, NewImport, StoredAdjustment, StoredApplication, StoredPerson};

/// What an import of corrections will do.
pub(in crate::service) struct Planned {
    pub(in crate::service) changes: Changes,
    counts: CorrectionChanges,
}

pub(super) async fn import_applications(
    workspace: &Workspace,
    file: &Inspected<'_>,
    new: &mut NewImport,
    imports: &[ImportRecord],
    options: &ImportOptions,
) -> Result<ImportSummary> {
    let associations = master(workspace, file).await?;
    refuse_older(imports, new)?;
    let mut read =
        read_applications(&file.path, &file.scan, &file.columns, &associations, &workspace.vocabulary, file.known_on)
            .map_err(|error| Failure::from_ingest(error, &file.file_name))?;
    let held = HeldNumbers::of_applications(workspace, new, imports).await?;
    let place = file.columns.place(Field::ApplicationNumber);
    let problem = Problem::ApplicationNumberReused;
    let reused = held.reused(read.rows.iter().map(NumberedRow::from), &file.file_name, problem, &place);
    warn(&mut read.tally, &reused, problem);
    let mut summary = summarise(file, new, &read.tally, options);
    summary.reused_numbers = reused;
    write_list(workspace, file, &read.tally, options, &mut summary);
    refuse_rejects(workspace, &read.tally, &summary, options.atomic)?;
    let mut desk = Desk::open(workspace, new, options).await?;
    let persons = Persons::load(&mut desk.import).await?;
    let key = |row: &ApplicationRow| application_key(&row.application, persons.known(row.number));
    let questions = ask_about_lost_rows(&desk, &persons, read.rows.iter().map(key));
    let (mut import, before) = (desk.import, desk.before);
    summary.replaces = desk.replaces;
    let standing = import.stored_applications().await?;
    let planned = plan_applications(read.rows, &standing, persons);
    summary.corrections = Some(planned.counts);
    finish(workspace, import, &planned.changes, (file, options, questions), before, &mut summary).await?;
    Ok(summary)
}

pub(super) async fn import_adjustments(
    workspace: &Workspace,
    file: &Inspected<'_>,
    new: &mut NewImport,
    imports: &[ImportRecord],
    options: &ImportOptions,
) -> Result<ImportSummary> {
    let associations = master(workspace, file).await?;
    refuse_older(imports, new)?;
    let mut read =
        read_adjustments(&file.path, &file.scan, &file.columns, &associations, &workspace.vocabulary, file.known_on)
            .map_err(|error| Failure::from_ingest(error, &file.file_name))?;
    let held = HeldNumbers::of_adjustments(workspace, new, imports).await?;
    let place = file.columns.place(Field::AdjustmentNumber);
    let problem = Problem::AdjustmentNumberReused;
    let reused = held.reused(read.rows.iter().map(NumberedRow::from), &file.file_name, problem, &place);
    warn(&mut read.tally, &reused, problem);
    let mut summary = summarise(file, new, &read.tally, options);
    summary.reused_numbers = reused;
    write_list(workspace, file, &read.tally, options, &mut summary);
    // Each row was approved by a person: the file is taken in as a whole or not at all.
    refuse_rejects(workspace, &read.tally, &summary, true)?;
    let mut desk = Desk::open(workspace, new, options).await?;
    let persons = Persons::load(&mut desk.import).await?;
    let key = |row: &AdjustmentRow| adjustment_key(&row.adjustment, persons.known(row.number));
    let questions = ask_about_lost_rows(&desk, &persons, read.rows.iter().map(key));
    let (mut import, before) = (desk.import, desk.before);
    summary.replaces = desk.replaces;
    let standing = import.stored_adjustments().await?;
    let planned = match plan_adjustments(read.rows, &standing, persons) {
        Ok(planned) => planned,
        Err(row) => {
            import.abandon().await?;
            let (heading, column) = row.number_place;
            return Err(Failure {
                row: Some(row.row),
                column: Some(column.to_string()),
                ..Failure::input(Problem::AdjustmentPersonUnknown, &file.file_name, &*heading)
            }
            .into());
        }
    };
    let exports = ExportDays::new(&export_days(imports));
    effects::note(&mut import, &planned.changes, &associations, &exports, new.known_on, &mut summary).await?;
    summary.corrections = Some(planned.counts);
    finish(workspace, import, &planned.changes, (file, options, questions), before, &mut summary).await?;
    Ok(summary)
}

async fn master(workspace: &Workspace, file: &Inspected<'_>) -> Result<Associations> {
    let associations = workspace.store.associations().await?;
    if associations.is_empty() {
        return Err(Failure::input(Problem::MasterMissing, &file.file_name, "").into());
    }
    Ok(associations)
}

/// An import that has begun, with the headline before it where it is only tried.
struct Desk {
    import: Import,
    before: Option<Headline>,
    replaces: bool,
    /// What the replaced file alone had told.
    replaced: BTreeSet<Key>,
}

/// What makes two rows versions of one application or adjustment (R27); `None` where nobody has the number of the person
/// yet.
type Key = (Box<str>, Option<PhysicianId>, Option<AssociationId>, u8);

fn application_key(application: &Application, who: Option<PhysicianId>) -> Key {
    (application.number.clone(), who, Some(application.association), application.kind.index())
}

fn adjustment_key(adjustment: &Adjustment, who: Option<PhysicianId>) -> Key {
    (adjustment.number.clone(), who, None, 0)
}

async fn keys(import: &mut Import) -> Result<BTreeSet<Key>> {
    let applications = import.stored_applications().await?;
    let adjustments = import.stored_adjustments().await?;
    let of_applications =
        applications.iter().map(|one| application_key(&one.application, Some(one.application.physician)));
    let of_adjustments = adjustments.iter().map(|one| adjustment_key(&one.adjustment, Some(one.adjustment.physician)));
    Ok(of_applications.chain(of_adjustments).collect())
}

/// Files the rows whose number stands for somebody else among the doubtful ones.
fn warn(tally: &mut RowTally, reused: &[ReusedNumber], problem: Problem) {
    tally.warnings.extend(reused.iter().map(|reused| reused.warning(problem)));
    tally.warnings.sort_by_key(|warning| warning.row);
}

/// Another file of the same day takes the place of the first as a whole (R3): rows that it lacks would be gone. That is
/// asked about, for a second file is more often a supplement.
fn ask_about_lost_rows(desk: &Desk, persons: &Persons, told: impl Iterator<Item = Key>) -> Questions {
    let of_person =
        |(number, who, body, kind): Key| (number, who.map(|who| follow(&persons.stays_as, who)), body, kind);
    let told: BTreeSet<Key> = told.map(of_person).collect();
    let n_lost = desk.replaced.iter().filter(|key| !told.contains(&of_person((*key).clone()))).count();
    let mut questions = Questions::default();
    if n_lost > 0 {
        questions.ask(Problem::CorrectionsMissing, n_lost.to_string());
    }
    questions
}

impl Desk {
    async fn open(workspace: &Workspace, new: &NewImport, options: &ImportOptions) -> Result<Self> {
        // The store is read before the import holds it.
        let headline = if options.dry_run { Some(Headline::before(workspace, new.known_on).await?) } else { None };
        let mut import = workspace.store.start_import(new).await.context("starting the import")?;
        let replaces = import.replaces();
        let standing = if replaces { keys(&mut import).await? } else { BTreeSet::new() };
        import.take_back_replaced().await?;
        let mut replaced = standing;
        if replaces {
            let kept = keys(&mut import).await?;
            replaced.retain(|key| !kept.contains(key));
        }
        Ok(Self { import, before: headline, replaces, replaced })
    }
}

/// Who has which number; persons whom nobody has shown yet get the next free ids.
pub(in crate::service) struct Persons {
    known: Vec<StoredPerson>,
    next: PhysicianId,
    added: HashMap<RegistrationNumber, PhysicianId>,
    /// Persons who were given up for another (同一人物): what is filed under either is about one person.
    stays_as: HashMap<PhysicianId, PhysicianId>,
}

impl Persons {
    async fn load(import: &mut Import) -> Result<Self> {
        let known = import.stored_persons().await?;
        let (next, _) = import.next_ids().await?;
        let mut stays_as = HashMap::new();
        let mut take = |version: AdjustmentVersion| {
            let adjustment = version.adjustment;
            let holds = version.known_until.is_none() && !adjustment.is_revoked;
            if let (true, AdjustmentKind::SamePerson, Some(other)) = (holds, adjustment.kind, adjustment.other) {
                stays_as.insert(other, adjustment.physician);
            }
        };
        import.each_adjustment(&mut take).await?;
        Ok(Self { stays_as, ..Self::of(known, next) })
    }

    /// Persons that are known, by number, and the next free id.
    pub(in crate::service) fn of(known: Vec<StoredPerson>, next: PhysicianId) -> Self {
        Self { known, next, added: HashMap::new(), stays_as: HashMap::new() }
    }

    fn known(&self, number: RegistrationNumber) -> Option<PhysicianId> {
        let at = self.known.binary_search_by_key(&number, |person| person.number).ok()?;
        self.known.get(at).map(|person| person.physician)
    }

    fn known_or_added(&mut self, number: RegistrationNumber) -> PhysicianId {
        if let Some(id) = self.known(number) {
            return id;
        }
        let next = &mut self.next;
        *self.added.entry(number).or_insert_with(|| {
            let id = *next;
            next.0 += 1;
            id
        })
    }

    /// The added persons by id.
    fn into_added(self) -> Vec<(PhysicianId, RegistrationNumber)> {
        let mut out: Vec<_> = self.added.into_iter().map(|(number, id)| (id, number)).collect();
        out.sort_unstable();
        out
    }
}

/// Plans applications: what is new, what says something else than what stands.
pub(in crate::service) fn plan_applications(
    rows: Vec<ApplicationRow>,
    standing: &[StoredApplication],
    mut persons: Persons,
) -> Planned {
    let stays_as = std::mem::take(&mut persons.stays_as);
    let key = |one: &Application| -> (Box<str>, PhysicianId, AssociationId, ApplicationKind) {
        (one.number.clone(), follow(&stays_as, one.physician), one.association, one.kind)
    };
    let by_key: HashMap<_, &StoredApplication> = standing.iter().map(|one| (key(&one.application), one)).collect();
    let (mut changes, mut counts) = (Changes::default(), CorrectionChanges::default());
    let removed = RemovedApplications::of(standing, &persons.known);
    for row in rows {
        if removed.tell(&row.application) {
            // It is the application of a person who cannot be known by the number any more.
            counts.unchanged += 1;
            continue;
        }
        let application = Application { physician: persons.known_or_added(row.number), ..row.application };
        match by_key.get(&key(&application)) {
            Some(old) if old.application == application => {
                counts.unchanged += 1;
                continue;
            }
            Some(old) => {
                counts.changed += 1;
                changes.superseded_applications.push(old.row_id);
            }
            None => counts.added += 1,
        }
        changes.new_applications.push((application, row.row));
    }
    changes.new_physicians = persons.into_added();
    Planned { changes, counts }
}

/// Plans adjustments, or gives back the first row about a person whom no member file has shown. Only 在籍追加 may be
/// about somebody new.
fn plan_adjustments(
    rows: Vec<AdjustmentRow>,
    standing: &[StoredAdjustment],
    mut persons: Persons,
) -> Result<Planned, Box<AdjustmentRow>> {
    let stays_as = std::mem::take(&mut persons.stays_as);
    let key = |one: &Adjustment| (one.number.clone(), follow(&stays_as, one.physician));
    let by_key: HashMap<_, &StoredAdjustment> = standing.iter().map(|one| (key(&one.adjustment), one)).collect();
    let (mut changes, mut counts) = (Changes::default(), CorrectionChanges::default());
    for row in rows {
        let physician = match row.adjustment.kind {
            AdjustmentKind::Joined => Some(persons.known_or_added(row.number)),
            _ => persons.known(row.number),
        };
        let other = row.other.map(|number| persons.known(number));
        let (Some(physician), false) = (physician, other == Some(None)) else { return Err(Box::new(row)) };
        let adjustment = Adjustment { physician, other: other.flatten(), ..row.adjustment };
        match by_key.get(&key(&adjustment)) {
            Some(old) if old.adjustment == adjustment => {
                counts.unchanged += 1;
                continue;
            }
            Some(old) => {
                counts.changed += 1;
                changes.superseded_adjustments.push(old.row_id);
            }
            None => counts.added += 1,
        }
        changes.new_adjustments.push((adjustment, row.row));
    }
    changes.new_physicians = persons.into_added();
    Ok(Planned { changes, counts })
}
