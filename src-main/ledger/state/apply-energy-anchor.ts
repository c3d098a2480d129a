/**
 * Decides when the root of an account's energy rows is anchored: one for each day, days ascend, so
 * no day can be told twice. The rows stay private; the state keeps the newest root, the vector all.
 */

import { encode } from "../../codec/index.ts";
import { accept, reject } from "../../contract/outcome.ts";
import { ANCHOR_ROWS_MAX } from "../limits.ts";
import { chargeDeposit, NO_DEPOSIT } from "./deposits.ts";
import { anchorRowCodec, ANCHORS } from "./rows-published.ts";
import type { Rule } from "./rule.ts";

const DAY_MS = 86_400_000n;

/**
 * @rejects LEDGER_ANCHOR_DAY (not above the last), LEDGER_ANCHOR_EARLY (the day is not over),
 *          LEDGER_ANCHOR_ROWS, LEDGER_DEPOSIT_SHORT
 */
export const applyEnergyAnchor: Rule<"energy-anchor"> = (overlay, sender, payload, context) => {
  const { day, root, rows } = payload;
  if (rows === 0 || rows > ANCHOR_ROWS_MAX) {
    return reject("LEDGER_ANCHOR_ROWS", { rows, max: ANCHOR_ROWS_MAX });
  }
  if (context.time < (BigInt(day) + 1n) * DAY_MS) return reject("LEDGER_ANCHOR_EARLY", { day });
  const last = overlay.read(ANCHORS, sender.account);
  if (last !== undefined && day <= last.day) {
    return reject("LEDGER_ANCHOR_DAY", { day, last: last.day });
  }
  const row = { day, root, rows, slot: sender.slot, deposit: last?.deposit ?? NO_DEPOSIT };
  if (last === undefined) {
    const bytes = encode(anchorRowCodec, row).length;
    const deposit = chargeDeposit(overlay, sender.account, bytes, context);
    if (!deposit.ok) return deposit;
    row.deposit = deposit.value;
  }
  overlay.write(ANCHORS, sender.account, row);
  return accept([]);
};
