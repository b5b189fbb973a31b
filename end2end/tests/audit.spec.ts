// The audit trail, and what happened to one user.
import { expect, expectAccessible, open, signIn, somebody, test } from "../fixtures.ts";
import { importPeople } from "../pages/index.ts";

test("an act is found by its UserID, with who did it and what was there before and after", async ({ page }) => {
  const { userId, email } = somebody("audited");
  await signIn(page);
  await importPeople(page, [{ userId, email }]);
  await open(page, `/users?search=${userId}`);
  await page.getByRole("link", { name: userId, exact: true }).click();
  await page.getByRole("link", { name: /^Edit/ }).click();
  await page.getByLabel("Mobile").fill("+43 1 234");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("+43 1 234")).toBeVisible();

  await open(page, "/");
  await page.getByRole("navigation", { name: "Shortcuts" }).getByRole("link", { name: "Audit", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Audit" })).toBeVisible();
  await page.getByRole("searchbox", { name: "Search the audit trail" }).fill(userId);
  await page.getByRole("searchbox", { name: "Search the audit trail" }).press("Enter");
  await page.waitForURL(/search=audited/);
  const table = page.getByRole("table", { name: "Audit" });
  const row = table.getByRole("row").filter({ hasText: "Edited the user" });
  await expect(row).toHaveCount(1);
  await expect(row).toContainText("m.keller");
  await expect(row).toContainText("Mobile");
  await expect(row).toContainText("+43 1 234");
  await expect(table.getByRole("row").filter({ hasText: "Imported users" })).toHaveCount(1);
  await expectAccessible(page);

  await open(page, `/audit?search=${userId}&verb=user.import`);
  await expect(row).toHaveCount(0);
  await page.getByRole("link", { name: /^Imported users/ }).click();
  await expect(row).toHaveCount(1);

  await row.getByRole("link", { name: userId, exact: true }).click();
  await page.getByRole("navigation", { name: "Modules" }).getByRole("link", { name: "Activity" }).click();
  await expect(page).toHaveURL(/\/activity$/);
  await expect(page.getByRole("heading", { level: 1, name: "User Detail" })).toBeVisible();
  await expect(page.getByRole("navigation", { name: "Breadcrumb" }).getByRole("link", { name: "Assignment" })).toBeVisible();
  await expect(page.getByRole("table", { name: "Activity" }).getByRole("row").filter({ hasText: "Edited the user" })).toHaveCount(1);
  await expectAccessible(page);
});

test("the trail is refused by name of the right, and a forged address with a sentence", async ({ page, provost, stranger }) => {
  const helper = { userId: `help.${Date.now().toString(36)}`, password: "correct horse battery staple" };
  provost.addOperator(helper.userId, "Help Desk", helper.password);
  await signIn(stranger, helper);
  await expect(stranger.getByRole("navigation", { name: "Shortcuts" }).getByRole("link", { name: "Audit" })).toHaveCount(0);
  expect(await open(stranger, "/audit")).toBe(403);
  await expect(stranger.getByRole("main")).toContainText("audit.view");

  await signIn(page);
  for (const query of ["verb=user.destroy", "sort=verb", "cursor=AAAA", "from=yesterday", "operator=a&operator=b"]) {
    expect(await open(page, `/audit?${query}`), query).toBe(400);
  }
});
