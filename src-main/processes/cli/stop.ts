/** `vivian stop`: ends the daemon cleanly. */

import type { Command } from "commander";

import type { ControlClient } from "../../api/index.ts";
import { CommandFailure, need } from "./failure.ts";
import { processEnd } from "./process-end.ts";
import { answer, openSession, withDaemon } from "./session.ts";

/** A daemon ends within 5 s; a little more for a slow machine to close its socket. */
export const STOP_LIMIT_MS = 8_000;

/**
 * From its socket's end to its own. Not waited for longer: seen from another container the number
 * may be somebody else's.
 */
const LAST_STEPS_MS = 2_000;

/** Adds the verb. */
export function addStop(program: Command): void {
  program
    .command("stop")
    .description("end the daemon; work in hand is kept and goes on at the next start")
    .option("--json", "answer as JSON")
    .action(async (options: { json?: boolean }) => {
      const session = openSession(options);
      await withDaemon(session, async (client) => {
        await shutDown(client);
        answer(session, { stopped: true }, ["Stopped. Work in hand goes on at the next start."]);
      });
    });
}

/** Asks the daemon to end and waits for it: whoever comes next may take its disk away. */
export async function shutDown(client: ControlClient): Promise<void> {
  const closed = new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), STOP_LIMIT_MS);
    client.onClose(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
  const { pid } = need(await client.call("shutdown", {}));
  if (!(await closed)) throw new CommandFailure({ code: "PROCESSES_STOP_SLOW" });
  await processEnd(pid, LAST_STEPS_MS);
}
