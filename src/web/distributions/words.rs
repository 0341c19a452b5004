//! Words about distributions: stages, and what to do on these pages when something does not work.

use crate::clock::tokyo;
use crate::domain::distribution::Stage;
use crate::domain::japanese_date::era_date;
use crate::error::{Failure, FailureKind};
use crate::messages::{Lang, message};
use chrono::{DateTime, Utc};

/// Something that went wrong, as these pages tell it.
pub(super) struct Told {
    pub(super) code: &'static str,
    pub(super) text: String,
    pub(super) remedy: String,
}

impl Told {
    /// What a failure says here: the remedy of the catalogue is for the command line.
    pub(super) fn of(failure: &Failure) -> Self {
        // A defect, or where something lies on the server, is not told.
        let detail = match failure.kind {
            FailureKind::Environment | FailureKind::Bug => "…",
            _ => failure.detail.rsplit(['/', '\\']).next().unwrap_or_default(),
        };
        let code = if failure.kind == FailureKind::Bug { "WEB-013" } else { failure.code };
        let told = message(code, Lang::Ja, detail);
        let remedy = remedy(code).map_or(told.remedy, str::to_string);
        Self { code, text: told.text, remedy }
    }
}

fn remedy(code: &str) -> Option<&'static str> {
    Some(match code {
        "ENV-001" => "取込みなどが終わるのを待って、もう一度押してください。何も変わっていません。",
        "PUB-003" => "その回を配り終えるか、取りやめてから、もう一度作ってください。",
        "PUB-005" | "PUB-006" | "PUB-007" => "この配布は取りやめになりました。作成の担当者が、作り直してください。",
        "PUB-008" | "PUB-009" => "配っていません。この配布は取りやめになりました。管理の担当者に知らせてください。",
        "PUB-014" => "下の「いま」を見てください。ほかの人が承認したか、取りやめました。",
        "PUB-016" => "理由を書いてください。台帳に残ります。",
        "PUB-017" => "下の「いま」を見てください。配るには、作り直してください。",
        "PUB-018" => "承認されてから配れます。下の「いま」を見てください。",
        "PUB-019" | "PUB-020" => "二重に配らないよう、配布を止めています。管理の担当者に知らせてください。",
        "PUB-021" => "下の表で、状態を見直してください。",
        "PUB-040" => "配布を止めています。管理の担当者に知らせてください。",
        _ => return None,
    })
}

/// What was done, by the word of the address; nothing for other words.
pub(super) fn done(word: &str) -> Option<&'static str> {
    Some(match word {
        "made" => "配布を作りました。別の人が、内容を見て承認します。",
        "approved" => "承認しました。作成の担当者が配れます。",
        "sent" => "配りました。届いていないところがあれば、下の表の上に並びます。",
        "withdrawn" => "取りやめました。もう何も配られず、配ったものもここからは受け取れません。",
        "settled" => "記しました。",
        _ => return None,
    })
}

pub(super) fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Prepared => "承認待ち",
        Stage::Approved => "承認済み",
        Stage::Voided => "取りやめ",
    }
}

/// An instant as people in Japan read it.
pub(super) fn instant(at: DateTime<Utc>) -> String {
    let at = at.with_timezone(&tokyo());
    format!("{} {}", era_date(at.date_naive()), at.format("%H:%M"))
}
