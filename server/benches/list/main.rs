//! How long a page of Provisioning Task Management takes, for every column, direction and place, every filter alone and in pairs, and
//! searches that hit and miss (goals P1, P3): the use case's answer, the same as the JSON of its server function and as the whole HTML
//! page, and a bare axum handler of the same statements beside them. `cargo xtask bench list` runs it; each line it prints is JSON.
//!
//! First every answer is proven right against a plain walk over all rows in memory: which rows, in which order, and how many.

#![allow(clippy::print_stdout, reason = "a bench answers on standard output")]
#![allow(missing_docs)]

mod bare;
mod cases;
mod fill;
mod plain;
mod seed;

use axum::{Router, body::Body, http::Request};
use bare::Bare;
use cases::Case;
use http_body_util::BodyExt;
use model::{
    actor::{Actor, Client},
    console::Console,
    day::Day,
    forms::SignInForm,
    listing::{Sort, Total},
    query::Shelf,
    task::{TaskColumn, TaskFilter, TaskQuery, TaskState},
};
use seed::{Seeded, Shape, Task};
use server::{assets::Assets, router::router, security::BaseUrl, state::State};
use service::{
    Outlet, Parts, Service,
    clock::{Clock, System},
    ids::{Ids, System as Randomness},
    keys::Keys,
    operators::NewOperator,
    passwords::Passwords,
    testing::task_cursor,
};
use std::{
    error::Error,
    sync::Arc,
    time::{Duration, Instant},
};
use store::{Db, keyset::Place, task_list::TasksAsked, testing};
use tower::ServiceExt;

type Outcome<T> = Result<T, Box<dyn Error>>;

const BASE: &str = "http://localhost:3000";
const PASSWORD: &str = "correct horse battery";
/// How often each page is asked for each way; a slow one less often, once it took so long.
const ROUNDS: usize = 60;
const FEWEST: usize = 12;
const PATIENCE: Duration = Duration::from_secs(6);
/// Rows a statement while the whole list is walked.
const STRIDE: u32 = 5_000;

fn main() -> Outcome<()> {
    let (shape, fill) = (Shape::asked(), std::env::var("PROVOST_BENCH_FILL").ok());
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        if let Some(url) = fill {
            return fill_only(&url, shape).await;
        }
        if let Some(scratch) = testing::postgres().await? {
            run(scratch.db.clone(), shape, "PostgreSQL").await?;
            return Ok(scratch.drop().await?);
        }
        let folder = tempfile::tempdir()?;
        let url = format!("sqlite://{}", folder.path().join("bench.db").display());
        run(Db::open(&url).await?, shape, "SQLite").await
    })
}

async fn run(db: Db, shape: Shape, database: &str) -> Outcome<()> {
    let bench = Bench::new(db, shape).await?;
    let ready = bench.prove_all().await?;
    let pages = ready.iter().map(|case| bare::Page { query: case.bare.0.clone(), from: case.bare.1.clone() }).collect();
    let bare = bare::router(Bare { db: bench.db.clone(), pages, today: bench.seeded.today });
    for (index, case) in ready.iter().enumerate() {
        let ms = bench.measure(case, &bare, index).await?;
        print(database, shape, [case.case.group, &case.case.name, &case.total.to_string()], ms);
    }
    print(database, shape, ["dashboard", "every figure", ""], bench.dashboard().await?);
    Ok(())
}

/// One line: `words` are the kind of page, what it shows, and how many rows there are; a figure that there is not is null.
fn print(database: &str, shape: Shape, words: [&str; 3], ms: [[f64; 3]; 4]) {
    let [group, name, rows] = words;
    println!(
        "{}",
        serde_json::json!({
            "database": database, "tasks": shape.tasks, "outstanding": shape.outstanding, "group": group, "name": name, "rows": rows,
            "answer_ms": ms[0], "json_ms": ms[1], "html_ms": ms[2], "bare_ms": ms[3],
        })
    );
}

/// Makes the tasks in a database that is there, for the benches that run the whole server.
async fn fill_only(url: &str, shape: Shape) -> Outcome<()> {
    let db = Db::open(url).await?;
    fill::fill(&db, &service(&db)?, &Seeded::new(shape, today())).await?;
    db.close().await;
    Ok(())
}

fn today() -> Day {
    Day::from_epoch(i32::try_from(System::new().now() / (24 * 60 * 60 * 1000)).unwrap_or_default())
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
    db: Db,
    service: Arc<Service>,
    by: Actor,
    router: Router,
    cookie: String,
    seeded: Seeded,
}

/// A page that was proven right, with the addresses it is asked for at.
struct Ready {
    case: Case,
    total: Total,
    /// The whole page.
    html: String,
    /// The server function.
    json: String,
    /// What the bare handler is asked, its place in the clear.
    bare: (TaskQuery, Option<Place>),
    /// What an answer must hold: the last row's address, or that there is none.
    shows: [String; 2],
}

impl Bench {
    async fn new(db: Db, shape: Shape) -> Outcome<Bench> {
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
        let seeded = Seeded::new(shape, today());
        fill::fill(&db, &service, &seeded).await?;
        eprintln!("{shape:?} made in {:.1} s", begun.elapsed().as_secs_f64());
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
        Ok(Bench { db, service, by, router, cookie, seeded })
    }

    /// Proves every page, and each order from its first row to its last.
    async fn prove_all(&self) -> Outcome<Vec<Ready>> {
        let (mut ready, mut cases) = (Vec::new(), cases::all(&self.seeded).into_iter().peekable());
        while let Some(case) = cases.next() {
            let (filter, sort) = (case.query.filter.clone(), case.query.paging.sort);
            let plain = plain::rows(&self.seeded, &filter, sort);
            if filter == TaskFilter::default() {
                self.prove_walk(&filter, sort, &plain).await?;
            }
            let same = |case: &Case| case.query.filter == filter && case.query.paging.sort == sort;
            let mut next = Some(case);
            while let Some(case) = next {
                ready.push(self.prove(case, &plain).await?);
                next = cases.next_if(same);
            }
        }
        Ok(ready)
    }

    /// Walks a whole list: every row comes once and in order.
    async fn prove_walk(&self, filter: &TaskFilter, sort: Sort<TaskColumn>, plain: &[&Task]) -> Outcome<()> {
        let (mut seen, mut from, today) = (Vec::new(), None, self.seeded.today);
        loop {
            let mut tx = self.db.read().await?;
            let page = tx.tasks(&TasksAsked { state: TaskState::Outstanding, filter, sort, rows: STRIDE, from, today }).await?;
            tx.rollback().await?;
            seen.extend(page.rows.iter().map(|row| row.number));
            let Some(last) = page.rows.last().filter(|_| page.after) else { break };
            from = Some(Place { key: last.key(sort.column), id: last.number, back: false });
        }
        if !seen.iter().eq(plain.iter().map(|task| &task.number)) {
            return Err(format!("the walk by {} is not the plain one", sort.text()).into());
        }
        Ok(())
    }

    /// Proves the rows and the total of a page.
    async fn prove(&self, case: Case, plain: &[&Task]) -> Outcome<Ready> {
        let Case { query, place, .. } = &case;
        let (size, column) = (query.paging.size.rows() as usize, query.paging.sort.column);
        let begins = place.begins(plain.len(), size);
        let before = begins.checked_sub(1).and_then(|before| plain.get(before));
        let from = before.map(|task| Place { key: plain::key(task, column), id: task.number, back: false });
        let mut asked = query.clone();
        asked.paging.cursor = from.clone().map(|place| task_cursor(&self.service, query, place)).unwrap_or_default();
        let page = self.service.tasks(&self.by, &asked).await?;
        let shown: Vec<i64> = page.rows.iter().map(|row| row.number).collect();
        let right: Vec<i64> = plain.iter().skip(begins).take(size).map(|task| task.number).collect();
        let total = Total::from_capped(plain.len() as i64);
        if shown != right || page.total != total {
            return Err(format!("{}: {} and not {total}, {shown:?} and not {right:?}", case.name, page.total).into());
        }
        let fields = asked.write(Shelf::Management);
        let address = fields.at("/provisioning-tasks");
        let typed = address.split_once('?').map_or("", |(_, query)| query);
        let typed: String = form_urlencoded::byte_serialize(typed.as_bytes()).collect();
        let shows = shown.last().map_or(["No provisioning tasks".to_owned(), "\"rows\":[]".to_owned()], |number| {
            [format!("/provisioning-tasks/{number}"), format!("\"number\":{number}")]
        });
        let json = format!("/api/app/api/tasks/tasks_page?number=&query={typed}");
        Ok(Ready { total, html: address, json, bare: (asked, from), shows, case })
    }

    /// The milliseconds of a page each way: answer, JSON, HTML, bare; of each the middle, the 95th and the 99th percentile.
    async fn measure(&self, ready: &Ready, bare: &Router, index: usize) -> Outcome<[[f64; 3]; 4]> {
        let mut figures: [Vec<f64>; 4] = Default::default();
        let begun = Instant::now();
        for round in 0..ROUNDS {
            if round >= FEWEST && begun.elapsed() > PATIENCE {
                break;
            }
            let asked = Instant::now();
            self.service.tasks(&self.by, &ready.bare.0).await?;
            figures[0].push(millis(asked));
            let bare_address = format!("/{index}");
            let [html, json] = &ready.shows;
            for (place, router, address, accept, shows) in [
                (1, &self.router, &ready.json, "application/json", json),
                (2, &self.router, &ready.html, "text/html", html),
                (3, bare, &bare_address, "application/json", json),
            ] {
                let asked = Instant::now();
                let text = self.ask(router, address, accept).await?;
                figures[place].push(millis(asked));
                if !text.contains(shows) {
                    return Err(format!("{address} does not show {shows}: {}", text.chars().take(400).collect::<String>()).into());
                }
            }
        }
        Ok(figures.map(percentiles))
    }

    /// The same for the dashboard, which has no bare handler beside it.
    async fn dashboard(&self) -> Outcome<[[f64; 3]; 4]> {
        let mut figures: [Vec<f64>; 4] = Default::default();
        for _ in 0..ROUNDS {
            let asked = Instant::now();
            self.service.dashboard(&self.by).await?;
            figures[0].push(millis(asked));
            let pages = [("/api/app/api/dashboard/dashboard_page", "application/json"), ("/", "text/html")];
            for (place, (address, accept)) in (1..).zip(pages) {
                let asked = Instant::now();
                self.ask(&self.router, address, accept).await?;
                figures[place].push(millis(asked));
            }
        }
        let [answer, json, html, _] = figures.map(percentiles);
        Ok([answer, json, html, [f64::NAN; 3]])
    }

    async fn ask(&self, router: &Router, address: &str, accept: &str) -> Outcome<String> {
        let request = Request::get(address)
            .header("accept", accept)
            .header("cookie", format!("provost={}", self.cookie))
            .body(Body::empty())?;
        let response = router.clone().oneshot(request).await?;
        if response.status() != 200 {
            return Err(format!("{address} answers {}", response.status()).into());
        }
        Ok(String::from_utf8(response.into_body().collect().await?.to_bytes().to_vec())?)
    }
}

fn millis(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

/// The middle, the 95th and the 99th percentile.
fn percentiles(mut figures: Vec<f64>) -> [f64; 3] {
    figures.sort_by(f64::total_cmp);
    [50, 95, 99].map(|part| figures.get((figures.len() * part).div_ceil(100).saturating_sub(1)).copied().unwrap_or_default())
}
