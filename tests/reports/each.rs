//! Papers of many areas: what they share is worked out once, and each is the paper that it would be alone.

use std::collections::BTreeMap;
use std::path::Path;

use kaiin::domain::as_of::AsOf;
use kaiin::domain::association::Tier;
use kaiin::service::known::area::Area;
use kaiin::service::known::vintage::Vintage;
use kaiin::service::papers::{PaperRequest, Variant, areas, build_from, list, narrow};
use serde_json::{Value, json};

use super::samples::{REPORTS, day, request};
use crate::cli::program::Office;
use crate::cli::samples::Sample;
use crate::store::desk::Desk;

const MONTH_END: &str = "2025-12-31";

/// Numbers of members of the newest list, each with her body.
fn members(sample: &Sample) -> Vec<(String, String)> {
    let newest = sample.files.last().expect("the sample has files");
    let text = std::fs::read_to_string(newest).expect("the list can be read");
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(|line| line.split(',').collect::<Vec<_>>());
    let headings = lines.next().expect("headings");
    let at = |heading: &str| headings.iter().position(|name| *name == heading).expect("a column");
    let (number, body) = (at("医籍登録番号"), at("郡市区等医師会コード"));
    let member = |cells: Vec<&str>| (cells[number].to_string(), cells[body].to_string());
    lines.map(member).filter(|(number, body)| number.parse::<u32>().is_ok() && !body.is_empty()).collect()
}

/// Headings of an adjustment file.
const HEADINGS: &str = "調整番号,調整種別,医籍登録番号,医師会コード,医師会名,対象入会日,新しい日付,新しい会員区分,退会理由,\
                        統合元番号,要確認コード,状態,理由,承認者\n";

/// Somebody who left, somebody who never was a member, two numbers of one person, and a finding that was looked at.
fn adjustments(members: &[(String, String)]) -> String {
    let mut text = HEADINGS.to_string();
    for nth in 0..24 {
        let ((number, body), (other, _)) = (&members[nth * 40], &members[nth * 40 + 1]);
        text += &match nth % 4 {
            0 => format!("T{nth},退会,{number},{body},,,2025-12-10,,本人希望,,,,届出,事務局長\n"),
            1 => format!("T{nth},在籍なし,{number},{body},,,,,,,,,届出,事務局長\n"),
            2 => format!("T{nth},同一人物,{number},,,,,,,{other},,,届出,事務局長\n"),
            _ => format!("T{nth},確認済,{number},{body},,,,,,,FND-005,,届出,事務局長\n"),
        };
    }
    text
}

/// The three prefectures with what was filed and decided beside the member lists.
async fn desk() -> Desk {
    let desk = Desk::new().await;
    let sample = Sample::three_prefectures();
    desk.import(&sample.files).await.expect("the sample is sound");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/three-prefectures");
    let decided = tempfile::tempdir().expect("a folder");
    let adjusted = decided.path().join("adjustments_2025-12-31.csv");
    std::fs::write(&adjusted, adjustments(&members(&sample))).expect("the folder can be written");
    let filed = ["applications_2025-09-30.csv", "applications_2025-12-31.csv"].map(|name| folder.join(name));
    desk.import(&[&filed[..], &[adjusted]].concat()).await.expect("the files are sound");
    let vintage = vintage(&desk).await;
    assert!(vintage.basis().adjustments >= 20, "{:?}", vintage.basis());
    desk
}

async fn vintage(desk: &Desk) -> Vintage {
    Vintage::open(&desk.workspace, None).await.expect("an export was taken in")
}

/// All bodies, a prefecture, and some of the local bodies.
fn some_areas(vintage: &Vintage) -> Vec<Area> {
    let of_tier =
        |tier| areas(vintage, AsOf(day(MONTH_END)), tier, &Area::All).expect("everything is there").into_iter();
    let local = of_tier(Tier::Local).step_by(29);
    std::iter::once(Area::All).chain(of_tier(Tier::Prefectural).nth(1)).chain(local).collect()
}

#[tokio::test]
async fn paper_of_a_run_is_the_paper_that_it_would_be_alone() {
    let desk = desk().await;
    let all = list(&desk.workspace).expect("the definitions are sound");
    let shared = vintage(&desk).await;
    let mut n_made = 0;
    // The run of one report comes after those of others, which have asked for most of what it needs.
    for name in REPORTS {
        for variant in [Variant::Internal, Variant::External] {
            for area in some_areas(&shared) {
                let request = PaperRequest { area, variant, ..request(name, MONTH_END, MONTH_END) };
                let in_run = build_from(&desk.workspace, &shared, &all, &request).await;
                let mut own = vintage(&desk).await;
                narrow(&mut own, &all, &request).expect("the timeline can be read");
                let alone = build_from(&desk.workspace, &own, &all, &request).await;
                match (in_run, alone) {
                    (Ok(in_run), Ok(alone)) => assert_eq!(in_run, alone, "{name} {request:?}"),
                    // The pack of one office needs its bodies.
                    (Err(in_run), Err(alone)) => assert_eq!(in_run.to_string(), alone.to_string(), "{request:?}"),
                    (in_run, alone) => panic!("{request:?}: {:?}, {:?}", in_run.is_ok(), alone.is_ok()),
                }
                n_made += 1;
            }
        }
    }
    assert!(n_made >= 3 * 2 * REPORTS.len(), "{n_made}");
}

/// The paper of one area is made of what is known of its persons: that of everybody, limited to the area, is the same. Asked of all
/// areas, at two known-ats, with people who were decided about in other bodies.
#[tokio::test]
async fn paper_of_one_area_is_that_of_everybody_limited_to_it() {
    let desk = desk().await;
    let all = list(&desk.workspace).expect("the definitions are sound");
    let mut n_made = 0;
    for known_at in ["2025-10-31", MONTH_END] {
        let opened = async || Vintage::open(&desk.workspace, Some(day(known_at))).await.expect("it was known");
        let shared = opened().await;
        let of_tier = |tier| areas(&shared, AsOf(day(MONTH_END)), tier, &Area::All).expect("everything is there");
        for area in [Tier::Prefectural, Tier::Local].into_iter().flat_map(of_tier) {
            let asked = request("withdrawal-audit", MONTH_END, known_at);
            let request = PaperRequest { area, draft: true, ..asked };
            let mut own = opened().await;
            narrow(&mut own, &all, &request).expect("the timeline can be read");
            let limited = build_from(&desk.workspace, &shared, &all, &request).await;
            let alone = build_from(&desk.workspace, &own, &all, &request).await;
            match (limited, alone) {
                (Ok(limited), Ok(alone)) => {
                    assert_eq!(limited, alone, "{request:?}");
                    n_made += 1;
                }
                (Err(limited), Err(alone)) => assert_eq!(limited.to_string(), alone.to_string(), "{request:?}"),
                (limited, alone) => panic!("{request:?}: {:?}, {:?}", limited.err(), alone.err()),
            }
        }
    }
    assert!(n_made >= 140, "{n_made}");
}

/// What papers need of the store is read before the first of them is built: the others are made without it.
#[tokio::test]
async fn second_paper_of_a_run_asks_the_store_for_nothing() {
    for variant in [Variant::Internal, Variant::External] {
        let desk = desk().await;
        let all = list(&desk.workspace).expect("the definitions are sound");
        let vintage = vintage(&desk).await;
        let wanted = |area: Area| {
            REPORTS.map(|name| PaperRequest { area: area.clone(), variant, ..request(name, MONTH_END, MONTH_END) })
        };
        let mut sound = Vec::new();
        for request in wanted(Area::All) {
            sound.push(build_from(&desk.workspace, &vintage, &all, &request).await.is_ok());
        }
        assert!(sound.iter().filter(|sound| **sound).count() >= REPORTS.len() - 1, "{sound:?}");
        desk.workspace.store.clone().close().await.expect("the store can be closed");
        for area in some_areas(&vintage) {
            for (request, sound) in wanted(area).iter().zip(&sound).filter(|(_, sound)| **sound) {
                let made = build_from(&desk.workspace, &vintage, &all, request).await;
                assert_eq!(made.is_ok(), *sound, "{request:?}: {:?}", made.err());
            }
        }
    }
}

fn office() -> Office {
    let office = Office::new();
    let sample = Sample::three_prefectures();
    let files: Vec<String> = sample.files.iter().map(|path| path.display().to_string()).collect();
    office.import(&files.join(" "));
    office
}

fn each(office: &Office, options: &str) -> Value {
    office.json(&format!("report withdrawal-audit --as-of {MONTH_END} --format csv {options}"))
}

/// The files of the papers of a run by folder and name.
fn files(office: &Office, out: &str) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let folder = office.folder().join(out);
    for paper in std::fs::read_dir(&folder).expect("papers were made").flatten() {
        for file in std::fs::read_dir(paper.path()).expect("a paper has files").flatten() {
            let name = format!("{}/{}", paper.file_name().display(), file.file_name().display());
            found.insert(name, std::fs::read(file.path()).expect("a file can be read"));
        }
    }
    found
}

#[test]
fn run_over_one_prefecture_makes_its_papers_and_no_others() {
    let office = office();
    let all = each(&office, "--each prefecture,association --out all");
    let tokyo = each(&office, "--each prefecture,association --prefecture 13 --out tokyo");
    let by_name = each(&office, "--each prefecture,association --prefecture 東京都 --out by-name");
    let areas = |report: &Value| -> Vec<String> {
        let papers = report["papers"].as_array().expect("papers is a list");
        papers.iter().map(|one| one["area"].as_str().expect("a text").to_string()).collect()
    };
    let is_of_tokyo = |code: &str| code.starts_with("P13 ") || code.starts_with("13-");
    let of_tokyo: Vec<String> = areas(&all).into_iter().filter(|area| is_of_tokyo(area)).collect();
    assert!(of_tokyo.len() > 2 && of_tokyo.len() < areas(&all).len(), "{of_tokyo:?}");
    assert_eq!((areas(&tokyo), areas(&by_name)), (of_tokyo.clone(), of_tokyo));
    assert_eq!((&tokyo["failed"], &all["failed"]), (&json!([]), &json!([])));
    // To the byte what the run over everything made.
    let (all, tokyo) = (files(&office, "all"), files(&office, "tokyo"));
    assert!(tokyo.iter().all(|(name, bytes)| all.get(name) == Some(bytes)));
    assert_eq!(files(&office, "by-name"), tokyo);
}

#[test]
fn run_over_a_prefecture_that_is_none_is_refused() {
    let office = office();
    let run =
        office.run(&format!("--json report member-counts --as-of {MONTH_END} --each association --prefecture 48"));
    assert_eq!(run.exit, Some(2), "{}", run.stderr);
    assert_eq!(run.error()["error"]["code"], "QRY-004");
}
