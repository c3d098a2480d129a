/**
 * Decides what somebody without a ledger holds: one certified commit and the validators that may
 * certify the next. Everything else is checked against it by proof (ARCHITECTURE.md section 6,
 * "Vector": no headers to walk).
 */

import { fixedBytes, struct, u64 } from "../../codec/index.ts";
import type { Codec } from "../../codec/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import type { CertificateScheme } from "../certificate/certificate.ts";
import { genesisHash, validatorSetCodec } from "../genesis/genesis.ts";
import type { Genesis, Validator } from "../genesis/genesis.ts";

/**
 * How old a trusted commit may be and still vouch for a newer one: validators that left may sign
 * what they like once nobody can punish them. Beyond it, a checkpoint that its owner names.
 */
export const TRUST_PERIOD_MS = 1_209_600_000n;

/** A commit may be this far ahead of the reader's clock: clocks differ, calendars do not. */
export const CLOCK_AHEAD_MS_MAX = 60_000n;

/** The newest commit a light client has checked. Roots are those after the commit before it. */
export interface TrustedView {
  readonly genesisHash: Uint8Array;
  /** Who may certify commits of this view's epoch. */
  readonly validators: readonly Validator[];
  readonly number: bigint;
  readonly epoch: bigint;
  readonly view: bigint;
  /** Commit time, milliseconds. */
  readonly time: bigint;
  /** First slot of the commit; outcomes of lower slots are covered by `outcomeRoot`. */
  readonly firstSlot: bigint;
  readonly vectorSize: bigint;
  readonly vectorRoot: Uint8Array;
  readonly stateRoot: Uint8Array;
  readonly outcomeRoot: Uint8Array;
  readonly indexRoot: Uint8Array;
}

const digest = fixedBytes(32);

/** Bytes of a view, for a client that goes on later from what it has checked. */
export const trustedViewCodec: Codec<TrustedView> = struct({
  genesisHash: digest,
  validators: validatorSetCodec,
  number: u64,
  epoch: u64,
  view: u64,
  time: u64,
  firstSlot: u64,
  vectorSize: u64,
  vectorRoot: digest,
  stateRoot: digest,
  outcomeRoot: digest,
  indexRoot: digest,
});

/** What checking needs beside the view. */
export interface LightNeeds {
  readonly hasher: Hasher;
  readonly scheme: CertificateScheme;
  /** The reader's clock, milliseconds. */
  readonly nowMs: bigint;
}

const NOTHING = new Uint8Array(32);

/** The view of somebody who knows the genesis document alone: nothing is certified yet. */
export function trustGenesis(hasher: Hasher, genesis: Genesis): TrustedView {
  return {
    genesisHash: genesisHash(hasher, genesis),
    validators: genesis.validators,
    number: 0n,
    epoch: 0n,
    view: 0n,
    time: genesis.time,
    firstSlot: 0n,
    vectorSize: 0n,
    vectorRoot: NOTHING,
    stateRoot: NOTHING,
    outcomeRoot: NOTHING,
    indexRoot: NOTHING,
  };
}
