//! Where one can go from every page, and whose account it is.

use super::frame::{Frame, NavEntry, Visitor};
use crate::domain::access::{AccessArea, Need};
use crate::domain::account::Stage;
use crate::domain::prefecture::prefecture_name;
use crate::service::accounts::Entered;

/// Address of the page of a question; the files of its answer stand beside it.
pub(super) const QUESTION: &str = "/question";

/// Address of the page on which files are given; those of what becomes of them stand below it.
pub(super) const FILES: &str = "/files";

/// Address of the page of adjustments; what is written of them stands below it.
pub(super) const ADJUSTMENTS: &str = "/adjustments";

/// Address of the page of meetings; that of one stands below it.
pub(super) const MEETINGS: &str = "/meetings";

/// Address of the page of one person, and of the list of those who were found.
pub(super) const PERSON: &str = "/person";
pub(super) const PERSONS: &str = "/persons";

/// Address of the page of one's own account.
pub(super) const ACCOUNT: &str = "/account";

/// Address of the page on which one's own second factor is set up; what belongs to it stands below it.
pub(super) const FACTOR: &str = "/second-factor";

/// Address of the ledger of opened pages.
pub(super) const OPENED: &str = "/opened";

/// Pages that are told of on every page: address, name, and what the account must be able to do. A test compares them with the
/// routes.
pub(super) const PLACES: &[(&str, &str, Need)] = &[
    ("/", "はじめ", Need::Login),
    (QUESTION, "会員数をたずねる", Need::Numbers),
    (PERSON, "会員ひとりの記録", Need::Persons),
    (FILES, "ファイルを渡す", Need::Make),
    (ADJUSTMENTS, "調整", Need::Make),
    (MEETINGS, "会議", Need::Make),
    ("/papers", "資料", Need::Numbers),
    ("/distributions", "配布", Need::Desk),
    ("/received", "届いた資料", Need::Numbers),
    (OPENED, "開かれたページ", Need::Administer),
    (ACCOUNT, "自分のアカウント", Need::Login),
];

/// The frame of a page for somebody who is logged in.
pub(super) fn frame_of(entered: &Entered, path: &str) -> Frame {
    let account = &entered.account;
    let may = |need: Need| entered.stage == Stage::Ready && account.access.may(need);
    let open = PLACES.iter().filter(|(_, _, need)| may(*need));
    let nav = open.map(|(href, label, _)| NavEntry { href, label, is_here: *href == path }).collect();
    Frame::of(Visitor { name: account.name.clone(), scope: scope(account.access.area()), csrf: entered.csrf(), nav })
}

/// An area in a few words, without asking the store.
fn scope(area: &AccessArea) -> String {
    match area {
        AccessArea::Everywhere => "すべての医師会".into(),
        AccessArea::Prefecture(code) => {
            prefecture_name(code).map_or_else(|| format!("都道府県 {code}"), str::to_string)
        }
        AccessArea::Association(code) => format!("医師会 {code}"),
    }
}
