/** `vivian ledger anchor`: the root of a day's energy rows, put where nobody can change it. */

import { InvalidArgumentError } from "commander";
import type { Command } from "commander";

import type { AccountKeys } from "../../contract/control-api/index.ts";
import { bytesToHex } from "../../contract/bytes.ts";
import { formatCount, formatNumberOf } from "../../contract/units.ts";
import { addressToText, parseAddress } from "../../crypto/index.ts";
import { ANCHOR_ROWS_MAX } from "../../ledger/index.ts";
import { CommandFailure, need } from "./failure.ts";
import { payingAccount, withPayingOptions } from "./paying-account.ts";
import { readDigest } from "./read-digest.ts";
import { readWhole } from "./read-number.ts";
import { sendAndTell } from "./send-record.ts";
import type { RecordOptions, RecordPlan } from "./send-record.ts";
import { openSession, withDaemon } from "./session.ts";

const DAY_MS = 86_400_000;

interface AnchorOptions extends RecordOptions {
  readonly root: Uint8Array;
  readonly rows: number;
}

const ANCHOR_HELP = `
DAY is a day of UTC that is over. The rows stay with you: whoever is given them computes the root
again and compares it. One root a day, and days only ascend; the first one counts.

Example:
  vivian ledger anchor 2026-11-21 --rows 24 --root 4a5e…`;

/** Adds the verb. */
export function addLedgerAnchor(ledger: Command): void {
  withPayingOptions(ledger.command("anchor"))
    .argument("<day>", "the day the rows are of, as 2026-11-21", readDay)
    .requiredOption("--root <digest>", "RFC 9162 root over the rows, 64 hex digits", readDigest)
    .requiredOption("--rows <count>", "how many rows it covers", readWhole("row", ANCHOR_ROWS_MAX))
    .option("--account <address>", "the account, when its signing key was rotated away")
    .description("anchor the root of a day's energy rows of an account")
    .addHelpText("after", ANCHOR_HELP)
    .action(async (day: number, options: AnchorOptions) => {
      const session = openSession(options);
      await withDaemon(session, async (client) => {
        const address = options.account ?? addressToText(payingAccount(session, options).address);
        need(parseAddress(address));
        const { anchor } = need(await client.call("ledger.account-keys", { address }));
        demandNew(day, anchor, Date.now());
        const done = () => `Anchored the rows of ${dayText(day)}.`;
        await sendAndTell(session, client, options, anchorPlan(day, options, anchor), done);
      });
    });
}

function anchorPlan(
  day: number,
  { root, rows }: AnchorOptions,
  last: AccountKeys["anchor"],
): RecordPlan {
  return {
    draft: { kind: "energy-anchor", day, root, rows },
    lines: [
      ["anchor", `${formatNumberOf(rows, "row", "rows")} of ${dayText(day)}`],
      ["root", bytesToHex(root)],
      ["anchored last", last === null ? "nothing" : lastText(last)],
    ],
    question: "Anchor it?",
  };
}

function lastText({ day, slot }: NonNullable<AccountKeys["anchor"]>): string {
  return `${dayText(day)}, slot ${formatCount(slot)}`;
}

/** What the ledger would refuse, and charge for. Throws LEDGER_ANCHOR_EARLY, LEDGER_ANCHOR_DAY. */
function demandNew(day: number, last: AccountKeys["anchor"], nowMs: number): void {
  if (nowMs < (day + 1) * DAY_MS) {
    throw new CommandFailure({ code: "LEDGER_ANCHOR_EARLY", facts: { day: dayText(day) } });
  }
  if (last !== null && day <= last.day) {
    const facts = { day: dayText(day), last: dayText(last.day) };
    throw new CommandFailure({ code: "LEDGER_ANCHOR_DAY", facts });
  }
}

/** Reads a day as days since 1970; anything else is a usage error (exit code 2). */
function readDay(text: string): number {
  const timeMs = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  const day = timeMs / DAY_MS;
  // The calendar takes 30 February for a day of March.
  if (day >= 0 && dayText(day) === text) return day;
  throw new InvalidArgumentError("A day is written as 2026-11-21.");
}

function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
