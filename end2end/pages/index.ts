// The pages, as a person names what is on them. Stories are told in these words.
import { type Locator, type Page, expect } from "@playwright/test";
import { awake, open } from "../fixtures.ts";

export interface Person {
  userId: string;
  email: string;
}

/** Adds people by importing a CSV file, as an operator would. */
export async function importPeople(page: Page, people: Person[]): Promise<void> {
  const lines = people.map(({ userId, email }, index) => `${userId},Person,${index + 1},${email},,,`);
  const csv = ["user_id,first_name,last_name,email,mobile,container,language", ...lines, ""].join("\r\n");
  await open(page, "/users/import");
  await page.getByLabel("CSV file").setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await page.getByRole("button", { name: "Import" }).click();
  await expect(page.getByText(`${people.length} ${people.length === 1 ? "user" : "users"} added`)).toBeVisible();
  await awake(page);
}

/** Provisions people with an authenticator app, from pasted UserIDs to the result; answers the task's number. */
export async function provision(page: Page, people: Person[], options: { description?: string; stopOn?: string } = {}): Promise<number> {
  await open(page, "/users");
  await page.getByRole("link", { name: "Paste or upload User IDs" }).click();
  await page.getByLabel("User IDs").fill(people.map(({ userId }) => userId).join("\n"));
  await page.getByRole("button", { name: "Select", exact: true }).click();
  await expect(page.getByText(`${people.length} ${people.length === 1 ? "user" : "users"} selected`)).toBeVisible();
  await awake(page);
  await page.getByRole("button", { name: /^Provision/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Provision" })).toBeVisible();
  await page.getByRole("radio", { name: /^Authenticator app/ }).check();
  if (options.description) await page.getByLabel("Description").fill(options.description);
  if (options.stopOn) await page.getByLabel("Stop Date").fill(options.stopOn);
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Confirm" }).click();
  const result = page.getByRole("heading", { name: /^Task \d+/ });
  await expect(result).toBeVisible();
  await awake(page);
  return Number(/\d+/.exec((await result.textContent()) ?? "")?.[0]);
}

/** The row of a task in the list. */
export function taskRow(page: Page, number: number): Locator {
  const table = page.getByRole("table", { name: "Provisioning tasks" });
  return table.getByRole("row").filter({ has: page.getByRole("link", { name: String(number), exact: true }) });
}

/** The row of a user inside the expanded task. */
export function taskUserRow(page: Page, number: number, userId: string): Locator {
  return page.getByRole("table", { name: `Task ${number}` }).getByRole("row").filter({ hasText: userId });
}

/** Presses **Start** on a link's page and answers the key that the next page shows. */
export async function startEnrollment(page: Page, link: string): Promise<string> {
  await open(page, link);
  await page.getByRole("button", { name: "Start" }).click();
  return shownKey(page);
}

/** The key on `/enroll/session`. */
export async function shownKey(page: Page): Promise<string> {
  await page.waitForURL("**/enroll/session");
  await awake(page);
  return (await page.getByLabel("Key").textContent()) ?? "";
}

/** Types a code and presses **Verify**. */
export async function verify(page: Page, code: string): Promise<void> {
  await page.getByLabel("Code", { exact: true }).fill(code);
  await page.getByRole("button", { name: "Verify" }).click();
}
