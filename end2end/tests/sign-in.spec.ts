// Signing in and out, and what a stranger meets.
import { OPERATOR, awake, expect, expectAccessible, open, signIn, test } from "../fixtures.ts";

test("an operator signs in by keyboard alone, and out again", async ({ page }) => {
  await open(page, "/login");
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await page.getByLabel("User ID").focus();
  await page.keyboard.type(OPERATOR.userId);
  await page.keyboard.press("Tab");
  await page.keyboard.type(OPERATOR.password);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Dashboard" })).toBeVisible();
  await awake(page);

  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await open(page, "/users");
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
});

test("every failed sign-in says the same, and keeps the User ID but not the password", async ({ page }) => {
  const sentence = "The User ID or the password is not right, or this account cannot sign in now.";
  for (const userId of [OPERATOR.userId, "nobody.at.all"]) {
    await open(page, "/login");
    await page.getByLabel("User ID").fill(userId);
    await page.getByLabel("Password").fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("alert")).toContainText(sentence);
    await expect(page.getByLabel("User ID")).toHaveValue(userId);
  }
});

test("sign-in leads back to the page that was asked for, and never to another site", async ({ page }) => {
  await signIn(page, OPERATOR, "/users?sort=-last_name");
  await expect(page).toHaveURL(/\/users\?sort=-last_name$/);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await signIn(page, OPERATOR, "//evil.example/");
  await expect(page).toHaveURL(/^http:\/\/localhost:\d+\/$/);
});

test("an unknown address is a page of ours that says so", async ({ page }) => {
  await signIn(page);
  expect(await open(page, "/no/such/page")).toBe(404);
  await expect(page.getByText("There is no page at this address.")).toBeVisible();
  await expectAccessible(page);
});

test("a form from another site, or from nowhere, is refused and told which address to open", async ({ request, provost }) => {
  const form = { user_id: OPERATOR.userId, password: OPERATOR.password, to: "" };
  for (const headers of [{ "Sec-Fetch-Site": "cross-site" }, { Origin: "https://evil.example" }, {}] as Record<string, string>[]) {
    const answer = await request.post("/login", { form, headers, maxRedirects: 0 });
    expect(answer.status()).toBe(403);
    expect(await answer.text()).toContain(provost.url);
    expect(answer.headers()["set-cookie"]).toBeUndefined();
  }
});

test("every page forbids what it does not need", async ({ request }) => {
  const answer = await request.get("/login");
  const policy = answer.headers()["content-security-policy"];
  for (const part of ["default-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'", "object-src 'none'"]) {
    expect(policy).toContain(part);
  }
  expect(policy).not.toContain("unsafe-inline");
  expect(answer.headers()["cache-control"]).toContain("no-store");
  expect(answer.headers()["x-content-type-options"]).toBe("nosniff");
});
