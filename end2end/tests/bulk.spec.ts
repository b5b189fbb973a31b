// Acts over many enrollments: rows are selected on a list, a dry run says what will happen, and it happens in the background.
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { awake, expect, expectAccessible, hasScript, open, signIn, somebody, test } from "../fixtures.ts";
import { aTask, anotherTask, importPeople, lockOut, provision, taskRow } from "../pages/index.ts";
import { linkIn } from "../support/mailbox.ts";

/** Presses a button of the bar above the list, once something is selected there. */
async function actOnSelected(page: Page, selected: string, act: string): Promise<void> {
  if (hasScript()) await expect(page.getByText(`${selected} selected`, { exact: true })).toBeVisible();
  await page.getByRole("group", { name: "With those selected" }).getByRole("button", { name: act }).click();
  await page.waitForURL(/\/bulk\/new\?/);
  await awake(page);
}

/** Confirms what the dry run says, and waits for the end. */
async function confirmed(page: Page, count: number): Promise<void> {
  await page.waitForURL(/\/bulk\/\d+$/);
  await expect(page.getByRole("heading", { name: "What will happen" })).toBeVisible();
  await awake(page);
  await page.getByRole("button", { name: "Confirm" }).click();
  const done = page.getByText(`${count} enrollment${count === 1 ? "" : "s"} done.`);
  if (hasScript()) return expect(done).toBeVisible({ timeout: 15_000 });
  await expect(async () => {
    await page.reload();
    await expect(done).toBeVisible({ timeout: 500 });
  }).toPass();
}

test("tasks are selected on the list and everybody in them gets a new link, who may have one", async ({ page, mailbox }) => {
  const first = await aTask(page, 2);
  const second = await anotherTask(page, 1);
  await open(page, "/provisioning-tasks");
  for (const [{ task }, selected] of [[first, "1 task selected"], [second, "2 tasks selected"]] as const) {
    await page.getByLabel(`Select task ${task}`).check();
    if (hasScript()) await expect(page.getByText(selected, { exact: true })).toBeVisible();
  }
  await actOnSelected(page, "2 tasks", "Resend");
  await expect(page.getByText("Earlier links stop working")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Next" }).click();
  await page.waitForURL(/\/bulk\/\d+$/);
  await expect(page.getByText("3 enrollments: a new link is mailed")).toBeVisible();
  await expectAccessible(page);
  await confirmed(page, 3);
  for (const { email } of [...first.people, ...second.people]) {
    await expect.poll(() => mailbox.all(email).length).toBe(2);
  }

  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download the result" }).click();
  const text = await readFile(await (await download).path(), "utf8");
  expect(text.trim().split("\r\n")).toHaveLength(4);
  expect(text).toContain(`${second.people[0]?.userId}`);

  await open(page, "/provisioning-tasks");
  await expect(taskRow(page, second.task)).toBeVisible();
  await page.getByLabel(`Select task ${second.task}`).check();
  await actOnSelected(page, "1 task", "Resend");
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByText(/1 enrollment is left out: A link was sent to this address a moment ago. Possible again at \d\d:\d\d on \d\d \w+ \d+\./)).toBeVisible();
  await expect(page.getByText("Nobody is left to do it to.")).toBeVisible();
});

test("whoever is locked is found over all tasks and unlocked at once", async ({ page, stranger, mailbox }) => {
  await signIn(page);
  const people = [somebody("monday"), somebody("monday")];
  await importPeople(page, people);
  const task = await provision(page, people);
  for (const { email } of people) await lockOut(stranger, linkIn(await mailbox.newest(email, /enroll/i)));
  await open(page, "/reports/enrollments?search=monday");
  await page.getByRole("group", { name: "Filters" }).getByRole("link", { name: "Locked" }).click();
  await page.waitForURL(/status=locked/);
  await awake(page);
  await page.getByRole("button", { name: "Select all 2 that match" }).click();
  await page.waitForURL(/selection=/);
  await expect(page.getByLabel(`Select ${people[0]?.userId} in task ${task}`)).toBeChecked();
  await actOnSelected(page, "2 enrollments", "Unlock");
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByText("Fill in this field.")).toBeVisible();
  await page.getByLabel("Reason").fill("Monday morning");
  await page.getByRole("button", { name: "Next" }).click();
  await confirmed(page, 2);
  await open(page, "/reports/enrollments?search=monday&status=locked");
  await expect(page.getByText("No enrollments.")).toBeVisible();
});

test("a box ticked while the list is being read again is not forgotten", { tag: "@script" }, async ({ page }) => {
  const first = await aTask(page, 1);
  const second = await anotherTask(page, 1);
  await open(page, "/provisioning-tasks");
  await page.route(/\/tasks_page\?/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 700));
    await route.continue();
  });
  await page.getByLabel(`Select task ${first.task}`).check();
  await page.waitForURL(/selection=/);
  await page.getByLabel(`Select task ${second.task}`).check();
  await expect(page.getByText("2 tasks selected", { exact: true })).toBeVisible();
  await expect(page.getByLabel(`Select task ${second.task}`)).toBeChecked();
});
