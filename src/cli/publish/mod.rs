//! `kaiin publish`.

mod looked;
mod made;
mod mails;
mod stages;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use chrono::NaiveDate;
use clap::{ArgGroup, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use self::looked::{list, show, status};
use self::made::{delivered, prepared};
use self::stages::told;
use super::context::Context;
use super::dates::date_arg;
use super::output;
use crate::domain::as_of::AsOf;
use crate::domain::signature::Signature;
use crate::messages::Lang;
use crate::service::publish::{self, Found, Settled, Wanted};

#[derive(Debug, Subcommand)]
pub(super) enum PublishCommand {
    /// 作成: すべての配布先の帳票と送付状を作り、承認を待つ
    Prepare {
        /// 基準日
        #[arg(long, value_name = "DATE", value_parser = date_arg)]
        as_of: NaiveDate,
        /// 知識時点（省略時は最新の出力日）
        #[arg(long, value_name = "DATE", value_parser = date_arg)]
        known_at: Option<NaiveDate>,
        /// 送付状の日付（省略時は今日）
        #[arg(long, value_name = "DATE", value_parser = date_arg)]
        issued_on: Option<NaiveDate>,
        /// 作った人
        #[arg(long, value_name = "NAME")]
        by: String,
    },
    /// 前回との違いと、承認の前に見る帳票を示す
    Show {
        /// 番号（省略時は最新）
        number: Option<u32>,
    },
    /// 承認: すべてのファイルを開いて確かめ、そのまま配ってよいことにする（作った人は承認できない）
    Approve {
        /// 番号
        number: u32,
        /// 承認する人
        #[arg(long, value_name = "NAME")]
        by: String,
    },
    /// 配布: 承認したものを、医師会ごとのフォルダに配る（途中で止まっても、続きから）
    Send {
        /// 番号
        number: u32,
    },
    /// 配布の一覧
    List,
    /// 誰に届いて、誰に届いていないか
    Status {
        /// 番号（省略時は最新）
        number: Option<u32>,
        /// 届いていない配布先の一覧を、PDF と Excel でこのフォルダに置く
        #[arg(long, value_name = "FOLDER")]
        out: Option<PathBuf>,
    },
    /// 取りやめる（配ったものは残る）
    Withdraw {
        /// 番号
        number: u32,
        /// なぜ取りやめるか（台帳に残る）
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// 届いたかどうか不明のもの、送れなかったメール、戻ってきたメールを、確かめて決める
    #[command(group(ArgGroup::new("found").args(["arrived", "not_arrived", "bounced"]).required(true)))]
    Settle {
        /// 番号
        number: u32,
        /// 医師会のコード
        recipient: String,
        /// 届いていた（別の方法で知らせたメールも）
        #[arg(long)]
        arrived: bool,
        /// 届いていない（次の配布でもう一度配る）
        #[arg(long)]
        not_arrived: bool,
        /// メールが戻ってきた（宛先不明など）
        #[arg(long)]
        bounced: bool,
        /// どのメールか（医師会のメールがいくつもあるとき）
        #[arg(long, value_name = "ADDRESS")]
        address: Option<String>,
        /// 確かめた人
        #[arg(long, value_name = "NAME")]
        by: String,
        /// どう確かめたか（台帳に残る）
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// 控えから戻した台帳で、配布を再開する（何が届いているかを確かめてから）
    Confirm {
        /// 確かめた人
        #[arg(long, value_name = "NAME")]
        by: String,
        /// 何を確かめたか
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

pub(super) async fn run(context: &Context, command: &PublishCommand) -> Result<ExitCode> {
    let workspace = &context.workspace;
    match command {
        PublishCommand::Prepare { as_of, known_at, issued_on, by } => {
            let _lock = workspace.lock_for_writing().await?;
            let wanted = Wanted { as_of: AsOf(*as_of), known_at: *known_at, issued_on: *issued_on, maker: by.clone() };
            let bar = bar();
            let made = publish::prepare(workspace, &wanted, || bar.inc(1)).await;
            bar.finish_and_clear();
            prepared(context, &made?)
        }
        PublishCommand::Show { number } => show(context, &publish::overview(workspace, *number).await?),
        PublishCommand::Approve { number, by } => {
            let _lock = workspace.lock_for_writing().await?;
            let bar = bar();
            let approved = publish::approve(workspace, (*number, None), &Signature::of_words(by), || bar.inc(1)).await;
            bar.finish_and_clear();
            told(context, &approved?)
        }
        PublishCommand::Send { number } => {
            let _lock = workspace.lock_for_writing().await?;
            let bar = bar();
            let sent = publish::send(workspace, *number, || bar.inc(1)).await;
            bar.finish_and_clear();
            delivered(context, &sent?)
        }
        PublishCommand::List => list(context).await,
        PublishCommand::Status { number, out } => status(context, *number, out.as_deref()).await,
        PublishCommand::Withdraw { number, reason } => {
            let _lock = workspace.lock_for_writing().await?;
            told(context, &publish::withdraw(workspace, *number, reason).await?)
        }
        PublishCommand::Settle { number, recipient, arrived, bounced, address, by, reason, .. } => {
            let _lock = workspace.lock_for_writing().await?;
            let found = match (arrived, bounced) {
                (true, _) => Found::Arrived,
                (false, true) => Found::Bounced,
                (false, false) => Found::NotArrived,
            };
            let settled = Settled { recipient, address: address.as_deref(), found };
            publish::settle(workspace, *number, settled, (by, reason)).await?;
            status(context, Some(*number), None).await
        }
        PublishCommand::Confirm { by, reason } => {
            let _lock = workspace.lock_for_writing().await?;
            publish::confirm(workspace, by, reason).await?;
            match (context.json, context.lang) {
                (true, _) => output::json(&json!({ "confirmed": true }))?,
                (false, Lang::Ja) => say!("配布を再開できます"),
                (false, Lang::En) => say!("sending can go on"),
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn bar() -> ProgressBar {
    if !output::is_watched() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::no_length();
    if let Ok(style) = ProgressStyle::with_template("{pos} {elapsed}") {
        bar.set_style(style);
    }
    bar
}
