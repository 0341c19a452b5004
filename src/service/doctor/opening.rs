//! Opening a data folder to look it over, also where definitions are wrong.

use super::definitions::{self, Read};
use super::given::{Given, Opened};
use crate::config::Config;
use crate::error::Failure;
use crate::service::keep::Workspace;

/// Opens a data folder, and says what is wrong in the definitions.
pub(in crate::service) async fn open(given: &Given) -> (Opened, Option<Failure>) {
    let read = definitions::read(&given.config);
    (open_with(given, &read).await, read.fault())
}

/// Opens a data folder with the definitions that were read: such that are wrong must not keep the store closed.
pub(super) async fn open_with(given: &Given, read: &Read) -> Opened {
    let definitions = given.config.definitions.clone().filter(|_| read.lets_open());
    let config = Config { definitions, ..given.config.clone() };
    match Workspace::open_to_look(&given.folder, config, given.clock).await {
        Ok(Some(workspace)) => Opened::Store(Box::new(workspace)),
        Ok(None) => Opened::NotMade,
        Err(error) => Opened::Unreadable(error),
    }
}
