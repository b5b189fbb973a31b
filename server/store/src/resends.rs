//! How often a new link may go to one address: a cooldown, and a cap for each calendar day (spec §3.4).

use crate::{Answer, Tx, dynamic::Values};
use model::day::Day;
use std::collections::HashMap;

/// The limits on one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResendLimits {
    /// Milliseconds between two.
    pub cooldown: i64,
    /// The most on one calendar day.
    pub per_day: i64,
}

/// Whether one more may go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resend {
    /// It was counted.
    Counted,
    /// Not before then, in milliseconds.
    TooSoon(i64),
    /// Not on this day any more.
    DayIsFull,
}

impl Tx {
    /// Counts one resend to an address (`model::user::email_key`) on the day `today`, by one guarded write: however many ask at once,
    /// the limits hold.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn count_resend(&mut self, address_key: &str, today: Day, now: i64, limits: ResendLimits) -> Answer<Resend> {
        let day = i64::from(today.epoch());
        let counted = on_db!(self, execute
            "insert into resends (address_key, day, count, last_at)
             select $1, $2, 1, $3
              where not exists (select 1 from resends r where r.address_key = $1 and r.day <> $2 and r.last_at + $4 > $3)
             on conflict (address_key, day) do update set count = resends.count + 1, last_at = excluded.last_at
              where resends.count < $5 and resends.last_at + $4 <= $3",
            address_key, day, now, limits.cooldown, limits.per_day)?;
        if counted > 0 {
            return Ok(Resend::Counted);
        }
        self.resend_refused(address_key, day, limits).await
    }

    /// Whether one more could go out just now, without counting it: for a page that says so before.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn would_resend(&mut self, address_key: &str, today: Day, now: i64, limits: ResendLimits) -> Answer<Resend> {
        let refused = self.resend_refused(address_key, i64::from(today.epoch()), limits).await?;
        Ok(if matches!(refused, Resend::TooSoon(again) if again <= now) { Resend::Counted } else { refused })
    }

    /// The same for many addresses at once, in their order; a time that is over counts as none.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn would_resend_all(&mut self, asked: &[(String, ResendLimits)], today: Day) -> Answer<Vec<Resend>> {
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let mut values = Values::default();
        let day = values.push(i64::from(today.epoch()));
        let keys: Vec<String> = asked.iter().map(|(key, _)| values.push(key.as_str())).collect();
        let sql = format!(
            "select address_key, max(last_at), max(case when day = {day} then count else 0 end)
               from resends where address_key in ({}) group by address_key",
            keys.join(", ")
        );
        let known: Vec<(String, i64, i64)> = self.dynamic(sql, &values).await?;
        let known: HashMap<String, (i64, i64)> = known.into_iter().map(|(key, last, count)| (key, (last, count))).collect();
        let answer = |(key, limits): &(String, ResendLimits)| match known.get(key) {
            None => Resend::Counted,
            Some((_, count)) if *count >= limits.per_day => Resend::DayIsFull,
            Some((last, _)) => Resend::TooSoon(last + limits.cooldown),
        };
        Ok(asked.iter().map(answer).collect())
    }

    async fn resend_refused(&mut self, address_key: &str, day: i64, limits: ResendLimits) -> Answer<Resend> {
        let (last, count) = on_db!(
            self,
            one(i64, i64),
            "select coalesce(max(last_at), 0), coalesce(max(case when day = $2 then count end), 0)
               from resends where address_key = $1",
            address_key,
            day
        )?;
        Ok(if count >= limits.per_day { Resend::DayIsFull } else { Resend::TooSoon(last + limits.cooldown) })
    }

    /// Forgets the days before `day`. Yesterday must stay, for the cooldown over midnight.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn forget_resends(&mut self, day: Day) -> Answer<u64> {
        on_db!(self, execute "delete from resends where day < $1", i64::from(day.epoch()))
    }
}
