import { describe, expect, it, vi } from "vitest";
import { sha256 } from "../../../src-main/crypto/index.ts";
import { applyIndexChanges, waitingInputs } from "../../../src-main/ledger/index.ts";
import type { IndexChange } from "../../../src-main/ledger/index.ts";
import { IndexBuilds } from "../../../src-main/node/index-builds.ts";

describe("node/index-builds", () => {
  it("computes what waits before the commit that needs it, once", async () => {
    const pages = new Map<string, Uint8Array>();
    const text = (key: Uint8Array) => Buffer.from(key).toString("hex");
    const view = { hasher: sha256, readPage: (key: Uint8Array) => pages.get(text(key)) };
    const builds = new IndexBuilds(sha256);
    const entries = 4_200;
    let root: Uint8Array = new Uint8Array(32);
    const add = (from: number, count: number) => {
      const changes = Array.from({ length: count }, (_, at): IndexChange => {
        const slot = BigInt(from + at);
        const embedding = Uint8Array.from({ length: 4 }, (_, axis) => (from + at) * (axis + 3));
        return { kind: "add", slot, collection: "c", what: "other", tags: [], embedding };
      });
      const at = { epoch: 0n, size: BigInt(from + count) };
      const update = applyIndexChanges(view, root, changes, at);
      for (const { key, bytes } of update.pages) {
        if (bytes === undefined) pages.delete(text(key));
        else pages.set(text(key), bytes);
      }
      root = update.root;
    };
    builds.look(view);
    for (let from = 0; from < 2 * entries; from += 600) add(from, 600);
    const inputs = waitingInputs(view);
    expect(inputs).not.toHaveLength(0);
    expect(builds.memo.knows(inputs[0])).toBe(false);
    builds.look(view);
    builds.look(view);
    await vi.waitFor(() => expect(builds.memo.knows(inputs[0])).toBe(true), { timeout: 20_000 });
  });
});
