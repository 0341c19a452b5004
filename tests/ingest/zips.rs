//! Taking workbooks apart and putting them together again.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// The parts of a workbook in their order.
pub fn parts_of(workbook: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(workbook)).expect("a good workbook");
    let part = |at| {
        let mut file = archive.by_index(at).expect("a part");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("a part can be inflated");
        (file.name().expect("a name").into_owned(), bytes)
    };
    (0..archive_len(workbook)).map(part).collect()
}

fn archive_len(workbook: &[u8]) -> usize {
    ZipArchive::new(Cursor::new(workbook)).expect("a good workbook").len()
}

/// A workbook of parts.
pub fn zipped(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        // Damaged names may repeat; such a part is left out.
        if writer.start_file(name.as_str(), SimpleFileOptions::default()).is_ok() {
            writer.write_all(bytes).expect("a part can be written");
        }
    }
    writer.finish().expect("a workbook can be written").into_inner()
}

/// A workbook with one part, inflated to `size` bytes, that ends like it ended before.
pub fn inflated(workbook: &[u8], part: &str, size: usize, filling: u8) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts_of(workbook) {
        writer.start_file(name.as_str(), SimpleFileOptions::default().large_file(size > 1 << 31)).expect("a part");
        writer.write_all(&bytes).expect("a part can be written");
        if name == part {
            let lot = vec![filling; 1 << 20];
            let mut left = size;
            while left > 0 {
                let n = left.min(lot.len());
                writer.write_all(&lot[..n]).expect("a part can be written");
                left -= n;
            }
        }
    }
    writer.finish().expect("a workbook can be written").into_inner()
}

/// The same workbook whose directory and headers say that every part holds 100 bytes.
pub fn lying(workbook: &[u8]) -> Vec<u8> {
    let mut out = workbook.to_vec();
    for (mark, at) in [(b"PK\x03\x04", 22), (b"PK\x01\x02", 24)] {
        let places: Vec<usize> = (0..out.len() - 4).filter(|place| out[*place..].starts_with(mark)).collect();
        for place in places {
            out[place + at..place + at + 4].copy_from_slice(&100_u32.to_le_bytes());
        }
    }
    out
}
