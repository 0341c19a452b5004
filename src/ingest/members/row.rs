//! One row of a member export: the stays it tells and the person on it.

use std::sync::Arc;

use chrono::NaiveDate;
use csv::StringRecord;

use super::person::person;
use crate::domain::association::{Associations, Tier};
use crate::domain::class::NationalClass;
use crate::domain::enrolment::{SourceStatus, StayFacts, WithdrawalReason};
use crate::domain::ids::{AssociationId, RegistrationNumber};
use crate::domain::japanese_date::read_day;
use crate::domain::layout::{Field, Vocabulary};
use crate::domain::person::Person;
use crate::domain::problem::Problem;
use crate::domain::shown::{ReportedStay, ShownRow};
use crate::ingest::bodies::{Bodies, tiers_named};
use crate::ingest::checks::is_no_end;
use crate::ingest::classes::Classes;
use crate::ingest::columns::Columns;
use crate::ingest::digests::PersonDigests;
use crate::ingest::normalise::{Words, registration_number};
use crate::ingest::row_problems::RowProblems;

/// One accepted row with the person on it.
#[derive(Debug, Clone)]
pub struct MemberRow {
    /// Who (R11).
    pub number: RegistrationNumber,
    /// The stays that the row tells.
    pub shown: ShownRow,
    /// The person as this row shows them; rows in a row that agree share it.
    pub person: Arc<Person>,
    /// Fingerprints for comparison with other rows and exports.
    pub digests: PersonDigests,
}

/// Fields of one tier on a row.
struct TierFields {
    class: Field,
    joined_on: Field,
    left_on: Field,
}

const LONG: TierFields = TierFields { class: Field::Class, joined_on: Field::JoinedOn, left_on: Field::LeftOn };

const LOCAL: TierFields =
    TierFields { class: Field::LocalClass, joined_on: Field::LocalJoinedOn, left_on: Field::LocalLeftOn };
const PREFECTURAL: TierFields = TierFields {
    class: Field::PrefecturalClass,
    joined_on: Field::PrefecturalJoinedOn,
    left_on: Field::PrefecturalLeftOn,
};

const NATIONAL: TierFields =
    TierFields { class: Field::NationalClass, joined_on: Field::NationalJoinedOn, left_on: Field::NationalLeftOn };

/// Reads rows with tables prepared once for a file.
pub(super) struct RowReader<'a> {
    columns: &'a Columns,
    associations: &'a Associations,
    export_day: NaiveDate,
    classes: Classes<'a>,
    reasons: Words<WithdrawalReason>,
    statuses: Words<SourceStatus>,
    bodies: Bodies<'a>,
    last_person: Option<(RegistrationNumber, PersonDigests, Arc<Person>)>,
}

impl<'a> RowReader<'a> {
    pub(super) fn new(
        columns: &'a Columns,
        associations: &'a Associations,
        vocabulary: &'a Vocabulary,
        export_day: NaiveDate,
    ) -> Self {
        Self {
            columns,
            associations,
            export_day,
            classes: Classes::new(associations, vocabulary),
            reasons: Words::new(&vocabulary.reasons),
            statuses: Words::new(&vocabulary.statuses),
            bodies: Bodies::new(associations, export_day),
            last_person: None,
        }
    }

    /// `None` when the row cannot be used at all; `problems` says why.
    pub(super) fn read(&mut self, record: &StringRecord, problems: &mut RowProblems<'_>) -> Option<MemberRow> {
        let status = self.status(record, problems);
        problems.active = status == SourceStatus::Active;
        let number = self.number(record, problems);
        let shown = if self.columns.index(Field::BodyName).is_some() {
            self.long_row(record, status, problems)
        } else {
            self.wide_row(record, status, problems)
        };
        let (person, digests) = person(self.columns, record, problems);
        let (number, shown) = (number?, shown?);
        Some(MemberRow { number, shown, person: self.shared(number, digests, person), digests })
    }

    /// Rows that stand one after the other and describe a person alike share the description.
    fn shared(&mut self, number: RegistrationNumber, digests: PersonDigests, person: Person) -> Arc<Person> {
        if let Some((last, same, shared)) = &self.last_person
            && (*last, *same) == (number, digests)
            && **shared == person
        {
            return Arc::clone(shared);
        }
        let person = Arc::new(person);
        self.last_person = Some((number, digests, Arc::clone(&person)));
        person
    }

    fn wide_row(
        &mut self,
        record: &StringRecord,
        status: SourceStatus,
        problems: &mut RowProblems<'_>,
    ) -> Option<ShownRow> {
        let on = self.last_day(record, &LOCAL);
        let local_body = self.body(record, &[Tier::Local], (Field::LocalCode, Field::LocalName), on, problems);
        let below = local_body.map(|(_, id)| id);
        let mut local = self.stay(record, &LOCAL, below, problems);
        let above = self.body_above(record, below);
        let prefectural = self.upper_stay(record, &PREFECTURAL, above, problems);
        let national = self.associations.national().map(|body| body.id);
        let national = self.upper_stay(record, &NATIONAL, national, problems);
        local.status = status;
        local.wished_on = self.wished_on(record, Field::LocalWishedOn, problems);
        (local.reason, local.reason_text) = self.reason(record, problems);
        let (_, local_body) = local_body?;
        let mut upper = Vec::with_capacity(2);
        if let Some(facts) = prefectural {
            let association = self.prefectural_body(record, local_body, problems)?;
            upper.push(ReportedStay { tier: Tier::Prefectural, association, facts });
        }
        if let Some(facts) = national {
            let association = self.national_body(problems)?;
            upper.push(ReportedStay { tier: Tier::National, association, facts });
        }
        let own = ReportedStay { tier: Tier::Local, association: local_body, facts: local };
        Some(ShownRow { row: problems.row, own, upper, carries_upper: true })
    }

    fn long_row(
        &mut self,
        record: &StringRecord,
        status: SourceStatus,
        problems: &mut RowProblems<'_>,
    ) -> Option<ShownRow> {
        let body = self.body_of_any_tier(record, problems);
        let mut facts = self.stay(record, &LONG, body.map(|(_, id)| id), problems);
        facts.status = status;
        facts.wished_on = self.wished_on(record, Field::WishedOn, problems);
        (facts.reason, facts.reason_text) = self.reason(record, problems);
        let (tier, association) = body?;
        let own = ReportedStay { tier, association, facts };
        Some(ShownRow { row: problems.row, own, upper: Vec::new(), carries_upper: false })
    }

    /// By code, else by name in the tier that the row names, else in the lowest tier that knows the name (R12).
    fn body_of_any_tier(
        &mut self,
        record: &StringRecord,
        problems: &mut RowProblems<'_>,
    ) -> Option<(Tier, AssociationId)> {
        let tiers = tiers_named(self.cell(record, Field::Tier));
        let on = self.last_day(record, &LONG);
        self.body(record, tiers, (Field::BodyCode, Field::BodyName), on, problems)
    }

    fn body(
        &mut self,
        record: &StringRecord,
        tiers: &[Tier],
        (code, name): (Field, Field),
        on: NaiveDate,
        problems: &mut RowProblems<'_>,
    ) -> Option<(Tier, AssociationId)> {
        let (code_cell, name_cell) = (self.columns.cell(record, code), self.columns.cell(record, name));
        match self.bodies.find_on(tiers, code_cell, name_cell, on) {
            Ok(found) => {
                if found.name_disagrees {
                    problems.note(name, Problem::CodeAndNameDisagree);
                }
                Some((found.tier, found.id))
            }
            Err(miss) => {
                let field = if name_cell.is_empty() && !code_cell.is_empty() { code } else { name };
                problems.note_miss(field, miss, self.bodies.candidates(tiers, code_cell, name_cell));
                None
            }
        }
    }

    fn cell<'r>(&self, record: &'r StringRecord, field: Field) -> &'r str {
        self.columns.cell(record, field)
    }

    fn number(&self, record: &StringRecord, problems: &mut RowProblems<'_>) -> Option<RegistrationNumber> {
        let number = registration_number(self.cell(record, Field::RegistrationNumber));
        match number {
            None => problems.note(Field::RegistrationNumber, Problem::NumberNotNumeric),
            Some(RegistrationNumber(1_000_000..)) => {
                problems.note(Field::RegistrationNumber, Problem::NumberTooLong);
            }
            Some(_) => {}
        }
        number
    }

    pub(super) fn status(&mut self, record: &StringRecord, problems: &mut RowProblems<'_>) -> SourceStatus {
        let cell = self.cell(record, Field::Status);
        self.statuses.meaning(cell).unwrap_or_else(|| {
            problems.note(Field::Status, Problem::StatusUnknown);
            SourceStatus::Unknown
        })
    }

    fn wished_on(&self, record: &StringRecord, field: Field, problems: &mut RowProblems<'_>) -> Option<NaiveDate> {
        let cell = self.cell(record, field);
        if cell.is_empty() { None } else { problems.day(field, cell, Problem::WishedNotADate) }
    }

    fn reason(
        &mut self,
        record: &StringRecord,
        problems: &mut RowProblems<'_>,
    ) -> (WithdrawalReason, Option<Box<str>>) {
        let cell = self.cell(record, Field::Reason);
        if cell.is_empty() {
            return (WithdrawalReason::None, None);
        }
        match self.reasons.meaning(cell) {
            Some(reason) => (reason, None),
            None => {
                problems.note(Field::Reason, Problem::ReasonUnmapped);
                (WithdrawalReason::Other, Some(cell.into()))
            }
        }
    }

    fn prefectural_body(
        &mut self,
        record: &StringRecord,
        local: AssociationId,
        problems: &mut RowProblems<'_>,
    ) -> Option<AssociationId> {
        let name = self.cell(record, Field::PrefecturalName);
        if !name.is_empty() {
            let found = self.bodies.by_name(Tier::Prefectural, name);
            return found
                .map_err(|miss| {
                    let candidates = self.bodies.candidates(&[Tier::Prefectural], "", name);
                    problems.note_miss(Field::PrefecturalName, miss, candidates);
                })
                .ok();
        }
        let above = self.associations.prefectural_above(local).map(|body| body.id);
        let problem = if above.is_some() { Problem::PrefecturalBodyInferred } else { Problem::BodyUnknown };
        problems.note(Field::PrefecturalName, problem);
        above
    }

    fn national_body(&self, problems: &mut RowProblems<'_>) -> Option<AssociationId> {
        let national = self.associations.national().map(|body| body.id);
        if national.is_none() {
            problems.note(Field::NationalJoinedOn, Problem::BodyUnknown);
        }
        national
    }

    /// The day that a row speaks of: its 退会日 when that has passed, else the export day.
    fn last_day(&self, record: &StringRecord, fields: &TierFields) -> NaiveDate {
        let cell = self.cell(record, fields.left_on);
        let left_on = if cell.is_empty() { None } else { read_day(cell).ok().map(|read| read.day) };
        left_on.map_or(self.export_day, |left_on| left_on.min(self.export_day))
    }

    /// The prefectural body of a row, as far as its class scheme needs it; what is wrong about it is told elsewhere.
    fn body_above(&mut self, record: &StringRecord, local: Option<AssociationId>) -> Option<AssociationId> {
        match self.cell(record, Field::PrefecturalName) {
            "" => local.and_then(|id| self.associations.prefectural_above(id)).map(|body| body.id),
            name => self.bodies.by_name(Tier::Prefectural, name).ok(),
        }
    }

    fn class(
        &mut self,
        record: &StringRecord,
        fields: &TierFields,
        body: Option<AssociationId>,
        problems: &mut RowProblems<'_>,
    ) -> (NationalClass, Option<Box<str>>) {
        let on = self.last_day(record, fields);
        let hit = self.classes.class_of(body, self.columns.cell(record, fields.class), on);
        if hit.has_ended {
            problems.note(fields.class, Problem::ClassWordEnded);
        }
        if hit.is_unmapped() {
            problems.note(fields.class, Problem::ClassUnmapped);
        }
        (hit.class, hit.word)
    }

    fn upper_stay(
        &mut self,
        record: &StringRecord,
        fields: &TierFields,
        body: Option<AssociationId>,
        problems: &mut RowProblems<'_>,
    ) -> Option<StayFacts> {
        // A blank 入会日 of an upper tier is silence (R6); so nothing else of the tier is looked at.
        if self.cell(record, fields.joined_on).is_empty() {
            return None;
        }
        Some(self.stay(record, fields, body, problems))
    }

    /// What a row says of a stay; `body` is whose class words are read.
    fn stay(
        &mut self,
        record: &StringRecord,
        fields: &TierFields,
        body: Option<AssociationId>,
        problems: &mut RowProblems<'_>,
    ) -> StayFacts {
        let joined_on = self.date(record, fields.joined_on, Problem::JoinedNotADate, problems);
        let left_on = self.date(record, fields.left_on, Problem::LeftNotADate, problems);
        match (joined_on, left_on) {
            (Some(joined), Some(left)) if left < joined => problems.note(fields.left_on, Problem::LeftBeforeJoined),
            (None, Some(_)) if self.cell(record, fields.joined_on).is_empty() => {
                problems.note(fields.left_on, Problem::PendingWithWithdrawal);
            }
            _ => {}
        }
        let (class, class_text) = self.class(record, fields, body, problems);
        StayFacts {
            wished_on: None,
            joined_on,
            left_on,
            class,
            class_text,
            reason: WithdrawalReason::None,
            reason_text: None,
            status: SourceStatus::Unknown,
        }
    }

    fn date(
        &self,
        record: &StringRecord,
        field: Field,
        problem: Problem,
        problems: &mut RowProblems<'_>,
    ) -> Option<NaiveDate> {
        let cell = self.cell(record, field);
        if cell.is_empty() {
            return None;
        }
        if problem == Problem::LeftNotADate && is_no_end(cell) {
            problems.note(field, Problem::NoEndAsDate);
            return None;
        }
        problems.day(field, cell, problem)
    }
}
