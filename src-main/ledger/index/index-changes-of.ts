/** Decides which records change the index: publications and retractions that applied. */

import type { Payload } from "../records/payloads.ts";
import type { IndexChange } from "./types.ts";

/** A record of a commit, its slot, and what became of it: the code is "" when it applied. */
export interface AppliedRecord {
  readonly slot: bigint;
  readonly record: { readonly payload: Payload };
  readonly outcome: { readonly code: string };
}

/** The changes in slot order; a record that did not apply changes nothing. */
export function indexChangesOf(records: readonly AppliedRecord[]): readonly IndexChange[] {
  return records.flatMap(({ slot, record: { payload }, outcome }): IndexChange[] => {
    if (outcome.code !== "") return [];
    if (payload.kind === "retract") return [{ kind: "retract", slot, target: payload.slot }];
    if (payload.kind !== "publish" || payload.collection === "") return [];
    const { collection, what, tags, embedding } = payload;
    return [{ kind: "add", slot, collection, what, tags, embedding }];
  });
}
