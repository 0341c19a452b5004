//! Papers on their way to recipients (作成 → 承認 → 配布): rows of the ledger, as read and as written.

use chrono::{DateTime, NaiveDate, Utc};

use super::coded::coded;

coded! {
    /// What became of a paper for a recipient.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum DeliveryState {
        /// Made; nobody has approved it.
        Prepared = "prepared" / "承認待ち",
        /// Approved; nothing has left.
        Approved = "approved" / "配布待ち",
        /// Its leaving was begun, and what came of that is not recorded.
        Sending = "sending" / "配布中",
        /// It is where it should be.
        Sent = "sent" / "配布済み",
        /// It could not leave, and certainly did not.
        Failed = "failed" / "配布できず",
        /// Nobody can say whether it arrived; it never leaves again by itself.
        Uncertain = "uncertain" / "不明",
        /// It was sent and came back, as a person says.
        Bounced = "bounced" / "戻ってきた",
    }
}

impl DeliveryState {
    /// Whether it may leave, or leave once more, without anybody saying so.
    pub fn may_leave(self) -> bool {
        matches!(self, Self::Approved | Self::Failed)
    }

    /// The same of a mail: it is sent, where papers are delivered.
    pub fn mail_label(self) -> &'static str {
        match self {
            Self::Approved => "送信待ち",
            Self::Sending => "送信中",
            Self::Sent => "送信済み",
            Self::Failed => "送信できず",
            state => state.label(),
        }
    }

    /// How soon a person must look after it, from 0; what has arrived is last.
    pub fn urgency(self) -> u8 {
        match self {
            Self::Uncertain => 0,
            Self::Failed | Self::Bounced => 1,
            Self::Sending => 2,
            Self::Prepared | Self::Approved => 3,
            Self::Sent => 4,
        }
    }

    /// Whether the recipient may have it.
    pub fn may_be_there(self) -> bool {
        matches!(self, Self::Sending | Self::Sent | Self::Uncertain)
    }
}

/// Where a distribution is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Made, and waits for another person.
    Prepared,
    /// Approved, and not everything has left.
    Approved,
    /// Nothing of it leaves any more.
    Voided,
}

/// A distribution (配布): papers of one day for many recipients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distribution {
    /// Number, from 1.
    pub number: u32,
    /// 基準日.
    pub as_of: NaiveDate,
    /// 知識時点.
    pub known_at: NaiveDate,
    /// Ids of its reports, in order.
    pub reports: Vec<String>,
    /// Folder of its manifest, from the data folder on.
    pub folder: String,
    /// SHA-256 of its manifest: what is approved.
    pub manifest_sha256: String,
    /// Who made it.
    pub maker: String,
    /// When.
    pub made_at: DateTime<Utc>,
    /// Who approved it; empty before.
    pub approver: String,
    /// When.
    pub approved_at: Option<DateTime<Utc>>,
    /// When it was withdrawn, by a person or because something changed.
    pub voided_at: Option<DateTime<Utc>>,
    /// Why; empty where it was not.
    pub void_reason: String,
}

impl Distribution {
    /// Where it is.
    pub fn stage(&self) -> Stage {
        match (self.voided_at, self.approved_at) {
            (Some(_), _) => Stage::Voided,
            (None, Some(_)) => Stage::Approved,
            (None, None) => Stage::Prepared,
        }
    }
}

/// A paper of a distribution for one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Number of the distribution.
    pub distribution: u32,
    /// Code of the recipient.
    pub recipient: String,
    /// Id of the report.
    pub report: String,
    /// Edition of the paper (版), from 1.
    pub edition: u32,
    /// SHA-256 of what the paper says.
    pub paper_sha256: String,
    /// Where it is delivered to: the folder of the recipient, from the folder of all on.
    pub place: String,
    /// What became of it.
    pub state: DeliveryState,
    /// How often its leaving was begun.
    pub attempts: u32,
    /// When the state changed last.
    pub changed_at: DateTime<Utc>,
    /// Why it is not sent, or who said what became of it.
    pub detail: String,
}
