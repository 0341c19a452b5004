//! Whole screens of the program, as somebody in an office meets them, kept under tests/fixtures/screens.
//!
//! All are of one world, the sample of one prefecture, which is taken in once. Screens that change what is there have a
//! copy of their own. Read the files: they are what a change of words or of columns is judged by.

mod transcript;

use std::path::Path;

use self::transcript::Transcript;
use super::program::Office;
use super::samples::Sample;

/// An office with the files of the sample and an empty inbox; nothing is taken in.
fn office() -> Office {
    let office = Office::new();
    let applications = "tests/fixtures/saitama/applications_2025-12-31.csv";
    let applications = Path::new(env!("CARGO_MANIFEST_DIR")).join(applications);
    for path in Sample::saitama().files.iter().chain([&applications]) {
        let name = path.file_name().and_then(|name| name.to_str()).expect("a plain name");
        office.save(name, std::fs::read(path).expect("the sample can be read"));
    }
    office
}

/// The first lines of a file of the office.
fn head(office: &Office, name: &str, lines: usize) -> Vec<u8> {
    let bytes = std::fs::read(office.folder().join(name)).expect("the file is there");
    bytes.split_inclusive(|byte| *byte == b'\n').take(lines).collect::<Vec<_>>().concat()
}

/// One test, so that the sample is taken in once, by the screens of the import themselves.
#[test]
fn screens_are_as_they_are_kept() {
    let office = office();
    before_the_first_import(&office);
    import(&office);
    import_asks(&office.copy());
    import_refused(&office.copy());
    questions(&office);
    audits(&office);
    errors(&office);
    reports(&office.copy());
    meeting(&office.copy());
    purge(&office.copy());
    accounts(&office.copy());
    today(&office.copy());
    jobs_and_verify(&office);
}

/// What there is to do on a day on which much comes together, and files that went astray.
fn today(office: &Office) {
    let mut transcript = Transcript::of(office);
    transcript.run("").run("--lang en");
    office.save("kaiin-data/配布先.csv", "医師会コード\n11-001\n11-002\n");
    office.save("kaiin-data/kaiin.toml", "[distribution]\nrecipients = \"配布先.csv\"\n");
    std::fs::create_dir_all(office.data().join("inbox/確認待ち")).expect("the temporary folder can be written");
    office.save("kaiin-data/inbox/確認待ち/members_2026-01-30.csv", "x");
    transcript
        .run("publish prepare --as-of 2025-11-30 --issued-on 2026-01-10 --by 作成係")
        .run("meeting new 臨時総会 --on 2026-03-01")
        .run("")
        .run("--lang en")
        .run("publish approve 1 --by 承認者")
        .run("publish send 1");
    let sent = "kaiin-data/distribution/delivered/2025-11-30_第1回/001_浦和医師会/会員統計月報_R7.11.30.pdf";
    let paper = std::fs::read(office.folder().join(sent)).expect("it was sent");
    office.save("届いた.pdf", &paper);
    office.save("書き換えた.pdf", [paper.as_slice(), b"\n"].concat());
    transcript
        .run("incident 届いた.pdf members_2025-12-31.csv")
        .run("incident 書き換えた.pdf")
        .run("--lang en incident 届いた.pdf 書き換えた.pdf どこにもない.pdf")
        .assert_kept("today-and-incident");
}

/// A meeting from its folder to its pack, and what is said of one that was filled in wrongly.
fn meeting(office: &Office) {
    let mut transcript = Transcript::of(office);
    transcript
        .run("meeting --help")
        .run("meeting new 郡市医師会長会議 --on 2026-01-22")
        .run("meeting new 郡市医師会長会議 --on 2026-01-22")
        .run("meeting new 臨時総会 --on 2026-03-01")
        .run("meeting check meetings/2026-01-22_郡市医師会長会議")
        .run("meeting build meetings/2026-01-22_郡市医師会長会議 --as-of 2025-12-31 --format pdf");
    std::fs::create_dir(office.folder().join("誤り")).expect("the temporary folder can be written");
    let head = "会議名,試験会議\n開催日,R8.1.22\n\n区分,番号,件名,資料\n";
    office.save("誤り/次第.csv", format!("{head}報告,1,会員数,会員報告\n,1,指定状況,指定\n,3,紙,紙.pdf\n"));
    let table = "形,医師会別\n基準日,R7.12.1\n単位,機関\n合計,20\n\n医師会,医療機関数\n";
    office.save("誤り/指定.csv", format!("{table}浦和,12\n大宮,約7\n裏和,1\n"));
    office.save("誤り/控え.csv", "控え\n");
    office.save("誤り/紙.pdf", "PDF ではない");
    transcript
        .run("meeting check 誤り")
        .run("--lang en meeting check 誤り")
        .run("meeting check どこにもない")
        .assert_kept("meeting");
}

fn before_the_first_import(office: &Office) {
    Transcript::of(office)
        .run("--help")
        .run("--lang en --help")
        .run("count --help")
        .run("init --help")
        .run("import --help")
        .run("snapshot --help")
        .run("backup --help")
        .run("restore --help")
        .run("purge --help")
        .run("incident --help")
        .assert_kept("help");
    Transcript::of(office)
        .run("")
        .run("--lang en")
        .run("count --as-of 2025-12-01")
        .run("publish list")
        .run("publish status 1")
        .run("import --list")
        .run("snapshot list")
        .run("jobs list")
        .run("import members_2025-09-30.csv")
        .run("init")
        .run("init")
        .assert_kept("first-steps");
}

fn import(office: &Office) {
    Transcript::of(office)
        .run("import --explain-layout members_2025-09-30.csv")
        .run("import associations.csv members_2025-09-30.csv")
        .run("import members_2025-10-31.csv members_2025-11-30.csv")
        .run("import --dry-run members_2025-12-31.csv")
        .run("import members_2025-12-31.csv applications_2025-12-31.csv")
        .run("import members_2025-12-31.csv")
        .run("--lang en import members_2025-12-31.csv")
        .run("import --list")
        .assert_kept("import");
}

/// What stops until somebody has said that it is meant.
fn import_asks(office: &Office) {
    office.save("members_2026-01-31.csv", head(office, "members_2025-12-31.csv", 1_001));
    Transcript::of(office)
        .run("import members_2026-01-31.csv")
        .run("--lang en import members_2026-01-31.csv")
        .run("import members_2026-01-31.csv --known-at 2026-01-31 --accept-drop --reason 試験")
        .run("import --take-back 7")
        .run("import --take-back 7 --reason 試験")
        .run("import --list")
        .assert_kept("import-asks");
}

fn import_refused(office: &Office) {
    office.save("members_2026-01-31.csv", "あ,い,う\n1,2,3\n");
    office.save("members.csv", head(office, "members_2025-12-31.csv", 3));
    office.save("adjustments_2026-01-31.csv", "調整番号,種類\n1,2\n");
    Transcript::of(office)
        .run("import members_2026-01-31.csv")
        .run("--lang en import members_2026-01-31.csv")
        .run("import members.csv")
        .run("import members.csv --known-at 2025-10-15")
        .run("import adjustments_2026-01-31.csv")
        .run("import members_2026-02-28.csv")
        .run("import --atomic --known-at 2026-01-31 members_2025-12-31.csv")
        .assert_kept("import-refused");
}

fn questions(office: &Office) {
    Transcript::of(office)
        .run("count --as-of 2025-12-01 --by tier")
        .run("--lang en count --as-of 2025-12-01 --by tier")
        .run("count --as-of R7.12.1 --by 医師会,区分 --association 浦和")
        .run("count --as-of 2025-12-01 --by 性別,年齢階級 --tier national")
        .run("count --as-of 2026-03-01 --by tier")
        .run("count --as-of 2024-12-01 --by tier")
        .run("count --as-of 2025-12-01 --known-at 2025-11-30 --by tier --format csv")
        .assert_kept("count");
    Transcript::of(office)
        .run("series --from 2025-10 --to 2026-01 --by tier")
        .run("series --from 2025-11 --to 2025-12 --by 区分 --association 浦和")
        .run("--lang en series --from 2025-12 --to 2025-12 --by tier")
        .assert_kept("series");
    Transcript::of(office)
        .run("movements --from 2025-12 --by 医師会")
        .run("movements --from 2025-10 --to 2025-12 --by 区分 --association 浦和")
        .run("--lang en movements --from 2025-12 --by tier")
        .assert_kept("movements");
    Transcript::of(office)
        .run("explain 浦和 --as-of 2025-12-31")
        .run("explain 浦和 --as-of 2025-12-31 --class A①")
        .run("--lang en explain 浦和 --as-of 2025-12-31")
        .assert_kept("explain");
}

/// One body where there would be hundreds of rows.
fn audits(office: &Office) {
    Transcript::of(office)
        .run("audit withdrawals --association 浦和")
        .run("audit late --association 浦和")
        .run("audit proxy --association 浦和")
        .run("audit transfers")
        .run("audit tiers")
        .run("audit mamis-difference --association 浦和")
        .run("audit applications --association 浦和")
        .run("audit adjustments")
        .run("audit same-persons")
        .run("--lang en audit withdrawals --association 浦和")
        .assert_kept("audit");
}

fn errors(office: &Office) {
    office.save("broken.toml", "[import]\nmax_rejected = 5\n");
    Transcript::of(office)
        .run("cuont")
        .run("count")
        .run("count --as-of 2025-13-01")
        .run("count --as-of 2025-12-01 --by 会員")
        .run("count --as-of 2025-12-01 --association 浦輪")
        .run("--lang en count --as-of 2025-12-01 --association 浦輪")
        .run("count --as-of 2025-12-01 --known-at 2024-01-01")
        .run("explain 浦和 --as-of 2025-12-31 --tier national")
        .run("audit 会費")
        .run("report 会員名簿 --as-of 2025-12-31")
        .run("snapshot diff")
        .run("snapshot diff 1 2")
        .run("--config broken.toml count --as-of 2025-12-01")
        .run("--lang en --config broken.toml count --as-of 2025-12-01")
        .run("--data elsewhere count --as-of 2025-12-01")
        .run("--json count --as-of 2025-13-01")
        .assert_kept("errors");
}

fn reports(office: &Office) {
    let mut transcript = Transcript::of(office);
    transcript.run("reports list").run("reports check").run("reports copy 会員数報告");
    let definition = "kaiin-data/definitions/member-counts.toml";
    let text = std::fs::read_to_string(office.folder().join(definition)).expect("it was copied");
    office.save(definition, text.replacen("title = ", "titel = ", 1));
    transcript.run("reports check").run("--lang en reports check").assert_kept("reports");
}

/// Papers of a month, snapshots, and what is said once one of their files was changed.
/// Who may open pages. What is drawn is another thing each time, and is left out.
fn accounts(office: &Office) {
    Transcript::of(office)
        .run("account --help")
        .run("account add --help")
        .run("account list")
        .run("account add y.suzuki --role reader --prefecture 埼玉県 --tiers national")
        .run("account add 鈴木 --role reader --everywhere")
        .run("account add y.suzuki --role reader --everywhere --password-stdin")
        .run("account disable y.suzuki")
        .run("web")
        .assert_kept("accounts");
}

/// What would go after some days: the rehearsal, the purge and its record.
fn purge(office: &Office) {
    office.save("kaiin-data/kaiin.toml", "[retention]\nraw_files_days = 30\npersons_days = 30\n");
    Transcript::of(office)
        .run("purge")
        .run("--lang en purge")
        .run("purge --confirm")
        .run("purge --confirm --reason 保存年限")
        .run("purge --list")
        .run("purge")
        .assert_kept("purge");
}

fn jobs_and_verify(office: &Office) {
    Transcript::of(office)
        .run("jobs list")
        .run("jobs run monthly-papers 2025-12")
        .run("jobs run monthly-papers 2025-12")
        .run("jobs list")
        .run("jobs next")
        .run("--lang en jobs list")
        .assert_kept("jobs");
    let mut transcript = Transcript::of(office);
    transcript
        .run("snapshot take --as-of 2025-10-31 --known-at 2025-10-31")
        .run("snapshot take --as-of 2025-10-31 --known-at 2025-12-31")
        .run("snapshot list")
        .run("snapshot diff 2025-10-31_2025-10-31 2025-10-31_2025-12-31")
        .run("--lang en snapshot diff 2025-10-31_2025-10-31 2025-10-31_2025-12-31")
        .run("snapshot verify")
        .run("verify");
    let paper = "kaiin-data/papers/2025-12/member-counts_2025-12-31/03_医師会別・会員区分別.csv";
    let mut bytes = std::fs::read(office.folder().join(paper)).expect("the paper was made");
    bytes.extend(b"1\r\n");
    office.save(paper, bytes);
    transcript.run("verify").run("--lang en verify").assert_kept("snapshot-and-verify");
}
