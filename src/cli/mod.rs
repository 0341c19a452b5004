//! The command line: definitions, one file for each command, and how results and failures are shown.
//!
//! Data goes to standard output, everything for people to standard error. Commands call `service` and compute
//! nothing. Start reading at [`main`].

/// Writes a formatted line to standard output.
macro_rules! say {
    ($($text:tt)*) => { $crate::cli::output::say(&format!($($text)*)) };
}

/// Writes a formatted line to standard error. That of the standard library panics where the line cannot be written; here it is
/// kept for the end, like everything else that did not get out.
macro_rules! eprintln {
    ($($text:tt)*) => { $crate::cli::output::tell(&format!($($text)*)) };
}

mod account;
mod audit;
mod backup;
mod context;
mod count;
mod dates;
mod demo;
mod doctor;
mod examples;
mod explain;
mod formats;
mod frame;
mod global;
mod handed_out;
mod import;
mod incident;
mod init;
mod jobs;
mod layouts;
mod meeting;
mod movements;
mod opened;
mod output;
mod progress;
mod publish;
mod purge;
mod replay;
mod report;
mod restore;
mod shells;
mod snapshot;
mod stopping;
mod store;
mod synth;
mod timeline;
mod today;
mod usage;
mod verify;
mod web;

use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::sync::Mutex;

use anyhow::Result;
use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use self::context::Context;
use self::global::{Global, clock, read_config, settings_path};
use crate::error::{Failure, FailureKind};
use crate::messages::Lang;
use crate::service::keep::Workspace;

/// Exit code after Ctrl-C, as shells expect it.
const INTERRUPTED: i32 = 130;

/// 医師会の会員数を、どの日付でも正しく数える
#[derive(Debug, Parser)]
#[command(name = "kaiin", version, about = "医師会の会員数を、どの日付でも正しく数える", propagate_version = true)]
#[command(after_help = "例:
  kaiin demo                                     見本で、取込みから会議資料まで
  kaiin import associations.csv members_2025-12-31.csv
  kaiin count --as-of 2025-12-01 --by tier,association,class
終了コード: 0 完了  1 確認を要する事項あり（jobs では、拒否・確認待ちのファイルと待っている期間も）  2 指定の誤り
            3 入力の拒否・確認  4 環境の問題  70 プログラムの誤り")]
struct Cli {
    #[command(flatten)]
    global: Global,
    // Without one, what there is to do now is told.
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 見本で、取込みから会議資料までを行う
    Demo(demo::DemoArgs),
    /// 設定と医師会マスタの見本を作る（なくても動く）
    Init(init::InitArgs),
    /// ファイルを取り込む（医師会マスタ、会員一覧、申請履歴、調整）
    Import(import::ImportArgs),
    /// ある日の会員数を数える
    Count(count::CountArgs),
    /// 月末ごとの会員数を並べる
    Series(count::SeriesArgs),
    /// 期首・異動・期末を、医師会・区分ごとに並べる
    Movements(movements::MovementArgs),
    /// 一つの数字を、期首・異動・期末と元の行まで説明する
    Explain(explain::ExplainArgs),
    /// 監査する（要確認事項があれば終了コード 1）
    Audit(audit::AuditArgs),
    /// 帳票や会議資料を作る
    Report(report::ReportArgs),
    /// 会議のフォルダを作り、次第と表から資料を作る
    #[command(subcommand)]
    Meeting(meeting::MeetingCommand),
    /// 帳票の定義を見る、確かめる、手元に写す
    #[command(subcommand)]
    Reports(report::ReportsCommand),
    /// ファイルの見出しの読み方（レイアウト）を見る、見出しを加える
    #[command(subcommand)]
    Layouts(layouts::LayoutsCommand),
    /// ある日の在籍を固定し、確かめる
    #[command(subcommand)]
    Snapshot(snapshot::SnapshotCommand),
    /// 台帳・固定した在籍・帳票が、作ったときのままかを確かめる（違いがあれば終了コード 1）
    Verify,
    /// サーバーに要るものを見て、直すところを示す（何も変えない。NG があれば終了コード 1）
    Doctor,
    /// データフォルダの控え（バックアップ）を、まるごと作る
    Backup(backup::BackupArgs),
    /// 控えから戻せることを確かめる、別のフォルダに戻す
    Restore(restore::RestoreArgs),
    /// 保存日数を過ぎたファイルと、退会した人の氏名などを消す（会員数は変わらない）
    Purge(purge::PurgeArgs),
    /// 架空の医師会・会員・異動を作る（試験・見積り用）
    Synth(synth::SynthArgs),
    /// 台帳を見る、写す
    #[command(subcommand)]
    Store(store::StoreCommand),
    /// ほかの集計エンジンのために書き出す
    #[command(subcommand)]
    Timeline(timeline::TimelineCommand),
    /// 帳票を医師会ごとに配る（作成、承認、配布）
    #[command(subcommand)]
    Publish(publish::PublishCommand),
    /// 外に出たファイルが何で、何人載り、誰に配ったかを調べる（なければ終了コード 1）
    Incident(incident::IncidentArgs),
    /// 画面を使う人を管理する
    #[command(subcommand)]
    Account(account::AccountCommand),
    /// ブラウザに画面を見せ続ける
    Web,
    /// 予定の仕事を動かし続ける
    Serve,
    /// 予定の仕事を見る、行う
    #[command(subcommand)]
    Jobs(jobs::JobsCommand),
    /// シェルの補完の定義を出す
    Completion(shells::CompletionArgs),
    /// すべての命令のマニュアル（man）を書く
    Man(shells::ManArgs),
}

/// Runs the program and returns its exit code.
pub fn main() -> ExitCode {
    let (lang, json) = wishes(words().into_iter());
    let cli = match arguments(lang) {
        Ok(cli) => cli,
        Err(error) => return refused(&error, lang, json),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return output::failure(&error.into(), lang, json),
    };
    // The text of a panic may hold a cell of a member: only its place is told.
    panic::set_hook(Box::new(|panic| {
        if let (Ok(mut place), Some(location)) = (PANIC_PLACE.lock(), panic.location()) {
            *place = location.to_string();
        }
        tracing::debug!(%panic, "panicked");
    }));
    let result = guarded(|| {
        runtime.block_on(async {
            // The clock finishes what it has begun; everything else may stop at once.
            if !matches!(cli.command, Some(Command::Serve | Command::Web)) {
                tokio::spawn(stop_on_interrupt(lang));
            }
            run(cli).await
        })
    });
    match result {
        Ok(code) => output::finish(code, lang, json),
        Err(error) => output::failure(&error, lang, json),
    }
}

/// The arguments as they were given. Words are put around every command and option only where a help or a wrong argument
/// is told: that takes as long as the rest of a start.
fn arguments(lang: Lang) -> clap::error::Result<Cli> {
    Cli::try_parse().or_else(|_| Cli::from_arg_matches(&shown(lang).try_get_matches()?))
}

/// The command line as its help shows it.
fn shown(lang: Lang) -> clap::Command {
    let command = examples::with_examples(Cli::command(), lang);
    if lang == Lang::Ja { frame::japanese(command) } else { command }
}

/// Where the last panic was; told by the hook that [`main`] sets.
static PANIC_PLACE: Mutex<String> = Mutex::new(String::new());

/// Turns a panic into the failure of a defect, with the exit code of one.
fn guarded<T>(run: impl FnOnce() -> Result<T>) -> Result<T> {
    panic::catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
        let place = PANIC_PLACE.lock().map(|place| place.clone()).unwrap_or_default();
        Err(Failure::new(FailureKind::Bug, "BUG-001", place).into())
    })
}

/// Language and form of failures, which must be known even when the arguments are wrong. `--format json` wishes the
/// same as `--json`.
fn wishes(args: impl Iterator<Item = String>) -> (Lang, bool) {
    let words: Vec<String> = args.flat_map(|arg| arg.split('=').map(str::to_string).collect::<Vec<_>>()).collect();
    let says = |option: &str, value: &str| words.windows(2).any(|pair| pair[0] == option && pair[1] == value);
    let lang = if says("--lang", "en") { Lang::En } else { Lang::Ja };
    (lang, words.iter().any(|word| word == "--json") || says("--format", "json"))
}

/// The words of the command line without the name of the program.
fn words() -> Vec<String> {
    std::env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect()
}

/// Wrong arguments, `--help` and `--version`. clap exits with 2 as the contract asks.
fn refused(error: &clap::Error, lang: Lang, json: bool) -> ExitCode {
    let asks_for_help = matches!(error.kind(), ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand);
    if error.use_stderr() && (json || !asks_for_help) {
        return output::failure(&usage::failure(error, Cli::command(), &words()).into(), lang, json);
    }
    output::keep(error.print());
    output::finish(ExitCode::from(if error.use_stderr() { 2 } else { 0 }), lang, json)
}

/// SQLite undoes what was not committed, as after any crash; so stopping at once is safe.
async fn stop_on_interrupt(lang: Lang) {
    if tokio::signal::ctrl_c().await.is_ok() {
        eprintln!("{}", output::interrupted(lang));
        std::process::exit(INTERRUPTED);
    }
}

async fn run(cli: Cli) -> Result<ExitCode> {
    let global = cli.global;
    let Some(command) = cli.command else { return today::run(&global).await };
    if let Some(done) = run_apart(&global, &command).await {
        return done;
    }
    let config = read_config(&global)?;
    let clock = clock()?;
    let workspace = match makes_nothing(&command) {
        true => Workspace::open_to_ask(&global.data, config, clock).await?,
        false => Workspace::open(&global.data, config, clock).await?,
    };
    let closing = workspace.closing();
    let (lang, json) = (global.lang.into(), global.json);
    let result = run_in(Context { workspace, lang, json }, &global, command).await;
    // Whatever came of it: a copy of the one file of the store should hold everything.
    let notices = closing.close().await;
    // Of a failure programs read one object.
    if result.is_ok() || !json {
        output::notices(&notices, lang, json);
    }
    result
}

/// Runs a command that needs no opened data folder, or that opens those of its own choice; `None` for any other.
async fn run_apart(global: &Global, command: &Command) -> Option<Result<ExitCode>> {
    match command {
        Command::Completion(args) => Some(Ok(shells::completion(Cli::command(), args))),
        Command::Demo(args) => Some(demo::run(args, global.lang.into(), global.json).await),
        Command::Doctor => Some(doctor::run(global).await),
        Command::Init(args) if args.is_of_unit() => Some(init::write_unit(global, args)),
        Command::Layouts(command) => Some(layouts::run(global, command)),
        Command::Man(args) => Some(shells::man(shown(global.lang.into()), global, args)),
        Command::Reports(report::ReportsCommand::Copy { name }) => Some(layouts::copy(global, name.as_deref())),
        Command::Reports(report::ReportsCommand::Show { name }) => Some(layouts::show(name)),
        Command::Restore(args) => Some(restore::run(global, args).await),
        Command::Store(command) => Some(store::run(global, command).await),
        Command::Synth(args) => Some(synth::run(global, args).await),
        _ => None,
    }
}

/// Whether a command only asks, so that it makes no data folder where there is none.
fn makes_nothing(command: &Command) -> bool {
    match command {
        Command::Completion(_)
        | Command::Demo(_)
        | Command::Init(_)
        | Command::Doctor
        | Command::Layouts(_)
        | Command::Man(_)
        | Command::Restore(_)
        | Command::Store(_)
        | Command::Synth(_)
        | Command::Serve
        | Command::Web => false,
        Command::Import(args) => args.makes_nothing(),
        Command::Jobs(command) => command.makes_nothing(),
        Command::Account(_)
        | Command::Count(_)
        | Command::Series(_)
        | Command::Movements(_)
        | Command::Explain(_)
        | Command::Audit(_)
        | Command::Backup(_)
        | Command::Incident(_)
        | Command::Report(_)
        | Command::Meeting(_)
        | Command::Reports(_)
        | Command::Snapshot(_)
        | Command::Timeline(_)
        | Command::Publish(_)
        | Command::Purge(_)
        | Command::Verify => true,
    }
}

async fn run_in(context: Context, global: &Global, command: Command) -> Result<ExitCode> {
    match command {
        // They were done by `run_apart`.
        Command::Completion(_)
        | Command::Demo(_)
        | Command::Doctor
        | Command::Layouts(_)
        | Command::Man(_)
        | Command::Restore(_)
        | Command::Store(_)
        | Command::Synth(_) => Err(Failure::new(FailureKind::Bug, "BUG-001", "run_apart").into()),
        Command::Init(_) => init::run(&context),
        Command::Import(args) => import::run(&context, &args).await,
        Command::Count(args) => count::run_count(&context, &args).await,
        Command::Series(args) => count::run_series(&context, &args).await,
        Command::Movements(args) => movements::run(&context, &args).await,
        Command::Explain(args) => explain::run(&context, &args).await,
        Command::Audit(args) => audit::run(&context, &args).await,
        Command::Report(args) => report::run(&context, &args).await,
        Command::Meeting(command) => meeting::run(&context, &command).await,
        Command::Reports(command) => report::run_reports(&context, &command).await,
        Command::Snapshot(command) => snapshot::run(&context, &command).await,
        Command::Verify => verify::run(&context).await,
        Command::Backup(args) => backup::run(&context, &args, settings_path(global)).await,
        Command::Purge(args) => purge::run(&context, &args).await,
        Command::Timeline(command) => timeline::run(&context, &command).await,
        Command::Publish(command) => publish::run(&context, &command).await,
        Command::Incident(args) => incident::run(&context, &args).await,
        Command::Account(_) | Command::Web | Command::Serve => run_for_others(&context, global, &command).await,
        Command::Jobs(command) => jobs::run(context, command).await,
    }
}

/// Runs what goes on for others than who sits before the screen, and says who they are.
async fn run_for_others(context: &Context, global: &Global, command: &Command) -> Result<ExitCode> {
    match command {
        Command::Account(command) => account::run(context, command).await,
        Command::Web => web::run(context, settings_path(global)).await,
        _ => jobs::serve(context, settings_path(global)).await,
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::{Cli, frame, guarded, wishes};
    use crate::error::Failure;
    use crate::messages::Lang;

    #[test]
    fn definition_is_sound() {
        Cli::command().debug_assert();
        frame::japanese(Cli::command()).debug_assert();
    }

    /// Rust ends a program that panics with 101, which is no code of the contract.
    #[test]
    fn panic_ends_with_the_code_of_a_defect() {
        let error = guarded::<()>(|| panic!("of a test")).expect_err("a panic is no result");
        let failure = Failure::of(&error);
        assert_eq!((failure.code, failure.kind.exit_code()), ("BUG-001", 70));
    }

    #[test]
    fn language_and_form_are_known_from_any_arguments() {
        for (args, expected) in [
            ("kaiin count --as-of soon", (Lang::Ja, false)),
            ("kaiin --lang en count --format csv", (Lang::En, false)),
            ("kaiin count --json --lang ja", (Lang::Ja, true)),
            ("kaiin --lang=en count --format=json", (Lang::En, true)),
            ("kaiin count --format json", (Lang::Ja, true)),
        ] {
            assert_eq!(wishes(args.split(' ').map(str::to_string)), expected, "{args}");
        }
    }
}
