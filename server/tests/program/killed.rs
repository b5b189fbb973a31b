//! Mail and the end of the program: killed in the middle of sending, and stopped politely.

use crate::{house::House, sink::Sink};
use model::{
    actor::Actor,
    console::{Console, Import},
    forms::{PasteForm, ProvisionForm},
    message::{MailState, MessageFilter},
    rights::BuiltIn,
};
use service::{Service, operators::NewOperator};

const PEOPLE: usize = 200;
/// One line of each worker.
const LINES: usize = 8;

/// Imports people and provisions an authenticator app to all of them; answers by whom, and the task.
pub async fn provisioned(house: &House, people: usize) -> (Actor, i64) {
    let node = house.node().await;
    let service = &node.service;
    let new = NewOperator {
        user_id: "olga".into(),
        name: "Olga".into(),
        email: "olga@x.example".into(),
        role: BuiltIn::Operator.name().into(),
        password: "correct horse battery".into(),
    };
    let id = service.add_operator(&new).await.unwrap();
    let by = Actor { id, user_id: new.user_id, name: new.name, rights: BuiltIn::Operator.rights(), address: None };
    let mut csv = "user_id,first_name,last_name,email,mobile,container,language\n".to_owned();
    let ids: Vec<String> = (0..people).map(|number| format!("u{number}")).collect();
    csv.extend(ids.iter().map(|id| format!("{id},Ann,Berg,{id}@x.example,,,\n")));
    service.import_users(&Service::command_line(), csv.as_bytes(), &Import::default()).await.unwrap();
    let paste = PasteForm { user_ids: ids.join("\n"), key: service.form_key() };
    let selection = service.paste_users(&by, &paste).await.unwrap().selection;
    let form = ProvisionForm { selection, kind: "app".into(), key: service.form_key(), ..ProvisionForm::default() };
    let done = service.provision(&by, &form).await.unwrap();
    assert_eq!(done.count, people as i64);
    node.db.close().await;
    (by, done.task)
}

async fn accepted(house: &House) -> i64 {
    let node = house.node().await;
    let filter = MessageFilter { state: Some(MailState::Accepted), ..MessageFilter::default() };
    let count = node.db.read().await.unwrap().count_messages(&filter, 10_000).await.unwrap();
    node.db.close().await;
    count
}

pub fn relay(sink: &Sink) -> String {
    format!("smtp://127.0.0.1:{}", sink.port)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_in_the_middle_of_sending_everybody_has_one_mail_or_one_repeated_byte_for_byte() {
    killed_while_sending(&House::new()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_on_postgres() {
    let Some(scratch) = store::testing::postgres().await.unwrap() else { return };
    killed_while_sending(&House::on(&scratch.url)).await;
    scratch.drop().await.unwrap();
}

async fn killed_while_sending(house: &House) {
    let sink = Sink::start();
    provisioned(house, PEOPLE).await;
    sink.hold_after(60);
    let url = relay(&sink);
    let settings = [("PROVOST_SMTP_URL", url.as_str())];
    let server = house.serve(&settings);
    // Some were answered, some arrived and were not: the worst moment to die.
    sink.wait_for(61);
    server.kill();
    sink.release();
    let server = house.serve(&settings);
    sink.wait_for_people(PEOPLE);
    server.ask_to_stop();
    let (good, log) = server.ended();
    assert!(good && log.contains("go out again"), "{log}");
    let people = sink.by_person();
    let repeats: usize = people.values().map(|messages| messages.len() - 1).sum();
    assert!((1..=LINES).contains(&repeats), "{repeats} repeats");
    for (person, messages) in &people {
        assert!(messages.iter().all(|message| message == &messages[0]), "{person} got different messages");
    }
    assert_eq!(accepted(house).await, PEOPLE as i64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_finishes_the_message_in_flight() {
    let (house, sink) = (House::new(), Sink::start());
    provisioned(&house, 1).await;
    sink.hold_after(0);
    let url = relay(&sink);
    let server = house.serve(&[("PROVOST_SMTP_URL", url.as_str())]);
    sink.wait_for(1);
    server.ask_to_stop();
    sink.release();
    let (good, log) = server.ended();
    assert!(good && log.contains("stopped"), "{log}");
    assert_eq!(accepted(&house).await, 1);
    assert_eq!(sink.by_person().values().map(Vec::len).sum::<usize>(), 1);
}
