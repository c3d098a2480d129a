/**
 * Puts a simulated disk under `node:fs` and `node:fs/promises`: every path below the mount point
 * is on it, every other path is the machine's. The sources under test are then those that ship.
 */

import type * as NodeFiles from "node:fs";
import type * as NodePromises from "node:fs/promises";
import { changeFile, changeNames, newFile, newFolder } from "./simulated-disk.ts";
import { SimulatedDisk, syncFile, syncNames } from "./simulated-disk.ts";
import type { DiskFile, DiskFolder, DiskNode } from "./simulated-disk.ts";

/** Where the disk is mounted. */
export const MOUNT = "/simulated-disk";

/** Descriptors from here on are the disk's. */
const FIRST_DESCRIPTOR = 1_000_000;

interface Opened {
  readonly disk: SimulatedDisk;
  readonly node: DiskNode;
  readonly path: string;
  position: number;
}

let mounted = new SimulatedDisk();
let nextDescriptor = FIRST_DESCRIPTOR;
const opened = new Map<number, Opened>();

/** Puts a disk at the mount point; files open on the one before stay with it. */
export function mount(disk: SimulatedDisk): SimulatedDisk {
  mounted = disk;
  return disk;
}

function failure(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

function isHere(path: unknown): path is string {
  return typeof path === "string" && (path === MOUNT || path.startsWith(`${MOUNT}/`));
}

/** The word for a path in the names of steps. */
function wordOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const part = name.endsWith(".part") || name.endsWith(".new") ? " part" : "";
  if (path.includes("/tile/") || path.includes("/tiles")) return `tile${part}`;
  if (/^[0-9a-f]{64}/.test(name)) return `blob${part}`;
  if (/^[0-9a-f]{2}$/.test(name)) return "00";
  if (name.includes(".key")) return `key${part}`;
  if (name.startsWith("segment-")) return `checkpoint${part}`;
  if (/^entries-\d+$/.test(name)) return "entries-n";
  if (path.includes("/export")) return `export${part}`;
  return name.replace(/\.(part|new)$/, "") + part;
}

function partsOf(path: string): string[] {
  return path
    .slice(MOUNT.length)
    .split("/")
    .filter((part) => part !== "");
}

function find(disk: SimulatedDisk, path: string): DiskNode | undefined {
  let node: DiskNode = disk.root;
  for (const part of partsOf(path)) {
    const next: DiskNode | undefined = node.kind === "folder" ? node.seen.get(part) : undefined;
    if (next === undefined) return undefined;
    node = next;
  }
  return node;
}

/** The folder at a path of a disk. */
export function folderAt(disk: SimulatedDisk, path: string): DiskFolder {
  const node = find(disk, path);
  if (node?.kind !== "folder") throw failure("ENOENT", path);
  return node;
}

function parentOf(disk: SimulatedDisk, path: string): [DiskFolder, string] {
  const at = path.lastIndexOf("/");
  const parent = find(disk, path.slice(0, at));
  if (parent?.kind !== "folder") throw failure("ENOENT", path);
  return [parent, path.slice(at + 1)];
}

function fileAt(path: string): DiskFile {
  const node = mounted.read(() => find(mounted, path));
  if (node === undefined) throw failure("ENOENT", path);
  if (node.kind !== "file") throw failure("EISDIR", path);
  return node;
}

function openHere(path: string, flags = "r"): number {
  let node = mounted.read(() => find(mounted, path));
  if (node !== undefined && flags.includes("x")) throw failure("EEXIST", path);
  if (node === undefined) {
    if (flags.startsWith("r")) throw failure("ENOENT", path);
    const made = newFile();
    const [folder, name] = parentOf(mounted, path);
    const put = { drop: undefined, put: [name, made] as const };
    mounted.change(`${wordOf(path)} made`, () => changeNames(folder, put));
    node = made;
  } else if (flags.startsWith("w") && node.kind === "file" && node.seen.length > 0) {
    truncate(mounted, node, path, 0);
  }
  nextDescriptor += 1;
  const position = flags.startsWith("a") && node.kind === "file" ? node.seen.length : 0;
  opened.set(nextDescriptor, { disk: mounted, node, path, position });
  return nextDescriptor;
}

function openedAt(descriptor: number): Opened {
  const found = opened.get(descriptor);
  if (found === undefined) throw failure("EBADF", String(descriptor));
  return found;
}

function openedFile(descriptor: number): Opened & { readonly node: DiskFile } {
  const found = openedAt(descriptor);
  if (found.node.kind !== "file") throw failure("EISDIR", found.path);
  return found as Opened & { readonly node: DiskFile };
}

function truncate(disk: SimulatedDisk, node: DiskFile, path: string, size: number): void {
  disk.change(`${wordOf(path)} cut`, () => changeFile(node, { kind: "size", size }));
}

function write(descriptor: number, data: Uint8Array | string, position: number | null): number {
  const file = openedFile(descriptor);
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : Uint8Array.from(data);
  const at = position ?? file.position;
  file.disk.change(`${wordOf(file.path)} write`, () =>
    changeFile(file.node, { kind: "write", at, bytes }),
  );
  if (position === null) openedAt(descriptor).position = at + bytes.length;
  return bytes.length;
}

function sync(descriptor: number): void {
  const { disk, node, path } = openedAt(descriptor);
  const word = node.kind === "folder" ? `folder ${wordOf(path)}` : wordOf(path);
  disk.sync(`${word} sync`, () => (node.kind === "folder" ? syncNames(node) : syncFile(node)));
}

function makeFolders(path: string): string | undefined {
  let folder: DiskFolder = mounted.root;
  let first: string | undefined;
  let at = MOUNT;
  for (const part of partsOf(path)) {
    at += `/${part}`;
    const next = mounted.read(() => folder.seen.get(part));
    if (next?.kind === "file") throw failure("ENOTDIR", path);
    const made = next ?? newFolder();
    const change = { drop: undefined, put: [part, made] as const };
    const into = folder;
    if (next === undefined) {
      mounted.change(`folder ${wordOf(at)} made`, () => changeNames(into, change));
      first ??= at;
    }
    folder = made;
  }
  return first;
}

function renameHere(from: string, to: string): void {
  const node = mounted.read(() => find(mounted, from));
  if (node === undefined) throw failure("ENOENT", from);
  const [folder, before] = parentOf(mounted, from);
  const [, after] = parentOf(mounted, to);
  const there = mounted.read(() => find(mounted, to));
  if (there?.kind === "folder" && there.seen.size > 0) throw failure("ENOTEMPTY", to);
  const change = { drop: before, put: [after, node] as const };
  mounted.change(`${wordOf(to)} rename`, () => changeNames(folder, change));
}

function removeHere(path: string): void {
  if (mounted.read(() => find(mounted, path)) === undefined) return;
  const [folder, name] = parentOf(mounted, path);
  const change = { drop: name, put: undefined };
  mounted.change(`${wordOf(path)} removed`, () => changeNames(folder, change));
}

function statOf(node: DiskNode) {
  const size = node.kind === "file" ? node.seen.length : 0;
  const isFile = () => node.kind === "file";
  return { size, isFile, uid: process.getuid?.() ?? 0, mode: isFile() ? 0o600 : 0o700 };
}

function statHere(path: string, { throwIfNoEntry = true }: { throwIfNoEntry?: boolean } = {}) {
  const node = mounted.read(() => find(mounted, path));
  if (node !== undefined) return statOf(node);
  if (throwIfNoEntry) throw failure("ENOENT", path);
  return undefined;
}

function namesHere(path: string): string[] {
  const node = mounted.read(() => find(mounted, path));
  return node?.kind === "folder" ? [...node.seen.keys()] : [];
}

function readWhole(path: string, options?: unknown): Buffer | string {
  const bytes = Buffer.from(fileAt(path).seen);
  return options === "utf8" ? bytes.toString("utf8") : bytes;
}

type Call = (...given: never[]) => unknown;

/** Calls `here` for the disk's paths and descriptors, `real` for all others. */
function either<F extends Call>(real: F, here: (...given: Parameters<F>) => unknown): F {
  const choose = (...given: Parameters<F>): unknown => {
    const [first] = given as readonly unknown[];
    const mine = isHere(first) || (typeof first === "number" && first >= FIRST_DESCRIPTOR);
    return mine ? here(...given) : real(...given);
  };
  return choose as unknown as F;
}

/** `node:fs` with the disk in it. */
export function simulatedFiles(real: typeof NodeFiles): typeof NodeFiles {
  const face: Record<string, unknown> = {
    openSync: either(real.openSync as Call, (path: string, flags: string) => openHere(path, flags)),
    closeSync: either(real.closeSync as Call, (at: number) => opened.delete(at)),
    existsSync: either(real.existsSync as Call, (path: string) =>
      mounted.read(() => find(mounted, path) !== undefined),
    ),
    fdatasync: either(real.fdatasync as Call, (at: number, done: (error?: unknown) => void) => {
      try {
        sync(at);
        setImmediate(done);
      } catch (error) {
        setImmediate(done, error);
      }
    }),
    fdatasyncSync: either(real.fdatasyncSync as Call, sync),
    fsyncSync: either(real.fsyncSync as Call, sync),
    fstatSync: either(real.fstatSync as Call, (at: number) => statOf(openedAt(at).node)),
    statSync: either(real.statSync as Call, statHere),
    readdirSync: either(real.readdirSync as Call, namesHere),
    ftruncateSync: either(real.ftruncateSync as Call, (at: number, size: number) => {
      const { disk, node, path } = openedFile(at);
      if (node.seen.length !== size) truncate(disk, node, path, size);
    }),
    mkdirSync: either(real.mkdirSync as Call, makeFolders),
    readFileSync: either(real.readFileSync as Call, readWhole),
    readSync: either(real.readSync as Call, readInto),
    renameSync: either(real.renameSync as Call, renameHere),
    rmSync: either(real.rmSync as Call, removeHere),
    copyFileSync: either(real.copyFileSync as Call, (from: string, to: string) => {
      const { seen } = fileAt(from);
      writePart(openHere(to, "w"), seen);
    }),
    chmodSync: either(real.chmodSync as Call, () => undefined),
    writeSync: either(real.writeSync as Call, writePart),
  };
  return { ...real, ...face };
}

function readInto(at: number, into: Uint8Array, from = 0, count?: number, position?: number) {
  const { disk, node } = openedFile(at);
  const start = position ?? 0;
  const wanted = count ?? into.length - from;
  const bytes = disk.read(() => node.seen.subarray(start, start + wanted));
  into.set(bytes, from);
  return bytes.length;
}

function writePart(
  at: number,
  data: Uint8Array | string,
  from?: number,
  count?: number,
  position?: number,
) {
  if (typeof data === "string") return write(at, data, null);
  const first = from ?? 0;
  return write(at, data.subarray(first, first + (count ?? data.length - first)), position ?? null);
}

/** `node:fs/promises` with the disk in it. */
export function simulatedPromises(real: typeof NodePromises): typeof NodePromises {
  const later =
    <A extends unknown[], T>(act: (...given: A) => T) =>
    async (...given: A): Promise<T> => {
      await Promise.resolve();
      return act(...given);
    };
  const face: Record<string, unknown> = {
    mkdir: either(real.mkdir as Call, later(makeFolders)),
    open: either(
      real.open as Call,
      later((path: string, flags?: string) => {
        const descriptor = openHere(path, flags);
        return {
          writeFile: later((bytes: Uint8Array) => write(descriptor, bytes, null)),
          sync: later(() => sync(descriptor)),
          close: later(() => opened.delete(descriptor)),
        };
      }),
    ),
    readFile: either(real.readFile as Call, later(readWhole)),
    rename: either(real.rename as Call, later(renameHere)),
    rm: either(real.rm as Call, later(removeHere)),
    stat: either(real.stat as Call, later(statHere)),
  };
  return { ...real, ...face };
}
