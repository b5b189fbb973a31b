// Provisioning Task Management: the list, the expanded task, Edit.
import { type Locator, type Page, expect } from "@playwright/test";
import { awake, open, signIn, somebody } from "../fixtures.ts";
import { type Person, importPeople, provision } from "./people.ts";

const LIST = "/provisioning-tasks";

/** The row of a task in the list. */
export function taskRow(page: Page, number: number): Locator {
  const table = page.getByRole("table", { name: "Provisioning tasks" });
  return table.getByRole("row").filter({ has: page.getByRole("link", { name: String(number), exact: true }) });
}

/** The row of a user inside the expanded task. */
export function taskUserRow(page: Page, number: number, userId: string): Locator {
  return page.getByRole("table", { name: `Task ${number}` }).getByRole("row").filter({ hasText: userId });
}

/** The cell of a row under the column of that name. */
export async function cellOf(row: Locator, column: string): Promise<Locator> {
  const heads = row.locator("xpath=ancestor::table[1]/thead/tr/th");
  const names = (await heads.allTextContents()).map((name) => name.trim());
  const place = names.indexOf(column);
  expect(place, `a column ${column} among ${names.join(", ")}`).toBeGreaterThanOrEqual(0);
  return row.locator("> td").nth(place);
}

/** A task's cell in the list, read anew. */
export async function listed(page: Page, task: number, column: string): Promise<Locator> {
  await open(page, LIST);
  await expect(taskRow(page, task)).toBeVisible();
  return cellOf(taskRow(page, task), column);
}

/** Selects a task's number in the list, so that it is expanded. */
export async function expand(page: Page, task: number): Promise<void> {
  await open(page, LIST);
  await taskRow(page, task).getByRole("link", { name: String(task), exact: true }).click();
  await expect(page.getByRole("table", { name: `Task ${task}` })).toBeVisible();
  await awake(page);
}

export interface Opened {
  task: number;
  people: Person[];
}

/** Signs in and opens a task for so many people. */
export async function aTask(page: Page, count: number, options: { stopOn?: string } = {}): Promise<Opened> {
  await signIn(page);
  return anotherTask(page, count, options);
}

/** Opens a task for so many people, by whoever is signed in. */
export async function anotherTask(page: Page, count: number, options: { stopOn?: string } = {}): Promise<Opened> {
  const people = Array.from({ length: count }, () => somebody("manual"));
  await importPeople(page, people);
  return { task: await provision(page, people, options), people };
}

/** Opens *Edit* of a task from its list, as the manual says. */
export async function edit(page: Page, task: number): Promise<void> {
  await open(page, LIST);
  await taskRow(page, task).getByRole("link", { name: `Edit task ${task}` }).click();
  await expect(page.getByRole("heading", { name: `Edit task ${task}` })).toBeVisible();
}

/** Removes people from a task by *Edit*. */
export async function removeFrom(page: Page, task: number, people: Person[]): Promise<void> {
  await edit(page, task);
  for (const { userId } of people) await page.getByLabel(`Select ${userId}`).check();
  await page.getByRole("button", { name: /^Remove/ }).click();
  await expect(page.getByText(`Done: removed ${people.length} ${people.length === 1 ? "user" : "users"}.`)).toBeVisible();
}

/** Gives people of a task another stop date by *Edit*. */
export async function newStopDate(page: Page, task: number, people: Person[], day: string): Promise<void> {
  await edit(page, task);
  for (const { userId } of people) await page.getByLabel(`Select ${userId}`).check();
  await page.getByLabel("New Stop Date").last().fill(day);
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText(`Done: set the stop date of ${people.length} ${people.length === 1 ? "user" : "users"} to`)).toBeVisible();
}
