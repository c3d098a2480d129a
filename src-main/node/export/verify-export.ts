/**
 * Decides how an exported ledger is checked by somebody who knows its genesis hash and trusts
 * nobody: every entry against its tile, every tile against those below, every commit's certificate
 * against the root at that size, the checkpoint against all of it. Memory is bounded by a bundle
 * and a tile a level, and the check can go on where it was cut off.
 */

import { decode } from "../../codec/index.ts";
import { bytesEqual, bytesToHex } from "../../contract/bytes.ts";
import { accept } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import {
  certificateCodec,
  checkpointOrigin,
  COMMIT_RECORDS_MAX,
  decodeStoredCommit,
  ed25519Scheme,
  genesisCodec,
  genesisHash as hashOfGenesis,
  readCheckpoint,
  TILE_WIDTH,
  verifyCertificate,
} from "../../ledger/index.ts";
import type { Checkpoint, Genesis } from "../../ledger/index.ts";
import type { Compression, StaticSource } from "../../ports/static-files.ts";
import type { NodeNeeds } from "../types.ts";
import { CommitWalk } from "./commit-walk.ts";
import {
  CERTIFICATE_BYTES_MAX,
  CERTIFICATE_FILE,
  CHECKPOINT_BYTES_MAX,
  CHECKPOINT_FILE,
  commitFileOf,
  GENESIS_BYTES_MAX,
  GENESIS_FILE,
  readCommitFile,
} from "./export-files.ts";
import { placeText, readPlace } from "./export-place.ts";
import type { ExportPlace } from "./export-place.ts";
import { Lie, lie } from "./lie.ts";
import { TreeWalk } from "./tree-walk.ts";

/** Bundles between two notes of how far a check is. */
const NOTE_BUNDLES = 16;

/** What a check works with. */
export interface VerifyExportNeeds {
  readonly source: StaticSource;
  readonly genesisHash: Uint8Array;
  readonly crypto: NodeNeeds["crypto"];
  readonly compression: Compression;
  /** Executes every commit again from the genesis; such a check begins anew each time. */
  readonly execute: boolean;
  readonly onProgress?: (slots: number, total: number) => void;
  /** What an earlier check noted; and where this one notes how far it is. */
  readonly resume?: string | undefined;
  readonly note?: (place: string) => void;
  /** Bundles between two notes; 16 unless given. */
  readonly noteBundles?: number;
  /**
   * Told of each slot as it is met, in order; its bytes may be believed once all has held. An
   * outcome that no commit names yet is undefined.
   */
  readonly onEntry?: (slot: number, entry: Uint8Array, outcome: Uint8Array | undefined) => void;
}

/** What held. */
export interface VerifiedExport {
  readonly slots: number;
  readonly commits: number;
  readonly certificates: number;
  readonly root: Uint8Array;
  readonly executed: boolean;
  /** Slots that an earlier check had done. */
  readonly resumedFrom: number;
}

/**
 * Checks an export.
 * @rejects EXPORT_* with the place of the first thing that is wrong
 */
export async function verifyExport(needs: VerifyExportNeeds): Promise<Outcome<VerifiedExport>> {
  try {
    return accept(await new ExportCheck(needs).run());
  } catch (error) {
    if (error instanceof Lie) return { ok: false, rejection: error.rejection };
    throw error;
  }
}

class ExportCheck {
  readonly #needs: VerifyExportNeeds;

  constructor(needs: VerifyExportNeeds) {
    this.#needs = needs;
  }

  async run(): Promise<VerifiedExport> {
    const { execute, onProgress, note, noteBundles = NOTE_BUNDLES } = this.#needs;
    const genesis = await this.#genesis();
    const checkpoint = await this.#checkpoint(genesis);
    const { size } = checkpoint;
    const place = this.#place(size);
    const named = await this.#namedSize(place, size);
    const needs = { ...this.#needs.crypto, ...this.#needs, read: this.#read };
    const vector = new TreeWalk("vector", size, needs, place?.vector);
    const outcomes = new TreeWalk("outcome", named, needs, place?.outcome);
    const walkNeeds = { ...this.#needs, genesis, certificateOf: this.#certificateOf };
    const walk = new CommitWalk(walkNeeds, place?.walk);
    const begun = vector.frontier.size;
    for (let index = begun / TILE_WIDTH; index * TILE_WIDTH < size; index += 1) {
      const told = await outcomes.entries(index);
      for (const [at, entry] of (await vector.entries(index)).entries()) {
        const slot = index * TILE_WIDTH + at;
        walk.before(slot, entry, outcomes.frontier);
        vector.append(entry);
        this.#needs.onEntry?.(slot, entry, told[at]);
        if (told[at] !== undefined) outcomes.append(told[at]);
        await walk.after(slot, entry, told[at], vector.frontier);
      }
      await vector.settle();
      await outcomes.settle();
      onProgress?.(vector.frontier.size, size);
      const isWhole = vector.frontier.size === (index + 1) * TILE_WIDTH;
      const inNamed = outcomes.frontier.size === vector.frontier.size;
      if (execute || !isWhole || !inNamed || (index + 1) % noteBundles !== 0) continue;
      const trees = { vector: vector.place, outcome: outcomes.place };
      const genesisText = bytesToHex(this.#needs.genesisHash);
      const slots = vector.frontier.size;
      note?.(placeText({ genesis: genesisText, slots, walk: walk.place, ...trees }));
    }
    await vector.end();
    await outcomes.end();
    if (walk.place.end !== size) throw lie("EXPORT_COMMIT", { what: "the last one is cut off" });
    if (walk.place.firstSlot !== named) throw lie("EXPORT_SIZE", { named, size });
    if (!bytesEqual(vector.frontier.root(), checkpoint.root)) throw lie("EXPORT_SIZE", { size });
    return {
      slots: size,
      commits: walk.place.number,
      certificates: walk.certificates,
      root: checkpoint.root,
      executed: execute,
      resumedFrom: begun,
    };
  }

  readonly #read = async (path: string, bytesMax: number): Promise<Uint8Array> => {
    const bytes = await this.#needs.source.read(path, bytesMax);
    if (bytes.ok) return bytes.value;
    throw lie(bytes.rejection.code, { ...bytes.rejection.facts, path });
  };

  readonly #certificateOf = async (commit: number) => {
    const bytes = await this.#read(commitFileOf(commit), CERTIFICATE_BYTES_MAX);
    const read = readCommitFile(bytes, commit);
    if (read.ok) return read.value;
    throw lie(read.rejection.code, { ...read.rejection.facts });
  };

  async #genesis(): Promise<Genesis> {
    const { genesisHash, crypto } = this.#needs;
    const genesis = decode(genesisCodec, await this.#read(GENESIS_FILE, GENESIS_BYTES_MAX));
    if (!genesis.ok) throw lie("EXPORT_GENESIS", { because: genesis.rejection.code });
    const hash = hashOfGenesis(crypto.hasher, genesis.value);
    if (bytesEqual(hash, genesisHash)) return genesis.value;
    throw lie("EXPORT_GENESIS", { genesis: bytesToHex(hash) });
  }

  /** The checkpoint, once a quorum is known to have signed its size and root. */
  async #checkpoint(genesis: Genesis): Promise<Checkpoint> {
    const { genesisHash, crypto } = this.#needs;
    const bytes = await this.#read(CHECKPOINT_FILE, CHECKPOINT_BYTES_MAX);
    const checkpoint = readCheckpoint(new TextDecoder().decode(bytes));
    if (!checkpoint.ok) throw lie(checkpoint.rejection.code, { ...checkpoint.rejection.facts });
    const { origin, size, root } = checkpoint.value;
    if (origin !== checkpointOrigin(genesisHash)) throw lie("EXPORT_NETWORK", { origin });
    const file = await this.#read(CERTIFICATE_FILE, CERTIFICATE_BYTES_MAX);
    const certificate = decode(certificateCodec, file);
    if (!certificate.ok) throw lie("EXPORT_CERTIFICATE", { because: certificate.rejection.code });
    const scheme = ed25519Scheme(crypto.verifyEd25519);
    const context = { genesisHash, validators: genesis.validators, scheme };
    const checked = verifyCertificate(certificate.value, context);
    if (!checked.ok) throw lie("EXPORT_CERTIFICATE", { because: checked.rejection.code });
    const { kind, vectorSize, vectorRoot } = checked.value;
    const fits = kind === "finalize" && vectorSize === BigInt(size) && size > 0;
    if (fits && bytesEqual(vectorRoot, root)) return checkpoint.value;
    throw lie("EXPORT_SIZE", { size, signed: String(vectorSize) });
  }

  /**
   * First slot of the newest commit: outcomes are exported as far as it names them. It is looked
   * for from the end, since only the entries say where a commit begins; the walk checks it.
   */
  async #namedSize(place: ExportPlace | undefined, size: number): Promise<number> {
    const needs = { ...this.#needs.crypto, ...this.#needs, read: this.#read };
    const vector = new TreeWalk("vector", size, needs);
    const least = Math.max(place?.walk.firstSlot ?? 0, size - 1 - COMMIT_RECORDS_MAX);
    for (let index = Math.floor((size - 1) / TILE_WIDTH); index >= 0; index -= 1) {
      const entries = await vector.entries(index);
      for (let at = entries.length - 1; at >= 0; at -= 1) {
        const slot = index * TILE_WIDTH + at;
        const commit = decodeStoredCommit(entries[at], this.#needs.crypto.hasher);
        if (commit.ok && commit.value.record.payload.firstSlot === BigInt(slot)) return slot;
        if (slot <= least) throw lie("EXPORT_COMMIT", { slot, what: "no commit begins there" });
      }
    }
    throw lie("EXPORT_COMMIT", { slot: size - 1, what: "no commit ends with it" });
  }

  #place(size: number): ExportPlace | undefined {
    const { resume, execute, genesisHash } = this.#needs;
    if (resume === undefined || execute) return undefined;
    const place = readPlace(resume, bytesToHex(genesisHash));
    if (place === undefined || place.slots > size) throw lie("EXPORT_PROGRESS", { size });
    return place;
  }
}
