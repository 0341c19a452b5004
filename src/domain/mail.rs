//! Mails that tell recipients of their papers: addresses, how the way to the server is protected, and rows of the ledger.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::distribution::DeliveryState;

/// Most bytes before the @, and of the whole address (RFC 5321, 4.5.3.1).
const LOCAL_BYTES: usize = 64;
const ADDRESS_BYTES: usize = 254;

/// An address such as `office@example.jp`: ASCII, so that every server takes it, and nothing in it that could end a header.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MailAddress(String);

/// A text that is no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an address like office@example.jp")]
pub struct NotAMailAddress;

impl MailAddress {
    /// The address of a text. `None` for one that is none.
    pub fn parse(text: &str) -> Option<Self> {
        let (local, domain) = text.rsplit_once('@')?;
        let fits = local.len() <= LOCAL_BYTES && text.len() <= ADDRESS_BYTES;
        let is_sound = fits && local.split('.').all(is_atom) && domain.split('.').all(is_label);
        (is_sound && domain.contains('.')).then(|| Self(text.into()))
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the @, and after it.
    pub fn parts(&self) -> (&str, &str) {
        self.0.rsplit_once('@').unwrap_or((&self.0, ""))
    }

    /// Whether mails to both go to one box, as far as servers agree about that.
    pub fn is_same_box(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

/// Whether a text can stand between the dots before the @ (RFC 5322, 3.2.3).
fn is_atom(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c))
}

/// Whether a text can stand between the dots after the @ (RFC 1123, 2.1).
fn is_label(text: &str) -> bool {
    let is_inside = |c: char| c.is_ascii_alphanumeric() || c == '-';
    (1..=63).contains(&text.len()) && !text.starts_with('-') && !text.ends_with('-') && text.chars().all(is_inside)
}

impl TryFrom<String> for MailAddress {
    type Error = NotAMailAddress;

    fn try_from(text: String) -> Result<Self, NotAMailAddress> {
        Self::parse(&text).ok_or(NotAMailAddress)
    }
}

impl From<MailAddress> for String {
    fn from(address: MailAddress) -> Self {
        address.0
    }
}

impl fmt::Display for MailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How the way to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailSecurity {
    /// TLS from the first byte.
    Tls,
    /// TLS after the server was asked for it; without it nothing is said.
    StartTls,
    /// In the clear: within this machine only.
    None,
}

/// A password. It is shown nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps a text from being shown.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The password itself. Only for logging in.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// How often a mail is begun by itself; what is refused once more after that waits for a person.
pub const MOST_ATTEMPTS: u32 = 5;

/// How long a mail waits after its first refusal, each later time three times as long: servers that do not know a sender yet ask
/// for a few minutes (greylisting), and a full box for hours.
const FIRST_WAIT: TimeDelta = TimeDelta::minutes(5);

/// A mail of a distribution to one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Number of the distribution.
    pub distribution: u32,
    /// Code of the recipient.
    pub recipient: String,
    /// To whom.
    pub address: String,
    /// By which whoever gets it twice knows that it is the same.
    pub message_id: String,
    /// What became of it.
    pub state: DeliveryState,
    /// How often its leaving was begun.
    pub attempts: u32,
    /// When the state changed last.
    pub changed_at: DateTime<Utc>,
    /// Of one that failed, when it may be tried again at the earliest; `None` where a person must say so first.
    pub next_at: Option<DateTime<Utc>>,
    /// What the server said, or who said what became of it.
    pub detail: String,
}

impl Mail {
    /// Whether it leaves at some time without anybody saying more.
    pub fn leaves_by_itself(&self) -> bool {
        match self.state {
            DeliveryState::Prepared | DeliveryState::Approved => true,
            DeliveryState::Failed => self.next_at.is_some(),
            DeliveryState::Sending | DeliveryState::Sent | DeliveryState::Uncertain | DeliveryState::Bounced => false,
        }
    }

    /// Whether it is too early to try it again. A clock that was ahead when it was refused keeps nobody waiting.
    pub fn waits(&self, now: DateTime<Utc>) -> bool {
        self.changed_at <= now && self.next_at.is_some_and(|at| at > now)
    }

    /// When it may be tried once more after it was refused for now. `None` when that was the last time.
    pub fn again_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        // The row is that of before the attempt that was refused.
        let before = self.attempts;
        (before + 1 < MOST_ATTEMPTS).then(|| now + FIRST_WAIT * 3_i32.pow(before.min(MOST_ATTEMPTS)))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("office@example.jp", true)]
    #[case("Uketsuke.01+x@mail.med-example.or.jp", true)]
    #[case("", false)]
    #[case("office", false)]
    #[case("office@localhost", false)]
    #[case("@example.jp", false)]
    #[case("a@b@example.jp", false)]
    #[case("a..b@example.jp", false)]
    #[case(".a@example.jp", false)]
    #[case("a@example..jp", false)]
    #[case("a@-example.jp", false)]
    #[case("a@example.jp.", false)]
    #[case("事務局@example.jp", false)]
    #[case("office@例.jp", false)]
    #[case("a b@example.jp", false)]
    #[case("a@example.jp\r\nBcc: b@example.jp", false)]
    #[case("見本 <office@example.jp>", false)]
    #[case("a@example.jp,b@example.jp", false)]
    fn text_is_an_address_or_not(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(MailAddress::parse(text).is_some(), expected, "{text:?}");
    }

    #[test]
    fn long_addresses_are_none() {
        let local = "a".repeat(64);
        assert!(MailAddress::parse(&format!("{local}@example.jp")).is_some());
        assert!(MailAddress::parse(&format!("{local}a@example.jp")).is_none());
        let label = "b".repeat(63);
        assert!(MailAddress::parse(&format!("a@{label}.jp")).is_some());
        assert!(MailAddress::parse(&format!("a@{label}b.jp")).is_none());
        assert!(MailAddress::parse(&format!("a@{label}.{label}.{label}.{label}.jp")).is_none());
    }

    #[test]
    fn secret_is_not_shown() {
        assert_eq!(format!("{:?}", Some(Secret::new("kanarienvogel".into()))), "Some(***)");
    }

    /// Five minutes, fifteen, three quarters of an hour, more than two hours; then no more.
    #[test]
    fn refused_mail_waits_longer_each_time_and_then_for_a_person() {
        let now = DateTime::<Utc>::UNIX_EPOCH;
        let mail = |attempts| Mail {
            distribution: 1,
            recipient: "11-001".into(),
            address: "office@example.jp".into(),
            message_id: String::new(),
            state: DeliveryState::Failed,
            attempts,
            changed_at: now,
            next_at: None,
            detail: String::new(),
        };
        let waits: Vec<Option<i64>> =
            (0..6).map(|attempts| Some((mail(attempts).again_at(now)? - now).num_minutes())).collect();
        assert_eq!(waits, [Some(5), Some(15), Some(45), Some(135), None, None]);
    }
}
