//! Cursors of lists: the sort value and id of the row where a page ends, sealed, and good only for the list that gave them out.

use crate::{
    Service,
    keys::{Place as Sealed, Purpose},
    zone::Now,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use model::{
    Answer, Refusal,
    listing::{Listing, Total},
    refusal::BadRequest,
};
use serde::{Deserialize, Serialize};
use store::keyset::{Key, Page, Place};

/// A place in a list as it is sealed.
#[derive(Serialize, Deserialize)]
struct Cursor {
    text: Option<String>,
    number: i64,
    id: i64,
    back: bool,
}

impl From<Place> for Cursor {
    fn from(place: Place) -> Cursor {
        let (text, number) = match place.key {
            Key::Text(text) => (Some(text), 0),
            Key::Int(number) => (None, number),
        };
        Cursor { text, number, id: place.id, back: place.back }
    }
}

impl From<Cursor> for Place {
    fn from(cursor: Cursor) -> Place {
        let key = cursor.text.map_or(Key::Int(cursor.number), Key::Text);
        Place { key, id: cursor.id, back: cursor.back }
    }
}

/// What a cursor is bound to: route, sort and filter. Nothing else opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scope(String);

impl Scope {
    /// The scope of a list: its route, and whatever decides rows and order.
    pub(crate) fn new(route: &str, sort_and_filter: &impl Serialize) -> Scope {
        Scope(format!("{route} {}", serde_json::to_string(sort_and_filter).unwrap_or_default()))
    }

    fn place(&self) -> Sealed<'_> {
        Sealed { table: "cursor", row: &self.0, generation: 0 }
    }
}

impl Service {
    /// A place, sealed for the list of that scope.
    pub(crate) fn seal_cursor(&self, scope: &Scope, place: Place) -> String {
        let plain = serde_json::to_vec(&Cursor::from(place)).unwrap_or_default();
        URL_SAFE_NO_PAD.encode(self.keys.seal(Purpose::Cursor, scope.place(), &plain, &*self.ids))
    }

    /// The place that the cursor in the address names; nothing for the first page.
    ///
    /// # Errors
    /// [`BadRequest::Cursor`] for one that this list did not give out for this sort and filter.
    pub(crate) fn open_cursor(&self, scope: &Scope, text: &str) -> Answer<Option<Place>> {
        if text.is_empty() {
            return Ok(None);
        }
        let sealed = URL_SAFE_NO_PAD.decode(text).ok();
        let plain = sealed.and_then(|sealed| self.keys.open_sealed(Purpose::Cursor, scope.place(), &sealed).ok());
        let cursor: Option<Cursor> = plain.and_then(|plain| serde_json::from_slice(&plain).ok());
        cursor.map(|cursor| Some(cursor.into())).ok_or(Refusal::BadRequest(BadRequest::Cursor))
    }

    /// A page as the port answers it, with the cursors of its neighbours. `place` answers a row's sort value and id.
    pub(crate) fn listing<R, T>(
        &self,
        scope: &Scope,
        now: Now,
        page: Page<R>,
        total: Total,
        place: impl Fn(&R) -> (Key, i64),
        row: impl FnMut(R) -> T,
    ) -> Listing<T> {
        let cursor = |row: Option<&R>, back: bool| {
            let (key, id) = place(row?);
            Some(self.seal_cursor(scope, Place { key, id, back }))
        };
        let previous = cursor(page.rows.first(), true).filter(|_| page.before);
        let next = cursor(page.rows.last(), false).filter(|_| page.after);
        let rows = page.rows.into_iter().map(row).collect();
        Listing { now: now.now(), zone: now.zone_name(), rows, total, previous, next }
    }
}
