//! The part of the operators' port that is about acts over many enrollments.

use super::{BulkAct, BulkActs, BulkChoice, BulkConfirmForm, BulkDetail, BulkForm, BulkQuery, Marked, SelectionOf};
use crate::{
    Answer,
    actor::Actor,
    console::Selected,
    forms::{ButtonForm, SelectForm},
};
use async_trait::async_trait;

/// Acts over many enrollments: an operator sees their own only, and each takes the rights of the act on one.
#[async_trait]
pub trait BulkConsole: Send + Sync {
    /// Changes the selection of tasks that stands in the address. Right `provisioning.manage`.
    ///
    /// # Errors
    /// [`SelectionGone`](crate::Refusal::SelectionGone).
    async fn select_tasks(&self, by: &Actor, form: &SelectForm) -> Answer<Selected>;

    /// Changes the selection of enrollments that stands in the address. Right `reports.view`.
    ///
    /// # Errors
    /// [`SelectionGone`](crate::Refusal::SelectionGone).
    async fn select_enrollments(&self, by: &Actor, form: &SelectForm) -> Answer<Selected>;

    /// How many outstanding tasks, or open enrollments, a selection of this operator holds, and which of those shown.
    ///
    /// # Errors
    /// [`SelectionGone`](crate::Refusal::SelectionGone).
    async fn selected_rows(&self, by: &Actor, of: SelectionOf, selection: &str, shown: &[i64]) -> Answer<Marked>;

    /// What the form of an act over a selection begins with.
    ///
    /// # Errors
    /// [`SelectionGone`](crate::Refusal::SelectionGone).
    async fn bulk_choice(&self, by: &Actor, act: BulkAct, selection: &str) -> Answer<BulkChoice>;

    /// The dry run: fixes whom the act is about and says what will happen to whom, and answers its row. Changes no enrollment.
    ///
    /// # Errors
    /// [`Invalid`](crate::Refusal::Invalid), nobody selected and too many included; [`SelectionGone`](crate::Refusal::SelectionGone),
    /// [`NoMail`](crate::Refusal::NoMail), [`KeyReused`](crate::Refusal::KeyReused).
    async fn plan_bulk(&self, by: &Actor, form: &BulkForm) -> Answer<i64>;

    /// An act with a page of its rows: the dry run, its progress, its result.
    ///
    /// # Errors
    /// [`NotFound`](crate::Refusal::NotFound).
    async fn bulk_act(&self, by: &Actor, id: i64, query: BulkQuery) -> Answer<BulkDetail>;

    /// The operator's newest acts.
    ///
    /// # Errors
    /// Accidents only.
    async fn bulk_acts(&self, by: &Actor) -> Answer<BulkActs>;

    /// Sets a dry run going. It runs in the background, on any node; a repeat changes nothing.
    ///
    /// # Errors
    /// [`Invalid`](crate::Refusal::Invalid) where the number must be typed; [`NotFound`](crate::Refusal::NotFound),
    /// [`BulkOver`](crate::Refusal::BulkOver) for one that was canceled.
    async fn confirm_bulk(&self, by: &Actor, id: i64, form: &BulkConfirmForm) -> Answer<()>;

    /// Selects whom a new stop date was set for though their link's lifetime is over, for Resend; answers the selection.
    ///
    /// # Errors
    /// [`NotFound`](crate::Refusal::NotFound), [`Stale`](crate::Refusal::Stale) where there is nobody any more.
    async fn select_too_old(&self, by: &Actor, id: i64, form: &ButtonForm) -> Answer<String>;

    /// Ends an act that is planned or running; what is done stays done.
    ///
    /// # Errors
    /// [`NotFound`](crate::Refusal::NotFound).
    async fn cancel_bulk(&self, by: &Actor, id: i64, form: &ButtonForm) -> Answer<()>;
}
