/**
 * Decides how a sponsored job is submitted by its name: its specification is built again from the
 * table and must be the listing of this network's genesis, which an older network may not have.
 */

import { bytesEqual } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { nobleSignatures } from "../../crypto/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import { templateHash, versionFor } from "../../learning/index.ts";
import type { JobSpecification } from "../../learning/index.ts";
import { submitJob } from "../../miner/index.ts";
import type { AccountSigner } from "../../miner/index.ts";
import type { Node } from "../../node/index.ts";
import type { Entropy } from "../../ports/entropy.ts";
import type { AccountKey } from "../../wallet/index.ts";
import type { Founding } from "./founding.ts";
import { SPONSORED_JOBS, sponsoredSpecification } from "./sponsored-jobs.ts";

/** What submitting needs. */
export interface ListingNeeds {
  readonly node: Node;
  readonly founding: Founding;
  readonly hasher: Hasher;
  readonly entropy: Entropy;
}

/** A submitted job. */
export interface SubmittedJob {
  readonly job: Uint8Array;
  readonly slot: bigint;
}

/** An account's key as those who send records know it; each account here uses one lane. */
export function signerOf({ address, secret }: AccountKey): AccountSigner {
  return { address, lane: 0, sign: (digest) => nobleSignatures.sign(digest, secret) };
}

/** Submits one job after the other: two records of one lane at once would share a nonce. */
export function listingSubmitter(needs: ListingNeeds) {
  let last: Promise<unknown> = Promise.resolve();
  return (name: string, energyTier = 0): Promise<Outcome<SubmittedJob>> => {
    const submitted = last.then(() => submit(needs, name, energyTier));
    last = submitted.catch(() => undefined);
    return submitted;
  };
}

async function submit(
  needs: ListingNeeds,
  name: string,
  energyTier: number,
): Promise<Outcome<SubmittedJob>> {
  const { node, founding, hasher, entropy } = needs;
  const job = SPONSORED_JOBS.find((candidate) => candidate.name === name);
  if (job === undefined) return reject("PROCESSES_LISTING", { name });
  // A listing leaves it to its submitter what is demanded of the energy.
  const demand = { version: versionFor(energyTier), energyTier };
  const spec = { ...sponsoredSpecification(hasher, job, entropy.bytes(32)), ...demand };
  const listing = listingNumber(needs, name, spec);
  if (listing === 0) return reject("PROCESSES_LISTING_CHANGED", { name });
  const owner = signerOf(founding.keys.owner);
  const sent = await submitJob({ spec, listing }, { hasher, ledger: node, owner });
  return sent.ok ? accept({ job: sent.value.id, slot: sent.value.slot }) : sent;
}

/** Number of the listing with this name and template, from 1; 0 when the network has none. */
function listingNumber(
  { founding, hasher }: ListingNeeds,
  name: string,
  specification: JobSpecification,
): number {
  const template = templateHash(hasher, specification);
  const found = founding.genesis.listings.findIndex(
    (listing) => listing.name === name && bytesEqual(listing.templateHash, template),
  );
  return found + 1;
}
