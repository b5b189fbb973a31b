// The user's side: everything that can happen between the mail and the serial number.
import { codeFor, expect, expectAccessible, open, test } from "../fixtures.ts";
import { invited, lockOut, shownKey, startEnrollment, taskUserRow, verify } from "../pages/index.ts";
import { codeIn, linkIn } from "../support/mailbox.ts";

test("a link opened twenty times by scanners still enrolls its user", async ({ page, stranger, mailbox, request }) => {
  const { letter } = await invited(page, mailbox, "scanned");
  for (let times = 0; times < 20; times += 1) {
    const answer = times % 2 ? await request.get(linkIn(letter)) : await request.head(linkIn(letter));
    expect(answer.status()).toBe(200);
  }
  await verify(stranger, codeFor(await startEnrollment(stranger, linkIn(letter))));
  await expect(stranger.getByText(/\b1\d{9}\b/)).toBeVisible();
});

test("the address of the page that shows the key holds no secret", async ({ page, stranger, mailbox }) => {
  const { letter } = await invited(page, mailbox, "address");
  await startEnrollment(stranger, linkIn(letter));
  await expect(stranger).toHaveURL(/\/enroll\/session$/);
  await expect(stranger.getByRole("img", { name: /QR code/ })).toBeVisible();
  await expectAccessible(stranger);
});

test("the code from the mail opens the same enrollment on another device", async ({ page, stranger, mailbox }) => {
  const { person, letter } = await invited(page, mailbox, "typed");
  await open(stranger, "/enroll");
  await expectAccessible(stranger);
  await stranger.getByLabel("User ID").fill(person.userId.toUpperCase());
  await stranger.getByLabel("Enrollment code").fill(codeIn(letter).toLowerCase());
  await stranger.getByRole("button", { name: "Start" }).click();
  await verify(stranger, codeFor(await shownKey(stranger)));
  await expect(stranger.getByText(/\b1\d{9}\b/)).toBeVisible();
});

test("an unknown User ID and a wrong code are one answer", async ({ page, stranger, mailbox }) => {
  const { person } = await invited(page, mailbox, "oracle");
  const answers: string[] = [];
  for (const userId of [person.userId, "nobody.at.all"]) {
    await open(stranger, "/enroll");
    await stranger.getByLabel("User ID").fill(userId);
    await stranger.getByLabel("Enrollment code").fill("ABCD-EFGH");
    await stranger.getByRole("button", { name: "Start" }).click();
    await expect(stranger.getByRole("alert")).toBeVisible();
    answers.push((await stranger.getByRole("alert").textContent()) ?? "");
  }
  expect(answers[0]).toBe(answers[1]);
});

test("wrong codes are counted down, and the last one locks", async ({ page, stranger, mailbox }) => {
  const { person, letter, task } = await invited(page, mailbox, "locked");
  await lockOut(stranger, linkIn(letter));
  await open(stranger, linkIn(letter));
  await expect(stranger.getByText(/locked|unlock/i).first()).toBeVisible();
  await open(page, `/provisioning-tasks/${task}`);
  await expect(taskUserRow(page, task, person.userId)).toContainText("Locked");
});

test("half a code is refused in place and counts nothing", async ({ page, stranger, mailbox }) => {
  const { letter } = await invited(page, mailbox, "half");
  const key = await startEnrollment(stranger, linkIn(letter));
  await verify(stranger, "123");
  await expect(stranger.getByText("Enter the 6 digits that the app shows.").first()).toBeVisible();
  await verify(stranger, codeFor(key));
  await expect(stranger.getByText(/\b1\d{9}\b/)).toBeVisible();
});

test("starting again on another device ends the earlier page and shows a new key", async ({ page, stranger, mailbox }) => {
  const { letter } = await invited(page, mailbox, "again");
  const first = await startEnrollment(stranger, linkIn(letter));
  const second = await startEnrollment(page, linkIn(letter));
  expect(second).not.toBe(first);
  await verify(stranger, codeFor(first));
  await expect(stranger.getByText("You started again on another device").first()).toBeVisible();
  await verify(page, codeFor(second));
  await expect(page.getByText(/\b1\d{9}\b/)).toBeVisible();
});

test("whatever is no link gives one page", async ({ stranger }) => {
  const pages: string[] = [];
  for (const secret of ["0", "[]", "%20", "A".repeat(43), "a".repeat(500), "null", "%00"]) {
    expect(await open(stranger, `/enroll/${secret}`), secret).toBe(404);
    pages.push((await stranger.getByRole("main").textContent()) ?? "");
  }
  expect(new Set(pages).size).toBe(1);
  await expectAccessible(stranger);
});

test("a disabled user's link is dead at once", async ({ page, stranger, mailbox }) => {
  const { person, letter } = await invited(page, mailbox, "disabled");
  await open(stranger, linkIn(letter));
  await open(page, `/users?search=${person.userId}`);
  await page.getByRole("link", { name: person.userId, exact: true }).click();
  await page.getByRole("button", { name: /^Disable/ }).click();
  await expect(page.getByRole("button", { name: /^Enable/ })).toBeVisible();
  await stranger.getByRole("button", { name: "Start" }).click();
  await expect(stranger.getByText(/canceled/i).first()).toBeVisible();
});

test("This was not me suspends the token", async ({ page, stranger, mailbox }) => {
  const { person, letter } = await invited(page, mailbox, "notme");
  await verify(stranger, codeFor(await startEnrollment(stranger, linkIn(letter))));
  await expect(stranger.getByText(/\b1\d{9}\b/)).toBeVisible();
  const told = await mailbox.newest(person.email, /enrolled|ready|added/i);
  await open(stranger, linkIn(told));
  await stranger.getByRole("button", { name: "This was not me" }).click();
  await expect(stranger.getByText(/suspended/i).first()).toBeVisible();
  await open(page, `/users?search=${person.userId}`);
  await page.getByRole("link", { name: person.userId, exact: true }).click();
  await page.getByRole("link", { name: "Authentication Methods" }).click();
  await expect(page.getByRole("table", { name: "Tokens" })).toContainText("Suspended");
});
