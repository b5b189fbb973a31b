// Ten thousand people by Friday: imported, pasted, reviewed and provisioned in the browser, while the mail goes out behind.
import { expect, expectAccessible, open, ownServer, signIn, test as base } from "../fixtures.ts";
import { importPeople, provision, taskRow } from "../pages/index.ts";
import type { Provost } from "../support/server.ts";

const PEOPLE = 10_000;
/** Enough for a build without optimisation on a busy machine; nobody measures here. */
const PATIENCE = 120_000;

const test = base.extend<{}, { provost: Provost }>({ provost: ownServer() });

test("ten thousand people are pasted, reviewed and provisioned in one act", { tag: "@script" }, async ({ page, mailbox }) => {
  test.setTimeout(4 * PATIENCE);
  const people = Array.from({ length: PEOPLE }, (_, index) => ({ userId: `many.${index}`, email: `many.${index}@contoso.example` }));
  await signIn(page);
  await importPeople(page, people, PATIENCE);
  const task = await provision(page, people, { description: "By Friday", patience: PATIENCE });
  await expect(page.getByRole("main")).toContainText("10,000");

  // The operator goes on working while the mail goes out.
  await open(page, "/provisioning-tasks");
  await expect(taskRow(page, task)).toContainText("10,000");
  await taskRow(page, task).getByRole("link", { name: String(task), exact: true }).click();
  await expect(page.getByText("10,000 users")).toBeVisible();
  await page.getByRole("searchbox", { name: `Search in task ${task}` }).fill("many.9999");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("table", { name: `Task ${task}` }).getByRole("row")).toHaveCount(2);
  await expectAccessible(page);
  await mailbox.reach(500);
});
