/** Decides how a proposer makes the first slot of a commit: its statement, proof and signature. */

import { beaconAlpha, commitDigest, commitRecordAfter, storedCommit } from "../../ledger/index.ts";
import type { Genesis, Head } from "../../ledger/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import type { SealingKeys } from "../types.ts";

/** What the proposer decided. */
export interface CommitPlan {
  readonly epoch: bigint;
  readonly view: bigint;
  readonly time: bigint;
  readonly proposer: number;
  readonly recordCount: number;
}

/** Stored bytes of the commit record after `parent`. */
export function buildCommit(
  genesis: Genesis,
  parent: Head,
  plan: CommitPlan,
  { hasher, keys }: { readonly hasher: Hasher; readonly keys: SealingKeys },
): Uint8Array {
  const { epoch, view, time, proposer, recordCount } = plan;
  const vrfProof = keys.prove(beaconAlpha(parent.genesisHash, epoch, view));
  const proposal = { view, time, proposer, vrfProof, recordCount };
  const record = commitRecordAfter(genesis, parent, proposal);
  return storedCommit(record, keys.sign(commitDigest(record, hasher)));
}
