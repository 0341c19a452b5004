//! The hash that tells whether bytes are what they were.

use sha2::{Digest, Sha256};

use crate::domain::hex::hex;

/// SHA-256 of bytes, in small hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
