// Every page of the console: accessible in both schemes, right on a phone, and never wider than its window.
import { expect, expectAccessible, open, signIn, test } from "../fixtures.ts";

const PAGES: Array<[path: string, heading: string]> = [
  ["/", "Dashboard"],
  ["/provisioning-tasks", "Provisioning Task Management"],
  ["/users", "Users"],
  ["/users/new", "Add user"],
  ["/users/import", "Import users"],
  ["/provision", "Provision"],
  ["/reports", "Reports"],
  ["/reports?state=outstanding", "Reports"],
  ["/reports/enrollments", "Enrollments"],
  ["/bulk", "Acts over many"],
  ["/communications", "Communications"],
  ["/audit", "Audit"],
  ["/policy/self-enrollment", "Self-Enrollment Policy"],
  ["/operators", "Operators"],
  ["/operators/new", "Add operator"],
  ["/operators/roles/new", "Add role"],
  ["/account", "Account"],
  ["/account/password", "Change password"],
];

for (const [path, heading] of PAGES) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`${path} is accessible in ${colorScheme} colours, on a desk and on a phone`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await signIn(page);
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 844 });
        expect(await open(page, path)).toBe(200);
        await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
        await expectAccessible(page);
        // A field's id begins with its form's: one outside would not hear what is wrong with it.
        await expect(page.locator('[id^="-"]')).toHaveCount(0);
        // Nothing but the phone's own width: no sideways scrolling.
        const box = await page.locator("html").boundingBox();
        expect(box?.width).toBeLessThanOrEqual(width);
      }
    });
  }
}
