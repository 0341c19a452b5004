//! `kaiin count` and `kaiin series`.

use std::process::ExitCode;

use anyhow::Result;
use chrono::{Datelike, NaiveDate};
use clap::Args;

use super::{Context, Format, NotADate, date_arg, output};
use crate::domain::as_of::AsOf;
use crate::domain::association::{Associations, Tier};
use crate::domain::class::NationalClass;
use crate::domain::document::thousands;
use crate::domain::japanese_date::{era_date, signed_count};
use crate::error::Failure;
use crate::messages::Lang;
use crate::service::query::{self, Basis, CountRow, Dimension, Knowledge, Question, Totals};

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

#[derive(Debug, Args)]
struct QuestionArgs {
    /// 知識時点（省略時は最新の出力日）
    #[arg(long, value_name = "DATE", value_parser = date_arg)]
    known_at: Option<NaiveDate>,
    /// 内訳: tier, association, class, prefecture, sex, age_band, duty
    #[arg(long, value_delimiter = ',', value_name = "KEYS", default_value = "tier,association,class")]
    by: Vec<String>,
    /// この階層だけ: local, prefectural, national
    #[arg(long, value_name = "TIER")]
    tier: Option<String>,
    /// この都道府県だけ（都道府県コード、例 11）
    #[arg(long, value_name = "CODE")]
    prefecture: Option<String>,
    /// この医師会だけ（コードか名称）
    #[arg(long, value_name = "CODE")]
    association: Option<String>,
    /// 0人の行も出す
    #[arg(long)]
    zeros: bool,
    /// 出力の形
    #[arg(long, value_enum)]
    format: Option<Format>,
}

impl QuestionArgs {
    fn question(&self) -> Result<Question> {
        let mut by = Vec::new();
        for key in &self.by {
            let dimension = match key.trim() {
                // The tier is always there.
                "tier" | "" => continue,
                "association" => Dimension::Association,
                "class" => Dimension::Class,
                "prefecture" => Dimension::Prefecture,
                "sex" => Dimension::Sex,
                "age_band" => Dimension::AgeBand,
                "duty" => Dimension::Duty,
                other => return Err(Failure::usage("QRY-005", other).into()),
            };
            if !by.contains(&dimension) {
                by.push(dimension);
            }
        }
        let tier = match &self.tier {
            None => None,
            Some(text) => Some(Tier::from_text(text).ok_or_else(|| Failure::usage("QRY-008", text))?),
        };
        Ok(Question {
            by,
            tier,
            prefecture: self.prefecture.clone(),
            association: self.association.clone(),
            zeros: self.zeros,
        })
    }
}

/// A month such as 2025-04 or 令和7年4月, or any date in it.
fn month_arg(text: &str) -> Result<NaiveDate, NotADate> {
    date_arg(text)
        .or_else(|_| date_arg(&format!("{text}-01")))
        .or_else(|_| date_arg(&format!("{text}1日")))
        .or_else(|_| date_arg(&format!("{text}.1")))
        .map(|day| day.with_day(1).unwrap_or(day))
        .map_err(|_| NotADate(text.into()))
}

pub(super) async fn run_count(context: &Context, args: &CountArgs) -> Result<ExitCode> {
    let question = args.question.question()?;
    let knowledge = Knowledge::open(&context.workspace, args.question.known_at).await?;
    let answer = query::count(&knowledge, AsOf(args.as_of), &question)?;
    match context.format(args.question.format) {
        Format::Json => output::json(&answer)?,
        Format::Csv => csv(&[], &answer.rows, &question, &knowledge.associations)?,
        Format::Table => {
            rows_table(&[], &answer.rows, &question, &knowledge.associations, context.lang);
            say!("");
            totals_lines(answer.as_of, answer.totals, answer.complete, answer.future, context.lang);
            basis_lines(&answer.basis, answer.not_shown, answer.adjusted, context.lang);
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn run_series(context: &Context, args: &SeriesArgs) -> Result<ExitCode> {
    let question = args.question.question()?;
    let knowledge = Knowledge::open(&context.workspace, args.question.known_at).await?;
    let answer = query::series(&knowledge, args.from, args.to, &question)?;
    match context.format(args.question.format) {
        Format::Json => output::json(&answer)?,
        Format::Csv => csv(&["as_of"], &answer.rows, &question, &knowledge.associations)?,
        Format::Table => {
            rows_table(&["as_of"], &answer.rows, &question, &knowledge.associations, context.lang);
            say!("");
            for day in &answer.days {
                totals_lines(day.as_of, day.totals, day.complete, day.future, context.lang);
            }
            let (not_shown, adjusted) = answer.days.last().map_or((0, 0), |day| (day.not_shown, day.adjusted));
            basis_lines(&answer.basis, not_shown, adjusted, context.lang);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Headings and rows as codes, for machines. `first` are the headings before the tier: those of a series stand there
/// also when it has no rows.
fn csv(first: &[&str], rows: &[CountRow], question: &Question, associations: &Associations) -> Result<()> {
    let mut headings: Vec<String> = first.iter().map(ToString::to_string).collect();
    headings.push("tier".into());
    for dimension in &question.by {
        headings.push(dimension.code().into());
        if *dimension == Dimension::Association {
            headings.push("association_name".into());
        }
    }
    headings.push("memberships".into());
    let cells = rows.iter().map(|row| {
        let mut cells: Vec<String> = row.as_of.iter().map(ToString::to_string).collect();
        cells.push(row.tier.into());
        for (key, value) in &row.keys.0 {
            cells.push(value.clone());
            if *key == Dimension::Association.code() {
                cells.push(associations.by_code(value).map_or(String::new(), |body| body.name.clone()));
            }
        }
        cells.push(row.memberships.to_string());
        cells
    });
    output::bytes(&crate::service::export::rows_csv(&headings, cells)?)
}

fn rows_table(first: &[&str], rows: &[CountRow], question: &Question, associations: &Associations, lang: Lang) {
    let mut headings: Vec<String> = first.iter().map(|key| label(key, lang).to_string()).collect();
    headings.push(label("tier", lang).into());
    headings.extend(question.by.iter().map(|dimension| label(dimension.code(), lang).to_string()));
    headings.push(label("memberships", lang).into());
    let mut right = vec![false; headings.len()];
    if let Some(last) = right.last_mut() {
        *last = true;
    }
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let mut cells: Vec<String> = row.as_of.iter().map(ToString::to_string).collect();
            cells.push(value_label("tier", row.tier, associations, lang));
            cells.extend(row.keys.0.iter().map(|(key, value)| value_label(key, value, associations, lang)));
            cells.push(thousands(row.memberships));
            cells
        })
        .collect();
    output::table(&headings, &cells, &right);
}

fn label(key: &str, lang: Lang) -> &str {
    if lang == Lang::En {
        return key;
    }
    match key {
        "as_of" => "基準日",
        "tier" => "階層",
        "association" => "医師会",
        "class" => "会員区分",
        "prefecture" => "都道府県",
        "sex" => "性別",
        "age_band" => "年齢階級",
        "duty" => "施設業務",
        "memberships" => "会員数",
        other => other,
    }
}

fn value_label(key: &str, value: &str, associations: &Associations, lang: Lang) -> String {
    if lang == Lang::En {
        return value.to_string();
    }
    let text = match (key, value) {
        ("tier", tier) => Tier::from_text(tier).map_or(tier, |tier| tier.label()),
        ("class", class) => NationalClass::from_code(class).map_or(class, |class| class.label()),
        ("association", code) => return format!("{code} {}", name_of(associations, code)),
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

fn name_of<'a>(associations: &'a Associations, code: &str) -> &'a str {
    associations.by_code(code).map_or("", |body| body.short_name.as_str())
}

fn totals_lines(as_of: NaiveDate, totals: Totals, complete: bool, future: bool, lang: Lang) {
    let tiers =
        [(Tier::Local, totals.local), (Tier::Prefectural, totals.prefectural), (Tier::National, totals.national)];
    let mut flags = String::new();
    if lang == Lang::En {
        flags.push_str(if complete { "" } else { "  [incomplete]" });
        flags.push_str(if future { "  [planned]" } else { "" });
        let parts: Vec<String> = tiers
            .iter()
            .map(|(tier, total)| format!("{} {} ({} heads)", tier.code(), total.memberships, total.heads))
            .collect();
        say!("{as_of}: {}{flags}", parts.join(", "));
        return;
    }
    flags.push_str(if complete { "" } else { "  【不完全：出力が及ばない日】" });
    flags.push_str(if future { "  【予定】" } else { "" });
    let parts: Vec<String> = tiers
        .iter()
        .map(|(tier, total)| {
            format!("{} {}（実人数 {}）", tier.label(), thousands(total.memberships), thousands(total.heads))
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
