//! What stands in the workbook of a new meeting.

use chrono::NaiveDate;

use super::plan::{EXAMPLE, GUIDE};
use crate::domain::report::{AgendaContent, Definition, PackSpec};
use crate::ingest::meeting::agenda::{AGENDA, COLUMNS};
use crate::render::xlsx::{FormCell, FormChoice, FormSheet};

/// Empty rows for items.
const EMPTY_ROWS: usize = 25;

/// What a form is made of.
pub(super) struct Form<'a> {
    /// Name of the meeting.
    pub(super) name: &'a str,
    /// The definition of its kind.
    pub(super) spec: Option<&'a PackSpec>,
    /// All definitions, for the titles of reports.
    pub(super) all: &'a [Definition],
    /// Day of the meeting.
    pub(super) held_on: NaiveDate,
    /// Titles of reports that can stand behind an item.
    pub(super) reports: Vec<String>,
    /// Bodies of the only prefecture, in official order.
    pub(super) bodies: Vec<String>,
    /// Whether the master has bodies of one prefecture at most.
    pub(super) is_of_one_prefecture: bool,
}

/// The sheets of the workbook: the agenda, how it is filled in, and an example of each shape.
pub(super) fn sheets(form: &Form<'_>) -> Vec<FormSheet> {
    vec![agenda(form), guide(form), by_body(form), table(), matrix(), list(form), letter()]
}

fn agenda(form: &Form<'_>) -> FormSheet {
    let meeting = form.spec.map(|spec| &spec.meeting);
    let number = meeting.map_or_else(String::new, |meeting| format!("第{}回", meeting.number(form.held_on)));
    let (time, place) = meeting.map_or(("", ""), |meeting| (meeting.time.as_str(), meeting.place.as_str()));
    let mut rows = vec![
        fact("会議名", FormCell::Input(form.name.into())),
        fact("回次", FormCell::Input(number)),
        fact("開催日", FormCell::InputDay(form.held_on)),
        fact("時間", FormCell::Input(time.into())),
        fact("場所", FormCell::Input(place.into())),
        fact("印刷", FormCell::Input("片面".into())),
    ];
    if !form.is_of_one_prefecture {
        rows.insert(1, fact("都道府県", FormCell::Input(String::new())));
    }
    let printing = row_of(rows.len() - 1);
    rows.push(Vec::new());
    rows.push(COLUMNS.iter().map(|word| FormCell::Heading((*word).into())).collect());
    let first = row_of(rows.len());
    rows.extend(items(form));
    rows.extend(std::iter::repeat_n(vec![FormCell::Input(String::new()); COLUMNS.len()], EMPTY_ROWS));
    let last = row_of(rows.len() - 1);
    let column = |column: u16, words: Vec<String>, hint: &str| FormChoice {
        first: (first, column),
        last: (last, column),
        words,
        hint: hint.into(),
    };
    let words = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<String>>();
    let groups = words(&["会長挨拶", "協議事項", "報告事項", "その他", "資料配布"]);
    FormSheet {
        name: AGENDA.into(),
        rows,
        widths: vec![12, 8, 44, 20, 12, 28, 30, 24],
        choices: vec![
            FormChoice {
                first: (printing, 1),
                last: (printing, 1),
                words: words(&["片面", "両面"]),
                hint: "添付した PDF の（n枚）の数え方".into(),
            },
            column(0, groups, "空欄なら、上の行と同じ区分"),
            column(1, Vec::new(), "空欄なら、上から順に 1、2、3 …"),
            column(
                6,
                form.reports.clone(),
                "帳票の表題、このブックのシート名、フォルダの PDF の名前のどれか。いくつもあるときは改行（Alt+Enter）で並べる。0件 は ※件数 0 件、41枚 は（41枚）と印字",
            ),
        ],
    }
}

/// The items of the kind of meeting.
fn items(form: &Form<'_>) -> Vec<Vec<FormCell>> {
    let mut rows = Vec::new();
    for group in form.spec.iter().flat_map(|spec| &spec.agenda) {
        if group.items.is_empty() || !group.remark.is_empty() {
            rows.push(item([&group.heading, "", "", "", "", "", "", &group.remark]));
        }
        for one in &group.items {
            let material = match &one.content {
                AgendaContent::Spoken => String::new(),
                AgendaContent::Report(id) => {
                    form.all.iter().find(|report| report.id() == id).map_or(id.clone(), |it| it.title().to_string())
                }
                AgendaContent::Cases(n) => format!("{n}件"),
                AgendaContent::Sheets(n) => format!("{n}枚"),
            };
            rows.push(item([&group.heading, "", &one.text, &one.officer, "", "", &material, ""]));
        }
    }
    rows
}

fn item(cells: [&str; COLUMNS.len()]) -> Vec<FormCell> {
    cells.iter().map(|text| FormCell::Input((*text).into())).collect()
}

fn fact(label: &str, cell: FormCell) -> Vec<FormCell> {
    vec![FormCell::Label(label.into()), cell]
}

fn row_of(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn guide(form: &Form<'_>) -> FormSheet {
    let line = |text: &str| vec![FormCell::Text(text.into())];
    let pair = |label: &str, text: &str| vec![FormCell::Label(label.into()), FormCell::Text(text.into())];
    let mut rows = vec![vec![FormCell::Title("記入のしかた".into())]];
    rows.push(line(
        "この会議の資料は「次第」のとおりに作られます。色の付いた欄を直してください。行は足しても消しても構いません。",
    ));
    rows.push(Vec::new());
    rows.push(pair(
        "次第の「資料」",
        "帳票の表題（下の一覧）、このブックのシート名、同じフォルダに置いた PDF の名前のどれか",
    ));
    rows.push(pair("", "いくつもあるときは、欄の中で改行（Alt+Enter）して並べます（資料3-1、3-2）"));
    rows.push(pair("", "0件 と書くと ※件数 0 件、41枚 と書くと（41枚）と印字します"));
    rows.push(pair("表のシート", "「見本_…」のシートを写して名前を変え、「次第」の「資料」にその名前を書きます"));
    rows.push(pair("", "上の数行で形を決めます。一行空けて、見出しの行、その下に数を書きます"));
    rows.push(pair(
        "",
        "基準日か期間、単位は必ず書きます。一部の医師会だけの表なら「対象　一部」、注は「注」か ※ で始まる行に書きます",
    ));
    rows.push(pair("", "1,153 や ２１、▲5 も数として読みます。合計の行は、あれば確かめます。隠した行や列も印字します"));
    rows.push(pair("", "CSV（UTF-8 か CP932）をフォルダに置いても、シートと同じに使えます"));
    rows.push(pair("添付の PDF", "このフォルダに置いた PDF は、そのまま資料に綴じ、資料番号と頁を付けます"));
    rows.push(pair("確かめる", "kaiin meeting check フォルダ"));
    rows.push(pair("作る", "kaiin meeting build フォルダ --as-of 基準日（配る前に試すときは --draft を付けます。配った後に直すと訂正版になります）"));
    rows.push(Vec::new());
    rows.push(pair("形の一覧", ""));
    for (shape, what) in [
        (
            "医師会別",
            "医師会ごとに一つの数。列数（一行に並べる数）で折り返す。次の列の見出しが「うち…」なら 21(4)、「再掲…」なら (10) 12",
        ),
        (
            "表",
            "見出しと行のまま。分母（その列に対する割合を各列に付ける）、増減（(+39,866) と印字する列）、医師会の列（公式の順に並べる）",
        ),
        ("行列", "種別どうしの表。縦と横の合計を付ける"),
        ("一覧", "名簿など。合計12件（新規8件・更新4件）を付ける。集計（数える列）、医師会の列"),
        ("文書", "宛名・差出人・本文・記のある文書"),
    ] {
        rows.push(pair(shape, what));
    }
    rows.push(Vec::new());
    rows.push(pair("帳票の表題", ""));
    rows.extend(form.reports.iter().map(|title| pair("", title)));
    FormSheet { name: GUIDE.into(), rows, widths: vec![18, 100], choices: Vec::new() }
}

/// An example: its shape, other words of the head, headings, rows.
fn example(shape: &str, head: &[(&str, &str)], headings: &[&str], body: &[Vec<FormCell>]) -> FormSheet {
    let cell = |text: &str| text.parse().map_or_else(|_| FormCell::Input(text.into()), FormCell::InputNumber);
    let mut rows = vec![fact("形", FormCell::Input(shape.into()))];
    rows.extend(head.iter().map(|(label, text)| fact(label, cell(text))));
    rows.push(Vec::new());
    rows.push(headings.iter().map(|heading| FormCell::Heading((*heading).into())).collect());
    rows.extend(body.iter().cloned());
    FormSheet { name: format!("{EXAMPLE}_{shape}"), rows, widths: vec![20, 24, 16, 16, 16, 16], choices: Vec::new() }
}

fn by_body(form: &Form<'_>) -> FormSheet {
    let names = if form.bodies.is_empty() { vec!["○○".to_string()] } else { form.bodies.clone() };
    let body: Vec<Vec<FormCell>> =
        names.into_iter().map(|name| vec![FormCell::Input(name), FormCell::Input(String::new())]).collect();
    let head = [
        ("表題", "○○の指定状況"),
        ("基準日", ""),
        ("単位", "機関"),
        ("出典", ""),
        ("列数", "8"),
        ("合計", ""),
        ("注", ""),
    ];
    example("医師会別", &head, &["医師会", "医療機関数"], &body)
}

fn table() -> FormSheet {
    let numbers = |label: &str, numbers: [i64; 3]| {
        std::iter::once(FormCell::Input(label.into())).chain(numbers.map(FormCell::InputNumber)).collect::<Vec<_>>()
    };
    let head = [
        ("表題", "○○の状況"),
        ("期間", "○月第1週～第2週"),
        ("単位", "件"),
        ("出典", ""),
        ("分母", "回答数"),
        ("増減", ""),
    ];
    example(
        "表",
        &head,
        &["期間", "回答数", "あり", "なし"],
        &[numbers("第1週", [355, 18, 337]), numbers("第2週", [409, 17, 392])],
    )
}

fn matrix() -> FormSheet {
    let numbers = |label: &str, numbers: [i64; 3]| {
        std::iter::once(FormCell::Input(label.into())).chain(numbers.map(FormCell::InputNumber)).collect::<Vec<_>>()
    };
    let head = [("表題", "○○の件数"), ("期間", "○月分"), ("単位", "件"), ("出典", "")];
    let body = [numbers("医科", [8, 0, 4]), numbers("歯科", [3, 1, 2]), numbers("薬局", [5, 0, 1])];
    example("行列", &head, &["種別", "新規", "遡及", "更新"], &body)
}

fn list(form: &Form<'_>) -> FormSheet {
    let name = form.bodies.first().cloned().unwrap_or_else(|| "○○".into());
    let text = |text: &str| FormCell::Input(text.into());
    let head = [
        ("表題", "○○の一覧"),
        ("期間", "○年○月○日～○月○日"),
        ("単位", "件"),
        ("出典", ""),
        ("集計", "区分"),
        ("医師会の列", "医師会"),
    ];
    let body = [vec![FormCell::Input(name), text("新規"), text("○○医院")]];
    example("一覧", &head, &["医師会", "区分", "名称"], &body)
}

fn letter() -> FormSheet {
    let lines = [
        ("形", "文書"),
        ("文書番号", "○医発第○号"),
        ("日付", ""),
        ("宛名", "各郡市医師会長　殿"),
        ("差出人", "○○県医師会長"),
        ("公印", "省略"),
        ("件名", "○○について（通知）"),
        ("本文", "時下ますますご清祥のこととお慶び申し上げます。"),
        ("", "標記について、下記のとおり通知します。"),
        ("記", "1　○○"),
        ("", "2　○○"),
        ("連絡先", "担当　○○課"),
    ];
    let rows = lines.iter().map(|(label, text)| fact(label, FormCell::Input((*text).into())));
    FormSheet { name: format!("{EXAMPLE}_文書"), rows: rows.collect(), widths: vec![12, 80], choices: Vec::new() }
}
