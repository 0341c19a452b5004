//! The frame of `--help` in Japanese: headings, defaults and values that clap would write in English.
//!
//! What a command or an argument is for stands beside its definition; this file only knows the words around it.

use clap::{Arg, Command};

const TEMPLATE: &str = "{before-help}{about-with-newline}\n使い方: {usage}\n\n{all-args}{after-help}";

/// The command with Japanese words around its help.
pub(super) fn japanese(mut command: Command) -> Command {
    // Only then are the arguments of every command, and those of clap itself, there to be spoken of.
    command.build();
    framed(command)
}

fn framed(command: Command) -> Command {
    let mut command =
        command.mut_args(argument).mut_subcommands(framed).subcommand_help_heading("命令").help_template(TEMPLATE);
    let usage = command.render_usage().to_string();
    let words = [("Usage: ", ""), ("[OPTIONS]", "[指定]"), ("[COMMAND]", "[命令]"), ("<COMMAND>", "<命令>")];
    let usage = words.into_iter().fold(usage, |usage, (en, ja)| usage.replace(en, ja));
    let command = command.override_usage(usage.trim_end().to_string());
    if command.get_name() == "help" {
        command.about("この説明か、一つの命令の説明を出す")
    } else {
        command
    }
}

fn argument(arg: Arg) -> Arg {
    let heading = match (arg.is_positional(), arg.is_global_set()) {
        (true, _) => "引数",
        (false, true) => "どの命令にも付く指定",
        (false, false) => "指定",
    };
    let arg = match arg.get_id().as_str() {
        "help" => arg.help("説明を出す").long_help(None::<&str>),
        "version" => arg.help("版を出す"),
        _ => arg,
    };
    let name = arg.get_value_names().and_then(|names| value_name(names.first()?));
    let arg = match name {
        Some(name) => arg.value_name(name),
        None => arg,
    };
    // clap would list positions by their names.
    let arg = match arg.get_index() {
        Some(index) => arg.display_order(index),
        None => arg,
    };
    values(arg).help_heading(heading).hide_default_value(true).hide_possible_values(true)
}

/// What stands for a value, in Japanese.
fn value_name(name: &str) -> Option<&'static str> {
    let names = [
        ("BACKUP", "控え"),
        ("BODY", "医師会"),
        ("CLASS", "区分"),
        ("CODE", "コード"),
        ("CODE|NAME", "コードか名称"),
        ("CODES", "コード"),
        ("DATE", "日付"),
        ("DIR", "フォルダ"),
        ("EACH", "階層"),
        ("FIELD", "項目=見出し"),
        ("FILE", "ファイル"),
        ("FILE.csv", "ファイル.csv"),
        ("FORMAT", "形式"),
        ("FROM", "月"),
        ("INSTANT", "時刻"),
        ("JOB", "仕事"),
        ("KEYS", "項目"),
        ("KIND", "種類"),
        ("LANG", "言語"),
        ("LOGIN", "ログイン名"),
        ("MAP", "地図"),
        ("MONTH", "月"),
        ("N", "数"),
        ("NAME", "名前"),
        ("PERIOD", "月"),
        ("ROLE", "役割"),
        ("SHELL", "シェル"),
        ("STORE", "台帳"),
        ("TEXT", "文"),
        ("TIER", "階層"),
        ("TO", "月"),
        ("VARIANT", "種類"),
    ];
    names.into_iter().find(|(known, _)| *known == name).map(|(_, word)| word)
}

/// Puts the values that an argument takes, and the one it has by default, behind its help.
fn values(arg: Arg) -> Arg {
    let about = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let takes_values = arg.get_action().takes_values();
    let values = if takes_values { arg.get_possible_values() } else { Vec::new() };
    let explained = values.iter().any(|value| value.get_help().is_some());
    let mut out = about;
    if explained {
        for value in &values {
            let help = value.get_help().map(ToString::to_string).unwrap_or_default();
            out.push_str(&format!("\n  {}  {help}", value.get_name()));
        }
    } else if !values.is_empty() {
        let names: Vec<&str> = values.iter().map(clap::builder::PossibleValue::get_name).collect();
        out.push_str(&format!("［{}］", names.join(", ")));
    }
    let defaults: Vec<String> =
        arg.get_default_values().iter().map(|text| text.to_string_lossy().into_owned()).collect();
    if takes_values && !defaults.is_empty() {
        out.push_str(&format!("（省略時 {}）", defaults.join(",")));
    }
    arg.help(out)
}
