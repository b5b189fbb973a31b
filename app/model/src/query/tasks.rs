//! The parameters of lists of tasks, and of the users of one task.

use super::{Query, Reader, Writer};
use crate::{
    Answer, Refusal,
    enrollment::Status,
    form::Fields,
    refusal::BadRequest,
    task::{TASK_SORT, TASK_USER_SORT, TaskFilter, TaskQuery, TaskState, TaskUserQuery},
};

const NAMES: &[&str] = &["state", "search", "has_locked", "has_expired", "mail_failed", "sort", "size", "cursor", "selection"];

/// Where a list of tasks stands. Decides which tasks it holds when the address does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// Provisioning Task Management: the outstanding tasks, and no filter brings another back.
    Management,
    /// Reports: the completed ones first.
    Reports,
}

impl Shelf {
    /// The tasks it holds when the address does not say.
    pub const fn default_state(self) -> TaskState {
        match self {
            Shelf::Management => TaskState::Outstanding,
            Shelf::Reports => TaskState::Completed,
        }
    }
}

impl TaskQuery {
    /// What a list of tasks is asked for.
    ///
    /// # Errors
    /// [`BadRequest`] for everything that no page of ours writes; outside Reports that includes `state`.
    pub fn read(shelf: Shelf, fields: &Fields) -> Answer<TaskQuery> {
        let reader = Reader::with_act(fields, NAMES)?;
        let state = reader.value("state", TaskState::of_code)?;
        if shelf == Shelf::Management && fields.many("state").next().is_some() {
            return Err(Refusal::BadRequest(BadRequest::Parameter));
        }
        let selection = reader.selection()?;
        if shelf == Shelf::Reports && selection.is_some() {
            return Err(Refusal::BadRequest(BadRequest::Parameter));
        }
        let filter = TaskFilter {
            search: reader.search()?,
            has_locked: reader.flag("has_locked")?,
            has_expired: reader.flag("has_expired")?,
            mail_failed: reader.flag("mail_failed")?,
            act: reader.act()?,
        };
        let state = state.unwrap_or(shelf.default_state());
        Ok(TaskQuery { state, filter, paging: reader.paging(TASK_SORT)?, selection })
    }

    /// The canonical parameters.
    pub fn write(&self, shelf: Shelf) -> Fields {
        let mut writer = Writer::new("");
        let state = if self.state == shelf.default_state() { "" } else { self.state.code() };
        writer.text("state", state);
        let filter = &self.filter;
        writer.text("search", &filter.search);
        writer.flag("has_locked", filter.has_locked);
        writer.flag("has_expired", filter.has_expired);
        writer.flag("mail_failed", filter.mail_failed);
        writer.act(&filter.act);
        writer.paging(&self.paging, TASK_SORT);
        writer.text("selection", self.selection.as_deref().unwrap_or_default());
        writer.fields
    }
}

impl TaskUserQuery {
    /// What the names of its parameters begin with.
    pub const PREFIX: &'static str = "users.";
}

impl Query for TaskUserQuery {
    fn read(fields: &Fields) -> Answer<TaskUserQuery> {
        let names = ["status", "mail_failed", "search", "sort", "size", "cursor"];
        let reader = Reader::new(fields, TaskUserQuery::PREFIX, &names)?;
        Ok(TaskUserQuery {
            status: reader.value("status", Status::of_code)?,
            mail_failed: reader.flag("mail_failed")?,
            search: reader.search()?,
            paging: reader.paging(TASK_USER_SORT)?,
        })
    }

    fn write(&self) -> Fields {
        let mut writer = Writer::new(TaskUserQuery::PREFIX);
        writer.text("status", self.status.map_or("", Status::code));
        writer.flag("mail_failed", self.mail_failed);
        writer.text("search", &self.search);
        writer.paging(&self.paging, TASK_USER_SORT);
        writer.fields
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        authentication::AuthenticationType,
        day::Day,
        listing::{Column, Direction, PageSize, Paging, Sort},
        query::ActFilter,
        task::TaskColumn,
    };

    fn management(query: &str) -> Answer<TaskQuery> {
        TaskQuery::read(Shelf::Management, &Fields::of_query(query).expect("a query"))
    }

    fn refused<T>(what: BadRequest) -> Answer<T> {
        Err(Refusal::BadRequest(what))
    }

    fn full() -> TaskQuery {
        TaskQuery {
            state: TaskState::Outstanding,
            filter: TaskFilter {
                search: "Żółć & co".into(),
                has_locked: true,
                has_expired: true,
                mail_failed: true,
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
                sort: Sort { column: TaskColumn::Progress, direction: Direction::Ascending },
                size: PageSize::Large,
                cursor: "abc-_9".into(),
            },
            selection: Some("s-1".into()),
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        for query in [full(), TaskQuery::all()] {
            assert_eq!(management(&query.write(Shelf::Management).to_query()), Ok(query));
        }
        let report = TaskQuery { state: TaskState::Removed, selection: None, ..full() };
        assert_eq!(TaskQuery::read(Shelf::Reports, &report.write(Shelf::Reports)), Ok(report));
    }

    #[test]
    fn the_default_list_has_no_parameters() {
        assert_eq!(TaskQuery::all().write(Shelf::Management), Fields::default());
        let report = TaskQuery::read(Shelf::Reports, &Fields::default()).expect("a report");
        assert_eq!((report.state, report.write(Shelf::Reports)), (TaskState::Completed, Fields::default()));
    }

    #[test]
    fn empty_fields_of_a_form_are_as_good_as_none() {
        assert_eq!(management("search=&operator=&kind=&start_from=&sort=&size=&cursor="), Ok(TaskQuery::all()));
    }

    #[test]
    fn every_column_sorts_both_ways() {
        for column in TaskColumn::ALL {
            for direction in [Direction::Ascending, Direction::Descending] {
                let sort = Sort { column: *column, direction };
                let read = management(&format!("sort={}", sort.text())).map(|query| query.paging.sort);
                assert_eq!(read, Ok(sort));
            }
        }
    }

    #[test]
    fn no_filter_brings_a_finished_task_back_to_the_list() {
        for bad in ["state=completed", "state=outstanding", "state="] {
            assert_eq!(management(bad), refused(BadRequest::Parameter), "{bad}");
        }
    }

    #[test]
    fn a_forged_or_doubled_parameter_is_refused() {
        let cases = [
            ("sort=password", BadRequest::Sort),
            ("sort=--task", BadRequest::Sort),
            ("sort=task,stop", BadRequest::Sort),
            ("size=26", BadRequest::PageSize),
            ("cursor=a+b", BadRequest::Cursor),
            ("cursor=a%3D", BadRequest::Cursor),
            ("has_locked=true", BadRequest::Filter),
            ("kind=sms", BadRequest::Filter),
            ("stop_to=tomorrow", BadRequest::Filter),
            ("operator=a%0Ab", BadRequest::Filter),
            ("sort=task&sort=task", BadRequest::Parameter),
            ("search=a&search=b", BadRequest::Parameter),
            ("search[]=a", BadRequest::Parameter),
            ("users.search=a", BadRequest::Parameter),
            ("page=2", BadRequest::Parameter),
        ];
        for (query, what) in cases {
            assert_eq!(management(query), refused(what), "{query}");
        }
        let long = format!("search={}", "x".repeat(101));
        assert_eq!(management(&long), refused(BadRequest::Filter));
        let long = format!("cursor={}", "x".repeat(1025));
        assert_eq!(management(&long), refused(BadRequest::Cursor));
    }

    #[test]
    fn the_users_of_a_task_have_parameters_of_their_own() {
        let query = TaskUserQuery {
            status: Some(Status::Locked),
            mail_failed: true,
            search: "zo".into(),
            paging: Paging { size: PageSize::Middle, cursor: "x".into(), ..TaskUserQuery::all().paging },
        };
        let text = full().write(Shelf::Management).and(query.write()).to_query();
        let (users, tasks) = Fields::of_query(&text).expect("a query").split(TaskUserQuery::PREFIX);
        assert_eq!(TaskUserQuery::read(&users), Ok(query));
        assert_eq!(TaskQuery::read(Shelf::Management, &tasks), Ok(full()));
        assert_eq!(TaskUserQuery::all().write(), Fields::default());
    }

    #[test]
    fn a_forged_parameter_of_a_tasks_users_is_refused() {
        let read = |query: &str| TaskUserQuery::read(&Fields::of_query(query).expect("a query"));
        assert_eq!(read("users.status=open"), refused(BadRequest::Filter));
        assert_eq!(read("users.sort=name"), refused(BadRequest::Sort));
        assert_eq!(read("users.kind=app"), refused(BadRequest::Parameter));
        assert_eq!(read("users.search=a&users.search=a"), refused(BadRequest::Parameter));
        assert_eq!(read("status=locked"), refused(BadRequest::Parameter));
    }
}
