//! Exports: exactly what is filtered, as a file, however much it is.

use crate::{
    Answer, Refusal,
    form::Fields,
    query::{Query, Shelf},
    refusal::BadRequest,
    report::EnrollmentQuery,
    task::{TaskQuery, TaskState},
};
use async_trait::async_trait;
use std::fmt;

/// A list that can be exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportList {
    /// Provisioning Task Management.
    Tasks,
    /// Reports: tasks of one state.
    Reports,
    /// Reports: enrollments.
    Enrollments,
}

impl ExportList {
    /// Every list.
    pub const ALL: [ExportList; 3] = [ExportList::Tasks, ExportList::Reports, ExportList::Enrollments];

    /// The address of the list; that of its export is `/export` below it.
    pub const fn page(self) -> &'static str {
        match self {
            ExportList::Tasks => "/provisioning-tasks",
            ExportList::Reports => "/reports",
            ExportList::Enrollments => "/reports/enrollments",
        }
    }
}

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values (RFC 4180), with a byte order mark for Excel or without.
    Csv {
        /// It begins with a byte order mark.
        bom: bool,
    },
    /// One array of objects (RFC 8259).
    Json,
}

/// Which rows are exported. What a list is sorted by, and its page, do not count: see [`Export`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exported {
    /// Tasks, as Provisioning Task Management or as Reports shows them.
    Tasks(Shelf, TaskQuery),
    /// Enrollments.
    Enrollments(EnrollmentQuery),
    /// The result of an act over many enrollments.
    Bulk(i64),
}

/// What is asked for when a list is exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportQuery {
    /// Which rows.
    pub what: Exported,
    /// How the file is written.
    pub format: Format,
}

impl ExportQuery {
    /// Reads the parameters of the export of a list: those of the list, `format` and `bom`.
    ///
    /// # Errors
    /// [`BadRequest`] for everything that no page of ours writes.
    pub fn read(list: ExportList, fields: &Fields) -> Answer<ExportQuery> {
        let bom = match fields.one("bom")?.as_str() {
            "" => false,
            "1" => true,
            _ => return Err(Refusal::BadRequest(BadRequest::Parameter)),
        };
        let format = match fields.one("format")?.as_str() {
            "csv" => Format::Csv { bom },
            "json" => Format::Json,
            _ => return Err(Refusal::BadRequest(BadRequest::Parameter)),
        };
        let rest = fields.clone().without("format").without("bom");
        let what = match list {
            ExportList::Tasks => Exported::Tasks(Shelf::Management, TaskQuery::read(Shelf::Management, &rest)?),
            ExportList::Reports => Exported::Tasks(Shelf::Reports, TaskQuery::read(Shelf::Reports, &rest)?),
            ExportList::Enrollments => Exported::Enrollments(EnrollmentQuery::read(&rest)?),
        };
        Ok(ExportQuery { what, format })
    }
}

impl Exported {
    /// The list, as file names say it.
    pub const fn name(&self) -> &'static str {
        match self {
            Exported::Tasks(Shelf::Management, _) => "provisioning-tasks",
            Exported::Tasks(Shelf::Reports, query) => match query.state {
                TaskState::Completed => "completed-tasks",
                TaskState::Removed => "removed-tasks",
                TaskState::Outstanding => "outstanding-tasks",
            },
            Exported::Enrollments(_) => "enrollments",
            Exported::Bulk(_) => "bulk-result",
        }
    }

    /// The filter as its parameters, for the audit trail.
    pub fn filter(&self) -> String {
        let fields = match self {
            Exported::Tasks(shelf, query) => query.write(*shelf),
            Exported::Enrollments(query) => query.write(),
            Exported::Bulk(id) => return format!("act={id}"),
        };
        fields.without("sort").without("size").without("cursor").without("selection").to_query()
    }
}

/// A file that is being written while it is read. Its rows come in an order that nothing changes, the newest first, so that each comes
/// once, whatever happens to it meanwhile.
pub struct Export {
    /// The file's name, with the day.
    pub name: String,
    /// Its media type.
    pub kind: &'static str,
    /// What it holds.
    pub body: Box<dyn ExportBody>,
}

impl fmt::Debug for Export {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Export").field("name", &self.name).field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// What a file holds, part by part.
#[async_trait]
pub trait ExportBody: Send {
    /// The next part; nothing when the file is whole. An error means that it broke off and must not look whole.
    async fn next(&mut self) -> Option<Answer<Vec<u8>>>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(list: ExportList, query: &str) -> Answer<ExportQuery> {
        ExportQuery::read(list, &Fields::of_query(query).expect("a query"))
    }

    #[test]
    fn the_filter_of_the_list_is_the_filter_of_its_export() {
        let query = read(ExportList::Enrollments, "format=csv&bom=1&status=locked&sort=user_id&size=50").expect("an export");
        assert_eq!(query.format, Format::Csv { bom: true });
        assert_eq!((query.what.name(), query.what.filter().as_str()), ("enrollments", "status=locked"));
        let query = read(ExportList::Reports, "format=json&state=removed&kind=app").expect("an export");
        assert_eq!((query.format, query.what.name()), (Format::Json, "removed-tasks"));
        assert_eq!(query.what.filter(), "state=removed&kind=app");
        assert_eq!(read(ExportList::Tasks, "format=csv").map(|query| query.what.name()), Ok("provisioning-tasks"));
    }

    #[test]
    fn what_no_page_writes_is_refused() {
        let bad = [
            (ExportList::Tasks, "", BadRequest::Parameter),
            (ExportList::Tasks, "format=xlsx", BadRequest::Parameter),
            (ExportList::Tasks, "format=csv&bom=yes", BadRequest::Parameter),
            (ExportList::Tasks, "format=csv&format=json", BadRequest::Parameter),
            (ExportList::Tasks, "format=csv&state=completed", BadRequest::Parameter),
            (ExportList::Reports, "format=csv&state=lost", BadRequest::Filter),
            (ExportList::Enrollments, "format=csv&status=open", BadRequest::Filter),
            (ExportList::Enrollments, "format=csv&columns=secret", BadRequest::Parameter),
        ];
        for (list, query, what) in bad {
            assert_eq!(read(list, query), Err(Refusal::BadRequest(what)), "{query}");
        }
    }
}
