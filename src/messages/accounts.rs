//! Texts about accounts of the pages, and what the pages say when something cannot be shown.

use super::entry::{Entry, catalogue};

catalogue! { ACCOUNTS
    "ACC-001" { "そのログイン名は、もう使われています（{}）" / "別のログイン名にするか、kaiin account list で確かめてください。パスワードを忘れたときは kaiin account reset です" / "there is an account with this login already ({})" / "choose another login, or look at kaiin account list; for a forgotten password use kaiin account reset" }
    "ACC-002" { "そのログイン名のアカウントはありません（{}）" / "kaiin account list で、ログイン名を確かめてください" / "there is no account with this login ({})" / "look at kaiin account list" }
    "ACC-003" { "ログイン名に使えない文字があるか、長さが合いません（{}）" / "半角の英小文字・数字・「.」「_」「-」で、2文字以上40文字以内にしてください（例 y.suzuki）" / "this is no login ({})" / "use 2 to 40 small letters, digits and . _ -, such as y.suzuki" }
    "ACC-004" { "パスワードが短すぎます" / "12文字以上にしてください。空白や日本語も使えます。言葉をいくつか並べると、覚えやすく破られにくくなります" / "the password is too short" / "use at least 12 characters; blanks and Japanese may be used. A few words in a row are easy to remember and hard to guess" }
    "ACC-005" { "パスワードが、ログイン名か氏名と同じです" / "ほかのものにしてください" / "the password is the login or the name of the account" / "choose another one" }
    "ACC-006" { "都道府県や医師会のアカウントには、日本医師会の階層を付けられません" / "--tiers から national を除くか、--everywhere にしてください" / "an account of a prefecture or an association cannot see the national tier" / "leave national out of --tiers, or use --everywhere" }
    "ACC-007" { "そのアカウントは止めてあります（{}）" / "また使えるようにするなら、kaiin account reset に --enable を付けてください" / "the account is disabled ({})" / "to let it be used again, add --enable to kaiin account reset" }
    "ACC-008" { "取決めの最後の日が過ぎています（{}）" / "今日か、それより後の日付にしてください" / "the last day of the arrangement is over ({})" / "give today or a later day" }
    "ACC-009" { "標準入力にパスワードがありません" / "--password-stdin を付けたときは、パスワードを一行目に渡してください" / "standard input holds no password" / "with --password-stdin, hand over the password on the first line" }
    "ACC-010" { "パスワードが長すぎます" / "256文字以内にしてください" / "the password is too long" / "use at most 256 characters" }
    "ACC-011" { "新しいパスワードが、今のものと同じです" / "今までに使っていないものにしてください" / "the new password is the present one" / "choose another one" }
    "ACC-012" { "二つの新しいパスワードが違います" / "同じものを二度入れてください" / "the two new passwords differ" / "write the same one twice" }
    "ACC-013" { "今のパスワードが違います" / "今のパスワードを入れ直してください" / "the present password is wrong" / "write the present password again" }
    "ACC-014" { "認証アプリの番号が違うか、もう使った番号です" / "アプリに次の番号が出たら、変わらないうちに入れてください（一つの番号は一度だけ使えます）。何度入れても違うときは、スマートフォンの時計が合っているか確かめてください" / "the code of the app is wrong, or was used already" / "write the next code that the app shows (each can be used once); if it goes on, see whether the clock of the phone is right" }
    "ACC-015" { "二要素認証の設定が途中で終わりました" / "もう一度「設定を始める」から行ってください。前に読み取ったものは、アプリから消してください。何も変わっていません" / "setting up the second factor has ended before its end" / "begin it again, and remove from the app what it read before; nothing was changed" }
    "ACC-016" { "多くの人が使っているパスワードなので、破られやすくなります" / "ほかのものにしてください。つながりのない言葉をいくつか並べると、覚えやすく破られにくくなります" / "many people have this password, and it is tried first" / "choose another one; a few words that have nothing to do with each other are easy to remember and hard to guess" }
    "ACC-017" { "パスワードに「{}」が入っているので、破られやすくなります" / "ログイン名や、kaiin・会員・mamis・ishikai・医師会 の入らないものにしてください" / "{} stands in the password, and is tried first" / "leave out the login and the words kaiin, 会員, mamis, ishikai, 医師会" }
    "ACC-018" { "パスワードが同じ文字や並びの繰返しなので、破られやすくなります" / "繰返しではないものにしてください。つながりのない言葉をいくつか並べると、覚えやすく破られにくくなります" / "the password is one piece again and again, and is tried first" / "choose another one; a few words that have nothing to do with each other are easy to remember and hard to guess" }
    "WEB-001" { "ログイン名かパスワードが違います" / "もう一度入れてください。分からないときは、管理の担当者にパスワードの再設定（kaiin account reset）を頼んでください" / "the login or the password is wrong" / "try again; if you do not know it, ask whoever keeps the accounts for a new one (kaiin account reset)" }
    "WEB-002" { "ログインを試した回数が多すぎます" / "{} 分ほど待ってから、もう一度入れてください" / "too many logins were tried" / "wait for about {} minutes and try again" }
    "WEB-003" { "ログインの時間が終わりました" / "もう一度ログインすると、開こうとした画面に戻ります" / "the session has ended" / "log in again; the page that was asked for follows" }
    "WEB-004" { "この画面の外から送られたか、古い画面から送られたので、受け付けませんでした" / "前の画面に戻って開き直し、もう一度送ってください。何も変わっていません" / "this was sent from elsewhere, or from an old page, and was not accepted" / "go back, open the page anew and send it again; nothing was changed" }
    "WEB-005" { "このアカウントでは、この画面を開けません" / "必要なときは、管理の担当者に頼んでください" / "this account may not open this page" / "ask whoever keeps the accounts if you need it" }
    "WEB-006" { "その画面はありません" / "アドレスを確かめるか、はじめの画面から開いてください" / "there is no such page" / "check the address, or begin at the first page" }
    "WEB-007" { "その画面には、この送り方はできません" / "はじめの画面から開き直してください" / "the page cannot be asked in this way" / "begin at the first page" }
    "WEB-008" { "送られたものが大きすぎます" / "画面から送り直してください。何も変わっていません" / "too much was sent" / "send it from the page again; nothing was changed" }
    "WEB-009" { "時間内に答えられませんでした" / "少し待ってから、もう一度開いてください。続くときは、管理の担当者に知らせてください" / "there was no answer in time" / "wait a little and try again; if it goes on, tell whoever keeps the server" }
    "WEB-010" { "送られたものを読めませんでした" / "画面から送り直してください。何も変わっていません" / "what was sent cannot be read" / "send it from the page again; nothing was changed" }
    "WEB-011" { "画面を見せる場所を使えません（{}）" / "ほかのプログラム（もう一つの kaiin web など）が使っていないか確かめ、設定の [web] address を別のポートにしてください" / "nobody can listen at the address for pages ({})" / "see whether another program (perhaps another kaiin web) uses it, and give [web] address another port" }
    "WEB-012" { "画面を見せる場所が、設定にありません" / "設定の [web] に address = \"127.0.0.1:8080\" のように書いてください（docs/web.md）" / "no setting says where pages are shown" / "write address = \"127.0.0.1:8080\" under [web] in the settings (docs/web.md)" }
    "WEB-013" { "プログラムの誤りで、この画面を作れませんでした" / "管理の担当者に、時刻と開いた画面を知らせてください。何も変わっていません" / "the page could not be made because of a defect" / "tell whoever keeps the server when this was and what was opened; nothing was changed" }
    "WEB-014" { "番号を入れるまでの時間（5分）が過ぎました" / "ログイン名とパスワードから、もう一度入れてください" / "the five minutes for the code are over" / "begin again with the login and the password" }
    "WEB-040" { "その資料はないか、このアカウントでは見られません" / "資料の一覧から開いてください。見る必要があるときは、管理の担当者に頼んでください" / "there is no such paper, or this account may not see it" / "open it from the list of papers; ask whoever keeps the accounts if you need it" }
    "WEB-041" { "資料のファイルが、作ったときと違うので、渡せません" / "事務局に知らせてください。サーバーで kaiin verify を実行すると、どの資料か分かります" / "a file of the paper is other than it was made, and is not handed out" / "tell the office; kaiin verify on the server names the paper" }
    "WEB-042" { "ファイルが大きすぎて、画面からは渡せません（{}）" / "サーバーのフォルダから渡してもらってください" / "the file is too large to be handed out by a page ({})" / "ask the office for it" }
    "WEB-043" { "その配布はないか、このアカウントでは見られません" / "配布の一覧から開いてください。配布先のすべてが、アカウントの範囲に入っている配布だけが見られます" / "there is no such distribution, or this account may not see it" / "open it from the list; only distributions are seen of which all recipients are in the area of the account" }
    "WEB-044" { "この配布では、いま別の作業をしています" / "終わるのを待って、画面を開き直してください" / "something else is being done with this distribution" / "wait for its end and open the page again" }
    "WEB-045" { "見られない医師会も配布先になるので、このアカウントでは作れません" / "すべての医師会を見られる作成のアカウントで作ってください" / "the papers would be for bodies that this account may not see" / "make them with an account that sees all bodies" }
    "WEB-046" { "その日付を読めません（{}）" / "R7.12.31、令和7年12月31日、2025-12-31 のように書いてください" / "this is no date ({})" / "write R7.12.31 or 2025-12-31" }
    "WEB-047" { "どうなっていたかが選ばれていません" / "「届いていた」か「届いていない」を選んでください" / "it is not said what became of it" / "say whether it arrived" }
    "WEB-048" { "この PDF の頁は、画面に出せません" / "PDF を開いて見てください" / "the pages of this PDF cannot be shown" / "open the PDF" }
    "WEB-057" { "ログインの時間が終わりました。書いたものは残してあります" / "もう一度ログインすると、続きから送れます（30分のうち）" / "the session has ended; what was written is kept" / "log in again to send it (within 30 minutes)" }
    "WEB-058" { "送ろうとしたものは、もう残っていません" / "もとの画面を開いて、書き直してください。何も変わっていません" / "what was to be sent is not kept any more" / "open the page anew and write it again; nothing was changed" }
}
