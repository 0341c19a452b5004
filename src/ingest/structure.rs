//! Rows and cells in the bytes of a text file, as the second reading will find them, counted as Excel counts rows.
//!
//! In CP932 and UTF-8 a quotation mark, comma or line end is never part of another character. A quotation mark opens a cell
//! only at its beginning; anywhere else it is a letter, in Excel as here.

use super::file_problem::FileProblem;
use super::limits::{MAX_CELL_BYTES, MOST_COLUMNS, MOST_ROWS};
use crate::domain::problem::{Hint, Problem, column_letters};

/// A row with a quoted cell that spans lines and holds what divides cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SpanningRow {
    /// Row as Excel shows it.
    pub(super) row: u32,
    /// Column of its first such cell, from 0.
    column: usize,
    /// First and last line of the text.
    lines: (u32, u32),
    /// Cells of the row.
    n_cells: usize,
    /// Dividers inside such cells: in all of them, and of the first one before its first and after its last line end.
    inside: usize,
    before: usize,
    after: usize,
    /// Such cells.
    n_spanning: usize,
    /// Dividers of the fullest line that lies between two line ends inside such a cell.
    fullest_line: usize,
}

impl SpanningRow {
    /// Whether the cell may have swallowed other rows, in a file of any width. Only these are kept.
    fn may_swallow_rows(&self) -> bool {
        /// A list tells of whom and what.
        const NARROWEST: usize = 2;
        self.n_cells + self.inside + 1 >= 2 * NARROWEST
    }

    /// Whether the cell swallowed other rows, in a file of so many columns. Two rows of a file have at least `2 × width − 1`
    /// cells when the line end between them is taken for a letter; an address with a line break has hardly more than one row.
    fn swallows_rows(&self, width: usize) -> bool {
        if self.n_cells + self.inside + 1 < 2 * width {
            return false;
        }
        // A whole line that has just the cells of a row is one, wherever it stands in the cell.
        if self.fullest_line + 1 == width {
            return true;
        }
        // Where the row has its width, what was swallowed goes to the end of the first line and from the beginning of the
        // last; a long list inside a cell does neither.
        let is_whole = self.n_cells == width && self.n_spanning == 1;
        !is_whole || (self.before + 1 + self.column >= width && self.after >= self.column)
    }

    /// The refusal of a file of so many columns for the sake of this row.
    pub(super) fn problem(&self, width: usize) -> Option<FileProblem> {
        self.swallows_rows(width).then(|| FileProblem {
            column: Some(column_letters(self.column)),
            ..FileProblem::in_row(Problem::QuoteSwallowsRows, self.row, format!("{}～{}", self.lines.0, self.lines.1))
        })
    }
}

/// Follows rows and cells through the bytes.
#[derive(Debug)]
pub(super) struct Structure {
    divider: u8,
    row: u32,
    line: u32,
    column: usize,
    state: State,
    quote_opened: (u32, usize, u32),
    cell_bytes: usize,
    row_has_bytes: bool,
    after_cr: bool,
    /// Whether the last byte ended a line.
    at_line_start: bool,
    blank_rows: Vec<u32>,
    cell: SpanningCell,
    spanning: Option<SpanningRow>,
    spanning_rows: Vec<SpanningRow>,
}

/// Where in a cell the next byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before its first byte.
    Start,
    /// In a cell without quotation marks, or behind the closing one.
    Plain,
    /// Between quotation marks.
    Quoted,
    /// Behind a quotation mark inside them: it closes them, or another one makes both a letter.
    Closing,
}

/// What was met between the quotation marks of the present cell.
#[derive(Debug, Default)]
struct SpanningCell {
    n_lines: usize,
    inside: usize,
    before: usize,
    after: usize,
    /// Dividers of the fullest line so far that begins and ends inside the cell.
    fullest_line: usize,
    is_after_cr: bool,
}

impl SpanningCell {
    fn take(&mut self, byte: u8, divider: u8) {
        let is_after_cr = std::mem::replace(&mut self.is_after_cr, byte == b'\r');
        if byte == b'\r' || (byte == b'\n' && !is_after_cr) {
            if self.n_lines > 0 {
                self.fullest_line = self.fullest_line.max(self.after);
            }
            self.n_lines += 1;
            self.after = 0;
        } else if byte == divider {
            self.inside += 1;
            self.after += 1;
            self.before += usize::from(self.n_lines == 0);
        }
    }
}

impl Structure {
    /// Begins at the first row; `line` is the line of the text in which it stands.
    pub(super) fn new(divider: u8, line: u32) -> Self {
        Self {
            divider,
            row: 1,
            line,
            column: 0,
            state: State::Start,
            quote_opened: (1, 0, line),
            cell_bytes: 0,
            row_has_bytes: false,
            after_cr: false,
            at_line_start: true,
            blank_rows: Vec::new(),
            cell: SpanningCell::default(),
            spanning: None,
            spanning_rows: Vec::new(),
        }
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`FileProblem`] for a byte that no text holds, for a cell or row that no spreadsheet can hold, and for more rows
    /// than any list has.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<(), FileProblem> {
        for &byte in bytes {
            let after_cr = std::mem::replace(&mut self.after_cr, byte == b'\r');
            let is_half_of_line_end = byte == b'\n' && after_cr;
            self.at_line_start = matches!(byte, b'\r' | b'\n');
            match byte {
                0 => return Err(self.problem(Problem::NotText, "NUL")),
                // The divider of packed texts; no office types it.
                0x1F => return Err(self.problem(Problem::NotText, "0x1F")),
                b'\r' | b'\n' if !is_half_of_line_end => self.line += 1,
                _ => {}
            }
            if self.state == State::Closing {
                // Only another quotation mark goes on with the text inside.
                self.state = if byte == b'"' { State::Quoted } else { State::Plain };
                if byte == b'"' {
                    self.count_byte()?;
                    continue;
                }
                self.close_cell();
            }
            match byte {
                b'"' if self.state == State::Start => {
                    self.state = State::Quoted;
                    self.quote_opened = (self.row, self.column, self.line);
                    self.cell = SpanningCell::default();
                    self.row_has_bytes = true;
                }
                b'"' if self.state == State::Quoted => self.state = State::Closing,
                _ if self.state == State::Quoted => {
                    self.cell.take(byte, self.divider);
                    self.count_byte()?;
                }
                b'\n' if is_half_of_line_end => {}
                b'\r' | b'\n' => self.end_row()?,
                byte if byte == self.divider => {
                    self.column += 1;
                    if self.column == MOST_COLUMNS {
                        return Err(self.problem(Problem::TooManyColumns, ""));
                    }
                    self.cell_bytes = 0;
                    self.row_has_bytes = true;
                    self.state = State::Start;
                }
                _ => {
                    self.state = State::Plain;
                    self.row_has_bytes = true;
                    self.count_byte()?;
                }
            }
        }
        Ok(())
    }

    fn count_byte(&mut self) -> Result<(), FileProblem> {
        self.cell_bytes += 1;
        if self.cell_bytes > MAX_CELL_BYTES {
            return Err(self.problem(Problem::CellTooLarge, ""));
        }
        Ok(())
    }

    /// Notes what a quoted cell held that spans lines.
    fn close_cell(&mut self) {
        let cell = std::mem::take(&mut self.cell);
        if cell.n_lines == 0 || cell.inside == 0 {
            return;
        }
        let (row, column, first_line) = self.quote_opened;
        let spanning = self.spanning.get_or_insert(SpanningRow {
            row,
            column,
            lines: (first_line, first_line),
            n_cells: 0,
            inside: 0,
            before: cell.before,
            after: cell.after,
            n_spanning: 0,
            fullest_line: 0,
        });
        spanning.inside += cell.inside;
        // The last line of the cell may be a row as well.
        spanning.fullest_line = spanning.fullest_line.max(cell.fullest_line).max(cell.after);
        spanning.n_spanning += 1;
        // The byte behind the closing mark may have ended the line already.
        spanning.lines.1 = first_line + u32::try_from(cell.n_lines).unwrap_or(u32::MAX - first_line);
    }

    fn end_row(&mut self) -> Result<(), FileProblem> {
        if self.row == MOST_ROWS {
            return Err(self.problem(Problem::TooManyRows, ""));
        }
        if let Some(mut spanning) = self.spanning.take() {
            spanning.n_cells = self.column + 1;
            if spanning.may_swallow_rows() {
                self.spanning_rows.push(spanning);
            }
        }
        if !self.row_has_bytes {
            self.blank_rows.push(self.row);
        }
        self.row += 1;
        self.column = 0;
        self.cell_bytes = 0;
        self.row_has_bytes = false;
        self.state = State::Start;
        Ok(())
    }

    /// Ends the text and returns the number of rows, the blank ones, ascending, and those with spanning cells.
    ///
    /// # Errors
    /// [`FileProblem`] when a quotation mark is never closed, or the last row is one too many.
    pub(super) fn finish(mut self) -> Result<(u32, Vec<u32>, Vec<SpanningRow>), FileProblem> {
        if self.state == State::Quoted {
            let (row, column, first_line) = self.quote_opened;
            let last_line = self.line - u32::from(self.at_line_start);
            let lines = vec![first_line.to_string(), last_line.to_string()];
            return Err(FileProblem {
                column: Some(column_letters(column)),
                hint: (last_line > first_line).then(|| Box::new(Hint { code: "WHY-011", words: lines })),
                ..FileProblem::in_row(Problem::QuoteUnclosed, row, "")
            });
        }
        if self.state == State::Closing {
            self.close_cell();
        }
        if self.row_has_bytes {
            self.end_row()?;
        }
        Ok((self.row - 1, self.blank_rows, self.spanning_rows))
    }

    /// A cell that grows too large inside quotation marks is most likely one that is never closed.
    pub(super) fn problem(&self, problem: Problem, detail: &str) -> FileProblem {
        let (row, column) = match self.state {
            State::Quoted => (self.quote_opened.0, self.quote_opened.1),
            _ => (self.row, self.column),
        };
        FileProblem { column: Some(column_letters(column)), ..FileProblem::in_row(problem, row, detail) }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn refused(text: &str, width: usize) -> Option<(u32, String, String)> {
        let mut structure = Structure::new(b',', 1);
        structure.feed(text.as_bytes()).expect("the bytes are text");
        let (.., rows) = structure.finish().expect("every mark is closed");
        let problem = rows.iter().find_map(|row| row.problem(width))?;
        Some((problem.row?, problem.column?, problem.detail))
    }

    const GOOD: &str = "1,甲,a,b\n";

    #[rstest]
    #[case::next_row("1,甲,\"a,b\n2,乙,a\",b\n", (1, "C", "1～2"))]
    #[case::two_rows_further("9,丙,a,b\n1,甲,\"a,b\n2,乙,a,b\n3,丙,a\",b\n", (2, "C", "2～4"))]
    #[case::at_the_beginning("\"1,甲,a,b\n2\",乙,a,b\n", (1, "A", "1～2"))]
    #[case::at_the_end("1,甲,a,\"b\n2,乙,a,b\"\n", (1, "D", "1～2"))]
    #[case::at_the_end_of_the_file("1,甲,a,\"b\n2,乙,a,b\"", (1, "D", "1～2"))]
    #[case::windows_line_ends("1,甲,\"a,b\r\n2,乙,a\",b\r\n", (1, "C", "1～2"))]
    #[case::mac_line_ends("1,甲,\"a,b\r2,乙,a\",b\r", (1, "C", "1～2"))]
    #[case::mark_inside_the_last_cell("1,甲,\"a,b\n2,乙,a\"c,b\n", (1, "C", "1～2"))]
    #[case::surplus_cells_are_blank("1,甲,\"a,b\n2,\"乙,a,,b,\n", (1, "C", "1～2"))]
    #[case::quoted_cell_in_the_swallowed_row("1,甲,\"a,b\n2,乙,\"a\",b\n", (1, "C", "1～2"))]
    #[case::whole_row_inside("1,甲,\"a\n2,乙,a,b\n\",b\n", (1, "C", "1～3"))]
    #[case::whole_row_at_the_end_of_the_cell("1,甲,\"a\n2,乙,a,b\",b\n", (1, "C", "1～2"))]
    #[case::behind_an_honest_line_break("1,甲,\"a\nz\",b\n2,乙,\"a,b\n3,丙,a\",b\n", (2, "C", "3～4"))]
    fn swallowed_rows_are_found(#[case] text: &str, #[case] expected: (u32, &str, &str)) {
        let (row, column, lines) = expected;
        assert_eq!(refused(text, 4), Some((row, column.into(), lines.into())));
    }

    #[rstest]
    #[case::one_line_break("1,甲,\"a\nb\",c\n")]
    #[case::several("1,甲,\"a\nb\n\n\nc\",d\n")]
    #[case::comma_inside("1,甲,\"a,x\nb\",c\n")]
    #[case::two_commas("1,甲,\"a,x\nb,y\",c\n")]
    #[case::list_in_the_first_line("1,甲,\"a,x,y,z,w\nb\",c\n")]
    #[case::two_cells("1,\"甲\n乙\",\"a,x\nb\",c\n")]
    #[case::at_the_end_of_the_file("1,甲,a,\"b,x\nc\"")]
    #[case::doubled_marks("1,甲,\"a\"\"b\"\"\nc\",d\n")]
    #[case::mark_in_the_middle("1,甲,a\"b,c\n2,乙,a\"b,c\n")]
    #[case::nothing_special(GOOD)]
    fn honest_line_breaks_are_let_pass(#[case] text: &str) {
        assert_eq!(refused(text, 4), None);
    }

    #[test]
    fn rows_are_counted_as_excel_shows_them() {
        let mut structure = Structure::new(b',', 1);
        structure.feed("a,b\r\n\r\n\"x\r\ny\",z\r\rq,\"\"\n".as_bytes()).expect("text");
        let (n_rows, blank, _) = structure.finish().expect("closed");
        assert_eq!((n_rows, blank), (5, vec![2, 4]));
    }
}
