//! Random worlds whose applications and adjustments begin their numbers at 1 in every file (R27), and in which ends that
//! only they tell are followed by a re-join (R28): files taken in as an office does, three counts, and the truth that each
//! story keeps for itself.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::{Days, NaiveDate};
use kaiin::domain::as_of::WithdrawalDayRule::LastMemberDay;
use kaiin::domain::as_of::{AsOf, KnownAt};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestError, TestRunner};
use rstest::rstest;

use super::desk::Desk;
use super::home::Home;
use crate::oracle::corrected::members;
use crate::oracle::evidence::Reported;

const MASTER: &str = "医師会コード,階層,種別,名称,略称,別名,上位コード,都道府県コード,並び順\n\
    JMA,日本,その他,日本医師会,日医,,,,1\nP11,都道府県,地域,架空県医師会,架空県,,JMA,11,11\n\
    11-001,郡市区等,地域,青空市医師会,青空市,,P11,11,1\n";

/// The month ends of the exports.
const EXPORTS: [&str; 5] = ["2025-05-31", "2025-06-30", "2025-07-31", "2025-08-31", "2025-09-30"];
/// The days of the files of applications and adjustments.
const FILES: [&str; 5] = ["2025-06-10", "2025-07-10", "2025-08-10", "2025-09-10", "2025-10-10"];
/// The first day of everybody.
const JOINED: &str = "2025-01-10";

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Voice {
    Application,
    Adjustment,
    /// Without 対象入会日.
    AdjustmentOfTheNewest,
}

/// A member whose row goes, whose end somebody tells, and who may join anew.
#[derive(Debug, Clone)]
struct Story {
    /// The first export that lacks the old row.
    gone_at: usize,
    /// The first export with the new row, if any, and its 入会日.
    again: Option<(usize, NaiveDate)>,
    /// Who tells the end, in which file, and the 退会日.
    told: Option<(Voice, usize, NaiveDate)>,
    /// The file that takes it back.
    taken_back: Option<usize>,
}

fn stories() -> impl Strategy<Value = Vec<Story>> {
    let voice = prop::sample::select(vec![Voice::Application, Voice::Adjustment, Voice::AdjustmentOfTheNewest]);
    let some_day = |from: &'static str| (0..60_u64).prop_map(move |n| day(from) + Days::new(n));
    let again = prop::option::weighted(0.7, (0..3_usize, some_day("2025-07-01")));
    let told = prop::option::weighted(0.8, (voice, 0..FILES.len(), some_day("2025-06-01")));
    let one = (1..4_usize, again, told, prop::option::weighted(0.25, 0..FILES.len()));
    let one = one.prop_map(|(gone_at, again, told, taken_back)| Story {
        gone_at,
        // The export that shows the new row is not older than its 入会日.
        again: again.and_then(|(later, joined)| {
            let shown = (gone_at + later..EXPORTS.len()).find(|at| joined <= day(EXPORTS[*at]))?;
            Some((shown, joined))
        }),
        told,
        taken_back: taken_back.filter(|file| told.is_some_and(|(_, told, _)| told < *file)),
    });
    prop::collection::vec(one, 1..6)
}

impl Story {
    /// The end as told by a day.
    fn end(&self, known_at: NaiveDate) -> Option<NaiveDate> {
        let (voice, file, end) = self.told?;
        let is_known = day(FILES[file]) <= known_at;
        let holds = self.taken_back.is_none_or(|file| day(FILES[file]) > known_at);
        // An adjustment about the newest stay, told when the new one is there already, is about that one.
        let newest =
            voice == Voice::AdjustmentOfTheNewest && self.again.is_some_and(|(at, _)| EXPORTS[at] <= FILES[file]);
        (is_known && holds && !newest).then_some(end)
    }

    /// What an adjustment without 対象入会日 says of the new stay.
    fn end_of_new(&self, known_at: NaiveDate) -> Option<NaiveDate> {
        let (at, joined) = self.again?;
        let (voice, file, end) = self.told?;
        let is_about_new = voice == Voice::AdjustmentOfTheNewest && EXPORTS[at] <= FILES[file] && joined <= end;
        let holds = self.taken_back.is_none_or(|file| day(FILES[file]) > known_at);
        (is_about_new && day(FILES[file]) <= known_at && holds).then_some(end)
    }

    /// Whether she is a member. The new row takes the place of the old stay unless somebody had told by then that this one
    /// had ended when she joined anew.
    fn counts(&self, as_of: NaiveDate, known_at: NaiveDate) -> bool {
        let in_old = |end: Option<NaiveDate>| day(JOINED) <= as_of && end.is_none_or(|end| as_of <= end);
        let end = self.end(known_at);
        let Some((_, joined)) = self.again.filter(|(at, _)| day(EXPORTS[*at]) <= known_at) else { return in_old(end) };
        if end.is_some_and(|end| end <= joined) {
            return in_old(end) || joined <= as_of;
        }
        // One stay, with another 入会日; whatever end was told is its end, unless it would end before it begins.
        let end = self.end_of_new(known_at).or(end.filter(|end| joined <= *end && !self.is_overtaken()));
        joined <= as_of && end.is_none_or(|end| as_of <= end)
    }

    /// Whether the new row, which corrects the old one, is news to an adjustment about that: the row was gone when a person
    /// decided, or had its new 入会日 already.
    fn is_overtaken(&self) -> bool {
        let (Some((again, _)), Some((voice, file, _))) = (self.again, self.told) else { return false };
        let was_gone = self.gone_at < again && EXPORTS[self.gone_at] <= FILES[file];
        voice != Voice::Application && (was_gone || EXPORTS[again] <= FILES[file])
    }

    fn row(&self, number: usize, at: usize) -> Option<String> {
        let joined = match self.again {
            Some((again, joined)) if again <= at => joined.to_string(),
            _ if at < self.gone_at => JOINED.into(),
            _ => return None,
        };
        Some(format!("{number},架空　例,カクウ レイ,1965-02-03,勤務医,11-001,青空市医師会,B,{joined},,,,,,,,,在籍\n"))
    }
}

/// The file names and texts, by day.
fn files(stories: &[Story]) -> Vec<(NaiveDate, String, String)> {
    let mut out = Vec::new();
    let number = |nth: usize| 200_001 + nth;
    let head = "医籍登録番号,氏名,氏名カナ,生年月日,施設業務,郡市区等医師会コード,郡市区等医師会名,郡市区等会員区分,\
        郡市区等入会日,郡市区等退会日,都道府県医師会名,都道府県会員区分,都道府県入会日,都道府県退会日,日医会員区分,日医入会日,\
        日医退会日,会員状態\n";
    for (at, export) in EXPORTS.into_iter().enumerate() {
        let rows = stories.iter().enumerate().filter_map(|(nth, story)| story.row(number(nth), at));
        // One who stays, so that no file is empty.
        let stays =
            format!("200000,架空　例,カクウ レイ,1965-02-03,勤務医,11-001,青空市医師会,B,{JOINED},,,,,,,,,在籍\n");
        out.push((
            day(export),
            format!("members_{export}.csv"),
            rows.fold(head.to_owned() + &stays, |text, row| text + &row),
        ));
    }
    // Of each person the number that her fact got.
    let mut given: BTreeMap<usize, usize> = BTreeMap::new();
    for (file, known) in FILES.into_iter().enumerate() {
        let mut filed = "申請番号,申請種別,申請者区分,医籍登録番号,氏名,対象医師会,申請日,適用日,承認日,取消日,状態,退会理由,備考\n".to_owned();
        let mut decided = "調整番号,調整種別,医籍登録番号,医師会名,対象入会日,新しい日付,新しい会員区分,退会理由,統合元番号,要確認コード,状態,理由,承認者\n".to_owned();
        let empty = (filed.clone(), decided.clone());
        let (mut n_filed, mut n_decided) = (0, 0);
        for (nth, story) in stories.iter().enumerate() {
            let Some((voice, told, end)) = story.told else { continue };
            let is_taken_back = story.taken_back == Some(file);
            if told != file && !is_taken_back {
                continue;
            }
            let counter = if voice == Voice::Application { &mut n_filed } else { &mut n_decided };
            let given = *given.entry(nth).or_insert_with(|| {
                *counter += 1;
                *counter
            });
            let who = number(nth);
            let stay = if voice == Voice::Adjustment { JOINED } else { "" };
            match voice {
                Voice::Application => {
                    let state = if is_taken_back { "退会取消" } else { "承認済" };
                    filed += &format!("{given},退会,本人,{who},架空　例,青空市医師会,,{end},,,{state},本人希望,\n");
                }
                Voice::Adjustment | Voice::AdjustmentOfTheNewest => {
                    let state = if is_taken_back { "取消" } else { "" };
                    decided += &format!("{given},退会,{who},青空市医師会,{stay},{end},,本人希望,,,{state},届出,局長\n");
                }
            }
        }
        if filed != empty.0 {
            out.push((day(known), format!("applications_{known}.csv"), filed));
        }
        if decided != empty.1 {
            out.push((day(known), format!("adjustments_{known}.csv"), decided));
        }
    }
    out.sort();
    out
}

async fn check(stories: &[Story], all_at_once: bool, home: Home) {
    let desk = Desk::on(home).await;
    let mut paths: Vec<PathBuf> = vec![desk.save("associations.csv", MASTER.as_bytes())];
    let files = files(stories);
    paths.extend(files.iter().map(|(_, name, text)| desk.save(name, text.as_bytes())));
    if all_at_once {
        // Members of all days come before the first application then.
        desk.import(&paths).await.expect("the files are taken in");
    } else {
        for path in paths {
            desk.import(&[path]).await.expect("the file is taken in");
        }
    }
    let mut ledger = desk.ledger().await;
    let (mut applications, mut adjustments) = (Vec::new(), Vec::new());
    let store = &desk.workspace.store;
    store.each_application(|version| applications.push(version)).await.expect("the store is read");
    store.each_adjustment(|version| adjustments.push(version)).await.expect("the store is read");
    let versions = ledger.versions.clone();
    let exports = ledger.exports.clone();
    let told =
        Reported { versions: &versions, applications: &applications, adjustments: &adjustments, exports: &exports };
    let newest = files.iter().map(|(day, ..)| *day).max().expect("there are files");
    let known = EXPORTS.into_iter().chain(FILES).map(day).filter(|known_at| *known_at <= newest);
    for (nth, known_at) in known.enumerate() {
        ledger.look_from(known_at, LastMemberDay);
        for as_of in (0..30).map(|n| day("2025-05-25") + Days::new(5 * n)) {
            let n = 1 + stories.iter().filter(|story| story.counts(as_of, known_at)).count();
            let expected = i64::try_from(n).expect("few");
            let pair = format!("as of {as_of}, known at {known_at}, all at once {all_at_once}\n{stories:#?}");
            assert_eq!(ledger.by_kernel(as_of).heads["local"], expected, "kernel, {pair}");
            let counted = members(&told, AsOf(as_of), KnownAt(known_at), LastMemberDay);
            assert_eq!(counted.values().map(std::collections::BTreeSet::len).sum::<usize>(), n, "reference, {pair}");
            if as_of == day("2025-07-14") && nth == 6 {
                assert_eq!(ledger.by_polars(as_of).heads["local"], expected, "polars, {pair}");
            }
        }
    }
}

#[rstest]
#[case::sqlite(Home::Sqlite, 9)]
#[case::postgres(Home::Postgres, 3)]
fn numbers_used_again_and_rejoins_after_told_ends_are_counted_as_they_are_true(#[case] home: Home, #[case] cases: u32) {
    if home.is_skipped() {
        return;
    }
    let seed = std::env::var("KAIIN_SEED").map_or(20_260_401, |seed| seed.parse().expect("KAIIN_SEED is a number"));
    let cases = std::env::var("KAIIN_CASES").map_or(cases, |cases| cases.parse().expect("KAIIN_CASES is a number"));
    let config = Config { cases, rng_seed: RngSeed::Fixed(seed), failure_persistence: None, ..Config::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
    let result = TestRunner::new(config).run(&(stories(), any::<bool>()), |(stories, all_at_once)| {
        runtime.block_on(check(&stories, all_at_once, home));
        Ok(())
    });
    match result {
        Ok(()) => {}
        Err(TestError::Fail(reason, world)) => panic!("KAIIN_SEED={seed}: {reason}\n{world:?}"),
        Err(error) => panic!("KAIIN_SEED={seed}: {error}"),
    }
}
