//! Who may open pages (アカウント): accounts, passwords, sessions, and the ledger of what was opened.
//!
//! What an account may see is told by `domain::access`; here somebody proves to be it. Passwords are kept as argon2id, tokens of
//! sessions as hashes. Start reading at [`Accounts`].

mod ledger;
mod limits;
mod login_name;
mod manage;
mod opened;
mod password;
mod sessions;
mod token;

pub use ledger::{LEDGER_ROWS, LedgerPage};
pub use login_name::LoginName;
pub use manage::{AreaWish, Enabling, NewAccount};
pub use opened::Accounts;
pub use password::{Hashing, check_password};
pub use sessions::{Entered, LogIn, OwnSession, PasswordChange};
