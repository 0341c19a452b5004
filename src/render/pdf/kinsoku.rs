//! Where a Japanese line may end (禁則処理).
//!
//! The Unicode line breaking rules in their strict form, through icu_segmenter, plus what they leave out in
//! Japanese tables: full-width numbers stay whole, a number stays with what it counts, `—` `～` `％` `㎡` and small units never start a line, and
//! `＃` `№` never end one. This module knows characters, not widths.

use icu_segmenter::LineSegmenter;
use icu_segmenter::options::{LineBreakOptions, LineBreakStrictness};

/// Byte offsets at which a new line may start, ascending; neither 0 nor the length of the text.
pub(in crate::render) fn opportunities(text: &str) -> Vec<usize> {
    let mut options = LineBreakOptions::default();
    options.strictness = Some(LineBreakStrictness::Strict);
    let segmenter = LineSegmenter::new_for_non_complex_scripts(options);
    segmenter.segment_str(text).filter(|at| *at > 0 && *at < text.len() && allowed_at(text, *at)).collect()
}

/// Whether a character may not stand at the start of a line.
pub(super) fn never_starts(character: char) -> bool {
    const CLOSING: &str =
        "、。，．・：；？！）］｝〕〉》」』】’”),.:;?!]}»％%‰℃°′″々ゝゞヽヾー～—―…‥㎡㎥㎝㎜㎞㎏㌔㌘㌢゛゜";
    const SMALL: &str = "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ";
    CLOSING.contains(character) || SMALL.contains(character)
}

/// Whether a character may not stand at the end of a line.
pub(super) fn never_ends(character: char) -> bool {
    "（［｛〔〈《「『【‘“([{«￥¥＄$＃#№".contains(character)
}

fn allowed_at(text: &str, at: usize) -> bool {
    let (Some(before), Some(after)) = (text[..at].chars().next_back(), text[at..].chars().next()) else {
        return false;
    };
    let splits_number = is_wide_number(before) && is_wide_number(after) || before.is_ascii_digit() && counts(after);
    !(never_starts(after) || never_ends(before) || splits_number)
}

/// Whether a character says what a number before it counts: 12 and 人 stay together.
fn counts(character: char) -> bool {
    "年月日人名件頁枚回会社行歳か".contains(character)
}

fn is_wide_number(character: char) -> bool {
    matches!(character, '０'..='９' | '．' | '，')
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn pieces(text: &str) -> Vec<&str> {
        let mut starts = vec![0];
        starts.extend(opportunities(text));
        let ends = starts[1..].iter().copied().chain([text.len()]);
        starts.iter().zip(ends).map(|(start, end)| &text[*start..end]).collect()
    }

    #[rstest]
    #[case::comma("医、師", &["医、", "師"])]
    #[case::brackets("（株）山田", &["（株）", "山", "田"])]
    #[case::wide_number("第１２３号", &["第", "１２３", "号"])]
    #[case::half_width_number("計1,234円", &["計", "1,234", "円"])]
    #[case::counted("計12人が", &["計", "12人", "が"])]
    #[case::day("7年12月1日", &["7年", "12月", "1日"])]
    #[case::wave_dash("１０月～１２月", &["１０", "月～", "１２", "月"])]
    #[case::small_kana("ちょっと", &["ちょっ", "と"])]
    #[case::square_metre("面積５㎡", &["面", "積", "５㎡"])]
    #[case::number_sign("項＃２", &["項", "＃２"])]
    #[case::selector("辻\u{E0100}田", &["辻\u{E0100}", "田"])]
    fn lines_break_only_where_readers_accept_it(#[case] text: &str, #[case] expected: &[&str]) {
        assert_eq!(pieces(text), expected);
    }
}
