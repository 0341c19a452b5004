//! The ledger of what goes to whom, on both stores.

use chrono::{DateTime, Utc};
use kaiin::domain::distribution::{Delivery, DeliveryState, Distribution, Stage};
use kaiin::domain::mail::Mail;
use kaiin::store::{MailOutcome, Store};
use rstest::rstest;

use super::contract::day;
use super::desk::Desk;
use super::home::Home;
use crate::cli::program::NOW;

fn now() -> DateTime<Utc> {
    NOW.parse().expect("an instant")
}

fn distribution(number: u32) -> Distribution {
    Distribution {
        number,
        as_of: day("2025-11-30"),
        known_at: day("2025-12-31"),
        reports: vec!["monthly-statistics".into(), "movements".into()],
        folder: format!("distribution/000{number}"),
        manifest_sha256: "hash".into(),
        maker: "作成係".into(),
        made_at: now(),
        approver: String::new(),
        approved_at: None,
        voided_at: None,
        void_reason: String::new(),
    }
}

fn delivery(recipient: &str, report: &str) -> Delivery {
    Delivery {
        distribution: 1,
        recipient: recipient.into(),
        report: report.into(),
        edition: 2,
        paper_sha256: "paper".into(),
        place: format!("001_{recipient}"),
        state: DeliveryState::Prepared,
        attempts: 0,
        changed_at: now(),
        detail: String::new(),
    }
}

fn mail(recipient: &str, address: &str) -> Mail {
    Mail {
        distribution: 1,
        recipient: recipient.into(),
        address: address.into(),
        message_id: "id@example.jp".into(),
        state: DeliveryState::Prepared,
        attempts: 0,
        changed_at: now(),
        next_at: None,
        detail: String::new(),
    }
}

/// A store with one distribution of three papers for two recipients.
async fn made(desk: &Desk) -> &Store {
    let store = &desk.workspace.store;
    let rows =
        [delivery("11-001", "monthly-statistics"), delivery("11-001", "movements"), delivery("11-002", "movements")];
    store
        .add_distribution(&distribution(1), &rows, &[mail("11-001", "a@example.jp"), mail("11-002", "b@example.jp")])
        .await
        .expect("it is recorded");
    assert_eq!(store.distributions().await.expect("readable"), [distribution(1)]);
    assert_eq!(store.deliveries().await.expect("readable"), rows);
    store
}

async fn states(store: &Store) -> Vec<DeliveryState> {
    store.deliveries().await.expect("readable").iter().map(|one| one.state).collect()
}

#[rstest]
#[tokio::test]
async fn delivery_begins_once_and_only_of_what_is_approved(#[values(Home::Sqlite, Home::Postgres)] home: Home) {
    if home.is_skipped() {
        return;
    }
    let desk = Desk::on(home).await;
    let store = made(&desk).await;
    assert_eq!(store.begin_delivery(1, "11-001", now()).await.expect("writable"), 0, "nobody has approved it");
    assert!(store.approve_distribution(1, "承認者", now()).await.expect("writable"));
    assert!(!store.approve_distribution(1, "別の承認者", now()).await.expect("writable"), "nothing is approved twice");
    assert_eq!(store.distributions().await.expect("readable")[0].approver, "承認者");
    assert_eq!(store.begin_delivery(1, "11-001", now()).await.expect("writable"), 2);
    assert_eq!(store.begin_delivery(1, "11-001", now()).await.expect("writable"), 0, "it has begun");
    let sent = (DeliveryState::Sent, "");
    assert_eq!(store.settle_delivery(1, "11-001", sent, now()).await.expect("writable"), 2);
    let failed = (DeliveryState::Failed, "RPT-020");
    assert_eq!(store.settle_delivery(1, "11-001", failed, now()).await.expect("writable"), 0, "sent stays sent");
    assert_eq!(states(store).await, [DeliveryState::Sent, DeliveryState::Sent, DeliveryState::Approved]);
    assert_eq!(store.n_deliveries_begun().await.expect("readable"), 2);
}

#[rstest]
#[tokio::test]
async fn what_is_uncertain_or_withdrawn_does_not_leave(#[values(Home::Sqlite, Home::Postgres)] home: Home) {
    if home.is_skipped() {
        return;
    }
    let desk = Desk::on(home).await;
    let store = made(&desk).await;
    store.approve_distribution(1, "承認者", now()).await.expect("writable");
    store.begin_delivery(1, "11-002", now()).await.expect("writable");
    let uncertain = (DeliveryState::Uncertain, "PUB-022");
    store.settle_delivery(1, "11-002", uncertain, now()).await.expect("writable");
    assert_eq!(store.begin_delivery(1, "11-002", now()).await.expect("writable"), 0, "a person must say");
    store.settle_delivery(1, "11-002", (DeliveryState::Failed, "係: 電話"), now()).await.expect("writable");
    assert!(store.void_distribution(1, "見直し", now()).await.expect("writable"));
    assert!(!store.void_distribution(1, "もう一度", now()).await.expect("writable"));
    assert_eq!(store.begin_delivery(1, "11-002", now()).await.expect("writable"), 0, "it was withdrawn");
    let found = &store.distributions().await.expect("readable")[0];
    assert_eq!((found.stage(), found.void_reason.as_str()), (Stage::Voided, "見直し"));
}

/// A mail leaves after the papers, once, of what is approved and stands, and again only where somebody says so.
#[rstest]
#[tokio::test]
async fn mail_begins_once_and_after_its_papers(#[values(Home::Sqlite, Home::Postgres)] home: Home) {
    if home.is_skipped() {
        return;
    }
    let desk = Desk::on(home).await;
    let store = made(&desk).await;
    let first = mail("11-001", "a@example.jp");
    let expected = [first.clone(), mail("11-002", "b@example.jp")];
    assert_eq!(store.mails().await.expect("readable"), expected);
    let begin = async |mail: &Mail| store.begin_mail(mail, now()).await.expect("writable");
    let outcome = |state, next_at| MailOutcome { state, next_at, detail: "RCPT: 451".into() };
    assert!(!begin(&first).await, "nobody has approved it");
    let sent = outcome(DeliveryState::Sent, None);
    assert!(!store.settle_mail(&first, &sent, now()).await.expect("writable"), "nor can it have left");
    store.approve_distribution(1, "承認者", now()).await.expect("writable");
    assert!(!begin(&first).await, "its papers are not there");
    store.begin_delivery(1, "11-001", now()).await.expect("writable");
    store.settle_delivery(1, "11-001", (DeliveryState::Sent, ""), now()).await.expect("writable");
    assert!(begin(&first).await);
    assert!(!begin(&first).await, "it has begun");
    assert_eq!(store.n_deliveries_begun().await.expect("readable"), 3, "two papers and a mail");
    assert!(!begin(&expected[1]).await, "papers of another are none of its own");
    for (state, next_at, may) in [
        (DeliveryState::Failed, None, false),
        (DeliveryState::Uncertain, None, false),
        (DeliveryState::Bounced, None, false),
        (DeliveryState::Sent, None, false),
        (DeliveryState::Failed, Some(now()), true),
    ] {
        assert!(store.settle_mail(&first, &outcome(state, next_at), now()).await.expect("writable"));
        let row = store.mails().await.expect("readable").remove(0);
        assert_eq!((row.state, row.next_at, row.detail.as_str()), (state, next_at, "RCPT: 451"));
        assert_eq!(begin(&first).await, may, "{state:?} {next_at:?}");
    }
    let row = store.mails().await.expect("readable").remove(0);
    assert_eq!((row.state, row.attempts, row.next_at), (DeliveryState::Sending, 2, None));
    store.settle_mail(&first, &outcome(DeliveryState::Failed, Some(now())), now()).await.expect("writable");
    store.void_distribution(1, "見直し", now()).await.expect("writable");
    assert!(!begin(&first).await, "it was withdrawn");
}

/// A number is given once, and what comes with it as a whole or not at all.
#[rstest]
#[tokio::test]
async fn number_is_given_once(#[values(Home::Sqlite, Home::Postgres)] home: Home) {
    if home.is_skipped() {
        return;
    }
    let desk = Desk::on(home).await;
    let store = made(&desk).await;
    assert!(store.add_distribution(&distribution(1), &[], &[]).await.is_err());
    let twice = [Delivery { distribution: 2, ..delivery("11-001", "movements") }, delivery("11-001", "movements")];
    assert!(store.add_distribution(&distribution(2), &twice, &[]).await.is_err());
    assert_eq!(store.distributions().await.expect("readable").len(), 1);
    assert_eq!(states(store).await.len(), 3);
}
