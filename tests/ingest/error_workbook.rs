//! The workbook that an import gives back, as Excel would read it.

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx};

use super::counter::{Counter, bad, in_a_runtime};

type Book = Xlsx<Cursor<Vec<u8>>>;

async fn book_of(counter: &Counter, name: &str) -> (Book, Vec<u8>) {
    let summary = counter.hand_in(&bad().join(name)).await.expect("the file is taken in");
    let path = summary.rejects_file.expect("a workbook is written");
    assert!(path.ends_with("_取込結果.xlsx"), "{path}");
    let bytes = std::fs::read(path).expect("the workbook can be read");
    (Xlsx::new(Cursor::new(bytes.clone())).expect("it is a workbook"), bytes)
}

fn sheet(book: &mut Book, name: &str) -> Range<Data> {
    book.worksheet_range(name).expect("the sheet is there")
}

fn cell(range: &Range<Data>, row: u32, column: u32) -> String {
    range.get_value((row, column)).map(ToString::to_string).unwrap_or_default()
}

#[test]
fn rejected_row_stands_there_as_it_came() {
    in_a_runtime(async {
        let counter = Counter::new().await;
        let (mut book, bytes) = book_of(&counter, "cells/two-problems-in-a-row.csv").await;
        assert_eq!(book.sheet_names(), ["取込不可", "注意", "氏名の文字", "説明"]);
        let rejected = sheet(&mut book, "取込不可");
        assert_eq!(
            (cell(&rejected, 0, 0), cell(&rejected, 0, 1), cell(&rejected, 0, 2)),
            ("行".into(), "原因".into(), "直し方".into())
        );
        assert_eq!(cell(&rejected, 1, 0), "3");
        assert!(cell(&rejected, 1, 1).contains("A列 医籍登録番号") && cell(&rejected, 1, 1).contains("IMP-002"));
        // The cells of the file begin behind the three columns.
        assert_eq!((cell(&rejected, 1, 3), cell(&rejected, 1, 4)), ("x".into(), "見本　花子".into()));
        assert_eq!(rejected.height(), 2);
        assert_eq!(cell(&sheet(&mut book, "注意"), 1, 1), "該当なし");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(text.contains("comments1.xml"), "the cells carry notes");
    });
}

#[test]
fn character_at_risk_is_named_with_its_code_point() {
    in_a_runtime(async {
        let counter = Counter::new().await;
        let (mut book, _) = book_of(&counter, "cells/name-variation-selector.csv").await;
        let characters = sheet(&mut book, "氏名の文字");
        let row: Vec<String> = (0..6).map(|column| cell(&characters, 1, column)).collect();
        assert_eq!(row, ["3", "B", "氏名", "辻\u{E0100}　花子", "辻\u{E0100}", "U+E0100"]);
    });
}

/// A text that looks like a formula stays a text, and so does a number with leading zeros.
#[test]
fn texts_stay_texts() {
    in_a_runtime(async {
        let counter = Counter::new().await;
        let (mut book, _) = book_of(&counter, "cells/formula-minus.csv").await;
        let doubtful = sheet(&mut book, "注意");
        assert_eq!(doubtful.get_value((1, 9)), Some(&Data::String("-2+3+cmd|' /C calc'!A0".into())));
        assert_eq!(doubtful.get_value((1, 3)), Some(&Data::String("990002".into())));
        let formulas = book.worksheet_formula("注意").expect("the sheet is there");
        assert!(formulas.used_cells().next().is_none());
    });
}

#[test]
fn same_file_gives_the_same_workbook() {
    in_a_runtime(async {
        let counter = Counter::new().await;
        let other = counter.copy().await;
        let (_, first) = book_of(&counter, "cells/name-gull.csv").await;
        let (_, second) = book_of(&other, "cells/name-gull.csv").await;
        assert_eq!(first, second);
    });
}

#[test]
fn file_without_doubts_gets_no_workbook() {
    in_a_runtime(async {
        let counter = Counter::new().await;
        let summary = counter.hand_in(&bad().join("encoding/utf8.csv")).await.expect("the file is good");
        assert_eq!(summary.rejects_file, None);
    });
}
