//! What an account of the pages may see and do (閲覧・作成・承認・管理): role, area, tiers, numbers or persons, lent rights.
//!
//! What may be seen follows from the account alone, never from what an address asks for. Nothing here knows how somebody proves
//! who they are. Start reading at [`Access`].

use chrono::NaiveDate;

use super::association::{Association, Associations, BodySet, Tier};
use super::coded::coded;

coded! {
    /// What somebody is there to do (役割). One account has one: who makes a paper never approves it.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Role {
        /// Looks things up (閲覧).
        Reader = "reader" / "閲覧",
        /// Gives files and makes papers (作成).
        Maker = "maker" / "作成",
        /// Approves what others made (承認).
        Approver = "approver" / "承認",
        /// Keeps the accounts (管理).
        Administrator = "administrator" / "管理",
    }
}

coded! {
    /// What a page asks of whoever opens it.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Need {
        /// Nothing, not even an account: the page of the login itself.
        Nothing = "nothing" / "なし",
        /// An account, whatever it may do.
        Login = "login" / "ログイン",
        /// To see numbers (数).
        Numbers = "numbers" / "数の閲覧",
        /// To see persons by name (名簿).
        Persons = "persons" / "名簿の閲覧",
        /// To see the work of the office: whoever makes or approves.
        Desk = "desk" / "事務",
        /// To give files and make papers.
        Make = "make" / "作成",
        /// To approve what others made.
        Approve = "approve" / "承認",
        /// To keep accounts.
        Administer = "administer" / "管理",
    }
}

impl Role {
    /// Whether the role may, whatever else the account says.
    ///
    /// | | numbers | persons | desk | make | approve | administer |
    /// |---|---|---|---|---|---|---|
    /// | reader | x | x | | | | |
    /// | maker | x | x | x | x | | |
    /// | approver | x | x | x | | x | |
    /// | administrator | x | x | | | | x |
    pub fn may(self, need: Need) -> bool {
        match need {
            Need::Nothing | Need::Login | Need::Numbers | Need::Persons => true,
            Need::Desk => matches!(self, Self::Maker | Self::Approver),
            Need::Make => self == Self::Maker,
            Need::Approve => self == Self::Approver,
            Need::Administer => self == Self::Administrator,
        }
    }

    /// Whether whoever has the role proves with more than a password who they are: what they do cannot be looked at by another
    /// person afterwards before it counts.
    pub fn needs_second_factor(self) -> bool {
        matches!(self, Self::Approver | Self::Administrator)
    }
}

/// Whose figures are meant (範囲).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccessArea {
    /// All bodies.
    Everywhere,
    /// The bodies of a prefecture, by its code (都道府県コード), such as 11.
    Prefecture(String),
    /// One body, by its code, such as 11-001, and all that stand below it.
    Association(String),
}

impl AccessArea {
    /// The area of a stored kind and code; `None` where there is no such kind, or the code is missing or too much.
    pub fn from_parts(kind: &str, code: &str) -> Option<Self> {
        match (kind, code.is_empty()) {
            ("everywhere", true) => Some(Self::Everywhere),
            ("prefecture", false) => Some(Self::Prefecture(code.into())),
            ("association", false) => Some(Self::Association(code.into())),
            _ => None,
        }
    }

    /// Its kind, as it is stored.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Everywhere => "everywhere",
            Self::Prefecture(_) => "prefecture",
            Self::Association(_) => "association",
        }
    }

    /// Code of the prefecture or body; empty for all bodies.
    pub fn code(&self) -> &str {
        match self {
            Self::Everywhere => "",
            Self::Prefecture(code) | Self::Association(code) => code,
        }
    }

    /// Whether the master has what it names. The national body is no area: whoever may see it may see everything.
    pub fn is_known(&self, associations: &Associations) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Prefecture(code) => !associations.ranks_of_prefecture(code).is_empty(),
            Self::Association(code) => {
                associations.iter().any(|body| body.code == *code && body.tier != Tier::National)
            }
        }
    }

    /// What it is called on a day, without 医師会 where it is a prefecture; `None` for all bodies, and where the master does not
    /// have it.
    pub fn name_on<'a>(&self, associations: &'a Associations, day: NaiveDate) -> Option<&'a str> {
        let of_prefecture = |code: &str| associations.of_tier(Tier::Prefectural).find(|body| body.prefecture == *code);
        let body = match self {
            Self::Everywhere => None,
            Self::Prefecture(code) => of_prefecture(code),
            Self::Association(code) => associations.iter().find(|body| body.code == *code),
        }?;
        let span = body.span_on(day);
        Some(if matches!(self, Self::Prefecture(_)) { &span.short_name } else { &span.name })
    }

    /// Its bodies of all tiers on a day: with those below, and with those that have ended by then and whose place one body alone
    /// of the area took (合併), through as many mergers as there were. The national body is in none but [`Self::Everywhere`].
    ///
    /// A body that was divided (分割) is not in the area of its parts: its members went to others as well.
    pub fn bodies_on(&self, associations: &Associations, today: NaiveDate) -> BodySet {
        let names = |body: &Association| match self {
            Self::Everywhere => true,
            Self::Prefecture(code) => body.tier != Tier::National && body.prefecture == *code,
            Self::Association(code) => body.tier != Tier::National && body.code == *code,
        };
        let mut out = BodySet::of(associations, names);
        loop {
            let wider = out
                .with(associations, |body| body.tier != Tier::National && is_led_to(associations, body, &out, today));
            if wider == out {
                return out;
            }
            out = wider;
        }
    }
}

/// Whether the body above, or the one body that took the place of one that has ended, is in a set.
fn is_led_to(associations: &Associations, body: &Association, set: &BodySet, today: NaiveDate) -> bool {
    let has = |other: &Association| associations.rank(other.id).is_some_and(|rank| set.has(rank));
    let above = body.span_on(today).parent.as_deref().and_then(|code| associations.by_code(code));
    let is_merged = body.has_ended_before(today) && body.successors.len() == 1;
    above.is_some_and(has) || is_merged && associations.successors(body).all(has)
}

/// Tiers of which somebody may see (階層).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TierSet([bool; Tier::ALL.len()]);

impl TierSet {
    /// These tiers.
    pub fn of(tiers: &[Tier]) -> Self {
        Self(Tier::ALL.map(|tier| tiers.contains(&tier)))
    }

    /// The tiers of machine codes with commas between them; `None` where one is none.
    pub fn from_codes(codes: &str) -> Option<Self> {
        let named = codes.split(',').filter(|code| !code.is_empty());
        Some(Self::of(&named.map(Tier::from_code).collect::<Option<Vec<_>>>()?))
    }

    /// Machine codes in official order, with commas between them.
    pub fn codes(self) -> String {
        self.iter().map(Tier::code).collect::<Vec<_>>().join(",")
    }

    /// The tiers in official order.
    pub fn iter(self) -> impl Iterator<Item = Tier> {
        Tier::ALL.into_iter().filter(move |tier| self.has(*tier))
    }

    /// Whether a tier is among them.
    pub fn has(self, tier: Tier) -> bool {
        self.0[tier.index()]
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

/// The right to see what is another's (取決め), for a while.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LentRight {
    /// Whose figures: a prefecture or an association.
    pub area: AccessArea,
    /// Last day of the arrangement, inclusive.
    pub until: NaiveDate,
    /// Persons too; to an account for numbers only this gives numbers.
    pub persons: bool,
}

/// Why no account may be so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccessFault {
    /// There is no tier to see anything of.
    #[error("no tier is named")]
    NoTier,
    /// The national tier belongs to the whole country.
    #[error("the national tier is not part of a prefecture or an association")]
    NationalTier,
    /// Everything was to be lent.
    #[error("only what is of a prefecture or an association is lent")]
    LendsEverything,
}

/// What an account may see and do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    role: Role,
    area: AccessArea,
    tiers: TierSet,
    persons: bool,
    lent: Vec<LentRight>,
}

impl Access {
    /// What an account may with its own rights and those that it was lent, ended ones among them.
    ///
    /// # Errors
    /// [`AccessFault`] where the account sees nothing, sees the national tier without seeing everything, or was lent everything.
    pub fn new(
        role: Role,
        area: AccessArea,
        tiers: TierSet,
        persons: bool,
        lent: Vec<LentRight>,
    ) -> Result<Self, AccessFault> {
        if tiers.is_empty() {
            return Err(AccessFault::NoTier);
        }
        if area != AccessArea::Everywhere && tiers.has(Tier::National) {
            return Err(AccessFault::NationalTier);
        }
        if lent.iter().any(|right| right.area == AccessArea::Everywhere) {
            return Err(AccessFault::LendsEverything);
        }
        Ok(Self { role, area, tiers, persons, lent })
    }

    /// Role.
    pub fn role(&self) -> Role {
        self.role
    }

    /// The area of its own.
    pub fn area(&self) -> &AccessArea {
        &self.area
    }

    /// Tiers, of its own area and of what it was lent.
    pub fn tiers(&self) -> TierSet {
        self.tiers
    }

    /// Persons too, not numbers only.
    pub fn persons(&self) -> bool {
        self.persons
    }

    /// What it was lent, ended arrangements among it.
    pub fn lent(&self) -> &[LentRight] {
        &self.lent
    }

    /// What it was lent and still has on a day.
    pub fn lent_on(&self, today: NaiveDate) -> impl Iterator<Item = &LentRight> {
        self.lent.iter().filter(move |right| today <= right.until)
    }

    /// The same without anything that was lent.
    #[must_use]
    pub fn own(&self) -> Self {
        Self { lent: Vec::new(), ..self.clone() }
    }

    /// Whether a page that asks for this may be opened.
    pub fn may(&self, need: Need) -> bool {
        self.role.may(need) && (need != Need::Persons || self.persons)
    }

    /// Whether it sees all members of all bodies by name, as whoever gives files must: each may hold any of them.
    pub fn sees_everybody(&self) -> bool {
        self.persons && self.area == AccessArea::Everywhere && self.tiers == TierSet::of(&Tier::ALL)
    }

    /// Bodies whose numbers may be seen on a day.
    pub fn numbers_of(&self, associations: &Associations, today: NaiveDate) -> BodySet {
        self.seen(associations, today, |_| true)
    }

    /// Bodies whose members may be seen by name on a day; all of them are among [`Self::numbers_of`].
    pub fn persons_of(&self, associations: &Associations, today: NaiveDate) -> BodySet {
        if !self.persons {
            return BodySet::of(associations, |_| false);
        }
        self.seen(associations, today, |right| right.persons)
    }

    fn seen(&self, associations: &Associations, today: NaiveDate, counts: impl Fn(&LentRight) -> bool) -> BodySet {
        let own = self.area.bodies_on(associations, today).only(associations, |body| self.tiers.has(body.tier));
        let lent = self.lent_on(today).filter(|right| counts(right));
        lent.fold(own, |seen, right| {
            let bodies = right.area.bodies_on(associations, today);
            // The national body is in no area that is lent.
            seen.with(associations, |body| {
                self.tiers.has(body.tier) && associations.rank(body.id).is_some_and(|rank| bodies.has(rank))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::association::tests::through_time;
    use crate::written::{day, local, row, sample, with_top};

    const BELOW: [Tier; 2] = [Tier::Local, Tier::Prefectural];

    fn prefecture(code: &str) -> AccessArea {
        AccessArea::Prefecture(code.into())
    }

    fn association(code: &str) -> AccessArea {
        AccessArea::Association(code.into())
    }

    fn access(area: AccessArea, tiers: &[Tier], persons: bool, lent: Vec<LentRight>) -> Access {
        Access::new(Role::Reader, area, TierSet::of(tiers), persons, lent).expect("an account may be so")
    }

    fn codes(set: &BodySet, master: &Associations) -> Vec<String> {
        set.bodies(master).map(|(_, body)| body.code.clone()).collect()
    }

    #[rstest]
    #[case::reader(Role::Reader, [true, true, false, false, false, false])]
    #[case::maker(Role::Maker, [true, true, true, true, false, false])]
    #[case::approver_makes_nothing(Role::Approver, [true, true, true, false, true, false])]
    #[case::administrator_makes_and_approves_nothing(Role::Administrator, [true, true, false, false, false, true])]
    fn role_may_what_the_table_says(#[case] role: Role, #[case] expected: [bool; 6]) {
        let asked = [Need::Numbers, Need::Persons, Need::Desk, Need::Make, Need::Approve, Need::Administer];
        assert_eq!(asked.map(|need| role.may(need)), expected);
        assert!(role.may(Need::Nothing) && role.may(Need::Login));
    }

    #[test]
    fn account_for_numbers_sees_no_person_in_any_role() {
        let master = sample();
        for role in Role::ALL {
            let lent = vec![LentRight { area: prefecture("13"), until: day("2026-03-31"), persons: true }];
            let tiers = TierSet::of(&BELOW);
            let numbers = Access::new(role, prefecture("11"), tiers, false, lent).expect("an account may be so");
            assert!(numbers.may(Need::Numbers) && !numbers.may(Need::Persons));
            assert!(numbers.persons_of(&master, day("2026-01-01")).is_empty());
            assert_eq!(codes(&numbers.numbers_of(&master, day("2026-01-01")), &master).len(), 6, "with what was lent");
        }
    }

    #[rstest]
    #[case::everything(AccessArea::Everywhere, &Tier::ALL, &["11-001", "11-002", "11-003", "13-001", "P11", "P13", "JMA"])]
    #[case::everywhere_without_the_national_tier(AccessArea::Everywhere, &BELOW, &["11-001", "11-002", "11-003", "13-001", "P11", "P13"])]
    #[case::national_tier_only(AccessArea::Everywhere, &[Tier::National], &["JMA"])]
    #[case::prefecture(prefecture("11"), &BELOW, &["11-001", "11-002", "11-003", "P11"])]
    #[case::prefecture_without_its_local_bodies(prefecture("11"), &[Tier::Prefectural], &["P11"])]
    #[case::association(association("11-002"), &BELOW, &["11-002"])]
    #[case::association_sees_nothing_above(association("11-002"), &[Tier::Prefectural], &[])]
    #[case::prefectural_body_with_those_below(association("P13"), &BELOW, &["13-001", "P13"])]
    #[case::national_body_is_no_area(association("JMA"), &BELOW, &[])]
    #[case::prefecture_that_the_master_does_not_have(prefecture("47"), &BELOW, &[])]
    #[case::body_that_the_master_does_not_have(association("47-001"), &BELOW, &[])]
    #[case::no_prefecture_is_not_the_country(prefecture(""), &BELOW, &[])]
    fn account_sees_the_bodies_of_its_area(
        #[case] area: AccessArea,
        #[case] tiers: &[Tier],
        #[case] expected: &[&str],
    ) {
        let master = sample();
        let seen = access(area, tiers, true, vec![]);
        assert_eq!(codes(&seen.numbers_of(&master, day("2026-01-01")), &master), expected);
        assert_eq!(codes(&seen.persons_of(&master, day("2026-01-01")), &master), expected);
    }

    #[rstest]
    #[case::all(AccessArea::Everywhere, &Tier::ALL, true, true)]
    #[case::numbers_only(AccessArea::Everywhere, &Tier::ALL, false, false)]
    #[case::tier_missing(AccessArea::Everywhere, &BELOW, true, false)]
    #[case::prefecture(prefecture("11"), &BELOW, true, false)]
    #[case::association(association("11-002"), &BELOW, true, false)]
    fn only_whoever_sees_all_by_name_sees_everybody(
        #[case] area: AccessArea,
        #[case] tiers: &[Tier],
        #[case] persons: bool,
        #[case] expected: bool,
    ) {
        let lent = vec![LentRight { area: prefecture("13"), until: day("2099-12-31"), persons: true }];
        assert_eq!(access(area, tiers, persons, lent).sees_everybody(), expected);
    }

    #[rstest]
    #[case::before_the_merger("11-003", "2025-03-31", &["11-003"])]
    #[case::after_the_merger("11-003", "2025-04-01", &["11-001", "11-002", "11-003"])]
    #[case::ended_body_sees_itself("11-001", "2025-04-01", &["11-001"])]
    #[case::part_of_a_divided_body_sees_itself("11-005", "2025-04-01", &["11-005"])]
    #[case::renamed("11-007", "2025-04-01", &["11-007"])]
    fn successor_sees_those_that_merged_into_it(#[case] code: &str, #[case] today: &str, #[case] expected: &[&str]) {
        let master = through_time();
        let seen = access(association(code), &BELOW, true, vec![]);
        assert_eq!(codes(&seen.numbers_of(&master, day(today)), &master), expected);
    }

    /// 11-001 merged into 11-002, that into 11-003; below 11-001 stood 11-010.
    #[test]
    fn mergers_are_followed_through_all_of_them_and_with_what_stood_below() {
        let below = row("11-010", Tier::Local, "区", "11-001", ["", "2010-03-31"], &[]);
        let master = Associations::new(with_top(vec![
            local("11-001", "甲", ["", "2010-03-31"], &["11-002"]),
            local("11-002", "乙", ["", "2020-03-31"], &["11-003"]),
            local("11-003", "丙", ["", ""], &[]),
            below,
        ]))
        .expect("the master is sound");
        let seen = |code: &str| {
            codes(&access(association(code), &BELOW, true, vec![]).numbers_of(&master, day("2026-01-01")), &master)
        };
        assert_eq!(seen("11-003"), ["11-001", "11-002", "11-003", "11-010"]);
        assert_eq!(seen("11-002"), ["11-001", "11-002", "11-010"], "what came after is another's");
    }

    #[rstest]
    #[case::last_day("2026-03-31", &["11-002", "13-001"], &["11-002"])]
    #[case::day_after("2026-04-01", &["11-002"], &["11-002"])]
    fn lent_right_ends_with_its_last_day(#[case] today: &str, #[case] numbers: &[&str], #[case] persons: &[&str]) {
        let master = sample();
        let lent = vec![LentRight { area: association("13-001"), until: day("2026-03-31"), persons: false }];
        let seen = access(association("11-002"), &BELOW, true, lent);
        assert_eq!(codes(&seen.numbers_of(&master, day(today)), &master), numbers);
        assert_eq!(codes(&seen.persons_of(&master, day(today)), &master), persons, "numbers were lent, nobody's name");
    }

    #[test]
    fn national_tier_is_neither_owned_nor_lent_below_the_country() {
        let all = TierSet::of(&Tier::ALL);
        for area in [prefecture("11"), association("11-001"), association("JMA")] {
            let made = Access::new(Role::Reader, area, all, true, vec![]);
            assert_eq!(made, Err(AccessFault::NationalTier));
        }
        let until = day("2099-12-31");
        let lent = vec![LentRight { area: AccessArea::Everywhere, until, persons: true }];
        let made = Access::new(Role::Reader, prefecture("11"), TierSet::of(&BELOW), true, lent);
        assert_eq!(made, Err(AccessFault::LendsEverything));
        let master = sample();
        let lent = vec![LentRight { area: association("JMA"), until, persons: true }];
        let seen = access(prefecture("13"), &BELOW, true, lent);
        assert_eq!(codes(&seen.numbers_of(&master, day("2026-01-01")), &master), ["13-001", "P13"]);
        let made = Access::new(Role::Reader, prefecture("11"), TierSet::default(), true, vec![]);
        assert_eq!(made, Err(AccessFault::NoTier));
    }

    #[rstest]
    #[case::everywhere("everywhere", "", true)]
    #[case::prefecture("prefecture", "11", true)]
    #[case::association("association", "11-001", true)]
    #[case::prefecture_without_a_code("prefecture", "", false)]
    #[case::everywhere_with_a_code("everywhere", "11", false)]
    #[case::other_kind("country", "", false)]
    fn area_comes_back_from_its_parts(#[case] kind: &str, #[case] code: &str, #[case] is_area: bool) {
        let area = AccessArea::from_parts(kind, code);
        assert_eq!(area.is_some(), is_area);
        assert!(area.is_none_or(|area| (area.kind(), area.code()) == (kind, code)));
    }

    #[test]
    fn tiers_come_back_from_their_codes() {
        for tiers in [&Tier::ALL[..], &BELOW, &[Tier::National], &[]] {
            let set = TierSet::of(tiers);
            assert_eq!(TierSet::from_codes(&set.codes()), Some(set));
        }
        assert_eq!(TierSet::of(&[Tier::National, Tier::Local]).codes(), "local,national");
        assert_eq!(TierSet::from_codes("local,all"), None);
    }
}
