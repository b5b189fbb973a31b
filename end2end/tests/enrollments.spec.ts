// Enrollments: one row for each user and task over all tasks, each in one sentence; and what is filtered, as a file.
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { codeFor, expect, expectAccessible, open, signIn, somebody, test } from "../fixtures.ts";
import { importPeople, provision, startEnrollment, verify } from "../pages/index.ts";
import { linkIn } from "../support/mailbox.ts";

async function search(page: Page, text: string): Promise<void> {
  await page.getByRole("searchbox", { name: "Search enrollments" }).fill(text);
  await page.getByRole("searchbox", { name: "Search enrollments" }).press("Enter");
  await page.waitForURL((url) => url.searchParams.get("search") === text);
}

async function exported(page: Page, format: "CSV" | "JSON"): Promise<{ name: string; text: string }> {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: `Export ${format}` }).click();
  const file = await download;
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
}

test("an operator finds a user's enrollment, and reads to the caller what happened", async ({ page, stranger, mailbox }) => {
  const person = somebody("caller");
  await signIn(page);
  await importPeople(page, [person]);
  const task = await provision(page, [person]);
  await open(page, "/reports");
  await page.getByRole("link", { name: "Enrollments", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Enrollments" })).toBeVisible();
  await search(page, person.userId);
  const row = page.getByRole("table", { name: "Enrollments" }).getByRole("row").filter({ hasText: person.userId });
  await expect(row).toHaveCount(1);
  await expect(row.getByRole("link", { name: String(task), exact: true })).toBeVisible();
  await row.getByText("Active").click();
  await expect(row.getByText(/ (was mailed|is to be mailed).* has not opened the link; may enroll until \d\d \w{3} \d{4}\.$/)).toBeVisible();
  await expectAccessible(page);

  const link = linkIn(await mailbox.newest(person.email, /enroll/i));
  await verify(stranger, codeFor(await startEnrollment(stranger, link)));
  await expect(stranger.getByText(/\b1\d{9}\b/)).toBeVisible();
  await page.getByRole("group", { name: "Filters" }).getByRole("link", { name: "Completed" }).click();
  await page.waitForURL(/status=completed/);
  await expect(row.locator("summary")).toHaveText(/^Completed/);
  await row.locator("summary").click();
  await expect(row.getByText(/opened the link on .*, started on .*; completed enrollment on .* with serial number 1\d{9}, never used since\.$/)).toBeVisible();
  await page.getByRole("group", { name: "Filters" }).getByRole("link", { name: "Never used" }).click();
  await page.waitForURL(/never_used=1/);
  await expect(row.locator("summary")).toHaveText(/^Completed/);
  await page.getByRole("group", { name: "Filters" }).getByRole("link", { name: "Locked" }).click();
  await expect(page.getByText("No enrollments.")).toBeVisible();
});

test("the list is filtered, sorted and paged in its address, and takes nothing else", async ({ page }) => {
  const person = somebody("sorted");
  await signIn(page);
  await importPeople(page, [person]);
  await provision(page, [person]);
  await open(page, "/reports/enrollments?kind=app&size=50");
  await page.getByText("More filters").click();
  await page.getByLabel("Mail", { exact: true }).selectOption("Failed");
  await page.getByLabel("Start pressed").selectOption("Not started");
  await page.getByRole("button", { name: "Show enrollments" }).click();
  await page.waitForURL(/mail=failed/);
  await expect(page.getByRole("link", { name: /^Mail: Failed/ })).toBeVisible();
  await page.getByRole("link", { name: /^Not started/ }).click();
  await page.waitForURL((url) => !url.searchParams.has("started"));
  await open(page, "/reports/enrollments");
  for (const [column, sort] of [["User ID", "user_id"], ["Task", "-task"], ["Stop Date", "stop"]] as const) {
    await page.getByRole("columnheader", { name: column }).getByRole("link").click();
    await page.waitForURL((url) => url.searchParams.get("sort") === sort);
    const order = sort.startsWith("-") ? "descending" : "ascending";
    await expect(page.getByRole("columnheader", { name: column })).toHaveAttribute("aria-sort", order);
  }
  for (const query of ["status=open", "sort=serial", "size=7", "cursor=AAAA", "page=2"]) {
    expect(await open(page, `/reports/enrollments?${query}`), query).toBe(400);
  }
});

test("what is filtered is what is exported, and the audit trail says so", async ({ page }) => {
  const people = [somebody("exported"), somebody("exported")];
  await signIn(page);
  await importPeople(page, people);
  const task = await provision(page, people);
  await open(page, `/reports/enrollments?search=${people[0]?.userId}&status=active&sort=user_id`);
  await page.getByText("Export", { exact: true }).click();
  const csv = await exported(page, "CSV");
  expect(csv.name).toMatch(/^enrollments-\d{4}-\d\d-\d\d\.csv$/);
  const lines = csv.text.split("\r\n");
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^enrollment,user_id,first_name,/);
  expect(lines[1]).toContain(`,${people[0]?.userId},`);
  await page.getByLabel("CSV with BOM").check();
  expect((await exported(page, "CSV")).text).toBe(`\uFEFF${csv.text}`);
  const json = await exported(page, "JSON");
  const rows = JSON.parse(json.text);
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ user_id: people[0]?.userId, task, status: "active" });

  await open(page, `/provisioning-tasks?search=${task}`);
  await page.getByText("Export", { exact: true }).click();
  expect(JSON.parse((await exported(page, "JSON")).text).map((row: { task: number }) => row.task)).toContain(task);
  await open(page, "/audit?verb=report.exported");
  await expect(page.getByRole("row").filter({ hasText: csv.name }).first()).toBeVisible();
});
