//! From rows and what stands to what is appended and superseded. Pure: no store, no file, no clock.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;

use super::class_words::{resolve, scheme_of};
use super::guard::{Fate, Presence};
use super::lifetimes::{can_be_missing, goes_quietly, is_outside};
use super::summary::StayChanges;
use crate::domain::association::{Associations, Tier};
use crate::domain::class_scheme::ClassSchemes;
use crate::domain::finding::{Finding, FindingCode};
use crate::domain::ids::{AssociationId, EnrolmentId, PhysicianId, RegistrationNumber};
use crate::domain::reconcile::{ChangeKind, Outcome, StoredStay, reconcile};
use crate::domain::shown::{ShownRow, ShownStay, shown_stays, sort_by_authority};
use crate::ingest::members::MemberRow;
use crate::store::{Changes, NewEnrolmentVersion, NewPerson, StoredFinding, StoredPerson, StoredRow};

/// What stands before the import.
pub(in crate::service) struct Stored {
    /// Stays of the source, by physician and body.
    pub(in crate::service) stays: Vec<StoredRow>,
    /// All physicians by number.
    pub(in crate::service) persons: Vec<StoredPerson>,
    /// State findings of the source.
    pub(in crate::service) findings: Vec<StoredFinding>,
    /// Next free ids.
    pub(in crate::service) next_ids: (PhysicianId, EnrolmentId),
}

impl Stored {
    /// Persons whom the newest file of the source shows.
    pub(super) fn n_people(&self) -> usize {
        let shown = self.stays.iter().filter(|row| row.stay.rows_shown > 0);
        shown.map(|row| row.physician).collect::<BTreeSet<_>>().len()
    }
}

/// What the import will do.
pub(in crate::service) struct Planned {
    pub(in crate::service) changes: Changes,
    pub(super) stays: StayChanges,
    pub(super) presence: Presence,
}

/// Plans an import of members.
pub(in crate::service) fn plan(
    mut rows: Vec<MemberRow>,
    standing: &Stored,
    associations: &Associations,
    schemes: &ClassSchemes,
    export_day: NaiveDate,
) -> Planned {
    rows.sort_by_key(|row| (row.number, row.shown.row));
    let mut planner = Planner::new(standing, associations, schemes, export_day);
    let mut seen = BTreeSet::new();
    let mut rows = rows.into_iter().peekable();
    while let Some(first) = rows.next() {
        let mut of_person = vec![first];
        while let Some(next) = rows.next_if(|row| row.number == of_person[0].number) {
            of_person.push(next);
        }
        let physician = planner.person(&mut of_person);
        seen.insert(physician);
        let shown: Vec<ShownRow> = of_person.into_iter().map(|row| row.shown).collect();
        planner.stays(physician, shown);
    }
    for group in standing.stays.chunk_by(|a, b| a.physician == b.physician) {
        if !seen.contains(&group[0].physician) {
            planner.stays(group[0].physician, Vec::new());
        }
    }
    planner.finish(&standing.findings, &seen)
}

struct Planner<'a> {
    associations: &'a Associations,
    schemes: &'a ClassSchemes,
    export_day: NaiveDate,
    stays: &'a [StoredRow],
    stays_of: HashMap<PhysicianId, Range<usize>>,
    persons: &'a [StoredPerson],
    next_physician: i64,
    next_enrolment: i64,
    states: BTreeMap<(FindingCode, PhysicianId, Option<AssociationId>), Finding>,
    out: Planned,
}

impl<'a> Planner<'a> {
    fn new(
        standing: &'a Stored,
        associations: &'a Associations,
        schemes: &'a ClassSchemes,
        export_day: NaiveDate,
    ) -> Self {
        let mut stays_of = HashMap::with_capacity(standing.persons.len());
        let mut start = 0;
        for group in standing.stays.chunk_by(|a, b| a.physician == b.physician) {
            stays_of.insert(group[0].physician, start..start + group.len());
            start += group.len();
        }
        Self {
            associations,
            schemes,
            export_day,
            stays: &standing.stays,
            stays_of,
            persons: &standing.persons,
            next_physician: standing.next_ids.0.0,
            next_enrolment: standing.next_ids.1.0,
            states: BTreeMap::new(),
            out: Planned { changes: Changes::default(), stays: StayChanges::default(), presence: Presence::default() },
        }
    }

    /// Finds or makes the physician and notes a changed description. Sorts the rows by authority.
    fn person(&mut self, rows: &mut [MemberRow]) -> PhysicianId {
        let number = rows[0].number;
        let order = authority(rows, self.export_day);
        let speaker = &rows[order];
        let known = self.persons.binary_search_by_key(&number, |person| person.number).ok().map(|i| self.persons[i]);
        let physician = known.map_or_else(|| self.new_physician(number), |person| person.physician);
        let mut two = rows.iter().any(|row| is_other_person(row, speaker));
        if let Some(known) = known {
            let births = (known.born_on, speaker.person.born_on);
            let other_birth = matches!(births, (Some(before), Some(now)) if before != now);
            two |= known.row_id.is_some() && other_birth && known.kana_digest != speaker.digests.kana;
        }
        if two {
            self.state(FindingCode::TwoPersonsUnderOneNumber, physician, None, (None, None), Some(speaker.shown.row));
        }
        let stands = known.is_some_and(|known| {
            known.row_id.is_some()
                && (known.digest == speaker.digests.all || known.known_from.is_some_and(|from| from > self.export_day))
        });
        if !stands {
            let changes = &mut self.out.changes;
            changes.superseded_persons.extend(known.and_then(|known| known.row_id));
            changes.new_persons.push(NewPerson {
                physician,
                person: Arc::clone(&speaker.person),
                digest: speaker.digests.all,
                kana_digest: speaker.digests.kana,
                row: speaker.shown.row,
            });
        }
        physician
    }

    fn new_physician(&mut self, number: RegistrationNumber) -> PhysicianId {
        let id = PhysicianId(self.next_physician);
        self.next_physician += 1;
        self.out.changes.new_physicians.push((id, number));
        id
    }

    /// Brings together the rows of a person (none, if the export does not show them) and what stands.
    fn stays(&mut self, physician: PhysicianId, mut rows: Vec<ShownRow>) {
        sort_by_authority(&mut rows, self.export_day);
        let shown = shown_stays(&rows);
        for (code, association, row) in &shown.findings {
            self.state(*code, physician, Some(*association), (None, None), Some(*row));
        }
        self.note_tiers(physician, &shown.stays);
        let range = self.stays_of.get(&physician).cloned().unwrap_or(0..0);
        let standing = &self.stays[range];
        let mut bodies: Vec<AssociationId> =
            standing.iter().map(|row| row.association).chain(shown.stays.iter().map(|stay| stay.association)).collect();
        bodies.sort_unstable();
        bodies.dedup();
        for body in bodies {
            let old: Vec<&StoredRow> = standing.iter().filter(|row| row.association == body).collect();
            let new: Vec<ShownStay> = shown.stays.iter().filter(|stay| stay.association == body).cloned().collect();
            let on_row = self.could_show(&rows, body);
            self.body(physician, body, &old, &new, on_row);
        }
    }

    /// Notes a member of an upper tier whom the export shows in no body below it on its day (R21).
    fn note_tiers(&mut self, physician: PhysicianId, shown: &[ShownStay]) {
        let day = self.export_day;
        let in_force: Vec<&ShownStay> = shown.iter().filter(|stay| stay.facts.in_force_on(day)).collect();
        let is_below = |lower: &ShownStay, upper: &ShownStay| {
            let mut above = self.associations.chain_on(lower.association, day).into_iter().skip(1);
            lower.tier.index() + 1 == upper.tier.index() && above.any(|body| body.id == upper.association)
        };
        let without: Vec<&ShownStay> = in_force
            .iter()
            .filter(|upper| upper.tier != Tier::Local && !in_force.iter().any(|lower| is_below(lower, upper)))
            .copied()
            .collect();
        for stay in without {
            let dates = (stay.facts.joined_on, None);
            self.state(FindingCode::TierNotIncluded, physician, Some(stay.association), dates, Some(stay.row));
        }
    }

    /// Whether the person has a row that could have shown an upper body: then its absence is a blank.
    fn could_show(&self, rows: &[ShownRow], body: AssociationId) -> bool {
        match self.associations.get(body).map(|body| body.tier) {
            Some(Tier::National) => rows.iter().any(|row| row.carries_upper),
            Some(Tier::Prefectural) => rows.iter().filter(|row| row.carries_upper).any(|row| {
                self.associations.prefectural_above(row.own.association).is_some_and(|above| above.id == body)
            }),
            _ => false,
        }
    }

    fn body(
        &mut self,
        physician: PhysicianId,
        body: AssociationId,
        old: &[&StoredRow],
        new: &[ShownStay],
        on_row: bool,
    ) {
        let standing: Vec<StoredStay> = old.iter().map(|row| row.stay.clone()).collect();
        for stay in new.iter().filter(|stay| is_outside(self.associations, body, &stay.facts)) {
            let dates = (stay.facts.joined_on, stay.facts.left_on);
            self.state(FindingCode::StayOutsideBody, physician, Some(body), dates, Some(stay.row));
        }
        let scheme = scheme_of(self.schemes, self.associations, body);
        for mut outcome in reconcile(&standing, new, self.export_day, on_row) {
            let before = outcome.enrolment.and_then(|id| old.iter().find(|row| row.stay.enrolment == id));
            let by_scheme = before.is_some_and(|row| resolve(&mut outcome, &row.stay.facts, scheme, self.export_day));
            self.count(outcome.kind);
            if let Some(row) = before
                && row.stay.rows_shown > 0
                && row.stay.facts.in_force_on(self.export_day)
                && can_be_missing(self.associations, body, self.export_day)
            {
                let fate = match fate(row, &outcome, self.export_day) {
                    // Nobody moved; the words mean something else.
                    Fate::Reclassified if by_scheme => Fate::Same,
                    fate => fate,
                };
                self.out.presence.note(body, fate);
            }
            self.apply(physician, body, outcome, before.map(|row| row.row_id));
        }
    }

    fn count(&mut self, kind: ChangeKind) {
        let stays = &mut self.out.stays;
        *match kind {
            ChangeKind::Added => &mut stays.added,
            ChangeKind::Changed => &mut stays.changed,
            ChangeKind::Closed => &mut stays.closed,
            ChangeKind::Reopened => &mut stays.reopened,
            ChangeKind::Unchanged => &mut stays.unchanged,
            ChangeKind::Absent => &mut stays.absent,
        } += 1;
    }

    fn apply(&mut self, physician: PhysicianId, body: AssociationId, outcome: Outcome, row_id: Option<i64>) {
        for notice in &outcome.notices {
            if goes_quietly(self.associations, body, notice.code, self.export_day) {
                continue;
            }
            let dates = (notice.before, notice.after);
            if notice.code.is_state() {
                self.state(notice.code, physician, Some(body), dates, notice.row);
            } else {
                self.out.changes.new_findings.push(Finding {
                    code: notice.code,
                    physician,
                    association: Some(body),
                    date_before: notice.before,
                    date_after: notice.after,
                    row: notice.row,
                });
            }
        }
        let Some(version) = outcome.version else { return };
        let enrolment = outcome.enrolment.unwrap_or_else(|| {
            let id = EnrolmentId(self.next_enrolment);
            self.next_enrolment += 1;
            id
        });
        let changes = &mut self.out.changes;
        changes.superseded_versions.extend(row_id);
        changes.new_versions.push(NewEnrolmentVersion { enrolment, physician, association: body, version });
    }

    fn state(
        &mut self,
        code: FindingCode,
        physician: PhysicianId,
        association: Option<AssociationId>,
        (date_before, date_after): (Option<NaiveDate>, Option<NaiveDate>),
        row: Option<u32>,
    ) {
        self.states.entry((code, physician, association)).or_insert(Finding {
            code,
            physician,
            association,
            date_before,
            date_after,
            row,
        });
    }

    /// Keeps states that still hold, resolves those that no longer do, and adds the new ones. A state that only
    /// a row can show stays as it is while the person is not shown at all.
    fn finish(mut self, standing: &[StoredFinding], seen: &BTreeSet<PhysicianId>) -> Planned {
        for old in standing {
            let finding = &old.finding;
            let key = (finding.code, finding.physician, finding.association);
            let holds = self.states.remove(&key).is_some();
            let from_absence = matches!(finding.code, FindingCode::OpenStayVanished | FindingCode::UpperTierBlank);
            // The description of the second person is the known one by now; only a person can settle this.
            let for_a_person = finding.code == FindingCode::TwoPersonsUnderOneNumber;
            if !holds && !for_a_person && (from_absence || seen.contains(&finding.physician)) {
                self.out.changes.resolved_findings.push(old.row_id);
            }
        }
        self.out.changes.new_findings.extend(self.states.into_values());
        self.out
    }
}

/// What the export says about a member whom the one before showed.
fn fate(before: &StoredRow, outcome: &Outcome, export_day: NaiveDate) -> Fate {
    if outcome.kind == ChangeKind::Absent {
        return Fate::Missing;
    }
    match &outcome.version {
        Some(version) if version.facts.ended_before(export_day) => Fate::Withdrawn,
        Some(version) if version.facts.class != before.stay.facts.class => Fate::Reclassified,
        _ => Fate::Same,
    }
}

/// Index of the row that speaks for the person (R8).
fn authority(rows: &[MemberRow], export_day: NaiveDate) -> usize {
    if rows.len() == 1 {
        return 0;
    }
    let mut shown: Vec<ShownRow> = rows.iter().map(|row| row.shown.clone()).collect();
    sort_by_authority(&mut shown, export_day);
    rows.iter().position(|row| row.shown.row == shown[0].row).unwrap_or_default()
}

/// Two persons under one number: another birth date and another kana name (R11).
fn is_other_person(a: &MemberRow, b: &MemberRow) -> bool {
    let births = (a.person.born_on, b.person.born_on);
    matches!(births, (Some(a), Some(b)) if a != b) && a.digests.kana != b.digests.kana
}
