/** `vivian status`: what the daemon is doing now. */

import type { Command } from "commander";

import { need } from "./failure.ts";
import { answer, openSession, withDaemon } from "./session.ts";
import { statusLines } from "./status-lines.ts";

/** Adds the verb. */
export function addStatus(program: Command): void {
  program
    .command("status")
    .description("show what the daemon is doing now")
    .option("--json", "answer as JSON")
    .action(async (options: { json?: boolean }) => {
      const session = openSession(options);
      await withDaemon(session, async (client) => {
        const status = need(await client.call("status", {}));
        answer(session, status, statusLines(status, Date.now()));
      });
    });
}
