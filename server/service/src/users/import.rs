//! Importing users from CSV (spec §7): everything is checked first, then all of it is written in one transaction, or nothing.

use super::{
    address::{Before, tell_old_addresses},
    csv::{Line, parse},
};
use crate::{
    Service,
    fault::{Fault, Outcome},
    forms::Turn,
    trail::{Act, note, note_edits},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use model::{
    Refusal,
    actor::Actor,
    console::Import,
    forms::ButtonForm,
    problem::Problem,
    rights::Right,
    user::{ImportReport, OnExisting, Profile},
};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use store::{Constraint, Error, Tx, audit::Subject, user_bulk::KnownUser};

/// Bad lines that are named; the others are counted.
const MOST_NAMED: usize = 1_000;

/// Imports a file, or says what that would do.
pub(crate) async fn import(service: &Service, by: &Actor, file: &[u8], import: &Import) -> Outcome<ImportReport> {
    by.require(Right::UsersManage)?;
    let file = file.to_vec();
    // A hundred thousand lines take a second: not on a thread that serves others.
    let parsed = tokio::task::spawn_blocking(move || parse(&file).map(|lines| (lines, Sha256::digest(&file).to_vec()))).await;
    let (lines, digest) = parsed.map_err(|_| Fault::Broken("reading the file ended early"))??;
    if import.dry_run {
        let mut tx = service.db.read().await?;
        let plan = plan(&mut tx, &lines, import).await?;
        tx.rollback().await?;
        return Ok(plan.report(true));
    }
    let mut tx = service.db.write().await?;
    let ticket = match begin(service, &mut tx, by, import, digest).await? {
        Some(Turn::Again(answer)) => return Ok(serde_json::from_str(&answer)?),
        Some(Turn::New(ticket)) => Some(ticket),
        None => None,
    };
    let plan = plan(&mut tx, &lines, import).await?;
    if plan.bad > 0 && !import.skip_bad {
        return Ok(plan.report(true));
    }
    write(service, &mut tx, by, &plan).await?;
    let report = plan.report(false);
    if let Some(ticket) = ticket {
        ticket.done(&mut tx, &report).await?;
    }
    tx.commit().await?;
    service.nudge();
    Ok(report)
}

/// Takes the form's key together with the file, because the page stays open after an import: another file with the same key is another
/// form, the same file a repeat.
async fn begin(service: &Service, tx: &mut Tx, by: &Actor, import: &Import, digest: Vec<u8>) -> Outcome<Option<Turn>> {
    if import.key.is_empty() {
        return Ok(None);
    }
    let about = format!("{} {:?} {}", import.key, import.on_existing, import.skip_bad);
    let key = URL_SAFE_NO_PAD.encode(Sha256::new().chain_update(about).chain_update(digest).finalize());
    service.begin(tx, by, &key, "/users/import", &ButtonForm { key: key.clone() }).await.map(Some)
}

/// What is to happen to each line.
#[derive(Default)]
struct Plan<'a> {
    new: Vec<&'a Profile>,
    changed: Vec<(KnownUser, &'a Profile)>,
    skipped: u64,
    bad: u64,
    problems: Vec<(u64, String, Problem)>,
}

impl Plan<'_> {
    fn report(&self, dry: bool) -> ImportReport {
        ImportReport {
            dry,
            added: self.new.len() as u64,
            updated: self.changed.len() as u64,
            skipped: self.skipped,
            bad: self.bad,
            problems: self.problems.clone(),
        }
    }

    fn refuse(&mut self, number: u64, problems: &[(String, Problem)]) {
        self.bad += 1;
        let room = MOST_NAMED.saturating_sub(self.problems.len());
        self.problems.extend(problems.iter().take(room).map(|(field, problem)| (number, field.clone(), problem.clone())));
    }
}

async fn plan<'a>(tx: &mut Tx, lines: &'a [Line], import: &Import) -> Outcome<Plan<'a>> {
    let keys: Vec<String> = lines.iter().filter(|line| line.profile.is_ok()).map(|line| line.user_key.clone()).collect();
    let mut known = tx.known_users(&keys).await?;
    let mut first_lines: HashMap<&str, u64> = HashMap::new();
    let mut plan = Plan::default();
    for line in lines {
        let earlier = *first_lines.entry(&line.user_key).or_insert(line.number);
        match &line.profile {
            Err(problems) => plan.refuse(line.number, problems),
            Ok(_) if earlier != line.number => {
                plan.refuse(line.number, &[("user_id".to_owned(), Problem::RepeatedLine { line: earlier })]);
            }
            Ok(profile) => match (known.remove(&line.user_key), import.on_existing) {
                (None, _) => plan.new.push(profile),
                (Some(_), OnExisting::Refuse) => plan.refuse(line.number, &[("user_id".to_owned(), Problem::UserIdTaken)]),
                (Some(_), OnExisting::Skip) => plan.skipped += 1,
                (Some(user), OnExisting::Update) => plan.changed.push((user, profile)),
            },
        }
    }
    Ok(plan)
}

async fn write(service: &Service, tx: &mut Tx, by: &Actor, plan: &Plan<'_>) -> Outcome<()> {
    let (policy, now) = service.policy_and_now(tx).await?;
    // Somebody else may add one of these users between our look and our write; the constraint tells, and nothing is kept.
    let meanwhile = |error| match error {
        Error::Constraint(Constraint::UserKey) => Fault::Refused(Refusal::Stale),
        other => other.into(),
    };
    let changed: Vec<&Profile> = plan.changed.iter().map(|(_, profile)| *profile).collect();
    let added = tx.write_users(&plan.new, false, now.at).await.map_err(meanwhile)?;
    let changed = tx.write_users(&changed, true, now.at).await.map_err(meanwhile)?;
    let moved: Vec<Before> = plan.changed.iter().filter_map(|(user, profile)| Before::of(user, &profile.email)).collect();
    tell_old_addresses(service, tx, by, &policy, now, &moved).await?;
    let subjects: Vec<Subject> = added.into_iter().chain(changed).map(Subject::User).collect();
    let after = json!({ "added": plan.new.len(), "updated": plan.changed.len(), "skipped": plan.skipped, "bad": plan.bad });
    note(tx, by, Act { at: now.at, verb: "user.import", before: None, after: Some(after) }, &subjects).await?;
    let edits: Vec<_> = plan.changed.iter().filter_map(|(user, profile)| edit(user, profile)).collect();
    note_edits(tx, by, now.at, &edits).await
}

/// What the file changes about a user: before and after of those fields, or nothing.
fn edit(user: &KnownUser, profile: &Profile) -> Option<(i64, Value, Value)> {
    let fields = [
        ("user_id", &user.user_id, &profile.user_id),
        ("first_name", &user.first_name, &profile.first_name),
        ("last_name", &user.last_name, &profile.last_name),
        ("email", &user.email, &profile.email),
        ("mobile", &user.mobile, &profile.mobile),
        ("container", &user.container, &profile.container),
        ("language", &user.language, &profile.language),
    ];
    let changed = || fields.iter().filter(|(_, before, after)| before != after);
    let before: Map<String, Value> = changed().map(|(name, before, _)| ((*name).to_owned(), json!(before))).collect();
    let after: Map<String, Value> = changed().map(|(name, _, after)| ((*name).to_owned(), json!(after))).collect();
    (!after.is_empty()).then(|| (user.id, before.into(), after.into()))
}
