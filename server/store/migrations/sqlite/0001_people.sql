-- The installation itself, those who sign in, and those who receive authenticators.
-- Times are milliseconds since 1970-01-01T00:00:00Z, days are days since 1970-01-01, both bigint.
-- A column `person` names a row of users; `user_id` is always the UserID as people write it.

create table instance (
    id bigint primary key constraint instance_single check (id = 1),
    key_fingerprint text not null,          -- of the secret key file; another key is refused
    made_at bigint not null
);

create table settings (
    name text primary key,
    value text not null,                    -- JSON
    version bigint not null default 1,
    changed_at bigint not null
);

-- Numbers that are never given out twice, such as ten-digit serial numbers.
create table sequences (
    name text primary key,
    next bigint not null
);
insert into sequences (name, next) values ('serial', 1000000001);

create table roles (
    name text primary key,
    rights text not null,                   -- names with spaces between
    built_in boolean not null default false,
    version bigint not null default 1,
    made_at bigint not null default 0
);

create table operators (
    id integer primary key autoincrement,
    user_id text not null,
    user_key text not null,               -- model::text::user_key
    name text not null,
    email text not null,
    role text not null references roles (name),
    password_hash text not null,            -- argon2id, PHC form
    disabled_at bigint,
    signed_in_at bigint,
    made_at bigint not null,
    version bigint not null default 1
);
create unique index operators_user_key on operators (user_key);

create table operator_sessions (
    hash blob primary key,                 -- SHA-256 of the cookie's 256 bits
    operator bigint not null references operators (id) on delete cascade,
    made_at bigint not null,
    seen_at bigint not null,                -- touched at most once a minute
    ends_at bigint not null,                -- the absolute end
    address text not null default '',
    agent text not null default ''
) without rowid;
create index operator_sessions_operator on operator_sessions (operator, seen_at);
create index operator_sessions_ends_at on operator_sessions (ends_at);

-- Networks an operator has signed in from: attempts from there are counted apart from a stranger's.
create table operator_places (
    operator bigint not null references operators (id) on delete cascade,
    place text not null,                  -- an IPv4 address, or the /64 of an IPv6 address
    made_at bigint not null,
    seen_at bigint not null,
    primary key (operator, place)
) without rowid;

-- Token buckets. A bucket is full again at `full_at`; every take moves that by one refill, guarded in the same statement.
create table throttles (
    kind text not null,
    subject text not null,
    full_at bigint not null,
    primary key (kind, subject)
) without rowid;
create index throttles_full_at on throttles (full_at);

-- Resends per normalised address and calendar day (spec 3.4), taken by one guarded upsert.
create table resends (
    address_key text not null,
    day bigint not null,
    count bigint not null,
    last_at bigint not null,
    primary key (address_key, day)
) without rowid;
create index resends_day on resends (day);

create table users (
    id integer primary key autoincrement,
    user_id text not null,
    user_key text not null,
    first_name text not null default '',
    last_name text not null default '',
    email text not null,
    mobile text not null default '',
    container text not null default 'Default',
    custom1 text not null default '',
    custom2 text not null default '',
    custom3 text not null default '',
    language text not null default '',      -- empty: the organisation's default
    first_name_key text not null,         -- model::text::search_key of first and last name, for sorting
    last_name_key text not null,          -- of last and first name
    email_key text not null,              -- the address as it is compared
    container_key text not null,
    custom1_key text not null,
    disabled_at bigint,
    deleted_at bigint,
    email_changed_at bigint,                -- with email_before: a changed address is told of for 72 hours
    email_before text,
    made_at bigint not null,
    version bigint not null default 1,
    live boolean generated always as (deleted_at is null) stored,
    enabled boolean generated always as (disabled_at is null) stored
);
create unique index users_user_key on users (user_key) where live;
create index users_by_user_key on users (live, user_key, id, container_key, enabled);
create index users_by_last_name on users (live, last_name_key, id, container_key, enabled);
create index users_by_first_name on users (live, first_name_key, id, container_key, enabled);
create index users_by_email on users (live, email_key, id, container_key, enabled);
create index users_by_container on users (live, container_key, id, enabled);
create index users_by_custom1 on users (live, custom1_key, id, container_key, enabled);

-- Searching: three characters and more through trigrams, one or two through the beginnings of words.
create virtual table user_search using fts5 (text, tokenize = 'trigram case_sensitive 1');
create table user_beginnings (
    beginning text not null,              -- the first character of a word, and the first two
    person bigint not null references users (id) on delete cascade,
    primary key (beginning, person)
) without rowid;
create index user_beginnings_person on user_beginnings (person);
