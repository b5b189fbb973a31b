//! Importing users.

use model::{
    console::{Console, Import},
    problem::{Problem, Problems},
    user::{OnExisting, UserQuery},
};
use service::testing::Rig;

const HEAD: &str = "user_id,first_name,last_name,email,mobile,container,language\n";

async fn user_ids(rig: &Rig) -> Vec<String> {
    rig.service.users(&rig.olga, &UserQuery::all()).await.unwrap().rows.into_iter().map(|row| row.user_id).collect()
}

fn file(lines: &str) -> Vec<u8> {
    format!("{HEAD}{lines}").into_bytes()
}

#[tokio::test]
async fn a_file_sent_twice_with_its_form_is_imported_once_and_another_file_is_another_import() {
    let rig = Rig::new().await.unwrap();
    let import = Import { key: rig.service.form_key(), ..Import::default() };
    let file = |id: &str| format!("user_id,first_name,last_name,email,mobile,container,language\n{id},A,B,{id}@x.example,,,\n");
    let send = async |id: &str| rig.service.import_users(&rig.olga, file(id).as_bytes(), &import).await.unwrap();
    let first = send("ann").await;
    assert_eq!((first.added, first.bad, first.dry), (1, 0, false));
    assert_eq!(send("ann").await, first);
    assert_eq!(send("bea").await.added, 1);
}

#[tokio::test]
async fn a_dry_run_says_what_would_happen_and_changes_nothing() {
    Rig::everywhere(async |rig| {
        rig.user("ann", "Ann", "Abel").await?;
        let file = file("ann,Anna,Abel,anna@x.example,,,\nbob,Bob,Berg,bob@x.example,,,\n");
        let import = Import { on_existing: OnExisting::Update, dry_run: true, ..Import::default() };
        let report = rig.service.import_users(&rig.olga, &file, &import).await?;
        assert_eq!((report.dry, report.added, report.updated, report.bad), (true, 1, 1, 0));
        assert_eq!(user_ids(&rig).await, ["ann"]);
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_user_id_that_exists_is_refused_skipped_or_updated_as_chosen() {
    Rig::everywhere(async |rig| {
        let id = rig.user("Ann", "Ann", "Abel").await?;
        let file = file("ANN,Anna,Zabel,anna@x.example,,,\nbob,Bob,Berg,bob@x.example,,,\n");
        let choose = |on_existing| Import { on_existing, ..Import::default() };

        let refused = rig.service.import_users(&rig.olga, &file, &choose(OnExisting::Refuse)).await?;
        assert_eq!((refused.dry, refused.bad), (true, 1));
        assert_eq!(refused.problems, [(2, "user_id".to_owned(), Problem::UserIdTaken)]);
        assert_eq!(user_ids(&rig).await, ["Ann"]);

        let skipped = rig.service.import_users(&rig.olga, &file, &choose(OnExisting::Skip)).await?;
        assert_eq!((skipped.dry, skipped.added, skipped.skipped), (false, 1, 1));
        assert_eq!(rig.service.user(&rig.olga, id).await?.form.last_name, "Abel");

        let updated = rig.service.import_users(&rig.olga, &file, &choose(OnExisting::Update)).await?;
        assert_eq!((updated.added, updated.updated), (0, 2));
        assert_eq!(rig.service.user(&rig.olga, id).await?.form.last_name, "Zabel");
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn one_bad_line_keeps_everything_out_unless_bad_lines_are_skipped() {
    Rig::everywhere(async |rig| {
        let file = file("ann,Ann,Abel,ann@x.example,,,\nb/b,,,nobody,,,\nANN,,,ann@x.example,,,\n");
        let report = rig.service.import_users(&rig.olga, &file, &Import::default()).await?;
        assert_eq!((report.dry, report.bad), (true, 2));
        let lines: Vec<_> = report.problems.iter().map(|(line, field, _)| (*line, field.as_str())).collect();
        assert_eq!(lines, [(3, "user_id"), (3, "email"), (4, "user_id")]);
        assert_eq!(report.problems[2].2, Problem::RepeatedLine { line: 2 });
        assert!(user_ids(&rig).await.is_empty());
        let skipping = Import { skip_bad: true, ..Import::default() };
        let report = rig.service.import_users(&rig.olga, &file, &skipping).await?;
        assert_eq!((report.dry, report.added, report.bad), (false, 1, 2));
        assert_eq!(user_ids(&rig).await, ["ann"]);
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_report_tells_lines_and_fields_and_never_a_value() {
    let rig = Rig::new().await.unwrap();
    let file = file("secret/id,secret-first\u{1},,secret@@mail,secret-phone,,secret-language\n");
    let report = rig.service.import_users(&rig.olga, &file, &Import::default()).await.unwrap();
    assert_eq!(report.problems.len(), 5);
    let told: Vec<String> = report.problems.iter().map(|(line, field, problem)| format!("{line} {field} {problem}")).collect();
    assert!(!told.join("\n").contains("secret"), "{told:?}");
}

#[tokio::test]
async fn a_wrong_file_is_refused_under_its_field() {
    let rig = Rig::new().await.unwrap();
    for (file, problem) in [
        (b"".to_vec(), Problem::EmptyFile),
        (b"id,name\n1,2".to_vec(), Problem::WrongHeader),
        (b"user_id\xff\xfe".to_vec(), Problem::NotUtf8),
        (vec![b'x'; 50_000_001], Problem::FileTooLarge { most: 50_000_000 }),
    ] {
        let answer = rig.service.import_users(&rig.olga, &file, &Import::default()).await;
        assert_eq!(answer, Err(Problems::one("file", problem).into()));
    }
}

fn many(count: u32) -> Vec<u8> {
    let mut lines: String =
        (1..count).map(|number| format!("u{number},Una,Number {number},u{number}@x.example,,,\r\n")).collect();
    lines.push_str("u7,,,u7@x.example,,,");
    file(&lines)
}

#[tokio::test]
async fn a_hundred_thousand_lines_are_read_and_the_bad_one_is_found() {
    let rig = Rig::new().await.unwrap();
    let report = rig.service.import_users(&rig.olga, &many(100_000), &Import::default()).await.unwrap();
    assert_eq!((report.dry, report.added, report.bad), (true, 99_999, 1));
    assert_eq!(report.problems, [(100_001, "user_id".to_owned(), Problem::RepeatedLine { line: 8 })]);
    assert!(user_ids(&rig).await.is_empty());
}

#[tokio::test]
async fn thousands_of_users_are_written_in_one_transaction() {
    Rig::everywhere(async |rig| {
        let skipping = Import { skip_bad: true, ..Import::default() };
        let report = rig.service.import_users(&rig.olga, &many(5_000), &skipping).await?;
        assert_eq!((report.dry, report.added, report.bad), (false, 4_999, 1));
        assert_eq!(rig.service.dashboard(&rig.olga).await?.users, Some(4_999));
        Ok(())
    })
    .await
    .unwrap();
}
