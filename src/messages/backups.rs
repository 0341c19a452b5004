//! The catalogue of what can go wrong with backups.

use super::entry::{Entry, catalogue};

catalogue! { BACKUPS
    "BAK-001" { "控えを置くフォルダがありません（{}）" / "外付けのディスクや共有フォルダがつながっているか確かめてください。新しい場所なら、先にフォルダを作ってください。何も作っていません" / "there is no folder {} to put the backup in" / "see whether the disk or share is connected; make the folder first if the place is new; nothing was made" }
    "BAK-002" { "控えを置くフォルダが、データフォルダの中です（{}）" / "別のディスクのフォルダを指定してください。同じ場所の控えは、元と一緒に失われます" / "{} lies in the data folder" / "give a folder on another disk: a backup in the same place is lost with what it is of" }
    "BAK-003" { "空き容量が足りません（{}）" / "空きを作るか、別の場所を指定してください（kaiin backup --dry-run で要る容量が分かります。--rehearse は TMPDIR の場所を使います）。途中までのものは消しました" / "there is no room ({})" / "make room or give another place (kaiin backup --dry-run tells how much is needed; --rehearse uses the place of TMPDIR); what was written was removed" }
    "BAK-004" { "読めないものがあります（{}）" / "Excel などで開いていれば閉じ、読む権限を確かめて、もう一度実行してください" / "something cannot be read ({})" / "close it in Excel or elsewhere, see that it may be read, and run the command again" }
    "BAK-005" { "控えのフォルダではないか、backup.json がありません（{}）" / "kaiin backup が作った kaiin-backup_… のフォルダを指定してください。backup.json が消えた控えは使えません" / "{} is no folder of a backup, or its backup.json is missing" / "give a folder kaiin-backup_… that kaiin backup has made; a backup without its backup.json is of no use" }
    "BAK-006" { "控えの目録が、書いたときのままではありません（{}）" / "この控えは使わず、別の控えで試してください。ディスクの故障か、誰かが変えたおそれがあります" / "the manifest of the backup is not what was written ({})" / "do not use this backup, try another; a disk may be failing, or somebody changed it" }
    "BAK-007" { "控えは、より新しい版の kaiin で作られています（{}）" / "その版か、より新しい kaiin を使ってください。何も変えていません" / "the backup was made by a newer kaiin ({})" / "use that version or a newer one; nothing was changed" }
    "BAK-008" { "控えにあるはずのファイルがありません（{}）" / "この控えは使わず、別の控えで試してください" / "a file of the backup is missing ({})" / "do not use this backup, try another" }
    "BAK-009" { "控えのファイルが、書いたときのままではありません（{0}、{1}）" / "この控えは使わず、別の控えで試してください。ディスクの故障か、誰かが変えたおそれがあります" / "a file of the backup is not what was written ({0}, {1})" / "do not use this backup, try another; a disk may be failing, or somebody changed it" }
    "BAK-010" { "控えのファイルが、別のファイルと入れ替わっています（{0} の中身は {1}）" / "この控えは使わず、別の控えで試してください" / "another file of the backup lies in the place of this one ({0} holds {1})" / "do not use this backup, try another" }
    "BAK-011" { "控えに、後から加えられたファイルがあります（{}）" / "覚えのあるものなら、控えの外へ移してください。なければ、誰が加えたか確かめてください" / "a file was added to the backup ({})" / "move it elsewhere if you know it; else find out who added it" }
    "BAK-012" { "控えのファイルが読めません（{}）" / "読む権限のある利用者で実行してください。ディスクの故障なら、別の控えで試してください" / "a file of the backup cannot be read ({})" / "run the command as a user who may read it; if the disk fails, try another backup" }
    "BAK-013" { "控えたときと、質問の答えが違います（基準日 / 知識時点: {}）" / "この控えから戻しても同じ数字になりません。使わずに、この行を添えて開発者に知らせてください" / "a question has another answer than when the backup was made (as of / known at: {})" / "figures from this backup would differ: do not use it, and report this line to the developers" }
    "BAK-014" { "戻した台帳が、控えたときの台帳と違います（{}）" / "この控えは使わず、別の控えで試してください" / "the restored store is not the one that was backed up ({})" / "do not use this backup, try another" }
    "BAK-015" { "戻す先のフォルダに、すでに何かあります（{}）" / "ないフォルダか空のフォルダを指定してください。今のデータフォルダに上書きして戻すことはできません（先に名前を変えて取っておいてください）" / "{} holds something already" / "give a folder that is not there or empty; a data folder in use is not written over: rename it first and keep it" }
    "BAK-016" { "このデータフォルダは控えから戻したもので、まだ誰も確かめていません（{}）" / "控えの後に配ったもの・取り込んだものを確かめ、kaiin restore --confirm --reason \"理由\" と記録してください。それまで、外へは何も送りません" / "this data folder was restored from a backup, and nobody has confirmed it yet ({})" / "find out what was handed out and taken in after the backup, then kaiin restore --confirm --reason TEXT; nothing is sent until then" }
    "BAK-017" { "確かめるべき印がありません（{}）" / "控えから戻したデータフォルダを --data で指定してください。すでに確かめたのなら、することはありません" / "{} carries no mark to be confirmed" / "give the restored data folder with --data; if it was confirmed already there is nothing to do" }
    "BAK-018" { "ファイルでないため、控えに入らないものがあります（{}）" / "リンク切れや、名前を読めないものです。要るものなら、ふつうのファイルにして、もう一度控えてください" / "something is no file and is not in the backup ({})" / "a broken link or a name that cannot be read; if you need it, make it a plain file and back up again" }
    "BAK-019" { "控えから戻したデータを読めません（{}）" / "この控えは使わず、別の控えで試してください。設定や定義の誤りなら、元を直して控え直してください" / "what was restored cannot be read ({})" / "do not use this backup, try another; if settings or definitions are wrong, mend them and back up again" }
    "BAK-020" { "戻したものを、その場所に置けません（{}）" / "親のフォルダに書き込めるか確かめ、ディスクそのものではなく、その中のないフォルダを指定してください。戻したものは消しました" / "what was restored cannot be put in place ({})" / "see that the folder above may be written, and give a folder that is not there rather than a disk itself; what was restored was removed" }
    "BAK-021" { "データフォルダの外にある帳票 {} 件は、控えに入っていません" / "要るものなら、そのフォルダを --with で指定してください（例 kaiin backup 場所 --with output）" / "{} papers that lie outside of the data folder are not in the backup" / "name their folder with --with if you need them, as in kaiin backup TO --with output" }
    "BAK-022" { "--with のフォルダがありません（{}）" / "名前と場所を確かめてください。何も作っていません" / "there is no folder {} to back up with --with" / "check its name and place; nothing was made" }
}
