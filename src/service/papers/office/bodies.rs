//! Bodies that a table of the office names: found under any of their names, in official order, and all there.

use chrono::NaiveDate;

use super::faults::TableFaults;
use crate::domain::association::{Association, Associations, Tier};
use crate::domain::meeting::{MeetingFault, OfficeTable, PlacedMeetingFault};
use crate::domain::text::nearest;
use crate::service::known::area::Extent;

/// Names that are told at once.
const MOST_TOLD: usize = 8;

/// The bodies that a paper is about.
pub(in crate::service::papers) struct Bodies<'a> {
    pub(in crate::service::papers) associations: &'a Associations,
    pub(in crate::service::papers) area: &'a Extent,
    /// The day of a table that says no day.
    pub(in crate::service::papers) day: NaiveDate,
}

/// Rows of a table by their bodies.
pub(super) struct Found<'a> {
    /// Place in official order, index of the row, and the body; in official order.
    pub(super) rows: Vec<(usize, usize, &'a Association)>,
    /// The day by which they are named.
    pub(super) day: NaiveDate,
}

impl<'a> Bodies<'a> {
    /// Finds the bodies of a column. Rows whose body is not known are faults.
    pub(super) fn find(
        &self,
        table: &OfficeTable,
        column: usize,
        may_repeat: bool,
        faults: &mut TableFaults,
    ) -> Found<'a> {
        let day = table.day.unwrap_or(self.day);
        let order = self.associations.order_on(day);
        let mut rows: Vec<(usize, usize, &Association)> = Vec::with_capacity(table.rows.len());
        for (at, row) in table.rows.iter().enumerate() {
            let name = row.cells.get(column).map_or("", |cell| cell.text());
            let of_code = || self.associations.by_code(name).filter(|body| body.tier == Tier::Local);
            let Some(body) = self.associations.by_name_on(Tier::Local, name, day).ok().or_else(of_code) else {
                let shown = if name.is_empty() { "（空欄）" } else { name };
                let fault = MeetingFault::BodyUnknown(shown.into(), self.near(name, day));
                faults.add(table, row.number, column, fault);
                continue;
            };
            let place = self.associations.rank(body.id).map_or(0, |rank| order[rank]);
            if !may_repeat && rows.iter().any(|(other, ..)| *other == place) {
                faults.add(table, row.number, column, MeetingFault::BodyTwice(name.into()));
            }
            rows.push((place, at, body));
        }
        rows.sort_by_key(|(place, at, _)| (*place, *at));
        Found { rows, day }
    }

    /// Notes the regional bodies of the area that are not there.
    pub(super) fn need_all(&self, table: &OfficeTable, found: &Found<'_>, faults: &mut TableFaults) {
        let missing: Vec<&str> = self
            .of_area(found.day)
            .filter(|body| body.span_on(found.day).kind == "地域")
            .filter(|body| found.rows.iter().all(|(.., other)| other.id != body.id))
            .map(|body| body.span_on(found.day).short_name.as_str())
            .collect();
        if missing.is_empty() {
            return;
        }
        let mut told = missing.iter().take(MOST_TOLD).copied().collect::<Vec<_>>().join("、");
        if missing.len() > MOST_TOLD {
            told.push_str(&format!(" ほか（計{}）", missing.len()));
        }
        faults.0.push(PlacedMeetingFault { place: table.place.clone(), fault: MeetingFault::BodiesMissing(told) });
    }

    /// Local bodies of the area on a day, in official order.
    pub(super) fn of_area(&self, day: NaiveDate) -> impl Iterator<Item = &'a Association> {
        let all = self.associations.on(day).into_iter();
        let is_of_area =
            |body: &&Association| self.associations.rank(body.id).is_some_and(|rank| self.area.bodies.has(rank));
        all.filter(|body| body.tier == Tier::Local).filter(is_of_area).collect::<Vec<_>>().into_iter()
    }

    /// Names like one that nobody has.
    fn near(&self, name: &str, day: NaiveDate) -> Vec<String> {
        let near = self.associations.near(name, &[Tier::Local], Some(day));
        let names: Vec<&str> = self.of_area(day).map(|body| body.span_on(day).short_name.as_str()).collect();
        let spelt = nearest(name, names.into_iter()).map(str::to_string);
        let mut out: Vec<String> = near.iter().map(|body| body.span_on(day).short_name.clone()).collect();
        out.extend(spelt.filter(|one| !out.contains(one)));
        out.truncate(MOST_TOLD);
        out
    }
}
