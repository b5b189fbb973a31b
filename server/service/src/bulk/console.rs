//! The port of acts over many: one line for each use case.

use super::{cancel, choice, confirm, detail, enrollments, marked, plan, recent, tasks, too_old};
use crate::Service;
use async_trait::async_trait;
use model::{
    Answer,
    actor::Actor,
    bulk::{BulkAct, BulkActs, BulkChoice, BulkConfirmForm, BulkConsole, BulkDetail, BulkForm, BulkQuery, Marked, SelectionOf},
    console::Selected,
    forms::{ButtonForm, SelectForm},
};

#[async_trait]
impl BulkConsole for Service {
    async fn select_tasks(&self, by: &Actor, form: &SelectForm) -> Answer<Selected> {
        self.answer(tasks(self, by, form).await)
    }

    async fn select_enrollments(&self, by: &Actor, form: &SelectForm) -> Answer<Selected> {
        self.answer(enrollments(self, by, form).await)
    }

    async fn selected_rows(&self, by: &Actor, of: SelectionOf, selection: &str, shown: &[i64]) -> Answer<Marked> {
        self.answer(marked(self, by, of, selection, shown).await)
    }

    async fn bulk_choice(&self, by: &Actor, act: BulkAct, selection: &str) -> Answer<BulkChoice> {
        self.answer(choice(self, by, act, selection).await)
    }

    async fn plan_bulk(&self, by: &Actor, form: &BulkForm) -> Answer<i64> {
        self.answer(plan(self, by, form).await)
    }

    async fn bulk_act(&self, by: &Actor, id: i64, query: BulkQuery) -> Answer<BulkDetail> {
        self.answer(detail(self, by, id, query).await)
    }

    async fn bulk_acts(&self, by: &Actor) -> Answer<BulkActs> {
        self.answer(recent(self, by).await)
    }

    async fn confirm_bulk(&self, by: &Actor, id: i64, form: &BulkConfirmForm) -> Answer<()> {
        self.answer(confirm(self, by, id, form).await)
    }

    async fn select_too_old(&self, by: &Actor, id: i64, form: &ButtonForm) -> Answer<String> {
        self.answer(too_old(self, by, id, form).await)
    }

    async fn cancel_bulk(&self, by: &Actor, id: i64, form: &ButtonForm) -> Answer<()> {
        self.answer(cancel(self, by, id, form).await)
    }
}
