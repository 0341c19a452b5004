//! From what an import reports to words for people who have no command line.

use super::report::{Effect, FileReport, Notice, RejectLine, TierEffect, Told, Verdict};
use crate::domain::association::Tier;
use crate::domain::japanese_date::era_date;
use crate::domain::layout::FileKind;
use crate::domain::printed_number::{signed_count, thousands};
use crate::error::{Detail, Failure};
use crate::messages::{Lang, Message, message, message_of};
use crate::service::intake::import::{Answer, HeadlineEffect, ImportStatus, ImportSummary, RejectedCell, answers_to};

/// Cells that are shown; the workbook has all of them.
const MOST_REJECTS: usize = 50;

/// Places of one kind of notice that are shown.
const MOST_PLACES: usize = 10;

/// Details for a command line: members before and after with the command that answers, where the workbook lies, and that it could
/// not be written. A page shows the first as a table, and has a link in place of the others.
const OF_COMMANDS: [&str; 3] = ["IMP-279", "WHY-014", "ENV-026"];

/// A text without the sentences that tell of commands.
pub fn without_commands(text: &str) -> String {
    let sentences = text.split_inclusive('。');
    sentences.filter(|sentence| !sentence.contains("--") && !sentence.contains("kaiin ")).collect()
}

/// The message of a code.
pub fn told(code: &str, detail: &str) -> Told {
    of_message(code, String::new(), message(code, Lang::Ja, detail))
}

/// The message of a failure, with its place in the file.
pub fn told_of_failure(failure: &Failure) -> Told {
    let row = failure.row.map(|row| format!("{row}行目")).unwrap_or_default();
    let column = failure.column.as_ref().map(|column| format!(" {column}列")).unwrap_or_default();
    let place = format!("{row}{column}").trim().to_string();
    of_message(failure.code, place, message(failure.code, Lang::Ja, &failure.detail))
}

fn of_message(code: &str, place: String, message: Message) -> Told {
    Told { code: code.to_string(), place, text: message.text, remedy: without_commands(&message.remedy) }
}

fn told_of_detail(detail: &Detail) -> Told {
    let row = detail.line.map(|row| format!("{row}行目 ")).unwrap_or_default();
    let place = format!("{row}{}", detail.key).trim().to_string();
    of_message(detail.code, place, message_of(detail.code, Lang::Ja, &detail.words))
}

/// What a file says that could be taken in, or was.
pub(super) fn of_summary(summary: &ImportSummary, head: &str) -> FileReport {
    let verdict = match summary.status {
        ImportStatus::Stored => Verdict::Stored,
        ImportStatus::Unchanged => Verdict::Same,
        ImportStatus::DryRun => Verdict::Ready,
    };
    let mut out = FileReport {
        verdict,
        head: head.to_string(),
        day: Some(summary.known_at),
        facts: facts(summary),
        effect: summary.headline.as_ref().map(effect_of),
        notices: notices(summary),
        ignored: summary.ignored_columns.clone(),
        workbook: summary.rejects_file.clone(),
        ..FileReport::default()
    };
    take_rejects(&mut out, summary);
    out
}

/// Why a file was not taken in, beside what is known of it otherwise.
pub(super) fn take_failure(report: &mut FileReport, failure: &Failure) {
    let answers = answers_to(failure);
    report.verdict = if answers.is_empty() { Verdict::Refused } else { Verdict::Asks };
    report.asks_drop |= answers.contains(&Answer::AcceptDrop);
    report.asks_change |= answers.contains(&Answer::AcceptChange);
    // Files whose name tells no day, one too old or one to come are refused; the day can be told all the same.
    report.asks_day |= answers.contains(&Answer::KnownAt) || matches!(failure.code, "IMP-214" | "IMP-219" | "IMP-252");
    report.told.push(told_of_failure(failure));
    let details = failure.details.iter().filter(|detail| !OF_COMMANDS.contains(&detail.code));
    report.told.extend(details.map(told_of_detail));
}

/// The rows that cannot be taken in.
pub(super) fn take_rejects(report: &mut FileReport, summary: &ImportSummary) {
    report.n_rejected = summary.rejected_rows;
    report.n_rejected_active = summary.rejected_active_rows;
    report.n_reject_lines = summary.rejected.len();
    report.has_workbook = !summary.rejected.is_empty() || !summary.warnings.is_empty();
    report.rejects = summary.rejected.iter().take(MOST_REJECTS).map(reject_line).collect();
}

/// A cell for which a row cannot be taken in.
pub(in crate::service::intake) fn reject_line(reject: &RejectedCell) -> RejectLine {
    let mut told = told(reject.code, "");
    if let Some(hint) = reject.hint.as_deref() {
        told.text = format!("{}。{}", told.text, message_of(hint.code, Lang::Ja, &hint.words).text);
    }
    let heading = if reject.heading.is_empty() { String::new() } else { format!("（{}）", reject.heading) };
    let column =
        if reject.column.is_empty() { reject.heading.clone() } else { format!("{}列{heading}", reject.column) };
    RejectLine { row: reject.row, column, told }
}

/// Members before and after, by tier.
pub fn effect_of(headline: &HeadlineEffect) -> Effect {
    let (before, after) = (&headline.before, &headline.after);
    let tiers = [
        (Tier::Local, before.local, after.local),
        (Tier::Prefectural, before.prefectural, after.prefectural),
        (Tier::National, before.national, after.national),
    ];
    let tiers = tiers.map(|(tier, before, after)| TierEffect {
        tier: tier.label().to_string(),
        before: thousands(before.memberships),
        after: thousands(after.memberships),
        change: signed_count(after.memberships - before.memberships),
    });
    Effect { as_of: era_date(headline.as_of), tiers: tiers.to_vec() }
}

fn facts(summary: &ImportSummary) -> Vec<(String, String)> {
    let n = |n: u32| thousands(i64::from(n));
    let kind = FileKind::from_code(summary.kind).map_or(summary.kind, FileKind::label);
    let mut out = vec![
        ("種類", kind.to_string()),
        ("レイアウト", format!("{}（{}）", summary.layout, summary.encoding)),
        ("出力日", era_date(summary.known_at)),
    ];
    if summary.source != summary.kind {
        out.push(("源", summary.source.clone()));
    }
    if summary.status != ImportStatus::Unchanged {
        out.push(("行", n(summary.rows)));
        let stays = &summary.stays;
        out.push(match summary.corrections {
            Some(changes) => {
                let (added, changed, unchanged) = (n(changes.added), n(changes.changed), n(changes.unchanged));
                ("記録", format!("追加 {added}、変更 {changed}、変化なし {unchanged}"))
            }
            None => {
                let words = ["追加", "変更", "退会日の追加", "退会日の消失", "変化なし", "見えない"];
                let numbers = [stays.added, stays.changed, stays.closed, stays.reopened, stays.unchanged, stays.absent];
                let parts = words.iter().zip(numbers).map(|(word, number)| format!("{word} {}", n(number)));
                ("在籍記録", parts.collect::<Vec<_>>().join("、"))
            }
        });
    }
    if summary.replaces {
        out.push(("置換え", "同じ出力日の前のファイルと置き換わる".into()));
    }
    if let Some(same) = &summary.same_content_as {
        let day = era_date(same.known_at);
        out.push((
            "同じ内容",
            format!("{}（出力日 {day}）としても取り込まれている。その日付が誤りなら、取り消す", same.file),
        ));
    }
    out.into_iter().map(|(name, value)| (name.to_string(), value)).collect()
}

/// Warnings and findings by code, and numbers that stand for somebody else elsewhere.
fn notices(summary: &ImportSummary) -> Vec<Notice> {
    let counted = summary.warnings.iter().chain(&summary.findings);
    let mut out: Vec<Notice> =
        counted.map(|(code, n)| Notice { told: told(code, ""), n: *n, places: places(summary, code) }).collect();
    for reused in summary.reused_numbers.iter().take(MOST_PLACES) {
        let place = format!("{}行目 {}列（{}）", reused.row, reused.column, reused.heading);
        out.push(Notice { told: told(reused.code, &reused.other()), n: 1, places: vec![place] });
    }
    for month in &summary.changed_months {
        out.extend(month.details().iter().map(|detail| Notice {
            told: told_of_detail(detail),
            n: 1,
            places: Vec::new(),
        }));
    }
    out
}

fn places(summary: &ImportSummary, code: &str) -> Vec<String> {
    let of_code = summary.notes.iter().filter(|note| note.code == code).take(MOST_PLACES);
    let told = of_code.map(|note| {
        let row = note.row.map(|row| format!("{row}行目"));
        let hint = note.hint.as_deref().map(|hint| message_of(hint.code, Lang::Ja, &hint.words).text);
        row.into_iter().chain(hint).collect::<Vec<_>>().join(": ")
    });
    told.filter(|text| !text.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::problem::{Problem, Severity};

    #[rstest]
    #[case::last_sentence(
        "確かめてください。正しければ、--accept-change --reason で理由を付けてください",
        "確かめてください。"
    )]
    #[case::only_sentence("正しければ --accept-drop --reason \"理由\" を付けてください", "")]
    #[case::program("見出しを直すか、kaiin layouts add-heading で読めるようにしてください", "")]
    #[case::nothing_of_the_kind("どちらかの列を消してください", "どちらかの列を消してください")]
    fn sentences_about_commands_are_left_out(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(without_commands(text), expected);
    }

    /// A question that no button of the page answers would be a dead end.
    #[test]
    fn every_question_can_be_answered_on_the_page_and_names_no_option() {
        let questions: Vec<Problem> =
            Problem::ALL.iter().copied().filter(|problem| problem.severity() == Severity::Question).collect();
        assert!(questions.len() > 10);
        for problem in questions {
            let mut report = FileReport::default();
            take_failure(&mut report, &Failure::input(problem, "a.csv", "…"));
            assert_eq!(report.verdict, Verdict::Asks, "{problem:?}");
            assert!(report.asks_day || report.asks_drop || report.asks_change, "{problem:?}");
            let told = &report.told[0];
            assert!(!told.text.contains("--") && !told.remedy.contains("--"), "{problem:?}: {told:?}");
        }
    }

    #[test]
    fn file_without_a_day_is_refused_and_can_be_given_one() {
        let mut report = FileReport::default();
        take_failure(&mut report, &Failure::input(Problem::ExportDayUnknown, "a.csv", "members_2025-09-30.csv"));
        assert!(report.verdict == Verdict::Refused && report.asks_day);
    }
}
