import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RoundTable } from "../../reports/round-table.ts";
import { SimulatedDisk } from "./simulated-disk.ts";
import { cutTrace, isData, PLANTS } from "./trace-cuts.ts";
import { readTrace, replay, STRACE } from "./write-trace.ts";
import type { TracedCall } from "./write-trace.ts";

const FULL = process.env["VIVIAN_FULL"] === "1";
const COMMITS = FULL ? 40 : 10;
const SEEDS = FULL ? 12 : 3;

/** Traces a process that does nothing, to learn whether this machine lets us. */
const TRACES = spawnSync("strace", ["-f", "-o", "/dev/null", "true"]).status === 0;
if (!TRACES) console.log("skipped: strace is absent or may not trace here (apt install strace)");

const table = new RoundTable("crashes", "integration/crashes/lmdb-cut");
const root = mkdtempSync(join(tmpdir(), "vivian-lmdb-"));
const folder = join(root, "traced");
let calls: TracedCall[] = [];

beforeAll(() => {
  if (!TRACES) return;
  const trace = join(root, "trace");
  mkdirSync(folder);
  const child = join(import.meta.dirname, "storing-child.ts");
  const run = [process.execPath, child, folder, String(COMMITS)];
  const ran = spawnSync("strace", [...STRACE, "-o", trace, ...run], {
    encoding: "utf8",
    env: { ...process.env, UV_USE_IO_URING: "0" },
  });
  expect([ran.status, ran.stderr]).toEqual([0, ""]);
  calls = readTrace(readFileSync(trace, "latin1"), folder);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe.skipIf(!TRACES)("lmdb at a power cut", () => {
  it("is traced: pages, syncs and written-through meta pages", () => {
    const data = calls.filter(isData);
    const through = data.filter((call) => call.kind === "write" && call.synced);
    expect(through.length).toBeGreaterThanOrEqual(COMMITS);
    expect(data.filter(({ kind }) => kind === "sync").length).toBeGreaterThanOrEqual(COMMITS);
    expect(calls.filter(({ kind }) => kind === "acknowledged").length).toBe(COMMITS);
    const files = calls
      .filter(({ kind }) => kind === "file")
      .map((call) => "path" in call && call.path);
    expect(files.some((path) => path !== false && path.endsWith("/entries-1"))).toBe(true);
    const disk = new SimulatedDisk();
    for (const call of calls) replay(disk, call, folder);
    const database = disk.root.seen.get("database");
    const file = database?.kind === "folder" ? database.seen.get("data.mdb") : undefined;
    const real = readFileSync(join(folder, "database", "data.mdb"));
    // The last pages that were reserved and never written are not in the trace.
    const seen = file?.kind === "file" ? file.seen : new Uint8Array(0);
    expect(real.subarray(0, seen.length).equals(seen), "the trace gives the file").toBe(true);
  });

  it("keeps every commit that was acknowledged, wherever the cut is", async () => {
    await table.row("lmdb and entries: recorded calls cut at each", async () => {
      const rounds = await cutTrace(calls, { folder, root, seeds: SEEDS });
      return { rounds, outcome: "nothing acknowledged lost, went on" };
    });
  });

  // In a process of its own: what lmdb finds on such a disk may end the process.
  it.each(Object.keys(PLANTS))("loses commits without %s, and this test sees it", async (plant) => {
    await table.row(`missing planted: ${plant}`, () => {
      const script = join(import.meta.dirname, "planting-child.ts");
      const run = [script, join(root, "trace"), folder, root, plant];
      const { status, signal, stderr } = spawnSync(process.execPath, run, { encoding: "utf8" });
      expect(status, stderr).not.toBe(0);
      expect(signal ?? stderr).toMatch(/^SIG|call \d+ \(/m);
      return { rounds: 1, outcome: "caught" };
    });
  });
});
