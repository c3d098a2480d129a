import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { hexToBytes } from "../../../src-main/contract/bytes.ts";
import type { Outcome } from "../../../src-main/contract/outcome.ts";
import { addressOfSecretKey } from "../../../src-main/crypto/index.ts";
import {
  listWallets,
  openWallet,
  sealKeystore,
  storeWallet,
  writeExport,
} from "../../../src-main/wallet/index.ts";

const secret = hexToBytes("c0".repeat(32));
const key = { secret, address: addressOfSecretKey(secret) };
const PASSWORD = "correct horse";
const NOW_MS = 1_700_000_000_000;
const isWindows = process.platform === "win32";

let root: string;
let keys: string;
let keystore: string;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "vivian-wallets-"));
  keys = join(root, "keys");
  keystore = await sealKeystore(key, PASSWORD, 2);
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const store = (name: string, replace = false) => storeWallet(keys, name, { keystore, replace });
const open = (nowMs: number, password = PASSWORD) => openWallet(keys, "savings", password, nowMs);
const mode = (file: string) => statSync(file).mode & 0o777;

function codeOf(outcome: Outcome<unknown>): string {
  return outcome.ok ? "" : outcome.rejection.code;
}

describe("storeWallet", () => {
  it("writes a wallet that opens, whole, and nothing beside it", async () => {
    const file = join(keys, "savings.wallet.json");
    expect(store("savings")).toEqual({ ok: true, value: { file, former: null } });
    expect(readFileSync(file, "utf8")).toBe(keystore);
    expect(readdirSync(keys)).toEqual(["savings.wallet.json"]);
    expect(await open(NOW_MS)).toEqual({ ok: true, value: key });
    expect(listWallets(keys)).toEqual([{ name: "savings", address: key.address }]);
  });

  it.skipIf(isWindows)("closes folder and file to others, and mends an opened file", async () => {
    store("savings");
    const file = join(keys, "savings.wallet.json");
    expect([mode(keys), mode(file)]).toEqual([0o700, 0o600]);
    chmodSync(file, 0o644);
    expect(codeOf(await open(NOW_MS))).toBe("");
    expect(mode(file)).toBe(0o600);
  });

  it("never writes over a wallet; --force moves it aside", () => {
    store("savings");
    const first = keystore;
    keystore = "{}";
    expect(codeOf(store("savings"))).toBe("WALLET_EXISTS");
    expect(readFileSync(join(keys, "savings.wallet.json"), "utf8")).toBe(first);
    const forced = store("savings", true);
    if (!forced.ok) expect.fail(forced.rejection.code);
    expect(readFileSync(forced.value.former ?? "", "utf8")).toBe(first);
    store("savings", true);
    expect(readFileSync(forced.value.former ?? "", "utf8")).toBe(first);
  });

  it("refuses names that are paths, or the machine's own keys", () => {
    for (const name of ["../x", "a/b", "", "A", "owner", "worker", "-x", "x".repeat(33)]) {
      expect(codeOf(store(name)), name).toBe("WALLET_NAME");
    }
    expect(existsSync(keys)).toBe(false);
  });
});

describe("openWallet", () => {
  it("makes each wrong password wait twice as long, and forgets at the right one", async () => {
    store("savings");
    let nowMs = NOW_MS;
    for (const seconds of [1, 2, 4, 8]) {
      expect(codeOf(await open(nowMs, "wrong horse"))).toBe("WALLET_PASSWORD");
      // Even the right one is not tried too early.
      const early = await open(nowMs + seconds * 1_000 - 1);
      expect(codeOf(early)).toBe("WALLET_PASSWORD_WAIT");
      nowMs += seconds * 1_000;
    }
    expect(codeOf(await open(nowMs))).toBe("");
    expect(codeOf(await open(nowMs, "wrong horse"))).toBe("WALLET_PASSWORD");
    expect(codeOf(await open(nowMs + 1_000))).toBe("");
    expect(readdirSync(keys)).toEqual(["savings.wallet.json"]);
  });

  it("waits at most five minutes, and no longer when the clock was set back", async () => {
    store("savings");
    const attempts = join(keys, "savings.attempts");
    writeFileSync(attempts, JSON.stringify({ failed: 40, lastMs: NOW_MS }));
    expect(codeOf(await open(NOW_MS + 299_999))).toBe("WALLET_PASSWORD_WAIT");
    expect(codeOf(await open(NOW_MS - 1_000_000_000))).toBe("WALLET_PASSWORD_WAIT");
    expect(codeOf(await open(NOW_MS - 1_000_000_000 + 300_000))).toBe("");
  });

  it("says which wallets there are, and that a cut one is damaged", async () => {
    store("savings");
    expect(await openWallet(keys, "saving", PASSWORD, NOW_MS)).toMatchObject({
      rejection: { code: "WALLET_UNKNOWN", facts: { known: "savings" } },
    });
    truncateSync(join(keys, "savings.wallet.json"), 100);
    expect(codeOf(await open(NOW_MS))).toBe("WALLET_KEYSTORE_FORM");
    // Damage is no wrong password: nothing waits.
    expect(codeOf(await open(NOW_MS))).toBe("WALLET_KEYSTORE_FORM");
    expect(listWallets(keys)).toEqual([{ name: "savings", address: null }]);
  });
});

describe("writeExport", () => {
  it("writes for the owner alone and replaces nothing unasked", () => {
    const file = join(root, "out.key");
    expect(codeOf(writeExport(file, "a", false))).toBe("");
    if (!isWindows) expect(mode(file)).toBe(0o600);
    expect(codeOf(writeExport(file, "b", false))).toBe("WALLET_EXPORT_EXISTS");
    expect(readFileSync(file, "utf8")).toBe("a");
    expect(codeOf(writeExport(file, "b", true))).toBe("");
    expect(codeOf(writeExport(join(root, "none", "x"), "b", true))).toBe("WALLET_EXPORT_FILE");
    expect(readFileSync(file, "utf8")).toBe("b");
  });
});
