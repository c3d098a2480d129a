/**
 * Decides which numbers of the genesis a governor may change, and within which bounds. What is not
 * named here stays for good: epochs, the commit interval, the bond of a unit, the governor itself.
 */

import type { GenesisConstants } from "../genesis/genesis.ts";
import { COMMIT_BYTES_MAX } from "../limits.ts";

/** Least and most a parameter may be. */
export interface ParameterRange {
  readonly least: bigint;
  readonly most: bigint;
}

const DAY_MS = 86_400_000n;
/** A whole VIV, in base units. */
const ONE_VIV = 10n ** 18n;

/** A fee of a hundredth of a VIV for each byte would price everybody out; that is far enough. */
const PER_BYTE: ParameterRange = { least: 0n, most: ONE_VIV / 100n };

const RANGES = {
  feePerRecordBase: { least: 0n, most: ONE_VIV },
  feePerByteBase: PER_BYTE,
  feePerEmbeddingByteBase: PER_BYTE,
  feePerStateByteBase: PER_BYTE,
  depositPerByteBase: PER_BYTE,
  // A dispute needs time to be answered; nobody's bond should hang for longer than a year.
  disputeWindowMs: { least: 1_000n, most: 30n * DAY_MS },
  unbondingMs: { least: 1_000n, most: 365n * DAY_MS },
  closedWindowMs: { least: 1_000n, most: 365n * DAY_MS },
  slashPermille: { least: 0n, most: 1_000n },
  // In the reveal's own view its beacon would already be known.
  challengeDelayViews: { least: 1n, most: 10_000n },
  commitTargetBytes: { least: 1_024n, most: BigInt(COMMIT_BYTES_MAX) },
} as const satisfies Partial<Record<keyof GenesisConstants, ParameterRange>>;

/** The range of a parameter by its name; undefined for what is none. */
export function parameterRange(name: string): ParameterRange | undefined {
  return Object.hasOwn(RANGES, name) ? RANGES[name as keyof typeof RANGES] : undefined;
}

/** Names of all parameters, as a change names them. */
export const PARAMETER_NAMES: readonly string[] = Object.keys(RANGES);
