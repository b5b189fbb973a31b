// The self-enrollment policy and its change log, on a server whose policy no other story relies on.
import { awake, expect, expectAccessible, open, ownServer, signIn, test as base } from "../fixtures.ts";
import type { Provost } from "../support/server.ts";

const test = base.extend<{}, { provost: Provost }>({ provost: ownServer() });
const PATH = "/policy/self-enrollment";

test("a changed policy is saved, said to be, and stands in the log field by field", async ({ page }) => {
  await signIn(page);
  await page.getByRole("navigation", { name: "Shortcuts" }).getByRole("link", { name: "Self-Enrollment Policy", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Self-Enrollment Policy" })).toBeVisible();
  await awake(page);
  await page.getByLabel("Days until stop date").fill("14");
  await page.getByLabel("Time zone").selectOption("Europe/Vienna");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The policy is saved.")).toBeVisible();
  const log = page.getByRole("table", { name: "Changes of the policy" });
  await expect(log).toContainText("Days until stop date: 10 → 14");
  await expect(log).toContainText("Time zone: UTC → Europe/Vienna");
  await expectAccessible(page);

  // The form that is there now is that of the new version: it can be saved again.
  await expect(page.getByLabel("Days until stop date")).toHaveValue("14");
  await page.getByLabel("Attempts", { exact: true }).fill("7");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(log).toContainText("Attempts: 5 → 7");
});

test("a number out of its bounds is told under its field, 0 included, and nothing typed is lost", async ({ page }) => {
  await signIn(page, undefined, PATH);
  await page.getByLabel("Attempts", { exact: true }).fill("0");
  await page.getByLabel("Organisation name").fill("Kept & typed");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Enter a whole number from 3 to 10.")).toBeVisible();
  await expect(page.getByLabel("Organisation name")).toHaveValue("Kept & typed");
  await expectAccessible(page);
});

test("of two who change the policy at once the second is told, and keeps what was typed", async ({ page, context }) => {
  await signIn(page, undefined, PATH);
  const other = await context.newPage();
  await open(other, PATH);
  await other.getByLabel("Sender name").fill(`Desk ${Date.now()}`);
  await other.getByRole("button", { name: "Save" }).click();
  await expect(other.getByText("The policy is saved.")).toBeVisible();
  await page.getByLabel("Session window, minutes").fill("45");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("Somebody changed this meanwhile.");
  await expect(page.getByLabel("Session window, minutes")).toHaveValue("45");
});

test("without the right there is no Shortcut, and the address names the right", async ({ page, provost }) => {
  const auditor = { userId: `auditor.${Date.now().toString(36)}`, password: "a long enough password" };
  provost.addOperator(auditor.userId, "Auditor", auditor.password);
  await signIn(page, auditor);
  await expect(page.getByRole("link", { name: "Self-Enrollment Policy" })).toHaveCount(0);
  expect(await open(page, PATH)).toBe(403);
  await expect(page.getByRole("main")).toContainText("policy.manage");
  expect(await open(page, "/operators")).toBe(403);
  await expect(page.getByRole("main")).toContainText("operators.manage");
});
