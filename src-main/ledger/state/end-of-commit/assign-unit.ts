/**
 * Decides who trains and who checks a unit: drawn by the commit's beacon among bonded accounts
 * whose free bond covers it, weighted by speed and bond (section 5, "Assignment by beacon").
 */

import { bytesEqual } from "../../../contract/bytes.ts";
import { taggedHash } from "../../../crypto/index.ts";
import { assignmentWeight, pickWeighted } from "../../../learning/index.ts";
import type { Candidate, JobSpecification } from "../../../learning/index.ts";
import { ROLE_VERIFIER, ROLE_WORKER } from "../../genesis/genesis.ts";
import { TAGS } from "../../tags.ts";
import { bondedOf } from "../money.ts";
import type { StateOverlay } from "../overlay.ts";
import type { RuleContext } from "../rule.ts";
import { BONDED, SINGLE } from "../tables.ts";

/** Who was drawn. */
export interface Assignment {
  readonly worker: Uint8Array;
  readonly verifier: Uint8Array;
}

/** What a unit holds of a bond: at least 10 × its price (section 8), or what the job asks. */
export function unitBond(specification: JobSpecification, bondUnitPrices: number): bigint {
  const leastBase = BigInt(bondUnitPrices) * specification.unitPriceBase;
  const { unitBondBase } = specification;
  return unitBondBase > leastBase ? unitBondBase : leastBase;
}

/** Draws a worker and another account as verifier; undefined when either is wanting. */
export function drawAssignment(
  overlay: StateOverlay,
  unit: Uint8Array,
  bondBase: bigint,
  context: RuleContext,
): Assignment | undefined {
  const { hasher, beacon } = context;
  const draw = (role: number, tag: string, except: Uint8Array | undefined) => {
    const candidates = candidatesFor(overlay, role, bondBase, except);
    return pickWeighted(hasher, beacon, taggedHash(hasher, tag, unit), candidates)?.id;
  };
  const worker = draw(ROLE_WORKER, TAGS.assignWorker, undefined);
  if (worker === undefined) return undefined;
  const verifier = draw(ROLE_VERIFIER, TAGS.assignVerifier, worker);
  return verifier === undefined ? undefined : { worker, verifier };
}

function candidatesFor(
  overlay: StateOverlay,
  role: number,
  bondBase: bigint,
  except: Uint8Array | undefined,
): Candidate[] {
  const candidates: Candidate[] = [];
  for (const id of overlay.read(BONDED, SINGLE) ?? []) {
    if (except !== undefined && bytesEqual(id, except)) continue;
    const row = bondedOf(overlay, id);
    const freeBase = row.bondedBase - row.heldBase;
    if ((row.roles & role) === 0 || freeBase < bondBase) continue;
    const weight = assignmentWeight(BigInt(row.unitsPerHour), row.bondedBase, bondBase);
    candidates.push({ id, weight });
  }
  return candidates;
}
