// Two nodes of `provost serve` on one database, behind a proxy that hands each request to the next of them.
import { type ChildProcess, spawn } from "node:child_process";
import { type IncomingMessage, type Server, type ServerResponse, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { OPERATOR, Provost, binary, freePort } from "./server.ts";

interface Node {
  url: string;
  child: ChildProcess;
  /** Streams of changes that go through it. */
  streams: number;
  /** The paths of the forms that were sent to it. */
  forms: string[];
}

export class TwoNodes extends Provost {
  private nodes: Node[] = [];
  private next = 0;
  private readonly proxy: Server = createServer((from, to) => void this.hand(from, to));

  override async start(): Promise<void> {
    await this.mailbox.open();
    await new Promise<void>((resolve) => this.proxy.listen(0, "127.0.0.1", () => resolve()));
    this.url = `http://localhost:${(this.proxy.address() as AddressInfo).port}`;
    this.addOperator(OPERATOR.userId, "Operator", OPERATOR.password);
    await this.serve();
  }

  /** Starts as many nodes as are missing. */
  override async serve(): Promise<void> {
    while (this.nodes.length < 2) {
      const url = `http://127.0.0.1:${await freePort()}`;
      const env = { ...this.environment, PROVOST_LISTEN: new URL(url).host };
      const child = spawn(binary(), ["serve"], { env, cwd: this.folder });
      await this.answers(child, url);
      this.nodes.push({ url, child, streams: 0, forms: [] });
    }
  }

  /** Ends the node through which a stream of changes goes, as a power cut would. */
  async killTheOneThatTells(): Promise<void> {
    await this.killOne((node) => node.streams > 0);
  }

  /** Ends the node that was sent the form of that path. */
  async killTheOneAsked(path: string): Promise<void> {
    await this.killOne((node) => node.forms.includes(path));
  }

  private async killOne(which: (node: Node) => boolean): Promise<void> {
    const node = this.nodes.find(which);
    if (!node) throw new Error("none of the nodes is the one to be killed");
    this.nodes = this.nodes.filter((other) => other !== node);
    await this.end("SIGKILL", node.child);
  }

  override async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => this.end("SIGTERM", node.child)));
    this.proxy.closeAllConnections();
    await new Promise((resolve) => this.proxy.close(resolve));
    await super.stop();
  }

  /** To the next node; what a node that is gone did not answer breaks off, as it does behind any proxy. */
  private hand(from: IncomingMessage, to: ServerResponse): void {
    const node = this.nodes[this.next++ % this.nodes.length];
    if (!node) return void to.writeHead(502).end();
    const stream = from.url === "/live/tasks" ? 1 : 0;
    node.streams += stream;
    if (from.method === "POST") node.forms.push(from.url ?? "");
    to.once("close", () => (node.streams -= stream));
    const asked = request(new URL(from.url ?? "/", node.url), { method: from.method, headers: from.headers }, (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(to);
      answer.once("error", () => to.destroy());
    });
    asked.once("error", () => to.destroy());
    to.once("close", () => asked.destroy());
    from.pipe(asked);
  }
}
