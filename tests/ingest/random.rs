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
pub fn damaged(random: &mut Random, bytes: &[u8], pieces: &[&[u8]]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for _ in 0..=random.below(8) {
        let at = random.below(out.len() + 1);
        let end = (at + random.below(24)).min(out.len());
        match random.below(6) {
            0 if at < out.len() => out[at] = random.byte(),
            1 => drop(out.splice(at..end, [])),
            2 => drop(out.splice(at..at, [random.byte()])),
            3 => {
                let copy = out[at..end].to_vec();
                let to = random.below(out.len() + 1);
                drop(out.splice(to..to, copy));
            }
            4 => out.truncate(out.len() - random.below(out.len() / 4 + 1)),
            _ => {
                let piece = *random.pick(pieces);
                let end = if random.below(2) == 0 { at } else { end };
                drop(out.splice(at..end, piece.iter().copied()));
            }
        }
    }
    out
}
