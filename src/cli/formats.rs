//! `--format` and `--archive`: the files that a paper is made as.

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::error::Failure;
use crate::service::papers::PaperFormat;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FormatArg {
    /// 印刷用
    Pdf,
    /// 表計算用のCSV（UTF-8）
    Csv,
    /// プログラム用のCSV（縦持ち、西暦、英字の見出し）
    CsvMachine,
    /// 表計算用のCSV（CP932）
    CsvCp932,
    /// 閲覧用
    Html,
    /// 表計算用のブック
    Xlsx,
}

#[derive(Debug, Args)]
pub(super) struct FormatArgs {
    /// 形式（コンマで区切っていくつでも）
    #[arg(long, value_enum, value_delimiter = ',', ignore_case = true, default_value = "pdf,csv")]
    format: Vec<FormatArg>,
    /// PDF を、長く保存するための PDF/A-2b にする（名前と見た目は同じ。添付の PDF がある資料には使えない）
    #[arg(long)]
    archive: bool,
}

impl FormatArgs {
    /// The formats in the order they were given.
    ///
    /// # Errors
    /// [`Failure`] RPT-034 for an archive without a PDF.
    pub(super) fn formats(&self) -> Result<Vec<PaperFormat>> {
        if self.archive && !self.format.contains(&FormatArg::Pdf) {
            return Err(Failure::usage("RPT-034", "").into());
        }
        Ok(self.format.iter().map(|one| self.paper_format(*one)).collect())
    }

    fn paper_format(&self, arg: FormatArg) -> PaperFormat {
        match arg {
            FormatArg::Pdf if self.archive => PaperFormat::PdfArchive,
            FormatArg::Pdf => PaperFormat::Pdf,
            FormatArg::Csv => PaperFormat::Csv,
            FormatArg::CsvMachine => PaperFormat::CsvMachine,
            FormatArg::CsvCp932 => PaperFormat::CsvCp932,
            FormatArg::Html => PaperFormat::Html,
            FormatArg::Xlsx => PaperFormat::Xlsx,
        }
    }
}
