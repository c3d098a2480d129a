/** `vivian ledger state`: an account as it was after a commit, with its proof. */

import type { Command } from "commander";

import type { StateAnswer } from "../../contract/control-api/index.ts";
import { formatCount, formatNumberOf, formatViv } from "../../contract/units.ts";
import { need } from "./failure.ts";
import { readSlot } from "./read-number.ts";
import { answer, openSession, withDaemon } from "./session.ts";
import { pairs } from "./table.ts";

/** Adds the verb. */
export function addLedgerState(ledger: Command): void {
  ledger
    .command("state")
    .argument("<account>", "address of the account")
    .option("--at <commit>", "number of the commit; else the newest that has a proof", readSlot)
    .option("--json", "answer as JSON, the receipt's bytes included")
    .description("show an account after a commit, and the proof of it")
    .addHelpText("after", "\nExample:\n  vivian ledger state 0x… --at 12")
    .action(async (account: string, options: { json?: boolean; at?: number }) => {
      const session = openSession(options);
      await withDaemon(session, async (client) => {
        const { at } = options;
        const asked = at === undefined ? { account } : { account, commit: at };
        const state = need(await client.call("ledger.state", asked));
        answer(session, state, stateLines(state));
      });
    });
}

function stateLines(state: StateAnswer): string[] {
  const held = state.present
    ? `held ${formatViv(BigInt(state.balanceBase))}`
    : "was not in the ledger";
  const steps = formatNumberOf(state.siblings.length, "hash", "hashes");
  return [
    `${state.account} ${held} after commit ${formatCount(state.commit)}; commit ` +
      `${formatCount(state.namedBy)} names the state: ${steps}, checked.`,
    ...pairs([["state root", state.stateRoot]]),
    `States are kept from commit ${formatCount(state.oldestCommit)} on (ledger.retention).`,
  ];
}
