// The dashboard: each number leads to the list that holds just so many.
import { expect, open, signIn, test } from "../fixtures.ts";
import { anotherTask, lockOut } from "../pages/index.ts";
import { linkIn } from "../support/mailbox.ts";

test("a number leads to the list that holds just so many, and a task to its place in the list", async ({ page, stranger, mailbox }) => {
  await signIn(page);
  const { task, people } = await anotherTask(page, 2, { stopOn: new Date().toISOString().slice(0, 10) });
  await lockOut(stranger, linkIn(await mailbox.newest(people[0]?.email ?? "", /enroll/i)));
  for (const words of ["outstanding tasks", "locked enrollments", "enrollments stop within three days"]) {
    await open(page, "/");
    const figure = page.getByRole("main").getByRole("link", { name: new RegExp(`^[0-9,]+ ${words}$`) });
    const number = /^[0-9,]+/.exec((await figure.textContent()) ?? "")?.[0];
    expect(number, words).toBeTruthy();
    await figure.click();
    await expect(page.getByRole("contentinfo").or(page.locator("footer.pager")).getByRole("status").last()).toHaveText(new RegExp(`^${number} `));
  }
  await open(page, "/");
  await expect(page.getByRole("heading", { name: "Mail", exact: true })).toBeVisible();
  const last = page.getByRole("table", { name: "Last tasks" });
  await expect(last.getByRole("img", { name: /^0 of 2 completed/ }).first()).toBeVisible();
  await last.getByRole("link", { name: String(task), exact: true }).click();
  await expect(page.getByRole("table", { name: `Task ${task}` })).toBeVisible();
});
