//! Watches the XML of a part as it is inflated: a parser holds every tag, text and open element in memory, and none of
//! them says beforehand how large it is.

use super::limits::{MOST_CELLS, MOST_ROWS};

/// One tag, text or comment. A cell has at most 32,767 characters, of which each may be written as `&#x10FFFF;`.
const MOST_TOKEN: usize = 1 << 20;

/// A tag with its attributes. The parser compares each attribute of a tag with all others.
const MOST_TAG: usize = 32 << 10;

/// Elements that are open at once. Those of a workbook lie in one another some ten deep.
const MOST_DEPTH: usize = 250;

/// Tags of one part. A million rows of 25 cells have about two thirds of it.
const MOST_TAGS: u64 = 150_000_000;

/// Texts of the table of texts: 340,000 rows with a name, a kana, a facility and a number of their own have a third of it.
/// It is also what the table may declare.
pub(super) const MOST_STRINGS: u64 = 4_000_000;

/// What a run of bytes is, by how it begins and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    /// Up to the next `<`.
    Text,
    /// `<…>`, with the quotation mark that is open in it.
    Tag(Option<u8>),
    /// `<!-- … -->`
    Comment,
    /// `<![CDATA[ … ]]>`
    Data,
    /// `<? … ?>`
    Instruction,
}

/// Bytes behind a `<` that tell what begins there.
const NEAR: usize = 12;

/// Follows the XML of one part.
#[derive(Debug)]
pub(super) struct Markup {
    token: Token,
    n_bytes: usize,
    /// Its first bytes, without the `<`.
    start: [u8; NEAR],
    /// The last bytes, the newest at the end.
    end: [u8; 3],
    depth: usize,
    n_tags: u64,
    n_rows: u64,
    n_cells: u64,
    n_strings: u64,
}

impl Markup {
    pub(super) fn new() -> Self {
        let (start, end) = ([0; NEAR], [0; 3]);
        let (token, n_bytes, depth) = (Token::Text, 0, 0);
        Self { token, n_bytes, start, end, depth, n_tags: 0, n_rows: 0, n_cells: 0, n_strings: 0 }
    }

    /// Takes the next bytes, and says whether there is more than any workbook has.
    pub(super) fn is_wild(&mut self, bytes: &[u8]) -> bool {
        let mut rest = bytes;
        while !rest.is_empty() {
            // What cannot end the token is passed over at once.
            let length = rest.iter().position(|byte| self.may_end(*byte)).map_or(rest.len(), |at| at + 1);
            let (now, behind) = rest.split_at(length);
            rest = behind;
            self.keep(now);
            let is_tag = matches!(self.token, Token::Tag(_));
            if self.n_bytes > if is_tag { MOST_TAG } else { MOST_TOKEN } {
                return true;
            }
            if now.last().is_some_and(|last| self.may_end(*last)) {
                self.end_token();
            }
            if self.has_too_much() {
                return true;
            }
        }
        false
    }

    fn has_too_much(&self) -> bool {
        self.depth > MOST_DEPTH
            || self.n_tags > MOST_TAGS
            || self.n_rows > u64::from(MOST_ROWS)
            || self.n_cells > MOST_CELLS
            || self.n_strings > MOST_STRINGS
    }

    fn may_end(&self, byte: u8) -> bool {
        match self.token {
            Token::Text => byte == b'<',
            Token::Tag(Some(mark)) => byte == mark,
            Token::Tag(None) => matches!(byte, b'>' | b'"' | b'\''),
            Token::Comment | Token::Data | Token::Instruction => byte == b'>',
        }
    }

    /// Remembers how the token begins and ends.
    fn keep(&mut self, bytes: &[u8]) {
        for (place, byte) in self.start.iter_mut().skip(self.n_bytes).zip(bytes) {
            *place = *byte;
        }
        self.n_bytes += bytes.len();
        for byte in &bytes[bytes.len().saturating_sub(self.end.len())..] {
            self.end = [self.end[1], self.end[2], *byte];
        }
    }

    fn end_token(&mut self) {
        let Token::Tag(open_mark) = self.token else { return self.end_other() };
        let start = &self.start[..self.n_bytes.min(NEAR)];
        let others: [(&[u8], Token); 3] =
            [(b"!--", Token::Comment), (b"![CDATA[", Token::Data), (b"?", Token::Instruction)];
        if let Some((_, other)) = others.into_iter().find(|(begin, _)| start.starts_with(begin)) {
            self.token = other;
            if self.end[2] == b'>' {
                self.end_other();
            }
            return;
        }
        match (open_mark, self.end[2]) {
            (Some(_), _) => self.token = Token::Tag(None),
            (None, b'>') => self.end_tag(),
            (None, mark) => self.token = Token::Tag(Some(mark)),
        }
    }

    /// Ends what is no tag, where its end is whole: `<!-->` goes on.
    fn end_other(&mut self) {
        let (is_whole, next) = match self.token {
            Token::Comment => (self.n_bytes >= 6 && self.end == *b"-->", Token::Text),
            Token::Data => (self.end == *b"]]>", Token::Text),
            Token::Instruction => (self.n_bytes >= 3 && self.end[1] == b'?', Token::Text),
            Token::Text | Token::Tag(_) => (true, Token::Tag(None)),
        };
        if is_whole {
            (self.token, self.n_bytes) = (next, 0);
        }
    }

    fn end_tag(&mut self) {
        let start = &self.start[..self.n_bytes.min(NEAR)];
        let name = start.split(|byte| matches!(byte, b' ' | b'>' | b'/' | b'\t' | b'\r' | b'\n')).next();
        // Some programs write x:row.
        let name = name.and_then(|name| name.rsplit(|byte| *byte == b':').next()).unwrap_or_default();
        self.n_tags += 1;
        if start.first() == Some(&b'/') {
            self.depth = self.depth.saturating_sub(1);
        } else {
            self.depth += usize::from(self.end[1] != b'/');
            self.n_rows += u64::from(name == b"row");
            self.n_cells += u64::from(name == b"c");
            self.n_strings += u64::from(name == b"si");
        }
        (self.token, self.n_bytes) = (Token::Text, 0);
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn is_wild(parts: &[&str]) -> bool {
        let mut markup = Markup::new();
        parts.iter().any(|part| markup.is_wild(part.as_bytes()))
    }

    #[rstest]
    #[case::text("<t>", "a", "</t>")]
    #[case::attribute("<t x=\"", "a", "\"/>")]
    #[case::attribute_with_marks("<t x=\"", "'>", "\"/>")]
    #[case::comment("<!--", "<a/>", "-->")]
    #[case::comment_that_goes_on("<!-->", "<a/>", "-->")]
    #[case::comment_with_marks("<!-- it's", "<a>", "-->")]
    #[case::data("<![CDATA[", "<a/>", "]]>")]
    #[case::instruction("<?x ", "<a/>", "?>")]
    fn long_token_is_wild(#[case] before: &str, #[case] filling: &str, #[case] after: &str) {
        let most = if matches!(filling, "'>") || before.starts_with("<t x") { MOST_TAG } else { MOST_TOKEN };
        let n = most / filling.len();
        for (n, expected) in [(n - 10, false), (n + 10, true)] {
            let whole = format!("<a><b/>{before}{}{after}</a>", filling.repeat(n));
            assert_eq!(is_wild(&[&whole]), expected, "{n}");
            let bytes: Vec<&str> = whole.split_inclusive(|_| true).collect();
            assert_eq!(is_wild(&bytes), expected, "{n} byte by byte");
        }
    }

    #[test]
    fn elements_may_lie_in_one_another_and_stand_beside_one_another() {
        assert!(!is_wild(&[&"<a>".repeat(MOST_DEPTH)]));
        assert!(is_wild(&[&"<a>".repeat(MOST_DEPTH + 1)]));
        assert!(!is_wild(&[&"<a></a><b/><?c?><!-- <d> --><e x='/>'></e>".repeat(MOST_DEPTH * 3)]));
    }

    #[test]
    fn rows_and_texts_are_counted() {
        let rows = "<x:row r=\"1\"><c/></x:row>".repeat(1 << 10);
        let all: Vec<&str> = std::iter::repeat_n(rows.as_str(), 1 << 10).collect();
        assert!(!is_wild(&all));
        assert!(is_wild(&[all.as_slice(), &["<row/>"]].concat()));
    }
}
