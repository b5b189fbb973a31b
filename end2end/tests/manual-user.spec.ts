// The manual's chapters "View provisioning tasks for a user" and "Resend a token provisioning task": one story for each sentence.
import type { Page } from "@playwright/test";
import { OPERATOR, anOperator, expect, expectAccessible, open, signIn, test } from "../fixtures.ts";
import { cellOf, enroll, importPeople, invited, lockOut, methodsOf, newStopDate, ownTaskRow, ownTasks, resendPage, resendTo, taskUserRow } from "../pages/index.ts";
import { inDays, onScreen } from "../support/days.ts";
import { linkIn } from "../support/mailbox.ts";

const FIELDS = ["Task", "Requester", "Provisioned to", "Start Date", "Stop Date", "Status", "Authentication Type"];

/** By the Shortcuts and the search, as the manual says. */
async function searchFor(page: Page, userId: string): Promise<void> {
  await open(page, "/");
  await page.getByRole("navigation", { name: "Shortcuts" }).getByRole("link", { name: "Users", exact: true }).click();
  await page.getByRole("searchbox", { name: "Search users" }).fill(userId);
  await page.getByRole("searchbox", { name: "Search users" }).press("Enter");
  await page.waitForURL(/search=/);
}

test.describe("View provisioning tasks for a user", () => {
  test("View the outstanding provisioning tasks that apply to the user’s tokens.", async ({ page, mailbox }) => {
    const one = await invited(page, mailbox, "view");
    await methodsOf(page, one.person);
    const row = ownTasks(page).getByRole("row").nth(1);
    for (const text of [String(one.task), OPERATOR.userId, one.person.email, "Active", "Authenticator app"]) await expect(row).toContainText(text);
    await expect(row).toContainText(onScreen(inDays(0)));
    await expect(row).toContainText(onScreen(inDays(10)));
    await expectAccessible(page);
  });

  test("The Provisioning Tasks table is not displayed if there are no outstanding tasks.", async ({ page, stranger, mailbox }) => {
    const one = await invited(page, mailbox, "none");
    await methodsOf(page, one.person);
    await expect(ownTasks(page)).toBeVisible();
    await enroll(stranger, linkIn(one.letter));
    await methodsOf(page, one.person);
    await expect(ownTasks(page)).toHaveCount(0);
    await expect(page.getByRole("table", { name: "Tokens" })).toContainText("Active");
  });

  test("The Provisioning Tasks table cannot be edited.", async ({ page, mailbox }) => {
    const one = await invited(page, mailbox, "fixed");
    await methodsOf(page, one.person);
    const table = ownTasks(page);
    await expect(table.locator("input, select, textarea, button")).toHaveCount(0);
    await expect(table.getByRole("link")).toHaveText([String(one.task), `Edit task ${one.task}`]);
  });

  test("On the console, search for users.", async ({ page, mailbox }) => {
    const { person } = await invited(page, mailbox, "search");
    await searchFor(page, person.userId);
    const found = page.getByRole("table", { name: "Users" }).getByRole("row").filter({ hasText: person.email });
    await expect(found.getByRole("link", { name: person.userId, exact: true })).toBeVisible();
    await expect(page.getByRole("table", { name: "Users" }).locator("tbody tr")).toHaveCount(1);
  });

  test("Select the user ID to display Assignment › User Detail.", async ({ page, mailbox }) => {
    const { person } = await invited(page, mailbox, "select");
    await searchFor(page, person.userId);
    await page.getByRole("link", { name: person.userId, exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name: "User Detail" })).toBeVisible();
    await expect(page.getByRole("navigation", { name: "Breadcrumb" })).toContainText(/Assignment.*User Detail/);
    await expect(page.getByText(person.email).first()).toBeVisible();
  });

  test("Select the Authentication Methods module.", async ({ page, mailbox }) => {
    const { person } = await invited(page, mailbox, "module");
    await searchFor(page, person.userId);
    await page.getByRole("link", { name: person.userId, exact: true }).click();
    await page.getByRole("navigation", { name: "Modules" }).getByRole("link", { name: "Authentication Methods" }).click();
    await expect(ownTasks(page).getByRole("columnheader")).toHaveText([...FIELDS, "Edit"]);
  });

  test("Requester: this is the UserID of the Operator that created the provisioning task.", async ({ page, stranger, mailbox, provost }) => {
    const one = await invited(page, mailbox, "requester");
    // Whoever looks is not whoever asked for it.
    await signIn(stranger, anOperator(provost, "Provisioning"));
    await methodsOf(stranger, one.person);
    await expect(await cellOf(ownTaskRow(stranger, one.task), "Requester")).toHaveText(OPERATOR.userId);
  });

  test("Provisioned to: the email address that the enrollment email was sent to.", async ({ page, mailbox }) => {
    const one = await invited(page, mailbox, "sentto");
    await methodsOf(page, one.person);
    expect(one.letter.to).toBe(one.person.email);
    await expect((await cellOf(ownTaskRow(page, one.task), "Provisioned to")).locator("> span").first()).toHaveText(one.person.email);
    const alternate = `away.${one.person.userId}@elsewhere.example`;
    await resendTo(page, one, alternate);
    await mailbox.newest(alternate, /enroll/i);
    await expect((await cellOf(ownTaskRow(page, one.task), "Provisioned to")).locator("> span").first()).toHaveText(alternate);
  });

  test("Start Date: this is the date the task was created.", async ({ page, mailbox }) => {
    const one = await invited(page, mailbox, "start", inDays(4));
    await methodsOf(page, one.person);
    await expect(await cellOf(ownTaskRow(page, one.task), "Start Date")).toHaveText(onScreen(inDays(0)));
  });

  test("Stop Date: this is the date by which the user must have completed self-enrollment.", async ({ page, mailbox }) => {
    const one = await invited(page, mailbox, "stop", inDays(4));
    await methodsOf(page, one.person);
    await expect(await cellOf(ownTaskRow(page, one.task), "Stop Date")).toHaveText(onScreen(inDays(4)));
    await newStopDate(page, one.task, [one.person], inDays(1));
    await methodsOf(page, one.person);
    await expect(await cellOf(ownTaskRow(page, one.task), "Stop Date")).toHaveText(onScreen(inDays(1)));
  });

  test("Status: indicates the status of the user’s enrollment.", async ({ page, stranger, mailbox }) => {
    const one = await invited(page, mailbox, "status");
    await methodsOf(page, one.person);
    await expect((await cellOf(ownTaskRow(page, one.task), "Status")).locator(".status")).toHaveText("Active");
    await lockOut(stranger, linkIn(one.letter));
    await methodsOf(page, one.person);
    await expect((await cellOf(ownTaskRow(page, one.task), "Status")).locator(".status")).toHaveText("Locked");
  });

  test("Authentication Type: this is the token type.", async ({ page, stranger, mailbox }) => {
    const one = await invited(page, mailbox, "type");
    await methodsOf(page, one.person);
    await expect(await cellOf(ownTaskRow(page, one.task), "Authentication Type")).toHaveText("Authenticator app");
    const serial = await enroll(stranger, linkIn(one.letter));
    await methodsOf(page, one.person);
    const token = page.getByRole("table", { name: "Tokens" }).getByRole("row").filter({ hasText: serial });
    await expect(await cellOf(token, "Authentication Type")).toHaveText("Authenticator app");
  });

  test("If the operator has provisioning management permissions, this is a hyperlink to the Provisioning Task Management module where the selected task is expanded.", async ({ page, stranger, mailbox, provost }) => {
    const one = await invited(page, mailbox, "hyper");
    await methodsOf(page, one.person);
    await ownTasks(page).getByRole("link", { name: String(one.task), exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Provisioning Task Management" })).toBeVisible();
    await expect(page.getByRole("table", { name: `Task ${one.task}` })).toContainText(one.person.userId);
    await signIn(stranger, anOperator(provost, "Help Desk"));
    await methodsOf(stranger, one.person);
    const links = ownTasks(stranger).getByRole("link");
    await expect(links).toHaveText([`Edit task ${one.task}`]);
  });
});

test.describe("Resend a token provisioning task", () => {
  test("On the console, search for users, and select the user.", async ({ page, mailbox }) => {
    const { person } = await invited(page, mailbox, "found");
    await searchFor(page, person.userId);
    await page.getByRole("link", { name: person.userId, exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name: "User Detail" })).toBeVisible();
  });

  test("In the Authentication Methods module, under Provisioning Tasks, click Edit.", async ({ page, mailbox }) => {
    const one = await invited(page, mailbox, "clickedit");
    await methodsOf(page, one.person);
    await (await cellOf(ownTaskRow(page, one.task), "Edit")).getByRole("link", { name: /^Edit/ }).click();
    await expect(page.getByRole("heading", { name: `Resend task ${one.task}` })).toBeVisible();
    await expect(page.getByRole("button", { name: /^Resend/ })).toBeVisible();
  });

  test("Click Resend.", async ({ page, mailbox }) => {
    const one = await invited(page, mailbox, "clickresend");
    await resendPage(page, one);
    await page.getByRole("button", { name: /^Resend/ }).click();
    await expect(ownTaskRow(page, one.task)).toContainText(one.person.email);
    await expect.poll(() => mailbox.all(one.person.email).length).toBe(2);
    const links = mailbox.all(one.person.email).map(linkIn);
    expect(new Set(links).size, "the second letter has a link of its own").toBe(2);
  });

  test("You can resend a provisioning task message to a user.", async ({ page, stranger, mailbox }) => {
    const one = await invited(page, mailbox, "resend");
    await resendPage(page, one);
    await expectAccessible(page);
    await page.getByRole("button", { name: /^Resend/ }).click();
    await expect(ownTasks(page)).toBeVisible();
    await expect.poll(() => mailbox.all(one.person.email).length).toBe(2);
    const second = mailbox.all(one.person.email)[1];
    if (!second) throw new Error("no second letter");
    await open(stranger, linkIn(one.letter));
    await expect(stranger.getByText(/newer/i).first()).toBeVisible();
    await enroll(stranger, linkIn(second));
  });

  test("Only active provisioning tasks can be resent.", async ({ page, stranger, mailbox }) => {
    const one = await invited(page, mailbox, "active");
    await lockOut(stranger, linkIn(one.letter));
    await resendPage(page, one);
    await expect(page.getByText("Only active provisioning tasks can be resent. This one is locked.")).toBeVisible();
    await expect(page.getByRole("button", { name: /^Resend/ })).toHaveCount(0);

    // New Stop Date begins with this user, ticked.
    await page.getByRole("link", { name: "New Stop Date" }).click();
    await expect(page.getByRole("heading", { level: 1, name: `Edit task ${one.task}` })).toBeVisible();
    await expect(page.getByLabel(`Select ${one.person.userId}`)).toBeChecked();
    await expect(page.getByText("Selected users (1)")).toBeVisible();

    // The task's own Edit leads there, too; its dialog makes room for the page.
    await open(page, "/provisioning-tasks");
    await page.getByRole("link", { name: `Edit task ${one.task}` }).click();
    await page.getByRole("link", { name: `Unlock ${one.person.userId}` }).click();
    await expect(page.getByRole("heading", { level: 1, name: `Unlock task ${one.task}` })).toBeVisible();
    await expect(page.getByRole("dialog")).toHaveCount(0);

    // Unlock gives the attempts back to the same link.
    await resendPage(page, one);
    await page.getByRole("link", { name: "Unlock" }).click();
    await expect(page.getByRole("heading", { level: 1, name: `Unlock task ${one.task}` })).toBeVisible();
    await expectAccessible(page);
    await page.getByLabel("Reason").fill("called from her own phone");
    await page.getByRole("button", { name: "Unlock" }).click();
    await expect(ownTasks(page)).toContainText("Active");
    await expect(page.getByRole("status").filter({ hasText: `Task ${one.task} is unlocked.` })).toBeVisible();
    await enroll(stranger, linkIn(one.letter));
  });

  test("By default, the email address saved in the user’s profile is automatically entered in the Email field.", async ({ page, mailbox }) => {
    const one = await invited(page, mailbox, "default");
    await resendPage(page, one);
    await expect(page.getByLabel("Email", { exact: true })).toHaveValue(one.person.email);
  });

  test("You can specify an alternate email address if necessary; however, this email address will not be retained in the system once the provisioning task is resent.", async ({ page, stranger, mailbox }) => {
    const one = await invited(page, mailbox, "alternate");
    const other = `j.${one.person.userId}@elsewhere.example`;
    await resendPage(page, one);
    await page.getByLabel("Email", { exact: true }).fill(other);
    await page.getByRole("button", { name: /^Resend/ }).click();
    await expect(page.getByLabel("Reason")).toHaveAccessibleDescription(/Fill in this field\./);
    await expect(page.getByLabel("Email", { exact: true })).toHaveValue(other);
    await resendTo(page, one, other);
    const link = linkIn(await mailbox.newest(other, /enroll/i));
    await mailbox.newest(one.person.email, /another address/i);
    await page.getByRole("link", { name: `Edit task ${one.task}` }).click();
    await expect(page.getByLabel("Email", { exact: true })).toHaveValue(one.person.email);
    await enroll(stranger, link);
    await open(page, `/provisioning-tasks/${one.task}`);
    await expect(taskUserRow(page, one.task, one.person.userId)).toContainText("j…@…");
    await expect(page.getByText(other)).toHaveCount(0);
  });

  test("The Stop Date for the task will be adjusted based on the Self-Enrollment Policy.", async ({ page, mailbox }) => {
    const one = await invited(page, mailbox, "stopdate", inDays(2));
    await resendPage(page, one);
    await expect(page.getByText(onScreen(inDays(2))).first()).toBeVisible();
    await expect(page.getByText(onScreen(inDays(10))).first()).toBeVisible();
    await page.getByRole("button", { name: /^Resend/ }).click();
    await expect(ownTasks(page)).toContainText(onScreen(inDays(10)));
  });
});

test("the profile's address can stop a link that went to another", async ({ page, stranger, mailbox }) => {
  const one = await invited(page, mailbox, "stopit");
  const other = `thief.${one.person.userId}@elsewhere.example`;
  await resendTo(page, one, other);
  const link = linkIn(await mailbox.newest(other, /enroll/i));
  const told = await mailbox.newest(one.person.email, /another address/i);
  // A dot in a name is set apart, so that no mail program makes a link of it.
  expect(told.text.replace(/\s+/g, " ").replace(/\. /g, ".")).toContain(`A link for you was sent to t…@… by ${OPERATOR.userId}`);
  await open(stranger, linkIn(told));
  await expectAccessible(stranger);
  await stranger.getByRole("button", { name: "Stop it" }).click();
  await expect(stranger.getByRole("heading", { name: "The link no longer works" })).toBeVisible();
  await open(stranger, link);
  await expect(stranger.getByRole("button", { name: "Start" })).toHaveCount(0);
});

test("a second resend right away is refused, and says when it is possible again", async ({ page, mailbox }) => {
  const one = await invited(page, mailbox, "cooldown");
  await resendTo(page, one);
  await resendPage(page, one);
  await page.getByRole("button", { name: /^Resend/ }).click();
  await expect(page.getByRole("alert")).toContainText(/Possible again at \d\d:\d\d/);
  expect(mailbox.all(one.person.email).length).toBeLessThanOrEqual(2);
});

test("a deleted user's link is dead, and the User ID is free again", async ({ page, stranger, mailbox }) => {
  const one = await invited(page, mailbox, "deleted");
  await open(page, `/users?search=${one.person.userId}`);
  await page.getByRole("link", { name: one.person.userId, exact: true }).click();
  await page.getByRole("link", { name: "Delete user" }).click();
  await expect(page.getByText("This action cannot be reversed.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Users" })).toBeVisible();
  await open(stranger, linkIn(one.letter));
  await expect(stranger.getByText(/canceled/i).first()).toBeVisible();
  await importPeople(page, [one.person]);
});
