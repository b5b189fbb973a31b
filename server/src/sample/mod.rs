//! The sample data of the demo: made through the real use cases with a clock that is moved through the past weeks, so that nothing in it
//! could not have happened.

mod people;
mod plan;
mod reader;
mod story;

use crate::node::Node;
use anyhow::{Result, ensure};
use model::{
    console::{Console, Import},
    policy::Policy,
};
use plan::PLAN;
use service::{
    Service,
    clock::{Clock, Fixed},
    mail::{Transport, memory::Memory},
};
use std::sync::Arc;
use store::instance::PolicyChange;
use story::Story;

/// Milliseconds of a day.
const DAY: i64 = 24 * 60 * 60 * 1000;
/// How far back the sample begins, in days.
const BEGINS: i64 = 40;

/// Fills an empty database.
///
/// # Errors
/// What a use case refused, which would be a defect of the sample.
pub async fn fill(node: &Node) -> Result<()> {
    let now = node.clock.now();
    let (clock, mailbox) = (Arc::new(Fixed::at(now - BEGINS * DAY)), Memory::new());
    let (service, dispatcher) = node.at(clock.clone(), Transport::Memory(mailbox.clone()))?;
    name_the_organisation(node, clock.now()).await?;
    let report = service.import_users(&Service::command_line(), people::csv().as_bytes(), &Import::default()).await?;
    ensure!(report.bad == 0, "the sample people have a bad line: {:?}", report.problems.first());
    let users = people::user_ids();
    let mut story = Story::begin(service, dispatcher, clock, mailbox).await?;
    for task in PLAN.iter().filter(|task| task.days_ago > 0) {
        story.tell(task, &users, now).await?;
    }
    // Today's mail goes where the demo's mail goes, for whoever tries it to read.
    for task in PLAN.iter().filter(|task| task.days_ago == 0) {
        story.provision(&node.service, task, &users, now).await?;
    }
    Ok(())
}

async fn name_the_organisation(node: &Node, now: i64) -> Result<()> {
    let before = Policy::default();
    let after = Policy {
        organisation: "Contoso".to_owned(),
        sender_address: "provost@contoso.example".to_owned(),
        time_zone: "Europe/Vienna".to_owned(),
        ..before.clone()
    };
    let (before, after) = (serde_json::to_string(&before)?, serde_json::to_string(&after)?);
    let change = PolicyChange { at: now, operator: None, operator_name: "Command line", before: &before, after: &after };
    let mut tx = node.db.write().await?;
    ensure!(tx.replace_policy(0, change).await?, "the sample needs an empty database");
    Ok(tx.commit().await?)
}
