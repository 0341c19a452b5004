//! What comes from data writes nowhere else: codes, ids and sources have an alphabet, and a link is not followed.

use rstest::rstest;

use super::all_below;
use crate::cli::people::{NEXT, cells, master, office, text};
use crate::cli::program::Office;
use crate::cli::refusal::{assert_refused, in_cell, refusal};

/// Texts that must be part of no file name.
const EVIL: [&str; 9] = ["../../x", "/tmp/x", r"..\x", "C:x", "CON", "nul.txt", "x.", ".x", "a*b"];

fn with_code(code: &str) -> String {
    master().replace("11-001", code)
}

#[test]
fn code_that_leads_elsewhere_is_refused_at_its_cell() {
    for code in EVIL.into_iter().chain([&*"浦".repeat(21)]) {
        let office = office();
        office.save("associations.csv", with_code(code));
        let row = with_code(code).lines().position(|line| line.starts_with(code)).expect("the row") + 1;
        let row = u32::try_from(row).expect("a small number");
        assert_refused(&office, "import associations.csv", in_cell("IMP-216", row, "A"));
        let said = office.run("import associations.csv").stderr;
        assert!(said.contains("RPT-030"), "{code}: {said}");
    }
}

/// What looks odd and leads nowhere is a code like any other.
#[rstest]
#[case("浦和-1")]
#[case("11_001")]
#[case("11.001")]
#[case("#1")]
fn other_codes_stay_what_they_are(#[case] code: &str) {
    let office = Office::new();
    office.save("associations.csv", with_code(code));
    office.save(NEXT, text(&cells()));
    office.import(&format!("associations.csv {NEXT}"));
    let run = office.run(&format!("report member-counts --as-of 2025-10-31 --association {code} --out out"));
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    assert!(office.folder().join(format!("out/member-counts_{code}_2025-10-31")).is_dir());
}

/// A store may hold codes from before they had an alphabet: its papers stay where they belong.
#[test]
fn old_code_that_leads_elsewhere_writes_below_the_folder_alone() {
    let office = office();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
    runtime.block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(office.data().join("kaiin.sqlite"));
        let pool = sqlx::SqlitePool::connect_with(options).await.expect("the store opens");
        let changed = sqlx::query("UPDATE association SET code = '../../../x' WHERE code = '11-001'").execute(&pool);
        assert_eq!(changed.await.expect("the statement runs").rows_affected(), 1);
        // A store of an older program, which had no chain.
        for table in ["chain_sum", "chain"] {
            let emptied = sqlx::query(sqlx::AssertSqlSafe(format!("DELETE FROM {table}"))).execute(&pool).await;
            emptied.expect("the statement runs");
        }
        pool.close().await;
    });
    let before = all_below(office.folder());
    let run = office.run("report member-counts --as-of 2025-09-30 --association 浦和 --out a/b/c");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    let out = office.folder().join("a");
    let new: Vec<_> = all_below(office.folder()).into_iter().filter(|path| !before.contains(path)).collect();
    assert!(!new.is_empty());
    for path in new.iter().filter(|path| !path.starts_with(office.data())) {
        assert!(path.starts_with(&out), "{}", path.display());
    }
    assert!(out.join("b/c/member-counts_.._.._.._x_2025-09-30").is_dir(), "{new:?}");
}

#[rstest]
#[case::report("member-counts", "id = \"member-counts\"")]
#[case::pack("meeting-rijikai", "id = \"meeting-rijikai\"")]
fn id_that_leads_elsewhere_is_refused_with_its_line(#[case] file: &str, #[case] line: &str) {
    let office = office();
    assert_eq!(office.run(&format!("reports copy {file}")).exit, Some(0));
    let path = office.data().join(format!("definitions/{file}.toml"));
    let sound = std::fs::read_to_string(&path).expect("the copy is there");
    assert!(sound.contains(line), "{sound}");
    for id in EVIL {
        let escaped = id.replace('\\', "\\\\");
        std::fs::write(&path, sound.replace(line, &format!("id = \"{escaped}\""))).expect("it can be written");
        let before = all_below(office.folder());
        let checked = office.run("reports check");
        assert_eq!(checked.exit, Some(2), "{id}: {}", checked.stderr);
        let at = sound.lines().position(|one| one == line).expect("the line") + 1;
        let said = format!("{}{}", checked.stdout, checked.stderr);
        assert!(said.contains("RPT-030") && said.contains(&format!("{at}行目")), "{id}: {said}");
        let mut command = office.program();
        let run = command.args(["report", id, "--as-of", "2025-09-30", "--out", "out"]).output().expect("it starts");
        assert!(!run.status.success(), "{id}");
        assert_eq!(all_below(office.folder()), before, "{id}");
    }
}

#[test]
fn report_of_the_settings_that_leads_elsewhere_costs_itself_alone() {
    let office = office();
    office.save("kaiin-data/kaiin.toml", "[jobs]\nreports = [\"member-counts\", \"../../x\"]\n");
    let run = office.run("jobs tick --now 2025-10-05T06:00:00+09:00");
    assert!(run.stderr.contains("../../x"), "{}", run.stderr);
    let papers = office.data().join("papers");
    assert!(all_below(&papers).iter().any(|path| path.ends_with("member-counts_2025-09-30.pdf")), "{}", run.stderr);
    assert!(
        !all_below(office.folder()).iter().any(|path| path.ends_with("x") || path.to_string_lossy().contains("/x_"))
    );
}

#[test]
fn source_that_leads_elsewhere_is_refused() {
    let office = office();
    office.save(NEXT, text(&cells()));
    for source in EVIL {
        assert_refused(&office, &format!("import {NEXT} --source {source}"), refusal(2, "RPT-031"));
    }
}

/// The lock used to be opened for writing from the start, through a link too.
#[rstest]
#[case::link_to_a_file(true)]
#[case::link_to_nothing(false)]
fn link_in_place_of_the_lock_is_refused_and_not_followed(#[case] is_there: bool) {
    let office = office();
    office.save(NEXT, text(&cells()));
    let (lock, target) = (office.data().join("kaiin.lock"), office.folder().join("important.txt"));
    std::fs::remove_file(&lock).expect("the lock file is there");
    if is_there {
        std::fs::write(&target, "important").expect("it can be written");
    }
    std::os::unix::fs::symlink(&target, &lock).expect("a link can be made");
    assert_refused(&office, &format!("import {NEXT}"), refusal(4, "ENV-020"));
    let after = std::fs::read_to_string(&target).ok();
    assert_eq!(after.as_deref(), is_there.then_some("important"));
    std::fs::remove_file(&lock).expect("the link is there");
    assert_eq!(office.import(NEXT)[0]["status"], "stored");
}

/// A lock file that somebody wrote into keeps what stands in it.
#[test]
fn lock_file_is_never_written() {
    let office = office();
    office.save(NEXT, text(&cells()));
    let lock = office.data().join("kaiin.lock");
    std::fs::write(&lock, "important").expect("it can be written");
    office.import(NEXT);
    assert_eq!(std::fs::read_to_string(&lock).expect("it is there"), "important");
}

/// Files are swapped in by name: a link of that name gives way, and where it led nothing changes.
#[test]
fn link_in_place_of_a_list_is_replaced_and_not_followed() {
    let office = office();
    let target = office.folder().join("important.txt");
    std::fs::write(&target, "important").expect("it can be written");
    std::os::unix::fs::symlink(&target, office.folder().join("list.csv")).expect("a link can be made");
    let run = office.run("audit withdrawals --format csv --out list.csv");
    assert!(matches!(run.exit, Some(0 | 1)), "{}", run.stderr);
    assert_eq!(std::fs::read_to_string(&target).expect("it is there"), "important");
    assert!(!office.folder().join("list.csv").is_symlink());
}

/// Settings may be a link to where the engineer keeps them: they are changed there.
#[test]
fn settings_behind_a_link_are_changed_where_they_are() {
    let office = office();
    office.save("settings.toml", "handling = \"内部\"\n");
    std::os::unix::fs::symlink(office.folder().join("settings.toml"), office.data().join("kaiin.toml"))
        .expect("a link can be made");
    let run = office.run("reports copy member-counts");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    assert!(office.data().join("kaiin.toml").is_symlink());
    let settings = std::fs::read_to_string(office.folder().join("settings.toml")).expect("it is there");
    assert!(settings.contains("definitions") && settings.contains("内部"), "{settings}");
}

/// The name of a file of the inbox that grows past 255 bytes by what is put at its end.
#[test]
fn long_names_of_the_inbox_are_cut_where_something_is_added() {
    let office = office();
    let long = format!("{}_2025-10-31.csv", "か".repeat(79));
    assert!(long.len() <= 255);
    office.save("kaiin-data/kaiin.toml", "[jobs]\nsettle_seconds = 0\n");
    std::fs::create_dir_all(office.data().join("inbox")).expect("the folder can be made");
    office.save(&format!("kaiin-data/inbox/{long}"), "見出し,だけ\n1,2\n");
    let run = office.run("jobs tick --now 2025-11-01T06:00:00+09:00");
    assert_eq!(run.exit, Some(1), "{}", run.stderr);
    let refused = all_below(&office.data().join("inbox/refused"));
    assert_eq!(refused.len(), 2, "{refused:?}");
    assert!(refused.iter().any(|path| path.ends_with(&long)), "{refused:?}");
    assert!(refused.iter().any(|path| path.to_string_lossy().ends_with(".理由.txt")), "{refused:?}");
}
