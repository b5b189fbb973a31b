// The manual's chapter "View all provisioning tasks": what needs a server that no other story is told on.
import type { Page } from "@playwright/test";
import { awake, expect, expectAccessible, open, ownServer, signIn, test as base } from "../fixtures.ts";
import { anotherTask, cellOf, enroll, expand, listed, lockOut, newStopDate, type Person, removeFrom, taskUserRow } from "../pages/index.ts";
import { inDays, onScreen } from "../support/days.ts";
import { linkIn } from "../support/mailbox.ts";
import type { Provost } from "../support/server.ts";

const test = base.extend<{}, { provost: Provost }>({ provost: ownServer() });

/** Two zones in which no moment is the same day: where the first has begun a day, the second is already past it. */
const LATE = "Pacific/Pago_Pago";
const EARLY = "Pacific/Kiritimati";

async function moveTo(page: Page, zone: string): Promise<void> {
  await open(page, "/policy/self-enrollment");
  await page.getByLabel("Time zone").selectOption(zone);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The policy is saved.")).toBeVisible();
  await awake(page);
}

test.describe.configure({ mode: "serial" });

test("Provisioning Task Management displays a list of tasks (if any)", async ({ page }) => {
  await signIn(page);
  await open(page, "/provisioning-tasks");
  await expect(page.getByText("No provisioning tasks.")).toBeVisible();
  await expectAccessible(page);
  const { task } = await anotherTask(page, 1);
  await expect(await listed(page, task, "Count")).toHaveText("1");
  await expect(page.getByText("No provisioning tasks.")).toHaveCount(0);
});

test("Status: indicates the status of each user’s enrollment", async ({ page, stranger, mailbox }) => {
  await signIn(page);
  await moveTo(page, LATE);
  const { task, people } = await anotherTask(page, 5);
  const [active, completed, locked, expired, removed] = people as [Person, Person, Person, Person, Person];
  const statusOf = (person: Person) => cellOf(taskUserRow(page, task, person.userId), "Status");
  await expand(page, task);
  for (const person of people) await expect(await statusOf(person)).toContainText("Active");

  const linkOf = async ({ email }: Person) => linkIn(await mailbox.newest(email, /enroll/i));
  await enroll(stranger, await linkOf(completed));
  await lockOut(stranger, await linkOf(locked));
  await removeFrom(page, task, [removed]);
  const today = inDays(0, LATE);
  await newStopDate(page, task, [expired], today);
  await expand(page, task);
  // The stop date itself still counts, to its end.
  await expect(await statusOf(expired)).toContainText("Active");
  await moveTo(page, EARLY);

  await expand(page, task);
  const expected = [[active, "Active"], [completed, "Completed"], [locked, "Locked"], [expired, "Expired"], [removed, "Removed"]] as const;
  for (const [person, status] of expected) await expect((await statusOf(person)).locator(".status")).toHaveText(status);
  await expect(await cellOf(taskUserRow(page, task, expired.userId), "Stop Date")).toHaveText(onScreen(today));
  await expectAccessible(page);
  for (const person of [locked, expired, removed]) {
    await open(stranger, await linkOf(person));
    await expect(stranger.getByRole("button", { name: "Start" })).toHaveCount(0);
  }
  await enroll(stranger, await linkOf(active));
  await expand(page, task);
  await expect((await statusOf(active)).locator(".status")).toHaveText("Completed");
});
