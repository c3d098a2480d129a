/** `vivian up`: runs a daemon in this terminal, or leaves one running with --detach. */

import { resolve } from "node:path";

import type { Command } from "commander";

import { startDaemon } from "./daemon-process.ts";
import { CommandFailure, need } from "./failure.ts";
import { answer, findDaemon, openSession, say, tryConnect } from "./session.ts";
import type { Session } from "./session.ts";

interface UpOptions {
  readonly json?: boolean;
  readonly detach?: boolean;
  readonly attach?: boolean;
  readonly config?: string;
}

/** Adds the verb. */
export function addUp(program: Command): void {
  program
    .command("up")
    .description("run the daemon here until it is stopped")
    .option("--config <file>", "settings from this file; the folder's own stay untouched")
    .option("--detach", "leave the daemon running and return")
    .option("--attach", "with --detach: a daemon that runs already is good too")
    .option("--json", "answer as JSON (with --detach)")
    .addHelpText("after", "\nExamples:\n  vivian up             with its log on the screen")
    .addHelpText("after", "  vivian up --detach    in the background; `vivian stop` ends it")
    .addHelpText("after", "  vivian up --config /etc/vivian/vivian.toml    with no person there")
    .action(async (options: UpOptions) => {
      // Where every process of ours looks for it, the forked daemon included.
      if (options.config !== undefined) process.env["VIVIAN_CONFIG"] = resolve(options.config);
      const session = openSession(options);
      if (options.detach === true && options.attach === true && (await usesRunning(session))) {
        return;
      }
      await refuseSecondDaemon(session);
      if (options.detach === true) {
        const started = need(await startDaemon(session.folder, true));
        const pid = started.child.pid ?? null;
        const document = { socket: started.socket, pid };
        answer(session, document, [`Daemon started, process ${pid ?? "unknown"}.`]);
        return;
      }
      say(session, `Running on ${session.folder.home}; Ctrl-C stops it.`);
      const { runDaemon } = await import("../daemon/run-daemon.ts");
      const outcome = await runDaemon({ foreground: true, detached: true });
      if (!outcome.ok) throw new CommandFailure(outcome.rejection);
    });
}

/** Answers with the daemon that runs; false where none does. */
async function usesRunning(session: Session): Promise<boolean> {
  const found = await findDaemon(session.folder);
  if (found === null) return false;
  const { client, socket } = found;
  const status = await client.call("status", {});
  client.close();
  const { pid } = need(status);
  answer(session, { socket, pid }, [`A daemon runs already, process ${pid}.`]);
  return true;
}

async function refuseSecondDaemon(session: Session): Promise<void> {
  const client = await tryConnect(session);
  if (client === null) return;
  client.close();
  const facts = { folder: session.folder.home };
  throw new CommandFailure({ code: "PROCESSES_DAEMON_RUNNING", facts });
}
