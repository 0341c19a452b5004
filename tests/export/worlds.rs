//! Exports of samples and of random worlds, compared with the program.

use std::path::Path;

use kaiin::domain::as_of::WithdrawalDayRule::{FirstNonMemberDay, LastMemberDay};
use rstest::rstest;

use super::counting::compare;
use crate::cli::corrections::{adjust, twice_shown};
use crate::cli::program::Office;
use crate::cli::samples::Sample;
use crate::skipping::{DUCKDB, is_skipped_without};
use crate::worlds::World;

/// A sample with the applications that lie beside it.
fn with_applications(sample: &Sample, files: &[&str]) -> Office {
    let (office, _) = sample.taken_in();
    for file in files {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(file);
        office.import(path.to_str().expect("paths are UTF-8"));
    }
    office
}

#[rstest]
#[case::saitama(Sample::saitama(), &["saitama/applications_2025-12-31.csv"], "--all")]
#[case::three_prefectures(
    Sample::three_prefectures(),
    &["three-prefectures/applications_2025-09-30.csv", "three-prefectures/applications_2025-12-31.csv"],
    "--all"
)]
#[case::cases(Sample::cases(), &[], "--all")]
#[case::newest_alone(Sample::cases(), &[], "")]
#[case::earlier_alone(Sample::cases(), &[], "--known-at 2025-05-15")]
fn duckdb_counts_a_sample_alike(#[case] sample: Sample, #[case] applications: &[&str], #[case] arguments: &str) {
    if is_skipped_without(DUCKDB) {
        return;
    }
    compare(&with_applications(&sample, applications), arguments, LastMemberDay);
}

#[test]
fn duckdb_counts_alike_where_the_withdrawal_day_is_no_member_day() {
    if is_skipped_without(DUCKDB) {
        return;
    }
    let (office, _) = Sample::cases().taken_in();
    office.save("kaiin-data/kaiin.toml", "withdrawal_day_rule = \"first_non_member_day\"\n");
    compare(&office, "--all", FirstNonMemberDay);
}

/// Two numbers that are one person from one day on, until that is taken back; and an export that was taken back.
#[test]
fn duckdb_counts_alike_what_was_told_otherwise_later() {
    if is_skipped_without(DUCKDB) {
        return;
    }
    let office = twice_shown();
    let same = [("調整番号", "T1"), ("調整種別", "同一人物"), ("医籍登録番号", "910002"), ("統合元番号", "910200")];
    adjust(&office, "2025-11-05", &[&same]);
    let left = [
        ("調整番号", "T2"),
        ("調整種別", "退会"),
        ("医籍登録番号", "910005"),
        ("医師会名", "浦和医師会"),
        ("新しい日付", "2025-08-31"),
    ];
    adjust(&office, "2025-11-10", &[&same, &left]);
    let revoked: Vec<(&str, &str)> = same.iter().copied().chain([("状態", "取消")]).collect();
    adjust(&office, "2025-11-20", &[&revoked, &left]);
    let newer = std::fs::read(office.folder().join("members_2025-10-31.csv")).expect("it was written");
    office.save("members_2025-11-30.csv", String::from_utf8(newer).expect("UTF-8").replace(",2004-05-0", ",2004-06-0"));
    office.import("members_2025-11-30.csv --accept-change --reason 試験");
    compare(&office, "--all", LastMemberDay);
    let taken_back = office.run("import --take-back members_2025-11-30.csv --reason 試験");
    assert_eq!(taken_back.exit, Some(0), "{}", taken_back.stderr);
    compare(&office, "--all --replace", LastMemberDay);
}

/// Bodies that merge, that are divided, and that stand elsewhere in the tree.
#[test]
fn duckdb_counts_alike_across_changes_of_bodies() {
    if is_skipped_without(DUCKDB) {
        return;
    }
    compare(&crate::cli::associations::office(), "--all", LastMemberDay);
}

/// Awkward stories; each prefecture is told by a source of its own.
#[test]
fn duckdb_counts_a_random_world_alike() {
    if is_skipped_without(DUCKDB) {
        return;
    }
    let world = World::with_anchors(20_251_201, 60, 5);
    let office = Office::new();
    office.save("associations.csv", world.master_csv());
    office.import("associations.csv");
    for export in world.exports_by_prefecture() {
        office.save(&export.file_name, &export.bytes);
        let (name, source) = (&export.file_name, &export.source);
        office.import(&format!("{name} --source {source} --accept-drop --accept-change --reason test"));
    }
    compare(&office, "--all", LastMemberDay);
}

#[test]
fn duckdb_counts_an_invented_world_alike() {
    if is_skipped_without(DUCKDB) {
        return;
    }
    let office = Office::new();
    office.json("synth --fill --physicians 400 --prefectures 01,13,26 --bodies 30 --from 2024-10 --to 2025-09");
    compare(&office, "--all", LastMemberDay);
}
