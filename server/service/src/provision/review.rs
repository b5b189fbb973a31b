//! What would happen on *Confirm*.

use super::sorting;
use crate::{Service, fault::Outcome, messages};
use model::{actor::Actor, forms::ProvisionForm, rights::Right, task::Review};

/// So many users are named; the others are counted.
const NAMED: usize = 200;

/// What would happen.
pub(crate) async fn review(service: &Service, by: &Actor, form: &ProvisionForm) -> Outcome<Review> {
    by.require(Right::ProvisioningCreate)?;
    let mut tx = service.db.read().await?;
    let (policy, now) = service.policy_and_now(&mut tx).await?;
    let order = form.check(now.today(), &policy)?;
    let sorted = sorting::sort(&mut tx, by, &order).await?;
    Ok(Review {
        selected: (sorted.chosen.len() + sorted.left_out.len()) as i64,
        provisioned: sorted.chosen.len() as i64,
        obstacles: sorted.obstacles(),
        people: sorted.people(NAMED),
        shared_addresses: sorted.shared_addresses(),
        kind: order.kind,
        description: order.description,
        stop: order.stop,
        zone: now.zone_name(),
        no_mail: messages::obstacle(service, &mut tx).await?,
        key: service.new_form_key(),
    })
}
