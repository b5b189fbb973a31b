//! The parameters of `/communications`.

use super::{Query, Reader, Writer};
use crate::{
    Answer,
    form::Fields,
    message::{MESSAGE_SORT, MailState, MessageFilter, MessageKind, MessageQuery},
};

impl Query for MessageQuery {
    fn read(fields: &Fields) -> Answer<MessageQuery> {
        let reader = Reader::new(fields, "", &["state", "kind", "task", "sort", "size", "cursor"])?;
        let filter = MessageFilter {
            state: reader.value("state", MailState::of_code)?,
            kind: reader.value("kind", MessageKind::of_code)?,
            task: reader.value("task", task)?,
        };
        Ok(MessageQuery { filter, paging: reader.paging(MESSAGE_SORT)? })
    }

    fn write(&self) -> Fields {
        let mut writer = Writer::new("");
        writer.text("state", self.filter.state.map_or("", MailState::code));
        writer.text("kind", self.filter.kind.map_or("", MessageKind::code));
        writer.text("task", &self.filter.task.map(|task| task.to_string()).unwrap_or_default());
        writer.paging(&self.paging, MESSAGE_SORT);
        writer.fields
    }
}

/// A task's number as people copy it: digits alone.
fn task(text: &str) -> Option<i64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number: &i64| digits && *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Refusal,
        listing::{Direction, PageSize, Paging, Sort},
        message::MessageColumn,
        refusal::BadRequest,
    };

    #[test]
    fn what_is_written_is_read_back() {
        let query = MessageQuery {
            filter: MessageFilter { state: Some(MailState::Failed), kind: Some(MessageKind::Resend), task: Some(7) },
            paging: Paging {
                sort: Sort { column: MessageColumn::Made, direction: Direction::Ascending },
                size: PageSize::Large,
                cursor: "c".into(),
            },
        };
        assert_eq!(MessageQuery::read(&query.write()), Ok(query));
        assert_eq!(MessageQuery::read(&Fields::default()), Ok(MessageQuery::all()));
        assert_eq!(MessageQuery::all().write(), Fields::default());
    }

    #[test]
    fn a_forged_parameter_is_refused() {
        let cases = [
            ("state=lost", BadRequest::Filter),
            ("task=0", BadRequest::Filter),
            ("task=%2B7", BadRequest::Filter),
            ("task=99999999999999999999", BadRequest::Filter),
            ("sort=to", BadRequest::Sort),
            ("to=a%40b.example", BadRequest::Parameter),
        ];
        for (query, what) in cases {
            let fields = Fields::of_query(query).expect("a query");
            assert_eq!(MessageQuery::read(&fields), Err(Refusal::BadRequest(what)), "{query}");
        }
    }
}
