//! The direction of the arrows: which crate may know which (ARCHITECTURE.md, invariants 1 to 3).

use crate::house::House;
use crate::run::Runs;
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// `frontend ─► app ─► model ◄─ store ◄─ service ◄─ server ─► app`
const ALLOWED: [(&str, &[&str]); 7] = [
    ("model", &[]),
    ("app", &["model"]),
    ("frontend", &["app"]),
    ("store", &["model"]),
    ("service", &["model", "store"]),
    ("server", &["app", "model", "store", "service"]),
    ("xtask", &[]),
];

/// What a crate may not name among its own dependencies.
const BANNED: [(&str, &[&str]); 4] = [
    ("app", &["sqlx", "lettre", "tokio"]),
    ("frontend", &["sqlx", "lettre", "tokio"]),
    ("store", &["leptos", "axum", "lettre"]),
    ("service", &["leptos", "axum"]),
];

/// What `model` may not reach by any path: it does no I/O and knows no clock but what it is told.
const PURE: &[&str] = &["sqlx", "tokio", "leptos", "axum", "lettre", "rand", "getrandom"];

/// For each package, the packages it depends on outside its tests.
type Graph = BTreeMap<String, BTreeSet<String>>;

/// One sentence for each arrow that points the wrong way.
pub fn check(house: &House) -> Result<Vec<String>> {
    let text = house.cargo().args(["metadata", "--format-version=1", "--locked"]).answer()?;
    let facts: Value = serde_json::from_str(&text)?;
    let graph = graph(&facts).context("cargo metadata has another form than expected")?;
    Ok(complaints(&graph, &members(&facts)))
}

fn complaints(graph: &Graph, members: &BTreeSet<String>) -> Vec<String> {
    let mut found = Vec::new();
    for member in members {
        let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| name == member) else {
            found.push(format!("crate `{member}` is not in the table of arrows in xtask/src/lint/arrows.rs"));
            continue;
        };
        let needs = graph.get(member).cloned().unwrap_or_default();
        for other in needs.intersection(members).filter(|other| !allowed.contains(&other.as_str())) {
            found.push(format!("`{member}` may not depend on `{other}`"));
        }
        let banned = BANNED.iter().filter(|(name, _)| name == member).flat_map(|(_, list)| *list);
        found.extend(banned.filter(|name| needs.contains(**name)).map(|name| format!("`{member}` may not depend on `{name}`")));
    }
    let reached = reach(graph, "model");
    found.extend(PURE.iter().filter(|name| reached.contains(**name)).map(|name| format!("`model` reaches `{name}`")));
    found
}

fn reach(graph: &Graph, from: &str) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut open = vec![from.to_owned()];
    while let Some(name) = open.pop() {
        for next in graph.get(&name).into_iter().flatten() {
            if seen.insert(next.clone()) {
                open.push(next.clone());
            }
        }
    }
    seen
}

fn members(facts: &Value) -> BTreeSet<String> {
    let ids: BTreeSet<&str> = list(&facts["workspace_members"]).filter_map(Value::as_str).collect();
    list(&facts["packages"])
        .filter(|package| package["id"].as_str().is_some_and(|id| ids.contains(id)))
        .filter_map(|package| package["name"].as_str().map(str::to_owned))
        .collect()
}

/// Packages of one name in several versions become one: what matters here is the name.
fn graph(facts: &Value) -> Option<Graph> {
    let names: BTreeMap<&str, &str> =
        list(&facts["packages"]).filter_map(|package| Some((package["id"].as_str()?, package["name"].as_str()?))).collect();
    let mut graph = Graph::new();
    for node in list(&facts["resolve"]["nodes"]) {
        let name = names.get(node["id"].as_str()?)?;
        let needs = list(&node["deps"])
            .filter(|need| list(&need["dep_kinds"]).any(|kind| kind["kind"] != "dev"))
            .filter_map(|need| names.get(need["pkg"].as_str()?))
            .map(|name| (*name).to_owned());
        graph.entry((*name).to_owned()).or_default().extend(needs);
    }
    Some(graph)
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn drawn(arrows: &[(&str, &[&str])]) -> (Graph, BTreeSet<String>) {
        let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
        let graph = arrows.iter().map(|(from, to)| ((*from).to_owned(), own(to))).collect();
        (graph, own(&["model", "app", "store", "service"]))
    }

    #[test]
    fn arrows_that_point_the_right_way_are_silent() {
        let (graph, members) = drawn(&[("app", &["model", "leptos"]), ("leptos", &["tokio"]), ("service", &["store"])]);
        assert_eq!(complaints(&graph, &members), Vec::<String>::new());
    }

    #[test]
    fn an_arrow_back_to_the_services_is_named() {
        let (graph, members) = drawn(&[("app", &["model", "service"]), ("store", &["service"])]);
        let wanted = ["`app` may not depend on `service`", "`store` may not depend on `service`"];
        assert_eq!(complaints(&graph, &members), wanted);
    }

    #[test]
    fn the_app_may_not_name_tokio_though_leptos_brings_it() {
        let (graph, members) = drawn(&[("app", &["tokio"])]);
        assert_eq!(complaints(&graph, &members), ["`app` may not depend on `tokio`"]);
    }

    #[test]
    fn model_may_not_reach_input_and_output_through_others() {
        let (graph, members) = drawn(&[("model", &["clock"]), ("clock", &["tokio"])]);
        assert_eq!(complaints(&graph, &members), ["`model` reaches `tokio`"]);
    }

    #[test]
    fn a_crate_nobody_placed_is_a_complaint() {
        let (graph, mut members) = drawn(&[]);
        members.insert("helpers".into());
        assert_eq!(complaints(&graph, &members).len(), 1);
    }

    #[test]
    fn what_only_tests_need_is_no_arrow() {
        let facts = json!({
            "packages": [{"id": "1", "name": "model"}, {"id": "2", "name": "tokio"}],
            "resolve": {"nodes": [
                {"id": "1", "deps": [{"pkg": "2", "dep_kinds": [{"kind": "dev"}]}]},
                {"id": "2", "deps": []}
            ]}
        });
        assert_eq!(graph(&facts).map(|graph| graph["model"].len()), Some(0));
    }
}
