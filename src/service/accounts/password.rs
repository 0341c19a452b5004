//! Passwords: which may be chosen, and what is kept of them.

use anyhow::{Result, anyhow};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use unicode_normalization::UnicodeNormalization;

use super::guessed::refuse_guessed;
use super::token::fill;
use crate::domain::mail::Secret;
use crate::error::Failure;

/// Characters that a password has at least (NIST SP 800-63B asks for 8, ASVS 5.0 6.2.1 for 8 and advises 15), and at most.
const LEAST: usize = 12;
const MOST: usize = 256;

/// Bytes of the salt of each password.
const SALT_BYTES: usize = 16;

/// How dear it is to compare a password. Those that were kept under another one are still compared.
#[derive(Debug, Clone)]
pub struct Hashing {
    argon2: Argon2<'static>,
}

impl Hashing {
    /// As the OWASP Password Storage Cheat Sheet asks of argon2id at least: 19 MiB, two passes, one lane.
    ///
    /// # Errors
    /// Never: the numbers are in range.
    pub fn usual() -> Result<Self> {
        Self::of(19 * 1024, 2)
    }

    /// So many KiB and passes. Only tests take less than [`Self::usual`].
    ///
    /// # Errors
    /// When argon2 does not take them.
    pub fn of(kibibytes: u32, passes: u32) -> Result<Self> {
        let params = Params::new(kibibytes, passes, 1, None).map_err(|error| anyhow!("argon2: {error}"))?;
        Ok(Self { argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params) })
    }

    /// What is kept of a password.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub(super) fn hash(&self, password: &Secret) -> Result<String> {
        let mut salt = [0; SALT_BYTES];
        fill(&mut salt)?;
        let hash = self.argon2.hash_password_with_salt(folded(password.reveal()).as_bytes(), &salt);
        Ok(hash.map_err(|error| anyhow!("argon2: {error}"))?.to_string())
    }

    /// Whether a password is the one of which this was kept.
    pub(super) fn is_password(&self, password: &Secret, kept: &str) -> bool {
        let Ok(kept) = PasswordHash::new(kept) else { return false };
        self.argon2.verify_password(folded(password.reveal()).as_bytes(), &kept).is_ok()
    }
}

/// The same password whatever keyboard it is written on: full-width and half-width letters are the same (NFKC).
fn folded(password: &str) -> String {
    password.nfkc().collect()
}

/// Whether a password may be chosen for an account of this login and name. Any character may stand in it, blanks too.
///
/// # Errors
/// [`Failure`] ACC-004 when it is too short, ACC-010 too long, ACC-005 the login or the name, ACC-016 to ACC-018 when it would be
/// guessed.
pub fn check_password(password: &Secret, login: &str, name: &str) -> Result<(), Failure> {
    let chosen = folded(password.reveal());
    let refuse = |code| Err(Failure::usage(code, ""));
    match chosen.chars().count() {
        n if n < LEAST => return refuse("ACC-004"),
        n if n > MOST => return refuse("ACC-010"),
        _ => {}
    }
    let chosen = chosen.trim().to_lowercase();
    let is_of_account = [login, name].iter().any(|own| chosen == folded(own).trim().to_lowercase());
    if is_of_account { refuse("ACC-005") } else { refuse_guessed(&chosen, &folded(login).to_lowercase()) }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text.into())
    }

    #[rstest]
    #[case::least("asagaonohana", None)]
    #[case::too_short("abcdefghijk", Some("ACC-004"))]
    #[case::japanese("あさがおのはながさいた", Some("ACC-004"))]
    #[case::japanese_of_twelve("あさがおのはながさいたよ", None)]
    #[case::blanks("朝顔 の 花 が 咲いた よ", None)]
    #[case::marks_that_are_put_together(
        "か\u{3099}か\u{3099}か\u{3099}か\u{3099}か\u{3099}か\u{3099}",
        Some("ACC-004")
    )]
    #[case::emoji("🌸🌷🌹🌻🌼🌺🌾🌲🌳🌴🌵🍀", None)]
    #[case::emoji_again_and_again("🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸", Some("ACC-018"))]
    #[case::common_in_capitals("  Password1234", Some("ACC-016"))]
    #[case::common_in_full_width("ｐａｓｓｗｏｒｄ１２３４", Some("ACC-016"))]
    #[case::with_the_login("my long.login.name", Some("ACC-017"))]
    #[case::with_a_word_of_the_office("ＫＡＩＩＮ＿２０２５＿ｈａｒｕ", Some("ACC-017"))]
    #[case::login("Long.Login.Name", Some("ACC-005"))]
    #[case::full_width_login("ｌｏｎｇ．ｌｏｇｉｎ．ｎａｍｅ", Some("ACC-005"))]
    #[case::name("医師会事務局　試験用　花子", Some("ACC-005"))]
    #[case::nothing("", Some("ACC-004"))]
    fn password_is_long_and_not_the_account(#[case] password: &str, #[case] expected: Option<&str>) {
        let found = check_password(&secret(password), "long.login.name", "医師会事務局 試験用 花子");
        assert_eq!(found.err().map(|failure| failure.code), expected);
    }

    #[test]
    fn most_characters_are_counted_not_bytes() {
        let most = format!("{}師", "医".repeat(255));
        assert!(check_password(&secret(&most), "a", "b").is_ok());
        let found = check_password(&secret(&format!("{most}師")), "a", "b");
        assert_eq!(found.err().map(|failure| failure.code), Some("ACC-010"));
    }

    #[test]
    fn password_is_known_again_in_any_width_and_no_other_one_is() {
        let cheap = Hashing::of(64, 1).expect("argon2 takes it");
        let kept = cheap.hash(&secret("Kumagaya 2025 会員")).expect("random");
        assert!(kept.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{kept}");
        assert!(cheap.is_password(&secret("Ｋｕｍａｇａｙａ　２０２５　会員"), &kept));
        for other in ["kumagaya 2025 会員", "Kumagaya 2025 会員 ", "", "Kumagaya 2025 会"] {
            assert!(!cheap.is_password(&secret(other), &kept), "{other}");
        }
        assert_ne!(cheap.hash(&secret("Kumagaya 2025 会員")).expect("random"), kept, "each has a salt of its own");
        assert!(!cheap.is_password(&secret("Kumagaya 2025 会員"), "damaged"));
    }

    #[test]
    fn usual_price_is_that_of_owasp() {
        let kept = Hashing::usual().expect("in range").hash(&secret("x")).expect("random");
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
    }
}
