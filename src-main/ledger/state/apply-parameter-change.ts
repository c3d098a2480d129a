/**
 * Decides when a parameter changes: the governor says so, and it holds from the first commit of a
 * later epoch on, so that nobody is surprised within one. A newer word on the same parameter
 * replaces one that has not come into force.
 */

import { bytesEqual } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { GenesisConstants } from "../genesis/genesis.ts";
import { parameterRange } from "./parameter-ranges.ts";
import type { Rule } from "./rule.ts";
import type { ParametersRow } from "./rows.ts";
import { PARAMETERS, SINGLE } from "./tables.ts";

/** What a governor asks for. */
export type ParameterChange = ParametersRow[number];

/**
 * Whether an account may make a change in a commit of this epoch.
 * @rejects LEDGER_GOVERNOR, LEDGER_PARAMETER_UNKNOWN, LEDGER_PARAMETER_RANGE,
 *          LEDGER_PARAMETER_EPOCH
 */
export function checkParameterChange(
  { governor }: Pick<GenesisConstants, "governor">,
  account: Uint8Array,
  { name, value, epoch }: ParameterChange,
  presentEpoch: bigint,
): Outcome<null> {
  const nobody = governor.every((byte) => byte === 0);
  if (nobody || !bytesEqual(account, governor)) return reject("LEDGER_GOVERNOR");
  const range = parameterRange(name);
  if (range === undefined) return reject("LEDGER_PARAMETER_UNKNOWN", { name });
  const { least, most } = range;
  if (value < least || value > most) {
    return reject("LEDGER_PARAMETER_RANGE", { name, least: String(least), most: String(most) });
  }
  if (epoch <= presentEpoch) {
    return reject("LEDGER_PARAMETER_EPOCH", { epoch: String(presentEpoch) });
  }
  return accept(null);
}

/** @rejects those of `checkParameterChange` */
export const applyParameterChange: Rule<"parameter-change"> = (
  overlay,
  { account },
  { name, value, epoch },
  context,
) => {
  const change = { name, value, epoch };
  const may = checkParameterChange(context.genesis.constants, account, change, context.epoch);
  if (!may.ok) return may;
  const changes = overlay.read(PARAMETERS, SINGLE) ?? [];
  overlay.write(PARAMETERS, SINGLE, withChange(changes, change, context.epoch));
  return accept([]);
};

/** The changes with one more: of its own name only the one in force stays beside it. */
function withChange(
  changes: ParametersRow,
  change: ParametersRow[number],
  epoch: bigint,
): ParametersRow {
  const ofName = changes.filter(({ name }) => name === change.name);
  const inForce = ofName.findLast((other) => other.epoch <= epoch);
  const others = changes.filter(({ name }) => name !== change.name);
  const kept = inForce === undefined ? others : [...others, inForce];
  // The order of the list is the order in which changes take effect; ties are different names.
  return [...kept, change].sort((left, right) =>
    left.epoch === right.epoch ? 0 : left.epoch < right.epoch ? -1 : 1,
  );
}
