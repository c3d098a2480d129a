import { randomBytes } from "node:crypto";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { Fault } from "../../../src-main/contract/outcome.ts";
import { demandFounders, openDevelopmentKeys } from "../../../src-main/wallet/index.ts";
import { SmallDisk, smallDisksWork } from "../disks/small-disk.ts";

let folder: string;
const mayMount = smallDisksWork();

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "vivian-keys-")), "keys");
});

afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

const open = (mayCreate = true) =>
  openDevelopmentKeys(folder, { mayCreate, random: (bytes) => randomBytes(bytes) });

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
  return "";
}

describe("openDevelopmentKeys", () => {
  it("makes six different keys once and reads the same ones after that", () => {
    const first = open();
    expect(first.made).toHaveLength(6);
    const again = open(false);
    expect(again).toEqual({ keys: first.keys, made: [], mended: [] });
    const secrets = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
    expect(new Set(secrets).size).toBe(6);
  });

  it.skipIf(process.platform === "win32")("closes folder and files to others", () => {
    open();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder)) {
      expect(statSync(join(folder, name)).mode & 0o777, name).toBe(0o600);
    }
  });

  it.skipIf(process.platform === "win32")("mends what others could read, and says so", () => {
    open();
    chmodSync(folder, 0o755);
    chmodSync(join(folder, "worker.key"), 0o644);
    expect(open().mended).toEqual([folder, join(folder, "worker.key")]);
    expect(statSync(join(folder, "worker.key")).mode & 0o777).toBe(0o600);
    expect(open().mended).toEqual([]);
  });

  it("refuses a file that holds no key, and leaves it as it is", () => {
    open();
    const order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
    for (const text of ["", "x", "0".repeat(64), order, `${"1".repeat(64)}\n\n\n\n`]) {
      writeFileSync(join(folder, "owner.key"), text);
      expect(codeOf(open), JSON.stringify(text)).toBe("WALLET_KEY_FORM");
      expect(readFileSync(join(folder, "owner.key"), "utf8")).toBe(text);
    }
  });

  it("never puts a secret into what it throws", () => {
    open();
    const secret = `${"5".repeat(63)}Z`;
    writeFileSync(join(folder, "owner.key"), secret);
    try {
      open();
      expect.unreachable();
    } catch (error) {
      expect(JSON.stringify(error) + String(error)).not.toContain("5".repeat(8));
    }
  });

  it("does not replace a missing key of a founded ledger", () => {
    open();
    rmSync(join(folder, "validator.key"));
    expect(codeOf(() => open(false))).toBe("WALLET_KEY_MISSING");
    expect(readdirSync(folder)).not.toContain("validator.key");
  });

  it("says so when the folder cannot be made", () => {
    writeFileSync(folder, "");
    expect(codeOf(open)).toBe("WALLET_KEY_IO");
  });

  it("refuses keys that the network was not founded with, and names the file", () => {
    const { keys } = open();
    expect(codeOf(() => demandFounders(folder, keys, () => true))).toBe("");
    const { address } = keys.worker;
    const named = (publicBytes: Uint8Array) => publicBytes !== address;
    expect(codeOf(() => demandFounders(folder, keys, named))).toBe("WALLET_KEY_FOREIGN");
  });

  it.skipIf(!mayMount)("refuses a key that stays open to others", () => {
    const disk = SmallDisk.make(1_048_576);
    if (disk === null) throw new Error("this process may mount");
    folder = join(disk.path, "keys");
    try {
      open();
      chmodSync(join(folder, "owner.key"), 0o644);
      disk.makeReadOnly();
      expect(codeOf(() => open(false))).toBe("WALLET_KEY_PERMISSIONS");
    } finally {
      disk.remove();
    }
  });
});

describe("demandFounders", () => {
  it("names the first key that the genesis does not", () => {
    const { keys } = open();
    try {
      demandFounders(folder, keys, () => false);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ facts: { file: join(folder, "owner.key") } });
    }
  });
});
