-- Acts over many enrollments: what was asked, and each enrollment's part in it, fixed by the dry run and marked in the transaction that
-- does it.

create table bulk_acts (
    id integer primary key autoincrement,
    operator bigint not null references operators (id),
    address text,                           -- the client's, for the audit trail of what is done later
    act text not null constraint bulk_acts_act check (act in ('resend', 'stop_date', 'unlock', 'remove')),
    state text not null constraint bulk_acts_state check (state in ('planned', 'running', 'done', 'canceled', 'stopped')),
    what text not null,                     -- JSON, model::bulk
    why text,                               -- why it was stopped
    made_at bigint not null,
    confirmed_at bigint,
    ended_at bigint
);
create index bulk_acts_operator on bulk_acts (operator, id);
create index bulk_acts_running on bulk_acts (id) where state = 'running';

-- Without a foreign key on enrollments, which would lock them out of their order; they are never deleted.
create table bulk_rows (
    act bigint not null references bulk_acts (id) on delete cascade,
    position bigint not null,               -- by task and enrollment: the order in which they are locked
    enrollment bigint not null,
    outcome text not null constraint bulk_rows_outcome check (outcome in ('planned', 'done', 'left_out')),
    reason text,              -- why it is left out, model::bulk
    primary key (act, position)
) without rowid;
create index bulk_rows_outcome on bulk_rows (act, outcome, reason, position);
