//! The parameters of `/users`.

use super::{Query, Reader, Writer};
use crate::{
    Answer,
    form::Fields,
    user::{USER_SORT, UserFilter, UserQuery},
};

impl Query for UserQuery {
    fn read(fields: &Fields) -> Answer<UserQuery> {
        let reader = Reader::new(fields, "", &["search", "container", "enabled", "sort", "size", "cursor", "selection"])?;
        let filter = UserFilter {
            search: reader.search()?,
            container: reader.name("container")?,
            enabled: reader.value("enabled", |word| match word {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            })?,
        };
        Ok(UserQuery { filter, paging: reader.paging(USER_SORT)?, selection: reader.selection()? })
    }

    fn write(&self) -> Fields {
        let mut writer = Writer::new("");
        writer.text("search", &self.filter.search);
        writer.text("container", self.filter.container.as_deref().unwrap_or_default());
        let enabled = self.filter.enabled.map_or("", |enabled| if enabled { "yes" } else { "no" });
        writer.text("enabled", enabled);
        writer.paging(&self.paging, USER_SORT);
        writer.text("selection", self.selection.as_deref().unwrap_or_default());
        writer.fields
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Refusal,
        listing::{Direction, PageSize, Paging, Sort},
        refusal::BadRequest,
        user::UserColumn,
    };

    #[test]
    fn what_is_written_is_read_back() {
        let query = UserQuery {
            filter: UserFilter { search: "山田".into(), container: Some("Sales & co".into()), enabled: Some(false) },
            paging: Paging {
                sort: Sort { column: UserColumn::Email, direction: Direction::Descending },
                size: PageSize::Middle,
                cursor: "x_y".into(),
            },
            selection: Some("s-1".into()),
        };
        assert_eq!(UserQuery::read(&query.write()), Ok(query));
        assert_eq!(UserQuery::read(&Fields::default()), Ok(UserQuery::all()));
        assert_eq!(UserQuery::all().write(), Fields::default());
    }

    #[test]
    fn a_forged_parameter_is_refused() {
        let cases = [
            ("sort=password_hash", BadRequest::Sort),
            ("enabled=1", BadRequest::Filter),
            ("size=7", BadRequest::PageSize),
            ("selection=a/b", BadRequest::Parameter),
            ("email[]=a", BadRequest::Parameter),
        ];
        for (query, what) in cases {
            let fields = Fields::of_query(query).expect("a query");
            assert_eq!(UserQuery::read(&fields), Err(Refusal::BadRequest(what)), "{query}");
        }
    }
}
