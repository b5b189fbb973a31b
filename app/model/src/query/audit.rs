//! The parameters of `/audit` and `/users/{id}/activity`.

use super::{Query, Reader, Writer};
use crate::{
    Answer,
    audit::{AUDIT_SORT, ActivityQuery, AuditFilter, AuditQuery, known_verb},
    form::Fields,
    listing::Paging,
};

impl Query for AuditQuery {
    fn read(fields: &Fields) -> Answer<AuditQuery> {
        let reader = Reader::new(fields, "", &["search", "verb", "operator", "from", "to", "sort", "size", "cursor"])?;
        let filter = AuditFilter {
            search: reader.search()?,
            verb: reader.value("verb", known_verb)?.map(str::to_owned),
            operator: reader.name("operator")?,
            from: reader.day("from")?,
            to: reader.day("to")?,
        };
        Ok(AuditQuery { filter, paging: reader.paging(AUDIT_SORT)? })
    }

    fn write(&self) -> Fields {
        let mut writer = Writer::new("");
        writer.text("search", &self.filter.search);
        writer.text("verb", self.filter.verb.as_deref().unwrap_or_default());
        writer.text("operator", self.filter.operator.as_deref().unwrap_or_default());
        writer.day("from", self.filter.from);
        writer.day("to", self.filter.to);
        writer.paging(&self.paging, AUDIT_SORT);
        writer.fields
    }
}

impl Query for ActivityQuery {
    fn read(fields: &Fields) -> Answer<ActivityQuery> {
        let reader = Reader::new(fields, "", &["size", "cursor"])?;
        Ok(ActivityQuery { paging: Paging { sort: AUDIT_SORT, ..reader.paging(AUDIT_SORT)? } })
    }

    fn write(&self) -> Fields {
        let mut writer = Writer::new("");
        writer.paging(&Paging { sort: AUDIT_SORT, ..self.paging.clone() }, AUDIT_SORT);
        writer.fields
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Refusal,
        day::Day,
        listing::{Direction, PageSize, Sort},
        refusal::BadRequest,
    };

    #[test]
    fn what_is_written_is_read_back() {
        let filter = AuditFilter {
            search: "Żółć & co".into(),
            verb: Some("user.edit".into()),
            operator: Some("Command line".into()),
            from: Day::parse("2026-11-01"),
            to: Day::parse("2026-11-22"),
        };
        let sort = Sort { direction: Direction::Ascending, ..AUDIT_SORT };
        let query = AuditQuery { filter, paging: Paging { sort, size: PageSize::Large, cursor: "c-_".into() } };
        assert_eq!(AuditQuery::read(&query.write()), Ok(query));
        assert_eq!(AuditQuery::read(&Fields::default()), Ok(AuditQuery::all()));
        assert_eq!(AuditQuery::all().write(), Fields::default());
        let activity = ActivityQuery { paging: Paging { sort: AUDIT_SORT, size: PageSize::Middle, cursor: "c".into() } };
        assert_eq!(ActivityQuery::read(&activity.write()), Ok(activity));
    }

    #[test]
    fn a_forged_parameter_is_refused() {
        let cases = [
            ("verb=user.destroy", BadRequest::Filter),
            ("verb=user", BadRequest::Filter),
            ("from=yesterday", BadRequest::Filter),
            ("operator=a%0Ab", BadRequest::Filter),
            ("sort=verb", BadRequest::Sort),
            ("cursor=a.b", BadRequest::Cursor),
            ("subject=7", BadRequest::Parameter),
            ("verb=user.add&verb=user.add", BadRequest::Parameter),
        ];
        for (query, what) in cases {
            let fields = Fields::of_query(query).expect("a query");
            assert_eq!(AuditQuery::read(&fields), Err(Refusal::BadRequest(what)), "{query}");
        }
        let fields = Fields::of_query("sort=at").expect("a query");
        assert_eq!(ActivityQuery::read(&fields), Err(Refusal::BadRequest(BadRequest::Parameter)));
    }
}
