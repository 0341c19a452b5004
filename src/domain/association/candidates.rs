//! Bodies that may be meant by a name or code that no body has. They are named in messages and never taken (R12).

use super::readings::{is_reading, reads_as};
use super::{Association, Associations, Tier};
use crate::domain::text::{body_name_key, distance, fold_width};

/// Candidates that help; more of them are a list.
const MOST: usize = 3;

/// A name or code that no body has, beside one that a body has: how far apart, the smaller the nearer. `None` = too far.
fn apart(wanted: &str, known: &str) -> Option<usize> {
    let length = |text: &str| text.chars().count();
    let (n_wanted, n_known) = (length(wanted), length(known));
    if n_wanted == 0 || n_known == 0 {
        return None;
    }
    if (known.contains(wanted) && n_wanted > 1) || (wanted.contains(known) && n_known > 1) {
        return Some(n_wanted.abs_diff(n_known));
    }
    // A third of the letters explains a slip; what has no letter in common is no slip.
    let changed = distance(wanted, known);
    (changed * 3 <= n_wanted.max(n_known) && changed < n_wanted).then_some(10 + changed)
}

/// Katakana as hiragana, so that readings written in either meet.
fn as_hiragana(text: &str) -> String {
    let lower = |c: char| match c {
        'ァ'..='ヶ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        c => c,
    };
    text.chars().map(lower).collect()
}

/// The stem of a name without the kind of place: 川越市 → 川越, 大宮区 → 大宮.
fn stem(key: &str) -> &str {
    let rest = key.strip_suffix(['市', '区', '町', '村', '郡', '県', '府', '都']).unwrap_or(key);
    if rest.chars().count() > 1 { rest } else { key }
}

impl Associations {
    /// Full names of at most three bodies of some tiers that may be meant by a name, or a code, that none of them has: the
    /// nearest first, of equals in official order.
    pub fn candidates(&self, tiers: &[Tier], wanted: &str) -> Vec<String> {
        let key = as_hiragana(&body_name_key(wanted));
        let nearness = |body: &Association| -> Option<usize> {
            let names = body.spans.iter().flat_map(super::AssociationSpan::names);
            let by_name = names.filter_map(|name| {
                let known = as_hiragana(&body_name_key(name));
                // As good as a name that contains it; the kind of place may be left out.
                if is_reading(&key) && (reads_as(&known, &key) || reads_as(stem(&known), &key)) {
                    return Some(0);
                }
                let whole = apart(&key, &known);
                whole.into_iter().chain(apart(stem(&key), stem(&known)).map(|far| far + 1)).min()
            });
            by_name.min()
        };
        let mut found: Vec<(usize, &Association)> = self
            .iter()
            .filter(|body| tiers.contains(&body.tier))
            .filter_map(|body| nearness(body).map(|far| (far, body)))
            .collect();
        if found.is_empty() {
            found = self.by_like_code(tiers, fold_width(wanted).trim());
        }
        found.sort_by_key(|(far, _)| *far);
        found.truncate(MOST);
        found.into_iter().map(|(_, body)| format!("{}（{}）", body.name, body.code)).collect()
    }

    /// Bodies whose code is one letter away; digits alone are no likeness of longer ones.
    fn by_like_code(&self, tiers: &[Tier], code: &str) -> Vec<(usize, &Association)> {
        if !code.bytes().any(|byte| byte.is_ascii_digit()) {
            return Vec::new();
        }
        let of_tiers = self.iter().filter(|body| tiers.contains(&body.tier));
        let far = of_tiers.map(|body| (distance(code, &body.code), body));
        far.filter(|(far, _)| *far <= 1 || (*far == 2 && code.len() > 4)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{local, row, with_top};
    use super::*;

    fn all() -> Associations {
        let mut kana = local("11-005", "緑", ["", ""], &[]);
        kana.span.aliases = vec!["みどり".into()];
        Associations::new(with_top(vec![
            local("11-001", "浦和", ["", ""], &[]),
            local("11-002", "川越市", ["", ""], &[]),
            local("11-003", "大宮", ["", ""], &[]),
            local("11-004", "狭山市", ["", ""], &[]),
            kana,
        ]))
        .expect("sound")
    }

    #[test]
    fn containing_stem_kana_and_slip_are_candidates() {
        let all = all();
        for (wanted, expected) in [
            ("川越", "川越市医師会（11-002）"),
            ("大宮市", "大宮医師会（11-003）"),
            ("ミドリ", "緑医師会（11-005）"),
            ("うらわ", "浦和医師会（11-001）"),
            ("ウラワ医師会", "浦和医師会（11-001）"),
            ("かわごえ", "川越市医師会（11-002）"),
            ("カワゴエシ", "川越市医師会（11-002）"),
            ("ﾐﾄﾞﾘ", "緑医師会（11-005）"),
            ("埼玉県大宮", "大宮医師会（11-003）"),
            ("川越区", "川越市医師会（11-002）"),
            ("狭山巿", "狭山市医師会（11-004）"),
        ] {
            assert_eq!(all.candidates(&[Tier::Local], wanted), [expected], "{wanted}");
        }
    }

    #[test]
    fn strangers_have_no_candidates() {
        for wanted in ["", "市", "札幌市", "どこか", "さっぽろ", "架空　太郎"] {
            assert_eq!(all().candidates(&[Tier::Local], wanted), [""; 0], "{wanted}");
        }
    }

    #[test]
    fn code_that_is_nearly_one_has_candidates_and_never_more_than_three() {
        let all = all();
        assert_eq!(all.candidates(&[Tier::Local], "11-00").len(), 3);
        assert_eq!(all.candidates(&[Tier::Local], "11-009").len(), 3);
        assert_eq!(all.candidates(&[Tier::Local], "11-992"), ["川越市医師会（11-002）"]);
        assert_eq!(all.candidates(&[Tier::Local], "99"), [""; 0]);
    }

    #[test]
    fn bodies_of_other_tiers_are_no_candidates() {
        let mut rows = with_top(vec![local("11-001", "埼玉", ["", ""], &[])]);
        rows.push(row("11-002", Tier::Local, "浦和", "P11", ["", ""], &[]));
        let all = Associations::new(rows).expect("sound");
        assert_eq!(all.candidates(&[Tier::Prefectural], "埼玉"), ["埼玉県医師会（P11）"]);
    }
}
