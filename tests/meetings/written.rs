//! Folders of meetings as an office writes them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use kaiin::domain::as_of::AsOf;
use kaiin::domain::document::ReportDocument;
use kaiin::service::known::area::Area;
use kaiin::service::known::vintage::Vintage;
use kaiin::service::meetings;
use kaiin::service::meetings::ReadMeeting;
use kaiin::service::papers;
use kaiin::service::papers::{PaperRequest, Variant};
use tempfile::TempDir;

use crate::reports::samples::{day, request};
use crate::store::desk::Desk;

/// The day of the reports in the packs.
pub const AS_OF: &str = "2025-12-31";

/// The folder of the meeting of the demo, as CSV files and a PDF.
pub fn demo_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/demo/meeting")
}

/// A folder with files of its own.
pub struct Written(TempDir);

impl Written {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder can be made"))
    }

    /// A meeting whose items are what these sheets are called.
    pub fn of_items(items: &[&str]) -> Self {
        let mut text = String::from("会議名,試験会議\n開催日,2026-01-22\n\n区分,件名,資料\n");
        for (nth, item) in items.iter().enumerate() {
            writeln!(text, "報告事項,議題{nth},{item}").expect("a text takes more text");
        }
        Self::new().with("次第.csv", text)
    }

    /// A meeting of one sheet.
    pub fn of_sheet(sheet: &str) -> Self {
        Self::of_items(&["表"]).with("表.csv", sheet)
    }

    /// The meeting of the demo.
    pub fn demo() -> Self {
        let mut out = Self::new();
        for entry in std::fs::read_dir(demo_folder()).expect("the demo has a meeting") {
            let path = entry.expect("it can be read").path();
            let name = path.file_name().and_then(|name| name.to_str()).expect("a plain name").to_string();
            out = out.with(&name, std::fs::read(&path).expect("it can be read"));
        }
        out
    }

    pub fn with(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        std::fs::write(self.0.path().join(name), bytes).expect("the temporary folder can be written");
        self
    }

    /// The same with words of one file put in place of others.
    pub fn with_words(self, name: &str, before: &str, after: &str) -> Self {
        let text = std::fs::read_to_string(self.0.path().join(name)).expect("the file is a text");
        assert!(text.contains(before), "{before} does not stand in {name}");
        let text = text.replace(before, after);
        self.with(name, text)
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub async fn read(&self, desk: &Desk) -> ReadMeeting {
        let day = Some(AsOf(day(AS_OF)));
        meetings::check(&desk.workspace, self.path(), day).await.expect("the folder can be read")
    }

    /// Codes and places of everything that is wrong.
    pub async fn faults(&self, desk: &Desk) -> Vec<String> {
        let read = self.read(desk).await;
        read.faults.iter().map(placed).collect()
    }

    /// Codes and places of what a person should look at.
    pub async fn notices(&self, desk: &Desk) -> Vec<String> {
        let read = self.read(desk).await;
        assert_eq!(read.faults, [], "the meeting is not sound");
        read.notices.iter().map(placed).collect()
    }

    /// The pack as a document.
    pub async fn document(&self, desk: &Desk) -> ReportDocument {
        let read = self.read(desk).await;
        assert_eq!(read.faults, [], "the meeting is not sound");
        let vintage = Vintage::open(&desk.workspace, None).await.expect("an export was taken in");
        let all = papers::list(&desk.workspace).expect("the definitions are sound");
        let area = read.prefecture.map_or(Area::All, Area::Prefecture);
        let request = PaperRequest { variant: Variant::External, area, ..request("試験", AS_OF, AS_OF) };
        let built = papers::build_meeting(&desk.workspace, &vintage, &all, (&read.plan, &request)).await;
        built.expect("the pack can be made")
    }
}

/// `MTG-043 表.csv C12`
fn placed(placed: &kaiin::domain::meeting::PlacedMeetingFault) -> String {
    let (file, cell) = (placed.place.shown_file(), placed.place.shown_cell());
    format!("{} {file} {cell}", placed.fault.code()).trim_end().to_string()
}
