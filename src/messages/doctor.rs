//! The catalogue of what `kaiin doctor` says. What is in order has no remedy.

use super::entry::{Entry, catalogue};

catalogue! { DOCTOR
    "DOC-001" { "{} に誤りはありません" / "" / "{} is sound" / "" }
    "DOC-002" { "設定ファイルはありません。既定の設定で動きます（{}）" / "" / "there is no file of settings; the defaults hold ({})" / "" }
    "DOC-003" { "ほかの行は、既定の設定で見ています" / "" / "the other lines were looked at with the defaults" / "" }
    "DOC-010" { "付属の定義（帳票と会議資料 {} 件）に誤りはありません" / "" / "the shipped definitions are sound ({} reports and packs)" / "" }
    "DOC-011" { "帳票と会議資料の定義 {0} 件に誤りはありません（手元の定義 {1}）" / "" / "{0} reports and packs are sound (own definitions in {1})" / "" }
    "DOC-012" { "設定を読めないので、付属の定義だけを見ました" / "設定の行を直してから、もう一度 kaiin doctor を実行してください" / "only the shipped definitions were looked at: the settings cannot be read" / "mend the line of the settings and run kaiin doctor again" }
    "DOC-020" { "{} に書き込めます" / "" / "{} can be written" / "" }
    "DOC-021" { "{} に書き込めます。読めるのは、kaiin を動かす利用者だけです" / "" / "{} can be written; only the account that runs kaiin can read it" / "" }
    "DOC-022" { "{} に書き込めます。読めるのは、kaiin を動かす利用者とそのグループだけです" / "" / "{} can be written; only the account that runs kaiin and its group can read it" / "" }
    "DOC-023" { "{} は、ほかの利用者にも読めます（氏名などを含みます）" / "フォルダの持ち主が chmod 700（グループにも読ませるなら 750）で閉じてください" / "others can read {}, which holds names of people" / "let its owner close it with chmod 700 (750 to let the group read)" }
    "DOC-024" { "データフォルダがありません（{}）" / "--data の指定を確かめるか、初めてなら kaiin init で作ってください" / "there is no data folder ({})" / "check --data, or make it with kaiin init" }
    "DOC-025" { "{} は、フォルダではないか、途中にファイルがあります" / "--data にフォルダを指定するか、そのファイルを別の場所へ移してください" / "{} is no folder, or lies below a file" / "give a folder with --data, or move that file away" }
    "DOC-026" { "{0} に書き込めません（{1}）" / "kaiin を動かす利用者が書き込めるようにしてください" / "{0} cannot be written ({1})" / "let the account that runs kaiin write it" }
    "DOC-027" { "{0} を見られません（{1}）" / "kaiin を動かす利用者が開けるようにしてください" / "{0} cannot be looked at ({1})" / "let the account that runs kaiin open it" }
    "DOC-030" { "空きは {1} です（{0}、目安 {2}）" / "" / "{1} are free ({0}; {2} are enough)" / "" }
    "DOC-031" { "空きが {1} しかありません（{0}、目安 {2}）" / "そのディスクに、目安より多くの空きを作ってください" / "only {1} are free ({0}; {2} are enough)" / "make more room than that on this disk" }
    "DOC-032" { "空きがほとんどありません（{0}、{1}、目安 {2}）" / "そのディスクに、目安より多くの空きを作ってください" / "there is hardly any room ({0}, {1}; {2} are enough)" / "make more room than that on this disk" }
    "DOC-033" { "空きを調べられません（{0}、{1}）" / "そのディスクがつながっているかを確かめてください" / "the room on a disk cannot be told ({0}, {1})" / "check that the disk is there" }
    "DOC-040" { "{}（日本時間）" / "" / "{} in Japan" / "" }
    "DOC-041" { "KAIIN_NOW で {}（日本時間）に止めてあります" / "" / "held still by KAIIN_NOW at {} in Japan" / "" }
    "DOC-042" { "時計は {0}（日本時間）ですが、{1} の記録がすでにあります" / "この機械の時計を合わせてください" / "the clock says {0} in Japan, yet there is a record of {1}" / "set the clock of this machine" }
    "DOC-043" { "時計が {}（日本時間）を指しています" / "この機械の時計を合わせてください" / "the clock says {} in Japan" / "set the clock of this machine" }
    "DOC-050" { "日付と予定は、いつも日本時間（Asia/Tokyo）です。この機械も {} です" / "" / "days and schedules are those of Asia/Tokyo; this machine is at {} too" / "" }
    "DOC-051" { "日付と予定は、いつも日本時間（Asia/Tokyo）です。この機械は {} ですが、数字も予定も変わりません" / "" / "days and schedules are those of Asia/Tokyo; that this machine is at {} changes nothing" / "" }
    "DOC-060" { "{0}（取込み {1} 件、スキーマ {2}）" / "" / "{0} (imports: {1}, schema {2})" / "" }
    "DOC-061" { "ファイルの傷みは見つかりません（中身まで確かめるのは kaiin verify です）" / "" / "no damage to the file was found (kaiin verify proves what stands in it)" / "" }
    "DOC-062" { "大きいので、ファイルの傷みは {} 秒だけ見て、見つかりませんでした（終わりまで確かめるのは kaiin verify です）" / "" / "no damage to the file was found in {} seconds; it is too large to be looked at as a whole (kaiin verify does that)" / "" }
    "DOC-063" { "ファイルの傷みはサーバーが見ます（中身を確かめるのは kaiin verify です）" / "" / "the server looks after its files (kaiin verify proves what stands in them)" / "" }
    "DOC-064" { "台帳はまだありません（{}）" / "--data と KAIIN_STORE_URL（設定の store.url）を確かめるか、初めてなら kaiin import で医師会マスタと会員一覧を取り込んでください" / "there is no store yet ({})" / "check --data and KAIIN_STORE_URL (store.url), or take in the master and an export with kaiin import" }
    "DOC-065" { "最新の出力 {0} から {1} 日たっています" / "新しい会員一覧を出力し、受け取り口に置くか kaiin import で取り込んでください" / "the newest export, {0}, is {1} days old" / "take in a newer export of members, through the inbox or with kaiin import" }
    "DOC-066" { "会員一覧の出力がまだありません" / "会員一覧を出力し、受け取り口に置くか kaiin import で取り込んでください" / "there is no export of members yet" / "take in an export of members, through the inbox or with kaiin import" }
    "DOC-067" { "最新の出力は {} です" / "" / "the newest export is that of {}" / "" }
    "DOC-068" { "台帳は、前の版の kaiin のままです" / "書き込める利用者で kaiin store status を一度実行し、この版に合わせてください" / "the store is that of an older kaiin" / "run kaiin store status once as somebody who may write, which brings it up to date" }
    "DOC-070" { "次は {0}（日本時間）に {1} の資料を作ります" / "" / "the papers of {1} are made next, at {0} in Japan" / "" }
    "DOC-071" { "出力を待っている期間があります（{}）" / "kaiin jobs list で理由を確かめ、出力を取り込むか kaiin jobs release で作ってください" / "periods wait for an export ({})" / "see kaiin jobs list, and take in the export or use kaiin jobs release" }
    "DOC-072" { "一部の資料を作れなかった期間があります（{}）" / "kaiin jobs list で理由を確かめて直してください（次の鐘で作ります）" / "some papers of periods could not be made ({})" / "see kaiin jobs list and mend the reason; the next ring makes them" }
    "DOC-073" { "資料を作れなかった期間があります（{}）" / "kaiin jobs list で理由を確かめて直してください（次の鐘で作ります）" / "periods failed ({})" / "see kaiin jobs list and mend the reason; the next ring makes them" }
    "DOC-074" { "時間を過ぎても作られていない期間があります（{}）" / "kaiin serve が動いているかを確かめてください（一度だけ行うなら kaiin jobs tick）" / "periods are not made although their time has come ({})" / "check that kaiin serve runs, or run kaiin jobs tick once" }
    "DOC-075" { "作り直しを待っている期間があります（要改定: {}）" / "kaiin jobs list で確かめ、kaiin jobs rerun で作り直してください" / "periods are to be revised ({})" / "see kaiin jobs list, and make them once more with kaiin jobs rerun" }
    "DOC-076" { "設定を読めないので、予定は分かりません" / "設定の行を直してから、もう一度 kaiin doctor を実行してください" / "the schedule is not known: the settings cannot be read" / "mend the line of the settings and run kaiin doctor again" }
    "DOC-077" { "台帳を読めないので、期間ごとの状態は見ていません" / "台帳の行を直してから、もう一度 kaiin doctor を実行してください" / "the periods were not looked at: the store cannot be read" / "mend the line of the store and run kaiin doctor again" }
    "DOC-078" { "人を待っている仕事があります（{}）" / "kaiin jobs list で、承認か答えを待っているものを確かめてください" / "jobs wait for a person ({})" / "see kaiin jobs list for what waits for an approval or an answer" }
    "DOC-079" { "終えられなかった仕事があります（{}）" / "kaiin jobs list で理由を確かめて直してください（間をおいて、もう一度行います）" / "jobs could not be finished ({})" / "see kaiin jobs list for the reason and mend it; they are tried again after a while" }
    "DOC-080" { "{} に、待っているファイルはありません" / "" / "no file waits in {}" / "" }
    "DOC-081" { "{0} のファイル {1} 件は、次の鐘で取り込みます" / "" / "files of {0} that the next ring takes in: {1}" / "" }
    "DOC-082" { "{} はまだありません。kaiin serve が最初の鐘で作ります" / "" / "{} is not there yet; the first ring of kaiin serve makes it" / "" }
    "DOC-083" { "{0} のファイル {1} 件が、1日を過ぎても取り込まれていません" / "kaiin serve が動いているかを確かめてください（一度だけ行うなら kaiin jobs tick）" / "files that lie in {0} for more than a day: {1}" / "check that kaiin serve runs, or run kaiin jobs tick once" }
    "DOC-084" { "{0} のファイル {1} 件が、答えを待っています" / "横にある理由の文を読み、kaiin import で答えてください" / "files of {0} that wait for an answer: {1}" / "read the text beside each, and answer with kaiin import" }
    "DOC-085" { "{0} を受け取り口として読めません（{1}）" / "その場所をフォルダにし、kaiin を動かす利用者が読み書きできるようにしてください" / "{0} cannot be read as an inbox ({1})" / "make it a folder that the account which runs kaiin can read and write" }
    "DOC-090" { "書体 {0} 点を読めました。{1} 人の氏名は、すべて印字できます" / "" / "{0} fonts can be read; they have all characters of the names of {1} people" / "" }
    "DOC-091" { "書体 {} 点を読めました" / "" / "{} fonts can be read" / "" }
    "DOC-092" { "氏名に、どの書体にもない文字が {0} 種類あります（{1} の郡市区等医師会）。〓 で印字します" / "kaiin reports copy gaiji で外字の表を手元に写して代わりの文字を書くか、MAMISで正しい漢字に直してください" / "names have {0} characters that no font has (local bodies: {1}); they are printed as 〓" / "name others in gaiji.toml (kaiin reports copy gaiji), or mend them at the source" }
    "DOC-093" { "書体 {} 点を読めました。台帳を読めないので、氏名の文字は見ていません" / "台帳の行を直してから、もう一度 kaiin doctor を実行してください" / "{} fonts can be read; names were not looked at: the store cannot be read" / "mend the line of the store and run kaiin doctor again" }
    "DOC-094" { "書体 {0} 点を読めました。見たのは {1} 人の氏名までで、すべて印字できます（それより多いので打ち切りました）" / "" / "{0} fonts can be read; they have all characters of the names of {1} people, and there was no time for more" / "" }
    "DOC-095" { "氏名に、どの書体にもない文字が少なくとも {0} 種類あります（{1} 以上の郡市区等医師会）。〓 で印字します" / "kaiin reports copy gaiji で外字の表を手元に写して代わりの文字を書くか、MAMISで正しい漢字に直してください" / "names have at least {0} characters that no font has (local bodies: at least {1}); they are printed as 〓" / "name others in gaiji.toml (kaiin reports copy gaiji), or mend them at the source" }
    "DOC-096" { "組み込みの書体 {0} 点のうち {1} 点しか読めません" / "kaiin を入れ直してください" / "of {0} fonts only {1} can be read" / "install kaiin anew" }
    "DOC-100" { "外字の表 gaiji.toml の {} 文字に、代わりの文字があります" / "" / "gaiji.toml names what is printed for {} characters" / "" }
    "DOC-110" { "{0} に接続し、{1} としてログインできました。送り主は {2} です（何も送っていません）" / "" / "{0} was reached and lets {1} in; mails are from {2} (nothing was sent)" / "" }
    "DOC-111" { "{0} に接続できました（ログインなし）。送り主は {1} です（何も送っていません）" / "" / "{0} was reached (no login); mails are from {1} (nothing was sent)" / "" }
    "DOC-112" { "メールサーバー {0} を使えません（{1}）" / "設定の [mail] の server、port、security、user とパスワードを、サーバーの管理者の案内と照らし合わせてください" / "the mail server {0} cannot be used ({1})" / "compare server, port, security, user of [mail] and the password with what its administrator says" }
    "DOC-113" { "メールのパスワードのファイル（{}）は、ほかの利用者にも読めます" / "ファイルの持ち主が chmod 600 で閉じてください" / "others can read the file with the password for mails ({})" / "let its owner close it with chmod 600" }
    "DOC-120" { "控えは作れていますが、古い控えを消せていません（{}）" / "kaiin jobs list でどのフォルダかを確かめ、消せるようにするか、手で消してください" / "backups are made, and older ones cannot be removed ({})" / "see kaiin jobs list for the folder, and let it be removed or remove it by hand" }
}
