//! Explaining a figure (J3): where it began, what happened since, where it stands, and the file and row of each.
//!
//! The members behind the figure are listed, and the list is always as long as the figure (C4). Nothing is counted
//! anew here: the segments are those that `kaiin count` adds up.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use chrono::NaiveDate;
use serde::Serialize;

use super::Workspace;
use super::query::Knowledge;
use crate::domain::adjustment::AdjustmentKind;
use crate::domain::application::{ApplicationKind, ApplicationStatus};
use crate::domain::association::Association;
use crate::domain::body_days::each_within_bodies;
use crate::domain::class::NationalClass;
use crate::domain::enrolment::{KnownStay, ToldBy, ToldFacts};
use crate::domain::ids::{AssociationId, EnrolmentId, ImportId, PhysicianId};
use crate::domain::membership::Segment;
use crate::store::Origin;
use crate::timeline::Voices;

/// A figure to explain: members of one body, of one class or of all, on a day.
#[derive(Debug, Clone, Copy)]
pub struct Figure {
    /// The body.
    pub association: AssociationId,
    /// Only this class.
    pub class: Option<NationalClass>,
    /// The day of the opening figure; before `as_of`.
    pub opened_on: NaiveDate,
    /// 基準日.
    pub as_of: NaiveDate,
}

/// File and row that say so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Who speaks: a member export, an application or an adjustment.
    pub told_by: &'static str,
    /// Name of the file; `None` where only the dates of the body say so.
    pub file: Option<String>,
    /// Row as Excel shows it; `None` when the newest file no longer shows the stay.
    pub row: Option<u32>,
    /// The import.
    pub import: Option<i64>,
    /// Day of the file.
    pub known_from: Option<NaiveDate>,
}

/// Why the figure changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The first day as a member of the body (入会).
    Joined,
    /// The first day in another class (区分変更).
    ClassChanged,
    /// The first day that no longer counts (退会).
    Left,
    /// The body begins or ends on that day (組織変更).
    BodyChanged,
}

/// One change between opening and closing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// First day with the change.
    pub day: NaiveDate,
    /// Why.
    pub kind: EventKind,
    /// The person.
    pub physician: PhysicianId,
    /// Class before; `None` when it was no member.
    pub class_before: Option<NationalClass>,
    /// Class after; `None` when it is no member.
    pub class_after: Option<NationalClass>,
    /// 入会日 and 退会日 as they stand.
    pub stay: KnownStay,
    /// What the event adds to the figure.
    pub effect: i64,
    /// Where it is written.
    pub source: Source,
}

/// One member behind the figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The person.
    pub physician: PhysicianId,
    /// Class on the as-of day.
    pub class: NationalClass,
    /// The stay.
    pub stay: KnownStay,
    /// Where it is written.
    pub source: Source,
}

/// An explained figure.
#[derive(Debug)]
pub struct Explanation {
    /// Members on the opening day.
    pub opening: i64,
    /// Changes by day, kind and person.
    pub events: Vec<Event>,
    /// Members on the as-of day: as many as `members`.
    pub closing: i64,
    /// The members by class and person.
    pub members: Vec<Member>,
}

/// Stays of a body. Those that only adjustments tell have ids of their own for each person.
type Stays = BTreeMap<(PhysicianId, EnrolmentId), KnownStay>;

/// Explains a figure.
///
/// # Errors
/// When the store or the timeline cannot be read, or opening, events and closing do not add up: a defect.
pub async fn explain(workspace: &Workspace, knowledge: &Knowledge, figure: Figure) -> Result<Explanation> {
    let of_person = segments_of_body(knowledge, figure.association)?;
    let stays: Stays = knowledge
        .timeline
        .stays(knowledge.known_at, Voices::All, |body| body == figure.association)?
        .into_iter()
        .map(|stay| ((stay.physician, stay.enrolment), stay))
        .collect();
    let (mut opening, mut closing) = (0, 0);
    let (mut events, mut members) = (Vec::new(), Vec::new());
    for segments in of_person.values() {
        opening += i64::from(in_figure(segments, figure.opened_on, figure.class).is_some());
        if let Some(segment) = in_figure(segments, figure.as_of, figure.class) {
            closing += 1;
            members.extend(stays.get(&(segment.physician, segment.enrolment)).map(|stay| (segment.class, *stay)));
        }
        changes(segments, &stays, figure, &mut events);
    }
    let sources = Sources::load(workspace, knowledge, &stays, figure.association).await?;
    let mut members: Vec<Member> = members
        .into_iter()
        .map(|(class, stay)| Member { physician: stay.physician, class, stay, source: sources.newest(&stay) })
        .collect();
    members.sort_by_key(|member| (member.class, member.physician));
    let body = knowledge.associations.get(figure.association);
    let mut events: Vec<Event> = events.into_iter().map(|change| change.into_event(body, &sources)).collect();
    events.sort_by_key(|event| (event.day, event.kind, event.physician));
    let moved: i64 = events.iter().map(|event| event.effect).sum();
    ensure!(opening + moved == closing, "opening {opening} and events {moved} do not make closing {closing}");
    let n_members = i64::try_from(members.len())?;
    ensure!(n_members == closing, "{n_members} members stand behind the figure {closing}");
    Ok(Explanation { opening, events, closing, members })
}

/// The segments of each person in a body, within the days on which the body exists.
fn segments_of_body(knowledge: &Knowledge, body: AssociationId) -> Result<BTreeMap<PhysicianId, Vec<Segment>>> {
    let mut out: BTreeMap<PhysicianId, Vec<Segment>> = BTreeMap::new();
    let each_segment =
        |each: &mut dyn FnMut(Segment)| knowledge.timeline.each_segment(knowledge.known_at, knowledge.rule, each);
    each_within_bodies(&knowledge.associations, each_segment, |segment| {
        if segment.association == body {
            out.entry(segment.physician).or_default().push(segment);
        }
    })?;
    Ok(out)
}

/// The segment that counts on a day in the class asked for.
fn in_figure(segments: &[Segment], day: NaiveDate, class: Option<NationalClass>) -> Option<&Segment> {
    segments.iter().find(|segment| segment.contains(day) && class.is_none_or(|class| class == segment.class))
}

/// A change of one person on one day.
struct Change {
    day: NaiveDate,
    before: Option<Segment>,
    after: Option<Segment>,
    stay: KnownStay,
    effect: i64,
}

/// The days after the opening on which one person's membership changes, up to the as-of day.
fn changes(segments: &[Segment], stays: &Stays, figure: Figure, out: &mut Vec<Change>) {
    let days: BTreeSet<NaiveDate> = segments
        .iter()
        .flat_map(|segment| [Some(segment.starts_on), segment.ended_on])
        .flatten()
        .filter(|day| figure.opened_on < *day && *day <= figure.as_of)
        .collect();
    for day in days {
        let on = |day: NaiveDate| segments.iter().find(|segment| segment.contains(day)).copied();
        let (before, after) = (day.pred_opt().and_then(on), on(day));
        let counts = |segment: Option<Segment>| {
            i64::from(segment.is_some_and(|segment| figure.class.is_none_or(|class| class == segment.class)))
        };
        let effect = counts(after) - counts(before);
        let same = |a: Segment, b: Segment| (a.class, a.enrolment) == (b.class, b.enrolment);
        if matches!((before, after), (Some(before), Some(after)) if same(before, after)) {
            continue;
        }
        // With one class asked for, what happens among the others is no event of this figure.
        if figure.class.is_some() && effect == 0 {
            continue;
        }
        let stay = after.or(before).and_then(|segment| stays.get(&(segment.physician, segment.enrolment)));
        out.extend(stay.map(|stay| Change { day, before, after, stay: *stay, effect }));
    }
}

impl Change {
    fn into_event(self, body: Option<&Association>, sources: &Sources) -> Event {
        let Self { day, before, after, stay, effect } = self;
        let of_body = body.is_some_and(|body| {
            let lifetime = body.lifetime();
            lifetime.first == Some(day) || lifetime.last.and_then(|last| last.succ_opt()) == Some(day)
        });
        let (kind, source) = match (before, after) {
            (Some(a), Some(b)) if a.enrolment == b.enrolment => {
                (EventKind::ClassChanged, sources.not_before(&stay, Fact::Class, day))
            }
            (_, Some(_)) if of_body && stay.joined_on != Some(day) => (EventKind::BodyChanged, sources.newest(&stay)),
            (_, Some(_)) => (EventKind::Joined, sources.on(&stay, Fact::Joined, Some(stay.joined_known_from))),
            (_, None) if of_body && stay.left_on.is_none() => (EventKind::BodyChanged, sources.newest(&stay)),
            (_, None) => (EventKind::Left, sources.on(&stay, Fact::Left, stay.left_shown_from)),
        };
        let class = |segment: Option<Segment>| segment.map(|segment| segment.class);
        Event {
            day,
            kind,
            physician: stay.physician,
            class_before: class(before),
            class_after: class(after),
            stay,
            effect,
            source,
        }
    }
}

/// What an application or adjustment may say of a stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fact {
    Joined,
    Left,
    Class,
}

impl Fact {
    /// Facts that a kind of adjustment decides.
    fn decided_by(kind: AdjustmentKind) -> &'static [Self] {
        match kind {
            AdjustmentKind::Left | AdjustmentKind::Reopened => &[Self::Left],
            AdjustmentKind::JoinedDay => &[Self::Joined],
            AdjustmentKind::Joined => &[Self::Joined, Self::Left, Self::Class],
            AdjustmentKind::Class => &[Self::Class],
            AdjustmentKind::StillMember
            | AdjustmentKind::NeverMember
            | AdjustmentKind::SamePerson
            | AdjustmentKind::Acknowledged => &[],
        }
    }

    /// Who says it of a stay.
    fn told_by(self, stay: &KnownStay) -> ToldBy {
        match self {
            Self::Joined => stay.told.joined_on,
            Self::Left => stay.told.left_on,
            Self::Class => stay.told.class,
        }
    }
}

/// The newest application or adjustment about each fact of each person in a body.
type Corrections = BTreeMap<(PhysicianId, ToldBy, Fact), Source>;

/// Where stays are written: versions of exports, and the application or adjustment that says a fact of one.
struct Sources {
    origins: BTreeMap<EnrolmentId, Vec<Origin>>,
    corrections: Corrections,
}

impl Sources {
    async fn load(workspace: &Workspace, knowledge: &Knowledge, stays: &Stays, body: AssociationId) -> Result<Self> {
        let mut ids: Vec<EnrolmentId> = stays.keys().map(|(_, id)| *id).filter(|id| id.0 > 0).collect();
        ids.sort_unstable();
        let mut origins: BTreeMap<EnrolmentId, Vec<Origin>> = BTreeMap::new();
        for origin in workspace.store.origins(&ids, knowledge.known_at).await? {
            origins.entry(origin.enrolment).or_default().push(origin);
        }
        let is_corrected = |stay: &KnownStay| stay.told != ToldFacts::all(ToldBy::Export);
        let is_corrected = stays.values().any(is_corrected);
        let corrections = if is_corrected { corrections(workspace, knowledge, body).await? } else { BTreeMap::new() };
        Ok(Self { origins, corrections })
    }

    /// The file that speaks last about the days of a stay.
    fn newest(&self, stay: &KnownStay) -> Source {
        let fact = if stay.told.left_on == stay.told_by() { Fact::Left } else { Fact::Joined };
        self.pick(stay, fact, <[Origin]>::last)
    }

    /// The file of a day; where an application or adjustment says the fact, that one.
    fn on(&self, stay: &KnownStay, fact: Fact, day: Option<NaiveDate>) -> Source {
        self.pick(stay, fact, |origins| {
            origins.iter().rfind(|origin| Some(origin.known_from) == day).or(origins.last())
        })
    }

    /// The first file that is not older than a day: the one that first showed what holds from then on.
    fn not_before(&self, stay: &KnownStay, fact: Fact, day: NaiveDate) -> Source {
        self.pick(stay, fact, |origins| origins.iter().find(|origin| origin.known_from >= day).or(origins.last()))
    }

    fn pick(&self, stay: &KnownStay, fact: Fact, choose: impl Fn(&[Origin]) -> Option<&Origin>) -> Source {
        if let Some(source) = self.corrections.get(&(stay.physician, fact.told_by(stay), fact)) {
            return source.clone();
        }
        let chosen = self.origins.get(&stay.enrolment).and_then(|origins| choose(origins));
        Source {
            told_by: ToldBy::Export.code(),
            file: chosen.map(|origin| origin.file_name.clone()),
            row: chosen.and_then(|origin| origin.row),
            import: chosen.map(|origin| origin.import.0),
            known_from: chosen.map(|origin| origin.known_from),
        }
    }
}

/// The newest application and adjustment about each person in a body, as known.
async fn corrections(workspace: &Workspace, knowledge: &Knowledge, body: AssociationId) -> Result<Corrections> {
    let files: BTreeMap<ImportId, String> =
        workspace.store.imports().await?.into_iter().map(|import| (import.id, import.file_name)).collect();
    let stays_as: BTreeMap<PhysicianId, PhysicianId> =
        knowledge.timeline.same_persons(knowledge.known_at).into_iter().collect();
    let known_at = knowledge.known_at.0;
    let mut out = Corrections::new();
    let mut take = |key: (PhysicianId, ToldBy, Fact), import: ImportId, row: u32, known_from: NaiveDate| {
        let (physician, told_by, fact) = key;
        let person = stays_as.get(&physician).copied().unwrap_or(physician);
        let entry = out.entry((person, told_by, fact));
        let source = Source {
            told_by: told_by.code(),
            file: files.get(&import).cloned(),
            row: Some(row),
            import: Some(import.0),
            known_from: Some(known_from),
        };
        entry
            .and_modify(|held| {
                if held.known_from <= Some(known_from) {
                    *held = source.clone();
                }
            })
            .or_insert(source);
    };
    let store = &workspace.store;
    store
        .each_application(|version| {
            let application = &version.application;
            let fact = match application.kind {
                ApplicationKind::Withdrawal => Fact::Left,
                ApplicationKind::ClassChange => Fact::Class,
                ApplicationKind::Joining | ApplicationKind::Other => return,
            };
            let is_approved = application.status == ApplicationStatus::Approved;
            if application.association == body && is_approved && version.known_on(known_at) {
                let key = (application.physician, ToldBy::Application, fact);
                take(key, version.import, version.row, version.known_from);
            }
        })
        .await?;
    store
        .each_adjustment(|version| {
            let adjustment = &version.adjustment;
            if adjustment.association == Some(body) && !adjustment.is_revoked && version.known_on(known_at) {
                for fact in Fact::decided_by(adjustment.kind) {
                    let key = (adjustment.physician, ToldBy::Adjustment, *fact);
                    take(key, version.import, version.row, version.known_from);
                }
            }
        })
        .await?;
    Ok(out)
}
