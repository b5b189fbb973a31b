-- The outbox: every message is a row written in the transaction of what it speaks of.

create table outbox (
    id integer primary key autoincrement,
    message_id text not null,             -- fixed at insert, with made_at as its Date: every attempt is the same bytes
    kind text not null,
    task bigint references tasks (number),
    enrollment bigint references enrollments (id),
    person bigint references users (id),
    to_address text not null,
    language text not null,
    template_version bigint not null,
    data text not null,                     -- JSON, nothing secret
    secret blob,                           -- link and code, sealed; wiped at any final state
    generation bigint,                      -- the enrollment's, checked again just before sending
    state text not null default 'queued' constraint outbox_state check (state in
        ('queued', 'sending', 'uncertain', 'deferred', 'accepted', 'bounced', 'failed', 'canceled')),
    reason text,                            -- why deferred, failed, bounced or canceled
    reply text,                             -- the last SMTP reply
    lane bigint not null default 1,         -- 0: one-time codes; 1: all else
    turn bigint not null default 0,         -- position inside its act, lowest first
    due_at bigint not null,                 -- not before; while sending: the lease's end
    boot text,                              -- who holds the lease
    attempt bigint not null default 0,      -- the fencing number
    tries bigint not null default 0,        -- attempts that count towards giving up
    give_up_at bigint,
    retry_of bigint references outbox (id), -- Retry of a failed message is a new message
    made_at bigint not null,
    sent_at bigint,                         -- the last time the final dot was written
    ended_at bigint,
    waiting boolean generated always as (state in ('queued', 'sending', 'uncertain', 'deferred')) stored
);
create unique index outbox_message_id on outbox (message_id);
create unique index outbox_retry_of on outbox (retry_of) where retry_of is not null;
create index outbox_claim on outbox (lane, turn, id, due_at) where waiting;
create index outbox_due_at on outbox (due_at) where waiting;
create index outbox_boot on outbox (boot) where state = 'sending';
create index outbox_open_enrollment on outbox (enrollment) where waiting;
create index outbox_open_person on outbox (person) where waiting;
create index outbox_enrollment on outbox (enrollment, id);
create index outbox_task on outbox (task, id);
create index outbox_person on outbox (person, id);
create index outbox_state on outbox (state, id);
create index outbox_kind on outbox (kind, id);
create index outbox_ended_at on outbox (ended_at);

-- The queue as a whole: paused by a configuration fault (mail contract, point 9).
create table mail_queue (
    id bigint primary key constraint mail_queue_single check (id = 1),
    paused_at bigint,
    reason text,
    reply text
);
insert into mail_queue (id) values (1);

-- Every start of a server: on PostgreSQL each holds an advisory lock on `number`.
create table boots (
    boot text primary key,
    number bigint not null,
    made_at bigint not null,
    seen_at bigint not null
);
create unique index boots_number on boots (number);
