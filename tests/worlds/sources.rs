//! Worlds that several sources tell of (R26): each export is of one source, which tells of some prefectures; one of them may be
//! told by two.
//!
//! The truth needs no rule for it: whichever export showed a stay last gave the last view of it.

use super::draw::Draw;
use super::history::{Local, Person, Stay, View};
use super::master::Master;
use super::stage::{Cast, ClassSteps, Stage};
use super::upper;

/// Which source made each export, and of which prefectures each source tells.
#[derive(Debug, Clone, Default)]
pub(super) struct Sources {
    /// By export; empty where one source tells of everybody.
    of_export: Vec<usize>,
    /// Prefectural bodies by source.
    told: Vec<Vec<String>>,
}

impl Sources {
    /// Two sources that take turns as chance has it: the first tells of all prefectures but the last, the second of all but
    /// the first. Both make an export at least, where there are two.
    pub(super) fn two(draw: &mut Draw, n_exports: usize, master: &Master) -> Self {
        let parents = master.prefectures();
        let mut of_export: Vec<usize> = (0..n_exports).map(|_| draw.below(2)).collect();
        if n_exports > 1 && of_export.iter().all(|source| *source == of_export[0]) {
            of_export[n_exports - 1] = 1 - of_export[0];
        }
        let told = vec![parents[..parents.len() - 1].to_vec(), parents[1..].to_vec()];
        Self { of_export, told }
    }

    pub(super) fn are_several(&self) -> bool {
        !self.of_export.is_empty()
    }

    /// The source of an export.
    pub(super) fn of(&self, k: usize) -> usize {
        self.of_export.get(k).copied().unwrap_or(0)
    }

    /// Name of the source of an export.
    pub(super) fn name(&self, k: usize) -> &'static str {
        ["members", "others"][self.of(k)]
    }

    /// Whether an export could show a local body below a prefectural one.
    pub(super) fn tells_of(&self, k: usize, parent: &str) -> bool {
        !self.are_several() || self.told[self.of(k)].iter().any(|told| told == parent)
    }

    /// An anchor for each source: no file is without rows.
    pub(super) fn anchors(&self) -> impl Iterator<Item = &[String]> {
        self.told.iter().map(Vec::as_slice)
    }
}

/// A stay about which the two sources disagree for ever: one of them never heard of its end, or of another class.
pub(super) fn told_otherwise(stage: &mut Stage) -> Cast {
    let (body, joined, from) = (stage.local_body(), stage.join_day(), stage.first_shown());
    let (class, other_class) = (stage.class(), stage.class());
    let left = stage.leave_day(joined);
    let who_knows = stage.draw.below(2);
    let has_left = stage.draw.percent(60);
    let sources = stage.sources;
    let view = |k: usize| {
        let knows = sources.of(k) == who_knows;
        View {
            joined: Some(joined),
            left: (knows && has_left).then_some(left),
            class: if knows && !has_left { other_class } else { class },
        }
    };
    let stay = stage.local(&body, |k| (k >= from).then(|| view(k)));
    Cast { class_steps: ClassSteps::Never, ..Cast::of(vec![stay]) }
}

/// A plain member of a body that one of some prefectural bodies has below it, whom every export of a source shows.
pub(super) fn anchor(stage: &mut Stage, parents: &[String]) -> Person {
    let told = (0..200).find_map(|_| {
        let (body, joined, never) = (stage.local_body(), stage.draw.old_day(), stage.n());
        if !parents.iter().any(|parent| parent == stage.master.parent(&body)) {
            return None;
        }
        let stay = stage.ending(&body, joined, 0, (joined, never));
        let cast = Cast { class_steps: ClassSteps::Never, ..Cast::of(vec![stay]) };
        let rows: Vec<Stay> = cast.stays.iter().map(|row| told_rows(stage, row)).collect();
        let (locals, upper): (Vec<Local>, Vec<Stay>) = upper::with_upper_tiers(stage, &cast, rows)?;
        let looks = stage.draw.next();
        let person = Person { story: "anchor", locals, upper, looks };
        person.is_unambiguous(false).then_some(person)
    });
    told.expect("every prefecture has a body, and one draw in five has no upper tier at all")
}

/// The row without the exports of sources that do not tell of its body.
pub(super) fn told_rows(stage: &Stage, row: &Stay) -> Stay {
    let mut row = row.clone();
    let parent = stage.master.parent(&row.body).to_owned();
    row.hide_unless(|k| stage.sources.tells_of(k, &parent));
    row
}
