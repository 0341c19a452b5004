//! What must be true when a story is over, whatever has happened in it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use kaiin::clock::tokyo_day;
use kaiin::domain::distribution::{DeliveryState, Stage};
use kaiin::domain::ledger::{JobRun, JobState, VersionKind};
use kaiin::files::sha256_hex;
use kaiin::service::keep::ledger;
use kaiin::service::publish;
use serde_json::Value;

use super::site::{LONG, ROUTINES};
use super::story::Story;
use super::world::{Paper, papers};
use crate::publish::office::files;

/// Papers by period and folder, as a run that nothing disturbs makes them.
type Undisturbed = BTreeMap<String, BTreeMap<String, Paper>>;

/// Proves all of them.
pub async fn are_kept(story: &mut Story<'_>, undisturbed: &Undisturbed) {
    let now = story.now;
    let workspace = story.site.at(now).await.expect("the data folder opens");
    let runs = ledger::runs(workspace).await.expect("the ledger can be read");
    no_month_is_lost(&runs, story);
    no_survey_is_lost(&runs, story);
    no_meeting_is_lost(&runs, story);
    no_period_is_lost(&runs, story);
    papers_are_those_of_a_punctual_run(story, undisturbed).await;
    each_has_its_papers_once(story).await;
    each_has_its_mail_once(story).await;
    let run = story.site.run(now, "verify").await;
    let told: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stderr));
    assert_eq!(told["well"], Value::Bool(true), "{told:#}");
}

/// Every month is made, and is distributed or says why not.
fn no_month_is_lost(runs: &[JobRun], story: &Story<'_>) {
    let n_months = story.n_months;
    for month in 0..n_months {
        let period = story.world.period(month);
        let row = runs.iter().find(|run| run.job == "monthly-papers" && run.period == period);
        let row = row.unwrap_or_else(|| panic!("{period} has no row: {runs:#?}"));
        assert_eq!(row.state, JobState::Done, "{period}: {}", row.note);
    }
    let of_distribution: Vec<&JobRun> = runs.iter().filter(|run| run.job == "distribution").collect();
    let first = of_distribution.first().expect("something was distributed");
    let named: BTreeSet<&str> = of_distribution.iter().map(|run| run.period.as_str()).collect();
    for period in (0..n_months).map(|month| story.world.period(month)).filter(|period| *period >= first.period) {
        assert!(named.contains(period.as_str()), "{period} was never to be distributed");
    }
    for run in of_distribution {
        match run.state {
            JobState::Done => {}
            JobState::Skipped => assert!(run.note.starts_with("JOB-05"), "{}: {}", run.period, run.note),
            state => panic!("{} of distribution rests as {state:?}: {}", run.period, run.note),
        }
    }
}

/// Every survey of 1 December whose time has come is made.
fn no_survey_is_lost(runs: &[JobRun], story: &Story<'_>) {
    let due = story.world.surveys(story.n_months).into_iter().filter(|(_, at)| *at <= story.now);
    for (period, _) in due {
        let row = runs.iter().find(|run| run.job == "survey" && run.period == period);
        assert_eq!(row.map(|run| run.state), Some(JobState::Done), "{period}: {row:?}");
    }
}

/// Every meeting of the calendar has its folder and one draft of its pack, or says why not.
fn no_meeting_is_lost(runs: &[JobRun], story: &Story<'_>) {
    let followed = runs.iter().find(|run| (run.job.as_str(), run.period.as_str()) == ("meeting-calendar", "calendar"));
    let since = tokyo_day(followed.expect("the calendar is followed").scheduled_at);
    let today = tokyo_day(story.now);
    for day in story.world.meetings().filter(|day| *day < today && *day - TimeDelta::days(7) > since) {
        let row = runs.iter().find(|run| run.job == "meeting" && run.period.starts_with(&day.to_string()));
        let row = row.unwrap_or_else(|| panic!("the meeting of {day} has no row"));
        match row.state {
            JobState::Done => {
                let folder = story.site.folder().join("meetings").join(&row.period);
                let packs: Vec<_> =
                    files(&folder).into_iter().filter(|(name, _)| name.ends_with("/manifest.json")).collect();
                // What a clock that was ahead has made is made once more in its time, and by a database that does not know of it.
                let again = ["a clock that is ahead", "a database of before"];
                let n_again: usize = again.iter().filter_map(|event| story.told.events.get(event)).sum();
                let n_packs = packs.len();
                assert!((1..=1 + n_again).contains(&n_packs), "{}: {n_packs}", row.period);
                // Never of the same again.
                let known: BTreeSet<[String; 2]> = packs.iter().map(|(_, manifest)| known_by(manifest)).collect();
                assert_eq!(known.len(), n_packs, "{}: {known:?}", row.period);
            }
            JobState::Skipped => assert!(row.note.starts_with("JOB-083"), "{}: {}", row.period, row.note),
            state => panic!("{} rests as {state:?}: {}", row.period, row.note),
        }
    }
}

/// What a paper was made from.
fn known_by(manifest: &[u8]) -> [String; 2] {
    let manifest: Value = serde_json::from_slice(manifest).expect("JSON");
    ["known_at", "head"].map(|key| manifest[key].as_str().expect("a text").to_owned())
}

/// The other jobs have a row for each of their days, from the first one on: done, or passed over with the reason.
fn no_period_is_lost(runs: &[JobRun], story: &Story<'_>) {
    for (_, job, _, day, of) in ROUTINES {
        let is_of = |month: &str| story.n_months <= LONG || of.iter().any(|one| month.ends_with(&format!("-{one:02}")));
        let rows: Vec<&JobRun> = runs.iter().filter(|run| run.job == job).collect();
        let months: Vec<&str> =
            rows.iter().map(|run| run.period.strip_suffix(&format!("-{day}")).expect("its day")).collect();
        for pair in months.windows(2) {
            let months = std::iter::successors(Some(following(pair[0])), |month| Some(following(month)));
            let next = months.take(12).find(|month| is_of(month));
            assert_eq!(next.as_deref(), Some(pair[1]), "{job} has no row in between");
        }
        // What a clock that was ahead has begun has its turn when its time comes.
        for run in rows.into_iter().filter(|run| run.scheduled_at <= story.now) {
            let is_said = match run.state {
                JobState::Done => true,
                JobState::Skipped => run.note.starts_with("JOB-04"),
                // Nothing has come in for so long that the clock may be wrong.
                JobState::Failed => job == "purge" && run.note.starts_with("JOB-048"),
                _ => false,
            };
            assert!(is_said, "{job} {}: {:?} {}", run.period, run.state, run.note);
        }
    }
}

fn following(month: &str) -> String {
    let (year, month) = month.split_once('-').expect("a month");
    let (year, month): (u32, u32) = (year.parse().expect("a year"), month.parse().expect("a month"));
    if month == 12 { format!("{}-01", year + 1) } else { format!("{year}-{:02}", month + 1) }
}

/// The first version of each month is the one that a punctual run has made, to the byte, and each version has one paper a report.
async fn papers_are_those_of_a_punctual_run(story: &mut Story<'_>, undisturbed: &Undisturbed) {
    let (now, data) = (story.now, story.site.data());
    let workspace = story.site.at(now).await.expect("the data folder opens");
    let versions = ledger::versions(workspace).await.expect("the ledger can be read");
    let recorded = ledger::papers(workspace).await.expect("the ledger can be read");
    let to_come = story.world.surveys(story.n_months).into_iter().filter(|(_, at)| *at > now);
    let to_come: BTreeSet<String> = to_come.map(|(period, _)| period).collect();
    for (period, expected) in undisturbed.iter().filter(|(period, _)| !to_come.contains(*period)) {
        let firm = versions.iter().find(|one| one.period == *period && one.kind == VersionKind::Punctual);
        let firm = firm.unwrap_or_else(|| panic!("{period} has no punctual version"));
        let found = papers(&data, period);
        for paper in recorded.iter().filter(|one| one.period == *period && one.version == firm.version) {
            assert!(paper.is_made(), "{period} {}: {}", paper.report, paper.code);
            if paper.report != "snapshot" {
                let (found, expected) = (found.get(&paper.detail), expected.get(&paper.detail));
                let (found, expected) =
                    (found.expect("the paper is there"), expected.expect("a punctual run makes it"));
                assert!(found.keys().eq(expected.keys()), "{period}: {:?}", found.keys());
                for (name, bytes) in found {
                    assert!(Some(bytes) == expected.get(name), "{period}: {name} is not as a punctual run makes it");
                }
            }
        }
        let folders: BTreeSet<&str> = recorded
            .iter()
            .filter(|one| one.period == *period && one.report != "snapshot")
            .map(|one| one.detail.as_str())
            .collect();
        assert_eq!(folders, found.keys().map(String::as_str).collect(), "{period}: papers that nobody knows of");
    }
}

/// Who was sent papers has them in one folder, and nobody has any that were not sent.
async fn each_has_its_papers_once(story: &mut Story<'_>) {
    let now = story.now;
    let mut there: BTreeMap<(String, String), usize> = BTreeMap::new();
    for name in story.site.delivered().into_keys() {
        let mut parts = name.splitn(3, '/').map(str::to_owned);
        let (of, place) = (parts.next().expect("a folder"), parts.next().expect("a recipient"));
        *there.entry((of, place)).or_default() += 1;
    }
    let workspace = story.site.at(now).await.expect("the data folder opens");
    let known = publish::overviews(workspace).await.expect("the ledger can be read");
    let mut expected = BTreeSet::new();
    for one in workspace.store.deliveries().await.expect("the ledger can be read") {
        let (of, _) = known.iter().find(|(of, _)| of.number == one.distribution).expect("it has a distribution");
        match (of.stage(), one.state) {
            (_, DeliveryState::Sent) => {
                expected.insert((format!("{}_第{}回", of.as_of, of.number), one.place));
            }
            (Stage::Voided, DeliveryState::Prepared | DeliveryState::Approved | DeliveryState::Failed) => {}
            (stage, state) => panic!("第{}回 of {stage:?} to {} rests as {state:?}", of.number, one.recipient),
        }
    }
    assert_eq!(expected, there.into_keys().collect());
}

/// Whoever was told by mail was told once.
async fn each_has_its_mail_once(story: &mut Story<'_>) {
    let (now, taken) = (story.now, story.taken());
    let workspace = story.site.at(now).await.expect("the data folder opens");
    let mails = workspace.store.mails().await.expect("the ledger can be read");
    for mail in &mails {
        let n_taken = taken.get(&mail.message_id).copied().unwrap_or_default();
        let expected = usize::from(mail.state == DeliveryState::Sent);
        assert_eq!(n_taken, expected, "{} {}: {:?} {}", mail.distribution, mail.address, mail.state, mail.detail);
    }
    let known: BTreeSet<&str> = mails.iter().map(|mail| mail.message_id.as_str()).collect();
    assert!(taken.keys().all(|id| known.contains(id.as_str())), "a mail that nobody knows of");
}

/// Everything that a story leaves, line by line: the ledger, the papers and what recipients have.
pub async fn left(story: &mut Story<'_>) -> Vec<String> {
    let (now, data) = (story.now, story.site.data());
    let workspace = story.site.at(now).await.expect("the data folder opens");
    let runs = ledger::runs(workspace).await.expect("the ledger can be read");
    let versions = ledger::versions(workspace).await.expect("the ledger can be read");
    let papers = ledger::papers(workspace).await.expect("the ledger can be read");
    let deliveries = workspace.store.deliveries().await.expect("the ledger can be read");
    let mails = workspace.store.mails().await.expect("the ledger can be read");
    let distributions = workspace.store.distributions().await.expect("the ledger can be read");
    let rows = format!("{runs:#?}{versions:#?}{papers:#?}{deliveries:#?}{mails:#?}{distributions:#?}");
    let here = story.site.folder().display().to_string();
    let mut out: Vec<String> = rows.lines().map(|line| line.replace(&here, "")).collect();
    for folder in ["papers", "distribution", "snapshots"] {
        let named = files(&data.join(folder)).into_iter();
        out.extend(named.map(|(name, bytes)| format!("{folder}/{name} {}", sha256_hex(&bytes))));
    }
    out
}
