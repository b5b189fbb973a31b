-- The list of enrollments over all tasks: an index for each sort, and for each filter that may match few.

-- What became of an enrollment, without a clock: 0 open, 4 locked, 8 completed, 12 removed; 1 more where the link was opened, 2 more
-- where Start was pressed. Expired is open with a stop date behind.
alter table enrollments add column stage bigint generated always as
    (case when removed_at is not null then 12 when completed_at is not null then 8 when locked_at is not null then 4 else 0 end
     + case when link_opened_at is null then 0 else 1 end + case when started_at is null then 0 else 2 end) stored;
-- How its newest mail with a link ended, or 0: 1 bounced, 2 failed, 3 canceled, 4 deferred, 5 uncertain; 8 more where that went to another
-- address. Mail that leaves as it should changes no index.
alter table enrollments add column marks bigint generated always as
    (case mail_state when 'bounced' then 1 when 'failed' then 2 when 'canceled' then 3 when 'deferred' then 4 when 'uncertain' then 5
          else 0 end + case when redirected then 8 else 0 end) stored;
-- The task's and the user's, beside the rows that are sorted by them. The first never changes, the second with the UserID.
alter table enrollments add column start_on bigint not null default 0;
alter table enrollments add column user_key text collate "C" not null default '';
update enrollments set
    start_on = (select t.start_on from tasks t where t.number = enrollments.task),
    user_key = (select u.user_key from users u where u.id = enrollments.person);

-- The list is walked once for each stage, and the walks are merged. What the tests of a walk read trails.
create index enrollments_by_start_on on enrollments (stage, start_on, id, stop_on, type, marks, task, person);
create index enrollments_by_stop_on on enrollments (stage, stop_on, id, start_on, type, marks, task, person);
create index enrollments_by_task on enrollments (stage, task, id, start_on, stop_on, type, marks, person);
create index enrollments_by_user_key on enrollments (stage, user_key, id, start_on, stop_on, type, marks, task, person);
-- For counting the rarest filter first.
create index enrollments_with_mail on enrollments (mail_state, id) where mail_state <> 'accepted';
create index enrollments_with_link_until on enrollments (link_until, id) where open and link_until is not null;
create index tasks_with_operator on tasks (operator_key, number, start_on);
