/**
 * Decides what a build does when it takes effect: its centroids come from the entries that were
 * live when it began; all that are live now go, in slot order, to the nearest of them. Tombstones
 * and what they buried go then, so the lists hold live entries alone.
 */

import { invariant } from "../../contract/outcome.ts";
import type { ReadPage } from "../state/state-view.ts";
import { buildCentroids } from "./build-centroids.ts";
import type { Build, BuildInput } from "./build-centroids.ts";
import type { Building } from "./collection.ts";
import { readCollection, readList, readListHeads } from "./collection-pages.ts";
import type { CollectionWork } from "./collection-work.ts";
import { entryOf, signedOf } from "./entry.ts";
import type { StoredEntry } from "./entry.ts";
import { nearestCentroid } from "./nearest.ts";
import type { SlotWork } from "./slot-work.ts";
import type { IndexNeeds, IndexView } from "./types.ts";
import { readWaiting } from "./waiting-builds.ts";

/** A publication in slot order, and whether it counts for the build and is live now. */
interface Candidate extends StoredEntry {
  readonly built: boolean;
  readonly live: boolean;
}

/** Carries out the build that a collection began. */
export function carryOutBuild(
  needs: Pick<IndexNeeds, "buildMemo">,
  work: CollectionWork,
  slots: SlotWork,
): void {
  const { building, dimension } = work.row;
  invariant(building !== undefined, "a build that is carried out began");
  const candidates = candidatesOf(work.readAll().flat(), building);
  const input = buildInput(candidates, dimension);
  const build: Build = needs.buildMemo?.build(input) ?? buildCentroids(input);
  work.restart(build.centroids, building);
  let position = 0;
  for (const { entry, bytes, built, live } of candidates) {
    const known = built ? build.lists[position] : undefined;
    if (built) position += 1;
    if (!live) continue;
    const list = known ?? nearestCentroid(signedOf(entry.embedding), build.centroids);
    work.append(list, { entry, bytes });
    slots.set(entry.slot, { collection: work.key, list });
  }
}

/**
 * What the builds that wait will be made of, first due first; for `BuildMemo.ahead`. An input is
 * right until the build takes effect: what comes later does not count for it.
 */
export function waitingInputs({ readPage }: IndexView): readonly BuildInput[] {
  return readWaiting(readPage).map(({ collection }) => waitingInput(readPage, collection));
}

function waitingInput(readPage: ReadPage, key: Uint8Array): BuildInput {
  const row = readCollection(readPage, key);
  invariant(row?.building !== undefined, "a build that waits began");
  const { dimension } = row;
  const lists = readListHeads(readPage, key, row).map(({ size }, list) =>
    readList(readPage, { collection: key, dimension, list }, Number(size)),
  );
  return buildInput(candidatesOf(lists.flat(), row.building), dimension);
}

function candidatesOf(all: readonly Uint8Array[], building: Building): Candidate[] {
  const stored = all.map((bytes): StoredEntry => ({ entry: entryOf(bytes), bytes }));
  const buried = new Map<bigint, bigint>();
  for (const { entry } of stored) {
    if (entry.retracts !== undefined) buried.set(entry.retracts, entry.slot);
  }
  const candidates = stored
    .filter(({ entry }) => entry.retracts === undefined)
    .map(({ entry, bytes }): Candidate => {
      const gone = buried.get(entry.slot);
      const built = entry.slot < building.size && (gone === undefined || gone >= building.size);
      return { entry, bytes, built, live: gone === undefined };
    });
  const count = candidates.filter(({ built }) => built).length;
  invariant(BigInt(count) === building.live, "a build is made of what was live when it began");
  return candidates.sort((left, right) => (left.entry.slot < right.entry.slot ? -1 : 1));
}

function buildInput(candidates: readonly Candidate[], dimension: number): BuildInput {
  const built = candidates.filter((candidate) => candidate.built);
  const embeddings = new Int8Array(built.length * dimension);
  for (const [index, { entry }] of built.entries()) {
    embeddings.set(signedOf(entry.embedding), index * dimension);
  }
  return { dimension, embeddings };
}
