//! The self-enrollment policy as the database keeps it.

use crate::fault::Outcome;
use model::policy::Policy;
use store::Tx;

/// The policy in force; its defaults before it was first changed.
///
/// # Errors
/// Those of the database.
pub(crate) async fn read(tx: &mut Tx) -> Outcome<Policy> {
    Ok(match tx.policy().await? {
        Some((_, document)) => serde_json::from_str(&document)?,
        None => Policy::default(),
    })
}
