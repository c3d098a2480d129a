import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nativeSha256 } from "../../src-main/adapters/native-crypto/index.ts";
import { bytesToHex } from "../../src-main/contract/bytes.ts";
import { stateRoot } from "../../src-main/engine/index.ts";
import { specificationOf } from "../../src-main/ledger/index.ts";
import { openJob, startState } from "../../src-main/miner/job/job-program.ts";
import { makeSmallJob } from "../integration/miner/small-job.ts";
import { claimingStart, keptWork, resubmitted } from "./adversaries/resubmitted-unit.ts";
import { openNetwork } from "./cheat-network.ts";
import type { CheatNetwork } from "./cheat-network.ts";
import { cheatTable, play } from "./scenario.ts";
import { runUnit } from "./unit-run.ts";

const DISPUTED = { who: "worker", end: "disputed", loses: ["worker", "verifier"] } as const;

const job = makeSmallJob(24, 6, { fullReplayPermille: 1000 });
const table = cheatTable("simulation/resubmitted-unit");
const kept = join(job.folder, "kept");
let network: CheatNetwork;
beforeAll(async () => {
  network = await openNetwork(job);
  const newest = () => bytesToHex(network.node.units(1)[0].id);
  const records = keptWork(() => join(job.folder, "units", newest()), kept);
  expect((await runUnit(network, { records })).row.phase).toBe("paid");
});
afterAll(async () => {
  await network.close();
  job.remove();
});

/** The start root of the newest unit's job, as anybody computes it. */
function newestStart(): Uint8Array {
  const row = network.node.jobs(1)[0];
  const program = openJob(nativeSha256, { ...specificationOf(row), seedRule: 0, seed: row.seed });
  return stateRoot(nativeSha256, program.program, startState(program));
}

describe("a worker that seals paid work once more is paid nothing for it", () => {
  it("as it was", async () => {
    await play(
      network,
      {
        ...DISPUTED,
        cheat: "stale checkpoints: a paid unit resubmitted as it was",
        code: "LEARNING_START_ROOT",
        files: resubmitted(kept),
      },
      table,
    );
  });

  it("under the start of the new job", async () => {
    await play(
      network,
      {
        ...DISPUTED,
        cheat: "stale checkpoints: a paid unit resubmitted under the new start",
        code: "LEARNING_CHAIN",
        files: resubmitted(kept),
        records: claimingStart(newestStart),
      },
      table,
    );
  });
});
