//! The kinds of movements, and how often each happens.

/// How the days of a move meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::synth) enum Meeting {
    /// The entry is the day after the exit.
    Next,
    /// Both are on one day.
    Same,
    /// Days lie between.
    Gap,
    /// The entry is before the exit.
    Overlap,
}

/// A kind of movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::synth) enum Movement {
    Join,
    JoinAfterPending,
    JoinKnownLate,
    JoinAhead,
    PendingNever,
    Rejoin,
    Death,
    DeathKnownLate,
    OwnWish,
    Ahead,
    CancelledBefore,
    CancelledAfter,
    ApprovedLate,
    NeverApproved,
    Missing,
    UnpaidFees,
    Expelled,
    OtherReason,
    UpperLeavesLate,
    WithdrawalMoved,
    NationalOnly,
    UpperOnly,
    Within(Meeting),
    Across(Meeting),
    NowhereSeen,
    ConcurrentNear,
    ConcurrentFar,
    ConcurrentEnds,
    Needless,
    Trained,
    Opened,
    Insured,
    Retired,
    Facility,
    JoinedCorrected,
    Unseen,
}

impl Movement {
    /// All kinds, in the order in which a month deals with them.
    pub(in crate::synth) const ALL: [Self; 42] = [
        Self::Join,
        Self::JoinAfterPending,
        Self::JoinKnownLate,
        Self::JoinAhead,
        Self::PendingNever,
        Self::Rejoin,
        Self::Death,
        Self::DeathKnownLate,
        Self::OwnWish,
        Self::Ahead,
        Self::CancelledBefore,
        Self::CancelledAfter,
        Self::ApprovedLate,
        Self::NeverApproved,
        Self::Missing,
        Self::UnpaidFees,
        Self::Expelled,
        Self::OtherReason,
        Self::UpperLeavesLate,
        Self::WithdrawalMoved,
        Self::NationalOnly,
        Self::UpperOnly,
        Self::Within(Meeting::Next),
        Self::Within(Meeting::Same),
        Self::Within(Meeting::Gap),
        Self::Within(Meeting::Overlap),
        Self::Across(Meeting::Next),
        Self::Across(Meeting::Same),
        Self::Across(Meeting::Gap),
        Self::Across(Meeting::Overlap),
        Self::NowhereSeen,
        Self::ConcurrentNear,
        Self::ConcurrentFar,
        Self::ConcurrentEnds,
        Self::Needless,
        Self::Trained,
        Self::Opened,
        Self::Insured,
        Self::Retired,
        Self::Facility,
        Self::JoinedCorrected,
        Self::Unseen,
    ];

    /// How many there are in a year in 100,000 members. Rough: entries and exits are about as many, deaths a little more
    /// than one in a hundred, a third of the moves across prefectures.
    pub(super) fn rate(self) -> u64 {
        match self {
            Self::Join => 2300,
            Self::JoinAfterPending => 700,
            Self::Facility => 1500,
            Self::Trained => 1200,
            Self::OwnWish => 1100,
            Self::Death => 1000,
            Self::Within(Meeting::Next) => 900,
            Self::Opened => 700,
            Self::Across(Meeting::Next) => 500,
            Self::Retired => 400,
            Self::Insured => 300,
            Self::JoinKnownLate | Self::DeathKnownLate | Self::Ahead => 250,
            Self::Across(Meeting::Gap) => 200,
            Self::NowhereSeen | Self::NationalOnly | Self::Within(Meeting::Gap) => 150,
            Self::JoinAhead | Self::ConcurrentNear => 100,
            Self::Within(Meeting::Same | Meeting::Overlap) => 80,
            Self::Expelled => 5,
            Self::Unseen => 10,
            Self::NeverApproved => 30,
            Self::CancelledAfter | Self::Missing | Self::JoinedCorrected | Self::WithdrawalMoved => 40,
            Self::UnpaidFees => 50,
            Self::PendingNever
            | Self::Rejoin
            | Self::CancelledBefore
            | Self::ApprovedLate
            | Self::OtherReason
            | Self::UpperLeavesLate
            | Self::UpperOnly
            | Self::Across(Meeting::Same | Meeting::Overlap)
            | Self::ConcurrentFar
            | Self::ConcurrentEnds
            | Self::Needless => 60,
        }
    }
}
