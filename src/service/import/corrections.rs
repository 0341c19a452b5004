//! Taking in applications and adjustments. A row that says what stands already changes nothing; a row that is no
//! longer there is silence, as everywhere (R6).

use std::collections::{BTreeSet, HashMap};

use anyhow::{Context, Result};

use super::headline::Headline;
use super::summary::{CorrectionChanges, ImportStatus, ImportSummary};
use super::{ImportOptions, Inspected, effects, refuse_older, refuse_rejects, summarise, write_list};
use crate::domain::adjustment::{Adjustment, AdjustmentKind};
use crate::domain::application::{Application, ApplicationKind};
use crate::domain::association::Associations;
use crate::domain::ids::{AssociationId, PhysicianId, RegistrationNumber};
use crate::domain::problem::Problem;
use crate::error::Failure;
use crate::ingest::adjustments::{AdjustmentRow, read_adjustments};
use crate::ingest::applications::{ApplicationRow, read_applications};
use crate::service::Workspace;
use crate::store::{Changes, Import, ImportRecord, NewImport, StandingAdjustment, StandingApplication, StandingPerson};

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
    let read =
        read_applications(&file.path, &file.scan, &file.columns, &associations, &workspace.vocabulary, file.known_on)
            .map_err(|error| Failure::from_ingest(error, &file.file_name))?;
    let mut summary = summarise(file, new, &read.tally, options);
    write_list(workspace, file, &read.tally, options, &mut summary);
    refuse_rejects(workspace, &read.tally, &summary, options.atomic)?;
    let desk = Desk::open(workspace, new, options).await?;
    refuse_lost_rows(&desk, read.rows.iter().map(|row| application_key(&row.application)), new, options)?;
    let (mut import, before) = (desk.import, desk.before);
    summary.replaces = desk.replaces;
    let persons = Persons::load(&mut import).await?;
    let standing = import.standing_applications().await?;
    let planned = plan_applications(read.rows, &standing, persons);
    store(workspace, import, before, planned, &mut summary).await?;
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
    let read =
        read_adjustments(&file.path, &file.scan, &file.columns, &associations, &workspace.vocabulary, file.known_on)
            .map_err(|error| Failure::from_ingest(error, &file.file_name))?;
    let mut summary = summarise(file, new, &read.tally, options);
    write_list(workspace, file, &read.tally, options, &mut summary);
    // Each row was approved by a person: the file is taken in as a whole or not at all.
    refuse_rejects(workspace, &read.tally, &summary, true)?;
    let desk = Desk::open(workspace, new, options).await?;
    refuse_lost_rows(&desk, read.rows.iter().map(|row| adjustment_key(&row.adjustment)), new, options)?;
    let (mut import, before) = (desk.import, desk.before);
    summary.replaces = desk.replaces;
    let persons = Persons::load(&mut import).await?;
    let standing = import.standing_adjustments().await?;
    let planned = match plan_adjustments(read.rows, &standing, persons) {
        Ok(planned) => planned,
        Err(row) => {
            import.abandon().await?;
            let (heading, column) = row.number_place;
            return Err(Failure {
                row: Some(row.row),
                column: Some(column),
                ..Failure::input(Problem::AdjustmentPersonUnknown, &file.file_name, heading)
            }
            .into());
        }
    };
    effects::note(&mut import, &planned.changes, &associations, new.known_on, &mut summary).await?;
    store(workspace, import, before, planned, &mut summary).await?;
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

/// What makes two rows versions of one application or adjustment.
type Key = (Box<str>, Option<AssociationId>, u8);

fn application_key(application: &Application) -> Key {
    (application.number.clone(), Some(application.association), application.kind.index())
}

fn adjustment_key(adjustment: &Adjustment) -> Key {
    (adjustment.number.clone(), None, 0)
}

async fn keys(import: &mut Import) -> Result<BTreeSet<Key>> {
    let applications = import.standing_applications().await?;
    let adjustments = import.standing_adjustments().await?;
    let of_applications = applications.iter().map(|one| application_key(&one.application));
    Ok(of_applications.chain(adjustments.iter().map(|one| adjustment_key(&one.adjustment))).collect())
}

/// Another file of the same day takes the place of the first as a whole (R3): rows that it lacks would be gone. That is
/// asked about, for a second file is more often a supplement.
fn refuse_lost_rows(
    desk: &Desk,
    told: impl Iterator<Item = Key>,
    new: &NewImport,
    options: &ImportOptions,
) -> Result<()> {
    let told: BTreeSet<Key> = told.collect();
    let n_lost = desk.replaced.difference(&told).count();
    if n_lost == 0 || options.accept_drop.is_some() {
        return Ok(());
    }
    Err(Failure::input(Problem::CorrectionsMissing, &new.file_name, n_lost.to_string()).into())
}

impl Desk {
    async fn open(workspace: &Workspace, new: &NewImport, options: &ImportOptions) -> Result<Self> {
        // The store is read before the import holds it.
        let before = if options.dry_run { Some(Headline::before(workspace, new.known_on).await?) } else { None };
        let mut import = workspace.store.start_import(new).await.context("starting the import")?;
        let replaces = import.replaces();
        let standing = if replaces { keys(&mut import).await? } else { BTreeSet::new() };
        import.take_back_replaced().await?;
        let mut replaced = standing;
        if replaces {
            let kept = keys(&mut import).await?;
            replaced.retain(|key| !kept.contains(key));
        }
        Ok(Self { import, before, replaces, replaced })
    }
}

async fn store(
    workspace: &Workspace,
    mut import: Import,
    before: Option<Headline>,
    planned: Planned,
    summary: &mut ImportSummary,
) -> Result<()> {
    summary.corrections = Some(planned.counts);
    if let Some(before) = before {
        import.apply(&planned.changes).await.context("trying the import")?;
        summary.headline = Some(before.after_import(workspace, &mut import).await?);
        import.abandon().await?;
        summary.status = ImportStatus::DryRun;
        return Ok(());
    }
    import.commit(&planned.changes).await.context("storing the import")?;
    Ok(())
}

/// Who has which number; persons whom nobody has shown yet get the next free ids.
pub(in crate::service) struct Persons {
    known: Vec<StandingPerson>,
    next: PhysicianId,
    added: HashMap<RegistrationNumber, PhysicianId>,
}

impl Persons {
    async fn load(import: &mut Import) -> Result<Self> {
        let known = import.standing_persons().await?;
        let (next, _) = import.next_ids().await?;
        Ok(Self::of(known, next))
    }

    /// Persons that are known, by number, and the next free id.
    pub(in crate::service) fn of(known: Vec<StandingPerson>, next: PhysicianId) -> Self {
        Self { known, next, added: HashMap::new() }
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
    standing: &[StandingApplication],
    mut persons: Persons,
) -> Planned {
    let by_key: HashMap<(&str, AssociationId, ApplicationKind), &StandingApplication> =
        standing.iter().map(|one| (one.application.key(), one)).collect();
    let (mut changes, mut counts) = (Changes::default(), CorrectionChanges::default());
    for row in rows {
        let application = Application { physician: persons.known_or_added(row.number), ..row.application };
        match by_key.get(&application.key()) {
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
    standing: &[StandingAdjustment],
    mut persons: Persons,
) -> Result<Planned, Box<AdjustmentRow>> {
    let by_number: HashMap<&str, &StandingAdjustment> =
        standing.iter().map(|one| (&*one.adjustment.number, one)).collect();
    let (mut changes, mut counts) = (Changes::default(), CorrectionChanges::default());
    for row in rows {
        let physician = match row.adjustment.kind {
            AdjustmentKind::Joined => Some(persons.known_or_added(row.number)),
            _ => persons.known(row.number),
        };
        let other = row.other.map(|number| persons.known(number));
        let (Some(physician), false) = (physician, other == Some(None)) else { return Err(Box::new(row)) };
        let adjustment = Adjustment { physician, other: other.flatten(), ..row.adjustment };
        match by_number.get(&*adjustment.number) {
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
