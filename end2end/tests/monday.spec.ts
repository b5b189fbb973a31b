// Monday's aftermath, from the dashboard to done: who locked themselves out, and whom the mail did not reach.
import type { Page } from "@playwright/test";
import { awake, codeFor, expect, hasScript, open, ownServer, signIn, somebody, test as base } from "../fixtures.ts";
import { importPeople, lockOut, provision, verify, startEnrollment } from "../pages/index.ts";
import { linkIn } from "../support/mailbox.ts";
import type { Provost } from "../support/server.ts";

// The dashboard counts everybody: nobody else may be there.
const test = base.extend<{}, { provost: Provost }>({ provost: ownServer() });

/** Selects all that the list holds, and leads to the act's page. */
async function actOnAll(page: Page, count: number, act: string): Promise<void> {
  await awake(page);
  await page.getByRole("button", { name: `Select all ${count} that match` }).click();
  await page.waitForURL(/selection=/);
  if (hasScript()) await expect(page.getByText(`${count} enrollments selected`, { exact: true })).toBeVisible();
  await page.getByRole("group", { name: "With those selected" }).getByRole("button", { name: act }).click();
  await page.waitForURL(/\/bulk\/new\?/);
  await awake(page);
}

/** From the dry run to the end. */
async function done(page: Page, count: number): Promise<void> {
  await page.getByRole("button", { name: "Next" }).click();
  await page.waitForURL(/\/bulk\/\d+$/);
  await awake(page);
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(async () => {
    if (!hasScript()) await page.reload();
    await expect(page.getByText(`${count} enrollments done.`)).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
}

test("from the number on the dashboard everybody locked is unlocked, everybody unreached gets a new link, and nothing is left to see to", async ({ page, stranger, mailbox }) => {
  await signIn(page);
  const [first, second, third, fourth] = ["lost", "lost", "unread", "unread"].map((word) => somebody(word));
  if (!first || !second || !third || !fourth) throw new Error("four people");
  const people = [first, second, third, fourth];
  await importPeople(page, people);
  await provision(page, people);
  const links = new Map<string, string>();
  for (const { email } of people) links.set(email, linkIn(await mailbox.newest(email, /enroll/i)));
  const link = (email: string) => links.get(email) ?? "";
  for (const { email } of [first, second]) await lockOut(stranger, link(email));

  await open(page, "/");
  await page.getByRole("main").getByRole("link", { name: /^2 locked/ }).click();
  await page.waitForURL(/status=locked/);
  await actOnAll(page, 2, "Unlock");
  await page.getByLabel("Reason").fill("Called on Monday morning");
  await done(page, 2);
  await verify(stranger, codeFor(await startEnrollment(stranger, link(first.email))));
  await expect(stranger.getByText(/\b1\d{9}\b/)).toBeVisible();

  await open(page, "/reports/enrollments?link=none");
  await actOnAll(page, 2, "Resend");
  await done(page, 2);
  for (const { email } of [third, fourth]) {
    await expect.poll(() => mailbox.all(email).length).toBe(2);
    const newest = linkIn(await mailbox.newest(email, /enroll/i));
    expect(newest, "a new link").not.toBe(link(email));
  }
  await verify(stranger, codeFor(await startEnrollment(stranger, linkIn(await mailbox.newest(third.email, /enroll/i)))));
  await expect(stranger.getByText(/\b1\d{9}\b/)).toBeVisible();

  await open(page, "/");
  await expect(page.getByRole("main")).toContainText("Nobody is locked");
});
