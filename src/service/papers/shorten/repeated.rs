//! Tables that another paper of a pack shows as well.

use std::collections::BTreeMap;

use super::lines::add_lines;
use crate::domain::document::{Block, Section, Table};

/// What several sections show alike, and the section that keeps it.
struct Shown {
    id: String,
    block: Block,
    /// Sections that show it, in reading order.
    sections: Vec<usize>,
    keeper: usize,
}

/// Leaves out tables, grids and charts that another section of a pack shows with the same cells, and says which: the first to
/// show them keeps them, unless a later one would be left without any.
pub(super) fn refer_to_others(sections: &mut [Section]) {
    let mut all = shown(sections);
    for at in 0..sections.len() {
        let kept_by = |all: &[Shown], section: usize| all.iter().filter(|one| one.keeper == section).count();
        if kept_by(&all, at) > 0 {
            continue;
        }
        for one in 0..all.len() {
            let keeper = all[one].keeper;
            if all[one].sections.contains(&at) && kept_by(&all, keeper) > 1 {
                all[one].keeper = at;
            }
        }
    }
    let marks: Vec<String> = sections.iter().map(|section| section.mark.clone()).collect();
    for at in 0..sections.len() {
        let paragraphs: Vec<Vec<Block>> = sections.iter().map(paragraphs).collect();
        let section = &mut sections[at];
        let own = section.id.clone();
        let mut referred: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        let mut kept: Vec<Block> = Vec::with_capacity(section.blocks.len());
        for block in std::mem::take(&mut section.blocks) {
            let elsewhere = named(&block, &own).and_then(|(id, title)| {
                let one = all
                    .iter()
                    .find(|one| one.id == id && one.sections.contains(&at) && shows_same(&one.block, &block))?;
                (one.keeper != at).then_some((one.keeper, title))
            });
            let Some((keeper, title)) = elsewhere else {
                kept.push(block);
                continue;
            };
            // The words before the table went with it.
            if kept.last().is_some_and(|before| paragraphs[keeper].contains(before)) {
                kept.pop();
            }
            referred.entry(keeper).or_default().push(title);
        }
        section.blocks = without_orphans(kept);
        let lines = referred
            .into_iter()
            .map(|(keeper, titles)| format!("{}は、{}のとおり。", titles.join("、"), marks[keeper]));
        add_lines(section, lines.collect());
    }
}

/// Everything that sections show, what is alike together.
fn shown(sections: &[Section]) -> Vec<Shown> {
    let mut all: Vec<Shown> = Vec::new();
    for (at, section) in sections.iter().enumerate() {
        for block in &section.blocks {
            let Some((id, _)) = named(block, &section.id) else { continue };
            match all.iter_mut().find(|one| one.id == id && shows_same(&one.block, block)) {
                Some(one) if one.sections.contains(&at) => {}
                Some(one) => one.sections.push(at),
                None => all.push(Shown { id, block: block.clone(), sections: vec![at], keeper: at }),
            }
        }
    }
    all
}

fn paragraphs(section: &Section) -> Vec<Block> {
    section.blocks.iter().filter(|block| matches!(block, Block::Paragraph(_))).cloned().collect()
}

/// Name of a table, grid or chart of a report as it is without its pack, and its title.
fn named(block: &Block, section: &str) -> Option<(String, String)> {
    let (id, title) = match block {
        Block::Table(table) if !table.proof.is_of_office => (&table.id, &table.title),
        Block::Grid(grid) => (&grid.id, &grid.title),
        Block::Chart(chart) => (&chart.id, &chart.title),
        _ => return None,
    };
    let id = id.strip_prefix(&format!("{section}-")).unwrap_or(id);
    Some((id.to_string(), title.clone()))
}

/// Whether two blocks print the same under the same headings.
fn shows_same(one: &Block, other: &Block) -> bool {
    let are_alike = |one: &Table, other: &Table| one.columns == other.columns && one.rows == other.rows;
    match (one, other) {
        (Block::Table(one), Block::Table(other)) => are_alike(one, other),
        (Block::Grid(one), Block::Grid(other)) => one.items == other.items,
        (Block::Chart(one), Block::Chart(other)) => one.marks == other.marks,
        _ => false,
    }
}

/// Headings that head nothing any more go with what they headed.
fn without_orphans(blocks: Vec<Block>) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::with_capacity(blocks.len());
    for block in blocks {
        if matches!(block, Block::Heading(_)) && matches!(out.last(), Some(Block::Heading(_))) {
            out.pop();
        }
        out.push(block);
    }
    if matches!(out.last(), Some(Block::Heading(_))) {
        out.pop();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::papers::shorten::notes::tests::{section, table};

    #[test]
    fn what_stands_elsewhere_is_referred_to() {
        let lead = || Block::Paragraph("会員数は1人。".into());
        let mut sections = [
            section("資料1", vec![lead(), table("甲", &[("浦和", 1)])]),
            section("資料2", vec![lead(), table("資料2-甲", &[("浦和", 1)]), table("乙", &[("浦和", 1)])]),
            section("資料3", vec![table("資料3-甲", &[("浦和", 2)])]),
        ];
        refer_to_others(&mut sections);
        assert_eq!(sections.each_ref().map(|section| section.blocks.len()), [2, 2, 1]);
        let Block::Notes(notes) = &sections[1].blocks[1] else { panic!("{:?}", sections[1].blocks) };
        assert_eq!(notes, &["表資料2-甲（医師会別）は、資料1のとおり。"]);
    }

    /// The paper about little else keeps its table, the greater one before it refers to it.
    #[test]
    fn section_is_not_left_without_a_table() {
        let mut sections = [
            section("資料1", vec![table("甲", &[("浦和", 1)]), table("乙", &[("浦和", 1)])]),
            section("資料2", vec![table("資料2-甲", &[("浦和", 1)])]),
            section("資料3", vec![table("資料3-甲", &[("浦和", 1)])]),
        ];
        refer_to_others(&mut sections);
        let notes = |section: &Section| match section.blocks.last() {
            Some(Block::Notes(notes)) => notes.join(""),
            _ => String::new(),
        };
        let expected = ["表甲（医師会別）は、資料2のとおり。", "", "表資料3-甲（医師会別）は、資料2のとおり。"];
        assert_eq!(sections.each_ref().map(notes), expected);
    }
}
