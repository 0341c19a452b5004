//! What nobody can guess: tokens of sessions and first passwords, from the random numbers of the system.

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::domain::hex::hex;
use crate::domain::mail::Secret;

/// Letters of a first password: none that is taken for another one when it is read aloud or copied by hand.
const LETTERS: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// Groups of a first password, and letters of each: 20 letters of 31 are 99 bits.
const GROUPS: usize = 5;
const LETTERS_OF_GROUP: usize = 4;

/// Bytes of a token.
const TOKEN_BYTES: usize = 32;

/// A new token, hexadecimal: of a session, or of something else that nobody may guess.
///
/// # Errors
/// When the system has no random numbers.
pub fn token() -> Result<Secret> {
    let mut bytes = [0; TOKEN_BYTES];
    fill(&mut bytes)?;
    Ok(Secret::new(hex(&bytes)))
}

/// What is kept of a token.
pub(super) fn token_sha256(token: &Secret) -> String {
    hex(&Sha256::digest(token.reveal().as_bytes()))
}

/// What the forms of a session carry: it belongs to the token, and does not tell it.
pub(super) fn csrf(token: &Secret) -> String {
    hex(&Sha256::digest(format!("form {}", token.reveal()).as_bytes()))
}

/// A first password, which is to be changed at the first login.
pub(super) fn first_password() -> Result<Secret> {
    let mut out = String::new();
    // A byte of 248 or more would make the first letters likelier than the others.
    let fair = u8::try_from(256 / LETTERS.len() * LETTERS.len()).context("the number of fair bytes")?;
    while out.len() < GROUPS * (LETTERS_OF_GROUP + 1) - 1 {
        let mut byte = [0];
        fill(&mut byte)?;
        if byte[0] < fair {
            if out.len() % (LETTERS_OF_GROUP + 1) == LETTERS_OF_GROUP {
                out.push('-');
            }
            out.push(char::from(LETTERS[usize::from(byte[0]) % LETTERS.len()]));
        }
    }
    Ok(Secret::new(out))
}

/// Random bytes of the system.
pub(super) fn fill(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).context("random numbers of the system")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn tokens_and_passwords_are_long_and_never_the_same() {
        let tokens: BTreeSet<String> = (0..100).map(|_| token().expect("random").reveal().to_string()).collect();
        assert!(tokens.len() == 100 && tokens.iter().all(|token| token.len() == 64));
        let passwords: BTreeSet<String> =
            (0..100).map(|_| first_password().expect("random").reveal().to_string()).collect();
        assert_eq!(passwords.len(), 100);
        for password in &passwords {
            let groups: Vec<&str> = password.split('-').collect();
            assert!(groups.len() == 5 && groups.iter().all(|group| group.len() == 4), "{password}");
        }
        let met: BTreeSet<char> = passwords.iter().flat_map(|password| password.chars()).collect();
        assert_eq!(met.len(), 32, "all letters and the dash");
    }

    #[test]
    fn forms_do_not_tell_the_token() {
        let (one, other) = (Secret::new("one".into()), Secret::new("other".into()));
        assert_ne!(csrf(&one), csrf(&other));
        assert_ne!(csrf(&one), token_sha256(&one));
    }
}
