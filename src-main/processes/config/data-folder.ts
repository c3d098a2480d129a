/**
 * Decides where everything of a user lies: $VIVIAN_HOME, else the system's place for application
 * data; one folder per network in it (ARCHITECTURE.md section 10, "Data folder").
 */

import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";

import { Fault } from "../../contract/outcome.ts";

/** Paths of a data folder and of one network in it. */
export interface DataFolder {
  readonly home: string;
  readonly config: string;
  /** The network's own folder; the control socket and the lock are named after it. */
  readonly network: string;
  readonly genesis: string;
  readonly ledger: string;
  readonly blobs: string;
  /** What is known of the owner's data sets; the data itself lies among the blobs. */
  readonly dataSets: string;
  /** States that jobs begin with, where that is not the seed's; named by their roots. */
  readonly starts: string;
  readonly units: string;
  readonly keys: string;
  readonly receipts: string;
  readonly results: string;
  readonly logs: string;
  /** Counted energy. */
  readonly energy: string;
  /** What is kept of the devices' past. */
  readonly telemetry: string;
  /** Holds the control socket's path, for a client with other surroundings than the daemon. */
  readonly socketNote: string;
  /** Holds the port that the page had last, so that one left open finds the miner again. */
  readonly portNote: string;
}

/** The home folder of data from environment and system. */
export function dataHome(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  userHome: string = homedir(),
): string {
  const chosen = environment["VIVIAN_HOME"];
  if (chosen !== undefined && chosen !== "") return resolve(chosen);
  if (platform === "win32") {
    return join(environment["LOCALAPPDATA"] ?? join(userHome, "AppData", "Local"), "VIVIAN");
  }
  if (platform === "darwin") return join(userHome, "Library", "Application Support", "VIVIAN");
  const data = environment["XDG_DATA_HOME"];
  return join(data === undefined || data === "" ? join(userHome, ".local/share") : data, "vivian");
}

/** Every path of a network's folder. */
export function dataFolder(home: string, network: string): DataFolder {
  const folder = join(home, network);
  return {
    home,
    config: join(home, "config.toml"),
    network: folder,
    genesis: join(folder, "genesis.bin"),
    ledger: join(folder, "ledger"),
    blobs: join(folder, "blobs"),
    dataSets: join(folder, "data-sets"),
    starts: join(folder, "starts"),
    units: join(folder, "units"),
    keys: join(folder, "keys"),
    receipts: join(folder, "receipts"),
    results: join(folder, "results"),
    logs: join(folder, "logs"),
    energy: join(folder, "energy"),
    telemetry: join(folder, "telemetry"),
    socketNote: join(folder, "control-socket"),
    portNote: join(folder, "page-port"),
  };
}

/** Where the receipt of a slot is kept. */
export function receiptFile(folder: DataFolder, slot: number): string {
  return join(folder.receipts, `slot-${slot}.receipt`);
}

/** Makes the folder of a network, closed to others. Throws Fault PROCESSES_HOME or _DISK_FULL. */
export function makeDataFolder(folder: DataFolder): void {
  try {
    for (const path of [folder.home, folder.network, folder.logs]) makeFolder(path);
  } catch (error) {
    throw folderFault(folder.home, error);
  }
}

/** Node answers ENOENT for `recursive` on a read-only disk; asked for one folder, it says why. */
function makeFolder(path: string): void {
  if (existsSync(path) || !existsSync(dirname(path))) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return;
  }
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another start was faster.
    if (!existsSync(path)) throw error;
  }
}

/** What the system said about a folder, as a fault with a code. */
export function folderFault(path: string, error: unknown): Fault {
  const reason = (error as NodeJS.ErrnoException).code ?? "unknown";
  const code = reason === "ENOSPC" ? "PROCESSES_DISK_FULL" : "PROCESSES_HOME";
  return new Fault(code, `${path}: ${reason}`, { folder: path, reason }, error);
}
