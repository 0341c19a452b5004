//! `kaiin backup`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use super::context::Context;
use super::output;
use crate::domain::printed_number::thousands;
use crate::messages::Lang;
use crate::service::keep::handed_out::HandedFile;
use crate::service::questions::backup::make::{BackupPreview, BackupReport, back_up, notices, preview};
use crate::service::questions::backup::manifest::MANIFEST;
use crate::service::questions::backup::plan::BackupRequest;

#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    /// 控えを置くフォルダ（別のディスクにあるもの）。その中に kaiin-backup_日時 のフォルダができる
    #[arg(value_name = "DIR")]
    to: PathBuf,
    /// データフォルダの外にあって、一緒に控えるフォルダ（meetings があれば、いつも控える）
    #[arg(long, value_name = "DIR")]
    with: Vec<PathBuf>,
    /// 何を控えるか、空きは足りるかを示すだけで、何も作らない
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn run(context: &Context, args: &BackupArgs, settings: PathBuf) -> Result<ExitCode> {
    let mut request = BackupRequest::of(args.to.clone(), Some(settings).filter(|path| path.exists()));
    request.with.extend(args.with.iter().cloned());
    if args.dry_run {
        let found = preview(&context.workspace, &request)?;
        if context.json {
            output::json(&found)?;
        } else {
            show_preview(&found, context.lang);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let made = back_up(&context.workspace, &request).await?;
    let manifest = HandedFile { name: MANIFEST.into(), sha256: made.sha256.clone() };
    context.hands_out(&format!("backup → {}", made.folder.display()), None, vec![manifest]);
    if context.json {
        output::json(&made)?;
    } else {
        show(&made, context.lang);
        notices(&made).iter().for_each(|notice| output::notice(notice, context.lang, false));
    }
    Ok(ExitCode::SUCCESS)
}

fn show_preview(found: &BackupPreview, lang: Lang) {
    let to = shown(&found.to);
    let size = thousands_of(found.size_bytes);
    let known = |n: Option<u64>, unknown: &str| n.map_or_else(|| unknown.to_string(), thousands_of);
    match lang {
        Lang::Ja => {
            say!("控えの置き場所: {to}");
            say!(
                "控えるもの: ファイル {} 件、{size} バイト（うち台帳 {}）",
                found.files,
                known(found.store_bytes, "不明")
            );
            say!("空き: {} バイト", known(found.free_bytes, "不明"));
            found.left_out.iter().for_each(|name| say!("控えに入らないもの（ファイルでない）: {name}"));
            say!("何も作っていません");
        }
        Lang::En => {
            say!("place of the backup: {to}");
            say!("to be copied: {} files, {size} bytes (store {})", found.files, known(found.store_bytes, "unknown"));
            say!("free: {} bytes", known(found.free_bytes, "unknown"));
            found.left_out.iter().for_each(|name| say!("not in the backup (no file): {name}"));
            say!("nothing was made");
        }
    }
}

fn show(made: &BackupReport, lang: Lang) {
    let (folder, size, seconds) = (shown(&made.folder), thousands_of(made.size_bytes), seconds(made.milliseconds));
    let BackupReport { files, imports, chain_head, answers, sha256, .. } = made;
    match lang {
        Lang::Ja => {
            say!("控えを作りました: {folder}");
            say!("  ファイル {files} 件（{size} バイト）、取込 {imports} 件、質問と答え {answers} 問、{seconds} 秒");
            say!("  連鎖: {chain_head}");
            say!("  控えの照合値: {sha256}");
            say!("戻せることは、これで確かめられます: kaiin restore {folder} --rehearse");
        }
        Lang::En => {
            say!("made the backup {folder}");
            say!("  {files} files ({size} bytes), {imports} imports, {answers} questions with answers, {seconds} s");
            say!("  chain: {chain_head}");
            say!("  hash of the backup: {sha256}");
            say!("to prove that it can be restored: kaiin restore {folder} --rehearse");
        }
    }
}

/// A path as it can be typed again.
fn shown(path: &Path) -> String {
    let text = path.display().to_string();
    if text.contains(' ') { format!("\"{text}\"") } else { text }
}

/// Digits in groups.
pub(super) fn thousands_of(n: u64) -> String {
    thousands(i64::try_from(n).unwrap_or(i64::MAX))
}

/// Seconds with one digit behind the point.
pub(super) fn seconds(milliseconds: u64) -> String {
    format!("{}.{}", milliseconds / 1_000, milliseconds % 1_000 / 100)
}
