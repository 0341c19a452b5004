//! What a file for the archive says of itself, and its bookmarks.

use chrono::{Datelike, NaiveDate};
use krilla::destination::XyzDestination;
use krilla::geom::Point;
use krilla::metadata::{DateTime, Metadata, PageLayout};
use krilla::outline::{Outline, OutlineNode};

use super::super::display::{Anchor, Bookmark, Paper};
use crate::domain::document::ReportDocument;

/// A jump leaves this much white space above its target.
const AIR_ABOVE_TARGET: f32 = 4.0;

/// Title, issuer, language and the day of issue; no clock is asked.
pub(super) fn metadata(document: &ReportDocument) -> Metadata {
    Metadata::new()
        .title(document.title.clone())
        .authors(vec![document.issuer.clone()])
        .description(document.foot_text.clone())
        .creator("kaiin".into())
        .producer("kaiin (krilla)".into())
        .language("ja-JP".into())
        .creation_date(tokyo_midnight(document.issued_on))
        .page_layout(PageLayout::SinglePage)
        // Else papers of one title and issuer, of whatever month and body, would pass for versions of one document.
        .document_id(format!("{} {}", document.id, document.foot_text))
}

/// Papers are dated in Tokyo, which is nine hours ahead all year.
fn tokyo_midnight(date: NaiveDate) -> DateTime {
    let small = |n: u32| u8::try_from(n).unwrap_or(u8::MAX);
    let day = DateTime::new(u16::try_from(date.year()).unwrap_or(0)).month(small(date.month())).day(small(date.day()));
    day.hour(0).minute(0).second(0).utc_offset_hour(9)
}

/// The tree of bookmarks.
pub(super) fn outline(paper: &Paper) -> Outline {
    let mut outline = Outline::new();
    paper.bookmarks.iter().filter_map(|bookmark| node(bookmark, paper)).for_each(|node| outline.push_child(node));
    outline
}

/// Nothing for one that leads nowhere: krilla panics over it.
fn node(bookmark: &Bookmark, paper: &Paper) -> Option<OutlineNode> {
    let mut node = OutlineNode::new(bookmark.title.clone(), destination(bookmark.anchor, AIR_ABOVE_TARGET, paper)?);
    bookmark.children.iter().filter_map(|child| self::node(child, paper)).for_each(|child| node.push_child(child));
    Some(node)
}

/// A place on a page, with some white space above it; `None` where there is no such page.
pub(super) fn destination(anchor: Anchor, air: f32, paper: &Paper) -> Option<XyzDestination> {
    paper.pages.get(anchor.page)?;
    Some(XyzDestination::new(anchor.page, Point::from_xy(0.0, (anchor.y - air).max(0.0))))
}
