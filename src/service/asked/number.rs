//! The answer number (答えの番号): a short mark of the question, what it was answered from, and the figures.
//!
//! Whoever has written it down, on paper or in a mail, can tell whether an answer is the one that it was given for.

use super::figures::TierFigure;
use crate::domain::class_scheme::spelling_key;
use crate::service::keep::head::sha256_of;
use crate::service::known::basis::Basis;

/// Letters of the number: 40 bits, so that no two answers that an office ever sees share one by chance.
const LETTERS: usize = 10;

/// The number of an answer. `question` is the query that asks it again.
pub(super) fn answer_number(question: &str, basis: &Basis, figures: &[TierFigure]) -> String {
    let told = |n: Option<i64>| n.map_or_else(|| "-".to_string(), |n| n.to_string());
    let of_tier =
        |figure: &TierFigure| format!("{} {} {}", figure.tier.code(), told(figure.memberships), told(figure.heads));
    let figures: Vec<String> = figures.iter().map(of_tier).collect();
    let hash = sha256_of(&[question, &basis.head, basis.withdrawal_day_rule, &figures.join("\n")]);
    let letters = hash[..LETTERS].to_uppercase();
    format!("{}-{}", &letters[..LETTERS / 2], &letters[LETTERS / 2..])
}

/// Whether a number that somebody wrote down is this one; width, case, blanks and hyphens do not matter.
pub(super) fn is_same(written: &str, number: &str) -> bool {
    let bare = |text: &str| spelling_key(text).replace(['-', '－', 'ー', '‐'], "");
    bare(written) == bare(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_is_compared_as_people_write_it() {
        assert!(is_same("３ｆ2a1 c0ffe", "3F2A1-C0FFE"));
        assert!(!is_same("3F2A1-C0FFF", "3F2A1-C0FFE"));
    }
}
