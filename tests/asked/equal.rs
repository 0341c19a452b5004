//! Random questions: the answer is that of `kaiin count` and `kaiin explain`, to the head.

use chrono::{Datelike, NaiveDate};
use kaiin::domain::as_of::AsOf;
use kaiin::domain::association::Tier;
use kaiin::domain::class::NationalClass;
use kaiin::domain::comparison::Comparison;
use kaiin::domain::grouping::Dimension;
use kaiin::service::asked::Answer;
use kaiin::service::known::map::MapChoice;
use kaiin::service::known::vintage::Vintage;
use kaiin::service::questions::answer::CountAnswer;
use kaiin::service::questions::count::count;
use kaiin::service::questions::explain::{AskedFigure, explain};
use kaiin::service::questions::question::Question;

use super::chance::{Chance, times};
use super::site::Site;
use crate::cli::samples::Sample;

/// A question that is asked in both ways.
#[derive(Debug)]
struct Drawn {
    on: NaiveDate,
    known: Option<NaiveDate>,
    tier: Option<Tier>,
    prefecture: Option<String>,
    body: Option<String>,
    class: Option<NationalClass>,
    by: Option<&'static str>,
}

impl Drawn {
    fn of(chance: &mut Chance, bodies: &[(String, Tier)], prefectures: &[&str]) -> Self {
        let known = ["2025-09-30", "2025-10-31", "2025-11-15", "2025-12-31"];
        let by = ["association", "class", "association,class", "sex", "age_band", "kind", "prefecture"];
        let (tier, prefecture, body) = match chance.below(4) {
            0 => (Some(*chance.one_of(&Tier::ALL)), None, None),
            1 => (None, Some((*chance.one_of(prefectures)).to_string()), None),
            2 => (Some(*chance.one_of(&Tier::ALL)), Some((*chance.one_of(prefectures)).to_string()), None),
            _ => {
                let (code, tier) = chance.one_of(bodies).clone();
                (chance.is(50).then_some(tier), None, Some(code))
            }
        };
        Self {
            on: chance.day("2025-01-01", 500),
            known: chance.is(70).then(|| chance.one_of(&known).parse().expect("a day")),
            tier,
            prefecture,
            body,
            class: chance.is(30).then(|| *chance.one_of(&NationalClass::ALL)),
            by: chance.is(50).then(|| *chance.one_of(&by)),
        }
    }

    fn query(&self) -> String {
        let mut out = format!("on={}", self.on);
        let known = self.known.map(|day| day.to_string());
        let tier = self.tier.map(|tier| tier.code().to_string());
        let class = self.class.map(|class| class.code().to_string());
        let by = self.by.map(String::from);
        let fields = [("known", &known), ("tier", &tier), ("prefecture", &self.prefecture), ("body", &self.body)];
        for (name, value) in fields.into_iter().chain([("class", &class), ("by", &by)]) {
            out.extend(value.iter().map(|value| format!("&{name}={value}")));
        }
        out
    }

    /// The same question of one tier, as the command line puts it.
    fn question(&self, tier: Tier, by: Vec<Dimension>) -> Question {
        Question {
            by,
            tier: Some(tier),
            prefecture: self.prefecture.clone(),
            association: self.body.clone(),
            below: false,
            map: MapChoice::AsOf,
            zeros: false,
        }
    }
}

#[test]
fn answer_is_that_of_the_command_line() {
    let (mut n_answered, mut n_explained, mut n_listed) = (0, 0, 0);
    for (nth, sample) in [Sample::saitama(), Sample::three_prefectures()].iter().enumerate() {
        let site = Site::of(sample);
        let associations = site.block_on(site.workspace.store.associations()).expect("the store can be read");
        let bodies: Vec<(String, Tier)> = associations.iter().map(|body| (body.code.clone(), body.tier)).collect();
        let prefectures: Vec<&str> =
            associations.of_tier(Tier::Prefectural).map(|body| body.prefecture.as_str()).collect();
        let mut chance = Chance::new(20_251_231 + u64::try_from(nth).expect("a small number"));
        for _ in 0..times(30) {
            let drawn = Drawn::of(&mut chance, &bodies, &prefectures);
            let vintage = site.block_on(Vintage::open(&site.workspace, drawn.known)).expect("something is known");
            if !is_known(&vintage, &drawn, &bodies) {
                let faults = site.faults(&drawn.query(), &kaiin::service::asked::Viewer::of_everything());
                assert!(["ASK-030", "ASK-031"].contains(&faults[0].code), "{drawn:?}: {faults:?}");
                continue;
            }
            let answer = site.answer(&drawn.query());
            n_answered += 1;
            n_listed += compare(&vintage, &drawn, &answer);
            if let Some(code) = &drawn.body {
                let body = associations.by_code(code).expect("it was drawn from the master");
                explained(&site, &vintage, &drawn, body.id, &answer);
                n_explained += 1;
            }
        }
    }
    assert!(n_answered > 20 && n_explained > 3 && n_listed > 1_000, "{n_answered} {n_explained} {n_listed}");
}

/// Whether the command line knows anything in any tier of the question.
fn is_known(vintage: &Vintage, drawn: &Drawn, bodies: &[(String, Tier)]) -> bool {
    tiers(drawn, bodies)
        .into_iter()
        .any(|tier| told(vintage, drawn, tier, Vec::new()).is_some_and(|(_, n)| n.is_some()))
}

fn tiers(drawn: &Drawn, bodies: &[(String, Tier)]) -> Vec<Tier> {
    let own = drawn.body.as_ref().and_then(|code| bodies.iter().find(|(one, _)| one == code)).map(|(_, tier)| *tier);
    let asked = drawn.tier.or(own);
    Tier::ALL.into_iter().filter(|tier| asked.is_none_or(|asked| asked == *tier)).collect()
}

/// What `kaiin count` says of a tier, and the number of the class that is asked for.
fn told(vintage: &Vintage, drawn: &Drawn, tier: Tier, by: Vec<Dimension>) -> Option<(CountAnswer, Option<i64>)> {
    let mut by = by;
    if drawn.class.is_some() {
        by.insert(0, Dimension::Class);
    }
    let answer = count(vintage, AsOf(drawn.on), &drawn.question(tier, by)).ok()?;
    let total = match tier {
        Tier::Local => answer.totals.local,
        Tier::Prefectural => answer.totals.prefectural,
        Tier::National => answer.totals.national,
    };
    let n = match drawn.class {
        None => (!total.is_unknown).then_some(total.memberships),
        Some(class) => {
            let is_of = |(key, value): &(&str, String)| *key == "class" && value == class.code();
            let rows = answer.rows.iter().filter(|row| row.keys.0.iter().any(is_of));
            let n: i64 = rows.map(|row| row.memberships).sum();
            (!total.is_unknown && (n != 0 || answer.complete)).then_some(n)
        }
    };
    Some((answer, n))
}

/// Compares figures, heads and the length of the list; returns that length.
fn compare(vintage: &Vintage, drawn: &Drawn, answer: &Answer) -> usize {
    assert_eq!(answer.known_at, vintage.known_at.0);
    assert!(answer.facts.iter().any(|fact| fact.text == vintage.head), "the head is told");
    let mut sum = 0;
    for (tier, memberships, heads) in &answer.figures {
        let Some((counted, n)) = told(vintage, drawn, *tier, Vec::new()) else {
            assert_eq!(*memberships, None, "{drawn:?}");
            continue;
        };
        assert_eq!(*memberships, n, "{} of {drawn:?}", tier.code());
        if drawn.class.is_none() && n.is_some() {
            let total = [counted.totals.local, counted.totals.prefectural, counted.totals.national][tier.index()];
            assert_eq!(*heads, Some(total.heads), "{drawn:?}");
        }
        sum += n.unwrap_or(0);
    }
    let (list, pages) = answer.persons.as_ref().expect("persons may be seen");
    assert_eq!(i64::try_from(list.rows.len()), Ok(sum), "the list is as long as the number: {drawn:?}");
    assert_eq!((pages.total, pages.shown), (list.rows.len(), list.rows.len()));
    list.rows.len()
}

/// Compares a body with what `kaiin explain` says: closing, members, and the movements of the month and of the year, each worked out
/// for itself.
fn explained(site: &Site, vintage: &Vintage, drawn: &Drawn, body: kaiin::domain::ids::AssociationId, answer: &Answer) {
    // A year of movements takes long to explain: that of one question in four.
    let n_compared = if drawn.on.day().is_multiple_of(4) { 2 } else { 1 };
    for (row, comparison) in [Comparison::Month, Comparison::Year].into_iter().enumerate().take(n_compared) {
        let opened_on = comparison.day(AsOf(drawn.on));
        let figure = AskedFigure { association: body, class: drawn.class, opened_on, as_of: drawn.on };
        let explained = site.block_on(explain(&site.workspace, vintage, figure));
        let Ok(explained) = explained else { return };
        let n = answer.figures[0].1;
        assert!(n.is_none_or(|n| n == explained.closing), "{drawn:?}");
        let (list, _) = answer.persons.as_ref().expect("persons may be seen");
        if n.is_some() {
            assert_eq!(list.rows.len(), explained.members.len(), "{drawn:?}");
        }
        let cell = |key: &str| {
            let at = answer.changes.columns.iter().position(|column| column.key == key);
            at.map(|at| answer.changes.rows[row].cells[at].display())
        };
        // Where the opening day is not reached nothing is said of it.
        if cell("opening").is_none_or(|opening| opening == "…") {
            continue;
        }
        let flows = explained.flows;
        for (key, n) in [
            ("opening", flows.opening),
            ("joined", flows.joined),
            ("moved_in", flows.moved_in),
            ("left", flows.left),
            ("moved_out", flows.moved_out),
            ("died", flows.died),
            ("closing", flows.closing),
        ] {
            let expected = kaiin::domain::printed_number::thousands(n);
            // National members of a prefecture have no movements; a body has.
            assert_eq!(cell(key), Some(expected), "{key} since {opened_on} of {drawn:?}");
        }
    }
}
