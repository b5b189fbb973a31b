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

/// The links that went to an address.
#[derive(Clone, Copy, Debug, Default)]
struct Links {
    /// When the last one did.
    last: i64,
    /// How many did today.
    today: i64,
}

impl ResendLimits {
    /// Why no more may go there, if none may.
    const fn refusal(self, links: Links) -> Resend {
        if links.today >= self.per_day { Resend::DayIsFull } else { Resend::TooSoon(links.last + self.cooldown) }
    }
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
        let links = self.links_to(&[address_key], today).await?;
        Ok(limits.refusal(links.get(address_key).copied().unwrap_or_default()))
    }

    /// Whether one more could go out just now, without counting it: for a page that says so before.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn would_resend(&mut self, address_key: &str, today: Day, now: i64, limits: ResendLimits) -> Answer<Resend> {
        let asked = [(address_key.to_owned(), limits)];
        Ok(self.would_resend_all(&asked, today, now).await?.pop().unwrap_or(Resend::Counted))
    }

    /// The same for many addresses at once, in their order.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn would_resend_all(&mut self, asked: &[(String, ResendLimits)], today: Day, now: i64) -> Answer<Vec<Resend>> {
        let keys: Vec<&str> = asked.iter().map(|(key, _)| key.as_str()).collect();
        let links = self.links_to(&keys, today).await?;
        let answer = |(key, limits): &(String, ResendLimits)| match links.get(key).map(|links| limits.refusal(*links)) {
            None => Resend::Counted,
            Some(Resend::TooSoon(again)) if again <= now => Resend::Counted,
            Some(refusal) => refusal,
        };
        Ok(asked.iter().map(answer).collect())
    }

    /// What went to those of these addresses to which something did.
    async fn links_to(&mut self, address_keys: &[&str], today: Day) -> Answer<HashMap<String, Links>> {
        if address_keys.is_empty() {
            return Ok(HashMap::new());
        }
        let mut values = Values::default();
        let day = values.push(i64::from(today.epoch()));
        let keys: Vec<String> = address_keys.iter().map(|key| values.push(*key)).collect();
        let sql = format!(
            "select address_key, max(last_at), max(case when day = {day} then count else 0 end)
               from resends where address_key in ({}) group by address_key",
            keys.join(", ")
        );
        let known: Vec<(String, i64, i64)> = self.dynamic(sql, &values).await?;
        Ok(known.into_iter().map(|(key, last, today)| (key, Links { last, today })).collect())
    }

    /// Forgets the days before `day`. Yesterday must stay, for the cooldown over midnight.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn forget_resends(&mut self, day: Day) -> Answer<u64> {
        on_db!(self, execute "delete from resends where day < $1", i64::from(day.epoch()))
    }
}
