//! Where the folders of meetings lie.

use std::fs;
use std::path::{Path, PathBuf};

use crate::config::JobsConfig;

/// Where the folders of meetings lie, from where the program runs, unless the settings name a calendar elsewhere.
pub const MEETINGS: &str = "meetings";

/// The folder in which those of meetings lie: that of the calendar, else [`MEETINGS`]. One that holds the data folder is none: what
/// lies beside that is no meeting.
pub fn meetings_root(data: &Path, jobs: &JobsConfig) -> PathBuf {
    let usual = PathBuf::from(MEETINGS);
    let calendar = jobs.meetings.as_ref().map(|file| data.join(file));
    let beside = calendar.as_deref().and_then(Path::parent).and_then(|folder| fs::canonicalize(folder).ok());
    let holds_data = |folder: &Path| fs::canonicalize(data).is_ok_and(|data| data.starts_with(folder));
    let is_usual = |folder: &Path| fs::canonicalize(&usual).is_ok_and(|usual| usual == folder);
    beside.filter(|folder| !holds_data(folder) && !is_usual(folder)).unwrap_or(usual)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(office: &Path, calendar: Option<&str>) -> PathBuf {
        let jobs = JobsConfig { meetings: calendar.map(PathBuf::from), ..JobsConfig::default() };
        meetings_root(&office.join("data"), &jobs)
    }

    #[test]
    fn folders_lie_beside_their_calendar_and_never_beside_the_data() {
        let office = tempfile::tempdir().expect("a folder");
        for folder in ["data/meetings", "share/予定"] {
            fs::create_dir_all(office.path().join(folder)).expect("a folder can be made");
        }
        let real = fs::canonicalize(office.path()).expect("it is there");
        let root = |calendar| root(office.path(), calendar);
        assert_eq!(root(None), Path::new(MEETINGS));
        assert_eq!(root(Some("../share/予定/会議の予定.csv")), real.join("share/予定"));
        assert_eq!(root(Some("meetings/会議の予定.csv")), real.join("data/meetings"));
        for beside_the_data in
            ["../会議の予定.csv", "../../会議の予定.csv", "会議の予定.csv", "../nowhere/会議の予定.csv"]
        {
            assert_eq!(root(Some(beside_the_data)), Path::new(MEETINGS), "{beside_the_data}");
        }
    }
}
