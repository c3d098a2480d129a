import { describe, expect, it } from "vitest";

import type { Child, ChildExit } from "../../../../src-main/miner/index.ts";
import { openDataImports } from "../../../../src-main/processes/daemon/import-data.ts";
import { sampleSet } from "./sample-set.ts";

/** A child that does as the test says once it is told to start. */
function fakeChild(act: (say: (message: unknown) => void, end: (exit: ChildExit) => void) => void) {
  const heard: unknown[] = [];
  let say = (_message: unknown): void => {};
  let end = (_exit: ChildExit): void => {};
  let killed = false;
  const child: Child = {
    pid: 1,
    send: (message) => {
      heard.push(message);
      act(
        (text) => say(text),
        (exit) => end(exit),
      );
    },
    onMessage: (listener) => (say = listener),
    onExit: (listener) => (end = listener),
    kill: () => (killed = true),
  };
  return { child, heard, wasKilled: () => killed };
}

function codeOf(outcome: { ok: boolean; rejection?: { code: string } }): string {
  return outcome.rejection?.code ?? "";
}

describe("openDataImports", () => {
  it("hands over what the importer reports, and ends it", async () => {
    const { child, heard, wasKilled } = fakeChild((say) =>
      say({ kind: "imported", ...sampleSet() }),
    );
    const read = await openDataImports("/blobs", () => child).read("/data");
    expect(read).toMatchObject({ ok: true, value: { data: { name: "iris.csv" } } });
    expect(heard).toEqual([{ kind: "start", path: "/data", text: null, blobsFolder: "/blobs" }]);
    expect(wasKilled()).toBe(true);
  });

  it("says why nothing was imported, whatever became of the importer", async () => {
    const refused = { kind: "refused", code: "DATA_IMPORT_NUMBER", facts: { row: 3 } };
    const of = (act: Parameters<typeof fakeChild>[0], timeoutMs?: number) =>
      openDataImports("/blobs", () => fakeChild(act).child, timeoutMs).read("/data");
    expect(await of((say) => say(refused))).toEqual({
      ok: false,
      rejection: { code: "DATA_IMPORT_NUMBER", facts: { row: 3 } },
    });
    const killed = { code: null, signal: "SIGKILL", words: "" };
    expect(codeOf(await of((_say, end) => end(killed)))).toBe("PROCESSES_IMPORT_ENDED");
    expect(codeOf(await of((say) => say("nonsense")))).toBe("MINER_MESSAGE");
    expect(codeOf(await of(() => {}, 1))).toBe("PROCESSES_IMPORT_SLOW");
  });

  it("reads one path at a time, and the next one after that", async () => {
    const waiting: (() => void)[] = [];
    const imports = openDataImports("/blobs", () => {
      return fakeChild((say) => waiting.push(() => say({ kind: "imported", ...sampleSet() })))
        .child;
    });
    const first = imports.read("/a");
    expect(codeOf(await imports.read("/b"))).toBe("PROCESSES_IMPORT_BUSY");
    waiting.shift()?.();
    expect((await first).ok).toBe(true);
    const next = imports.read("/b");
    waiting.shift()?.();
    expect((await next).ok).toBe(true);
  });
});
