//! Definitions and settings that are wrong, and arguments that nobody knows: what the office reads, to the letter.

use kaiin::config::Config;
use kaiin::messages::in_japanese;
use rstest::rstest;

use super::people::{master, office};
use super::program::Office;

/// An office with a folder of definitions of its own.
fn with_definition(name: &str, text: impl AsRef<[u8]>) -> Office {
    let office = office();
    let path = office.folder().join("own").join(name);
    std::fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder can be made");
    std::fs::write(path, text).expect("a file can be written");
    office.save("kaiin-data/kaiin.toml", "definitions = \"../own\"\n");
    office
}

/// The text of a shipped definition with one part replaced.
fn shipped(name: &str, from: &str, to: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("reports").join(name);
    let text = std::fs::read_to_string(path).expect("the shipped definition can be read");
    assert!(text.contains(from), "{from} is not in {name}");
    text.replacen(from, to, 1)
}

/// Runs `kaiin reports check` in both languages and compares what is said.
#[track_caller]
fn assert_check_says(office: &Office, ja: &str, en: &str) {
    for (lang, expected) in [("ja", ja), ("en", en)] {
        let run = office.run(&format!("reports check --lang {lang}"));
        assert_eq!(run.exit, Some(2), "{}", run.stderr);
        assert_eq!(run.stderr.trim_end(), expected);
    }
}

/// What stands around one fault.
fn one_fault(lang: &str, fault: &str, remedy: &str) -> String {
    match lang {
        "ja" => format!(
            "エラー CFG-002: 定義ファイルに誤りがあります（1 件）\n  {fault}\n    直し方: {remedy}\n  \
             直し方: 示したファイルの行を直し、kaiin reports check で確かめてください"
        ),
        _ => format!(
            "error CFG-002: definitions are wrong (faults: 1)\n  {fault}\n    remedy: {remedy}\n  \
             remedy: mend the lines named, and prove them with kaiin reports check"
        ),
    }
}

#[rstest]
#[case::divisor_of_nothing(
    "seats.toml", shipped("seats.toml", "members_per_seat = 500", "members_per_seat = 0"),
    ["seats.toml 27行目 members_per_seat: 0 は使えません（1 以上） [DEF-025]", "1 以上の整数にしてください"],
    ["seats.toml line 27 members_per_seat: 0 cannot be used here (at least 1) [DEF-025]", "give a whole number of at least 1"]
)]
#[case::gap_in_a_rule_table(
    "seats.toml",
    shipped("seats.toml", "members_per_seat = 500", "to = \"2020-03-31\"\nmembers_per_seat = 500")
        + "[[tables.rules]]\nfrom = \"2020-04-02\"\nmembers_per_seat = 400\nremainder = \"up\"\nsource = \"試験\"\n",
    [
        "seats.toml 26行目 rules: 期間に空きがあります（2020-04-01 に当てはまるものがありません） [DEF-030]",
        "次の from を前の to の翌日にするか、間の規則を加えてください"
    ],
    [
        "seats.toml line 26 rules: there is a gap between the spans (no entry holds on 2020-04-01) [DEF-030]",
        "let the next one begin on the day after the earlier one ends, or add what held between"
    ]
)]
#[case::house_that_the_master_does_not_have(
    "seats.toml",
    shipped("seats.toml", "body = \"JMA\"", "body = \"JMB\""),
    [
        "seats.toml 23行目 body: 医師会マスタに「JMB」はありません [DEF-060]",
        "「JMA」のことではありませんか。コードか名称を直すか、その医師会を医師会マスタに加えて取り込んでください"
    ],
    [
        "seats.toml line 23 body: \"JMB\" is not in the association master [DEF-060]",
        "was \"JMA\" meant? mend the code or name, or add the body to the master and take it in"
    ]
)]
#[case::house_of_another_tier(
    "seats.toml",
    shipped("seats.toml", "body = \"JMA\"", "body = \"11-001\""),
    [
        "seats.toml 23行目 body: 「11-001」は、ここに書く階層（national）の医師会ではありません [DEF-061]",
        "その階層の医師会のコードにしてください"
    ],
    [
        "seats.toml line 23 body: \"11-001\" is not of the tier that is wanted here (national) [DEF-061]",
        "give the code of a body of that tier"
    ]
)]
#[case::denominator_without_source(
    "denominators.toml",
    shipped("denominators.toml", "source = \"厚生労働省 令和2（2020）年医師・歯科医師・薬剤師統計\"\n", ""),
    [
        "denominators.toml 8行目 source: 出典がありません [DEF-024]",
        "どの資料の、いつのものかを source に書いてください（出典のない数字は印刷しません）"
    ],
    [
        "denominators.toml line 8 source: the source is missing [DEF-024]",
        "say in source which document it is, and of when; a figure without a source is not printed"
    ]
)]
#[case::denominator_without_year(
    "denominators.toml",
    shipped("denominators.toml", "as_of = \"2020-12-31\"\n", ""),
    [
        "denominators.toml 8行目: 項目「as_of」がありません [DEF-003]",
        "この行から始まるまとまりに「as_of = …」の行を加えてください"
    ],
    [
        "denominators.toml line 8: the key \"as_of\" is missing [DEF-003]",
        "add a line \"as_of = …\" to what begins on that line"
    ]
)]
#[case::denominator_of_no_prefecture(
    "denominators.toml",
    shipped("denominators.toml", "\"13\" = 48578", "\"48\" = 48578"),
    [
        "denominators.toml 25行目: 「48」は都道府県コードではありません [DEF-027]",
        "01（北海道）から 47（沖縄県）までの2桁で書いてください（分母の全国は 00）"
    ],
    [
        "denominators.toml line 25: \"48\" is no prefecture code [DEF-027]",
        "give two digits from 01 to 47 (00 for the whole country in denominators)"
    ]
)]
#[case::group_of_duties_that_nobody_knows(
    "duties.toml",
    shipped("duties.toml", "\ntrainee = ", "\ntraine = "),
    [
        "duties.toml 12行目: 「traine」は使えません（使えるもの: hospital_founder, clinic_founder, manager, employed, trainee, other） [DEF-020]",
        "「trainee」のことではありませんか。使えるものから選んでください"
    ],
    [
        "duties.toml line 12: \"traine\" cannot be used here (choose from: hospital_founder, clinic_founder, manager, employed, trainee, other) [DEF-020]",
        "was \"trainee\" meant? choose one of those"
    ]
)]
#[case::misspelt_key(
    "vocabulary.toml",
    shipped("vocabulary.toml", "\n[reasons]", "\n[reason]"),
    [
        "vocabulary.toml 19行目: 「reason」という項目はありません（ここに書ける項目: classes, reasons, statuses, application_kinds, application_statuses, filers） [DEF-002]",
        "「reasons」のことではありませんか。項目名の綴りを直すか、その行を消してください"
    ],
    [
        "vocabulary.toml line 19: there is no key \"reason\" (keys that can stand here: classes, reasons, statuses, application_kinds, application_statuses, filers) [DEF-002]",
        "was \"reasons\" meant? mend the name of the key, or remove the line"
    ]
)]
#[case::metric_that_does_not_exist(
    "member-counts.toml",
    "kind = \"report\"\nid = \"member-counts\"\ntitle = \"試験\"\nparts = [\"table:t\"]\n[[tables]]\nid = \"t\"\ntitle = \"試験\"\n\
     tier = \"local\"\nrows = \"class\"\nmetrics = [\"membership\"]\n",
    [
        "member-counts.toml 10行目 metrics: 「membership」は使えません（使えるもの: memberships, heads, share, change-month, rate-month, change-year, rate-year, change-fiscal-year, rate-fiscal-year, year-before, organisation-rate） [DEF-020]",
        "「memberships」のことではありませんか。使えるものから選んでください"
    ],
    [
        "member-counts.toml line 10 metrics: \"membership\" cannot be used here (choose from: memberships, heads, share, change-month, rate-month, change-year, rate-year, change-fiscal-year, rate-fiscal-year, year-before, organisation-rate) [DEF-020]",
        "was \"memberships\" meant? choose one of those"
    ]
)]
#[case::grouping_that_does_not_exist(
    "member-counts.toml",
    "kind = \"report\"\nid = \"member-counts\"\ntitle = \"試験\"\nparts = [\"table:t\"]\n[[tables]]\nid = \"t\"\ntitle = \"試験\"\n\
     tier = \"local\"\nrows = \"clas\"\n",
    [
        "member-counts.toml 9行目 rows: 「clas」は使えません（使えるもの: prefecture, association, kind, class, class_group, a1, sex, age_band, duty_group） [DEF-020]",
        "「class」のことではありませんか。使えるものから選んでください"
    ],
    [
        "member-counts.toml line 9 rows: \"clas\" cannot be used here (choose from: prefecture, association, kind, class, class_group, a1, sex, age_band, duty_group) [DEF-020]",
        "was \"class\" meant? choose one of those"
    ]
)]
#[case::date_without_quotes(
    "seats.toml",
    shipped("seats.toml", "members_per_seat = 500", "from = 2020-04-01\nmembers_per_seat = 500"),
    [
        "seats.toml 27行目 from: 日付を書く項目です（今は項目のまとまり） [DEF-012]",
        "引用符で囲み、ある日付を書いてください（例 \"2025-04-01\"）"
    ],
    [
        "seats.toml line 27 from: a day is wanted here (invalid type: map, expected a formatted date string) [DEF-012]",
        "write a day that exists between quotation marks, such as \"2025-04-01\""
    ]
)]
#[case::not_saved_as_utf8(
    "duties.toml",
    b"[duties]\nother = [\"\x82\xBB\x82\xCC\x91\xBC\"]\n",
    [
        "duties.toml: 文字コードが UTF-8 ではありません [DEF-004]",
        "メモ帳で開き、「名前を付けて保存」で文字コードに UTF-8 を選んで保存してください"
    ],
    ["duties.toml: the file is not UTF-8 [DEF-004]", "open it in an editor and save it as UTF-8"]
)]
#[case::name_that_notepad_gave(
    "seats.toml.txt",
    "",
    [
        "seats.toml.txt: ファイル名の終わりが .toml ではないので、読まれません [DEF-007]",
        "名前を「seats.toml」に直してください（Windows で終わりの .txt が見えないときは、エクスプローラーの「表示」で「ファイル名拡張子」を選びます）"
    ],
    [
        "seats.toml.txt: the file name does not end in .toml, so nobody reads it [DEF-007]",
        "rename it to \"seats.toml\""
    ]
)]
#[case::layout_beside_the_reports(
    "adjustments.toml",
    shipped("layouts/adjustments.toml", "", ""),
    [
        "adjustments.toml: 置く場所が違うので、読まれません [DEF-009]",
        "定義のフォルダの「layouts/adjustments.toml」に移してください"
    ],
    [
        "adjustments.toml: the file lies in the wrong folder, so nobody reads it [DEF-009]",
        "move it to \"layouts/adjustments.toml\" in the folder of definitions"
    ]
)]
fn wrong_definition_is_named_with_line_and_remedy(
    #[case] name: &str,
    #[case] text: impl AsRef<[u8]>,
    #[case] ja: [&str; 2],
    #[case] en: [&str; 2],
) {
    let office = with_definition(name, text);
    assert_check_says(&office, &one_fault("ja", ja[0], ja[1]), &one_fault("en", en[0], en[1]));
}

/// The office wrote `seat.toml`: nothing changed, and only the check of reports said that a `kind` was missing.
#[test]
fn misnamed_definition_is_told_to_every_command_with_the_name_that_was_meant() {
    let office = with_definition("seat.toml", shipped("seats.toml", "500", "400"));
    for arguments in ["reports check", "count --as-of 2025-10-01"] {
        let run = office.run(arguments);
        assert_eq!(run.exit, Some(2), "{}", run.stderr);
        assert!(run.stderr.contains("seat.toml: 「seat.toml」という定義はないので、読まれません"), "{}", run.stderr);
        assert!(run.stderr.contains("「seats.toml」のことではありませんか"), "{}", run.stderr);
    }
}

/// A house of delegates whose body nobody knows had no table, and nobody missed it.
#[test]
fn paper_with_seats_of_an_unknown_body_is_not_made() {
    let local = "body = \"P99\"\nelectors = \"local-by-body\"";
    let from = "body = \"JMA\"\nelectors = \"national-by-prefecture\"";
    let office = with_definition("seats.toml", shipped("seats.toml", from, local));
    let run = office.run("report monthly-statistics --as-of 2025-09-30 --format csv --out out");
    assert_eq!(run.exit, Some(2), "{}", run.stderr);
    assert!(
        run.stderr.contains("seats.toml 23行目 body: 医師会マスタに「P99」はありません [DEF-060]"),
        "{}",
        run.stderr
    );
    assert!(!office.folder().join("out").exists(), "something was written");
    // A count needs no seats.
    assert_eq!(office.run("count --as-of 2025-09-30").exit, Some(0));
}

/// Without a master nobody can say which bodies there are.
#[test]
fn check_without_a_master_asks_for_no_bodies() {
    let office = Office::new();
    assert_eq!(office.run("reports check").exit, Some(0));
    office.save("associations.csv", master());
    office.import("associations.csv");
    assert_eq!(office.run("reports check").exit, Some(0));
}

#[test]
fn all_faults_of_a_folder_are_told_at_once() {
    let office = with_definition(
        "seats.toml",
        shipped("seats.toml", "remainder = \"up\"\nminimum = 1", "remainder = \"x\"\nminimum = -1"),
    );
    office.save("own/duties.toml", "[duties]\nother = [\"甲\"]\nmanager = [\"甲\"]\nboss = []\n");
    office.save("own/mine.toml", "kind = \"paper\"\n");
    let run = office.run("count --as-of 2025-10-01");
    let places = [
        "（5 件）",
        "duties.toml 2行目",
        "duties.toml 4行目",
        "mine.toml 1行目",
        "seats.toml 28行目",
        "seats.toml 29行目",
    ];
    let mut at = 0;
    for place in places {
        let found = run.stderr[at..].find(place);
        at += found.unwrap_or_else(|| panic!("{place} is not named, or not in order: {}", run.stderr));
    }
}

#[rstest]
#[case::misspelt_key(
    "[import]\nmax_rejected_persent = 5\n",
    "2行目: 「max_rejected_persent」という項目はありません（ここに書ける項目: max_rejected_percent, max_missing_percent, \
     max_missing_percent_of_body, max_reclassified_percent） [DEF-002]\n    直し方: 「max_rejected_percent」のことではありませんか。\
     項目名の綴りを直すか、その行を消してください"
)]
#[case::out_of_range(
    "# 割合\n[import]\nmax_rejected_percent = 101\n",
    "3行目 max_rejected_percent: 101 は使えません（0 から 100 まで） [DEF-026]\n    直し方: 0 から 100 までの整数にしてください"
)]
#[case::word(
    "withdrawal_day_rule = \"last_day\"\n",
    "1行目 withdrawal_day_rule: 「last_day」は使えません（使えるもの: last_member_day, first_non_member_day） [DEF-020]"
)]
#[case::no_toml("issuer = 埼玉県医師会\n", "1行目 issuer: ファイルの書き方の誤りです（")]
#[case::password(
    "[store]\nurl = \"mysql://kaiin:geheim@db\"\n",
    "2行目 url: データベースのアドレスではありません [DEF-016]"
)]
#[case::folder("definitions = \"owm\"\n", "定義のフォルダ「")]
fn wrong_setting_is_named_with_line_and_remedy(#[case] settings: &str, #[case] expected: &str) {
    let office = office();
    office.save("kaiin.toml", settings);
    let run = office.run("count --as-of 2025-10-01 --config kaiin.toml");
    assert_eq!(run.exit, Some(2), "{}", run.stderr);
    assert!(run.stderr.contains(expected) && !run.stderr.contains("geheim"), "{}", run.stderr);
}

#[rstest]
#[case::missing("count", "--as-of <日付> がありません [USE-101]", "--as-of <DATE> is missing [USE-101]", "count")]
#[case::unknown_argument(
    "count --as-of 2025-10-01 --known 2025-10-01",
    "「--known」という指定はありません [USE-104]\n    直し方: 「--known-at」のことではありませんか。",
    "there is no argument \"--known\" [USE-104]\n    remedy: was \"--known-at\" meant?",
    "count"
)]
#[case::unknown_command(
    "conut",
    "「conut」という命令はありません [USE-105]\n    直し方: 「count」のことではありませんか。",
    "there is no command \"conut\" [USE-105]\n    remedy: was \"count\" meant?",
    ""
)]
#[case::value(
    "count --as-of 2025-10-01 --format pdf",
    "--format <形式> に「pdf」は使えません（使えるもの: table, csv, json） [USE-102]",
    "--format <FORMAT> cannot be \"pdf\" (choose from: table, csv, json) [USE-102]",
    "count"
)]
#[case::no_value(
    "count --as-of",
    "--as-of <日付> の後に何もありません [USE-103]",
    "--as-of <DATE> has no value [USE-103]",
    "count"
)]
#[case::conflict(
    "report x --as-of 2025-10-01 --prefecture 11 --association 11-001",
    "--prefecture <コードか名称> と --association <コードか名称> は一緒に使えません [USE-107]",
    "--prefecture <CODE|NAME> cannot stand beside --association <CODE|NAME> [USE-107]",
    "report"
)]
#[case::twice(
    "count --as-of 2025-10-01 --as-of 2025-10-02",
    "--as-of <日付> が二度あります [USE-108]",
    "--as-of <DATE> is given twice [USE-108]",
    "count"
)]
#[case::not_a_number(
    "synth --physicians many",
    "--physicians <数> に「many」は使えません [USE-109]",
    "--physicians <N> cannot be \"many\" [USE-109]",
    "synth"
)]
fn wrong_argument_is_named_in_both_languages(
    #[case] arguments: &str,
    #[case] ja: &str,
    #[case] en: &str,
    #[case] command: &str,
) {
    let help = if command.is_empty() { "kaiin --help".to_string() } else { format!("kaiin {command} --help") };
    for (lang, head, expected, help) in [
        ("ja", "エラー USE-001: 指定に誤りがあります\n  ", ja, format!("  直し方: 使い方は {help} で見られます")),
        ("en", "error USE-001: wrong arguments\n  ", en, format!("  remedy: see {help}")),
    ] {
        let run = Office::new().run(&format!("{arguments} --lang {lang}"));
        assert_eq!(run.exit, Some(2), "{}", run.stderr);
        assert!(run.stderr.starts_with(&format!("{head}{expected}")), "{}", run.stderr);
        assert!(run.stderr.trim_end().ends_with(&help), "{}", run.stderr);
    }
}

#[test]
fn argument_that_is_no_date_is_named() {
    let run = office().run("count --as-of 2025-02-30");
    assert!(run.stderr.starts_with("エラー QRY-006: --as-of 2025-02-30 は日付ではありません"), "{}", run.stderr);
}

/// No English among the words around the help.
#[test]
fn help_is_framed_in_the_language_of_the_screen() {
    let office = Office::new();
    for command in ["", "count", "audit", "report", "jobs", "snapshot take", "synth"] {
        let ja = office.run(&format!("{command} --help")).stdout;
        let en = office.run(&format!("{command} --lang en --help")).stdout;
        for word in ["Usage:", "Options:", "Print help"] {
            assert!(!ja.contains(word) && en.contains(word), "{word}: {ja}{en}");
        }
        for word in ["[default", "[possible", "Commands:", "Arguments:", "<DATE>", "OPTIONS"] {
            assert!(!ja.contains(word), "{word}: {ja}");
        }
        assert!(ja.contains("使い方: kaiin") && ja.contains("（省略時 kaiin-data）"), "{ja}");
    }
}

/// What the parser itself says today.
#[rstest]
#[case::twice("handling = \"a\"\nhandling = \"b\"\n")]
#[case::no_value("handling\n")]
#[case::nothing_behind("handling =\n")]
#[case::no_quotation_marks("handling = 内部\n")]
#[case::open_quotation_mark("handling = \"内部\n")]
#[case::open_bracket("[jobs\nbell = \"x\"\n")]
#[case::open_list("[jobs]\nreports = [\"a\",\n")]
#[case::list_without_comma("[jobs]\nreports = [\"a\" \"b\"]\n")]
#[case::text_for_a_number("[import]\nmax_rejected_percent = \"5\"\n")]
#[case::number_for_a_list("[jobs]\nreports = 5\n")]
#[case::words_behind("handling = \"a\" b\n")]
fn sentence_of_the_parser_is_told_in_japanese(#[case] text: &str) {
    let error = toml::from_str::<Config>(text).expect_err("the text is wrong");
    let said = in_japanese(error.message());
    assert!(!said.bytes().any(|byte| byte.is_ascii_alphabetic()), "{} → {said}", error.message());
}
