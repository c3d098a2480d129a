/**
 * Decides which answers are kept for who asks the same again: those over the index as it is now.
 * They are told apart by its root, so a commit that changes the index ends them all, and a kept
 * answer is the one that would be given again.
 */

import { bytesToHex } from "../../contract/bytes.ts";
import type { SearchRequest } from "../../ledger/index/index.ts";

/** How often something kept was the answer. */
export interface HotCounts {
  readonly asked: number;
  readonly hits: number;
}

/** Answers by what was asked, over one index root; the one not asked for longest gives way. */
export class HotAnswers<A> {
  readonly #countMax: number;
  readonly #answers = new Map<string, A>();
  #root = "";
  #asked = 0;
  #hits = 0;

  /** @param countMax  answers kept; 0 keeps none */
  constructor(countMax: number) {
    this.#countMax = countMax;
  }

  get counts(): HotCounts {
    return { asked: this.#asked, hits: this.#hits };
  }

  /** The kept answer, or the one that `make` gives; what `make` refuses is not kept. */
  answer(root: Uint8Array, request: SearchRequest, make: () => A | undefined): A | undefined {
    this.#follow(root);
    this.#asked += 1;
    const key = keyOf(request);
    const held = this.#answers.get(key);
    if (held !== undefined) {
      this.#hits += 1;
      this.#answers.delete(key);
      this.#answers.set(key, held);
      return held;
    }
    const made = make();
    if (made === undefined || this.#countMax === 0) return made;
    this.#answers.set(key, made);
    if (this.#answers.size > this.#countMax) {
      for (const oldest of this.#answers.keys()) {
        this.#answers.delete(oldest);
        break;
      }
    }
    return made;
  }

  #follow(root: Uint8Array): void {
    const name = bytesToHex(root);
    if (name === this.#root) return;
    this.#root = name;
    this.#answers.clear();
  }
}

/** Equal for what is answered alike: tags count in any order. */
function keyOf({ collection, query, k, probes, tags = [], what }: SearchRequest): string {
  const numbers = Buffer.from(query.buffer, query.byteOffset, query.length).toString("latin1");
  const sorted = [...tags].sort((left, right) => (left < right ? -1 : 1));
  return JSON.stringify([collection, numbers, k, probes, what ?? "", sorted]);
}
