//! Texts as parts of addresses, and addresses that are ours.

/// Letters of an address that is returned to, at most.
const MOST: usize = 2_000;

/// A text as the value of a query, or of a header that takes no other letters. A blank becomes a plus.
pub(super) fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// An address to go on to after the login: only a path of this program, else its first page. Browsers read `//host`, `/\host` and
/// tabs within as other places.
pub(super) fn own_path(wanted: &str) -> &str {
    let is_plain = wanted.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let is_path = wanted.starts_with('/') && !wanted.starts_with("//");
    if is_plain && is_path && wanted.len() <= MOST { wanted } else { "/" }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::first_page("/", "/")]
    #[case::path("/question?as_of=2025-12-31&body=%E6%B5%A6", "/question?as_of=2025-12-31&body=%E6%B5%A6")]
    #[case::address_within_a_query("/question?x=//example.org", "/question?x=//example.org")]
    #[case::nothing("", "/")]
    #[case::other_host("https://example.org/", "/")]
    #[case::other_host_without_a_scheme("//example.org/", "/")]
    #[case::backslash("/\\example.org", "/")]
    #[case::backslashes("\\\\example.org", "/")]
    #[case::script("javascript:alert(1)", "/")]
    #[case::tab("/\t/example.org", "/")]
    #[case::line_break("/x\r\nSet-Cookie: a=b", "/")]
    #[case::blank_before(" /x", "/")]
    #[case::not_encoded("/浦和", "/")]
    #[case::relative("question", "/")]
    fn only_own_paths_are_returned_to(#[case] wanted: &str, #[case] expected: &str) {
        assert_eq!(own_path(wanted), expected);
        assert_eq!(own_path(&format!("/{}", "x".repeat(2_000))), "/");
    }
}
