//! Wrong arguments: what clap found, as a failure with texts of our own in both languages.

use std::error::Error as _;

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};
use clap::{Arg, Command};

use super::dates::{NotADate, NotAnInstant};
use crate::domain::as_of::month_end;
use crate::domain::japanese_date::{DateFault, era_date, parse_date, read_day};
use crate::domain::text::{fold_width, nearest};
use crate::error::{Detail, Failure};

/// What people call the commands, for the question whether one was meant. None of these words is a command.
const COMMANDS_CALLED: [(&str, &[&str]); 20] = [
    ("demo", &["見本", "デモ", "お試し"]),
    ("init", &["設定", "初期設定", "準備"]),
    ("import", &["取込み", "取込", "取り込み", "取り込む", "読込み", "読み込み", "インポート"]),
    ("count", &["集計", "会員数", "人数", "数える", "カウント"]),
    ("series", &["推移", "月別", "経年", "系列"]),
    ("movements", &["異動", "異動表", "増減"]),
    ("explain", &["説明", "内訳", "根拠"]),
    ("audit", &["監査", "点検", "確認", "要確認", "チェック"]),
    ("report", &["帳票", "報告", "報告書", "資料", "会議資料", "レポート"]),
    ("reports", &["帳票一覧", "定義"]),
    ("layouts", &["レイアウト", "様式", "見出し"]),
    ("snapshot", &["固定", "保存", "スナップショット"]),
    ("jobs", &["予定", "仕事", "月次"]),
    ("incident", &["漏えい", "漏洩", "流出"]),
    ("account", &["アカウント", "利用者", "user"]),
    ("web", &["画面", "ブラウザ", "ブラウザー"]),
    ("serve", &["常駐", "起動"]),
    ("store", &["台帳", "データベース"]),
    ("synth", &["架空", "試験データ"]),
    ("timeline", &["書き出し", "書出し", "エクスポート", "export"]),
];

/// What people call the arguments.
const ARGUMENTS_CALLED: [(&str, &[&str]); 12] = [
    ("as-of", &["基準日", "日付", "date", "day", "on"]),
    ("known-at", &["知識時点", "出力日"]),
    ("by", &["内訳", "集計", "group-by"]),
    ("tier", &["階層", "三層"]),
    ("prefecture", &["都道府県", "県", "pref"]),
    ("association", &["医師会", "body", "name"]),
    ("class", &["区分", "会員区分"]),
    ("from", &["始まり", "開始", "start", "since"]),
    ("to", &["終わり", "終了", "end", "until"]),
    ("format", &["形式", "出力形式", "type"]),
    ("out", &["出力先", "保存先", "output", "o"]),
    ("reason", &["理由"]),
];

/// The failure of wrong arguments of the program; `words` are those of the command line without its name.
pub(super) fn failure(error: &Error, mut program: Command, words: &[String]) -> Failure {
    let source = error.source();
    let name = said(error, ContextKind::InvalidArg);
    let name = name.split_whitespace().next().unwrap_or_default();
    if let Some(NotADate(text)) = source.and_then(|source| source.downcast_ref()) {
        let details = why_no_date(text).into_iter().collect();
        return Failure { details, ..Failure::usage("QRY-006", format!("{name} {text}").trim_start()) };
    }
    if let Some(NotAnInstant(text)) = source.and_then(|source| source.downcast_ref()) {
        return Failure::usage("QRY-012", format!("{name} {text}").trim_start());
    }
    program.build();
    let (command, names) = named(&program, words);
    Failure::wrong_arguments(&format!("{} --help", names.join(" ")), detail(error, command, words))
}

/// Why a text is no date. Of a month alone its last day is told: that is what is mostly meant.
fn why_no_date(text: &str) -> Option<Detail> {
    if read_day(text) != Err(DateFault::NoDay) {
        return Detail::why_no_date(text);
    }
    let text = text.trim();
    let first =
        [format!("{text}1日"), format!("{text}-1"), format!("{text}.1")].iter().find_map(|day| parse_date(day))?;
    let last = month_end(first);
    Some(Detail::of_words("USE-114", vec![last.to_string(), era_date(last)]))
}

fn detail(error: &Error, command: &Command, words: &[String]) -> Detail {
    use ContextKind as Kind;
    let arg = said(error, Kind::InvalidArg);
    let value = said(error, Kind::InvalidValue);
    let (code, open, meant) = match error.kind() {
        ErrorKind::MissingRequiredArgument => return missing(&arg, command),
        ErrorKind::InvalidValue if value.is_empty() => ("USE-103", vec![arg], None),
        ErrorKind::InvalidValue => {
            let all = said(error, Kind::ValidValue);
            let meant = nearest(&value, all.split(", ")).map(str::to_string);
            let all = argument_of(command, &arg).and_then(called_values).unwrap_or(all);
            ("USE-102", vec![arg, value, all], meant)
        }
        ErrorKind::UnknownArgument => return unknown_argument(&arg, command, words),
        ErrorKind::InvalidSubcommand => return unknown_command(&said(error, Kind::InvalidSubcommand), command),
        ErrorKind::MissingSubcommand => ("USE-106", vec![said(error, Kind::ValidSubcommand)], None),
        ErrorKind::ArgumentConflict if said(error, Kind::PriorArg) == arg => ("USE-108", vec![arg], None),
        ErrorKind::ArgumentConflict => ("USE-107", vec![arg, said(error, Kind::PriorArg)], None),
        ErrorKind::ValueValidation => ("USE-109", vec![arg, value], None),
        _ => ("USE-110", vec![first_lines(error)], None),
    };
    Detail { meant, ..Detail::of_words(code, open) }
}

/// Arguments that are not there, with what their help says and the values that they take.
fn missing(args: &str, command: &Command) -> Detail {
    if let Some(all) = one_of(args) {
        return Detail::of_words("USE-126", vec![all.replace('|', "、")]);
    }
    let told: Vec<String> = args.split(", ").filter_map(|arg| argument_of(command, arg)).filter_map(about).collect();
    match told.as_slice() {
        [] => Detail::of_words("USE-116", vec![args.into()]),
        told => Detail::of_words("USE-101", vec![args.into(), told.join("、")]),
    }
}

/// The options of `<--a|--b <NAME>>`, of which one must be there, where nothing else is missing.
fn one_of(args: &str) -> Option<&str> {
    args.strip_prefix('<')?.strip_suffix('>').filter(|all| all.starts_with("--") && !all.contains(", "))
}

/// What an argument is, in the words of its help.
fn about(arg: &Arg) -> Option<String> {
    let help = arg.get_help()?.to_string();
    Some(called_values(arg).map_or(help.clone(), |values| format!("{help}: {values}")))
}

/// The argument of a command that clap writes so, in either language.
fn argument_of<'c>(command: &'c Command, shown: &str) -> Option<&'c Arg> {
    let begin = |text: &str| text.split(' ').next().unwrap_or_default().to_string();
    command.get_arguments().find(|one| match shown.starts_with(['<', '[']) {
        true => one.is_positional() && !shown.starts_with("<--"),
        false => begin(&one.to_string()) == begin(shown),
    })
}

/// The values that an argument takes, with what they are called in Japanese where they are called anything; `None` where
/// it takes any.
fn called_values(arg: &Arg) -> Option<String> {
    let told = |value: &clap::builder::PossibleValue| {
        let names: Vec<&str> = value.get_name_and_aliases().collect();
        match names.as_slice() {
            [name, called, ..] => format!("{name}（{called}）"),
            _ => value.get_name().to_string(),
        }
    };
    let values: Vec<String> = arg.get_possible_values().iter().map(told).collect();
    (!values.is_empty() && arg.get_action().takes_values()).then(|| values.join(", "))
}

/// A word that is no argument of a command: an option that was misspelt, or a value without its option.
fn unknown_argument(arg: &str, command: &Command, words: &[String]) -> Detail {
    let typed = words.iter().find(|word| word.as_str() == arg || (arg.len() == 2 && word.starts_with(arg)));
    let typed = typed.map_or(arg, String::as_str);
    let bare = without_dashes(typed);
    let options: Vec<&str> = command.get_arguments().filter_map(Arg::get_long).collect();
    let has = |option: &str| options.contains(&option);
    if bare.len() < typed.len() {
        let name = bare.split('=').next().unwrap_or_default().to_lowercase().replace('_', "-");
        let meant = called(&name, &ARGUMENTS_CALLED).filter(|option| has(option));
        let meant = meant.or_else(|| options.iter().copied().find(|option| *option == name));
        let meant = meant.or_else(|| nearest(&name, options.iter().copied())).map(|name| format!("--{name}"));
        let shown = typed.split('=').next().unwrap_or_default().to_string();
        let below = command
            .get_subcommands()
            .find(|one| meant.is_none() && one.get_arguments().any(|arg| arg.get_long() == Some(name.as_str())));
        if let Some(one) = below.filter(|one| one.get_name() != "help") {
            return Detail::of_words("USE-125", vec![typed.into(), one.get_name().into()]);
        }
        return match meant {
            Some(_) => Detail { meant, ..Detail::of_words("USE-104", vec![shown]) },
            None => Detail::of_words("USE-117", vec![shown, listed(command)]),
        };
    }
    let as_option = called(typed, &ARGUMENTS_CALLED).filter(|option| has(option)).map(|option| format!("--{option}"));
    let meant = as_option.or_else(|| {
        let option = if parse_date(typed).is_some() { "as-of" } else { "association" };
        has(option).then(|| format!("--{option} {typed}"))
    });
    match meant {
        Some(_) => Detail { meant, ..Detail::of_words("USE-112", vec![typed.into()]) },
        None => Detail::of_words("USE-117", vec![typed.into(), listed(command)]),
    }
}

/// A word that is no command, with the one that was meant or all that there are.
fn unknown_command(word: &str, command: &Command) -> Detail {
    let commands: Vec<&Command> = command.get_subcommands().filter(|one| one.get_name() != "help").collect();
    let names: Vec<&str> = commands.iter().map(|one| one.get_name()).collect();
    let meant = called(word, &COMMANDS_CALLED).filter(|name| names.contains(name));
    let meant = meant.or_else(|| nearest(word, names.iter().copied())).map(str::to_string);
    if meant.is_some() {
        return Detail { meant, ..Detail::of_words("USE-105", vec![word.into()]) };
    }
    let called = |name: &str| COMMANDS_CALLED.iter().find(|(known, _)| *known == name).map(|(_, words)| words[0]);
    let told = |name: &&str| called(name).map_or((*name).to_string(), |word| format!("{name}（{word}）"));
    Detail::of_words("USE-113", vec![word.into(), names.iter().map(told).collect::<Vec<_>>().join("、")])
}

/// The name behind a word that people say for it.
fn called<'n>(word: &str, all: &[(&'n str, &[&str])]) -> Option<&'n str> {
    let word = fold_width(word.trim());
    all.iter().find(|(_, words)| words.contains(&word.as_str())).map(|(name, _)| *name)
}

/// The options of a command, as one writes them.
fn listed(command: &Command) -> String {
    let options = command.get_arguments().filter_map(Arg::get_long).filter(|name| !matches!(*name, "help" | "version"));
    options.map(|name| format!("--{name}")).collect::<Vec<_>>().join(", ")
}

/// A word without the dashes before it: word processors make one long dash of two.
fn without_dashes(word: &str) -> &str {
    word.trim_start_matches(['-', '－', 'ー', '‐', '‑', '–', '—', '―', '−'])
}

/// What clap tells of a kind, several things divided by commas; empty where it tells nothing.
fn said(error: &Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(all)) => all.join(", "),
        _ => String::new(),
    }
}

/// The sentence of clap itself; usage and tips come after an empty line.
fn first_lines(error: &Error) -> String {
    let text = error.to_string();
    let lines: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).map(str::trim).collect();
    let line = lines.join(" ");
    line.strip_prefix("error: ").unwrap_or(&line).to_string()
}

/// The command that the words name, as far as they name one, and its name from the top.
fn named<'c>(program: &'c Command, words: &[String]) -> (&'c Command, Vec<&'c str>) {
    let mut command = program;
    let mut names = vec![program.get_name()];
    for word in words {
        let Some(next) = command.find_subcommand(word) else { continue };
        command = next;
        names.push(next.get_name());
    }
    (command, names)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;
    use rstest::rstest;

    use super::super::Cli;
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split(' ').map(str::to_string).collect()
    }

    #[rstest]
    #[case::no_command("--lang en", "kaiin")]
    #[case::command("--lang en count --as-of", "kaiin count")]
    #[case::command_of_a_command("jobs run --colour", "kaiin jobs run")]
    #[case::unknown("recount", "kaiin")]
    fn command_is_named(#[case] line: &str, #[case] expected: &str) {
        assert_eq!(named(&Cli::command(), &words(line)).1.join(" "), expected);
    }

    /// Code and what is asked to have been meant.
    #[rstest]
    #[case::one_dash("count -as-of 2025-12-01", "USE-104", "--as-of")]
    #[case::long_dash("count –as-of 2025-12-01", "USE-104", "--as-of")]
    #[case::full_width_dashes("count －－ａs-of 2025-12-01", "USE-104", "--as-of")]
    #[case::underline("count --as_of 2025-12-01", "USE-104", "--as-of")]
    #[case::with_a_value("count -by=class --as-of 2025-12-01", "USE-104", "--by")]
    #[case::japanese_option("count --基準日 2025-12-01", "USE-104", "--as-of")]
    #[case::letters_missing("count --asof 2025-12-01", "USE-104", "--as-of")]
    #[case::body_without_option("count 浦和 --as-of 2025-12-01", "USE-112", "--association 浦和")]
    #[case::day_without_option("count R7.12.1", "USE-112", "--as-of R7.12.1")]
    #[case::before_the_command("--as-of 2025-12-01", "USE-125", "")]
    #[case::nothing_near("count --colour red --as-of 2025-12-01", "USE-117", "")]
    #[case::swapped_letters("imprt a.csv", "USE-105", "import")]
    #[case::japanese_command("集計", "USE-105", "count")]
    #[case::english_beginning("repo", "USE-105", "report")]
    #[case::no_such_command("給与", "USE-113", "")]
    #[case::no_such_command_below("jobs 給与", "USE-113", "")]
    #[case::one_of_several_missing("account add hanako --role reader", "USE-126", "")]
    #[case::one_of_several_and_another_missing("account add hanako", "USE-101", "")]
    #[case::audit_of_no_kind("audit withdrawls", "USE-102", "withdrawals")]
    fn what_was_meant_is_asked(#[case] line: &str, #[case] code: &str, #[case] meant: &str) {
        let words = words(line);
        let error = Cli::command().try_get_matches_from(std::iter::once("kaiin".to_string()).chain(words.clone()));
        let failure = failure(&error.expect_err("the arguments are wrong"), Cli::command(), &words);
        let detail = &failure.details[0];
        assert_eq!((detail.code, detail.meant.as_deref().unwrap_or_default()), (code, meant), "{detail:?}");
    }

    #[rstest]
    #[case::day("count --as-of R7.2.30", Some("WHY-001"))]
    #[case::month("series --from R7.13 --to R7.14", Some("WHY-002"))]
    #[case::only_a_month("count --as-of 2025-12", Some("USE-114"))]
    #[case::words("count --as-of soon", None)]
    fn why_it_is_no_date_is_told(#[case] line: &str, #[case] code: Option<&str>) {
        let words = words(line);
        let error = Cli::command().try_get_matches_from(std::iter::once("kaiin".to_string()).chain(words.clone()));
        let failure = failure(&error.expect_err("the arguments are wrong"), Cli::command(), &words);
        assert_eq!((failure.code, failure.details.first().map(|detail| detail.code)), ("QRY-006", code));
    }
}
