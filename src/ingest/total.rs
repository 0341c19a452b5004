//! Lines of a list that are about no row of it: a total at the end (合計 5名), the word that ends a paper (以上).

use super::normalise::fold;

/// What such a line is called, without numbers and units.
const WORDS: [&str; 24] = [
    "合計",
    "総計",
    "総合計",
    "計",
    "小計",
    "累計",
    "総数",
    "合計人数",
    "総人数",
    "人数",
    "人数計",
    "会員数",
    "会員数計",
    "会員数合計",
    "会員計",
    "会員合計",
    "件数",
    "総件数",
    "合計件数",
    "合計数",
    "TOTAL",
    "以上",
    "以下余白",
    "SUM",
];

/// Other cells of such a line, where they are not numbers alone.
const MOST_OTHERS: usize = 2;

/// Whether a row is a total: one of its cells says so, and no other says anything but numbers; or the first says so, and hardly
/// anything follows. So is a note (※…) that stands alone. No person has such a row: a person has a number and an 医師会.
pub(super) fn is_total<'c>(cells: impl Iterator<Item = &'c str>) -> bool {
    let mut filled = cells.filter(|cell| !cell.trim().is_empty());
    let Some(first) = filled.next() else { return false };
    if first.trim().starts_with('※') {
        return filled.next().is_none();
    }
    let begins_with_word = is_word(first);
    // The ordinary row ends here: a number, then a name.
    if !begins_with_word && !is_number(first) {
        return false;
    }
    let (mut has_word, mut n_others) = (begins_with_word, 0);
    for cell in filled {
        if is_word(cell) {
            has_word = true;
        } else if !is_number(cell) {
            n_others += 1;
            if !begins_with_word || n_others > MOST_OTHERS {
                return false;
            }
        }
    }
    has_word
}

/// 合計, 総計：, 計 5名, (合計).
fn is_word(cell: &str) -> bool {
    let cell = cell.trim();
    let begins = cell
        .starts_with(|c: char| "合総計小累人会件TtSs以（(【〔[◆■●※＊*".contains(c) || !c.is_ascii() && c > '\u{FF00}');
    if cell.len() > 60 || !begins {
        return false;
    }
    let folded = fold(cell);
    let word = folded.trim_matches(|c: char| {
        c.is_ascii_punctuation() || c.is_ascii_digit() || "名人件行者・、【】〔〕◆■●※".contains(c)
    });
    // 人数 and 件数 begin with what may be a unit.
    let whole =
        folded.trim_matches(|c: char| c.is_ascii_punctuation() || c.is_ascii_digit() || "【】〔〕◆■●※".contains(c));
    WORDS.contains(&word) || WORDS.contains(&whole)
}

/// 5, 1,234, 5名.
fn is_number(cell: &str) -> bool {
    let cell = cell.trim();
    if cell.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    if cell.len() > 40 {
        return false;
    }
    let folded = fold(cell);
    let digits = folded.trim_end_matches(['名', '人', '件', '行']);
    !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || c == ',')
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::is_total;

    #[rstest]
    #[case(&["合計", "5"])]
    #[case(&["", "", "計 5名"])]
    #[case(&["総計：5 名", "", ""])]
    #[case(&["5", "合計"])]
    #[case(&["合計", "5名（うち在籍 4名）"])]
    #[case(&["　合　計　", "1,234"])]
    #[case(&["（合計）", "５名"])]
    #[case(&["人数", "5"])]
    #[case(&["会員数合計 5人"])]
    #[case(&["以上"])]
    #[case(&["※退会者を含む", ""])]
    #[case(&["Total", "5", "3", "2"])]
    fn line_of_a_total_is_one(#[case] cells: &[&str]) {
        assert!(is_total(cells.iter().copied()));
    }

    #[rstest]
    #[case(&["200001", "架空　一", "男"])]
    #[case(&["200001", "計", "", "1975-06-02", "川越市医師会"])]
    #[case(&["", "計　太郎", "男"])]
    #[case(&["", "合計　一", "男", "1975-06-02", "川越市医師会"])]
    #[case(&["200001", "", ""])]
    #[case(&["", "", ""])]
    #[case(&["計画医院", "1"])]
    #[case(&["※", "200001", "架空　一"])]
    #[case(&["P11", "都道府県", "11"])]
    #[case(&["合計", "架空　一", "男", "1975-06-02", "川越市医師会"])]
    fn line_of_a_person_is_none(#[case] cells: &[&str]) {
        assert!(!is_total(cells.iter().copied()));
    }
}
