-- What was told of a stop date, once: that many days before it a reminder went to the user; at -1 operators were told that it is over.
-- A stop date that moves is another one and counts anew. Without a foreign key, which would lock enrollments out of their order;
-- they are never deleted.
create table stop_notices (
    enrollment bigint not null,
    stop_on bigint not null,
    days bigint not null,
    made_at bigint not null,
    primary key (enrollment, stop_on, days)
) without rowid;

-- A reminder's link may live on when those before it no longer do: they keep their end here. Null: the enrollment's link_until.
alter table links add column until bigint;
