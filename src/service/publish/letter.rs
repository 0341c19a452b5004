//! The letter that lies beside the papers of a recipient (送付状).

use anyhow::{Context, Result};
use chrono::NaiveDate;

use super::manifest::{Addressed, DistributionManifest};
use crate::domain::document::{Block, ReportDocument, Section};
use crate::domain::gaiji::Gaiji;
use crate::domain::japanese_date::era_date;
use crate::domain::letter::Letter;
use crate::render::pdf;
use crate::render::printable::printable;

/// Its name in the folder of a recipient.
pub const LETTER: &str = "送付状.pdf";

/// The letter to a recipient: the same bytes whenever it is made of the same manifest.
///
/// # Errors
/// When it cannot be printed.
pub(super) fn letter(of: &DistributionManifest, to: &Addressed, gaiji: &Gaiji) -> Result<Vec<u8>> {
    let issued_on: NaiveDate = of.issued_on.parse().context("the day of a letter")?;
    let as_of: NaiveDate = of.as_of.parse().context("the as-of day of a letter")?;
    let titles: Vec<&str> = to.papers.iter().map(|paper| paper.title.as_str()).collect();
    let is_correction = to.papers.iter().any(|paper| paper.has_edition.is_some());
    let what = format!("{}（{}現在）", titles.join("、"), era_date(as_of));
    let subject = if is_correction {
        format!("{what}の訂正版の送付について")
    } else {
        format!("{what}の送付について")
    };
    let mut body = of.letter.clone();
    if is_correction {
        body.push(
            "先にお送りしたものは、この訂正版に差し替えてください。変わったところは、末尾の正誤表のとおりです。".into(),
        );
    }
    let letter = Letter {
        number: String::new(),
        date: era_date(issued_on),
        to: to.to.clone(),
        from: vec![of.issuer.clone()],
        without_seal: false,
        subject,
        body,
        points: points(to),
        after: of.contact.clone(),
    };
    let section = Section {
        id: "letter".into(),
        title: String::new(),
        mark: String::new(),
        basis: Vec::new(),
        new_page: true,
        blocks: vec![Block::Letter(letter)],
    };
    let document = ReportDocument {
        id: "letter".into(),
        title: "送付状".into(),
        issuer: of.issuer.clone(),
        issued_on,
        handling: String::new(),
        foot_text: of.issuer.clone(),
        draft: false,
        cover: None,
        sections: vec![section],
        colophon: Vec::new(),
        dates: None,
        numbering: None,
        gaiji: gaiji.clone(),
    };
    let printed = printable(&document, gaiji).document;
    Ok(pdf::render(&printed).context("rendering a letter")?.bytes)
}

/// Each paper with its edition, its pages and its files.
fn points(to: &Addressed) -> Vec<String> {
    let mut out = Vec::new();
    for paper in &to.papers {
        let edition = match paper.has_edition {
            Some(before) => format!("（第{}版。第{before}版に代わるもの）", paper.edition),
            None if paper.edition > 1 => format!("（第{}版）", paper.edition),
            None => String::new(),
        };
        let pages = if paper.n_pages > 0 { format!("　{}頁", paper.n_pages) } else { String::new() };
        out.push(format!("{}{edition}{pages}", paper.title));
        let names: Vec<&str> = paper.files.iter().map(|file| file.name.as_str()).collect();
        out.push(format!("　ファイル：{}", names.join("、")));
    }
    out
}
