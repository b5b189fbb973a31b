//! Tasks by the hundred thousand, the same in every run, written in bulk with the counters, buckets and search rows that the use cases
//! would have left behind.

use crate::Outcome;
use model::{
    authentication::AuthenticationType,
    console::{Console, Import},
    day::Day,
    text::{search_key, user_key},
};
use service::Service;
use sqlx::{Connection, QueryBuilder, Sqlite, SqliteConnection};
use store::{
    Db,
    search::{SearchText, Searched},
};

const OPERATORS: [&str; 5] = ["m.keller", "j.fournier", "demo", "Rule: Sales", "l.żak"];
const NAMES: [(&str, &str); 6] =
    [("Aiko", "Yamada"), ("Łukasz", "Żółć"), ("太郎", "山田"), ("Béla", "Nagy"), ("Maria", "Huber"), ("Sinéad", "O’Brien")];

/// One user's row inside a task.
pub struct Member {
    pub person: usize,
    pub locked: bool,
    pub completed: bool,
    pub removed: bool,
    pub mail_failed: bool,
}

impl Member {
    pub fn is_open(&self) -> bool {
        !self.completed && !self.removed
    }

    pub fn is_active(&self) -> bool {
        self.is_open() && !self.locked
    }
}

/// A task as it was written. All its enrollments share the stop date.
pub struct Task {
    pub number: i64,
    pub operator: &'static str,
    pub kind: AuthenticationType,
    pub description: String,
    pub emailed_to: String,
    pub start: Day,
    pub stop: Day,
    pub members: Vec<Member>,
}

impl Task {
    fn tally(&self, which: impl Fn(&Member) -> bool) -> i64 {
        self.members.iter().filter(|member| which(member)).count() as i64
    }

    pub fn count(&self) -> i64 {
        self.tally(|member| !member.removed)
    }

    pub fn open(&self) -> i64 {
        self.tally(Member::is_open)
    }

    pub fn progress(&self) -> i64 {
        let count = self.count();
        if count == 0 { 0 } else { self.tally(|member| member.completed) * 1_000_000 / count }
    }
}

/// Everything that was written.
pub struct Seeded {
    pub today: Day,
    pub tasks: Vec<Task>,
    /// What each person is searched by.
    pub people: Vec<Vec<String>>,
}

/// Writes that many tasks, and half as many people.
pub async fn fill(url: &str, db: &Db, service: &Service, rows: usize, today: i64) -> Outcome<Seeded> {
    let today = Day::from_epoch(i32::try_from(today)?);
    let people = people(service, (rows / 2).max(500)).await?;
    let mut dice = Dice(42);
    let tasks: Vec<Task> = (1..=rows as i64).map(|number| task(number, today, &people, &mut dice)).collect();
    let mut connection = SqliteConnection::connect(url).await?;
    sqlx::query("begin immediate").execute(&mut connection).await?;
    write(&mut connection, &tasks).await?;
    sqlx::query("commit").execute(&mut connection).await?;
    let texts: Vec<SearchText> = tasks
        .iter()
        .map(|task| {
            SearchText::new(task.number, [task.number.to_string().as_str(), task.operator, &task.emailed_to, &task.description])
        })
        .collect();
    let mut tx = db.write().await?;
    tx.add_search(Searched::Tasks, &texts).await?;
    tx.commit().await?;
    Ok(Seeded { today, tasks, people })
}

async fn people(service: &Service, count: usize) -> Outcome<Vec<Vec<String>>> {
    let (mut lines, mut people) = (Vec::new(), Vec::new());
    for id in 1..=count {
        let (first, last) = NAMES[id % NAMES.len()];
        // A last name of the list is found among few, a first name among many.
        let last = if id.is_multiple_of(97) { last.to_owned() } else { format!("User {id}") };
        lines.push(format!("p{id},{first},{last},p{id}@contoso.example,,,\n"));
        people.push(vec![format!("p{id}"), format!("{first} {last}"), last, format!("p{id}@contoso.example")]);
    }
    for part in lines.chunks(50_000) {
        let file = format!("user_id,first_name,last_name,email,mobile,container,language\n{}", part.concat());
        let report = service.import_users(&Service::command_line(), file.as_bytes(), &Import::default()).await?;
        if report.bad > 0 {
            return Err(format!("{:?}", report.problems.first()).into());
        }
    }
    Ok(people)
}

fn task(number: i64, today: Day, people: &[Vec<String>], dice: &mut Dice) -> Task {
    let size = match dice.roll(1_000) {
        0 => 1_000,
        1..=20 => 25,
        21..=200 => 3,
        _ => 1,
    };
    let first = dice.roll(people.len());
    let members: Vec<Member> = (0..size.min(people.len()))
        .map(|place| {
            let (fate, mail) = (dice.roll(100), dice.roll(200));
            let (completed, removed, locked) = (fate < 20, (20..23).contains(&fate), (23..26).contains(&fate));
            let mail_failed = !completed && !removed && mail == 0;
            Member { person: (first + place) % people.len(), completed, removed, locked, mail_failed }
        })
        .collect();
    let start = today.plus(-(dice.roll(400) as i32));
    let last = members.last().map_or(0, |member| member.person);
    Task {
        number,
        operator: if number % 500 == 0 {
            "r.rare"
        } else {
            OPERATORS[dice.roll(OPERATORS.len()).min(dice.roll(OPERATORS.len()))]
        },
        kind: if dice.roll(50) == 0 { AuthenticationType::Passkey } else { AuthenticationType::App },
        description: if dice.roll(3) == 0 { format!("Floor {}", dice.roll(40)) } else { String::new() },
        emailed_to: people[last][3].clone(),
        start,
        // Most stop dates lie ahead, a tenth of them behind.
        stop: if dice.roll(10) == 0 { today.plus(-1 - dice.roll(30) as i32) } else { today.plus(dice.roll(366) as i32) },
        members,
    }
}

async fn write(connection: &mut SqliteConnection, tasks: &[Task]) -> Outcome<()> {
    for part in tasks.chunks(300) {
        let head = "insert into tasks (number, origin, operator_name, operator_key, type, description, description_key, emailed_to,
            emailed_to_key, made_at, start_on, count, open, completed, locked, removed, mail_failed, min_stop_on, max_stop_on, progress) ";
        let mut query = QueryBuilder::<Sqlite>::new(head);
        query.push_values(part, |mut values, task| {
            values.push_bind(task.number).push_bind("operator").push_bind(task.operator).push_bind(user_key(task.operator));
            values.push_bind(task.kind.code()).push_bind(&task.description).push_bind(search_key(&task.description));
            values.push_bind(&task.emailed_to).push_bind(search_key(&task.emailed_to)).push_bind(millis(task.start));
            values.push_bind(i64::from(task.start.epoch())).push_bind(task.count()).push_bind(task.open());
            values
                .push_bind(task.tally(|member| member.completed))
                .push_bind(task.tally(|member| member.is_open() && member.locked));
            values.push_bind(task.tally(|member| member.removed)).push_bind(task.tally(|member| member.mail_failed));
            let stop = i64::from(task.stop.epoch());
            values.push_bind(stop).push_bind(stop).push_bind(task.progress());
        });
        query.build().execute(&mut *connection).await?;
        let mut query = QueryBuilder::<Sqlite>::new("insert into task_stops (task, stop_on, open, locked) ");
        query.push_values(part, |mut values, task| {
            let locked = task.tally(|member| member.is_open() && member.locked);
            values.push_bind(task.number).push_bind(i64::from(task.stop.epoch())).push_bind(task.open()).push_bind(locked);
        });
        query.build().execute(&mut *connection).await?;
    }
    let members: Vec<(&Task, usize, &Member)> =
        tasks.iter().flat_map(|task| task.members.iter().enumerate().map(move |(place, member)| (task, place, member))).collect();
    for part in members.chunks(700) {
        let head =
            "insert into enrollments (task, person, position, type, stop_on, locked_at, completed_at, removed_at, override,
            emailed_to, mail_state, start_on, user_key) ";
        let mut query = QueryBuilder::<Sqlite>::new(head);
        query.push_values(part, |mut values, (task, place, member)| {
            let at = |is: bool| is.then_some(millis(task.start));
            values
                .push_bind(task.number)
                .push_bind(member.person as i64 + 1)
                .push_bind(*place as i64)
                .push_bind(task.kind.code());
            values.push_bind(i64::from(task.stop.epoch())).push_bind(at(member.locked)).push_bind(at(member.completed));
            values.push_bind(at(member.removed)).push_bind(true).push_bind(&task.emailed_to);
            values.push_bind(if member.mail_failed { "failed" } else { "accepted" });
            values.push_bind(i64::from(task.start.epoch())).push_bind(format!("p{}", member.person + 1));
        });
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

fn millis(day: Day) -> i64 {
    i64::from(day.epoch()) * 24 * 60 * 60 * 1000
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}
