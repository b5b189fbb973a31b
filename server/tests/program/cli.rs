//! The command line.

use crate::house::House;
use std::{fs, process::Output};

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

const ADD: [&str; 9] =
    ["operator", "add", "--user-id", "olga", "--role", "Operator", "--email", "olga@x.example", "--password-stdin"];

#[test]
fn an_operator_is_added_with_a_password_from_standard_input() {
    let house = House::new();
    let added = house.run(&ADD, "correct horse battery\n");
    assert!(added.status.success(), "{}", said(&added));
    assert!(!said(&added).contains("correct horse"));
    let again = house.run(&ADD, "correct horse battery\n");
    assert!(!again.status.success());
    let short = house.run(&["operator", "reset", "--user-id", "olga", "--password-stdin"], "short\n");
    assert!(!short.status.success() && said(&short).contains("password"), "{}", said(&short));
    let last = house.run(&["operator", "disable", "--user-id", "olga"], "");
    assert!(!last.status.success(), "the last operator stays");
}

#[test]
fn a_wrong_setting_stops_the_start_and_is_named() {
    let house = House::new();
    for (name, value) in [
        ("PROVOST_LISTEN", "here"),
        ("PROVOST_BASE_URL", "provost.example"),
        ("PROVOST_DATABASE_URL", "mysql://x"),
        ("PROVOST_SMTP_URL", "smtp://user:hunter2@relay.example"),
        ("PROVOST_TRUSTED_PROXIES", "nowhere"),
    ] {
        let output = house.program(&["serve"]).env(name, value).output().unwrap();
        let said = said(&output);
        assert!(!output.status.success() && said.contains(name) && !said.contains("hunter2"), "{name}: {said}");
        assert_eq!(said.trim().lines().count(), 1, "one sentence: {said}");
    }
}

#[test]
fn it_does_not_listen_beyond_this_machine_over_plain_http() {
    let house = House::new();
    let output = house.program(&["serve", "--listen", "0.0.0.0:0"]).output().unwrap();
    assert!(!output.status.success() && said(&output).contains("PROVOST_BASE_URL"), "{}", said(&output));
    let demo = house.program(&["demo", "--listen", "0.0.0.0:0"]).output().unwrap();
    assert!(!demo.status.success(), "{}", said(&demo));
}

#[test]
fn an_import_is_all_or_nothing_and_names_lines_but_no_values() {
    let house = House::new();
    let header = "user_id,first_name,last_name,email,mobile,container,language\n";
    fs::write(house.path("bad.csv"), format!("{header}ann,Ann,Berg,ann@x.example,,,\nbea,Bea,Berg,not-an-address,,,\n")).unwrap();
    let refused = house.run(&["users", "import", "bad.csv"], "");
    let text = said(&refused);
    assert!(!refused.status.success() && text.contains("line 3") && !text.contains("not-an-address"), "{text}");
    let skipped = house.run(&["users", "import", "bad.csv", "--skip-bad", "--dry-run"], "");
    assert!(skipped.status.success() && said(&skipped).contains("1 would be added"), "{}", said(&skipped));
    let kept = house.run(&["users", "import", "bad.csv", "--skip-bad"], "");
    assert!(kept.status.success() && said(&kept).contains("1 added"), "{}", said(&kept));
    let again = house.run(&["users", "import", "bad.csv", "--skip-bad", "--on-existing", "skip"], "");
    assert!(again.status.success() && said(&again).contains("0 added"), "{}", said(&again));
}

#[test]
fn a_backup_is_a_database_that_serves_and_nothing_is_overwritten() {
    let house = House::new();
    assert!(house.run(&ADD, "correct horse battery\n").status.success());
    let copied = house.run(&["backup", "copy.db"], "");
    assert!(copied.status.success(), "{}", said(&copied));
    let copy = format!("sqlite://{}", house.path("copy.db").display());
    let opened = house.run(
        &[
            "operator",
            "reset",
            "--user-id",
            "olga",
            "--password-stdin",
            "--database-url",
            &copy,
            "--secret-key-file",
            "copy.db.key",
        ],
        "another long password\n",
    );
    assert!(opened.status.success(), "{}", said(&opened));
    assert!(!house.run(&["backup", "copy.db"], "").status.success());
}

#[cfg(unix)]
#[test]
fn what_it_makes_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let house = House::new();
    assert!(house.run(&ADD, "correct horse battery\n").status.success());
    assert!(house.run(&["backup", "copy.db"], "").status.success());
    for name in ["provost.db", "provost.key", "copy.db", "copy.db.key"] {
        assert_eq!(fs::metadata(house.path(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
    assert_eq!(fs::metadata(house.path("mail")).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn a_second_server_on_the_same_file_is_refused() {
    let house = House::new();
    let first = house.serve(&[]);
    let second = house.program(&["serve", "--listen", "127.0.0.1:0"]).output().unwrap();
    assert!(!second.status.success() && said(&second).contains("Another provost"), "{}", said(&second));
    first.ask_to_stop();
    assert!(first.ended().0);
}

#[test]
fn another_key_than_the_databases_is_refused() {
    let house = House::new();
    assert!(house.run(&ADD, "correct horse battery\n").status.success());
    fs::remove_file(house.path("provost.key")).unwrap();
    let refused = house.program(&["serve"]).output().unwrap();
    assert!(!refused.status.success() && said(&refused).contains("key"), "{}", said(&refused));
    assert!(!house.path("provost.key").exists(), "no new key is made over an old database");
}
