// The product's main job, from a file of people to the report.
import { codeFor, expect, open, signIn, somebody, test } from "../fixtures.ts";
import { importPeople, provision, startEnrollment, taskRow, taskUserRow, verify } from "../pages/index.ts";
import { linkIn } from "../support/mailbox.ts";

test("people are imported, provisioned, mailed and enrolled; the task fills up, leaves the list and stands under Reports", async ({ page, stranger, mailbox }) => {
  const people = [somebody("story"), somebody("story")] as const;
  await signIn(page);
  await importPeople(page, [...people]);
  const task = await provision(page, [...people], { description: "Sales, second floor" });

  for (const [index, person] of people.entries()) {
    const letter = await mailbox.newest(person.email, /enroll/i);
    const key = await startEnrollment(stranger, linkIn(letter));
    await verify(stranger, codeFor(key));
    await expect(stranger.getByText(/\b1\d{9}\b/)).toBeVisible();
    await mailbox.newest(person.email, /enrolled|ready|added/i);

    if (index === 0) {
      await open(page, "/provisioning-tasks");
      await expect(taskRow(page, task).getByRole("img", { name: /1 completed/i })).toBeVisible();
      await taskRow(page, task).getByRole("link", { name: String(task), exact: true }).click();
      await expect(page.getByText("Sales, second floor")).toBeVisible();
      await expect(taskUserRow(page, task, person.userId)).toContainText("Completed");
      await expect(taskUserRow(page, task, person.userId).getByRole("cell", { name: /^1\d{9}$/ })).toBeVisible();
      await expect(taskUserRow(page, task, people[1].userId)).toContainText("Active");
    }
  }

  await open(page, "/provisioning-tasks");
  await expect(taskRow(page, task)).toHaveCount(0);
  expect(await open(page, `/provisioning-tasks/${task}`)).toBe(200);
  await expect(page.getByText(`Task ${task} is completed; its data is kept for reporting`)).toBeVisible();
  await open(page, "/reports");
  await expect(page.getByRole("link", { name: String(task), exact: true })).toBeVisible();
});

test("a used link says so and enrolls nothing", async ({ page, stranger, mailbox }) => {
  const person = somebody("used");
  await signIn(page);
  await importPeople(page, [person]);
  await provision(page, [person]);
  const link = linkIn(await mailbox.newest(person.email, /enroll/i));
  await verify(stranger, codeFor(await startEnrollment(stranger, link)));
  await expect(stranger.getByText(/\b1\d{9}\b/)).toBeVisible();
  await open(stranger, link);
  await expect(stranger.getByRole("button", { name: "Start" })).toHaveCount(0);
  await expect(stranger.getByText(person.userId)).toHaveCount(0);
});

