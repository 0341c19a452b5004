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

/// Bits of an [`EnrolmentId`] that the store gives; those above tell stays of one enrolment apart.
const STORED_BITS: u32 = 40;

impl EnrolmentId {
    /// The stay that exports show from the `nth` change of its 入会日 on, where it is a stay of its own (R28). It comes
    /// after all that the store knows.
    pub fn rejoined(self, nth: u32) -> Self {
        Self(self.0 + (i64::from(nth) << STORED_BITS))
    }

    /// Whether it is a stay in the place of one that had ended (R28).
    pub fn is_rejoined(self) -> bool {
        self.0 != self.stored().0
    }

    /// The enrolment under which the store keeps what exports say of it.
    pub fn stored(self) -> Self {
        // Stays that only adjustments tell are below zero and never stored.
        if self.0 < 0 { self } else { Self(self.0 & ((1 << STORED_BITS) - 1)) }
    }
}

/// The registration number of a physician (医籍登録番号) without leading zeros, 1 or more; it identifies the
/// person (R11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RegistrationNumber(pub u32);

impl RegistrationNumber {
    /// The store keeps this and the id of the physician in the place of a number that was removed. Numbers that are read from files
    /// have nine digits at most.
    pub const REMOVED: u32 = 4_000_000_000;

    /// The number; `None` where it was removed.
    pub fn known(self) -> Option<u32> {
        (self.0 <= Self::REMOVED).then_some(self.0)
    }
}

impl fmt::Display for RegistrationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.known() {
            Some(number) => number.fmt(f),
            None => "消去".fmt(f),
        }
    }
}
