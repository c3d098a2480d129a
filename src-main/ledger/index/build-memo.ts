/**
 * Decides how a build is computed ahead of the commit that needs it. A memo is filled by its own
 * computation alone: nobody can hand it a result, so what it answers is what would be computed.
 */

import { bytesToHex, concatBytes } from "../../contract/bytes.ts";
import type { Hasher } from "../../crypto/index.ts";
import { buildCentroids, buildSteps } from "./build-centroids.ts";
import type { Build, BuildInput } from "./build-centroids.ts";
import { BUILDS_REMEMBERED_MAX } from "./limits.ts";

/** Computed builds by the SHA-256 of what they were made of. */
export class BuildMemo {
  readonly #hasher: Hasher;
  readonly #builds = new Map<string, Build>();

  constructor(hasher: Hasher) {
    this.#hasher = hasher;
  }

  /** The build of these embeddings: remembered, or computed now. */
  build(input: BuildInput): Build {
    const name = this.#name(input);
    const known = this.#builds.get(name);
    if (known !== undefined) return known;
    return this.#remember(name, buildCentroids(input));
  }

  /** Whether `build` would answer without computing. */
  knows(input: BuildInput): boolean {
    return this.#builds.has(this.#name(input));
  }

  /** Computes ahead in steps of some milliseconds; remembers when the last one is done. */
  *ahead(input: BuildInput): Generator<void, void, void> {
    const name = this.#name(input);
    if (this.#builds.has(name)) return;
    // A copy: between two steps the caller may reuse its memory.
    const own = { dimension: input.dimension, embeddings: input.embeddings.slice() };
    this.#remember(name, yield* buildSteps(own));
  }

  #remember(name: string, build: Build): Build {
    const [oldest] = this.#builds.keys();
    if (this.#builds.size >= BUILDS_REMEMBERED_MAX) this.#builds.delete(oldest);
    this.#builds.set(name, build);
    return build;
  }

  #name({ dimension, embeddings }: BuildInput): string {
    const head = new Uint8Array(4);
    new DataView(head.buffer).setUint32(0, dimension, true);
    const bytes = new Uint8Array(embeddings.buffer, embeddings.byteOffset, embeddings.length);
    return bytesToHex(this.#hasher(concatBytes(head, bytes)));
  }
}
