// Two nodes on one PostgreSQL: what happens on one is seen on the other, and one of them may go.
import { readFile } from "node:fs/promises";
import { type Page, awake, expect, open, signIn, test as base } from "../fixtures.ts";
import { aTask, anotherTask, enroll, taskRow } from "../pages/index.ts";
import { linkIn } from "../support/mailbox.ts";
import { TwoNodes } from "../support/nodes.ts";
import type { Provost } from "../support/server.ts";

/** The address of an empty PostgreSQL database for this story alone; `cargo xtask test browser` makes one. */
const POSTGRES = process.env.PROVOST_STORY_NODES;

const test = base.extend<{}, { provost: Provost; nodes: TwoNodes }>({
  nodes: [
    async ({}, use) => {
      const nodes = new TwoNodes(POSTGRES);
      await nodes.start();
      await use(nodes);
      await nodes.stop();
    },
    { scope: "worker" },
  ],
  provost: [async ({ nodes }, use) => use(nodes), { scope: "worker" }],
});

// One database: one worker.
test.describe.configure({ mode: "serial" });

// Before any fixture: without a database there is nothing to start.
test.skip(() => !POSTGRES, "no PostgreSQL was started for this run");

test("a list follows what happens on either node, and goes on when its own is killed", { tag: "@script" }, async ({ browser, nodes, mailbox }) => {
  // Pages of their own: a browser complains of a line that breaks.
  const page = await browser.newPage({ baseURL: nodes.url });
  const user = await browser.newPage({ baseURL: nodes.url });
  const { task, people } = await aTask(page, 4);
  const links = [];
  for (const { email } of people) links.push(linkIn(await mailbox.newest(email, /enroll/i)));
  await open(page, "/provisioning-tasks");
  const progress = taskRow(page, task).getByRole("img");
  const said = page.locator(".live[aria-live=polite]");
  for (const [done, link] of links.slice(0, 2).entries()) {
    await enroll(user, link);
    await expect(progress).toHaveAccessibleName(new RegExp(`^${done + 1} of 4 completed`));
  }
  await nodes.killTheOneThatTells();
  await expect(said).toContainText(/Connection lost, caught up at \d\d:\d\d\./);
  await enroll(user, links[2] ?? "");
  await expect(progress).toHaveAccessibleName(/^3 of 4 completed/);
  await nodes.serve();
  await enroll(user, links[3] ?? "");
  await expect(progress).toHaveAccessibleName(/^4 of 4 completed/);
  await user.close();
  await page.close();
});

/** So many get a new link: enough that the first hundreds are done long before the last. */
const MANY = 800;
/** In milliseconds: what a node that is killed was sending goes out again once its leases are over. */
const PATIENCE = 60_000;
/** Lines to the relay; a kill repeats at most one message on each. */
const LINES = 8;

/** How many rows of an act are done, by the page as it is served. */
async function doneOf(page: Page, act: string): Promise<number> {
  const answer = await page.request.get(act);
  return Number(/([\d,]+) of [\d,]+ done\./.exec(await answer.text())?.[1]?.replace(",", "") ?? 0);
}

test("the node that an act over many began on is killed in the middle, and another finishes it, each row once", { tag: "@script" }, async ({ browser, nodes, mailbox }) => {
  test.setTimeout(3 * PATIENCE);
  const page = await browser.newPage({ baseURL: nodes.url });
  await signIn(page);
  const { task, people } = await anotherTask(page, MANY);
  await mailbox.reach(MANY);
  await open(page, "/provisioning-tasks");
  await page.getByLabel(`Select task ${task}`).check();
  await page.getByRole("group", { name: "With those selected" }).getByRole("button", { name: "Resend" }).click();
  await page.waitForURL(/\/bulk\/new\?/);
  await awake(page);
  await page.getByRole("button", { name: "Next" }).click();
  await page.waitForURL(/\/bulk\/\d+$/);
  const act = new URL(page.url()).pathname;
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByText(`of ${MANY} done.`)).toBeVisible();
  await expect.poll(() => doneOf(page, act), { intervals: [20], timeout: PATIENCE }).toBeGreaterThan(0);
  // What the page asks just now breaks off with the node; it keeps what it shows, and asks again.
  await page.route(/\/bulk_page\?/, (route) => route.abort());
  await nodes.killTheOneAsked(`${act}/confirm`);
  const done = await doneOf(page, act);
  expect(done, "in the middle").toBeGreaterThan(0);
  expect(done, "in the middle").toBeLessThan(MANY);

  await expect(page.getByText("Connection lost. Trying again…")).toBeVisible();
  await expect(page.getByText(`of ${MANY} done.`)).toBeVisible();
  await page.unroute(/\/bulk_page\?/);
  await expect(page.getByText(`${MANY} enrollments done.`)).toBeVisible({ timeout: PATIENCE });
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download the result" }).click();
  const lines = (await readFile(await (await download).path(), "utf8")).trim().split("\r\n").slice(1);
  expect(lines).toHaveLength(MANY);
  expect(new Set(lines).size, "each once").toBe(MANY);
  for (const line of lines) expect(line).toMatch(new RegExp(`,${task},done,$`));

  const news = (email: string) => mailbox.all(email).filter((letter) => letter.subject.includes("new link"));
  await expect.poll(() => people.filter(({ email }) => news(email).length === 0).length, { timeout: PATIENCE }).toBe(0);
  let repeats = 0;
  for (const { email } of people) {
    repeats += news(email).length - 1;
    expect(new Set(news(email).map((letter) => letter.messageId)).size, "one message a person").toBe(1);
  }
  expect(repeats).toBeLessThanOrEqual(LINES);
  await nodes.serve();
  await page.close();
});
