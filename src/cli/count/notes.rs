//! What is said around the rows of an answer: totals, whether the exports reach the day, the map, and what it rests on.

use chrono::NaiveDate;

use crate::domain::association::Tier;
use crate::domain::document::thousands;
use crate::domain::japanese_date::{era_date, signed_count};
use crate::messages::Lang;
use crate::service::known::basis::Basis;
use crate::service::known::coverage::{IncompleteArea, areas_sentence};
use crate::service::known::totals::{TierTotal, Totals};
use crate::service::questions::answer::{AnswerMap, CountAnswer, CountRow, SeriesDay};
use crate::service::questions::question::Question;

/// Says which map it is, and what the marks in the rows mean.
pub(super) fn map_lines(map: Option<AnswerMap>, rows: &[CountRow], lang: Lang) {
    let Some(AnswerMap { map_on, .. }) = map else { return };
    let ended = rows.iter().any(|row| row.ended == Some(true));
    if lang == Lang::En {
        say!("bodies as of {map_on}; * holds members of bodies that were merged or divided");
        if ended {
            say!("** ended, and where its members went is not known");
        }
        return;
    }
    say!("{} の医師会に組み替えた。＊は合併・分割前の会員を含む", era_date(map_on));
    if ended {
        say!("＊＊は廃止された医師会で、後継の分からない会員");
    }
}

/// Says what the mark of rows that are not complete means.
pub(super) fn uncovered_rows_line(rows: &[CountRow], lang: Lang) {
    if rows.iter().any(|row| !row.is_complete) {
        match lang {
            Lang::Ja => say!("※は出力が及ばない日の数（不完全）"),
            Lang::En => say!("? the exports do not reach the day (incomplete)"),
        }
    }
}

/// What is said about a day: whether the exports reach it, where they do not, and whether it lies ahead (R7).
#[derive(Debug, Clone, Copy)]
pub(super) struct Flags<'a> {
    complete: bool,
    future: bool,
    areas: &'a [IncompleteArea],
}

impl<'a> Flags<'a> {
    pub(super) fn of_count(answer: &'a CountAnswer) -> Self {
        Self { complete: answer.complete, future: answer.future, areas: &answer.incomplete_areas }
    }

    pub(super) fn of_day(day: &'a SeriesDay) -> Self {
        Self { complete: day.complete, future: day.future, areas: &day.incomplete_areas }
    }
}

/// Days that the exports do not reach, or that lie ahead, said beside a file that cannot say it itself (R7).
pub(super) fn flagged_days<'a>(days: impl Iterator<Item = (NaiveDate, Flags<'a>)>, lang: Lang) {
    for (as_of, flags) in days.filter(|(_, flags)| !flags.complete || flags.future) {
        let areas = areas_sentence(flags.areas, lang);
        match (flags.complete, lang) {
            (false, Lang::En) => eprintln!("{as_of}: incomplete, the exports do not reach back so far ({areas})"),
            (true, Lang::En) => eprintln!("{as_of}: planned, after known-at"),
            (false, Lang::Ja) => eprintln!("{}：不完全（出力が及ばない日。{areas}）", era_date(as_of)),
            (true, Lang::Ja) => eprintln!("{}：予定（知識時点より後）", era_date(as_of)),
        }
    }
}

/// The tiers that a question can be about: a 0 of another one would say something that was not counted.
pub(super) fn asked_tiers(question: &Question, totals: Totals) -> Vec<(Tier, TierTotal)> {
    let all = [(Tier::Local, totals.local), (Tier::Prefectural, totals.prefectural), (Tier::National, totals.national)];
    let is_filtered = question.tier.is_some() || question.prefecture.is_some() || question.association.is_some();
    let asked: Vec<_> = all.into_iter().filter(|(_, total)| !is_filtered || total.memberships > 0).collect();
    if asked.is_empty() { all.to_vec() } else { asked }
}

pub(super) fn totals_lines(question: &Question, as_of: NaiveDate, totals: Totals, of_day: Flags<'_>, lang: Lang) {
    let Flags { complete, future, areas } = of_day;
    let areas = areas_sentence(areas, lang);
    let number = |total: &TierTotal, n: i64| if total.is_unknown { "…".to_string() } else { thousands(n) };
    let tiers = asked_tiers(question, totals);
    let mut flags = String::new();
    if lang == Lang::En {
        if !complete {
            flags.push_str(&format!("  [incomplete] {areas}"));
        }
        flags.push_str(if future { "  [planned]" } else { "" });
        let parts: Vec<String> = tiers
            .iter()
            .map(|(tier, total)| {
                let number = |n: i64| if total.is_unknown { "…".to_string() } else { n.to_string() };
                format!("{} {} ({} heads)", tier.code(), number(total.memberships), number(total.heads))
            })
            .collect();
        say!("{as_of}: {}{flags}", parts.join(", "));
        return;
    }
    if !complete {
        flags.push_str(&format!("  【不完全：出力が及ばない日。{areas}】"));
    }
    flags.push_str(if future { "  【予定】" } else { "" });
    let parts: Vec<String> = tiers
        .iter()
        .map(|(tier, total)| {
            let (memberships, heads) = (number(total, total.memberships), number(total, total.heads));
            format!("{} {memberships}（実人数 {heads}）", tier.label())
        })
        .collect();
    say!("{} 現在: {}{flags}", era_date(as_of), parts.join("、"));
}

pub(super) fn basis_lines(basis: &Basis, not_shown: i64, adjusted: i64, lang: Lang) {
    if lang == Lang::En {
        say!("known at {}, withdrawal day rule {}, head {}", basis.known_at, basis.withdrawal_day_rule, basis.head);
        say!(
            "not in the newest export: {not_shown}; rejected rows left out: {} ({} say 在籍)",
            basis.rejected_rows,
            basis.rejected_active_rows
        );
    } else {
        let rule = basis.withdrawal_day_label;
        say!("知識時点 {}　退会日の扱い {rule}　台帳 {}", era_date(basis.known_at), basis.head);
        say!(
            "うち最新の出力に見えない者 {not_shown}　取込不可 {} 行（うち在籍 {}）は含まない",
            basis.rejected_rows,
            basis.rejected_active_rows
        );
    }
    if basis.adjustments > 0 {
        let (n, sum) = (basis.adjustments, signed_count(adjusted));
        match lang {
            Lang::Ja => say!("うち調整による増減 {sum}（調整 {n} 件）"),
            Lang::En => say!("through adjustments: {adjusted:+} ({n} adjustments)"),
        }
    }
    for (name, day) in &basis.older_sources {
        match lang {
            Lang::Ja => say!("出力の古い源: {name}（{}）", era_date(*day)),
            Lang::En => say!("older source: {name} ({day})"),
        }
    }
}
