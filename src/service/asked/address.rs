//! Queries of addresses: pairs of names and values, as browsers send forms and as links carry them.

use std::fmt::Write;

/// Writes pairs as the query of an address, without the question mark.
pub(super) fn query(pairs: &[(&str, String)]) -> String {
    let mut out = String::new();
    for (name, value) in pairs {
        if !out.is_empty() {
            out.push('&');
        }
        encode(&mut out, name);
        out.push('=');
        encode(&mut out, value);
    }
    out
}

fn encode(out: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            // Writing into a text cannot fail.
            byte => _ = write!(out, "%{byte:02X}"),
        }
    }
}

/// Reads the pairs of a query. What is no UTF-8 is replaced by a mark that nothing matches; a lone % stands for itself.
pub(super) fn pairs(query: &str) -> Vec<(String, String)> {
    let parts = query.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| part.split_once('=').unwrap_or((part, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = text.get(at + 1..at + 3).filter(|_| *byte == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(match (hex, byte) {
            (Some(decoded), _) => decoded,
            (None, b'+') => b' ',
            (None, byte) => *byte,
        });
        at += if hex.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_come_back_as_they_went() {
        let told = [("on", "令和7年12月1日".to_string()), ("body", "A & B=＝%+🙂".into()), ("tier", String::new())];
        let read = pairs(&query(&told));
        assert_eq!(read, told.map(|(name, value)| (name.to_string(), value)));
    }

    #[test]
    fn broken_queries_are_read_as_far_as_they_go() {
        let of = |name: &str, value: &str| (name.to_string(), value.to_string());
        assert_eq!(pairs("on=%E4%BB&x&&=%zz%"), [of("on", "\u{FFFD}"), of("x", ""), of("", "%zz%")]);
        assert_eq!(pairs(""), []);
        // A sign within a letter of several bytes, and none behind it.
        assert_eq!(pairs("on=%あ"), [of("on", "%あ")]);
    }
}
