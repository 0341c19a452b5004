//! `kaiin demo`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde_json::json;

use super::output;
use crate::domain::difference::DifferenceCause;
use crate::domain::printed_number::thousands;
use crate::messages::Lang;
use crate::service::demo;
use crate::service::demo::DemoReport;

#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// 出力先のフォルダ
    #[arg(long, value_name = "DIR", default_value = "output/demo")]
    out: PathBuf,
}

pub(super) async fn run(args: &DemoArgs, lang: Lang, json: bool) -> Result<ExitCode> {
    let report = demo::run(&args.out).await?;
    if json {
        let total = &report.difference.total;
        output::json(&json!({
            "memberships": total.ours,
            "source_count": total.source_count,
            "withdrawals_ahead": total.figure(DifferenceCause::WithdrawalAhead),
            "joins_ahead": total.figure(DifferenceCause::JoinAhead),
            "not_shown": total.figure(DifferenceCause::NotShown),
            "remainder": total.remainder(),
            "files": report.files.iter().map(|path| path.display().to_string()).collect::<Vec<_>>(),
        }))?;
    } else {
        match lang {
            Lang::Ja => tell_ja(&report, &args.out),
            Lang::En => tell_en(&report, &args.out),
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn tell_ja(report: &DemoReport, out: &std::path::Path) {
    let total = &report.difference.total;
    let rejected: u32 = report.imports.last().map_or(0, |summary| summary.rejected_rows);
    let members = report.imports.iter().filter(|summary| summary.kind == "members").count();
    say!("架空の県の会員一覧 {members} 回分を取り込み、会議資料を作りました。");
    say!("");
    say!("  令和7年12月31日現在の会員数（郡市区等）　{} 人", thousands(total.ours));
    say!("  同じ日に MAMIS が示す人数　　　　　　　　{} 人", thousands(total.source_count));
    say!("");
    say!("  差の理由: MAMIS は、退会が承認されると退会日の前でも会員から除きます。");
    say!(
        "    退会日がまだ来ていない者 ＋{}　入会日がまだ来ていない者 －{}　出力に見えない者 ＋{}　残差 {}",
        total.figure(DifferenceCause::WithdrawalAhead),
        total.figure(DifferenceCause::JoinAhead),
        total.figure(DifferenceCause::NotShown),
        total.remainder()
    );
    say!("  取り込めなかった行 {rejected} 行（最新の出力。理由と直し方は rejects の Excel にあります）");
    say!("");
    say!("できたもの: {}", out.display());
    say!(
        "  meetings/2026-01-22_郡市医師会長会議/　会議のフォルダ（次第と表の会議.xlsx、添付の PDF）と、作った会議資料"
    );
    say!(
        "  member-counts / withdrawal-audit / transfer-audit / monthly-statistics / meeting-rijikai　各報告の PDF・CSV・HTML"
    );
    say!("  rejects　取り込めなかった行　　snapshot　固定した在籍（Parquet）と目録");
}

fn tell_en(report: &DemoReport, out: &std::path::Path) {
    let total = &report.difference.total;
    say!("members on 2025-12-31 (local tier): {}; MAMIS shows {}", total.ours, total.source_count);
    say!(
        "because withdrawals ahead +{}, joins ahead -{}, not shown +{}, remainder {}",
        total.figure(DifferenceCause::WithdrawalAhead),
        total.figure(DifferenceCause::JoinAhead),
        total.figure(DifferenceCause::NotShown),
        total.remainder()
    );
    say!("papers, CSV files, rejects and manifests: {}", out.display());
}
