//! A log whose middle is damaged. SQLite reads a log up to the first frame that is not as it was written and takes that for the
//! end, as it must after a program or machine that stopped while it wrote: what was stored behind it is gone without a word. Where
//! sound frames with the end of a transaction follow, the log was not cut off but damaged.
//!
//! A transaction whose very last frame is damaged looks like one that was never finished, and is not told from it. What stands
//! after the end otherwise is no damage: frames of the log that this one took the place of have another salt, and those of a
//! transaction that was undone have no end.

use std::io::{BufReader, Read, Seek};
use std::path::Path;
use std::sync::PoisonError;

use super::file_bytes::FileBytes;
use super::log::{ATTEMPTS, BETWEEN_ATTEMPTS, FRAME_HEAD, HEAD, has_content, path_of};
use crate::input;

/// The two numbers that a log begins with: sums are taken over words with the lowest byte first, or the highest.
const MAGIC: [u32; 2] = [0x377f_0682, 0x377f_0683];

/// Where the file says how large its pages are, and the length of that.
const PAGE_SIZE_AT: usize = 16;

/// Sums of everything in the log up to some place.
type Sums = (u32, u32);

/// Whether something in the log beside a file is damaged that sound transactions follow. Asked before the file is opened: SQLite
/// goes on writing where the damage is. A log that cannot be read is left to SQLite, which says so.
pub(super) async fn is_damaged(file: &Path, bytes: &FileBytes) -> bool {
    let mut seen = None;
    for _ in 0..ATTEMPTS {
        // Another program may be writing this moment: what is damaged stays so.
        let found = if has_content(file) { damage_beside(file, bytes) } else { None };
        if found.is_none() || found == seen {
            return found.is_some();
        }
        seen = found;
        tokio::time::sleep(BETWEEN_ATTEMPTS).await;
    }
    false
}

fn damage_beside(file: &Path, bytes: &FileBytes) -> Option<u64> {
    let mut head = [0; PAGE_SIZE_AT + 2];
    {
        let mut bytes = bytes.file()?.lock().unwrap_or_else(PoisonError::into_inner);
        bytes.rewind().ok()?;
        bytes.read_exact(&mut head).ok()?;
    }
    let page_size = match u16::from_be_bytes([head[PAGE_SIZE_AT], head[PAGE_SIZE_AT + 1]]) {
        1 => 65_536,
        size => usize::from(size),
    };
    damage(BufReader::new(input::open(&path_of(file)).ok()?), page_size)
}

/// Where the first damage begins that the end of a sound transaction follows.
fn damage(mut log: impl Read, page_size: usize) -> Option<u64> {
    let mut head = [0; HEAD];
    log.read_exact(&mut head).ok()?;
    let magic = word(&head, 0);
    // Of a damaged number the order of this machine is as good as any: the log was most likely written here.
    let is_high_first = if MAGIC.contains(&magic) { magic == MAGIC[1] } else { cfg!(target_endian = "big") };
    let mut sums = (word(&head, 24), word(&head, 28));
    let is_sound = MAGIC.contains(&magic) && summed((0, 0), &head[..24], is_high_first) == sums;
    let mut damaged_at = (!is_sound).then_some(0);
    let mut salt = is_sound.then(|| [word(&head, 16), word(&head, 20)]);
    let mut at = HEAD as u64;
    let mut frame = vec![0; FRAME_HEAD + page_size];
    while log.read_exact(&mut frame).is_ok() {
        let (stored, of_frame) = ((word(&frame, 16), word(&frame, 20)), [word(&frame, 8), word(&frame, 12)]);
        let sums_here = summed(summed(sums, &frame[..8], is_high_first), &frame[FRAME_HEAD..], is_high_first);
        let is_ours = *salt.get_or_insert(of_frame) == of_frame;
        let is_as_written = is_ours && sums_here == stored;
        let ends_transaction = word(&frame, 4) != 0;
        match damaged_at {
            None if !is_as_written => damaged_at = Some(at),
            Some(damaged_at) if is_as_written && ends_transaction => return Some(damaged_at),
            _ => {}
        }
        // Each frame is proved by what the one before it says of itself, whether or not that one is sound.
        sums = stored;
        at += frame.len() as u64;
    }
    None
}

/// The sums after some more bytes (<https://www.sqlite.org/fileformat2.html#checksum_algorithm>).
fn summed((mut first, mut second): Sums, bytes: &[u8], is_high_first: bool) -> Sums {
    let word = |bytes: &[u8]| {
        let bytes = [bytes[0], bytes[1], bytes[2], bytes[3]];
        if is_high_first { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
    };
    for pair in bytes.chunks_exact(8) {
        first = first.wrapping_add(word(&pair[..4])).wrapping_add(second);
        second = second.wrapping_add(word(&pair[4..])).wrapping_add(first);
    }
    (first, second)
}

/// A number in a head.
fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const PAGE: usize = 512;
    const FRAME: usize = FRAME_HEAD + PAGE;

    fn put(bytes: &mut [u8], at: usize, number: u32) {
        bytes[at..at + 4].copy_from_slice(&number.to_be_bytes());
    }

    /// A log of frames, each with whether it ends a transaction.
    fn log(salt: u32, ends: &[bool], is_high_first: bool) -> Vec<u8> {
        let mut out = vec![0; HEAD];
        put(&mut out, 0, MAGIC[usize::from(is_high_first)]);
        put(&mut out, 16, salt);
        let mut sums = summed((0, 0), &out[..24], is_high_first);
        put(&mut out, 24, sums.0);
        put(&mut out, 28, sums.1);
        for (nth, ends) in (1..).zip(ends) {
            let mut frame = vec![0x5a; FRAME];
            put(&mut frame, 0, nth);
            put(&mut frame, 4, u32::from(*ends) * 9);
            put(&mut frame, 8, salt);
            put(&mut frame, 12, 0);
            sums = summed(summed(sums, &frame[..8], is_high_first), &frame[FRAME_HEAD..], is_high_first);
            put(&mut frame, 16, sums.0);
            put(&mut frame, 20, sums.1);
            out.extend(frame);
        }
        out
    }

    const TWO: [bool; 5] = [false, true, false, false, true];

    #[rstest]
    #[case::page(HEAD + FRAME * 2 + FRAME_HEAD + 7, Some(2))]
    #[case::number_of_the_page(HEAD + FRAME * 2 + 3, Some(2))]
    #[case::salt_of_a_frame(HEAD + FRAME * 2 + 9, Some(2))]
    #[case::sum_of_a_frame(HEAD + FRAME * 2 + 17, Some(2))]
    #[case::end_of_a_transaction(HEAD + FRAME + 7, Some(1))]
    #[case::last_frame_of_all(HEAD + FRAME * 4 + FRAME_HEAD, None)]
    fn flip_is_damage_where_a_transaction_follows(
        #[case] at: usize,
        #[case] nth: Option<usize>,
        #[values(false, true)] is_high_first: bool,
    ) {
        let mut bytes = log(7, &TWO, is_high_first);
        assert_eq!(damage(bytes.as_slice(), PAGE), None, "it is sound");
        bytes[at] ^= 1;
        assert_eq!(damage(bytes.as_slice(), PAGE), nth.map(|nth| (HEAD + FRAME * nth) as u64));
    }

    #[rstest]
    #[case::number(0)]
    #[case::salt(18)]
    #[case::sum(25)]
    fn flip_in_the_head_is_damage(#[case] at: usize) {
        let mut bytes = log(7, &TWO, cfg!(target_endian = "big"));
        bytes[at] ^= 1;
        assert_eq!(damage(bytes.as_slice(), PAGE), Some(0));
    }

    /// What programs leave that stopped while they wrote, or that undid something.
    #[test]
    fn what_was_never_finished_is_no_damage() {
        let whole = log(7, &TWO, false);
        for n in 0..whole.len() {
            assert_eq!(damage(&whole[..n], PAGE), None, "cut off after {n} bytes");
        }
        let before = log(6, &TWO, false);
        let (mut again, mut undone) = (log(7, &TWO[..2], false), log(7, &TWO[..2], false));
        again.extend(&before[again.len()..]);
        assert_eq!(damage(again.as_slice(), PAGE), None, "the log before it was longer");
        undone.extend(&log(7, &[false; 5], false)[undone.len()..]);
        assert_eq!(damage(undone.as_slice(), PAGE), None, "something longer was undone at its end");
    }
}
