//! One more accepted heading in the text of a layout; everything else in it stays as it is.

use std::fmt::Write as _;

/// The text of a layout with one more heading behind those of a field; `None` when the field is not there or lists no
/// headings.
pub fn with_heading(text: &str, field: &str, heading: &str) -> Option<String> {
    let root = toml::de::DeTable::parse(text).ok()?;
    let fields = root.get_ref().get("fields")?.get_ref().as_table()?;
    let headings = fields.get(field)?.get_ref().as_table()?.get("headings")?.get_ref().as_array()?;
    let end = headings.iter().last()?.span().end;
    let mut out = text.get(..end)?.to_string();
    // Writing into a String cannot fail.
    let _ = write!(out, ", {}", quoted(heading));
    out.push_str(text.get(end..)?);
    Some(out)
}

/// A text as TOML writes it between quotation marks.
fn quoted(text: &str) -> String {
    toml::Value::String(text.into()).to_string()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::definitions::read_layout;

    const TEXT: &str = "\
# 見出し
name = \"own\"
kind = \"members\"
ended_rows_kept_days = 200

[fields.name]
headings = [
    \"氏名\", # 漢字
    \"会員氏名\",
]
required = true
[fields.kana]
headings = ['カナ']
";

    #[rstest]
    #[case::list_over_lines("name", "会員名", "    \"会員氏名\", \"会員名\",\n")]
    #[case::one_line("kana", "よみ", "headings = ['カナ', \"よみ\"]\n")]
    fn heading_is_added_and_nothing_else_changes(#[case] field: &str, #[case] heading: &str, #[case] line: &str) {
        let made = with_heading(TEXT, field, heading).expect("the field is there");
        assert!(made.contains(line), "{made}");
        assert_eq!(made.lines().count(), TEXT.lines().count());
        let changed: Vec<_> = made.lines().zip(TEXT.lines()).filter(|(one, other)| one != other).collect();
        assert_eq!(changed.len(), 1, "{changed:?}");
    }

    #[rstest]
    #[case::quotation_mark("氏\"名")]
    #[case::backslash("氏\\名")]
    #[case::apostrophe("氏'名")]
    fn sign_of_the_format_is_kept(#[case] heading: &str) {
        let made = with_heading(TEXT, "name", heading).expect("the field is there");
        let layout = read_layout("own.toml", &made).expect("the layout is sound");
        assert!(layout.fields.values().any(|field| field.headings.contains(&heading.to_string())), "{made}");
    }

    #[test]
    fn field_that_is_not_there_gets_nothing() {
        assert_eq!(with_heading(TEXT, "sex", "男女"), None);
    }
}
