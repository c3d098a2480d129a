import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RoundTable } from "../../reports/round-table.ts";
import { expectSteps } from "./copy-steps.ts";
import { SimulatedDisk } from "./simulated-disk.ts";
import { cutTrace, isData } from "./trace-cuts.ts";
import { readTrace, replay, STRACE } from "./write-trace.ts";
import type { TracedCall } from "./write-trace.ts";

const FULL = process.env["VIVIAN_FULL"] === "1";
const COMMITS = FULL ? 40 : 10;
const SEEDS = FULL ? 12 : 3;

/** Traces a process that does nothing, to learn whether this machine lets us. */
const TRACES = spawnSync("strace", ["-f", "-o", "/dev/null", "true"]).status === 0;
if (!TRACES) console.log("skipped: strace is absent or may not trace here (apt install strace)");

/** Those of the trace of commits; the others are of the steps beside them. */
const COMMIT_PLANTS = [
  "the data's sync",
  "the meta page's write-through",
  "the sync of the database's name",
  "the sync of the entries",
  "the sync of the entry files' names",
];
const STEP_PLANTS = [
  "the data's sync",
  "the sync of the snapshots",
  "the sync of the snapshot file's name",
  "the sync of the copied entries",
];

const table = new RoundTable("crashes", "integration/crashes/lmdb-cut");
/** What is rebuilt after a cut needs no disk: there its syncs would take most of the time. */
const IN_MEMORY = "/dev/shm";
const root = mkdtempSync(join(existsSync(IN_MEMORY) ? IN_MEMORY : tmpdir(), "vivian-lmdb-"));
const folder = join(root, "traced");
const stepFolder = join(root, "stepped");
let calls: TracedCall[] = [];
let stepCalls: TracedCall[] = [];

/** Traces one of our processes on a folder. */
function traced(child: string, at: string, words: readonly string[]): TracedCall[] {
  mkdirSync(at);
  const run = [process.execPath, join(import.meta.dirname, child), at, ...words];
  const ran = spawnSync("strace", [...STRACE, "-o", `${at}.trace`, ...run], {
    encoding: "utf8",
    env: { ...process.env, UV_USE_IO_URING: "0" },
  });
  expect([ran.status, ran.stderr]).toEqual([0, ""]);
  return readTrace(readFileSync(`${at}.trace`, "latin1"), at);
}

beforeAll(() => {
  if (!TRACES) return;
  calls = traced("storing-child.ts", folder, [String(COMMITS)]);
  stepCalls = traced("copying-child.ts", stepFolder, []);
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
  it.each(COMMIT_PLANTS)("loses commits without %s, and this test sees it", async (plant) => {
    await table.row(`missing planted: ${plant}`, () => {
      const script = join(import.meta.dirname, "planting-child.ts");
      const run = [script, `${folder}.trace`, folder, root, plant];
      const { status, signal, stderr } = spawnSync(process.execPath, run, { encoding: "utf8" });
      expect(status, stderr).not.toBe(0);
      expect(signal ?? stderr).toMatch(/^SIG|call \d+ \(/m);
      return { rounds: 1, outcome: "caught" };
    });
  });

  it("keeps a pruning, a snapshot's file and a restored store, wherever the cut is", async () => {
    expect(stepCalls.filter(({ kind }) => kind === "acknowledged").length).toBe(5);
    expect(stepCalls.some(({ kind }) => kind === "removal")).toBe(true);
    await table.row("pruning, snapshot, restore: recorded calls cut at each", async () => {
      const cuts = { folder: stepFolder, root, seeds: FULL ? SEEDS : 2, expect: expectSteps };
      const rounds = await cutTrace(stepCalls, cuts);
      return { rounds, outcome: "nothing acknowledged lost" };
    });
  });

  it.each(STEP_PLANTS)("loses one of these without %s, and this test sees it", async (plant) => {
    await table.row(`missing planted beside commits: ${plant}`, () => {
      const script = join(import.meta.dirname, "planting-child.ts");
      const run = [script, `${stepFolder}.trace`, stepFolder, root, plant, "steps"];
      const { status, signal, stderr } = spawnSync(process.execPath, run, { encoding: "utf8" });
      expect(status, stderr).not.toBe(0);
      expect(signal ?? stderr).toMatch(/^SIG|call \d+ \(/m);
      return { rounds: 1, outcome: "caught" };
    });
  });
});
