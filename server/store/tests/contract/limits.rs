//! Token buckets.

use crate::contract;
use store::{
    Db,
    throttle::{Bucket, Taken},
};

const BUCKET: Bucket = Bucket { kind: "test", capacity: 10, refill: 60_000 };

async fn take(db: &Db, subject: &str, now: i64) -> Taken {
    let mut tx = db.write().await.unwrap();
    let taken = tx.take(BUCKET, subject, now).await.unwrap();
    tx.commit().await.unwrap();
    taken
}

contract! {
    async fn fifty_at_once_take_exactly_the_capacity(db: Db) {
        let tries = (0..50).map(|_| {
            let db = db.clone();
            tokio::spawn(async move { take(&db, "ann", 1_000_000).await == Taken::Yes })
        });
        let tries: Vec<_> = tries.collect();
        let mut passed = 0;
        for one in tries {
            passed += i64::from(one.await.unwrap());
        }
        assert_eq!(passed, BUCKET.capacity);
        assert_eq!(take(&db, "bob", 1_000_000).await, Taken::Yes);
    }

    async fn an_empty_bucket_says_when_and_keeps_its_word(db: Db) {
        for _ in 0..10 {
            assert_eq!(take(&db, "ann", 0).await, Taken::Yes);
        }
        assert_eq!(take(&db, "ann", 0).await, Taken::EmptyUntil(60_000));
        assert_eq!(take(&db, "ann", 59_999).await, Taken::EmptyUntil(60_000));
        assert_eq!(take(&db, "ann", 60_000).await, Taken::Yes);
        assert_eq!(take(&db, "ann", 60_000).await, Taken::EmptyUntil(120_000));
    }

    async fn what_is_given_back_can_be_taken_again(db: Db) {
        for _ in 0..10 {
            take(&db, "ann", 0).await;
        }
        let mut tx = db.write().await.unwrap();
        assert!(!tx.would_take(BUCKET, "ann", 0).await.unwrap());
        tx.give_back(BUCKET, "ann").await.unwrap();
        assert!(tx.would_take(BUCKET, "ann", 0).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(take(&db, "ann", 0).await, Taken::Yes);
        assert_ne!(take(&db, "ann", 0).await, Taken::Yes);
    }

    async fn only_full_buckets_are_forgotten(db: Db) {
        take(&db, "ann", 0).await;
        let mut tx = db.write().await.unwrap();
        assert_eq!(tx.forget_full_buckets(59_999).await.unwrap(), 0);
        assert_eq!(tx.forget_full_buckets(60_000).await.unwrap(), 1);
    }
}
