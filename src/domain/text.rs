//! Folding of texts for comparison. Nothing folded is ever stored or printed.

use std::borrow::Cow;

/// Turns full-width ASCII (Ａ１（．／) and the ideographic space into their ASCII twins; the rest stays.
pub fn fold_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{3000}' => ' ',
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .collect()
}

/// Whether a character is there and not seen: marks of byte and text order, zero-width blanks. Web pages and Macs leave
/// them in cells.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Kana in one form: half-width ones become full-width, and marks come to their base as [`compose_marks`] does.
fn compose_kana(text: &str) -> String {
    /// Full-width twins of ｦ to ﾝ.
    const WIDE: &str = "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";
    let wide = |c: char| match c {
        '\u{FF66}'..='\u{FF9D}' => {
            let nth = usize::try_from(u32::from(c) - 0xFF66).unwrap_or(usize::MAX);
            WIDE.chars().nth(nth).unwrap_or(c)
        }
        '\u{FF9E}' => '\u{3099}',
        '\u{FF9F}' => '\u{309A}',
        c => c,
    };
    compose_marks(&text.chars().map(wide).collect::<String>()).into_owned()
}

/// A kana with a mark of its own (か + ゛, as a Mac writes) as the one character (が). Kanji stay as they are: normal forms of
/// Unicode would replace some of them.
pub fn compose_marks(text: &str) -> Cow<'_, str> {
    if !text.contains(['\u{3099}', '\u{309A}']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let marked = match c {
            '\u{3099}' => out.chars().last().and_then(voiced),
            '\u{309A}' => out.chars().last().and_then(half_voiced),
            _ => None,
        };
        if marked.is_some() {
            out.pop();
        }
        out.push(marked.unwrap_or(c));
    }
    Cow::Owned(out)
}

/// か → が.
fn voiced(base: char) -> Option<char> {
    let takes_mark = "かきくけこさしすせそたちつてとはひふへほゝカキクケコサシスセソタチツテトハヒフヘホヽ";
    match base {
        'う' => Some('ゔ'),
        'ウ' => Some('ヴ'),
        'ワ'..='ヲ' => char::from_u32(u32::from(base) + 8),
        base if takes_mark.contains(base) => char::from_u32(u32::from(base) + 1),
        _ => None,
    }
}

/// は → ぱ.
fn half_voiced(base: char) -> Option<char> {
    "はひふへほハヒフヘホ".contains(base).then(|| char::from_u32(u32::from(base) + 2))?
}

/// The key under which codes are compared (R30): width folded, without blanks and invisible characters, and each number by
/// its value, since Excel takes leading zeros away: `1` meets `01`, and `1001` meets `01001`.
pub fn code_key(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let mut in_number = false;
    let mut pending_zero = false;
    for c in fold_width(code).chars().filter(|c| !c.is_whitespace() && !is_invisible(*c)) {
        if c.is_ascii_digit() && !in_number && c == '0' {
            pending_zero = true;
            continue;
        }
        // A number of zeros alone keeps one.
        if !c.is_ascii_digit() && pending_zero && !in_number {
            out.push('0');
        }
        in_number = c.is_ascii_digit();
        pending_zero = false;
        out.extend(c.to_uppercase());
    }
    if pending_zero {
        out.push('0');
    }
    out
}

/// A prefecture code (都道府県コード) with its zero: `1`, `01`, `P1` and `０１` are `01`. Anything else comes back as it is.
pub fn prefecture_code(text: &str) -> String {
    let folded = fold_width(text);
    let compact: String = folded.chars().filter(|c| !c.is_whitespace() && !is_invisible(*c)).collect();
    let digits = compact.strip_prefix('P').unwrap_or(&compact);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    match digits.parse::<u32>() {
        Ok(value) if is_number && value < 100 => format!("{value:02}"),
        _ => digits.to_string(),
    }
}

/// The suffix that names of bodies may or may not carry (R12).
const SUFFIX: &str = "医師会";

/// What stands before the name of a body in its seal and not in lists, width folded: its kind as a legal person.
const LEGAL_FORMS: [&str; 6] = ["一般社団法人", "公益社団法人", "社団法人", "(一社)", "(公社)", "(社)"];

/// The key under which names of bodies are compared (R12): width folded, kana in one form, blanks out, without 医師会 and
/// without 一般社団法人 and the like.
pub fn body_name_key(name: &str) -> String {
    let wide = compose_kana(&fold_width(name));
    let compact: String = wide.chars().filter(|c| !c.is_whitespace() && !is_invisible(*c)).collect();
    let name = LEGAL_FORMS.iter().find_map(|form| compact.strip_prefix(form)).unwrap_or(&compact);
    match name.strip_suffix(SUFFIX) {
        Some(rest) if !rest.is_empty() => rest.to_string(),
        _ => name.to_string(),
    }
}

/// The word nearest to one that nobody knows, for the question whether it was meant: one that begins with it, else the
/// one with the fewest other letters. `None` when that are more than a third, which no slip of the fingers explains.
pub fn nearest<'w>(unknown: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let key = |word: &str| fold_width(word).to_lowercase();
    let wanted = key(unknown);
    let n_letters = wanted.chars().count();
    let most = n_letters.div_ceil(3);
    let distances = words.map(|word| {
        let known = key(word);
        // Two letters begin too many words.
        if n_letters > 2 && known.starts_with(&wanted) { (0, word) } else { (distance(&wanted, &known), word) }
    });
    distances.filter(|(distance, _)| *distance <= most).min().map(|(_, word)| word)
}

/// Hiragana as katakana, for kana that people write either way.
pub fn katakana(text: &str) -> String {
    let twin = |c: char| match c {
        'ぁ'..='ゖ' => char::from_u32(u32::from(c) + 0x60).unwrap_or(c),
        other => other,
    };
    text.chars().map(twin).collect()
}

/// Katakana as hiragana.
pub fn hiragana(text: &str) -> String {
    let twin = |c: char| match c {
        'ァ'..='ヶ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        other => other,
    };
    text.chars().map(twin).collect()
}

/// How many letters must be added, left out or changed to make one word of the other (Levenshtein).
pub fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (nth, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = nth + 1;
        for (at, same) in other.iter().map(|two| *two == letter).enumerate() {
            let changed = diagonal + usize::from(!same);
            diagonal = row[at + 1];
            row[at + 1] = changed.min(row[at] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{body_name_key, code_key, compose_kana, nearest, prefecture_code};

    #[rstest]
    #[case::mac("か\u{3099}は\u{309A}", "がぱ")]
    #[case::katakana("サ\u{3099}ホ\u{3099}ウ\u{3099}", "ザボヴ")]
    #[case::half_width("ｶﾞｷﾊﾟｰ", "ガキパー")]
    #[case::mark_without_base("ん\u{3099}", "ん\u{3099}")]
    #[case::kanji("神\u{FA19}\u{FA10}", "神\u{FA19}\u{FA10}")]
    fn kana_come_in_one_form_and_kanji_stay(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(compose_kana(text), expected);
    }

    #[rstest]
    #[case("みと\u{3099}り区医師会", "みどり区")]
    #[case("ﾐﾄﾞﾘ区", "ミドリ区")]
    #[case("\u{FEFF}川越\u{200B}市", "川越市")]
    #[case("一般社団法人　川越市医師会", "川越市")]
    #[case("公益社団法人川越市医師会", "川越市医師会")]
    #[case("（一社）川越市医師会", "川越市")]
    fn spellings_of_a_name_meet(#[case] name: &str, #[case] other: &str) {
        assert_eq!(body_name_key(name), body_name_key(other));
    }

    #[rstest]
    #[case("01-001", "1-1")]
    #[case("０１－００１", "1-1")]
    #[case("P01", "p1")]
    #[case("1001", "01001")]
    #[case("00", "0")]
    fn codes_meet_by_value(#[case] one: &str, #[case] other: &str) {
        assert_eq!(code_key(one), code_key(other));
    }

    #[rstest]
    #[case("1-11", "11-1")]
    #[case("10", "1")]
    #[case("P01", "01")]
    #[case("", "0")]
    fn other_codes_stay_apart(#[case] one: &str, #[case] other: &str) {
        assert_ne!(code_key(one), code_key(other));
    }

    #[rstest]
    #[case("1", "01")]
    #[case("P1", "01")]
    #[case("０１", "01")]
    #[case("001", "01")]
    #[case("11", "11")]
    #[case("埼玉県", "埼玉県")]
    #[case("", "")]
    fn prefecture_gets_its_zero_back(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(prefecture_code(text), expected);
    }

    #[rstest]
    #[case::letter_missing("seat.toml", Some("seats.toml"))]
    #[case::letter_changed("dutiez.toml", Some("duties.toml"))]
    #[case::upper_case("SEATS.toml", Some("seats.toml"))]
    #[case::full_width("ｓｅａｔｓ.toml", Some("seats.toml"))]
    #[case::beginning("vocab", Some("vocabulary.toml"))]
    #[case::two_letters("vo", None)]
    #[case::something_else("kaiho.toml", None)]
    #[case::nothing("", None)]
    fn nearest_word_is_a_slip_away(#[case] unknown: &str, #[case] expected: Option<&str>) {
        assert_eq!(nearest(unknown, ["duties.toml", "seats.toml", "vocabulary.toml"].into_iter()), expected);
    }
}
