/**
 * Decides where the control socket of a data folder lies: in the user's runtime folder, else in a
 * folder of our own below the temporary one; on Windows it is a named pipe. The path is a function
 * of the data folder, so that a client finds it without being told.
 */

import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, realpathSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join, resolve } from "node:path";

import { accept, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import { SOCKET_PATH_BYTES_MAX } from "./limits.ts";

/** What the path depends on besides the data folder. */
export interface SocketSurroundings {
  readonly platform: NodeJS.Platform;
  /** XDG_RUNTIME_DIR, when it is set. */
  readonly runtimeFolder: string | undefined;
  readonly temporaryFolder: string;
  /** Number of the user; on Windows, where there is none, -1. */
  readonly userNumber: number;
  readonly userName: string;
}

/** The surroundings of this process. */
export function socketSurroundings(): SocketSurroundings {
  return {
    platform: process.platform,
    runtimeFolder: process.env["XDG_RUNTIME_DIR"],
    temporaryFolder: tmpdir(),
    userNumber: process.getuid?.() ?? -1,
    userName: userInfo().username,
  };
}

/**
 * The address of a data folder's control socket; makes the folder it lies in.
 * @rejects API_SOCKET_FOLDER when no folder of ours alone can be had
 */
export function controlSocketPath(
  dataFolder: string,
  surroundings: SocketSurroundings = socketSurroundings(),
): Outcome<string> {
  const hash = createHash("sha256").update(realPath(dataFolder)).digest("hex").slice(0, 16);
  if (surroundings.platform === "win32") {
    return accept(`\\\\.\\pipe\\vivian-${surroundings.userName}-${hash}`);
  }
  const { runtimeFolder, temporaryFolder, userNumber } = surroundings;
  if (runtimeFolder !== undefined && isOursAlone(runtimeFolder, userNumber)) {
    const path = join(runtimeFolder, `vivian-${hash}.sock`);
    if (Buffer.byteLength(path) <= SOCKET_PATH_BYTES_MAX) return accept(path);
  }
  const own = `vivian-${userNumber}`;
  let refused = "";
  for (const folder of [join(temporaryFolder, own), join("/tmp", own)]) {
    const path = join(folder, `vivian-${hash}.sock`);
    if (Buffer.byteLength(path) > SOCKET_PATH_BYTES_MAX) continue;
    if (makeOwnFolder(folder, userNumber)) return accept(path);
    refused = folder;
  }
  return reject("API_SOCKET_FOLDER", { folder: refused === "" ? temporaryFolder : refused });
}

/** A folder that exists is named by its real path, so that links to it give one socket. */
function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return resolve(folder);
  }
}

/** A folder of the user, closed to everyone else; a link is refused, it could be pointed anew. */
function isOursAlone(folder: string, userNumber: number): boolean {
  try {
    const facts = lstatSync(folder);
    return facts.isDirectory() && facts.uid === userNumber && (facts.mode & 0o077) === 0;
  } catch {
    return false;
  }
}

function makeOwnFolder(folder: string, userNumber: number): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    return false;
  }
  return isOursAlone(folder, userNumber);
}
