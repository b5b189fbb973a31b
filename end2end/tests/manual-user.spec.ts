// The manual's chapters "View provisioning tasks for a user" and "Resend a token provisioning task": one story for each sentence.
import type { Page } from "@playwright/test";
import { OPERATOR, awake, codeFor, expect, expectAccessible, open, signIn, somebody, test, wrongCodeFor } from "../fixtures.ts";
import { type Person, importPeople, provision, startEnrollment, taskUserRow, verify } from "../pages/index.ts";
import { type Letter, type Mailbox, linkIn } from "../support/mailbox.ts";

interface Invited {
  person: Person;
  task: number;
  letter: Letter;
}

async function invited(page: Page, mailbox: Mailbox, word: string, stopOn?: string): Promise<Invited> {
  const person = somebody(word);
  await signIn(page);
  await importPeople(page, [person]);
  const task = await provision(page, [person], stopOn ? { stopOn } : {});
  return { person, task, letter: await mailbox.newest(person.email, /enroll/i) };
}

/** From the search to the module, as the manual says. */
async function methodsOf(page: Page, person: Person): Promise<void> {
  await open(page, `/users?search=${person.userId}`);
  await page.getByRole("link", { name: person.userId, exact: true }).click();
  await page.getByRole("navigation", { name: "Modules" }).getByRole("link", { name: "Authentication Methods" }).click();
  await expect(page.getByRole("table", { name: "Tokens" })).toBeVisible();
  await awake(page);
}

async function resendPage(page: Page, one: Invited): Promise<void> {
  await methodsOf(page, one.person);
  await page.getByRole("table", { name: "Provisioning Tasks" }).getByRole("link", { name: `Edit task ${one.task}` }).click();
  await expect(page.getByRole("heading", { name: `Resend task ${one.task}` })).toBeVisible();
}

async function resendTo(page: Page, one: Invited, email?: string): Promise<void> {
  await resendPage(page, one);
  if (email) {
    await page.getByLabel("Email", { exact: true }).fill(email);
    await page.getByLabel("Reason").fill("on leave");
  }
  await page.getByRole("button", { name: /^Resend/ }).click();
  await expect(page.getByRole("heading", { name: /^Resend task/ })).toHaveCount(0);
  await expect(page.getByRole("table", { name: "Provisioning Tasks" })).toContainText(email ?? one.person.email);
  await awake(page);
}

function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

function onScreen(day: string): string {
  const [year = "", month = "", date = ""] = day.split("-");
  const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  return `${date} ${months[Number(month) - 1]} ${year}`;
}

test.describe("View provisioning tasks for a user", () => {
  test("View the outstanding provisioning tasks that apply to the user’s tokens.", async ({ page, mailbox }) => {
    const one = await invited(page, mailbox, "view");
    await methodsOf(page, one.person);
    const row = page.getByRole("table", { name: "Provisioning Tasks" }).getByRole("row").nth(1);
    for (const text of [String(one.task), OPERATOR.userId, one.person.email, "Active", "Authenticator app"]) await expect(row).toContainText(text);
    await expect(row).toContainText(onScreen(inDays(0)));
    await expect(row).toContainText(onScreen(inDays(10)));
    await expectAccessible(page);
  });

  test("The Provisioning Tasks table is not displayed if there are no outstanding tasks.", async ({ page, stranger, mailbox }) => {
    const one = await invited(page, mailbox, "none");
    await methodsOf(page, one.person);
    await expect(page.getByRole("table", { name: "Provisioning Tasks" })).toBeVisible();
    await verify(stranger, codeFor(await startEnrollment(stranger, linkIn(one.letter))));
    await expect(stranger.getByText(/\b1\d{9}\b/)).toBeVisible();
    await methodsOf(page, one.person);
    await expect(page.getByRole("table", { name: "Provisioning Tasks" })).toHaveCount(0);
    await expect(page.getByRole("table", { name: "Tokens" })).toContainText("Active");
  });

  test("The Provisioning Tasks table cannot be edited.", async ({ page, mailbox }) => {
    const one = await invited(page, mailbox, "fixed");
    await methodsOf(page, one.person);
    const table = page.getByRole("table", { name: "Provisioning Tasks" });
    await expect(table.locator("input, select, textarea, button")).toHaveCount(0);
    await expect(table.getByRole("link")).toHaveText([String(one.task), `Edit task ${one.task}`]);
  });

  test("Search for users, select the user ID to display Assignment › User Detail, select the Authentication Methods module.", async ({ page, mailbox }) => {
    const { person } = await invited(page, mailbox, "steps");
    await open(page, "/");
    await page.getByRole("navigation", { name: "Shortcuts" }).getByRole("link", { name: "Users", exact: true }).click();
    await page.getByRole("searchbox", { name: "Search users" }).fill(person.userId);
    await page.getByRole("searchbox", { name: "Search users" }).press("Enter");
    await page.getByRole("link", { name: person.userId, exact: true }).click();
    await expect(page.getByRole("navigation", { name: "Breadcrumb" })).toContainText(/Assignment.*User Detail/);
    await page.getByRole("link", { name: "Authentication Methods" }).click();
    const heads = page.getByRole("table", { name: "Provisioning Tasks" }).getByRole("columnheader");
    const columns = ["Task", "Requester", "Provisioned to", "Start Date", "Stop Date", "Status", "Authentication Type", "Edit"];
    await expect(heads).toHaveText(columns);
  });

  test("If the operator has provisioning management permissions, this is a hyperlink to the Provisioning Task Management module where the selected task is expanded.", async ({ page, stranger, mailbox, provost }) => {
    const one = await invited(page, mailbox, "hyper");
    await methodsOf(page, one.person);
    await page.getByRole("table", { name: "Provisioning Tasks" }).getByRole("link", { name: String(one.task), exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Provisioning Task Management" })).toBeVisible();
    await expect(page.getByRole("table", { name: `Task ${one.task}` })).toContainText(one.person.userId);
    const { userId } = somebody("desk");
    provost.addOperator(userId, "Help Desk", OPERATOR.password);
    await signIn(stranger, { userId, password: OPERATOR.password });
    await methodsOf(stranger, one.person);
    const links = stranger.getByRole("table", { name: "Provisioning Tasks" }).getByRole("link");
    await expect(links).toHaveText([`Edit task ${one.task}`]);
  });
});

test.describe("Resend a token provisioning task", () => {
  test("You can resend a provisioning task message to a user.", async ({ page, stranger, mailbox }) => {
    const one = await invited(page, mailbox, "resend");
    await resendPage(page, one);
    await expectAccessible(page);
    await page.getByRole("button", { name: /^Resend/ }).click();
    await expect(page.getByRole("table", { name: "Provisioning Tasks" })).toBeVisible();
    await expect.poll(() => mailbox.all(one.person.email).length).toBe(2);
    const second = mailbox.all(one.person.email)[1];
    if (!second) throw new Error("no second letter");
    await open(stranger, linkIn(one.letter));
    await expect(stranger.getByText(/newer/i).first()).toBeVisible();
    await verify(stranger, codeFor(await startEnrollment(stranger, linkIn(second))));
    await expect(stranger.getByText(/\b1\d{9}\b/)).toBeVisible();
  });

  test("Only active provisioning tasks can be resent.", async ({ page, stranger, mailbox }) => {
    const one = await invited(page, mailbox, "active");
    const key = await startEnrollment(stranger, linkIn(one.letter));
    for (const left of ["4 attempts left", "3 attempts left", "2 attempts left", "1 attempt left"]) {
      await verify(stranger, wrongCodeFor(key));
      await expect(stranger.getByText(left).first()).toBeVisible();
    }
    await verify(stranger, wrongCodeFor(key));
    await expect(stranger.getByText(/unlock/i).first()).toBeVisible();
    await resendPage(page, one);
    await expect(page.getByText("Only active provisioning tasks can be resent. This one is locked.")).toBeVisible();
    await expect(page.getByRole("button", { name: /^Resend/ })).toHaveCount(0);

    // Unlock gives the attempts back to the same link.
    await page.getByRole("link", { name: "Unlock" }).click();
    await expect(page.getByRole("heading", { level: 1, name: `Unlock task ${one.task}` })).toBeVisible();
    await expectAccessible(page);
    await page.getByLabel("Reason").fill("called from her own phone");
    await page.getByRole("button", { name: "Unlock" }).click();
    await expect(page.getByRole("table", { name: "Provisioning Tasks" })).toContainText("Active");
    await verify(stranger, codeFor(await startEnrollment(stranger, linkIn(one.letter))));
    await expect(stranger.getByText(/\b1\d{9}\b/)).toBeVisible();
  });

  test("By default, the email address saved in the user’s profile is automatically entered in the Email field.", async ({ page, mailbox }) => {
    const one = await invited(page, mailbox, "default");
    await resendPage(page, one);
    await expect(page.getByLabel("Email", { exact: true })).toHaveValue(one.person.email);
  });

  test("You can specify an alternate email address if necessary; however, this email address will not be retained in the system once the provisioning task is resent.", async ({ page, stranger, mailbox }) => {
    const one = await invited(page, mailbox, "alternate");
    const other = `j.${one.person.userId}@elsewhere.example`;
    await resendTo(page, one, other);
    const link = linkIn(await mailbox.newest(other, /enroll/i));
    await mailbox.newest(one.person.email, /another address/i);
    await page.getByRole("link", { name: `Edit task ${one.task}` }).click();
    await expect(page.getByLabel("Email", { exact: true })).toHaveValue(one.person.email);
    await verify(stranger, codeFor(await startEnrollment(stranger, link)));
    await expect(stranger.getByText(/\b1\d{9}\b/)).toBeVisible();
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
    await expect(page.getByRole("table", { name: "Provisioning Tasks" })).toContainText(onScreen(inDays(10)));
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
