//! The figures of a server as Prometheus reads them: the text format 0.0.4.
//!
//! One line for each figure, with two lines before each family that say what it is. There are a dozen of them, read anew at each
//! asking, so that no library that keeps counters of its own would help. Values of labels are codes of ours, and escaped.

use std::collections::BTreeMap;
use std::fmt::{Display, Write};

use crate::domain::ledger::{JobRun, JobState};
use crate::service::vitals::Vitals;

/// The type of the text, as its readers want it.
pub(super) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// States of periods, so that one that nothing is in is 0 and not absent.
const STATES: [JobState; 7] = [
    JobState::Due,
    JobState::Waiting,
    JobState::Running,
    JobState::Partial,
    JobState::Done,
    JobState::Failed,
    JobState::Skipped,
];

/// A text that is being written.
#[derive(Debug, Default)]
struct Exposition(String);

impl Exposition {
    /// Begins a family.
    fn family(&mut self, name: &str, help: &str) {
        // Writing to a text cannot fail.
        let _ = write!(self.0, "# HELP {name} {help}\n# TYPE {name} gauge\n");
    }

    /// One figure of a family.
    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let labels: Vec<String> = labels.iter().map(|(label, text)| format!("{label}=\"{}\"", escaped(text))).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let _ = writeln!(self.0, "{name}{labels} {value}");
    }

    /// A family of one figure.
    fn one(&mut self, name: &str, help: &str, value: impl Display) {
        self.family(name, help);
        self.sample(name, &[], value);
    }
}

/// A value of a label between quotation marks.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// The whole text; without figures of the store where it does not answer.
pub(super) fn text(ring_age_seconds: i64, vitals: Option<&Vitals>) -> String {
    let mut out = Exposition::default();
    out.family("kaiin_build_info", "Version of the program.");
    out.sample("kaiin_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
    out.one("kaiin_ring_age_seconds", "Seconds since a ring of the bell was last done.", ring_age_seconds);
    out.one("kaiin_store_up", "Whether the store answered this asking.", u8::from(vitals.is_some()));
    if let Some(vitals) = vitals {
        of_jobs(&mut out, &vitals.runs);
        of_states(&mut out, ("kaiin_deliveries", "Papers for recipients by state."), &vitals.deliveries);
        of_states(&mut out, ("kaiin_mails", "Mails to recipients by state."), &vitals.mails);
        of_folder(&mut out, vitals);
        out.one("kaiin_chain_position", "Number of the newest entry of the chain.", vitals.chain_position);
        out.one("kaiin_writer_number", "Number of the newest writer.", vitals.writer_number);
    }
    out.0
}

fn of_jobs(out: &mut Exposition, runs: &[JobRun]) {
    let mut by_job: BTreeMap<&str, Vec<&JobRun>> = BTreeMap::new();
    for run in runs {
        by_job.entry(&run.job).or_default().push(run);
    }
    let name = "kaiin_job_periods";
    out.family(name, "Periods of each job by state.");
    for (job, runs) in &by_job {
        for state in STATES {
            let n = runs.iter().filter(|run| run.state == state).count();
            out.sample(name, &[("job", job), ("state", state.code())], n);
        }
    }
    let name = "kaiin_job_last_success_timestamp_seconds";
    out.family(name, "When a period of each job was last done, in seconds since 1970.");
    for (job, runs) in &by_job {
        let done = runs.iter().filter(|run| run.state == JobState::Done).filter_map(|run| run.finished_at).max();
        if let Some(done) = done {
            out.sample(name, &[("job", job)], done.timestamp());
        }
    }
}

fn of_states(out: &mut Exposition, (name, help): (&str, &str), states: &[(String, i64)]) {
    out.family(name, help);
    for (state, n) in states {
        out.sample(name, &[("state", state)], n);
    }
}

fn of_folder(out: &mut Exposition, vitals: &Vitals) {
    if let Some(inbox) = vitals.inbox {
        let name = "kaiin_inbox_files";
        out.family(name, "Files of the inbox: not dealt with yet, with an open question, refused.");
        for (state, n) in [("waiting", inbox.waiting), ("asking", inbox.asking), ("refused", inbox.refused)] {
            out.sample(name, &[("state", state)], n);
        }
    }
    if let Some(free) = vitals.free_bytes {
        out.one("kaiin_disk_free_bytes", "Bytes that are free on the disk of the data folder.", free);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::vitals::InboxFiles;

    fn run(state: JobState, finished_at: Option<&str>) -> JobRun {
        let instant = |text: &str| text.parse().expect("an instant");
        JobRun {
            job: "backup".into(),
            period: "2026-01-10".into(),
            scheduled_at: instant("2026-01-10T00:00:00Z"),
            state,
            attempts: 1,
            started_at: None,
            finished_at: finished_at.map(instant),
            note: "鶯谷　架空".into(),
        }
    }

    #[test]
    fn whole_text_is_what_a_server_of_prometheus_reads() {
        let runs = vec![
            run(JobState::Done, Some("1970-01-01T00:01:40Z")),
            run(JobState::Done, Some("1970-01-01T00:01:39Z")),
            run(JobState::Failed, Some("1970-01-01T00:02:00Z")),
        ];
        let vitals = Vitals {
            runs,
            deliveries: vec![("sent".into(), 900)],
            mails: Vec::new(),
            chain_position: 12,
            writer_number: 34,
            inbox: Some(InboxFiles { waiting: 1, asking: 2, refused: 3 }),
            free_bytes: Some(5_000_000_000),
        };
        let text = text(7, Some(&vitals));
        let samples: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        let version = format!("kaiin_build_info{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION"));
        let expected = [
            version.as_str(),
            "kaiin_ring_age_seconds 7",
            "kaiin_store_up 1",
            "kaiin_job_periods{job=\"backup\",state=\"due\"} 0",
            "kaiin_job_periods{job=\"backup\",state=\"waiting\"} 0",
            "kaiin_job_periods{job=\"backup\",state=\"running\"} 0",
            "kaiin_job_periods{job=\"backup\",state=\"partial\"} 0",
            "kaiin_job_periods{job=\"backup\",state=\"done\"} 2",
            "kaiin_job_periods{job=\"backup\",state=\"failed\"} 1",
            "kaiin_job_periods{job=\"backup\",state=\"skipped\"} 0",
            "kaiin_job_last_success_timestamp_seconds{job=\"backup\"} 100",
            "kaiin_deliveries{state=\"sent\"} 900",
            "kaiin_inbox_files{state=\"waiting\"} 1",
            "kaiin_inbox_files{state=\"asking\"} 2",
            "kaiin_inbox_files{state=\"refused\"} 3",
            "kaiin_disk_free_bytes 5000000000",
            "kaiin_chain_position 12",
            "kaiin_writer_number 34",
        ];
        assert_eq!(samples, expected);
        // Each family is told once, before its figures, and nothing of a note is told at all.
        for line in samples {
            let name = line.split(['{', ' ']).next().expect("a name");
            let (help, kind) = (format!("# HELP {name} "), format!("# TYPE {name} gauge\n"));
            assert_eq!((text.matches(&help).count(), text.matches(&kind).count()), (1, 1), "{name}");
            assert!(text.find(&kind) < text.find(line), "{name}");
        }
        assert!(text.is_ascii() && text.ends_with('\n'), "{text}");
    }

    #[test]
    fn store_that_does_not_answer_is_a_figure_too() {
        let text = text(7, None);
        assert!(text.contains("\nkaiin_store_up 0\n") && !text.contains("kaiin_job"), "{text}");
    }

    #[test]
    fn values_of_labels_cannot_end_their_line() {
        let mut out = Exposition::default();
        out.sample("x", &[("job", "a\"} 1\nb \\")], 2);
        assert_eq!(out.0, "x{job=\"a\\\"} 1\\nb \\\\\"} 2\n");
    }
}
