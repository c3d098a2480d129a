/** Decides how a slot is said in one line of an account's list. */

import { exactViv } from "../../src-main/contract/units.ts";
import { addressToText } from "../../src-main/crypto/address.ts";
import type { Effect, LedgerRecord, RecordOutcome } from "../../src-main/ledger/light/index.ts";
import { accountPiece, effectPieces, kindWords } from "./record-words.ts";
import type { Piece } from "./record-words.ts";

/** What a line needs of a slot. */
export interface LinedSlot {
  readonly record: LedgerRecord | null;
  readonly outcome: RecordOutcome | null;
}

/** What stands in a slot, for the account in whose list it is. */
export function lineText({ record, outcome }: LinedSlot, of: string): Piece[] {
  const code = outcome?.code ?? "";
  const after = code === "" ? [] : [{ text: `, refused: ${code}` }];
  const effects = (outcome?.effects ?? []).filter((effect) => concerns(effect, of));
  if (record === null) return [{ text: "pruned record" }, ...after];
  if (record.payload.kind === "commit") return joined(effects.map(effectPieces), "commit");
  const own = [...recordLine(record, of), ...after];
  return effects.length === 0
    ? own
    : [...own, { text: ": " }, ...joined(effects.map(effectPieces), "")];
}

function recordLine({ account, payload }: LedgerRecord, of: string): Piece[] {
  if (payload.kind !== "transfer") return [{ text: kindWords(payload.kind) }];
  const isOut = addressToText(account).toLowerCase() === of.toLowerCase();
  const amount = `${exactViv(payload.amountBase)} VIV`;
  return isOut
    ? [{ text: `sent ${amount} to ` }, accountPiece(payload.to)]
    : [{ text: `received ${amount} from ` }, accountPiece(account)];
}

function concerns(effect: Effect, of: string): boolean {
  return Object.values(effect).some(
    (value) =>
      value instanceof Uint8Array &&
      value.length === 20 &&
      addressToText(value).toLowerCase() === of.toLowerCase(),
  );
}

function joined(parts: readonly Piece[][], nothing: string): Piece[] {
  if (parts.length === 0) return [{ text: nothing }];
  return parts.flatMap((part, index) => (index === 0 ? part : [{ text: "; " }, ...part]));
}
