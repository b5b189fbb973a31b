//! Paging by key: a page begins after a place in the list's order, never after a count of rows.

use crate::{
    Tx, dialect,
    dynamic::{Value, Values},
};
use model::listing::Direction;

/// The sort value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// Of a number, a day or a count.
    Int(i64),
    /// Of a text: its comparable form.
    Text(String),
}

impl From<&Key> for Value {
    fn from(key: &Key) -> Value {
        match key {
            Key::Int(key) => Value::Int(*key),
            Key::Text(key) => Value::Text(key.clone()),
        }
    }
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

/// How one page is walked: in one step, or on SQLite from a cursor in two.
///
/// A cursor on `(column, id)` begins in the middle of equal sort values. PostgreSQL seeks by a comparison of both. SQLite seeks by the
/// column alone in such a comparison when the id is the row's own number, and would step over every equal value before the cursor: there
/// the equal ones that are left come first, by id, and then the rows beyond them. PostgreSQL must not be asked so: for a value that it
/// thinks frequent it walks all rows by id to find those few that are left.
pub(crate) struct Walk {
    steps: Vec<Step>,
    back: bool,
    size: usize,
}

/// One statement of a walk.
pub(crate) struct Step {
    /// ` and …`, or nothing on the first page.
    pub(crate) condition: String,
    /// `order by … limit …`, one row more than the page has.
    pub(crate) tail: String,
}

impl Walk {
    /// The walk by `column`, then `id`, both SQL of ours. Where they are the same, `id` decides alone.
    pub(crate) fn new(
        tx: &Tx,
        column: &str,
        id: &str,
        direction: Direction,
        size: u32,
        from: Option<&Place>,
        values: &mut Values,
    ) -> Walk {
        let (back, sign, word) = towards(direction, from);
        let step = |condition: String, order: String| Step { condition, tail: format!("order by {order} limit {}", size + 1) };
        let (by_id, by_both) = (format!("{id} {word}"), format!("{column} {word}, {id} {word}"));
        let steps = match from {
            None if column == id => vec![step(String::new(), by_id)],
            None => vec![step(String::new(), by_both)],
            Some(place) if column == id => vec![step(format!(" and {id} {sign} {}", values.push(place.id)), by_id)],
            Some(place) => {
                let key = values.push(Value::from(&place.key));
                let number = values.push(place.id);
                if dialect::seeks_by_both_keys(tx) {
                    vec![step(format!(" and ({column}, {id}) {sign} ({key}, {number})"), by_both)]
                } else {
                    vec![
                        step(format!(" and {column} = {key} and {id} {sign} {number}"), by_id),
                        // Every value bound must be named.
                        step(format!(" and {column} {sign} {key} and {number} = {number}"), by_both),
                    ]
                }
            }
        };
        Walk { steps, back, size: size as usize }
    }

    /// The same over rows that are sorted anyway: one statement, also from a cursor.
    pub(crate) fn collected(
        key: &str,
        id: &str,
        direction: Direction,
        size: u32,
        from: Option<&Place>,
        values: &mut Values,
    ) -> Walk {
        let (back, sign, word) = towards(direction, from);
        let condition = from.map_or(String::new(), |place| {
            let value = values.push(Value::from(&place.key));
            format!(" and ({key} {sign} {value} or ({key} = {value} and {id} {sign} {}))", values.push(place.id))
        });
        let step = Step { condition, tail: format!("order by {key} {word}, {id} {word} limit {}", size + 1) };
        Walk { steps: vec![step], back, size: size as usize }
    }

    /// The statements, each to be run while [`Walk::wants_more`].
    pub(crate) fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// So many rows do not yet fill the page and show that there is another.
    pub(crate) fn wants_more(&self, rows: usize) -> bool {
        rows <= self.size
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

/// Whether a page is read backwards, and the way its statements go: what is beyond, and in which order.
fn towards(direction: Direction, from: Option<&Place>) -> (bool, &'static str, &'static str) {
    let back = from.is_some_and(|place| place.back);
    let ascending = (direction == Direction::Ascending) != back;
    let (sign, word) = if ascending { (">", "asc") } else { ("<", "desc") };
    (back, sign, word)
}
