//! Folding of texts for comparison. Nothing folded is ever stored or printed.

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

/// The suffix that names of bodies may or may not carry (R12).
const SUFFIX: &str = "医師会";

/// The key under which names of bodies are compared (R12): width folded, blanks out, without 医師会.
pub fn body_name_key(name: &str) -> String {
    let compact: String = fold_width(name).chars().filter(|c| !c.is_whitespace()).collect();
    match compact.strip_suffix(SUFFIX) {
        Some(rest) if !rest.is_empty() => rest.to_string(),
        _ => compact,
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

    use super::nearest;

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
