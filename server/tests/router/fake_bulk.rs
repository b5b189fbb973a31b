//! The console of [`Fake`] has no acts over many.

use crate::fake::{Fake, nothing};
use async_trait::async_trait;
use model::{
    Answer,
    actor::Actor,
    bulk::{BulkAct, BulkActs, BulkChoice, BulkConfirmForm, BulkConsole, BulkDetail, BulkForm, BulkQuery, Marked, SelectionOf},
    console::Selected,
    forms::{ButtonForm, SelectForm},
};

#[async_trait]
impl BulkConsole for Fake {
    async fn select_tasks(&self, _: &Actor, _: &SelectForm) -> Answer<Selected> {
        nothing()
    }
    async fn select_enrollments(&self, _: &Actor, _: &SelectForm) -> Answer<Selected> {
        nothing()
    }
    async fn selected_rows(&self, _: &Actor, _: SelectionOf, _: &str, _: &[i64]) -> Answer<Marked> {
        nothing()
    }
    async fn bulk_choice(&self, _: &Actor, _: BulkAct, _: &str) -> Answer<BulkChoice> {
        nothing()
    }
    async fn plan_bulk(&self, _: &Actor, _: &BulkForm) -> Answer<i64> {
        nothing()
    }
    async fn bulk_act(&self, _: &Actor, _: i64, _: BulkQuery) -> Answer<BulkDetail> {
        nothing()
    }
    async fn bulk_acts(&self, _: &Actor) -> Answer<BulkActs> {
        Ok(BulkActs { acts: vec![], zone: "Europe/Vienna".into() })
    }
    async fn confirm_bulk(&self, _: &Actor, _: i64, _: &BulkConfirmForm) -> Answer<()> {
        nothing()
    }
    async fn select_too_old(&self, _: &Actor, _: i64, _: &ButtonForm) -> Answer<String> {
        nothing()
    }
    async fn cancel_bulk(&self, _: &Actor, _: i64, _: &ButtonForm) -> Answer<()> {
        nothing()
    }
}
