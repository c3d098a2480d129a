/** `vivian mine start|pause|finish`: whether this machine takes on work. */

import type { Command } from "commander";

import type { MethodName, MineStatus } from "../../contract/control-api/index.ts";
import { need } from "./failure.ts";
import { answer, openSession, withDaemon } from "./session.ts";

type MineVerb = Extract<MethodName, `mine.${string}`>;

const VERBS: readonly (readonly [MineVerb, string])[] = [
  ["mine.start", "take on work, and go on with work that was paused"],
  ["mine.pause", "stop work now; what is done is kept"],
  ["mine.finish", "end the unit in hand, then pause"],
];

/** Adds the verb and its three parts. */
export function addMine(program: Command): void {
  const mine = program.command("mine").description("start, pause or finish mining");
  for (const [method, about] of VERBS) {
    mine
      .command(method.slice("mine.".length))
      .description(about)
      .option("--json", "answer as JSON")
      .action(async (options: { json?: boolean }) => {
        const session = openSession(options);
        await withDaemon(session, async (client) => {
          const status = need(await client.call(method, {}));
          answer(session, status, [mineSentence(status)]);
        });
      });
  }
}

function mineSentence(status: MineStatus): string {
  switch (status.state) {
    case "paused":
      return status.reason === undefined
        ? "Paused. `vivian mine start` goes on."
        : `${status.reason}.`;
    case "finishing":
      return "Finishing the unit in hand, then pausing.";
    case "failed":
      return `Stopped by a fault: ${status.code ?? "unknown"}. \`vivian status\` says more.`;
    case "working":
      return "Working.";
    default:
      return status.code === null
        ? "On, waiting for work."
        : `On; the newest unit was declined: ${status.code}. \`vivian status\` says more.`;
  }
}
