import { defineConfig, devices } from "@playwright/test";

/** A browser of the machine; without one, Playwright takes its own. `cargo xtask test browser` finds it. */
const chromium = process.env.PROVOST_CHROMIUM;

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["./closing.ts"]],
  use: {
    ...devices["Desktop Chrome"],
    locale: "en-GB",
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: {
      ...(chromium ? { executablePath: chromium } : {}),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
  },
  // Every story is told twice; one that only makes sense in one way says so with a tag.
  projects: [
    { name: "hydrated", grepInvert: /@no-script/ },
    { name: "no-script", grepInvert: /@script/, use: { javaScriptEnabled: false } },
  ],
});
