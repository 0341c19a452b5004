//! What is wrong in definitions.

use crate::domain::fault::{Fault, PlacedFault};
use crate::input::NotRead;

/// Everything that is wrong in the definitions that were read; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinitionError {
    /// The faults by file, in the order of each file.
    pub faults: Vec<PlacedFault>,
}

impl DefinitionError {
    /// The error of one fault.
    pub fn of(fault: PlacedFault) -> Self {
        Self { faults: vec![fault] }
    }

    /// A fault of a file as a whole.
    pub(super) fn of_file(file: &str, fault: Fault) -> Self {
        Self::of(PlacedFault { file: file.into(), line: None, key: String::new(), fault })
    }

    /// A file that the system does not let us read.
    pub(super) fn unreadable(file: &str, source: &std::io::Error) -> Self {
        let fault = match (NotRead::of(source), source.kind()) {
            (Some(why), _) => Fault::NotRead(why.code()),
            (None, std::io::ErrorKind::InvalidData) => Fault::NotUtf8,
            (None, _) => Fault::Unreadable(source.to_string()),
        };
        Self::of_file(file, fault)
    }
}

impl std::fmt::Display for DefinitionError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let faults: Vec<String> = self.faults.iter().map(ToString::to_string).collect();
        write!(f, "{}", faults.join("; "))
    }
}

impl std::error::Error for DefinitionError {}

/// The value, or its faults put to the others.
pub(super) fn kept<T>(read: Result<T, DefinitionError>, faults: &mut Vec<PlacedFault>) -> Option<T> {
    read.map_err(|error| faults.extend(error.faults)).ok()
}
