-- Two filters together: the rows of the one are tested for the other in its own index, without looking at the tasks.
drop index tasks_with_locked;
drop index tasks_with_mail_failed;
drop index tasks_with_type;
drop index tasks_with_min_stop_on;
create index tasks_with_locked on tasks (number, operator_key, type, mail_failed, min_stop_on, max_stop_on, start_on)
    where open > 0 and locked > 0;
create index tasks_with_mail_failed on tasks (number, operator_key, type, locked, min_stop_on, max_stop_on, start_on)
    where open > 0 and mail_failed > 0;
create index tasks_with_type on tasks (outstanding, type, number, operator_key, locked, mail_failed, min_stop_on, max_stop_on, start_on);
create index tasks_with_min_stop_on on tasks (outstanding, min_stop_on, number, operator_key, type, locked, mail_failed, max_stop_on, start_on);
-- A search through the users inside: whose enrollment is open is in an outstanding task, which need not be looked at.
drop index enrollments_person;
create index enrollments_person on enrollments (person, task, removed_at, completed_at);
