/** Decides what is shown of a slot: its record, and the proof of it, recomputed here. */

import type { LedgerRecord } from "../../src-main/contract/control-api/ledger.ts";
import { hexToBytes } from "../../src-main/contract/bytes.ts";
import { accept } from "../../src-main/contract/outcome.ts";
import { sha256 } from "../../src-main/crypto/hasher.ts";
import { leafHash } from "../../src-main/crypto/merkle/node-hashes.ts";
import type { Daemon } from "./daemon.svelte.ts";
import { Loader } from "./loader.svelte.ts";
import { walkProof } from "./proof-steps.ts";
import type { WalkedProof } from "./proof-steps.ts";

/** A record and its walked proof. */
export interface Found {
  readonly record: LedgerRecord;
  readonly proof: WalkedProof;
  readonly vectorSize: number;
  readonly certifiedCommit: number;
}

/** The slot that was asked for. */
export class Explorer {
  readonly found = new Loader<Found>();
  readonly #daemon: Daemon;

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
  }

  /** Fetches a slot. */
  async look(slot: number): Promise<void> {
    this.found.clear();
    await this.found.load(async () => {
      const [record, proof] = await Promise.all([
        this.#daemon.call("ledger.get", { slot }),
        this.#daemon.call("ledger.prove", { slot }),
      ]);
      if (!record.ok) return record;
      if (!proof.ok) return proof;
      const { vectorSize, vectorRoot, path, certifiedCommit } = proof.value;
      const walked = walkProof({
        // The leaf is hashed from the shown bytes, never taken from the answer.
        leafHash: leafHash(sha256, hexToBytes(record.value.bytes)),
        index: slot,
        size: vectorSize,
        proof: path.map(hexToBytes),
        root: hexToBytes(vectorRoot),
      });
      return accept({ record: record.value, proof: walked, vectorSize, certifiedCommit });
    });
  }
}
