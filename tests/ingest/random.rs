//! Random numbers that come back: the same seed, the same damage.

/// A SplitMix64.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`, which is not 0.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).expect("an index");
        usize::try_from(self.next() % end).expect("an index")
    }

    pub fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// Damages bytes in one to eight places: flips, inserts, removes, repeats, and puts in pieces that matter to the format.
/// Most damage leaves whole characters, or all of it would end at the first byte that cannot be decoded.
pub fn damaged(random: &mut Random, bytes: &[u8], pieces: &[&[u8]]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    let is_rough = random.below(8) == 0;
    for _ in 0..=random.below(8) {
        let at = place(random, &out, is_rough);
        let length = random.below(24);
        let end = whole(&out, (at + length).min(out.len()), is_rough);
        match random.below(6) {
            0 if at < out.len() && (is_rough || out[at].is_ascii()) => out[at] = byte(random, is_rough),
            1 => drop(out.splice(at..end.max(at), [])),
            2 => drop(out.splice(at..at, [byte(random, is_rough)])),
            3 => {
                let copy = out[at..end.max(at)].to_vec();
                let to = place(random, &out, is_rough);
                drop(out.splice(to..to, copy));
            }
            4 if random.below(4) == 0 => out.truncate(at),
            _ => {
                let piece = *random.pick(pieces);
                let end = if random.below(2) == 0 { at } else { end.max(at) };
                if is_rough || std::str::from_utf8(piece).is_ok() {
                    drop(out.splice(at..end, piece.iter().copied()));
                }
            }
        }
    }
    out
}

fn place(random: &mut Random, bytes: &[u8], is_rough: bool) -> usize {
    let at = random.below(bytes.len() + 1);
    whole(bytes, at, is_rough)
}

/// The start of the character that stands at a place, of text in UTF-8.
fn whole(bytes: &[u8], mut at: usize, is_rough: bool) -> usize {
    while !is_rough && at > 0 && bytes.get(at).is_some_and(|byte| byte & 0xC0 == 0x80) {
        at -= 1;
    }
    at
}

fn byte(random: &mut Random, is_rough: bool) -> u8 {
    if is_rough { random.byte() } else { *random.pick(b"0123456789,,\"\"\r\n\n-/.=+@ ABRHSxyz<>&;:\t") }
}
