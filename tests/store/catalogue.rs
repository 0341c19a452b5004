//! Every figure of the catalogue is counted independently at least twice, or follows by arithmetic from figures that are.
//!
//! Whoever adds a metric is made to say which: the match has an arm for each.

use std::collections::BTreeSet;

use kaiin::domain::metric::Metric;

/// How a figure is known to be right.
enum Voice {
    /// The columns, polars and the slow definition say the same in the test of this name.
    Three(&'static str),
    /// The columns and the slow definition say the same; polars has no way to say it.
    Two(&'static str),
    /// Sums, differences, rates or a rule applied to other figures; the test of this name shows the arithmetic.
    Follows(&'static [Metric], &'static str),
}

const DIMENSIONS: &str = "every_dimension_is_counted_three_ways";
const MOVEMENTS: &str = "roll_forward_is_what_the_days_say";
const AUDITS: &str = "every_finding_of_the_sample_of_saitama_stands_in_its_file";
const TABLES: &str = "figures_compared_are_counts_of_their_days";

fn voice(metric: Metric) -> Voice {
    match metric {
        Metric::Memberships | Metric::Heads | Metric::AlsoPrefectural | Metric::AlsoNational => {
            Voice::Three(DIMENSIONS)
        }
        Metric::YearBefore
        | Metric::MonthChange
        | Metric::YearChange
        | Metric::FiscalChange
        | Metric::MonthRate
        | Metric::YearRate
        | Metric::FiscalRate
        | Metric::MonthEndChange
        | Metric::SurveyChange
        | Metric::SeriesRate => Voice::Follows(&[Metric::Memberships, Metric::Heads], TABLES),
        Metric::Share => Voice::Follows(&[Metric::Memberships, Metric::Heads], "published_shares_come_out"),
        Metric::PrefecturalRate => {
            Voice::Follows(&[Metric::Heads, Metric::AlsoPrefectural], "halves_go_up_and_zero_base_has_no_value")
        }
        Metric::NationalRate => {
            Voice::Follows(&[Metric::Heads, Metric::AlsoNational], "halves_go_up_and_zero_base_has_no_value")
        }
        Metric::OrganisationRate => Voice::Follows(&[Metric::Heads], "halves_go_up_and_zero_base_has_no_value"),
        Metric::Seats | Metric::UntilNextSeat | Metric::UntilSeatLoss => {
            Voice::Follows(&[Metric::Memberships], "seats_and_distances")
        }
        // Members of one day each; the slow definition of the roll-forward counts them again.
        Metric::Opening | Metric::Closing => Voice::Follows(&[Metric::Memberships], MOVEMENTS),
        Metric::PeriodChange => Voice::Follows(&[Metric::Opening, Metric::Closing], MOVEMENTS),
        Metric::Entries => Voice::Follows(&[Metric::Joined, Metric::MovedIn], MOVEMENTS),
        Metric::Exits => Voice::Follows(&[Metric::Left, Metric::MovedOut, Metric::Died], MOVEMENTS),
        Metric::Joined
        | Metric::MovedIn
        | Metric::Left
        | Metric::MovedOut
        | Metric::Died
        | Metric::ClassChanged
        | Metric::Reorganised
        | Metric::Corrected => Voice::Two(MOVEMENTS),
        Metric::Revision => Voice::Two("revision_is_everybody_who_counts_otherwise"),
        // The terms of the difference law: counted again from the rows of the file.
        Metric::MamisShown
        | Metric::WithdrawalsAhead
        | Metric::JoinsAhead
        | Metric::BodiesNotThere
        | Metric::NotShown
        | Metric::ByCorrections
        | Metric::StateContradictions
        | Metric::DoubleRows => Voice::Two("two_hundred_contradictions_stop_no_paper"),
        Metric::MamisDifference | Metric::Remainder => {
            Voice::Follows(&[Metric::Memberships, Metric::MamisShown], "law_holds_for_every_kind_of_row")
        }
        // What audits find: found again by a plain reading of the files.
        Metric::CountedWithdrawals
        | Metric::OpenWithdrawals
        | Metric::ProxyFindings
        | Metric::TierBreaks
        | Metric::Transfers => Voice::Two(AUDITS),
        Metric::PairedTransfers => Voice::Follows(&[Metric::Transfers], AUDITS),
    }
}

/// The figures at the bottom of what a figure follows from, and the tests on the way.
fn grounds(metric: Metric, tests: &mut BTreeSet<&'static str>) -> BTreeSet<Metric> {
    match voice(metric) {
        Voice::Three(test) | Voice::Two(test) => {
            tests.insert(test);
            BTreeSet::from([metric])
        }
        Voice::Follows(from, test) => {
            tests.insert(test);
            from.iter().flat_map(|other| grounds(*other, tests)).collect()
        }
    }
}

/// The files in which the tests stand.
const FILES: [&str; 7] = [
    include_str!("dimensions.rs"),
    include_str!("evidence/flows.rs"),
    include_str!("../../src/domain/rounding.rs"),
    include_str!("../../src/domain/seats.rs"),
    include_str!("../../src/domain/difference/tests.rs"),
    include_str!("../reports/law.rs"),
    include_str!("../audits/reader.rs"),
];

#[test]
fn every_metric_is_counted_twice_or_follows_from_those_that_are() {
    let mut tests = BTreeSet::new();
    for metric in Metric::ALL {
        let grounds = grounds(*metric, &mut tests);
        assert!(!grounds.is_empty(), "{} follows from nothing", metric.id());
        // A rate, a difference or a rule is no count of its own.
        let is_count = grounds == BTreeSet::from([*metric]);
        assert!(is_count || !grounds.contains(metric), "{} follows from itself", metric.id());
        assert!(!is_count || metric.definition().base.is_none(), "{} is a rate", metric.id());
    }
    for test in tests {
        let name = format!("fn {test}(");
        assert!(FILES.iter().any(|file| file.contains(&name)), "there is no test {test}");
    }
}
