//! Questions that are asked when a backup is made, and again of what was restored from it.
//!
//! They are drawn, so that nobody can make a backup answer just the usual ones: a day that the exports reach, a day on which
//! something was taken in, and a few bodies. Each has the totals of tiers, of classes and of those bodies, and a hash of all rows.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::domain::as_of::AsOf;
use crate::domain::grouping::Dimension;
use crate::error::Failure;
use crate::service::keep::Workspace;
use crate::service::keep::current_exports::export_days;
use crate::service::keep::head::sha256_of;
use crate::service::known::map::MapChoice;
use crate::service::known::totals::TierTotal;
use crate::service::known::vintage::Vintage;
use crate::service::questions::answer::CountAnswer;
use crate::service::questions::count::count;
use crate::service::questions::question::Question;
use crate::service::questions::store_copy::draw;

/// How many are asked.
pub(super) const QUESTIONS: usize = 100;

/// Bodies whose totals are kept for each.
const BODIES: usize = 5;

/// So long before the first export coverage is asked: nowhere is everything reached then.
const YEARS_BEFORE: Days = Days::new(30 * 365);

/// Digits of a seed.
const SEED_DIGITS: usize = 16;

/// Questions with their answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Answers {
    /// What they were drawn from: the beginning of the head of the chain.
    pub(super) seed: String,
    /// In the order in which they were drawn; none of a store without exports.
    pub(super) asked: Vec<Answered>,
}

/// A question with its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Answered {
    /// 基準日.
    as_of: NaiveDate,
    /// 知識時点.
    known_at: NaiveDate,
    /// What was answered.
    #[serde(flatten)]
    told: Told,
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Told {
    /// Counts.
    Counted(Box<Figures>),
    /// Why nothing was, as a code.
    Refused { refused: String },
}

/// Counts of one day, by code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Figures {
    /// Of each tier; none where nothing is known of it.
    tiers: BTreeMap<String, Option<OfTier>>,
    /// Memberships by tier and class.
    classes: BTreeMap<String, i64>,
    /// Memberships of a few bodies.
    associations: BTreeMap<String, i64>,
    /// Rows of body and class, and one of what is said of all of them.
    rows: usize,
    /// SHA-256 over these.
    rows_sha256: String,
}

/// Counts of a tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct OfTier {
    memberships: i64,
    heads: i64,
}

/// A question before it is asked; in the order in which it is: each vintage is opened once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Drawn {
    known_at: NaiveDate,
    as_of: NaiveDate,
    /// What its bodies are drawn from.
    seed: u64,
}

/// Draws questions from a seed and asks them.
///
/// # Errors
/// When the store or the timeline cannot be read.
pub(super) async fn ask(workspace: &Workspace, chain_head: &str) -> Result<Answers> {
    let seed: String = chain_head.chars().take(SEED_DIGITS).collect();
    let imports = workspace.store.imports().await?;
    let mut days: Vec<NaiveDate> = export_days(&imports).iter().map(|export| export.day).collect();
    days.sort_unstable();
    days.dedup();
    let Some(first) = days.first().copied() else { return Ok(Answers { seed, asked: Vec::new() }) };
    let newest = Vintage::open(workspace, None).await?;
    // Asked of the first export, coverage tells from which day on everything is reached.
    let earliest = newest.coverage(AsOf(first - YEARS_BEFORE)).complete_from().unwrap_or(first).min(first);
    let state = u64::from_str_radix(&seed, 16).unwrap_or_default();
    let mut vintages = Vintages::new(workspace);
    let mut asked = Vec::with_capacity(QUESTIONS);
    for Drawn { known_at, as_of, mut seed } in drawn(&days, earliest, state) {
        let told = match told(vintages.at(known_at).await?, as_of)? {
            Told::Counted(figures) => Told::Counted(Box::new(figures.of_some_bodies(&mut seed))),
            refused @ Told::Refused { .. } => refused,
        };
        asked.push(Answered { as_of, known_at, told });
    }
    Ok(Answers { seed, asked })
}

/// Asks questions again; returns for each with another answer the first thing that is another one.
///
/// # Errors
/// When the timeline cannot be read.
pub(super) async fn ask_again(workspace: &Workspace, answers: &Answers) -> Result<Vec<String>> {
    let mut vintages = Vintages::new(workspace);
    let mut differing = Vec::new();
    for question in &answers.asked {
        let now = match vintages.at(question.known_at).await {
            Ok(vintage) => told(vintage, question.as_of)?,
            Err(error) => Told::Refused { refused: Failure::of(&error).code.to_string() },
        };
        if let Some(what) = difference(&question.told, &now) {
            differing.push(format!("{} / {}: {what}", question.as_of, question.known_at));
        }
    }
    Ok(differing)
}

/// Opens each vintage once, for questions that come in their order.
struct Vintages<'w> {
    workspace: &'w Workspace,
    opened: Option<(NaiveDate, Vintage)>,
}

impl<'w> Vintages<'w> {
    fn new(workspace: &'w Workspace) -> Self {
        Self { workspace, opened: None }
    }

    async fn at(&mut self, known_at: NaiveDate) -> Result<&Vintage> {
        if self.opened.as_ref().is_none_or(|(day, _)| *day != known_at) {
            self.opened = Some((known_at, Vintage::open(self.workspace, Some(known_at)).await?));
        }
        self.opened.as_ref().map(|(_, vintage)| vintage).context("it was opened above")
    }
}

/// Draws the days: one on which something was told, and one from `earliest` up to it.
fn drawn(days: &[NaiveDate], earliest: NaiveDate, seed: u64) -> Vec<Drawn> {
    let mut state = seed;
    let mut out: Vec<Drawn> = (0..QUESTIONS)
        .map(|_| {
            let known_at = days[below(&mut state, days.len())];
            let span = usize::try_from((known_at - earliest).num_days()).unwrap_or_default() + 1;
            let as_of = earliest + Days::new(below(&mut state, span) as u64);
            Drawn { known_at, as_of, seed: draw(&mut state) }
        })
        .collect();
    out.sort_unstable();
    out
}

/// The next number of a sequence that is below another one, which is above zero.
fn below(state: &mut u64, most: usize) -> usize {
    usize::try_from(draw(state) % most as u64).unwrap_or_default()
}

fn told(vintage: &Vintage, as_of: NaiveDate) -> Result<Told> {
    let question = Question {
        by: vec![Dimension::Association, Dimension::Class],
        tier: None,
        prefecture: None,
        association: None,
        below: false,
        map: MapChoice::AsOf,
        zeros: false,
    };
    match count(vintage, AsOf(as_of), &question) {
        Ok(answer) => Ok(Told::Counted(Box::new(Figures::of(&answer)))),
        // That nothing is known of a day is an answer; that something cannot be read is none.
        Err(error) => match Failure::of(&error) {
            failure if failure.code.starts_with("QRY-") => Ok(Told::Refused { refused: failure.code.to_string() }),
            _ => Err(error),
        },
    }
}

impl Figures {
    /// All figures of an answer.
    fn of(answer: &CountAnswer) -> Self {
        let (mut classes, mut associations) = (BTreeMap::new(), BTreeMap::new());
        let mut lines = Vec::with_capacity(answer.rows.len());
        for row in &answer.rows {
            let key = |name: &str| row.keys.0.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value);
            let (association, class) = (key("association"), key("class"));
            *classes.entry(format!("{} {class}", row.tier)).or_insert(0) += row.memberships;
            *associations.entry(association.to_string()).or_insert(0) += row.memberships;
            // What is not known is told from a 0.
            let figure = row.figure().map_or_else(|| "-".to_string(), |n| n.to_string());
            lines.push(format!("{} {association} {class} {figure}", row.tier));
        }
        lines.push(format!("{} {} {}", answer.complete, answer.not_shown, answer.adjusted));
        let of_tiers = [
            ("local", answer.totals.local),
            ("prefectural", answer.totals.prefectural),
            ("national", answer.totals.national),
        ];
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        Self {
            tiers: of_tiers.into_iter().map(|(tier, total)| (tier.to_string(), OfTier::of(total))).collect(),
            classes,
            associations,
            rows: lines.len(),
            rows_sha256: sha256_of(&lines),
        }
    }

    /// The same with a few of the bodies.
    fn of_some_bodies(self, state: &mut u64) -> Self {
        let n = self.associations.len();
        let kept: BTreeSet<usize> = (0..BODIES.min(n)).map(|_| below(state, n)).collect();
        let some = self.associations.into_iter().enumerate().filter(|(nth, _)| kept.contains(nth));
        Self { associations: some.map(|(_, body)| body).collect(), ..self }
    }

    /// The first figure that another count has otherwise. Of bodies those are compared that stand here.
    fn difference(&self, now: &Self) -> Option<String> {
        let words = |of: &OfTier| format!("{} / {}", of.memberships, of.heads);
        let word = |of: Option<&Option<OfTier>>| of.and_then(Option::as_ref).map_or_else(|| "-".to_string(), words);
        for (tier, told) in &self.tiers {
            if now.tiers.get(tier) != Some(told) {
                return Some(format!("{tier} {} → {}", word(Some(told)), word(now.tiers.get(tier))));
            }
        }
        let of_classes = self.classes.keys().chain(now.classes.keys()).map(|key| (key, &self.classes, &now.classes));
        let of_bodies = self.associations.keys().map(|key| (key, &self.associations, &now.associations));
        for (key, told, found) in of_classes.chain(of_bodies) {
            let [told, found] = [told, found].map(|of| of.get(key).copied().unwrap_or_default());
            if told != found {
                return Some(format!("{key} {told} → {found}"));
            }
        }
        let is_same = (self.rows, &self.rows_sha256) == (now.rows, &now.rows_sha256);
        (!is_same).then(|| format!("rows {} {} → {} {}", self.rows, self.rows_sha256, now.rows, now.rows_sha256))
    }
}

impl OfTier {
    fn of(total: TierTotal) -> Option<Self> {
        let TierTotal { memberships, heads, is_unknown } = total;
        (!is_unknown).then_some(Self { memberships, heads })
    }
}

/// What is another answer, in words that are names in both languages.
fn difference(told: &Told, now: &Told) -> Option<String> {
    match (told, now) {
        (Told::Counted(told), Told::Counted(now)) => told.difference(now),
        (Told::Refused { refused: told }, Told::Refused { refused: now }) if told == now => None,
        (told, now) => Some(format!("{} → {}", told.word(), now.word())),
    }
}

impl Told {
    fn word(&self) -> &str {
        match self {
            Self::Counted(_) => "+",
            Self::Refused { refused } => refused,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("test dates are ISO")
    }

    #[test]
    fn questions_are_drawn_from_the_seed_and_lie_within_what_is_known() {
        let (days, earliest) = ([day("2025-09-30"), day("2025-12-31")], day("2025-04-01"));
        let all = drawn(&days, earliest, 7);
        assert_eq!(all, drawn(&days, earliest, 7));
        assert_ne!(all, drawn(&days, earliest, 8));
        assert_eq!(all.len(), QUESTIONS);
        assert!(all.iter().all(|one| days.contains(&one.known_at) && (earliest..=one.known_at).contains(&one.as_of)));
        let distinct: BTreeSet<_> = all.iter().map(|one| (one.as_of, one.known_at)).collect();
        assert!(distinct.len() > 60, "{} distinct questions", distinct.len());
    }

    #[test]
    fn any_other_figure_is_a_difference_that_is_named() {
        let tiers = [("local", Some(OfTier { memberships: 5, heads: 4 })), ("national", None)];
        let told = Figures {
            tiers: tiers.into_iter().map(|(tier, of)| (tier.to_string(), of)).collect(),
            classes: [("local A1".to_string(), 5)].into(),
            associations: [("11-001".to_string(), 3), ("11-002".to_string(), 2)].into(),
            rows: 2,
            rows_sha256: "a".into(),
        };
        assert_eq!(told.difference(&told), None);
        let of = |change: fn(&mut Figures)| {
            let mut now = told.clone();
            change(&mut now);
            told.difference(&now).unwrap_or_default()
        };
        let heads = of(|now| now.tiers = [("local".to_string(), Some(OfTier { memberships: 5, heads: 5 }))].into());
        assert_eq!(heads, "local 5 / 4 → 5 / 5");
        let known = of(|now| {
            now.tiers.insert("national".into(), Some(OfTier { memberships: 0, heads: 0 }));
        });
        assert_eq!(known, "national - → 0 / 0");
        let class = of(|now| {
            now.classes.insert("local B".into(), 1);
        });
        assert_eq!(class, "local B 0 → 1");
        let body = of(|now| {
            now.associations.remove("11-002");
        });
        assert_eq!(body, "11-002 2 → 0");
        assert_eq!(of(|now| now.rows_sha256 = "b".into()), "rows 2 a → 2 b");
        let other = of(|now| {
            now.associations.insert("11-003".into(), 1);
        });
        assert_eq!(other, "", "nobody asked about that one");
    }
}
