//! Strict decoding: UTF-8 with BOM, else UTF-8, else CP932; never with replacement characters.

use std::borrow::Cow;
use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, SHIFT_JIS, UTF_8};

/// The encoding that a file was proved to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 with byte order mark.
    Utf8Bom,
    /// UTF-8 without byte order mark.
    Utf8,
    /// CP932, what Excel in Japan calls Shift_JIS.
    Cp932,
}

impl Encoding {
    /// Name as said on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Utf8Bom => "UTF-8 (BOM)",
            Self::Utf8 => "UTF-8",
            Self::Cp932 => "CP932",
        }
    }

    pub(super) fn decoder(self) -> Decoder {
        match self {
            Self::Utf8Bom | Self::Utf8 => UTF_8.new_decoder_with_bom_removal(),
            Self::Cp932 => SHIFT_JIS.new_decoder_without_bom_handling(),
        }
    }
}

/// A text held whole, in UTF-8 or else in CP932; `None` where it is neither.
pub(super) fn whole_text(bytes: &[u8]) -> Option<String> {
    let (bytes, has_mark) = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => (rest, true),
        None => (bytes, false),
    };
    let cp932 = || SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes).map(Cow::into_owned);
    std::str::from_utf8(bytes).map(str::to_string).ok().or_else(|| cp932().filter(|_| !has_mark))
}

/// Watches a stream of bytes and says whether it is valid in one encoding, or where it is not.
pub(super) struct Validator {
    decoder: Decoder,
    sink: Vec<u8>,
    n_read: u64,
    broken_at: Option<u64>,
}

impl Validator {
    pub(super) fn new(encoding: Encoding) -> Self {
        Self { decoder: encoding.decoder(), sink: vec![0; 64 * 1024], n_read: 0, broken_at: None }
    }

    pub(super) fn is_valid(&self) -> bool {
        self.broken_at.is_none()
    }

    /// How many bytes stand before the first that cannot be decoded.
    pub(super) fn broken_at(&self) -> Option<u64> {
        self.broken_at
    }

    pub(super) fn feed(&mut self, mut bytes: &[u8], last: bool) {
        while self.is_valid() {
            let (result, read, _) = self.decoder.decode_to_utf8_without_replacement(bytes, &mut self.sink, last);
            bytes = &bytes[read..];
            self.n_read += read as u64;
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(length, after) => {
                    self.broken_at = Some(self.n_read.saturating_sub(u64::from(length) + u64::from(after)));
                }
            }
        }
    }
}

/// Reads a file as UTF-8, whatever its proved encoding is.
pub(super) struct DecodedReader<R> {
    inner: R,
    decoder: Decoder,
    input: Vec<u8>,
    start: usize,
    end: usize,
    finished: bool,
    flushed: bool,
}

impl<R: Read> DecodedReader<R> {
    pub(super) fn new(inner: R, encoding: Encoding) -> Self {
        Self {
            inner,
            decoder: encoding.decoder(),
            input: vec![0; 64 * 1024],
            start: 0,
            end: 0,
            finished: false,
            flushed: false,
        }
    }
}

impl<R: Read> Read for DecodedReader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        // A decoder may need room for one whole character.
        if out.len() < 4 {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "buffer too small for a character"));
        }
        // A reader may ask again after the end, which a decoder that has finished does not bear.
        while !self.flushed {
            if self.start == self.end && !self.finished {
                self.start = 0;
                self.end = self.inner.read(&mut self.input)?;
                self.finished = self.end == 0;
            }
            let pending = &self.input[self.start..self.end];
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(pending, out, self.finished);
            self.start += read;
            if matches!(result, DecoderResult::Malformed(..)) {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "the file changed while it was read"));
            }
            self.flushed = self.finished && matches!(result, DecoderResult::InputEmpty);
            if written > 0 {
                return Ok(written);
            }
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file whose last row has no line end: the CSV reader asks once more after the end, and the program died.
    #[test]
    fn end_of_file_may_be_read_again() {
        for (bytes, encoding) in [(&b"A,B\n1,2"[..], Encoding::Utf8), (b"\x83A,B\n1,2", Encoding::Cp932)] {
            let mut reader = DecodedReader::new(bytes, encoding);
            let mut buffer = [0; 16];
            assert!(matches!(reader.read(&mut buffer), Ok(7..)));
            assert!(matches!(reader.read(&mut buffer), Ok(0)));
            assert!(matches!(reader.read(&mut buffer), Ok(0)));
        }
    }
}
