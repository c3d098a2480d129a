/**
 * Decides what a unit's folder keeps beside its checkpoints: the finished work with the salt of
 * its seal, and the verdict with the salt of its commitment. Both are on disk before the ledger
 * hears of them, since nobody could open them again without. Each file opens with the digest of the
 * rest, so that a damaged one is noticed when it is read.
 */

import { join } from "node:path";

import {
  decode,
  encode,
  fixedBytes,
  list,
  struct,
  taggedUnion,
  text,
  u32,
  u64,
} from "../../codec/index.ts";
import type { Codec, ValueOf } from "../../codec/index.ts";
import { bytesEqual } from "../../contract/bytes.ts";
import type { Hasher } from "../../crypto/index.ts";
import { publishedListCodec, SEGMENTS_MAX } from "../../learning/index.ts";
import type { HoldoutResult } from "../messages/worker-messages.ts";
import { checkpointName, readSegmentState } from "../worker/checkpoint.ts";
import { UnitFolder } from "../worker/unit-folder.ts";

const digest = fixedBytes(32);

const NATS_FACTOR = 1e9;

/** Tags 0 and 1 are those of an optional value, which it was before texts were trained. */
const holdoutCases = taggedUnion("kind", {
  none: { tag: 0, codec: struct({}) },
  classes: { tag: 1, codec: struct({ correct: u32, total: u32 }) },
  text: { tag: 2, codec: struct({ correct: u32, total: u32, nanonats: u64 }) },
});

const holdoutCodec: Codec<HoldoutResult | undefined> = {
  schema: holdoutCases.schema,
  write: (writer, value) => {
    if (value === undefined) holdoutCases.write(writer, { kind: "none" });
    else if (value.nats === null) holdoutCases.write(writer, { kind: "classes", ...value });
    else {
      const nanonats = BigInt(Math.round(value.nats * NATS_FACTOR));
      holdoutCases.write(writer, { kind: "text", ...value, nanonats });
    }
  },
  read: (reader) => {
    const value = holdoutCases.read(reader);
    if (value.kind === "none") return undefined;
    const { correct, total } = value;
    const nats = value.kind === "text" ? Number(value.nanonats) / NATS_FACTOR : null;
    return { correct, total, nats };
  },
};

const workCodec = struct({
  salt: digest,
  startRoot: digest,
  endRoot: digest,
  chainHead: digest,
  list: publishedListCodec,
  inners: list(digest, SEGMENTS_MAX),
  holdout: holdoutCodec,
  trainUs: u64,
  commitUs: u64,
  spotUs: u64,
  trainCpuUs: u64,
});

const verdictCodec = struct({
  salt: digest,
  vrfProof: fixedBytes(80),
  full: u32,
  segments: list(u32, SEGMENTS_MAX),
  verdict: text(64),
  segment: u32,
  inners: list(digest, SEGMENTS_MAX),
  cpuUs: u64,
  wallUs: u64,
});

/** A finished training. Times are microseconds. */
export type HeldWork = ValueOf<typeof workCodec>;

/** A finished replay. Times are microseconds. */
export type HeldVerdict = ValueOf<typeof verdictCodec>;

/** Names of the files. */
const WORK = "work.bin";
const VERDICT = "verdict.bin";

/** How a file was found: absent, as it was written, or there and not what was written. */
export type Holding = "none" | "whole" | "damaged";

/** The files of one unit. */
export class UnitFiles {
  readonly folder: UnitFolder;
  readonly #hasher: Hasher;
  readonly #found = new Map<string, Holding>();

  constructor(h: Hasher, path: string) {
    this.#hasher = h;
    this.folder = new UnitFolder(path);
  }

  /** How finished work was found by the last read or write. */
  get workHolding(): Holding {
    return this.#found.get(WORK) ?? "none";
  }

  /** How a verdict was found by the last read or write. */
  get verdictHolding(): Holding {
    return this.#found.get(VERDICT) ?? "none";
  }

  /** Path of the file with finished work. */
  get workPath(): string {
    return join(this.folder.path, WORK);
  }

  /** Path of the file with the verdict. */
  get verdictPath(): string {
    return join(this.folder.path, VERDICT);
  }

  readWork(): HeldWork | undefined {
    return this.#read(WORK, workCodec);
  }

  writeWork(work: HeldWork): Promise<void> {
    return this.#write(WORK, workCodec, work);
  }

  readVerdict(): HeldVerdict | undefined {
    return this.#read(VERDICT, verdictCodec);
  }

  writeVerdict(verdict: HeldVerdict): Promise<void> {
    return this.#write(VERDICT, verdictCodec, verdict);
  }

  /** State bytes after a segment; null when they are not here or damaged. */
  stateAfter(segment: number): Uint8Array | null {
    const bytes = this.folder.read(checkpointName(segment));
    return bytes === undefined ? null : readSegmentState(this.#hasher, bytes);
  }

  /** A file is its digest and its canonical bytes; of a damaged one nothing is used. */
  #read<T>(name: string, codec: Codec<T>): T | undefined {
    const bytes = this.folder.read(name);
    const value = bytes === undefined ? undefined : this.#open(bytes, codec);
    const holding = value === undefined ? "damaged" : "whole";
    this.#found.set(name, bytes === undefined ? "none" : holding);
    return value;
  }

  #open<T>(bytes: Uint8Array, codec: Codec<T>): T | undefined {
    const body = bytes.subarray(32);
    if (!bytesEqual(this.#hasher(body), bytes.subarray(0, 32))) return undefined;
    const value = decode(codec, body);
    return value.ok ? value.value : undefined;
  }

  async #write<T>(name: string, codec: Codec<T>, value: T): Promise<void> {
    const body = encode(codec, value);
    await this.folder.write(name, [this.#hasher(body), body]);
    this.#found.set(name, "whole");
  }
}
