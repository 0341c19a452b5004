//! Sample documents for the tests of the renderers. All people and figures are invented.

use chrono::NaiveDate;

use crate::domain::cell::{Cell, LabelledText};
use crate::domain::chart::{Chart, ChartMark, ChartShape};
use crate::domain::document::{
    AgendaGroup, AgendaItem, Block, Column, Cover, Grid, GridItem, ReportDocument, Row, Section, Table,
};
use crate::domain::gaiji::Gaiji;
use crate::domain::paper_dates::PaperDates;
use crate::domain::table_check::TableCheck;

/// Every sample, each under its own id.
pub(crate) fn all() -> Vec<ReportDocument> {
    vec![pack(), empty_table(), one_row(), names(), long_table(200), wide_table(), many_bars(), bare()]
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("sample dates exist")
}

fn basis() -> Vec<LabelledText> {
    vec![
        LabelledText::new("基準日", "令和7年12月31日（水）"),
        LabelledText::new("知識時点", "令和7年12月31日（出力分まで）"),
        LabelledText::new("退会日の扱い", "在籍最終日"),
        LabelledText::new("単位", "人"),
        LabelledText::new("前月比", "令和7年11月30日との差"),
    ]
}

/// A document of one section.
pub(crate) fn single(id: &str, title: &str, blocks: Vec<Block>) -> ReportDocument {
    ReportDocument {
        id: id.into(),
        title: title.into(),
        issuer: "見本県医師会".into(),
        issued_on: day(2026, 1, 22),
        handling: "取扱注意・内部".into(),
        foot_text: "見本県医師会　令和8年1月定例".into(),
        draft: false,
        cover: None,
        sections: vec![section(id, title, "", blocks)],
        colophon: vec![LabelledText::new("台帳", "3a4f2bc389c1a2b3")],
        dates: Some(PaperDates { as_of: day(2025, 12, 31), known_at: day(2026, 1, 10) }),
        numbering: None,
        gaiji: Gaiji::default(),
    }
}

fn section(id: &str, title: &str, mark: &str, blocks: Vec<Block>) -> Section {
    Section { id: id.into(), title: title.into(), mark: mark.into(), basis: Vec::new(), new_page: true, blocks }
}

/// Thirty-one bodies with subtotals, a total and differences.
pub(crate) fn counts_table() -> Table {
    let columns = vec![
        Column::number("no", "No.", 3),
        Column::text("association", "郡市医師会", 9),
        Column::number("a1", "A①", 4).in_group("会員区分"),
        Column::number("a2b", "A②(B)", 4).in_group("会員区分"),
        Column::number("a2c", "A②(C)", 4).in_group("会員区分"),
        Column::number("b", "B", 4).in_group("会員区分"),
        Column::number("c", "C", 3).in_group("会員区分"),
        Column::number("total", "計", 5),
        Column::number("share", "構成割合 %", 4),
        Column::number("difference", "前月比", 4),
    ];
    let mut rows: Vec<Row> = BODIES.iter().enumerate().map(|(at, name)| count_row(at, name)).collect();
    let mut sums = |text: &str, figures: [i64; 6]| {
        let mut cells = vec![Cell::Blank, Cell::text(text)];
        cells.extend(figures.map(Cell::Count));
        cells.extend([Cell::PercentTenths(1000), Cell::Difference(-13)]);
        rows.push(if text == "合　計" { Row::total(cells) } else { Row::subtotal(cells) });
    };
    sums("郡市　小計", [1_293, 647, 54, 676, 35, 2_705]);
    sums("合　計", [1_306, 650, 55, 684, 35, 2_730]);
    Table {
        id: "counts".into(),
        title: String::new(),
        basis: basis(),
        columns,
        rows,
        empty_text: "該当なし".into(),
        proof: TableCheck::default(),
        notes: vec![
            "構成割合は端数処理のため合計が100にならない場合がある。▲は減。".into(),
            "※取込不可 12 行（うち在籍 11）は含まない。うち最新の出力に記載のない会員 0 人。退会日の扱いは定款施行細則第5条（令和5年6月18日改正）による。".into(),
        ],
    }
}

fn count_row(at: usize, name: &str) -> Row {
    let n = i64::try_from(at).expect("few bodies");
    let parts = [20 + n * 7 % 59, 10 + n * 5 % 31, n % 6, 8 + n * 3 % 31, n % 4];
    let mut cells = vec![Cell::Count(n + 1), Cell::text(name)];
    cells.extend(parts.map(Cell::Count));
    let total = parts.iter().sum();
    let share = if n == 29 { Cell::NotApplicable } else { Cell::PercentTenths(total * 1000 / 2730) };
    cells.extend([Cell::Count(total), share, Cell::Difference(n % 5 - 2)]);
    Row::body(cells)
}

/// The thirty bodies of the house style.
pub(crate) const BODIES: [&str; 30] = [
    "浦和",
    "川口市",
    "大宮",
    "川越市",
    "熊谷市",
    "行田市",
    "所沢市",
    "蕨戸田市",
    "北足立郡市",
    "上尾市",
    "朝霞地区",
    "草加八潮",
    "さいたま市与野",
    "入間地区",
    "飯能地区",
    "東入間",
    "坂戸鶴ヶ島",
    "狭山市",
    "比企",
    "秩父郡市",
    "本庄市児玉郡",
    "深谷寄居",
    "北埼玉",
    "南埼玉郡市",
    "越谷市",
    "春日部市",
    "岩槻",
    "北葛北部",
    "吉川松伏",
    "三郷市",
];

/// Thirty bodies; every third value has a part in brackets.
pub(crate) fn grid(id: &str, per_row: usize) -> Grid {
    let items = BODIES.iter().enumerate().map(|(at, name)| {
        let n = i64::try_from(at).expect("few bodies");
        let (whole, part) = (15 + n * 37 % 140, if n % 3 == 0 { n % 7 } else { 0 });
        let text = if part == 0 { whole.to_string() } else { format!("{whole}({part})") };
        GridItem { name: (*name).into(), text, values: vec![whole, part], code: None }
    });
    Grid {
        id: id.into(),
        title: "診療・検査医療機関の指定状況".into(),
        basis: vec![
            LabelledText::new("基準日", "R5.7.26現在"),
            LabelledText::new("合計", "1,812機関（うちかかりつけのみ 537）"),
            LabelledText::new("単位", "機関"),
        ],
        per_row,
        name_heading: "郡市医師会".into(),
        value_headings: vec!["機関数".into(), "うちかかりつけのみ".into()],
        items: items.collect(),
        notes: vec!["（　）はかかりつけの患者のみを診る機関の再掲。".into()],
        claims: Vec::new(),
    }
}

/// Four months that do not start at zero.
pub(crate) fn chart() -> Chart {
    let bars = [("R7.9.30", 2_785), ("R7.10.31", 2_767), ("R7.11.30", 2_756), ("R7.12.31", 2_730)];
    let marks = bars.map(|(label, value)| ChartMark::count(label, value)).to_vec();
    let basis = vec![LabelledText::new("基準日", "各月末日"), LabelledText::new("単位", "人")];
    let chart = Chart::new("trend", "会員数の推移（郡市区等）", basis, ChartShape::Columns, marks);
    Chart { axis_from: 2_600, notes: vec!["4か月で55人減。".into()], ..chart }
}

/// A table with two columns.
pub(crate) fn bridge_table() -> Table {
    Table {
        id: "bridge".into(),
        title: "表示との差の内訳".into(),
        basis: vec![LabelledText::new("基準日", "令和7年12月31日（郡市区等）"), LabelledText::new("単位", "人")],
        columns: vec![Column::text("item", "項目", 20), Column::number("n", "人数", 5)],
        rows: vec![
            Row::body(vec![Cell::text("画面の表示（会員状態が在籍の者）"), Cell::Count(2_714)]),
            Row::body(vec![Cell::text("＋ 承認済みで退会日がまだ来ていない者"), Cell::Count(22)]),
            Row::body(vec![Cell::text("－ 承認済みで入会日がまだ来ていない者"), Cell::Count(-6)]),
            Row::total(vec![Cell::text("会員数（本報告）"), Cell::Count(2_730)]),
        ],
        empty_text: "該当なし".into(),
        proof: TableCheck::default(),
        notes: Vec::new(),
    }
}

/// A meeting pack with cover, agenda and four documents, as a draft.
pub(crate) fn pack() -> ReportDocument {
    let mut document = single("pack", "令和7年度第9回郡市医師会長会議　会議資料", Vec::new());
    document.draft = true;
    document.cover = Some(cover());
    let mut counts = section("counts", "会員数報告", "資料1", vec![Block::Table(counts_table())]);
    counts.basis = basis();
    let difference = section(
        "difference",
        "画面表示との差異",
        "資料2",
        vec![
            Block::Paragraph(
                "令和7年12月31日現在の会員数は2,730人で、前月末から13人減った。会員管理システムの画面は承認の時点で表示を\
                 切り替えるため、退会日がまだ来ていない22人を含まず、入会日がまだ来ていない6人を含む。本報告は退会日までを\
                 在籍とし、この差を次の表に示す。"
                    .into(),
            ),
            Block::Table(bridge_table()),
            Block::Chart(chart()),
        ],
    );
    let mut clinics =
        section("clinics", "診療・検査医療機関の指定状況", "資料4", vec![Block::Grid(grid("clinics-8", 8))]);
    clinics.new_page = false;
    let members = section(
        "transfers",
        "退会・異動の確認について（令和7年12月分）",
        "資料3",
        vec![
            Block::Heading("退会者".into()),
            Block::Table(names_table()),
            Block::Notes(vec!["※氏名は届出のとおり。".into()]),
        ],
    );
    document.sections = vec![counts, difference, clinics, members];
    document
}

fn cover() -> Cover {
    let item = |number, text: &str, officer: &str, mark: &str, section: &str| AgendaItem {
        number,
        text: text.into(),
        remark: String::new(),
        officer: officer.into(),
        mark: mark.into(),
        section_id: (!section.is_empty()).then(|| section.to_owned()),
    };
    let mut none = item(5, "診療に関する相談件数等について", "見本 常任理事", "－", "");
    none.remark = "※件数 0 件".into();
    let group =
        |heading: &str, remark: &str, items| AgendaGroup { heading: heading.into(), remark: remark.into(), items };
    Cover {
        lead: "令和7年度　第9回".into(),
        meeting: "郡市医師会長会議".into(),
        facts: vec![
            LabelledText::new("日時", "令和8年1月22日（木）　15時00分～"),
            LabelledText::new("場所", "5階　大会議室"),
        ],
        agenda: vec![
            group("会長挨拶", "", Vec::new()),
            group("協議事項", "", vec![item(1, "会長・副会長・常任理事協議事項について", "", "", "")]),
            group(
                "報告事項",
                "",
                vec![
                    item(1, "会員数報告（令和7年12月31日現在）", "架空 常任理事", "資料1", "counts"),
                    item(2, "画面表示との差異について", "架空 常任理事", "資料2", "difference"),
                    item(3, "退会・異動の確認について（令和7年12月分）", "見本 常任理事", "資料3", "transfers"),
                    item(4, "診療・検査医療機関の指定状況", "例示 副会長", "資料4", "clinics"),
                    none,
                ],
            ),
            group("その他", "", Vec::new()),
            group(
                "［資料配布］",
                "（ホームページ掲載）",
                vec![
                    item(1, "指針の一部改正について", "", "（200枚）", ""),
                    item(2, "医薬品等に係る受領文書について（令和7年12月分）", "", "（2枚）", ""),
                ],
            ),
        ],
    }
}

/// Names with rare kanji, the longest one, dates and formulas.
pub(crate) fn names_table() -> Table {
    let row = |name: &str, body: &str, left: NaiveDate, reason: &str| {
        Row::body(vec![Cell::text(name), Cell::text(body), Cell::Date(left), Cell::text(reason)])
    };
    Table {
        id: "names".into(),
        title: "届出のあった者".into(),
        basis: vec![LabelledText::new("期間", "令和7年12月1日～令和7年12月31日"), LabelledText::new("単位", "人")],
        columns: vec![
            Column::text("name", "氏名", 9),
            Column::text("association", "郡市医師会", 8),
            Column::centred("left_on", "退会日", 6),
            Column::text("reason", "事由", 16),
        ],
        rows: vec![
            row("髙橋　架空", "浦和", day(2025, 12, 31), "廃院"),
            row("﨑山　見本", "さいたま市与野", day(2025, 12, 1), "転出（見本県第二医師会へ）"),
            row("𠮷田　例示", "川口市", day(2025, 12, 15), "=1+1"),
            row("鷗外　仮名", "大宮", day(2025, 12, 20), "－"),
            row("辻󠄀　仮名", "川越市", day(2025, 12, 20), "死亡"),
            row(
                "辻　仮名",
                "川越市",
                day(2025, 12, 20),
                "同日に届出のあった別人。所属する医療機関の開設者が法人に変わったため、会員区分の変更届と併せて受理した。",
            ),
            row("槗本　架空", "熊谷市", day(2025, 4, 1), "廃院"),
            row(
                "医療法人社団見本会架空記念総合病院附属第二診療所長",
                "本庄市児玉郡",
                day(2025, 12, 31),
                "管理者の交代",
            ),
        ],
        empty_text: "該当なし".into(),
        proof: TableCheck::default(),
        notes: vec!["死亡の者を含む。".into()],
    }
}

fn names() -> ReportDocument {
    single("names", "退会者名簿", vec![Block::Table(names_table())])
}

fn empty_table() -> ReportDocument {
    let mut table = names_table();
    table.rows.clear();
    table.empty_text = "※件数 0 件".into();
    single("empty", "退会者名簿（該当なしの月）", vec![Block::Table(table)])
}

fn one_row() -> ReportDocument {
    let mut table = names_table();
    table.rows.truncate(1);
    single("one-row", "退会者名簿（1名の月）", vec![Block::Table(table)])
}

/// A table of this many rows, with a subtotal after every tenth.
pub(crate) fn long_table(n_rows: i64) -> ReportDocument {
    let mut table = counts_table();
    table.title = "医療機関別会員数".into();
    table.rows = (0..n_rows)
        .map(|n| {
            let name = format!("第{}見本クリニック", n + 1);
            let mut cells = vec![Cell::Count(n + 1), Cell::text(name)];
            cells.extend([n % 7, n % 5, n % 3, n % 11, n % 2, n % 29].map(Cell::Count));
            cells.extend([Cell::PercentTenths(n % 999), Cell::Difference(n % 9 - 4)]);
            if n % 10 == 9 { Row::subtotal(cells) } else { Row::body(cells) }
        })
        .collect();
    if let Some(last) = table.rows.last_mut() {
        last.kind = crate::domain::document::RowKind::Total;
    }
    let mut document = single("long", "医療機関別会員数一覧", vec![Block::Table(table)]);
    document.sections[0].mark = "資料5".into();
    document
}

/// Sixteen months of large numbers: needs a turned sheet.
fn wide_table() -> ReportDocument {
    let mut columns = vec![Column::text("name", "郡市医師会", 8)];
    columns.extend((1..=16).map(|n| Column::number(&format!("m{n}"), &format!("{n}か月前"), 4)));
    let rows = BODIES.iter().map(|name| {
        let mut cells = vec![Cell::text(*name)];
        cells.extend((1..=16).map(|n| Cell::Count(1_234_567 * n)));
        Row::body(cells)
    });
    let table = Table {
        id: "wide".into(),
        title: "16か月の推移".into(),
        basis: basis(),
        columns,
        rows: rows.collect(),
        empty_text: "該当なし".into(),
        proof: TableCheck::default(),
        notes: Vec::new(),
    };
    single("wide", "横長の表", vec![Block::Table(table), Block::Grid(grid("grid-10", 10))])
}

fn many_bars() -> ReportDocument {
    let mut chart = chart();
    chart.id = "many".into();
    chart.axis_from = 0;
    let bars = (0..40_i64).map(|n| (format!("R{}.{}", 4 + n / 12, n % 12 + 1), 2_400 + n * 137 % 500));
    chart.marks = bars.map(|(label, n)| ChartMark::count(label, n)).collect();
    let mut negative = self::chart();
    negative.id = "negative".into();
    negative.title = "増減".into();
    negative.axis_from = 0;
    let bars = [("4月", 39), ("5月", -12), ("6月", 0), ("7月", -3)];
    negative.marks = bars.map(|(label, n)| ChartMark::count(label, n)).to_vec();
    single("bars", "推移", vec![Block::Chart(chart), Block::Chart(negative), Block::Grid(grid("grid-10", 10))])
}

/// A document without any section.
fn bare() -> ReportDocument {
    let mut document = single("bare", "空の文書", Vec::new());
    document.sections.clear();
    document
}
