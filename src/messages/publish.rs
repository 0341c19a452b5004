//! Texts about papers on their way to recipients.

use super::entry::{Entry, catalogue};

catalogue! { PUBLISH
    "PUB-001" { "誰が行うかが書かれていません" / "--by に氏名を書いてください（台帳に残ります）" / "nobody is named who does this" / "name yourself with --by; the ledger keeps it" }
    "PUB-002" { "第{}回の配布はありません" / "kaiin publish list で番号を確かめてください" / "there is no distribution {}" / "kaiin publish list shows the numbers" }
    "PUB-003" { "同じ基準日の第{}回が、まだ終わっていません" / "kaiin publish status {} で確かめ、配り終えるか、kaiin publish withdraw {} --reason \"理由\" で取りやめてから、もう一度実行してください" / "distribution {} of the same as-of day is not finished" / "see kaiin publish status {}, then finish it, or withdraw it with kaiin publish withdraw {} --reason TEXT" }
    "PUB-004" { "配るものがありません（作れなかった帳票 {} 件）" / "どの配布先も、同じ内容の帳票をすでに受け取っています。設定の [distribution] と配布先の表を確かめてください" / "there is nothing to send (papers that could not be made: {})" / "every recipient has the same papers already; check [distribution] in the settings and the file of recipients" }
    "PUB-005" { "配布の内容を記したファイルが、作ったときと違います（{}）" / "この配布は取りやめました。kaiin publish prepare で作り直し、もう一度承認を受けてください" / "the file that says what goes to whom is other than it was made ({})" / "the distribution was withdrawn; prepare it once more and have it approved again" }
    "PUB-006" { "配るファイルが、作ったときと違います（{}）" / "この配布は取りやめました。誰が書き換えたかを確かめ、kaiin publish prepare で作り直してください" / "a file that would leave is other than it was made ({})" / "the distribution was withdrawn; find out who changed it, and prepare it once more" }
    "PUB-007" { "作った後に、配布先か送付状が変わりました（{}）" / "この配布は取りやめました。kaiin publish prepare で作り直し、もう一度承認を受けてください" / "recipients or words of the letter changed after it was made ({})" / "the distribution was withdrawn; prepare it once more and have it approved again" }
    "PUB-008" { "ほかの医師会のことが書かれています（{}）" / "配っていません。帳票の定義を確かめてください。直らないときは、開発元に知らせてください" / "a paper tells of another body ({})" / "it was not sent; check the definition of the report, or tell the makers" }
    "PUB-009" { "配るファイルを開いて確かめられません（{}）" / "配っていません。ファイルが壊れていないか確かめ、kaiin publish prepare で作り直してください" / "a file that would leave cannot be opened and proved ({})" / "it was not sent; look whether the file is damaged, and prepare the distribution once more" }
    "PUB-010" { "配布先の表に「{}」の列がありません" / "見出しの行に 医師会コード、宛名、担当、開始日、終了日 を書いてください（医師会コードのほかは、なくてもかまいません）" / "the file of recipients has no column {}" / "its headings are 医師会コード, 宛名, 担当, 開始日, 終了日; all but the first may be missing" }
    "PUB-011" { "「{}」というコードの郡市区等医師会はありません" / "医師会マスタのコードを書いてください" / "no local body has the code {}" / "write a code of the master" }
    "PUB-012" { "日付として読めないか、終わりが始まりより前です（{}）" / "R7.4.1 や 2025-04-01 のように書いてください" / "this is no date, or it ends before it begins ({})" / "write R7.4.1 or 2025-04-01" }
    "PUB-013" { "同じ医師会の行が、同じ日に二つあります（{}行目にも）" / "終わった方に終了日を書くか、どちらかの行を消してください" / "two rows of one body hold on the same day (also row {})" / "end one of them, or remove it" }
    "PUB-014" { "第{}回は、承認を待っていません" / "kaiin publish status {} で、承認済みか取りやめかを確かめてください" / "distribution {} does not wait to be approved" / "see kaiin publish status {}" }
    "PUB-015" { "作った人（{}）は承認できません" / "別の人が、内容を見てから承認してください" / "who made it ({}) cannot approve it" / "let another person look at it and approve it" }
    "PUB-016" { "理由が書かれていません" / "--reason に理由を書いてください（台帳に残ります）" / "no reason is given" / "write it with --reason; the ledger keeps it" }
    "PUB-017" { "第{}回は、すでに取りやめになっています" / "配るには、kaiin publish prepare で作り直してください" / "distribution {} was withdrawn already" / "prepare it once more to send it" }
    "PUB-018" { "第{}回は、承認されていないか、取りやめになっています" / "承認されていなければ kaiin publish approve {} --by 氏名、取りやめになっていれば kaiin publish prepare で作り直してください" / "distribution {} is not approved, or was withdrawn" / "have it approved with kaiin publish approve {} --by NAME, or prepare it once more" }
    "PUB-019" { "配った数の控えを読めません（{}）" / "何を配ったかを確かめてから、kaiin publish confirm --by 氏名 --reason \"確かめたこと\" で配布を再開してください" / "the mark of what has left cannot be read ({})" / "look what recipients have, then let sending go on with kaiin publish confirm --by NAME --reason TEXT" }
    "PUB-020" { "台帳が、配ったものをすべては知りません（台帳 {} 控え）。前の控えから戻した台帳のようです" / "二重に配らないよう、配布を止めています。配布先のフォルダを見て、何が届いているかを確かめてから、kaiin publish confirm --by 氏名 --reason \"確かめたこと\" で再開してください" / "the store does not know all that has left ({}): it seems to have been restored" / "sending has stopped, so that nothing leaves twice; look what recipients have, then go on with kaiin publish confirm --by NAME --reason TEXT" }
    "PUB-021" { "「{}」に、届いたかどうか不明のものはありません" / "kaiin publish status で確かめてください" / "nothing of {} is uncertain" / "see kaiin publish status" }
    "PUB-022" { "届いたかどうか分かりません（{}）" / "配布先に確かめ、届いていれば kaiin publish settle 番号 医師会 --arrived、いなければ --not-arrived を、--by と --reason を付けて実行してください" / "nobody can say whether it arrived ({})" / "ask the recipient, then run kaiin publish settle NUMBER BODY --arrived or --not-arrived with --by and --reason" }
    "PUB-023" { "台帳にない配布物が、もうそこにあります（{}）" / "中を見て、この配布のものなら kaiin publish settle 番号 医師会 --arrived、別のものなら場所を移して --not-arrived を、--by と --reason を付けて実行してください" / "something is there already that the ledger does not know ({})" / "look into it: run kaiin publish settle NUMBER BODY --arrived where it is this one, else move it away and say --not-arrived; with --by and --reason" }
    "PUB-024" { "配布は、まだ一度も作っていません（{}）" / "kaiin publish prepare --as-of 基準日 --by 氏名 で作ってください（例 --as-of 2025-12-31）" / "no distribution was made yet ({})" / "make one with kaiin publish prepare --as-of DATE --by NAME" }
    "PUB-040" { "第{}回の配布が、台帳の連鎖に記録したときのままではありません" / "台帳が書き換えられたか、前の版の kaiin が作った配布です。配布を止めています。kaiin verify で確かめ、kaiin publish withdraw 番号 で取りやめて、kaiin publish prepare からやり直してください" / "distribution {} is not what the chain of the ledger says" / "somebody has written into the ledger, or an older kaiin has made it; nothing is sent. See kaiin verify, withdraw it with kaiin publish withdraw NUMBER and prepare it again" }
}
