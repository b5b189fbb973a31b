import type { FullResult, Reporter, Suite, TestCase } from "@playwright/test/reporter";

/** Ends the output with one line that says how many stories passed and failed. */
export default class Closing implements Reporter {
  #suite: Suite | undefined;

  onBegin(_config: unknown, suite: Suite): void {
    this.#suite = suite;
  }

  onEnd(result: FullResult): void {
    const tests = this.#suite?.allTests() ?? [];
    const passed = tests.filter((test) => test.results.length > 0 && test.outcome() === "expected").length;
    const asked = tests.filter((test) => !leftOut(test)).length;
    // An interrupted run leaves stories untold; they did not pass.
    const failed = result.status === "passed" ? 0 : Math.max(asked - passed, 1);
    console.log(`${passed} passed, ${failed} failed`);
  }
}

function leftOut(test: TestCase): boolean {
  return test.expectedStatus === "skipped";
}
