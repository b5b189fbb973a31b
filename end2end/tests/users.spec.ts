// The people who receive authenticators.
import { expect, expectAccessible, open, signIn, somebody, test } from "../fixtures.ts";
import { importPeople } from "../pages/index.ts";

test("a user is added, found, edited, disabled and enabled", async ({ page }) => {
  const { userId, email } = somebody("added");
  await signIn(page);
  await open(page, "/users/new");
  await page.getByLabel("User ID").fill(userId);
  await page.getByLabel("First Name").fill("Łukasz");
  await page.getByLabel("Last Name").fill("Żółć");
  await page.getByLabel("Email").fill(email);
  await page.getByRole("button", { name: "Add" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "User Detail" })).toBeVisible();

  await open(page, "/users?search=zolc");
  await page.getByRole("link", { name: userId, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "User Detail" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: /^Edit/ }).click();
  await page.getByLabel("Container").fill("Sales");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Sales")).toBeVisible();
  await page.getByRole("button", { name: /^Disable/ }).click();
  await page.getByRole("button", { name: /^Enable/ }).click();
  await expect(page.getByRole("button", { name: /^Disable/ })).toBeVisible();
});

test("a form with bad fields keeps what was typed and says what is wrong with each", async ({ page }) => {
  await signIn(page);
  await open(page, "/users/new");
  await page.getByLabel("User ID").fill("a/b");
  await page.getByLabel("First Name").fill("Kept");
  await page.getByLabel("Email").fill("not an address");
  await page.getByRole("button", { name: "Add" }).click();
  await expect(page.getByText("A User ID cannot contain").first()).toBeVisible();
  await expect(page.getByText("Enter one e-mail address").first()).toBeVisible();
  await expect(page.getByLabel("First Name")).toHaveValue("Kept");
  await expectAccessible(page);
});

test("an import with a bad line names line and field, never the value, and keeps nothing", async ({ page }) => {
  const { userId } = somebody("bad");
  await signIn(page);
  await open(page, "/users/import");
  const csv = `user_id,first_name,last_name,email,mobile,container,language\n${userId},A,B,${userId}@contoso.example,,,\nother,A,B,very-private-value,,,\n`;
  await page.getByLabel("CSV file").setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await page.getByRole("button", { name: "Import" }).click();
  await expect(page.getByText(/line 3/i).first()).toBeVisible();
  await expect(page.getByText("very-private-value")).toHaveCount(0);
  await open(page, `/users?search=${userId}`);
  await expect(page.getByRole("link", { name: userId, exact: true })).toHaveCount(0);
});

test("all that match are selected, over pages, and carried to Provision", async ({ page }) => {
  const people = Array.from({ length: 30 }, () => somebody("many"));
  await signIn(page);
  await importPeople(page, people);
  await open(page, "/users?search=many.");
  await page.getByRole("button", { name: /^Select all 30 that match/ }).click();
  await expect(page.getByText("30 users selected")).toBeVisible();
  await page.getByRole("button", { name: /^Provision/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Provision" })).toBeVisible();
  await expect(page.getByText("30 users").first()).toBeVisible();
});

test("a forged sort, cursor or parameter is refused with a sentence", async ({ page }) => {
  await signIn(page);
  for (const query of ["sort=password_hash", "cursor=AAAA", "size=7", "sort=email&sort=email", "email[]=a"]) {
    expect(await open(page, `/users?${query}`), query).toBe(400);
    await expect(page.getByRole("main")).toContainText(/cannot be sorted|not known|25, 50 or 100/);
  }
});
