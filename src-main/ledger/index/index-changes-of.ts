/** Decides which records of a commit change the index: publications and retractions that applied. */

import type { Payload } from "../records/payloads.ts";
import type { IndexChange } from "./types.ts";

/** A record of a commit, what became of it, and its slot. */
export interface AppliedRecord {
  readonly slot: bigint;
  /** "" when it applied. */
  readonly code: string;
  readonly payload: Payload;
}

/** The changes in slot order; a record that did not apply changes nothing. */
export function indexChangesOf(records: readonly AppliedRecord[]): readonly IndexChange[] {
  return records.flatMap(({ slot, code, payload }): IndexChange[] => {
    if (code !== "") return [];
    if (payload.kind === "retract") return [{ kind: "retract", slot, target: payload.slot }];
    if (payload.kind !== "publish" || payload.collection === "") return [];
    const { collection, what, tags, embedding } = payload;
    return [{ kind: "add", slot, collection, what, tags, embedding }];
  });
}
