//! Prefectures (都道府県): code and name as everybody knows them, whatever a master calls its bodies.

use super::text::fold_width;

/// Names in the order of the codes 01 to 47.
const NAMES: [&str; 47] = [
    "北海道",
    "青森県",
    "岩手県",
    "宮城県",
    "秋田県",
    "山形県",
    "福島県",
    "茨城県",
    "栃木県",
    "群馬県",
    "埼玉県",
    "千葉県",
    "東京都",
    "神奈川県",
    "新潟県",
    "富山県",
    "石川県",
    "福井県",
    "山梨県",
    "長野県",
    "岐阜県",
    "静岡県",
    "愛知県",
    "三重県",
    "滋賀県",
    "京都府",
    "大阪府",
    "兵庫県",
    "奈良県",
    "和歌山県",
    "鳥取県",
    "島根県",
    "岡山県",
    "広島県",
    "山口県",
    "徳島県",
    "香川県",
    "愛媛県",
    "高知県",
    "福岡県",
    "佐賀県",
    "長崎県",
    "熊本県",
    "大分県",
    "宮崎県",
    "鹿児島県",
    "沖縄県",
];

/// The number of a prefecture by its name, with or without 都, 府, 県: 埼玉県 and 埼玉 are 11. 北海道 keeps its 道.
pub fn prefecture_named(name: &str) -> Option<u32> {
    let is_called = |known: &&str| *known == name || known.strip_suffix(['都', '府', '県']) == Some(name);
    let at = NAMES.iter().position(is_called)?;
    u32::try_from(at + 1).ok()
}

/// The name of a prefecture by its code, such as 11 or 1.
pub fn prefecture_name(code: &str) -> Option<&'static str> {
    let number = prefecture_number(code)?;
    NAMES.get(usize::try_from(number).ok()?.checked_sub(1)?).copied()
}

/// The name of a prefecture without 都, 府, 県, by its code: 埼玉. 北海道 keeps its 道.
pub fn short_prefecture_name(code: &str) -> Option<&'static str> {
    let name = prefecture_name(code)?;
    Some(name.strip_suffix(['都', '府', '県']).unwrap_or(name))
}

/// The number in a code of a prefecture or of its body, zeros restored by value: 11, ０１, 1, P11.
pub fn prefecture_number(code: &str) -> Option<u32> {
    let folded = fold_width(code.trim());
    let digits = folded.strip_prefix(['P', 'p']).unwrap_or(&folded);
    (digits.len() <= 2 && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.parse().ok())?
}

/// Whether a text is the code of a prefecture as it is written, 01 to 47.
pub fn is_prefecture(code: &str) -> bool {
    code.len() == 2 && code.parse().is_ok_and(|n: u8| (1..=47).contains(&n))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::whole("埼玉県", Some(11))]
    #[case::short("埼玉", Some(11))]
    #[case::fu("京都", Some(26))]
    #[case::to("東京", Some(13))]
    #[case::hokkaido("北海道", Some(1))]
    #[case::hokkaido_keeps_its_end("北海", None)]
    #[case::kyo("京", None)]
    #[case::city("さいたま市", None)]
    fn prefecture_has_two_names(#[case] name: &str, #[case] expected: Option<u32>) {
        assert_eq!(prefecture_named(name), expected);
    }

    #[rstest]
    #[case::zero_lost("1", Some("北海道"))]
    #[case::two_digits("01", Some("北海道"))]
    #[case::body("P47", Some("沖縄県"))]
    #[case::full_width("１１", Some("埼玉県"))]
    #[case::too_many("48", None)]
    #[case::none("0", None)]
    #[case::nothing("", None)]
    fn code_is_read_by_value(#[case] code: &str, #[case] expected: Option<&str>) {
        assert_eq!(prefecture_name(code), expected);
        let short = expected.map(|name| name.trim_end_matches('県'));
        assert_eq!(short_prefecture_name(code), short);
    }
}
