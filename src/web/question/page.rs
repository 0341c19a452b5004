//! The page as a template.

use askama::Template;

use super::answer::AnswerView;
use super::fields::{FormView, Wrong};
use crate::service::asked::{AskedText, Choices, Outcome};
use crate::web::Frame;

/// Everything that the page shows.
#[derive(Debug, Clone, Copy)]
pub struct QuestionPage<'a> {
    /// What stands around it.
    pub frame: &'a Frame,
    /// Its own address, such as `/question`; the files stand beside it with `.csv` and `.xlsx`.
    pub path: &'a str,
    /// The question as it was written.
    pub text: &'a AskedText,
    /// What became of it.
    pub outcome: &'a Outcome,
    /// What can be chosen.
    pub choices: &'a Choices,
}

/// Writes the page.
///
/// # Errors
/// When the template cannot be filled: a defect.
pub fn question_page(page: &QuestionPage<'_>) -> Result<String, askama::Error> {
    let faults = match page.outcome {
        Outcome::Faulty(faults) => faults.as_slice(),
        Outcome::Unasked | Outcome::Answered(_) => &[],
    };
    let answer = match page.outcome {
        Outcome::Answered(answer) => Some(AnswerView::of(answer, page.path)),
        Outcome::Unasked | Outcome::Faulty(_) => None,
    };
    let read_on = match page.outcome {
        Outcome::Answered(answer) => Some(answer.on),
        Outcome::Unasked | Outcome::Faulty(_) => None,
    };
    let template = QuestionTemplate {
        frame: page.frame,
        path: page.path,
        form: FormView::of(page.text, page.choices, faults, read_on),
        wrong: faults.iter().map(Wrong::of).collect(),
        is_refused: page.outcome.status() == 403,
        answer,
    };
    template.render()
}

#[derive(Template)]
#[template(path = "web/question.html")]
struct QuestionTemplate<'a> {
    frame: &'a Frame,
    path: &'a str,
    form: FormView<'a>,
    wrong: Vec<Wrong>,
    is_refused: bool,
    answer: Option<AnswerView>,
}
