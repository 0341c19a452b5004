//! `kaiin doctor`: everything that a server needs, looked over. Nothing is changed, and what is broken costs its own line only.
//!
//! Each file looks at one area and says what it found ([`mod@line`]). The scheduled work is looked at by `jobs`, with the data
//! folder that was opened here. Start reading at [`examine`].

mod clock;
mod definitions;
mod fonts;
pub mod given;
mod inbox;
pub mod line;
mod mail;
pub(in crate::service) mod opening;
mod places;
pub(in crate::service) mod store;

use self::given::{Given, Opened};
use self::line::{Line, State, Subject, Told};
use self::opening::open_with;

/// What was found.
#[derive(Debug)]
pub struct Examined {
    /// What was looked over.
    pub given: Given,
    /// The data folder.
    pub opened: Opened,
    /// Whether the definitions are sound.
    pub are_definitions_sound: bool,
    /// What is said, without the scheduled work, by subject.
    pub lines: Vec<Line>,
}

/// Looks everything over but the scheduled work.
pub async fn examine(given: Given) -> Examined {
    let read = definitions::read(&given.config);
    let opened = open_with(&given, &read).await;
    let definitions = definitions::line(&given, &read, &opened).await;
    let mut lines = vec![
        settings(&given),
        definitions.clone(),
        places::data_folder(&given),
        places::disk(&given),
        clock::clock(&given, &opened).await,
        clock::time_zone(&given),
        store::line(&given, &opened).await,
        inbox::line(&given),
        fonts::line(&read, &opened).await,
    ];
    lines.extend(definitions::gaiji(&read));
    lines.extend(mail::line(&given).await);
    let are_definitions_sound = definitions.state() < State::Broken;
    Examined { given, opened, are_definitions_sound, lines }
}

impl Examined {
    /// Closes the store as it is.
    pub async fn close(self) {
        if let Opened::Store(workspace) = self.opened {
            workspace.store.clone().let_go().await;
        }
    }
}

fn settings(given: &Given) -> Line {
    let path = given.settings.display();
    let told = match &given.settings_fault {
        Some(fault) => vec![Told::failed(fault), Told::broken("DOC-003", &[])],
        None if given.settings.exists() => vec![Told::well("DOC-001", &[&path])],
        None => vec![Told::well("DOC-002", &[&path])],
    };
    Line { subject: Subject::Settings, told }
}
