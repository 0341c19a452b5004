//! Small PDF files, made by hand, as other programs make them.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::Command;

/// A PDF of upright A4 pages; each says its number.
pub fn plain(n_pages: usize) -> Vec<u8> {
    of_pages(&vec!["/MediaBox [0 0 595 842]"; n_pages])
}

/// A PDF whose pages have these entries; each says `PAGE n`.
pub fn of_pages(entries: &[&str]) -> Vec<u8> {
    let mut objects = vec!["<< /Type /Catalog /Pages 2 0 R >>".to_string()];
    let kids: Vec<String> = (0..entries.len()).map(|nth| format!("{} 0 R", 4 + 2 * nth)).collect();
    // Resources stand with the parent, as they may.
    objects.push(format!(
        "<< /Type /Pages /Kids [{}] /Count {} /Resources << /Font << /F1 3 0 R >> >> >>",
        kids.join(" "),
        entries.len()
    ));
    objects.push("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_string());
    for (nth, entry) in entries.iter().enumerate() {
        objects.push(format!("<< /Type /Page /Parent 2 0 R {entry} /Contents {} 0 R >>", 5 + 2 * nth));
        let content = format!("BT /F1 24 Tf 72 400 Td (PAGE {}) Tj ET", nth + 1);
        objects.push(format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()));
    }
    written(&objects)
}

fn written(objects: &[String]) -> Vec<u8> {
    let mut text = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    for (nth, object) in objects.iter().enumerate() {
        offsets.push(text.len());
        writeln!(text, "{} 0 obj\n{object}\nendobj", nth + 1).expect("a text takes more text");
    }
    let start = text.len();
    write!(text, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).expect("a text takes more text");
    offsets.iter().for_each(|at| writeln!(text, "{at:010} 00000 n ").expect("a text takes more text"));
    write!(text, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1)
        .expect("a text takes more text");
    text.into_bytes()
}

/// The same file as qpdf writes it with other arguments.
pub fn through_qpdf(pdf: &[u8], arguments: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let (before, after) = (folder.path().join("before.pdf"), folder.path().join("after.pdf"));
    std::fs::File::create(&before).and_then(|mut file| file.write_all(pdf)).expect("it can be written");
    let run = Command::new("qpdf").arg(&before).args(arguments).arg(&after).output().expect("qpdf is there");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    std::fs::read(&after).expect("qpdf has written it")
}

/// The words of each page.
pub fn words(pdf: &[u8]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("paper.pdf");
    std::fs::write(&path, pdf).expect("it can be written");
    let run = Command::new("pdftotext").args(["-layout", "-enc", "UTF-8"]).arg(&path).arg("-").output();
    let text = String::from_utf8(run.expect("pdftotext is there").stdout).expect("it writes UTF-8");
    text.split('\u{c}').map(str::to_string).collect()
}
