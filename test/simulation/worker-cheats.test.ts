import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeSmallJob } from "../integration/miner/small-job.ts";
import { openNetwork } from "./cheat-network.ts";
import type { CheatNetwork } from "./cheat-network.ts";
import { cheatTable, play } from "./scenario.ts";
import { WORKER_CHEATS } from "./worker-scenarios.ts";

const job = makeSmallJob(24, 12, { fullReplayPermille: 1000 });
const table = cheatTable("simulation/worker-cheats");
let network: CheatNetwork;
beforeAll(async () => {
  network = await openNetwork(job);
});
afterAll(async () => {
  await network.close();
  job.remove();
});

describe("a worker that cheats is paid nothing, and the next job is", () => {
  it.each(WORKER_CHEATS)("$cheat: $code", async (scenario) => {
    await play(network, scenario, table);
  });

  it("leaves a ledger behind that holds when all of it is checked again", async () => {
    expect(await network.node.verify()).toMatchObject({ ok: true, code: undefined });
  });
});
