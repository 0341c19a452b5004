//! One statement, or one call, for whichever store is open.

/// Calls the same of whichever store `self` is of.
macro_rules! each_store {
    ($either:expr, $inner:ident => $call:expr) => {
        match $either {
            Self::Sqlite($inner) => $call,
            Self::Postgres($inner) => $call,
        }
    };
}
pub(super) use each_store;

/// Calls the same of whichever store a transaction is of.
macro_rules! on_tx {
    ($tx:expr, $inner:ident => $call:expr) => {
        match $tx {
            $crate::store::tx::Tx::Sqlite($inner) => $call,
            $crate::store::tx::Tx::Postgres($inner) => $call,
        }
    };
}
pub(super) use on_tx;
