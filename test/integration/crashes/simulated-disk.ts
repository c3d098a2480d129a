/**
 * A disk that forgets: writes, sizes and names count as lost until they are synced. At a power cut
 * each unsynced change is kept, dropped or torn by the seed: whole, none, a beginning, or any of
 * its 512-byte sectors, each file and folder for itself, so that later writes may outlive earlier
 * ones. Stricter than any one file system, as POSIX allows.
 */

import { SeededRandom } from "../../worlds/seeded-random.ts";

const SECTOR = 512;

type FileChange =
  | { readonly kind: "write"; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: "size"; readonly size: number };

/** A file: what would survive, what is seen, and the changes between the two. */
export interface DiskFile {
  readonly kind: "file";
  durable: Uint8Array;
  seen: Uint8Array;
  pending: FileChange[];
}

/** One change of names; a rename is one, so that it happens whole or not at all. */
interface NameChange {
  readonly drop: string | undefined;
  readonly put: readonly [string, DiskNode] | undefined;
}

/** A folder, likewise. */
export interface DiskFolder {
  readonly kind: "folder";
  durable: Map<string, DiskNode>;
  seen: Map<string, DiskNode>;
  pending: NameChange[];
}

export type DiskNode = DiskFile | DiskFolder;

/** What every step on a disk without power throws. */
export class PowerCut extends Error {
  readonly code = "EIO";

  constructor() {
    super("the power is gone");
    this.name = "PowerCut";
  }
}

/** State kept beside the files that is replaced as a whole, such as a database. */
export interface DiskCell {
  durable: unknown;
  pending: { readonly state: unknown } | undefined;
}

export class SimulatedDisk {
  readonly root: DiskFolder;
  /** By the folder they stand in: they go where it goes. */
  readonly cells: Map<DiskFolder, DiskCell>;
  /** Names of the steps so far, such as "entries write". */
  readonly steps: string[] = [];
  /** Power is cut at the step of that number (from 0). */
  cutAt = Infinity;
  /** The planted fault: a sync of that name, asked for at that place, is claimed and not made. */
  skips: ((step: string, site: () => string) => boolean) | undefined;
  /** Where each sync was asked for, if it is to be known: "votes sync < openVoteLog". */
  sites: Set<string> | undefined;
  dead = false;

  constructor(root: DiskFolder = newFolder(), cells = new Map<DiskFolder, DiskCell>()) {
    this.root = root;
    this.cells = cells;
  }

  /** One change, which may be lost; at the cut it is under way. */
  change(step: string, act: () => void): void {
    this.#alive();
    const cut = this.steps.length === this.cutAt;
    this.steps.push(step);
    act();
    if (cut) this.#die();
  }

  /** One sync; at the cut it has not happened. */
  sync(step: string, act: () => void): void {
    this.#alive();
    const cut = this.steps.length === this.cutAt;
    this.steps.push(step);
    if (cut) this.#die();
    // Asked for only where needed: it takes longer than all else.
    const site = () => siteOf(deepStack());
    this.sites?.add(`${step} < ${site()}`);
    if (this.skips?.(step, site) !== true) act();
  }

  /** Refuses when the power is gone. */
  read<T>(look: () => T): T {
    this.#alive();
    return look();
  }

  /** What the disk holds when the power is back. */
  afterCut(seed: number): SimulatedDisk {
    const random = new SeededRandom(seed);
    const kept = this.#keptCells(random);
    const cells = new Map<DiskFolder, DiskCell>();
    const root = survivingFolder(this.root, random, (before, after) => {
      const cell = kept.get(before);
      if (cell !== undefined) cells.set(after, cell);
    });
    return new SimulatedDisk(root, cells);
  }

  /**
   * What the next process finds when one was killed and the machine went on: everything as it was
   * seen, synced or not. A transaction is there and durable, or not there, as lmdb has it.
   */
  afterKill(seed: number): SimulatedDisk {
    return new SimulatedDisk(this.root, this.#keptCells(new SeededRandom(seed)));
  }

  #keptCells(random: SeededRandom): Map<DiskFolder, DiskCell> {
    const cells = new Map<DiskFolder, DiskCell>();
    for (const [folder, cell] of this.cells) {
      const kept = cell.pending !== undefined && random.once(2) ? cell.pending.state : cell.durable;
      cells.set(folder, { durable: kept, pending: undefined });
    }
    return cells;
  }

  #alive(): void {
    if (this.dead) throw new PowerCut();
  }

  #die(): never {
    this.dead = true;
    throw new PowerCut();
  }
}

/** Frames enough to reach the sources behind the simulated calls. */
const FRAMES = 40;

function deepStack(): string {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  const { stack = "" } = new Error();
  Error.stackTraceLimit = before;
  return stack;
}

/** The sources that only pass a sync on; whoever called them asked for it. */
const PASSING = /file-layer\.ts|entry-file\.ts/;

/** The function of the sources that asked for a sync, and the one that called it. */
function siteOf(stack: string): string {
  const frames = stack.split("\n").filter((line) => line.includes("/src-main/"));
  const names = frames
    .filter((line) => !PASSING.test(line))
    .map((line) => /at (?:async )?(?:new )?([^ (]+) \(/.exec(line)?.[1] ?? "")
    .map((name) => name.slice(name.lastIndexOf(".") + 1).replace("#", ""))
    .filter((name) => name !== "" && name !== "onDisk" && !name.startsWith("<"));
  return names.slice(0, 2).join(" < ");
}

export function newFolder(): DiskFolder {
  return { kind: "folder", durable: new Map(), seen: new Map(), pending: [] };
}

export function newFile(): DiskFile {
  return { kind: "file", durable: new Uint8Array(0), seen: new Uint8Array(0), pending: [] };
}

/** Changes a file as the machine sees it. */
export function changeFile(file: DiskFile, change: FileChange): void {
  file.pending.push(change);
  file.seen = changed(file.seen, change);
}

/** Changes a folder's names as the machine sees them. */
export function changeNames(folder: DiskFolder, change: NameChange): void {
  folder.pending.push(change);
  rename(folder.seen, change);
}

/** Makes a file's bytes and size durable. */
export function syncFile(file: DiskFile): void {
  file.durable = file.seen;
  file.pending = [];
}

/** Makes the names in a folder durable. */
export function syncNames(folder: DiskFolder): void {
  folder.durable = new Map(folder.seen);
  folder.pending = [];
}

function changed(bytes: Uint8Array, change: FileChange): Uint8Array {
  const end = change.kind === "size" ? change.size : change.at + change.bytes.length;
  const size = change.kind === "size" ? end : Math.max(bytes.length, end);
  const next = new Uint8Array(size);
  next.set(bytes.subarray(0, size));
  if (change.kind === "write") next.set(change.bytes, change.at);
  return next;
}

function rename(names: Map<string, DiskNode>, { drop, put }: NameChange): void {
  if (drop !== undefined) names.delete(drop);
  if (put !== undefined) names.set(...put);
}

/** Which of a row of unsynced changes survive: all, none, a beginning, or any. */
function survivors<T>(changes: readonly T[], random: SeededRandom): T[] {
  const way = random.below(4);
  if (way === 0) return [];
  if (way === 1) return [...changes];
  if (way === 2) return changes.slice(0, random.below(changes.length + 1));
  return changes.filter(() => random.once(2));
}

function survivingFolder(
  folder: DiskFolder,
  random: SeededRandom,
  onKept: (before: DiskFolder, after: DiskFolder) => void,
): DiskFolder {
  const names = new Map(folder.durable);
  for (const change of survivors(folder.pending, random)) rename(names, change);
  for (const [name, node] of names) {
    const isFile = node.kind === "file";
    names.set(name, isFile ? survivingFile(node, random) : survivingFolder(node, random, onKept));
  }
  const seen = new Map(names);
  const kept: DiskFolder = { kind: "folder", durable: names, seen, pending: [] };
  onKept(folder, kept);
  return kept;
}

function survivingFile(file: DiskFile, random: SeededRandom): DiskFile {
  let bytes = file.durable;
  for (const change of survivors(file.pending, random)) {
    if (change.kind === "size") {
      bytes = changed(bytes, change);
      continue;
    }
    const sectors = survivors(sectorsOf(change), random);
    // A size may be durable before the bytes it makes room for: they read as zeros then.
    const grown = random.once(2) ? change.at + change.bytes.length : 0;
    const ends = sectors.map(({ at, bytes: part }) => at + part.length);
    bytes = changed(bytes, { kind: "size", size: Math.max(bytes.length, grown, ends.at(-1) ?? 0) });
    for (const { at, bytes: part } of sectors) bytes.set(part, at);
  }
  return { kind: "file", durable: bytes, seen: bytes, pending: [] };
}

type Write = Extract<FileChange, { kind: "write" }>;

function sectorsOf({ at, bytes }: Write): Write[] {
  const sectors: Write[] = [];
  for (let from = 0; from < bytes.length;) {
    const end = Math.min(bytes.length, from + SECTOR - ((at + from) % SECTOR));
    sectors.push({ kind: "write", at: at + from, bytes: bytes.subarray(from, end) });
    from = end;
  }
  return sectors;
}
