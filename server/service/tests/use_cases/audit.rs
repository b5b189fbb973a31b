//! The audit trail: every act leaves an entry with what was there before and after, and who may read what of it.

use crate::stage::{enrolled, form, invited, mail, shown, wrong_code};
use model::{
    Refusal,
    actor::Actor,
    audit::{ActivityQuery, AuditFilter, AuditQuery, AuditRow, SubjectKind, known_verb},
    console::{Console, Import},
    day::Day,
    enrolling::Enrolling,
    forms::{ButtonForm, SignInForm, UserForm},
    listing::{Paging, Total},
    refusal::{BadRequest, Thing},
    rights::{Right, Rights},
    user::OnExisting,
};
use service::{
    operators::NewOperator,
    testing::{PASSWORD, Rig, client},
};

const HEAD: &str = "user_id,first_name,last_name,email,mobile,container,language\n";

fn filtered(filter: AuditFilter) -> AuditQuery {
    AuditQuery { filter, ..AuditQuery::all() }
}

async fn trail(rig: &Rig, filter: AuditFilter) -> Vec<AuditRow> {
    rig.service.audit(&rig.audrey, &filtered(filter)).await.unwrap().rows
}

async fn searched(rig: &Rig, search: &str) -> Vec<String> {
    trail(rig, AuditFilter { search: search.into(), ..AuditFilter::default() }).await.into_iter().map(|row| row.verb).collect()
}

/// The newest entry of a verb, and whether anything stands in it before and after.
async fn newest(rig: &Rig, verb: &str) -> (bool, bool) {
    let rows = trail(rig, AuditFilter { verb: Some(verb.into()), ..AuditFilter::default() }).await;
    let changes = &rows.first().unwrap_or_else(|| panic!("no entry of {verb}")).changes;
    (changes.iter().any(|change| change.before.is_some()), changes.iter().any(|change| change.after.is_some()))
}

fn button(rig: &Rig) -> ButtonForm {
    ButtonForm { key: rig.key() }
}

/// Does everything that can be done once.
async fn everything(rig: &Rig) {
    let (service, olga) = (&rig.service, &rig.olga);
    let operator = NewOperator {
        user_id: "nora".into(),
        name: "Nora New".into(),
        email: "nora@console.example".into(),
        role: "Help Desk".into(),
        password: PASSWORD.into(),
    };
    service.add_operator(&operator).await.unwrap();
    let sign_in = |password: &str| SignInForm { user_id: "nora".into(), password: password.into(), ..SignInForm::default() };
    let at = client("192.0.2.7");
    assert!(service.sign_in(&sign_in("wrong password"), &at, "", None).await.is_err());
    let session = service.sign_in(&sign_in(PASSWORD), &at, "", None).await.unwrap();
    service.sign_out(&session).await.unwrap();
    service.reset_operator("nora", "another long password").await.unwrap();
    assert!(service.disable_operator("nora").await.unwrap());

    let ann = rig.user("ann", "Ann", "Abel").await.unwrap();
    let user = service.user(olga, ann).await.unwrap();
    let edited = UserForm { email: "anna@people.example".into(), key: rig.key(), ..user.form };
    service.edit_user(olga, ann, &edited).await.unwrap();
    service.set_user_enabled(olga, ann, false, &button(rig)).await.unwrap();
    service.set_user_enabled(olga, ann, true, &button(rig)).await.unwrap();

    let (_, bob) = invited(rig, "bob").await;
    enrolled(rig, &bob.link()).await;
    service.not_me(&bob.link(), &at).await.unwrap();
    let (_, cleo) = invited(rig, "cleo").await;
    let cookie = service.start_with_code(&enroll_code("cleo", &cleo.code()), &at).await.unwrap();
    let guess = wrong_code(rig, &shown(rig, &cookie).await.key);
    for _ in 0..5 {
        let _ = service.verify(&cookie, &guess, &at).await;
    }
}

fn enroll_code(user_id: &str, code: &str) -> model::forms::EnrollCodeForm {
    model::forms::EnrollCodeForm { user_id: user_id.into(), code: code.into() }
}

#[tokio::test]
async fn every_act_leaves_an_entry_with_before_and_after_where_there_is_one() {
    Rig::everywhere(async |rig| {
        everything(&rig).await;
        let file = format!("{HEAD}ann,Ann,Abel,third@people.example,,,\nnew,Nell,New,new@people.example,,,\n");
        let import = Import { on_existing: OnExisting::Update, ..Import::default() };
        rig.service.import_users(&rig.olga, file.as_bytes(), &import).await?;
        let cases = [
            ("operator.add", (false, true)),
            ("operator.sign_in_failed", (false, false)),
            ("operator.sign_in", (false, false)),
            ("operator.sign_out", (false, false)),
            ("operator.reset", (false, false)),
            ("operator.disable", (false, false)),
            ("user.add", (false, true)),
            ("user.edit", (true, true)),
            ("user.disable", (true, true)),
            ("user.enable", (true, true)),
            ("user.import", (false, true)),
            ("task.provision", (false, true)),
            ("enrollment.start", (false, false)),
            ("enrollment.start_with_code", (false, false)),
            ("enrollment.complete", (false, true)),
            ("enrollment.lock", (false, false)),
            ("token.not_me", (false, false)),
        ];
        for (verb, expected) in cases {
            let (before, after) = newest(&rig, verb).await;
            // More may be told than is asked here, never less.
            assert!(before >= expected.0 && after >= expected.1, "{verb}: {before} {after}");
        }
        for row in rig.service.audit(&rig.audrey, &AuditQuery::all()).await?.rows {
            assert!(known_verb(&row.verb).is_some(), "{} has words and a filter", row.verb);
            assert!(!row.operator.is_empty());
            assert!(row.verb.starts_with("mail.") || !row.subjects.is_empty(), "{} says what it is about", row.verb);
        }
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn an_import_tells_of_each_changed_user_what_was_there_before() {
    Rig::everywhere(async |rig| {
        let ann = rig.user("ann", "Ann", "Abel").await?;
        rig.user("same", "Sam", "Same").await?;
        let file = format!("{HEAD}ann,Ann,Zabel,other@people.example,,,\nsame,Sam,Same,same@people.example,,,\n");
        let import = Import { on_existing: OnExisting::Update, ..Import::default() };
        rig.service.import_users(&rig.olga, file.as_bytes(), &import).await?;
        let rows = trail(&rig, AuditFilter { verb: Some("user.edit".into()), ..AuditFilter::default() }).await;
        assert_eq!(rows.len(), 1, "who stayed as they were was not edited");
        assert_eq!((rows[0].subjects[0].id, rows[0].operator.as_str()), (ann, "olga"));
        let told: Vec<_> = rows[0]
            .changes
            .iter()
            .map(|change| (change.field.as_str(), change.before.as_deref().unwrap(), change.after.as_deref().unwrap()))
            .collect();
        assert_eq!(told, [("Email", "ann@people.example", "other@people.example"), ("Last Name", "Abel", "Zabel")]);
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_trail_is_for_those_with_the_right_and_names_it_to_the_others() {
    let rig = Rig::new().await.unwrap();
    let forbidden = Some(Refusal::Forbidden(Right::AuditView));
    for by in [&rig.paul, &rig.hedy] {
        assert_eq!(rig.service.audit(by, &AuditQuery::all()).await.err(), forbidden);
    }
    assert!(rig.service.audit(&rig.audrey, &AuditQuery::all()).await.is_ok());
}

#[tokio::test]
async fn an_entry_is_found_by_operator_verb_number_and_user_id() {
    Rig::everywhere(async |rig| {
        let (task, _) = invited(&rig, "aiko").await;
        rig.user("bela", "Béla", "Nagy").await?;
        assert_eq!(searched(&rig, "aiko").await, ["task.provision", "user.add"]);
        assert_eq!(searched(&rig, "AIKO").await.len(), 2);
        assert_eq!(searched(&rig, &task.task.to_string()).await, ["task.provision"]);
        assert_eq!(searched(&rig, "paul").await[0], "task.provision", "whoever did it");
        assert_eq!(searched(&rig, "provisio").await, ["task.provision"], "in words");
        assert_eq!(searched(&rig, "pr").await, ["task.provision"], "the beginning of a word");
        assert_eq!(searched(&rig, "Command line").await, ["operator.add"; 4]);
        for nothing in ["ro", "nobody", "%", "999999", "'; drop table audit"] {
            assert!(searched(&rig, nothing).await.is_empty(), "{nothing}");
        }
        let by = |operator: &str| AuditFilter { operator: Some(operator.into()), ..AuditFilter::default() };
        assert_eq!(trail(&rig, by("OLGA")).await.len(), 2);
        assert_eq!(trail(&rig, by("Command line")).await.len(), 4);
        assert!(trail(&rig, by("nobody")).await.is_empty());
        let both = AuditFilter { search: "bela".into(), verb: Some("task.provision".into()), ..AuditFilter::default() };
        assert!(trail(&rig, both).await.is_empty());
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn days_are_those_of_the_organisation_and_both_ends_count() {
    let rig = Rig::new().await.unwrap();
    rig.user("ann", "Ann", "Abel").await.unwrap();
    rig.clock.advance(24 * 60 * 60 * 1000);
    rig.user("bob", "Bob", "Berg").await.unwrap();
    let (first, second) = (Day::parse("2026-11-22"), Day::parse("2026-11-23"));
    let count = async |from, to| {
        let filter = AuditFilter { verb: Some("user.add".into()), from, to, ..AuditFilter::default() };
        trail(&rig, filter).await.len()
    };
    assert_eq!((count(first, first).await, count(second, None).await, count(None, second).await), (1, 1, 2));
    assert_eq!(count(Day::parse("2026-11-24"), None).await, 0);
}

#[tokio::test]
async fn pages_of_the_trail_follow_by_cursor_and_a_cursor_fits_its_list_only() {
    let rig = Rig::new().await.unwrap();
    for number in 0..30 {
        rig.user(&format!("u{number}"), "", "").await.unwrap();
    }
    let first = rig.service.audit(&rig.audrey, &AuditQuery::all()).await.unwrap();
    assert_eq!((first.rows.len(), first.total, first.previous.as_deref()), (25, Total::Exactly(34), None));
    let at = |cursor: &str| AuditQuery { paging: AuditQuery::all().paging.at(cursor), ..AuditQuery::all() };
    let next = first.next.clone().unwrap();
    let second = rig.service.audit(&rig.audrey, &at(&next)).await.unwrap();
    assert_eq!((second.rows.len(), second.next.as_deref()), (9, None));
    let back = rig.service.audit(&rig.audrey, &at(&second.previous.unwrap())).await.unwrap();
    assert_eq!(back.rows, first.rows);
    let forged = Some(Refusal::BadRequest(BadRequest::Cursor));
    let other = AuditQuery { filter: AuditFilter { verb: Some("user.add".into()), ..AuditFilter::default() }, ..at(&next) };
    assert_eq!(rig.service.audit(&rig.audrey, &other).await.err(), forged, "made for another filter");
    assert_eq!(rig.service.audit(&rig.audrey, &at("AAAA")).await.err(), forged);
}

#[tokio::test]
async fn a_users_activity_holds_what_they_and_operators_did_and_of_others_nothing() {
    Rig::everywhere(async |rig| {
        let ann = rig.user("ann", "Ann", "Abel").await?;
        let bob = rig.user("bob", "Bob", "Berg").await?;
        rig.service.provision(&rig.paul, &form(&rig, &[ann, bob]).await).await?;
        enrolled(&rig, &mail(&rig, "ann").await.link()).await;
        let activity = rig.service.activity(&rig.hedy, ann, &ActivityQuery::default()).await?;
        let verbs: Vec<_> = activity.entries.rows.iter().map(|row| row.verb.as_str()).collect();
        assert_eq!(verbs, ["enrollment.complete", "enrollment.start", "task.provision", "user.add"]);
        assert_eq!((activity.user_id.as_str(), activity.name.as_str()), ("ann", "Ann Abel"));
        for row in &activity.entries.rows {
            assert_eq!(row.address, None, "a client's address is for audit.view");
            assert!(row.subjects.iter().all(|subject| subject.kind != SubjectKind::User));
        }
        let whole = rig.service.activity(&rig.audrey, ann, &ActivityQuery::default()).await?;
        assert_eq!(whole.entries.rows[0].address.as_deref(), Some("198.51.100.7"));
        let others = rig.service.activity(&rig.hedy, bob, &ActivityQuery::default()).await?;
        assert_eq!(others.entries.total, Total::Exactly(2));
        let cursor = ActivityQuery { paging: Paging { cursor: "AAAA".into(), ..Paging::default() } };
        assert_eq!(rig.service.activity(&rig.hedy, ann, &cursor).await.err(), Some(Refusal::BadRequest(BadRequest::Cursor)));
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn an_alternate_address_in_an_activity_is_whole_only_for_those_who_may_read_the_trail() {
    use store::audit::{Entry, Subject};
    let rig = Rig::new().await.unwrap();
    let ann = rig.user("ann", "Ann", "Abel").await.unwrap();
    let mut tx = rig.service.db().write().await.unwrap();
    let after = Some(r#"{"emailed_to":"secret@home.example","reason":"Lost, use secret@home.example"}"#.to_owned());
    let entry = Entry { at: 1, operator_name: "paul", verb: "enrollment.resend", after, ..Entry::default() };
    tx.audit(entry, &[Subject::User(ann)]).await.unwrap();
    tx.commit().await.unwrap();
    let told = async |by: &Actor| {
        let activity = rig.service.activity(by, ann, &ActivityQuery::default()).await.unwrap();
        format!("{:?}", activity.entries.rows)
    };
    assert!(!told(&rig.hedy).await.contains("home.example"));
    assert!(told(&rig.hedy).await.contains("s…@…"));
    assert_eq!(told(&rig.audrey).await.matches("secret@home.example").count(), 2);
}

#[tokio::test]
async fn activity_needs_the_right_to_see_users() {
    let rig = Rig::new().await.unwrap();
    let nobody = Actor { rights: Rights::default(), ..rig.hedy.clone() };
    let refused = rig.service.activity(&nobody, 1, &ActivityQuery::default()).await.err();
    assert_eq!(refused, Some(Refusal::Forbidden(Right::UsersView)));
    let gone = rig.service.activity(&rig.hedy, 999, &ActivityQuery::default()).await.err();
    assert_eq!(gone, Some(Refusal::NotFound(Thing::User)));
}
