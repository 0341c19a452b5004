//! Commands of a person, on the store in the data folder.

use super::disturb;
use super::scene::Scene;
use crate::cli::people::{NEXT, cells, edited, office, text};

/// A second month, without anything to complain about.
#[test]
fn import_of_the_next_month() {
    let office = office();
    office.save(NEXT, text(&cells()));
    disturb(&Scene::new("import", office, "import members_2025-10-31.csv"));
}

/// Some rows come back in a workbook.
#[test]
fn import_with_rejected_rows() {
    let office = office();
    office.save(NEXT, edited(|cells| cells[3][7] = "未定".into()));
    disturb(&Scene::new("import with rejects", office, "import members_2025-10-31.csv"));
}
