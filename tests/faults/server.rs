//! Commands of a person, on a store on a server: what is sent to it is disturbed, too.

use super::disturb;
use super::scene::Scene;
use crate::cli::people::{KNOWN, NEXT, cells, edited, master, text};
use crate::cli::program::Office;
use crate::store::home::{Home, skips_without_server};

#[test]
fn import_into_a_server() {
    if skips_without_server() {
        return;
    }
    let office = Office::on(Home::Postgres);
    office.save("associations.csv", master());
    office.save(KNOWN, text(&cells()));
    office.import(&format!("associations.csv {KNOWN}"));
    office.save(NEXT, edited(|cells| cells[2][8] = "2025-10-20".into()));
    disturb(&Scene::new("import on PostgreSQL", office, "import members_2025-10-31.csv"));
}
