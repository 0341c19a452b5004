//! Putting a world into a store without files: each export becomes an import of its own, as if its files had been taken in.
//!
//! An export is planned by the same code as a file ([`crate::service::intake::import`]), but only for physicians of whom it shows
//! something else than the export before; what stands is kept in memory. All imports go into a store of their own first,
//! which is copied in one transaction: the target holds the whole world or nothing.

mod stored;

use std::path::Path;

use anyhow::{Context, Result};
use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use super::{APPLICATIONS_LAYOUT, MEMBERS_LAYOUT, Prepared};
use crate::clock::tokyo_day;
use crate::config::Config;
use crate::domain::application::Application;
use crate::domain::association::{Associations, Tier};
use crate::domain::enrolment::{SourceStatus, StayFacts, WithdrawalReason};
use crate::domain::hex::hex;
use crate::domain::ids::{AssociationId, PhysicianId, RegistrationNumber};
use crate::domain::layout::FileKind;
use crate::domain::person::Person;
use crate::domain::shown::{ReportedStay, ShownRow};
use crate::error::Failure;
use crate::files::NewFolder;
use crate::ingest::Classes;
use crate::ingest::PersonDigests;
use crate::ingest::applications::ApplicationRow;
use crate::ingest::members::MemberRow;
use crate::service::intake::import::corrections::{Persons, plan_applications};
use crate::service::intake::import::plan::plan;
use crate::service::intake::import::{ImportOptions, Silent, import_files};
use crate::service::keep::export::write_file;
use crate::service::keep::head::{head_of, next_head, sha256_of};
use crate::service::keep::{Workspace, WriteLock};
use crate::store::NewImport;
use crate::synth::{SynthApplication, SynthRow, SynthStay, World};
use stored::{Stand, Touched};

/// Hears which export is under way.
pub trait FillProgress {
    /// An export begins; `n_rows` is the number of its rows.
    fn month(&self, export: NaiveDate, n_rows: u32);
}

/// Puts master and exports of a world into the empty store of a workspace, and writes its timeline.
///
/// # Errors
/// [`Failure`] SYN-005 when the store holds anything, SYN-007 when an export lies ahead; when a store cannot be written.
/// Nothing is stored then.
pub async fn fill(
    workspace: &Workspace,
    _lock: &WriteLock,
    prepared: &Prepared,
    progress: &dyn FillProgress,
) -> Result<()> {
    refuse(workspace, prepared).await?;
    let folder = NewFolder::within(workspace.folder(), workspace.readers());
    let folder = folder.map_err(|source| Failure::from_io(&source, &workspace.folder().display().to_string()))?;
    let mut config = Config::default();
    config.definitions.clone_from(&workspace.config.definitions);
    let draft = Workspace::open(folder.path(), config, workspace.clock).await?;
    take_master(&draft, &prepared.world, folder.path()).await?;
    let associations = draft.store.associations().await?;
    let mut filling = Filling::begin(&draft, prepared, &associations).await?;
    for (nth, export) in prepared.filled.iter().enumerate() {
        filling.export(nth, *export, progress).await?;
    }
    drop(filling);
    let mut target = workspace.store.fill().await.context("opening the store")?;
    let mut source = draft.store.look().await.context("opening the draft")?;
    target.append(&mut source).await.context("storing the world")?;
    target.commit().await.context("storing the world")?;
    drop(source);
    draft.store.close().await?;
    if !prepared.filled.is_empty() {
        workspace.refresh_timeline(&head_of(&workspace.store.imports().await?)).await?;
    }
    Ok(())
}

async fn refuse(workspace: &Workspace, prepared: &Prepared) -> Result<()> {
    let rows = workspace.store.look().await?.row_counts().await?;
    if let Some((table, n)) = rows.into_iter().find(|(_, n)| *n > 0) {
        return Err(Failure::usage("SYN-005", format!("{table} {n}")).into());
    }
    let today = tokyo_day(workspace.clock.now());
    match prepared.filled.last() {
        Some(last) if *last > today => Err(Failure::usage("SYN-007", last.format("%Y-%m").to_string()).into()),
        _ => Ok(()),
    }
}

async fn take_master(draft: &Workspace, world: &World, folder: &Path) -> Result<()> {
    let path = folder.join("files").join("associations.csv");
    write_file(&path, world.associations_csv().as_bytes(), draft.readers())?;
    let lock = draft.lock_for_writing().await?;
    let run = import_files(draft, &lock, &[path], &ImportOptions::default(), &Silent).await;
    run.failures.into_iter().next().map_or(Ok(()), |(_, error)| Err(error))
}

/// A world on its way into a store.
struct Filling<'a> {
    draft: &'a Workspace,
    prepared: &'a Prepared,
    associations: &'a Associations,
    /// Ids of the bodies by place in the world.
    bodies: Vec<AssociationId>,
    touched: Touched,
    stand: Stand,
    head: String,
}

impl<'a> Filling<'a> {
    async fn begin(draft: &'a Workspace, prepared: &'a Prepared, associations: &'a Associations) -> Result<Self> {
        let world = &prepared.world;
        let id = |body| associations.by_code(world.code(body)).map(|body| body.id);
        let bodies: Option<Vec<AssociationId>> = (0..world.n_bodies()).map(id).collect();
        Ok(Self {
            draft,
            prepared,
            bodies: bodies.context("the master has every body of the world")?,
            associations,
            touched: Touched::of(world, &prepared.filled),
            stand: Stand::of(world),
            head: head_of(&draft.store.imports().await?),
        })
    }

    async fn export(&mut self, nth: usize, export: NaiveDate, progress: &dyn FillProgress) -> Result<()> {
        let world = &self.prepared.world;
        let (physicians, filings) = self.touched.at(nth);
        for physician in &physicians {
            self.stand.count_rows(*physician, world.rows(*physician, export).len());
        }
        let n_rows = self.stand.number_rows();
        progress.month(export, n_rows);
        self.members(&physicians, export, n_rows).await?;
        self.applications(&filings, export).await
    }

    async fn members(&mut self, physicians: &[usize], export: NaiveDate, n_rows: u32) -> Result<()> {
        let mut classes = Classes::new(self.associations, &self.draft.vocabulary);
        let mut rows = Vec::new();
        for physician in physicians {
            self.member_rows(*physician, export, &mut classes, &mut rows);
        }
        let standing = self.stand.of_members(physicians);
        let schemes = &self.draft.vocabulary.schemes;
        let changes = plan(rows, &standing, self.associations, schemes, export).changes;
        let new = self.import_of(FileKind::Members, export, n_rows)?;
        let import = self.draft.store.start_import(&new).await.context("starting an import")?;
        import.commit(&changes).await.context("storing an import")?;
        self.stand.take_members(&changes, export);
        self.head = new.head;
        Ok(())
    }

    fn member_rows(&self, who: usize, export: NaiveDate, classes: &mut Classes<'_>, out: &mut Vec<MemberRow>) {
        let world = &self.prepared.world;
        let (texts, sex, born_on) = world.description(who, export);
        let digests = PersonDigests::of(&texts, sex, born_on);
        let person = std::sync::Arc::new(Person::new(&texts, sex, born_on));
        let number = RegistrationNumber(world.number(who));
        for (nth, row) in world.rows(who, export).iter().enumerate() {
            let row_number = self.stand.row_of(who, nth);
            let shown = self.shown_row(row, row_number, export, classes);
            out.push(MemberRow { number, shown, person: std::sync::Arc::clone(&person), digests });
        }
    }

    fn shown_row(&self, row: &SynthRow, number: u32, export: NaiveDate, classes: &mut Classes<'_>) -> ShownRow {
        let mut own = self.told(Tier::Local, &row.local, export, classes);
        own.facts.wished_on = row.wished_on;
        own.facts.reason = row.reason;
        own.facts.status = row.status;
        let prefectural = row.prefectural.iter().map(|stay| (Tier::Prefectural, stay));
        let upper = prefectural.chain(row.national.iter().map(|stay| (Tier::National, stay)));
        let upper = upper.map(|(tier, stay)| self.told(tier, stay, export, classes)).collect();
        ShownRow { row: number, own, upper, carries_upper: true }
    }

    /// A stay as the reading of a file would give it: the class word means what it means in the body on that day.
    fn told(&self, tier: Tier, stay: &SynthStay, export: NaiveDate, classes: &mut Classes<'_>) -> ReportedStay {
        let association = self.bodies[usize::from(stay.body)];
        let on = stay.left_on.map_or(export, |left_on| left_on.min(export));
        let hit = classes.class_of(Some(association), stay.class.label(), on);
        let facts = StayFacts {
            wished_on: None,
            joined_on: stay.joined_on,
            left_on: stay.left_on,
            class: hit.class,
            class_text: hit.word,
            reason: WithdrawalReason::None,
            reason_text: None,
            status: SourceStatus::Unknown,
        };
        ReportedStay { tier, association, facts }
    }

    async fn applications(&mut self, filings: &[usize], export: NaiveDate) -> Result<()> {
        let world = &self.prepared.world;
        // A history without a row is no file.
        if !world.has_applications(export) {
            return Ok(());
        }
        let mut classes = Classes::new(self.associations, &self.draft.vocabulary);
        let mut rows = Vec::new();
        for filing in filings {
            for told in world.applications(*filing, export) {
                let row = u32::try_from(rows.len() + 2).unwrap_or(u32::MAX);
                rows.push(self.application_row(&told, row, export, &mut classes));
            }
        }
        let n_rows = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let (standing, persons, next) = self.stand.of_applications(filings, world);
        let changes = plan_applications(rows, &standing, Persons::of(persons, next)).changes;
        let new = self.import_of(FileKind::Applications, export, n_rows)?;
        let import = self.draft.store.start_import(&new).await.context("starting an import")?;
        import.commit(&changes).await.context("storing an import")?;
        self.stand.take_applications(&changes);
        self.head = new.head;
        Ok(())
    }

    fn application_row(
        &self,
        told: &SynthApplication,
        row: u32,
        export: NaiveDate,
        classes: &mut Classes<'_>,
    ) -> ApplicationRow {
        let association = self.bodies[usize::from(told.body)];
        let on = told.effective_on.unwrap_or(export);
        let class = told.class.map(|class| classes.class_of(Some(association), class.label(), on));
        let application = Application {
            number: told.number.as_str().into(),
            kind: told.kind,
            physician: PhysicianId(0),
            association,
            filer: told.filer,
            applied_on: told.applied_on,
            effective_on: told.effective_on,
            approved_on: told.approved_on,
            cancelled_on: told.cancelled_on,
            status: told.status,
            class: class.filter(|hit| !hit.is_unmapped()).map(|hit| hit.class),
            reason: told.reason,
            note: told.note.into(),
        };
        let number = RegistrationNumber(self.prepared.world.number(told.physician));
        ApplicationRow { row, number, application }
    }

    /// The record of an import that has no file. Its hash is that of what decides the export.
    fn import_of(&self, kind: FileKind, export: NaiveDate, n_rows: u32) -> Result<NewImport> {
        let name = if kind == FileKind::Members { MEMBERS_LAYOUT } else { APPLICATIONS_LAYOUT };
        let layout = self.draft.layouts.iter().find(|layout| layout.name == name);
        let layout = layout.with_context(|| format!("the layout {name}"))?;
        let vocabulary = &self.draft.vocabulary;
        let schemes = (!vocabulary.schemes.source.is_empty()).then_some(vocabulary.schemes.source.as_str());
        let definitions: Vec<&str> = [layout.source.as_str(), &vocabulary.source].into_iter().chain(schemes).collect();
        let definitions_sha256 = sha256_of(&definitions);
        let day = export.to_string();
        let sha256 = hex(&Sha256::digest(format!("{}\0{}\0{day}", self.prepared.identity, kind.code())));
        let head = next_head(&self.head, &[kind.code(), kind.code(), &day, &sha256, &definitions_sha256]);
        Ok(NewImport {
            follows: Some(self.head.clone()),
            kind,
            source_name: kind.code().to_string(),
            known_on: export,
            file_name: format!("synth_{}_{day}", kind.code()),
            sha256,
            size_bytes: 0,
            encoding: "UTF-8".into(),
            layout: layout.name.clone(),
            definitions_sha256,
            ended_rows_kept_days: layout.ended_rows_kept_days,
            imported_at: self.draft.clock.now(),
            n_rows,
            n_rejected: 0,
            n_rejected_active: 0,
            accepted_drop_reason: None,
            head,
            problems: Vec::new(),
        })
    }
}
