//! Selections of users.

use model::{
    Refusal,
    console::Console,
    forms::{PasteForm, SelectForm},
    problem::{Problem, Problems},
    refusal::BadRequest,
    user::UserQuery,
};
use service::testing::Rig;

fn form(selection: &str, shown: &[i64], select: &[i64], act: &str) -> SelectForm {
    let texts = |rows: &[i64]| rows.iter().map(i64::to_string).collect();
    SelectForm {
        selection: selection.into(),
        shown: texts(shown),
        select: texts(select),
        act: act.into(),
        ..SelectForm::default()
    }
}

async fn people(rig: &Rig, count: i64) -> Vec<i64> {
    let mut rows = Vec::new();
    for number in 0..count {
        rows.push(rig.user(&format!("u{number}"), "", if number % 2 == 0 { "Even" } else { "Odd" }).await.unwrap());
    }
    rows
}

#[tokio::test]
async fn ticks_are_kept_from_page_to_page() {
    Rig::everywhere(async |rig| {
        let rows = people(&rig, 4).await;
        let one = rig.service.select_users(&rig.hedy, &form("", &rows[..2], &rows[..1], "keep")).await?;
        let id = one.selection.expect("a selection");
        let two = rig.service.select_users(&rig.hedy, &form(&id, &rows[2..], &rows[2..], "keep")).await?;
        assert_eq!((two.selection.as_deref(), two.count), (Some(id.as_str()), 3));
        let query = UserQuery { selection: Some(id.clone()), ..UserQuery::all() };
        let marked = rig.service.users(&rig.hedy, &query).await?.rows;
        assert_eq!(marked.iter().map(|row| row.selected).collect::<Vec<_>>(), [true, false, true, true]);
        let three = rig.service.select_users(&rig.hedy, &form(&id, &rows, &[], "keep")).await?;
        assert_eq!((three.selection, three.count), (None, 0));
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_nul_selects_nobody_on_either_database() {
    Rig::everywhere(async |rig| {
        let rows = people(&rig, 1).await;
        let kept = rig.service.select_users(&rig.hedy, &form("a\0", &rows, &rows, "keep")).await;
        assert_eq!(kept.err(), Some(Refusal::SelectionGone));
        assert_eq!(rig.service.provision_choices(&rig.paul, Some("a\0")).await.err(), Some(Refusal::SelectionGone));
        let pasted = PasteForm { user_ids: "u0\nu\u{0}1".into(), key: rig.key() };
        let pasted = rig.service.paste_users(&rig.hedy, &pasted).await?;
        assert_eq!((pasted.found, pasted.unknown_count), (1, 1));
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn all_that_match_are_selected_and_later_ones_do_not_slip_in() {
    Rig::everywhere(async |rig| {
        people(&rig, 5).await;
        let all = SelectForm { query: "search=even".into(), ..form("", &[], &[], "all") };
        let selected = rig.service.select_users(&rig.hedy, &all).await?;
        assert_eq!(selected.count, 3);
        rig.user("late", "", "Even").await?;
        assert_eq!(rig.service.selected_users(&rig.hedy, &selected.selection.expect("a selection")).await?, 3);
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_selection_is_its_operators_only() {
    let rig = Rig::new().await.unwrap();
    let rows = people(&rig, 1).await;
    let id = rig.service.select_users(&rig.hedy, &form("", &rows, &rows, "keep")).await.unwrap().selection.unwrap();
    let gone = Refusal::SelectionGone;
    assert_eq!(rig.service.selected_users(&rig.paul, &id).await, Err(gone.clone()));
    assert_eq!(rig.service.select_users(&rig.paul, &form(&id, &rows, &[], "keep")).await, Err(gone.clone()));
    assert_eq!(rig.service.selected_users(&rig.hedy, "unknown").await, Err(gone));
    let query = UserQuery { selection: Some(id), ..UserQuery::all() };
    assert!(!rig.service.users(&rig.paul, &query).await.unwrap().rows[0].selected);
}

#[tokio::test]
async fn a_forged_selection_form_changes_nothing() {
    let rig = Rig::new().await.unwrap();
    let forged = [
        form("", &[], &[], "everything"),
        SelectForm { select: vec!["1 or 1=1".into()], ..form("", &[], &[], "keep") },
        SelectForm { select: vec!["-1".into()], ..form("", &[], &[], "keep") },
        SelectForm { query: "email[]=x".into(), ..form("", &[], &[], "all") },
        form("", &(1..=101).collect::<Vec<_>>(), &[], "keep"),
    ];
    for form in forged {
        let answer = rig.service.select_users(&rig.olga, &form).await;
        assert_eq!(answer, Err(Refusal::BadRequest(BadRequest::Parameter)), "{form:?}");
    }
}

#[tokio::test]
async fn pasted_user_ids_are_found_whatever_their_case_and_the_unknown_are_named() {
    Rig::everywhere(async |rig| {
        let rows = people(&rig, 3).await;
        let form = PasteForm { user_ids: "U2, ｕ0;nobody\r\nu2\n\tso-one".into(), key: String::new() };
        let pasted = rig.service.paste_users(&rig.hedy, &form).await?;
        assert_eq!((pasted.found, pasted.unknown_count), (2, 2));
        assert_eq!(pasted.unknown, ["nobody", "so-one"]);
        assert_eq!(rig.service.selected_users(&rig.hedy, &pasted.selection).await?, 2);
        assert_eq!(rows.len(), 3);
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn nothing_pasted_and_nobody_found_are_told() {
    let rig = Rig::new().await.unwrap();
    for (text, problem) in [(" ,;\n", Problem::Required), ("nobody", Problem::NobodySelected)] {
        let form = PasteForm { user_ids: text.into(), key: String::new() };
        assert_eq!(rig.service.paste_users(&rig.hedy, &form).await, Err(Problems::one("user_ids", problem).into()));
    }
}
