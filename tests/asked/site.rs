//! A data folder that is asked in the process.

use std::path::Path;

use kaiin::clock::Clock;
use kaiin::config::Config;
use kaiin::service::asked::{Answer, AskedText, Extent, FieldFault, Outcome, Viewer, answer_csv, ask, choices};
use kaiin::service::keep::Workspace;
use kaiin::service::known::kept_vintages::KeptVintages;
use kaiin::web::Frame;
use kaiin::web::question::{QuestionPage, question_page};

use crate::cli::program::{NOW, Office};
use crate::cli::samples::Sample;

pub struct Site {
    pub workspace: Workspace,
    /// Kept from one question to the next, as pages keep it.
    pub kept: KeptVintages,
    runtime: tokio::runtime::Runtime,
    /// Holds the data folder where it is a copy: whoever asks may keep something beside the timeline.
    _office: Option<Office>,
}

impl Site {
    /// A sample that was taken in.
    pub fn of(sample: &Sample) -> Self {
        let (office, _) = sample.taken_in();
        let site = Self::over(&office.data());
        Self { _office: Some(office), ..site }
    }

    /// What an office has taken in.
    pub fn at(office: &Office) -> Self {
        Self::over(&office.data())
    }

    fn over(data: &Path) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let clock = Clock::Fixed(NOW.parse().expect("an instant"));
        let opened = runtime.block_on(Workspace::open_to_ask(data, Config::default(), clock));
        Self {
            workspace: opened.expect("the data folder opens"),
            kept: KeptVintages::default(),
            runtime,
            _office: None,
        }
    }

    pub fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    pub fn ask(&self, query: &str, viewer: &Viewer, extent: Extent) -> Outcome {
        let text = AskedText::of_query(query);
        let asked = self.block_on(ask((&self.workspace, &self.kept), &text, viewer, extent));
        asked.unwrap_or_else(|error| panic!("{query}: {error:#}"))
    }

    /// The answer of a question to whoever may see everything, with the whole list.
    #[track_caller]
    pub fn answer(&self, query: &str) -> Answer {
        match self.ask(query, &Viewer::of_everything(), Extent::Whole) {
            Outcome::Answered(answer) => *answer,
            other => panic!("{query} is answered: {other:?}"),
        }
    }

    /// What is wrong with a question, as codes beside fields.
    #[track_caller]
    pub fn faults(&self, query: &str, viewer: &Viewer) -> Vec<FieldFault> {
        match self.ask(query, viewer, Extent::Page) {
            Outcome::Faulty(faults) => faults,
            other => panic!("{query} is not answered: {other:?}"),
        }
    }

    /// The page of a question.
    pub fn page(&self, query: &str, viewer: &Viewer) -> String {
        let text = AskedText::of_query(query);
        let outcome = self.ask(query, viewer, Extent::Page);
        let choices = self.block_on(choices((&self.workspace, &self.kept), viewer)).expect("the store can be read");
        let frame = Frame::of_nobody();
        let page = QuestionPage { frame: &frame, path: "/question", text: &text, outcome: &outcome, choices: &choices };
        question_page(&page).expect("the page can be written")
    }

    /// The file of a question, with everything in it.
    pub fn csv(&self, query: &str) -> String {
        let bytes = answer_csv(&self.answer(query)).expect("the file can be written");
        String::from_utf8(bytes).expect("UTF-8")
    }
}
