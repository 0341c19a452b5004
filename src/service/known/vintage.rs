//! The vintage: everything that figures of one known-at are made from, read once under one head.

use crate::service::known::basis::Basis;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use anyhow::{Context, Result};
use chrono::NaiveDate;

use crate::domain::as_of::{KnownAt, WithdrawalDayRule};
use crate::domain::association::{Association, Associations, BodySet, Tier};
use crate::domain::coverage::{Coverage, ExportDay};
use crate::domain::duty::DutyWords;
use crate::domain::ids::{AssociationId, PhysicianId, SourceId};
use crate::domain::layout::FileKind;
use crate::error::Failure;
use crate::files::Readers;
use crate::service::keep::current_exports::{export_days, head_at, is_export, speaking, telling_days};
use crate::service::keep::head::head_of;
use crate::service::keep::{KeptTimeline, Workspace, steadily};
use crate::service::known::answers::Answers;
use crate::service::known::at_hand::AtHand;
use crate::service::known::beside::{Beside, Of};
use crate::service::known::change_points::{Changes, KeptIndex};
use crate::service::known::kept_coverage::{coverage, coverage_of_exports};
use crate::service::known::narrowed::Narrowed;
use crate::service::known::records::{Names, Records};
use crate::stats::Memberships;
use crate::stats::by_body::PersonsByBody;
use crate::stats::stays::resolved_stays;
use crate::store::ImportRecord;
use crate::timeline::{PersonColumns, ResolvedStays, Timeline};

/// Everything that figures of one known-at are made from.
#[derive(Debug)]
pub struct Vintage {
    /// The master.
    pub associations: Associations,
    /// Known at.
    pub known_at: KnownAt,
    /// 退会日の扱い.
    pub rule: WithdrawalDayRule,
    /// Day of the newest list of members or applications up to known-at; adjustments may be dated after it.
    pub exported_on: NaiveDate,
    /// All imports of the head, whatever their day.
    pub imports: Vec<ImportRecord>,
    /// Imports that speak: the newest of each source up to known-at.
    pub speaking: Vec<ImportRecord>,
    /// All exports of members.
    pub(in crate::service) exports: Vec<ExportDay>,
    pub(in crate::service) coverage: Coverage,
    /// What the answer is made from: a hash over all exports up to known-at and the master.
    pub head: String,
    /// Head of the store when it was read; whatever is stored after that changes it.
    pub store_head: String,
    timeline: KeptTimeline,
    /// Adjustments that hold at known-at.
    n_adjustments: usize,
    /// What answers without looking at every stay, where it is there.
    pub(in crate::service) changes: Option<Changes>,
    /// Words of 施設業務.
    pub duties: DutyWords,
    /// Who may read what tells of single people.
    pub readers: Readers,
    pub(super) all: OnceLock<Memberships>,
    persons: OnceLock<PersonColumns>,
    persons_by_body: OnceLock<PersonsByBody>,
    reported_prefectures: OnceLock<BTreeSet<String>>,
    beside: Beside,
    /// Of whom it is asked, where that is not everybody.
    narrowed: Option<Narrowed>,
    pub(in crate::service) answers: Answers,
}

impl Vintage {
    /// Opens what was known at a day; by default at the newest export.
    ///
    /// # Errors
    /// [`Failure`] QRY-001 to QRY-003 or ENV-013 when nothing was or is known of that day; store and timeline errors.
    pub async fn open(workspace: &Workspace, known_at: Option<NaiveDate>) -> Result<Self> {
        let timeline = async |imports: &[ImportRecord]| Ok(workspace.timeline(imports).await?.into());
        // Somebody else may store an import meanwhile: then everything is read again.
        steadily(workspace, async || Self::read(workspace, known_at, timeline).await).await
    }

    /// Opens the same for whoever may not need the timeline, which is looked at when it is first needed.
    ///
    /// # Errors
    /// As [`Self::open`]; [`TimelineUnsound`](crate::service::keep::TimelineUnsound), here or later, when it is needed and must be
    /// made anew, as [`Self::open`] does.
    pub(in crate::service) async fn open_to_sum(workspace: &Workspace, known_at: Option<NaiveDate>) -> Result<Self> {
        let timeline = async |imports: &[ImportRecord]| Ok(workspace.waiting_timeline(imports));
        steadily(workspace, async || Self::read(workspace, known_at, timeline).await).await
    }

    async fn read(
        workspace: &Workspace,
        known_at: Option<NaiveDate>,
        timeline: impl AsyncFn(&[ImportRecord]) -> Result<KeptTimeline>,
    ) -> Result<Self> {
        let imports = workspace.store.imports().await?;
        let exports: Vec<&ImportRecord> = imports.iter().filter(|import| is_export(import)).collect();
        // Members are first known from an export; applications and adjustments may be newer than the last one.
        let first = exports.iter().map(|import| import.known_on).min();
        let newest = telling_days(&imports).pop();
        let (Some(first), Some(newest)) = (first, newest) else {
            return Err(workspace.nothing_known().into());
        };
        let known_at = known_at.unwrap_or(newest);
        if known_at < first {
            return Err(Failure::usage("QRY-001", known_at.to_string()).into());
        }
        if known_at > newest {
            return Err(Failure::usage("QRY-002", format!("{known_at} > {newest}")).into());
        }
        let is_list = |import: &&ImportRecord| matches!(import.kind, FileKind::Members | FileKind::Applications);
        let lists = imports.iter().filter(is_list).filter(|import| import.stands() && import.known_on <= known_at);
        let exported_on = lists.map(|import| import.known_on).max().unwrap_or(first);
        workspace.check_small_facts().await?;
        let associations = workspace.store.associations().await?;
        // The timeline is that of these imports; whatever is stored from here on does not matter to them.
        workspace.check_head(&head_of(&imports)).await?;
        let timeline = timeline(&imports).await?;
        let exports_of_members = export_days(&imports);
        let (head, told) = (head_of(&imports), (KnownAt(known_at), exports_of_members.as_slice()));
        let coverage = coverage(workspace, &head, &timeline, &associations, told)?;
        let changes = Changes::opened(workspace, &timeline, &associations, &imports)?;
        let n_adjustments = timeline.n_adjustments(&imports, KnownAt(known_at))?;
        let vintage = Self {
            associations,
            changes,
            n_adjustments,
            known_at: KnownAt(known_at),
            rule: workspace.config.withdrawal_day_rule,
            exported_on,
            speaking: speaking(&exports, known_at),
            exports: exports_of_members,
            coverage,
            timeline,
            head: head_at(&imports, known_at),
            store_head: head_of(&imports),
            duties: workspace.statistics.duties.clone(),
            readers: workspace.readers(),
            all: OnceLock::new(),
            persons: OnceLock::new(),
            persons_by_body: OnceLock::new(),
            reported_prefectures: OnceLock::new(),
            beside: Beside::default(),
            narrowed: None,
            answers: Answers::default(),
            imports,
        };
        Ok(vintage)
    }

    /// The same vintage from another day, under another reading of 退会日. What the day may be is not asked.
    ///
    /// # Errors
    /// When the timeline cannot be read.
    pub fn look_from(&mut self, known_at: KnownAt, rule: WithdrawalDayRule) -> Result<()> {
        self.coverage = coverage_of_exports(self.timeline()?, &self.associations, known_at, &self.exports)?;
        self.n_adjustments = self.timeline.n_adjustments(&self.imports, known_at)?;
        (self.known_at, self.rule) = (known_at, rule);
        (self.all, self.persons, self.persons_by_body) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        self.reported_prefectures = OnceLock::new();
        (self.beside, self.answers, self.narrowed) = (Beside::default(), Answers::default(), None);
        Ok(())
    }

    /// From here on, stays one by one, applications, findings and names are those of some bodies: the stays of the persons that these
    /// may tell of, wherever they are, and what was filed and found in the bodies themselves. For whoever asks about these
    /// bodies and nothing else.
    ///
    /// # Errors
    /// When the timeline cannot be read.
    pub(in crate::service) fn narrow(&mut self, bodies: &BodySet) -> Result<()> {
        self.narrowed = Some(Narrowed::to(bodies, &self.associations, self.timeline()?, self.known_at)?);
        (self.beside, self.answers) = (Beside::default(), Answers::default());
        Ok(())
    }

    /// From here on sums of days come from memory, where they are kept for all vintages of the head: for whoever asks often.
    ///
    /// # Errors
    /// When the change points cannot be read.
    pub(in crate::service) fn keep_sums_in(&mut self, kept: &KeptIndex) -> Result<()> {
        self.changes.as_mut().map_or(Ok(()), |changes| changes.keep_in(kept))
    }

    /// Day of the newest export that speaks.
    pub fn newest_export(&self) -> NaiveDate {
        self.speaking.iter().map(|import| import.known_on).max().unwrap_or(self.known_at.0)
    }

    /// Days of all exports of members up to known-at, ascending.
    pub fn export_days(&self) -> Vec<NaiveDate> {
        let days: BTreeSet<NaiveDate> = self.exports.iter().map(|export| export.day).collect();
        days.into_iter().filter(|day| *day <= self.known_at.0).collect()
    }

    /// Days of all files up to known-at that have a say about members: exports, applications, adjustments; ascending.
    pub fn telling_days(&self) -> Vec<NaiveDate> {
        let mut days = telling_days(&self.imports);
        days.retain(|day| *day <= self.known_at.0);
        days
    }

    /// The day of the first export of each source up to known-at: what it tells has been so for nobody knows how long.
    pub fn first_exports(&self) -> BTreeMap<SourceId, NaiveDate> {
        let mut out: BTreeMap<SourceId, NaiveDate> = BTreeMap::new();
        for export in self.exports.iter().filter(|export| export.day <= self.known_at.0) {
            let first = out.entry(export.source).or_insert(export.day);
            *first = export.day.min(*first);
        }
        out
    }

    fn of_store(&self) -> Of<'_> {
        Of { known_at: self.known_at, store_head: &self.store_head, narrowed: self.narrowed.as_ref() }
    }

    /// Reads applications, adjustments and findings from the store, unless that was done before.
    ///
    /// # Errors
    /// When the store cannot be read, or has taken in something since the vintage was opened.
    pub async fn read_records(&self, workspace: &Workspace) -> Result<()> {
        self.beside.read_records(workspace, self.of_store(), || self.stays_as()).await
    }

    /// The same of names.
    ///
    /// # Errors
    /// As [`Self::read_records`].
    pub async fn read_names(&self, workspace: &Workspace) -> Result<()> {
        self.beside.read_names(workspace, self.of_store()).await
    }

    /// The same of what lists of persons say of anybody: from then on they ask the store no more. For whoever asks often.
    ///
    /// # Errors
    /// As [`Self::read_records`].
    pub async fn take_at_hand(&self, workspace: &Workspace) -> Result<()> {
        self.beside.take_at_hand(workspace, self.of_store(), &self.imports).await
    }

    /// What lists of persons say of anybody, where it was taken at hand.
    pub(in crate::service) fn at_hand(&self) -> Option<&AtHand> {
        self.beside.at_hand()
    }

    /// Applications, adjustments and findings.
    ///
    /// # Errors
    /// When [`Self::read_records`] did not come before: a defect.
    pub fn records(&self) -> Result<&Records> {
        self.beside.records()
    }

    /// Names.
    ///
    /// # Errors
    /// When [`Self::read_names`] did not come before: a defect.
    pub fn names(&self) -> Result<&Names> {
        self.beside.names()
    }

    /// Refuses what was made with names, where one was asked for that was not read.
    ///
    /// # Errors
    /// When that was so: a defect.
    pub(in crate::service) fn check_names(&self) -> Result<()> {
        self.beside.check_names()
    }

    /// Versions of all stays.
    ///
    /// # Errors
    /// [`TimelineUnsound`](crate::service::keep::TimelineUnsound) for a vintage that was opened without it, when its files are not
    /// what was written.
    pub fn timeline(&self) -> Result<&Timeline> {
        Ok(self.timeline.get()?)
    }

    /// Adjustments that hold at known-at.
    pub fn n_adjustments(&self) -> usize {
        self.n_adjustments
    }

    /// The number that stays of each that was given up, as known.
    ///
    /// # Errors
    /// When the timeline cannot be read.
    pub fn stays_as(&self) -> Result<BTreeMap<PhysicianId, PhysicianId>> {
        Ok(self.timeline()?.same_persons(self.known_at)?.into_iter().collect())
    }

    /// Local stays, each joined or pending, by physician and body; and what disagrees about any stay. Worked out once.
    ///
    /// # Errors
    /// When the timeline cannot be read.
    pub fn local_stays(&self) -> Result<Arc<ResolvedStays>> {
        let is_local = |id: AssociationId| self.associations.get(id).is_some_and(|body| body.tier == Tier::Local);
        self.answers.local_stays.get_or((), || match &self.narrowed {
            Some(Narrowed { persons, .. }) => {
                Ok(self.timeline()?.resolved_stays_of(persons, self.known_at, is_local)?)
            }
            None => Ok(resolved_stays(self.timeline()?, self.known_at, is_local)?),
        })
    }

    /// Membership segments of the bodies that `keep` accepts.
    ///
    /// # Errors
    /// When the timeline cannot be read.
    pub fn memberships(&self, keep: impl Fn(&Association) -> bool) -> Result<Memberships> {
        let bodies = BodySet::of(&self.associations, keep);
        match self.all.get() {
            Some(all) => Ok(all.kept(|rank| bodies.has(rank))),
            None => self.project(|rank| bodies.has(rank)),
        }
    }

    /// Membership segments of all bodies, projected once.
    ///
    /// # Errors
    /// When the timeline cannot be read.
    pub fn all_memberships(&self) -> Result<&Memberships> {
        if self.all.get().is_none() {
            // Another thread may have projected them meanwhile; they are the same.
            let _ = self.all.set(self.project(|_| true)?);
        }
        self.all.get().context("memberships were projected above")
    }

    fn project(&self, keep: impl Fn(usize) -> bool + Sync) -> Result<Memberships> {
        let all = Memberships::project(self.timeline()?, &self.associations, self.known_at, self.rule, keep);
        all.context("reading the timeline")
    }

    /// Codes of the prefectures of which any export has ever told a membership, as known at the day. Of the others nothing
    /// is known; a 0 would say otherwise.
    ///
    /// # Errors
    /// When the timeline cannot be read.
    pub fn reported_prefectures(&self) -> Result<&BTreeSet<String>> {
        let all = self.all_memberships()?;
        Ok(self.reported_prefectures.get_or_init(|| {
            let mut told = vec![false; self.associations.len()];
            all.rank.iter().for_each(|rank| told[*rank as usize] = true);
            let bodies = self.associations.iter().zip(told).filter(|(_, told)| *told);
            bodies.map(|(body, _)| body.prefecture.clone()).collect()
        }))
    }

    /// Where the persons of each body stand among all memberships, found once.
    ///
    /// # Errors
    /// When the timeline cannot be read.
    pub fn persons_by_body(&self) -> Result<&PersonsByBody> {
        let all = self.all_memberships()?;
        Ok(self.persons_by_body.get_or_init(|| all.persons_by_body()))
    }

    /// Attributes of all persons as known at the day, read once.
    ///
    /// # Errors
    /// When the timeline cannot be read.
    pub fn persons(&self) -> Result<&PersonColumns> {
        if self.persons.get().is_none() {
            // Another thread may have read them meanwhile; they are the same.
            let _ = self.persons.set(self.timeline()?.persons(self.known_at)?);
        }
        self.persons.get().context("persons were read above")
    }

    /// What an answer says about itself.
    pub fn basis(&self) -> Basis {
        let newest = self.newest_export();
        Basis {
            known_at: self.known_at.0,
            head: self.head.clone(),
            withdrawal_day_rule: self.rule.code(),
            withdrawal_day_label: self.rule.label(),
            rejected_rows: self.speaking.iter().map(|import| import.n_rejected).sum(),
            rejected_active_rows: self.speaking.iter().map(|import| import.n_rejected_active).sum(),
            adjustments: self.n_adjustments,
            older_sources: self
                .speaking
                .iter()
                .filter(|import| import.known_on < newest)
                .map(|import| (import.source_name.clone(), import.known_on))
                .collect(),
        }
    }
}
