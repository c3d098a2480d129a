/** A similarity index in memory for tests, fed commit by commit; keeps its log to play it again. */

import { bytesToHex } from "../../src-main/contract/bytes.ts";
import { sha256 } from "../../src-main/crypto/index.ts";
import type { Hasher } from "../../src-main/crypto/index.ts";
import { applyIndexChanges } from "../../src-main/ledger/index/index.ts";
import type {
  BuildMemo,
  IndexAddition,
  IndexChange,
  IndexCommit,
  SearchRequest,
} from "../../src-main/ledger/index/index.ts";

/** What one commit did. */
export interface LoggedCommit {
  readonly changes: readonly IndexChange[];
  readonly commit: IndexCommit;
}

/** An addition with what a test does not care about filled in. */
export function addition(
  slot: number,
  numbers: readonly number[],
  more: Partial<IndexAddition> = {},
): IndexAddition {
  const embedding = Uint8Array.from(numbers);
  const rest = { collection: "things", what: "other" as const, tags: [] };
  return { kind: "add", slot: BigInt(slot), embedding, ...rest, ...more };
}

/** A search with what a test does not care about filled in. */
export function searchFor(
  numbers: readonly number[],
  more: Partial<SearchRequest> = {},
): SearchRequest {
  return { collection: "things", query: Int8Array.from(numbers), k: 10, probes: 8, ...more };
}

/** Numbers −128..127 that look random and are the same in every run. */
export function* scattered(seed: number): Generator<number, never, void> {
  let state = 2 * seed + 1;
  for (;;) {
    state = Math.imul(state, 1_664_525) + 1_013_904_223;
    yield (state >> 24) | 0;
  }
}

export class IndexWorld {
  readonly pages = new Map<string, Uint8Array>();
  readonly log: LoggedCommit[] = [];
  readonly hasher: Hasher;
  readonly #memo: BuildMemo | undefined;
  root: Uint8Array = new Uint8Array(32);

  constructor(options: { readonly hasher?: Hasher; readonly memo?: BuildMemo } = {}) {
    this.hasher = options.hasher ?? sha256;
    this.#memo = options.memo;
  }

  readonly readPage = (key: Uint8Array): Uint8Array | undefined => this.pages.get(bytesToHex(key));

  /** Carries out a commit; its size is one above its last slot. */
  commit(changes: readonly IndexChange[], epoch = 0, size?: bigint): Uint8Array {
    const last = changes.at(-1)?.slot ?? (this.log.at(-1)?.commit.size ?? 0n) - 1n;
    return this.play({ changes, commit: { epoch: BigInt(epoch), size: size ?? last + 1n } });
  }

  play(logged: LoggedCommit): Uint8Array {
    const needs = { hasher: this.hasher, readPage: this.readPage, buildMemo: this.#memo };
    const { root, pages } = applyIndexChanges(needs, this.root, logged.changes, logged.commit);
    for (const { key, bytes } of pages) {
      if (bytes === undefined) this.pages.delete(bytesToHex(key));
      else this.pages.set(bytesToHex(key), bytes);
    }
    this.log.push(logged);
    this.root = root;
    return root;
  }

  /** So many additions of scattered embeddings in one commit, slots ascending from `first`. */
  scatter(first: number, count: number, dimension: number, epoch = 0): Uint8Array {
    const numbers = scattered(first + 1);
    const changes = Array.from({ length: count }, (_, at) =>
      addition(
        first + at,
        Array.from({ length: dimension }, () => numbers.next().value),
      ),
    );
    return this.commit(changes, epoch);
  }
}
