//! `kaiin movements`.

use std::process::ExitCode;

use anyhow::Result;
use chrono::NaiveDate;
use clap::Args;

use super::context::{Context, Format};
use super::dates::{NotADate, date_arg, month_arg};
use super::output;
use crate::domain::as_of::{Period, month_end};
use crate::domain::association::{Associations, Tier};
use crate::domain::class::NationalClass;
use crate::domain::grouping::Dimension;
use crate::domain::japanese_date::era_date;
use crate::domain::printed_number::{signed_count, thousands};
use crate::domain::roll_forward::FlowRow;
use crate::messages::{Lang, message};
use crate::service::keep::export::rows_csv;
use crate::service::known::map::MapChoice;
use crate::service::known::names;
use crate::service::known::vintage::Vintage;
use crate::service::questions::movements::{BREAKDOWNS, MovementAnswer, MovementRow, movements};
use crate::service::questions::question::Question;

/// A day, or the days of a month.
#[derive(Debug, Clone, Copy)]
struct Days {
    first: NaiveDate,
    last: NaiveDate,
}

#[derive(Debug, Args)]
pub(super) struct MovementArgs {
    /// 始まりの月（2025-12）または日
    #[arg(long, value_name = "MONTH", value_parser = days_arg)]
    from: Days,
    /// 終わりの月または日（省略時は始まりの月の末日）
    #[arg(long, value_name = "MONTH", value_parser = days_arg)]
    to: Option<Days>,
    /// 知識時点（省略時は最新の出力日）
    #[arg(long, value_name = "DATE", value_parser = date_arg)]
    known_at: Option<NaiveDate>,
    /// 内訳（コンマで区切る）: 階層 tier、都道府県 prefecture、医師会 association、会員区分 class
    #[arg(long, value_delimiter = ',', value_name = "KEYS", default_value = "tier,association")]
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
    /// 0の行も出す
    #[arg(long)]
    zeros: bool,
    /// 出力の形
    #[arg(long, value_enum, ignore_case = true)]
    format: Option<Format>,
}

/// A date, else a month.
fn days_arg(text: &str) -> Result<Days, NotADate> {
    match date_arg(text) {
        Ok(day) => Ok(Days { first: day, last: day }),
        Err(_) => month_arg(text).map(|first| Days { first, last: month_end(first) }),
    }
}

impl MovementArgs {
    fn period(&self) -> Period {
        let to = self.to.map_or_else(|| month_end(self.from.first), |to| to.last);
        Period { from: self.from.first, to }
    }

    fn question(&self) -> Result<Question> {
        Ok(Question {
            by: names::breakdown(&self.by, &BREAKDOWNS)?,
            tier: self.tier.as_deref().map(names::tier).transpose()?,
            prefecture: self.prefecture.clone(),
            association: self.association.clone(),
            below: false,
            map: MapChoice::AsOf,
            zeros: self.zeros,
        })
    }
}

pub(super) async fn run(context: &Context, args: &MovementArgs) -> Result<ExitCode> {
    let question = args.question()?;
    let vintage = Vintage::open(&context.workspace, args.known_at).await?;
    let answer = movements(&vintage, args.period(), &question)?;
    match context.format(args.format) {
        Format::Json => output::json(&answer)?,
        Format::Csv => csv(&answer, &question)?,
        Format::Table => {
            table(&answer, &question, &vintage.associations, context.lang);
            foot(&answer, context.lang);
        }
    }
    if answer.unbalanced.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    let text = message("FLW-001", context.lang, &unbalanced(&answer));
    eprintln!("FLW-001: {}", text.text);
    Ok(ExitCode::from(1))
}

/// Names the cells that do not balance.
fn unbalanced(answer: &MovementAnswer) -> String {
    let cell = |row: &MovementRow| {
        let keys: Vec<&str> = row.keys.0.iter().map(|(_, value)| value.as_str()).collect();
        format!("{} {}", row.tier, keys.join(" "))
    };
    answer.unbalanced.iter().map(cell).collect::<Vec<_>>().join(", ")
}

/// The numbers of a line in printing order: headings, value, whether it is a difference.
fn numbers(flows: &FlowRow) -> [(&'static str, &'static str, i64, bool); 11] {
    [
        ("期首", "opening", flows.opening, false),
        ("入会", "joined", flows.joined, false),
        ("転入", "moved in", flows.moved_in, false),
        ("退会", "left", flows.left, false),
        ("転出", "moved out", flows.moved_out, false),
        ("死亡", "died", flows.died, false),
        ("区分変更", "class", flows.class_changed(), true),
        ("組織変更", "reorganised", flows.reorganised(), true),
        ("訂正", "corrected", flows.corrected(), true),
        ("期末", "closing", flows.closing, false),
        ("増減", "change", flows.closing - flows.opening, true),
    ]
}

/// The numbers of a line for machines: none has a sign.
fn counts(flows: &FlowRow) -> [(&'static str, i64); 13] {
    [
        ("opening", flows.opening),
        ("joined", flows.joined),
        ("moved_in", flows.moved_in),
        ("left", flows.left),
        ("moved_out", flows.moved_out),
        ("died", flows.died),
        ("class_in", flows.class_in),
        ("class_out", flows.class_out),
        ("reorganised_in", flows.reorganised_in),
        ("reorganised_out", flows.reorganised_out),
        ("corrected_in", flows.corrected_in),
        ("corrected_out", flows.corrected_out),
        ("closing", flows.closing),
    ]
}

/// Codes and numbers, for machines.
fn csv(answer: &MovementAnswer, question: &Question) -> Result<()> {
    let counted = counts(&FlowRow::default());
    let keys = question.by.iter().map(|dimension| dimension.code());
    let headings: Vec<String> =
        std::iter::once("tier").chain(keys).chain(counted.iter().map(|one| one.0)).map(str::to_string).collect();
    let rows = answer.rows.iter().map(|row| {
        let keys = row.keys.0.iter().map(|(_, value)| value.clone());
        let values = counts(&row.flows).map(|(_, n)| n.to_string());
        std::iter::once(row.tier.to_string()).chain(keys).chain(values).collect()
    });
    output::bytes(&rows_csv(&headings, rows)?);
    Ok(())
}

fn table(answer: &MovementAnswer, question: &Question, associations: &Associations, lang: Lang) {
    let numbered = numbers(&FlowRow::default());
    let heading = |ja: &'static str, en: &'static str| if lang == Lang::Ja { ja } else { en };
    let mut headings = vec![heading("階層", "tier").to_string()];
    headings.extend(question.by.iter().map(|dimension| {
        let (ja, en) = match dimension {
            Dimension::Prefecture => ("都道府県", "prefecture"),
            Dimension::Association => ("医師会", "association"),
            _ => ("区分", "class"),
        };
        heading(ja, en).to_string()
    }));
    headings.extend(numbered.iter().map(|one| heading(one.0, one.1).to_string()));
    let mut rows: Vec<Vec<String>> = Vec::new();
    for row in &answer.rows {
        let keys = row.keys.0.iter().map(|(key, value)| key_name(key, value, answer.to, associations));
        rows.push(line(row.tier, keys, &row.flows, lang));
    }
    if !question.by.is_empty() {
        for total in &answer.totals {
            let blank = std::iter::repeat_n(String::new(), question.by.len() - 1);
            let keys = std::iter::once(heading("計", "total").to_string()).chain(blank);
            rows.push(line(total.tier, keys, &total.flows, lang));
        }
    }
    let right: Vec<bool> = (0..headings.len()).map(|at| at > question.by.len()).collect();
    output::table(&headings, &rows, &right);
}

/// A value of a breakdown as people read it; bodies by the name of a day.
fn key_name(key: &str, value: &str, day: NaiveDate, associations: &Associations) -> String {
    let name = match key {
        "association" => associations.by_code(value).map(|body| body.span_on(day).short_name.as_str()),
        "class" => NationalClass::from_code(value).map(NationalClass::label),
        _ => None,
    };
    name.unwrap_or(value).to_string()
}

fn line(tier: &str, keys: impl Iterator<Item = String>, flows: &FlowRow, lang: Lang) -> Vec<String> {
    let tier = match (lang, Tier::from_text(tier)) {
        (Lang::Ja, Some(tier)) => tier.label(),
        _ => tier,
    };
    let numbers = numbers(flows);
    let numbers = numbers.into_iter().map(|(.., n, is_signed)| if is_signed { signed_count(n) } else { thousands(n) });
    std::iter::once(tier.to_string()).chain(keys).chain(numbers).collect()
}

fn foot(answer: &MovementAnswer, lang: Lang) {
    say!("");
    let MovementAnswer { from, to, opened_on, basis, .. } = answer;
    if lang == Lang::En {
        let balanced = if answer.unbalanced.is_empty() { "every line balances" } else { "some lines do not balance" };
        say!("from {from} to {to}, opening day {opened_on}; {balanced}");
        say!("known at {}, withdrawal day rule {}, head {}", basis.known_at, basis.withdrawal_day_rule, basis.head);
        if !answer.complete {
            say!("incomplete: the exports do not reach back to {opened_on}");
        }
        if answer.future {
            say!("planned: {to} lies after known-at");
        }
        return;
    }
    let balanced = if answer.unbalanced.is_empty() { "すべての行が一致" } else { "一致しない行あり" };
    say!("期間 {}～{}　期首 {}　{balanced}", era_date(*from), era_date(*to), era_date(*opened_on));
    say!("知識時点 {}　退会日の扱い {}　台帳 {}", era_date(basis.known_at), basis.withdrawal_day_label, basis.head);
    if !answer.complete {
        say!("不完全: 出力は期首（{}）まで及ばない", era_date(*opened_on));
    }
    if answer.future {
        say!("予定: {} は知識時点より後", era_date(*to));
    }
}
