//! Commands of a person, on the store in the data folder.

use super::disturb;
use super::scene::Scene;
use crate::cli::people::{KNOWN, NEXT, cells, edited, master, office, text};
use crate::cli::program::Office;

/// The store is made, too.
#[test]
fn first_import() {
    let office = Office::new();
    office.save("associations.csv", master());
    office.save(KNOWN, text(&cells()));
    disturb(&Scene::new("first import", office, "import associations.csv members_2025-09-30.csv"));
}

/// A second month, in which somebody leaves.
#[test]
fn import_of_the_next_month() {
    let office = office();
    office.save(NEXT, edited(|cells| cells[2][8] = "2025-10-20".into()));
    disturb(&Scene::new("import", office, "import members_2025-10-31.csv"));
}

/// Some rows come back in a workbook.
#[test]
fn import_with_rejected_rows() {
    let office = office();
    let next = edited(|cells| {
        cells[2][8] = "2025-10-20".into();
        cells[3][7] = "未定".into();
    });
    office.save(NEXT, next);
    let import = Scene::new("import with rejects", office, "import members_2025-10-31.csv");
    disturb(&Scene { is_store_known: true, ..import });
}

#[test]
fn import_taken_back() {
    let office = office();
    office.save(NEXT, edited(|cells| cells[2][8] = "2025-10-20".into()));
    office.import(NEXT);
    let arguments = "import --take-back members_2025-10-31.csv --reason 試験";
    // What is taken back is not there to be taken back once more.
    let taken_back = Scene::new("import taken back", office, arguments);
    disturb(&Scene { exit_again: 2, is_store_known: true, ..taken_back });
}

#[test]
fn first_edition_of_a_paper() {
    let report = "report member-counts --as-of 2025-09-30 --out papers --format pdf,csv,xlsx,html";
    disturb(&Scene::new("first edition", office(), report));
}

/// The file of the day is replaced, and the paper says what changed (訂正版).
#[test]
fn corrected_edition_of_a_paper() {
    let office = office();
    let report = "report member-counts --as-of 2025-09-30 --out papers --format csv";
    assert_eq!(office.run(report).exit, Some(0));
    office.save("corrected_2025-09-30.csv", edited(|cells| cells[2][8] = "2025-09-20".into()));
    // The paper that was given out would say something else: that is asked.
    let accepted = "import corrected_2025-09-30.csv --accept-change --reason 訂正";
    assert_eq!(office.run(accepted).exit, Some(0));
    disturb(&Scene::new("corrected edition", office, report));
}

/// Other formats come into the folder that is there.
#[test]
fn formats_added_to_a_paper() {
    let office = office();
    assert_eq!(office.run("report member-counts --as-of 2025-09-30 --out papers --format csv").exit, Some(0));
    let report = "report member-counts --as-of 2025-09-30 --out papers --format csv,csv-machine,html";
    disturb(&Scene::new("formats added", office, report));
}

#[test]
fn snapshot_taken() {
    disturb(&Scene::new("snapshot", office(), "snapshot take --as-of 2025-09-30"));
}

#[test]
fn memberships_exported() {
    // An export lies there then, which is refused.
    disturb(&Scene { exit_again: 2, ..Scene::new("export", office(), "timeline export --out export") });
}

/// Another export has the name until the new one has it.
#[test]
fn export_in_place_of_another() {
    let office = office();
    assert_eq!(office.run("timeline export --out export").exit, Some(0));
    disturb(&Scene::new("export replaced", office, "timeline export --out export --all --replace"));
}

#[test]
fn first_files_of_an_installation() {
    disturb(&Scene { is_store_known: true, ..Scene::new("init", Office::new(), "init") });
}

/// The folder is made, and named in the settings.
#[test]
fn definition_copied() {
    // What is there stays as it is, which is said.
    disturb(&Scene { exit_again: 2, ..Scene::new("definition copied", office(), "reports copy member-counts") });
}
