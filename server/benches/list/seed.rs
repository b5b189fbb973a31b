//! Tasks by the hundred thousand, the same in every run: who is in them, what became of each, and what people search them by.

use model::{
    authentication::AuthenticationType,
    day::Day,
    text::{search_beginnings, search_key},
};

const OPERATORS: [&str; 5] = ["m.keller", "j.fournier", "demo", "Rule: Sales", "l.żak"];
const NAMES: [(&str, &str); 6] =
    [("Aiko", "Yamada"), ("Łukasz", "Żółć"), ("太郎", "山田"), ("Béla", "Nagy"), ("Maria", "Huber"), ("Sinéad", "O’Brien")];

/// How much there is to be.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Tasks.
    pub tasks: usize,
    /// Those of them that are outstanding, about.
    pub outstanding: usize,
}

impl Shape {
    /// From the environment: `PROVOST_BENCH_ROWS`, and `PROVOST_BENCH_OUTSTANDING` where not all of them are.
    pub fn asked() -> Shape {
        let number = |name: &str| std::env::var(name).ok().and_then(|number| number.parse().ok());
        let tasks = number("PROVOST_BENCH_ROWS").unwrap_or(10_000);
        Shape { tasks, outstanding: number("PROVOST_BENCH_OUTSTANDING").unwrap_or(tasks).min(tasks) }
    }

    /// 200,000 users beside a million tasks.
    const fn people(self) -> usize {
        if self.tasks < 2_500 { 500 } else { self.tasks / 5 }
    }
}

/// A person tasks hold.
pub struct Person {
    pub user_id: String,
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    /// The keys of what they are searched by.
    pub keys: Vec<String>,
}

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

/// A task. All its enrollments share the stop date.
pub struct Task {
    pub number: i64,
    pub operator: &'static str,
    pub kind: AuthenticationType,
    pub description: String,
    pub emailed_to: String,
    pub start: Day,
    pub stop: Day,
    pub members: Vec<Member>,
    /// The keys of what it is searched by itself.
    pub keys: Vec<String>,
    /// What *Emailed to* sorts by.
    pub emailed_to_key: String,
}

impl Task {
    pub fn tally(&self, which: impl Fn(&Member) -> bool) -> i64 {
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

/// Everything there is.
pub struct Seeded {
    pub today: Day,
    pub tasks: Vec<Task>,
    pub people: Vec<Person>,
}

impl Seeded {
    /// That many tasks and people, the same every time.
    pub fn new(shape: Shape, today: Day) -> Seeded {
        let people: Vec<Person> = (1..=shape.people()).map(person).collect();
        let mut dice = Dice(42);
        let tasks = (1..=shape.tasks as i64).map(|number| task(number, today, shape, &people, &mut dice)).collect();
        Seeded { today, tasks, people }
    }
}

/// Does one of these keys hold what was typed? One or two characters match the beginning of a word, three and more anywhere
/// (spec §3.2).
pub fn found(keys: &[String], typed: &str) -> bool {
    match typed.chars().count() {
        0 => false,
        1 | 2 => keys.iter().any(|key| search_beginnings(key).iter().any(|beginning| beginning == typed)),
        _ => keys.iter().any(|key| key.contains(typed)),
    }
}

fn person(id: usize) -> Person {
    let (first, last) = NAMES[id % NAMES.len()];
    // A last name of the list is found among few, a first name among many.
    let last = if id.is_multiple_of(97) { last.to_owned() } else { format!("User {id}") };
    let (user_id, email) = (format!("p{id}"), format!("p{id}@contoso.example"));
    let keys = [user_id.as_str(), &format!("{first} {last}"), &last, &email].map(search_key).to_vec();
    Person { user_id, first_name: first.to_owned(), last_name: last, email, keys }
}

/// 2.4 users a task in the middle: most have one, some a floor, one in a thousand a house, and one in a hundred thousand a town.
fn size(number: i64, dice: &mut Dice) -> usize {
    match dice.roll(1_000) {
        _ if number % 100_000 == 50_000 => 10_000,
        0 => 500,
        1..=20 => 25,
        21..=200 => 3,
        _ => 1,
    }
}

fn task(number: i64, today: Day, shape: Shape, people: &[Person], dice: &mut Dice) -> Task {
    let size = size(number, dice).min(people.len());
    let first = dice.roll(people.len());
    let outstanding = dice.roll(shape.tasks) < shape.outstanding;
    let members: Vec<Member> = (0..size)
        .map(|place| {
            let (fate, mail) = (dice.roll(100), dice.roll(200));
            // An outstanding task keeps its first user open, one that is over keeps nobody.
            let open = if outstanding { place == 0 || fate >= 23 } else { false };
            let (completed, removed, locked) =
                (!open && fate % 23 < 20, !open && fate % 23 >= 20, open && (23..26).contains(&fate));
            Member { person: (first + place) % people.len(), completed, removed, locked, mail_failed: open && mail == 0 }
        })
        .collect();
    // Numbers follow time, over the last 400 days.
    let start = today.plus(-(((shape.tasks as i64 - number) * 400 / shape.tasks as i64) as i32));
    let operator =
        if number % 500 == 0 { "r.rare" } else { OPERATORS[dice.roll(OPERATORS.len()).min(dice.roll(OPERATORS.len()))] };
    let description = if dice.roll(3) == 0 { format!("Floor {}", dice.roll(40)) } else { String::new() };
    let emailed_to = members.last().map_or_else(String::new, |member| people[member.person].email.clone());
    Task {
        number,
        operator,
        kind: if dice.roll(50) == 0 { AuthenticationType::Passkey } else { AuthenticationType::App },
        keys: [number.to_string().as_str(), operator, &emailed_to, &description].map(search_key).to_vec(),
        emailed_to_key: search_key(&emailed_to),
        description,
        emailed_to,
        start,
        // Most stop dates lie ahead, a tenth of them behind.
        stop: if dice.roll(10) == 0 { today.plus(-1 - dice.roll(30) as i32) } else { today.plus(dice.roll(366) as i32) },
        members,
    }
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}
