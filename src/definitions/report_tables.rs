//! Tables of figures in report definitions, proved against the catalogue of figures.

use serde::Deserialize;

use super::source::{Source, owned};
use crate::domain::association::Tier;
use crate::domain::fault::Fault;
use crate::domain::grouping::Dimension;
use crate::domain::metric::Metric;
use crate::domain::report::{TableChart, TableSpec, TableUnit};
use crate::domain::unit::Unit;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableFile {
    pub(super) id: String,
    title: String,
    tier: String,
    #[serde(default = "memberships")]
    unit: String,
    rows: String,
    columns: Option<String>,
    #[serde(default)]
    metrics: Vec<String>,
    #[serde(default)]
    subtotals: bool,
    chart: Option<String>,
    #[serde(default)]
    notes: Vec<String>,
}

fn memberships() -> String {
    "memberships".into()
}

/// Proves a table against the catalogue. `None` when it cannot be; the faults are noted: a tier, unit, dimension or
/// metric that does not exist, or that does not fit the others.
pub(super) fn table(source: &mut Source<'_>, nth: usize, read: &TableFile) -> Option<TableSpec> {
    let at = |key: &str| format!("tables[{nth}].{key}");
    let tiers = Tier::ALL.map(|tier| (tier.code(), tier));
    let tier = one_of(source, &at("tier"), &read.tier, &tiers);
    let units = [("memberships", TableUnit::Memberships), ("heads", TableUnit::Heads)];
    let unit = one_of(source, &at("unit"), &read.unit, &units);
    let dimensions: Vec<(&str, Dimension)> = dimensions().map(|one| (one.code(), one)).collect();
    let rows = one_of(source, &at("rows"), &read.rows, &dimensions);
    let columns = match read.columns.as_deref() {
        Some(code) => one_of(source, &at("columns"), code, &dimensions).map(Some),
        None => Some(None),
    };
    if columns.flatten().is_some_and(Dimension::is_of_body) {
        source.refuse(at("columns"), Fault::BodiesInColumns);
    }
    if tier == Some(Tier::National) && matches!(rows, Some(Dimension::Association | Dimension::Kind)) {
        source.refuse(at("rows"), Fault::OneNationalBody);
    }
    if read.subtotals && rows.is_some_and(|rows| rows != Dimension::Association) {
        source.refuse(at("subtotals"), Fault::SubtotalsOfBodiesOnly);
    }
    let metrics = metrics(source, &at("metrics"), &read.metrics, rows.zip(tier), unit);
    let chart = chart(source, &at("chart"), read.chart.as_deref(), (rows, &metrics));
    Some(TableSpec {
        id: read.id.clone(),
        title: read.title.clone(),
        tier: tier?,
        unit: unit?,
        rows: rows?,
        columns: columns?,
        metrics,
        subtotals: read.subtotals,
        chart,
        notes: read.notes.clone(),
    })
}

/// The chart of a table: `bars`, or `map:` and one of its metrics. The faults are noted.
fn chart(
    source: &mut Source<'_>,
    key: &str,
    name: Option<&str>,
    (rows, metrics): (Option<Dimension>, &[Metric]),
) -> Option<TableChart> {
    let name = name?;
    let all = std::iter::once(("bars".to_string(), TableChart::Bars))
        .chain(metrics.iter().map(|metric| (format!("map:{}", metric.id()), TableChart::Map(*metric))));
    let all: Vec<(String, TableChart)> = all.collect();
    let known: Vec<(&str, TableChart)> = all.iter().map(|(name, chart)| (name.as_str(), *chart)).collect();
    let found = one_of(source, key, name, &known);
    if matches!(found, Some(TableChart::Map(_))) && rows != Some(Dimension::Prefecture) {
        source.refuse(key, Fault::MapOfPrefecturesOnly);
    }
    found
}

/// The value of a code; a fault when there is none.
fn one_of<T: Copy>(source: &mut Source<'_>, key: &str, code: &str, all: &[(&str, T)]) -> Option<T> {
    let found = all.iter().find(|(known, _)| *known == code).map(|(_, value)| *value);
    if found.is_none() {
        source.refuse(key, Fault::NotOneOf(code.into(), owned(all.iter().map(|(known, _)| *known))));
    }
    found
}

fn metrics(
    source: &mut Source<'_>,
    key: &str,
    ids: &[String],
    place: Option<(Dimension, Tier)>,
    unit: Option<TableUnit>,
) -> Vec<Metric> {
    let mut metrics = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(metric) = Metric::from_id(id) else {
            let all = owned(Metric::ALL.iter().filter(|metric| metric.fits_any_row()).map(|metric| metric.id()));
            source.refuse(key, Fault::NotOneOf(id.clone(), all));
            continue;
        };
        let of_table = unit.map_or(Unit::Memberships, unit_of);
        if let Some(Err(fault)) = place.map(|(rows, tier)| metric.check(rows, tier, of_table)) {
            source.refuse(key, fault);
        }
        if metrics.contains(&metric) {
            source.refuse(key, Fault::Twice(id.clone()));
        }
        metrics.push(metric);
    }
    metrics
}

fn unit_of(unit: TableUnit) -> Unit {
    match unit {
        TableUnit::Memberships => Unit::Memberships,
        TableUnit::Heads => Unit::Heads,
    }
}

/// Dimensions that a table can have: words of the exports have no fixed order.
fn dimensions() -> impl Iterator<Item = Dimension> {
    Dimension::ALL.into_iter().filter(|dimension| *dimension != Dimension::Duty)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn read(text: &str) -> Result<TableSpec, String> {
        let mut source = Source::new("x.toml", text);
        let entry: TableFile = source.parse().map_err(|error| error.to_string())?;
        let table = table(&mut source, 0, &entry);
        source
            .done(table)
            .map(|table| table.expect("without faults there is a table"))
            .map_err(|error| error.to_string())
    }

    const HEAD: &str = "id = \"t\"\ntitle = \"試験\"\n";

    #[rstest]
    #[case::metric(
        "tier = \"local\"\nrows = \"class\"\nmetrics = [\"headcount\"]",
        "metrics DEF-020 headcount / memberships, "
    )]
    #[case::grouping("tier = \"local\"\nrows = \"faculty\"", "rows DEF-020 faculty / ")]
    #[case::raw_words("tier = \"local\"\nrows = \"duty\"", "rows DEF-020 duty / ")]
    #[case::columns("tier = \"local\"\nrows = \"class\"\ncolumns = \"association\"", "columns DEF-040")]
    #[case::tier("tier = \"regional\"\nrows = \"class\"", "tier DEF-020 regional / local, prefectural, national")]
    #[case::unit("tier = \"local\"\nunit = \"people\"\nrows = \"class\"", "unit DEF-020 people / memberships, heads")]
    #[case::national_bodies("tier = \"national\"\nrows = \"association\"", "rows DEF-041")]
    #[case::rate_of_memberships(
        "tier = \"national\"\nrows = \"prefecture\"\nmetrics = [\"organisation-rate\"]",
        "metrics DEF-062 organisation-rate / 人（実人数）"
    )]
    #[case::heads_of_memberships(
        "tier = \"local\"\nrows = \"class\"\nmetrics = [\"heads\"]",
        "metrics DEF-062 heads / 人（実人数）"
    )]
    #[case::memberships_of_heads(
        "tier = \"local\"\nunit = \"heads\"\nrows = \"sex\"\nmetrics = [\"memberships\"]",
        "metrics DEF-062 memberships / 人（延べ）"
    )]
    #[case::rate(
        "tier = \"national\"\nrows = \"class\"\nmetrics = [\"organisation-rate\"]",
        "metrics DEF-044 organisation-rate"
    )]
    #[case::flow("tier = \"local\"\nrows = \"class\"\nmetrics = [\"opening\"]", "metrics DEF-043 opening")]
    #[case::twice("tier = \"local\"\nrows = \"class\"\nmetrics = [\"share\", \"share\"]", "metrics DEF-021 share")]
    #[case::other_unit("tier = \"local\"\nrows = \"class\"\nmetrics = [\"share\", \"heads\"]", "metrics DEF-062 heads")]
    #[case::subtotals("tier = \"local\"\nrows = \"class\"\nsubtotals = true", "subtotals DEF-042")]
    #[case::map_of_bodies(
        "tier = \"local\"\nrows = \"association\"\nmetrics = [\"rate-year\"]\nchart = \"map:rate-year\"",
        "chart DEF-068"
    )]
    #[case::map_of_nothing(
        "tier = \"local\"\nrows = \"prefecture\"\nchart = \"map:rate-year\"",
        "chart DEF-020 map:rate-year / bars"
    )]
    #[case::all_at_once(
        "tier = \"x\"\nrows = \"y\"\nmetrics = [\"z\"]",
        "rows DEF-020 y / prefecture, association, kind, class, class_group, a1, sex, age_band, duty_group; x.toml: tables[0].metrics"
    )]
    fn table_that_cannot_be_is_named(#[case] text: &str, #[case] expected: &str) {
        let error = read(&format!("{HEAD}{text}\n")).expect_err("refused");
        assert!(error.starts_with("x.toml: tables[0].") && error.contains(expected), "{error}");
    }

    /// The nearest tables that are sound: the rate of heads, shares and changes of either unit.
    #[rstest]
    #[case::rate_of_heads(
        "tier = \"national\"\nunit = \"heads\"\nrows = \"prefecture\"\nmetrics = [\"heads\", \"organisation-rate\"]"
    )]
    #[case::shares(
        "tier = \"local\"\nrows = \"class\"\nmetrics = [\"memberships\", \"share\", \"change-year\", \"year-before\"]"
    )]
    #[case::shares_of_heads(
        "tier = \"local\"\nunit = \"heads\"\nrows = \"sex\"\nmetrics = [\"share\", \"year-before\"]"
    )]
    #[case::bars("tier = \"local\"\nrows = \"association\"\nchart = \"bars\"")]
    #[case::map("tier = \"national\"\nrows = \"prefecture\"\nmetrics = [\"rate-year\"]\nchart = \"map:rate-year\"")]
    fn table_of_one_unit_is_read(#[case] text: &str) {
        assert!(read(&format!("{HEAD}{text}\n")).is_ok(), "{:?}", read(&format!("{HEAD}{text}\n")));
    }
}
