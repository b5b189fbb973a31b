// The manual page, sentence by sentence: "View all provisioning tasks" and "Edit a provisioning task".
import { type Page } from "@playwright/test";
import { awake, codeFor, expect, hasScript, open, signIn, somebody, test } from "../fixtures.ts";
import { importPeople, type Person, provision, startEnrollment, taskRow, taskUserRow, verify } from "../pages/index.ts";
import { linkIn } from "../support/mailbox.ts";

/** Signs in and opens a task for so many people. */
async function aTask(page: Page, count: number): Promise<{ task: number; people: Person[] }> {
  const people = Array.from({ length: count }, () => somebody("manual"));
  await signIn(page);
  await importPeople(page, people);
  return { task: await provision(page, people), people };
}

/** Opens *Edit* of a task from its list, as the manual says. */
async function edit(page: Page, task: number): Promise<void> {
  await open(page, "/provisioning-tasks");
  await taskRow(page, task).getByRole("link", { name: `Edit task ${task}` }).click();
  await expect(page.getByRole("heading", { name: `Edit task ${task}` })).toBeVisible();
}

function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

test("The server creates a provisioning task each time the provision function is used", async ({ page }) => {
  const first = await aTask(page, 1);
  const person = somebody("manual");
  await importPeople(page, [person]);
  expect(await provision(page, [person])).toBeGreaterThan(first.task);
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
});

test("Remove with nobody selected asks to select at least one user and keeps what was typed", async ({ page }) => {
  const { task } = await aTask(page, 1);
  await edit(page, task);
  await page.getByLabel("Notify users by email").check();
  await page.getByRole("button", { name: /^Remove/ }).click();
  await expect(page.getByText("Select at least one user.")).toBeVisible();
  await expect(page.getByLabel("Notify users by email")).toBeChecked();
});

test("New Stop Date: extend or shorten the enrollment period, and click Apply to complete the change", async ({ page }) => {
  const { task, people } = await aTask(page, 2);
  const [one, other] = people as [Person, Person];
  await edit(page, task);
  await page.getByLabel(`Select ${one.userId}`).check();
  await page.getByLabel("New Stop Date").last().fill(inDays(30));
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText(/Done: set the stop date of 1 user to/)).toBeVisible();
  await edit(page, task);
  await page.getByLabel("New Stop Date").last().fill(inDays(1));
  await page.getByRole("radio", { name: "All open users (2)" }).check();
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText(/Done: set the stop date of 2 users to/)).toBeVisible();
  await open(page, `/provisioning-tasks/${task}`);
  await expect(taskUserRow(page, task, other.userId)).toContainText("Active");
});

test("A stop date in the past or too far ahead is refused, and Cancel aborts changes", async ({ page }) => {
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
  await page.getByRole("link", { name: "Cancel" }).click();
  await expect(page.getByRole("heading", { name: `Edit task ${task}` })).toHaveCount(0);
  await open(page, `/provisioning-tasks/${task}`);
  await expect(taskUserRow(page, task, person.userId)).toContainText("Active");
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

test("One operator edits while another removes: the second is told what changed and loses nothing typed", async ({ page, stranger }) => {
  const { task, people } = await aTask(page, 2);
  const [gone, stays] = people as [Person, Person];
  await edit(page, task);
  await page.getByLabel(`Select ${stays.userId}`).check();
  await page.getByLabel("New Stop Date").last().fill(inDays(20));
  await signIn(stranger);
  await open(stranger, `/provisioning-tasks/${task}/edit`);
  await stranger.getByLabel(`Select ${gone.userId}`).check();
  await stranger.getByRole("button", { name: /^Remove/ }).click();
  await expect(stranger.getByText("Done: removed 1 user.")).toBeVisible();
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByRole("alert").getByText(/m\.keller removed 1 user at/)).toBeVisible();
  await awake(page);
  await expect(page.getByLabel(`Select ${stays.userId}`)).toBeChecked();
  await expect(page.getByLabel("New Stop Date").last()).toHaveValue(inDays(20));
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText(/Done: set the stop date of 1 user to/)).toBeVisible();
});

test("A user who enrolls while the task is being edited is reported as already completed", async ({ page, stranger, mailbox }) => {
  const { task, people } = await aTask(page, 2);
  const [person, other] = people as [Person, Person];
  await edit(page, task);
  await verify(stranger, codeFor(await startEnrollment(stranger, linkIn(await mailbox.newest(person.email, /enroll/i)))));
  await expect(stranger.getByText(/\b1\d{9}\b/)).toBeVisible();
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
  await page.getByRole("link", { name: `Back to task ${task}` }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(taskRow(page, task).locator("td.number")).toHaveText("1");
});
