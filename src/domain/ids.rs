//! Identities as newtypes, so that a physician is never taken for an association.
//!
//! All of them are surrogates given by the store, except [`RegistrationNumber`], which comes from outside.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! surrogate {
    ($(#[$doc:meta])* $name:ident, $inner:ty) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

surrogate!(
    /// A physician as a person (医師). Says nothing about the person; facts carry it in place of the number.
    PhysicianId,
    i64
);
surrogate!(
    /// An association of any tier (医師会).
    AssociationId,
    i32
);
surrogate!(
    /// One enrolment (入会) through all its versions.
    EnrolmentId,
    i64
);
surrogate!(
    /// One accepted file.
    ImportId,
    i64
);
surrogate!(
    /// A kind of file with its scope, such as the member lists of one prefecture.
    SourceId,
    i32
);

/// The registration number of a physician (医籍登録番号) without leading zeros, 1 or more; it identifies the
/// person (R11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RegistrationNumber(pub u32);

impl fmt::Display for RegistrationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
