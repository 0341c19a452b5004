//! A data folder with the small master of the corpus, opened in this process.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use calamine::{Reader, Xlsx, open_workbook};
use kaiin::clock::Clock;
use kaiin::config::Config;
use kaiin::error::Failure;
use kaiin::service::intake::import::{ImportOptions, ImportSummary, Silent, import_files};
use kaiin::service::keep::Workspace;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use tempfile::TempDir;

use crate::cli::program::{NOW, tables};

/// The export day of every file of the corpus.
pub const EXPORT_DAY: &str = "2025-09-30";

/// The folder of the corpus.
pub fn bad() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bad")
}

/// Where files are handed in.
pub struct Counter {
    folder: TempDir,
    pub workspace: Workspace,
}

impl Counter {
    /// With the master taken in.
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let counter = Self { workspace: opened(folder.path()).await, folder };
        counter.hand_in(&bad().join("master.csv")).await.expect("the master is good");
        counter
    }

    /// Another one that holds the same. Nothing may be written here meanwhile.
    pub async fn copy(&self) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let data = folder.path().join("data");
        std::fs::create_dir(&data).expect("a folder can be made");
        for entry in std::fs::read_dir(self.folder.path().join("data")).expect("the data folder can be read") {
            let path = entry.expect("the data folder can be read").path();
            if path.is_file() {
                std::fs::copy(&path, data.join(path.file_name().expect("a name"))).expect("a file can be copied");
            }
        }
        Self { workspace: opened(folder.path()).await, folder }
    }

    /// A file beside the data folder.
    pub fn save(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).expect("the temporary folder can be written");
        path
    }

    /// Takes in one file.
    pub async fn hand_in(&self, path: &Path) -> Result<ImportSummary> {
        let lock = self.workspace.lock_for_writing().await.expect("nobody else writes here");
        let known_at = Some(EXPORT_DAY.parse().expect("the export day is ISO"));
        let options = ImportOptions { known_at, ..ImportOptions::default() };
        let run = import_files(&self.workspace, &lock, &[path.to_path_buf()], &options, &Silent).await;
        match run.failures.into_iter().next() {
            Some((_, error)) => Err(error),
            None => Ok(run.summaries.into_iter().next().expect("one report for one file")),
        }
    }

    /// Why a file is refused.
    pub async fn refusal(&self, path: &Path) -> Failure {
        match self.hand_in(path).await {
            Ok(summary) => panic!("{} is taken in: {summary:?}", path.display()),
            Err(error) => Failure::of(&error),
        }
    }

    /// The number of rows of every table.
    pub async fn tables(&self) -> BTreeMap<String, i64> {
        tables(&self.database()).await
    }

    /// The stored rejects and warnings: row, column, code.
    pub async fn row_problems(&self) -> Vec<String> {
        let options = SqliteConnectOptions::new().filename(self.database());
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.expect("the store opens");
        let statement = "SELECT row || ' ' || column_letters || ' ' || code FROM row_problem ORDER BY id";
        let out = sqlx::query_scalar(statement).fetch_all(&pool).await.expect("the table can be read");
        pool.close().await;
        out
    }

    /// The column 原因 of the workbook that the office gets, even for a refused file.
    pub fn causes_told(&self, name: &str) -> String {
        let stem = Path::new(name).file_stem().expect("a name").to_string_lossy().into_owned();
        let path = self.folder.path().join(format!("data/rejects/{stem}_取込結果.xlsx"));
        let mut book: Xlsx<_> = open_workbook(path).expect("the workbook is there");
        let sheet = book.worksheet_range("取込不可").expect("the sheet is there");
        sheet.rows().skip(1).filter_map(|row| row.get(1)).map(ToString::to_string).collect()
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join("data/kaiin.sqlite")
    }
}

/// A few people are a small file: one bad row among them must not refuse it.
async fn opened(folder: &Path) -> Workspace {
    let clock = Clock::Fixed(NOW.parse().expect("an instant"));
    let mut config = Config::default();
    config.import.max_rejected_percent = 90;
    Workspace::open(&folder.join("data"), config, clock).await.expect("the data folder opens")
}

/// Runs a test that asks the store.
pub fn in_a_runtime<T>(task: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime can be built").block_on(task)
}
