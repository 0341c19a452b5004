//! Tables of figures in report definitions, proved against the catalogue of figures.

use serde::Deserialize;

use super::{DefinitionError, invalid};
use crate::domain::association::Tier;
use crate::domain::grouping::Dimension;
use crate::domain::metric::Metric;
use crate::domain::report::{TableSpec, TableUnit};

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
    #[serde(default)]
    notes: Vec<String>,
}

fn memberships() -> String {
    "memberships".into()
}

/// Proves a table against the catalogue.
///
/// # Errors
/// [`DefinitionError`] naming file and key: a tier, unit, dimension or metric that does not exist, or that does not fit the others.
pub(super) fn table(file: &str, read: &TableFile) -> Result<TableSpec, DefinitionError> {
    let at = format!("tables.{}", read.id);
    let refused = |key: &str, message: String| invalid(file, format!("{at}.{key}: {message}"));
    let tier = Tier::ALL
        .into_iter()
        .find(|tier| tier.code() == read.tier)
        .ok_or_else(|| refused("tier", format!("\"{}\" is none of local, prefectural, national", read.tier)))?;
    let unit = match read.unit.as_str() {
        "memberships" => TableUnit::Memberships,
        "heads" => TableUnit::Heads,
        other => return Err(refused("unit", format!("\"{other}\" is neither memberships nor heads"))),
    };
    let dimension = |key: &str, code: &str| {
        let codes: Vec<&str> = dimensions().map(Dimension::code).collect();
        let found = Dimension::from_code(code).filter(|one| dimensions().any(|other| other == *one));
        found.ok_or_else(|| refused(key, format!("there is no grouping \"{code}\" ({})", codes.join(", "))))
    };
    let rows = dimension("rows", &read.rows)?;
    let columns = read.columns.as_deref().map(|code| dimension("columns", code)).transpose()?;
    if columns.is_some_and(Dimension::is_of_body) {
        return Err(refused("columns", "bodies stand in rows".into()));
    }
    if tier == Tier::National && matches!(rows, Dimension::Association | Dimension::Kind) {
        return Err(refused("rows", "there is one national body; use rows = \"prefecture\"".into()));
    }
    if read.subtotals && rows != Dimension::Association {
        return Err(refused("subtotals", "only bodies are summed up by prefecture".into()));
    }
    let mut metrics = Vec::with_capacity(read.metrics.len());
    for id in &read.metrics {
        let metric = Metric::from_id(id).ok_or_else(|| refused("metrics", format!("there is no metric \"{id}\"")))?;
        metric.check(rows, tier).map_err(|why| refused("metrics", why))?;
        if metrics.contains(&metric) {
            return Err(refused("metrics", format!("\"{id}\" stands twice")));
        }
        metrics.push(metric);
    }
    let own = match unit {
        TableUnit::Memberships => Metric::Heads,
        TableUnit::Heads => Metric::Memberships,
    };
    if metrics.contains(&own) && metrics.contains(&Metric::Share) {
        return Err(refused("metrics", "a share is taken of one unit; leave out the other count".into()));
    }
    Ok(TableSpec {
        id: read.id.clone(),
        title: read.title.clone(),
        tier,
        unit,
        rows,
        columns,
        metrics,
        subtotals: read.subtotals,
        notes: read.notes.clone(),
    })
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
        let entry: TableFile = toml::from_str(text).map_err(|error| error.to_string())?;
        table("x.toml", &entry).map_err(|error| error.to_string())
    }

    const HEAD: &str = "id = \"t\"\ntitle = \"試験\"\n";

    #[rstest]
    #[case::metric(
        "tier = \"local\"\nrows = \"class\"\nmetrics = [\"headcount\"]",
        "tables.t.metrics: there is no metric \"headcount\""
    )]
    #[case::grouping("tier = \"local\"\nrows = \"faculty\"", "tables.t.rows: there is no grouping \"faculty\"")]
    #[case::raw_words("tier = \"local\"\nrows = \"duty\"", "there is no grouping \"duty\"")]
    #[case::columns("tier = \"local\"\nrows = \"class\"\ncolumns = \"association\"", "bodies stand in rows")]
    #[case::tier("tier = \"regional\"\nrows = \"class\"", "none of local, prefectural, national")]
    #[case::unit("tier = \"local\"\nunit = \"people\"\nrows = \"class\"", "neither memberships nor heads")]
    #[case::national_bodies("tier = \"national\"\nrows = \"association\"", "one national body")]
    #[case::rate(
        "tier = \"national\"\nrows = \"class\"\nmetrics = [\"organisation-rate\"]",
        "needs rows = \"prefecture\""
    )]
    #[case::flow("tier = \"local\"\nrows = \"class\"\nmetrics = [\"opening\"]", "a table of its own")]
    #[case::twice("tier = \"local\"\nrows = \"class\"\nmetrics = [\"share\", \"share\"]", "stands twice")]
    #[case::subtotals("tier = \"local\"\nrows = \"class\"\nsubtotals = true", "only bodies")]
    fn table_that_cannot_be_is_named(#[case] text: &str, #[case] expected: &str) {
        let error = read(&format!("{HEAD}{text}\n")).expect_err("refused");
        assert!(error.starts_with("x.toml: tables.t.") && error.contains(expected), "{error}");
    }
}
