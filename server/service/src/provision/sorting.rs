//! Who of a selection is provisioned, and why the others are not: one opinion for the review and for the act.

use crate::{
    authenticators,
    fault::{Fault, Outcome},
};
use model::{
    Refusal,
    actor::Actor,
    bulk::SelectionOf,
    forms::ProvisionOrder,
    task::{Obstacle, ReviewRow},
    user::display_name,
};
use std::collections::HashMap;
use store::{Tx, candidates::Candidate};

/// A selection, sorted.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    /// Whom to provision, in the selection's order.
    pub(super) chosen: Vec<Candidate>,
    /// The others, each with what decided.
    pub(super) left_out: Vec<(Candidate, Obstacle)>,
    /// Chosen although this stands in the way: the operator said so.
    pub(super) overridden: Vec<(Candidate, Obstacle)>,
}

/// Reads the selection of this operator and sorts it.
pub(super) async fn sort(tx: &mut Tx, by: &Actor, order: &ProvisionOrder) -> Outcome<Sorted> {
    if authenticators::of(order.kind).is_none() {
        return Err(Fault::Refused(Refusal::TypeUnavailable));
    }
    tx.selected_count(&order.selection, by.id, SelectionOf::Users).await?.ok_or(Refusal::SelectionGone)?;
    let stock = tx.stock(order.kind).await?.ok_or(Refusal::TypeUnavailable)?;
    let free = if stock.unlimited { i64::MAX } else { stock.available - stock.reserved };
    Ok(sorted(tx.candidates(&order.selection, order.kind).await?, &order.over, free))
}

fn sorted(candidates: Vec<Candidate>, over: &[Obstacle], free: i64) -> Sorted {
    let mut sorted = Sorted::default();
    for candidate in candidates {
        let obstacles: Vec<Obstacle> = candidate.obstacles().collect();
        match obstacles.iter().find(|obstacle| !over.contains(obstacle)) {
            Some(obstacle) => sorted.left_out.push((candidate, *obstacle)),
            None if sorted.chosen.len() as i64 >= free => sorted.left_out.push((candidate, Obstacle::NoInventory)),
            None => {
                if let Some(obstacle) = obstacles.first() {
                    sorted.overridden.push((candidate.clone(), *obstacle));
                }
                sorted.chosen.push(candidate);
            }
        }
    }
    sorted
}

impl Sorted {
    /// How many were left out, by what decided, the gravest first.
    pub(super) fn reasons(&self) -> Vec<(Obstacle, i64)> {
        tally(&self.left_out)
    }

    /// How many each obstacle concerns, and whether it was overridden.
    pub(super) fn obstacles(&self) -> Vec<(Obstacle, i64, bool)> {
        let left_out = self.reasons().into_iter().map(|(obstacle, count)| (obstacle, count, false));
        let overridden = tally(&self.overridden).into_iter().map(|(obstacle, count)| (obstacle, count, true));
        let mut all: Vec<_> = left_out.chain(overridden).collect();
        all.sort_by_key(|(obstacle, ..)| Obstacle::ALL.iter().position(|known| known == obstacle));
        all
    }

    /// Those left out or overridden, at most `most`.
    pub(super) fn people(&self, most: usize) -> Vec<ReviewRow> {
        let row = |(candidate, obstacle): &(Candidate, Obstacle)| ReviewRow {
            user: candidate.user,
            user_id: candidate.user_id.clone(),
            name: display_name(&candidate.first_name, &candidate.last_name, &candidate.user_id),
            obstacle: *obstacle,
            instead: candidate.open_task.filter(|_| *obstacle == Obstacle::HasOpen),
        };
        self.left_out.iter().chain(&self.overridden).take(most).map(row).collect()
    }

    /// How many of the chosen share their address with another of them.
    pub(super) fn shared_addresses(&self) -> i64 {
        let mut by_address: HashMap<&str, i64> = HashMap::new();
        for candidate in &self.chosen {
            *by_address.entry(&candidate.email_key).or_default() += 1;
        }
        by_address.into_values().filter(|count| *count > 1).sum()
    }

    /// The container of all the chosen, or none.
    pub(super) fn container(&self) -> Option<&str> {
        let first = self.chosen.first()?.container.as_str();
        self.chosen.iter().all(|candidate| candidate.container == first).then_some(first)
    }
}

fn tally(rows: &[(Candidate, Obstacle)]) -> Vec<(Obstacle, i64)> {
    let count = |obstacle: Obstacle| rows.iter().filter(|(_, found)| *found == obstacle).count() as i64;
    Obstacle::ALL.into_iter().map(|obstacle| (obstacle, count(obstacle))).filter(|(_, count)| *count > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(user: i64) -> Candidate {
        Candidate {
            user,
            user_id: format!("p{user}"),
            first_name: String::new(),
            last_name: String::new(),
            email: format!("p{user}@x.example"),
            email_key: format!("p{user}@x.example"),
            container: "Default".to_owned(),
            language: String::new(),
            live: true,
            enabled: true,
            has_type: false,
            open_task: None,
        }
    }

    #[test]
    fn the_gravest_obstacle_that_is_not_overridden_decides() {
        let both = Candidate { has_type: true, open_task: Some(7), ..candidate(1) };
        let decided = |over: &[Obstacle]| sorted(vec![both.clone()], over, 9).reasons();
        assert_eq!(decided(&[]), [(Obstacle::HasOpen, 1)]);
        assert_eq!(decided(&[Obstacle::HasOpen]), [(Obstacle::HasType, 1)]);
        assert_eq!(decided(&[Obstacle::HasOpen, Obstacle::HasType]), []);
    }

    #[test]
    fn when_the_inventory_is_short_the_last_are_left_out() {
        let sorted = sorted((1..=5).map(candidate).collect(), &[], 3);
        assert_eq!(sorted.chosen.iter().map(|chosen| chosen.user).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(sorted.reasons(), [(Obstacle::NoInventory, 2)]);
    }

    #[test]
    fn everybody_who_shares_an_address_is_counted() {
        let mut all: Vec<Candidate> = (1..=5).map(candidate).collect();
        for place in [1, 2, 3] {
            all[place].email_key = "info@x.example".to_owned();
        }
        assert_eq!(sorted(all, &[], 9).shared_addresses(), 3);
    }

    #[test]
    fn a_task_has_the_container_of_all_its_users_or_none() {
        let mut all: Vec<Candidate> = (1..=2).map(candidate).collect();
        assert_eq!(sorted(all.clone(), &[], 9).container(), Some("Default"));
        all[1].container = "Wien".to_owned();
        assert_eq!(sorted(all, &[], 9).container(), None);
    }
}
