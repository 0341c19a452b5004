//! What a paper says in its tables, in a form that programs read back.

use serde::{Deserialize, Serialize};

use super::attachment::AttachedFile;
use super::cell::Cell;
use super::chart::Chart;
use super::document::{Block, Cover, Grid, ReportDocument, Section, Table};
use super::letter::Letter;

/// What the tables, grids and charts of a paper say, as printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperContent {
    /// In print order.
    pub tables: Vec<ContentTable>,
}

/// One table, grid or chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentTable {
    /// Stable id.
    pub id: String,
    /// As printed: its own title, else that of its section.
    pub title: String,
    /// Key and heading of each column.
    pub columns: Vec<(String, String)>,
    /// Printed cells of each row.
    pub rows: Vec<Vec<String>>,
}

impl PaperContent {
    /// What a finished paper says.
    pub fn of(document: &ReportDocument) -> Self {
        let blocks = document.sections.iter().flat_map(|section| section.blocks.iter().map(move |one| (section, one)));
        let tables = blocks.filter_map(|(section, block)| match block {
            Block::Table(table) => Some(ContentTable::of_table(table, section)),
            Block::Grid(grid) => Some(ContentTable::of_grid(grid, section)),
            Block::Chart(chart) => Some(ContentTable::of_chart(chart, section)),
            Block::Letter(letter) => Some(ContentTable::of_letter(letter, section)),
            Block::Attachment(file) => Some(ContentTable::of_attachment(file, section)),
            Block::Paragraph(_) | Block::Heading(_) | Block::Notes(_) => None,
        });
        let agenda = document.cover.iter().map(ContentTable::of_agenda);
        Self { tables: agenda.chain(tables).collect() }
    }
}

impl ContentTable {
    /// What the cover says.
    fn of_agenda(cover: &Cover) -> Self {
        let mut rows: Vec<Vec<String>> =
            cover.facts.iter().map(|fact| vec![fact.label.clone(), fact.text.clone(), String::new()]).collect();
        rows.push(vec!["会議".into(), cover.meeting.clone(), cover.lead.clone()]);
        for group in &cover.agenda {
            for item in &group.items {
                let said =
                    [item.text.as_str(), &item.remark, &item.officer].into_iter().filter(|text| !text.is_empty());
                let place = format!("{}{}", group.heading, item.number);
                rows.push(vec![place, said.collect::<Vec<_>>().join("　"), item.mark.clone()]);
            }
        }
        let column = |key: &str, title: &str| (key.to_string(), title.to_string());
        let columns = vec![column("place", "項目"), column("text", "内容"), column("mark", "資料")];
        Self { id: "agenda".into(), title: "次第".into(), columns, rows }
    }

    /// Key of running numbers of lists, which change with every row before them and say nothing.
    pub const RUNNING_NUMBER: &'static str = "number";

    fn of_table(table: &Table, section: &Section) -> Self {
        let columns = table.columns.iter().map(|column| match column.group.as_str() {
            "" => (column.key.clone(), column.title.clone()),
            group => (column.key.clone(), format!("{group} {}", column.title)),
        });
        Self {
            id: table.id.clone(),
            title: titled(&table.title, section),
            columns: columns.collect(),
            rows: table.rows.iter().map(|row| row.cells.iter().map(Cell::display).collect()).collect(),
        }
    }

    fn of_grid(grid: &Grid, section: &Section) -> Self {
        Self {
            id: grid.id.clone(),
            title: titled(&grid.title, section),
            columns: pair(&grid.name_heading, grid.value_headings.first().map_or("値", String::as_str)),
            rows: grid.items.iter().map(|item| vec![item.name.clone(), item.text.clone()]).collect(),
        }
    }

    fn of_chart(chart: &Chart, section: &Section) -> Self {
        Self {
            id: chart.id.clone(),
            title: titled(&chart.title, section),
            columns: pair("項目", "値"),
            rows: chart.marks.iter().map(|mark| vec![mark.label.clone(), mark.value.display()]).collect(),
        }
    }

    /// The lines of a letter, by what they are.
    fn of_letter(letter: &Letter, section: &Section) -> Self {
        let lines = letter.lines().into_iter().map(|(label, text)| vec![label.to_string(), text.to_string()]);
        Self {
            id: section.id.clone(),
            title: section.title.clone(),
            columns: pair("項目", "文"),
            rows: lines.collect(),
        }
    }

    /// Which file it is, by its hash.
    fn of_attachment(file: &AttachedFile, section: &Section) -> Self {
        let n_pages = i64::try_from(file.pages.len()).unwrap_or(i64::MAX);
        let row = vec![file.name.clone(), Cell::Count(n_pages).display(), file.sha256.chars().take(8).collect()];
        let column = |key: &str, title: &str| (key.to_string(), title.to_string());
        Self {
            id: section.id.clone(),
            title: section.title.clone(),
            columns: vec![column("name", "ファイル"), column("pages", "頁数"), column("sha256", "照合番号")],
            rows: vec![row],
        }
    }

    /// Places of the columns whose cells are compared.
    pub(super) fn compared(&self) -> impl Iterator<Item = (usize, &str)> {
        let all = self.columns.iter().enumerate().map(|(at, (key, _))| (at, key.as_str()));
        all.filter(|(_, key)| *key != Self::RUNNING_NUMBER)
    }

    /// What names a row: its first text that is no figure, else its first text.
    pub(super) fn label(&self, row: &[String]) -> String {
        let texts = || self.compared().filter_map(|(at, _)| row.get(at)).filter(|text| !text.is_empty());
        let named =
            texts().find(|text| !text.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | '▲' | '…')));
        named.or_else(|| texts().next()).cloned().unwrap_or_default()
    }
}

fn titled(title: &str, section: &Section) -> String {
    let title = if title.is_empty() { &section.title } else { title };
    if section.mark.is_empty() { title.to_string() } else { format!("{} {title}", section.mark) }
}

fn pair(name: &str, value: &str) -> Vec<(String, String)> {
    vec![("name".into(), name.into()), ("value".into(), value.into())]
}
