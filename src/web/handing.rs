//! Files that a page hands out: their kind, their name, and whether a browser shows or keeps them.

use anyhow::Result;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;

use super::answer::Answer;

/// A file under its name. A browser shows a PDF itself; everything else is kept, pages too: nothing that was made elsewhere runs
/// as a page of ours.
pub(super) fn file(name: &str, bytes: Vec<u8>) -> Result<Answer> {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let (kind, shown) = match ending {
        "pdf" => ("application/pdf", "inline"),
        "xlsx" => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "attachment"),
        "csv" => ("text/csv; charset=utf-8", "attachment"),
        "html" => ("text/html; charset=utf-8", "attachment"),
        _ => ("application/octet-stream", "attachment"),
    };
    let disposition = HeaderValue::from_str(&disposition(shown, name))?;
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, disposition)];
    Ok(Answer::from((headers, bytes).into_response()))
}

/// RFC 6266: the name in UTF-8, and one in ASCII for whoever does not read that.
fn disposition(shown: &str, name: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    let ascii: String = name.chars().map(|letter| if plain(letter) { letter } else { '_' }).collect();
    format!("{shown}; filename=\"{ascii}\"; filename*=UTF-8''{}", of_header(name))
}

/// The letters of RFC 5987 as they are, all others in hexadecimal; a blank is no plus here.
fn of_header(name: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte);
    name.bytes()
        .map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// A size as people read it.
pub(super) fn size(bytes: usize) -> String {
    match bytes {
        0..1_024 => format!("{bytes} バイト"),
        1_024..1_048_576 => format!("{} KB", bytes.div_ceil(1_024)),
        _ => format!("{}.{} MB", bytes >> 20, ((bytes % (1 << 20)) * 10) >> 20),
    }
}

/// What a link to a file says of it.
pub(super) fn label(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((_, "pdf")) => "PDF".into(),
        Some((_, "xlsx")) => "Excel".into(),
        Some((_, "html")) => "HTML".into(),
        Some((stem, "csv")) => format!("CSV {stem}"),
        _ => name.into(),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain("a-1.pdf", "inline; filename=\"a-1.pdf\"; filename*=UTF-8''a-1.pdf")]
    #[case::japanese("月報 1.pdf", "inline; filename=\"___1.pdf\"; filename*=UTF-8''%E6%9C%88%E5%A0%B1%201.pdf")]
    #[case::quotes(
        "a\"b';\r\nX: y.pdf",
        "inline; filename=\"a_b____X__y.pdf\"; filename*=UTF-8''a%22b%27%3B%0D%0AX%3A%20y.pdf"
    )]
    fn name_of_a_file_stays_within_its_header(#[case] name: &str, #[case] expected: &str) {
        assert_eq!(disposition("inline", name), expected);
        assert!(file(name, Vec::new()).is_ok());
    }

    #[rstest]
    #[case(0, "0 バイト")]
    #[case(1_023, "1023 バイト")]
    #[case(1_024, "1 KB")]
    #[case(1_048_575, "1024 KB")]
    #[case(1_572_864, "1.5 MB")]
    fn size_is_read_by_people(#[case] bytes: usize, #[case] expected: &str) {
        assert_eq!(size(bytes), expected);
    }
}
