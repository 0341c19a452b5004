//! What an export of a day shows: the rows of a physician, the description, the applications.

use chrono::NaiveDate;

use super::World;
use super::bodies::NATIONAL;
use super::names::{FACILITIES, FAMILY_NAMES, GIVEN_NAMES};
use super::people::{ALWAYS, Filing, LocalStay, Physician, UpperStay, Wanted, ending_on};
use crate::domain::application::{ApplicationKind, ApplicationStatus, Filer};
use crate::domain::class::NationalClass;
use crate::domain::day::{date_of, day_number};
use crate::domain::enrolment::{SourceStatus, WithdrawalReason};
use crate::domain::person::{PersonTexts, Sex};

/// One row of a member export as facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SynthRow {
    /// The local stay.
    pub local: SynthStay,
    /// 入会希望日.
    pub wished_on: Option<NaiveDate>,
    /// 退会理由.
    pub reason: WithdrawalReason,
    /// 会員状態: 退会 as soon as a withdrawal is approved, which is the defect of the source.
    pub status: SourceStatus,
    /// The prefectural stay, when there is one and the row is no mere application.
    pub prefectural: Option<SynthStay>,
    /// The national stay, likewise.
    pub national: Option<SynthStay>,
}

/// A stay as a row tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SynthStay {
    /// Place of the body in the world.
    pub body: u16,
    /// 会員区分.
    pub class: NationalClass,
    /// 入会日; `None` = 申請中.
    pub joined_on: Option<NaiveDate>,
    /// 退会日.
    pub left_on: Option<NaiveDate>,
}

/// One row of an application history as facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SynthApplication {
    /// 申請番号.
    pub number: String,
    /// Place of the physician in the world.
    pub physician: usize,
    /// Place of the body in the world.
    pub body: u16,
    /// 申請種別.
    pub kind: ApplicationKind,
    /// 申請者区分.
    pub filer: Filer,
    /// 申請日.
    pub applied_on: Option<NaiveDate>,
    /// 適用日.
    pub effective_on: Option<NaiveDate>,
    /// 承認日.
    pub approved_on: Option<NaiveDate>,
    /// 取消日.
    pub cancelled_on: Option<NaiveDate>,
    /// 状態.
    pub status: ApplicationStatus,
    /// 変更後会員区分.
    pub class: Option<NationalClass>,
    /// 退会理由.
    pub reason: WithdrawalReason,
    /// 備考.
    pub note: &'static str,
}

impl World {
    /// Number of physicians, all who are ever shown.
    pub fn n_physicians(&self) -> usize {
        self.physicians.len()
    }

    /// 医籍登録番号 of a physician.
    pub fn number(&self, physician: usize) -> u32 {
        self.physicians[physician].number
    }

    /// Code of a body.
    pub fn code(&self, body: u16) -> &str {
        &self.bodies.all[usize::from(body)].code
    }

    /// Number of bodies, all who ever exist.
    pub fn n_bodies(&self) -> u16 {
        u16::try_from(self.bodies.all.len()).unwrap_or(u16::MAX)
    }

    /// The rows that an export of a day shows of a physician, in the order of the file; none for many.
    pub fn rows(&self, physician: usize, export: NaiveDate) -> Vec<SynthRow> {
        let day = day_number(export);
        let person = &self.physicians[physician];
        person.local.iter().filter(|stay| self.is_shown(stay, day)).map(|stay| self.row(person, stay, day)).collect()
    }

    /// The description of a physician as an export of a day shows it: texts, 性別, 生年月日.
    pub fn description(&self, physician: usize, export: NaiveDate) -> (PersonTexts, Sex, Option<NaiveDate>) {
        let person = &self.physicians[physician];
        let day = day_number(export);
        let (family, given) = (FAMILY_NAMES[usize::from(person.family)], GIVEN_NAMES[usize::from(person.given)]);
        let facility = person.facility_on(day);
        let kind = FACILITIES[usize::try_from(facility).unwrap_or(0) % FACILITIES.len()];
        let texts = PersonTexts {
            name: format!("{}　{}", family.0, given.0),
            kana: format!("{} {}", family.1, given.1),
            graduated: format!("{}-03", person.graduated),
            facility: format!("{kind}{facility}"),
            duty: person.duty_on(day).word().to_string(),
        };
        (texts, person.sex, date_of(person.born))
    }

    /// Days on which exports begin to show something else of a physician, or a day that they tell has passed: between two
    /// exports without one of these nothing about the physician changes. Not sorted.
    pub fn days_of_change(&self, physician: usize) -> Vec<NaiveDate> {
        let person = &self.physicians[physician];
        let kept = self.kept_days;
        let mut days: Vec<i32> = person.facilities.iter().map(|(known, _)| *known).collect();
        days.extend(person.duties.iter().map(|(known, _)| *known));
        days.extend(person.classes.iter().map(|change| change.known));
        for stay in &person.local {
            days.extend([stay.shown_from, stay.admitted, stay.joined]);
            days.extend(stay.hidden.iter().flat_map(|(from, until)| [*from, *until]));
            days.extend(stay.corrected.iter().flat_map(|(known, wrong)| [*known, *wrong]));
            days.extend(stay.endings.iter().flat_map(|ending| of_ending(ending.known, ending.left, kept)));
            days.extend(self.bodies.changes_of(stay.body, person.number));
        }
        for stay in person.prefectural.iter().chain(&person.national) {
            days.push(stay.joined);
            days.extend(stay.endings.iter().flat_map(|ending| of_ending(ending.known, ending.left, kept)));
        }
        days.into_iter().filter(|day| *day != ALWAYS && *day != i32::MAX).filter_map(date_of).collect()
    }

    /// Number of applications, each one row for each body concerned.
    pub fn n_filings(&self) -> usize {
        self.filings.len()
    }

    /// Place of the physician whom an application is about.
    pub fn filed_by(&self, filing: usize) -> usize {
        self.filings[filing].physician
    }

    /// 申請番号 of an application.
    pub fn filing_number(&self, filing: usize) -> String {
        format!("S{:07}", filing + 1)
    }

    /// Days on which an application says something else.
    pub fn days_of_filing(&self, filing: usize) -> Vec<NaiveDate> {
        let filing = &self.filings[filing];
        [Some(filing.applied), filing.approved, filing.cancelled].into_iter().flatten().filter_map(date_of).collect()
    }

    /// The rows of an application in the history of a day: as long after its last word as ended rows are kept, and while
    /// it is not decided.
    pub fn applications(&self, filing: usize, export: NaiveDate) -> Vec<SynthApplication> {
        let day = day_number(export);
        let told = &self.filings[filing];
        let by = |on: Option<i32>| on.filter(|on| *on <= day);
        let (approved, cancelled) = (by(told.approved), by(told.cancelled));
        let last = cancelled.or(approved).unwrap_or(told.applied);
        let is_open = approved.is_none() && cancelled.is_none();
        if told.applied > day || (!is_open && last < day - self.kept_days) {
            return Vec::new();
        }
        let number = self.filing_number(filing);
        told.bodies.iter().map(|body| application(&number, told, *body, (approved, cancelled))).collect()
    }

    fn is_shown(&self, stay: &LocalStay, day: i32) -> bool {
        let is_hidden = stay.hidden.is_some_and(|(from, until)| from <= day && day < until);
        let is_over = ending_on(&stay.endings, day)
            .and_then(|ending| ending.left)
            .is_some_and(|left| left < day - self.kept_days);
        stay.shown_from <= day && !is_hidden && !is_over
    }

    fn row(&self, person: &Physician, stay: &LocalStay, day: i32) -> SynthRow {
        let ending = ending_on(&stay.endings, day);
        let left = ending.and_then(|ending| ending.left);
        let is_pending = day < stay.admitted;
        let joined = match stay.corrected {
            Some((known, wrong)) if day < known => wrong,
            _ => stay.joined,
        };
        let body = self.bodies.on(stay.body, left.map_or(day, |left| left.min(day)), person.number);
        let class = person.class_shown(day, left);
        let upper = |stays: &[UpperStay], place: Option<usize>| {
            place.filter(|_| !is_pending).and_then(|place| stays.get(place)).map(|stay| upper_stay(person, stay, day))
        };
        SynthRow {
            local: SynthStay {
                body,
                class,
                joined_on: if is_pending { None } else { date_of(joined) },
                left_on: left.and_then(date_of),
            },
            wished_on: date_of(stay.wished),
            reason: ending.map_or(WithdrawalReason::None, |ending| ending.reason),
            status: match left {
                _ if is_pending => SourceStatus::Pending,
                Some(_) => SourceStatus::Withdrawn,
                None => SourceStatus::Active,
            },
            prefectural: upper(&person.prefectural, stay.prefectural),
            national: upper(&person.national, stay.national),
        }
    }
}

/// The day on which an end is told, the days after it, and the day on which the row goes.
fn of_ending(known: i32, left: Option<i32>, kept: i32) -> impl Iterator<Item = i32> {
    let after = left.into_iter().flat_map(move |left| [left, left + 1, left + kept + 1]);
    std::iter::once(known).chain(after)
}

fn upper_stay(person: &Physician, stay: &UpperStay, day: i32) -> SynthStay {
    let left = ending_on(&stay.endings, day).and_then(|ending| ending.left);
    assert!(stay.body == NATIONAL || left.is_none_or(|left| left >= stay.joined), "stays are not reversed");
    SynthStay {
        body: stay.body,
        class: person.class_shown(day, left),
        joined_on: date_of(stay.joined),
        left_on: left.and_then(date_of),
    }
}

fn application(
    number: &str,
    told: &Filing,
    body: u16,
    (approved, cancelled): (Option<i32>, Option<i32>),
) -> SynthApplication {
    let date = |day: Option<i32>| day.and_then(date_of);
    SynthApplication {
        number: number.to_string(),
        physician: told.physician,
        body,
        kind: match told.wanted {
            Wanted::Joining => ApplicationKind::Joining,
            Wanted::Withdrawal => ApplicationKind::Withdrawal,
            Wanted::ClassChange => ApplicationKind::ClassChange,
            Wanted::Facility => ApplicationKind::Other,
        },
        filer: if told.by_proxy { Filer::Proxy } else { Filer::Person },
        applied_on: date_of(told.applied),
        effective_on: date_of(told.effective),
        approved_on: date(approved),
        cancelled_on: date(cancelled),
        status: match (approved, cancelled) {
            (_, Some(_)) => ApplicationStatus::Cancelled,
            (Some(_), None) => ApplicationStatus::Approved,
            (None, None) => ApplicationStatus::Pending,
        },
        class: told.class,
        reason: told.reason,
        note: told.note,
    }
}
