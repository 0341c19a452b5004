//! The timeline that an import carries on from the one before it has the bytes of the one that is made from the store.

use std::collections::BTreeMap;

use rstest::rstest;

use super::desk::Desk;
use super::home::Home;
use super::replaced::{MASTER, adjustments, applications, members, take_in};
use super::worlds::{desk_of, for_worlds, import};
use crate::worlds::World;

/// The tables of the head of a store, by kind, as they lie there.
async fn tables(desk: &Desk) -> BTreeMap<&'static str, Vec<u8>> {
    let head = head(desk).await;
    let folder = std::fs::read_dir(desk.workspace.folder().join("timeline")).expect("a timeline was written");
    let paths: Vec<_> = folder.map(|entry| entry.expect("the folder can be read").path()).collect();
    let kinds = ["enrolments", "persons", "corrections", "sums"];
    let of_kind = |kind: &'static str| {
        let named = |name: &str| name.starts_with(&format!("{kind}-{head}"));
        let mut found = paths.iter().filter(|path| named(&path.file_name().expect("a name").to_string_lossy()));
        let path = found.next().unwrap_or_else(|| panic!("{kind} of {head} in {paths:?}"));
        (kind, std::fs::read(path).expect("the file can be read"))
    };
    kinds.into_iter().map(of_kind).collect()
}

async fn head(desk: &Desk) -> String {
    let imports = desk.workspace.store.imports().await.expect("the store can be read");
    imports.last().expect("something was taken in").head.clone()
}

/// Compares the timeline that lies there with one made from the store.
async fn compare(desk: &Desk, after: &str) {
    let carried = tables(desk).await;
    desk.workspace.refresh_timeline(&head(desk).await).await.expect("the timeline can be made");
    for (kind, made) in tables(desk).await {
        assert!(carried[kind] == made, "{kind} after {after}");
    }
}

#[rstest]
#[case::sqlite(Home::Sqlite, 25)]
#[case::postgres(Home::Postgres, 4)]
fn timeline_after_each_export_is_that_of_the_store(#[case] home: Home, #[case] cases: u32) {
    if home.is_skipped() {
        return;
    }
    for_worlds(cases, &async |world: &World| {
        let desk = desk_of(world, home).await;
        for export in world.exports() {
            import(&desk, export.day, &export.bytes).await;
            compare(&desk, &export.day.to_string()).await;
        }
    });
}

/// Applications and adjustments between exports, a file that replaces another one of its day, one taken back, several at once,
/// and a timeline before that is missing or damaged.
#[rstest]
#[tokio::test]
async fn timeline_is_that_of_the_store_whatever_came_before(#[values(Home::Sqlite, Home::Postgres)] home: Home) {
    if home.is_skipped() {
        return;
    }
    let desk = Desk::on(home).await;
    take_in(&desk, "associations.csv", MASTER).await;
    let first = [("100001", "架空　一", "A1", ""), ("100002", "架空　二", "B", "")];
    let more = [("100001", "架空　一", "A1", "2025-06-30"), ("100003", "架空　三", "C", ""), first[1]];
    let named = [("100001", "架空　一", "A1", "2025-06-30"), ("100002", "架空　弐", "A2B", ""), more[1]];
    for (name, text) in [
        ("members_2025-03-31.csv", members(&first)),
        ("applications_2025-04-30.csv", applications(&[("1", "100001", "申請中")])),
        ("members_2025-04-30.csv", members(&more)),
        ("adjustments_2025-05-20.csv", adjustments(&[("1", "100002", "")])),
        ("members_2025-05-31.csv", members(&named)),
        ("members_2025-05-31.csv", members(&more)),
        ("members_2025-06-30.csv", members(&named)),
    ] {
        take_in(&desk, name, &text).await;
        compare(&desk, name).await;
    }
    desk.take_back("members_2025-06-30.csv").await.expect("the newest import is taken back");
    let timeline = desk.workspace.folder().join("timeline");
    for (name, text) in [("members_2025-07-31.csv", members(&more)), ("members_2025-08-31.csv", members(&named))] {
        take_in(&desk, name, &text).await;
        compare(&desk, name).await;
        // Of the files that lie there, one loses its end, then all go.
        let mut files =
            std::fs::read_dir(&timeline).expect("it was written").map(|entry| entry.expect("a file").path());
        match name {
            "members_2025-07-31.csv" => {
                let persons = files.find(|path| path.to_string_lossy().contains("persons-")).expect("it was written");
                let bytes = std::fs::read(&persons).expect("it was written");
                std::fs::write(&persons, &bytes[..bytes.len() / 2]).expect("it can be written");
            }
            _ => files.for_each(|path| std::fs::remove_file(path).expect("it can be removed")),
        }
    }
    let last = [("members_2025-09-30.csv", members(&more)), ("members_2025-10-31.csv", members(&first))];
    let paths = last.map(|(name, text)| desk.save(name, text.as_bytes()));
    desk.import(&paths[..1]).await.expect("it is taken in");
    compare(&desk, "all files were gone").await;
    desk.import(&paths).await.expect("both are taken in");
    compare(&desk, "the same file and a new one").await;
}
