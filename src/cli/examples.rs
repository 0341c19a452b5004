//! An example for each command, below its help. A test proves that the program takes each of them.

use clap::Command;

use crate::messages::Lang;

/// Commands by their names from the top, and lines as one types them.
const EXAMPLES: [(&str, &[&str]); 67] = [
    ("demo", &["kaiin demo"]),
    ("init", &["kaiin init", "kaiin --data /srv/kaiin init --systemd --out ."]),
    ("completion", &["kaiin completion bash"]),
    ("man", &["kaiin man --out man1"]),
    (
        "import",
        &[
            "kaiin import associations.csv members_2025-12-31.csv",
            "kaiin import --explain-layout members_2025-12-31.csv",
        ],
    ),
    ("count", &["kaiin count --as-of 2025-12-01 --by 医師会,区分", "kaiin count --as-of R7.12.1 --association 浦和"]),
    ("series", &["kaiin series --from 2025-04 --to 2025-12 --by 階層"]),
    (
        "movements",
        &[
            "kaiin movements --from 2025-12 --by 医師会",
            "kaiin movements --from 2025-04-01 --to 2025-12-31 --prefecture 埼玉県",
        ],
    ),
    ("explain", &["kaiin explain 浦和 --as-of 2025-12-31", "kaiin explain 浦和 --as-of 2025-12-31 --class A①"]),
    (
        "audit",
        &["kaiin audit 退会 --from 2025-12-01 --to 2025-12-31", "kaiin audit 異動 --format xlsx --out 異動の監査.xlsx"],
    ),
    (
        "report",
        &[
            "kaiin report 会員数報告 --as-of 2025-12-31",
            "kaiin report member-counts --as-of 2025-12-31 --association 浦和 --format pdf,xlsx",
            "kaiin report 会員統計月報 --as-of 2025-12-31 --archive",
        ],
    ),
    ("reports", &["kaiin reports list", "kaiin reports copy 用語表"]),
    ("reports list", &["kaiin reports list"]),
    ("reports check", &["kaiin reports check"]),
    ("reports show", &["kaiin reports show member-counts"]),
    ("reports copy", &["kaiin reports copy", "kaiin reports copy 会員数報告"]),
    ("layouts", &["kaiin layouts list", "kaiin layouts add-heading 郡市区等入会日=入会年月日"]),
    ("layouts list", &["kaiin layouts list", "kaiin layouts list mamis-members-wide"]),
    (
        "layouts add-heading",
        &[
            "kaiin layouts add-heading 郡市区等入会日=入会年月日",
            "kaiin layouts add-heading 医籍登録番号=会員番号 --layout mamis-members-wide",
        ],
    ),
    ("snapshot", &["kaiin snapshot take --as-of 2025-12-01"]),
    ("snapshot take", &["kaiin snapshot take --as-of 2025-12-01"]),
    ("snapshot list", &["kaiin snapshot list"]),
    ("snapshot verify", &["kaiin snapshot verify"]),
    ("snapshot diff", &["kaiin snapshot diff 2025-11-30 2025-12-31 --out 違い.csv"]),
    ("meeting", &["kaiin meeting new 郡市医師会長会議 --on 2026-01-22"]),
    ("meeting new", &["kaiin meeting new 郡市医師会長会議 --on 2026-01-22", "kaiin meeting new 臨時総会 --on R8.3.1"]),
    ("meeting check", &["kaiin meeting check meetings/2026-01-22_郡市医師会長会議"]),
    ("meeting build", &["kaiin meeting build meetings/2026-01-22_郡市医師会長会議 --as-of 2025-12-31"]),
    ("verify", &["kaiin verify", "kaiin verify --json"]),
    ("doctor", &["kaiin doctor", "kaiin doctor --json"]),
    ("backup", &["kaiin backup /mnt/控え", "kaiin backup /mnt/控え --dry-run", "kaiin backup /mnt/控え --with output"]),
    (
        "restore",
        &[
            "kaiin restore /mnt/控え/kaiin-backup_2026-01-05_203000 --rehearse",
            "kaiin restore /mnt/控え/kaiin-backup_2026-01-05_203000 --into kaiin-data-restored",
            "kaiin restore --confirm --data kaiin-data-restored --reason 控えの後に配った資料を確かめたため",
        ],
    ),
    (
        "account",
        &["kaiin account add y.suzuki --name 鈴木 --role reader --prefecture 埼玉県 --persons", "kaiin account list"],
    ),
    (
        "account add",
        &[
            "kaiin account add y.suzuki --name 鈴木 --role reader --prefecture 埼玉県 --persons",
            "kaiin account add h.sato --role 承認 --everywhere",
        ],
    ),
    ("account disable", &["kaiin account disable y.suzuki"]),
    ("account reset", &["kaiin account reset y.suzuki", "kaiin account reset y.suzuki --enable"]),
    ("account lend", &["kaiin account lend y.suzuki --prefecture 東京都 --until 2026-03-31"]),
    ("account list", &["kaiin account list"]),
    ("web", &["kaiin web"]),
    ("purge", &["kaiin purge", "kaiin purge --confirm --reason 規程の保存年限を過ぎたため", "kaiin purge --list"]),
    ("synth", &["kaiin synth --out world --physicians 3000 --prefectures 11,13 --from 2025-01 --to 2025-12"]),
    ("store", &["kaiin store status"]),
    ("store status", &["kaiin store status"]),
    ("store copy", &["kaiin store copy --from sqlite --to postgres"]),
    ("timeline", &["kaiin timeline export --out export"]),
    ("timeline export", &["kaiin timeline export --out export", "kaiin timeline export --out export --all --replace"]),
    ("publish", &["kaiin publish prepare --as-of 2025-12-31 --by 作成者"]),
    (
        "publish prepare",
        &[
            "kaiin publish prepare --as-of 2025-12-31 --by 作成者",
            "kaiin publish prepare --as-of R7.12.31 --issued-on R8.1.10 --by 作成者",
        ],
    ),
    ("publish show", &["kaiin publish show", "kaiin publish show 1"]),
    ("publish approve", &["kaiin publish approve 1 --by 承認者"]),
    ("publish send", &["kaiin publish send 1"]),
    ("publish list", &["kaiin publish list"]),
    ("publish status", &["kaiin publish status", "kaiin publish status 1"]),
    ("publish withdraw", &["kaiin publish withdraw 1 --reason 配布先の見直し"]),
    (
        "publish settle",
        &[
            "kaiin publish settle 1 11-002 --arrived --by 担当者 --reason 電話で確認",
            "kaiin publish settle 1 11-002 --bounced --by 担当者 --reason 宛先不明で戻った",
        ],
    ),
    ("publish confirm", &["kaiin publish confirm --by 事務局長 --reason 配布先のフォルダを確認"]),
    (
        "incident",
        &[
            "kaiin incident 届いたファイル.pdf",
            "kaiin incident 001_浦和医師会",
            "kaiin incident members_2025-12-31.csv",
        ],
    ),
    ("serve", &["kaiin serve"]),
    ("jobs", &["kaiin jobs list", "kaiin jobs run monthly-papers 2025-12"]),
    ("jobs list", &["kaiin jobs list"]),
    ("jobs next", &["kaiin jobs next"]),
    ("jobs run", &["kaiin jobs run monthly-papers 2025-12"]),
    ("jobs rerun", &["kaiin jobs rerun 2025-12 --reason 退会届が遅れて届いたため"]),
    ("jobs release", &["kaiin jobs release 2025-12 --reason 出力を待たずに配るため"]),
    ("jobs move-here", &["kaiin jobs move-here --reason サーバーを取り替えたため"]),
    ("jobs tick", &["kaiin jobs tick --now 2026-01-05T06:00:00+09:00"]),
    ("jobs backfill", &["kaiin jobs backfill monthly-papers --from 2025-04 --to 2025-12"]),
];

/// The command and all below it with their examples.
pub(super) fn with_examples(command: Command, lang: Lang) -> Command {
    below(command, "", lang)
}

fn below(command: Command, name: &str, lang: Lang) -> Command {
    let command = match EXAMPLES.iter().find(|(known, _)| *known == name) {
        Some((_, lines)) => {
            let head = if lang == Lang::Ja { "例:" } else { "Examples:" };
            let lines: Vec<String> = lines.iter().map(|line| format!("  {line}")).collect();
            command.after_help(format!("{head}\n{}", lines.join("\n")))
        }
        None => command,
    };
    let parent = name.to_string();
    command.mut_subcommands(move |one| {
        let name = format!("{parent} {}", one.get_name()).trim().to_string();
        below(one, &name, lang)
    })
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::*;
    use crate::cli::Cli;

    #[test]
    fn every_example_is_taken_by_the_program() {
        for line in EXAMPLES.iter().flat_map(|(_, lines)| *lines) {
            assert!(Cli::try_parse_from(line.split(' ')).is_ok(), "{line}");
        }
    }

    #[test]
    fn every_command_has_an_example() {
        fn names(command: &Command, above: &str, out: &mut Vec<String>) {
            for one in command.get_subcommands() {
                let name = format!("{above} {}", one.get_name()).trim().to_string();
                names(one, &name, out);
                out.push(name);
            }
        }
        let mut all = Vec::new();
        names(&Cli::command(), "", &mut all);
        for name in all {
            assert!(EXAMPLES.iter().any(|(known, _)| *known == name), "kaiin {name} has no example");
        }
    }
}
