//! How many tokens of a type there are, and how many are promised (spec §3.5).

use crate::{Answer, Tx};
use model::authentication::AuthenticationType;

/// The inventory of one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stock {
    /// No limit: software types.
    pub unlimited: bool,
    /// Tokens in state Inventory.
    pub available: i64,
    /// Open enrollments.
    pub reserved: i64,
}

impl Tx {
    /// The inventory of `kind`; nothing of a type that no inventory is kept for.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn stock(&mut self, kind: AuthenticationType) -> Answer<Option<Stock>> {
        let row = on_db!(
            self,
            optional(bool, i64, i64),
            "select unlimited, available, reserved from inventory where type = $1",
            kind.code()
        )?;
        Ok(row.map(|(unlimited, available, reserved)| Stock { unlimited, available, reserved }))
    }

    /// Reserves `count` more (gives back when negative). False when there are not so many; the transaction must then be undone.
    /// Comes after the enrollments in every transaction: the row is one for all.
    ///
    /// # Errors
    /// [`Constraint::InventoryReserved`](crate::Constraint) when more is given back than was reserved.
    pub async fn reserve(&mut self, kind: AuthenticationType, count: i64) -> Answer<bool> {
        let changed = on_db!(self, execute
            "update inventory set reserved = reserved + $2 where type = $1 and (unlimited or available >= reserved + $2)",
            kind.code(), count)?;
        Ok(changed > 0)
    }
}
