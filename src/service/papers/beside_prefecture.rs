//! One body beside the mean of the bodies of its prefecture.

use anyhow::Result;

use super::cells::rate;
use super::context::PaperContext;
use crate::domain::association::{Association, Tier};
use crate::domain::cell::Cell;
use crate::domain::class::NationalClass;
use crate::domain::decimal::Decimal;
use crate::domain::document::{Block, Column, Row, Table};
use crate::domain::prefecture::prefecture_name;
use crate::domain::rounding::mean_tenths;
use crate::domain::table_check::TableCheck;

/// Members by class: the body, and an average one of its prefecture (地域 only). Nothing for a paper of several bodies, or of
/// a prefecture with one.
///
/// # Errors
/// When the timeline cannot be read.
pub(super) fn table(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    let Some(body) = paper.only_body() else { return Ok(Vec::new()) };
    let counted = Counted::of(paper, body)?;
    if counted.n_peers < 2 {
        return Ok(Vec::new());
    }
    let classes = counted.classes();
    let mut columns = vec![Column::text("line", "", 8), Column::number("total", "会員数", 4)];
    columns.extend(classes.iter().map(|class| Column::number(&class.code().to_ascii_lowercase(), class.label(), 4)));
    let n_peers = counted.n_peers;
    let inside = inside(&body.prefecture);
    let note = format!("{inside}の平均は、郡市区等医師会（地域）{n_peers}会の会員数の平均（小数第2位を四捨五入）。");
    Ok(vec![Block::Table(Table {
        id: "beside-prefecture".into(),
        title: format!("{inside}の医師会の平均との比較"),
        basis: paper.basis_on_day("人（延べ）、割合は％"),
        columns,
        rows: counted.rows(&body.span_on(paper.as_of.0).short_name, inside, &classes),
        empty_text: String::new(),
        notes: vec![note],
        proof: TableCheck::default(),
    })])
}

/// What people of a prefecture call what is in it.
fn inside(prefecture: &str) -> &'static str {
    match prefecture_name(prefecture).and_then(|name| name.chars().next_back()) {
        Some('都') => "都内",
        Some('道') => "道内",
        Some('府') => "府内",
        _ => "県内",
    }
}

/// Members by class of the body, and of the bodies of its prefecture together.
struct Counted {
    own: [i64; NationalClass::COUNT],
    all: [i64; NationalClass::COUNT],
    n_peers: i64,
}

impl Counted {
    fn of(paper: &PaperContext<'_>, body: &Association) -> Result<Self> {
        let day = paper.as_of.0;
        let is_peer = |other: &Association| {
            let is_local = other.tier == Tier::Local && other.prefecture == body.prefecture;
            is_local && other.exists_on(day) && other.span_on(day).kind == "地域"
        };
        let counts = paper.vintage.count_on(|other| is_peer(other) || other.id == body.id, day)?;
        let mut out = Self { own: [0; NationalClass::COUNT], all: [0; NationalClass::COUNT], n_peers: 0 };
        for (rank, other) in paper.vintage.associations.iter().enumerate() {
            let cells = counts.cells[rank];
            if other.id == body.id {
                out.own = cells;
            }
            if is_peer(other) {
                out.n_peers += 1;
                out.all.iter_mut().zip(cells).for_each(|(sum, n)| *sum += n);
            }
        }
        Ok(out)
    }

    /// Classes that are printed: 不明 where there is any.
    fn classes(&self) -> Vec<NationalClass> {
        let unknown = usize::from(NationalClass::Unknown.index());
        let has_unknown = self.own[unknown] + self.all[unknown] != 0;
        NationalClass::ALL.into_iter().filter(|class| has_unknown || *class != NationalClass::Unknown).collect()
    }

    fn rows(&self, name: &str, inside: &str, classes: &[NationalClass]) -> Vec<Row> {
        let mean = |n: i64| {
            let tenths = mean_tenths(n, self.n_peers);
            tenths.map_or(Cell::NotApplicable, |n| Cell::Decimal(Decimal { scaled: n, places: 1 }))
        };
        vec![
            line(name, self.own, classes, Cell::Count),
            shares("　構成割合（％）", self.own, classes),
            line(&format!("{inside}の平均"), self.all, classes, mean),
            shares("　構成割合（％）", self.all, classes),
        ]
    }
}

fn line(name: &str, cells: [i64; NationalClass::COUNT], classes: &[NationalClass], cell: impl Fn(i64) -> Cell) -> Row {
    let of_classes = classes.iter().map(|class| cell(cells[usize::from(class.index())]));
    let whole = cell(cells.iter().sum());
    Row::body([Cell::text(name), whole].into_iter().chain(of_classes).collect())
}

fn shares(name: &str, cells: [i64; NationalClass::COUNT], classes: &[NationalClass]) -> Row {
    let whole: i64 = cells.iter().sum();
    let of_classes = classes.iter().map(|class| rate(cells[usize::from(class.index())], whole));
    Row::body([Cell::text(name), Cell::Blank].into_iter().chain(of_classes).collect())
}
