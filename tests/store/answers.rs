//! Every cell of the answer keys, counted three ways: by the kernel, by polars and by the slow definition.

use kaiin::domain::as_of::WithdrawalDayRule;
use rstest::rstest;

use super::desk::Desk;
use crate::cli::samples::Sample;

#[rstest]
#[case::saitama(Sample::saitama())]
#[case::three_prefectures(Sample::three_prefectures())]
#[case::cases(Sample::cases())]
#[tokio::test]
async fn three_ways_of_counting_meet_the_key(#[case] sample: Sample) {
    let desk = Desk::new().await;
    desk.import(&sample.files).await.expect("the sample is taken in");
    let mut ledger = desk.ledger().await;
    for answer in &sample.answers {
        ledger.look_from(answer.known_at, WithdrawalDayRule::LastMemberDay);
        let pair = format!("as of {}, known at {}", answer.as_of, answer.known_at);
        assert_eq!(ledger.by_kernel(answer.as_of), answer.figures, "kernel, {pair}");
        assert_eq!(ledger.by_polars(answer.as_of), answer.figures, "polars, {pair}");
        assert_eq!(ledger.by_reference(answer.as_of), answer.figures, "reference, {pair}");
    }
}

/// The other reading of 退会日 has no key; the three ways still agree, and the day itself no longer counts.
#[rstest]
#[case::three_prefectures(Sample::three_prefectures())]
#[case::cases(Sample::cases())]
#[tokio::test]
async fn three_ways_agree_when_the_withdrawal_day_does_not_count(#[case] sample: Sample) {
    let desk = Desk::new().await;
    desk.import(&sample.files).await.expect("the sample is taken in");
    let mut ledger = desk.ledger().await;
    let mut differs = false;
    for answer in &sample.answers {
        ledger.look_from(answer.known_at, WithdrawalDayRule::FirstNonMemberDay);
        let counted = ledger.by_kernel(answer.as_of);
        differs |= counted != answer.figures;
        assert_eq!(ledger.by_polars(answer.as_of), counted, "polars, as of {}", answer.as_of);
        assert_eq!(ledger.by_reference(answer.as_of), counted, "reference, as of {}", answer.as_of);
    }
    assert!(differs, "no withdrawal fell on a day that was asked for");
}
