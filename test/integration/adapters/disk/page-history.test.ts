import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { openDiskLedger } from "../../../../src-main/adapters/disk/index.ts";
import type { CommitBatch, PageChange } from "../../../../src-main/ports/ledger-store.ts";

const folders: string[] = [];
const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), "vivian-history-"));
  folders.push(folder);
  return folder;
};
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (found: Uint8Array | undefined) =>
  found === undefined ? undefined : new TextDecoder().decode(found);

function batch(number: number, pages: readonly PageChange[]): CommitBatch {
  const firstSlot = number - 1;
  return {
    ...{ number, firstSlot, records: [bytes(`r${number}`)], outcomes: [bytes("o")], pages },
    ...{ tiles: [], index: [], certificate: bytes("c"), head: bytes(`head ${number}`) },
  };
}

/** Keys of different lengths, one the beginning of another; a value of "" is an empty page. */
const KEYS = ["a", "ab", "b", "page of another length", "\u0000"];
const change = fc.record({
  key: fc.constantFrom(...KEYS),
  value: fc.option(fc.constantFrom("", "x", "y", "long".repeat(900)), { nil: undefined }),
});
const few = fc.integer({ min: 0, max: 6 });
const commits = fc.array(fc.array(change, { maxLength: 6 }), { minLength: 1, maxLength: 14 });

const pagesOf = (changes: readonly { key: string; value: string | undefined }[]): PageChange[] =>
  changes.map(({ key, value }) => ({
    key: bytes(key),
    bytes: value === undefined ? undefined : bytes(value),
  }));

describe("page-history", () => {
  it("gives every kept commit the state a copy made then has, and no other any", async () => {
    await fc.assert(
      fc.asyncProperty(commits, few, fc.constantFrom(1, 2, 3, 64), async (made, keep, wait) => {
        const retention = keep;
        const options = { folder: newFolder(), stateRetention: keep, waitingCommits: wait };
        let store = await openDiskLedger(options);
        const copies = [new Map<string, string>([["a", "genesis"]])];
        await store.begin(bytes("head 0"), [{ key: bytes("a"), bytes: bytes("genesis") }]);
        for (const [index, changes] of made.entries()) {
          const copy = new Map(copies[index]);
          for (const { key, value } of changes) {
            if (value === undefined) copy.delete(key);
            else copy.set(key, value);
          }
          copies.push(copy);
          await store.append(batch(index + 1, pagesOf(changes)));
          if (index % 5 === 4) {
            await store.close();
            store = await openDiskLedger(options);
          }
          const newest = index + 1;
          const oldest = Math.max(0, newest - retention);
          expect(store.oldestState()).toBe(oldest);
          for (let at = oldest; at <= newest; at += 1) {
            const read = KEYS.map((key) => text(store.pageAt(at, bytes(key))));
            expect(read).toEqual(KEYS.map((key) => copies[at].get(key)));
            const all = [...store.pagesAt(at)].map(({ key, bytes: held }) => [
              text(key),
              text(held),
            ]);
            expect(new Map(all as [string, string][])).toEqual(copies[at]);
            expect(all.length).toBe(copies[at].size);
          }
          const now = [...store.pages()].map(({ key, bytes: held }) => [text(key), text(held)]);
          const due = [...copies[newest]].sort(([left], [right]) => (left < right ? -1 : 1));
          expect(now).toEqual(due);
          for (const at of [oldest - 1, newest + 1]) {
            expect(() => store.pageAt(at, bytes("a"))).toThrow(/is not kept/);
          }
        }
        await store.close();
      }),
      { numRuns: 25 },
    );
  });

  it("refuses an older state with its code and says which is the oldest", async () => {
    const store = await openDiskLedger({ folder: newFolder(), stateRetention: 1 });
    for (const number of [1, 2, 3]) await store.append(batch(number, []));
    let fault: unknown;
    try {
      store.pageAt(1, bytes("a"));
    } catch (error) {
      fault = error;
    }
    expect(fault).toMatchObject({ code: "STORE_PRUNED", facts: { commit: 1, oldest: 2 } });
    await store.close();
  });

  it("drops what a shorter retention no longer keeps", async () => {
    const folder = newFolder();
    const long = await openDiskLedger({ folder, stateRetention: 10 });
    for (let number = 1; number <= 8; number += 1) await long.append(batch(number, []));
    expect(long.oldestState()).toBe(0);
    await long.close();
    const short = await openDiskLedger({ folder, stateRetention: 2 });
    await short.append(batch(9, []));
    expect(short.oldestState()).toBe(7);
    await short.close();
  });
});
