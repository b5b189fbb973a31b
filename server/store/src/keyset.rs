//! Paging by key: a page begins after a place in the list's order, never after a count of rows.

use crate::dynamic::{Value, Values};
use model::listing::Direction;

/// The sort value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// Of a number, a day or a count.
    Int(i64),
    /// Of a text: its comparable form.
    Text(String),
}

/// A place in a list: beside the row with that sort value and id. The service seals it into a cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The row's sort value.
    pub key: Key,
    /// The row's id, which decides among equal sort values.
    pub id: i64,
    /// The page ends before this row instead of beginning after it.
    pub back: bool,
}

/// A page of rows, in the order asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<R> {
    /// The rows.
    pub rows: Vec<R>,
    /// There are rows before.
    pub before: bool,
    /// There are rows after.
    pub after: bool,
}

/// How one page is walked: the condition that begins it, and the order and number of its rows.
pub(crate) struct Walk {
    /// A condition, or nothing on the first page.
    pub(crate) condition: Option<String>,
    /// `order by … limit …`, one row more than the page has.
    pub(crate) tail: String,
    back: bool,
    size: usize,
}

impl Walk {
    /// The walk by `column`, then `id`, both SQL of ours. Where they are the same, `id` decides alone.
    pub(crate) fn new(
        column: &str,
        id: &str,
        direction: Direction,
        size: u32,
        from: Option<&Place>,
        values: &mut Values,
    ) -> Walk {
        let back = from.is_some_and(|place| place.back);
        let ascending = (direction == Direction::Ascending) != back;
        let (sign, word) = if ascending { (">", "asc") } else { ("<", "desc") };
        let condition = from.map(|place| {
            if column == id {
                return format!("{id} {sign} {}", values.push(place.id));
            }
            let key = values.push(match &place.key {
                Key::Int(key) => Value::Int(*key),
                Key::Text(key) => Value::Text(key.clone()),
            });
            let number = values.push(place.id);
            format!("({column}, {id}) {sign} ({key}, {number})")
        });
        let order = if column == id { format!("{id} {word}") } else { format!("{column} {word}, {id} {word}") };
        Walk { condition, tail: format!("order by {order} limit {}", size + 1), back, size: size as usize }
    }

    /// The page from the rows that were found.
    pub(crate) fn page<R>(&self, mut rows: Vec<R>, first: bool) -> Page<R> {
        let more = rows.len() > self.size;
        rows.truncate(self.size);
        if self.back {
            rows.reverse();
        }
        let (before, after) = if self.back { (more, true) } else { (!first, more) };
        Page { rows, before, after }
    }
}
