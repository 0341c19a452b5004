//! Texts as pictures that a telephone reads (QR code, JIS X 0510).

use std::fmt::Write;

use anyhow::{Context, Result};
use qrcode::{Color, QrCode};

/// Empty modules around the picture, without which it is not found (JIS X 0510).
const QUIET: usize = 4;

/// The picture of a text as SVG, without styles or scripts: black on white, one path.
pub(super) fn svg(text: &str) -> Result<String> {
    let code = QrCode::new(text).context("a picture of a text")?;
    let width = code.width();
    let mut path = String::new();
    for (nth, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            write!(path, "M{} {}h1v1h-1z", nth % width + QUIET, nth / width + QUIET)?;
        }
    }
    let side = width + 2 * QUIET;
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/></svg>\n"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picture_has_its_three_corners_and_room_around() {
        let picture = svg("otpauth://totp/kaiin:h.sato?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").expect("it fits");
        let side: usize = picture
            .split("viewBox=\"0 0 ")
            .nth(1)
            .and_then(|rest| rest.split(' ').next()?.parse().ok())
            .expect("a side");
        let dark = |x: usize, y: usize| picture.contains(&format!("M{x} {y}h1"));
        let far = side - QUIET - 7;
        for (x, y) in [(QUIET, QUIET), (far, QUIET), (QUIET, far)] {
            assert!((0..7).all(|n| dark(x + n, y) && dark(x, y + n) && dark(x + n, y + 6)), "a frame at {x} {y}");
            assert!(!dark(x + 1, y + 1) && dark(x + 3, y + 3), "and what is in it");
        }
        assert!(!(0..side).any(|n| dark(n, QUIET - 1) || dark(QUIET - 1, n)));
        assert!(!picture.contains("GEZD"), "a picture, not a text");
    }

    #[test]
    fn text_that_is_too_long_is_no_picture() {
        assert!(svg(&"x".repeat(5_000)).is_err());
    }
}
