/** The vote log, as sessions between power cuts. */

import { openVoteLog } from "../../../src-main/adapters/disk/index.ts";
import { bytesEqual } from "../../../src-main/contract/bytes.ts";
import type { SeededRandom } from "../../worlds/seeded-random.ts";
import type { CutSubject } from "./power-cuts.ts";
import { MOUNT } from "./simulated-files.ts";

function demand(held: boolean, what: string): void {
  if (!held) throw new Error(what);
}

function same(held: Uint8Array | undefined, due: Uint8Array, what: string): void {
  demand(held !== undefined && bytesEqual(held, due), what);
}

/** Two of them are too long for one log, which is then rewritten. */
const LARGE_VOTE_BYTES = 2_100_000;

/** Writes votes; the newest acknowledged one, or the one under way, must be the last. */
export class VoteSessions implements CutSubject {
  readonly #large: boolean;
  #last: Uint8Array | undefined;
  #underWay: Uint8Array | undefined;

  /** @param large  votes so long that the log is rewritten again and again */
  constructor(large: boolean) {
    this.#large = large;
  }

  async session(_disk: unknown, random: SeededRandom): Promise<void> {
    let log = this.#open();
    for (let count = 0; count < (this.#large ? 3 : 5); count += 1) {
      const vote = this.#large
        ? new Uint8Array(LARGE_VOTE_BYTES).fill(1 + random.below(255))
        : random.bytes(1 + random.below(1_500));
      this.#underWay = vote;
      await log.write(vote);
      this.#last = vote;
      this.#underWay = undefined;
      if (!random.once(4)) continue;
      await log.close();
      log = this.#open();
    }
    await log.close();
  }

  #open() {
    const log = openVoteLog(`${MOUNT}/ledger/votes`);
    const found = log.last();
    const underWay = this.#underWay;
    this.#underWay = undefined;
    // What is read is acted on, so from here on it counts as acknowledged.
    if (found !== undefined && underWay !== undefined && bytesEqual(found, underWay)) {
      this.#last = underWay;
      return log;
    }
    if (this.#last === undefined) demand(found === undefined, "a vote that was never written");
    else same(found, this.#last, "the last vote");
    return log;
  }
}
