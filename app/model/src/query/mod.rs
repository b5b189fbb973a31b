//! Lists in addresses: what the query string of each list may hold. Read strictly and written in one form, here and nowhere else,
//! for the server and for the browser.
//!
//! An unknown or doubled parameter, and a value that a parameter does not take, is refused ([`BadRequest`]). An empty value is as
//! good as none, because a form sends its empty fields too. What is written back is canonical: a fixed order, and only what differs
//! from the list's default.

mod act;
mod audit;
mod enrollments;
mod messages;
mod records;
mod tasks;
mod users;

use crate::{
    Answer, Refusal,
    day::Day,
    form::Fields,
    listing::{Column, PageSize, Paging, Sort},
    refusal::BadRequest,
};
pub use act::{ACT_NAMES, ActFilter};
pub use tasks::Shelf;

/// The most characters of a cursor in an address.
const CURSOR_LIMIT: usize = 1024;

impl Fields {
    /// Reads a query string, without its question mark (WHATWG URL §5.1).
    ///
    /// # Errors
    /// [`BadRequest::Parameter`] for text that is not UTF-8, or that holds the mark of text which was not.
    pub fn of_query(query: &str) -> Answer<Fields> {
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let mended = |text: &String| text.contains(char::REPLACEMENT_CHARACTER);
        if pairs.iter().any(|(name, value)| mended(name) || mended(value)) {
            return Err(Refusal::BadRequest(BadRequest::Parameter));
        }
        Ok(Fields(pairs))
    }

    /// The query string that [`Fields::of_query`] reads, without a question mark.
    pub fn to_query(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }

    /// The address of `path` with these fields as its query.
    pub fn at(&self, path: &str) -> String {
        if self.0.is_empty() { path.to_owned() } else { format!("{path}?{}", self.to_query()) }
    }

    /// The fields whose names begin with `prefix`, and the others.
    #[must_use]
    pub fn split(self, prefix: &str) -> (Fields, Fields) {
        let (under, others) = self.0.into_iter().partition(|(name, _)| name.starts_with(prefix));
        (Fields(under), Fields(others))
    }

    /// These fields, then those.
    #[must_use]
    pub fn and(mut self, others: Fields) -> Fields {
        self.0.extend(others.0);
        self
    }

    /// These fields without any of that name.
    #[must_use]
    pub fn without(mut self, name: &str) -> Fields {
        self.0.retain(|(field, _)| field != name);
        self
    }
}

/// A list's query string.
pub trait Query: Sized {
    /// What is asked for.
    ///
    /// # Errors
    /// [`BadRequest`] for everything that no page of ours writes.
    fn read(fields: &Fields) -> Answer<Self>;

    /// The canonical parameters that [`Query::read`] reads back.
    fn write(&self) -> Fields;
}

impl<C: Column> Paging<C> {
    /// The first page, sorted like that.
    #[must_use]
    pub fn sorted(&self, sort: Sort<C>) -> Paging<C> {
        Paging { sort, cursor: String::new(), ..*self }
    }

    /// The first page in another size.
    #[must_use]
    pub fn sized(&self, size: PageSize) -> Paging<C> {
        Paging { size, cursor: String::new(), ..*self }
    }

    /// The page of that cursor.
    #[must_use]
    pub fn at(&self, cursor: &str) -> Paging<C> {
        Paging { cursor: cursor.to_owned(), ..*self }
    }

    /// The first page.
    #[must_use]
    pub fn first(&self) -> Paging<C> {
        self.at("")
    }
}

/// Reads the parameters of one list; `names` are all it has.
struct Reader<'a> {
    fields: &'a Fields,
    prefix: &'static str,
}

impl<'a> Reader<'a> {
    fn new(fields: &'a Fields, prefix: &'static str, names: &[&str]) -> Answer<Reader<'a>> {
        Reader::of(fields, prefix, |name| names.contains(&name))
    }

    fn of(fields: &'a Fields, prefix: &'static str, ours: impl Fn(&str) -> bool) -> Answer<Reader<'a>> {
        let known = |name: &str| name.strip_prefix(prefix).is_some_and(&ours);
        if fields.0.iter().all(|(name, _)| known(name)) {
            Ok(Reader { fields, prefix })
        } else {
            Err(Refusal::BadRequest(BadRequest::Parameter))
        }
    }

    fn text(&self, name: &str) -> Answer<String> {
        self.fields.one(&format!("{}{name}", self.prefix))
    }

    /// A value that `read` takes, or nothing.
    fn value<T>(&self, name: &str, read: impl FnOnce(&str) -> Option<T>) -> Answer<Option<T>> {
        let text = self.text(name)?;
        match text.as_str() {
            "" => Ok(None),
            text => read(text).map(Some).ok_or(Refusal::BadRequest(BadRequest::Filter)),
        }
    }

    fn flag(&self, name: &str) -> Answer<bool> {
        self.value(name, |text| (text == YES).then_some(())).map(|flag| flag.is_some())
    }

    fn day(&self, name: &str) -> Answer<Option<Day>> {
        self.value(name, Day::parse)
    }

    /// A name as people write it: one line of at most 100 characters.
    fn name(&self, name: &str) -> Answer<Option<String>> {
        self.value(name, |text| crate::text::some_line(text, 100).ok())
    }

    /// A selection's id: whether there is one, the service knows.
    fn selection(&self) -> Answer<Option<String>> {
        let id = self.text("selection")?;
        let plain = id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        if plain { Ok(Some(id).filter(|id| !id.is_empty())) } else { Err(Refusal::BadRequest(BadRequest::Parameter)) }
    }

    fn search(&self) -> Answer<String> {
        crate::user::search(&self.text("search")?)
    }

    fn paging<C: Column>(&self, default: Sort<C>) -> Answer<Paging<C>> {
        let sort = Sort::parse(&self.text("sort")?, default)?;
        let size = PageSize::parse(&self.text("size")?)?;
        let cursor = self.text("cursor")?;
        let ours =
            cursor.len() <= CURSOR_LIMIT && cursor.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        if ours { Ok(Paging { sort, size, cursor }) } else { Err(Refusal::BadRequest(BadRequest::Cursor)) }
    }
}

/// The value of a filter that is on or off.
const YES: &str = "1";

/// Writes the parameters of one list.
struct Writer {
    fields: Fields,
    prefix: &'static str,
}

impl Writer {
    fn new(prefix: &'static str) -> Writer {
        Writer { fields: Fields::default(), prefix }
    }

    fn text(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.fields.0.push((format!("{}{name}", self.prefix), value.to_owned()));
        }
    }

    fn flag(&mut self, name: &str, on: bool) {
        self.text(name, if on { YES } else { "" });
    }

    fn day(&mut self, name: &str, day: Option<Day>) {
        self.text(name, &day.map(Day::iso).unwrap_or_default());
    }

    fn paging<C: Column>(&mut self, paging: &Paging<C>, default: Sort<C>) {
        let sort = if paging.sort == default { String::new() } else { paging.sort.text() };
        self.text("sort", &sort);
        self.text("size", paging.size.parameter());
        self.text("cursor", &paging.cursor);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_string_is_read_as_it_was_written() {
        let fields = Fields::of_query("search=%C5%81uk+a%26b&kind=app").expect("a query");
        assert_eq!(fields.one("search").as_deref(), Ok("Łuk a&b"));
        assert_eq!(fields.at("/users"), "/users?search=%C5%81uk+a%26b&kind=app");
        assert_eq!(Fields::default().at("/users"), "/users");
    }

    #[test]
    fn text_that_is_not_utf8_is_refused_and_not_mended() {
        for bad in ["search=%FF", "%C5=1", "search=%EF%BF%BD"] {
            assert_eq!(Fields::of_query(bad), Err(Refusal::BadRequest(BadRequest::Parameter)), "{bad}");
        }
    }
}
