/** Blobs, a unit's folder, and the founding of a network, as sessions between power cuts. */

import { openBlobFiles } from "../../../src-main/adapters/blobs/index.ts";
import { machineFiles } from "../../../src-main/adapters/disk/index.ts";
import { makeDurableFolder } from "../../../src-main/adapters/disk/file-layer.ts";
import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { bytesEqual, bytesToHex } from "../../../src-main/contract/bytes.ts";
import { Fault } from "../../../src-main/contract/outcome.ts";
import type { HeldVerdict, HeldWork } from "../../../src-main/miner/unit/unit-files.ts";
import { UnitFiles } from "../../../src-main/miner/unit/unit-files.ts";
import { checkpointName } from "../../../src-main/miner/worker/checkpoint.ts";
import { dataFolder, makeDataFolder } from "../../../src-main/processes/config/data-folder.ts";
import { openNetwork } from "../../../src-main/processes/daemon/founding.ts";
import type { SeededRandom } from "../../worlds/seeded-random.ts";
import type { CutSubject } from "./power-cuts.ts";
import { MOUNT } from "./simulated-files.ts";

const NETWORK = `${MOUNT}/practice`;

/** A network's folder is durable before anything is put below it. */
function networkFolder(): void {
  makeDurableFolder(machineFiles, NETWORK);
}

function demand(held: boolean, what: string): void {
  if (!held) throw new Error(what);
}

/** Puts blobs; an acknowledged one is there, any other is there, gone or damaged with a code. */
export class BlobSessions implements CutSubject {
  readonly #put: Uint8Array[] = [];
  #underWay: Uint8Array | undefined;

  async session(_disk: unknown, random: SeededRandom): Promise<void> {
    networkFolder();
    let blobs = openBlobFiles(`${NETWORK}/blobs`, nativeSha256);
    await this.#check(blobs);
    for (let count = 0; count < 3; count += 1) {
      const bytes = this.#underWay ?? random.bytes(1 + random.below(3_000));
      this.#underWay = bytes;
      await blobs.put(bytes);
      this.#put.push(bytes);
      this.#underWay = undefined;
      if (random.once(2)) blobs = openBlobFiles(`${NETWORK}/blobs`, nativeSha256);
    }
    await this.#check(blobs);
  }

  async #check(blobs: ReturnType<typeof openBlobFiles>): Promise<void> {
    for (const bytes of this.#put) {
      const held = await blobs.get(nativeSha256(bytes));
      demand(held !== undefined && bytesEqual(held, bytes), "a blob that was put");
    }
    if (this.#underWay === undefined) return;
    try {
      const held = await blobs.get(nativeSha256(this.#underWay));
      demand(held === undefined || bytesEqual(held, this.#underWay), "a blob under way");
    } catch (error) {
      demand(error instanceof Fault && error.code === "BLOB_DAMAGED", String(error));
    }
  }
}

const digest = (fill: number) => new Uint8Array(32).fill(fill);

/** Finished work as a unit keeps it. */
export function workOf(random: SeededRandom): HeldWork {
  const salt = random.bytes(32);
  const roots = { startRoot: digest(1), endRoot: digest(2), chainHead: digest(3) };
  const list = Array.from({ length: 20 }, () => ({ stateRoot: digest(4), batchDigest: digest(5) }));
  const times = { trainUs: 1n, commitUs: 2n, spotUs: 3n, trainCpuUs: 4n };
  return { salt, ...roots, list, inners: list.map(() => digest(6)), holdout: undefined, ...times };
}

/** A verdict as a unit keeps it. */
export function verdictOf(random: SeededRandom): HeldVerdict {
  const drawn = { salt: random.bytes(32), vrfProof: random.bytes(80), full: 0, segments: [1, 2] };
  return { ...drawn, verdict: "", segment: 0, inners: [digest(1)], cpuUs: 1n, wallUs: 2n };
}

/** Writes what a unit cannot do without: what was read or acknowledged once is never lost. */
export class UnitSessions implements CutSubject {
  #work: HeldWork | undefined;
  #verdict: HeldVerdict | undefined;
  readonly #checkpoints = new Map<number, Uint8Array>();
  readonly #written = new Set<string>();

  async session(_disk: unknown, random: SeededRandom): Promise<void> {
    networkFolder();
    let files = this.#open();
    for (let segment = 0; segment < 2; segment += 1) {
      const bytes = this.#checkpoints.get(segment) ?? random.bytes(2_000);
      this.#checkpoints.set(segment, bytes);
      await files.folder.write(checkpointName(segment), [bytes.subarray(0, 9), bytes.subarray(9)]);
      this.#written.add(checkpointName(segment));
      if (random.once(2)) files = this.#open();
    }
    if (files.readWork() === undefined) {
      this.#work = workOf(random);
      await files.writeWork(this.#work);
      this.#written.add("work");
    }
    if (random.once(2)) files = this.#open();
    if (files.readVerdict() === undefined) {
      this.#verdict = verdictOf(random);
      await files.writeVerdict(this.#verdict);
      this.#written.add("verdict");
    }
    this.#open();
  }

  /** What a unit does at each start: what it finds it acts on, so it counts as written. */
  #open(): UnitFiles {
    const files = new UnitFiles(nativeSha256, `${NETWORK}/units/unit`);
    this.#expect("work", files.readWork()?.salt, this.#work?.salt);
    this.#expect("verdict", files.readVerdict()?.salt, this.#verdict?.salt);
    for (const [segment, bytes] of this.#checkpoints) {
      const name = checkpointName(segment);
      this.#expect(name, files.folder.read(name), bytes);
    }
    return files;
  }

  #expect(name: string, held: Uint8Array | undefined, due: Uint8Array | undefined): void {
    if (held !== undefined) {
      demand(due !== undefined && bytesEqual(held, due), `${name} is another one`);
      this.#written.add(name);
    } else demand(!this.#written.has(name), `${name} is lost`);
  }
}

/** Founds a network: once its genesis was used, it is this one for ever. */
export class FoundingSessions implements CutSubject {
  #founded: string | undefined;

  session(_disk: unknown, random: SeededRandom): Promise<void> {
    const folder = dataFolder(`${MOUNT}/data`, "practice");
    for (let start = 0; start < 2; start += 1) {
      makeDataFolder(folder);
      const { genesisHash, keys } = openNetwork(folder, {
        hasher: nativeSha256,
        clock: { nowMs: () => 1_780_000_000_000 + random.below(1_000_000), after: () => () => {} },
        entropy: { bytes: (count) => random.bytes(count) },
      });
      const founded = `${bytesToHex(genesisHash)} ${bytesToHex(keys.owner.secret)}`;
      this.#founded ??= founded;
      demand(this.#founded === founded, "another network was founded");
    }
    return Promise.resolve();
  }
}
