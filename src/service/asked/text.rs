//! A question as it was written: the fields of the form, the query of an address.

use super::faults::{Field, FieldFault};

/// A question as text. Every field holds what was typed, right or wrong; an empty one was left empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AskedText {
    /// 基準日, as a day or a word for one.
    pub on: String,
    /// 時点: none for the newest, else up to three days.
    pub known: Vec<String>,
    /// 階層.
    pub tier: String,
    /// 都道府県.
    pub prefecture: String,
    /// 医師会: name, kana, alias or code.
    pub body: String,
    /// 会員区分.
    pub class: String,
    /// 内訳.
    pub by: Vec<String>,
    /// The head that a pinned address was made under; empty for none.
    pub head: String,
    /// An answer number to be compared with that of the answer; empty for none.
    pub number: String,
    /// Which page of the list of persons; empty for the first.
    pub page: String,
    /// Names that are no field, and fields that were given twice.
    pub(super) strange: Vec<FieldFault>,
}

impl AskedText {
    /// Reads the query of an address (without the question mark).
    pub fn of_query(query: &str) -> Self {
        Self::of_pairs(form_urlencoded::parse(query.as_bytes()).into_owned())
    }

    /// Reads the pairs of a form or an address.
    pub fn of_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut out = Self::default();
        let mut seen: Vec<String> = Vec::new();
        for (name, value) in pairs {
            let value = shown(&value);
            let field = match name.as_str() {
                "known" | "by" => {
                    let list = if name == "known" { &mut out.known } else { &mut out.by };
                    list.extend(Some(value).filter(|value| !value.is_empty()));
                    continue;
                }
                "on" => &mut out.on,
                "tier" => &mut out.tier,
                "prefecture" => &mut out.prefecture,
                "body" => &mut out.body,
                "class" => &mut out.class,
                "head" => &mut out.head,
                "number" => &mut out.number,
                "page" => &mut out.page,
                _ => {
                    out.strange.push(FieldFault::new(Field::Whole, "ASK-018", vec![name]));
                    continue;
                }
            };
            if seen.contains(&name) {
                out.strange.push(FieldFault::new(Field::Whole, "ASK-019", vec![name]));
                continue;
            }
            *field = value;
            seen.push(name);
        }
        out
    }

    /// Whether nothing was asked yet.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The fields that are filled in, as pairs of an address.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let one = |name: &'static str, value: &String| (name, value.clone());
        let known = self.known.iter().map(|day| one("known", day));
        let by = self.by.iter().map(|word| one("by", word));
        let all = std::iter::once(one("on", &self.on)).chain(known).chain([
            one("tier", &self.tier),
            one("prefecture", &self.prefecture),
            one("body", &self.body),
            one("class", &self.class),
        ]);
        let rest = [one("head", &self.head), one("number", &self.number), one("page", &self.page)];
        all.chain(by).chain(rest).filter(|(_, value)| !value.is_empty()).collect()
    }

    /// The same question with another page of the list.
    pub fn on_page(&self, page: usize) -> Self {
        Self { page: page.to_string(), ..self.clone() }
    }

    /// The query of the address that asks the same.
    pub fn query(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(self.pairs()).finish()
    }
}

/// A value as a page can show it: what is no letter (NUL, line breaks) cannot be typed into a field and becomes one that says so.
fn shown(value: &str) -> String {
    value.trim().chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn question_survives_its_address() {
        let text =
            AskedText::of_query("on=R7.12.1&known=&known=2025-12-31&body=%E6%B5%A6%E5%92%8C&by=class&by=association");
        assert_eq!((text.on.as_str(), text.body.as_str()), ("R7.12.1", "浦和"));
        assert_eq!(text.known, ["2025-12-31"]);
        assert_eq!(AskedText::of_query(&text.query()), text);
        assert!(text.strange.is_empty());
    }

    #[test]
    fn signs_of_addresses_are_kept_and_broken_ones_read_as_far_as_they_go() {
        let text = AskedText { body: "A & B=＝%+🙂".into(), ..AskedText::default() };
        assert_eq!(AskedText::of_query(&text.query()), text);
        let broken = AskedText::of_query("on=%E4%BB&&body=%あ");
        assert_eq!((broken.on.as_str(), broken.body.as_str()), ("\u{fffd}", "%あ"));
    }

    #[test]
    fn what_is_no_letter_does_not_reach_the_page() {
        let text = AskedText::of_query("body=%00%E6%B5%A6%0A%E5%92%8C&on=+R7.12.1%0A");
        assert_eq!((text.body.as_str(), text.on.as_str()), ("\u{fffd}浦\u{fffd}和", "R7.12.1"));
    }

    #[test]
    fn strange_names_and_fields_given_twice_are_told() {
        let text = AskedText::of_query("asof=2025-12-01&tier=local&tier=national");
        let codes: Vec<&str> = text.strange.iter().map(|fault| fault.code).collect();
        assert_eq!(codes, ["ASK-018", "ASK-019"]);
        assert_eq!(text.tier, "local", "the first is kept");
    }
}
