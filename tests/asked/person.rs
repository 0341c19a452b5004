//! The record of a person: it holds what was told in the bodies that an account may see, and nothing tells of the others.

use std::collections::{BTreeMap, BTreeSet};

use kaiin::domain::access::{Access, AccessArea, Role, TierSet};
use kaiin::domain::as_of::KnownAt;
use kaiin::domain::association::{Associations, Tier};
use kaiin::domain::enrolment::EnrolmentVersion;
use kaiin::domain::ids::{AssociationId, PhysicianId};
use kaiin::service::asked::{Extent, Outcome, Viewer};
use kaiin::service::persons::{Asker, PersonAnswer, PersonRecord, SearchAnswer};

use super::site::Site;
use crate::cli::samples::Sample;

fn access(area: AccessArea, tiers: &[Tier]) -> Access {
    Access::new(Role::Reader, area, TierSet::of(tiers), true, Vec::new()).expect("it may be so")
}

fn everything() -> Access {
    access(AccessArea::Everywhere, &Tier::ALL)
}

fn record(site: &Site, access: &Access, id: PhysicianId, known: &str) -> Option<PersonRecord> {
    let asker = Asker { workspace: &site.workspace, kept: &site.kept, access };
    match site.block_on(asker.person(Some(id), known)).expect("the store can be read") {
        PersonAnswer::Found(record) => Some(*record),
        PersonAnswer::Nobody => None,
        PersonAnswer::Wrong(code, _) => panic!("{code}"),
    }
}

/// Everything that the store holds of stays, by person.
fn all_versions(site: &Site) -> BTreeMap<PhysicianId, Vec<EnrolmentVersion>> {
    let mut out: BTreeMap<PhysicianId, Vec<EnrolmentVersion>> = BTreeMap::new();
    let take = |version: EnrolmentVersion| out.entry(version.physician).or_default().push(version);
    site.block_on(site.workspace.store.each_version(take)).expect("the store can be read");
    out
}

fn cells(record: &PersonRecord, table: &str, key: &str) -> Vec<String> {
    let table = record.tables.iter().find(|one| one.id == table).expect("it is always there");
    let at = table.columns.iter().position(|column| column.key == key).expect("a column");
    table.rows.iter().map(|row| row.cells[at].display()).collect()
}

fn names(associations: &Associations, bodies: impl IntoIterator<Item = AssociationId>) -> BTreeSet<String> {
    let day = "2025-12-31".parse().expect("a day");
    bodies.into_iter().map(|body| associations.short_name_on(body, day).to_string()).collect()
}

/// For each person and each kind of account: the bodies of the page are those of the store within what may be seen; who has none
/// is nobody; and what stands about a body does not depend on what else the account may see.
#[test]
fn page_tells_of_bodies_in_sight_and_of_no_other() {
    let site = Site::of(&Sample::three_prefectures());
    let associations = site.block_on(site.workspace.store.associations()).expect("the store can be read");
    let below = [Tier::Local, Tier::Prefectural];
    let accounts = [
        everything(),
        access(AccessArea::Everywhere, &below),
        access(AccessArea::Prefecture("11".into()), &below),
        access(AccessArea::Prefecture("13".into()), &[Tier::Local]),
        access(AccessArea::Association("11-001".into()), &below),
    ];
    let today = "2026-02-01".parse().expect("a day");
    let all = all_versions(&site);
    let (mut n_found, mut n_nobody, mut n_cut) = (0, 0, 0);
    for (id, versions) in all.iter().step_by(45) {
        let whole = record(&site, &accounts[0], *id, "").expect("everybody is somewhere");
        for access in &accounts {
            let seen = access.persons_of(&associations, today);
            let is_seen = |body: AssociationId| associations.rank(body).is_some_and(|rank| seen.has(rank));
            let told: Vec<&EnrolmentVersion> = versions.iter().filter(|one| is_seen(one.association)).collect();
            let Some(record) = record(&site, access, *id, "") else {
                assert_eq!(told.len(), 0, "{id} {access:?}");
                n_nobody += 1;
                continue;
            };
            n_found += 1;
            n_cut += usize::from(told.len() < versions.len());
            let expected = names(&associations, told.iter().map(|one| one.association));
            let shown: BTreeSet<String> = cells(&record, "exported", "body").into_iter().collect();
            assert_eq!(shown, expected, "{id} {access:?}");
            assert_eq!(cells(&record, "exported", "day").len(), told.len(), "{id}: each word of an export is a row");
            for (table, key) in [("stays", "body"), ("classes", "body"), ("transfers", "exit"), ("transfers", "entry")]
            {
                let shown: BTreeSet<String> =
                    cells(&record, table, key).into_iter().filter(|one| !one.is_empty()).collect();
                assert!(shown.is_subset(&expected), "{id} {access:?} {table}: {shown:?}");
            }
            // What is said of a stay is the same, whoever looks.
            let stays = |record: &PersonRecord| -> BTreeSet<String> {
                let table = record.tables.iter().find(|one| one.id == "stays").expect("it is always there");
                table.rows.iter().map(|row| format!("{:?}", row.cells)).collect()
            };
            assert!(stays(&record).is_subset(&stays(&whole)), "{id} {access:?}");
            assert_eq!(record.is_whole, *access == everything());
        }
    }
    assert!(n_found > 20 && n_nobody > 20 && n_cut > 3, "{n_found} {n_nobody} {n_cut}");
}

/// The page of a day says what was known then: rows of later exports are not on it.
#[test]
fn page_of_a_day_holds_nothing_that_was_learnt_later() {
    let site = Site::of(&Sample::saitama());
    let mut n_fewer = 0;
    for (id, versions) in all_versions(&site).iter().step_by(60) {
        for known in ["2025-09-30", "2025-10-31", "2025-12-31"] {
            let day = known.parse().expect("a day");
            let by_then = versions.iter().filter(|one| one.known_from <= day).count();
            n_fewer += usize::from(by_then < versions.len());
            match record(&site, &everything(), *id, known) {
                None => assert_eq!(by_then, 0, "{id} {known}"),
                Some(record) => {
                    assert_eq!(record.known_at, day);
                    assert_eq!(cells(&record, "exported", "day").len(), by_then, "{id} {known}");
                }
            }
        }
    }
    assert!(n_fewer > 3, "{n_fewer}");
}

/// Each row of a list leads to the person of its number, and where it says that it is written the page says so too.
#[test]
fn rows_of_a_list_lead_to_their_persons() {
    let site = Site::of(&Sample::saitama());
    let query = "on=2025-12-01&body=11-003";
    let Outcome::Answered(answer) = site.ask(query, &Viewer::of_everything(), Extent::Page) else {
        panic!("{query} is answered")
    };
    let (list, pages) = answer.persons.as_ref().expect("persons may be seen");
    assert_eq!(answer.person_keys.len(), pages.shown);
    let at = |key: &str| list.columns.iter().position(|column| column.key == key).expect("a column");
    let (number, source) = (at("number"), at("source"));
    for (row, id) in list.rows.iter().zip(&answer.person_keys) {
        let record = record(&site, &everything(), *id, &answer.known_at.to_string()).expect("she is there");
        assert_eq!(record.facts[0].text, row.cells[number].display());
        let told = cells(&record, "stays", "source");
        assert!(told.iter().any(|told| told.ends_with(&row.cells[source].display())), "{told:?}");
    }
    let page = site.page(query, &Viewer::of_everything());
    let known = answer.known_at;
    for id in &answer.person_keys {
        assert!(page.contains(&format!("href=\"/person?key={id}&#38;known={known}\"")), "{id}");
    }
}

/// Whoever begins so is found, in sight, in kana of any kind; the total is that of all.
#[test]
fn search_finds_those_in_sight_whose_name_begins_so() {
    let site = Site::of(&Sample::three_prefectures());
    let all = all_versions(&site);
    let ids: Vec<PhysicianId> = all.keys().copied().collect();
    let known_at = KnownAt("2025-12-31".parse().expect("a day"));
    let persons = site.block_on(site.workspace.store.persons(&ids, known_at)).expect("the store can be read");
    let own = access(AccessArea::Prefecture("11".into()), &[Tier::Local, Tier::Prefectural]);
    let associations = site.block_on(site.workspace.store.associations()).expect("the store can be read");
    let seen = own.persons_of(&associations, "2026-02-01".parse().expect("a day"));
    let is_seen = |id: &PhysicianId| {
        all[id].iter().any(|one| associations.rank(one.association).is_some_and(|rank| seen.has(rank)))
    };
    let search = |access: &Access, text: &str| {
        let asker = Asker { workspace: &site.workspace, kept: &site.kept, access };
        match site.block_on(asker.search(text)).expect("the store can be read") {
            SearchAnswer::Found(hits) => hits,
            SearchAnswer::Wrong(code, _) => panic!("{code}"),
        }
    };
    for person in persons.iter().step_by(persons.len() / 12) {
        let texts = person.person.texts();
        let first: String = texts.name.chars().take(1).collect();
        let begins: Vec<_> = persons.iter().filter(|one| one.person.texts().name.starts_with(&first)).collect();
        let hits = search(&everything(), &first);
        assert!(hits.total >= begins.len() && hits.listed.len() == hits.total.min(50), "{}", hits.total);
        let expected = begins.iter().filter(|one| is_seen(&one.physician)).count();
        let in_sight = search(&own, &first);
        assert!(in_sight.total >= expected && in_sight.listed.iter().all(|hit| is_seen(&hit.physician)));
        // A number is exact, in any dress.
        let number = format!("第{:06}号", person.number.0);
        let by_number = search(&own, &number);
        assert_eq!(by_number.total, usize::from(is_seen(&person.physician)), "{number}");
        assert_eq!(search(&everything(), &number).listed[0].physician, person.physician);
    }
    assert_eq!(search(&everything(), "%").total + search(&everything(), "' OR '1'='1").total, 0);
}
