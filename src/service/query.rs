//! Counts and series: the answers of `kaiin count` and `kaiin series`, and the figures of papers.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use anyhow::{Context, Result};
use chrono::NaiveDate;

use super::Workspace;
use super::answers::Answers;
use super::coverage::{AreaCoverage, ReachedRows, reach};
use super::names;
use super::rows::{RowBasis, cell_rows, personal_rows};
use super::scope::{Counted, Scope, adjusted};
use super::speaking::{export_days, head_at, is_export, speaking, tells_of_members};
use super::steady::steadily;
use super::workspace::head_of;
use crate::domain::as_of::{AsOf, KnownAt, WithdrawalDayRule, month_ends};
use crate::domain::association::{Association, Associations, Tier};
use crate::domain::day::day_number;
use crate::domain::duty::DutyWords;
use crate::domain::layout::FileKind;
use crate::domain::membership::Segment;
use crate::domain::reach::{ExportDay, Reach};
use crate::error::Failure;
use crate::files::Readers;
use crate::stats::by_body::PersonsByBody;
use crate::stats::passing::Passing;
use crate::stats::{Counts, Memberships};
use crate::store::ImportRecord;
use crate::timeline::{PersonColumns, Timeline, Voices};

pub use super::answer::{
    AnswerMap, Basis, CountAnswer, CountRow, Keys, SeriesAnswer, SeriesDay, TierTotal, Totals, totals,
};
pub use super::coverage::{AskedBodies, IncompleteArea};
pub use super::scope::MapChoice;
pub use crate::domain::grouping::Dimension;

/// What to count.
#[derive(Debug, Clone)]
pub struct Question {
    /// What to break down by, besides the tier.
    pub by: Vec<Dimension>,
    /// Only this tier.
    pub tier: Option<Tier>,
    /// Only bodies of this prefecture code, with the national body left out.
    pub prefecture: Option<String>,
    /// Only this body, by code or name.
    pub association: Option<String>,
    /// With `association`: all bodies below it as well, as the tree is on the day.
    pub below: bool,
    /// On which map of bodies.
    pub map: MapChoice,
    /// Rows with nothing in them too.
    pub zeros: bool,
}

/// Everything that figures of one known-at are made from.
#[derive(Debug)]
pub struct Knowledge {
    /// The master.
    pub associations: Associations,
    /// Known at.
    pub known_at: KnownAt,
    /// 退会日の扱い.
    pub rule: WithdrawalDayRule,
    /// Day of the newest list of members or applications up to known-at; adjustments may be dated after it.
    pub exported_on: NaiveDate,
    /// Imports that speak: the newest of each source up to known-at.
    pub speaking: Vec<ImportRecord>,
    /// All exports of members.
    pub(super) exports: Vec<ExportDay>,
    pub(super) reach: Reach,
    /// What the answer is made from: a hash over all exports up to known-at and the master.
    pub head: String,
    /// Head of the store when it was read; whatever is stored after that changes it.
    pub store_head: String,
    /// Versions of all stays.
    pub timeline: Timeline,
    /// Words of 施設業務.
    pub duties: DutyWords,
    /// Who may read what tells of single people.
    pub readers: Readers,
    all: OnceLock<Memberships>,
    persons: OnceLock<PersonColumns>,
    persons_by_body: OnceLock<PersonsByBody>,
    told_prefectures: OnceLock<BTreeSet<String>>,
    pub(super) answers: Answers,
}

impl Knowledge {
    /// Opens what was known at a day; by default at the newest export.
    ///
    /// # Errors
    /// [`Failure`] QRY-001 to QRY-003 or ENV-013 when nothing was or is known of that day; store and timeline errors.
    pub async fn open(workspace: &Workspace, known_at: Option<NaiveDate>) -> Result<Self> {
        // Somebody else may store an import meanwhile: then everything is read again.
        steadily(workspace, async || Self::read(workspace, known_at).await).await
    }

    async fn read(workspace: &Workspace, known_at: Option<NaiveDate>) -> Result<Self> {
        let imports = workspace.store.imports().await?;
        let exports: Vec<&ImportRecord> = imports.iter().filter(|import| is_export(import)).collect();
        // Members are first known from an export; applications and adjustments may be newer than the last one.
        let first = exports.iter().map(|import| import.known_on).min();
        let newest = imports.iter().filter(|import| tells_of_members(import)).map(|import| import.known_on).max();
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
        let timeline = workspace.timeline(&imports).await?;
        let exports_of_members = export_days(&imports);
        let reach = reach(&timeline, &associations, KnownAt(known_at), &exports_of_members)?;
        let knowledge = Self {
            associations,
            known_at: KnownAt(known_at),
            rule: workspace.config.withdrawal_day_rule,
            exported_on,
            speaking: speaking(&exports, known_at),
            exports: exports_of_members,
            reach,
            timeline,
            head: head_at(&imports, known_at),
            store_head: head_of(&imports),
            duties: workspace.statistics.duties.clone(),
            readers: workspace.readers(),
            all: OnceLock::new(),
            persons: OnceLock::new(),
            persons_by_body: OnceLock::new(),
            told_prefectures: OnceLock::new(),
            answers: Answers::default(),
        };
        Ok(knowledge)
    }

    /// The same knowledge from another day, under another reading of 退会日. What the day may be is not asked.
    ///
    /// # Errors
    /// When the timeline cannot be read.
    pub fn look_from(&mut self, known_at: KnownAt, rule: WithdrawalDayRule) -> Result<()> {
        self.reach = reach(&self.timeline, &self.associations, known_at, &self.exports)?;
        (self.known_at, self.rule) = (known_at, rule);
        (self.all, self.persons, self.persons_by_body) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        self.told_prefectures = OnceLock::new();
        self.answers = Answers::default();
        Ok(())
    }

    /// Day of the newest export that speaks.
    pub fn newest_export(&self) -> NaiveDate {
        self.speaking.iter().map(|import| import.known_on).max().unwrap_or(self.known_at.0)
    }

    /// Membership segments of the bodies that `keep` accepts.
    ///
    /// # Errors
    /// When the timeline cannot be read.
    pub fn memberships(&self, keep: impl Fn(&Association) -> bool) -> Result<Memberships> {
        let kept: Vec<bool> = self.associations.iter().map(keep).collect();
        match self.all.get() {
            Some(all) => Ok(all.kept(|rank| kept[rank])),
            None => self.project(|rank| kept[rank]),
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
        let all = Memberships::project(&self.timeline, &self.associations, self.known_at, self.rule, keep);
        all.context("reading the timeline")
    }

    /// Counts one day in the bodies that `keep` accepts.
    ///
    /// # Errors
    /// When the timeline cannot be read.
    pub fn count_on(&self, keep: impl Fn(&Association) -> bool, day: NaiveDate) -> Result<Counts> {
        let kept: Vec<bool> = self.associations.iter().map(keep).collect();
        match self.all.get() {
            Some(all) => Ok(all.kept(|rank| kept[rank]).count_on(day_number(day))),
            None => self.passing(&kept).count_on(day_number(day)).context("reading the timeline"),
        }
    }

    /// As [`Self::count_on`] for many days, ascending.
    ///
    /// # Errors
    /// When the timeline cannot be read.
    pub fn count_series(&self, keep: impl Fn(&Association) -> bool, days: &[NaiveDate]) -> Result<Vec<Counts>> {
        let kept: Vec<bool> = self.associations.iter().map(keep).collect();
        let numbers: Vec<i32> = days.iter().copied().map(day_number).collect();
        match self.all.get() {
            Some(all) => Ok(all.kept(|rank| kept[rank]).count_series(&numbers)),
            None => self.passing(&kept).count_series(&numbers).context("reading the timeline"),
        }
    }

    fn passing<'k>(&'k self, kept: &'k [bool]) -> Passing<'k, impl Fn(usize) -> bool + Sync + 'k> {
        Passing {
            timeline: &self.timeline,
            associations: &self.associations,
            known_at: self.known_at,
            rule: self.rule,
            keep: |rank| kept[rank],
        }
    }

    /// Codes of the prefectures of which any export has ever told a membership, as known at the day. Of the others nothing
    /// is known; a 0 would say otherwise.
    ///
    /// # Errors
    /// When the timeline cannot be read.
    pub fn told_prefectures(&self) -> Result<&BTreeSet<String>> {
        let all = self.all_memberships()?;
        Ok(self.told_prefectures.get_or_init(|| {
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
            let _ = self.persons.set(self.timeline.persons(self.known_at)?);
        }
        self.persons.get().context("persons were read above")
    }

    /// What adjustments add to the memberships of each day, ascending, in the bodies that `keep` accepts: those of the
    /// persons concerned, less those that they would have without adjustments.
    ///
    /// # Errors
    /// When the timeline cannot be read.
    pub fn adjusted(&self, days: &[NaiveDate], keep: impl Fn(&Association) -> bool) -> Result<Vec<i64>> {
        let kept: Vec<bool> = self.associations.iter().map(keep).collect();
        let numbers: Vec<i32> = days.iter().copied().map(day_number).collect();
        let of = |voices| -> Result<Vec<Counts>> {
            Ok(self.adjusted_memberships(voices)?.kept(|rank| kept[rank]).count_series(&numbers))
        };
        let sum = |counts: &Counts| counts.cells.iter().flatten().sum::<i64>();
        let (with, without) = (of(Voices::All)?, of(Voices::WithoutAdjustments)?);
        Ok(with.iter().zip(&without).map(|(with, without)| sum(with) - sum(without)).collect())
    }

    /// Membership segments of those persons whom an adjustment concerns: as they count, or as they would without.
    ///
    /// # Errors
    /// When the timeline cannot be read.
    pub(super) fn adjusted_memberships(&self, voices: Voices) -> Result<Memberships> {
        let mut out = Memberships::of_tiers(&self.associations);
        let told =
            |each: &mut dyn FnMut(Segment)| self.timeline.each_adjusted_segment(self.known_at, self.rule, voices, each);
        out.take(&self.associations, self.known_at, |_| true, told).context("reading the timeline")?;
        Ok(out)
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
            adjustments: self.timeline.n_adjustments(self.known_at),
            older_sources: self
                .speaking
                .iter()
                .filter(|import| import.known_on < newest)
                .map(|import| (import.source_name.clone(), import.known_on))
                .collect(),
        }
    }
}

/// Counts members of one day.
///
/// # Errors
/// [`Failure`] QRY-010 or QRY-011 when nothing is known of the day, QRY-004 when a filter names nothing; when the timeline
/// cannot be read.
pub fn count(knowledge: &Knowledge, as_of: AsOf, question: &Question) -> Result<CountAnswer> {
    let scope = Scope::new(question, &knowledge.associations, as_of.0)?;
    let homes = homes(knowledge, question)?.map(|homes| homes.count_on(day_number(as_of.0)));
    let is_personal = question.by.iter().any(|dimension| dimension.is_personal());
    let Counted { mut counts, moved, mapped } = Counted::of(knowledge, question.map, &scope, &[as_of.0], is_personal)?;
    let map_on = mapped.as_ref().and_then(|mapped| mapped.map_on);
    let counts = counts.pop().context("one day has one count")?;
    let moved = moved.and_then(|mut moved| moved.pop());
    let told = Told::of(knowledge, question, &scope, map_on, as_of.0);
    let totals = totals(&knowledge.associations, &counts).with_unknown(|tier| told.rows.of_tier(tier));
    knowledge.refuse_unknown(&told.coverage, as_of.0, totals.n_members(), &asked(question))?;
    let basis = RowBasis::new(&knowledge.associations, &scope, as_of.0, map_on, moved, told.rows).with_homes(homes);
    let rows = match mapped.as_ref().filter(|_| is_personal) {
        Some(mapped) => personal_rows(knowledge, mapped, as_of, question, &basis)?,
        None => cell_rows(&basis, &counts, question, None),
    };
    Ok(CountAnswer {
        as_of: as_of.0,
        complete: told.coverage.complete,
        incomplete_areas: told.coverage.incomplete,
        future: told.coverage.future,
        unit: "memberships",
        map: AnswerMap::of(map_on),
        basis: knowledge.basis(),
        rows,
        totals,
        not_shown: counts.not_shown.iter().sum(),
        adjusted: adjusted(knowledge, question.map, &scope, &[as_of.0])?.into_iter().sum(),
    })
}

/// Counts members of the month ends of a span, both months inclusive.
///
/// # Errors
/// As [`count`], of the first month end; [`Failure`] QRY-005 for a breakdown by attributes of persons, QRY-007 for a
/// reversed span.
pub fn series(knowledge: &Knowledge, from: NaiveDate, to: NaiveDate, question: &Question) -> Result<SeriesAnswer> {
    if let Some(dimension) = question.by.iter().find(|dimension| dimension.is_personal()) {
        let allowed: Vec<Dimension> = Dimension::ALL.into_iter().filter(|one| !one.is_personal()).collect();
        return Err(names::no_breakdown(dimension.code(), &allowed).into());
    }
    if to < from {
        return Err(Failure::usage("QRY-007", format!("{from} – {to}")).into());
    }
    let ends = month_ends(from, to);
    let last = ends.last().copied().unwrap_or(to);
    let scope = Scope::new(question, &knowledge.associations, last)?;
    let homes = homes(knowledge, question)?;
    let Counted { counts, moved, mapped } = Counted::of(knowledge, question.map, &scope, &ends, false)?;
    let map_on = mapped.and_then(|mapped| mapped.map_on);
    let mut days = Vec::with_capacity(ends.len());
    let mut rows = Vec::new();
    let adjusted = adjusted(knowledge, question.map, &scope, &ends)?;
    for (nth, ((as_of, counts), adjusted)) in ends.into_iter().zip(counts).zip(adjusted).enumerate() {
        let told = Told::of(knowledge, question, &scope, map_on, as_of);
        let totals = totals(&knowledge.associations, &counts).with_unknown(|tier| told.rows.of_tier(tier));
        if nth == 0 {
            knowledge.refuse_unknown(&told.coverage, as_of, totals.n_members(), &asked(question))?;
        }
        days.push(SeriesDay {
            as_of,
            complete: told.coverage.complete,
            incomplete_areas: told.coverage.incomplete,
            future: told.coverage.future,
            totals,
            not_shown: counts.not_shown.iter().sum(),
            adjusted,
        });
        let moved = moved.as_ref().and_then(|moved| moved.get(nth)).cloned();
        let basis = RowBasis::new(&knowledge.associations, &scope, as_of, map_on, moved, told.rows)
            .with_homes(homes.as_ref().map(|homes| homes.count_on(day_number(as_of))));
        rows.extend(cell_rows(&basis, &counts, question, Some(as_of)));
    }
    let map = AnswerMap::of(map_on);
    Ok(SeriesAnswer { days, unit: "memberships", map, basis: knowledge.basis(), rows })
}

/// How the day of an answer stands to what the exports tell of its bodies.
struct Told {
    coverage: AreaCoverage,
    rows: ReachedRows,
}

impl Told {
    fn of(
        knowledge: &Knowledge,
        question: &Question,
        scope: &Scope,
        map_on: Option<NaiveDate>,
        day: NaiveDate,
    ) -> Self {
        let kept = scope.on(map_on.unwrap_or(day)).kept(&knowledge.associations);
        let mut bodies = AskedBodies::new(knowledge, &kept);
        if let Some(home) = scope.national_home() {
            bodies = bodies.with_national_of(knowledge, home);
        }
        if map_on.is_some() {
            bodies = bodies.widened(knowledge);
        }
        let rows = ReachedRows::of(knowledge, &kept, question.map, day).with_national_of(scope.national_home());
        Self { coverage: knowledge.coverage_of(&bodies, AsOf(day)), rows }
    }
}

/// The filters of a question, as they were given.
pub(super) fn asked(question: &Question) -> String {
    let given = [&question.prefecture, &question.association];
    given.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// National memberships by prefecture (R23), where a question asks for prefectures.
fn homes(knowledge: &Knowledge, question: &Question) -> Result<Option<Memberships>> {
    if !question.by.contains(&Dimension::Prefecture) {
        return Ok(None);
    }
    Ok(Some(knowledge.all_memberships()?.national_by_prefecture(&knowledge.associations)))
}
