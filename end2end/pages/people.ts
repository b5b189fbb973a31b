// People, and *Provision*.
import { type Locator, type Page, expect } from "@playwright/test";
import { awake, open } from "../fixtures.ts";

export interface Person {
  userId: string;
  email: string;
}

/** `1 user`, `10,000 users`. */
function counted(people: Person[]): string {
  return people.length === 1 ? "1 user" : `${people.length.toLocaleString("en-US")} users`;
}

/** Adds people by importing a CSV file, as an operator would. `patience` in milliseconds, for thousands. */
export async function importPeople(page: Page, people: Person[], patience?: number): Promise<void> {
  const lines = people.map(({ userId, email }, index) => `${userId},Person,${index + 1},${email},,,`);
  const csv = ["user_id,first_name,last_name,email,mobile,container,language", ...lines, ""].join("\r\n");
  await open(page, "/users/import");
  await page.getByLabel("CSV file").setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await page.getByRole("button", { name: "Import" }).click();
  await expect(page.getByText(`${counted(people)} added`)).toBeVisible({ timeout: patience });
  await awake(page);
}

export interface Act {
  description?: string;
  stopOn?: string;
  /** In milliseconds, for thousands of people. */
  patience?: number;
}

/** Thousands of lines arrive at once, as a paste does: `fill` types them, which takes minutes. */
async function paste(field: Locator, text: string): Promise<void> {
  if (text.length < 20_000) return field.fill(text);
  await field.evaluate((field: HTMLTextAreaElement, text) => {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }, text);
}

/** Provisions people with an authenticator app, from pasted UserIDs to the result; answers the task's number. */
export async function provision(page: Page, people: Person[], options: Act = {}): Promise<number> {
  const timeout = options.patience;
  await open(page, "/users");
  await page.getByRole("link", { name: "Paste or upload User IDs" }).click();
  await paste(page.getByLabel("User IDs"), people.map(({ userId }) => userId).join("\n"));
  await page.getByRole("button", { name: "Select", exact: true }).click();
  await expect(page.getByText(`${counted(people)} selected`)).toBeVisible({ timeout });
  await awake(page);
  await page.getByRole("button", { name: /^Provision/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Provision" })).toBeVisible();
  await page.getByRole("radio", { name: /^Authenticator app/ }).check();
  if (options.description) await page.getByLabel("Description").fill(options.description);
  if (options.stopOn) await page.getByLabel("Stop Date").fill(options.stopOn);
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Confirm" }).click({ timeout });
  const result = page.getByRole("heading", { name: /^Task \d+/ });
  await expect(result).toBeVisible({ timeout });
  await awake(page);
  return Number(/\d+/.exec((await result.textContent()) ?? "")?.[0]);
}
