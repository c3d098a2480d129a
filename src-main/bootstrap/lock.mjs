/**
 * Decides who sets up when several programs want to at once: the one that made the lock folder. The
 * others wait. An owner keeps its heart beating; a lock whose owner has died, or whose heart has
 * not moved for as long as the waiter itself has waited, is taken over, so `kill -9` and a power
 * cut never leave a tree that cannot be set up. Process ids alone would not do: they are used
 * again.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { buildFolder, lockFolder } from "./folders.mjs";
import { log, say } from "./journal.mjs";

const BEAT_MS = 1000;
const LOOK_MS = 200;

/** Long against one beat, so that a busy or swapping machine does not lose its lock. */
const STILL_MS_MAX = 20_000;

const ownerFile = join(lockFolder, "owner.json");

/** @type {ReturnType<typeof setInterval> | undefined} */
let beating;

/**
 * Runs `work` while no other process does.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(work) {
  await acquire();
  try {
    return await work();
  } finally {
    releaseLock();
  }
}

async function acquire() {
  mkdirSync(buildFolder, { recursive: true });
  let said = false;
  let seen = "";
  let seenAt = performance.now();
  for (;;) {
    if (tryMake()) return;
    const owner = readOwner(ownerFile);
    if (owner !== seen) {
      seen = owner;
      seenAt = performance.now();
    }
    // The waiter's own clock counts: neither a sleeping laptop nor a set-back clock takes a lock.
    if (hasDied(owner) || performance.now() - seenAt > STILL_MS_MAX) {
      takeAway(owner);
      continue;
    }
    if (!said) say("set-up: another program is setting this folder up; waiting for it");
    said = true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

function tryMake() {
  try {
    mkdirSync(lockFolder);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  }
  let beats = 0;
  const beat = () => {
    const owner = { pid: process.pid, host: hostname(), beats: beats++ };
    try {
      writeFileSync(ownerFile, JSON.stringify(owner));
    } catch {
      // The disk is full, or the lock was taken away; the step at work meets the same and says it.
    }
  };
  beat();
  beating = setInterval(beat, BEAT_MS);
  beating.unref();
  return true;
}

/** Gives the lock back; does nothing where this process does not hold it. */
export function releaseLock() {
  if (beating === undefined) return;
  clearInterval(beating);
  beating = undefined;
  rmSync(lockFolder, { recursive: true, force: true });
}

function readOwner(/** @type {string} */ file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** True where the owner is known to be a process of this machine that is gone. */
function hasDied(/** @type {string} */ owner) {
  try {
    const { pid, host } = JSON.parse(owner);
    if (host !== hostname() || typeof pid !== "number") return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "ESRCH";
  }
}

/**
 * Renaming is the vote: of several waiters that saw the same dead owner, one moves the folder. A
 * waiter that was late and moved a new owner's folder puts it back.
 */
function takeAway(/** @type {string} */ owner) {
  const aside = `${lockFolder}.${process.pid}`;
  try {
    if (readOwner(ownerFile) !== owner) return;
    renameSync(lockFolder, aside);
    if (readOwner(join(aside, "owner.json")) === owner) {
      rmSync(aside, { recursive: true, force: true });
      log(`took over the lock of ${owner}\n`);
    } else {
      renameSync(aside, lockFolder);
    }
  } catch {
    // Another waiter was faster.
  }
}
