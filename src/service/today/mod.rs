//! What there is to do now (今月やること): `kaiin` without a command. Nothing is made, changed or locked by looking, and a part that
//! cannot be read costs its own line only.
//!
//! Each file looks at one area and says what a person has to do there ([`Task`]), with the command to type. The scheduled work is
//! looked at by `jobs`, with the data folder that was opened here. Start reading at [`look()`].

mod distributions;
mod exports;
mod inbox;
mod look;
mod next_meeting;
mod task;

pub use look::{Looked, look};
pub use next_meeting::{NextMeeting, Pack};
pub use task::{Coming, Subject, Task};
