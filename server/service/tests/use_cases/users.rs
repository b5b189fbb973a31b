//! Users: added, listed, searched, edited, disabled.

use model::{
    Refusal,
    console::{Console, Import},
    day::Day,
    forms::{ButtonForm, SelectForm, UserForm},
    listing::{Direction, Paging, Sort, Total},
    message::{MailState, MessageFilter, MessageKind},
    problem::{Problem, Problems},
    refusal::{BadRequest, Thing},
    rights::Right,
    user::{OnExisting, UserColumn, UserFilter, UserQuery},
};
use service::testing::{NOON, Rig};
use store::{audit::Subject, outbox::Present};

fn search(text: &str) -> UserQuery {
    UserQuery { filter: UserFilter { search: text.into(), ..UserFilter::default() }, ..UserQuery::all() }
}

async fn found(rig: &Rig, query: &UserQuery) -> Vec<String> {
    rig.service.users(&rig.hedy, query).await.unwrap().rows.into_iter().map(|row| row.user_id).collect()
}

async fn trail(rig: &Rig, user: i64) -> Vec<(String, String)> {
    let mut tx = rig.service.db().read().await.unwrap();
    let entries = tx.audit_of(Subject::User(user), None, 100).await.unwrap();
    entries.into_iter().map(|entry| (entry.verb, entry.operator_name)).collect()
}

#[tokio::test]
async fn each_act_needs_its_right() {
    let rig = Rig::new().await.unwrap();
    let id = rig.user("ann", "Ann", "Abel").await.unwrap();
    let forbidden = Some(Refusal::Forbidden(Right::UsersManage));
    let form = rig.form("bob", "", "");
    for by in [&rig.paul, &rig.hedy, &rig.audrey] {
        assert!(rig.service.users(by, &UserQuery::all()).await.is_ok());
        assert!(!rig.service.user(by, id).await.unwrap().may_manage);
        assert_eq!(rig.service.add_user(by, &form).await.err(), forbidden);
        assert_eq!(rig.service.edit_user(by, id, &form).await.err(), forbidden);
        assert_eq!(rig.service.set_user_enabled(by, id, false, &ButtonForm { key: rig.key() }).await.err(), forbidden);
        assert_eq!(rig.service.import_users(by, b"", &Default::default()).await.err(), forbidden);
    }
    let mut nobody = rig.hedy.clone();
    nobody.rights = Default::default();
    assert_eq!(rig.service.users(&nobody, &UserQuery::all()).await.err(), Some(Refusal::Forbidden(Right::UsersView)));
    assert_eq!(rig.service.user(&nobody, id).await.err(), Some(Refusal::Forbidden(Right::UsersView)));
}

#[tokio::test]
async fn a_new_user_is_listed_found_and_in_the_trail() {
    Rig::everywhere(async |rig| {
        let id = rig.user("Sinéad", "Sinéad", "O’Brien").await?;
        rig.user("山田", "太郎", "山田").await?;
        assert_eq!(found(&rig, &search("sinead")).await, ["Sinéad"]);
        assert_eq!(found(&rig, &search("O’B")).await, ["Sinéad"]);
        assert_eq!(found(&rig, &search("山")).await, ["山田"]);
        assert_eq!(found(&rig, &search("people.ex")).await, ["Sinéad", "山田"]);
        let detail = rig.service.user(&rig.hedy, id).await?;
        assert_eq!((detail.name.as_str(), detail.enabled, detail.version), ("Sinéad O’Brien", true, 1));
        assert_eq!(trail(&rig, id).await, [("user.add".to_owned(), "olga".to_owned())]);
        assert_eq!(rig.service.user(&rig.hedy, 999).await.err(), Some(Refusal::NotFound(Thing::User)));
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_taken_user_id_is_told_under_its_field_and_the_form_can_be_sent_again() {
    Rig::everywhere(async |rig| {
        rig.user("ann", "", "").await?;
        let mut form = rig.form("ＡＮＮ", "", "");
        let taken = Err(Problems::one("user_id", Problem::UserIdTaken).into());
        assert_eq!(rig.service.add_user(&rig.olga, &form).await, taken);
        form.user_id = "ann2".into();
        assert!(rig.service.add_user(&rig.olga, &form).await.is_ok());
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_same_form_twice_adds_one_user_and_answers_the_same() {
    Rig::everywhere(async |rig| {
        let form = rig.form("ann", "Ann", "Abel");
        let (one, other) = tokio::join!(rig.service.add_user(&rig.olga, &form), rig.service.add_user(&rig.olga, &form));
        assert_eq!(one, other);
        assert_eq!(rig.service.add_user(&rig.olga, &form).await, one);
        let changed = UserForm { first_name: "Anna".into(), ..form.clone() };
        assert_eq!(rig.service.add_user(&rig.olga, &changed).await, Err(Refusal::KeyReused));
        let bad = UserForm { key: "short".into(), ..form };
        assert_eq!(rig.service.add_user(&rig.olga, &bad).await, Err(Refusal::BadRequest(BadRequest::Parameter)));
        assert_eq!(found(&rig, &UserQuery::all()).await, ["ann"]);
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_second_of_two_edits_of_one_version_is_told() {
    Rig::everywhere(async |rig| {
        let id = rig.user("ann", "Ann", "Abel").await?;
        let form = rig.service.user(&rig.olga, id).await?.form;
        let first = UserForm { last_name: "Zabel".into(), ..form.clone() };
        let second = UserForm { last_name: "Nabel".into(), key: rig.key(), ..form };
        rig.service.edit_user(&rig.olga, id, &first).await?;
        assert_eq!(rig.service.edit_user(&rig.olga, id, &second).await, Err(Refusal::Stale));
        // The same form again is no second edit.
        rig.service.edit_user(&rig.olga, id, &first).await?;
        let detail = rig.service.user(&rig.olga, id).await?;
        assert_eq!((detail.form.last_name.as_str(), detail.version), ("Zabel", 2));
        assert_eq!(found(&rig, &search("abel")).await, ["ann"]);
        assert_eq!(found(&rig, &search("zab")).await, ["ann"]);
        assert_eq!(trail(&rig, id).await.len(), 2);
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn an_edit_in_the_trail_holds_what_changed_and_what_was_there() {
    let rig = Rig::new().await.unwrap();
    let id = rig.user("ann", "Ann", "Abel").await.unwrap();
    let form = rig.service.user(&rig.olga, id).await.unwrap().form;
    rig.service.edit_user(&rig.olga, id, &UserForm { mobile: "12".into(), ..form.clone() }).await.unwrap_err();
    rig.service.edit_user(&rig.olga, id, &UserForm { mobile: "+43 123".into(), ..form }).await.unwrap();
    let mut tx = rig.service.db().read().await.unwrap();
    let entry = tx.audit_of(Subject::User(id), None, 1).await.unwrap().remove(0);
    assert_eq!(entry.after.as_deref(), Some(r#"{"mobile":"+43 123"}"#));
    assert!(entry.before.unwrap().contains(r#""last_name":"Abel""#));
    assert_eq!((entry.address.as_deref(), entry.operator_name.as_str()), (Some("192.0.2.1"), "olga"));
}

async fn told(rig: &Rig) -> Vec<(String, Option<i64>)> {
    let filter = MessageFilter { kind: Some(MessageKind::AddressChanged), ..MessageFilter::default() };
    let mut tx = rig.service.db().read().await.unwrap();
    let messages =
        tx.messages(&filter, Direction::Ascending, None, 10, Present { now: NOON, today: Day::from_epoch(0) }).await.unwrap();
    messages.into_iter().map(|message| (message.to, message.person)).collect()
}

#[tokio::test]
async fn the_old_address_is_told_of_a_new_one_and_not_of_another_spelling() {
    Rig::everywhere(async |rig| {
        let id = rig.user("ann", "Ann", "Abel").await?;
        for (address, count) in [("ANN@people.example", 0), ("new@people.example", 1)] {
            let form = rig.service.user(&rig.olga, id).await?.form;
            rig.service.edit_user(&rig.olga, id, &UserForm { email: address.into(), ..form }).await?;
            assert_eq!(told(&rig).await.len(), count);
        }
        assert_eq!(told(&rig).await, [("ANN@people.example".to_owned(), Some(id))]);
        let import = Import { on_existing: OnExisting::Update, ..Import::default() };
        let file = b"user_id,first_name,last_name,email,mobile,container,language\nann,Ann,Abel,newer@people.example,,,\n";
        rig.service.import_users(&rig.olga, file, &import).await?;
        assert_eq!(told(&rig).await[1], ("new@people.example".to_owned(), Some(id)));
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_disabled_users_waiting_mail_is_canceled_in_the_same_act() {
    let rig = Rig::new().await.unwrap();
    let id = rig.user("ann", "Ann", "Abel").await.unwrap();
    let form = rig.service.user(&rig.olga, id).await.unwrap().form;
    rig.service.edit_user(&rig.olga, id, &UserForm { email: "new@people.example".into(), ..form }).await.unwrap();
    rig.service.set_user_enabled(&rig.olga, id, false, &ButtonForm { key: rig.key() }).await.unwrap();
    let canceled = MessageFilter { state: Some(MailState::Canceled), ..MessageFilter::default() };
    let mut tx = rig.service.db().read().await.unwrap();
    assert_eq!(tx.count_messages(&canceled, 10).await.unwrap(), 1);
}

#[tokio::test]
async fn what_is_no_longer_needed_is_forgotten_and_what_is_stays() {
    Rig::everywhere(async |rig| {
        let form = rig.form("ann", "Ann", "Abel");
        let id = rig.service.add_user(&rig.olga, &form).await?;
        let tick = SelectForm { select: vec![id.to_string()], act: "keep".into(), ..SelectForm::default() };
        let selection = rig.service.select_users(&rig.olga, &tick).await?.selection.expect("a selection");
        rig.clock.advance(24 * 3_600_000);
        rig.service.tidy().await?;
        assert_eq!(rig.service.add_user(&rig.olga, &form).await?, id);
        rig.clock.advance(1);
        rig.service.tidy().await?;
        assert!(matches!(rig.service.add_user(&rig.olga, &form).await, Err(Refusal::Invalid(_))));
        assert_eq!(rig.service.selected_users(&rig.olga, &selection).await?, 1);
        rig.clock.advance(30 * 24 * 3_600_000);
        rig.service.tidy().await?;
        assert_eq!(rig.service.selected_users(&rig.olga, &selection).await, Err(Refusal::SelectionGone));
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn disabling_and_enabling_are_noted_once_each() {
    let rig = Rig::new().await.unwrap();
    let id = rig.user("ann", "Ann", "Abel").await.unwrap();
    for (enabled, times) in [(true, 1), (false, 2), (false, 2), (true, 3)] {
        rig.service.set_user_enabled(&rig.olga, id, enabled, &ButtonForm { key: rig.key() }).await.unwrap();
        assert_eq!(rig.service.user(&rig.olga, id).await.unwrap().enabled, enabled);
        assert_eq!(trail(&rig, id).await.len(), times);
    }
    let gone = rig.service.set_user_enabled(&rig.olga, 999, false, &ButtonForm { key: rig.key() }).await;
    assert_eq!(gone, Err(Refusal::NotFound(Thing::User)));
}

#[tokio::test]
async fn pages_lead_on_and_back_and_a_cursor_serves_its_own_list_only() {
    Rig::everywhere(async |rig| {
        for number in 0..60 {
            rig.user(&format!("u{number:02}"), "", &format!("Name{}", number % 4)).await?;
        }
        let sort = Sort { column: UserColumn::LastName, direction: Direction::Descending };
        let first = UserQuery { paging: Paging { sort, ..Paging::default() }, ..UserQuery::default() };
        let one = rig.service.users(&rig.hedy, &first).await?;
        assert_eq!((one.rows.len(), one.total, one.previous.is_none()), (25, Total::Exactly(60), true));
        let next = one.next.clone().expect("a second page");
        let second = UserQuery { paging: first.paging.at(&next), ..first.clone() };
        let two = rig.service.users(&rig.hedy, &second).await?;
        let back = UserQuery { paging: first.paging.at(&two.previous.clone().expect("a way back")), ..first.clone() };
        assert_eq!(rig.service.users(&rig.hedy, &back).await?.rows, one.rows);
        let last = UserQuery { paging: first.paging.at(&two.next.expect("a third page")), ..first.clone() };
        let three = rig.service.users(&rig.hedy, &last).await?;
        assert_eq!((three.rows.len(), three.next.is_none()), (10, true));

        let forged = Err(Refusal::BadRequest(BadRequest::Cursor));
        let other_filter = UserQuery { filter: search("name").filter, ..second.clone() };
        let other_sort =
            UserQuery { paging: Paging { sort: UserQuery::all().paging.sort, ..second.paging.clone() }, ..second.clone() };
        let mut altered = next.into_bytes();
        altered[30] ^= 1;
        let altered = UserQuery { paging: first.paging.at(&String::from_utf8_lossy(&altered)), ..first.clone() };
        let nonsense = UserQuery { paging: first.paging.at("eyJpZCI6MX0"), ..first };
        for query in [other_filter, other_sort, altered, nonsense] {
            assert_eq!(rig.service.users(&rig.hedy, &query).await.map(|_| ()), forged);
        }
        Ok(())
    })
    .await
    .unwrap();
}
