//! Papers on their way to recipients: what waits for a person.

use anyhow::Result;

use super::task::{Subject, Task};
use crate::domain::distribution::{Delivery, DeliveryState, Distribution, Stage};
use crate::error::Failure;
use crate::service::keep::Workspace;
use crate::service::publish;

/// Distributions that are told one by one; of more their number.
const TOLD: usize = 2;

/// What a person has to do about distributions, the oldest first.
pub(super) async fn tasks(workspace: &Workspace) -> Vec<Task> {
    of_ledger(workspace).await.unwrap_or_else(|error| {
        tracing::debug!(error = format!("{error:#}"), "the distributions could not be looked at");
        vec![Task::failed(Subject::Distribution, &Failure::of(&error))]
    })
}

async fn of_ledger(workspace: &Workspace) -> Result<Vec<Task>> {
    let all = workspace.store.distributions().await?;
    let deliveries = workspace.store.deliveries().await?;
    let mut out = Vec::new();
    if let Some(failure) = publish::stopped(workspace).await? {
        out.push(Task::failed(Subject::Distribution, &failure));
    }
    let of_each = all.iter().map(|one| {
        let own: Vec<&Delivery> = deliveries.iter().filter(|delivery| delivery.distribution == one.number).collect();
        of_one(one, &own)
    });
    let open: Vec<Vec<Task>> = of_each.filter(|tasks| !tasks.is_empty()).collect();
    let more = open.len().saturating_sub(TOLD);
    out.extend(open.into_iter().take(TOLD).flatten());
    out.extend((more > 0).then(|| Task::new(Subject::Distribution, "TDY-054", more, &[&more])));
    Ok(out)
}

/// What a distribution waits for. Of one that was withdrawn nobody may know whether it has arrived; nothing else leaves.
fn of_one(one: &Distribution, own: &[&Delivery]) -> Vec<Task> {
    let n = &one.number;
    let in_state = |states: &[DeliveryState]| -> Vec<&Delivery> {
        own.iter().copied().filter(|delivery| states.contains(&delivery.state)).collect()
    };
    let mut out = Vec::new();
    let uncertain = in_state(&[DeliveryState::Uncertain]);
    if let Some(first) = uncertain.first() {
        out.push(Task::new(
            Subject::Distribution,
            "TDY-050",
            uncertain.len(),
            &[n, &uncertain.len(), &first.recipient],
        ));
    }
    match one.stage() {
        Stage::Voided => {}
        Stage::Prepared => {
            out.push(Task::new(Subject::Distribution, "TDY-053", own.len(), &[n, &one.as_of, &own.len(), &one.maker]));
        }
        Stage::Approved => {
            for (states, code) in [
                ([DeliveryState::Failed, DeliveryState::Failed], "TDY-051"),
                ([DeliveryState::Approved, DeliveryState::Sending], "TDY-052"),
            ] {
                let found = in_state(&states).len();
                out.extend((found > 0).then(|| Task::new(Subject::Distribution, code, found, &[n, &found])));
            }
        }
    }
    out
}
