//! Where a distribution is, in words and as JSON.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use serde_json::{Value, json};

use crate::cli::context::Context;
use crate::cli::output;
use crate::domain::distribution::{DeliveryState, Distribution, Stage};
use crate::domain::japanese_date::short_era_date;
use crate::messages::Lang;

/// Where a distribution is now.
pub(super) fn told(context: &Context, one: &Distribution) -> Result<ExitCode> {
    if context.json {
        output::json(&as_json(one))?;
        return Ok(ExitCode::SUCCESS);
    }
    say!("{}", stage(one, context.lang));
    if one.stage() == Stage::Approved {
        match context.lang {
            Lang::Ja => say!("次は、kaiin publish send {}", one.number),
            Lang::En => say!("next: kaiin publish send {}", one.number),
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn stage(one: &Distribution, lang: Lang) -> String {
    let (n, as_of) = (one.number, short_era_date(one.as_of));
    match (one.stage(), lang) {
        (Stage::Prepared, Lang::Ja) => format!("第{n}回（{as_of} 現在）: 承認待ち（作成 {}）", one.maker),
        (Stage::Approved, Lang::Ja) => {
            format!("第{n}回（{as_of} 現在）: 承認済み（作成 {}、承認 {}）", one.maker, one.approver)
        }
        (Stage::Voided, Lang::Ja) => format!("第{n}回（{as_of} 現在）: 取りやめ（{}）", one.void_reason),
        (Stage::Prepared, Lang::En) => {
            format!("distribution {n} ({}): waits for approval (made by {})", one.as_of, one.maker)
        }
        (Stage::Approved, Lang::En) => {
            format!("distribution {n} ({}): approved (made by {}, approved by {})", one.as_of, one.maker, one.approver)
        }
        (Stage::Voided, Lang::En) => format!("distribution {n} ({}): withdrawn ({})", one.as_of, one.void_reason),
    }
}

pub(super) fn as_json(one: &Distribution) -> Value {
    let stage = match one.stage() {
        Stage::Prepared => "prepared",
        Stage::Approved => "approved",
        Stage::Voided => "voided",
    };
    json!({
        "number": one.number,
        "as_of": one.as_of,
        "known_at": one.known_at,
        "stage": stage,
        "maker": one.maker,
        "approver": one.approver,
        "void_reason": one.void_reason,
        "sha256": one.manifest_sha256,
    })
}

pub(super) fn label(state: DeliveryState, lang: Lang) -> &'static str {
    if lang == Lang::Ja { state.label() } else { state.code() }
}

pub(super) fn shown(path: &Path) -> String {
    path.display().to_string()
}
