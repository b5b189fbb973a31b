// What every story gets: a server of its worker, a page that tolerates no error, people, and a look for accessibility.
import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, type BrowserContext, type Page, type TestInfo, type WorkerFixture, expect, test as base } from "@playwright/test";
import { Secret, TOTP } from "otpauth";
import type { Mailbox } from "./support/mailbox.ts";
import { OPERATOR, Provost } from "./support/server.ts";

interface Fixtures {
  mailbox: Mailbox;
  /** A page that fails its story on a console error, a CSP violation or a failed request of our own. */
  page: Page;
  /** Another person's browser, watched the same way. */
  stranger: Page;
}

interface WorkerFixtures {
  provost: Provost;
}

/** A server that lives as long as its worker; on SQLite, or on the PostgreSQL at that address. */
export function ownServer(database?: string): [WorkerFixture<Provost, {}>, { scope: "worker" }] {
  const serve = async ({}, use: (provost: Provost) => Promise<void>): Promise<void> => {
    const provost = new Provost(database);
    await provost.start();
    await use(provost);
    await provost.stop();
  };
  return [serve, { scope: "worker" }];
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  provost: ownServer(),
  baseURL: async ({ provost }, use) => use(provost.url),
  mailbox: async ({ provost }, use) => use(provost.mailbox),
  page: async ({ context }, use, info) => {
    const page = await context.newPage();
    const complaints = watch(page);
    await use(page);
    settle(complaints, info);
  },
  stranger: async ({ browser, baseURL }, use, info) => {
    const context = await anotherBrowser(browser, info, baseURL);
    const page = await context.newPage();
    const complaints = watch(page);
    await use(page);
    settle(complaints, info);
    await context.close();
  },
});

export { expect, OPERATOR, type Page };

/** Does this run's browser have JavaScript? */
export function hasScript(info: TestInfo = test.info()): boolean {
  return info.project.name !== "no-script";
}

async function anotherBrowser(browser: Browser, info: TestInfo, baseURL?: string): Promise<BrowserContext> {
  return browser.newContext({ ...(baseURL ? { baseURL } : {}), javaScriptEnabled: hasScript(info) });
}

function watch(page: Page): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`page error: ${error.message}`));
  page.on("console", (message) => {
    // A refused form is answered 4xx, which Chromium logs by itself; what the page says then is checked by the story.
    const refusal = /Failed to load resource: the server responded with a status of 4\d\d/.test(message.text());
    if (["error", "warning"].includes(message.type()) && !refusal) complaints.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 500) complaints.push(`${response.status()} at ${new URL(response.url()).pathname}`);
  });
  return complaints;
}

function settle(complaints: string[], info: TestInfo): void {
  if (info.status === info.expectedStatus) expect(complaints, "the browser has nothing to complain of").toEqual([]);
}

/** Opens an address; with script, waits until WebAssembly has taken over. */
export async function open(page: Page, path: string): Promise<number> {
  const response = await page.goto(path);
  await awake(page);
  return response?.status() ?? 0;
}

/** With script, waits until WebAssembly has taken over the page that is shown. */
export async function awake(page: Page): Promise<void> {
  if (hasScript()) await expect(page.locator("html[data-hydrated]")).toBeAttached();
}

/** Another tab of the same operator. */
export async function anotherTab(page: Page): Promise<Page> {
  return page.context().newPage();
}

export async function signIn(page: Page, who = OPERATOR, to = "/"): Promise<void> {
  await open(page, to === "/" ? "/login" : `/login?to=${encodeURIComponent(to)}`);
  await page.getByLabel("User ID").fill(who.userId);
  await page.getByLabel("Password").fill(who.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("navigation", { name: "Shortcuts" })).toBeVisible();
  await awake(page);
}

/** Fails on any accessibility problem that axe finds on the page that is shown. Axe is a script: where there is none, it cannot look. */
export async function expectAccessible(page: Page): Promise<void> {
  if (!hasScript()) return;
  const found = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
  const problems = found.violations.map((rule) => `${rule.id}: ${rule.help}\n  ${rule.nodes.map((node) => node.html).join("\n  ")}`);
  expect(problems).toEqual([]);
}

/** The code that an app shows for this key now, by a library that shares nothing with the server. */
export function codeFor(key: string, stepsAhead = 0): string {
  const totp = new TOTP({ secret: Secret.fromBase32(key.replace(/\s/g, "")), algorithm: "SHA1", digits: 6, period: 30 });
  return totp.generate({ timestamp: Date.now() + stepsAhead * 30_000 });
}

/** A code that is wrong now and stays wrong within the window. */
export function wrongCodeFor(key: string): string {
  const right = new Set([-2, -1, 0, 1, 2].map((steps) => codeFor(key, steps)));
  const wrong = ["000000", "111111", "222222", "333333", "444444", "555555"].find((code) => !right.has(code));
  if (!wrong) throw new Error("six codes right at once");
  return wrong;
}

/** An operator whom no other story has. */
export function anOperator(provost: Provost, role: string, word = "desk"): { userId: string; password: string } {
  const { userId } = somebody(word);
  provost.addOperator(userId, role, OPERATOR.password);
  return { userId, password: OPERATOR.password };
}

let made = 0;

/** A person whom no other story of this worker has. */
export function somebody(word = "person"): { userId: string; email: string } {
  made += 1;
  const userId = `${word}.${made}.${Date.now().toString(36)}`;
  return { userId, email: `${userId}@contoso.example` };
}
