//! How local members are members of the upper tiers too, by attributes.

use anyhow::Result;

use super::cells::rate;
use super::context::PaperContext;
use crate::domain::association::Tier;
use crate::domain::cell::Cell;
use crate::domain::chart::{Chart, ChartMark, ChartShape};
use crate::domain::document::{Block, Column, Row, Table};
use crate::domain::grouping::Dimension;
use crate::domain::metric::{Metric, sentences};
use crate::domain::printed_figure::Figure;
use crate::domain::table_check::TableCheck;
use crate::stats::groups::Funnel;

const NONE: &str = "※件数 0 件";

/// From local to prefectural to national, by what physicians do, sex and age.
pub(super) fn funnel(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    if !paper.has_bodies_of(Tier::Local) {
        return Ok(Vec::new());
    }
    let tables = [
        ("funnel-duty", "業務別の入会率（郡市区等 → 都道府県 → 日医）", Dimension::DutyGroup),
        ("funnel-sex", "性別の入会率", Dimension::Sex),
        ("funnel-age", "年齢階級別の入会率", Dimension::AgeBand),
    ];
    let tables: Vec<Block> =
        tables.into_iter().map(|(id, title, rows)| funnel_table(paper, id, title, rows)).collect::<Result<_>>()?;
    Ok(std::iter::once(picture(paper)?).chain(tables).collect())
}

/// How many persons are left on each tier.
fn picture(paper: &PaperContext<'_>) -> Result<Block> {
    let whole = paper.figures()?.whole_funnel();
    let (local, prefectural, national) = (whole.local[0], whole.prefectural[0], whole.national[0]);
    let remark = |n: i64| match rate(n, local) {
        Cell::PercentTenths(tenths) => format!("（{}％）", Cell::PercentTenths(tenths).display()),
        _ => String::new(),
    };
    let stage = |name: &str, n: i64| ChartMark { remark: remark(n), ..ChartMark::count(name, n) };
    let marks = vec![
        ChartMark::count("郡市区等医師会員", local),
        stage(Metric::AlsoPrefectural.name(), prefectural),
        stage(Metric::AlsoNational.name(), national),
    ];
    let members = paper.members(Tier::Local).but(Metric::Heads.id());
    let also = [Metric::AlsoPrefectural, Metric::AlsoNational].map(|metric| members.but(metric.id()));
    let basis = paper.basis_on_day("人（実人数）。％は郡市区等医師会員に対する割合");
    Ok(Block::Chart(Chart {
        claims: std::iter::once(members).chain(also).collect(),
        ..Chart::new("funnel", "都道府県医師会・日本医師会への入会", basis, ChartShape::Funnel, marks)
    }))
}

fn funnel_table(paper: &PaperContext<'_>, id: &str, title: &str, dimension: Dimension) -> Result<Block> {
    let figures = paper.figures()?;
    let (groups, counted) = figures.funnel(dimension);
    let cells = |label: &str, counted: &Funnel, at: usize| {
        let (local, prefectural, national) = (counted.local[at], counted.prefectural[at], counted.national[at]);
        vec![
            Cell::text(label),
            Cell::Count(local),
            Cell::Count(prefectural),
            rate(prefectural, local),
            Cell::Count(national),
            rate(national, local),
        ]
    };
    let is_shown = |at: usize| groups[at].key != "unknown" || counted.local[at] != 0;
    let shown: Vec<usize> = (0..groups.len()).filter(|at| is_shown(*at)).collect();
    let mut rows: Vec<Row> = shown.iter().map(|at| Row::body(cells(&groups[*at].label, &counted, *at))).collect();
    let all = paper.members(Tier::Local).but(Metric::Heads.id());
    let of_groups = shown.iter().map(|at| all.part(dimension.code(), &groups[*at].key));
    let lines: Vec<Figure> = of_groups.chain([all.clone()]).collect();
    rows.push(Row::total(cells("合計", &figures.whole_funnel(), 0)));
    let metrics =
        [Metric::Heads, Metric::AlsoPrefectural, Metric::PrefecturalRate, Metric::AlsoNational, Metric::NationalRate];
    Ok(Block::Table(Table {
        id: id.into(),
        title: title.into(),
        basis: paper.basis_on_day("人（実人数）。率は％"),
        columns: vec![
            Column::text("group", dimension.label(), 6),
            Column::number("local", "郡市区等医師会員", 5),
            Column::number("prefectural", Metric::AlsoPrefectural.name(), 5),
            Column::number("prefectural_rate", Metric::PrefecturalRate.name(), 5),
            Column::number("national", Metric::AlsoNational.name(), 5),
            Column::number("national_rate", Metric::NationalRate.name(), 5),
        ],
        rows,
        // Each person stands in one group, whatever the bodies.
        proof: TableCheck::additive(["local", "prefectural", "national"]).claiming((0..).zip(lines), |line| {
            let also = [("prefectural", Metric::AlsoPrefectural), ("national", Metric::AlsoNational)];
            let also = also.map(|(key, metric)| (key.to_string(), line.but(metric.id())));
            [("local".to_string(), line.clone())].into_iter().chain(also).collect()
        }),
        empty_text: NONE.into(),
        notes: vec![sentences(&metrics)],
    }))
}
