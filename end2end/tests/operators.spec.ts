// Operators, roles, and one's own account.
import { OPERATOR, awake, expect, expectAccessible, open, signIn, somebody, test } from "../fixtures.ts";

const PASSWORD = "a long enough password";

test("a role and an operator with it are made; disabled, the operator is out at once", async ({ page, stranger }) => {
  const { userId, email } = somebody("night");
  const role = `Night desk ${userId}`;
  await signIn(page);
  await open(page, "/operators");
  await page.getByRole("link", { name: "Add role" }).click();
  await page.getByLabel("Name", { exact: true }).fill(role);
  await page.getByLabel("users.view").check();
  await page.getByRole("button", { name: "Add role" }).click();
  await expect(page.getByRole("table", { name: "Roles" }).getByRole("row", { name: role })).toBeVisible();
  await awake(page);

  await page.getByRole("link", { name: "Add operator" }).click();
  await page.getByLabel("User ID").fill(userId);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Role", { exact: true }).selectOption(role);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Add operator" }).click();
  const row = page.getByRole("table", { name: "Operators" }).getByRole("row").filter({ hasText: userId });
  await expect(row).toContainText(role);
  await expectAccessible(page);

  await signIn(stranger, { userId, password: PASSWORD });
  await expect(stranger.getByRole("link", { name: "Users", exact: true })).toBeVisible();
  await expect(stranger.getByRole("link", { name: "Operators", exact: true })).toHaveCount(0);
  await row.getByRole("button", { name: /^Disable/ }).click();
  await expect(row.getByRole("button", { name: /^Enable/ })).toBeVisible();
  await open(stranger, "/users");
  await expect(stranger.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
});

test("a built-in role has no act, and a bad operator form keeps all but the password", async ({ page }) => {
  await signIn(page);
  await open(page, "/operators");
  const operator = page.getByRole("table", { name: "Roles" }).getByRole("row").filter({ hasText: "Everything" });
  await expect(operator.getByRole("link")).toHaveCount(0);
  await expect(operator).toContainText("Built in");
  await open(page, "/operators/new");
  await page.getByLabel("User ID").fill("a/b");
  await page.getByLabel("Name", { exact: true }).fill("Kept");
  await page.getByLabel("Password").fill("short");
  await page.getByRole("button", { name: "Add operator" }).click();
  await expect(page.getByText("A User ID cannot contain").first()).toBeVisible();
  await expect(page.getByText("Use at least 12 characters.").first()).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Kept");
});

test("one's own password asks for the current one, and ends the other sessions", async ({ page, stranger, provost }) => {
  const { userId } = somebody("own");
  provost.addOperator(userId, "Help Desk", PASSWORD);
  await signIn(page, { userId, password: PASSWORD });
  await signIn(stranger, { userId, password: PASSWORD });
  await open(page, "/account");
  await expect(page.getByText("This session")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Sign out the session since/ })).toHaveCount(1);
  await expectAccessible(page);
  await page.getByRole("link", { name: "Change password" }).click();
  await page.getByLabel("Current password").fill("not the password");
  await page.getByLabel("New password").fill("another good password");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("This is not your current password.").first()).toBeVisible();
  await page.getByLabel("Current password").fill(PASSWORD);
  await page.getByLabel("New password").fill("another good password");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Your password is changed")).toBeVisible();
  await open(stranger, "/users");
  await expect(stranger.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
});

test("another session is signed out from the account page", async ({ page, stranger }) => {
  await signIn(stranger, OPERATOR);
  await signIn(page);
  await open(page, "/account");
  await page.getByRole("button", { name: "Sign out all others" }).click();
  await expect(page.getByRole("button", { name: "Sign out all others" })).toHaveCount(0);
  await open(stranger, "/users");
  await expect(stranger.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
});
