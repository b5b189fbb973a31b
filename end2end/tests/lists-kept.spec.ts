// What an act on a list keeps: the list as it was, what is ticked on other pages of users, and why it was refused.
import { expect, hasScript, open, signIn, somebody, test } from "../fixtures.ts";
import { importPeople, type Person, provision, taskRow } from "../pages/index.ts";

test("Edit keeps ticks while its users are paged, and leads back to the list as it was", async ({ page }) => {
  // As the list sorts them, so that the first two stand on its first page.
  const people = Array.from({ length: 26 }, () => somebody("paged")).sort((one, two) => (one.userId < two.userId ? -1 : 1));
  await signIn(page);
  await importPeople(page, people);
  const task = await provision(page, people);
  await open(page, `/provisioning-tasks/${task}/edit?search=${task}`);
  const [first, second] = [people[0], people[1]] as [Person, Person];
  await page.getByLabel(`Select ${first.userId}`, { exact: true }).check();
  await page.getByLabel(`Select ${second.userId}`, { exact: true }).check();
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByRole("checkbox", { name: /^Select / })).toHaveCount(1);
  await page.getByRole("checkbox", { name: /^Select / }).check();
  if (hasScript()) await expect(page.getByText("3 selected")).toBeVisible();
  await page.getByRole("button", { name: "Previous" }).click();
  await expect(page.getByRole("checkbox", { name: /^Select / })).toHaveCount(25);
  await expect(page.getByLabel(`Select ${first.userId}`, { exact: true })).toBeChecked();
  await page.getByLabel(`Select ${second.userId}`, { exact: true }).uncheck();
  await page.getByRole("button", { name: "Remove selected users" }).click();
  await expect(page.getByText("Done: removed 2 users.")).toBeVisible();
  await page.getByRole("link", { name: `Back to task ${task}` }).click();
  await expect(page).toHaveURL(`/provisioning-tasks/${task}?search=${task}`);
});

test("the dialog of Edit pages through more than a hundred users", { tag: "@script" }, async ({ page }) => {
  const people = Array.from({ length: 101 }, () => somebody("dialog"));
  await signIn(page);
  await importPeople(page, people);
  const task = await provision(page, people);
  await open(page, `/provisioning-tasks?search=${task}`);
  await taskRow(page, task).getByRole("link", { name: `Edit task ${task}` }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("checkbox", { name: /^Select / }).first().check();
  await dialog.getByRole("button", { name: "Next" }).click();
  await expect(dialog.getByRole("checkbox", { name: /^Select / })).toHaveCount(1);
  await expect(dialog.getByRole("checkbox", { name: /^Select / })).not.toBeChecked();
  await dialog.getByRole("checkbox", { name: /^Select / }).check();
  await expect(dialog.getByText("2 selected")).toBeVisible();
  await dialog.getByRole("button", { name: "Remove selected users" }).click();
  await expect(dialog.getByText("Done: removed 2 users.")).toBeVisible();
  expect(new URL(page.url()).search).toBe(`?search=${task}`);
});

test("Remove leads back to the list with its search and sort", async ({ page }) => {
  const person = somebody("kept");
  await signIn(page);
  await importPeople(page, [person]);
  const task = await provision(page, [person]);
  await open(page, `/provisioning-tasks?search=${person.userId}&sort=-stop`);
  await taskRow(page, task).getByRole("link", { name: `Remove task ${task}` }).click();
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(page.getByRole("heading", { name: `Remove task ${task}` })).toHaveCount(0);
  await expect(page).toHaveURL(`/provisioning-tasks?search=${person.userId}&sort=-stop`);
  await expect(taskRow(page, task)).toHaveCount(0);
});

test("a role that somebody else removed meanwhile cannot be removed again, and the page says why", async ({ page, stranger }) => {
  const role = `Short lived ${somebody("role").userId}`;
  await signIn(page);
  await open(page, "/operators/roles/new");
  await page.getByLabel("Name", { exact: true }).fill(role);
  await page.getByLabel("users.view").check();
  await page.getByRole("button", { name: "Add role" }).click();
  const remove = { name: `Remove role ${role}` };
  await expect(page.getByRole("button", remove)).toBeVisible();
  await signIn(stranger);
  await open(stranger, "/operators");
  await stranger.getByRole("button", remove).click();
  await expect(stranger.getByRole("button", remove)).toHaveCount(0);
  await page.getByRole("button", remove).click();
  await expect(page.getByRole("alert").first()).toBeVisible();
});

test("an auditor reads the outstanding tasks in Reports, and does not manage them", async ({ page, provost }) => {
  const { userId } = somebody("auditor");
  provost.addOperator(userId, "Auditor", "a long enough password");
  await signIn(page, { userId, password: "a long enough password" });
  await open(page, "/reports");
  await page.getByRole("link", { name: "Outstanding", exact: true }).click();
  await expect(page).toHaveURL("/reports?state=outstanding");
  await expect(page.getByRole("link", { name: "Outstanding", exact: true })).toHaveAttribute("aria-current", "page");
  expect(await open(page, "/provisioning-tasks")).toBe(403);
});
