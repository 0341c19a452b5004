//! Which days of a membership are days of its body: nobody is a member of a body that does not exist.
//!
//! A stay that exports leave open ends with its body, and one that they show from before its body begins with it. Where
//! a body was taken into one that existed before, exports may show the stay there with the 入会日 of the old one: it is
//! the same membership, and counts there from the day of the change. This module knows no files and counts nothing.

use chrono::NaiveDate;

use super::association::{Association, Associations};
use super::ids::AssociationId;
use super::membership::Segment;

/// Hands on the segments that `each_segment` hands over person by person, with the days of their bodies only. Returns what
/// `each_segment` returns: whoever reads a file may fail.
pub fn each_within_bodies<R>(
    associations: &Associations,
    each_segment: impl FnOnce(&mut dyn FnMut(Segment)) -> R,
    mut each: impl FnMut(Segment),
) -> R {
    // Most masters limit no body; then nobody has to be looked at as a whole.
    if !associations.iter().any(is_limited) {
        return each_segment(&mut each);
    }
    let mut of_person: Vec<Segment> = Vec::new();
    let told = each_segment(&mut |segment| {
        if of_person.first().is_some_and(|first| first.physician != segment.physician) {
            within_bodies(&mut of_person, associations, &mut each);
        }
        of_person.push(segment);
    });
    within_bodies(&mut of_person, associations, &mut each);
    told
}

/// Hands on the segments of one person with the days of their bodies only, and empties the list. `of_person` are all that
/// count for one person, by body.
pub fn each_of_person_within_bodies(
    of_person: &mut Vec<Segment>,
    associations: &Associations,
    mut each: impl FnMut(Segment),
) {
    within_bodies(of_person, associations, &mut each);
}

/// Whether a body does not exist on every day: only then days of its members can fall outside it.
pub fn is_limited(body: &Association) -> bool {
    body.valid_from.is_some() || body.valid_to.is_some()
}

/// Empties the segments of one person into `each`.
fn within_bodies(of_person: &mut Vec<Segment>, associations: &Associations, each: &mut impl FnMut(Segment)) {
    let bodies: Vec<Option<&Association>> =
        of_person.iter().map(|segment| associations.get(segment.association)).collect();
    if !bodies.iter().flatten().any(|body| is_limited(body)) {
        of_person.drain(..).for_each(each);
        return;
    }
    let inherited = inherited(of_person, &bodies, associations);
    for (segment, body) in of_person.drain(..).zip(bodies) {
        let Some(body) = body else { continue };
        let since = inherited.iter().filter(|days| days.holds(&segment)).map(|days| days.until).max();
        let starts_on = since.map_or(segment.starts_on, |since| since.max(segment.starts_on));
        if let Some((starts_on, ended_on)) = body.lifetime().clamp(starts_on, segment.ended_on) {
            each(Segment { starts_on, ended_on, ..segment });
        }
    }
}

/// Days of a body that are those of a membership in the body before it.
struct Inherited {
    body: AssociationId,
    from: NaiveDate,
    /// The day of the change, exclusive.
    until: NaiveDate,
    run_ended_on: Option<NaiveDate>,
}

impl Inherited {
    fn holds(&self, segment: &Segment) -> bool {
        segment.association == self.body
            && self.from <= segment.starts_on
            && self.run_ended_on.is_none_or(|end| segment.starts_on < end)
    }
}

/// Days without a break in one body.
struct Run<'a> {
    body: &'a Association,
    starts_on: NaiveDate,
    ended_on: Option<NaiveDate>,
}

impl Run<'_> {
    fn contains(&self, day: NaiveDate) -> bool {
        self.starts_on <= day && self.ended_on.is_none_or(|end| day < end)
    }
}

/// Runs in a successor that begin on the very day of the run in the body before it, and go on past its end.
fn inherited(segments: &[Segment], bodies: &[Option<&Association>], associations: &Associations) -> Vec<Inherited> {
    let runs = runs(segments, bodies);
    let mut out = Vec::new();
    for before in &runs {
        let Some(changed_on) = before.body.ended_on().filter(|_| !before.body.successors.is_empty()) else { continue };
        if !before.body.valid_to.is_some_and(|last| before.contains(last)) {
            continue;
        }
        for heir in associations.reach(before.body).into_iter().skip(1) {
            let same = runs.iter().filter(|run| run.body.id == heir.id && run.starts_on == before.starts_on);
            out.extend(same.filter(|run| run.contains(changed_on)).map(|run| Inherited {
                body: heir.id,
                from: run.starts_on,
                until: changed_on,
                run_ended_on: run.ended_on,
            }));
        }
    }
    out
}

fn runs<'a>(segments: &[Segment], bodies: &[Option<&'a Association>]) -> Vec<Run<'a>> {
    let mut sorted: Vec<(&Segment, &'a Association)> =
        segments.iter().zip(bodies).filter_map(|(segment, body)| Some((segment, (*body)?))).collect();
    sorted.sort_by_key(|(segment, _)| (segment.association, segment.starts_on));
    let mut out: Vec<Run<'a>> = Vec::new();
    for (segment, body) in sorted {
        let touching = out
            .last_mut()
            .filter(|last| last.body.id == body.id && last.ended_on.is_none_or(|end| segment.starts_on <= end));
        match touching {
            Some(last) => last.ended_on = last.ended_on.and_then(|end| segment.ended_on.map(|other| end.max(other))),
            None => out.push(Run { body, starts_on: segment.starts_on, ended_on: segment.ended_on }),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::class::NationalClass;
    use crate::domain::ids::{EnrolmentId, PhysicianId};
    use crate::written::{day, local, with_top};

    /// 11-002 is taken into 11-001 on 2025-04-01, which exists since 2000.
    fn map() -> Associations {
        let rows = with_top(vec![
            local("11-001", "甲", ["2000-01-01", ""], &[]),
            local("11-002", "乙", ["", "2025-03-31"], &["11-001"]),
        ]);
        Associations::new(rows).expect("sound")
    }

    fn counted(stays: &[(i32, &str, &str)]) -> Vec<(i32, String, String)> {
        let date = |text: &str| (!text.is_empty()).then(|| day(text));
        let segment = |(body, from, to): &(i32, &str, &str)| Segment {
            physician: PhysicianId(1),
            association: AssociationId(11_000 + body),
            class: NationalClass::B,
            starts_on: day(from),
            ended_on: date(to),
            not_shown: false,
            enrolment: EnrolmentId(1),
        };
        let mut out = Vec::new();
        let all = map();
        each_within_bodies(
            &all,
            |each| stays.iter().map(segment).for_each(each),
            |segment| {
                let end = segment.ended_on.map_or(String::new(), |end| end.to_string());
                out.push((segment.association.0 - 11_000, segment.starts_on.to_string(), end));
            },
        );
        out
    }

    #[rstest]
    #[case::open_stay_ends_with_its_body(&[(2, "1999-04-01", "")], &[(2, "1999-04-01", "2025-04-01")])]
    #[case::stay_begins_with_its_body(&[(1, "1999-04-01", "")], &[(1, "2000-01-01", "")])]
    #[case::stay_after_the_end(&[(2, "2025-04-01", "")], &[])]
    #[case::old_day_in_the_new_body(
        &[(1, "2010-04-01", ""), (2, "2010-04-01", "")],
        &[(1, "2025-04-01", ""), (2, "2010-04-01", "2025-04-01")]
    )]
    #[case::old_day_in_two_classes(
        &[(1, "2010-04-01", "2024-01-01"), (1, "2024-01-01", ""), (2, "2010-04-01", "")],
        &[(1, "2025-04-01", ""), (2, "2010-04-01", "2025-04-01")]
    )]
    #[case::other_day_is_another_membership(
        &[(1, "2010-04-02", ""), (2, "2010-04-01", "")],
        &[(1, "2010-04-02", ""), (2, "2010-04-01", "2025-04-01")]
    )]
    #[case::left_the_old_body_before(
        &[(1, "2010-04-01", ""), (2, "2010-04-01", "2025-03-31")],
        &[(1, "2010-04-01", ""), (2, "2010-04-01", "2025-03-31")]
    )]
    #[case::left_the_new_body_before(
        &[(1, "2010-04-01", "2025-04-01"), (2, "2010-04-01", "")],
        &[(1, "2010-04-01", "2025-04-01"), (2, "2010-04-01", "2025-04-01")]
    )]
    fn only_days_of_the_body_count(#[case] stays: &[(i32, &str, &str)], #[case] expected: &[(i32, &str, &str)]) {
        let expected: Vec<_> =
            expected.iter().map(|(b, from, to)| (*b, (*from).to_owned(), (*to).to_owned())).collect();
        assert_eq!(counted(stays), expected);
    }
}
