import { mkdirSync } from "node:fs";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import {
  controlSocketPath,
  socketSurroundings,
  startControlServer,
} from "../../../src-main/api/index.ts";
import type { ControlServer } from "../../../src-main/api/index.ts";
import { accept } from "../../../src-main/contract/outcome.ts";
import type { JobDetail, UnitResult } from "../../../src-main/contract/control-api/index.ts";
import { fakeNeeds } from "../api/fake-handlers.ts";
import { SAMPLE_RESULT } from "../../unit/processes/cli/sample-status.ts";
import { ended, TestHome } from "./run-vivian.ts";

let home: TestHome;
let fake: ReturnType<typeof fakeNeeds>;
let server: ControlServer;
/** What `job show` answers. */
let shown: JobDetail;

const SAMPLE_JOB: JobDetail = {
  job: "2c".repeat(32),
  name: "iris",
  state: "working",
  sponsored: false,
  createdSlot: 1,
  priceBase: "1",
  steps: 57,
  batchSize: 16,
  segmentLength: 1,
  datasetRoot: "00".repeat(32),
  programHash: "00".repeat(32),
  specificationHash: null,
  data: null,
  progress: null,
  result: null,
};

/** A daemon that does nothing but say what the test lets it say. */
beforeEach(async () => {
  home = new TestHome();
  mkdirSync(home.folder.network, { recursive: true });
  const runtimeFolder = home.environment["XDG_RUNTIME_DIR"];
  const path = controlSocketPath(home.folder.network, { ...socketSurroundings(), runtimeFolder });
  if (!path.ok) throw new Error(path.rejection.code);
  shown = SAMPLE_JOB;
  fake = fakeNeeds({ "job.show": () => Promise.resolve(accept(shown)) });
  const started = await startControlServer(path.value, fake.needs);
  if (!started.ok) throw new Error(started.rejection.code);
  server = started.value;
});

afterEach(async () => {
  await server.close();
  await home.remove();
});

/** Watches until subscribed, then lets the daemon say something. */
async function watchAnd(say: () => void, words: readonly string[] = []) {
  const watching = ended(home.spawn(["job", "watch", ...words]));
  await expect.poll(() => fake.listenerCount(), { timeout: 20_000 }).toBe(1);
  say();
  return watching;
}

describe("job watch", () => {
  it("ends with 0 and the last lines when the unit is paid", async () => {
    const ran = await watchAnd(() => fake.change({ lastResult: SAMPLE_RESULT }));
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toContain("Reward paid: 12.40 VIV (practice, no value)");
  });

  it("of one job goes on past the unit of another", async () => {
    const other = { ...SAMPLE_RESULT, unit: "11".repeat(32), steps: 11 };
    const own = { ...SAMPLE_RESULT, unit: "22".repeat(32), steps: 57 };
    const ran = await watchAnd(() => {
      fake.change({ lastResult: other });
      setTimeout(() => {
        shown = { ...SAMPLE_JOB, state: "done", result: own };
        fake.change({ lastResult: own });
      }, 500);
    }, ["2c2c2c2c"]);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toContain("Trained: 57 steps");
    expect(ran.stdout).not.toContain("Trained: 11 steps");
  });

  it("of one job that has ended before says so at once", async () => {
    shown = { ...SAMPLE_JOB, state: "done", result: SAMPLE_RESULT };
    const ran = await ended(home.spawn(["job", "watch", "2c2c2c2c"]));
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toContain("Reward paid: 12.40 VIV");
  });

  it("ends with 1, the code, what is safe and what is next when the unit is voided", async () => {
    const voided: UnitResult = {
      ...SAMPLE_RESULT,
      outcome: "voided",
      code: "LEARNING_STATE_MISMATCH",
      facts: { segment: 7 },
      payments: [],
    };
    const ran = await watchAnd(() => fake.change({ lastResult: voided }));
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/^LEARNING_STATE_MISMATCH: .*segment 7/);
    expect(ran.stdout).toContain("Safe: ");
    expect(ran.stdout).not.toContain("Reward");
  });

  it("ends with 1 and the code when mining stops by a fault", async () => {
    const mine = {
      state: "failed",
      code: "MINER_UNIT_FOLDER",
      facts: { path: "/x" },
      device: "x",
      engine: "reference",
      unit: null,
    } as const;
    const ran = await watchAnd(() => fake.change({ mine }));
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/^MINER_UNIT_FOLDER: /);
  });

  it("ends with 1 when the daemon goes away", async () => {
    const ran = await watchAnd(() => void server.close());
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/^PROCESSES_DAEMON_ENDED: /);
  });
});
