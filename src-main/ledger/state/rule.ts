/** Decides what a rule is: (state, record) → state or a rejection with a code. */

import type { Outcome } from "../../contract/outcome.ts";
import type { Hasher } from "../../crypto/index.ts";
import type { VerifyEd25519 } from "../certificate/certificate.ts";
import type { Genesis } from "../genesis/genesis.ts";
import type { Effect } from "../outcomes/effects.ts";
import type { PayloadKind, PayloadOf } from "../records/payloads.ts";
import type { StateOverlay } from "./overlay.ts";

/** What rules see of the commit they are executed in, and of the world: nothing else. */
export interface RuleContext {
  readonly hasher: Hasher;
  readonly genesis: Genesis;
  readonly number: bigint;
  readonly epoch: bigint;
  readonly view: bigint;
  readonly time: bigint;
  /** Beacon of this commit; only effects at its end may use it. */
  readonly beacon: Uint8Array;
  readonly verifyVrf: (
    publicKey: Uint8Array,
    alpha: Uint8Array,
    proof: Uint8Array,
  ) => Uint8Array | undefined;
  /** Strict Ed25519 over votes that are shown as evidence. */
  readonly verifyEd25519: VerifyEd25519;
}

/** Who asks: the account of an admitted record, the record's id, and where it stands. */
export interface RuleSender {
  readonly account: Uint8Array;
  readonly id: Uint8Array;
  readonly slot: bigint;
}

/** Applies one payload; a rejection leaves the overlay to be rolled back. */
export type Rule<K extends PayloadKind> = (
  overlay: StateOverlay,
  sender: RuleSender,
  payload: PayloadOf<K>,
  context: RuleContext,
) => Outcome<readonly Effect[]>;
