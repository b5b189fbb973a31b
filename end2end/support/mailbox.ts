// A real SMTP server on loopback that keeps what it is given, so that a story reads its mail as a person would.
import type { AddressInfo } from "node:net";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer } from "smtp-server";

export interface Letter {
  to: string;
  subject: string;
  text: string;
  html: string;
  messageId: string;
}

export class Mailbox {
  private readonly letters: Letter[] = [];
  private waiting: Array<() => void> = [];
  private readonly server: SMTPServer;
  port = 0;
  /** Milliseconds that each letter takes, so that a story can happen in the middle of many. */
  pace = 0;

  constructor() {
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ["STARTTLS", "AUTH"],
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on("data", (chunk: Buffer) => chunks.push(chunk));
        stream.on("end", () => {
          const to = session.envelope.rcptTo.map((recipient) => recipient.address).join(",");
          PostalMime.parse(Buffer.concat(chunks))
            .then((email) => this.keep(to, email))
            .then(() => new Promise((resolve) => setTimeout(resolve, this.pace)))
            .then(() => done(), done);
        });
      },
    });
    // A server that is killed in the middle of a letter drops its lines; that is its trouble, not the mailbox's.
    this.server.on("error", () => undefined);
  }

  private keep(to: string, email: Email): void {
    const { subject = "", text = "", html = "", messageId = "" } = email;
    this.letters.push({ to, subject, text, html, messageId });
    const waiting = this.waiting;
    this.waiting = [];
    waiting.forEach((wake) => wake());
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", () => resolve()));
    this.port = (this.server.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  all(to: string): Letter[] {
    return this.letters.filter((letter) => letter.to === to);
  }

  /** Waits until so many different addresses have a letter. */
  async reach(people: number): Promise<void> {
    while (new Set(this.letters.map((letter) => letter.to)).size < people) await this.next(1_000);
  }

  /** The newest letter to that address whose subject matches; waits for it to arrive. */
  async newest(to: string, subject: RegExp): Promise<Letter> {
    const deadline = Date.now() + 20_000;
    for (;;) {
      const newest = this.all(to).filter((letter) => subject.test(letter.subject)).pop();
      if (newest) return newest;
      const left = deadline - Date.now();
      if (left <= 0) {
        const seen = this.letters.map((letter) => `${letter.to}: ${letter.subject}`).join("\n");
        throw new Error(`no mail to ${to} about ${subject}; there are:\n${seen}`);
      }
      await this.next(left);
    }
  }

  private next(atMost: number): Promise<void> {
    return new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, atMost);
      this.waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

/** The path of the link in a letter. */
export function linkIn(letter: Letter): string {
  return found(letter, /https?:\/\/[^\s/]+(\/enroll\/[A-Za-z0-9_\-/]{20,})/);
}

/** The code to type on another device. */
export function codeIn(letter: Letter): string {
  return found(letter, /\b([0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{1,4})+)\b/);
}

function found(letter: Letter, pattern: RegExp): string {
  const match = pattern.exec(letter.text)?.[1];
  if (!match) throw new Error(`nothing like ${pattern} in:\n${letter.text}`);
  return match;
}
