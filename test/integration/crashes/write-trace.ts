/**
 * Reads what `strace` wrote down of a process: the calls that change files, with their bytes, and
 * lets each be made again on a simulated disk. Bytes written through a descriptor that was opened
 * with O_DSYNC count as synced at once, whatever was written before them.
 */

import {
  changeFile,
  changeNames,
  newFile,
  newFolder,
  syncFile,
  syncNames,
} from "./simulated-disk.ts";
import type { DiskFile, DiskFolder, DiskNode, SimulatedDisk } from "./simulated-disk.ts";

/** Arguments for strace: every call that changes or syncs a file, bytes and paths in hex. */
export const STRACE = [
  ...["-f", "-y", "-xx", "-s", "4000000", "-e", "signal=none"],
  "-e",
  "trace=openat,lseek,mkdir,rename,unlink,pwrite64,pwritev,write,writev,ftruncate,fallocate," +
    "fsync,fdatasync,sync_file_range",
] as const;

/** One call that changes or syncs something below the folder, or an acknowledgement. */
export type TracedCall =
  | { readonly kind: "acknowledged"; readonly number: number }
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "sync"; readonly path: string }
  | { readonly kind: "rename"; readonly path: string; readonly to: string }
  | { readonly kind: "removal"; readonly path: string }
  | { readonly kind: "size"; readonly path: string; readonly size: number }
  | {
      readonly kind: "write";
      readonly path: string;
      readonly at: number;
      readonly bytes: Uint8Array;
      readonly synced: boolean;
    };

interface Descriptor {
  synced: boolean;
  position: number;
}

/** The calls of a trace below `folder`, in the order in which they ended. */
export function readTrace(text: string, folder: string): TracedCall[] {
  const calls: TracedCall[] = [];
  const begun = new Map<string, string>();
  const descriptors = new Map<string, Descriptor>();
  for (const line of text.split("\n")) {
    const cut = /^(\d+) +(.*?) <unfinished \.\.\.>$/.exec(line);
    if (cut !== null) {
      begun.set(cut[1], cut[2]);
      continue;
    }
    const resumed = /^(\d+) +<\.\.\. \w+ resumed>(.*)$/.exec(line);
    const whole = /^(\d+) +(.*)$/.exec(line);
    const call = resumed === null ? whole?.[2] : (begun.get(resumed[1]) ?? "") + resumed[2];
    if (call !== undefined) calls.push(...callsOf(call, folder, descriptors));
  }
  return calls;
}

const HEX = /(?:\\x[0-9a-f]{2})*/.source;

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.replaceAll("\\x", ""), "hex");
}

function callsOf(call: string, folder: string, descriptors: Map<string, Descriptor>): TracedCall[] {
  const name = /^\w+/.exec(call)?.[0] ?? "";
  if (/= -1 E[A-Z]+/.test(call)) return [];
  const below = (path: string) => path === folder || path.startsWith(`${folder}/`);
  if (name === "mkdir" || name === "openat") {
    const path = bytesOf(new RegExp(`"(${HEX})"`).exec(call)?.[1] ?? "").toString();
    if (!below(path)) return [];
    if (name === "mkdir") return [{ kind: "folder", path }];
    const descriptor = /= (\d+)/.exec(call)?.[1] ?? "";
    descriptors.set(descriptor, { synced: call.includes("O_DSYNC"), position: 0 });
    return call.includes("O_CREAT") ? [{ kind: "file", path }] : [];
  }
  if (name === "rename" || name === "unlink") {
    const [path, to] = [...call.matchAll(new RegExp(`"(${HEX})"`, "g"))].map(([, hex]) =>
      bytesOf(hex).toString(),
    );
    if (!below(path)) return [];
    return [name === "rename" ? { kind: "rename", path, to } : { kind: "removal", path }];
  }
  const target = new RegExp(`^\\w+\\((\\d+)<(${HEX})>`).exec(call);
  if (target === null) return [];
  const parts = [...call.matchAll(new RegExp(`"(${HEX})"`, "g"))].map(([, hex]) => bytesOf(hex));
  const bytes = Uint8Array.from(Buffer.concat(parts));
  const acknowledged = /^acknowledged (\d+)\n$/.exec(Buffer.from(bytes).toString("latin1"));
  if (acknowledged !== null) return [{ kind: "acknowledged", number: Number(acknowledged[1]) }];
  const path = bytesOf(target[2]).toString();
  if (!below(path)) return [];
  const descriptor = descriptors.get(target[1]) ?? { synced: false, position: 0 };
  const last = Number(/, (\d+)\) += \d+$/.exec(call)?.[1]);
  return onFile(name, {
    path,
    bytes,
    last,
    descriptor,
    result: Number(/= (\d+)$/.exec(call)?.[1]),
  });
}

interface FileCall {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** The last argument, where it is a number. */
  readonly last: number;
  readonly descriptor: Descriptor;
  readonly result: number;
}

function onFile(name: string, call: FileCall): TracedCall[] {
  const { path, bytes, last, descriptor, result } = call;
  const { synced } = descriptor;
  switch (name) {
    case "fsync":
    case "fdatasync":
      return [{ kind: "sync", path }];
    case "lseek":
      descriptor.position = result;
      return [];
    case "ftruncate":
      return [{ kind: "size", path, size: last }];
    case "pwrite64":
    case "pwritev":
      return [{ kind: "write", path, at: last, bytes, synced }];
    case "write":
    case "writev": {
      const at = descriptor.position;
      descriptor.position += bytes.length;
      return [{ kind: "write", path, at, bytes, synced }];
    }
    default:
      throw new Error(`the trace holds ${name}, which is not understood`);
  }
}

function nodeAt(disk: SimulatedDisk, path: string): DiskNode | undefined {
  let node: DiskNode | undefined = disk.root;
  for (const part of path.split("/").filter((each) => each !== "")) {
    node = node?.kind === "folder" ? node.seen.get(part) : undefined;
  }
  return node;
}

function fileAt(disk: SimulatedDisk, path: string): DiskFile {
  const node = nodeAt(disk, path);
  if (node?.kind !== "file") throw new Error(`the trace writes to ${path} before it is made`);
  return node;
}

/** Makes a call again; paths are taken from `folder` on, which is the disk's root. */
export function replay(disk: SimulatedDisk, call: TracedCall, folder: string): void {
  if (call.kind === "acknowledged") return;
  const path = call.path.slice(folder.length);
  if (call.kind === "folder" || call.kind === "file") {
    if (nodeAt(disk, path) !== undefined) return;
    const at = path.lastIndexOf("/");
    const parent = nodeAt(disk, path.slice(0, at)) as DiskFolder;
    const made = call.kind === "file" ? newFile() : newFolder();
    changeNames(parent, { drop: undefined, put: [path.slice(at + 1), made] });
  } else if (call.kind === "rename" || call.kind === "removal") {
    const node = nodeAt(disk, path);
    const at = path.lastIndexOf("/");
    const parent = nodeAt(disk, path.slice(0, at)) as DiskFolder;
    const drop = path.slice(at + 1);
    const to = call.kind === "rename" ? call.to.slice(call.to.lastIndexOf("/") + 1) : "";
    if (node === undefined) throw new Error(`the trace names ${path} before it is made`);
    changeNames(parent, { drop, put: call.kind === "rename" ? [to, node] : undefined });
  } else if (call.kind === "sync") {
    const node = nodeAt(disk, path);
    if (node?.kind === "file") syncFile(node);
    else if (node !== undefined) syncNames(node);
  } else if (call.kind === "size") {
    changeFile(fileAt(disk, path), { kind: "size", size: call.size });
  } else {
    const file = fileAt(disk, path);
    const change = { kind: "write", at: call.at, bytes: call.bytes } as const;
    changeFile(file, change);
    if (call.synced) writeThrough(file, change);
  }
}

/** Alone: the writes before it may still be lost. */
function writeThrough(file: DiskFile, change: { readonly at: number; readonly bytes: Uint8Array }) {
  file.pending.pop();
  const size = Math.max(file.durable.length, change.at + change.bytes.length);
  const durable = new Uint8Array(size);
  durable.set(file.durable);
  durable.set(change.bytes, change.at);
  file.durable = durable;
}
