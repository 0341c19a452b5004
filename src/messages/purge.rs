//! Texts about what is removed because it was kept long enough.

use super::entry::{Entry, catalogue};

catalogue! { PURGE
    "PRG-001" { "保存日数が設定されていないので、何も消しません" / "設定の [retention] に raw_files_days（ファイル）と persons_days（退会した人）を書いてください" / "no setting says how long things are kept, so nothing is removed" / "write raw_files_days (files) and persons_days (those who have left) under [retention] in the settings" }
    "PRG-002" { "消す理由が書かれていません" / "--reason に理由を書いてください（記録に残ります）" / "no reason is given" / "write it with --reason; it is recorded" }
    "PRG-003" { "途中で止まった消去があります（第{}回）" / "kaiin purge --confirm --reason \"理由\" を実行すると、残りを消してから、今日の分を消します" / "a purge was stopped on its way ({})" / "kaiin purge --confirm --reason TEXT finishes it first, then removes what is due today" }
    "PRG-004" { "消すはずのファイルを読めないか、消せません（{}）" / "Excel などで開いていれば閉じ、読み書きの権限を確かめて、もう一度 kaiin purge --confirm を実行してください。残りから続けます" / "a file that is to go cannot be read or removed ({})" / "close it in Excel or elsewhere, see that it may be read and removed, and run kaiin purge --confirm again; it goes on from there" }
    "PRG-005" { "台帳のファイルに、消した人の記録がまだ残っています（{}）" / "ほかの kaiin（serve など）が台帳を読んでいます。終わってから、もう一度 kaiin purge --confirm を実行してください。数字は変わっていません" / "files of the store still hold what was removed ({})" / "another kaiin (such as serve) is reading the store: run kaiin purge --confirm again once it has ended; no figure has changed" }
    "PRG-006" { "退会した人は {} 日で消しますが、その人の載ったファイルはそれより長く残ります" / "設定の [retention] の raw_files_days を、persons_days と同じか短くしてください" / "persons go after {} days, and files that name them stay for longer" / "set raw_files_days under [retention] to no more than persons_days" }
    "PRG-007" { "保存日数より古い、氏名の載っているおそれのあるものが {} 件あります" / "kaiin は消しません。上の一覧の帳票と控えを、事務局で確かめて消してください。データフォルダの外に写したものも、同じように確かめてください" / "{} folders are older than the settings allow and may name persons" / "kaiin does not remove them: look at the papers and backups listed above, and at copies elsewhere, and remove them yourself" }
    "PRG-008" { "この取込みには、すでに記録を消した人が含まれているので、取り消せません（{}）" / "取り消すと、その人の在籍が分からなくなり、数字が狂います。誤りは調整のファイルで直してください" / "the import tells of persons whose names were removed since, and cannot be taken back ({})" / "figures would go wrong, for nobody could be known again; correct them with a file of adjustments" }
    "PRG-009" { "取込みの原本は消去してあります（{}）" / "取り込み直すには、元のファイル（MAMIS の出力など）をもう一度用意してください" / "the file of an import was removed ({})" / "to take it in again, get it anew from where it came from" }
}
