-- A search for somebody many tasks hold: the tasks of a user, and whether the user was removed from them, without reading the rows. It
-- also serves those that are still open: nobody is in more than a few tasks.
drop index enrollments_person;
drop index enrollments_open_person_task;
create index enrollments_person on enrollments (person, task, removed_at);
