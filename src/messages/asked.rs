//! What is said of a question that cannot be answered as it was asked, field by field, and of an answer that is looked up again.

use super::entry::{Entry, catalogue};

catalogue! { ASKED
    "ASK-001" { "基準日「{0}」は日付として読めません" / "令和7年12月1日、R7.12.1、2025-12-01、12月1日、今日、前月末、今年度末、前年同月 のように書いてください" / "\"{0}\" is not a day" / "write 2025-12-01, R7.12.1, 令和7年12月1日, 今日, 前月末 or 今年度末" }
    "ASK-002" { "時点「{0}」は日付として読めません" / "空欄にすると最新の時点です。日を指定するなら 令和7年12月31日、R7.12.31、2025-12-31 のように書いてください" / "\"{0}\" is not a day to know from" / "leave it empty for the newest, or write 2025-12-31 or R7.12.31" }
    "ASK-003" { "時点 {0} は、まだ来ていない日です（今日は {1}）" / "今日までの日を書くか、空欄にしてください。基準日と時点を逆に書いていないかも確かめてください" / "{0} has not come yet (today is {1})" / "give a day up to today, or none; the two dates may have been swapped" }
    "ASK-004" { "時点 {0} には、まだ何も取り込まれていません（最初の出力は {1}）" / "{1} 以後の日を書くか、空欄にしてください" / "nothing was known on {0} (the first export is of {1})" / "give {1} or a later day, or none" }
    "ASK-005" { "時点 {0} は、最新の資料（{1}）より後です" / "{1} までの日を書くか、空欄にして最新の時点で答えてください" / "{0} is after the newest file ({1})" / "give a day up to {1}, or none for the newest" }
    "ASK-006" { "時点は三つまで並べられます（{0} 個書かれています）" / "三つまでに減らしてください" / "up to three days can stand beside each other ({0} are given)" / "leave some out" }
    "ASK-007" { "時点 {0} が二度書かれています" / "一つを消してください" / "{0} is given twice" / "leave one of them out" }
    "ASK-010" { "「{0}」という階層はありません" / "郡市区等、都道府県、日医 から選んでください" / "\"{0}\" is no tier" / "choose local, prefectural or national" }
    "ASK-011" { "都道府県「{0}」は、医師会マスタにありません" / "埼玉県 のような名称か、11 のようなコードで書いてください" / "the prefecture \"{0}\" is not in the master" / "give its name or its code, such as 11" }
    "ASK-012" { "医師会「{0}」は、医師会マスタにありません" / "名称、別名か、11-001 のようなコードで書いてください" / "the association \"{0}\" is not in the master" / "give its name, an alias or its code, such as 11-001" }
    "ASK-013" { "「{0}」に当たる医師会が二つ以上あります" / "コードで書くか、階層か都道府県を選んでください" / "several associations are called \"{0}\"" / "give its code, or choose a tier" }
    "ASK-014" { "「{0}」という会員区分はありません" / "一覧から選んでください" / "\"{0}\" is no class" / "choose one of the list" }
    "ASK-015" { "「{0}」では内訳を出せません" / "一覧から選んでください" / "\"{0}\" is no breakdown" / "choose one of the list" }
    "ASK-016" { "{0} の階層は {1} で、選ばれた階層（{2}）と合いません" / "階層を空欄にするか、その階層の医師会を書いてください" / "{0} is of the tier {1}, not of {2}" / "leave the tier out, or give an association of that tier" }
    "ASK-017" { "{0} は、選ばれた都道府県（{1}）の医師会ではありません" / "都道府県を空欄にするか、その都道府県の医師会を書いてください" / "{0} is not of the prefecture {1}" / "leave the prefecture out, or give an association of it" }
    "ASK-018" { "「{0}」は、この頁の項目ではありません" / "アドレスのつづりを確かめるか、下の欄で尋ね直してください" / "\"{0}\" is no field of this page" / "check how the address is spelled, or ask with the fields below" }
    "ASK-019" { "「{0}」が二度書かれています" / "アドレスから一つを消すか、下の欄で尋ね直してください" / "\"{0}\" is given twice" / "leave one of them out of the address, or ask with the fields below" }
    "ASK-020" { "お使いのアカウントでは、この範囲の数を見られません" / "見られる医師会か都道府県を選んでください。ほかの範囲が要るときは、管理の担当者に申し出てください" / "your account does not show the figures of this area" / "choose an area of yours, or ask whoever manages the accounts" }
    "ASK-021" { "お使いのアカウントでは、この内訳や区分を見られません（人数だけを見るアカウントのため）" / "内訳は都道府県か医師会にし、会員区分は空欄にしてください" / "your account shows numbers only, and not this breakdown or class" / "break down by prefecture or association, and leave the class out" }
    "ASK-022" { "どの範囲の数かが書かれていません" / "医師会か都道府県を書いてください" / "it does not say which area is meant" / "give an association or a prefecture" }
    "ASK-023" { "頁「{0}」はありません" / "1 から始まる数を書いてください" / "there is no page \"{0}\"" / "give a number that begins with 1" }
    "ASK-030" { "その日の会員を伝える出力がありません（{0}）" / "右の日（出力で分かる最初の日）以後の基準日を書いてください" / "no export tells of the members of that day ({0})" / "give a day that is not before the second one" }
    "ASK-031" { "{0} の会員は、この時点までのどの出力にも現れません" / "その医師会の会員一覧を取り込むか、後の時点にしてください" / "no export up to then tells of any member of {0}" / "take in its member list, or choose a later day to know from" }
    "ASK-032" { "会員一覧がまだ取り込まれていません" / "会員一覧を取り込んでから、もう一度尋ねてください" / "no member export was taken in yet" / "take one in, and ask again" }
    "ASK-040" { "このリンクが作られた後に、{0} までの資料が変わりました（当時の台帳 {1}、今の台帳 {2}）。下の答えは、今の台帳によるものです" / "当時の数が要るときは、そのとき出した CSV か資料を見てください" / "files up to {0} have changed since this link was made (head {1} then, {2} now); the answer below is that of now" / "look at the files of that time for the figures of then" }
    "ASK-041" { "答えの番号 {0} は、この答えのものです" / "" / "the answer number {0} is that of this answer" / "" }
    "ASK-042" { "答えの番号 {0} は、この答えのものではありません（この答えの番号は {1}）" / "問い、時点、数のどれかが違います。番号を控えた頁の「この答えのリンク」を開いてください" / "the answer number {0} is not that of this answer, which is {1}" / "the question, the day to know from or a figure is another one; open the pinned link of that answer" }
    "ASK-050" { "人数だけを見るアカウントでは、{0} の数を見られません" / "基準日は、月末か12月1日（最初の出力から最新の資料まで）にしてください（近い日は {1}）。空欄にすると、いちばん新しい日です" / "an account for numbers only may not ask about {0}" / "ask about the end of a month or 1 December between the first export and the newest file (near it: {1}); leave it empty for the newest" }
    "ASK-051" { "人数だけを見るアカウントでは、時点 {0} を選べません" / "時点は空欄（最新、いまは {1}）にしてください" / "an account for numbers only may not choose to know from {0}" / "leave it empty: the newest, which is {1}" }
    "WHY-030" { "{0}0年はありません（元年から始まります）" / "" / "there is no year 0 of {0}" / "" }
    "WHY-031" { "去年、今年、来年のどれにも {0}月{1}日はありません" / "" / "neither this year nor those beside it have a day {1} of month {0}" / "" }
}
