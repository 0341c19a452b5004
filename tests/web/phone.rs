//! An app on a phone, as RFC 6238 tells it.

use chrono::DateTime;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use super::site::{Browser, PASSWORD, Reply};

/// A phone that has read the secret of a page.
pub struct Phone {
    key: Vec<u8>,
    secret: String,
}

impl Phone {
    /// Reads the address of the page.
    #[track_caller]
    pub fn read(page: &str) -> Self {
        let (_, rest) = page.split_once("?secret=").unwrap_or_else(|| panic!("no secret: {page}"));
        let secret: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
        let (mut bits, mut key) = (String::new(), Vec::new());
        for letter in secret.chars() {
            let value = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(letter).expect("a letter of base32");
            bits.push_str(&format!("{value:05b}"));
        }
        for byte in bits.as_bytes().chunks_exact(8) {
            let byte = std::str::from_utf8(byte).expect("noughts and ones");
            key.push(u8::from_str_radix(byte, 2).expect("eight of them"));
        }
        assert_eq!(key.len(), 20, "{secret}");
        Self { key, secret }
    }

    /// What it shows at a time, so many half minutes later.
    pub fn code(&self, now: &str, later: i64) -> String {
        let now: DateTime<chrono::Utc> = now.parse().expect("an instant");
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.key).expect("any key is one");
        mac.update(&(now.timestamp() / 30 + later).to_be_bytes());
        let hash = mac.finalize().into_bytes();
        let offset = usize::from(hash[19] % 16);
        let four = hash[offset..offset + 4].iter().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
        format!("{:06}", four % (1 << 31) % 1_000_000)
    }

    /// A code that it does not show now, nor half a minute before or after.
    pub fn wrong(&self, now: &str) -> String {
        let shown = [-1, 0, 1].map(|later| self.code(now, later));
        let mut others = (0..4).map(|n| format!("{n:06}"));
        others.find(|code| !shown.contains(code)).expect("three of four at most are shown")
    }

    pub fn secret(&self) -> &str {
        &self.secret
    }
}

/// Asks for a secret, as somebody does who has no second factor yet.
#[track_caller]
pub fn offered(browser: &mut Browser) -> Phone {
    let csrf = browser.get("/second-factor").csrf();
    let reply = browser.post("/second-factor/offer", &[("csrf", &csrf), ("password", PASSWORD)]);
    assert_eq!((reply.status, reply.header("location")), (303, "/second-factor"), "{}", reply.body);
    Phone::read(&browser.get("/second-factor").body)
}

/// Writes the first code.
pub fn confirm(browser: &mut Browser, code: &str) -> Reply {
    let csrf = browser.get("/second-factor").csrf();
    browser.post("/second-factor", &[("csrf", &csrf), ("code", code)])
}

/// Sets it up, with the code of half a minute ago: that of now is left for the first login.
#[track_caller]
pub fn set_up(browser: &mut Browser, now: &str) -> Phone {
    let phone = offered(browser);
    let reply = confirm(browser, &phone.code(now, -1));
    assert_eq!((reply.status, reply.header("location")), (303, "/?set-up=1"), "{}", reply.body);
    phone
}

/// Writes the code on the second page of the login.
pub fn write_code(browser: &mut Browser, code: &str) -> Reply {
    let csrf = browser.get("/login/code").csrf();
    browser.post("/login/code", &[("csrf", &csrf), ("code", code), ("next", "/")])
}
