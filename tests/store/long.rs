//! A wide export rewritten as a long one (one row for each physician and body of any tier) says the same.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use kaiin::domain::as_of::WithdrawalDayRule;
use kaiin::domain::japanese_date::parse_date;

use super::desk::Desk;
use crate::cli::samples::Sample;

const HEADINGS: &str = "会員状態,退会日,医師会コード,入会日,会員区分,氏名,医籍登録番号,階層,医師会名,退会理由";

/// Rows of a wide export by heading.
type Wide = BTreeMap<String, String>;

fn wide(text: &str) -> Vec<Wide> {
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headings: Vec<String> = reader.headers().expect("headings").iter().map(str::to_owned).collect();
    let rows = reader.records().map(|row| {
        let row = row.expect("rows of the sample are whole");
        headings.iter().cloned().zip(row.iter().map(str::to_owned)).collect()
    });
    rows.collect()
}

/// Words of a tier, and how its headings begin.
const UPPER: [(&str, &str); 2] = [("都道府県", "都道府県"), ("日本", "日医")];

/// How a row names its body; the rows take turns.
fn named(nth: usize, tier: &str, code: &str, name: &str) -> [String; 3] {
    let (code, name, tier) = (code.to_owned(), name.to_owned(), tier.to_owned());
    match nth % 3 {
        0 => [code, String::new(), name],
        1 => [String::new(), tier, name],
        _ => [String::new(), String::new(), name],
    }
}

struct Stay<'w> {
    row: &'w Wide,
    tier: &'static str,
    name: &'w str,
    class: &'w str,
    joined: &'w str,
    left: &'w str,
}

fn cell<'w>(row: &'w Wide, heading: &str) -> &'w str {
    row.get(heading).map_or("", String::as_str)
}

/// The stays of one person: the local ones, and of each upper body what the row that speaks says (R8).
fn stays<'w>(rows: &[&'w Wide], day: NaiveDate) -> Vec<Stay<'w>> {
    let mut rows = rows.to_vec();
    let dates = |row: &Wide, tier: &str| {
        (parse_date(cell(row, &format!("{tier}入会日"))), parse_date(cell(row, &format!("{tier}退会日"))))
    };
    rows.sort_by_key(|row| {
        let (joined, left) = dates(row, "郡市区等");
        let in_force = joined.is_some_and(|joined| joined <= day) && left.is_none_or(|left| day <= left);
        (Reverse(in_force), Reverse(joined))
    });
    let mut out = Vec::new();
    for row in rows {
        let of = |tier: &'static str, prefix: &str, name: &'w str| Stay {
            row,
            tier,
            name,
            class: cell(row, &format!("{prefix}会員区分")),
            joined: cell(row, &format!("{prefix}入会日")),
            left: cell(row, &format!("{prefix}退会日")),
        };
        out.push(of("郡市区等", "郡市区等", cell(row, "郡市区等医師会名")));
        for (tier, prefix) in UPPER {
            let name = if tier == "日本" { "日本医師会" } else { cell(row, "都道府県医師会名") };
            let new = of(tier, prefix, name);
            let (joined, left) = (parse_date(new.joined), parse_date(new.left));
            let overlaps = |old: &Stay<'_>| {
                let (from, to) = (parse_date(old.joined), parse_date(old.left));
                from == joined || (to.is_none_or(|to| joined < Some(to)) && left.is_none_or(|left| from < Some(left)))
            };
            let is_reported = out.iter().any(|old| (old.tier, old.name) == (tier, name) && overlaps(old));
            if !new.class.is_empty() && joined.is_some() && !is_reported {
                out.push(new);
            }
        }
    }
    out
}

fn long(text: &str, day: NaiveDate, codes: &BTreeMap<String, String>) -> String {
    let rows = wide(text);
    let mut by_person: BTreeMap<&str, Vec<&Wide>> = BTreeMap::new();
    for row in &rows {
        by_person.entry(cell(row, "医籍登録番号").trim_start_matches('0')).or_default().push(row);
    }
    let mut lines: Vec<String> = Vec::new();
    for rows in by_person.values() {
        for stay in stays(rows, day) {
            let known = codes.get(&format!("{}{}", stay.tier, stay.name)).map_or("", String::as_str);
            let [code, tier, name] = named(lines.len(), stay.tier, known, stay.name);
            let state = if stay.left.is_empty() { "在籍" } else { "退会" };
            let state = if stay.tier == "郡市区等" { cell(stay.row, "会員状態") } else { state };
            let reason = if stay.left.is_empty() { "" } else { cell(stay.row, "退会理由") };
            let (number, person) = (cell(stay.row, "医籍登録番号"), cell(stay.row, "氏名"));
            let Stay { left, joined, class, .. } = stay;
            lines.push([state, left, &code, joined, class, person, number, &tier, &name, reason].join(","));
        }
    }
    // Every order says the same: take each seventh in turn.
    let mut shuffled: Vec<&str> = Vec::new();
    for start in 0..7 {
        shuffled.extend(lines.iter().skip(start).step_by(7).map(String::as_str));
    }
    shuffled.reverse();
    format!("{HEADINGS}\n{}\n", shuffled.join("\n"))
}

fn codes(master: &str) -> BTreeMap<String, String> {
    let bodies = wide(master).into_iter();
    bodies
        .map(|row| (format!("{}{}", cell(&row, "階層"), cell(&row, "名称")), cell(&row, "医師会コード").into()))
        .collect()
}

#[tokio::test]
async fn long_export_counts_as_the_wide_one_on_every_day_of_the_key() {
    let sample = Sample::cases();
    let desk = Desk::new().await;
    let read = |path| std::fs::read_to_string(path).expect("the sample can be read");
    let codes = codes(&read(&sample.files[0]));
    desk.import(&sample.files[..1]).await.expect("the master is taken in");
    for path in &sample.files[1..] {
        let name = path.file_name().and_then(|name| name.to_str()).expect("a file name");
        let day = name[8..18].parse().expect("the day stands in the name");
        let saved = desk.save(name, long(&read(path), day, &codes).as_bytes());
        let summary = desk.import(&[saved]).await.expect("the long export is taken in").remove(0);
        assert_eq!((summary.layout.as_str(), summary.rejected_rows), ("mamis-members-long", 0));
    }
    let mut ledger = desk.ledger().await;
    for answer in &sample.answers {
        ledger.look_from(answer.known_at, WithdrawalDayRule::LastMemberDay);
        let pair = format!("as of {}, known at {}", answer.as_of, answer.known_at);
        assert_eq!(ledger.by_kernel(answer.as_of), answer.figures, "{pair}");
        assert_eq!(ledger.by_reference(answer.as_of), answer.figures, "reference, {pair}");
    }
}

const MEMBER: &str = "在籍,,11-001,2004-05-01,B,架空　例,910001,,浦和医師会,";
const UPPER_ROW: &str = "在籍,,P11,2004-05-01,B,架空　例,910001,,埼玉県医師会,";

async fn taken_in(desk: &Desk, day: &str, rows: &[&str]) -> kaiin::service::intake::import::ImportSummary {
    let text = format!("{HEADINGS}\n{}\n", rows.join("\n"));
    let path = desk.save(&format!("members_{day}.csv"), text.as_bytes());
    desk.import(&[path]).await.expect("the export is taken in").remove(0)
}

/// A long row is about its own body alone: one of an upper tier that is gone has vanished; it was not left blank.
#[tokio::test]
async fn upper_row_that_is_gone_has_vanished() {
    let desk = Desk::new().await;
    desk.import(&Sample::cases().files[..1]).await.expect("the master is taken in");
    taken_in(&desk, "2025-03-31", &[MEMBER, UPPER_ROW]).await;
    let summary = taken_in(&desk, "2025-04-30", &[MEMBER]).await;
    assert_eq!(summary.findings, BTreeMap::from([("FND-005", 1)]));
    let ledger = desk.ledger().await;
    let answer = ledger.answer("2025-04-30".parse().expect("a date"));
    assert_eq!((answer.totals.prefectural.memberships, answer.not_shown), (1, 1));
}

/// Twenty good rows and one with a bad cell: the reject names the column of the long layout.
#[tokio::test]
async fn reject_of_a_long_row_names_its_column() {
    for (bad, code, column) in [
        ("在籍,,,2004-05-01,B,架空　例,91x001,,浦和医師会,", "IMP-001", "G"),
        ("在籍,,,2004-13-01,B,架空　例,910031,,浦和医師会,", "IMP-002", "D"),
        ("退会,いつか,,2004-05-01,B,架空　例,910031,,浦和医師会,", "IMP-003", "B"),
        ("退会,2004-04-30,,2004-05-01,B,架空　例,910031,,浦和医師会,", "IMP-004", "B"),
        ("在籍,,,2004-05-01,B,架空　例,910031,郡市区等,架空医師会,", "IMP-005", "I"),
        ("在籍,,,2004-05-01,B,架空　例,910031,都道府県,浦和医師会,", "IMP-005", "I"),
    ] {
        let desk = Desk::new().await;
        desk.import(&Sample::cases().files[..1]).await.expect("the master is taken in");
        let good: Vec<String> = (0..20).map(|nth| MEMBER.replace("910001", &format!("9100{nth:02}"))).collect();
        let rows: Vec<&str> = good.iter().map(String::as_str).chain([bad]).collect();
        let summary = taken_in(&desk, "2025-03-31", &rows).await;
        let told: Vec<_> = summary.rejected.iter().map(|cell| (cell.row, cell.code, cell.column.as_str())).collect();
        assert_eq!(told, [(22, code, column)], "{bad}");
    }
}
