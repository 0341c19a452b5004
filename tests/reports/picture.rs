//! Pages as grey pictures, and how far two of them differ to the eye.
//!
//! Two programs, or two versions of one, smooth letters differently. A page is therefore compared in small squares: their
//! mean grey hardly depends on the smoothing, and very much on whether something stands there.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Dots an inch: a line of small type is six dots high.
pub const RESOLUTION: u32 = 60;
/// Side of a square in dots.
const SQUARE: usize = 6;
/// A square whose mean differs by more than this, of 255, shows something else.
const OTHER: u64 = 26;

/// A page in grey, 0 black to 255 white, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub width: usize,
    pub height: usize,
    pub dots: Vec<u8>,
}

impl Picture {
    /// A page of a PDF as poppler draws it.
    pub fn by_poppler(pdf: &Path, page: usize) -> Self {
        let (page, resolution) = (page.to_string(), RESOLUTION.to_string());
        let arguments = ["-r", &resolution, "-gray", "-f", &page, "-l", &page, "-singlefile"];
        let run = Command::new("pdftoppm").args(arguments).arg(pdf).output().expect("pdftoppm is there");
        Self::of_pgm(&run.stdout)
    }

    /// A page of a PDF as mupdf draws it.
    pub fn by_mupdf(pdf: &Path, page: usize) -> Self {
        let resolution = RESOLUTION.to_string();
        let arguments = ["draw", "-q", "-r", &resolution, "-c", "gray", "-F", "pgm", "-o", "-"];
        let run = Command::new("mutool").args(arguments).arg(pdf).arg(page.to_string()).output();
        Self::of_pgm(&run.expect("mutool is there").stdout)
    }

    /// A picture that was kept; `None` where there is none.
    pub fn kept(path: &Path) -> Option<Self> {
        let file = std::fs::File::open(path).ok()?;
        let mut reader = png::Decoder::new(std::io::BufReader::new(file)).read_info().expect("it is a PNG file");
        let mut dots = vec![0; reader.output_buffer_size().expect("a small picture")];
        let frame = reader.next_frame(&mut dots).expect("it is whole");
        assert_eq!((frame.color_type, frame.bit_depth), (png::ColorType::Grayscale, png::BitDepth::Eight));
        Some(Self { width: frame.width as usize, height: frame.height as usize, dots })
    }

    pub fn keep(&self, path: &Path) {
        std::fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("the folder can be made");
        let file = std::fs::File::create(path).expect("the picture can be written");
        let size = |n: usize| u32::try_from(n).expect("a page is small");
        let mut encoder = png::Encoder::new(std::io::BufWriter::new(file), size(self.width), size(self.height));
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::High);
        let mut writer = encoder.write_header().expect("the picture can be written");
        writer.write_image_data(&self.dots).expect("the picture can be written");
    }

    /// What netpbm calls P5: a head of three numbers, then the dots.
    fn of_pgm(bytes: &[u8]) -> Self {
        let mut at = 0;
        let mut words = Vec::new();
        while words.len() < 4 {
            let word: Vec<u8> = bytes[at..].iter().copied().take_while(|byte| !byte.is_ascii_whitespace()).collect();
            at += word.len() + 1;
            words.push(String::from_utf8(word).expect("a head of ASCII"));
        }
        assert_eq!((words[0].as_str(), words[3].as_str()), ("P5", "255"), "no grey picture");
        let number = |word: &String| word.parse().expect("a number");
        Self { width: number(&words[1]), height: number(&words[2]), dots: bytes[at..].to_vec() }
    }

    /// Places, as part of the page from the upper left in percent, at which another picture shows something else.
    pub fn differences(&self, other: &Self) -> Vec<(usize, usize)> {
        // Half a dot more or less is rounding of the sheet.
        let near = |one: usize, other: usize| one.abs_diff(other) <= 1;
        assert!(near(self.width, other.width) && near(self.height, other.height), "the sheets are not alike");
        let (columns, rows) = (self.width.min(other.width) / SQUARE, self.height.min(other.height) / SQUARE);
        let squares = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
        squares
            .filter(|place| self.mean(*place).abs_diff(other.mean(*place)) > OTHER)
            .map(|(column, row)| (column * 100 / columns, row * 100 / rows))
            .collect()
    }

    fn mean(&self, (column, row): (usize, usize)) -> u64 {
        let lines = (row * SQUARE..(row + 1) * SQUARE).map(|y| y * self.width + column * SQUARE);
        let dots = lines.flat_map(|from| &self.dots[from..from + SQUARE]);
        dots.map(|dot| u64::from(*dot)).sum::<u64>() / (SQUARE * SQUARE) as u64
    }
}

/// Where the pictures are kept.
pub fn kept_at(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pictures").join(format!("{name}.png"))
}
