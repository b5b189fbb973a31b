// The manual page, sentence by sentence: "View all provisioning tasks" and "Edit a provisioning task".
import { OPERATOR, anOperator, awake, codeFor, expect, hasScript, open, signIn, test } from "../fixtures.ts";
import { aTask, anotherTask, cellOf, edit, enroll, expand, listed, newStopDate, type Person, removeFrom, startEnrollment, taskRow, taskUserRow, verify } from "../pages/index.ts";
import { inDays, onScreen } from "../support/days.ts";
import { linkIn } from "../support/mailbox.ts";

test("The server creates a provisioning task each time the provision function is used", async ({ page }) => {
  const first = await aTask(page, 1);
  const second = await anotherTask(page, 1);
  expect(second.task).toBeGreaterThan(first.task);
});

test("On the console, under Shortcuts, select Provisioning Tasks: Provisioning Task Management displays a list of tasks", async ({ page }) => {
  const { task } = await aTask(page, 2);
  await page.getByRole("navigation", { name: "Shortcuts" }).getByRole("link", { name: "Provisioning Tasks", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Provisioning Task Management" })).toBeVisible();
  const table = page.getByRole("table", { name: "Provisioning tasks" });
  for (const column of ["Task", "Operator", "Emailed to", "Start Date", "Stop Date", "Count", "Progress", "Edit", "Remove"]) {
    await expect(table.getByRole("columnheader", { name: column })).toBeVisible();
  }
  await expect(taskRow(page, task)).toContainText("m.keller");
  await expect(taskRow(page, task).locator("td.number")).toHaveText("2");
});

test("Select a Task number to display details about the task", async ({ page }) => {
  const { task, people } = await aTask(page, 2);
  await open(page, "/provisioning-tasks");
  await taskRow(page, task).getByRole("link", { name: String(task), exact: true }).click();
  const details = page.getByRole("table", { name: `Task ${task}` });
  for (const column of ["User ID", "Name", "Emailed to", "Status", "Serial Number", "Stop Date", "Mail"]) {
    await expect(details.getByRole("columnheader", { name: column, exact: true })).toBeVisible();
  }
  for (const person of people) await expect(taskUserRow(page, task, person.userId)).toContainText("Active");
});

test("In the Provisioning Tasks list, select Edit for the task that you want to change", async ({ page }) => {
  const { task, people } = await aTask(page, 2);
  const other = await anotherTask(page, 1);
  await (await listed(page, task, "Edit")).getByRole("link", { name: `Edit task ${task}` }).click();
  await expect(page.getByRole("heading", { name: `Edit task ${task}` })).toBeVisible();
  for (const { userId } of people) await expect(page.getByLabel(`Select ${userId}`)).toBeVisible();
  await expect(page.getByLabel(`Select ${(other.people[0] as Person).userId}`)).toHaveCount(0);
});

test("Update the task as required", async ({ page }) => {
  const { task, people } = await aTask(page, 3);
  const [gone, later, left] = people as [Person, Person, Person];
  await removeFrom(page, task, [gone]);
  await newStopDate(page, task, [later], inDays(12));
  await expand(page, task);
  await expect(taskUserRow(page, task, gone.userId)).toContainText("Removed");
  await expect(await cellOf(taskUserRow(page, task, later.userId), "Stop Date")).toHaveText(onScreen(inDays(12)));
  await expect(await cellOf(taskUserRow(page, task, left.userId), "Stop Date")).toHaveText(onScreen(inDays(10)));
});

test("Remove: this option will remove selected users from the task, and their ability to enroll will be canceled", async ({ page, stranger, mailbox }) => {
  const { task, people } = await aTask(page, 2);
  const [gone, stays] = people as [Person, Person];
  const link = linkIn(await mailbox.newest(gone.email, /enroll/i));
  await edit(page, task);
  await expect(page.getByText("This action cannot be reversed")).toBeVisible();
  await expect(page.getByLabel("Notify users by email")).not.toBeChecked();
  await page.getByLabel(`Select ${gone.userId}`).check();
  await page.getByRole("button", { name: /^Remove/ }).click();
  await expect(page.getByText("Done: removed 1 user.")).toBeVisible();
  await page.getByRole("link", { name: `Back to task ${task}` }).click();
  await open(page, `/provisioning-tasks/${task}`);
  await expect(taskUserRow(page, task, gone.userId)).toContainText("Removed");
  await expect(taskUserRow(page, task, stays.userId)).toContainText("Active");
  await open(stranger, link);
  await expect(stranger.getByRole("button", { name: "Start" })).toHaveCount(0);
  expect(mailbox.all(gone.email)).toHaveLength(1);
});

test("Check the email notification option to advise users that their enrollment has been canceled", async ({ page, mailbox }) => {
  const { task, people } = await aTask(page, 2);
  const [gone] = people as [Person, Person];
  await mailbox.newest(gone.email, /enroll/i);
  await edit(page, task);
  await page.getByLabel(`Select ${gone.userId}`).check();
  await page.getByLabel("Notify users by email").check();
  await page.getByRole("button", { name: /^Remove/ }).click();
  await expect(page.getByText("Done: removed 1 user and told them by email.")).toBeVisible();
  await expect.poll(() => mailbox.all(gone.email).length).toBe(2);
  expect(mailbox.all(gone.email)[1]?.text).toMatch(/canceled/i);
});

test("This action cannot be reversed", async ({ page, stranger, mailbox }) => {
  const { task, people } = await aTask(page, 2);
  const [gone, stays] = people as [Person, Person];
  const link = linkIn(await mailbox.newest(gone.email, /enroll/i));
  await removeFrom(page, task, [gone]);
  await edit(page, task);
  await expect(page.getByText("This action cannot be reversed.")).toBeVisible();
  await expect(page.getByLabel(`Select ${gone.userId}`)).toHaveCount(0);
  // A new stop date for all is one for those who are left.
  await expect(page.getByRole("radio", { name: "All open users (1)" })).toBeVisible();
  await newStopDate(page, task, [stays], inDays(40));
  await expand(page, task);
  await expect(taskUserRow(page, task, gone.userId)).toContainText("Removed");
  await open(stranger, link);
  await expect(stranger.getByText(/canceled/i).first()).toBeVisible();
});

test("Remove with nobody selected asks to select at least one user and keeps what was typed", async ({ page }) => {
  const { task } = await aTask(page, 1);
  await edit(page, task);
  await page.getByLabel("Notify users by email").check();
  await page.getByRole("button", { name: /^Remove/ }).click();
  await expect(page.getByText("Select at least one user.")).toBeVisible();
  await expect(page.getByLabel("Notify users by email")).toBeChecked();
});

test("New Stop Date: this option can be used to extend or shorten the enrollment period", async ({ page, stranger, mailbox }) => {
  const { task, people } = await aTask(page, 2);
  const [one, other] = people as [Person, Person];
  await newStopDate(page, task, [one], inDays(30));
  await expand(page, task);
  await expect(await cellOf(taskUserRow(page, task, one.userId), "Stop Date")).toHaveText(onScreen(inDays(30)));
  await expect(await cellOf(taskUserRow(page, task, other.userId), "Stop Date")).toHaveText(onScreen(inDays(10)));
  await edit(page, task);
  await page.getByLabel("New Stop Date").last().fill(inDays(1));
  await page.getByRole("radio", { name: "All open users (2)" }).check();
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText(/Done: set the stop date of 2 users to/)).toBeVisible();
  await expand(page, task);
  for (const { userId } of people) {
    await expect(await cellOf(taskUserRow(page, task, userId), "Stop Date")).toHaveText(onScreen(inDays(1)));
  }
  await enroll(stranger, linkIn(await mailbox.newest(one.email, /enroll/i)));
});

test("Click Apply to complete the change or Cancel to abort changes", async ({ page }) => {
  const { task, people } = await aTask(page, 1);
  const [person] = people as [Person];
  for (const [act, day] of [["Cancel", inDays(10)], ["Apply", inDays(15)]] as const) {
    await edit(page, task);
    await page.getByLabel(`Select ${person.userId}`).check();
    await page.getByLabel("New Stop Date").last().fill(inDays(15));
    await page.getByRole(act === "Apply" ? "button" : "link", { name: act }).click();
    await expect(page.getByRole("button", { name: "Apply" })).toHaveCount(0);
    await expand(page, task);
    await expect(await cellOf(taskUserRow(page, task, person.userId), "Stop Date")).toHaveText(onScreen(day));
  }
});

test("A stop date in the past or too far ahead is refused, and nothing typed is lost", async ({ page }) => {
  const { task, people } = await aTask(page, 1);
  const [person] = people as [Person];
  await edit(page, task);
  await page.getByLabel(`Select ${person.userId}`).check();
  for (const [day, sentence] of [[inDays(-2), "This day is over."], [inDays(400), "This day is too far ahead."]] as const) {
    await page.getByLabel("New Stop Date").last().fill(day);
    await page.getByRole("button", { name: "Apply" }).click();
    await expect(page.getByText(sentence)).toBeVisible();
    await expect(page.getByLabel(`Select ${person.userId}`)).toBeChecked();
  }
  await expand(page, task);
  await expect(await cellOf(taskUserRow(page, task, person.userId), "Stop Date")).toHaveText(onScreen(inDays(10)));
});

test("Use Remove to remove a task from the list: users that have not completed enrollment can no longer self-enroll", async ({ page, stranger, mailbox }) => {
  const { task, people } = await aTask(page, 1);
  const [person] = people as [Person];
  const link = linkIn(await mailbox.newest(person.email, /enroll/i));
  await open(page, "/provisioning-tasks");
  await taskRow(page, task).getByRole("link", { name: `Remove task ${task}` }).click();
  await expect(page.getByText("1 user who has not completed enrollment will no longer be able to enroll.")).toBeVisible();
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(page.getByRole("heading", { name: `Remove task ${task}` })).toHaveCount(0);
  await expect(taskRow(page, task)).toHaveCount(0);
  await open(stranger, link);
  await expect(stranger.getByRole("button", { name: "Start" })).toHaveCount(0);
  expect(await open(page, `/provisioning-tasks/${task}`)).toBe(200);
  await expect(page.getByText(`Task ${task} is completed; its data is kept for reporting`)).toBeVisible();
});

test("One operator edits while another removes: the second is told who did what, and loses nothing typed", async ({ page, stranger, provost }) => {
  const { task, people } = await aTask(page, 3);
  const [gone, stays, late] = people as [Person, Person, Person];
  await edit(page, task);
  await page.getByLabel(`Select ${stays.userId}`).check();
  await page.getByLabel("New Stop Date").last().fill(inDays(20));
  const colleague = anOperator(provost, "Provisioning", "colleague");
  await signIn(stranger, colleague);
  await removeFrom(stranger, task, [gone]);
  await newStopDate(stranger, task, [late], inDays(7));

  await page.getByRole("button", { name: "Apply" }).click();
  const told = page.getByRole("alert").filter({ hasText: "this task was edited meanwhile" });
  await expect(told).toContainText(new RegExp(`${colleague.userId} removed 1 user on ${onScreen(inDays(0))} \\d\\d:\\d\\d`));
  await expect(told).toContainText(`${colleague.userId} set the stop date of 1 user to ${onScreen(inDays(7))} on`);
  await expect(told).not.toContainText(OPERATOR.userId);
  await awake(page);
  await expect(page.getByLabel(`Select ${stays.userId}`)).toBeChecked();
  await expect(page.getByLabel("New Stop Date").last()).toHaveValue(inDays(20));
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText(/Done: set the stop date of 1 user to/)).toBeVisible();
  await expand(page, task);
  await expect(await cellOf(taskUserRow(page, task, stays.userId), "Stop Date")).toHaveText(onScreen(inDays(20)));
  await expect(await cellOf(taskUserRow(page, task, late.userId), "Stop Date")).toHaveText(onScreen(inDays(7)));
  await expect(taskUserRow(page, task, gone.userId)).toContainText("Removed");
});

test("A user who enrolls while the task is being edited is reported as already completed", async ({ page, stranger, mailbox }) => {
  const { task, people } = await aTask(page, 2);
  const [person, other] = people as [Person, Person];
  await edit(page, task);
  await enroll(stranger, linkIn(await mailbox.newest(person.email, /enroll/i)));
  await page.getByLabel(`Select ${person.userId}`).check();
  await page.getByLabel(`Select ${other.userId}`).check();
  await page.getByRole("button", { name: /^Remove/ }).click();
  await expect(page.getByText("Done: removed 1 user.")).toBeVisible();
  await expect(page.getByText(`${person.userId} is already completed and was left as it is.`)).toBeVisible();
});

test("A user removed while their enrollment page is open is told so when they go on", async ({ page, stranger, mailbox }) => {
  const { task, people } = await aTask(page, 2);
  const [person] = people as [Person, Person];
  const key = await startEnrollment(stranger, linkIn(await mailbox.newest(person.email, /enroll/i)));
  await edit(page, task);
  await page.getByLabel(`Select ${person.userId}`).check();
  await page.getByRole("button", { name: /^Remove/ }).click();
  await expect(page.getByText("Done: removed 1 user.")).toBeVisible();
  await verify(stranger, codeFor(key));
  await expect(stranger.getByText(/canceled/i).first()).toBeVisible();
});

test("With script, Edit opens over the list, and the list is read again behind it", { tag: "@script" }, async ({ page }) => {
  const { task, people } = await aTask(page, 2);
  await edit(page, task);
  expect(hasScript()).toBe(true);
  await expect(page.getByRole("dialog")).toBeVisible();
  expect(new URL(page.url()).pathname).toBe("/provisioning-tasks");
  await page.getByLabel(`Select ${(people[0] as Person).userId}`).check();
  await expect(page.getByText("1 selected")).toBeVisible();
  await page.getByRole("button", { name: /^Remove/ }).click();
  await expect(page.getByText("Done: removed 1 user.")).toBeVisible();
  await expect(page.getByRole("dialog").getByRole("alert")).toBeFocused();
  await expect(page.getByRole("dialog").getByText("2 users, 2 open")).toHaveCount(0);
  await page.getByRole("link", { name: `Back to task ${task}` }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page).toHaveURL(`/provisioning-tasks/${task}`);
  await expect(taskRow(page, task).locator("td.number")).toHaveText("1");
});
