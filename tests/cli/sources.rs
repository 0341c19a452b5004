//! Two sources that tell of one stay (R26): the newer export that shows it speaks, silence is no word, and where both show it
//! and disagree a finding names both.

use rstest::rstest;
use serde_json::Value;

use super::program::Office;

const FOUND: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/found");

const HEADINGS: &str = "医籍登録番号,氏名,郡市区等医師会名,郡市区等会員区分,郡市区等入会日,郡市区等退会日,会員状態,\
                        都道府県会員区分,都道府県入会日,都道府県退会日,日医会員区分,日医入会日,日医退会日,退会理由";

const MASTER: &str = "医師会コード,階層,種別,名称,略称,別名,上位コード,都道府県コード,並び順
JMA,日本,その他,日本医師会,日医,,,,1
P11,都道府県,地域,架空県医師会,架空県,,JMA,11,11
11-001,郡市区等,地域,青空市医師会,青空市,,P11,11,1
11-002,郡市区等,地域,緑野郡医師会,緑野郡,,P11,11,2
P13,都道府県,地域,海辺県医師会,海辺県,,JMA,13,13
13-001,郡市区等,地域,渚市医師会,渚市,,P13,13,1
";

/// A member of 11-001 and above since 2010 whom no row changes, so that no file is empty.
const ANCHOR: &str = "100001,架空　一,青空市,B,2010-04-01,,在籍,B,2010-04-01,,B,2010-04-01,,";
/// The same in 13-001.
const OTHER_ANCHOR: &str = "100002,架空　二,渚市,B,2010-04-01,,在籍,B,2010-04-01,,B,2010-04-01,,";

/// An office with a master and the settings of a small world: nobody is missed.
fn office() -> Office {
    let office = Office::new();
    office.run("init");
    office.save("associations.csv", MASTER);
    office.import("associations.csv");
    office
}

impl Office {
    /// Takes in a member list of a source.
    fn tell(&self, source: &str, day: &str, rows: &[&str]) -> Value {
        let name = format!("members_{day}.csv");
        self.save(&name, format!("{HEADINGS}\n{}\n", rows.join("\n")));
        self.import(&format!("--source {source} --accept-drop --reason test {name}"))[0].clone()
    }

    /// Takes in a file of a found case.
    fn take_found(&self, case: &str, file: &str, source: &str) {
        let name = file.rsplit('_').next().expect("files end in their day");
        let bytes = std::fs::read(format!("{FOUND}/{case}/{file}")).expect("the case is there");
        let saved = if file.contains("associations") { file.to_owned() } else { format!("members_{name}") };
        self.save(&saved, bytes);
        self.import(&format!("--source {source} --accept-drop --reason test {saved}"));
    }

    fn national(&self, day: &str) -> i64 {
        self.counted(&format!("--as-of {day}"), "national")
    }

    fn counted(&self, arguments: &str, tier: &str) -> i64 {
        let answer = self.json(&format!("count --by tier,class {arguments}"));
        answer["totals"][tier]["memberships"].as_i64().expect("a number")
    }

    /// Code and detail of what sources disagree about in an audit.
    fn disagreements(&self, arguments: &str) -> Vec<(String, String)> {
        let run = self.run(&format!("--json audit {arguments}"));
        let answer: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr));
        let text = |line: &Value, key: &str| line[key].as_str().unwrap_or_default().to_owned();
        let lines = answer["findings"].as_array().expect("a list");
        let found = lines.iter().map(|line| (text(line, "code"), text(line, "detail")));
        found.filter(|(code, _)| code == "FND-023" || code == "FND-024").collect()
    }
}

/// No. 200099 is a member in two prefectures. The list of P13 says that she died; the older list of P11 shows the same 日医 stay
/// open. She used to be counted for ever, and nobody was told.
#[test]
fn newer_source_tells_of_a_death_and_a_finding_names_both() {
    let office = Office::new();
    let case = "older-source-keeps-the-dead";
    office.take_found(case, "associations.csv", "associations");
    office.take_found(case, "p11_members_2025-12-05.csv", "P11");
    assert_eq!(office.national("2025-12-31"), 3);
    office.take_found(case, "p13_members_2025-12-31.csv", "P13");
    assert_eq!(office.national("2025-12-31"), 4);
    assert_eq!(office.national("2025-12-10"), 5);
    assert_eq!(office.counted("--as-of 2025-12-31 --known-at 2025-12-05", "national"), 3);
    let moved = office.json("movements --from 2025-12 --by tier");
    let rows = moved["rows"].as_array().expect("rows");
    let national = rows.iter().find(|row| row["tier"] == "national").expect("a row of 日医");
    assert_eq!(national["died"], 1);
    let expected = (
        "FND-024".to_owned(),
        "P13（2025-12-31）は退会日 2025-12-10、P11（2025-12-05）は退会日なし。前者で数える".to_owned(),
    );
    assert_eq!(office.disagreements("tiers --as-of 2025-12-31"), std::slice::from_ref(&expected));
    assert_eq!(office.disagreements("applications"), std::slice::from_ref(&expected));
    assert_eq!(office.disagreements("applications --prefecture 11"), [expected]);
    assert_eq!(office.disagreements("applications --known-at 2025-12-05"), []);
}

/// Everybody's rows by prefecture, told by two sources or by one: the figures are the same.
#[test]
fn mover_counts_as_the_source_that_shows_her_says() {
    let case = "mover-told-by-two-sources";
    let (two, one) = (Office::new(), Office::new());
    for office in [&two, &one] {
        office.take_found(case, "associations.csv", "associations");
    }
    for day in ["2025-09-30", "2025-12-31"] {
        two.take_found(case, &format!("members_11_{day}.csv"), "members_11");
        two.take_found(case, &format!("members_13_{day}.csv"), "members_13");
        one.take_found(case, &format!("members_all_{day}.csv"), "members");
    }
    assert_eq!(two.national("2025-12-31"), 2);
    let answer = two.json("count --as-of 2025-12-31 --by tier,class --tier national");
    assert!(answer["rows"].as_array().expect("rows").iter().all(|row| row["class"] != "B"), "{answer}");
    for question in [
        "count --as-of 2025-12-31 --by tier,association,class",
        "count --as-of 2025-12-01 --by tier,association,class",
        "count --as-of 2025-10-15 --by tier,association,class",
        "count --as-of 2025-12-31 --known-at 2025-09-30 --by tier,association,class",
        "movements --from 2025-12 --by tier",
        "audit tiers --as-of 2025-12-31",
        "audit mamis-difference",
    ] {
        let of = |office: &Office| -> Value {
            let run = office.run(&format!("--json {question}"));
            let mut answer: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr));
            let basis = answer.as_object_mut().expect("an object");
            ["head", "older_sources", "basis"].into_iter().for_each(|key| drop(basis.remove(key)));
            answer
        };
        assert_eq!(of(&two), of(&one), "{question}");
    }
    assert_eq!(two.disagreements("applications"), []);
}

const IN_FORCE: &str = "200099,架空　癸,青空市,B,2015-04-01,,在籍,B,2015-04-01,,B,2015-04-01,,";
const DIED: &str =
    "200099,架空　癸,渚市,B,2016-04-01,2025-12-10,退会,B,2016-04-01,2025-12-10,B,2015-04-01,2025-12-10,死亡";

/// Of one day the export taken in later speaks; the hash on papers tells the two orders apart.
#[test]
fn of_one_day_the_list_taken_in_later_speaks() {
    let told = |first: (&str, &[&str]), second: (&str, &[&str])| {
        let office = office();
        office.tell(first.0, "2025-12-31", first.1);
        office.tell(second.0, "2025-12-31", second.1);
        let answer = office.json("count --as-of 2025-12-31 --by tier");
        let codes: Vec<String> =
            office.disagreements("tiers --as-of 2025-12-31").into_iter().map(|(code, _)| code).collect();
        (office.national("2025-12-31"), codes, answer["head"].clone())
    };
    let p11: (&str, &[&str]) = ("P11", &[ANCHOR, IN_FORCE]);
    let p13: (&str, &[&str]) = ("P13", &[OTHER_ANCHOR, DIED]);
    let (dead, codes, head) = told(p11, p13);
    assert_eq!((dead, codes), (2, vec!["FND-023".to_owned()]));
    let (alive, codes, other_head) = told(p13, p11);
    assert_eq!((alive, codes), (3, vec!["FND-023".to_owned()]));
    assert_ne!(head, other_head);
}

/// Two sources with nobody in common, and two that say the same of one member: nothing to look at.
#[test]
fn sources_that_agree_are_counted_once_without_a_finding() {
    let office = office();
    office.tell("P11", "2025-11-30", &[ANCHOR, IN_FORCE]);
    office.tell("P13", "2025-12-31", &[OTHER_ANCHOR]);
    assert_eq!(office.national("2025-12-31"), 3);
    office.tell("P13", "2026-01-31", &[OTHER_ANCHOR, IN_FORCE]);
    assert_eq!(office.national("2026-01-31"), 3);
    assert_eq!(office.counted("--as-of 2026-01-31", "local"), 3);
    assert_eq!(office.disagreements("applications"), []);
}

/// Cells that became blank, or a row that is gone, are no word: the other source speaks, and she is not 見えない.
#[rstest]
#[case::row_gone("", 0)]
#[case::upper_cells_blank("200099,架空　癸,青空市,B,2015-04-01,,在籍,,,,,,,", 0)]
fn silence_of_a_source_is_no_word(#[case] later: &str, #[case] not_shown: i64) {
    let office = office();
    let class_a1 = "200099,架空　癸,青空市,A①,2015-04-01,,在籍,A①,2015-04-01,,A①,2015-04-01,,";
    office.tell("P11", "2025-11-10", &[ANCHOR, IN_FORCE]);
    office.tell("all", "2025-11-30", &[ANCHOR, OTHER_ANCHOR, class_a1]);
    let rows: Vec<&str> = [ANCHOR, later].into_iter().filter(|row| !row.is_empty()).collect();
    office.tell("P11", "2025-12-31", &rows);
    let answer = office.json("count --as-of 2025-12-31 --by tier,class --tier national");
    let of_class = |class: &str| {
        let rows = answer["rows"].as_array().expect("rows");
        rows.iter().find(|row| row["class"] == class).map_or(0, |row| row["memberships"].as_i64().expect("a number"))
    };
    assert_eq!((of_class("A1"), of_class("B")), (1, 2));
    assert_eq!(answer["not_shown"].as_i64().unwrap_or(0), not_shown, "{answer}");
    let vanished = office.run("--json audit withdrawals --from 2025-12-01 --to 2025-12-31").stdout;
    assert!(!vanished.contains("FND-005"), "{vanished}");
}

/// What nobody shows any more is 見えない, whoever showed it last; a source that was given up shows nobody.
#[test]
fn member_whom_nobody_shows_is_not_shown() {
    let office = office();
    office.tell("old", "2025-03-31", &[ANCHOR, IN_FORCE]);
    office.tell("new", "2025-04-30", &[ANCHOR, IN_FORCE]);
    office.tell("new", "2025-06-30", &[ANCHOR]);
    let not_shown = |day: &str| {
        let answer = office.json(&format!("count --as-of {day} --known-at {day} --by tier --tier local"));
        answer["not_shown"].as_i64().unwrap_or(0)
    };
    // The old source showed her lately.
    assert_eq!(not_shown("2025-06-30"), 0);
    office.tell("new", "2025-12-31", &[ANCHOR]);
    assert_eq!(not_shown("2025-12-31"), 1);
    assert_eq!(office.counted("--as-of 2025-12-31", "local"), 2);
}

/// A source under a new name: the old one never says anything again, and is not held against the new one for ever.
#[test]
fn source_that_was_given_up_is_behind_without_a_word() {
    let office = office();
    let left =
        "200099,架空　癸,青空市,B,2015-04-01,2025-08-31,退会,B,2015-04-01,2025-08-31,B,2015-04-01,2025-08-31,転出";
    office.tell("old", "2025-03-31", &[ANCHOR, IN_FORCE]);
    office.tell("new", "2025-04-30", &[ANCHOR, IN_FORCE]);
    office.tell("new", "2025-09-30", &[ANCHOR, left]);
    let codes = |day: &str| {
        let found = office.disagreements(&format!("applications --known-at {day}"));
        found.into_iter().map(|(code, _)| code).collect::<Vec<_>>()
    };
    assert_eq!(codes("2025-09-30"), ["FND-024"; 3]);
    office.tell("new", "2025-12-31", &[ANCHOR, left]);
    assert_eq!(codes("2025-12-31"), [""; 0]);
    assert_eq!(office.counted("--as-of 2025-12-31", "local"), 1);
}

/// A local stay told by two sources in two classes. An adjustment decides, and holds although each source goes on to say
/// what it said.
#[test]
fn decision_holds_against_what_both_sources_said_before() {
    let office = office();
    let class_a1 = "200099,架空　癸,青空市,A①,2015-04-01,,在籍,,,,,,,";
    let class_b = "200099,架空　癸,青空市,B,2015-04-01,,在籍,,,,,,,";
    let class_c = "200099,架空　癸,青空市,C,2015-04-01,,在籍,,,,,,,";
    office.tell("P11", "2025-11-05", &[ANCHOR, class_b]);
    office.tell("univ", "2025-11-30", &[ANCHOR, class_a1]);
    let class_on = |day: &str| {
        let answer = office.json(&format!("count --as-of {day} --known-at {day} --by association,class --tier local"));
        let rows = answer["rows"].as_array().expect("rows").clone();
        rows.iter().map(|row| row["class"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(class_on("2025-11-30"), ["A1", "B"]);
    let found = office.disagreements("withdrawals");
    let detail = "univ（2025-11-30）は区分 A①、P11（2025-11-05）は区分 B。前者で数える";
    assert_eq!(found, [("FND-023".to_owned(), detail.to_owned())]);
    office.save(
        "adjustments_2025-12-02.csv",
        "調整番号,調整種別,医籍登録番号,医師会名,対象入会日,新しい日付,新しい会員区分,退会理由,統合元番号,要確認コード,状態,理由,承認者\n\
         1,区分訂正,200099,青空市医師会,2015-04-01,2015-04-01,B,,,,,届出で確認,事務局長\n",
    );
    office.import("adjustments_2025-12-02.csv");
    assert_eq!(class_on("2025-12-02"), ["B"]);
    assert_eq!(office.disagreements("withdrawals"), []);
    office.tell("P11", "2025-12-05", &[ANCHOR, class_b]);
    office.tell("univ", "2025-12-31", &[ANCHOR, class_a1]);
    assert_eq!(class_on("2025-12-31"), ["B"]);
    // A new word is one.
    office.tell("univ", "2026-01-31", &[ANCHOR, class_c]);
    assert_eq!(class_on("2026-01-31"), ["B", "C"]);
}

/// R28: an older list still shows the stay that an application had ended; what the newer one shows is another stay.
#[test]
fn rejoin_in_another_source_keeps_the_end_of_the_old_stay() {
    let office = office();
    let old = "200099,架空　癸,青空市,B,2010-04-01,,在籍,,,,,,,";
    let again = "200099,架空　癸,青空市,B,2025-11-01,,在籍,,,,,,,";
    office.tell("P11", "2025-09-30", &[ANCHOR, old]);
    office.save(
        "applications_2025-10-31.csv",
        "申請番号,申請種別,申請者区分,医籍登録番号,氏名,対象医師会,申請日,適用日,承認日,取消日,状態,変更後会員区分,退会理由,備考\n\
         0001,退会,本人,200099,架空　癸,青空市医師会,2025-10-01,2025-10-15,2025-10-10,,承認済,,本人希望,\n",
    );
    office.import("applications_2025-10-31.csv");
    office.tell("univ", "2025-12-31", &[ANCHOR, again]);
    let members = |day: &str| office.counted(&format!("--as-of {day}"), "local");
    assert_eq!([members("2025-10-15"), members("2025-10-20"), members("2025-11-01")], [2, 1, 2]);
}

/// What is tried without being stored, and what is explained, follow the source that speaks as well.
#[test]
fn tried_file_and_explained_figure_follow_the_newer_source() {
    let office = office();
    office.tell("P11", "2025-12-05", &[ANCHOR, IN_FORCE]);
    let died =
        "200099,架空　癸,青空市,B,2015-04-01,2025-12-10,退会,B,2015-04-01,2025-12-10,B,2015-04-01,2025-12-10,死亡";
    office.save("members_2025-12-31.csv", format!("{HEADINGS}\n{OTHER_ANCHOR}\n{died}\n"));
    let tried = office.import("--dry-run --source P13 members_2025-12-31.csv");
    let headline = &tried[0]["headline"];
    assert_eq!(
        (&headline["before"]["national"]["heads"], &headline["after"]["national"]["heads"]),
        (&2.into(), &2.into())
    );
    assert_eq!((&headline["before"]["local"]["heads"], &headline["after"]["local"]["heads"]), (&2.into(), &2.into()));
    office.import("--source P13 members_2025-12-31.csv");
    assert_eq!(office.national("2025-12-31"), 2);
    let explained = office.json("explain --association 11-001 --as-of 2025-12-31").to_string();
    assert!(explained.contains("members_2025-12-31.csv"), "{explained}");
}
