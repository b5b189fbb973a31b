//! An enrollment's status in SQL: the one `case`, which says what `model::enrollment::Facts::status` says.

/// The `case` over the row called `row`, on the day bound to the placeholder `today`. It answers `Status::code`.
pub(crate) fn status_case(row: &str, today: &str) -> String {
    format!(
        "case when {row}.removed_at is not null then 'removed'
              when {row}.completed_at is not null then 'completed'
              when {row}.locked_at is not null then 'locked'
              when {row}.stop_on < {today} then 'expired'
              else 'active' end"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Tx, testing};
    use model::{
        day::Day,
        enrollment::{Facts, Status},
    };

    async fn statuses_agree(tx: &mut Tx) {
        let sql = format!(
            "select {} from (select cast($1 as bigint) as removed_at, cast($2 as bigint) as completed_at,
                                    cast($3 as bigint) as locked_at, cast($4 as bigint) as stop_on) e",
            status_case("e", "$5")
        );
        let today = Day::from_epoch(20_000);
        for bits in 0..8 {
            for shift in [-1, 0, 1] {
                let (removed, completed, locked) = (bits & 1 > 0, bits & 2 > 0, bits & 4 > 0);
                let stop_on = today.plus(shift);
                let at = |set: bool| set.then_some(7_i64);
                let (found,) = on_db!(
                    tx,
                    one(String,),
                    sqlx::AssertSqlSafe(sql.clone()),
                    at(removed),
                    at(completed),
                    at(locked),
                    i64::from(stop_on.epoch()),
                    i64::from(today.epoch())
                )
                .expect("a status");
                let expected = Facts { removed, completed, locked, stop_on }.status(today);
                assert_eq!(
                    Status::of_code(&found),
                    Some(expected),
                    "removed {removed} completed {completed} locked {locked} {shift}"
                );
            }
        }
    }

    #[tokio::test]
    async fn the_database_and_the_model_derive_one_status_from_every_combination_of_facts() {
        let mut tx = testing::memory().await.expect("a database").read().await.expect("a transaction");
        statuses_agree(&mut tx).await;
        drop(tx);
        if let Some(scratch) = testing::postgres().await.expect("a server") {
            statuses_agree(&mut scratch.db.read().await.expect("a transaction")).await;
            scratch.drop().await.expect("dropped");
        }
    }
}
