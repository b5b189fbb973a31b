//! One batch: rows locked, judged again as they stand now, done by the functions of the act on one enrollment, and marked; in one
//! transaction.

use super::judge::{enough, judge};
use crate::{
    acting::Acting,
    fault::{Fault, Outcome},
    resend::{Resending, unlock_one},
    task_edit::{Chosen, Edit},
};
use model::{
    Refusal,
    authentication::AuthenticationType,
    bulk::{BulkOrder, LeftOut},
    forms::{ResendOrder, UnlockOrder},
    user::email_key,
};
use std::collections::BTreeMap;
use store::{Tx, enrollments::Enrollment};

/// What a batch is done by and with.
pub(super) struct Batch<'a> {
    pub(super) acting: Acting<'a>,
    pub(super) order: &'a BulkOrder,
}

/// A row's place, and why it is left out; nothing: it is done.
type Mark = (i64, Option<LeftOut>);
type Rows = Vec<(i64, Enrollment)>;

impl Batch<'_> {
    /// Does the act to these rows, held for this transaction, and answers what became of each.
    pub(super) async fn write(&self, tx: &mut Tx, rows: Rows) -> Outcome<Vec<Mark>> {
        let mut marks = Vec::with_capacity(rows.len());
        let mut chosen: Rows = Vec::with_capacity(rows.len());
        for (position, row) in rows {
            match judge(self.order, &row, self.acting.now.today()) {
                Some(why) => marks.push((position, Some(why))),
                None => chosen.push((position, row)),
            }
        }
        match self.order {
            BulkOrder::Resend => marks.extend(self.resend(tx, chosen).await?),
            BulkOrder::Unlock { reason, stop } => {
                let order = UnlockOrder { reason: reason.clone(), stop: *stop };
                for (position, row) in chosen {
                    unlock_one(tx, self.acting.by, &row, &order, self.acting.now).await?;
                    marks.push((position, None));
                }
            }
            BulkOrder::StopDate { .. } | BulkOrder::Remove { .. } => {
                marks.extend(chosen.iter().map(|(position, _)| (*position, None)));
                self.edit(tx, chosen).await?;
            }
        }
        Ok(marks)
    }

    /// By address: what counts the links to an address is taken in one order by everybody who takes several.
    async fn resend(&self, tx: &mut Tx, mut rows: Rows) -> Outcome<Vec<Mark>> {
        rows.sort_by_cached_key(|(_, row)| email_key(&row.user.email));
        let mut marks = Vec::with_capacity(rows.len());
        for (position, row) in rows {
            let order = ResendOrder { email: row.user.email.clone(), redirect: None };
            let resending = Resending { acting: self.acting, enrollment: &row, order: &order, turn: position };
            let why = match resending.send(tx).await {
                Ok(()) => None,
                Err(Fault::Refused(Refusal::ResentLately { again, day_is_full })) => Some(enough(again, day_is_full)),
                Err(fault) => return Err(fault),
            };
            marks.push((position, why));
        }
        Ok(marks)
    }

    /// Task by task; by type first, in which order what they reserve is given back.
    async fn edit(&self, tx: &mut Tx, rows: Rows) -> Outcome<()> {
        let mut tasks: BTreeMap<(usize, i64), Chosen> = BTreeMap::new();
        for (_, row) in rows {
            let kind = AuthenticationType::ALL.iter().position(|kind| *kind == row.kind).unwrap_or_default();
            tasks.entry((kind, row.task)).or_default().add(row, self.acting.now.today());
        }
        for ((_, number), chosen) in tasks {
            let head = tx.task_head(number).await?.ok_or(Fault::Broken("an enrollment's task is not there"))?;
            let edit = Edit { acting: self.acting, head: &head };
            match self.order {
                BulkOrder::StopDate { to } => drop(edit.stop(tx, chosen, *to).await?),
                BulkOrder::Remove { notify } => drop(edit.remove(tx, chosen, *notify).await?),
                BulkOrder::Resend | BulkOrder::Unlock { .. } => {}
            }
        }
        Ok(())
    }
}
