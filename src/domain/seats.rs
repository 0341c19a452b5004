//! Numbers of delegates (代議員定数) by dated rules. The rules are data (`reports/seats.toml`), never code.
//!
//! This module does not count members and does not know which day decides; it turns a number of members into seats and
//! says how far the next seat is.

use chrono::NaiveDate;

use super::coded::coded;

/// What happens to members left over after full seats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remainder {
    /// One more seat for any remainder (切上げ).
    Up,
    /// No seat for a remainder (切捨て).
    Down,
}

impl Remainder {
    /// Printed name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Up => "切上げ",
            Self::Down => "切捨て",
        }
    }
}

coded! {
    /// Which members elect.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Electors {
        /// National members by prefecture (日医会員, R23).
        NationalByPrefecture = "national-by-prefecture",
        /// Memberships of each local body (郡市区等医師会の会員).
        LocalByBody = "local-by-body",
    }
}

/// A rule on a span of days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatRule {
    /// First day, inclusive; `None` = from the beginning.
    pub from: Option<NaiveDate>,
    /// Last day, inclusive; `None` = open.
    pub to: Option<NaiveDate>,
    /// Members to a seat, at least 1.
    pub members_per_seat: i64,
    /// What happens to the remainder.
    pub remainder: Remainder,
    /// Seats that even nobody has, at least 0.
    pub minimum: i64,
    /// Where the rule stands.
    pub source: String,
}

/// Seats and how far the next change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seats {
    /// Seats.
    pub seats: i64,
    /// Members that must join until there is one seat more, at least 1.
    pub until_next: i64,
    /// Members that must leave until there is one seat less; `None` at the minimum.
    pub until_loss: Option<i64>,
}

impl SeatRule {
    /// Seats of a number of members, at least 0.
    pub fn seats(&self, members: i64) -> Seats {
        let per_seat = self.members_per_seat;
        let by_number = |members: i64| match self.remainder {
            Remainder::Up => (members + per_seat - 1).div_euclid(per_seat),
            Remainder::Down => members.div_euclid(per_seat),
        };
        let seats = by_number(members).max(self.minimum);
        // The fewest members that have one seat more, and the most that have one less.
        let fewest = |seats: i64| match self.remainder {
            Remainder::Up => (seats - 1) * per_seat + 1,
            Remainder::Down => seats * per_seat,
        };
        let until_loss = (seats > self.minimum).then(|| members - fewest(seats) + 1);
        Seats { seats, until_next: fewest(seats + 1) - members, until_loss }
    }

    fn contains(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

/// The rules of one house of delegates through time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatTable {
    /// Id in definitions, such as national.
    pub id: String,
    /// Name as printed.
    pub name: String,
    /// Code of the body whose delegates they are.
    pub body: String,
    /// Who elects.
    pub electors: Electors,
    /// Rules in order of days, without gap or overlap.
    rules: Vec<SeatRule>,
}

/// Why rules cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SeatTableError {
    /// There is no rule.
    #[error("no rule is given")]
    Empty,
    /// A number that no rule can have.
    #[error("members_per_seat must be at least 1 and minimum at least 0")]
    Numbers,
    /// A rule ends before it begins.
    #[error("a rule ends before it begins ({0})")]
    Reversed(NaiveDate),
    /// Two rules hold on a day.
    #[error("two rules hold on {0}")]
    Overlap(NaiveDate),
    /// No rule holds on a day between two others.
    #[error("no rule holds on {0}")]
    Gap(NaiveDate),
}

impl SeatTable {
    /// Brings rules in order.
    ///
    /// # Errors
    /// [`SeatTableError`] when there is none, a number is out of range, or the days overlap or leave a gap.
    pub fn new(
        id: String,
        name: String,
        body: String,
        electors: Electors,
        mut rules: Vec<SeatRule>,
    ) -> Result<Self, SeatTableError> {
        rules.sort_by_key(|rule| rule.from);
        if rules.is_empty() {
            return Err(SeatTableError::Empty);
        }
        for rule in &rules {
            if rule.members_per_seat < 1 || rule.minimum < 0 {
                return Err(SeatTableError::Numbers);
            }
            if let (Some(from), Some(to)) = (rule.from, rule.to)
                && to < from
            {
                return Err(SeatTableError::Reversed(from));
            }
        }
        for pair in rules.windows(2) {
            let next_from = pair[1].from.unwrap_or(NaiveDate::MIN);
            let Some(after) = pair[0].to.and_then(|to| to.succ_opt()) else {
                return Err(SeatTableError::Overlap(next_from));
            };
            match after.cmp(&next_from) {
                std::cmp::Ordering::Less => return Err(SeatTableError::Gap(after)),
                std::cmp::Ordering::Greater => return Err(SeatTableError::Overlap(next_from)),
                std::cmp::Ordering::Equal => {}
            }
        }
        Ok(Self { id, name, body, electors, rules })
    }

    /// The rule of a day; `None` before the first and after the last.
    pub fn rule_on(&self, day: NaiveDate) -> Option<&SeatRule> {
        self.rules.iter().find(|rule| rule.contains(day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn rule(remainder: Remainder, from: &str, to: &str) -> SeatRule {
        let date = |text: &str| (!text.is_empty()).then(|| text.parse().expect("test dates are ISO"));
        SeatRule {
            from: date(from), to: date(to), members_per_seat: 500, remainder, minimum: 1, source: "試験".into()
        }
    }

    #[rstest]
    #[case::nobody(Remainder::Up, 0, (1, 501, None))]
    #[case::one(Remainder::Up, 1, (1, 500, None))]
    #[case::full(Remainder::Up, 500, (1, 1, None))]
    #[case::one_more(Remainder::Up, 501, (2, 500, Some(1)))]
    #[case::full_again(Remainder::Up, 1_000, (2, 1, Some(500)))]
    #[case::down_below(Remainder::Down, 499, (1, 501, None))]
    #[case::down_full(Remainder::Down, 1_000, (2, 500, Some(1)))]
    #[case::down_more(Remainder::Down, 1_001, (2, 499, Some(2)))]
    fn seats_and_distances(
        #[case] remainder: Remainder,
        #[case] members: i64,
        #[case] expected: (i64, i64, Option<i64>),
    ) {
        let rule = rule(remainder, "", "");
        let found = rule.seats(members);
        assert_eq!((found.seats, found.until_next, found.until_loss), expected);
        assert_eq!(rule.seats(members + found.until_next).seats, found.seats + 1);
        assert_eq!(rule.seats(members + found.until_next - 1).seats, found.seats);
        if let Some(loss) = found.until_loss {
            assert_eq!(rule.seats(members - loss).seats, found.seats - 1);
            assert_eq!(rule.seats(members - loss + 1).seats, found.seats);
        }
    }

    fn table(rules: Vec<SeatRule>) -> Result<SeatTable, SeatTableError> {
        SeatTable::new("t".into(), "試験".into(), "JMA".into(), Electors::NationalByPrefecture, rules)
    }

    #[test]
    fn rules_meet_without_gap_or_overlap() {
        let up = |from, to| rule(Remainder::Up, from, to);
        let day = |text: &str| -> NaiveDate { text.parse().expect("test dates are ISO") };
        let sound = table(vec![up("2020-04-01", ""), up("", "2020-03-31")]).expect("sound");
        assert_eq!(sound.rule_on(day("2020-03-31")).and_then(|rule| rule.to), Some(day("2020-03-31")));
        assert_eq!(sound.rule_on(day("2020-04-01")).and_then(|rule| rule.from), Some(day("2020-04-01")));
        assert_eq!(
            table(vec![up("", "2020-03-30"), up("2020-04-01", "")]),
            Err(SeatTableError::Gap(day("2020-03-31")))
        );
        assert_eq!(
            table(vec![up("", "2020-04-01"), up("2020-04-01", "")]),
            Err(SeatTableError::Overlap(day("2020-04-01")))
        );
        assert_eq!(table(vec![up("", ""), up("2020-04-01", "")]), Err(SeatTableError::Overlap(day("2020-04-01"))));
        assert_eq!(table(Vec::new()), Err(SeatTableError::Empty));
    }
}
