//! One statement, or one call, for whichever store is open.

/// Calls the same method of whichever store is open.
macro_rules! each_store {
    ($either:expr, $inner:ident => $call:expr) => {
        match $either {
            Self::Sqlite($inner) => $call,
            Self::Postgres($inner) => $call,
        }
    };
}
pub(super) use each_store;
