//! Passwords that are guessed first, however long they are (ASVS 5.0, 6.2.4, 6.2.11, 6.2.12).

use crate::error::Failure;

/// Common passwords of at least twelve characters, in small letters and in the order of their bytes; where they come from is told
/// in `common_passwords.md`.
const COMMON: &str = include_str!("common_passwords.txt");

/// Words that whoever wants in tries first: what the program is called, and what the offices and their other system are.
const OF_THE_OFFICE: [&str; 5] = ["kaiin", "会員", "mamis", "ishikai", "医師会"];

/// Letters of a login that nobody writes by chance.
const LOGIN_LETTERS: usize = 4;

/// Why a password would be guessed: it is in small letters, without blanks around it, and the same in every width.
///
/// # Errors
/// [`Failure`] ACC-016 where many people have it, ACC-017 where the login or a word of the office stands in it, with that word,
/// ACC-018 where it is one piece again and again.
pub(super) fn refuse_guessed(password: &str, login: &str) -> Result<(), Failure> {
    let login = Some(login).filter(|login| login.chars().count() >= LOGIN_LETTERS);
    let held = login.into_iter().chain(OF_THE_OFFICE).find(|word| password.contains(word));
    if is_repeated(password) {
        return Err(Failure::usage("ACC-018", ""));
    }
    if let Some(word) = held {
        return Err(Failure::usage("ACC-017", word));
    }
    if COMMON.lines().any(|common| common == password) { Err(Failure::usage("ACC-016", "")) } else { Ok(()) }
}

/// Whether a text is one piece at least twice, and perhaps a part of it once more.
fn is_repeated(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    let comes_again = |length: usize| letters.iter().skip(length).zip(&letters).all(|(later, before)| later == before);
    (1..=letters.len() / 2).any(comes_again)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::keys("1qaz2wsx3edc", Some("ACC-016"))]
    #[case::word_and_digits("password1234", Some("ACC-016"))]
    #[case::alphabet("abcdefghijkl", Some("ACC-016"))]
    #[case::first_of_the_list("!qazxsw23edc", Some("ACC-016"))]
    #[case::one_letter("aaaaaaaaaaaa", Some("ACC-018"))]
    #[case::one_piece("asagaoasagao", Some("ACC-018"))]
    #[case::piece_and_a_part("あさがおあさがおあさが", Some("ACC-018"))]
    #[case::almost_a_piece("asagaoasagau", None)]
    #[case::login("hanakonohana", Some("ACC-017"))]
    #[case::program("kaiin no heya 5", Some("ACC-017"))]
    #[case::office("埼玉県医師会の事務局です", Some("ACC-017"))]
    #[case::words("asagao no hana ga saku", None)]
    #[case::first_password("kq7m-x2rt-9bhw-ncz4-vd8p", None)]
    fn what_is_guessed_first_is_refused(#[case] password: &str, #[case] expected: Option<&str>) {
        assert_eq!(refuse_guessed(password, "hanako").err().map(|failure| failure.code), expected);
    }

    #[test]
    fn short_login_may_stand_in_a_password() {
        assert!(refuse_guessed("natsu no yoru no yume", "yum").is_ok());
        let refused = refuse_guessed("natsu no yoru no yume", "yume").expect_err("it is the login");
        assert_eq!((refused.code, refused.detail.as_str()), ("ACC-017", "yume"));
    }

    /// ASVS 5.0, 6.2.4 asks for the 3,000 most common ones that the other rules let through.
    #[test]
    fn list_is_long_and_in_order_and_holds_nothing_that_is_refused_anyway() {
        let lines: Vec<&str> = COMMON.lines().collect();
        assert!(lines.len() > 3_000, "{}", lines.len());
        assert!(lines.is_sorted_by(|one, next| one < next), "sorted, each once");
        for line in lines {
            assert!(line.chars().count() >= 12 && line.to_lowercase() == *line && !is_repeated(line), "{line}");
        }
        assert!(COMMON.len() < 200 * 1024);
    }
}
