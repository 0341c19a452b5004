//! The answer as the page shows it.

use super::table::TableView;
use crate::domain::cell::LabelledText;
use crate::domain::day_words::in_both_calendars;
use crate::domain::printed_number::thousands;
use crate::messages::Lang;
use crate::service::asked::{Answer, AskedText, PersonPages};
use crate::web::nav::PERSON;

/// Something that is said before the answer.
pub(super) struct NoticeView {
    pub(super) text: String,
    pub(super) remedy: String,
    pub(super) code: &'static str,
}

/// A link to a page of the list.
pub(super) struct PageLink {
    pub(super) label: String,
    /// `None` for the page that is shown.
    pub(super) href: Option<String>,
}

/// The list of persons.
pub(super) struct PersonsView {
    pub(super) table: TableView,
    /// Which rows are shown, of how many.
    pub(super) said: String,
    pub(super) pages: Vec<PageLink>,
}

/// The answer.
pub(super) struct AnswerView {
    pub(super) sentences: Vec<String>,
    pub(super) firmness: &'static str,
    pub(super) notices: Vec<NoticeView>,
    pub(super) facts: Vec<LabelledText>,
    pub(super) remarks: Vec<String>,
    pub(super) compared: Option<TableView>,
    pub(super) changes: TableView,
    pub(super) breakdown: Option<TableView>,
    pub(super) mamis_sentence: String,
    pub(super) mamis: Option<TableView>,
    pub(super) persons: Option<PersonsView>,
    pub(super) csv: String,
    pub(super) xlsx: String,
    pub(super) pinned: String,
    /// Whether the same answer can be had once something else is known (not by those who see numbers only).
    pub(super) is_kept: bool,
    pub(super) newest: String,
    pub(super) known_at: String,
    pub(super) number: String,
}

impl AnswerView {
    pub(super) fn of(answer: &Answer, path: &str) -> Self {
        let pinned = &answer.links.pinned;
        let notices = answer.notices.iter().map(|notice| NoticeView {
            text: notice.text(Lang::Ja),
            remedy: notice.remedy(Lang::Ja),
            code: notice.code,
        });
        let known = answer.known_at;
        let hrefs = answer.person_keys.iter().map(|key| format!("{PERSON}?key={key}&known={known}"));
        Self {
            sentences: answer.sentences.clone(),
            firmness: answer.firmness,
            notices: notices.collect(),
            facts: answer.facts.clone(),
            remarks: answer.remarks.clone(),
            compared: answer.compared.as_ref().map(TableView::of),
            changes: TableView::of(&answer.changes),
            breakdown: answer.breakdown.as_ref().map(TableView::of),
            mamis_sentence: answer.mamis_sentence.clone(),
            mamis: answer.mamis.as_ref().map(TableView::of),
            persons: answer.persons.as_ref().map(|(table, pages)| PersonsView {
                table: TableView::of(table).linked(table, "name", hrefs),
                said: said(*pages),
                pages: page_links(*pages, pinned, path),
            }),
            csv: format!("{path}.csv?{pinned}"),
            xlsx: format!("{path}.xlsx?{pinned}"),
            is_kept: answer.persons.is_some(),
            pinned: format!("{path}?{pinned}"),
            newest: format!("{path}?{}", answer.links.newest),
            known_at: in_both_calendars(answer.known_at),
            number: answer.number.clone(),
        }
    }
}

fn said(pages: PersonPages) -> String {
    let of = |n: usize| thousands(i64::try_from(n).unwrap_or(i64::MAX));
    match pages.shown {
        n if n == pages.total => format!("全 {} 行を示しています。", of(pages.total)),
        n => format!(
            "全 {} 行のうち {} 行目から {} 行目まで。CSV と Excel には全部が入ります。",
            of(pages.total),
            of(pages.from + 1),
            of(pages.from + n)
        ),
    }
}

/// Links to the first, the last and the neighbouring pages.
fn page_links(pages: PersonPages, pinned: &str, path: &str) -> Vec<PageLink> {
    let last = pages.n_pages();
    if last == 1 {
        return Vec::new();
    }
    let near = (1..=last).filter(|page| *page == 1 || *page == last || page.abs_diff(pages.page) <= 2);
    let link = |page: usize| {
        let text = AskedText::of_query(pinned).on_page(page);
        let href = (page != pages.page).then(|| format!("{path}?{}#persons", text.query()));
        PageLink { label: page.to_string(), href }
    };
    near.map(link).collect()
}
