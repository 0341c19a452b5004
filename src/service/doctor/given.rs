//! What is looked over, and the data folder as far as it could be opened.

use std::path::PathBuf;

use anyhow::Error;

use crate::clock::Clock;
use crate::config::Config;
use crate::error::Failure;
use crate::service::keep::Workspace;

/// What is looked over.
#[derive(Debug, Clone)]
pub struct Given {
    /// The data folder.
    pub folder: PathBuf,
    /// The file of settings.
    pub settings: PathBuf,
    /// What stands in it; where that cannot be read, what holds without one.
    pub config: Config,
    /// Why the settings cannot be read.
    pub settings_fault: Option<Failure>,
    /// Where the time comes from.
    pub clock: Clock,
    /// Why the time that the surroundings name cannot be read.
    pub clock_fault: Option<Failure>,
}

/// The data folder, as far as it could be opened.
#[derive(Debug)]
pub enum Opened {
    /// With its store.
    Store(Box<Workspace>),
    /// No store was made yet.
    NotMade,
    /// Its store cannot be read.
    Unreadable(Error),
}
