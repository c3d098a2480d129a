/** Decides how money that left a bond is paid out when its unbonding time has passed. */

import type { Effect } from "../../outcomes/effects.ts";
import { writeUnbondings } from "../bonds.ts";
import { credit } from "../money.ts";
import type { StateOverlay } from "../overlay.ts";
import { UNBONDINGS } from "../tables.ts";

/** Pays an account all parts that are due; none is left of one that was slashed away. */
export function payOutBond(
  overlay: StateOverlay,
  account: Uint8Array,
  time: bigint,
): readonly Effect[] {
  const leaving = overlay.read(UNBONDINGS, account) ?? [];
  const due = leaving.filter((part) => part.due <= time);
  if (due.length === 0) return [];
  const amountBase = due.reduce((sum, part) => sum + part.amountBase, 0n);
  const rest = leaving.filter((part) => part.due > time);
  writeUnbondings(overlay, account, rest);
  credit(overlay, account, amountBase);
  return [{ kind: "unbonded", account, amountBase }];
}
