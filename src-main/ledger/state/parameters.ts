/**
 * Decides what the rules' numbers are now: the genesis says them, and the governor may change some
 * of them from a later epoch on (ARCHITECTURE.md section 17). Every rule asks here; nothing but
 * this file reads them from the genesis.
 */

import type { Genesis, GenesisConstants } from "../genesis/genesis.ts";
import type { StateOverlay } from "./overlay.ts";
import type { ParametersRow } from "./rows.ts";
import { PARAMETERS, SINGLE } from "./tables.ts";

/** What decides which numbers hold: the network and the epoch of the commit. */
export interface ParameterContext {
  readonly genesis: Genesis;
  readonly epoch: bigint;
}

/** The numbers a rule may ask for. */
export type Parameters = GenesisConstants;

/** The last answer for a row: a row is one object until it is written again. */
interface Known {
  readonly genesis: Genesis;
  readonly epoch: bigint;
  readonly parameters: Parameters;
}

const known = new WeakMap<ParametersRow, Known>();

/** The parameters in force in a commit of this epoch. */
export function parametersOf(overlay: StateOverlay, context: ParameterContext): Parameters {
  const row = overlay.read(PARAMETERS, SINGLE);
  if (row === undefined) return context.genesis.constants;
  const last = known.get(row);
  if (last?.genesis === context.genesis && last.epoch === context.epoch) return last.parameters;
  const { genesis, epoch } = context;
  const parameters = parametersIn(genesis.constants, row, epoch);
  known.set(row, { genesis, epoch, parameters });
  return parameters;
}

/**
 * The numbers in force in an epoch: the genesis constants with every change whose epoch has come,
 * in the order they take effect.
 * @param row  the one row of PARAMETERS
 */
export function parametersIn(
  constants: GenesisConstants,
  row: ParametersRow,
  epoch: bigint,
): GenesisConstants {
  const changed: Record<string, bigint | number | Uint8Array> = { ...constants };
  for (const change of row) {
    if (change.epoch > epoch) continue;
    const narrow = typeof changed[change.name] === "number";
    changed[change.name] = narrow ? Number(change.value) : change.value;
  }
  return changed as unknown as GenesisConstants;
}
