// A real `provost` for one worker: its own folder, port, database and mailbox.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Mailbox } from "./mailbox.ts";

export const OPERATOR = { userId: "m.keller", password: "correct horse battery staple" };

export class Provost {
  readonly mailbox = new Mailbox();
  protected readonly folder = mkdtempSync(join(tmpdir(), "provost-e2e-"));
  protected readonly log: string[] = [];
  private readonly database: string | undefined;
  private process?: ChildProcess;
  url = "";

  /** On SQLite in a folder of its own; or on the PostgreSQL at that address, which nobody else uses. */
  constructor(database?: string) {
    this.database = database;
  }

  protected get environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      PROVOST_LISTEN: new URL(this.url).host.replace("localhost", "127.0.0.1"),
      PROVOST_BASE_URL: this.url,
      PROVOST_DATABASE_URL: this.database ?? `sqlite://${join(this.folder, "provost.db")}`,
      PROVOST_SECRET_KEY_FILE: join(this.folder, "provost.key"),
      PROVOST_SMTP_URL: `smtp://127.0.0.1:${this.mailbox.port}`,
    };
  }

  /** Runs one verb of the command line, and answers what it prints. */
  run(args: string[], input = ""): string {
    return execFileSync(binary(), args, { env: this.environment, cwd: this.folder, input, encoding: "utf8" });
  }

  addOperator(userId: string, role: string, password: string): void {
    const args = ["operator", "add", "--user-id", userId, "--role", role, "--email", `${userId}@contoso.example`];
    this.run([...args, "--password-stdin"], `${password}\n`);
  }

  async start(): Promise<void> {
    await this.mailbox.open();
    this.url = `http://localhost:${await freePort()}`;
    this.addOperator(OPERATOR.userId, "Operator", OPERATOR.password);
    await this.serve();
  }

  /** Serves what is there, and answers once it does. */
  async serve(): Promise<void> {
    const child = spawn(binary(), ["serve"], { env: this.environment, cwd: this.folder });
    this.process = child;
    await this.answers(child, this.url);
  }

  /** Waits until the process answers there. */
  protected async answers(child: ChildProcess, url: string): Promise<void> {
    child.stdout?.on("data", (chunk) => this.log.push(String(chunk)));
    child.stderr?.on("data", (chunk) => this.log.push(String(chunk)));
    const deadline = Date.now() + 30_000;
    while (Date.now() < deadline && child.exitCode === null) {
      const answer = await fetch(`${url}/readyz`).catch(() => undefined);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`provost does not answer at ${url}:\n${this.log.join("")}`);
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** Stops it as an administrator would, and starts it again; answers how many milliseconds it took to stop. */
  async restart(): Promise<number> {
    const began = performance.now();
    await this.end("SIGTERM");
    const took = performance.now() - began;
    await this.serve();
    return took;
  }

  protected async end(how: NodeJS.Signals, child = this.process): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(how);
    await ended;
  }

  async stop(): Promise<void> {
    await this.end("SIGTERM");
    await this.mailbox.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function binary(): string {
  const path = process.env.PROVOST_BIN;
  if (!path) throw new Error("PROVOST_BIN names no binary: run these tests with `cargo xtask test browser`");
  return path;
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
