//! `kaiin count` and `kaiin series`.

mod notes;
mod rows;

use std::process::ExitCode;

use anyhow::Result;
use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use self::notes::{Flags, asked_tiers, basis_lines, flagged_days, map_lines, totals_lines, uncovered_rows_line};
use self::rows::{Names, TotalsOfDay, csv, rows_table};
use super::context::{Context, Format};
use super::dates::{date_arg, month_arg};
use super::output;
use crate::domain::as_of::AsOf;
use crate::domain::grouping::Dimension;
use crate::service::known::map::MapChoice;
use crate::service::known::names;
use crate::service::known::vintage::Vintage;
use crate::service::questions::question::Question;
use crate::service::questions::{answered, count};

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

pub(super) async fn run_count(context: &Context, args: &CountArgs) -> Result<ExitCode> {
    let question = args.question.question(&Dimension::ALL)?;
    let count = |vintage: &Vintage| count::count(vintage, AsOf(args.as_of), &question);
    let (vintage, answer) = answered(&context.workspace, args.question.known_at, count).await?;
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
    let series = |vintage: &Vintage| count::series(vintage, args.from, args.to, &question);
    let (vintage, answer) = answered(&context.workspace, args.question.known_at, series).await?;
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
