import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDiskLedger } from "../../../src-main/adapters/disk/index.ts";
import { systemClock } from "../../../src-main/adapters/host/index.ts";
import {
  folderSource,
  folderTarget,
  httpSource,
  zstd,
} from "../../../src-main/adapters/static-files/index.ts";
import { leafHash } from "../../../src-main/crypto/index.ts";
import { decodeBundle, encodeBundle, genesisHash } from "../../../src-main/ledger/index.ts";
import { exportLedger, pruneStopped, verifyExport } from "../../../src-main/node/index.ts";
import type { StaticSource } from "../../../src-main/ports/static-files.ts";
import { CRYPTO, GENESIS, newFolder, OWNER, openNode, transfer } from "./practice-node.ts";

const HASH = genesisHash(CRYPTO.hasher, GENESIS);

let ledger = "";
let whole = "";
let slots = 0;

async function seal(counts: readonly number[]): Promise<void> {
  const open = await openNode(ledger);
  for (const count of counts) {
    const first = open.node.nextNonce(OWNER, 0);
    const nonces = Array.from({ length: count }, (_, index) => first + BigInt(index));
    await Promise.all(nonces.map((nonce) => open.node.submit(transfer(nonce))));
  }
  // The commit that names the last outcome comes by itself, some time later.
  await open.node.receipt(open.node.head().size - 1n);
  slots = Number(open.node.head().size);
  await open.close();
}

async function write(folder: string) {
  const store = await openDiskLedger({ folder: ledger });
  const { hasher } = CRYPTO;
  const needs = { store, genesis: GENESIS, hasher, clock: systemClock, compression: zstd };
  const told: number[] = [];
  const onProgress = ({ files }: { files: number }) => void told.push(files);
  const exported = await exportLedger({ ...needs, target: folderTarget(folder), onProgress });
  await store.close();
  if (!exported.ok) throw new Error(exported.rejection.code);
  return { ...exported.value, told };
}

const check = (source: StaticSource, more: object = {}) =>
  verifyExport({
    ...{ source, genesisHash: HASH, crypto: CRYPTO, compression: zstd, execute: false },
    ...more,
  });

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));

beforeAll(async () => {
  ledger = newFolder();
  whole = newFolder();
  await seal([250, 250, 60, 1]);
  await write(whole);
});
afterAll(() => {
  for (const folder of [ledger, whole]) rmSync(folder, { recursive: true, force: true });
});

/** A plain static web server on loopback; `fault` may answer in its place. */
async function withServer<T>(
  use: (address: URL) => Promise<T>,
  fault: (path: string, response: ServerResponse) => boolean = () => false,
): Promise<T> {
  const server: Server = createServer((request, response) => {
    const path = (request.url ?? "/").slice(1);
    if (fault(path, response)) return;
    const file = join(whole, path);
    if (!existsSync(file) || !statSync(file).isFile()) response.writeHead(404).end();
    else response.end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    return await use(new URL(`http://127.0.0.1:${port}`));
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe("an exported ledger", () => {
  it("is checked over plain HTTP from the genesis hash alone, and by execution", async () => {
    const result = await withServer(async (address) => [
      await check(httpSource(address)),
      await check(httpSource(address), { execute: true }),
    ]);
    for (const [at, checked] of result.entries()) {
      expect(checked).toMatchObject({ ok: true, value: { slots, executed: at === 1 } });
      expect(checked.ok && checked.value.certificates).toBe(checked.ok && checked.value.commits);
    }
    expect(await check(folderSource(whole))).toMatchObject({ ok: true });
  });

  it("is written again only where it grew or was cut off", async () => {
    const folder = newFolder();
    cpSync(whole, folder, { recursive: true });
    const again = await write(folder);
    expect([again.written, again.kept]).toEqual([0, filesIn(folder).length]);
    writeFileSync(join(folder, "checkpoint"), "cut o");
    rmSync(join(folder, "tile", "0", "000"));
    expect((await write(folder)).written).toBe(2);
    expect(filesIn(folder).some((name) => name.endsWith(".part"))).toBe(false);
    expect(await check(folderSource(folder))).toMatchObject({ ok: true });
    rmSync(folder, { recursive: true });
  });

  it("has whole bundles shorter than their entries", () => {
    const bundle = readFileSync(join(whole, "tile", "entries", "000"));
    const plain = zstd.decompress(bundle, 20_000_000);
    expect(bundle.length).toBeLessThan(0.8 * (plain?.length ?? 0));
  });

  it("is refused for every file that is gone, cut, changed, or too long", async () => {
    const codes = new Set<string>();
    for (const name of filesIn(whole)) {
      const bytes = readFileSync(join(whole, name));
      const changed = (at: number) => bytes.map((byte, index) => (index === at ? byte ^ 16 : byte));
      const wrongs = [
        undefined,
        bytes.subarray(0, bytes.length - 1),
        Buffer.concat([bytes, Buffer.from([0])]),
        ...[0, bytes.length >> 1, bytes.length - 1].map(changed),
      ];
      for (const wrong of wrongs) {
        const source: StaticSource = {
          read(path, bytesMax) {
            if (path !== name) return folderSource(whole).read(path, bytesMax);
            if (wrong === undefined) return folderSource(whole).read("no such file", bytesMax);
            return Promise.resolve({ ok: true, value: Uint8Array.from(wrong) });
          },
        };
        const checked = await check(source);
        expect(checked.ok, `${name} is not what was exported`).toBe(false);
        if (!checked.ok) codes.add(checked.rejection.code);
      }
    }
    expect([...codes].sort()).toEqual([
      "EXPORT_BUNDLE",
      "EXPORT_CERTIFICATE",
      "EXPORT_CHECKPOINT",
      "EXPORT_ENTRY",
      "EXPORT_GENESIS",
      "EXPORT_MISSING",
      "EXPORT_NETWORK",
      "EXPORT_OUTCOME",
      "EXPORT_TILE",
    ]);
  });

  const put = (name: string, bytes: Uint8Array): StaticSource => ({
    read: (path, bytesMax) =>
      path === name
        ? Promise.resolve({ ok: true, value: bytes })
        : folderSource(whole).read(path, bytesMax),
  });

  it("is refused where its parts are sound and do not belong together", async () => {
    const text = readFileSync(join(whole, "checkpoint"), "utf8");
    const [origin, size, root] = text.split("\n");
    const longer = `${origin}\n${Number(size) + 1}\n${root}\n`;
    const first = readFileSync(join(whole, "commit", "1"));
    const cases = [
      [put("checkpoint", new TextEncoder().encode(longer)), "EXPORT_SIZE"],
      [put("certificate", first.subarray(8)), "EXPORT_SIZE"],
      [put("commit/2", first), "EXPORT_CERTIFICATE"],
    ] as const;
    for (const [source, code] of cases) {
      expect(await check(source)).toMatchObject({ ok: false, rejection: { code } });
    }
  });

  /** Another record in a slot, with a tile that holds its hash. */
  function forged(slot: number, record: Uint8Array): StaticSource {
    const plain = zstd.decompress(readFileSync(join(whole, "tile/entries/000")), 20_000_000);
    const entries = decodeBundle(plain ?? new Uint8Array(0), 256, 2, 65_535);
    if (!entries.ok) throw new Error(entries.rejection.code);
    entries.value[slot] = record;
    const tile = Uint8Array.from(readFileSync(join(whole, "tile/0/000")));
    tile.set(leafHash(CRYPTO.hasher, record), 32 * slot);
    const bundle = put("tile/entries/000", zstd.compress(encodeBundle(entries.value, 2)));
    return {
      read: (path, bytesMax) =>
        path === "tile/0/000"
          ? Promise.resolve({ ok: true, value: tile })
          : bundle.read(path, bytesMax),
    };
  }

  it("is refused for a record that is another, though its tile fits", async () => {
    const other = transfer(0n, 77n);
    expect(await check(forged(0, other))).toMatchObject({
      ...{ ok: false, rejection: { code: "EXPORT_COMMIT", facts: { slot: 0 } } },
    });
    expect(await check(forged(5, other))).toMatchObject({
      ...{ ok: false, rejection: { code: "EXPORT_ROOT", facts: { tree: "vector" } } },
    });
  });

  it("is refused where executing it again gives something else", async () => {
    const crypto = { ...CRYPTO, signatures: { recover: () => undefined } };
    const checked = await check(folderSource(whole), { execute: true, crypto });
    const facts = { commit: 1, rule: "LEDGER_SIGNATURE" };
    expect(checked).toMatchObject({ ok: false, rejection: { code: "EXPORT_EXECUTION", facts } });
    expect(await check(folderSource(whole), { crypto })).toMatchObject({ ok: true });
  });

  it("is not made of a ledger whose records were pruned", async () => {
    const folder = newFolder();
    cpSync(ledger, folder, { recursive: true });
    const store = await openDiskLedger({ folder });
    expect((await pruneStopped(store, GENESIS, CRYPTO, 256n)).ok).toBe(true);
    const needs = { store, genesis: GENESIS, hasher: CRYPTO.hasher, clock: systemClock };
    const target = folderTarget(join(folder, "export"));
    const exported = await exportLedger({ ...needs, compression: zstd, target });
    expect(exported).toMatchObject({ ok: false, rejection: { code: "EXPORT_PRUNED" } });
    await store.close();
    rmSync(folder, { recursive: true });
  });

  it("goes on where a check was cut off, and takes no note of another network", async () => {
    const notes: string[] = [];
    const note = (place: string) => void notes.push(place);
    const noted = await check(folderSource(whole), { note, noteBundles: 1 });
    expect([noted.ok, notes.length]).toEqual([true, 2]);
    for (const [at, resume] of notes.entries()) {
      const resumed = await check(folderSource(whole), { resume });
      const value = { resumedFrom: 256 * (at + 1), slots };
      expect(resumed).toMatchObject({ ok: true, value });
    }
    const rejection = { code: "EXPORT_PROGRESS" };
    const others = [notes[0].replace('"genesis":"', '"genesis":"0'), "{}", "no note", "null"];
    for (const resume of others) {
      expect(await check(folderSource(whole), { resume })).toMatchObject({ ok: false, rejection });
    }
    const other = (_: string, before: string, digit: string) =>
      `"frontier":"${before}${digit === "7" ? "8" : "7"}`;
    const lying = notes[0].replace(/"frontier":"(.{20})(.)/, other);
    expect((await check(folderSource(whole), { resume: lying })).ok).toBe(false);
  });
});

describe("a web server that is not what it should be", () => {
  const limits = { idleMs: 300, answerMs: 600 };
  const faults: readonly [string, string, (response: ServerResponse) => void][] = [
    ["points elsewhere", "EXPORT_REDIRECT", (r) => void r.writeHead(302, { Location: "/" }).end()],
    ["refuses", "EXPORT_STATUS", (r) => void r.writeHead(500).end()],
    ["has no such file", "EXPORT_MISSING", (r) => void r.writeHead(404).end()],
    ["says nothing", "EXPORT_TIMEOUT", () => undefined],
    [
      "never ends",
      "EXPORT_TIMEOUT",
      (r) => {
        r.write(" ");
        const timer = setInterval(() => r.write(" "), 50);
        r.on("close", () => clearInterval(timer));
      },
    ],
    [
      "never stops sending",
      "EXPORT_TOO_LONG",
      (r) => {
        const more = () => r.destroyed || setImmediate(() => r.write(Buffer.alloc(65_536), more));
        more();
      },
    ],
    [
      "promises too much",
      "EXPORT_TOO_LONG",
      (r) => void r.writeHead(200, { "Content-Length": 9e9 }),
    ],
    [
      "hangs up in the middle",
      "EXPORT_TRUNCATED",
      (r) => {
        r.writeHead(200, { "Content-Length": 100 });
        r.write("half", () => r.destroy());
      },
    ],
  ];

  it.each(faults)("%s: %s", async (_what, code, answer) => {
    const promised = code === "EXPORT_TOO_LONG";
    const checked = await withServer(
      (address) => check(httpSource(address, limits)),
      (path, response) => {
        if (path !== "checkpoint") return false;
        answer(response);
        if (promised && !response.headersSent) response.writeHead(200);
        if (response.headersSent && promised) response.flushHeaders();
        return true;
      },
    );
    expect(checked).toMatchObject({
      ok: false,
      rejection: { code, facts: { path: "checkpoint" } },
    });
  });

  it("is not there at all", async () => {
    const gone = await withServer((address) => Promise.resolve(address));
    const checked = await check(httpSource(gone, limits));
    expect(checked).toMatchObject({ ok: false, rejection: { code: "EXPORT_UNREACHABLE" } });
  });
});
