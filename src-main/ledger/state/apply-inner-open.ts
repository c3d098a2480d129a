/** Decides when a worker's openings count: exactly the drawn segments, under the sealed root. */

import { concatBytes } from "../../contract/bytes.ts";
import { accept } from "../../contract/outcome.ts";
import { taggedHash } from "../../crypto/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import { verifyOpenings } from "../../learning/index.ts";
import { TAGS } from "../tags.ts";
import { writeUnit } from "./agenda.ts";
import type { Rule } from "./rule.ts";
import { jobFor, specificationOf, unitFor } from "./unit-message.ts";

/** What stands for a list of inner digests in a unit's row. */
export function innersDigest(hasher: Hasher, inners: readonly Uint8Array[]): Uint8Array {
  return taggedHash(hasher, TAGS.openedInners, concatBytes(...inners));
}

/**
 * @rejects LEDGER_UNIT_UNKNOWN, LEDGER_UNIT_SENDER, LEDGER_UNIT_PHASE, LEDGER_UNIT_LATE,
 *          LEARNING_OPENING_SEGMENTS, LEARNING_OPENING_PROOF
 */
export const applyInnerOpen: Rule<"inner-open"> = (overlay, { account }, payload, context) => {
  const { hasher, time } = context;
  const from = "worker";
  const found = unitFor(overlay, payload.unit, { phase: "committed", from, account, time });
  if (!found.ok) return found;
  const unit = found.value;
  const { innerListRoot, segmentCount, drawn } = unit;
  const opened = verifyOpenings(hasher, innerListRoot, segmentCount, drawn, payload.openings);
  if (!opened.ok) return opened;
  const { verdictWindowMs } = specificationOf(jobFor(overlay, unit.job));
  writeUnit(overlay, payload.unit, {
    ...unit,
    phase: "opened",
    openedInners: innersDigest(hasher, opened.value),
    deadline: time + BigInt(verdictWindowMs),
  });
  return accept([]);
};
