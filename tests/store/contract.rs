//! What every store promises, asked of both: facts appended, superseded, taken back, and nothing half done.

use chrono::{DateTime, NaiveDate, Utc};
use kaiin::domain::adjustment::{Adjustment, AdjustmentKind};
use kaiin::domain::application::{Application, ApplicationKind, ApplicationStatus, Filer};
use kaiin::domain::as_of::KnownAt;
use kaiin::domain::class::NationalClass;
use kaiin::domain::enrolment::{SourceStatus, StayFacts, WithdrawalReason};
use kaiin::domain::finding::{Finding, FindingCode};
use kaiin::domain::ids::{AssociationId, EnrolmentId, PhysicianId, RegistrationNumber};
use kaiin::domain::layout::FileKind;
use kaiin::domain::ledger::{JobFile, JobPaper, JobState, JobVersion, VersionKind};
use kaiin::domain::person::{Person, PersonTexts, Sex};
use kaiin::domain::problem::{Problem, RowProblem};
use kaiin::domain::reconcile::NewVersion;
use kaiin::store::{ChainScope, Changes, Import, NewEnrolmentVersion, NewImport, NewPerson, Store, StoreError};
use rstest::rstest;

use super::desk::Desk;
use super::home::{Database, Home, skips_without_server};
use crate::cli::program::NOW;
use crate::cli::samples::Sample;

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("test dates are ISO")
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

/// A desk that knows the bodies of a sample and no facts.
pub async fn desk(home: Home) -> Desk {
    let desk = Desk::on(home).await;
    desk.import(&Sample::cases().files[..1]).await.expect("the master is taken in");
    desk
}

/// A file of a kind and day; the name tells it from another one of that day.
pub fn file(kind: FileKind, known_on: &str, name: &str) -> NewImport {
    NewImport {
        follows: None,
        kind,
        source_name: kind.code().into(),
        known_on: day(known_on),
        file_name: format!("{name}.csv"),
        sha256: name.into(),
        size_bytes: 4_294_967_296,
        encoding: "UTF-8".into(),
        layout: "wide".into(),
        definitions_sha256: "rules".into(),
        ended_rows_kept_days: 365,
        imported_at: instant(NOW),
        n_rows: 3,
        n_rejected: 1,
        n_rejected_active: 1,
        accepted_drop_reason: Some("試験".into()),
        head: format!("head of {name}"),
        problems: vec![RowProblem {
            row: 7,
            column: "AB".into(),
            heading: "郡市区等入会日".into(),
            problem: Problem::JoinedNotADate,
            active: true,
            hint: None,
            detail: String::new(),
        }],
    }
}

fn facts(joined_on: &str, left_on: Option<&str>) -> StayFacts {
    StayFacts {
        wished_on: None,
        joined_on: Some(day(joined_on)),
        left_on: left_on.map(day),
        class: NationalClass::Unknown,
        class_text: Some("特別会員\u{E000}".into()),
        reason: WithdrawalReason::Other,
        reason_text: Some("𠮷の事情".into()),
        status: SourceStatus::from_index(1).expect("a status"),
    }
}

fn version(enrolment: i64, physician: i64, body: i32, facts: StayFacts, row: Option<u32>) -> NewEnrolmentVersion {
    let class_from = facts.left_on;
    NewEnrolmentVersion {
        enrolment: EnrolmentId(enrolment),
        physician: PhysicianId(physician),
        association: AssociationId(body),
        version: NewVersion { facts, class_from, rows_shown: u16::from(row.is_some()), row },
    }
}

fn person(physician: i64, name: &str, row: u32) -> NewPerson {
    let texts = PersonTexts { name: name.into(), duty: "診療所".into(), ..PersonTexts::default() };
    let born_on = (physician == 1).then(|| day("1868-01-25"));
    let person = Person::new(&texts, Sex::Female, born_on);
    NewPerson { physician: PhysicianId(physician), person: person.into(), digest: i64::MIN, kana_digest: i64::MAX, row }
}

fn finding(code: FindingCode, body: Option<i32>) -> Finding {
    let (date_before, date_after) = (Some(day("2001-04-01")), None);
    let association = body.map(AssociationId);
    Finding { code, physician: PhysicianId(1), association, date_before, date_after, row: Some(2) }
}

fn application(number: &str, status: ApplicationStatus) -> Application {
    Application {
        number: number.into(),
        kind: ApplicationKind::ClassChange,
        physician: PhysicianId(1),
        association: AssociationId(2),
        filer: Filer::Proxy,
        applied_on: Some(day("2025-09-01")),
        effective_on: Some(day("2025-09-02")),
        approved_on: None,
        cancelled_on: None,
        status,
        class: Some(NationalClass::B),
        reason: WithdrawalReason::None,
        note: "備考　改行\nあり".into(),
    }
}

fn adjustment(number: &str, body: Option<i32>, is_revoked: bool) -> Adjustment {
    Adjustment {
        number: number.into(),
        kind: AdjustmentKind::Acknowledged,
        physician: PhysicianId(2),
        association: body.map(AssociationId),
        stay_joined_on: None,
        day: Some(day("2025-09-03")),
        class: None,
        reason: WithdrawalReason::Death,
        other: Some(PhysicianId(1)),
        finding: Some(FindingCode::OpenStayVanished),
        is_revoked,
        why: "届出あり".into(),
        approver: "架空課長".into(),
    }
}

/// Two persons with three stays, findings about a body and about none.
fn first_members() -> Changes {
    Changes {
        new_physicians: vec![
            (PhysicianId(1), RegistrationNumber(u32::MAX)),
            (PhysicianId(2), RegistrationNumber(100_001)),
        ],
        new_persons: vec![person(1, "架空　例", 2), person(2, "辻\u{E0100}", 3)],
        new_versions: vec![
            version(1, 1, 2, facts("2001-04-01", None), Some(2)),
            version(2, 1, 1, facts("2002-04-01", Some("2025-03-31")), None),
            version(3, 2, 3, facts("2003-04-01", None), Some(u32::MAX)),
        ],
        new_findings: vec![
            finding(FindingCode::StaysOverlap, Some(3)),
            finding(FindingCode::StaysOverlap, None),
            finding(FindingCode::WithdrawalMoved, Some(1)),
        ],
        ..Changes::default()
    }
}

/// The first stay ends, a person is renamed, a finding is resolved; ids are those of the first import.
fn second_members() -> Changes {
    Changes {
        superseded_persons: vec![1],
        new_persons: vec![person(1, "新名　例", 5)],
        superseded_versions: vec![1],
        new_versions: vec![version(1, 1, 2, facts("2001-04-01", Some("2025-10-15")), Some(5))],
        resolved_findings: vec![1],
        ..Changes::default()
    }
}

async fn take_in(store: &Store, file: &NewImport, changes: &Changes) {
    let mut import = store.start_import(file).await.expect("an import starts");
    import.take_back_replaced().await.expect("a replaced file is taken back");
    import.commit(changes).await.expect("an import is stored");
}

/// All that a store tells, in its own order.
pub async fn told(store: &Store) -> Vec<String> {
    let mut out: Vec<String> =
        store.imports().await.expect("readable").iter().map(|import| format!("{import:?}")).collect();
    store.each_version(|version| out.push(format!("{version:?}"))).await.expect("readable");
    store.each_person(|person| out.push(format!("{person:?}"))).await.expect("readable");
    store.each_application(|version| out.push(format!("{version:?}"))).await.expect("readable");
    store.each_adjustment(|version| out.push(format!("{version:?}"))).await.expect("readable");
    for known_at in ["2025-09-29", "2025-09-30", "2025-10-30", "2025-10-31"] {
        let known_at = KnownAt(day(known_at));
        let findings = store.findings(known_at).await.expect("readable");
        out.extend(findings.iter().map(|finding| format!("{known_at:?} {finding:?}")));
        let persons = store.persons(&[PhysicianId(2), PhysicianId(1)], known_at).await.expect("readable");
        out.extend(persons.iter().map(|person| format!("{known_at:?} {person:?}")));
        let stays = [EnrolmentId(3), EnrolmentId(1), EnrolmentId(9)];
        let origins = store.origins(&stays, known_at).await.expect("readable");
        out.extend(origins.iter().map(|origin| format!("{known_at:?} {origin:?}")));
    }
    out.push(format!("{:?}", store.association_codes_in_use().await.expect("readable")));
    out
}

/// All that an import reads before it decides.
async fn stands(import: &mut Import) -> String {
    format!(
        "{:#?} {:#?} {:#?} {:#?} {:#?} {:?}",
        import.standing().await.expect("readable"),
        import.stored_persons().await.expect("readable"),
        import.stored_findings().await.expect("readable"),
        import.stored_applications().await.expect("readable"),
        import.stored_adjustments().await.expect("readable"),
        import.next_ids().await.expect("readable"),
    )
}

/// Members of two months, applications and adjustments of two days, each with a version that supersedes another.
async fn two_months(store: &Store) {
    take_in(store, &file(FileKind::Members, "2025-09-30", "members-9"), &first_members()).await;
    take_in(store, &file(FileKind::Members, "2025-10-31", "members-10"), &second_members()).await;
    let new_applications = ["b", "a", "Ａ"].map(|number| (application(number, ApplicationStatus::Pending), 2));
    let changes = Changes { new_applications: new_applications.into(), ..Changes::default() };
    take_in(store, &file(FileKind::Applications, "2025-09-30", "applications-9"), &changes).await;
    let changes = Changes {
        superseded_applications: vec![2],
        new_applications: vec![(application("a", ApplicationStatus::Approved), 3)],
        ..Changes::default()
    };
    take_in(store, &file(FileKind::Applications, "2025-10-31", "applications-10"), &changes).await;
    let new_adjustments = vec![
        (adjustment("1", Some(3), false), 2),
        (adjustment("1", None, false), 3),
        (adjustment("0", Some(1), false), 4),
    ];
    let changes = Changes { new_adjustments, ..Changes::default() };
    take_in(store, &file(FileKind::Adjustments, "2025-09-30", "adjustments-9"), &changes).await;
    let changes = Changes {
        superseded_adjustments: vec![1],
        new_adjustments: vec![(adjustment("1", Some(3), true), 2)],
        ..Changes::default()
    };
    take_in(store, &file(FileKind::Adjustments, "2025-10-31", "adjustments-10"), &changes).await;
}

#[rstest]
#[tokio::test]
async fn facts_are_appended_and_superseded(#[values(Home::Sqlite, Home::Postgres)] home: Home) {
    if home.is_skipped() {
        return;
    }
    let desk = desk(home).await;
    let store = &desk.workspace.store;
    two_months(store).await;

    let mut versions = Vec::new();
    store.each_version(|version| versions.push(version)).await.expect("readable");
    let known = versions.iter().map(|version| {
        (version.enrolment.0, version.known_from.to_string(), version.known_until.map(|until| until.to_string()))
    });
    let (september, october) = ("2025-09-30".to_string(), "2025-10-31".to_string());
    assert_eq!(
        known.collect::<Vec<_>>(),
        [
            (2, september.clone(), None),
            (1, september.clone(), Some(october.clone())),
            (1, october.clone(), None),
            (3, september.clone(), None),
        ]
    );
    assert_eq!(versions[1].facts, facts("2001-04-01", None));
    assert_eq!(versions[2].facts, facts("2001-04-01", Some("2025-10-15")));

    let at = |text: &str| KnownAt(day(text));
    let names = async |known_at: &str| {
        let persons = store.persons(&[PhysicianId(1), PhysicianId(2)], at(known_at)).await.expect("readable");
        persons.iter().map(|person| (person.number.0, person.person.texts().name)).collect::<Vec<_>>()
    };
    // Whoever was not described then has a number and no texts: an adjustment may tell of somebody no export shows.
    assert_eq!(names("2025-09-29").await, [(100_001, String::new()), (u32::MAX, String::new())]);
    assert_eq!(names("2025-10-30").await[1], (u32::MAX, "架空　例".to_string()));
    assert_eq!(names("2025-10-31").await, [(100_001, "辻\u{E0100}".to_string()), (u32::MAX, "新名　例".to_string())]);

    let findings = async |known_at: &str| {
        let findings = store.findings(at(known_at)).await.expect("readable");
        findings.iter().map(|known| (known.finding.code, known.finding.association)).collect::<Vec<_>>()
    };
    let (overlap, moved) = (FindingCode::StaysOverlap, FindingCode::WithdrawalMoved);
    let body = |id| Some(AssociationId(id));
    assert_eq!(findings("2025-10-30").await, [(overlap, None), (overlap, body(3)), (moved, body(1))]);
    assert_eq!(findings("2025-10-31").await, [(overlap, None), (moved, body(1))]);

    let origins = store.origins(&[EnrolmentId(3), EnrolmentId(1)], at("2025-10-31")).await.expect("readable");
    let origins: Vec<_> = origins.iter().map(|origin| (origin.enrolment.0, &*origin.file_name, origin.row)).collect();
    assert_eq!(
        origins,
        [(1, "members-9.csv", Some(2)), (1, "members-10.csv", Some(5)), (3, "members-9.csv", Some(u32::MAX))]
    );
}

#[rstest]
#[tokio::test]
async fn applications_and_adjustments_are_told_with_all_their_versions(
    #[values(Home::Sqlite, Home::Postgres)] home: Home,
) {
    if home.is_skipped() {
        return;
    }
    let desk = desk(home).await;
    let store = &desk.workspace.store;
    two_months(store).await;
    let mut told = Vec::new();
    store.each_application(|version| told.push(version)).await.expect("readable");
    let numbers: Vec<_> = told.iter().map(|version| (&*version.application.number, version.known_until)).collect();
    // By bytes, whatever the language of the server is.
    assert_eq!(numbers, [("a", Some(day("2025-10-31"))), ("a", None), ("b", None), ("Ａ", None)]);
    assert_eq!(told[1].application, application("a", ApplicationStatus::Approved));
    assert_eq!((told[1].row, told[1].known_from), (3, day("2025-10-31")));

    let mut told = Vec::new();
    store.each_adjustment(|version| told.push(version)).await.expect("readable");
    let expected = [("0", Some(1), false), ("1", None, false), ("1", Some(3), false), ("1", Some(3), true)];
    let seen = told.iter().map(|version| {
        let adjustment = &version.adjustment;
        (&*adjustment.number, adjustment.association.map(|id| id.0), adjustment.is_revoked)
    });
    assert_eq!(seen.collect::<Vec<_>>(), expected);
    assert_eq!(told[1].adjustment, adjustment("1", None, false));

    let mut import = store.start_import(&file(FileKind::Adjustments, "2025-11-30", "next")).await.expect("starts");
    let standing = import.stored_adjustments().await.expect("readable");
    assert_eq!(standing.iter().map(|row| row.row_id).collect::<Vec<_>>(), [2, 3, 4]);
    assert!(import.standing().await.expect("readable").is_empty(), "stays are of another source");
    import.abandon().await.expect("an import can be abandoned");
}

/// Files of one day: what the replaced one said is void, and what it had superseded stands again.
/// What is asked for of some bodies or persons is what everything has of them, in its order.
#[rstest]
#[tokio::test]
async fn part_of_the_facts_is_that_of_all(#[values(Home::Sqlite, Home::Postgres)] home: Home) {
    if home.is_skipped() {
        return;
    }
    let desk = desk(home).await;
    let store = &desk.workspace.store;
    two_months(store).await;
    let (mut all, mut names) = (Vec::new(), Vec::new());
    store.each_application(|version| all.push(version)).await.expect("readable");
    let known_at = KnownAt(day("2025-10-30"));
    let findings = store.findings(known_at).await.expect("readable");
    store.each_name(known_at, |id, name| names.push((id, name.to_owned()))).await.expect("readable");
    for ids in [&[][..], &[1], &[2, 3], &[1, 2, 3, 99]] {
        let bodies: Vec<AssociationId> = ids.iter().copied().map(AssociationId).collect();
        let mut applications = Vec::new();
        store.each_application_in(&bodies, |version| applications.push(version)).await.expect("readable");
        let of_bodies = all.iter().filter(|version| bodies.contains(&version.application.association));
        assert_eq!(applications, of_bodies.cloned().collect::<Vec<_>>(), "{ids:?}");
        let is_of_bodies = |body: &AssociationId| bodies.contains(body);
        let of_bodies = findings.iter().filter(|known| known.finding.association.as_ref().is_some_and(is_of_bodies));
        let found = store.findings_in(&bodies, known_at).await.expect("readable");
        assert_eq!(found, of_bodies.cloned().collect::<Vec<_>>(), "{ids:?}");
        let persons: Vec<PhysicianId> = ids.iter().copied().map(|id| PhysicianId(id.into())).collect();
        let mut named = Vec::new();
        let push = |id, name: &str| named.push((id, name.to_owned()));
        store.each_name_of(&persons, known_at, push).await.expect("readable");
        let of_persons = names.iter().filter(|(id, _)| persons.contains(id));
        assert_eq!(named, of_persons.cloned().collect::<Vec<_>>(), "{ids:?}");
    }
    assert!(all.len() > 2 && names.len() == 2 && findings.len() == 3);
}

#[rstest]
#[tokio::test]
async fn replaced_file_is_taken_back_on_all_facts(#[values(Home::Sqlite, Home::Postgres)] home: Home) {
    if home.is_skipped() {
        return;
    }
    let often = desk(home).await;
    let once = desk(home).await;
    two_months(&often.workspace.store).await;
    two_months(&once.workspace.store).await;
    for (kind, n_standing) in [(FileKind::Members, 3), (FileKind::Applications, 3), (FileKind::Adjustments, 3)] {
        let store = &often.workspace.store;
        let again = file(kind, "2025-10-31", &format!("{}-10-again", kind.code()));
        let mut import = store.start_import(&again).await.expect("an import starts");
        assert!(import.replaces());
        import.take_back_replaced().await.expect("a replaced file is taken back");
        let n = match kind {
            FileKind::Members => import.standing().await.expect("readable").len(),
            FileKind::Applications => import.stored_applications().await.expect("readable").len(),
            _ => import.stored_adjustments().await.expect("readable").len(),
        };
        assert_eq!(n, n_standing, "{kind:?}");
        import.commit(&Changes::default()).await.expect("an import is stored");
    }
    // Now everything is known again as in September.
    let seen = async |desk: &Desk, known_at: &str| {
        let (store, known_at) = (&desk.workspace.store, day(known_at));
        let mut out = Vec::new();
        let versions = store.each_version(|version| {
            if version.known_on(known_at) {
                out.push(format!("{:?} {:?}", version.enrolment, version.facts));
            }
        });
        versions.await.expect("readable");
        let applications = store.each_application(|version| {
            if version.known_on(known_at) {
                out.push(format!("{:?}", version.application));
            }
        });
        applications.await.expect("readable");
        let adjustments = store.each_adjustment(|version| {
            if version.known_on(known_at) {
                out.push(format!("{:?}", version.adjustment));
            }
        });
        adjustments.await.expect("readable");
        let findings = store.findings(KnownAt(known_at)).await.expect("readable");
        out.extend(findings.iter().map(|known| format!("{:?} {}", known.finding, known.known_from)));
        let persons = store.persons(&[PhysicianId(1), PhysicianId(2)], KnownAt(known_at)).await.expect("readable");
        out.extend(persons.iter().map(|person| format!("{person:?}")));
        out
    };
    assert_eq!(seen(&often, "2025-10-31").await, seen(&once, "2025-10-30").await);
    assert_eq!(seen(&often, "2025-10-30").await, seen(&once, "2025-10-30").await);
    assert_ne!(seen(&once, "2025-10-31").await, seen(&once, "2025-10-30").await);
    let imports = often.workspace.store.imports().await.expect("readable");
    let replaced = imports.iter().filter(|import| import.replaced).map(|import| &*import.file_name);
    assert_eq!(replaced.collect::<Vec<_>>(), ["members-10.csv", "applications-10.csv", "adjustments-10.csv"]);
}

/// The same calls give the same rows with the same ids, and the same answers in the same order.
#[tokio::test]
async fn both_stores_tell_the_same() {
    if skips_without_server() {
        return;
    }
    let (sqlite, postgres) = (desk(Home::Sqlite).await, desk(Home::Postgres).await);
    let mut stood = Vec::new();
    for desk in [&sqlite, &postgres] {
        let store = &desk.workspace.store;
        two_months(store).await;
        let again = file(FileKind::Members, "2025-10-31", "members-10-again");
        take_in(store, &again, &Changes::default()).await;
        let mut import =
            store.start_import(&file(FileKind::Members, "2025-11-30", "next")).await.expect("an import starts");
        stood.push(stands(&mut import).await);
        import.abandon().await.expect("an import can be abandoned");
    }
    assert_eq!(stood[0], stood[1]);
    assert_eq!(told(&sqlite.workspace.store).await, told(&postgres.workspace.store).await);
    let mut sums = Vec::new();
    for desk in [&sqlite, &postgres] {
        let mut whole = desk.workspace.store.look().await.expect("readable");
        sums.push(whole.sums().await.expect("readable"));
    }
    assert_eq!(sums[0], sums[1]);
}

/// Whatever an administrator has set for a server or a user: no answer depends on it.
#[tokio::test]
async fn settings_of_the_server_change_no_answer() {
    if skips_without_server() {
        return;
    }
    let database = Database::new();
    for setting in [
        "timezone = 'Asia/Tokyo'",
        "datestyle = 'German'",
        "search_path = 'elsewhere'",
        "statement_timeout = '1ms'",
        "idle_in_transaction_session_timeout = '1ms'",
        "default_transaction_read_only = on",
        "default_transaction_isolation = 'serializable'",
        "bytea_output = 'escape'",
        "client_encoding = 'EUC_JP'",
    ] {
        database.set(setting);
    }
    let (plain, strange) = (desk(Home::Postgres).await, Desk::over(Some(database)).await);
    strange.import(&Sample::cases().files[..1]).await.expect("the master is taken in");
    for desk in [&plain, &strange] {
        two_months(&desk.workspace.store).await;
    }
    assert_eq!(told(&strange.workspace.store).await, told(&plain.workspace.store).await);
}

/// A dry run applies, reads and abandons.
#[rstest]
#[tokio::test]
async fn abandoned_import_is_seen_within_and_leaves_nothing(#[values(Home::Sqlite, Home::Postgres)] home: Home) {
    if home.is_skipped() {
        return;
    }
    let desk = desk(home).await;
    let store = &desk.workspace.store;
    take_in(store, &file(FileKind::Members, "2025-09-30", "members-9"), &first_members()).await;
    let before = (told(store).await, desk.tables().await);
    for ends_by_drop in [false, true] {
        let mut import =
            store.start_import(&file(FileKind::Members, "2025-10-31", "tried")).await.expect("an import starts");
        import.apply(&second_members()).await.expect("changes are applied");
        let mut n = 0;
        import.each_version(|_| n += 1).await.expect("readable");
        assert_eq!(n, 4, "the version that was applied is read");
        if ends_by_drop {
            drop(import);
        } else {
            import.abandon().await.expect("an import can be abandoned");
        }
        assert_eq!((told(store).await, desk.tables().await), before);
    }
    // Ids are not lost either: the next import gets the one that was not used.
    let import = store.start_import(&file(FileKind::Members, "2025-10-31", "members-10")).await.expect("starts");
    assert_eq!(import.id().0, 3);
    import.abandon().await.expect("an import can be abandoned");
}

/// A fact that the schema refuses undoes the whole import.
#[rstest]
#[tokio::test]
async fn refused_fact_leaves_nothing(#[values(Home::Sqlite, Home::Postgres)] home: Home) {
    if home.is_skipped() {
        return;
    }
    let desk = desk(home).await;
    let store = &desk.workspace.store;
    let before = desk.tables().await;
    let mut wrong = first_members();
    wrong.new_versions.push(version(4, 99, 1, facts("2001-04-01", None), None));
    let import = store.start_import(&file(FileKind::Members, "2025-09-30", "wrong")).await.expect("an import starts");
    let error = import.commit(&wrong).await.expect_err("nobody has this id");
    assert!(matches!(error, StoreError::Database(_)), "{error}");
    let mut nowhere = first_members();
    nowhere.new_versions.push(version(4, 1, 9_999, facts("2001-04-01", None), None));
    let import = store.start_import(&file(FileKind::Members, "2025-09-30", "wrong")).await.expect("an import starts");
    import.commit(&nowhere).await.expect_err("no body has this id");
    let mut nobody = first_members();
    nobody.new_persons.push(person(99, "架空　例", 9));
    let import = store.start_import(&file(FileKind::Members, "2025-09-30", "wrong")).await.expect("an import starts");
    import.commit(&nobody).await.expect_err("nobody has this id");
    let adjustment = Adjustment { why: "".into(), ..adjustment("1", None, false) };
    let mut unexplained = first_members();
    unexplained.new_adjustments.push((adjustment, 2));
    let import = store.start_import(&file(FileKind::Members, "2025-09-30", "wrong")).await.expect("an import starts");
    import.commit(&unexplained).await.expect_err("an adjustment has a reason");
    assert_eq!(desk.tables().await, before);
}

/// The sums that are worked out of rows on their way into the store are those of the rows that stand in it, however odd the texts,
/// and however many rows go in at once.
#[rstest]
#[tokio::test]
async fn appended_rows_are_summed_as_they_stand(#[values(Home::Sqlite, Home::Postgres)] home: Home) {
    if home.is_skipped() {
        return;
    }
    let desk = desk(home).await;
    let store = &desk.workspace.store;
    two_months(store).await;
    let names = [
        "",
        " ",
        "-",
        "a b",
        "3:abc",
        "髙﨑\u{E0100}",
        "𠮷\u{1F468}\u{200D}",
        "e\u{301}",
        "\n\r\t\u{1}",
        "\u{FFFD}\u{FEFF}",
    ];
    let many = |from: i64, n: i64| {
        let ids = from..from + n;
        let name = |id: i64| {
            names[usize::try_from(id).expect("small") % names.len()].repeat(usize::from(id % 7 == 0) * 40 + 1)
        };
        let row = |id: i64| u32::try_from(id).expect("small");
        Changes {
            new_physicians: ids.clone().map(|id| (PhysicianId(id), RegistrationNumber(200_000 + row(id)))).collect(),
            new_persons: ids.clone().map(|id| person(id, &name(id), row(id))).collect(),
            new_versions: ids.map(|id| version(id + 1, id, 2, facts("1868-01-25", None), None)).collect(),
            ..Changes::default()
        }
    };
    take_in(store, &file(FileKind::Members, "2025-11-30", "members-11"), &many(3, 1_234)).await;
    // One whole hand-over, and the same day once more, whose copies nobody has seen one by one.
    take_in(store, &file(FileKind::Members, "2025-12-31", "members-12"), &many(1_237, 500)).await;
    take_in(store, &file(FileKind::Members, "2025-12-31", "members-12-again"), &many(1_737, 1)).await;
    if home == Home::Sqlite {
        let changes =
            Changes { new_persons: vec![person(5, "a\0b", 2)], superseded_persons: vec![6], ..Changes::default() };
        take_in(store, &file(FileKind::Members, "2026-01-31", "members-1"), &changes).await;
    }
    let check = store.check_chain(ChainScope::All).await.expect("the chain can be read");
    assert_eq!(check.faults, []);
    assert!(check.n_rows > 5_000, "{}", check.n_rows);
}

#[rstest]
#[tokio::test]
async fn period_of_a_job_is_claimed_until_it_is_done(#[values(Home::Sqlite, Home::Postgres)] home: Home) {
    if home.is_skipped() {
        return;
    }
    let desk = Desk::on(home).await;
    let store = &desk.workspace.store;
    let (due, now) = (instant("2026-01-05T06:00:00+09:00"), instant(NOW));
    assert!(store.add_job_run("papers", "2025-12", due).await.expect("writable"));
    assert!(!store.add_job_run("papers", "2025-12", now).await.expect("writable"), "made once");
    assert!(store.add_job_run("papers", "2025-11", due).await.expect("writable"));
    assert!(!store.start_job_version(&month("2025-10", 1)).await.expect("writable"), "never made");
    store.hold_job_run("papers", "2025-12", JobState::Waiting, "出力がない").await.expect("writable");
    store.move_job_run("papers", "2025-12", now).await.expect("writable");
    let first = month("2025-12", 1);
    assert!(store.start_job_version(&first).await.expect("writable"));
    let files = [JobFile { name: "papers/2025-12/counts.pdf".into(), sha256: "one".into() }];
    for _ in 0..2 {
        store.record_job_paper(&paper("counts", ""), &files).await.expect("the same file again is no other file");
        store.record_job_paper(&paper("audit", "RPT-001"), &[]).await.expect("writable");
    }
    store.finish_job_version(&first, now, JobState::Partial, "audit").await.expect("writable");
    let known = store.job_versions().await.expect("readable");
    assert_eq!(known, [JobVersion { n_files: 1, finished_at: Some(now), ..first.clone() }]);
    assert!(store.start_job_version(&known[0]).await.expect("writable"));
    assert_eq!(store.job_papers().await.expect("readable"), [paper("counts", "")], "what failed is tried again");
    store.finish_job_version(&first, now, JobState::Done, "").await.expect("writable");
    assert!(!store.start_job_version(&month("2025-12", 2)).await.expect("writable"), "done is done");
    store.hold_job_run("papers", "2025-12", JobState::Failed, "").await.expect("writable");
    store.move_job_run("papers", "2025-12", due).await.expect("writable");
    store.drop_job_run("papers", "2025-12").await.expect("writable");
    let runs = store.job_runs().await.expect("readable");
    let states: Vec<_> =
        runs.iter().map(|run| (run.period.as_str(), run.state, run.attempts, run.scheduled_at)).collect();
    assert_eq!(states, [("2025-11", JobState::Due, 0, due), ("2025-12", JobState::Done, 2, now)]);
    store.drop_job_run("papers", "2025-11").await.expect("writable");
    assert_eq!(store.job_runs().await.expect("readable").len(), 1, "never started");
}

/// A version that a person asks for again stands beside the one before; one that begins anew forgets what it had.
#[rstest]
#[tokio::test]
async fn version_made_again_leaves_the_one_before(#[values(Home::Sqlite, Home::Postgres)] home: Home) {
    if home.is_skipped() {
        return;
    }
    let desk = Desk::on(home).await;
    let store = &desk.workspace.store;
    let now = instant(NOW);
    store.add_job_run("papers", "2025-12", now).await.expect("writable");
    let file = |name: &str| [JobFile { name: name.into(), sha256: "one".into() }];
    let first = month("2025-12", 1);
    assert!(store.start_job_version(&first).await.expect("writable"));
    store.record_job_paper(&paper("snapshot", ""), &file("snapshots/early")).await.expect("writable");
    assert!(
        store
            .start_job_version(&JobVersion { known_at: Some(day("2026-01-04")), ..first.clone() })
            .await
            .expect("writable")
    );
    assert_eq!(store.job_papers().await.expect("readable"), []);
    assert_eq!(desk.tables().await["job_file"], 0);
    store.record_job_paper(&paper("snapshot", ""), &file("snapshots/same")).await.expect("writable");
    store.finish_job_version(&first, now, JobState::Done, "").await.expect("writable");
    let again = JobVersion { kind: VersionKind::Rerun, reason: "届出".into(), ..month("2025-12", 2) };
    assert!(store.start_job_version(&again).await.expect("writable"), "a person asks for it");
    let both = JobPaper { version: 2, ..paper("snapshot", "") };
    store.record_job_paper(&both, &file("snapshots/same")).await.expect("both versions hold one snapshot");
    store.finish_job_version(&again, now, JobState::Done, "").await.expect("writable");
    let versions = store.job_versions().await.expect("readable");
    let told: Vec<_> =
        versions.iter().map(|one| (one.version, one.kind, one.known_at, one.n_files, one.reason.as_str())).collect();
    assert_eq!(
        told,
        [
            (1, VersionKind::Punctual, Some(day("2026-01-04")), 1, ""),
            (2, VersionKind::Rerun, Some(day("2026-01-03")), 1, "届出")
        ]
    );
}

fn month(period: &str, number: u32) -> JobVersion {
    JobVersion {
        job: "papers".into(),
        period: period.into(),
        version: number,
        kind: VersionKind::Punctual,
        known_at: Some(day("2026-01-03")),
        head: "head".into(),
        folder: format!("papers/{period}"),
        reason: String::new(),
        started_at: instant(NOW),
        finished_at: None,
        n_files: 0,
    }
}

/// A paper of the first version of December.
fn paper(report: &str, code: &str) -> JobPaper {
    JobPaper {
        job: "papers".into(),
        period: "2025-12".into(),
        version: 1,
        report: report.into(),
        code: code.into(),
        detail: String::new(),
    }
}
