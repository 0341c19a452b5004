//! `kaiin count` and `kaiin series`.

use std::process::ExitCode;

use anyhow::Result;
use chrono::{Datelike, NaiveDate};
use clap::{Args, ValueEnum};

use super::{Context, Format, NotADate, date_arg, output};
use crate::domain::as_of::AsOf;
use crate::domain::association::{Associations, Tier};
use crate::domain::class::NationalClass;
use crate::domain::document::thousands;
use crate::domain::grouping::Dimension;
use crate::domain::japanese_date::{era_date, signed_count};
use crate::messages::Lang;
use crate::service::known::basis::Basis;
use crate::service::known::coverage::{IncompleteArea, areas_sentence};
use crate::service::known::map::MapChoice;
use crate::service::known::names;
use crate::service::known::totals::{TierTotal, Totals};
use crate::service::known::vintage::Vintage;
use crate::service::questions::answer::{AnswerMap, CountAnswer, CountRow, SeriesDay};
use crate::service::questions::count;
use crate::service::questions::question::Question;

#[derive(Debug, Args)]
pub(super) struct CountArgs {
    /// 基準日
    #[arg(long, value_name = "DATE", value_parser = date_arg)]
    as_of: NaiveDate,
    #[command(flatten)]
    question: QuestionArgs,
}

#[derive(Debug, Args)]
pub(super) struct SeriesArgs {
    /// 始まりの月（2025-04）または日
    #[arg(long, value_name = "MONTH", value_parser = month_arg)]
    from: NaiveDate,
    /// 終わりの月（2025-12）または日
    #[arg(long, value_name = "MONTH", value_parser = month_arg)]
    to: NaiveDate,
    #[command(flatten)]
    question: QuestionArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum MapArg {
    #[value(alias = "基準日")]
    AsOf,
    #[value(alias = "今日")]
    Today,
}

impl From<MapArg> for MapChoice {
    fn from(arg: MapArg) -> Self {
        match arg {
            MapArg::AsOf => Self::AsOf,
            MapArg::Today => Self::Today,
        }
    }
}

#[derive(Debug, Args)]
struct QuestionArgs {
    /// 知識時点（省略時は最新の出力日）
    #[arg(long, value_name = "DATE", value_parser = date_arg)]
    known_at: Option<NaiveDate>,
    /// 内訳（コンマで区切る）: 階層 tier、都道府県 prefecture、医師会 association、種別 kind、会員区分 class、会員区分群 class_group、A①内訳 a1、性別 sex、年齢階級 age_band、施設業務 duty、業務別 duty_group
    #[arg(long, value_delimiter = ',', value_name = "KEYS", default_value = "tier,association,class")]
    by: Vec<String>,
    /// この階層だけ: 郡市区等 local、都道府県 prefectural、日医 national
    #[arg(long, value_name = "TIER")]
    tier: Option<String>,
    /// この都道府県だけ（名称かコード、例 埼玉県、11）
    #[arg(long, value_name = "CODE|NAME")]
    prefecture: Option<String>,
    /// この医師会だけ（名称かコード、例 浦和、11-001）
    #[arg(long, value_name = "CODE|NAME")]
    association: Option<String>,
    /// --association の下にある医師会も（基準日の系統による）
    #[arg(long, requires = "association")]
    below: bool,
    /// 医師会の地図: as-of（基準日のまま）, today（今日の医師会に組み替える）
    #[arg(long, value_enum, value_name = "MAP", default_value_t = MapArg::AsOf)]
    map: MapArg,
    /// 0人の行も出す
    #[arg(long)]
    zeros: bool,
    /// 出力の形
    #[arg(long, value_enum, ignore_case = true)]
    format: Option<Format>,
}

impl QuestionArgs {
    fn question(&self, allowed: &[Dimension]) -> Result<Question> {
        Ok(Question {
            by: names::breakdown(&self.by, allowed)?,
            tier: self.tier.as_deref().map(names::tier).transpose()?,
            prefecture: self.prefecture.clone(),
            association: self.association.clone(),
            below: self.below,
            map: self.map.into(),
            zeros: self.zeros,
        })
    }
}

/// A month such as 2025-04 or 令和7年4月, or any date in it.
pub(super) fn month_arg(text: &str) -> Result<NaiveDate, NotADate> {
    date_arg(text)
        .or_else(|_| date_arg(&format!("{text}-01")))
        .or_else(|_| date_arg(&format!("{text}1日")))
        .or_else(|_| date_arg(&format!("{text}.1")))
        .or_else(|_| date_arg(&format!("{text}/1")))
        .map(|day| day.with_day(1).unwrap_or(day))
        .map_err(|_| NotADate(text.into()))
}

pub(super) async fn run_count(context: &Context, args: &CountArgs) -> Result<ExitCode> {
    let question = args.question.question(&Dimension::ALL)?;
    let vintage = Vintage::open(&context.workspace, args.question.known_at).await?;
    let answer = count::count(&vintage, AsOf(args.as_of), &question)?;
    let names = Names::of(&vintage.associations, answer.map, args.as_of);
    match context.format(args.question.format) {
        Format::Json => output::json(&answer)?,
        Format::Csv => {
            csv(&[], &answer.rows, &question, &names)?;
            flagged_days(std::iter::once((answer.as_of, Flags::of_count(&answer))), context.lang);
        }
        Format::Table => {
            totals_lines(&question, answer.as_of, answer.totals, Flags::of_count(&answer), context.lang);
            say!("");
            let totals = [(None, asked_tiers(&question, answer.totals))];
            rows_table(&[], &answer.rows, &totals, &question, &names, context.lang);
            say!("");
            map_lines(answer.map, &answer.rows, context.lang);
            uncovered_rows_line(&answer.rows, context.lang);
            basis_lines(&answer.basis, answer.not_shown, answer.adjusted, context.lang);
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn run_series(context: &Context, args: &SeriesArgs) -> Result<ExitCode> {
    // Attributes of persons are known of a day, not of many.
    let allowed: Vec<Dimension> = Dimension::ALL.into_iter().filter(|one| !one.is_personal()).collect();
    let question = args.question.question(&allowed)?;
    let vintage = Vintage::open(&context.workspace, args.question.known_at).await?;
    let answer = count::series(&vintage, args.from, args.to, &question)?;
    let names = Names::of(&vintage.associations, answer.map, args.to);
    match context.format(args.question.format) {
        Format::Json => output::json(&answer)?,
        Format::Csv => {
            csv(&["as_of"], &answer.rows, &question, &names)?;
            flagged_days(answer.days.iter().map(|day| (day.as_of, Flags::of_day(day))), context.lang);
        }
        Format::Table => {
            for day in &answer.days {
                totals_lines(&question, day.as_of, day.totals, Flags::of_day(day), context.lang);
            }
            say!("");
            let totals = answer.days.iter().map(|day| (Some(day.as_of), asked_tiers(&question, day.totals)));
            let totals: Vec<TotalsOfDay> = totals.collect();
            rows_table(&["as_of"], &answer.rows, &totals, &question, &names, context.lang);
            say!("");
            map_lines(answer.map, &answer.rows, context.lang);
            uncovered_rows_line(&answer.rows, context.lang);
            let (not_shown, adjusted) = answer.days.last().map_or((0, 0), |day| (day.not_shown, day.adjusted));
            basis_lines(&answer.basis, not_shown, adjusted, context.lang);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Names of bodies as rows print them.
struct Names<'a> {
    associations: &'a Associations,
    /// Whose names hold on every row; `None` where each row of a series has its own day.
    map_on: Option<NaiveDate>,
    as_of: NaiveDate,
}

impl<'a> Names<'a> {
    fn of(associations: &'a Associations, map: Option<AnswerMap>, as_of: NaiveDate) -> Self {
        Self { associations, map_on: map.map(|map| map.map_on), as_of }
    }

    fn day(&self, row: &CountRow) -> NaiveDate {
        self.map_on.or(row.as_of).unwrap_or(self.as_of)
    }

    fn full(&self, code: &str, row: &CountRow) -> &str {
        let body = self.associations.by_code(code);
        body.map_or("", |body| body.span_on(self.day(row)).name.as_str())
    }

    fn short(&self, code: &str, row: &CountRow) -> &str {
        let body = self.associations.by_code(code);
        body.map_or("", |body| body.span_on(self.day(row)).short_name.as_str())
    }
}

/// Says which map it is, and what the marks in the rows mean.
fn map_lines(map: Option<AnswerMap>, rows: &[CountRow], lang: Lang) {
    let Some(AnswerMap { map_on, .. }) = map else { return };
    let ended = rows.iter().any(|row| row.ended == Some(true));
    if lang == Lang::En {
        say!("bodies as of {map_on}; * holds members of bodies that were merged or divided");
        if ended {
            say!("** ended, and where its members went is not known");
        }
        return;
    }
    say!("{} の医師会に組み替えた。＊は合併・分割前の会員を含む", era_date(map_on));
    if ended {
        say!("＊＊は廃止された医師会で、後継の分からない会員");
    }
}

/// Headings and rows as codes, for machines. `first` are the headings before the tier: those of a series stand there
/// also when it has no rows.
fn csv(first: &[&str], rows: &[CountRow], question: &Question, names: &Names<'_>) -> Result<()> {
    let mut headings: Vec<String> = first.iter().map(ToString::to_string).collect();
    headings.push("tier".into());
    for dimension in &question.by {
        headings.push(dimension.code().into());
        if *dimension == Dimension::Association {
            headings.push("association_name".into());
        }
    }
    headings.push("memberships".into());
    let is_mapped = names.map_on.is_some();
    if is_mapped {
        headings.extend(["restated".into(), "ended".into()]);
    }
    let cells = rows.iter().map(|row| {
        let mut cells: Vec<String> = row.as_of.iter().map(ToString::to_string).collect();
        cells.push(row.tier.into());
        for (key, value) in &row.keys.0 {
            cells.push(value.clone());
            if *key == Dimension::Association.code() {
                cells.push(names.full(value, row).to_string());
            }
        }
        cells.push(row.figure().map_or(String::new(), |n| n.to_string()));
        if is_mapped {
            cells.extend([row.restated, row.ended].map(|mark| mark.unwrap_or_default().to_string()));
        }
        cells
    });
    output::bytes(&crate::service::keep::export::rows_csv(&headings, cells)?);
    Ok(())
}

/// The sums of the tiers of a day; `None` where there is one day only.
type TotalsOfDay = (Option<NaiveDate>, Vec<(Tier, TierTotal)>);

/// The rows of each day and, where they are broken down, the sums of their tiers below them.
fn rows_table(
    first: &[&str],
    rows: &[CountRow],
    totals: &[TotalsOfDay],
    question: &Question,
    names: &Names<'_>,
    lang: Lang,
) {
    let mut headings: Vec<String> = first.iter().map(|key| label(key, lang).to_string()).collect();
    headings.push(label("tier", lang).into());
    headings.extend(question.by.iter().map(|dimension| label(dimension.code(), lang).to_string()));
    headings.push(label("memberships", lang).into());
    let mut right = vec![false; headings.len()];
    if let Some(last) = right.last_mut() {
        *last = true;
    }
    let cells_of = |row: &CountRow| {
        let mut cells: Vec<String> = row.as_of.iter().map(ToString::to_string).collect();
        cells.push(value_label("tier", row.tier, lang));
        cells.extend(row.keys.0.iter().map(|(key, value)| match (*key, lang) {
            ("association", Lang::Ja) => format!("{value} {}", names.short(value, row)),
            (key, lang) => value_label(key, value, lang),
        }));
        cells.push(format!("{}{}", row.figure().map_or("…".into(), thousands), marks(row, lang)));
        cells
    };
    let mut cells: Vec<Vec<String>> = Vec::with_capacity(rows.len());
    for (as_of, tiers) in totals {
        cells.extend(rows.iter().filter(|row| row.as_of == *as_of).map(cells_of));
        // Without a breakdown each tier is one row, and its own sum.
        let has_rows = |tier: Tier| rows.iter().any(|row| row.as_of == *as_of && row.tier == tier.code());
        let summed = tiers.iter().filter(|(tier, _)| !question.by.is_empty() && has_rows(*tier));
        cells.extend(summed.map(|(tier, total)| {
            let mut cells: Vec<String> = as_of.iter().map(ToString::to_string).collect();
            cells.push(value_label("tier", tier.code(), lang));
            cells.push(if lang == Lang::Ja { "計" } else { "total" }.to_string());
            cells.extend(std::iter::repeat_n(String::new(), question.by.len() - 1));
            cells.push(if total.is_unknown { "…".into() } else { thousands(total.memberships) });
            cells
        }));
    }
    output::table(&headings, &cells, &right);
}

fn label(key: &str, lang: Lang) -> &str {
    if lang == Lang::En {
        return key;
    }
    match key {
        "as_of" => "基準日",
        "tier" => "階層",
        "memberships" => "会員数",
        other => match Dimension::from_code(other) {
            Some(dimension) => dimension.label(),
            None => other,
        },
    }
}

/// ＊ for memberships that were restated, ＊＊ for those under a body that has ended, ※ for a day that the exports do not
/// reach.
fn marks(row: &CountRow, lang: Lang) -> String {
    let uncovered = match (row.is_complete, lang) {
        (true, _) => "",
        (false, Lang::Ja) => "※",
        (false, Lang::En) => "?",
    };
    let map = match (row.ended, row.restated, lang) {
        (Some(true), _, Lang::Ja) => "＊＊",
        (Some(true), _, Lang::En) => "**",
        (_, Some(true), Lang::Ja) => "＊",
        (_, Some(true), Lang::En) => "*",
        _ => "",
    };
    format!("{map}{uncovered}")
}

/// Says what the mark of rows that are not complete means.
fn uncovered_rows_line(rows: &[CountRow], lang: Lang) {
    if rows.iter().any(|row| !row.is_complete) {
        match lang {
            Lang::Ja => say!("※は出力が及ばない日の数（不完全）"),
            Lang::En => say!("? the exports do not reach the day (incomplete)"),
        }
    }
}

fn value_label(key: &str, value: &str, lang: Lang) -> String {
    if lang == Lang::En {
        return value.to_string();
    }
    let text = match (key, value) {
        ("tier", tier) => Tier::from_text(tier).map_or(tier, |tier| tier.label()),
        ("class", class) => NationalClass::from_code(class).map_or(class, |class| class.label()),
        ("prefecture", "") => "全国",
        ("sex", "male") => "男",
        ("sex", "female") => "女",
        (_, "unknown") => "不明",
        ("age_band", "under30") => "30歳未満",
        ("age_band", "90plus") => "90歳以上",
        ("age_band", band) => return format!("{}歳代", band.trim_end_matches('s')),
        (_, other) => other,
    };
    text.to_string()
}

/// What is said about a day: whether the exports reach it, where they do not, and whether it lies ahead (R7).
#[derive(Debug, Clone, Copy)]
struct Flags<'a> {
    complete: bool,
    future: bool,
    areas: &'a [IncompleteArea],
}

impl<'a> Flags<'a> {
    fn of_count(answer: &'a CountAnswer) -> Self {
        Self { complete: answer.complete, future: answer.future, areas: &answer.incomplete_areas }
    }

    fn of_day(day: &'a SeriesDay) -> Self {
        Self { complete: day.complete, future: day.future, areas: &day.incomplete_areas }
    }
}

/// Days that the exports do not reach, or that lie ahead, said beside a file that cannot say it itself (R7).
fn flagged_days<'a>(days: impl Iterator<Item = (NaiveDate, Flags<'a>)>, lang: Lang) {
    for (as_of, flags) in days.filter(|(_, flags)| !flags.complete || flags.future) {
        let areas = areas_sentence(flags.areas, lang);
        match (flags.complete, lang) {
            (false, Lang::En) => eprintln!("{as_of}: incomplete, the exports do not reach back so far ({areas})"),
            (true, Lang::En) => eprintln!("{as_of}: planned, after known-at"),
            (false, Lang::Ja) => eprintln!("{}：不完全（出力が及ばない日。{areas}）", era_date(as_of)),
            (true, Lang::Ja) => eprintln!("{}：予定（知識時点より後）", era_date(as_of)),
        }
    }
}

/// The tiers that a question can be about: a 0 of another one would say something that was not counted.
fn asked_tiers(question: &Question, totals: Totals) -> Vec<(Tier, TierTotal)> {
    let all = [(Tier::Local, totals.local), (Tier::Prefectural, totals.prefectural), (Tier::National, totals.national)];
    let is_filtered = question.tier.is_some() || question.prefecture.is_some() || question.association.is_some();
    let asked: Vec<_> = all.into_iter().filter(|(_, total)| !is_filtered || total.memberships > 0).collect();
    if asked.is_empty() { all.to_vec() } else { asked }
}

fn totals_lines(question: &Question, as_of: NaiveDate, totals: Totals, of_day: Flags<'_>, lang: Lang) {
    let Flags { complete, future, areas } = of_day;
    let areas = areas_sentence(areas, lang);
    let number = |total: &TierTotal, n: i64| if total.is_unknown { "…".to_string() } else { thousands(n) };
    let tiers = asked_tiers(question, totals);
    let mut flags = String::new();
    if lang == Lang::En {
        if !complete {
            flags.push_str(&format!("  [incomplete] {areas}"));
        }
        flags.push_str(if future { "  [planned]" } else { "" });
        let parts: Vec<String> = tiers
            .iter()
            .map(|(tier, total)| {
                let number = |n: i64| if total.is_unknown { "…".to_string() } else { n.to_string() };
                format!("{} {} ({} heads)", tier.code(), number(total.memberships), number(total.heads))
            })
            .collect();
        say!("{as_of}: {}{flags}", parts.join(", "));
        return;
    }
    if !complete {
        flags.push_str(&format!("  【不完全：出力が及ばない日。{areas}】"));
    }
    flags.push_str(if future { "  【予定】" } else { "" });
    let parts: Vec<String> = tiers
        .iter()
        .map(|(tier, total)| {
            let (memberships, heads) = (number(total, total.memberships), number(total, total.heads));
            format!("{} {memberships}（実人数 {heads}）", tier.label())
        })
        .collect();
    say!("{} 現在: {}{flags}", era_date(as_of), parts.join("、"));
}

fn basis_lines(basis: &Basis, not_shown: i64, adjusted: i64, lang: Lang) {
    if lang == Lang::En {
        say!("known at {}, withdrawal day rule {}, head {}", basis.known_at, basis.withdrawal_day_rule, basis.head);
        say!(
            "not in the newest export: {not_shown}; rejected rows left out: {} ({} say 在籍)",
            basis.rejected_rows,
            basis.rejected_active_rows
        );
    } else {
        let rule = basis.withdrawal_day_label;
        say!("知識時点 {}　退会日の扱い {rule}　台帳 {}", era_date(basis.known_at), basis.head);
        say!(
            "うち最新の出力に見えない者 {not_shown}　取込不可 {} 行（うち在籍 {}）は含まない",
            basis.rejected_rows,
            basis.rejected_active_rows
        );
    }
    if basis.adjustments > 0 {
        let (n, sum) = (basis.adjustments, signed_count(adjusted));
        match lang {
            Lang::Ja => say!("うち調整による増減 {sum}（調整 {n} 件）"),
            Lang::En => say!("through adjustments: {adjusted:+} ({n} adjustments)"),
        }
    }
    for (name, day) in &basis.older_sources {
        match lang {
            Lang::Ja => say!("出力の古い源: {name}（{}）", era_date(*day)),
            Lang::En => say!("older source: {name} ({day})"),
        }
    }
}
