//! Counts and series: the answers of `kaiin count` and `kaiin series`, and the figures of papers.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use anyhow::{Context, Result};
use chrono::NaiveDate;
use serde::Serialize;

use super::Workspace;
use super::answers::Answers;
use super::rows::{RowBasis, cell_rows, personal_rows};
use super::scope::{Counted, Scope, adjusted};
use super::speaking::{head_at, horizon, speaking, tells_of_members};
use super::workspace::{StoreChanged, head_of};
use crate::domain::as_of::{AsOf, Coverage, KnownAt, WithdrawalDayRule, month_ends};
use crate::domain::association::{Association, Associations, Tier};
use crate::domain::day::day_number;
use crate::domain::duty::DutyWords;
use crate::domain::layout::FileKind;
use crate::domain::membership::Segment;
use crate::error::{Failure, FailureKind};
use crate::stats::by_body::PersonsByBody;
use crate::stats::passing::Passing;
use crate::stats::{Counts, Memberships};
use crate::store::ImportRecord;
use crate::timeline::{PersonColumns, Timeline, Voices};

pub use super::scope::MapChoice;
pub use crate::stats::frames::Dimension;

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

/// One row of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CountRow {
    /// Day of the row; in series only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<NaiveDate>,
    /// Tier.
    pub tier: &'static str,
    /// Keys in the order asked for.
    #[serde(flatten)]
    pub keys: Keys,
    /// Memberships.
    pub memberships: i64,
    /// On today's map only: whether any of them stood under another body on the day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restated: Option<bool>,
    /// On today's map only: whether any of them stands under a body that has ended, because nothing is known to have
    /// taken its place for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<bool>,
}

/// The map that an answer is restated on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct AnswerMap {
    /// Always `today`.
    pub map: MapChoice,
    /// The day whose bodies stand in the rows.
    pub map_on: NaiveDate,
}

impl AnswerMap {
    fn of(map_on: Option<NaiveDate>) -> Option<Self> {
        map_on.map(|map_on| Self { map: MapChoice::Today, map_on })
    }
}

/// Keys of a row: the machine name of the dimension and its value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keys(pub Vec<(&'static str, String)>);

impl Serialize for Keys {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// Memberships and heads of one tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct TierTotal {
    /// Distinct pairs of person and body.
    pub memberships: i64,
    /// Distinct persons.
    pub heads: i64,
}

/// Totals of the tiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Totals {
    /// 郡市区等.
    pub local: TierTotal,
    /// 都道府県.
    pub prefectural: TierTotal,
    /// 日本医師会.
    pub national: TierTotal,
}

/// What every answer says about itself (R3, R6, R7, R13).
#[derive(Debug, Clone, Serialize)]
pub struct Basis {
    /// Known at.
    pub known_at: NaiveDate,
    /// Hash over all exports up to known-at and the master: what the answer is made from.
    pub head: String,
    /// 退会日の扱い.
    pub withdrawal_day_rule: &'static str,
    /// The same as printed.
    #[serde(skip)]
    pub withdrawal_day_label: &'static str,
    /// Rows of the newest exports that could not be taken in.
    pub rejected_rows: u32,
    /// How many of them say 在籍.
    pub rejected_active_rows: u32,
    /// Adjustments that hold (調整).
    pub adjustments: usize,
    /// Sources whose newest export is older than that of others: name and day.
    pub older_sources: Vec<(String, NaiveDate)>,
}

/// The answer of `kaiin count`.
#[derive(Debug, Clone, Serialize)]
pub struct CountAnswer {
    /// As of.
    pub as_of: NaiveDate,
    /// Whether the exports reach back that far (R7).
    pub complete: bool,
    /// Whether the day lies after known-at (予定).
    pub future: bool,
    /// What is counted in rows.
    pub unit: &'static str,
    /// The map, when it is not that of the as-of day.
    #[serde(flatten)]
    pub map: Option<AnswerMap>,
    /// Dates and rules.
    #[serde(flatten)]
    pub basis: Basis,
    /// Rows in official order.
    pub rows: Vec<CountRow>,
    /// Totals by tier, filters applied.
    pub totals: Totals,
    /// Memberships counted although the newest export no longer shows them (R6).
    pub not_shown: i64,
    /// What adjustments add to the memberships of the answer, all tiers together; they are contained.
    pub adjusted: i64,
}

/// The answer of `kaiin series`.
#[derive(Debug, Clone, Serialize)]
pub struct SeriesAnswer {
    /// Month ends.
    pub days: Vec<SeriesDay>,
    /// What is counted in rows.
    pub unit: &'static str,
    /// The map, when it is not that of the as-of day.
    #[serde(flatten)]
    pub map: Option<AnswerMap>,
    /// Dates and rules.
    #[serde(flatten)]
    pub basis: Basis,
    /// Rows by day, then in official order.
    pub rows: Vec<CountRow>,
}

/// One day of a series.
#[derive(Debug, Clone, Serialize)]
pub struct SeriesDay {
    /// As of.
    pub as_of: NaiveDate,
    /// Whether the exports reach back that far (R7).
    pub complete: bool,
    /// Whether the day lies after known-at (予定).
    pub future: bool,
    /// Totals by tier.
    pub totals: Totals,
    /// Memberships that the newest export no longer shows.
    pub not_shown: i64,
    /// What adjustments add, all tiers together; they are contained.
    pub adjusted: i64,
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
    /// Imports that speak: the newest of each source up to known-at.
    pub speaking: Vec<ImportRecord>,
    /// First day that every source can tell about (R7).
    pub horizon: NaiveDate,
    /// What the answer is made from: a hash over all exports up to known-at and the master.
    pub head: String,
    /// Versions of all stays.
    pub timeline: Timeline,
    /// Words of 施設業務.
    pub duties: DutyWords,
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
    /// [`Failure`] QRY-001 to QRY-003 when nothing was or is known of that day; store and timeline errors.
    pub async fn open(workspace: &Workspace, known_at: Option<NaiveDate>) -> Result<Self> {
        // Another machine may store an import meanwhile: then everything is read again.
        for _ in 0..3 {
            match Self::read(workspace, known_at).await {
                Err(error) if error.is::<StoreChanged>() => {}
                other => return other,
            }
        }
        Self::read(workspace, known_at).await.map_err(|error| match error.downcast::<StoreChanged>() {
            Ok(changed) => Failure::new(FailureKind::Environment, "ENV-008", changed.to_string()).into(),
            Err(error) => error,
        })
    }

    async fn read(workspace: &Workspace, known_at: Option<NaiveDate>) -> Result<Self> {
        let imports = workspace.store.imports().await?;
        let exports: Vec<&ImportRecord> =
            imports.iter().filter(|import| import.kind == FileKind::Members && !import.replaced).collect();
        // Members are first known from an export; applications and adjustments may be newer than the last one.
        let first = exports.iter().map(|import| import.known_on).min();
        let newest = imports.iter().filter(|import| tells_of_members(import)).map(|import| import.known_on).max();
        let (Some(first), Some(newest)) = (first, newest) else {
            return Err(Failure::usage("QRY-003", "").into());
        };
        let known_at = known_at.unwrap_or(newest);
        if known_at < first {
            return Err(Failure::usage("QRY-001", known_at.to_string()).into());
        }
        if known_at > newest {
            return Err(Failure::usage("QRY-002", known_at.to_string()).into());
        }
        let knowledge = Self {
            associations: workspace.store.associations().await?,
            known_at: KnownAt(known_at),
            rule: workspace.config.withdrawal_day_rule,
            speaking: speaking(&exports, known_at),
            horizon: horizon(&exports, known_at),
            timeline: workspace.timeline(&head_of(&imports)).await?,
            head: head_at(&imports, known_at),
            duties: workspace.statistics.duties.clone(),
            all: OnceLock::new(),
            persons: OnceLock::new(),
            persons_by_body: OnceLock::new(),
            told_prefectures: OnceLock::new(),
            answers: Answers::default(),
        };
        workspace.check_head(&head_of(&imports)).await?;
        Ok(knowledge)
    }

    /// The same knowledge from another day, under another reading of 退会日. What the day may be is not asked.
    pub fn look_from(&mut self, known_at: KnownAt, rule: WithdrawalDayRule) {
        (self.known_at, self.rule) = (known_at, rule);
        (self.all, self.persons, self.persons_by_body) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        self.told_prefectures = OnceLock::new();
        self.answers = Answers::default();
    }

    /// How an as-of day stands to what the exports can tell.
    pub fn coverage(&self, as_of: AsOf) -> Coverage {
        Coverage::of(as_of, self.known_at, self.horizon)
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

/// A body by its code, else by a name of any tier; of several that ever had the name the one that had it on a day.
///
/// # Errors
/// [`Failure`] QRY-004 when no body has it, or several and the day does not tell them apart.
pub fn find_association_on<'a>(
    associations: &'a Associations,
    wanted: &str,
    day: NaiveDate,
) -> Result<&'a Association> {
    associations
        .by_code(wanted)
        .or_else(|| Tier::ALL.into_iter().find_map(|tier| associations.by_name_on(tier, wanted, day).ok()))
        .ok_or_else(|| Failure::usage("QRY-004", wanted).into())
}

/// Counts members of one day.
///
/// # Errors
/// When nothing is known of the day, a filter names nothing, or the timeline cannot be read.
pub fn count(knowledge: &Knowledge, as_of: AsOf, question: &Question) -> Result<CountAnswer> {
    let scope = Scope::new(question, &knowledge.associations, as_of.0)?;
    let homes = homes(knowledge, question)?.map(|homes| homes.count_on(day_number(as_of.0)));
    let is_personal = question.by.iter().any(|dimension| dimension.is_personal());
    let Counted { mut counts, moved, mapped } = Counted::of(knowledge, question.map, &scope, &[as_of.0], is_personal)?;
    let map_on = mapped.as_ref().and_then(|mapped| mapped.map_on);
    let counts = counts.pop().context("one day has one count")?;
    let basis =
        RowBasis::new(&knowledge.associations, &scope, as_of.0, map_on, moved.and_then(|mut moved| moved.pop()))
            .with_homes(homes);
    let rows = match mapped.as_ref().filter(|_| is_personal) {
        Some(mapped) => personal_rows(knowledge, mapped, as_of, question, &basis)?,
        None => cell_rows(&basis, &counts, question, None),
    };
    let coverage = knowledge.coverage(as_of);
    Ok(CountAnswer {
        as_of: as_of.0,
        complete: coverage.complete,
        future: coverage.future,
        unit: "memberships",
        map: AnswerMap::of(map_on),
        basis: knowledge.basis(),
        rows,
        totals: totals(&knowledge.associations, &counts),
        not_shown: counts.not_shown.iter().sum(),
        adjusted: adjusted(knowledge, question.map, &scope, &[as_of.0])?.into_iter().sum(),
    })
}

/// Counts members of the month ends of a span, both months inclusive.
///
/// # Errors
/// As [`count`]; [`Failure`] QRY-005 for a breakdown by attributes of persons, QRY-007 for a reversed span.
pub fn series(knowledge: &Knowledge, from: NaiveDate, to: NaiveDate, question: &Question) -> Result<SeriesAnswer> {
    if let Some(dimension) = question.by.iter().find(|dimension| dimension.is_personal()) {
        return Err(Failure::usage("QRY-005", dimension.code()).into());
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
        let coverage = knowledge.coverage(AsOf(as_of));
        days.push(SeriesDay {
            as_of,
            complete: coverage.complete,
            future: coverage.future,
            totals: totals(&knowledge.associations, &counts),
            not_shown: counts.not_shown.iter().sum(),
            adjusted,
        });
        let moved = moved.as_ref().and_then(|moved| moved.get(nth)).cloned();
        let basis = RowBasis::new(&knowledge.associations, &scope, as_of, map_on, moved)
            .with_homes(homes.as_ref().map(|homes| homes.count_on(day_number(as_of))));
        rows.extend(cell_rows(&basis, &counts, question, Some(as_of)));
    }
    let map = AnswerMap::of(map_on);
    Ok(SeriesAnswer { days, unit: "memberships", map, basis: knowledge.basis(), rows })
}

/// National memberships by prefecture (R23), where a question asks for prefectures.
fn homes(knowledge: &Knowledge, question: &Question) -> Result<Option<Memberships>> {
    if !question.by.contains(&Dimension::Prefecture) {
        return Ok(None);
    }
    Ok(Some(knowledge.all_memberships()?.national_by_prefecture(&knowledge.associations)))
}

/// Totals by tier.
pub fn totals(associations: &Associations, counts: &Counts) -> Totals {
    let total = |tier: Tier| TierTotal {
        memberships: counts.memberships(associations, tier),
        heads: counts.heads[tier.index()],
    };
    Totals { local: total(Tier::Local), prefectural: total(Tier::Prefectural), national: total(Tier::National) }
}
