//! An office before a command, and the command.

use crate::cli::program::Office;

/// A command that changes something.
pub struct Scene {
    pub name: &'static str,
    /// The office before it.
    pub office: Office,
    /// Its arguments.
    pub arguments: Vec<&'static str>,
    /// Its exit code when nothing is in its way.
    pub exit: i32,
    /// The exit code when it is given again and there is nothing left to do.
    pub exit_again: i32,
    /// Whether the command, given again, no longer meets its file, so that a workbook it could not write is only told with its
    /// path and the command that makes it.
    pub is_told_enough: bool,
    /// Whether the files of the store change as in another scene, and are disturbed there.
    pub is_store_known: bool,
}

impl Scene {
    /// A command that ends with 0, also when there is nothing left to do.
    pub fn new(name: &'static str, office: Office, arguments: &'static str) -> Self {
        Self {
            name,
            office,
            arguments: arguments.split_whitespace().collect(),
            exit: 0,
            exit_again: 0,
            is_told_enough: false,
            is_store_known: false,
        }
    }
}
