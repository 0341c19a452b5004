//! A small invented export, and how to break it.

use super::program::Office;
use super::samples::Sample;

/// The export day that an office of [`office`] knows, and the next one.
pub const KNOWN: &str = "members_2025-09-30.csv";
pub const NEXT: &str = "members_2025-10-31.csv";

/// Columns A to Q.
const HEADINGS: [&str; 17] = [
    "医籍登録番号",
    "氏名",
    "氏名カナ",
    "生年月日",
    "施設名",
    "郡市区等医師会名",
    "郡市区等会員区分",
    "郡市区等入会日",
    "郡市区等退会日",
    "会員状態",
    "都道府県医師会名",
    "都道府県会員区分",
    "都道府県入会日",
    "都道府県退会日",
    "日医会員区分",
    "日医入会日",
    "日医退会日",
];

/// Parts of every cell that is personal, and of nothing else: none of them may stand on a screen.
pub const PERSONAL: [&str; 4] = ["9100", "架空林", "カクウバヤシ", "1961"];

/// How many persons the export shows.
pub const N_PEOPLE: usize = 60;

/// Headings and rows of an export.
pub type Cells = Vec<Vec<String>>;

/// Sixty members in force, two local bodies.
pub fn cells() -> Cells {
    let mut cells = vec![HEADINGS.map(str::to_owned).to_vec()];
    for nth in 0..N_PEOPLE {
        let body = if nth % 2 == 0 { "浦和医師会" } else { "大宮医師会" };
        let (number, day) = (910_001 + nth, 1 + nth % 28);
        let (name, born) = (format!("架空林　{nth:02}"), format!("1961-03-{day:02}"));
        let (facility, joined) = (format!("架空林医院{nth}"), format!("2004-05-{day:02}"));
        let local = [&number.to_string(), &name, "カクウバヤシ", &born, &facility, body, "B", &joined, "", "在籍"];
        let upper = ["埼玉県医師会", "B", &joined, "", "B", &joined, ""];
        cells.push(local.iter().chain(&upper).map(|cell| (*cell).to_owned()).collect());
    }
    cells
}

/// UTF-8, LF, quotes only where they must be.
pub fn text(cells: &[Vec<String>]) -> String {
    let quoted = |cell: &String| match cell.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.clone(),
    };
    let line = |row: &Vec<String>| row.iter().map(quoted).collect::<Vec<_>>().join(",") + "\n";
    cells.iter().map(line).collect()
}

/// The export after a change of its cells. Rows count as in Excel: the headings are row 1.
pub fn edited(edit: impl FnOnce(&mut Cells)) -> Vec<u8> {
    let mut cells = cells();
    edit(&mut cells);
    text(&cells).into_bytes()
}

/// The export with one line, counted as in Excel, put in another way.
pub fn with_line(row: usize, change: impl FnOnce(&str) -> Vec<u8>) -> Vec<u8> {
    let whole = text(&cells());
    let mut lines: Vec<Vec<u8>> = whole.lines().map(|line| line.as_bytes().to_vec()).collect();
    lines[row - 1] = change(whole.lines().nth(row - 1).expect("the export has the row"));
    lines.join(&b'\n')
}

/// The master of the sample `cases`.
pub fn master() -> String {
    std::fs::read_to_string(&Sample::cases().files[0]).expect("the sample can be read")
}

/// An office with the master and one export taken in.
pub fn office() -> Office {
    let office = Office::new();
    office.save("associations.csv", master());
    office.save(KNOWN, text(&cells()));
    office.import(&format!("associations.csv {KNOWN}"));
    office
}
