//! What happens in the sample: operators provision, people enroll, fumble or leave, and the clock goes on between.

use super::{
    DAY,
    plan::{OPERATORS, Planned},
    reader,
};
use anyhow::{Context, Result, ensure};
use model::{
    Refusal,
    actor::{Actor, Client},
    console::Console,
    day::Day,
    edit::EditTaskForm,
    enrolling::{Enrolling, Step},
    forms::{PasteForm, ProvisionForm, VerifyForm},
    rights::BuiltIn,
    task::TaskUserQuery,
};
use service::{
    Service,
    clock::{Clock, Fixed},
    ids::{Ids, System},
    mail::{
        Dispatcher,
        failure::{Cause, Failure, Reply, Step as MailStep},
        memory::Memory,
    },
    operators::NewOperator,
};
use std::{collections::HashMap, sync::Arc};

/// Between two people who do something, in milliseconds.
const PAUSE: i64 = 7 * 60 * 1000;

/// The past of the sample.
pub struct Story {
    service: Service,
    dispatcher: Dispatcher,
    clock: Arc<Fixed>,
    mailbox: Memory,
    operators: Vec<Actor>,
    read: usize,
}

impl Story {
    /// Adds those who provision.
    ///
    /// # Errors
    /// What a use case refused.
    pub async fn begin(service: Service, dispatcher: Dispatcher, clock: Arc<Fixed>, mailbox: Memory) -> Result<Story> {
        let ids: &dyn Ids = &System;
        let mut operators = Vec::new();
        for (user_id, name) in OPERATORS {
            let role = BuiltIn::Provisioning;
            let new = NewOperator {
                user_id: user_id.to_owned(),
                name: name.to_owned(),
                email: format!("{user_id}@contoso.example"),
                role: role.name().to_owned(),
                password: ids.secret(),
            };
            let id = service.add_operator(&new).await?;
            operators.push(Actor { id, user_id: new.user_id, name: new.name, rights: role.rights(), address: None });
        }
        Ok(Story { service, dispatcher, clock, mailbox, operators, read: 0 })
    }

    /// One task, from Confirm to the last who did something about it.
    ///
    /// # Errors
    /// What a use case refused.
    pub async fn tell(&mut self, task: &Planned, users: &[String], now: i64) -> Result<()> {
        // At working hours, and never before what was told already.
        let start = (now - task.days_ago * DAY).max(self.clock.now() + PAUSE);
        self.clock.set(start);
        let number = self.provision(&self.service, task, users, start).await?;
        self.mailbox.fail((0..task.refuse).map(|_| refused()));
        self.dispatcher.drain().await?;
        let links = self.new_links();
        let ids = users.iter().skip(task.first).take(task.count);
        let mut people = ids.filter_map(|id| Some((id, links.get(&format!("{id}@contoso.example"))?)));
        for (_, link) in people.by_ref().take(task.complete) {
            self.enroll(link).await?;
        }
        for (_, link) in people.by_ref().take(task.lock) {
            self.fumble(link).await?;
        }
        for (_, link) in people.by_ref().take(task.start) {
            self.start(link).await?;
        }
        for (id, _) in people.by_ref().take(task.remove) {
            self.remove(number, id, &self.operators[task.operator]).await?;
        }
        self.dispatcher.drain().await?;
        self.read = self.mailbox.mails().len();
        Ok(())
    }

    /// An operator provisions an authenticator app to the task's users, and the task's number is answered.
    ///
    /// # Errors
    /// What a use case refused.
    pub async fn provision(&self, service: &Service, task: &Planned, users: &[String], at: i64) -> Result<i64> {
        let by = &self.operators[task.operator];
        let ids = users.get(task.first..task.first + task.count).context("the plan names people that there are not")?;
        let paste = PasteForm { user_ids: ids.join("\n"), key: service.form_key() };
        let selection = service.paste_users(by, &paste).await?.selection;
        let form = ProvisionForm {
            selection,
            kind: "app".to_owned(),
            description: task.description.to_owned(),
            stop_on: day_of(at).plus(task.days).iso(),
            key: service.form_key(),
            ..ProvisionForm::default()
        };
        let provisioned = service.provision(by, &form).await?;
        ensure!(provisioned.count == task.count as i64, "somebody was left out of {:?}", task.description);
        Ok(provisioned.task)
    }

    /// The links that arrived since the last task, by address.
    fn new_links(&self) -> HashMap<String, String> {
        let mails = self.mailbox.mails();
        mails.iter().skip(self.read).filter_map(|mail| Some((mail.to.clone(), reader::link(mail)?))).collect()
    }

    async fn start(&self, link: &str) -> Result<(String, String)> {
        self.clock.advance(PAUSE);
        self.service.look(link, true).await?;
        let cookie = self.service.start(link, &Client::default()).await?;
        match self.service.session(&cookie).await?.step {
            Step::App { key, .. } => Ok((cookie, key)),
            Step::Done { .. } => anyhow::bail!("a link that was just mailed is used already"),
        }
    }

    async fn enroll(&self, link: &str) -> Result<()> {
        let (cookie, key) = self.start(link).await?;
        let form = VerifyForm { code: reader::code(&key, self.clock.now())? };
        Ok(self.service.verify(&cookie, &form, &Client::default()).await?)
    }

    /// Types wrong codes until the enrollment locks.
    async fn fumble(&self, link: &str) -> Result<()> {
        let (cookie, key) = self.start(link).await?;
        for _ in 0..10 {
            self.clock.advance(PAUSE / 20);
            let form = VerifyForm { code: reader::wrong_code(&key, self.clock.now())? };
            match self.service.verify(&cookie, &form, &Client::default()).await {
                Err(Refusal::EnrollmentOver(_)) => return Ok(()),
                Err(Refusal::Invalid(_)) => {}
                other => anyhow::bail!("a wrong code was not refused: {other:?}"),
            }
        }
        anyhow::bail!("ten wrong codes did not lock an enrollment")
    }

    /// An operator removes a user from a task.
    async fn remove(&self, task: i64, user_id: &str, by: &Actor) -> Result<()> {
        self.clock.advance(PAUSE);
        let query = TaskUserQuery { search: user_id.to_owned(), ..TaskUserQuery::all() };
        let detail = self.service.task(by, task, &query).await?;
        let row = detail.users.rows.iter().find(|row| row.user_id == user_id).context("a person of the sample is missing")?;
        let form = EditTaskForm {
            select: vec![row.enrollment.to_string()],
            act: "remove".to_owned(),
            version: detail.row.edit_version.to_string(),
            key: self.service.form_key(),
            ..EditTaskForm::default()
        };
        self.service.edit_task(by, task, &form).await?;
        Ok(())
    }
}

/// The relay knows no such mailbox.
fn refused() -> Failure {
    Failure::new(MailStep::RcptTo, Cause::Reply(Reply { code: 550, text: "5.1.1 mailbox unavailable".to_owned() }))
}

fn day_of(millis: i64) -> Day {
    Day::from_epoch(i32::try_from(millis.div_euclid(DAY)).unwrap_or(i32::MAX))
}

#[cfg(test)]
mod tests {
    use crate::{
        config::{Flags, Settings},
        node::Node,
        sample,
    };
    use model::{
        console::{Console, What},
        listing::Total,
        message::{MailState, MessageFilter},
        task::TaskQuery,
    };
    use service::Service;

    #[tokio::test]
    async fn the_sample_has_tasks_in_every_state() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let flags = Flags {
            database_url: Some(format!("sqlite://{}", path("provost.db"))),
            secret_key_file: Some(path("provost.key")),
            mail_dir: Some(path("mail")),
            ..Flags::default()
        };
        let node = Node::open(&Settings::load(&flags).unwrap()).await.unwrap();
        sample::fill(&node).await.unwrap();
        let by = Service::command_line();
        let dashboard = node.service.dashboard(&by).await.unwrap();
        let figures: Vec<_> = dashboard.attention.unwrap().into_iter().map(|figure| (figure.what, figure.total)).collect();
        let more_than = |what, least| figures.iter().any(|(of, total)| *of == what && *total > Total::Exactly(least));
        assert_eq!(dashboard.users, Some(200));
        assert!(more_than(What::Locked, 3) && more_than(What::Expired, 5) && more_than(What::MailFailed, 0), "{figures:?}");
        let outstanding = node.service.tasks(&by, &TaskQuery::default()).await.unwrap();
        assert!(outstanding.rows.len() > 12);
        let mut tx = node.db.read().await.unwrap();
        let queued = MessageFilter { state: Some(MailState::Queued), ..MessageFilter::default() };
        assert_eq!(tx.count_messages(&queued, 100).await.unwrap(), 11, "today's mail is left for whoever tries the demo");
    }
}
