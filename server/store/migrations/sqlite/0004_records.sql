-- Selections, the policy, the audit trail and the keys of forms.

create table selections (
    id text primary key,                  -- random; stands in the address
    operator bigint not null references operators (id) on delete cascade,
    kind text not null constraint selections_kind check (kind in ('ids', 'filter')),
    subject text not null default 'users',-- what its items are: users, tasks, enrollments
    filter text,                            -- JSON
    missing text,                           -- JSON: pasted UserIDs that no user has
    frozen_at bigint,                       -- when a filter's rows were fixed by a dry run
    made_at bigint not null,
    seen_at bigint not null
);
create index selections_operator on selections (operator, made_at);
create index selections_seen_at on selections (seen_at);

create table selection_items (
    selection text not null references selections (id) on delete cascade,
    item bigint not null,
    position bigint not null,
    override boolean not null default false,
    primary key (selection, item)
) without rowid;
create index selection_items_position on selection_items (selection, position);

create table policy (
    id bigint primary key constraint policy_single check (id = 1),
    version bigint not null,
    document text not null,                 -- JSON, model::policy
    changed_at bigint not null
);
create table policy_log (
    id integer primary key autoincrement,
    at bigint not null,
    operator bigint references operators (id),
    operator_name text not null,
    before text not null,                   -- JSON
    after text not null
);

create table audit (
    id integer primary key autoincrement,
    at bigint not null,
    operator bigint,                        -- null: the machine, or a user with a link
    operator_name text not null,
    address text,
    verb text not null,
    before text,                            -- JSON
    after text
);
create index audit_at on audit (at, id);
create index audit_operator on audit (operator, id);
create index audit_operator_name on audit (operator_name, id);
create index audit_verb on audit (verb, id);
create table audit_subjects (
    audit bigint not null references audit (id),
    kind text not null,
    subject bigint not null,
    primary key (kind, subject, audit)
) without rowid;
create index audit_subjects_audit on audit_subjects (audit);
create trigger audit_no_update before update on audit begin select raise(abort, 'audit is append-only'); end;
create trigger audit_no_delete before delete on audit begin select raise(abort, 'audit is append-only'); end;
create trigger audit_subjects_no_update before update on audit_subjects begin select raise(abort, 'audit_subjects is append-only'); end;
create trigger audit_subjects_no_delete before delete on audit_subjects begin select raise(abort, 'audit_subjects is append-only'); end;
create trigger policy_log_no_update before update on policy_log begin select raise(abort, 'policy_log is append-only'); end;
create trigger policy_log_no_delete before delete on policy_log begin select raise(abort, 'policy_log is append-only'); end;

-- The key a form is sent with: the same again gets the first answer, other content is refused (spec 3.5).
create table idempotency (
    operator bigint not null references operators (id) on delete cascade,
    key text not null,
    digest blob not null,                  -- SHA-256 of what was sent
    answer text,                            -- JSON; written before the same transaction commits
    made_at bigint not null,
    primary key (operator, key)
) without rowid;
create index idempotency_made_at on idempotency (made_at);
