//! `kaiin backup` and `kaiin restore`: what was backed up comes back to the byte and to the figure, and nothing that was touched
//! goes unnoticed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::prepared::copy_folder;
use super::program::{NOW, Office, Run};
use super::samples::Sample;
use crate::store::home::{Home, skips_without_server};

const QUESTION: &str = "--json count --as-of 2025-12-01 --by tier,association,class";

/// A paper in the data folder.
const PAPER: &str = "papers/2025-12/member-counts_2025-12-31";

/// An office with a paper, a snapshot, settings, definitions, files of its inbox, and a meeting beside its data folder.
fn office() -> Office {
    let (office, _) = Sample::saitama().taken_in();
    office.save("kaiin-data/kaiin.toml", "[jobs]\nfirst_month = \"2025-12\"\nreports = [\"member-counts\"]\n");
    let name = "members_2026-01-31.csv";
    fs::create_dir_all(office.data().join("inbox/taken")).expect("a folder can be made");
    office.save(&format!("kaiin-data/inbox/taken/{name}"), "医籍登録番号\n");
    for arguments in [
        "reports copy member-counts",
        "jobs tick --now 2026-01-10T00:00:00Z",
        "snapshot take --as-of 2025-12-01",
        "meeting new 理事会 --on 2026-01-22",
    ] {
        let run = office.run(arguments);
        assert_eq!(run.exit, Some(0), "{arguments}: {}{}", run.stdout, run.stderr);
    }
    assert!(office.data().join(PAPER).is_dir());
    fs::create_dir(office.folder().join("copies")).expect("a folder can be made");
    office
}

/// Makes a backup and returns its folder and what was told of it.
#[track_caller]
fn backed_up(office: &Office) -> (PathBuf, Value) {
    let told = office.json("backup copies");
    let folder = told["folder"].as_str().expect("a folder");
    (office.folder().join(folder), told)
}

/// Rehearses with a folder for temporary files of its own, in which nothing may be left.
#[track_caller]
fn rehearsed(office: &Office, from: &Path) -> (Run, Value) {
    let temporary = tempfile::tempdir().expect("a temporary folder can be made");
    let mut command = office.program();
    command.env("TMPDIR", temporary.path()).args(["--json", "restore", "--rehearse"]).arg(from);
    let run = Run::of(&mut command);
    let left: Vec<_> = fs::read_dir(temporary.path()).expect("it can be listed").collect();
    assert!(left.is_empty(), "{left:?}");
    let answer = serde_json::from_str(&run.stdout).unwrap_or_default();
    (run, answer)
}

/// Codes and places that a rehearsal names; it must not pass.
#[track_caller]
fn found(office: &Office, from: &Path) -> Vec<(String, String)> {
    let (run, answer) = rehearsed(office, from);
    assert_eq!(run.exit, Some(1), "{run:?}");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    match answer["findings"].as_array() {
        Some(findings) => findings.iter().map(|one| (text(&one["code"]), text(&one["place"]))).collect(),
        None => vec![(text(&run.error()["error"]["code"]), text(&run.error()["error"]["message"]))],
    }
}

#[track_caller]
fn assert_found(office: &Office, from: &Path, code: &str, place: &str) {
    let found = found(office, from);
    assert!(matches!(&found[..], [(one, at)] if one == code && at.ends_with(place)), "{code} {place}: {found:?}");
}

/// A copy of a backup, to be touched.
fn copy_of(office: &Office, backup: &Path, name: &str) -> PathBuf {
    let copy = office.folder().join("touched").join(name);
    copy_folder(backup, &copy);
    copy
}

/// All files below a folder with their bytes.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut out = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            out.extend(files(&path));
        } else {
            out.insert(path.clone(), fs::read(&path).expect("the file can be read"));
        }
    }
    out
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn manifest(backup: &Path) -> Value {
    serde_json::from_slice(&fs::read(backup.join("backup.json")).expect("it is there")).expect("it is JSON")
}

/// Writes a manifest with all hashes as the files are now, as somebody would who knows how it is made.
fn reseal(backup: &Path, change: impl FnOnce(&mut Value)) {
    let mut manifest = manifest(backup);
    for file in manifest["files"].as_array_mut().expect("a list") {
        let bytes = fs::read(backup.join(file["name"].as_str().expect("a name"))).expect("it is there");
        file["size_bytes"] = json!(bytes.len());
        file["sha256"] = json!(sha256(&bytes));
    }
    change(&mut manifest);
    let text = serde_json::to_vec(&manifest).expect("it is JSON");
    fs::write(backup.join("backup.json.sha256"), format!("{}  backup.json\n", sha256(&text))).expect("it is written");
    fs::write(backup.join("backup.json"), text).expect("it is written");
}

/// Runs a statement on the store in a backup.
fn edit(backup: &Path, statement: &'static str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
    runtime.block_on(async {
        let options = SqliteConnectOptions::new().filename(backup.join("data/kaiin.sqlite")).foreign_keys(false);
        let mut connection = SqliteConnection::connect_with(&options).await.expect("the store opens");
        sqlx::query(statement).execute(&mut connection).await.expect("it can be done");
        connection.close().await.expect("the connection closes");
    });
}

#[test]
fn backup_holds_everything_and_its_rehearsal_proves_it() {
    let office = office();
    let (backup, told) = backed_up(&office);
    assert_eq!(backup.file_name().and_then(|name| name.to_str()), Some("kaiin-backup_2026-02-01_090000"));
    let manifest = manifest(&backup);
    let names: Vec<&str> = manifest["files"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|file| file["name"].as_str().expect("a name"))
        .collect();
    for needed in [
        "data/kaiin.sqlite",
        "data/kaiin.toml",
        "data/definitions/member-counts.toml",
        "data/inbox/taken/members_2026-01-31.csv",
        "data/papers/2025-12/member-counts_2025-12-31/manifest.json",
        "beside/meetings/2026-01-22_理事会/会議.xlsx",
    ] {
        assert!(names.contains(&needed), "{needed} is not among {names:?}");
    }
    assert!(names.iter().any(|name| name.starts_with("data/snapshots/") && name.ends_with(".parquet")));
    let made_anew = |name: &&&str| name.contains("timeline") || name.contains("lock") || name.contains(".kaiin-");
    assert_eq!(names.iter().find(made_anew), None);
    let on_disk: Vec<PathBuf> = files(&backup).into_keys().collect();
    assert_eq!(on_disk.len(), names.len() + 2, "what is there is told of");
    let seal = fs::read_to_string(backup.join("backup.json.sha256")).expect("it is there");
    assert_eq!(seal, format!("{}  backup.json\n", told["sha256"].as_str().expect("a hash")));
    assert_eq!((&told["answers"], manifest["answers"]["asked"].as_array().map(Vec::len)), (&json!(100), Some(100)));
    let counted = |one: &&Value| one["tiers"]["local"]["memberships"].as_i64().is_some_and(|n| n > 0);
    let n_counted = manifest["answers"]["asked"].as_array().expect("a list").iter().filter(counted).count();
    assert_eq!(n_counted, 100, "days are asked of which something is known");

    let before = files(&office.data());
    let (run, proof) = rehearsed(&office, &backup);
    assert_eq!(run.exit, Some(0), "{run:?}");
    assert_eq!((&proof["well"], &proof["answers"], &proof["answers_equal"]), (&json!(true), &json!(100), &json!(100)));
    assert_eq!((&proof["imports"], &proof["papers"], &proof["snapshots"]), (&json!(5), &json!(1), &json!(2)));
    assert!(before == files(&office.data()), "nothing of the installation is changed");
    crate::figures::say(&format!("backup of the sample: {told}"));
    crate::figures::say(&format!("rehearsal: {}", run.stdout.trim()));

    let (second, _) = backed_up(&office);
    assert_eq!(second.file_name().and_then(|name| name.to_str()), Some("kaiin-backup_2026-02-01_090000_2"));
    assert_eq!(self::manifest(&second)["generation"], manifest["generation"]);
    for backup in [&backup, &second] {
        assert_eq!(rehearsed(&office, backup).0.exit, Some(0));
    }
    let left: Vec<_> = fs::read_dir(office.folder().join("copies")).expect("a folder").collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

/// Any byte, in each kind of file.
#[test]
fn flipped_byte_is_found_and_its_file_is_named() {
    let office = office();
    let (backup, _) = backed_up(&office);
    let names: Vec<String> = files(&backup)
        .into_keys()
        .map(|path| path.strip_prefix(&backup).expect("it lies there").to_string_lossy().into_owned())
        .collect();
    let kinds = [
        "kaiin.sqlite",
        "kaiin.toml",
        "memberships.parquet",
        "snapshots/.*manifest.json",
        "papers/.*manifest.json",
        ".csv",
        ".pdf",
        "definitions/member-counts.toml",
        "会議.xlsx",
        "backup.json",
        "backup.json.sha256",
    ];
    for (nth, kind) in kinds.iter().enumerate() {
        let (begin, end) = kind.split_once(".*").unwrap_or(("", kind));
        let name = names.iter().find(|name| name.contains(begin) && name.ends_with(end));
        let name = name.unwrap_or_else(|| panic!("no {kind} among {names:?}"));
        let touched = copy_of(&office, &backup, &format!("flip{nth}"));
        let path = touched.join(name);
        let mut bytes = fs::read(&path).expect("it is there");
        // Another place in each run; the message names it.
        let drawn = u64::from(std::process::id()).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 7;
        let at = usize::try_from(drawn).expect("64 bits") % bytes.len();
        bytes[at] ^= 1 << (nth % 8);
        fs::write(&path, bytes).expect("it can be written");
        let code = if kind.starts_with("backup.json") { "BAK-006" } else { "BAK-009" };
        let found = found(&office, &touched);
        let is_named = |(one, place): &(String, String)| one == code && place.contains(name.as_str());
        assert!(found.len() == 1 && found.iter().all(is_named), "byte {at} of {name}: {found:?}");
    }
}

#[test]
fn files_that_are_missing_added_or_swapped_are_found() {
    let office = office();
    let (backup, _) = backed_up(&office);
    let paper = format!("data/{PAPER}/manifest.json");
    let touched = copy_of(&office, &backup, "missing");
    fs::remove_file(touched.join(&paper)).expect("it is there");
    assert_found(&office, &touched, "BAK-008", &paper);

    let touched = copy_of(&office, &backup, "added");
    fs::write(touched.join("data/papers/note.txt"), "x").expect("it can be written");
    assert_found(&office, &touched, "BAK-011", "data/papers/note.txt");

    let touched = copy_of(&office, &backup, "swapped");
    let (one, other) = (touched.join(&paper), touched.join("data/kaiin.toml"));
    fs::rename(&one, touched.join("x")).expect("it can be moved");
    fs::rename(&other, &one).expect("it can be moved");
    fs::rename(touched.join("x"), &other).expect("it can be moved");
    let found = found(&office, &touched);
    let codes: Vec<&str> = found.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(codes, ["BAK-010", "BAK-010"], "{found:?}");

    let touched = copy_of(&office, &backup, "storeless");
    fs::remove_file(touched.join("data/kaiin.sqlite")).expect("it is there");
    assert_found(&office, &touched, "BAK-008", "data/kaiin.sqlite");
    let run = office.run(&format!("restore {} --into back", touched.display()));
    assert_eq!(run.exit, Some(1), "{run:?}");
    assert!(run.stderr.contains("BAK-008"), "{}", run.stderr);
    assert!(!office.folder().join("back").exists(), "nothing is restored from a backup that is not sound");
}

/// With the hashes of the manifest mended, chain and answers tell.
#[test]
fn edited_store_is_found_even_with_a_mended_manifest() {
    let office = office();
    let (backup, _) = backed_up(&office);
    let statement = "UPDATE enrolment SET class = 1 - (class > 0) WHERE id < 200";
    let touched = copy_of(&office, &backup, "edited");
    edit(&touched, statement);
    assert_found(&office, &touched, "BAK-009", "data/kaiin.sqlite");
    reseal(&touched, |_| ());
    let codes = found(&office, &touched);
    assert!(codes.iter().any(|(code, _)| code == "STO-012"), "{codes:?}");

    // What the chain says nothing of: how the day of withdrawal is read.
    let touched = copy_of(&office, &backup, "other rule");
    let settings = touched.join("data/kaiin.toml");
    let text = fs::read_to_string(&settings).expect("it is there");
    fs::write(&settings, format!("withdrawal_day_rule = \"first_non_member_day\"\n{text}")).expect("it can be written");
    reseal(&touched, |_| ());
    let codes = found(&office, &touched);
    assert!(!codes.is_empty() && codes.iter().all(|(code, _)| code == "BAK-013"), "{codes:?}");

    let touched = copy_of(&office, &backup, "other head");
    reseal(&touched, |manifest| manifest["chain_head"] = json!("0"));
    let codes = found(&office, &touched);
    assert_eq!(codes.len(), 1, "{codes:?}");
    assert_eq!(codes[0].0, "BAK-014");
}

#[test]
fn restored_folder_answers_the_same_and_waits_to_be_confirmed() {
    let office = office();
    let (backup, told) = backed_up(&office);
    let shown = backup.display();
    let right = office.run(QUESTION).stdout;
    for full in ["kaiin-data", "copies", &format!("{shown}/data/back")] {
        let run = office.run(&format!("--json restore {shown} --into {full}"));
        assert_eq!((run.exit, &run.error()["error"]["code"]), (Some(2), &json!("BAK-015")));
    }
    fs::create_dir(office.folder().join("back")).expect("a folder can be made");
    let report = office.json(&format!("restore {shown} --into back"));
    assert_eq!((&report["well"], &report["answers_equal"]), (&json!(true), &json!(100)));
    let back = office.folder().join("back");
    let mark: Value =
        serde_json::from_slice(&fs::read(back.join("restored.json")).expect("it is marked")).expect("JSON");
    assert_eq!((&mark["from_generation"], &mark["restored_at"]), (&told["generation"], &json!(NOW)));
    let generation = fs::read_to_string(back.join("kaiin.generation")).expect("it is there");
    assert_eq!(mark["generation"], json!(generation.trim()));
    assert_ne!(mark["generation"], mark["from_generation"], "it is another life");

    let of_back = |arguments: &str| office.run(&format!("--data back {arguments}"));
    let answer = of_back(QUESTION);
    assert_eq!(answer.stdout, right);
    assert!(answer.stderr.contains("BAK-016"), "{}", answer.stderr);
    assert_eq!(of_back("verify").exit, Some(0));
    let replayed = of_back(&format!("report --replay back/{PAPER}"));
    assert_eq!(replayed.exit, Some(0), "{}{}", replayed.stdout, replayed.stderr);
    let original = files(&office.data().join(PAPER));
    let restored = files(&back.join(PAPER));
    assert!(original.values().eq(restored.values()), "the paper is the same to the byte");
    let beside = report["beside"].as_str().expect("a meeting lay beside");
    assert!(Path::new(beside).join("meetings/2026-01-22_理事会/会議.xlsx").exists());

    // A backup of what was restored is one as well, and does not hold the mark.
    assert_eq!(of_back("backup copies").exit, Some(0));
    let refused = office.run("restore --confirm --reason 見た --json");
    assert_eq!((refused.exit, &refused.error()["error"]["code"]), (Some(2), &json!("BAK-017")));
    assert_eq!(of_back("restore --confirm").exit, Some(2), "without a reason nothing is confirmed");
    let confirmed = of_back("restore --confirm --reason 控えの後の資料を確かめた");
    assert_eq!(confirmed.exit, Some(0), "{}", confirmed.stderr);
    assert!(!back.join("restored.json").exists());
    let kept = fs::read_to_string(back.join("restored-confirmed_2026-02-01_090000.json")).expect("it is recorded");
    assert!(kept.contains("控えの後の資料を確かめた") && kept.contains("from_generation"), "{kept}");
    assert!(!of_back(QUESTION).stderr.contains("BAK-016"));
}

#[test]
fn what_is_no_backup_or_no_place_for_one_is_refused() {
    let office = office();
    let (backup, _) = backed_up(&office);
    let code = |arguments: &str| {
        let run = office.run(&format!("--json {arguments}"));
        (run.exit, run.error()["error"]["code"].as_str().unwrap_or_default().to_owned())
    };
    let is = |exit: i32, code: &str| (Some(exit), code.to_owned());
    assert_eq!(code("backup nowhere"), is(2, "BAK-001"));
    assert_eq!(code("backup kaiin-data/papers"), is(2, "BAK-002"));
    assert_eq!(code("backup copies --with nowhere"), is(2, "BAK-022"));
    assert_eq!(code("--data none backup copies"), is(2, "ENV-013"));
    assert_eq!(code("restore nowhere --rehearse"), is(3, "BAK-005"));
    assert_eq!(code("restore kaiin-data --rehearse"), is(3, "BAK-005"));
    for arguments in ["restore copies", "restore --rehearse", "restore copies --rehearse --into back", "backup"] {
        assert_eq!(office.run(arguments).exit, Some(2), "{arguments}");
    }
    for (name, key, value) in [("format", "format", json!(2)), ("schema", "schema", json!(999))] {
        let newer = copy_of(&office, &backup, name);
        reseal(&newer, |manifest| manifest[key] = value);
        assert_eq!(code(&format!("restore {} --rehearse", newer.display())), is(3, "BAK-007"));
    }
    let leading = copy_of(&office, &backup, "leading");
    reseal(&leading, |manifest| manifest["files"][0]["name"] = json!("data/../../x"));
    assert_eq!(code(&format!("restore {} --rehearse", leading.display())), is(1, "BAK-006"));

    let lock = fs::File::options().write(true).open(office.data().join("kaiin.lock")).expect("it is there");
    lock.lock().expect("nobody writes");
    assert_eq!(code("backup copies"), is(4, "ENV-001"));
    let looked = office.json("backup copies --dry-run");
    assert!(looked["size_bytes"].as_u64() > Some(100_000) && looked["free_bytes"].as_u64().is_some(), "{looked}");
    drop(lock);
    let left: Vec<_> = fs::read_dir(office.folder().join("copies")).expect("a folder").collect();
    assert_eq!(left.len(), 1, "nothing was made: {left:?}");
    assert!(!office.folder().join("back").exists());
}

/// What is on a server comes into a file, with which the folder answers alike.
#[test]
fn store_on_a_server_is_backed_up_into_a_file() {
    if skips_without_server() {
        return;
    }
    let office = Office::on(Home::Postgres);
    office.import(&Sample::cases().paths());
    fs::create_dir(office.folder().join("copies")).expect("a folder can be made");
    let question = "--json count --as-of 2025-03-31 --by tier,association,class";
    let right = office.run(question).stdout;
    let (backup, _) = backed_up(&office);
    let (run, proof) = rehearsed(&office, &backup);
    assert_eq!((run.exit, &proof["answers_equal"]), (Some(0), &json!(100)), "{run:?}");
    office.json(&format!("restore {} --into back", backup.display()));
    let mut embedded = office.program();
    embedded.env_remove("KAIIN_STORE_URL").args(["--data", "back"]).args(question.split(' '));
    assert_eq!(Run::of(&mut embedded).stdout, right);
}

#[test]
fn empty_store_is_backed_up_and_restored() {
    let office = Office::new();
    assert_eq!(office.run("init").exit, Some(0));
    fs::create_dir(office.folder().join("copies")).expect("a folder can be made");
    let (backup, told) = backed_up(&office);
    assert_eq!((&told["answers"], &told["imports"]), (&json!(0), &json!(0)));
    let (run, proof) = rehearsed(&office, &backup);
    assert_eq!((run.exit, &proof["well"]), (Some(0), &json!(true)), "{run:?}");
    office.json(&format!("restore {} --into back", backup.display()));
    assert!(office.folder().join("back/restored.json").exists());
}

/// Links and what a name cannot be given again are told and stop nothing; a link to a folder is followed once.
#[cfg(unix)]
#[test]
fn what_is_no_file_is_told() {
    use std::os::unix::fs::symlink;
    let (office, _) = Sample::cases().taken_in();
    fs::create_dir(office.folder().join("copies")).expect("a folder can be made");
    fs::create_dir(office.data().join("rejects")).or_else(|_| fs::metadata(office.data()).map(drop)).expect("a folder");
    symlink("nowhere", office.data().join("rejects/broken")).expect("a link");
    symlink(office.data(), office.data().join("rejects/round")).expect("a link");
    let (backup, told) = backed_up(&office);
    assert_eq!(told["left_out"], json!(["data/rejects/broken", "data/rejects/round"]));
    assert!(office.run("backup copies").stderr.contains("BAK-018"));
    assert_eq!(rehearsed(&office, &backup).0.exit, Some(0));
}

/// Killed at any moment: the folder is there as a whole or not at all, and what is left goes with the next one.
#[test]
fn killed_backup_leaves_none_that_looks_whole() {
    let office = office();
    let begin = Instant::now();
    backed_up(&office);
    let undisturbed = begin.elapsed().max(Duration::from_millis(200));
    let copies = office.folder().join("copies");
    let all = || -> Vec<String> {
        let entries = fs::read_dir(&copies).expect("a folder").map(|entry| entry.expect("an entry").file_name());
        entries.map(|name| name.to_string_lossy().into_owned()).collect()
    };
    let (mut n_whole, mut n_left) = (1, 0);
    for nth in 1..=9_u32 {
        let mut child = office
            .program()
            .args(["backup", "copies"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program can be started");
        std::thread::sleep(undisturbed * nth / 8);
        let _ = child.kill();
        child.wait().expect("the child was started here");
        let names = all();
        n_left += usize::from(names.iter().any(|name| name.starts_with(".kaiin-")));
        for name in names.iter().filter(|name| name.starts_with("kaiin-backup_")).skip(n_whole) {
            let (run, _) = rehearsed(&office, &copies.join(name));
            assert_eq!(run.exit, Some(0), "{name}: {run:?}");
        }
        n_whole = names.iter().filter(|name| name.starts_with("kaiin-backup_")).count();
    }
    crate::figures::say(&format!("9 kills of a backup: {n_left} left something, {} were done", n_whole - 1));
    assert!(n_left > 0, "no kill came in time");
    let (backup, _) = backed_up(&office);
    assert_eq!(all().iter().filter(|name| !name.starts_with("kaiin-backup_")).count(), 0, "{:?}", all());
    assert_eq!(rehearsed(&office, &backup).0.exit, Some(0));
}
