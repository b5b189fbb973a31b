// What a user does with a link.
import { type Page, expect } from "@playwright/test";
import { awake, codeFor, open, wrongCodeFor } from "../fixtures.ts";

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

/** Enrolls an app from the link to the end, and answers the serial number that the user is shown. */
export async function enroll(page: Page, link: string): Promise<string> {
  await verify(page, codeFor(await startEnrollment(page, link)));
  const serial = page.getByText(/\b1\d{9}\b/);
  await expect(serial).toBeVisible();
  return /\b1\d{9}\b/.exec((await serial.textContent()) ?? "")?.[0] ?? "";
}

/** Types wrong codes until none is left, and answers the key they were for. */
export async function lockOut(page: Page, link: string): Promise<string> {
  const key = await startEnrollment(page, link);
  for (const left of ["4 attempts left", "3 attempts left", "2 attempts left", "1 attempt left"]) {
    await verify(page, wrongCodeFor(key));
    await expect(page.getByText(left).first()).toBeVisible();
  }
  await verify(page, wrongCodeFor(key));
  await expect(page.getByText(/locked|unlock/i).first()).toBeVisible();
  return key;
}
