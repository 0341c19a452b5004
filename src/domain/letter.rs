//! A letter (文書) as offices write it: number and day, to whom, from whom, its subject, text, points and end.

use serde::Serialize;

/// A letter. Every text may be empty; what is empty is not printed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Letter {
    /// Number of the letter (文書番号), such as 埼医発第123号.
    pub number: String,
    /// Its day as printed.
    pub date: String,
    /// To whom (宛名), one a line.
    pub to: Vec<String>,
    /// From whom (差出人), one a line.
    pub from: Vec<String>,
    /// Whether （公印省略） stands under the sender.
    pub without_seal: bool,
    /// Subject (件名).
    pub subject: String,
    /// Paragraphs of the text (本文).
    pub body: Vec<String>,
    /// Points under 記; with any of them 以上 ends the letter.
    pub points: Vec<String>,
    /// Lines under the end, such as whom to ask.
    pub after: Vec<String>,
}

impl Letter {
    /// What is printed, from top to bottom, with what it is.
    pub fn lines(&self) -> Vec<(&'static str, &str)> {
        let parts: [(&'static str, &[String]); 9] = [
            ("文書番号", std::slice::from_ref(&self.number)),
            ("日付", std::slice::from_ref(&self.date)),
            ("宛名", &self.to),
            ("差出人", &self.from),
            ("公印", &[]),
            ("件名", std::slice::from_ref(&self.subject)),
            ("本文", &self.body),
            ("記", &self.points),
            ("連絡先", &self.after),
        ];
        let mut lines = Vec::new();
        for (label, texts) in parts {
            if label == "公印" && self.without_seal {
                lines.push((label, "省略"));
            }
            lines.extend(texts.iter().filter(|text| !text.is_empty()).map(|text| (label, text.as_str())));
        }
        lines
    }
}
