import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { systemClock } from "../../../src-main/adapters/host/index.ts";
import { bytesEqual } from "../../../src-main/contract/bytes.ts";
import { committedSearch, indexRootOf, textEmbedding } from "../../../src-main/ledger/index.ts";
import { verifyLedger } from "../../../src-main/node/index.ts";
import type { LedgerStore } from "../../../src-main/ports/ledger-store.ts";
import { must } from "../../worlds/practice-world.ts";
import { codeOf } from "../disks/small-disk.ts";
import { CRYPTO, GENESIS, newFolder, openNode, OWNER, ownerRecord } from "./practice-node.ts";
import type { OpenNode } from "./practice-node.ts";

let folder = "";
let opened: OpenNode;

const ABOUT = [
  "pictures of handwritten digits",
  "hourly weather of northern roads",
  "iris flowers",
];
const needs = { clock: systemClock, crypto: CRYPTO };
const embed = (text: string) => must(textEmbedding(text));

beforeAll(async () => {
  folder = newFolder();
  opened = await openNode(folder);
  const { node } = opened;
  for (const about of ABOUT) {
    const payload = {
      kind: "publish" as const,
      what: "dataset" as const,
      name: "a set",
      content: nativeSha256(Uint8Array.of(1)),
      about,
      tags: [],
      collection: "data",
      embedding: new Uint8Array(embed(about).buffer),
    };
    const submitted = await node.submit(ownerRecord(payload, node.nextNonce(OWNER, 0)));
    expect(must(submitted).outcome.code).toBe("");
  }
});
afterAll(async () => {
  await opened.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The store with its pages changed on the way out. */
function withPages(store: LedgerStore, change: (key: Uint8Array, bytes: Uint8Array) => Uint8Array) {
  const pages = function* () {
    for (const { key, bytes } of store.pages()) yield { key, bytes: change(key, bytes) };
  };
  return new Proxy(store, {
    get: (target, name) => {
      if (name === "pages") return pages;
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

describe("the similarity index of a node", () => {
  it("answers from the store's pages, under the root of the head", () => {
    const { store, node } = opened;
    const view = { hasher: nativeSha256, readPage: (key: Uint8Array) => store.page(key) };
    const query = embed("roads and weather");
    const hits = must(committedSearch(view, { collection: "data", query, k: 1, probes: 1 }));
    const published = node.record(hits[0].slot);
    expect(published.ok).toBe(true);
    expect(bytesEqual(indexRootOf(view), node.head().indexRoot)).toBe(true);
    expect(node.head().indexRoot).not.toEqual(new Uint8Array(32));
  });

  it("is made again by verification, which finds a flipped bit in any kind of page", async () => {
    const { store } = opened;
    expect((await verifyLedger(store, GENESIS, needs)).code).toBeUndefined();
    const kinds = new Set(
      [...store.pages()].filter(({ key }) => key[0] === 0xfd).map((p) => p.key[1]),
    );
    // Map, list heads, edges, entries, slots; no centroids and no builds below 256 entries.
    expect(kinds).toEqual(new Set([0, 2, 3, 4, 5]));
    for (const kind of kinds) {
      const damaged = withPages(store, (key, bytes) =>
        key[0] === 0xfd && key[1] === kind ? bytes.with(0, bytes[0] ^ 1) : bytes,
      );
      const report = await verifyLedger(damaged, GENESIS, needs);
      expect(report.code).toBe("NODE_VERIFY_STATE");
    }
  });

  it("refuses to start on a ledger whose head another version kept", async () => {
    const other = newFolder();
    const first = await openNode(other);
    await first.close();
    const former = (store: LedgerStore) =>
      new Proxy(store, {
        get: (target, name) => {
          if (name === "head") return () => target.head()?.slice(4);
          const member: unknown = Reflect.get(target, name);
          return typeof member === "function" ? member.bind(target) : member;
        },
      });
    expect(await codeOf(openNode(other, { store: former }))).toBe("LEDGER_HEAD_FORMAT");
    rmSync(other, { recursive: true, force: true });
  });
});
