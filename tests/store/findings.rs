//! Every finding of the catalogue is brought about: those that imports store here, those that are asked for on demand
//! by the named tests.

use std::collections::BTreeSet;

use kaiin::domain::finding::FindingCode;

use super::desk::Desk;

/// Findings that no import stores, with the test that brings them about.
const ON_DEMAND: [(&str, &str); 15] = [
    ("FND-012", "cli/corrections/applying.rs"),
    ("FND-013", "cli/corrections/applying.rs"),
    ("FND-014", "cli/corrections/applying.rs"),
    ("FND-015", "cli/corrections/applying.rs"),
    ("FND-016", "cli/corrections/applying.rs"),
    ("FND-017", "cli/corrections/applying.rs"),
    ("FND-018", "cli/corrections/adjusting.rs"),
    ("FND-019", "cli/corrections/adjusting.rs"),
    ("FND-020", "cli/corrections/merging.rs"),
    ("FND-022", "cli/corrections/applying.rs"),
    ("FND-023", "cli/sources.rs"),
    ("FND-024", "cli/sources.rs"),
    ("FND-025", "cli/corrections/numbers.rs"),
    ("FND-026", "cli/corrections/numbers.rs"),
    // A stay outside the days of its body needs a master with dates.
    ("FND-030", "cli/associations.rs"),
];

const MASTER: &str = "医師会コード,階層,種別,名称,略称,別名,上位コード,都道府県コード,並び順\n\
                      JMA,日本,その他,日本医師会,日医,,,,1\n\
                      P11,都道府県,地域,架空県医師会,架空県,,JMA,11,11\n\
                      11-001,郡市区等,地域,試験医師会,試験,,P11,11,1\n";

/// Two rows of one stay, two stays that overlap, two persons under one number, a member of the prefecture alone.
const LONG: &str = "医籍登録番号,氏名,氏名カナ,生年月日,階層,医師会コード,医師会名,会員区分,入会日,退会日,会員状態\n\
                    300001,試験　太郎,シケン タロウ,1970-01-01,郡市区等,11-001,試験,B,2010-04-01,,在籍\n\
                    300001,試験　太郎,シケン タロウ,1970-01-01,郡市区等,11-001,試験,B,2010-04-01,,在籍\n\
                    300002,例示　花子,レイジ ハナコ,1971-01-01,郡市区等,11-001,試験,B,2010-04-01,,在籍\n\
                    300002,例示　花子,レイジ ハナコ,1971-01-01,郡市区等,11-001,試験,B,2012-04-01,,在籍\n\
                    300003,見本　一郎,ミホン イチロウ,1972-01-01,郡市区等,11-001,試験,B,2010-04-01,,在籍\n\
                    300003,仮名　次郎,カメイ ジロウ,1982-02-02,郡市区等,11-001,試験,B,2015-04-01,2016-03-31,退会\n\
                    300004,架空　三郎,カクウ サブロウ,1973-01-01,都道府県,P11,架空県,B,2010-04-01,,在籍\n";

#[tokio::test]
async fn every_finding_is_brought_about() {
    let mut met: BTreeSet<&str> = ON_DEMAND.into_iter().map(|(code, _)| code).collect();
    let desk = Desk::new().await;
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/cases/");
    for name in ["associations.csv", "members_2025-03-31.csv", "members_2025-04-30.csv", "members_2025-05-31.csv"] {
        let summaries = desk.import(&[format!("{folder}{name}").into()]).await.expect("the sample is taken in");
        met.extend(summaries.iter().flat_map(|summary| summary.findings.keys()));
    }
    let other = Desk::new().await;
    let files =
        [other.save("associations.csv", MASTER.as_bytes()), other.save("members_2025-03-31.csv", LONG.as_bytes())];
    for file in files {
        let summaries = other.import(&[file]).await.expect("the file is taken in");
        met.extend(summaries.iter().flat_map(|summary| summary.findings.keys()));
    }
    for finding in FindingCode::ALL {
        assert!(met.contains(finding.code()), "{} is brought about by no test", finding.code());
    }
    for (code, file) in ON_DEMAND {
        let text = std::fs::read_to_string(format!("{}/tests/{file}", env!("CARGO_MANIFEST_DIR")));
        assert!(text.expect("the test is there").contains(code), "{file} does not look for {code}");
    }
}
