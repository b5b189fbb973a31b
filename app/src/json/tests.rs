//! The reader of JSON reads what `serde_json` writes, and refuses what is none.

use super::{Unreadable, read};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{collections::BTreeMap, fmt::Debug};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Row {
    name: String,
    count: i64,
    small: u8,
    on: bool,
    note: Option<String>,
    pairs: Vec<(String, i64)>,
    inner: Option<Box<Row>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Shape {
    Plain,
    One(String),
    Two(i64, bool),
    Named { at: u32, who: Option<String> },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Wrapped(Vec<Shape>);

fn is_the_same<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: T) {
    for json in [serde_json::to_string(&value), serde_json::to_string_pretty(&value)].map(Result::unwrap_or_default) {
        assert_eq!(read::<T>(&json).as_ref(), Ok(&value), "{json}");
    }
}

#[test]
fn what_the_server_writes_is_read_as_it_was() {
    let inner = Row { name: "é \" \\ / \n \u{1} 😀".into(), count: i64::MIN, ..Row::default() };
    let row = Row {
        count: i64::MAX,
        small: 255,
        on: true,
        note: Some(String::new()),
        pairs: vec![("a".into(), -1), (String::new(), 0)],
        inner: Some(Box::new(inner)),
        ..Row::default()
    };
    is_the_same(row);
    is_the_same(Row::default());
    is_the_same(Wrapped(vec![
        Shape::Plain,
        Shape::One("x".into()),
        Shape::Two(-7, false),
        Shape::Named { at: 3, who: None },
        Shape::Named { at: 0, who: Some("w".into()) },
    ]));
    is_the_same((Ok::<(), Shape>(()), Err::<(), Shape>(Shape::Plain)));
    is_the_same(Vec::<Row>::new());
    is_the_same(BTreeMap::from([("k".to_owned(), 1.5), ("l".to_owned(), -2e9)]));
    is_the_same(serde_json::json!({ "a": [1, -2, 0.5, true, null, "s", { "b": [] }] }));
    is_the_same(u64::MAX);
}

#[test]
fn escapes_of_every_kind_are_read() {
    assert_eq!(read::<String>(r#" "\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00" "#).as_deref(), Ok("\"\\/\u{8}\u{c}\n\r\té😀"));
}

#[test]
fn a_field_that_this_version_does_not_know_is_passed_over() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Known {
        a: u8,
        #[serde(default)]
        b: u8,
        c: Option<u8>,
    }
    let json = r#"{"x":{"y":[1,{"z":"]}"}],"w":-1.5e3},"v":null,"u":[],"t":true,"a":1,"s":"\""}"#;
    assert_eq!(read(json), Ok(Known { a: 1, b: 0, c: None }));
}

#[test]
fn what_is_not_of_the_shape_is_refused() {
    for json in
        ["", "{", "[1", "[1,]", "[,1]", "[1 2]", "[1]]", "[1] x", "[256]", "[-1]", "[1.5]", "[\"1\"]", "{}", "null", "[--1]"]
    {
        assert_eq!(read::<Vec<u8>>(json), Err(Unreadable), "{json}");
    }
    for json in
        ["\"", "\"\n\"", r#""\x""#, r#""\u12""#, r#""\u12é4""#, r#""\ud800""#, r#""\ud800\u0041""#, r#""\udc00""#, "1", "\"a"]
    {
        assert_eq!(read::<String>(json), Err(Unreadable), "{json}");
    }
    for json in [r#"{"name":"a"}"#, r#"{"name" "a"}"#, r#"["a"]"#, r#"{"a":}"#, r#"{"a":1,}"#] {
        assert_eq!(read::<Row>(json), Err(Unreadable), "{json}");
    }
    for json in [r#""One""#, r#"{"Plain":1}"#, r#""Other""#, r#"{"One":"x""#, r#"{"Two":[1,true,2]}"#, r#"{"Two":[1]}"#, "7"] {
        assert_eq!(read::<Shape>(json), Err(Unreadable), "{json}");
    }
    assert_eq!(read::<(u8, u8)>("[1,2,3]"), Err(Unreadable));
    assert_eq!(read::<bool>("tru"), Err(Unreadable));
}
