/**
 * Decides how set-up says no: one line with a permanent code, what happened and what to do next.
 * The codes are listed in contract/codes/setup.ts. Nobody is shown a stack trace.
 */
import { statfsSync } from "node:fs";
import { homedir } from "node:os";
import { logFile, root } from "./folders.mjs";

/** Set-up cannot go on. `message` is the whole line a person reads after the code. */
export class SetupFailure extends Error {
  /** @param {string} code @param {string} message @param {number} exitCode */
  constructor(code, message, exitCode = 1) {
    super(message);
    this.name = "SetupFailure";
    this.code = code;
    this.exitCode = exitCode;
  }
}

/** Below this a disk counts as full: no step of set-up fits into less. */
const FULL_BYTES_MAX = 64 * 1024 * 1024;

const DISK_FULL = /ENOSPC|EDQUOT|no space left on device|not enough space on the disk/i;
const NETWORK = new RegExp(
  [
    "ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH",
    "ERR_SOCKET_TIMEOUT|EIDLETIMEOUT|network request|network connectivity",
  ].join("|"),
);
const CERTIFICATE =
  /SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_VERIFY_LEAF|CERT_HAS_EXPIRED/;
/** Node says ENOENT where a folder cannot be made with those above it on a read-only disk. */
const READ_ONLY = /EROFS|EACCES|EPERM|ENOENT: [^\n]*mkdir/;

/** True where a program's output says that a disk is full, whatever its exit code was. */
export function saysDiskFull(/** @type {string} */ output) {
  return DISK_FULL.test(output);
}

/**
 * The failure that a program's output speaks of. A full disk wins over everything, because it makes
 * every other message; `otherwise` is used where no known cause is found.
 * @param {string} doing     what set-up was doing, as it follows "could not"
 * @param {string} output    the program's output, or an error's message
 * @param {{ code: string, message: string }} otherwise
 */
export function failureFrom(doing, output, otherwise) {
  if (DISK_FULL.test(output)) {
    return new SetupFailure(
      "SETUP_DISK_FULL",
      `could not ${doing}: the disk that holds ${fullestFolder()} is full. ` +
        "Free about 1 GB there and run this again.",
    );
  }
  if (CERTIFICATE.test(output)) {
    return new SetupFailure(
      "SETUP_NETWORK",
      `could not ${doing}: npm does not trust the registry's certificate. ` +
        "Set npm's cafile (npm config set cafile FILE) and run this again.",
    );
  }
  if (NETWORK.test(output)) {
    return new SetupFailure(
      "SETUP_NETWORK",
      `could not ${doing}: the npm registry does not answer. ` +
        "Check the network or npm's proxy and registry settings and run this again.",
    );
  }
  if (READ_ONLY.test(output)) {
    return new SetupFailure(
      "SETUP_NOT_WRITABLE",
      `could not ${doing}: ${root} or npm's cache may not be written. ` +
        `Make it writable for this user and run this again (details: ${logFile}).`,
    );
  }
  return new SetupFailure(otherwise.code, otherwise.message);
}

/** The folder, of those that set-up writes, with the least free space. */
function fullestFolder() {
  let fullest = root;
  let fullestBytes = freeBytes(root);
  for (const folder of [process.env["npm_config_cache"] ?? "", homedir()]) {
    const bytes = folder === "" ? Infinity : freeBytes(folder);
    if (bytes < FULL_BYTES_MAX && bytes < fullestBytes) {
      fullest = folder;
      fullestBytes = bytes;
    }
  }
  return fullest;
}

/** @param {string} folder */
function freeBytes(folder) {
  try {
    const disk = statfsSync(folder);
    return disk.bavail * disk.bsize;
  } catch {
    return Infinity;
  }
}
