//! The inbox: whether it can be read, and what lies in it.

use std::io::ErrorKind;
use std::time::Duration;

use super::given::Given;
use super::line::{Line, Subject, Told};
use crate::service::intake::inbox::{Lying, lying};

/// Whoever runs `kaiin serve` has a file taken in within minutes; after this nobody does.
const LONG: Duration = Duration::from_secs(24 * 60 * 60);

/// What is said of the inbox.
pub(super) fn line(given: &Given) -> Line {
    let inbox = given.folder.join(&given.config.jobs.inbox);
    let place = inbox.display();
    let told = match lying(&inbox) {
        Ok(Lying { waiting, oldest, asking, asking_folder, .. }) => {
            let asking = asking.len();
            let mut told = match waiting {
                0 if asking > 0 => Vec::new(),
                0 => vec![Told::well("DOC-080", &[&place])],
                n if oldest > LONG => vec![Told::attention("DOC-083", &[&place, &n])],
                n => vec![Told::well("DOC-081", &[&place, &n])],
            };
            told.extend((asking > 0).then(|| Told::attention("DOC-084", &[&asking_folder.display(), &asking])));
            told
        }
        // The first ring makes it.
        Err(why) if why.kind() == ErrorKind::NotFound => vec![Told::well("DOC-082", &[&place])],
        Err(why) => vec![Told::broken("DOC-085", &[&place, &why])],
    };
    Line { subject: Subject::Inbox, told }
}
