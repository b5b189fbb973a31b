-- Tokens, provisioning tasks, enrollments, links and enrollment sessions.

create table tokens (
    id integer primary key autoincrement,
    serial text not null,
    type text not null,
    state text not null constraint tokens_state check (state in
        ('inventory', 'assigned', 'active', 'suspended', 'locked', 'lost', 'faulty', 'revoked')),
    person bigint references users (id),
    secret blob,                           -- sealed with a key outside the database
    algorithm text not null default '',
    digits bigint,
    period bigint,                          -- seconds
    last_step bigint,                       -- the last time step (TOTP) or counter (HOTP) accepted: never twice
    data text,                              -- JSON, what a type keeps beyond that (a passkey's public key)
    container text not null default 'Default',
    made_at bigint not null,
    assigned_at bigint,
    activated_at bigint,
    first_used_at bigint,
    suspended_at bigint,
    state_reason text,
    version bigint not null default 1
);
create unique index tokens_serial on tokens (serial);
create index tokens_by_person on tokens (person, type, state);
create index tokens_by_state on tokens (state, type, id);
create index tokens_by_type on tokens (type, id);

-- Available = tokens of the type in state inventory; reserved = its open enrollments (spec 3.5).
create table inventory (
    type text primary key,
    unlimited boolean not null,
    available bigint not null default 0 constraint inventory_available check (available >= 0),
    reserved bigint not null default 0 constraint inventory_reserved check (reserved >= 0),
    constraint inventory_covers check (unlimited or available >= reserved)
);

create table tasks (
    number integer primary key autoincrement,                     -- never reused
    origin text not null constraint tasks_origin check (origin in ('operator', 'rule', 'request', 'api')),
    operator bigint references operators (id),
    operator_name text not null,            -- the UserID at creation, or "Rule: name", "API: key"; kept for ever
    operator_key text not null,
    type text not null,
    description text not null default '',
    description_key text not null default '',
    emailed_to text not null default '',
    emailed_to_key text not null default '',
    container text,                         -- the one of all its users, or none
    made_at bigint not null,
    start_on bigint not null,
    -- Counters without a clock, kept in the transaction of every change (count = not removed; open = count - completed).
    count bigint not null constraint tasks_count check (count >= 0),
    open bigint not null constraint tasks_open check (open >= 0 and open = count - completed),
    completed bigint not null default 0 constraint tasks_completed check (completed >= 0),
    locked bigint not null default 0 constraint tasks_locked check (locked >= 0 and locked <= open),
    removed bigint not null default 0 constraint tasks_removed check (removed >= 0),
    mail_failed bigint not null default 0 constraint tasks_mail_failed check (mail_failed >= 0),
    min_stop_on bigint not null,            -- over the open enrollments; the last known ones when none is open
    max_stop_on bigint not null,
    progress bigint not null default 0,     -- completed / count in millionths
    edit_version bigint not null default 1, -- rises by operators' edits only
    ended_at bigint,                        -- when the last open enrollment was completed or removed
    outstanding boolean generated always as (open > 0) stored
);
-- One index per sort column, the filter columns trailing (architecture, "Lists").
create index tasks_by_number on tasks (outstanding, number, operator_key, type, locked, mail_failed, min_stop_on, max_stop_on, start_on);
create index tasks_by_operator on tasks (outstanding, operator_key, number, type, locked, mail_failed, min_stop_on, max_stop_on, start_on);
create index tasks_by_emailed_to on tasks (outstanding, emailed_to_key, number, operator_key, type, locked, mail_failed, min_stop_on, max_stop_on, start_on);
create index tasks_by_start_on on tasks (outstanding, start_on, number, operator_key, type, locked, mail_failed, min_stop_on, max_stop_on);
create index tasks_by_stop_on on tasks (outstanding, max_stop_on, number, operator_key, type, locked, mail_failed, min_stop_on, start_on);
create index tasks_by_count on tasks (outstanding, count, number, operator_key, type, locked, mail_failed, min_stop_on, max_stop_on, start_on);
create index tasks_by_progress on tasks (outstanding, progress, number, operator_key, type, locked, mail_failed, min_stop_on, max_stop_on, start_on);
create index tasks_by_ended_at on tasks (outstanding, ended_at, number, operator_key, type, start_on);
-- For counting the rarest filter first.
create index tasks_with_locked on tasks (number) where open > 0 and locked > 0;
create index tasks_with_mail_failed on tasks (number) where open > 0 and mail_failed > 0;
create index tasks_with_type on tasks (outstanding, type, number);
create index tasks_with_min_stop_on on tasks (outstanding, min_stop_on, number);

-- The open enrollments of a task by stop day: Expired is the sum of open - locked before today, and needs no clock.
create table task_stops (
    task bigint not null references tasks (number) on delete cascade,
    stop_on bigint not null,
    open bigint not null constraint task_stops_open check (open >= 0),
    locked bigint not null default 0 constraint task_stops_locked check (locked >= 0 and locked <= open),
    primary key (task, stop_on)
) without rowid;
create index task_stops_stop_on on task_stops (stop_on, task, open, locked);

create virtual table task_search using fts5 (text, tokenize = 'trigram case_sensitive 1');
create table task_beginnings (
    beginning text not null,              -- the first character of a word, and the first two
    task bigint not null references tasks (number) on delete cascade,
    primary key (beginning, task)
) without rowid;
create index task_beginnings_task on task_beginnings (task);

create table enrollments (
    id integer primary key autoincrement,
    task bigint not null references tasks (number),
    person bigint not null references users (id),
    position bigint not null,               -- list order within the task
    type text not null,
    token bigint references tokens (id),
    serial text,                            -- the token's, kept whatever becomes of the token
    stop_on bigint not null,
    link_until bigint,                      -- null: until the stop date
    generation bigint not null default 1,   -- a link lives while its generation is this one
    attempts bigint not null default 0,
    locked_at bigint,
    completed_at bigint,
    removed_at bigint,
    removed_by text,
    link_opened_at bigint,
    started_at bigint,
    requested_at bigint,                    -- the user asked for a new link
    override boolean not null default false,-- provisioned though the user has this type or an open enrollment of it
    emailed_to text not null default '',
    redirected boolean not null default false,
    mail_message bigint,                    -- the newest message with a link, its state, since when, and why
    mail_state text,
    mail_at bigint,
    mail_reason text,
    first_used_at bigint,
    open boolean generated always as (completed_at is null and removed_at is null) stored
);
create unique index enrollments_open_person_type on enrollments (person, type) where open and not override;
create unique index enrollments_task_person on enrollments (task, person);
create index enrollments_task_position on enrollments (task, position);
create index enrollments_open_person_task on enrollments (person, task) where open;
create index enrollments_person on enrollments (person, id);
create index enrollments_open_stop_on on enrollments (stop_on, id) where open;
create index enrollments_locked on enrollments (id) where open and locked_at is not null;
create index enrollments_mail_failed on enrollments (id) where open and mail_state in ('bounced', 'failed');
create index enrollments_requested on enrollments (requested_at) where open and requested_at is not null;
create index enrollments_redirected on enrollments (id) where redirected;
create index enrollments_token on enrollments (token) where token is not null;

create table links (
    hash blob primary key,                 -- SHA-256 of the secret in the address
    code_mac blob,                         -- HMAC of the typed code with a key outside the database; enroll links only
    enrollment bigint not null references enrollments (id) on delete cascade,
    generation bigint not null,
    purpose text not null constraint links_purpose check (purpose in ('enroll', 'not_me', 'stop_it')),
    made_at bigint not null,
    used_at bigint
) without rowid;
create index links_enrollment on links (enrollment, generation, purpose);

create table enrollment_sessions (
    hash blob primary key,                 -- SHA-256 of the cookie's 256 bits
    enrollment bigint not null references enrollments (id) on delete cascade,
    generation bigint not null,
    made_at bigint not null,
    ends_at bigint not null,
    secret blob,                           -- the pending key, sealed; wiped when the session ends
    data text,                              -- JSON, what a type keeps between two steps (a WebAuthn challenge)
    ended_at bigint,
    ended_why text
) without rowid;
create unique index enrollment_sessions_live on enrollment_sessions (enrollment) where ended_at is null;
create index enrollment_sessions_enrollment on enrollment_sessions (enrollment, made_at);
create index enrollment_sessions_ends_at on enrollment_sessions (ends_at) where ended_at is null;
