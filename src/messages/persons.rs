//! What is said on the pages of a person, of one's own account and of the ledger of opened pages, when something cannot be shown.

use super::entry::{Entry, catalogue};

catalogue! { PERSONS
    "WEB-060" { "だれをさがすかが書かれていません" / "医籍登録番号か、氏名・カナのはじめの文字を書いてください" / "it does not say who is looked for" / "write a registration number, or how the name or its kana begins" }
    "WEB-061" { "このアカウントで見られる範囲に、その会員の記録はありません" / "医籍登録番号か氏名を確かめてください。範囲の外に記録があるかどうかは、ここでは分かりません" / "there is no such person in what this account may see" / "check the number or the name; whether there is a record elsewhere is not told here" }
    "WEB-062" { "さがす文字が長すぎます" / "医籍登録番号か、氏名・カナのはじめの数文字にしてください" / "what is looked for is too long" / "write a registration number, or how the name or its kana begins" }
    "WEB-063" { "日付として読めません" / "令和7年12月1日、R7.12.1、2025-12-01、昨日 のように書くか、空欄にしてください" / "it cannot be read as a day" / "write 2025-12-01 or R7.12.1, or leave it empty" }
    "WEB-064" { "その頁はありません" / "1 から始まる数を書くか、空欄にしてください" / "there is no such page" / "give a number that begins with 1, or leave it empty" }
}
