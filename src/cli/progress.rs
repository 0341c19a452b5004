//! Progress of an import: a bar on a terminal, plain lines otherwise.

use std::cell::RefCell;

use indicatif::{ProgressBar, ProgressStyle};

use super::output::is_watched;
use crate::messages::Lang;
use crate::service::intake::import::ImportProgress;

/// Shows how far an import is on standard error.
pub(super) struct Progress {
    lang: Lang,
    bar: RefCell<Option<ProgressBar>>,
}

impl Progress {
    pub(super) fn new(lang: Lang) -> Self {
        Self { lang, bar: RefCell::new(None) }
    }
}

impl ImportProgress for Progress {
    fn file_begins(&self, file: &str, n_rows: u32) {
        if !is_watched() {
            let verb = match self.lang {
                Lang::Ja => "読み込み",
                Lang::En => "reading",
            };
            eprintln!("{verb}: {file} ({n_rows})");
            return;
        }
        let bar = ProgressBar::new(u64::from(n_rows));
        if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len} {percent}% {eta}") {
            bar.set_style(style);
        }
        bar.set_message(file.to_string());
        *self.bar.borrow_mut() = Some(bar);
    }

    fn rows_read(&self, n: u32) {
        if let Some(bar) = &*self.bar.borrow() {
            bar.set_position(u64::from(n));
        }
    }

    fn storing(&self) {
        if let Some(bar) = &*self.bar.borrow() {
            let text = match self.lang {
                Lang::Ja => "保存しています",
                Lang::En => "storing",
            };
            bar.set_message(text);
        }
    }

    fn file_ends(&self) {
        if let Some(bar) = self.bar.borrow_mut().take() {
            bar.finish_and_clear();
        }
    }
}
