//! What stands in a store while a world goes into it, kept in memory: reading a national store back for each of a hundred
//! months would take longer than everything else.
//!
//! Rows of a table get ascending numbers in the order in which they are appended, for nobody else writes there.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::domain::ids::{AssociationId, EnrolmentId, PhysicianId};
use crate::domain::reconcile::StoredStay;
use crate::service::intake::import::plan::Stored;
use crate::store::{Changes, StoredApplication, StoredFinding, StoredPerson, StoredRow};
use crate::synth::World;

/// Whom each export shows in another way than the one before.
pub(super) struct Touched {
    physicians: Vec<Vec<usize>>,
    filings: Vec<Vec<usize>>,
}

impl Touched {
    /// Of a world and its exports, ascending. The first export touches everybody.
    pub(super) fn of(world: &World, exports: &[NaiveDate]) -> Self {
        let mut out = Self { physicians: vec![Vec::new(); exports.len()], filings: vec![Vec::new(); exports.len()] };
        let place = |day: &NaiveDate| exports.partition_point(|export| export < day);
        for physician in 0..world.n_physicians() {
            note(&mut out.physicians, physician, world.days_of_change(physician).iter().map(place));
        }
        for filing in 0..world.n_filings() {
            note(&mut out.filings, filing, world.days_of_filing(filing).iter().map(place));
        }
        if let Some(first) = out.physicians.first_mut() {
            *first = (0..world.n_physicians()).collect();
        }
        out
    }

    /// Places of the physicians and the applications that the `nth` export touches, ascending.
    pub(super) fn at(&mut self, nth: usize) -> (Vec<usize>, Vec<usize>) {
        (std::mem::take(&mut self.physicians[nth]), std::mem::take(&mut self.filings[nth]))
    }
}

fn note(months: &mut [Vec<usize>], who: usize, places: impl Iterator<Item = usize>) {
    for place in places {
        if let Some(month) = months.get_mut(place)
            && month.last() != Some(&who)
        {
            month.push(who);
        }
    }
}

/// What stands.
pub(super) struct Stand {
    persons: Vec<Option<StoredPerson>>,
    stays: Vec<Vec<StoredRow>>,
    findings: Vec<Vec<StoredFinding>>,
    applications: HashMap<(PhysicianId, Box<str>), Vec<StoredApplication>>,
    /// Place in the world by id less one.
    places: Vec<usize>,
    /// Place in the world by registration number.
    of_number: HashMap<u32, usize>,
    /// Rows of each physician in the present export, and the row before the first of them.
    rows: Vec<(u8, u32)>,
    next_enrolment: i64,
    next_rows: NextRows,
}

/// Numbers of the next rows of the tables.
struct NextRows {
    persons: i64,
    versions: i64,
    findings: i64,
    applications: i64,
}

impl Stand {
    /// Of an empty store.
    pub(super) fn of(world: &World) -> Self {
        let n = world.n_physicians();
        Self {
            persons: vec![None; n],
            stays: vec![Vec::new(); n],
            findings: vec![Vec::new(); n],
            applications: HashMap::new(),
            places: Vec::with_capacity(n),
            of_number: (0..n).map(|place| (world.number(place), place)).collect(),
            rows: vec![(0, 0); n],
            next_enrolment: 1,
            next_rows: NextRows { persons: 1, versions: 1, findings: 1, applications: 1 },
        }
    }

    pub(super) fn count_rows(&mut self, physician: usize, n: usize) {
        self.rows[physician].0 = u8::try_from(n).unwrap_or(u8::MAX);
    }

    /// Numbers the rows of the present export as its file would, and says how many there are.
    pub(super) fn number_rows(&mut self) -> u32 {
        // Below the headings, as Excel shows it.
        let mut next = 2;
        for (n, first) in &mut self.rows {
            *first = next;
            next += u32::from(*n);
        }
        next - 2
    }

    /// Row of the `nth` row of a physician.
    pub(super) fn row_of(&self, physician: usize, nth: usize) -> u32 {
        self.rows[physician].1 + u32::try_from(nth).unwrap_or(0)
    }

    /// What stands of some physicians, as an import reads it from a store.
    pub(super) fn of_members(&self, physicians: &[usize]) -> Stored {
        let mut persons: Vec<StoredPerson> = physicians.iter().filter_map(|who| self.persons[*who]).collect();
        persons.sort_unstable_by_key(|person| person.physician);
        let place = |person: &StoredPerson| self.of_number.get(&person.number.0).copied();
        let places: Vec<usize> = persons.iter().filter_map(place).collect();
        let stays = places.iter().flat_map(|who| self.stays[*who].iter().cloned()).collect();
        let findings = places.iter().flat_map(|who| self.findings[*who].iter().cloned()).collect();
        persons.sort_unstable_by_key(|person| person.number);
        Stored { stays, persons, findings, next_ids: (self.next_physician(), EnrolmentId(self.next_enrolment)) }
    }

    fn next_physician(&self) -> PhysicianId {
        PhysicianId(i64::try_from(self.places.len()).unwrap_or(i64::MAX).saturating_add(1))
    }

    /// Takes over what an import of members has stored.
    pub(super) fn take_members(&mut self, changes: &Changes, export: NaiveDate) {
        self.take_physicians(changes);
        for new in &changes.new_persons {
            let row_id = self.next_rows.persons;
            self.next_rows.persons += 1;
            let Some(place) = self.place(new.physician) else { continue };
            if let Some(person) = &mut self.persons[place] {
                person.row_id = Some(row_id);
                (person.digest, person.kana_digest) = (new.digest, new.kana_digest);
                (person.born_on, person.known_from) = (new.person.born_on, Some(export));
            }
        }
        for new in &changes.new_versions {
            let row_id = self.next_rows.versions;
            self.next_rows.versions += 1;
            self.next_enrolment = self.next_enrolment.max(new.enrolment.0 + 1);
            let stay = StoredStay {
                enrolment: new.enrolment,
                facts: new.version.facts.clone(),
                class_from: new.version.class_from,
                rows_shown: new.version.rows_shown,
            };
            self.replace(StoredRow { row_id, physician: new.physician, association: new.association, stay });
        }
        self.take_findings(changes);
    }

    fn take_physicians(&mut self, changes: &Changes) {
        for (physician, number) in &changes.new_physicians {
            let Some(place) = self.of_number.get(&number.0).copied() else { continue };
            self.places.push(place);
            self.persons[place] = Some(StoredPerson {
                number: *number,
                physician: *physician,
                row_id: None,
                digest: 0,
                kana_digest: 0,
                born_on: None,
                known_from: None,
            });
        }
    }

    fn take_findings(&mut self, changes: &Changes) {
        let resolved: std::collections::HashSet<i64> = changes.resolved_findings.iter().copied().collect();
        if !resolved.is_empty() {
            self.findings.iter_mut().for_each(|of| of.retain(|finding| !resolved.contains(&finding.row_id)));
        }
        for finding in &changes.new_findings {
            let row_id = self.next_rows.findings;
            self.next_rows.findings += 1;
            if let Some(place) = self.place(finding.physician).filter(|_| finding.code.is_state()) {
                self.findings[place].push(StoredFinding { row_id, finding: *finding });
            }
        }
    }

    fn place(&self, physician: PhysicianId) -> Option<usize> {
        let at = usize::try_from(physician.0).ok()?.checked_sub(1)?;
        self.places.get(at).copied()
    }

    /// Puts a version in the place of the one before it, in the order of bodies and enrolments.
    fn replace(&mut self, row: StoredRow) {
        let Some(place) = self.place(row.physician) else { return };
        let key = |row: &StoredRow| -> (AssociationId, EnrolmentId) { (row.association, row.stay.enrolment) };
        let stays = &mut self.stays[place];
        match stays.binary_search_by_key(&key(&row), key) {
            Ok(at) => stays[at] = row,
            Err(at) => stays.insert(at, row),
        }
    }

    /// What stands of some applications, the persons whom they are about by number, and the next free id.
    pub(super) fn of_applications(
        &self,
        filings: &[usize],
        world: &World,
    ) -> (Vec<StoredApplication>, Vec<StoredPerson>, PhysicianId) {
        let mut persons: Vec<StoredPerson> =
            filings.iter().filter_map(|filing| self.persons[world.filed_by(*filing)]).collect();
        persons.sort_unstable_by_key(|person| person.number);
        persons.dedup_by_key(|person| person.number);
        let numbers = filings.iter().filter_map(|filing| {
            let person = self.persons[world.filed_by(*filing)]?;
            self.applications.get(&(person.physician, world.filing_number(*filing).into()))
        });
        (numbers.flatten().cloned().collect(), persons, self.next_physician())
    }

    /// Takes over what an import of applications has stored.
    pub(super) fn take_applications(&mut self, changes: &Changes) {
        self.take_physicians(changes);
        for (application, _) in &changes.new_applications {
            let row_id = self.next_rows.applications;
            self.next_rows.applications += 1;
            let key = (application.physician, application.number.clone());
            let of = self.applications.entry(key).or_default();
            of.retain(|other| other.application.key() != application.key());
            of.push(StoredApplication { row_id, application: application.clone() });
        }
    }
}
