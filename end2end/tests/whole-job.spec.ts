// The main job at its ordinary size, with a power cut in the middle: on SQLite, and with only the database's address changed on PostgreSQL.
import { codeFor, expect, open, ownServer, signIn, test as base } from "../fixtures.ts";
import { importPeople, provision, startEnrollment, taskRow, verify } from "../pages/index.ts";
import { linkIn } from "../support/mailbox.ts";
import type { Provost } from "../support/server.ts";

const PEOPLE = 500;
const ENROLLED = 10;
/** Lines to the relay; a kill repeats at most one message on each. */
const LINES = 8;

/** The address of an empty PostgreSQL database for one story alone; `cargo xtask test browser` starts one. */
const POSTGRES = process.env.PROVOST_STORY_POSTGRES;

for (const [name, database] of [["SQLite", undefined], ["PostgreSQL", POSTGRES]] as const) {
  const test = base.extend<{}, { provost: Provost }>({ provost: ownServer(database) });

  test(`${PEOPLE} people are provisioned on ${name}, the server is killed in the middle of sending, and everybody can enroll`, { tag: "@script" }, async ({ page, stranger, mailbox, provost }) => {
    test.skip(name === "PostgreSQL" && !database, "no PostgreSQL was started for this run");
    test.setTimeout(180_000);
    const people = Array.from({ length: PEOPLE }, (_, index) => ({ userId: `crowd.${index}`, email: `crowd.${index}@contoso.example` }));
    await signIn(page);
    await importPeople(page, people);
    mailbox.pace = 20;
    const task = await provision(page, people, { description: "By Friday" });
    await mailbox.reach(100);
    // The result's page would ask a dead server how the mail goes.
    await page.goto("about:blank");
    await provost.kill();
    mailbox.pace = 0;
    await provost.serve();
    await mailbox.reach(PEOPLE);

    await open(page, "/provisioning-tasks");
    await expect(taskRow(page, task)).toContainText(String(PEOPLE));
    let repeats = 0;
    for (const { email } of people) {
      const letters = mailbox.all(email);
      expect(letters.length, `${email} has mail`).toBeGreaterThan(0);
      repeats += letters.length - 1;
      for (const letter of letters) expect(letter, "a repeat is the same message").toEqual(letters[0]);
    }
    expect(repeats).toBeLessThanOrEqual(LINES);

    for (const { email } of people.slice(0, ENROLLED)) {
      const letter = await mailbox.newest(email, /enroll/i);
      await verify(stranger, codeFor(await startEnrollment(stranger, linkIn(letter))));
      await expect(stranger.getByText(/\b1\d{9}\b/)).toBeVisible();
    }
    await open(page, "/provisioning-tasks");
    await expect(taskRow(page, task).getByRole("img", { name: new RegExp(`${ENROLLED} completed`) })).toBeVisible();
  });
}
