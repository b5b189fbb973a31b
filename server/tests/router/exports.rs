//! Exports over HTTP, those of the real service: what they are called, how they are written, and that they are sent part by part.

use super::{get, location, send, text};
use axum::http::{Method, StatusCode, header};
use http_body_util::BodyExt;
use model::{
    Answer, Refusal,
    actor::Actor,
    console::{Console, Import},
    export::{Export, ExportQuery},
    forms::{ProvisionForm, SelectForm},
    rights::Right,
};
use service::testing::Rig;

/// What the fake console exports: a rig's people, one of them with a formula for a name. A search for `forbidden` is refused.
pub async fn export(_: &Actor, query: &ExportQuery) -> Answer<Export> {
    if query.what.filter() == "search=forbidden" {
        return Err(Refusal::Forbidden(Right::ReportsView));
    }
    let rig = Rig::new().await.expect("a rig");
    let mut lines = String::from("user_id,first_name,last_name,email,mobile,container,language\n");
    lines.push_str("formula,\"=HYPERLINK(\"\"http://x.example\"\",\"\"y\"\")\",+43 1 234,formula@people.example,,,\n");
    for place in 0..2_100 {
        lines.push_str(&format!("user{place:04},Łukasz,\"Żółć, jr.\",user{place:04}@people.example,,,\n"));
    }
    rig.service.import_users(&rig.olga, lines.as_bytes(), &Import::default()).await?;
    let all = SelectForm { act: "all".into(), key: rig.key(), ..SelectForm::default() };
    let selection = rig.service.select_users(&rig.paul, &all).await?.selection.expect("a selection");
    let form = ProvisionForm { selection, kind: "app".into(), key: rig.key(), ..ProvisionForm::default() };
    rig.service.provision(&rig.paul, &form).await?;
    rig.service.export(&rig.olga, query).await
}

/// ActiveAdmin GHSA-xhvv-3jww-c487 and others.
#[tokio::test]
async fn csv_is_sent_part_by_part_with_formulas_neutralised() {
    let response = send(get("/reports/enrollments/export?format=csv&bom=1", true)).await;
    assert_eq!(response.status(), StatusCode::OK);
    let header =
        |name: header::HeaderName| response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    assert_eq!(header(header::CONTENT_TYPE), "text/csv; charset=utf-8");
    assert_eq!(header(header::CONTENT_DISPOSITION), "attachment; filename=\"enrollments-2026-11-22.csv\"");
    assert_eq!((header(header::CACHE_CONTROL), header(header::X_CONTENT_TYPE_OPTIONS)), ("no-store", "nosniff"));
    let (mut body, mut parts, mut whole) = (response.into_body(), 0, Vec::new());
    while let Some(frame) = body.frame().await {
        parts += 1;
        whole.extend(frame.expect("a part").into_data().expect("data"));
    }
    let whole = String::from_utf8(whole).expect("text");
    assert!(parts >= 3, "{parts} parts");
    assert!(whole.starts_with("\u{feff}enrollment,user_id,"), "{}", &whole[..60]);
    assert_eq!(whole.matches("\r\n").count(), 2_102);
    assert!(whole.contains(",formula,\"'=HYPERLINK(\"\"http://x.example\"\",\"\"y\"\")\",+43 1 234,Default,1,paul,app,active,"));
    assert!(whole.contains(",user0000,Łukasz,\"Żółć, jr.\","));
}

#[tokio::test]
async fn json_is_one_array_of_what_is_filtered() {
    let response = send(get("/reports/enrollments/export?format=json&search=user001&sort=-user_id", true)).await;
    assert_eq!(response.status(), StatusCode::OK);
    let rows: Vec<serde_json::Value> = serde_json::from_str(&text(response).await).expect("JSON");
    assert_eq!(rows.len(), 10);
    assert!(rows.iter().all(|row| row["first_name"] == "Łukasz" && row["task"] == 1 && row["sent_to_another_address"] == false));
    let tasks = text(send(get("/provisioning-tasks/export?format=json", true)).await).await;
    let tasks: Vec<serde_json::Value> = serde_json::from_str(&tasks).expect("JSON");
    assert_eq!((tasks.len(), &tasks[0]["count"]), (1, &serde_json::json!(2_101)));
}

/// Strapi CVE-2023-22894: filters are a closed list, here too.
#[tokio::test]
async fn an_export_that_is_not_allowed_or_not_known_is_refused_with_a_sentence() {
    let refused = send(get("/reports/enrollments/export?format=csv&search=forbidden", true)).await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    assert!(text(refused).await.contains("reports.view"));
    for bad in ["", "?format=xlsx", "?format=csv&sort=secret", "?format=csv&status=open", "?format=csv&x=1"] {
        let address = format!("/reports/enrollments/export{bad}");
        assert_eq!(send(get(&address, true)).await.status(), StatusCode::BAD_REQUEST, "{address}");
    }
    let stranger = send(get("/reports/enrollments/export?format=csv", false)).await;
    assert_eq!((stranger.status(), location(&stranger)), (StatusCode::SEE_OTHER, "/login?to=%2Freports%2Fenrollments"));
    let mut head = get("/reports/export?format=csv", true);
    *head.method_mut() = Method::HEAD;
    assert_eq!(send(head).await.status(), StatusCode::METHOD_NOT_ALLOWED, "to ask without reading begins nothing");
}
