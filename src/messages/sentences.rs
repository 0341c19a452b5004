//! What parsers and the system say in English, as an office reads it. A sentence that nobody put down here stays as it is.

/// How such sentences begin, and what they mean.
const SENTENCES: [(&str, &str); 27] = [
    ("duplicate key", "同じ項目が二つあります"),
    ("key with no value", "項目名の後に = と値がありません"),
    ("string values must be quoted", "文字は引用符 \" で囲みます"),
    ("invalid basic string", "引用符 \" が閉じていません"),
    ("invalid literal string", "引用符 ' が閉じていません"),
    ("invalid multi-line", "引用符 \"\"\" が閉じていません"),
    ("unclosed table", "[ ] が閉じていません"),
    ("unclosed array", "[ ] が閉じていません"),
    ("unclosed inline table", "{ } が閉じていません"),
    ("missing comma between array elements", "[ ] の中のコンマが足りません"),
    ("missing array separator", "[ ] の中のコンマが足りません"),
    ("extra `=`", "= が二つあります"),
    ("missing value", "= の後に値がありません"),
    ("missing assignment", "項目名の後に = がありません"),
    ("invalid unquoted key", "項目名に使えない文字があります"),
    ("unexpected", "余分な文字があります"),
    ("premature end of input", "途中で終わっています"),
    ("input contains invalid characters", "日付に使わない文字があります"),
    ("input is out of range", "暦にない日です"),
    ("trailing input", "後ろに余分な文字があります"),
    ("Permission denied", "許可されていません"),
    ("No such file or directory", "ありません"),
    ("No space left on device", "空きがありません"),
    ("Read-only file system", "書き込めない場所です"),
    ("Is a directory", "フォルダです"),
    ("Not a directory", "フォルダではありません"),
    ("File exists", "同じ名前のものがあります"),
];

/// Kinds of values as serde calls them.
const KINDS: [(&str, &str); 8] = [
    ("integer", "整数"),
    ("floating point", "小数"),
    ("boolean", "真偽"),
    ("string", "文字"),
    ("sequence", "並び"),
    ("map", "項目のまとまり"),
    ("byte array", "並び"),
    ("unit", "何もない値"),
];

/// A sentence of a parser or of the system in Japanese, as far as it is known.
pub fn in_japanese(sentence: &str) -> String {
    let found = sentence.strip_prefix("invalid type: ").or_else(|| sentence.strip_prefix("invalid value: "));
    if let Some((value, _)) = found.and_then(|rest| rest.rsplit_once(", expected ")) {
        let kind = KINDS.iter().find_map(|(name, japanese)| Some((value.strip_prefix(name)?, japanese)));
        return match kind {
            Some((given, kind)) => format!("今は{kind}{}", given.replace('`', " ").trim_end()),
            None => format!("今は {value}"),
        };
    }
    let known = SENTENCES.iter().find(|(begin, _)| sentence.starts_with(begin));
    known.map_or_else(|| sentence.to_string(), |(_, japanese)| (*japanese).to_string())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::in_japanese;

    #[rstest]
    #[case::system("Permission denied (os error 13)", "許可されていません")]
    #[case::kind("invalid type: string \"5\", expected u32", "今は文字 \"5\"")]
    #[case::unknown("something else", "something else")]
    #[case::japanese("埼玉県", "埼玉県")]
    fn known_sentence_is_translated(#[case] sentence: &str, #[case] expected: &str) {
        assert_eq!(in_japanese(sentence), expected);
    }
}
