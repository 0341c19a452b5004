//! Papers for others (R37): counts only, no reason that points at somebody; packs are for others unless the office says so.

use std::path::{Path, PathBuf};

use kaiin::domain::cell::Cell;
use kaiin::domain::document::{Block, RowKind};
use kaiin::error::Failure;
use kaiin::service::known::area::Area;
use kaiin::service::known::vintage::Vintage;
use kaiin::service::papers::{PaperFormat, PaperRequest, Variant, areas, build_from, list, publish};

use super::samples::{REPORTS, day, desk, paper, request, table, tables};
use crate::cli::program::Office;
use crate::cli::samples::Sample;
use kaiin::domain::as_of::AsOf;
use kaiin::domain::association::Tier;

const MONTH_END: &str = "2025-12-31";

fn external(name: &str) -> PaperRequest {
    PaperRequest { variant: Variant::External, ..request(name, MONTH_END, MONTH_END) }
}

/// Every shipped report and pack, of the whole and of every prefecture and body: the gate lets them pass.
#[tokio::test]
async fn every_shipped_paper_for_others_is_of_counts() {
    for sample in [Sample::saitama(), Sample::three_prefectures()] {
        let desk = desk(&sample).await;
        let all = list(&desk.workspace).expect("the definitions are sound");
        let vintage = Vintage::open(&desk.workspace, None).await.expect("an export was taken in");
        let mut wanted = vec![Area::All];
        let of_tier =
            |tier| areas(&vintage, AsOf(day(MONTH_END)), tier, &Area::All).expect("everything is there").into_iter();
        wanted.extend(of_tier(Tier::Prefectural));
        wanted.extend(of_tier(Tier::Local).step_by(7));
        let mut n_made = 0;
        for name in REPORTS {
            for area in &wanted {
                let request = PaperRequest { area: area.clone(), ..external(name) };
                // Packs hold tables of the whole office, which another prefecture does not have.
                let Ok(document) = build_from(&desk.workspace, &vintage, &all, &request).await else { continue };
                assert_eq!(document.disclosures(), [], "{name} {area:?}");
                assert_eq!(document.contradictions(), [], "{name} {area:?}");
                for table in tables(&document) {
                    assert_eq!(table.failed_checks(), [], "{name} {area:?} {}", table.id);
                }
                n_made += 1;
            }
        }
        assert!(n_made > 3 * REPORTS.len(), "{n_made}");
    }
}

/// The proof can fail: the lists of an internal paper do not pass as one for others.
#[tokio::test]
async fn list_of_people_never_passes_as_a_paper_for_others() {
    let desk = desk(&Sample::saitama()).await;
    let vintage = Vintage::open(&desk.workspace, None).await.expect("an export was taken in");
    let out = tempfile::tempdir().expect("a folder");
    for name in
        ["withdrawal-audit", "transfer-audit", "tier-consistency", "mamis-difference", "movements", "withdrawal-watch"]
    {
        let document = paper(&desk, &request(name, MONTH_END, MONTH_END)).await;
        let error = publish(&document, &vintage, &external(name), &[PaperFormat::Csv], out.path()).expect_err(name);
        assert_eq!(Failure::of(&error).code, "RPT-026", "{name}");
        // As a draft it is read by others too.
        let draft = PaperRequest { draft: true, ..external(name) };
        let mut document = document;
        document.draft = true;
        let error = publish(&document, &vintage, &draft, &[PaperFormat::Csv], out.path()).expect_err(name);
        assert_eq!(Failure::of(&error).code, "RPT-026", "{name}");
    }
    assert_eq!(std::fs::read_dir(out.path()).expect("the folder").count(), 0);
}

/// What is shown in place of lists adds up to what they held.
#[tokio::test]
async fn counts_for_others_are_as_many_as_the_people_of_the_office() {
    let desk = desk(&Sample::saitama()).await;
    let body_rows = |document: &_, id: &str| {
        let table = table(document, id);
        table.rows.iter().filter(|row| row.kind == RowKind::Body).count()
    };
    let total = |document: &_, id: &str| match table(document, id).rows.last().map(|row| row.cells[1].clone()) {
        Some(Cell::Count(n)) => usize::try_from(n).expect("a count"),
        other => panic!("{id}: {other:?}"),
    };
    for (name, id) in [
        ("withdrawal-audit", "withdrawals"),
        ("member-counts", "planned-withdrawals"),
        ("tier-consistency", "tier-breaks"),
        ("withdrawal-watch", "coming-withdrawals"),
    ] {
        let inside = paper(&desk, &request(name, MONTH_END, MONTH_END)).await;
        let outside = paper(&desk, &external(name)).await;
        assert_eq!(total(&outside, id), body_rows(&inside, id), "{id}");
    }
    // Reasons told of fewer than three are with the others, and nobody is lost.
    let outside = paper(&desk, &external("withdrawal-audit")).await;
    let inside = paper(&desk, &request("withdrawal-audit", MONTH_END, MONTH_END)).await;
    assert_eq!(total(&outside, "withdrawal-summary"), total(&inside, "withdrawal-summary"));
    let reasons = table(&outside, "withdrawal-summary");
    for row in reasons.rows.iter().filter(|row| row.kind == RowKind::Body) {
        let Cell::Count(n) = row.cells[1] else { panic!("a count") };
        assert!(n >= 3 || row.cells[0] == Cell::text("その他"), "{row:?}");
    }
}

#[tokio::test]
async fn pack_says_on_its_cover_whom_it_is_for() {
    let desk = desk(&Sample::saitama()).await;
    for (variant, word) in [(Variant::External, "外部配布"), (Variant::Internal, "内部資料")] {
        let request = PaperRequest { variant, ..request("meeting-gunshi-kaicho", MONTH_END, MONTH_END) };
        let document = paper(&desk, &request).await;
        let cover = document.cover.as_ref().expect("a pack has a cover");
        assert!(cover.facts.iter().any(|fact| fact.label == "取扱い" && fact.text.starts_with(word)));
        let is_list =
            |block: &Block| matches!(block, Block::Table(table) if table.columns.iter().any(|one| one.title == "氏名"));
        let lists = document.sections.iter().flat_map(|section| &section.blocks).filter(|block| is_list(block)).count();
        assert_eq!(lists > 0, variant == Variant::Internal);
    }
}

#[test]
fn pack_is_for_others_unless_the_office_says_otherwise() {
    let (office, _) = Sample::saitama().taken_in();
    let made = |options: &str| {
        let run = office.run(&format!("--json report {options} --as-of 2025-12-31 --format csv --out o"));
        assert_eq!(run.exit, Some(0), "{}", run.stderr);
        let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("a report in JSON");
        PathBuf::from(report["papers"][0]["folder"].as_str().expect("a folder"))
    };
    let others = made("meeting-gunshi-kaicho");
    assert!(others.ends_with("meeting-gunshi-kaicho_2025-12-31_external"), "{}", others.display());
    let inside = made("meeting-gunshi-kaicho --variant internal");
    assert!(inside.ends_with("meeting-gunshi-kaicho_2025-12-31"), "{}", inside.display());
    assert!(made("withdrawal-audit").ends_with("withdrawal-audit_2025-12-31"));
    assert!(text_of(&office, &inside).contains("架空　"));
    assert!(!text_of(&office, &others).contains("架空　"), "somebody is named");
}

/// Everything that is written in a folder.
fn text_of(office: &Office, folder: &Path) -> String {
    let entries = std::fs::read_dir(office.folder().join(folder)).expect("the folder can be read");
    let texts = entries.map(|entry| std::fs::read(entry.expect("an entry").path()).unwrap_or_default());
    texts.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect()
}
