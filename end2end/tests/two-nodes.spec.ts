// Two nodes on one PostgreSQL: what happens on one is seen on the other, and one of them may go.
import { expect, open, test as base } from "../fixtures.ts";
import { aTask, enroll, taskRow } from "../pages/index.ts";
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
