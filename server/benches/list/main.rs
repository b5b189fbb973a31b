//! How long a page of Provisioning Task Management takes: the use case alone, and the whole HTML page from the router, for every column,
//! direction and place, every filter alone and in pairs, and searches that hit and miss (goals P1, P3). `cargo xtask bench list` runs it; each line it
//! prints is JSON.
//!
//! First every answer is proven right against a plain walk over all rows in memory: which rows, in which order, and how many.

#![allow(clippy::print_stdout, reason = "a bench answers on standard output")]
#![allow(missing_docs)]

mod plain;
mod seed;

use axum::{Router, body::Body, http::Request};
use http_body_util::BodyExt;
use model::{
    actor::{Actor, Client},
    authentication::AuthenticationType,
    console::Console,
    forms::SignInForm,
    listing::{Column, Direction, PageSize, Paging, Sort},
    query::ActFilter,
    query::Shelf,
    task::{TASK_SORT, TaskColumn, TaskFilter, TaskQuery},
};
use seed::Seeded;
use server::{assets::Assets, router::router, security::BaseUrl, state::State};
use service::{
    Outlet, Parts, Service,
    clock::{Clock, System},
    ids::{Ids, System as Randomness},
    keys::Keys,
    operators::NewOperator,
    passwords::Passwords,
};
use std::{error::Error, sync::Arc, time::Instant};
use store::Db;
use tower::ServiceExt;

type Outcome<T> = Result<T, Box<dyn Error>>;

const BASE: &str = "http://localhost:3000";
const PASSWORD: &str = "correct horse battery";
/// How often each page is asked for.
const ROUNDS: usize = 60;

fn main() -> Outcome<()> {
    let rows = std::env::var("PROVOST_BENCH_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(10_000);
    let fill = std::env::var("PROVOST_BENCH_FILL").ok();
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        if let Some(url) = fill {
            return fill_only(&url, rows).await;
        }
        let folder = tempfile::tempdir()?;
        let url = format!("sqlite://{}", folder.path().join("bench.db").display());
        let bench = Bench::new(&url, rows).await?;
        let cases = bench.cases().await?;
        for (group, name, query) in &cases {
            bench.measure(rows, group, name, query).await?;
        }
        Ok(())
    })
}

/// Makes the tasks in a database that is there, for the benches that run the whole server.
async fn fill_only(url: &str, rows: usize) -> Outcome<()> {
    let db = Db::open(url).await?;
    let today = System::new().now() / (24 * 60 * 60 * 1000);
    seed::fill(url, &db, &service(&db)?, rows, today).await?;
    db.close().await;
    Ok(())
}

fn service(db: &Db) -> Outcome<Service> {
    let ids: Arc<dyn Ids> = Arc::new(Randomness);
    Ok(Service::new(Parts {
        db: db.clone(),
        clock: Arc::new(System::new()),
        ids: ids.clone(),
        keys: Keys::new(&[9; 32]),
        passwords: Passwords::quick(&*ids).map_err(|fault| fault.to_string())?,
        outlet: Outlet { name: "nowhere".to_owned(), ..Outlet::default() },
        base_url: BASE.to_owned(),
    }))
}

struct Bench {
    service: Arc<Service>,
    by: Actor,
    router: Router,
    cookie: String,
    seeded: Seeded,
}

type Case = (&'static str, String, TaskQuery);

impl Bench {
    async fn new(url: &str, rows: usize) -> Outcome<Bench> {
        let db = Db::open(url).await?;
        let today = System::new().now() / (24 * 60 * 60 * 1000);
        let service = Arc::new(service(&db)?);
        let new = NewOperator {
            user_id: "bench".to_owned(),
            email: "bench@contoso.example".to_owned(),
            role: "Operator".to_owned(),
            password: PASSWORD.to_owned(),
            ..NewOperator::default()
        };
        let by = Actor { id: service.add_operator(&new).await?, user_id: "bench".to_owned(), ..Service::command_line() };
        let begun = Instant::now();
        let seeded = seed::fill(url, &db, &service, rows, today).await?;
        eprintln!("{rows} tasks made in {:.1} s", begun.elapsed().as_secs_f64());
        let sign_in = SignInForm { user_id: "bench".to_owned(), password: PASSWORD.to_owned(), ..SignInForm::default() };
        let cookie = service.sign_in(&sign_in, &Client { address: "127.0.0.1".to_owned() }, "bench", None).await?;
        let router = router(State {
            console: service.clone(),
            enrolling: service.clone(),
            base: BaseUrl::parse(BASE)?,
            proxies: Arc::from([]),
            assets: Assets::default(),
            ready: Arc::new(|| Box::pin(async { Ok(()) })),
            metrics: None,
            metrics_open: false,
        });
        Ok(Bench { service, by, router, cookie, seeded })
    }

    /// Every page that is measured, after each was proven right.
    async fn cases(&self) -> Outcome<Vec<Case>> {
        let mut cases = Vec::new();
        for column in TaskColumn::ALL {
            for direction in [Direction::Ascending, Direction::Descending] {
                let sort = Sort { column: *column, direction };
                cases.extend(self.places(sort).await?);
            }
        }
        let day = |back: i32| Some(self.seeded.today.plus(-back));
        let (none, any) = (TaskFilter::default, ActFilter::default);
        let act = |act| TaskFilter { act, ..none() };
        let operator = |name: &str| act(ActFilter { operator: Some(name.to_owned()), ..any() });
        let filters = [
            ("has locked", TaskFilter { has_locked: true, ..none() }),
            ("has expired", TaskFilter { has_expired: true, ..none() }),
            ("mail failed", TaskFilter { mail_failed: true, ..none() }),
            ("operator, many", operator("m.keller")),
            ("operator, few", operator("r.rare")),
            ("operator, none", operator("nobody")),
            ("type, most", act(ActFilter { kind: Some(AuthenticationType::App), ..any() })),
            ("type, few", act(ActFilter { kind: Some(AuthenticationType::Passkey), ..any() })),
            ("start date, one week", act(ActFilter { start_from: day(67), start_to: day(60), ..any() })),
            ("stop date, one week", act(ActFilter { stop_from: day(0), stop_to: day(-7), ..any() })),
        ];
        let searches = ["keller", "yamada", "10", "m", "be", "żółć", "山田", "山", "user 77", "zzqqzz", "zq", "龘"];
        let searches = searches.map(|typed| (typed, TaskFilter { search: typed.to_owned(), ..none() }));
        let single = filters.map(|(name, filter)| (name.to_owned(), filter)).to_vec();
        let pairs = pairs(&single);
        let searches = searches.map(|(name, filter)| (name.to_owned(), filter)).to_vec();
        for (group, found) in [("filter", single), ("pair", pairs), ("search", searches)] {
            for (name, filter) in found {
                let query = TaskQuery { filter, paging: Paging { sort: TASK_SORT, ..Paging::default() }, ..TaskQuery::default() };
                let hits = self.prove(&query).await?;
                cases.push((group, format!("{name} ({hits})"), query));
            }
        }
        Ok(cases)
    }

    /// The first, second, middle and last page of a sort. To reach them the whole list is walked, which proves that every row comes
    /// once and in order.
    async fn places(&self, sort: Sort<TaskColumn>) -> Outcome<Vec<Case>> {
        let query =
            |size, cursor: &str| TaskQuery { paging: Paging { sort, size, cursor: cursor.to_owned() }, ..TaskQuery::default() };
        let (mut cursors, mut seen) = (vec![String::new()], Vec::new());
        loop {
            let at = cursors.last().map_or("", String::as_str);
            let page = self.service.tasks(&self.by, &query(PageSize::Large, at)).await?;
            seen.extend(page.rows.iter().map(|row| row.number));
            let Some(next) = page.next else { break };
            cursors.push(next);
        }
        if seen != plain::rows(&self.seeded, &TaskFilter::default(), sort) {
            return Err(format!("the walk by {} is not the plain one", sort.text()).into());
        }
        let first = self.service.tasks(&self.by, &query(PageSize::Small, "")).await?;
        let second = first.next.unwrap_or_default();
        let (middle, last) = (cursors[cursors.len() / 2].clone(), cursors.last().cloned().unwrap_or_default());
        let places = [("first", String::new()), ("second", second), ("middle", middle), ("last", last)];
        Ok(places
            .map(|(place, cursor)| ("sort", format!("{}, {place} page", sort.text()), query(PageSize::Small, &cursor)))
            .to_vec())
    }

    /// Proves the first page and the total of a filter; answers the total.
    async fn prove(&self, query: &TaskQuery) -> Outcome<String> {
        let page = self.service.tasks(&self.by, query).await?;
        let plain = plain::rows(&self.seeded, &query.filter, query.paging.sort);
        let shown: Vec<i64> = page.rows.iter().map(|row| row.number).collect();
        let right: Vec<i64> = plain.iter().copied().take(query.paging.size.rows() as usize).collect();
        let total = model::listing::Total::from_capped(plain.len() as i64);
        if shown != right || page.total != total {
            return Err(format!("{:?}: {} and not {total}, {shown:?} and not {right:?}", query.filter, page.total).into());
        }
        Ok(total.to_string())
    }

    async fn measure(&self, rows: usize, group: &str, name: &str, query: &TaskQuery) -> Outcome<()> {
        let address = query.write(Shelf::Management).at("/provisioning-tasks");
        let (mut answers, mut pages) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            let listing = self.service.tasks(&self.by, query).await?;
            answers.push(begun.elapsed().as_secs_f64() * 1000.0);
            let begun = Instant::now();
            let page = self.page(&address).await?;
            pages.push(begun.elapsed().as_secs_f64() * 1000.0);
            let shown = listing.rows.last();
            let shown = shown.map_or("No provisioning tasks.".to_owned(), |row| format!("/provisioning-tasks/{}", row.number));
            if !page.contains(&shown) {
                return Err(format!("{address} does not show {shown}").into());
            }
        }
        let [a50, a95, a99] = percentiles(answers);
        let [p50, p95, p99] = percentiles(pages);
        println!(
            "{}",
            serde_json::json!({
                "rows": rows, "group": group, "name": name,
                "answer_ms": [a50, a95, a99], "page_ms": [p50, p95, p99],
            })
        );
        Ok(())
    }

    async fn page(&self, address: &str) -> Outcome<String> {
        let request = Request::get(address)
            .header("accept", "text/html")
            .header("cookie", format!("provost={}", self.cookie))
            .body(Body::empty())?;
        let response = self.router.clone().oneshot(request).await?;
        if response.status() != 200 {
            return Err(format!("{address} answers {}", response.status()).into());
        }
        Ok(String::from_utf8(response.into_body().collect().await?.to_bytes().to_vec())?)
    }
}

/// Every two filters that can hold together.
fn pairs(single: &[(String, TaskFilter)]) -> Vec<(String, TaskFilter)> {
    let mut pairs = Vec::new();
    for (place, (name, one)) in single.iter().enumerate() {
        for (other_name, other) in single.iter().skip(place + 1) {
            pairs.extend(both(one, other).map(|filter| (format!("{name} + {other_name}"), filter)));
        }
    }
    pairs
}

/// One filter and another; nothing where they ask for the same thing.
fn both(one: &TaskFilter, other: &TaskFilter) -> Option<TaskFilter> {
    let (a, b) = (&one.act, &other.act);
    let same = (a.operator.is_some() && b.operator.is_some()) || (a.kind.is_some() && b.kind.is_some());
    (!same).then(|| TaskFilter {
        search: String::new(),
        has_locked: one.has_locked || other.has_locked,
        has_expired: one.has_expired || other.has_expired,
        mail_failed: one.mail_failed || other.mail_failed,
        act: ActFilter {
            operator: a.operator.clone().or_else(|| b.operator.clone()),
            kind: a.kind.or(b.kind),
            start_from: a.start_from.or(b.start_from),
            start_to: a.start_to.or(b.start_to),
            stop_from: a.stop_from.or(b.stop_from),
            stop_to: a.stop_to.or(b.stop_to),
        },
    })
}

/// The middle, the 95th and the 99th percentile.
fn percentiles(mut figures: Vec<f64>) -> [f64; 3] {
    figures.sort_by(f64::total_cmp);
    [50, 95, 99].map(|part| figures.get((figures.len() * part).div_ceil(100).saturating_sub(1)).copied().unwrap_or_default())
}
