//! A mail as it is written down: one recipient, UTF-8, the same bytes for the same words.

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, Message, MultiPart, SinglePart};
use lettre::{Address, address::AddressError};

use crate::domain::mail::MailAddress;

/// What stands in a mail.
#[derive(Debug, Clone)]
pub struct MailText<'m> {
    /// Name of who writes.
    pub sender: &'m str,
    /// Address of who writes.
    pub from: &'m MailAddress,
    /// To whom answers go, where that is somebody else.
    pub reply_to: Option<&'m MailAddress>,
    /// To whom it goes; nobody else.
    pub to: &'m MailAddress,
    /// Subject, on one line.
    pub subject: &'m str,
    /// Everything that is read.
    pub text: &'m str,
    /// By which it is known when it comes twice, without brackets.
    pub message_id: &'m str,
    /// When it was written.
    pub date: DateTime<Utc>,
    /// Names and bytes of what is attached.
    pub attached: Vec<(String, Vec<u8>)>,
}

/// A mail that cannot be written down.
#[derive(Debug, thiserror::Error)]
pub enum NotWritten {
    /// An address that the library does not take.
    #[error("an address is none")]
    Address(#[from] AddressError),
    /// Something is missing.
    #[error("a mail is not whole")]
    Whole(#[from] lettre::error::Error),
    /// A kind of file that the library does not take.
    #[error("a kind of file is none")]
    Kind,
}

/// The bytes of a mail, lines ended by CR LF, all of them ASCII.
///
/// # Errors
/// [`NotWritten`], which is a defect: addresses were proved when they were read.
pub fn written(mail: &MailText) -> Result<Vec<u8>, NotWritten> {
    let mut builder = Message::builder()
        .message_id(Some(format!("<{}>", mail.message_id)))
        .date(SystemTime::from(mail.date))
        .from(mailbox(Some(mail.sender), mail.from)?)
        .to(mailbox(None, mail.to)?)
        .subject(mail.subject);
    if let Some(reply_to) = mail.reply_to {
        builder = builder.reply_to(mailbox(None, reply_to)?);
    }
    let text = SinglePart::plain(mail.text.to_string());
    if mail.attached.is_empty() {
        return Ok(builder.singlepart(text)?.formatted());
    }
    // The library would draw a boundary; one of the id is the same each time and in no encoded text.
    let boundary = format!("=_{}", mail.message_id.split('@').next().unwrap_or_default());
    let mut parts = MultiPart::mixed().boundary(boundary).singlepart(text);
    for (name, bytes) in &mail.attached {
        parts = parts.singlepart(Attachment::new(name.clone()).body(bytes.clone(), kind(name)?));
    }
    Ok(builder.multipart(parts)?.formatted())
}

fn mailbox(name: Option<&str>, address: &MailAddress) -> Result<Mailbox, AddressError> {
    let (local, domain) = address.parts();
    Ok(Mailbox::new(name.map(str::to_string), Address::new(local, domain)?))
}

/// The kind of a file by the end of its name.
fn kind(name: &str) -> Result<ContentType, NotWritten> {
    let kind = match name.rsplit_once('.').map(|(_, end)| end) {
        Some("pdf") => "application/pdf",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Some("csv") => "text/csv",
        _ => "application/octet-stream",
    };
    ContentType::parse(kind).map_err(|_| NotWritten::Kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> MailAddress {
        MailAddress::parse(text).expect("an address")
    }

    fn mail(attached: Vec<(String, Vec<u8>)>) -> String {
        let (from, to) = (address("office@example.jp"), address("urawa@example.jp"));
        let text = MailText {
            sender: "架空県医師会",
            from: &from,
            reply_to: None,
            to: &to,
            subject: "お知らせ\r\nBcc: other@example.jp",
            text: "一行目\n.\n三行目",
            message_id: "0123456789abcdef@example.jp",
            date: DateTime::UNIX_EPOCH,
            attached,
        };
        let bytes = written(&text).expect("it can be written");
        assert_eq!(bytes, written(&text).expect("it can be written"), "the same each time");
        assert!(bytes.is_ascii());
        String::from_utf8(bytes).expect("ASCII")
    }

    #[test]
    fn mail_has_one_recipient_and_the_given_id_and_date() {
        let text = mail(Vec::new());
        let (head, _) = text.split_once("\r\n\r\n").expect("a head");
        for line in ["To: urawa@example.jp", "Message-ID: <0123456789abcdef@example.jp>", "MIME-Version: 1.0"] {
            assert_eq!(head.lines().filter(|one| *one == line).count(), 1, "{line} in {head}");
        }
        assert!(head.contains("Date: Thu, 01 Jan 1970 00:00:00 +0000"), "{head}");
        assert!(!head.lines().any(|line| line.starts_with("Bcc") || line.starts_with("Cc")), "{head}");
        assert!(!text.contains("架空県") && !text.replace("\r\n", "").contains('\n'), "{text}");
    }

    #[test]
    fn attached_files_keep_their_names() {
        let text = mail(vec![("月報_R7.12.31.pdf".into(), vec![0, 1, 2, 255]), ("表.xlsx".into(), vec![1])]);
        assert_eq!(text.matches("Content-Disposition: attachment").count(), 2, "{text}");
        assert!(text.contains("boundary=\"=_0123456789abcdef\""), "{text}");
        assert!(text.contains("Content-Type: application/pdf") && text.contains("AAEC/w=="), "{text}");
    }
}
