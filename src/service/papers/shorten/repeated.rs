//! Tables that another paper of a pack shows as well.

use std::collections::BTreeMap;

use crate::domain::document::{Block, Section, Table};

/// Leaves out tables, grids and charts that another section of a pack shows with the same cells, and says which: the one with
/// the fewest of them, which is about little else, keeps them; among equals the first.
pub(super) fn refer_to_others(sections: &mut [Section]) {
    let mut order: Vec<usize> = (0..sections.len()).collect();
    order.sort_by_key(|at| sections[*at].blocks.iter().filter(|block| named(block, "").is_some()).count());
    let mut met: BTreeMap<String, (String, Block)> = BTreeMap::new();
    for at in order {
        let section = &mut sections[at];
        let own = section.id.clone();
        let mut referred: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut kept = Vec::with_capacity(section.blocks.len());
        for block in std::mem::take(&mut section.blocks) {
            let Some((id, title)) = named(&block, &own) else {
                kept.push(block);
                continue;
            };
            match met.get(&id) {
                Some((mark, other)) if shows_same(other, &block) => {
                    referred.entry(mark.clone()).or_default().push(title);
                }
                Some(_) => kept.push(block),
                None => {
                    met.insert(id, (section.mark.clone(), block.clone()));
                    kept.push(block);
                }
            }
        }
        section.blocks = without_orphans(kept);
        let lines = referred.into_iter().map(|(mark, titles)| format!("{}は、{mark}のとおり。", titles.join("、")));
        let lines: Vec<String> = lines.collect();
        if !lines.is_empty() {
            section.blocks.push(Block::Notes(lines));
        }
    }
}

/// Name of a table, grid or chart of a report as it is without its pack, and its title.
fn named(block: &Block, section: &str) -> Option<(String, String)> {
    let (id, title) = match block {
        Block::Table(table) if !table.proof.is_of_office => (&table.id, &table.title),
        Block::Grid(grid) => (&grid.id, &grid.title),
        Block::BarChart(chart) => (&chart.id, &chart.title),
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
        (Block::BarChart(one), Block::BarChart(other)) => one.bars == other.bars,
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
        let mut sections = [
            section("資料1", vec![table("甲", &[("浦和", 1)])]),
            section("資料2", vec![table("資料2-甲", &[("浦和", 1)]), table("乙", &[("浦和", 1)])]),
            section("資料3", vec![table("資料3-甲", &[("浦和", 2)])]),
        ];
        refer_to_others(&mut sections);
        assert_eq!(sections.each_ref().map(|section| section.blocks.len()), [1, 2, 1]);
        let Block::Notes(notes) = &sections[1].blocks[1] else { panic!("{:?}", sections[1].blocks) };
        assert_eq!(notes, &["表資料2-甲（医師会別）は、資料1のとおり。"]);
    }
}
