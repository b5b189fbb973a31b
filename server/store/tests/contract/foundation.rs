//! Opening, migrating, transactions, constraints, search, audit and form keys.

use crate::contract;
use store::{
    Constraint, Db, Error, Tx,
    audit::{Entry, Subject},
    idempotency::FormKey,
    search::{SearchText, Searched},
};

/// Runs a statement of the test's own, with the same text on both databases.
async fn run(tx: &mut Tx, sql: &'static str) -> Result<(), Error> {
    match tx {
        Tx::Sqlite(tx) => sqlx::raw_sql(sql).execute(&mut **tx).await.map(drop)?,
        Tx::Postgres(tx) => sqlx::raw_sql(sql).execute(&mut **tx).await.map(drop)?,
    }
    Ok(())
}

const TWO_OPERATORS: &str = "insert into operators (id, user_id, user_key, name, email, role, password_hash, made_at) values
    (1, 'olga', 'olga', 'Olga', 'olga@x.example', 'Operator', '', 0), (2, 'otto', 'otto', 'Otto', 'otto@x.example', 'Operator', '', 0)";
const ANN: &str =
    "insert into users (user_id, user_key, email, first_name_key, last_name_key, email_key, container_key, custom1_key, made_at)
    values ('Ann', 'ann', 'a@x.example', '', '', 'a@x.example', 'default', '', 0)";

contract! {
    async fn what_is_committed_stays_and_what_is_not_does_not(db: Db) {
        let mut tx = db.write().await.unwrap();
        run(&mut tx, TWO_OPERATORS).await.unwrap();
        tx.rollback().await.unwrap();
        let mut tx = db.write().await.unwrap();
        run(&mut tx, TWO_OPERATORS).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = db.write().await.unwrap();
        assert!(matches!(run(&mut tx, TWO_OPERATORS).await, Err(Error::Constraint(_) | Error::Other(_))));
    }

    async fn a_broken_constraint_is_told_by_its_name(db: Db) {
        for (sql, constraint) in [
            (ANN, Constraint::UserKey),
            ("update inventory set reserved = available + 1 where type = 'hardware'", Constraint::InventoryCovers),
            ("insert into roles (name, rights) values ('Operator', '')", Constraint::RoleName),
        ] {
            let mut tx = db.write().await.unwrap();
            run(&mut tx, ANN).await.unwrap();
            match run(&mut tx, sql).await {
                Err(Error::Constraint(found)) => assert_eq!(found, constraint),
                other => panic!("{sql}: {other:?}"),
            }
        }
    }

    async fn every_constraint_known_here_is_in_the_schema(db: Db) {
        let mut tx = db.read().await.unwrap();
        for constraint in Constraint::ALL {
            let name = constraint.name();
            let there: i64 = match &mut tx {
                Tx::Postgres(tx) => sqlx::query_scalar("select (select count(*) from pg_class where relname = $1) + (select count(*) from pg_constraint where conname = $1 and contype = 'c')")
                    .bind(name).fetch_one(&mut **tx).await.unwrap(),
                // A primary key has no name on SQLite; its columns are compared instead.
                Tx::Sqlite(tx) if name.ends_with("_pkey") => {
                    let columns: Vec<String> = sqlx::query_scalar("select $1 || '.' || name from pragma_table_info($1) where pk > 0 order by pk")
                        .bind(name.trim_end_matches("_pkey")).fetch_all(&mut **tx).await.unwrap();
                    i64::from(columns.join(", ") == constraint.columns())
                }
                Tx::Sqlite(tx) if constraint.columns().is_empty() => {
                    sqlx::query_scalar("select count(*) from sqlite_schema where sql like '%constraint ' || $1 || ' check%'")
                        .bind(name).fetch_one(&mut **tx).await.unwrap()
                }
                Tx::Sqlite(tx) => {
                    let table = constraint.columns().split('.').next().unwrap();
                    let columns: Vec<String> = sqlx::query_scalar("select $2 || '.' || name from pragma_index_info($1) order by seqno")
                        .bind(name).bind(table).fetch_all(&mut **tx).await.unwrap();
                    i64::from(columns.join(", ") == constraint.columns())
                }
            };
            assert!(there > 0, "{name}");
        }
    }

    async fn a_reader_sees_one_snapshot_and_cannot_write(db: Db) {
        let mut tx = db.read().await.unwrap();
        assert!(tx.found(Searched::Users, "ann", 10).await.unwrap().is_empty());
        // In memory one connection serves both, so only a database in a file or on a server can tell.
        let refuses = match &mut tx {
            Tx::Sqlite(tx) => sqlx::query_scalar::<_, i64>("pragma query_only").fetch_one(&mut **tx).await.unwrap() == 1,
            Tx::Postgres(_) => true,
        };
        if refuses {
            assert!(run(&mut tx, TWO_OPERATORS).await.is_err());
        }
    }

    async fn a_database_of_a_newer_version_is_refused(db: Db) {
        let mut tx = db.write().await.unwrap();
        run(&mut tx, "insert into schema_steps (version, name) values (9000, 'from the future')").await.unwrap();
        tx.commit().await.unwrap();
        match db.migrate().await {
            Err(Error::Newer { found: 9000, known }) => assert_eq!(known, Db::schema()),
            other => panic!("{other:?}"),
        }
    }

    async fn search_matches_anywhere_from_three_characters_and_beginnings_below(db: Db) {
        let mut tx = db.write().await.unwrap();
        run(&mut tx, ANN).await.unwrap();
        let text = SearchText::new(1, ["A.Müller", "Ann \"Q%_\\\" Müller", "山田太郎", "a@x.example"]);
        tx.add_search(Searched::Users, std::slice::from_ref(&text)).await.unwrap();
        for hit in ["üll", "MULLER", "ler", "n \"q%_\\", "an", "a", "mu", "q", "山", "山田", "田太郎", "x.ex", "太"] {
            assert_eq!(tx.found(Searched::Users, hit, 10).await.unwrap(), [1], "{hit}");
        }
        for miss in ["", " ", "ll", "le", "muller ann", "%%%", "___", "mul%", "\"\"\"", "\\\\\\", "' or 1=1 --", "ann*", "a*b OR c", "NEAR(ann)"] {
            assert!(tx.found(Searched::Users, miss, 10).await.unwrap().is_empty(), "{miss}");
        }
        tx.replace_search(Searched::Users, &SearchText::new(1, ["Bea"])).await.unwrap();
        assert!(tx.found(Searched::Users, "muller", 10).await.unwrap().is_empty());
        assert_eq!(tx.found(Searched::Users, "be", 10).await.unwrap(), [1]);
    }

    async fn the_audit_trail_can_only_grow(db: Db) {
        let mut tx = db.write().await.unwrap();
        let entry = Entry { at: 5, operator_name: "olga", verb: "user.add", after: Some("{}".into()), ..Entry::default() };
        let id = tx.audit(entry, &[Subject::User(7), Subject::Task(1)]).await.unwrap();
        tx.commit().await.unwrap();
        for sql in ["update audit set verb = ''", "update audit_subjects set subject = 8", "delete from audit_subjects", "delete from audit"] {
            let mut tx = db.write().await.unwrap();
            assert!(run(&mut tx, sql).await.is_err(), "{sql}");
        }
        let mut tx = db.read().await.unwrap();
        let entries = tx.audit_of(Subject::User(7), None, 10).await.unwrap();
        assert_eq!(entries.iter().map(|entry| (entry.id, entry.verb.as_str())).collect::<Vec<_>>(), [(id, "user.add")]);
        assert!(tx.audit_of(Subject::User(7), Some(id), 10).await.unwrap().is_empty());
        assert!(tx.audit_of(Subject::User(8), None, 10).await.unwrap().is_empty());
    }

    async fn a_form_sent_twice_gets_its_first_answer(db: Db) {
        let mut tx = db.write().await.unwrap();
        run(&mut tx, TWO_OPERATORS).await.unwrap();
        assert_eq!(tx.begin_form(1, "k", b"same", 0).await.unwrap(), FormKey::New);
        tx.answer_form(1, "k", "\"/users/7\"").await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = db.write().await.unwrap();
        assert_eq!(tx.begin_form(1, "k", b"same", 1).await.unwrap(), FormKey::Answered("\"/users/7\"".into()));
        assert_eq!(tx.begin_form(1, "k", b"other", 1).await.unwrap(), FormKey::OtherContent);
        assert_eq!(tx.begin_form(2, "k", b"other", 1).await.unwrap(), FormKey::New);
    }
}
