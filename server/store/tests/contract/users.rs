//! Users: unique, guarded, listed, searched, selected, imported.

use crate::contract;
use model::{
    bulk::SelectionOf,
    listing::{Column, Direction, PageSize, Sort, Total},
    user::{Profile, UserColumn, UserFilter},
};
use std::collections::BTreeSet;
use store::{Constraint, Error, Tx, keyset::Place, selections::NewSelection, user_list::UsersAsked};

pub fn profile(user_id: &str, first: &str, last: &str) -> Profile {
    Profile {
        user_id: user_id.into(),
        first_name: first.into(),
        last_name: last.into(),
        email: format!("{}@x.example", user_id.to_lowercase()),
        mobile: String::new(),
        container: "Default".into(),
        custom: [String::new(), String::new(), String::new()],
        language: String::new(),
    }
}

fn search(text: &str) -> UserFilter {
    UserFilter { search: text.into(), ..UserFilter::default() }
}

const BY_ID: Sort<UserColumn> = Sort { column: UserColumn::UserId, direction: Direction::Ascending };

fn asked(filter: &UserFilter, sort: Sort<UserColumn>, from: Option<Place>) -> UsersAsked<'_> {
    UsersAsked { filter, sort, size: PageSize::Small, from, selection: None }
}

async fn found(tx: &mut Tx, filter: &UserFilter) -> Vec<String> {
    tx.users(&asked(filter, BY_ID, None)).await.unwrap().rows.into_iter().map(|row| row.user_id).collect()
}

async fn operator(tx: &mut Tx, name: &str) -> i64 {
    let new =
        store::operators::NewOperator { user_id: name, user_key: name, name, email: "", role: "Operator", password_hash: "" };
    tx.add_operator(new, 0).await.unwrap()
}

/// Every row of a list, page by page, and back again to the first.
async fn walk(tx: &mut Tx, sort: Sort<UserColumn>) -> Vec<i64> {
    let filter = UserFilter::default();
    let (mut ids, mut from) = (Vec::new(), None);
    loop {
        let page = tx.users(&asked(&filter, sort, from.clone())).await.unwrap();
        assert_eq!(page.before, from.is_some());
        ids.extend(page.rows.iter().map(|row| row.id));
        let last = page.rows.last().unwrap();
        if !page.after {
            break;
        }
        from = Some(Place { key: last.key(), id: last.id, back: false });
    }
    let mut back = Vec::new();
    while let Some(Place { key, id, .. }) = from.take() {
        let first_of_page = tx.users(&asked(&filter, sort, Some(Place { key, id, back: false }))).await.unwrap().rows.remove(0);
        let place = Place { key: first_of_page.key(), id: first_of_page.id, back: true };
        let page = tx.users(&asked(&filter, sort, Some(place))).await.unwrap();
        assert!(page.after);
        back.splice(0..0, page.rows.iter().map(|row| row.id));
        let first = &page.rows[0];
        if page.before {
            let before = Place { key: first.key(), id: first.id, back: true };
            let earlier = tx.users(&asked(&filter, sort, Some(before))).await.unwrap();
            let last = earlier.rows.last().unwrap();
            from = Some(Place { key: last.key(), id: last.id, back: false });
        }
    }
    assert_eq!(back, ids[..back.len()]);
    ids
}

contract! {
    async fn a_user_id_is_taken_whatever_its_case_and_width(db: Db) {
        let mut tx = db.write().await.unwrap();
        tx.add_user(&profile("Alice", "", ""), 0).await.unwrap();
        tx.commit().await.unwrap();
        for taken in ["alice", "ＡＬＩＣＥ"] {
            let mut tx = db.write().await.unwrap();
            assert!(matches!(tx.add_user(&profile(taken, "", ""), 0).await, Err(Error::Constraint(Constraint::UserKey))), "{taken}");
        }
    }

    async fn every_sort_shows_each_user_once_both_ways(db: Db) {
        let mut tx = db.write().await.unwrap();
        for number in 0..60 {
            let mut user = profile(&format!("u{number}"), ["Ann", "Bea", ""][number % 3], ["Ö", "o", "Z"][number % 3]);
            user.custom[0] = format!("c{}", number % 7);
            user.container = ["Default", "Ost"][number % 2].into();
            tx.add_user(&user, 0).await.unwrap();
        }
        for column in UserColumn::ALL.iter().copied() {
            let up = walk(&mut tx, Sort { column, direction: Direction::Ascending }).await;
            assert_eq!(up.iter().collect::<BTreeSet<_>>().len(), 60, "{column:?}");
            let mut down = walk(&mut tx, Sort { column, direction: Direction::Descending }).await;
            down.reverse();
            assert_eq!(up, down, "{column:?}");
        }
        assert_eq!(tx.count_users(&UserFilter::default()).await.unwrap(), Total::Exactly(60));
    }

    async fn names_sort_by_the_other_name_where_they_are_equal_and_marks_do_not_matter(db: Db) {
        let mut tx = db.write().await.unwrap();
        for (id, first, last) in [("1", "Zoë", "Müller"), ("2", "Ann", "muller"), ("3", "Bea", "Mul"), ("4", "", "")] {
            tx.add_user(&profile(id, first, last), 0).await.unwrap();
        }
        let filter = UserFilter::default();
        let sort = Sort { column: UserColumn::LastName, direction: Direction::Ascending };
        let rows = tx.users(&asked(&filter, sort, None)).await.unwrap().rows;
        assert_eq!(rows.iter().map(|row| row.user_id.as_str()).collect::<Vec<_>>(), ["4", "3", "2", "1"]);
    }

    async fn filters_hold_together_with_the_search(db: Db) {
        let mut tx = db.write().await.unwrap();
        let ann = tx.add_user(&profile("ann", "Ann", "Abel"), 0).await.unwrap();
        tx.add_user(&profile("anton", "Anton", "Abel"), 0).await.unwrap();
        tx.add_user(&Profile { container: "Ost".into(), ..profile("anna", "Anna", "Berg") }, 0).await.unwrap();
        assert!(tx.set_user_enabled(ann, false, 5).await.unwrap());
        assert!(!tx.set_user_enabled(ann, false, 6).await.unwrap());
        assert_eq!(found(&mut tx, &search("ann")).await, ["ann", "anna"]);
        assert_eq!(found(&mut tx, &search("an")).await, ["ann", "anna", "anton"]);
        assert_eq!(found(&mut tx, &UserFilter { enabled: Some(true), ..search("ann") }).await, ["anna"]);
        assert_eq!(found(&mut tx, &UserFilter { enabled: Some(false), ..search("") }).await, ["ann"]);
        assert_eq!(found(&mut tx, &UserFilter { container: Some("OST".into()), ..search("an") }).await, ["anna"]);
        assert_eq!(tx.count_users(&search("abel")).await.unwrap(), Total::Exactly(2));
    }

    async fn thousands_of_hits_are_walked_and_few_are_collected_with_the_same_answer(db: Db) {
        let mut tx = db.write().await.unwrap();
        let people: Vec<Profile> = (0..2_500).map(|number| profile(&format!("smith{number:05}"), "Sam", "Smith")).collect();
        tx.write_users(&people.iter().collect::<Vec<_>>(), false, 0).await.unwrap();
        for text in ["smith", "sm"] {
            assert_eq!(tx.count_users(&search(text)).await.unwrap(), Total::Exactly(2_500));
            assert_eq!(found(&mut tx, &search(text)).await[..2], ["smith00000", "smith00001"]);
        }
        assert_eq!(found(&mut tx, &search("smith0249")).await.len(), 10);
        assert_eq!(found(&mut tx, &search("SMITH02499")).await, ["smith02499"]);
    }

    async fn one_of_twenty_edits_of_the_same_version_wins(db: Db) {
        let mut tx = db.write().await.unwrap();
        let id = tx.add_user(&profile("ann", "Ann", "Abel"), 0).await.unwrap();
        tx.commit().await.unwrap();
        let edits: Vec<_> = (0..20).map(|number| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut tx = db.write().await.unwrap();
                let done = tx.update_user(id, 1, &profile("ann", "Ann", &format!("Name{number}")), 9).await.unwrap();
                tx.commit().await.unwrap();
                done
            })
        }).collect();
        let mut won = 0;
        for edit in edits {
            won += i32::from(edit.await.unwrap());
        }
        assert_eq!(won, 1);
        let mut tx = db.write().await.unwrap();
        assert_eq!(tx.user(id).await.unwrap().unwrap().version, 2);
        assert!(found(&mut tx, &search("abel")).await.is_empty());
        assert_eq!(found(&mut tx, &search("name")).await, ["ann"]);
    }

    async fn an_import_updates_what_is_in_the_file_and_nothing_else(db: Db) {
        let mut tx = db.write().await.unwrap();
        let mut ann = profile("Ann", "Ann", "Abel");
        ann.custom = ["one".into(), "two".into(), "three".into()];
        let id = tx.add_user(&ann, 0).await.unwrap();
        let known = tx.known_users(&["ann".to_owned(), "bob".to_owned()]).await.unwrap();
        assert_eq!(known.into_iter().map(|(key, user)| (key, user.id)).collect::<Vec<_>>(), [("ann".to_owned(), id)]);
        let changed = Profile { email: "new@x.example".into(), ..profile("ann", "Ann", "Zabel") };
        let bob = profile("bob", "Bob", "");
        tx.write_users(&[&changed, &bob], true, 7).await.unwrap();
        let ann = tx.user(id).await.unwrap().unwrap();
        assert_eq!((ann.last_name.as_str(), ann.custom2.as_str(), ann.version), ("Zabel", "two", 2));
        assert_eq!(found(&mut tx, &search("zabel")).await, ["ann"]);
        assert!(found(&mut tx, &search("ann@x")).await.is_empty());
        assert_eq!(tx.user_count().await.unwrap(), 2);
        assert!(matches!(tx.write_users(&[&bob], false, 7).await, Err(Error::Constraint(Constraint::UserKey))));
    }

    async fn a_selection_is_its_operators_and_keeps_its_order(db: Db) {
        let mut tx = db.write().await.unwrap();
        let (olga, otto) = (operator(&mut tx, "olga").await, operator(&mut tx, "otto").await);
        let mut ids = Vec::new();
        for user_id in ["c", "a", "b", "d"] {
            ids.push(tx.add_user(&profile(user_id, "", ""), 0).await.unwrap());
        }
        tx.add_selection(NewSelection { id: "S", operator: olga, of: SelectionOf::Users, filter: None, now: 0 }).await.unwrap();
        tx.select("S", &ids[..2]).await.unwrap();
        tx.select("S", &ids[1..3]).await.unwrap();
        assert_eq!(tx.selected_count("S", olga, SelectionOf::Users).await.unwrap(), Some(3));
        assert_eq!(tx.selected_count("S", otto, SelectionOf::Users).await.unwrap(), None);
        assert!(!tx.touch_selection("S", otto, SelectionOf::Users, 1).await.unwrap());
        tx.unselect("S", &ids[..1]).await.unwrap();
        let filter = UserFilter::default();
        let rows = tx.users(&UsersAsked { selection: Some("S"), ..asked(&filter, BY_ID, None) }).await.unwrap().rows;
        assert_eq!(rows.iter().map(|row| row.selected).collect::<Vec<_>>(), [true, true, false, false]);
        tx.clear_selection("S").await.unwrap();
        assert_eq!(tx.select_all("S", &filter).await.unwrap(), 4);
        assert_eq!(tx.forget_selections(1).await.unwrap(), 1);
        assert_eq!(tx.selected_count("S", olga, SelectionOf::Users).await.unwrap(), None);
    }

    async fn two_operators_who_disable_each_other_leave_one(db: Db) {
        let mut tx = db.write().await.unwrap();
        let (olga, otto) = (operator(&mut tx, "olga").await, operator(&mut tx, "otto").await);
        tx.commit().await.unwrap();
        let acts = [olga, otto].map(|id| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut tx = db.write().await.unwrap();
                let done = tx.disable_operator(id, 1).await.unwrap();
                tx.commit().await.unwrap();
                done
            })
        });
        let mut disabled = 0;
        for act in acts {
            disabled += i32::from(act.await.unwrap());
        }
        assert_eq!(disabled, 1);
    }
}
