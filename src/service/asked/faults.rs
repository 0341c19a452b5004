//! What is wrong with a question, field by field.

use crate::error::Detail;
use crate::messages::{Lang, message_of};

/// A field of the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// None of them: the question as a whole.
    Whole,
    /// 基準日.
    On,
    /// 時点.
    Known,
    /// 階層.
    Tier,
    /// 都道府県.
    Prefecture,
    /// 医師会.
    Body,
    /// 会員区分.
    Class,
    /// 内訳.
    By,
    /// Page of the list.
    Page,
}

/// One thing that is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    /// The field.
    pub field: Field,
    /// Stable code; the texts are in `messages`.
    pub code: &'static str,
    /// What the text of the code leaves open.
    pub words: Vec<String>,
    /// Why, or what could have been meant.
    pub details: Vec<Detail>,
}

impl FieldFault {
    /// A fault without details.
    pub fn new(field: Field, code: &'static str, words: Vec<String>) -> Self {
        Self { field, code, words, details: Vec::new() }
    }

    /// What is wrong and, where it is known, why.
    pub fn text(&self, lang: Lang) -> String {
        let said = std::iter::once(message_of(self.code, lang, &self.words).text);
        let why = self.details.iter().map(|detail| message_of(detail.code, lang, &detail.words).text);
        said.chain(why).collect::<Vec<_>>().join(if lang == Lang::Ja { "。" } else { ": " })
    }

    /// How to mend it.
    pub fn remedy(&self, lang: Lang) -> String {
        message_of(self.code, lang, &self.words).remedy
    }

    /// Whether it is a refusal: nothing is wrong, but the asker may not see it.
    pub fn is_refusal(&self) -> bool {
        matches!(self.code, "ASK-020" | "ASK-021")
    }

    pub(super) fn with(self, details: impl IntoIterator<Item = Detail>) -> Self {
        Self { details: details.into_iter().collect(), ..self }
    }
}
