//! Exports: exactly what is filtered, for who may see the list, and never without a trace.

use crate::{
    resend::elsewhere,
    stage::{enrolled, invited, mails_to},
};
use model::{
    Answer, Refusal,
    actor::Actor,
    audit::{AuditQuery, AuditRow},
    console::Console,
    enrollment::Status,
    export::{ExportList, ExportQuery},
    form::Fields,
    forms::{ProvisionForm, SelectForm},
    query::Query,
    rights::Right,
};
use serde_json::Value;
use service::testing::Rig;

fn query(list: ExportList, text: &str) -> ExportQuery {
    ExportQuery::read(list, &Fields::of_query(text).unwrap()).unwrap()
}

/// The whole file.
async fn export(rig: &Rig, by: &Actor, list: ExportList, text: &str) -> Answer<String> {
    let mut export = rig.service.export(by, &query(list, text)).await?;
    let mut whole = Vec::new();
    while let Some(part) = export.body.next().await {
        whole.extend(part?);
    }
    Ok(String::from_utf8(whole).unwrap())
}

async fn trail(rig: &Rig, verb: &str) -> Vec<AuditRow> {
    let fields = Fields::of_query(&format!("verb={verb}")).unwrap();
    rig.service.audit(&rig.audrey, &AuditQuery::read(&fields).unwrap()).await.unwrap().rows
}

/// Twelve hundred people in one task: more than one page of rows.
async fn many(rig: &Rig) {
    let mut lines = String::from("user_id,first_name,last_name,email,mobile,container,language\n");
    for place in 0..1_200 {
        lines.push_str(&format!("user{place:04},Pat,Nr {place},user{place:04}@people.example,,,\n"));
    }
    let report = rig.service.import_users(&rig.olga, lines.as_bytes(), &model::console::Import::default()).await.unwrap();
    assert_eq!(report.bad, 0);
    let all = SelectForm { act: "all".into(), key: rig.key(), ..SelectForm::default() };
    let selection = rig.service.select_users(&rig.paul, &all).await.unwrap().selection.unwrap();
    let form = ProvisionForm { selection, kind: "app".into(), key: rig.key(), ..ProvisionForm::default() };
    rig.service.provision(&rig.paul, &form).await.unwrap();
}

#[tokio::test]
async fn each_list_is_exported_by_who_may_see_it() {
    let rig = Rig::new().await.unwrap();
    invited(&rig, "aiko").await;
    let cases = [
        (ExportList::Tasks, "format=csv", &rig.audrey, Some(Right::ProvisioningManage)),
        (ExportList::Tasks, "format=csv", &rig.paul, None),
        (ExportList::Reports, "format=csv", &rig.hedy, Some(Right::ReportsView)),
        (ExportList::Reports, "format=csv", &rig.audrey, None),
        (ExportList::Reports, "format=csv&state=outstanding", &rig.audrey, None),
        (ExportList::Enrollments, "format=json", &rig.hedy, Some(Right::ReportsView)),
        (ExportList::Enrollments, "format=json", &rig.audrey, None),
    ];
    for (list, text, by, lacking) in cases {
        let answer = export(&rig, by, list, text).await;
        assert_eq!(answer.err(), lacking.map(Refusal::Forbidden), "{list:?} {text} by {}", by.user_id);
    }
    assert_eq!(trail(&rig, "report.export").await.len(), 4, "what was refused was not begun");
}

#[tokio::test]
async fn an_export_holds_what_is_filtered_whole_and_each_row_once() {
    Rig::everywhere(async |rig| {
        many(&rig).await;
        let all = export(&rig, &rig.audrey, ExportList::Enrollments, "format=csv").await?;
        let lines: Vec<&str> = all.split("\r\n").filter(|line| !line.is_empty()).collect();
        assert_eq!(lines.len(), 1_201);
        assert!(lines[0].starts_with("enrollment,user_id,first_name,last_name,container,task,operator,"));
        let users: std::collections::HashSet<&str> = lines[1..].iter().map(|line| line.split(',').nth(1).unwrap()).collect();
        assert_eq!(users.len(), 1_200);
        let some =
            export(&rig, &rig.audrey, ExportList::Enrollments, "format=json&search=user00&status=active&sort=user_id").await?;
        let some: Value = serde_json::from_str(&some).unwrap();
        assert_eq!(some.as_array().unwrap().len(), 100);
        assert_eq!((&some[0]["user_id"], &some[99]["user_id"]), (&"user0099".into(), &"user0000".into()), "the newest first");
        assert_eq!(some[0]["status"], Status::Active.code());
        let none = export(&rig, &rig.audrey, ExportList::Enrollments, "format=json&status=locked").await?;
        assert_eq!(serde_json::from_str::<Vec<Value>>(&none).unwrap(), Vec::<Value>::new());
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_trail_says_who_exported_which_filter_and_how_many_rows_it_came_to() {
    let rig = Rig::new().await.unwrap();
    many(&rig).await;
    export(&rig, &rig.audrey, ExportList::Enrollments, "format=csv&status=active&size=50").await.unwrap();
    let told = |row: &AuditRow| {
        let changes: Vec<_> =
            row.changes.iter().map(|change| format!("{}: {}", change.field, change.after.clone().unwrap())).collect();
        (row.operator.clone(), changes.join("; "))
    };
    let began = told(&trail(&rig, "report.export").await[0]);
    assert_eq!(began, ("audrey".into(), "File: enrollments-2026-11-22.csv; Filter: status=active".into()));
    let ended = told(&trail(&rig, "report.exported").await[0]);
    assert_eq!(ended, ("audrey".into(), "File: enrollments-2026-11-22.csv; Rows: 1200; Whole: yes".into()));
}

#[tokio::test]
async fn one_who_goes_away_ends_the_export_and_the_trail_says_so() {
    let rig = Rig::new().await.unwrap();
    many(&rig).await;
    let export = rig.service.export(&rig.audrey, &query(ExportList::Enrollments, "format=json")).await.unwrap();
    drop(export);
    let mut ended = Vec::new();
    for _ in 0..1_000 {
        ended = trail(&rig, "report.exported").await;
        if !ended.is_empty() {
            break;
        }
        tokio::task::yield_now().await;
    }
    let whole = ended[0].changes.iter().find(|change| change.field == "Whole").unwrap();
    assert_eq!(whole.after.as_deref(), Some("no"));
}

/// Keycloak CVE-2026-16072: nothing an operator can reach shows a usable link.
#[tokio::test]
async fn no_export_holds_a_usable_link_a_code_or_an_address_that_is_masked() {
    let rig = Rig::new().await.unwrap();
    let (provisioned, first) = invited(&rig, "aiko").await;
    let user = rig.service.task(&rig.paul, provisioned.task, &Default::default()).await.unwrap().users.rows[0].user;
    rig.service.resend(&rig.paul, user, provisioned.task, &elsewhere(&rig)).await.unwrap();
    let second = mails_to(&rig, "jane@elsewhere.example").await.pop().unwrap();
    let everything = async || {
        let mut all = String::new();
        for list in ExportList::ALL {
            for format in ["csv", "json"] {
                all.push_str(&export(&rig, &rig.olga, list, &format!("format={format}")).await.unwrap());
            }
        }
        all
    };
    let open = everything().await;
    assert!(open.contains("jane@elsewhere.example"), "while it is open, as the list shows it");
    let (_, serial) = enrolled(&rig, &second.link()).await;
    let done = everything().await;
    assert!(done.contains("j…@…") && !done.contains("elsewhere") && done.contains(&serial));
    for secret in [first.link(), first.code(), second.link(), second.code()] {
        let secret = secret.rsplit('/').next().unwrap().to_owned();
        assert!(!open.contains(&secret) && !done.contains(&secret));
    }
}
