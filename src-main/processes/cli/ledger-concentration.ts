/** `vivian ledger concentration`: how votes, bonds, paid work and balances are spread. */

import type { Command } from "commander";

import {
  balancesSentence,
  GINI_MEANING,
  giniText,
  greatestText,
  spreadSentence,
  spreadTitle,
  UNSEEN_DEVICES,
  UNSEEN_PEOPLE,
  windowSentence,
} from "../../contract/concentration-words.ts";
import type { SpreadKind } from "../../contract/concentration-words.ts";
import type { ConcentrationAnswer, Spread } from "../../contract/control-api/index.ts";
import { formatCount } from "../../contract/units.ts";
import { need } from "./failure.ts";
import { answer, openSession, withDaemon } from "./session.ts";
import { table } from "./table.ts";

/** A large ledger is read once in slices; more than this and something is wrong. */
const READ_TIMEOUT_MS = 300_000;

/** Adds the verb. */
export function addLedgerConcentration(ledger: Command): void {
  ledger
    .command("concentration")
    .description("show how votes, bonds, paid work and balances are spread over accounts")
    .option("--json", "answer as JSON, curves and exact fractions included")
    .addHelpText("after", "\nExample:\n  vivian ledger concentration --json")
    .action(async (options: { json?: boolean }) => {
      const session = openSession(options);
      await withDaemon(session, async (client) => {
        const found = need(await client.call("ledger.concentration", {}, READ_TIMEOUT_MS));
        answer(session, found, concentrationLines(found));
      });
    });
}

/** The whole answer. */
export function concentrationLines(found: ConcentrationAnswer): string[] {
  const { votes, bonds, work, balances } = found;
  const kinds: readonly (readonly [SpreadKind, Spread | null])[] = [
    ["votes", votes],
    ["bonds", bonds],
    ["byWorker", work.byWorker],
    ["byPayout", work.byPayout],
    ["balances", balances.spread],
  ];
  const rows = kinds.map(([kind, spread]) =>
    spread === null
      ? [spreadTitle(kind), "0", "", "", "", ""]
      : [
          spreadTitle(kind),
          formatCount(spread.holders),
          formatCount(spread.nakamoto),
          `over ${spread.over.numerator}/${spread.over.denominator}`,
          giniText(spread),
          greatestText(spread).replace("the greatest has ", ""),
        ],
  );
  const heading = ["", "accounts", "Nakamoto", "together", "Gini", "greatest"];
  return [
    ...table(heading, rows, [1, 2, 4, 5]),
    "",
    ...kinds.map(([kind, spread]) => `${spreadTitle(kind)}: ${spreadSentence(kind, spread)}`),
    "",
    `After commit ${formatCount(found.commit)}. ${windowSentence(found, utcText)}`,
    balancesSentence(found),
    GINI_MEANING,
    UNSEEN_PEOPLE,
    UNSEEN_DEVICES,
  ];
}

function utcText(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
