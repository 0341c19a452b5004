//! Random worlds of members, the exports an office would have made of them, and the true counts.
//!
//! A second opinion: nothing here imports `kaiin`. A [`World`] is a list of independent persons, each a scripted story
//! (`single`, `double`, with the upper tiers of `upper`) of what every export shows of them. The story knows which
//! rows of different exports are one stay, so [`World::truth`] needs no rule engine: it walks day by day over what
//! each export told. Worlds hold no rejected rows (R13) and no applications; the withdrawal rule is `last_member_day`
//! (R2). Most have one source; those of [`worlds_of_two_sources`] have two that tell of some people both (`sources`), and any
//! of one source can be told prefecture by prefecture ([`World::exports_by_prefecture`]). Start at [`World::from_seed`] or
//! [`worlds`].

mod double;
mod draw;
mod export;
mod history;
mod master;
mod single;
mod sources;
mod spelling;
mod stage;
mod tell;
mod upper;

#[cfg(test)]
mod cases;
#[cfg(test)]
mod self_test;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::NaiveDate;
use proptest::prelude::{Strategy, any, prop};

use draw::Draw;
use history::{Class, Person, Stay, Tier};
use master::Master;
use sources::Sources;
use stage::Stage;

/// Persons, export days and the association master they live under.
#[derive(Clone)]
pub struct World {
    files_seed: u64,
    exports: Vec<NaiveDate>,
    sources: Sources,
    master: Master,
    people: Vec<Person>,
}

/// One member list (会員一覧) as saved on `day`.
#[derive(Debug, Clone)]
pub struct Export {
    pub day: NaiveDate,
    /// Name of the source.
    pub source: String,
    /// `members_YYYY-MM-DD.csv`.
    pub file_name: String,
    /// UTF-8 with or without BOM, LF or CRLF.
    pub bytes: Vec<u8>,
}

/// What must be counted on one day, as known on another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Truth {
    /// Memberships by tier (`local`, `prefectural`, `national`), association code and class (`A1`, `A2B`, `A2C`, `B`,
    /// `C`, `unknown`); only those above zero.
    pub rows: BTreeMap<(String, String, String), u64>,
    /// Distinct persons by tier; all three tiers, zeros too.
    pub heads: BTreeMap<String, u64>,
    /// The sums of `rows` by tier; all three tiers, zeros too.
    pub memberships_by_tier: BTreeMap<String, u64>,
}

impl Truth {
    fn nobody() -> Self {
        let zeros: BTreeMap<String, u64> = Tier::ALL.iter().map(|tier| (tier.name().to_owned(), 0)).collect();
        Self { rows: BTreeMap::new(), heads: zeros.clone(), memberships_by_tier: zeros }
    }

    /// Adds one person's memberships, at most one for each body.
    fn add_person<'a>(&mut self, memberships: impl Iterator<Item = (Tier, &'a str, Class)>) {
        let mut tiers = BTreeSet::new();
        for (tier, body, class) in memberships {
            let key = (tier.name().to_owned(), body.to_owned(), class.name().to_owned());
            *self.rows.entry(key).or_default() += 1;
            *self.memberships_by_tier.entry(tier.name().to_owned()).or_default() += 1;
            tiers.insert(tier);
        }
        for tier in tiers {
            *self.heads.entry(tier.name().to_owned()).or_default() += 1;
        }
    }
}

impl World {
    /// The world that `seed` stands for: the same on every call and every machine.
    ///
    /// The first of the `n_people` is a plain member every export shows, so no export is empty.
    ///
    /// # Panics
    /// When `n_people` is 0 or `n_exports` is not 1 to 21.
    pub fn from_seed(seed: u64, n_people: usize, n_exports: usize) -> Self {
        assert!(n_people > 0, "a world needs its anchor");
        let mut draw = Draw::new(seed);
        let files_seed = draw.next();
        let stories: Vec<u64> = (1..n_people).map(|_| draw.next()).collect();
        Self::of_stories(files_seed, &stories, n_exports)
    }

    /// A world of one source in which every prefecture has a member whom every export shows.
    pub fn with_anchors(seed: u64, n_people: usize, n_exports: usize) -> Self {
        let mut world = Self::from_seed(seed, n_people, n_exports);
        let mut draw = Draw::new(seed ^ 1);
        for parent in world.master.prefectures() {
            let mut stage =
                Stage { draw: draw.clone(), exports: &world.exports, sources: &world.sources, master: &world.master };
            draw.next();
            let anchor = sources::anchor(&mut stage, &[parent]);
            world.people.push(anchor);
        }
        world
    }

    /// A world that two sources tell of.
    fn of_two_sources(files_seed: u64, stories: &[u64], n_exports: usize) -> Self {
        let mut draw = Draw::new(files_seed);
        let master = Master::new(&mut draw);
        let exports = draw::export_days(&mut draw, n_exports);
        let sources = Sources::two(&mut draw, n_exports, &master);
        let mut people = Vec::new();
        for parents in sources.anchors() {
            let mut stage =
                Stage { draw: Draw::new(draw.next()), exports: &exports, sources: &sources, master: &master };
            people.push(sources::anchor(&mut stage, parents));
        }
        people.extend(stories.iter().map(|&story| tell::person(story, &exports, &sources, &master)));
        Self { files_seed, exports, sources, master, people }
    }

    fn of_stories(files_seed: u64, stories: &[u64], n_exports: usize) -> Self {
        let mut draw = Draw::new(files_seed);
        let master = Master::new(&mut draw);
        let exports = draw::export_days(&mut draw, n_exports);
        let sources = Sources::default();
        let mut people = vec![tell::anchor(draw.next(), &exports, &sources, &master)];
        people.extend(stories.iter().map(|&story| tell::person(story, &exports, &sources, &master)));
        Self { files_seed, exports, sources, master, people }
    }

    /// The same persons with the first `n` exports only: later exports never change an earlier truth.
    fn first_exports(mut self, n: usize) -> Self {
        self.exports.truncate(n);
        for person in &mut self.people {
            person.keep_exports(n);
        }
        self
    }

    /// The association master (医師会コード, 階層, …), UTF-8 with BOM.
    pub fn master_csv(&self) -> Vec<u8> {
        self.master.csv()
    }

    /// The member lists, oldest first.
    pub fn exports(&self) -> Vec<Export> {
        let all = |k: usize| self.export(k, self.sources.name(k).to_owned(), |_| true);
        (0..self.exports.len()).map(all).collect()
    }

    /// The same rows, told by one source for each prefecture, as each would export its own members. Oldest first.
    pub fn exports_by_prefecture(&self) -> Vec<Export> {
        let prefectures = self.master.prefectures();
        let of_day = |k: usize| {
            let of = |parent: &String| self.export(k, parent.clone(), |body| self.master.parent(body) == parent);
            prefectures.iter().map(of).collect::<Vec<_>>()
        };
        (0..self.exports.len()).flat_map(of_day).collect()
    }

    /// The member list of one day with the rows of those local bodies that `tells` accepts.
    fn export(&self, k: usize, source: String, tells: impl Fn(&str) -> bool) -> Export {
        let nth = u64::try_from(k).expect("21 exports at most");
        let seed = Draw::new(self.files_seed ^ nth).next();
        let day = self.exports[k];
        let bytes = export::file(seed, (k, day), &self.people, &self.master, tells);
        Export { day, source, file_name: format!("members_{day}.csv"), bytes }
    }

    /// What must be counted on `as_of`, as the exports dated up to `known_at` tell it (R1 to R12).
    ///
    /// Nobody, where `known_at` lies before the first export.
    pub fn truth(&self, as_of: NaiveDate, known_at: NaiveDate) -> Truth {
        history::count(&self.people, &self.exports, as_of, known_at)
    }

    /// The day before, of and after every 入会日, 退会日 and export, and the ends of February and of 年度; ascending.
    pub fn interesting_days(&self) -> Vec<NaiveDate> {
        let views = self.people.iter().flat_map(Person::stays).flat_map(|stay| stay.views.iter().flatten());
        let told = views.flat_map(|view| [view.joined, view.left]).flatten();
        let around = told.chain(self.exports.iter().copied()).flat_map(|day| {
            let eve = draw::before(day, 1);
            [eve, day, draw::plus(day, 1)]
        });
        let days: BTreeSet<NaiveDate> = around.chain(draw::boundary_days()).collect();
        days.into_iter().collect()
    }
}

/// Small worlds: 1 to 10 persons, 1 to 7 exports. They shrink by leaving out persons and the latest exports.
pub fn worlds() -> impl Strategy<Value = World> {
    let stories = prop::collection::vec(any::<u64>().no_shrink(), 0..10);
    let planned = (1..=7_usize).no_shrink();
    (any::<u64>().no_shrink(), stories, planned, 1..=7_usize)
        .prop_map(|(seed, stories, planned, kept)| World::of_stories(seed, &stories, planned).first_exports(kept))
}

/// Worlds that two sources tell of: 2 to 9 persons beside the anchors, 2 to 7 exports. They shrink by leaving out persons and
/// the latest exports.
pub fn worlds_of_two_sources() -> impl Strategy<Value = World> {
    let stories = prop::collection::vec(any::<u64>().no_shrink(), 2..10);
    let planned = (2..=7_usize).no_shrink();
    (any::<u64>().no_shrink(), stories, planned, 2..=7_usize)
        .prop_map(|(seed, stories, planned, kept)| World::of_two_sources(seed, &stories, planned).first_exports(kept))
}

impl fmt::Debug for World {
    /// One line for each stay, as rows carry it (`row`, `+`) and, above the local tier, as it is true: what every export
    /// shows of it, `·` where nothing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "World, files_seed {}, exports {:?}", self.files_seed, self.exports)?;
        if self.sources.are_several() {
            writeln!(f, " {:?}", self.sources)?;
        }
        for (nth, person) in self.people.iter().enumerate() {
            writeln!(f, " person {nth}: {}", person.story)?;
            for local in &person.locals {
                writeln!(f, "  row  {}", Line(&local.stay))?;
                for mut carried in local.carries.clone() {
                    carried.hide_unless(|k| local.stay.views[k].is_some());
                    writeln!(f, "    +  {}", Line(&carried))?;
                }
            }
            for stay in &person.upper {
                writeln!(f, "  true {}", Line(stay))?;
            }
        }
        Ok(())
    }
}

struct Line<'a>(&'a Stay);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.body)?;
        for view in &self.0.views {
            match view {
                None => write!(f, " | ·")?,
                Some(view) => {
                    let day = |day: Option<NaiveDate>| day.map_or(String::new(), |day| day.to_string());
                    write!(f, " | {}..{} {}", day(view.joined), day(view.left), view.class.name())?;
                }
            }
        }
        Ok(())
    }
}
