// Reports: "A provisioning task which has been completed (all tokens have been enrolled) is not displayed in this list. Its data is
// maintained for reporting purposes only."
import { codeFor, expect, expectAccessible, open, signIn, somebody, test } from "../fixtures.ts";
import { importPeople, provision, startEnrollment, taskRow, verify } from "../pages/index.ts";
import { linkIn } from "../support/mailbox.ts";

test("a completed task is not displayed in the list; its data is maintained for reporting purposes only", async ({ page, stranger, mailbox }) => {
  const person = somebody("reported");
  await signIn(page);
  await importPeople(page, [person]);
  const task = await provision(page, [person], { description: "For the report" });
  await open(page, "/provisioning-tasks");
  await expect(taskRow(page, task)).toHaveCount(1);
  await open(page, `/reports?search=${task}`);
  await expect(page.getByRole("link", { name: String(task), exact: true })).toHaveCount(0);
  await page.getByRole("link", { name: "Outstanding", exact: true }).click();
  await expect(page.getByRole("link", { name: String(task), exact: true })).toBeVisible();

  await verify(stranger, codeFor(await startEnrollment(stranger, linkIn(await mailbox.newest(person.email, /enroll/i)))));
  await expect(stranger.getByText(/\b1\d{9}\b/)).toBeVisible();

  await open(page, "/provisioning-tasks");
  await expect(taskRow(page, task)).toHaveCount(0);
  await open(page, `/provisioning-tasks?search=${task}`);
  await expect(taskRow(page, task)).toHaveCount(0);
  expect(await open(page, "/provisioning-tasks?state=completed"), "no filter brings it back").toBe(400);

  await open(page, "/reports");
  await page.getByRole("searchbox", { name: "Search tasks" }).fill(person.userId);
  await page.getByRole("searchbox", { name: "Search tasks" }).press("Enter");
  await page.waitForURL(/search=reported/);
  const row = page.getByRole("table", { name: "Completed tasks" }).getByRole("row").filter({ hasText: person.email });
  await expect(row.getByRole("link", { name: String(task), exact: true })).toBeVisible();
  await expect(row.getByRole("img", { name: /1 completed/i })).toBeVisible();
  await expectAccessible(page);
  await row.getByRole("link", { name: String(task), exact: true }).click();
  await expect(page.getByText(`Task ${task} is completed; its data is kept for reporting`)).toBeVisible();
  await expect(page.getByRole("table", { name: `Task ${task}` })).toContainText(person.userId);
  await expect(page.getByRole("button", { name: /^(Remove|Apply|Resend)/ })).toHaveCount(0);
});

test("a report is sorted, filtered and paged in its address", async ({ page }) => {
  await signIn(page);
  await open(page, "/reports?state=outstanding&kind=app&size=50&sort=-count");
  await expect(page.getByRole("link", { name: "Outstanding", exact: true })).toHaveAttribute("aria-current", "page");
  await expect(page.getByRole("link", { name: /^Authenticator app/ })).toBeVisible();
  await page.getByRole("link", { name: "Removed", exact: true }).click();
  await expect(page).toHaveURL(/state=removed/);
  await expect(page).toHaveURL(/sort=-count/);
  for (const query of ["state=lost", "sort=password", "size=7", "cursor=AAAA"]) {
    expect(await open(page, `/reports?${query}`), query).toBe(400);
  }
});
