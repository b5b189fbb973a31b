//! What can be chosen on `/provision`.

use crate::{Service, authenticators, fault::Outcome, messages};
use model::{
    Refusal,
    actor::Actor,
    bulk::SelectionOf,
    policy::Policy,
    rights::Right,
    task::{KindChoice, ProvisionChoices},
};

/// What can be chosen.
pub(crate) async fn choices(service: &Service, by: &Actor, selection: Option<&str>) -> Outcome<ProvisionChoices> {
    by.require(Right::ProvisioningCreate)?;
    let mut tx = service.db.read().await?;
    let (policy, now) = service.policy_and_now(&mut tx).await?;
    let selected = match selection {
        Some(selection) => Some(tx.selected_count(selection, by.id, SelectionOf::Users).await?.ok_or(Refusal::SelectionGone)?),
        None => None,
    };
    let mut kinds = Vec::new();
    for kind in policy.allowed_types.iter().copied().filter(|kind| authenticators::of(*kind).is_some()) {
        if let Some(stock) = tx.stock(kind).await? {
            let limited = (!stock.unlimited).then_some((stock.available, stock.reserved));
            kinds.push(KindChoice { kind, stock: limited, reserved: stock.reserved });
        }
    }
    let today = now.today();
    Ok(ProvisionChoices {
        selected,
        kinds,
        default_stop: today.plus(i32::from(policy.days)),
        today,
        last_stop: today.plus(Policy::MOST_DAYS_AHEAD),
        zone: now.zone_name(),
        no_mail: messages::obstacle(service, &mut tx).await?,
    })
}
