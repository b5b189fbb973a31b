//! What benches of the use cases begin with: the service, an operator and people.

use model::{
    actor::Actor,
    console::{Console, Import},
    forms::{PasteForm, ProvisionForm},
};
use service::{
    Outlet, Parts, Service,
    clock::System as Clock,
    ids::{Ids, Seeded},
    keys::Keys,
    operators::NewOperator,
    passwords::Passwords,
};
use std::{error::Error, ops::Range, sync::Arc, time::Instant};
use store::Db;
use tokio::runtime::{Builder, Runtime};

/// What a bench answers: it ends at the first mistake.
pub type Outcome<T> = Result<T, Box<dyn Error>>;

/// As the server has it.
pub fn runtime() -> Outcome<Runtime> {
    Ok(Builder::new_multi_thread().enable_all().build()?)
}

/// The service on a database with an operator and many users.
pub struct Bench {
    pub service: Service,
    pub by: Actor,
}

impl Bench {
    /// With so many users, `q0` and on: a database that is filled has others.
    pub async fn new(db: Db, people: usize) -> Outcome<Bench> {
        let ids: Arc<dyn Ids> = Arc::new(Seeded::new(7));
        let service = Service::new(Parts {
            db,
            clock: Arc::new(Clock::new()),
            ids: ids.clone(),
            keys: Keys::new(&[9; 32]),
            passwords: Passwords::quick(&*ids).map_err(|fault| fault.to_string())?,
            outlet: Outlet { name: "nowhere".to_owned(), ..Outlet::default() },
            base_url: "http://localhost:3000".to_owned(),
        });
        let new = NewOperator {
            user_id: "bench".to_owned(),
            email: "bench@contoso.example".to_owned(),
            role: "Operator".to_owned(),
            password: "correct horse battery".to_owned(),
            ..NewOperator::default()
        };
        let by = Actor { id: service.add_operator(&new).await?, user_id: "bench".to_owned(), ..Service::command_line() };
        for first in (0..people).step_by(50_000) {
            let mut file = "user_id,first_name,last_name,email,mobile,container,language\n".to_owned();
            for person in first..people.min(first + 50_000) {
                file.push_str(&format!("q{person},First{person},Last{person},q{person}@contoso.example,,,\n"));
            }
            service.import_users(&by, file.as_bytes(), &Import::default()).await?;
        }
        Ok(Bench { service, by })
    }

    /// Provisions those people; answers the task and the milliseconds from pressing *Confirm* to the answer.
    pub async fn provision(&self, people: Range<usize>) -> Outcome<(i64, f64)> {
        let user_ids = people.map(|person| format!("q{person}")).collect::<Vec<_>>().join("\n");
        let paste = PasteForm { user_ids, key: self.service.form_key() };
        let selection = self.service.paste_users(&self.by, &paste).await?.selection;
        let form = ProvisionForm { selection, kind: "app".to_owned(), key: self.service.form_key(), ..ProvisionForm::default() };
        let begun = Instant::now();
        let done = self.service.provision(&self.by, &form).await?;
        Ok((done.task, begun.elapsed().as_secs_f64() * 1000.0))
    }
}

/// The one in the middle.
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}
