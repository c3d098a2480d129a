/** Decides in which order builds take effect: by the epoch they are due in, then by collection. */

import { compareBytes } from "../../contract/bytes.ts";
import { decode, encode, fixedBytes, list, struct, u64 } from "../../codec/index.ts";
import type { ValueOf } from "../../codec/index.ts";
import type { ReadPage } from "../state/state-view.ts";
import { damagedIndex } from "./entry.ts";
import { BUILDS_WAITING_MAX } from "./limits.ts";
import { waitingKey } from "./page-keys.ts";

const waitingCodec = struct({ dueEpoch: u64, collection: fixedBytes(32) });
const pageCodec = list(waitingCodec, BUILDS_WAITING_MAX);

/** A build that waits, by the key of its collection. */
export type WaitingBuild = ValueOf<typeof waitingCodec>;

/** The builds that wait, first due first. Throws Fault STORE_DAMAGED. */
export function readWaiting(readPage: ReadPage): readonly WaitingBuild[] {
  const bytes = readPage(waitingKey());
  if (bytes === undefined) return [];
  const builds = decode(pageCodec, bytes);
  if (!builds.ok) throw damagedIndex("the page of waiting builds");
  return builds.value;
}

/** Bytes of the page of waiting builds; undefined when none waits. */
export function encodeWaiting(builds: readonly WaitingBuild[]): Uint8Array | undefined {
  return builds.length === 0 ? undefined : encode(pageCodec, builds);
}

/** The builds with one more, in their order. */
export function withBuild(
  builds: readonly WaitingBuild[],
  build: WaitingBuild,
): readonly WaitingBuild[] {
  return [...builds, build].sort((left, right) => {
    if (left.dueEpoch !== right.dueEpoch) return left.dueEpoch < right.dueEpoch ? -1 : 1;
    return compareBytes(left.collection, right.collection);
  });
}
