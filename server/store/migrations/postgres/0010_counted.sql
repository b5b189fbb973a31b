-- What has expired is seen on the task: the earliest stop date of its enrollments that are open and not locked; null when there are none.
drop index tasks_by_number;
drop index tasks_by_operator;
drop index tasks_by_emailed_to;
drop index tasks_by_start_on;
drop index tasks_by_stop_on;
drop index tasks_by_count;
drop index tasks_by_progress;
drop index tasks_with_locked;
drop index tasks_with_mail_failed;
drop index tasks_with_type;
drop index tasks_with_min_stop_on;
drop index task_stops_stop_on;
alter table tasks add column min_unlocked_stop_on bigint;
update tasks set min_unlocked_stop_on = (select min(stop_on) from task_stops where task = number and task_stops.open > task_stops.locked)
 where open > locked;
create index tasks_by_number on tasks (outstanding, number, operator_key, type, locked, mail_failed, min_unlocked_stop_on, max_stop_on, start_on);
create index tasks_by_operator on tasks (outstanding, operator_key, number, type, locked, mail_failed, min_unlocked_stop_on, max_stop_on, start_on);
create index tasks_by_emailed_to on tasks (outstanding, emailed_to_key, number, operator_key, type, locked, mail_failed, min_unlocked_stop_on, max_stop_on, start_on);
create index tasks_by_start_on on tasks (outstanding, start_on, number, operator_key, type, locked, mail_failed, min_unlocked_stop_on, max_stop_on);
create index tasks_by_stop_on on tasks (outstanding, max_stop_on, number, operator_key, type, locked, mail_failed, min_unlocked_stop_on, start_on);
create index tasks_by_count on tasks (outstanding, count, number, operator_key, type, locked, mail_failed, min_unlocked_stop_on, max_stop_on, start_on);
create index tasks_by_progress on tasks (outstanding, progress, number, operator_key, type, locked, mail_failed, min_unlocked_stop_on, max_stop_on, start_on);
create index tasks_with_locked on tasks (number, operator_key, type, mail_failed, min_unlocked_stop_on, max_stop_on, start_on)
    where open > 0 and locked > 0;
create index tasks_with_mail_failed on tasks (number, operator_key, type, locked, min_unlocked_stop_on, max_stop_on, start_on)
    where open > 0 and mail_failed > 0;
create index tasks_with_type on tasks (outstanding, type, number, operator_key, locked, mail_failed, min_unlocked_stop_on, max_stop_on, start_on);
create index tasks_with_expired on tasks (outstanding, min_unlocked_stop_on, number, operator_key, type, locked, mail_failed, max_stop_on, start_on);
-- How many are outstanding is counted for every page: the narrower the index, the sooner. Its condition is in no other words: SQLite
-- would take it for every filter that says `open > 0`.
create index tasks_outstanding on tasks (number) where open >= 1;
-- Mail that failed, of those who are active: the figure of the dashboard is counted in one index.
drop index enrollments_with_mail;
create index enrollments_with_mail on enrollments (mail_state, stage, stop_on, id) where mail_state <> 'accepted';
