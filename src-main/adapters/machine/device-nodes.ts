/**
 * Decides which device nodes this account may not open, and which command mends each. A node is
 * how a driver hands out a device (/dev/dri/renderD128, /dev/kfd, /dev/nvidia0, /dev/accel/accel0,
 * /dev/vfio/12): without the right to open it an account has the device and cannot compute on it.
 *
 * The right is computed from owner, group and mode, so that it can be told for any account; where
 * the account is the one that asks, the system's own answer counts too, since it knows of access
 * lists that the mode does not show.
 */

import { accessSync, constants, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { statOf } from "./tree.ts";

/** An account as the system's permissions see it. */
export interface Account {
  readonly uid: number;
  readonly gids: readonly number[];
}

/** A node that the account may not open. */
export interface ClosedNode {
  /** Where it stands, as the system names it: /dev/dri/renderD128. */
  readonly path: string;
  /** Who makes the device, where node or bus say it. */
  readonly vendor: string | null;
  /** Who may open it, such as "root:render, mode 660". */
  readonly owner: string;
  /** The command that mends it. */
  readonly next: string;
}

/** Nodes looked at in each folder at most: more than any board carries. */
const NODES_MAX = 64;

/** Where drivers put their nodes, who makes them, and the group that distributions give them. */
const PLACES = [
  { folder: "dev/dri", name: /^renderD\d+$/, vendor: null, group: "render" },
  { folder: "dev", name: /^kfd$/, vendor: "AMD", group: "render" },
  { folder: "dev", name: /^nvidia(\d+|ctl|-uvm)$/, vendor: "NVIDIA", group: "video" },
  { folder: "dev/accel", name: /^accel\d+$/, vendor: null, group: "render" },
  { folder: "dev/vfio", name: /^(vfio|\d+)$/, vendor: null, group: "render" },
] as const;

/** PCI's numbers of those who make render nodes and accelerators. */
const VENDORS: Readonly<Record<string, string>> = {
  "0x10de": "NVIDIA",
  "0x1002": "AMD",
  "0x8086": "Intel",
  "0x1ae0": "Google",
};

/** The account of this process; null on a system without such accounts. */
export function ownAccount(): Account | null {
  const uid = process.getuid?.();
  const gid = process.getgid?.();
  if (uid === undefined || gid === undefined) return null;
  return { uid, gids: [gid, ...(process.getgroups?.() ?? [])] };
}

/**
 * The nodes below `root` that an account may not open for reading and writing.
 * @param root     the folder in which /dev, /sys and /etc stand, `/` on a real machine
 * @param account  whose right it is; none to ask where the system has no such accounts
 */
export function closedNodes(
  root: string = "/",
  account: Account | null = ownAccount(),
): ClosedNode[] {
  if (account === null) return [];
  const found: ClosedNode[] = [];
  for (const { folder, name, vendor, group } of PLACES) {
    const names = namesIn(join(root, folder)).filter((each) => name.test(each));
    for (const each of names.slice(0, NODES_MAX)) {
      const path = join(root, folder, each);
      const stat = statOf(path);
      if (stat === null || mayOpen(path, stat, account)) continue;
      const groupName = nameOf(root, "etc/group", stat.gid);
      const mode = (stat.mode & 0o777).toString(8).padStart(3, "0");
      found.push({
        path: `/${folder}/${each}`,
        vendor: vendor ?? vendorOf(root, folder, each),
        owner: `${nameOf(root, "etc/passwd", stat.uid)}:${groupName}, mode ${mode}`,
        next: mend(`/${folder}/${each}`, stat, groupName, group),
      });
    }
  }
  return found;
}

interface Owned {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

function mayOpen(path: string, stat: Owned, account: Account): boolean {
  if (permits(stat, account)) return true;
  const own = ownAccount();
  if (own?.uid !== account.uid || own.gids.join() !== account.gids.join()) return false;
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

const BOTH = 0o6;

/** POSIX: the first class that the account belongs to decides, and root passes. */
function permits({ uid, gid, mode }: Owned, account: Account): boolean {
  if (account.uid === 0) return true;
  if (account.uid === uid) return ((mode >> 6) & BOTH) === BOTH;
  if (account.gids.includes(gid)) return ((mode >> 3) & BOTH) === BOTH;
  return (mode & BOTH) === BOTH;
}

/** Joining a group mends it where the group may open the node; nobody should join root's. */
function mend(path: string, stat: Owned, groupName: string, usual: string): string {
  const groupOpens = ((stat.mode >> 3) & BOTH) === BOTH && stat.gid !== 0;
  const joined = (name: string) => `sudo usermod -aG ${name} $USER, then log in again`;
  if (groupOpens) return `Run ${joined(groupName)}.`;
  return `Run sudo chgrp ${usual} ${path} && sudo chmod g+rw ${path} && ${joined(usual)}.`;
}

/** @source kernel documentation, sysfs-bus-pci: `vendor` is the bus's number in hexadecimal */
function vendorOf(root: string, folder: string, name: string): string | null {
  const kind = folder.endsWith("dri") ? "drm" : "accel";
  const number = textOf(join(root, "sys/class", kind, name, "device/vendor"))?.trim();
  return number === undefined ? null : (VENDORS[number] ?? null);
}

/** The name of a number in a table of accounts or groups; the number where there is none. */
function nameOf(root: string, table: string, number: number): string {
  for (const line of (textOf(join(root, table)) ?? "").split("\n")) {
    const [name = "", , id] = line.split(":");
    if (id === String(number) && /^[a-z_][a-z0-9_-]*$/i.test(name)) return name;
  }
  return String(number);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
