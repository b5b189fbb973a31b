// One user: Authentication Methods, and Resend.
import { type Locator, type Page, expect } from "@playwright/test";
import { awake, open, signIn, somebody } from "../fixtures.ts";
import { type Letter, type Mailbox } from "../support/mailbox.ts";
import { type Person, importPeople, provision } from "./people.ts";

export interface Invited {
  person: Person;
  task: number;
  letter: Letter;
}

/** Signs in and provisions one person, up to the letter. */
export async function invited(page: Page, mailbox: Mailbox, word: string, stopOn?: string): Promise<Invited> {
  const person = somebody(word);
  await signIn(page);
  await importPeople(page, [person]);
  const task = await provision(page, [person], stopOn ? { stopOn } : {});
  return { person, task, letter: await mailbox.newest(person.email, /enroll/i) };
}

/** From the search to the module, as the manual says. */
export async function methodsOf(page: Page, person: Person): Promise<void> {
  await open(page, `/users?search=${person.userId}`);
  await page.getByRole("link", { name: person.userId, exact: true }).click();
  await page.getByRole("navigation", { name: "Modules" }).getByRole("link", { name: "Authentication Methods" }).click();
  await expect(page.getByRole("table", { name: "Tokens" })).toBeVisible();
  await awake(page);
}

/** The table *Provisioning Tasks* of a user. */
export function ownTasks(page: Page): Locator {
  return page.getByRole("table", { name: "Provisioning Tasks" });
}

/** The row of a task in the user's table. */
export function ownTaskRow(page: Page, task: number): Locator {
  return ownTasks(page).getByRole("row").filter({ has: page.getByRole("link", { name: `Edit task ${task}` }) });
}

/** Opens Resend from the user's table. */
export async function resendPage(page: Page, one: { person: Person; task: number }): Promise<void> {
  await methodsOf(page, one.person);
  await ownTasks(page).getByRole("link", { name: `Edit task ${one.task}` }).click();
  await expect(page.getByRole("heading", { name: `Resend task ${one.task}` })).toBeVisible();
}

/** Resends to the profile's address, or to another for this once. */
export async function resendTo(page: Page, one: { person: Person; task: number }, email?: string): Promise<void> {
  await resendPage(page, one);
  if (email) {
    await page.getByLabel("Email", { exact: true }).fill(email);
    await page.getByLabel("Reason").fill("on leave");
  }
  await page.getByRole("button", { name: /^Resend/ }).click();
  await expect(page.getByRole("heading", { name: /^Resend task/ })).toHaveCount(0);
  await expect(ownTasks(page)).toContainText(email ?? one.person.email);
  await expect(page.getByRole("status").filter({ hasText: `Task ${one.task}: a new link is on its way.` })).toBeVisible();
  await awake(page);
}
