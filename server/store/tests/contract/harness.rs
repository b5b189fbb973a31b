//! Runs one test on every database.

use std::{future::Future, sync::Once};
use store::{Db, testing};

/// Declares tests that take a fresh [`Db`] and run on each database: `contract! { async fn a_sentence(db: Db) { … } }`.
#[macro_export]
macro_rules! contract {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident: Db) $body:block)*) => {
        $($(#[$meta])* mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn test($db: store::Db) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite_in_memory() {
                test(store::testing::memory().await.unwrap()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite_in_a_file() {
                $crate::harness::in_a_file(test).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                $crate::harness::on_postgres(test).await;
            }
        })*
    };
}

/// Runs `test` on a database in a folder that goes away afterwards.
pub async fn in_a_file<F: Future<Output = ()>>(test: impl FnOnce(Db) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&format!("sqlite://{}", folder.path().join("test.db").display())).await.unwrap();
    test(db.clone()).await;
    db.close().await;
}

/// Runs `test` on a PostgreSQL database of its own, or says once that PostgreSQL is left out.
pub async fn on_postgres<F: Future<Output = ()>>(test: impl FnOnce(Db) -> F) {
    static NOTICE: Once = Once::new();
    match testing::postgres().await.unwrap() {
        Some(scratch) => {
            test(scratch.db.clone()).await;
            scratch.drop().await.unwrap();
        }
        None => NOTICE.call_once(|| eprintln!("{} is not set: the PostgreSQL half is left out.", testing::POSTGRES)),
    }
}
