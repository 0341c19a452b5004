//! What changed, in three sentences: how many there are, what came and went, and what is known to come.

use anyhow::{Context, Result};

use super::context::PaperContext;
use crate::domain::as_of::is_month_end;
use crate::domain::association::Tier;
use crate::domain::comparison::{Comparison, NowAndBefore};
use crate::domain::document::Block;
use crate::domain::japanese_date::era_month;
use crate::domain::printed_number::thousands;
use crate::service::audit::of_paper;
use crate::service::known::flows::roll_forwards;

/// The sentences that open a paper about the members of local bodies; nothing where it is about none.
///
/// # Errors
/// When the timeline cannot be read.
pub(super) fn sentences(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    if !paper.has_bodies_of(Tier::Local) {
        return Ok(Vec::new());
    }
    let mut text = members(paper)?;
    // Of another day than a month end the movements of the month do not make the change.
    if is_month_end(paper.as_of.0) && paper.covers(Tier::Local, paper.opened_on(), |_| true) {
        text += &movements(paper)?;
    }
    let n_planned = of_paper::planned(&paper.ask())?.len();
    if n_planned > 0 {
        text += &format!("退会日が基準日以後の会員が {n_planned} 人おり、退会日までは会員として数えている。");
    }
    Ok(vec![Block::Paragraph(text)])
}

fn members(paper: &PaperContext<'_>) -> Result<String> {
    let earlier = paper.earlier(Comparison::Month);
    let counts = paper.figures()?.series(&[earlier, paper.as_of.0])?;
    let total = |nth: usize| {
        let counts = counts.get(nth).context("each day has its counts")?;
        anyhow::Ok(counts.memberships(&paper.vintage.associations, Tier::Local))
    };
    let (before, now) = (total(0)?, total(1)?);
    let before = paper.covers(Tier::Local, earlier, |_| true).then_some(before);
    let ending = NowAndBefore { now, before }.ending(Comparison::Month, paper.as_of);
    Ok(format!("郡市区等の会員数は {} 人{ending}", thousands(now)))
}

fn movements(paper: &PaperContext<'_>) -> Result<String> {
    let found = roll_forwards(paper.vintage, &[paper.opened_on(), paper.period.to])?;
    let found = found.first().context("two days have one period between them")?;
    let row = found.sum(&paper.vintage.associations, |body| body.tier == Tier::Local && paper.keeps(body));
    let (entries, exits) = (thousands(row.entries()), thousands(row.exits()));
    Ok(format!("{}の入会・転入は {entries} 人、退会・転出・死亡は {exits} 人である。", era_month(paper.period.from)))
}
