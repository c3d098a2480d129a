/**
 * Decides whether a file may be given to lmdb, which ends the whole process on one whose first
 * pages are not its own (a power cut before the first sync leaves such a file), and on pages that
 * should be within the file and are not. Offsets are those of lmdb's data format 2, little-endian.
 */

import { closeSync, existsSync, fstatSync, ftruncateSync, mkdirSync, openSync } from "node:fs";
import { readSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** A page begins with its number, transaction, and at 18 its flags; the meta data follows it. */
const FLAGS_AT = 18;
const META_FLAG = 0x08;
const META_AT = 24;
const MAGIC = 0xbeefc0de;
const FORMAT = 2;
const PAGE_SIZE_AT = META_AT + 24;
const ROOTS_AT = [META_AT + 64, META_AT + 112] as const;
const LAST_PAGE_AT = META_AT + 120;
const META_BYTES = META_AT + 136;

const PAGE_SIZES: readonly number[] = [4_096, 8_192, 16_384, 32_768, 65_536];

/** Above what lmdb's table of readers takes (8,272 bytes), in whole pages. */
const LOCK_FILE_BYTES = 12_288;

/** Root of a table that is empty. */
const NO_PAGE = 0xffff_ffff_ffff_ffffn;

interface Meta {
  readonly pageSize: number;
  readonly lastPage: bigint;
}

/**
 * Looks at the file before lmdb does. Pages that were reserved and never written may be missing at
 * its end: they are made, empty, because lmdb maps the file and a page beyond its end would end
 * the process; a page that was lost is found by lmdb as one that is no page of a table. Without
 * `mend` they stay missing, for whoever only reads beside the process that holds the file.
 */
export function databaseFileState(
  file: string,
  { mend }: { readonly mend: boolean } = { mend: true },
): "absent" | "readable" | "unreadable" {
  if (!existsSync(file)) return "absent";
  const descriptor = openSync(file, mend ? "r+" : "r");
  try {
    const { size } = fstatSync(descriptor);
    if (size === 0) return "absent";
    const first = readMeta(descriptor, 0, size);
    const second = first === undefined ? first : readMeta(descriptor, first.pageSize, size);
    if (first?.pageSize === undefined || second?.pageSize !== first.pageSize) return "unreadable";
    const last = first.lastPage > second.lastPage ? first.lastPage : second.lastPage;
    const due = (Number(last) + 1) * first.pageSize;
    if (mend && due > size) ftruncateSync(descriptor, due);
    return "readable";
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Gives lmdb's lock file its space before lmdb maps it. lmdb only sets the file's length, and on a
 * full disk the first touch of a page without space ends the process. Only for whoever holds the
 * folder's lock; lmdb takes the zeros for a file that nobody used yet. Throws ENOSPC.
 */
export function fillLockFile(file: string): void {
  // Windows gives a mapped file its space by itself.
  if (process.platform === "win32") return;
  const found = statSync(file, { throwIfNoEntry: false });
  if (found !== undefined && found.size >= LOCK_FILE_BYTES) {
    if (found.blocks * 512 >= found.size) return;
  }
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, new Uint8Array(LOCK_FILE_BYTES), { mode: 0o600 });
}

function readMeta(descriptor: number, at: number, size: number): Meta | undefined {
  const bytes = new Uint8Array(META_BYTES);
  if (readSync(descriptor, bytes, 0, META_BYTES, at) < META_BYTES) return undefined;
  const view = new DataView(bytes.buffer);
  const isMeta = (view.getUint16(FLAGS_AT, true) & META_FLAG) !== 0;
  const isOurs = view.getUint32(META_AT, true) === MAGIC;
  if (!isMeta || !isOurs || view.getUint32(META_AT + 4, true) !== FORMAT) return undefined;
  const pageSize = view.getUint32(PAGE_SIZE_AT, true);
  if (!PAGE_SIZES.includes(pageSize)) return undefined;
  const pages = BigInt(Math.ceil(size / pageSize));
  const lastPage = view.getBigUint64(LAST_PAGE_AT, true);
  // Reserved pages are few; a number far beyond the file is damage and would fill the disk.
  if (lastPage > 2n * pages + 1_024n) return undefined;
  const roots = ROOTS_AT.map((each) => view.getBigUint64(each, true));
  if (roots.some((root) => root !== NO_PAGE && root > lastPage)) return undefined;
  return { pageSize, lastPage };
}
