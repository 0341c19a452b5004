//! Who did something, as ledgers name them: by words of their own (`--by`), or by an account of the pages.

use super::class_scheme::spelling_key;

/// Brackets around the login behind a name.
const BRACKETS: [char; 2] = ['（', '）'];

/// Who does something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    name: String,
    /// Of an account; `None` for somebody who has only named themselves.
    login: Option<String>,
}

impl Signature {
    /// Somebody who names themselves; the words may be those of an account, as [`Self::signed`] writes them.
    pub fn of_words(words: &str) -> Self {
        let words = words.trim();
        let parts = words.strip_suffix(BRACKETS[1]).and_then(|rest| rest.rsplit_once(BRACKETS[0]));
        match parts {
            Some((name, login)) if is_login(login) => Self { name: name.trim().into(), login: Some(login.into()) },
            _ => Self { name: words.into(), login: None },
        }
    }

    /// Whoever is logged in.
    pub fn of_account(name: &str, login: &str) -> Self {
        Self { name: name.trim().into(), login: Some(login.into()) }
    }

    /// As a ledger keeps it: 佐藤（h.sato）. Empty for nobody.
    pub fn signed(&self) -> String {
        match &self.login {
            Some(login) => format!("{}{}{login}{}", self.name, BRACKETS[0], BRACKETS[1]),
            None => self.name.clone(),
        }
    }

    /// Whether they may be one person: the same account, or words that are the name or the login of the other. Of two accounts
    /// the logins decide, for two people may have one name.
    pub fn may_be(&self, other: &Self) -> bool {
        match (&self.login, &other.login) {
            (Some(login), Some(others)) => login == others,
            (None, None) => is_same(&self.name, &other.name),
            (Some(login), None) => is_same(&self.name, &other.name) || is_same(login, &other.name),
            (None, Some(login)) => is_same(&self.name, &other.name) || is_same(&self.name, login),
        }
    }
}

fn is_same(one: &str, other: &str) -> bool {
    spelling_key(one) == spelling_key(other)
}

/// Whether it is written as logins are.
fn is_login(text: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "._-".contains(letter);
    !text.is_empty() && text.chars().all(is_letter)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::words("作成係", "作成係", true)]
    #[case::words_spelt_otherwise("作成　係", "作成係", true)]
    #[case::other_words("作成係", "承認係", false)]
    #[case::one_account("鈴木（y.suzuki）", "鈴木（y.suzuki）", true)]
    #[case::account_that_was_renamed("鈴木（y.suzuki）", "佐藤（y.suzuki）", true)]
    #[case::two_accounts_of_one_name("鈴木（y.suzuki）", "鈴木（h.suzuki）", false)]
    #[case::name_of_an_account("鈴木", "鈴木（y.suzuki）", true)]
    #[case::login_of_an_account("y.suzuki", "鈴木（y.suzuki）", true)]
    #[case::login_in_wide_letters("Ｙ．ＳＵＺＵＫＩ", "鈴木（y.suzuki）", true)]
    #[case::words_of_somebody_else("佐藤", "鈴木（y.suzuki）", false)]
    #[case::brackets_that_hold_no_login("kaiin（定時）", "kaiin（臨時）", false)]
    #[case::name_that_holds_a_login("鈴木（h.sato）（y.suzuki）", "佐藤（h.sato）", false)]
    fn one_person_is_known_by_account_else_by_words(#[case] one: &str, #[case] other: &str, #[case] expected: bool) {
        let [one, other] = [one, other].map(Signature::of_words);
        assert_eq!((one.may_be(&other), other.may_be(&one)), (expected, expected));
    }

    #[test]
    fn signed_words_are_read_again() {
        let account = Signature::of_account(" 鈴木（総務） ", "y.suzuki");
        assert_eq!(account.signed(), "鈴木（総務）（y.suzuki）");
        assert_eq!(Signature::of_words(&account.signed()), account);
        assert_eq!(Signature::of_words(" 定時（毎月） ").signed(), "定時（毎月）");
    }
}
