//! Codes that change every half minute (TOTP, RFC 6238): six digits, 30 seconds and HMAC-SHA-1, which is what every app computes.

use anyhow::{Result, anyhow};
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};
use unicode_normalization::UnicodeNormalization;

use super::token::fill;
use crate::domain::mail::Secret;

/// Seconds of a step.
const STEP_SECONDS: i64 = 30;

/// Steps before and after the present one of which a code is taken: clocks of phones are wrong by some seconds, and people write
/// slowly (RFC 6238, 5.2).
const BESIDE: i64 = 1;

/// Digits of a code, and how many codes there are.
const DIGITS: usize = 6;
const CODES: u32 = 1_000_000;

/// Bytes of a secret, as long as the hash (RFC 4226, 4, R6).
const SECRET_BYTES: usize = 20;

/// Letters of base32 (RFC 4648, 6).
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A new secret in base32, without padding.
pub(super) fn new_secret() -> Result<Secret> {
    let mut bytes = [0; SECRET_BYTES];
    fill(&mut bytes)?;
    Ok(Secret::new(base32(&bytes)))
}

/// The step of which somebody has written the code, if it is the present one or one beside it. All are compared, and each to its
/// end, whichever fits.
pub(super) fn step_of(secret: &Secret, written: &str, now: DateTime<Utc>) -> Result<Option<i64>> {
    let Some(written) = read_code(written) else { return Ok(None) };
    let key = from_base32(secret.reveal()).ok_or_else(|| anyhow!("a stored secret is not base32"))?;
    let present = now.timestamp().div_euclid(STEP_SECONDS);
    let (mut found, mut is_found) = (0, Choice::from(0));
    for step in present - BESIDE..=present + BESIDE {
        let fits = code(&key, step)?.ct_eq(&written);
        found = i64::conditional_select(&found, &step, fits);
        is_found |= fits;
    }
    Ok(bool::from(is_found).then_some(found))
}

/// What somebody wrote as a number: blanks do not matter, and neither does the width of the digits. `None` where it is no code.
fn read_code(written: &str) -> Option<u32> {
    let digits: String = written.nfkc().filter(|letter| !letter.is_whitespace()).collect();
    let is_code = digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_code.then(|| digits.parse().ok()).flatten()
}

/// The code of a step.
fn code(key: &[u8], step: i64) -> Result<u32> {
    Ok(truncated(key, step)? % CODES)
}

/// The number of which the last digits are the code (RFC 4226, 5.3).
fn truncated(key: &[u8], step: i64) -> Result<u32> {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).map_err(|error| anyhow!("HMAC: {error}"))?;
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let offset = usize::from(hash[hash.len() - 1] & 0x0f);
    let four = [hash[offset], hash[offset + 1], hash[offset + 2], hash[offset + 3]];
    Ok(u32::from_be_bytes(four) & 0x7fff_ffff)
}

/// Bytes in base32: five of them are eight letters. A rest of bits is left out; 20 bytes have none.
fn base32(bytes: &[u8]) -> String {
    let (mut held, mut n_bits, mut out) = (0_usize, 0, String::new());
    for byte in bytes {
        held = (held << 8) | usize::from(*byte);
        n_bits += 8;
        while n_bits >= 5 {
            n_bits -= 5;
            out.push(char::from(LETTERS[(held >> n_bits) & 31]));
            held &= (1 << n_bits) - 1;
        }
    }
    out
}

/// The bytes of such letters; `None` for others.
fn from_base32(text: &str) -> Option<Vec<u8>> {
    let (mut held, mut n_bits, mut out) = (0_usize, 0, Vec::new());
    for letter in text.bytes() {
        held = (held << 5) | LETTERS.iter().position(|other| *other == letter)?;
        n_bits += 5;
        if n_bits >= 8 {
            n_bits -= 8;
            out.push(u8::try_from(held >> n_bits).ok()?);
            held &= (1 << n_bits) - 1;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// The key of RFC 6238, appendix B, for SHA-1.
    const KEY: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).expect("an instant")
    }

    fn secret() -> Secret {
        Secret::new(base32(KEY))
    }

    fn written(step: i64) -> String {
        format!("{:06}", code(KEY, step).expect("a key"))
    }

    /// RFC 6238, appendix B: eight digits, of which ours are the last six.
    #[rstest]
    #[case(59, 94_287_082)]
    #[case(1_111_111_109, 7_081_804)]
    #[case(1_111_111_111, 14_050_471)]
    #[case(1_234_567_890, 89_005_924)]
    #[case(2_000_000_000, 69_279_037)]
    #[case(20_000_000_000, 65_353_130)]
    fn codes_are_those_of_the_standard(#[case] seconds: i64, #[case] expected: u32) {
        let step = seconds / STEP_SECONDS;
        assert_eq!(truncated(KEY, step).expect("a key") % 100_000_000, expected);
        let six = format!("{:06}", expected % 1_000_000);
        assert_eq!(step_of(&secret(), &six, at(seconds)).expect("a secret"), Some(step));
    }

    #[rstest]
    #[case::two_before(-2, false)]
    #[case::one_before(-1, true)]
    #[case::present(0, true)]
    #[case::one_after(1, true)]
    #[case::two_after(2, false)]
    fn code_is_taken_one_step_before_and_after(#[case] beside: i64, #[case] is_taken: bool) {
        let present = 37_037_036;
        for seconds in [present * 30, present * 30 + 29] {
            let found = step_of(&secret(), &written(present + beside), at(seconds)).expect("a secret");
            assert_eq!(found, is_taken.then_some(present + beside), "{seconds}");
        }
    }

    #[rstest]
    #[case::plain("287082", true)]
    #[case::in_groups(" 287 082 ", true)]
    #[case::full_width("２８７　０８２", true)]
    #[case::wrong("287083", false)]
    #[case::too_short("87082", false)]
    #[case::too_long("0287082", false)]
    #[case::sign("+87082", false)]
    #[case::nothing("", false)]
    #[case::letters("abcdef", false)]
    fn code_is_read_as_people_write_it(#[case] written: &str, #[case] is_taken: bool) {
        assert_eq!(step_of(&secret(), written, at(59)).expect("a secret").is_some(), is_taken);
    }

    #[test]
    fn code_of_another_secret_is_none() {
        let other = Secret::new(base32(b"09876543210987654321"));
        assert_eq!(step_of(&other, "287082", at(59)).expect("a secret"), None);
        assert!(step_of(&Secret::new("not base32".into()), "287082", at(59)).is_err());
    }

    /// RFC 4648, 10, without padding.
    #[test]
    fn base32_is_that_of_the_standard_and_comes_back() {
        assert_eq!(base32(b"fooba"), "MZXW6YTB");
        assert_eq!(base32(KEY), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").as_deref(), Some(KEY));
        assert_eq!(from_base32("gezd"), None);
        let drawn = new_secret().expect("random");
        assert_eq!(drawn.reveal().len(), 32);
        assert_eq!(from_base32(drawn.reveal()).map(|key| base32(&key)).as_deref(), Some(drawn.reveal()));
        assert_ne!(new_secret().expect("random").reveal(), drawn.reveal());
    }
}
