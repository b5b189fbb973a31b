// The list changes by itself: rows where they stand, nothing under the reader, and a lost connection that is caught up with.
import { type Page, anotherTab, expect, open, test } from "../fixtures.ts";
import { aTask, anotherTask, cellOf, enroll, expand, lockOut, taskRow, taskUserRow } from "../pages/index.ts";
import { linkIn } from "../support/mailbox.ts";

const LIST = "/provisioning-tasks";

/** What the page says of changes. */
const said = (page: Page) => page.locator(".live[aria-live=polite]");

test("rows change where they stand while the reader types, and what has come waits until it is asked for", { tag: "@script" }, async ({ page, stranger, mailbox }) => {
  const { task, people } = await aTask(page, 2);
  const [first, second] = people as [(typeof people)[0], (typeof people)[0]];
  const link = async (email: string): Promise<string> => linkIn(await mailbox.newest(email, /enroll/i));
  const links = [await link(first.email), await link(second.email)] as const;
  await page.setViewportSize({ width: 1280, height: 240 });
  await open(page, LIST);
  const row = taskRow(page, task);
  await expect(row.getByRole("img")).toHaveAccessibleName(/^0 of 2 completed/);
  await page.getByRole("searchbox", { name: "Search tasks" }).fill("half a wo");
  await page.evaluate(() => scrollTo(0, 40));

  await enroll(stranger, links[0]);
  await expect(row.getByRole("img")).toHaveAccessibleName(/^1 of 2 completed/);
  await expect(said(page)).toContainText(`Task ${task}: 1 of 2 completed.`);
  await expect(page.getByRole("searchbox", { name: "Search tasks" })).toHaveValue("half a wo");
  await expect(page.getByRole("searchbox", { name: "Search tasks" })).toBeFocused();
  expect(await page.evaluate(() => scrollY)).toBe(40);

  // A dialog over the list, too.
  const edit = row.getByRole("link", { name: `Edit task ${task}` });
  await edit.click();
  await page.getByRole("dialog").getByLabel(`Select ${second.userId}`).check();
  const colleague = await anotherTab(page);
  const { task: other } = await anotherTask(colleague, 1);
  const come = page.getByText("1 new · show");
  await expect(come).toBeAttached();
  await expect(page.getByRole("dialog").getByLabel(`Select ${second.userId}`)).toBeChecked();
  await page.keyboard.press("Escape");
  await expect(edit).toBeFocused();

  await enroll(stranger, links[1]);
  await expect(row).toContainText("completed");
  await expect(row.getByRole("img")).toHaveAccessibleName(/^2 of 2 completed/);
  await expect(edit, "the focus stays in a row that has left the list").toBeFocused();
  await expect(taskRow(page, other)).toHaveCount(0);
  await come.click();
  await expect(taskRow(page, other)).toBeVisible();
  await expect(row, "a row that is completed goes with the next look").toHaveCount(0);
  await expect(page).toHaveURL(LIST);
});

test("the expanded task shows who is locked and who is enrolled as it happens", { tag: "@script" }, async ({ page, stranger, mailbox }) => {
  const { task, people } = await aTask(page, 2);
  const [first, second] = people as [(typeof people)[0], (typeof people)[0]];
  await expand(page, task);
  const status = async (userId: string) => cellOf(taskUserRow(page, task, userId), "Status");
  await lockOut(stranger, linkIn(await mailbox.newest(first.email, /enroll/i)));
  await expect(await status(first.userId)).toContainText("Locked");
  const serial = await enroll(stranger, linkIn(await mailbox.newest(second.email, /enroll/i)));
  await expect(await status(second.userId)).toContainText("Completed");
  await expect(await cellOf(taskUserRow(page, task, second.userId), "Serial Number")).toHaveText(serial);
  await expect(page.getByRole("group", { name: "Filters of its users" }).getByRole("link", { name: /^Locked/ })).toBeVisible();
});

test("a tab that nobody sees hears nothing, and catches up when it is seen again", { tag: "@script" }, async ({ page, stranger, mailbox }) => {
  const { task, people } = await aTask(page, 1);
  await open(page, LIST);
  let streams = 0;
  page.on("request", (request) => (streams += Number(request.url().endsWith("/live/tasks"))));
  const see = (hidden: boolean) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    }, hidden);
  await see(true);
  await enroll(stranger, linkIn(await mailbox.newest(people[0]?.email ?? "", /enroll/i)));
  expect(streams).toBe(0);
  await expect(taskRow(page, task).getByRole("img")).toHaveAccessibleName(/^0 of 1 completed/);
  await see(false);
  await expect(taskRow(page, task).getByRole("img")).toHaveAccessibleName(/^1 of 1 completed/);
  expect(streams).toBe(1);
});

test("a connection that is lost is told, made again, and caught up with", { tag: "@script" }, async ({ browser, provost, baseURL, mailbox }) => {
  // A page of its own: a browser complains of a server that is gone.
  const page = await browser.newPage({ ...(baseURL ? { baseURL } : {}) });
  const { task, people } = await aTask(page, 1);
  const link = linkIn(await mailbox.newest(people[0]?.email ?? "", /enroll/i));
  await open(page, LIST);
  await expect(taskRow(page, task)).toBeVisible();
  await provost.kill();
  await expect(said(page)).toContainText("Connection lost. Trying again…");
  await expect(taskRow(page, task), "what was read can still be read").toBeVisible();
  await provost.serve();
  await expect(said(page)).toContainText(/Connection lost, caught up at \d\d:\d\d\./);
  expect(await provost.restart(), "an open stream does not hold up who stops the server").toBeLessThan(5_000);
  await expect(said(page)).toContainText(/Connection lost, caught up at \d\d:\d\d\./);
  const user = await browser.newPage({ ...(baseURL ? { baseURL } : {}) });
  await enroll(user, link);
  await expect(taskRow(page, task)).toContainText("completed");
  await user.close();
  await page.close();
});

test("a page whose operator signed out elsewhere says so, and keeps what is typed", { tag: "@script" }, async ({ page, stranger, mailbox }) => {
  const { task, people } = await aTask(page, 1);
  await open(page, LIST);
  await page.getByRole("searchbox", { name: "Search tasks" }).fill("typed");
  const other = await anotherTab(page);
  await open(other, "/");
  await other.getByRole("button", { name: "Sign out" }).click();
  await expect(other.getByRole("button", { name: "Sign in" })).toBeVisible();
  await enroll(stranger, linkIn(await mailbox.newest(people[0]?.email ?? "", /enroll/i)));
  await expect(said(page)).toContainText("You are no longer signed in");
  await expect(page.getByRole("searchbox", { name: "Search tasks" })).toHaveValue("typed");
  await expect(taskRow(page, task).getByRole("img")).toHaveAccessibleName(/^0 of 1 completed/);
});
