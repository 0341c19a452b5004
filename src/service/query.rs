//! Counts and series: the answers of `kaiin count` and `kaiin series`, and the figures of papers.

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::NaiveDate;
use serde::Serialize;

use super::Workspace;
use super::workspace::{StoreChanged, head_of, sha256_of};
use crate::domain::as_of::{AsOf, Coverage, KnownAt, WithdrawalDayRule, month_ends};
use crate::domain::association::{Association, Associations, Tier};
use crate::domain::class::NationalClass;
use crate::domain::day::day_number;
use crate::domain::ids::SourceId;
use crate::domain::layout::FileKind;
use crate::domain::person::{AGE_BANDS, Sex};
use crate::error::{Failure, FailureKind};
use crate::stats::frames::{self, class_of_key};
use crate::stats::{Counts, Memberships};
use crate::store::ImportRecord;
use crate::timeline::{Timeline, Voices};

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
        };
        workspace.check_head(&head_of(&imports)).await?;
        Ok(knowledge)
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
    pub fn memberships(&self, keep: impl Fn(&Association) -> bool) -> Memberships {
        let kept: Vec<bool> = self.associations.iter().map(keep).collect();
        Memberships::project(&self.timeline, &self.associations, self.known_at, self.rule, |rank| kept[rank])
    }

    /// What adjustments add to the memberships of each day, in the bodies that `keep` accepts: those of the persons
    /// concerned, less those that they would have without adjustments.
    pub fn adjusted(&self, days: &[NaiveDate], keep: impl Fn(&Association) -> bool) -> Vec<i64> {
        let mut out = vec![0; days.len()];
        for (voices, sign) in [(Voices::All, 1), (Voices::WithoutAdjustments, -1)] {
            self.timeline.each_adjusted_segment(self.known_at, self.rule, voices, |segment| {
                if self.associations.get(segment.association).is_some_and(&keep) {
                    let counted = days.iter().map(|day| i64::from(segment.contains(*day)));
                    out.iter_mut().zip(counted).for_each(|(sum, n)| *sum += sign * n);
                }
            });
        }
        out
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

/// Whether a file that was taken in has a say about members: every kind but the master, unless another file of its
/// day took its place.
fn tells_of_members(import: &ImportRecord) -> bool {
    import.kind != FileKind::Associations && !import.replaced
}

/// The first day that every source can tell about, as known at a day: of each source its first export less the days
/// for which it shows ended rows, and of all sources the latest (R7).
fn horizon(exports: &[&ImportRecord], known_at: NaiveDate) -> NaiveDate {
    let mut of_source: BTreeMap<SourceId, NaiveDate> = BTreeMap::new();
    for import in exports.iter().filter(|import| import.known_on <= known_at) {
        let reach = Coverage::horizon(import.known_on, import.ended_rows_kept_days);
        of_source.entry(import.source).and_modify(|first| *first = reach.min(*first)).or_insert(reach);
    }
    of_source.into_values().max().unwrap_or(known_at)
}

/// The newest export of each source up to a day.
fn speaking(exports: &[&ImportRecord], known_at: NaiveDate) -> Vec<ImportRecord> {
    let mut out: Vec<ImportRecord> = Vec::new();
    for import in exports.iter().filter(|import| import.known_on <= known_at) {
        match out.iter_mut().find(|other| other.source == import.source) {
            Some(other) if other.known_on < import.known_on => *other = (*import).clone(),
            Some(_) => {}
            None => out.push((*import).clone()),
        }
    }
    out
}

/// Hash over everything that an answer at a day is made from. Later exports do not change it, so that a late paper
/// equals a punctual one (R19).
fn head_at(imports: &[ImportRecord], known_at: NaiveDate) -> String {
    let master = imports.iter().rev().find(|import| import.kind == FileKind::Associations);
    let mut parts: Vec<String> = imports
        .iter()
        .filter(|import| tells_of_members(import) && import.known_on <= known_at)
        .map(|import| {
            let (kind, source) = (import.kind.code(), &import.source_name);
            format!("{kind} {source} {} {} {}", import.known_on, import.sha256, import.definitions_sha256)
        })
        .collect();
    parts.sort();
    parts.extend(master.map(|import| import.sha256.clone()));
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    sha256_of(&parts)[..16].to_string()
}

/// Which bodies a question is about.
fn filter(question: &Question, associations: &Associations) -> Result<impl Fn(&Association) -> bool + use<>> {
    let only = match &question.association {
        None => None,
        Some(wanted) => Some(find_association(associations, wanted)?.id),
    };
    let prefecture = match &question.prefecture {
        None => None,
        Some(wanted) => {
            let wanted = wanted.trim_start_matches('P').to_string();
            if !associations.iter().any(|body| body.prefecture == wanted) {
                return Err(Failure::usage("QRY-004", wanted).into());
            }
            Some(wanted)
        }
    };
    let tier = question.tier;
    Ok(move |body: &Association| {
        only.is_none_or(|id| id == body.id)
            && prefecture.as_ref().is_none_or(|prefecture| *prefecture == body.prefecture)
            && tier.is_none_or(|tier| tier == body.tier)
    })
}

/// A body by its code, else by a name of any tier.
///
/// # Errors
/// [`Failure`] QRY-004 when no body has it.
pub fn find_association<'a>(associations: &'a Associations, wanted: &str) -> Result<&'a Association> {
    associations
        .by_code(wanted)
        .or_else(|| Tier::ALL.into_iter().find_map(|tier| associations.by_name(tier, wanted).ok()))
        .ok_or_else(|| Failure::usage("QRY-004", wanted).into())
}

/// Counts members of one day.
///
/// # Errors
/// When nothing is known of the day, a filter names nothing, or the timeline cannot be read.
pub fn count(knowledge: &Knowledge, as_of: AsOf, question: &Question) -> Result<CountAnswer> {
    let keep = filter(question, &knowledge.associations)?;
    let memberships = knowledge.memberships(&keep);
    let counts = memberships.count_on(day_number(as_of.0));
    let rows = if question.by.iter().any(|dimension| dimension.is_personal()) {
        personal_rows(knowledge, &memberships, as_of, question)?
    } else {
        cell_rows(&knowledge.associations, &counts, question, &keep, None)
    };
    let coverage = knowledge.coverage(as_of);
    Ok(CountAnswer {
        as_of: as_of.0,
        complete: coverage.complete,
        future: coverage.future,
        unit: "memberships",
        basis: knowledge.basis(),
        rows,
        totals: totals(&knowledge.associations, &counts),
        not_shown: counts.not_shown.iter().sum(),
        adjusted: knowledge.adjusted(&[as_of.0], &keep).into_iter().sum(),
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
    let keep = filter(question, &knowledge.associations)?;
    let memberships = knowledge.memberships(&keep);
    let ends = month_ends(from, to);
    let numbers: Vec<i32> = ends.iter().copied().map(day_number).collect();
    let adjusted = knowledge.adjusted(&ends, &keep);
    let mut days = Vec::with_capacity(ends.len());
    let mut rows = Vec::new();
    for ((as_of, counts), adjusted) in ends.into_iter().zip(memberships.count_series(&numbers)).zip(adjusted) {
        let coverage = knowledge.coverage(AsOf(as_of));
        days.push(SeriesDay {
            as_of,
            complete: coverage.complete,
            future: coverage.future,
            totals: totals(&knowledge.associations, &counts),
            not_shown: counts.not_shown.iter().sum(),
            adjusted,
        });
        rows.extend(cell_rows(&knowledge.associations, &counts, question, &keep, Some(as_of)));
    }
    Ok(SeriesAnswer { days, unit: "memberships", basis: knowledge.basis(), rows })
}

/// Totals by tier.
pub fn totals(associations: &Associations, counts: &Counts) -> Totals {
    let total = |tier: Tier| TierTotal {
        memberships: counts.memberships(associations, tier),
        heads: counts.heads[tier.index()],
    };
    Totals { local: total(Tier::Local), prefectural: total(Tier::Prefectural), national: total(Tier::National) }
}

/// Groups the cells of body × class to the rows asked for, in official order.
fn cell_rows(
    associations: &Associations,
    counts: &Counts,
    question: &Question,
    keep: &impl Fn(&Association) -> bool,
    as_of: Option<NaiveDate>,
) -> Vec<CountRow> {
    let mut rows: BTreeMap<Vec<usize>, CountRow> = BTreeMap::new();
    for (rank, (body, cells)) in associations.iter().zip(&counts.cells).enumerate() {
        if !keep(body) {
            continue;
        }
        for class in NationalClass::ALL {
            let memberships = cells[usize::from(class.index())];
            // A row costs more than the count in it; none is made only to be left out again.
            if memberships == 0 && !question.zeros {
                continue;
            }
            let (order, keys) = keys_of_cell(&question.by, rank, body, class);
            let order: Vec<usize> = std::iter::once(body.tier.index()).chain(order).collect();
            let row = rows.entry(order).or_insert_with(|| CountRow {
                as_of,
                tier: body.tier.code(),
                keys: Keys(keys),
                memberships: 0,
            });
            row.memberships += memberships;
        }
    }
    rows.into_values().collect()
}

/// Keys of a cell and their place in official order. A prefecture is ordered by its code.
fn keys_of_cell(
    by: &[Dimension],
    rank: usize,
    body: &Association,
    class: NationalClass,
) -> (Vec<usize>, Vec<(&'static str, String)>) {
    by.iter()
        .map(|dimension| {
            let (order, value) = match dimension {
                Dimension::Association => (rank, body.code.clone()),
                Dimension::Class => (usize::from(class.index()), class.code().to_string()),
                _ => (body.prefecture.parse().unwrap_or_default(), body.prefecture.clone()),
            };
            (order, (dimension.code(), value))
        })
        .unzip()
}

/// Rows by attributes of persons, through polars.
fn personal_rows(
    knowledge: &Knowledge,
    memberships: &Memberships,
    as_of: AsOf,
    question: &Question,
) -> Result<Vec<CountRow>> {
    let persons = knowledge.timeline.persons(knowledge.known_at)?;
    let day = day_number(as_of.0);
    let (grouped, _) = frames::count_by(memberships, &knowledge.associations, Some(&persons), day, &question.by)?;
    let bodies: Vec<&Association> = knowledge.associations.iter().collect();
    let mut rows: Vec<(Vec<(usize, String)>, CountRow)> = grouped
        .into_iter()
        .map(|group| {
            let (order, keys): (Vec<_>, Vec<_>) = question
                .by
                .iter()
                .zip(&group.keys)
                .map(|(dimension, key)| personal_key(*dimension, key, &bodies))
                .unzip();
            let order = std::iter::once((group.tier.index(), String::new())).chain(order).collect();
            let row =
                CountRow { as_of: None, tier: group.tier.code(), keys: Keys(keys), memberships: group.memberships };
            (order, row)
        })
        .collect();
    rows.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

/// Printed key and its place in order; texts without an order of their own come by code point, empty last.
fn personal_key(dimension: Dimension, key: &str, bodies: &[&Association]) -> ((usize, String), (&'static str, String)) {
    let position = |list: &[&str], key: &str| list.iter().position(|other| *other == key).unwrap_or(list.len());
    let (order, value) = match dimension {
        Dimension::Association => {
            let rank: usize = key.parse().unwrap_or_default();
            ((rank, String::new()), bodies.get(rank).map_or(String::new(), |body| body.code.clone()))
        }
        Dimension::Class => {
            let class = class_of_key(key);
            ((usize::from(class.index()), String::new()), class.code().to_string())
        }
        Dimension::Sex => {
            let codes: Vec<&str> = Sex::ALL.into_iter().map(Sex::code).collect();
            let key = if key.is_empty() { "unknown" } else { key };
            ((position(&codes, key), String::new()), key.to_string())
        }
        Dimension::AgeBand => {
            let key = if key.is_empty() { "unknown" } else { key };
            ((position(&AGE_BANDS, key), String::new()), key.to_string())
        }
        Dimension::Prefecture => ((key.parse().unwrap_or_default(), String::new()), key.to_string()),
        Dimension::Duty if key.is_empty() => ((1, String::new()), "unknown".to_string()),
        Dimension::Duty => ((0, key.to_string()), key.to_string()),
    };
    (order, (dimension.code(), value))
}
