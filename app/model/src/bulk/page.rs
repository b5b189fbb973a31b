//! What the pages of acts over many show.

use super::{BulkAct, BulkOrder, BulkState, LeftOut, Outcome, SelectionOf};
use crate::{
    Answer, Refusal,
    day::{Day, Moment},
    edit::TYPED_ABOVE,
    form::Fields,
    refusal::BadRequest,
};
use serde::{Deserialize, Serialize};

/// What a list shows of the selection in its address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marked {
    /// How many rows it holds that can still be acted on.
    pub count: i64,
    /// Those among the rows that are shown.
    pub rows: Vec<i64>,
}

/// What `/bulk/new` shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkChoice {
    /// The act.
    pub act: BulkAct,
    /// The selection.
    pub selection: String,
    /// What it holds.
    pub of: SelectionOf,
    /// How many tasks or enrollments.
    pub count: i64,
    /// Today and the policy's days: what a new stop date begins with.
    pub policy_stop: Day,
    /// The form's key.
    pub key: String,
}

/// Which rows of an act are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkQuery {
    /// Only rows of that outcome.
    pub only: Option<Outcome>,
    /// From this place on.
    pub from: i64,
}

impl BulkQuery {
    /// Reads the parameters.
    ///
    /// # Errors
    /// [`BadRequest`] for everything that no page of ours writes.
    pub fn read(fields: &Fields) -> Answer<BulkQuery> {
        fields.only(&["only", "from"])?;
        let only = match fields.one("only")?.as_str() {
            "" => None,
            code => Some(Outcome::of_code(code).ok_or(Refusal::BadRequest(BadRequest::Filter))?),
        };
        let from = match fields.one("from")?.as_str() {
            "" => 0,
            text => text.parse().ok().filter(|from| *from >= 0).ok_or(Refusal::BadRequest(BadRequest::Cursor))?,
        };
        Ok(BulkQuery { only, from })
    }

    /// The canonical parameters.
    pub fn write(&self) -> Fields {
        let only = self.only.map(|only| ("only".to_owned(), only.code().to_owned()));
        let from = (self.from > 0).then(|| ("from".to_owned(), self.from.to_string()));
        Fields(only.into_iter().chain(from).collect())
    }
}

/// An act over many enrollments, in one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkSummary {
    /// The row.
    pub id: i64,
    /// What is done, with what.
    pub order: BulkOrder,
    /// How far it is.
    pub state: BulkState,
    /// When the dry run was made.
    pub made: Moment,
}

/// What `/bulk` shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkActs {
    /// The operator's own acts, the newest first.
    pub acts: Vec<BulkSummary>,
    /// The zone of their times.
    pub zone: String,
}

/// What `/bulk/{id}` shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkDetail {
    /// The act.
    pub act: BulkSummary,
    /// Why it was stopped.
    pub why: Option<String>,
    /// Still to be done.
    pub planned: i64,
    /// Done.
    pub done: i64,
    /// Left out: why, and how many.
    pub left_out: Vec<(LeftOut, i64)>,
    /// A new stop date revives no link whose lifetime is over: how many it is, or will be, set for have such a link. None while it runs.
    pub too_old: i64,
    /// It runs and waits, because no mail can be sent.
    pub waits_for_mail: bool,
    /// A page of its rows.
    pub rows: Vec<BulkRow>,
    /// What the page was asked for.
    pub query: BulkQuery,
    /// Where the page before begins.
    pub previous: Option<i64>,
    /// Where the next page begins.
    pub next: Option<i64>,
    /// The organisation's zone.
    pub zone: String,
    /// The key of the forms.
    pub key: String,
}

impl BulkDetail {
    /// How many are left out.
    pub fn left_out_count(&self) -> i64 {
        self.left_out.iter().map(|(_, count)| count).sum()
    }

    /// Must the number be typed before it is confirmed?
    pub fn is_typed(&self) -> bool {
        self.act.order.act() == BulkAct::Remove && self.planned > TYPED_ABOVE
    }
}

/// One enrollment of an act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkRow {
    /// Its place.
    pub position: i64,
    /// The user's row.
    pub user: i64,
    /// The user was deleted since.
    pub deleted: bool,
    /// UserID.
    pub user_id: String,
    /// First and last name, or the UserID.
    pub name: String,
    /// The task's number.
    pub task: i64,
    /// What becomes of it.
    pub outcome: Outcome,
    /// Why it is left out.
    pub reason: Option<LeftOut>,
}
