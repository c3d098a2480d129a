import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { DIGITS_BLOB_SHA256 } from "../../../src-main/adapters/datasets/index.ts";
import { openBlobFiles } from "../../../src-main/adapters/blobs/index.ts";
import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import type { ControlClient } from "../../../src-main/api/index.ts";
import { encode } from "../../../src-main/codec/index.ts";
import { hexToBytes } from "../../../src-main/contract/bytes.ts";
import { jobSpecificationCodec } from "../../../src-main/learning/index.ts";
import type { DeviceChoice } from "../../../src-main/miner/index.ts";
import { forkChild } from "../../../src-main/processes/fork-child.ts";
import { RoundTable } from "../../reports/round-table.ts";
import { KeptSeeds } from "../../worlds/kept-seeds.ts";
import { SeededRandom } from "../../worlds/seeded-random.ts";
import { runWorker } from "../miner/worker-run.ts";
import { isAlive, TestHome } from "../processes/run-vivian.ts";
import { hashesText, toldUnits } from "./told-jobs.ts";
import type { ToldUnit } from "./told-jobs.ts";

const FULL = process.env["VIVIAN_FULL"] === "1";
/** In two rounds from this seed on each of the three is killed once. */
const SHORT_SEED = 2;
const ROUNDS = FULL ? 100 : 2;

const kept = new KeptSeeds("kill");

/** A digits-tiny job takes about this long here when nothing disturbs it. */
const JOB_MS = 1_500;
const ROUND_LIMIT_MS = 60_000;

const TARGETS = ["daemon", "worker", "verifier"] as const;
type Target = (typeof TARGETS)[number];

/** Children are found in /proc. */
const LINUX = process.platform === "linux";
if (!LINUX) console.log("skipped: processes are found in /proc, which is not here");

const table = new RoundTable("crashes", "integration/crashes/kill");
const home = new TestHome('[jobs]\nfirst = "digits-tiny"\n');
afterAll(() => home.remove());

const kills: Record<Target, number> = { daemon: 0, worker: 0, verifier: 0 };
let jobs = 0;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Process ids of the daemon's children of that kind. */
function childrenOf(daemon: number, target: Target): number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      const stat = readFileSync(join("/proc", String(pid), "stat"), "latin1");
      const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
      const words = readFileSync(join("/proc", String(pid), "cmdline"), "utf8");
      return parent === daemon && words.includes(`/processes/${target}.ts`);
    } catch {
      return false;
    }
  });
}

/** What the daemon wrote last, for a round that failed. */
function lastWords(): string {
  const files = ["daemon.log", "output.log"].map((name) => join(home.folder.logs, name));
  return files.map((file) => readFileSync(file, "utf8").slice(-3_000)).join("\n--\n");
}

/** The socket of a killed daemon takes callers until the last of its threads has gone. */
async function answering(): Promise<ControlClient | null> {
  for (let client = await home.connect(); client !== null; client = await home.connect()) {
    if ((await client.call("status", {})).ok) return client;
    client.close();
  }
  return null;
}

async function up(): Promise<ControlClient> {
  const client = await answering();
  if (client !== null) return client;
  expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0, stderr: "" });
  const started = await answering();
  if (started === null) throw new Error("the daemon does not answer");
  return started;
}

async function jobsDone(client: ControlClient): Promise<number> {
  const status = await client.call("status", {});
  if (!status.ok) throw new Error(status.rejection.code);
  const { jobsDone: done, mine } = status.value;
  if (mine.state === "failed") throw new Error(`mining failed: ${mine.code}`);
  return done;
}

/** Kills one process at a moment the seed draws; false when it was not there in time. */
async function killOne(daemon: number, target: Target, random: SeededRandom): Promise<boolean> {
  if (target === "daemon") {
    await pause(random.below(JOB_MS));
    process.kill(daemon, "SIGKILL");
    await expect.poll(() => isAlive(daemon)).toBe(false);
    return true;
  }
  let pids = childrenOf(daemon, target);
  for (let looks = 0; pids.length === 0 && looks < 300; looks += 1) {
    await pause(10);
    pids = childrenOf(daemon, target);
  }
  await pause(random.below(target === "worker" ? 600 : 300));
  const alive = pids.filter(isAlive);
  for (const pid of alive) process.kill(pid, "SIGKILL");
  return alive.length > 0;
}

/** One job under one to three kills; it must go on, end paid, and leave a whole ledger. */
async function round(seed: number): Promise<void> {
  const random = new SeededRandom(seed);
  let client = await up();
  const sent = await client.call("job.submit", { name: "digits-tiny" }, ROUND_LIMIT_MS);
  if (!sent.ok) throw new Error(sent.rejection.code);
  jobs += 1;
  const count = 1 + random.below(3);
  for (let kill = 0; kill < count; kill += 1) {
    const target = TARGETS[(seed + kill) % TARGETS.length];
    const daemon = await home.daemonPid();
    if (await killOne(daemon, target, random)) kills[target] += 1;
    if (target !== "daemon") continue;
    client.close();
    client = await up();
  }
  const done = () => jobsDone(client);
  await expect.poll(done, { timeout: ROUND_LIMIT_MS, interval: 50 }).toBe(jobs);
  const verified = await client.call("ledger.verify", {}, ROUND_LIMIT_MS);
  expect(verified.ok && verified.value).toMatchObject({ ok: true, code: null });
  client.close();
}

/** Trains the unit again with nobody disturbing it. */
async function undisturbed(told: ToldUnit, engine: DeviceChoice["engine"]): Promise<string> {
  const blobs = openBlobFiles(home.folder.blobs, nativeSha256);
  const run = await runWorker(forkChild("worker"), {
    kind: "start",
    unit: told.unit,
    job: told.job,
    round: 0,
    shard: 0,
    specification: encode(jobSpecificationCodec, told.spec),
    unitFolder: join(home.root, `again-${Buffer.from(told.unit).toString("hex")}`),
    datasetPath: blobs.path(hexToBytes(DIGITS_BLOB_SHA256)),
    device: { engine, isa: null, threads: null },
  });
  if (run.result !== undefined) return hashesText(run.result);
  // Where the native engine is not built, the reference gives the same bytes.
  if (engine === "native-cpu") return undisturbed(told, "reference");
  throw new Error(`the undisturbed run ended: ${run.exit.words}`);
}

const LIMIT_MS = ROUNDS * 40_000;

describe.skipIf(!LINUX)("kill -9 of daemon, worker and verifier", () => {
  it(
    "leaves a job that goes on, ends paid, in a ledger that is whole",
    async () => {
      const first = FULL ? (Date.now() % 1_000_000) + 1 : SHORT_SEED;
      const drawn = Array.from({ length: ROUNDS }, (_, index) => first + index);
      const seeds = [...kept.read(), ...drawn];
      console.log(`kill -9 seeds ${seeds[0]} to ${seeds[seeds.length - 1]}`);
      await table.row("kill -9 of daemon, worker, verifier in a real job", async () => {
        for (const seed of seeds) {
          await kept.run(seed, () =>
            round(seed).catch((error: unknown) => {
              throw new Error(`${String(error)}\n${lastWords()}`, { cause: error });
            }),
          );
        }
        const { daemon, worker, verifier } = kills;
        expect(daemon).toBeGreaterThan(0);
        expect(worker).toBeGreaterThan(0);
        const killed = `daemon ${daemon}, worker ${worker}, verifier ${verifier} times killed`;
        return { rounds: jobs, outcome: `${killed}; every job paid, ledger whole` };
      });
    },
    LIMIT_MS,
  );

  it(
    "gives every unit the hashes of an undisturbed run, and pays it once",
    async () => {
      await table.row("the killed jobs' hashes against undisturbed runs", async () => {
        expect(await home.run(["stop"])).toMatchObject({ code: 0 });
        const units = await toldUnits(home.folder);
        expect(units.length).toBe(jobs);
        for (const told of units) {
          expect(told.paid).toEqual(["worker", "verifiers", "pool"]);
          expect(await undisturbed(told, "native-cpu")).toBe(told.hashes);
        }
        const report = await home.run(["ledger", "verify"]);
        expect(report).toMatchObject({ code: 0, stderr: "" });
        return { rounds: units.length, outcome: "equal hashes, each paid once" };
      });
    },
    LIMIT_MS,
  );
});
