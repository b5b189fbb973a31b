// What only a browser with script can show.
import { expect, open, signIn, test } from "../fixtures.ts";

test("going from page to page never loads one anew", { tag: "@script" }, async ({ page }) => {
  await signIn(page);
  await page.evaluate(() => document.documentElement.setAttribute("data-same-document", ""));
  const shortcuts = page.getByRole("navigation", { name: "Shortcuts" });
  await shortcuts.getByRole("link", { name: "Provisioning Tasks" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Provisioning Task Management" })).toBeVisible();
  await shortcuts.getByRole("link", { name: "Users" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Users" })).toBeVisible();
  await expect(page.locator("html[data-same-document]")).toBeAttached();
});

test("a filter that is taken away leaves the focus to its neighbours, never to nobody", { tag: "@script" }, async ({ page }) => {
  await signIn(page);
  await open(page, "/provisioning-tasks?operator=nobody");
  await page.getByRole("link", { name: "Operator: nobody" }).press("Enter");
  await expect(page).toHaveURL(/\/provisioning-tasks$/);
  await expect(page.getByRole("link", { name: "Operator: nobody" })).toHaveCount(0);
  await expect.poll(() => page.evaluate(() => document.activeElement?.closest("[role=group]")?.getAttribute("aria-label"))).toBe("Filters");
});
