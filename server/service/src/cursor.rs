//! Cursors of lists: the sort value and id of the row where a page ends, sealed, and good only for the list that gave them out.

use crate::{
    Service,
    keys::{Place, Purpose},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use model::{Answer, Refusal, refusal::BadRequest};
use serde::{Deserialize, Serialize};

/// A row's place in a list's order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The sort value.
    pub value: Value,
    /// The row, which settles equal sort values.
    pub id: i64,
    /// Go towards the beginning of the list: rows before this one. Else rows after it.
    pub back: bool,
}

/// A sort value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// A text, as it is sorted.
    Text(String),
    /// A number, day or time.
    Number(i64),
}

/// What a cursor is bound to: route, sort and filter. Nothing else opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope(String);

impl Scope {
    /// The scope of a list: its route, and whatever decides rows and order.
    pub fn new(route: &str, sort_and_filter: &impl Serialize) -> Scope {
        Scope(format!("{route} {}", serde_json::to_string(sort_and_filter).unwrap_or_default()))
    }
}

impl Service {
    /// The cursor as it stands in the address.
    pub(crate) fn seal_cursor(&self, scope: &Scope, cursor: &Cursor) -> String {
        let plain = serde_json::to_vec(cursor).unwrap_or_default();
        URL_SAFE_NO_PAD.encode(self.keys.seal(Purpose::Cursor, place(scope), &plain, &*self.ids))
    }

    /// The cursor in the address; nothing for the first page.
    ///
    /// # Errors
    /// [`BadRequest::Cursor`] for one that this list did not give out for this sort and filter.
    pub(crate) fn open_cursor(&self, scope: &Scope, text: &str) -> Answer<Option<Cursor>> {
        if text.is_empty() {
            return Ok(None);
        }
        let sealed = URL_SAFE_NO_PAD.decode(text).ok();
        let plain = sealed.and_then(|sealed| self.keys.open_sealed(Purpose::Cursor, place(scope), &sealed).ok());
        let cursor = plain.and_then(|plain| serde_json::from_slice(&plain).ok());
        cursor.map(Some).ok_or(Refusal::BadRequest(BadRequest::Cursor))
    }
}

fn place(scope: &Scope) -> Place<'_> {
    Place { table: "cursor", row: &scope.0, generation: 0 }
}
