//! The number of MAMIS near the day that is asked about, and why ours is another one (the difference law, R15).

use std::sync::Arc;

use anyhow::Result;
use chrono::NaiveDate;
use tokio::sync::OnceCell;

use super::resolve::Asked;
use super::scope::{TierScope, whose};
use super::viewer::Viewer;
use crate::domain::association::Tier;
use crate::domain::cell::{Cell, LabelledText};
use crate::domain::difference::{DifferenceCause, DifferenceTerms, Sign};
use crate::domain::document::{Column, Row, Table};
use crate::domain::japanese_date::era_date;
use crate::domain::metric::{Metric, sentences};
use crate::domain::printed_number::{signed_count, thousands};
use crate::domain::table_check::TableCheck;
use crate::service::audit::{DifferenceAudit, mamis_difference};
use crate::service::keep::Workspace;
use crate::service::known::kept_vintages::KeptVintages;
use crate::service::known::memo::Memo;
use crate::service::known::vintage::Vintage;

/// What is said of MAMIS.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mamis {
    /// Its number, or why there is none.
    pub(super) sentence: String,
    /// The terms.
    pub(super) table: Option<Table>,
}

impl Mamis {
    fn none(why: &str) -> Self {
        Self { sentence: why.to_string(), table: None }
    }
}

/// Sets the law up on the newest export day that is not after the day, nor after known-at.
///
/// # Errors
/// When the store or the timeline cannot be read.
pub(super) async fn mamis(
    (workspace, kept): (&Workspace, &KeptVintages),
    vintage: &Vintage,
    asked: &Asked,
    scopes: &[TierScope],
    viewer: &Viewer,
) -> Result<Mamis> {
    // The export may be of any day, and the difference may be one person.
    if !viewer.persons {
        return Ok(Mamis::none("人数だけを見るアカウントには、MAMISの数と、その差を示しません。"));
    }
    let Some(scope) = scopes.iter().find(|scope| scope.tier == Tier::Local) else {
        return Ok(Mamis::none("MAMISの出力にあるのは、郡市区等医師会の会員状態だけです。"));
    };
    if asked.class.is_some() {
        return Ok(Mamis::none("MAMISとの差は、会員区分ごとには出しません。区分を空欄にすると出ます。"));
    }
    let Some(day) = vintage.export_days().into_iter().rfind(|day| *day <= asked.on) else {
        return Ok(Mamis::none("基準日までの日の出力がないので、その日のMAMISの数は分かりません。"));
    };
    let audit = if day == vintage.newest_export() {
        mamis_difference(vintage)?
    } else {
        // All that is asked of that day is this: its vintage, the largest part of the memory, is not kept.
        let of_day = kept.beside::<Differences>(&vintage.store_head).0.get_or_make(day, OnceCell::new);
        let then = async || mamis_difference(&Vintage::open(workspace, Some(day)).await?);
        of_day.get_or_try_init(then).await?.clone()
    };
    let is_asked = |id| vintage.associations.rank(id).is_some_and(|rank| scope.bodies.has(rank));
    let terms = audit.within(is_asked).total;
    let known_at = if day == vintage.newest_export() { vintage.known_at.0 } else { day };
    let sentence = sentence(asked, vintage, day, &terms);
    Ok(Mamis { sentence, table: Some(table(&terms, (day, known_at))) })
}

/// The law on earlier export days, as known on each; whoever asks while it is worked out waits for that.
#[derive(Debug, Default)]
struct Differences(Memo<NaiveDate, OnceCell<Arc<DifferenceAudit>>>);

fn sentence(asked: &Asked, vintage: &Vintage, day: NaiveDate, terms: &DifferenceTerms) -> String {
    let whose = whose(asked, &vintage.associations, Tier::Local);
    let shown = thousands(terms.source_count);
    let difference = match terms.difference() {
        0 => "日付で数えた人数と同じです".to_string(),
        n => format!("日付で数えた人数（{} 人）との差は {} 人です", thousands(terms.ours), signed_count(n)),
    };
    let other_day = if day == asked.on { "" } else { "（基準日より前の、いちばん近い出力の日）" };
    format!("MAMISは、{}{other_day}の出力で{whose}を {shown} 人と表示し、{difference}。", era_date(day))
}

fn table(terms: &DifferenceTerms, (day, known_at): (NaiveDate, NaiveDate)) -> Table {
    let line = |name: String, cell: Cell| Row::body(vec![Cell::text(name), cell]);
    let mut rows = vec![line(Metric::MamisShown.name().to_string(), Cell::Count(terms.source_count))];
    let mut metrics = vec![Metric::MamisShown];
    for cause in DifferenceCause::ALL {
        let term = cause.term();
        let is_always = matches!(cause, DifferenceCause::WithdrawalAhead | DifferenceCause::JoinAhead);
        if !is_always && terms.effect_of(cause) == 0 {
            continue;
        }
        metrics.push(term.metric);
        let figure = terms.figure(cause);
        let cell = if term.sign == Sign::Either { Cell::Difference(figure) } else { Cell::Count(figure) };
        rows.push(line(format!("（{}）{}", term.sign.label(), term.metric.name()), cell));
    }
    rows.push(Row::total(vec![Cell::text("日付で数えた人数"), Cell::Count(terms.ours)]));
    Table {
        id: "mamis".into(),
        title: "MAMISの表示との差".into(),
        basis: vec![
            LabelledText::new("出力の日", era_date(day)),
            LabelledText::new("知識時点", era_date(known_at)),
            LabelledText::new("単位", "人（郡市区等、延べ）"),
        ],
        columns: vec![Column::text("term", "項目", 20), Column::number("n", "人数", 5)],
        rows,
        empty_text: String::new(),
        notes: vec![sentences(&metrics)],
        proof: TableCheck::default(),
    }
}
