// What only a browser with script can show.
import { expect, signIn, test } from "../fixtures.ts";

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
