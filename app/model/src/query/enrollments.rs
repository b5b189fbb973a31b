//! The parameters of `/reports/enrollments`.

use super::{Query, Reader, Writer};
use crate::{
    Answer,
    enrollment::Status,
    form::Fields,
    message::MailState,
    report::{ENROLLMENT_SORT, EnrollmentFilter, EnrollmentQuery, LinkState},
};

const NAMES: &[&str] = &[
    "search",
    "status",
    "mail",
    "link",
    "started",
    "redirected",
    "asked",
    "never_used",
    "container",
    "sort",
    "size",
    "cursor",
    "selection",
];

impl Query for EnrollmentQuery {
    fn read(fields: &Fields) -> Answer<EnrollmentQuery> {
        let reader = Reader::with_act(fields, NAMES)?;
        let filter = EnrollmentFilter {
            search: reader.search()?,
            status: reader.value("status", Status::of_code)?,
            mail: reader.value("mail", MailState::of_code)?,
            link: reader.value("link", LinkState::of_code)?,
            started: reader.value("started", yes_or_no)?,
            redirected: reader.flag("redirected")?,
            asked: reader.flag("asked")?,
            never_used: reader.flag("never_used")?,
            container: reader.name("container")?,
            act: reader.act()?,
        };
        Ok(EnrollmentQuery { filter, paging: reader.paging(ENROLLMENT_SORT)?, selection: reader.selection()? })
    }

    fn write(&self) -> Fields {
        let mut writer = Writer::new("");
        let filter = &self.filter;
        writer.text("search", &filter.search);
        writer.text("status", filter.status.map_or("", Status::code));
        writer.text("mail", filter.mail.map_or("", MailState::code));
        writer.text("link", filter.link.map_or("", LinkState::code));
        writer.text("started", filter.started.map_or("", |started| if started { "yes" } else { "no" }));
        writer.flag("redirected", filter.redirected);
        writer.flag("asked", filter.asked);
        writer.flag("never_used", filter.never_used);
        writer.text("container", filter.container.as_deref().unwrap_or_default());
        writer.act(&filter.act);
        writer.paging(&self.paging, ENROLLMENT_SORT);
        writer.text("selection", self.selection.as_deref().unwrap_or_default());
        writer.fields
    }
}

fn yes_or_no(word: &str) -> Option<bool> {
    match word {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Refusal,
        authentication::AuthenticationType,
        day::Day,
        listing::{Column, Direction, PageSize, Paging, Sort},
        query::ActFilter,
        refusal::BadRequest,
        report::EnrollmentColumn,
    };

    fn read(query: &str) -> Answer<EnrollmentQuery> {
        EnrollmentQuery::read(&Fields::of_query(query).expect("a query"))
    }

    fn full() -> EnrollmentQuery {
        EnrollmentQuery {
            filter: EnrollmentFilter {
                search: "Żółć & co".into(),
                status: Some(Status::Expired),
                mail: Some(MailState::Bounced),
                link: Some(LinkState::Unopened),
                started: Some(false),
                redirected: true,
                asked: true,
                never_used: true,
                container: Some("Sales & co".into()),
                act: ActFilter {
                    operator: Some("Rule: Sales".into()),
                    kind: Some(AuthenticationType::App),
                    start_from: Day::parse("2026-01-01"),
                    start_to: Day::parse("2026-02-01"),
                    stop_from: Day::parse("2026-03-01"),
                    stop_to: Day::parse("2026-04-01"),
                },
            },
            paging: Paging {
                sort: Sort { column: EnrollmentColumn::UserId, direction: Direction::Descending },
                size: PageSize::Large,
                cursor: "abc-_9".into(),
            },
            selection: Some("s-1".into()),
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        for query in [full(), EnrollmentQuery::all()] {
            assert_eq!(read(&query.write().to_query()), Ok(query));
        }
        assert_eq!(EnrollmentQuery::all().write(), Fields::default());
        assert_eq!(read("status=&mail=&link=&started=&container=&sort=&cursor="), Ok(EnrollmentQuery::all()));
    }

    #[test]
    fn every_column_sorts_both_ways() {
        for column in EnrollmentColumn::ALL {
            for direction in [Direction::Ascending, Direction::Descending] {
                let sort = Sort { column: *column, direction };
                assert_eq!(read(&format!("sort={}", sort.text())).map(|query| query.paging.sort), Ok(sort));
            }
        }
    }

    #[test]
    fn a_forged_or_doubled_parameter_is_refused() {
        let cases = [
            ("sort=serial", BadRequest::Sort),
            ("sort=--task", BadRequest::Sort),
            ("size=26", BadRequest::PageSize),
            ("cursor=a+b", BadRequest::Cursor),
            ("status=open", BadRequest::Filter),
            ("mail=lost", BadRequest::Filter),
            ("link=1", BadRequest::Filter),
            ("started=1", BadRequest::Filter),
            ("redirected=yes", BadRequest::Filter),
            ("asked=yes", BadRequest::Filter),
            ("never_used=no", BadRequest::Filter),
            ("kind=sms", BadRequest::Filter),
            ("stop_to=tomorrow", BadRequest::Filter),
            ("container=a%0Ab", BadRequest::Filter),
            ("status=active&status=locked", BadRequest::Parameter),
            ("search[]=a", BadRequest::Parameter),
            ("state=completed", BadRequest::Parameter),
        ];
        for (query, what) in cases {
            assert_eq!(read(query), Err(Refusal::BadRequest(what)), "{query}");
        }
    }
}
