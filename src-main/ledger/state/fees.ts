/**
 * Decides what a record costs: its signature, its bytes in the vector, its embedding and the bytes
 * it adds to the state, times a multiplier that follows the load (ARCHITECTURE.md section 17, "Base
 * fee"). Fees are burned. What disputes and reveals need always costs the plain price.
 */

import type { GenesisConstants } from "../genesis/genesis.ts";
import type { Payload, PayloadKind } from "../records/payloads.ts";
import type { StateOverlay } from "./overlay.ts";
import { parametersOf } from "./parameters.ts";
import type { ParameterContext } from "./parameters.ts";
import { FEES, SINGLE } from "./tables.ts";

/** A multiplier of 1.0; multipliers count in 2^-32. */
export const MULTIPLIER_ONE: bigint = 1n << 32n;

/** Where the multiplier ends: 65,536 times the plain price, far above what anybody pays. */
const MULTIPLIER_MAX = 1n << 48n;

/** A full commit over the target moves the multiplier by this part of itself. */
const MOVE_PART = 128n;

/**
 * Kinds for which a quarter of every commit is kept free and the price never rises: whoever must
 * answer within a window must not be priced out of it.
 */
const RESERVED: ReadonlySet<PayloadKind> = new Set<PayloadKind>([
  "unit-energy",
  "unit-reveal",
  "verdict-commit",
  "inner-open",
  "verdict-open",
  "evidence",
]);

/** Whether the reserved quarter of a commit is open to a kind. */
export function isReserved(kind: PayloadKind): boolean {
  return RESERVED.has(kind);
}

/** What records cost in one commit; plain data, so that it can be handed to whoever signs. */
export interface FeePrices {
  /** In 2^-32; 2^32 is the plain price. */
  readonly multiplier: bigint;
  readonly feePerRecordBase: bigint;
  readonly feePerByteBase: bigint;
  readonly feePerEmbeddingByteBase: bigint;
  readonly feePerStateByteBase: bigint;
  readonly depositPerByteBase: bigint;
}

/** The prices in a commit of this epoch, by the state before it. */
export function pricesOf(overlay: StateOverlay, context: ParameterContext): FeePrices {
  const multiplier = overlay.read(FEES, SINGLE)?.multiplier ?? MULTIPLIER_ONE;
  return pricesAt(parametersOf(overlay, context), multiplier);
}

/** The prices that parameters and a multiplier give. */
export function pricesAt(
  parameters: Pick<GenesisConstants, Exclude<keyof FeePrices, "multiplier">>,
  multiplier: bigint = MULTIPLIER_ONE,
): FeePrices {
  const { feePerRecordBase, feePerByteBase, feePerEmbeddingByteBase } = parameters;
  const { feePerStateByteBase, depositPerByteBase } = parameters;
  const perByte = { feePerByteBase, feePerEmbeddingByteBase, feePerStateByteBase };
  return { multiplier, feePerRecordBase, ...perByte, depositPerByteBase };
}

/** The multiplied price, rounded up. */
function multiplied(plainBase: bigint, { multiplier }: FeePrices, kind: PayloadKind): bigint {
  if (multiplier === MULTIPLIER_ONE || isReserved(kind)) return plainBase;
  return (plainBase * multiplier + MULTIPLIER_ONE - 1n) >> 32n;
}

/** What including a record of that many stored bytes costs, whatever becomes of it. */
export function inclusionFee(prices: FeePrices, storedBytes: number, payload: Payload): bigint {
  let plainBase = prices.feePerRecordBase + prices.feePerByteBase * BigInt(storedBytes);
  if (payload.kind === "publish") {
    plainBase += prices.feePerEmbeddingByteBase * BigInt(payload.embedding.length);
  }
  return multiplied(plainBase, prices, payload.kind);
}

/** What the bytes cost that applying a record added to the state. */
export function stateFee(prices: FeePrices, growthBytes: number, kind: PayloadKind): bigint {
  if (growthBytes === 0) return 0n;
  return multiplied(prices.feePerStateByteBase * BigInt(growthBytes), prices, kind);
}

/**
 * The multiplier after a commit: moved by (used − target) / target of a 128th of itself, at most by
 * a 128th, and never below the plain price.
 */
export function nextMultiplier(multiplier: bigint, usedBytes: bigint, targetBytes: bigint): bigint {
  const over = usedBytes - targetBytes;
  const bounded = over > targetBytes ? targetBytes : over;
  const scale = targetBytes * MOVE_PART;
  const product = multiplier * bounded;
  // Floor, also of a negative number.
  const moved = multiplier + (product < 0n ? -((-product + scale - 1n) / scale) : product / scale);
  if (moved < MULTIPLIER_ONE) return MULTIPLIER_ONE;
  return moved > MULTIPLIER_MAX ? MULTIPLIER_MAX : moved;
}

/** Moves the multiplier at the end of a commit whose records took that many stored bytes. */
export function moveBaseFee(
  overlay: StateOverlay,
  usedBytes: number,
  context: ParameterContext,
): void {
  const before = overlay.read(FEES, SINGLE)?.multiplier ?? MULTIPLIER_ONE;
  const { commitTargetBytes } = parametersOf(overlay, context);
  const after = nextMultiplier(before, BigInt(usedBytes), commitTargetBytes);
  if (after === before) return;
  // At the plain price there is no row, so a quiet ledger writes nothing.
  overlay.write(FEES, SINGLE, after === MULTIPLIER_ONE ? undefined : { multiplier: after });
}
