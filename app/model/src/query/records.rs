//! The parameters of `/policy/self-enrollment` and `/operators`.

use super::{Query, Reader, Writer};
use crate::{
    Answer,
    form::Fields,
    operator::{OPERATOR_SORT, OperatorQuery},
    policy::{POLICY_LOG_SORT, PolicyLogQuery},
};

impl Query for PolicyLogQuery {
    fn read(fields: &Fields) -> Answer<PolicyLogQuery> {
        let reader = Reader::new(fields, "", &["saved", "sort", "size", "cursor"])?;
        let key = |text: &str| {
            let plain = text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
            plain.then(|| text.to_owned())
        };
        Ok(PolicyLogQuery { paging: reader.paging(POLICY_LOG_SORT)?, saved: reader.value("saved", key)?.unwrap_or_default() })
    }

    fn write(&self) -> Fields {
        let mut writer = Writer::new("");
        writer.text("saved", &self.saved);
        writer.paging(&self.paging, POLICY_LOG_SORT);
        writer.fields
    }
}

impl Query for OperatorQuery {
    fn read(fields: &Fields) -> Answer<OperatorQuery> {
        let reader = Reader::new(fields, "", &["sort", "size", "cursor"])?;
        Ok(OperatorQuery { paging: reader.paging(OPERATOR_SORT)? })
    }

    fn write(&self) -> Fields {
        let mut writer = Writer::new("");
        writer.paging(&self.paging, OPERATOR_SORT);
        writer.fields
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Refusal, refusal::BadRequest};

    #[test]
    fn what_is_written_is_read_back_and_the_rest_is_refused() {
        let fields = Fields::of_query("saved=1&sort=when&size=50&cursor=c").expect("a query");
        let query = PolicyLogQuery::read(&fields).expect("a query");
        assert_eq!(query.write(), fields);
        let fields = Fields::of_query("sort=-user_id&size=100").expect("a query");
        assert_eq!(OperatorQuery::read(&fields).expect("a query").write(), fields);
        for bad in ["sort=password_hash", "saved=a%2Fb", "x=1"] {
            let fields = Fields::of_query(bad).expect("a query");
            assert!(matches!(PolicyLogQuery::read(&fields), Err(Refusal::BadRequest(_))), "{bad}");
        }
        let fields = Fields::of_query("sort=role").expect("a query");
        assert_eq!(OperatorQuery::read(&fields), Err(Refusal::BadRequest(BadRequest::Sort)));
    }
}
