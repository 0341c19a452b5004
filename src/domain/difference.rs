//! The difference law (R15): why our count and the source's own differ on an export day, person by person.
//!
//! The source (MAMIS) subtracts a member as soon as a withdrawal is approved and adds one as soon as a join is;
//! we count by date. The first term is counted from stored cells, the others from days, and what we count comes from
//! outside: so a remainder can be there, and is a fault of the program.

use chrono::NaiveDate;

use super::as_of::WithdrawalDayRule;
use super::audit::AuditCode;
use super::enrolment::SourceStatus;
use super::ids::{AssociationId, PhysicianId};
use super::metric::Metric;
use super::stored_state::{Agreement, StateAndDays, StateContradiction};

/// A local stay as the newest export leaves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StayOnExportDay {
    /// The person.
    pub physician: PhysicianId,
    /// The body.
    pub association: AssociationId,
    /// 入会日; `None` = pending.
    pub joined_on: Option<NaiveDate>,
    /// 退会日.
    pub left_on: Option<NaiveDate>,
    /// The stored 会員状態.
    pub status: SourceStatus,
    /// Rows of the export that show the stay in that state; 0 = not shown.
    pub rows_shown: u16,
    /// Whether the export day is a day of the body for this stay; nobody is a member of one that does not exist.
    pub body_exists: bool,
}

impl StayOnExportDay {
    /// State and days.
    pub fn stored(&self) -> StateAndDays {
        StateAndDays { status: self.status, joined_on: self.joined_on, left_on: self.left_on }
    }

    /// Whether the stay counts on a day by its own days and those of its body.
    pub fn is_in_force(&self, day: NaiveDate, rule: WithdrawalDayRule) -> bool {
        self.body_exists && self.stored().is_in_force(day, rule)
    }

    fn is_shown(&self) -> bool {
        self.rows_shown > 0
    }
}

/// Why a person makes the two counts differ. Lists of people go by the order here, the law by that of [`Self::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DifferenceCause {
    /// Approved withdrawal whose day has not passed: we count, the source does not (+1).
    WithdrawalAhead,
    /// Approved join whose day has not come: the source counts, we do not (−1).
    JoinAhead,
    /// Stay in force that the export no longer shows (+1).
    NotShown,
    /// Counted, or not counted, because of an application or adjustment that the export does not reflect (±1).
    Corrected,
    /// Row that says 在籍 of a body that has ended or not yet begun: the source counts, we do not (−1).
    BodyNotThere,
    /// The stored state says otherwise than the days, and nothing of the above explains it (±1, or 0 where both count).
    Contradiction,
    /// One person shown twice in one body: the second row (−1).
    DoubleRow,
    /// Nothing of the above explains it: a fault of the program.
    Unexplained,
}

impl DifferenceCause {
    /// All of them in the order of the law.
    pub const ALL: [Self; 8] = [
        Self::WithdrawalAhead,
        Self::JoinAhead,
        Self::BodyNotThere,
        Self::NotShown,
        Self::Corrected,
        Self::Contradiction,
        Self::DoubleRow,
        Self::Unexplained,
    ];

    /// The term of the law that counts it, with everything that it is called.
    pub fn term(self) -> Term {
        TERMS[self as usize]
    }
}

/// How a term stands in the law.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Added: each person counts one more.
    Plus,
    /// Taken away: each person counts one less.
    Minus,
    /// Either, person by person; the figure of the term has a sign of its own.
    Either,
}

impl Sign {
    /// As printed in front of the name of a term.
    pub fn label(self) -> char {
        match self {
            Self::Plus => '＋',
            Self::Minus => '－',
            Self::Either => '±',
        }
    }

    /// What turns an effect into the figure of the term, and back.
    fn factor(self) -> i64 {
        if self == Self::Minus { -1 } else { 1 }
    }
}

/// A term of the law (R15) with all of its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// Whose people it counts.
    pub cause: DifferenceCause,
    /// Its figure in the catalogue: heading and sentence.
    pub metric: Metric,
    /// Its sign in the law.
    pub sign: Sign,
    /// Key of its column and of its figure in JSON.
    pub key: &'static str,
    /// Machine name of one of its people.
    pub code: &'static str,
    /// What a list calls one of its people.
    pub label: &'static str,
    /// English name of the figure.
    pub english: &'static str,
    /// The check under which an audit finds one of its people.
    pub check: AuditCode,
}

/// One person behind the difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DifferencePerson {
    /// Why.
    pub cause: DifferenceCause,
    /// What it adds to the source's count.
    pub effect: i64,
    /// The stay; of an unexplained one the first of the person in the body.
    pub stay: StayOnExportDay,
    /// What contradicts what; of contradictions only.
    pub contradiction: Option<StateContradiction>,
}

/// The terms by place of their causes.
const TERMS: [Term; 8] = [
    Term {
        cause: DifferenceCause::WithdrawalAhead,
        metric: Metric::WithdrawalsAhead,
        sign: Sign::Plus,
        key: "withdrawals_ahead",
        code: "withdrawal_ahead",
        label: "退会承認済・退会日未到来",
        english: "withdrawals ahead",
        check: AuditCode::DifferenceWithdrawalAhead,
    },
    Term {
        cause: DifferenceCause::JoinAhead,
        metric: Metric::JoinsAhead,
        sign: Sign::Minus,
        key: "joins_ahead",
        code: "join_ahead",
        label: "入会承認済・入会日未到来",
        english: "joins ahead",
        check: AuditCode::DifferenceJoinAhead,
    },
    Term {
        cause: DifferenceCause::NotShown,
        metric: Metric::NotShown,
        sign: Sign::Plus,
        key: "not_shown",
        code: "not_shown",
        label: "在籍のまま出力に見えない",
        english: "not shown",
        check: AuditCode::DifferenceNotShown,
    },
    Term {
        cause: DifferenceCause::Corrected,
        metric: Metric::ByCorrections,
        sign: Sign::Either,
        key: "corrected",
        code: "corrected",
        label: "申請・調整（出力に反映されていない）",
        english: "corrected",
        check: AuditCode::DifferenceCorrected,
    },
    Term {
        cause: DifferenceCause::BodyNotThere,
        metric: Metric::BodiesNotThere,
        sign: Sign::Minus,
        key: "bodies_not_there",
        code: "body_not_there",
        label: "廃止・新設前の医師会の行",
        english: "rows of bodies not there",
        check: AuditCode::DifferenceBodyNotThere,
    },
    Term {
        cause: DifferenceCause::Contradiction,
        metric: Metric::StateContradictions,
        sign: Sign::Either,
        key: "contradictions",
        code: "contradiction",
        label: "会員状態と日付の不一致",
        english: "contradictions of state and days",
        check: AuditCode::DifferenceContradiction,
    },
    Term {
        cause: DifferenceCause::DoubleRow,
        metric: Metric::DoubleRows,
        sign: Sign::Minus,
        key: "double_rows",
        code: "double_row",
        label: "二重の行",
        english: "double rows",
        check: AuditCode::DifferenceDoubleRow,
    },
    Term {
        cause: DifferenceCause::Unexplained,
        metric: Metric::Remainder,
        sign: Sign::Either,
        key: "remainder",
        code: "unexplained",
        label: "説明のつかない差",
        english: "remainder",
        check: AuditCode::DifferenceUnexplained,
    },
];

/// The MAMIS difference (MAMIS差異) of one body: what MAMIS shows, the terms of the law, what we count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DifferenceTerms {
    /// Rows whose stored 会員状態 is 在籍.
    pub source_count: i64,
    /// What the people of each cause add to it, by place of the cause.
    effects: [i64; 8],
    /// Our memberships.
    pub ours: i64,
}

impl DifferenceTerms {
    /// Adds the terms of another body.
    pub fn add(&mut self, other: &Self) {
        self.source_count += other.source_count;
        self.effects.iter_mut().zip(other.effects).for_each(|(sum, n)| *sum += n);
        self.ours += other.ours;
    }

    /// The difference: our memberships − the source's count.
    pub fn difference(&self) -> i64 {
        self.ours - self.source_count
    }

    /// A term with the sign that it has in the law.
    pub fn effect_of(&self, cause: DifferenceCause) -> i64 {
        self.effects[cause as usize]
    }

    /// A term as printed behind its sign: 0 or more where the sign is ＋ or －.
    pub fn figure(&self, cause: DifferenceCause) -> i64 {
        self.effect_of(cause) * cause.term().sign.factor()
    }

    /// What is left over; must be 0.
    pub fn remainder(&self) -> i64 {
        self.effect_of(DifferenceCause::Unexplained)
    }

    fn take(&mut self, person: &DifferencePerson) {
        self.effects[person.cause as usize] += person.effect;
    }
}

/// What is known of one person in one body.
#[derive(Debug, Clone, Copy)]
pub struct PersonInBody<'a> {
    /// Her stays as exports tell them, by 入会日.
    pub exports: &'a [StayOnExportDay],
    /// A stay that counts on the export day with applications and adjustments, by its days; `None` without one.
    pub resolved: Option<StayOnExportDay>,
    /// Whether the figures count her.
    pub is_counted: bool,
}

/// Sets up the law for one person in one body on export day `t`: the terms and the lines with her in them.
pub fn law_of_person(
    person: PersonInBody<'_>,
    t: NaiveDate,
    rule: WithdrawalDayRule,
) -> (DifferenceTerms, Vec<DifferencePerson>) {
    let mut people = Vec::new();
    let mut n_in_force: u16 = 0;
    for stay in person.exports.iter().filter(|stay| stay.is_shown()) {
        people.extend(of_row(stay, t, rule));
        if stay.is_in_force(t, rule) {
            n_in_force += 1;
            if n_in_force > 1 {
                people.push(line(DifferenceCause::DoubleRow, -1, stay));
            }
        }
        // Of rows with one 入会日 only those in the state of the stay are known; they say the same once more.
        let n_more = if stay.stored().is_counted_by_state() { stay.rows_shown.saturating_sub(1) } else { 0 };
        people.extend((0..n_more).map(|_| line(DifferenceCause::DoubleRow, -1, stay)));
    }
    people.extend(beside_rows(&person, n_in_force > 0, t, rule));
    let mut terms = DifferenceTerms { ours: i64::from(person.is_counted), ..DifferenceTerms::default() };
    let stored = person.exports.iter().filter(|stay| stay.stored().is_counted_by_state());
    terms.source_count = stored.map(|stay| i64::from(stay.rows_shown)).sum();
    people.iter().for_each(|one| terms.take(one));
    let rest = terms.difference() - terms.effects.iter().sum::<i64>();
    terms.effects[DifferenceCause::Unexplained as usize] = rest;
    if rest != 0
        && let Some(first) = person.exports.first().copied().or(person.resolved)
    {
        people.push(line(DifferenceCause::Unexplained, rest, &first));
    }
    (terms, people)
}

fn line(cause: DifferenceCause, effect: i64, stay: &StayOnExportDay) -> DifferencePerson {
    DifferencePerson { cause, effect, stay: *stay, contradiction: None }
}

/// What the first row of a stay has to say: its state beside its days.
fn of_row(stay: &StayOnExportDay, t: NaiveDate, rule: WithdrawalDayRule) -> Option<DifferencePerson> {
    let stored = stay.stored();
    // Days in force in a body that is not there: MAMIS counts them, where it does, for that reason alone.
    if stored.is_in_force(t, rule) && !stay.body_exists {
        return stored.is_counted_by_state().then(|| line(DifferenceCause::BodyNotThere, -1, stay));
    }
    match stored.agreement(t, rule) {
        Agreement::Agrees => None,
        Agreement::WithdrawalAhead => Some(line(DifferenceCause::WithdrawalAhead, 1, stay)),
        Agreement::JoinAhead => Some(line(DifferenceCause::JoinAhead, -1, stay)),
        Agreement::Contradicts(kind) => {
            let effect = i64::from(stored.is_in_force(t, rule)) - i64::from(stored.is_counted_by_state());
            let of_stay = line(DifferenceCause::Contradiction, effect, stay);
            Some(DifferencePerson { contradiction: Some(kind), ..of_stay })
        }
    }
}

/// What no row of the export shows: a stay that was shown before, and what applications and adjustments change.
fn beside_rows(
    person: &PersonInBody<'_>,
    is_shown_in_force: bool,
    t: NaiveDate,
    rule: WithdrawalDayRule,
) -> Option<DifferencePerson> {
    let in_force = |stay: &&StayOnExportDay| stay.is_in_force(t, rule);
    let vanished = person.exports.iter().filter(|stay| !stay.is_shown()).find(in_force);
    match (is_shown_in_force, vanished, person.resolved) {
        // One that an application or adjustment has ended is not in force (R6).
        (false, Some(vanished), Some(_)) => Some(line(DifferenceCause::NotShown, 1, vanished)),
        (false, None, Some(resolved)) => Some(line(DifferenceCause::Corrected, 1, &resolved)),
        (true, _, None) => {
            let shown = person.exports.iter().filter(|stay| stay.is_shown()).find(in_force);
            shown.map(|shown| line(DifferenceCause::Corrected, -1, shown))
        }
        (false, _, None) | (true, _, Some(_)) => None,
    }
}

#[cfg(test)]
mod tests;
