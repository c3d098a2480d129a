/** `vivian status`: what the daemon is doing now, by whose wish, with what power and energy. */

import type { Command } from "commander";

import type { ControlClient } from "../../api/index.ts";
import type { EnergyNow } from "../../contract/control-api/index.ts";
import { need } from "./failure.ts";
import { operatorPairs, operatorStatus } from "./operator-status.ts";
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
        const told = need(await client.call("status", {}));
        const rules = need(await client.call("rules.state", {}));
        const status = operatorStatus(told, rules, await energyNow(client));
        answer(session, status, statusLines(status, Date.now(), operatorPairs(status)));
      });
    });
}

/** Null where energy is not counted, which is no failure of a status. */
async function energyNow(client: ControlClient): Promise<EnergyNow | null> {
  const now = await client.call("energy.now", {});
  return !now.ok && now.rejection.code === "ENERGY_OFF" ? null : need(now);
}
