/**
 * Decides that one process at a time works on a folder. The operating system holds the lock and
 * lets go when the process ends, however it ends; a pid file would outlive `kill -9`.
 */

import { closeSync, constants, openSync } from "node:fs";
import koffi from "koffi";
import { Fault } from "../../contract/outcome.ts";
import { storeFault } from "./store-faults.ts";

/** A held lock. */
export interface FolderLock {
  /** Lets another process take it; twice is harmless. */
  release(): void;
}

const LOCK_EXCLUSIVE = 2;
const LOCK_WITHOUT_WAITING = 4;

/**
 * Takes the lock or throws: Fault STORE_LOCKED when another process has it, STORE_LOCK_FAILED
 * where the file system has no locks.
 * @param file  path of the lock file; made where there is none, never removed, so that two
 *              processes can never hold locks on two files of one name
 */
export function lockFolder(file: string): FolderLock {
  return process.platform === "win32" ? lockOnWindows(file) : lockByFlock(file);
}

function lockedFault(file: string): Fault {
  return new Fault("STORE_LOCKED", `another daemon uses this folder (${file})`, { file });
}

function lockByFlock(file: string): FolderLock {
  const flock = koffi.load(null).func("int flock(int descriptor, int operation)");
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600);
  } catch (error) {
    throw storeFault(error, file);
  }
  const operation = LOCK_EXCLUSIVE | LOCK_WITHOUT_WAITING;
  const { EINTR, EWOULDBLOCK } = koffi.os.errno as Record<string, number>;
  let failed = flock(descriptor, operation) !== 0 ? koffi.errno() : 0;
  while (failed === EINTR) failed = flock(descriptor, operation) !== 0 ? koffi.errno() : 0;
  if (failed !== 0) {
    closeSync(descriptor);
    if (failed === EWOULDBLOCK) throw lockedFault(file);
    const facts = { file, errno: failed };
    throw new Fault("STORE_LOCK_FAILED", `${file} cannot be locked (${failed})`, facts);
  }
  return releasedOnce(() => closeSync(descriptor));
}

const GENERIC_READ_WRITE = 0xc0000000;
const SHARED_WITH_NOBODY = 0;
const OPEN_ALWAYS = 4;
const ORDINARY_FILE = 0x80;
const ERROR_SHARING_VIOLATION = 32;

/** An exclusive handle: Windows refuses a second opener while it is open. */
function lockOnWindows(file: string): FolderLock {
  const kernel = koffi.load("kernel32.dll");
  const createFile = kernel.func(
    "intptr_t __stdcall CreateFileW(str16 name, uint32_t access, uint32_t share, void *security," +
      " uint32_t disposition, uint32_t flags, intptr_t template)",
  );
  const closeHandle = kernel.func("int __stdcall CloseHandle(intptr_t handle)");
  const lastError = kernel.func("uint32_t __stdcall GetLastError()");
  const access = GENERIC_READ_WRITE;
  const sharing = [access, SHARED_WITH_NOBODY, null, OPEN_ALWAYS, ORDINARY_FILE, 0] as const;
  const handle = createFile(file, ...sharing) as number | bigint;
  if (BigInt(handle) === -1n) {
    const failed = lastError() as number;
    if (failed === ERROR_SHARING_VIOLATION) throw lockedFault(file);
    const facts = { file, error: failed };
    throw new Fault("STORE_LOCK_FAILED", `${file} cannot be locked (${failed})`, facts);
  }
  return releasedOnce(() => void closeHandle(handle));
}

function releasedOnce(release: () => void): FolderLock {
  let held = true;
  return {
    release() {
      if (held) release();
      held = false;
    },
  };
}
