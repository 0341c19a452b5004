//! Where what is known of a stay is written: file and row of exports, applications and adjustments.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::adjustment::{AdjustmentKind, AdjustmentVersion};
use crate::domain::application::{ApplicationKind, ApplicationStatus};
use crate::domain::enrolment::{KnownStay, ReportedBy, ReportedFacts};
use crate::domain::ids::{AssociationId, EnrolmentId, ImportId, PhysicianId};
use crate::domain::resolved::Speaker;
use crate::service::keep::Workspace;
use crate::service::known::vintage::Vintage;
use crate::store::Origin;

/// File and row that say so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Who speaks: a member export, an application or an adjustment.
    #[serde(rename = "told_by")]
    pub reported_by: &'static str,
    /// Name of the file; `None` where only the dates of the body say so.
    pub file: Option<String>,
    /// Row as Excel shows it; `None` when the newest file no longer shows the stay.
    pub row: Option<u32>,
    /// The import.
    pub import: Option<i64>,
    /// Day of the file.
    pub known_from: Option<NaiveDate>,
}

/// Stays of a body. Those that only adjustments tell have ids of their own for each person.
pub(super) type Stays = BTreeMap<(PhysicianId, EnrolmentId), KnownStay>;

/// What an application or adjustment may say of a stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fact {
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
    fn reported_by(self, stay: &KnownStay) -> ReportedBy {
        match self {
            Self::Joined => stay.told.joined_on,
            Self::Left => stay.told.left_on,
            Self::Class => stay.told.class,
        }
    }
}

/// The applications or adjustments about each fact of each person in a body with the day that they tell, by day of the
/// file.
type Corrections = BTreeMap<(PhysicianId, ReportedBy, Fact), Vec<(Option<NaiveDate>, Source)>>;

/// A word of the exports about a stay: from which day, and where it is written.
struct Written {
    from: NaiveDate,
    origin: Origin,
}

/// Where stays are written: versions of exports, and the application or adjustment that says a fact of one.
pub(super) struct Sources {
    /// Words by person and stay, ascending.
    words: BTreeMap<(PhysicianId, EnrolmentId), Vec<Written>>,
    corrections: Corrections,
}

impl Sources {
    pub(super) async fn load(
        workspace: &Workspace,
        vintage: &Vintage,
        stays: &Stays,
        body: AssociationId,
        of_persons: &[(PhysicianId, Speaker)],
    ) -> Result<Self> {
        // Of stays that several sources tell each word is written where its source said it (R26).
        let mut speakers: BTreeMap<(PhysicianId, EnrolmentId), Vec<Speaker>> = BTreeMap::new();
        for (person, speaker) in of_persons.iter().filter(|(_, speaker)| speaker.association == body) {
            speakers.entry((*person, speaker.stay)).or_default().push(*speaker);
        }
        let of_speakers = speakers.values().flatten().map(|speaker| speaker.by);
        let mut first_days = FirstDays::new();
        for stay in stays.values().filter(|stay| stay.enrolment.0 > 0) {
            first_days.entry(stay.enrolment.stored()).or_default().insert(stay.first_known_from);
        }
        let ids: BTreeSet<EnrolmentId> =
            first_days.keys().copied().chain(of_speakers.map(EnrolmentId::stored)).collect();
        let ids: Vec<EnrolmentId> = ids.into_iter().collect();
        let mut origins: BTreeMap<EnrolmentId, Vec<Origin>> = BTreeMap::new();
        let told = match vintage.at_hand() {
            Some(at_hand) => at_hand.origins(&ids),
            None => workspace.store.origins(&ids, vintage.known_at).await?,
        };
        for origin in told {
            origins.entry(origin.enrolment).or_default().push(origin);
        }
        let told = |id: EnrolmentId| origins.get(&id.stored()).map_or(&[][..], Vec::as_slice);
        let written = |key: &(PhysicianId, EnrolmentId), stay: &KnownStay| -> Vec<Written> {
            match speakers.get(key) {
                Some(speakers) => speakers.iter().filter_map(|speaker| written_by(speaker, told(speaker.by))).collect(),
                None => {
                    let own = of_one_source(stay, &first_days, told(key.1));
                    own.iter().map(|one| Written { from: one.known_from, origin: one.clone() }).collect()
                }
            }
        };
        let words = stays.iter().map(|(key, stay)| (*key, written(key, stay))).collect();
        let is_corrected = stays.values().any(|stay| stay.told != ReportedFacts::all(ReportedBy::Export));
        let corrections = if is_corrected { corrections(vintage, stays, body)? } else { BTreeMap::new() };
        Ok(Self { words, corrections })
    }

    /// The file that speaks last about the days of a stay.
    pub(super) fn newest(&self, stay: &KnownStay) -> Source {
        let fact = if stay.told.left_on == stay.reported_by() { Fact::Left } else { Fact::Joined };
        self.pick(stay, fact, <[Written]>::last)
    }

    /// The file of a day; where an application or adjustment says the fact, that one.
    pub(super) fn on(&self, stay: &KnownStay, fact: Fact, day: Option<NaiveDate>) -> Source {
        self.pick(stay, fact, |words| words.iter().rfind(|word| Some(word.from) == day).or(words.last()))
    }

    /// The first file that is not older than a day: the one that first showed what holds from then on.
    pub(super) fn not_before(&self, stay: &KnownStay, fact: Fact, day: NaiveDate) -> Source {
        self.pick(stay, fact, |words| words.iter().find(|word| word.from >= day).or(words.last()))
    }

    fn pick(&self, stay: &KnownStay, fact: Fact, choose: impl Fn(&[Written]) -> Option<&Written>) -> Source {
        if let Some(told) = self.corrections.get(&(stay.physician, fact.reported_by(stay), fact)) {
            // She may have several stays in the body: the one that tells the day of this one speaks, else the newest.
            let day = match fact {
                Fact::Joined => stay.joined_on,
                Fact::Left => stay.left_on,
                Fact::Class => None,
            };
            let of_day = told.iter().rfind(|(told, _)| day.is_some() && *told == day);
            if let Some((_, source)) = of_day.or(told.last()) {
                return source.clone();
            }
        }
        let words = self.words.get(&(stay.physician, stay.enrolment));
        let chosen = words.and_then(|words| choose(words)).map(|word| &word.origin);
        Source {
            reported_by: ReportedBy::Export.code(),
            file: chosen.map(|origin| origin.file_name.clone()),
            row: chosen.and_then(|origin| origin.row),
            import: chosen.map(|origin| origin.import.0),
            known_from: chosen.map(|origin| origin.known_from),
        }
    }
}

/// What one of several sources says of a stay, and where: the last that it said by the day from which it is heard.
fn written_by(speaker: &Speaker, origins: &[Origin]) -> Option<Written> {
    let origin = origins.iter().rfind(|origin| origin.known_from <= speaker.from)?;
    Some(Written { from: speaker.from, origin: origin.clone() })
}

/// First days of all stays that exports tell as one enrolment (R28).
type FirstDays = BTreeMap<EnrolmentId, BTreeSet<NaiveDate>>;

/// Where exports tell a stay that one source tells: of those that they tell as one enrolment, from its first day until that of
/// the next.
fn of_one_source<'o>(stay: &KnownStay, first_days: &FirstDays, origins: &'o [Origin]) -> &'o [Origin] {
    let days = first_days.get(&stay.enrolment.stored());
    let until = days.and_then(|days| days.range(stay.first_known_from..).nth(1));
    let from = origins.partition_point(|origin| origin.known_from < stay.first_known_from);
    let to = until.map_or(origins.len(), |until| origins.partition_point(|origin| origin.known_from < *until));
    &origins[from.min(to)..to]
}

/// Import, row, day of the file.
type Place = (ImportId, u32, NaiveDate);

/// What an application or adjustment says: since when, of whom, under which number, who says it, the fact and its day.
type Word<'w> = (NaiveDate, PhysicianId, &'w str, ReportedBy, Fact, Option<NaiveDate>, Place);

/// The applications and adjustments about the persons of some stays in a body, as known.
fn corrections(vintage: &Vintage, stays: &Stays, body: AssociationId) -> Result<Corrections> {
    let files: BTreeMap<ImportId, &str> =
        vintage.imports.iter().map(|import| (import.id, import.file_name.as_str())).collect();
    let source = |reported_by: ReportedBy, (import, row, known_from): Place| Source {
        reported_by: reported_by.code(),
        file: files.get(&import).map(ToString::to_string),
        row: Some(row),
        import: Some(import.0),
        known_from: Some(known_from),
    };
    let mut persons: Vec<PhysicianId> = stays.keys().map(|(person, _)| *person).collect();
    persons.dedup();
    let known = vintage.timeline()?.known_of(&persons, vintage.known_at)?;
    // Of one day the one that was handed over last speaks, as ever: by number where files do not tell.
    let mut told: Vec<Word<'_>> = Vec::new();
    for (person, version) in known.applications.iter().filter(|(_, version)| version.application.association == body) {
        let application = &version.application;
        let fact = match application.kind {
            ApplicationKind::Withdrawal => Fact::Left,
            ApplicationKind::ClassChange => Fact::Class,
            ApplicationKind::Joining | ApplicationKind::Other => continue,
        };
        if application.status == ApplicationStatus::Approved {
            let (place, day) = ((version.import, version.row, version.known_from), application.effective_on);
            told.push((version.known_from, *person, &application.number, ReportedBy::Application, fact, day, place));
        }
    }
    let is_here = |version: &AdjustmentVersion| version.adjustment.association == Some(body);
    for (person, version) in known.adjustments.iter().filter(|(_, version)| is_here(version)) {
        let adjustment = &version.adjustment;
        for fact in Fact::decided_by(adjustment.kind) {
            let (place, day) = ((version.import, version.row, version.known_from), adjustment.day);
            told.push((version.known_from, *person, &adjustment.number, ReportedBy::Adjustment, *fact, day, place));
        }
    }
    told.sort_by_key(|(known_from, person, number, ..)| (*known_from, *person, *number));
    let mut out = Corrections::new();
    for (_, person, _, reported_by, fact, day, place) in told {
        out.entry((person, reported_by, fact)).or_default().push((day, source(reported_by, place)));
    }
    Ok(out)
}
