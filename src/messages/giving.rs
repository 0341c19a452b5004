//! What the pages say about files that are given (画面で渡すファイル).

use super::entry::{Entry, catalogue};

catalogue! { GIVING
    "WEB-020" { "このアカウントでは、ファイルを渡せません" / "ファイルには、すべての医師会の会員の名簿が入っています。渡せるのは、役割が作成で、すべての医師会のすべての階層と名簿を見られるアカウントです。必要なときは、管理の担当者に頼んでください" / "this account may not give files" / "files hold the members of all bodies: it takes a maker who sees all bodies and tiers, with persons. Ask whoever keeps the accounts if you need it" }
    "WEB-021" { "ファイルが選ばれていません" / "「ファイル」の欄で選ぶか、その上にファイルを落としてから、もう一度送ってください" / "no file was chosen" / "choose one, or drop one onto the field, and send it again" }
    "WEB-022" { "ファイルが大きすぎます（一度に {} MBまで）" / "何も受け取っていません。ファイルを分けて渡してください。一つで超えるときは、受け取り口のフォルダに置くか、管理の担当者に頼んで上限（[web] upload_mb）を上げてください" / "this is too large (at most {} MB at once)" / "nothing was received; give the files one by one. For a single one, use the inbox, or ask whoever keeps the server to raise [web] upload_mb" }
    "WEB-023" { "送っている途中で切れました" / "何も受け取っていません。通信を確かめて、もう一度渡してください" / "the upload was cut off" / "nothing was received; look at the connection and give it again" }
    "WEB-024" { "ファイルが多すぎます（一度に {} 個まで）" / "何も受け取っていません。分けて渡してください" / "these are too many files (at most {} at once)" / "nothing was received; give them in parts" }
    "WEB-025" { "取り込むかどうか決めていないファイルが多すぎます（{}）" / "「渡したファイル」を開いて決めてから、もう一度渡してください。今のものは受け取っていません" / "too many files wait for a decision ({})" / "decide about those given before, then give this again; it was not received" }
    "WEB-026" { "その渡したファイルは、もうありません" / "渡してから7日たつと消えます。「ファイルを渡す」から、もう一度渡してください" / "the file that was given is not there any more" / "files that were given go after seven days; give it again" }
    "WEB-027" { "理由が空です" / "なぜ取り込む（取り消す）のかを書いてください。書いたことは記録に残ります" / "the reason is empty" / "say why; it is recorded" }
    "WEB-028" { "理由が長すぎます（{} 文字）" / "200文字以内にしてください" / "the reason is too long ({} letters)" / "use at most 200 letters" }
    "WEB-029" { "確かめた後で、ほかのファイルが取り込まれたか、取り消されました。このファイルは、まだ取り込んでいません" / "下は、今のもので確かめ直した結果です。もう一度決めてください" / "something else was taken in or taken back meanwhile; this file was not taken in" / "what is shown was worked out anew; decide once more" }
    "WEB-030" { "確かめたときと中身が違うファイルです。取り込んでいません" / "もう一度渡してください" / "the file is not the one that was looked at, and was not taken in" / "give it again" }
    "WEB-031" { "出力日を読めません（{}）" / "R7.12.31、令和7年12月31日、2025-12-31 のように書いてください" / "this is no day ({})" / "write it as 2025-12-31 or R7.12.31" }
    "WEB-032" { "この問いには、もう答えが出ています（{}）" / "することはありません。違っていたら、取り込んだものの一覧から取り消せます" / "this question was answered already ({})" / "nothing to do; what was taken in can be taken back" }
    "WEB-033" { "取り込まないことになりました（画面で答えた人: {}）" / "することはありません。取り込むことになったら、もう一度渡してください。いらなければ消してください" / "somebody said that this is not to be taken in ({})" / "nothing to do; give it again if it is needed after all, or remove it" }
    "WEB-034" { "ほかの取込みなどが、台帳に書き込んでいるところです。まだ何も取り込んでいません" / "少し待ってから、もう一度押してください。渡したファイルは、そのまま残っています" / "something else is being written; nothing was taken in yet" / "wait a little and press once more; the files are still there" }
    "WEB-035" { "見ている間に、ほかの取込みか取消しがありました。取り消していません" / "下は、今のもので調べ直した結果です。もう一度決めてください" / "something else was taken in or taken back meanwhile; nothing was taken back" / "what is shown was worked out anew; decide once more" }
    "WEB-036" { "その取込みはありません" / "取り込んだものの一覧から開き直してください" / "there is no such import" / "open it from the list of imports" }
    "WEB-037" { "送るのに時間がかかりすぎました" / "何も受け取っていません。通信を確かめて、もう一度渡してください。大きなファイルは、受け取り口のフォルダに置くこともできます" / "sending took too long" / "nothing was received; look at the connection and give it again, or use the inbox" }
    "WEB-038" { "先に {} を片付けてください" / "それを取り込むか、取り込まないと決めると、このファイルを確かめます" / "{} comes first" / "once it is taken in or declined, this file is looked at" }
    "WEB-055" { "どの列にも、読み方が選ばれていません" / "表の「読み方」で、その列が何かを選んでください。どの列でもなければ、ファイルを見直してください" / "nothing is said of any column" / "choose what a column is; if it is none of them, look at the file" }
    "WEB-056" { "二つの列に、同じ読み方が選ばれています（{}）" / "どちらか一つにしてください" / "two columns would be the same field ({})" / "leave it to one of them" }
    "WEB-070" { "どの調整を書くかが選ばれていません" / "「調整」の画面から選び直してください" / "it does not say which adjustment is written" / "choose it on the page of adjustments" }
    "WEB-071" { "その調整は、もう今の調整にありません（{}）" / "ほかの人が取り消したか、ファイルで書き直しています。「調整」の画面を開き直してください" / "this adjustment holds no longer ({})" / "somebody has taken it back, or a file says it anew; open the page of adjustments once more" }
    "WEB-072" { "{} の調整には、記録を消した人のものがあるので、同じ日のファイルを画面からは書けません" / "翌日に書くか、調整のファイルを渡してください" / "the adjustments of {} tell of somebody whose record was removed; a file of the same day cannot be written on a page" / "write it on the next day, or give a file of adjustments" }
    "WEB-073" { "書かれていません" / "この欄は要ります" / "nothing is written here" / "this field is needed" }
}
