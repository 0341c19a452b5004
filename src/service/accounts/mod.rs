//! Who may open pages (アカウント): accounts, passwords, sessions, and the ledger of what was opened.
//!
//! What an account may see is told by `domain::access`; here somebody proves to be it. Passwords are kept as argon2id, tokens of
//! sessions as hashes, secrets of second factors as they are. Start reading at [`Accounts`].

mod guessed;
mod ledger;
mod limits;
mod login_name;
mod manage;
mod opened;
mod password;
mod second_factor;
mod sessions;
mod token;
mod totp;

pub use ledger::{LEDGER_ROWS, LedgerPage};
pub use login_name::LoginName;
pub use manage::{AreaWish, Enabling, NewAccount, Reset};
pub use opened::Accounts;
pub use password::{Hashing, check_password};
pub use second_factor::{Half, Offer, SecondStep, SettingUp};
pub use sessions::{Entered, LogIn, OwnSession, PasswordChange};
pub use token::token;
