//! Charts that stand beside their table: finished values, and how they are drawn.
//!
//! A renderer decides where a mark stands; what it says is decided here. Every chart prints its values, so that nothing has
//! to be measured with a ruler, and has a text that says the same to those who do not see it.

use serde::Serialize;

use super::cell::{Cell, LabelledText};
use super::printed_figure::Figure;

/// Charts of up to this many marks are told mark by mark.
const MOST_TOLD: usize = 8;

/// A chart; the values printed in it are its data table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chart {
    /// Stable id; part of the CSV file name.
    pub id: String,
    /// Title above the chart.
    pub title: String,
    /// Dates, unit and rules. Never empty.
    pub basis: Vec<LabelledText>,
    /// How it is drawn.
    pub shape: ChartShape,
    /// Value at the foot of columns, lines and steps; printed under the chart when it is not 0. Rows, funnels and tiles
    /// always begin at 0.
    pub axis_from: i64,
    /// Names of the parts that each mark of [`ChartShape::Rows`] is made of; empty where marks have no parts.
    pub parts: Vec<String>,
    /// Its marks in reading order.
    pub marks: Vec<ChartMark>,
    /// Small notes under the chart.
    pub notes: Vec<String>,
    /// The figures that the marks are, in their order; empty where other tables do not print them.
    #[serde(skip)]
    pub claims: Vec<Figure>,
}

/// How a chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum ChartShape {
    /// Upright bars (棒).
    Columns,
    /// A line through the values of several days (折れ線).
    Line,
    /// Lying bars in official order (横棒), each in parts where the chart names some (積み上げ).
    Rows,
    /// What is left at each stage of the whole (じょうご).
    Funnel,
    /// From the first mark to the last, each change between them from where the one before ended (滝).
    Steps,
    /// The prefectures as tiles where they lie (タイル地図).
    Tiles,
}

impl ChartShape {
    /// The shape of a run of days: a line says nothing before there are three of them.
    pub fn of_days(n_days: usize) -> Self {
        if n_days < 3 { Self::Columns } else { Self::Line }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Columns => "棒グラフ",
            Self::Line => "折れ線グラフ",
            Self::Rows => "横棒グラフ",
            Self::Funnel => "段階ごとの人数の図",
            Self::Steps => "増減の内訳の図",
            Self::Tiles => "都道府県のタイル地図",
        }
    }
}

/// One value of a chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChartMark {
    /// Name of the value as printed.
    pub label: String,
    /// Code of what it is about, such as that of a prefecture; empty where it has none.
    pub code: String,
    /// The value: a number, or … where it does not exist.
    pub value: Cell,
    /// What the value is made of, one for each part of the chart.
    pub parts: Vec<i64>,
    /// Whether it is what a figure takes away: the figure itself counts upwards (退会 18), its mark goes down (▲18).
    pub is_taken_away: bool,
    /// Printed after the value, such as （95.2％）; empty when there is nothing to say.
    pub remark: String,
}

impl ChartMark {
    /// A mark without parts.
    pub fn new(label: impl Into<String>, value: Cell) -> Self {
        let (code, parts, remark) = (String::new(), Vec::new(), String::new());
        Self { label: label.into(), code, value, parts, is_taken_away: false, remark }
    }

    /// A mark that is a count.
    pub fn count(label: impl Into<String>, n: i64) -> Self {
        Self::new(label, Cell::Count(n))
    }

    /// The value as a whole number in the unit of its cell (tenths for percentages); `None` where it does not exist.
    pub fn number(&self) -> Option<i64> {
        match self.value {
            Cell::Count(n) | Cell::Difference(n) | Cell::PercentTenths(n) => Some(n),
            _ => None,
        }
    }

    /// The figure that the mark says.
    pub fn figure(&self) -> Option<i64> {
        let number = self.number()?;
        if self.is_taken_away { number.checked_neg() } else { Some(number) }
    }

    /// The value as it is printed in the chart.
    pub fn printed(&self) -> String {
        format!("{}{}", self.value.display().replace('-', "▲"), self.remark)
    }

    fn told(&self, parts: &[String]) -> String {
        let of_parts = parts.iter().zip(&self.parts).map(|(name, n)| format!("{name} {}", Cell::Count(*n).display()));
        let of_parts: Vec<String> = of_parts.collect();
        let of_parts = if of_parts.is_empty() { String::new() } else { format!("（{}）", of_parts.join("、")) };
        format!("{} {}{of_parts}", self.label, self.printed())
    }
}

impl Chart {
    /// A chart whose foot is 0 and whose marks have no parts.
    pub fn new(
        id: &str,
        title: impl Into<String>,
        basis: Vec<LabelledText>,
        shape: ChartShape,
        marks: Vec<ChartMark>,
    ) -> Self {
        let (parts, notes, claims) = (Vec::new(), Vec::new(), Vec::new());
        Self { id: id.into(), title: title.into(), basis, shape, axis_from: 0, parts, marks, notes, claims }
    }

    /// Says that the foot of the chart is not zero; `None` where it is.
    pub fn axis_note(&self) -> Option<String> {
        let what = match self.shape {
            ChartShape::Columns | ChartShape::Steps => "棒の下端",
            ChartShape::Line => "縦軸の下端",
            ChartShape::Rows | ChartShape::Funnel | ChartShape::Tiles => return None,
        };
        let foot = ChartMark::count("", self.axis_from).printed();
        (self.axis_from != 0 && !self.marks.is_empty()).then(|| format!("{what}は{foot}（0からではない）。"))
    }

    /// What the chart shows, for those who do not see it. Made from its values, so that it cannot say anything else.
    pub fn alternative(&self) -> String {
        let told = if self.marks.len() <= MOST_TOLD { self.each() } else { self.ends() };
        format!("{}。{}。{told}。", self.shape.name(), self.title)
    }

    fn each(&self) -> String {
        let told: Vec<String> = self.marks.iter().map(|mark| mark.told(&self.parts)).collect();
        if told.is_empty() { "値なし".into() } else { told.join("、") }
    }

    /// First, last, largest and smallest of many marks.
    fn ends(&self) -> String {
        let mut known = self.marks.iter().filter_map(|mark| Some((mark.number()?, mark)));
        let Some(first) = known.next() else { return "値なし".into() };
        let (mut largest, mut smallest) = (first, first);
        for one in known {
            largest = if one.0 > largest.0 { one } else { largest };
            smallest = if one.0 < smallest.0 { one } else { smallest };
        }
        let whole = |mark: &ChartMark| format!("{} {}", mark.label, mark.printed());
        let extremes = format!("最大は{}、最小は{}", whole(largest.1), whole(smallest.1));
        let n = self.marks.len();
        match (self.shape, self.marks.last()) {
            (ChartShape::Columns | ChartShape::Line | ChartShape::Steps, Some(last)) => {
                format!("{n}時点。{}から{}まで。{extremes}", whole(&self.marks[0]), whole(last))
            }
            _ => format!("{n}項目。{extremes}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(shape: ChartShape, marks: Vec<ChartMark>) -> Chart {
        Chart::new("c", "会員数", vec![LabelledText::new("単位", "人")], shape, marks)
    }

    #[test]
    fn few_marks_are_told_one_by_one() {
        let marks = vec![
            ChartMark::count("期首", 2_741),
            ChartMark::new("退会", Cell::Difference(-11)),
            ChartMark::count("期末", 2_730),
        ];
        let said = chart(ChartShape::Steps, marks).alternative();
        assert_eq!(said, "増減の内訳の図。会員数。期首 2,741、退会 ▲11、期末 2,730。");
        assert!(chart(ChartShape::Rows, Vec::new()).alternative().ends_with("値なし。"));
    }

    #[test]
    fn many_marks_are_told_by_their_ends() {
        let marks = (1..=13).map(|n| ChartMark::count(format!("{n}月"), 100 + n * 7 % 13)).collect();
        let said = chart(ChartShape::Line, marks).alternative();
        assert!(said.contains("13時点。1月 107から13月 100まで。最大は11月 112、最小は13月 100"), "{said}");
        let mut marks: Vec<ChartMark> = (1..=9).map(|n| ChartMark::count(format!("{n}"), n)).collect();
        marks[0].value = Cell::NotApplicable;
        assert!(chart(ChartShape::Tiles, marks).alternative().contains("最大は9 9、最小は2 2"));
    }

    #[test]
    fn parts_are_told_with_their_whole() {
        let mut mark = ChartMark::count("郡市区等", 1_300);
        mark.parts = vec![1_000, 300];
        let mut one = chart(ChartShape::Rows, vec![mark]);
        one.parts = vec!["A①".into(), "B".into()];
        assert!(one.alternative().contains("郡市区等 1,300（A① 1,000、B 300）"));
    }

    #[test]
    fn foot_that_is_not_zero_is_said() {
        let mut one = chart(ChartShape::Line, vec![ChartMark::count("R7.12.31", 2_730)]);
        assert_eq!(one.axis_note(), None);
        one.axis_from = 2_600;
        assert_eq!(one.axis_note().as_deref(), Some("縦軸の下端は2,600（0からではない）。"));
        one.shape = ChartShape::Rows;
        assert_eq!(one.axis_note(), None);
    }

    #[test]
    fn line_needs_three_days() {
        assert_eq!(ChartShape::of_days(2), ChartShape::Columns);
        assert_eq!(ChartShape::of_days(3), ChartShape::Line);
    }
}
