//! What was there before and after, from the JSON of an entry into fields that people read.

use model::{audit::AuditChange, day::Day, task::Obstacle, user::masked};
use serde_json::{Map, Value};

/// Fields that the screens call otherwise than their names say.
const NAMES: [(&str, &str); 11] = [
    ("user_id", "User ID"),
    ("custom1", "Custom #1"),
    ("custom2", "Custom #2"),
    ("custom3", "Custom #3"),
    ("stop", "Stop Date"),
    ("stop_on", "Stop Date"),
    ("emailed_to", "Emailed to"),
    ("first_name", "First Name"),
    ("last_name", "Last Name"),
    ("serial", "Serial Number"),
    ("type", "Authentication Type"),
];

/// What stands there for the program: see `task_edit::meanwhile`.
const TRACE: &str = "trace.";

/// Field by field what changed. Where there is a before, a field that `after` does not name stayed as it was.
pub(super) fn changes(before: Option<&str>, after: Option<&str>) -> Vec<AuditChange> {
    let (before, after) = (before.map(fields), after.map(fields));
    let mut changes: Vec<AuditChange> = Vec::new();
    let names: Vec<&String> = match (&before, &after) {
        (_, Some(after)) => after.keys().collect(),
        (Some(before), None) => before.keys().collect(),
        (None, None) => Vec::new(),
    };
    for name in names.into_iter().filter(|name| !name.starts_with(TRACE)) {
        let held = |fields: &Option<Map<String, Value>>| fields.as_ref().and_then(|fields| text(name, fields.get(name)?));
        let (before, after) = (held(&before), held(&after));
        if before != after {
            changes.push(AuditChange { field: field(name), before, after });
        }
    }
    changes
}

/// Hides every address in a change.
pub(super) fn mask(change: &mut AuditChange) {
    for text in [&mut change.before, &mut change.after].into_iter().flatten() {
        *text = text
            .split(' ')
            .map(|word| if word.contains('@') { masked(word) } else { word.to_owned() })
            .collect::<Vec<_>>()
            .join(" ");
    }
}

/// The fields of an entry, those inside a field beside the others: `a.b`.
fn fields(json: &str) -> Map<String, Value> {
    let mut fields = Map::new();
    match serde_json::from_str(json) {
        Ok(Value::Object(object)) => flatten("", object, &mut fields),
        Ok(other) => drop(fields.insert("value".to_owned(), other)),
        Err(_) => drop(fields.insert("value".to_owned(), Value::String(json.to_owned()))),
    }
    fields
}

fn flatten(prefix: &str, object: Map<String, Value>, into: &mut Map<String, Value>) {
    for (name, value) in object {
        let name = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
        match value {
            Value::Object(inner) => flatten(&name, inner, into),
            value => drop(into.insert(name, value)),
        }
    }
}

/// A value in words; nothing for an empty one.
fn text(name: &str, value: &Value) -> Option<String> {
    if let ("left_out", Ok(reasons)) = (name, serde_json::from_value::<Vec<(Obstacle, i64)>>(value.clone())) {
        let words = reasons.iter().map(|(obstacle, count)| format!("{count}: {}", obstacle.sentence())).collect::<Vec<_>>();
        return Some(words.join(" ")).filter(|words| !words.is_empty());
    }
    let words = match value {
        Value::Null => return None,
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Number(number) if is_day(name) => {
            let day = number.as_i64().and_then(|day| i32::try_from(day).ok());
            day.map_or_else(|| number.to_string(), |day| Day::from_epoch(day).to_string())
        }
        Value::Number(number) => number.to_string(),
        Value::String(text) if is_day(name) => Day::parse(text).map_or_else(|| text.clone(), |day| day.to_string()),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().filter_map(|value| text("", value)).collect::<Vec<_>>().join(", "),
        Value::Object(inner) => {
            inner.iter().filter_map(|(name, value)| Some(format!("{name} {}", text(name, value)?))).collect::<Vec<_>>().join(", ")
        }
    };
    Some(words).filter(|words| !words.is_empty())
}

/// Days are kept as their number.
fn is_day(name: &str) -> bool {
    let name = name.rsplit('.').next().unwrap_or(name);
    name == "stop" || name.ends_with("_on") || name.ends_with("_stop")
}

/// A field as the screens call it: `link_lifetime.hours` becomes `Link lifetime · hours`.
fn field(name: &str) -> String {
    if let Some((_, words)) = NAMES.iter().find(|(code, _)| *code == name) {
        return (*words).to_owned();
    }
    let words = name.replace('_', " ").replace('.', " · ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(before: Option<&str>, after: Option<&str>) -> Vec<(String, Option<String>, Option<String>)> {
        changes(before, after).into_iter().map(|change| (change.field, change.before, change.after)).collect()
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn only_what_changed_is_told_and_empty_is_nothing() {
        let before = r#"{"email":"a@x.example","first_name":"Ann","mobile":""}"#;
        let after = r#"{"email":"b@x.example","mobile":"+43 1","first_name":"Ann"}"#;
        let expected =
            [("Email".to_owned(), some("a@x.example"), some("b@x.example")), ("Mobile".to_owned(), None, some("+43 1"))];
        assert_eq!(told(Some(before), Some(after)), expected);
    }

    #[test]
    fn what_is_new_and_what_is_gone_are_told_whole() {
        assert_eq!(told(None, Some(r#"{"enabled":true}"#)), [("Enabled".to_owned(), None, some("yes"))]);
        assert_eq!(told(Some(r#"{"count":3}"#), None), [("Count".to_owned(), some("3"), None)]);
        assert!(told(None, None).is_empty());
    }

    #[test]
    fn days_lists_and_what_stands_inside_are_read_by_people() {
        let after = r#"{"stop":20779,"left_out":[["NoEmail",2]],"totp":{"digits":6,"period":30}}"#;
        let expected = [
            ("Left out".to_owned(), None, some("2: No e-mail address.")),
            ("Stop Date".to_owned(), None, some("22 Nov 2026")),
            ("Totp · digits".to_owned(), None, some("6")),
            ("Totp · period".to_owned(), None, some("30")),
        ];
        assert_eq!(told(None, Some(after)), expected);
        assert_eq!(told(None, Some("not json")), [("Value".to_owned(), None, some("not json"))]);
    }

    #[test]
    fn a_masked_change_holds_no_address() {
        let mut change =
            AuditChange { field: "Reason".into(), before: None, after: some("Phone lost, use ann@home.example now") };
        mask(&mut change);
        assert_eq!(change.after, some("Phone lost, use a…@… now"));
    }
}
