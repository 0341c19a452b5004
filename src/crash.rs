//! Places at which a test lets the program end as if the machine had lost its power.
//!
//! Each stands between two steps that cannot be one: a file and its record, an intent and its deed. A build that is not
//! for release (`build.rs`) reads from [`PLAN`] where to end, `NAME:N` for the N-th time a place is reached or `*:N` for the N-th
//! place, and says it on standard error; a release build ends nowhere.

/// The environment variable that says where to end.
pub const PLAN: &str = "KAIIN_CRASH";

/// In a plan, whichever place is reached.
pub const ANY: &str = "*";

macro_rules! crash_points {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// A place between two steps.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum CrashPoint { $($(#[$doc])* $variant,)+ }

        impl CrashPoint {
            /// All of them, in the order in which a month comes past them.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Its name in a plan.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

crash_points! {
    /// A file of the inbox is taken in, and lies in the inbox still.
    FileStored = "file-stored",
    /// The timeline follows the files that were taken in.
    TimelineRefreshed = "timeline-refreshed",
    /// A file was moved to where it belongs, and nothing is told yet.
    FileMoved = "file-moved",
    /// A month is claimed, and nothing of it made.
    MonthBegun = "month-begun",
    /// A paper is made and has not got its names.
    PaperMade = "paper-made",
    /// A paper has its names and is not recorded.
    PaperPlaced = "paper-placed",
    /// A paper is recorded, and its month not ended.
    PaperRecorded = "paper-recorded",
    /// A distribution was outrun and is withdrawn, and the next one is not begun.
    DistributionOutrun = "distribution-outrun",
    /// The papers of a distribution are made, and nothing says for whom.
    DistributionMade = "distribution-made",
    /// The manifest of a distribution is kept and not recorded.
    DistributionKept = "distribution-kept",
    /// A distribution is recorded, and its period not ended.
    DistributionRecorded = "distribution-recorded",
    /// A distribution was proved and is not approved.
    DistributionProved = "distribution-proved",
    /// A distribution is approved, and nothing is told yet.
    DistributionApproved = "distribution-approved",
    /// The papers of a recipient lie beside their place.
    DeliveryFilled = "delivery-filled",
    /// It is recorded that they leave.
    DeliveryBegun = "delivery-begun",
    /// It is marked outside of the database that they leave.
    DeliveryMarked = "delivery-marked",
    /// They are in their place, and the ledger does not know it.
    DeliveryMoved = "delivery-moved",
    /// The ledger knows it.
    DeliverySettled = "delivery-settled",
    /// It is recorded that a mail leaves.
    MailBegun = "mail-begun",
    /// It is marked outside of the database that it leaves.
    MailMarked = "mail-marked",
    /// The server has spoken its last word, and the ledger does not know it.
    MailHandedOver = "mail-handed-over",
    /// The ledger knows it.
    MailSettled = "mail-settled",
    /// A period of another job is claimed, and nothing of it done.
    RoutineBegun = "routine-begun",
    /// A period of another job is done and not recorded.
    RoutineDone = "routine-done",
    /// A backup is made, and those that it outdates are still there.
    BackupMade = "backup-made",
    /// Persons are removed from the database, and the files are not.
    PersonsPurged = "persons-purged",
    /// The files are removed, and it is not recorded that a purge is done.
    FilesPurged = "files-purged",
}

/// Ends the program here where the plan says so.
pub fn reach(point: CrashPoint) {
    #[cfg(crash_points)]
    planned::reach(point);
    #[cfg(not(crash_points))]
    let _ = point;
}

#[cfg(crash_points)]
mod planned {
    use std::io::Write;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::{ANY, CrashPoint, PLAN};

    /// A place, and how often it is passed before the end.
    struct Plan {
        name: String,
        passes_left: AtomicU32,
    }

    impl Plan {
        fn read() -> Option<Self> {
            let text = std::env::var(PLAN).ok()?;
            let (name, nth) = text.split_once(':')?;
            let passes_left = AtomicU32::new(nth.parse::<u32>().ok()?.checked_sub(1)?);
            Some(Self { name: name.into(), passes_left })
        }

        fn is_of(&self, point: CrashPoint) -> bool {
            self.name == ANY || self.name == point.name()
        }
    }

    pub(super) fn reach(point: CrashPoint) {
        static THIS: OnceLock<Option<Plan>> = OnceLock::new();
        let Some(plan) = THIS.get_or_init(Plan::read).as_ref().filter(|plan| plan.is_of(point)) else { return };
        let pass = |left: u32| left.checked_sub(1);
        if plan.passes_left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, pass).is_err() {
            let _ = writeln!(std::io::stderr(), "{}", point.name());
            // No destructor runs and no buffer is written.
            std::process::abort();
        }
    }
}
