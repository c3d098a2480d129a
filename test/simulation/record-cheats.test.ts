import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeSmallJob } from "../integration/miner/small-job.ts";
import { openNetwork } from "./cheat-network.ts";
import type { CheatNetwork } from "./cheat-network.ts";
import { cheatTable, play } from "./scenario.ts";
import { RECORD_CHEATS } from "./record-scenarios.ts";

const job = makeSmallJob(24, 6, { fullReplayPermille: 0 });
const table = cheatTable("simulation/record-cheats");
let network: CheatNetwork;
beforeAll(async () => {
  network = await openNetwork(job);
});
afterAll(async () => {
  await network.close();
  job.remove();
});

describe("a record nobody may send changes nothing: the honest unit is paid once", () => {
  it.each(RECORD_CHEATS)("$cheat: $code", async (scenario) => {
    await play(network, scenario, table);
  });

  it("leaves a ledger behind that holds when all of it is checked again", async () => {
    expect(await network.node.verify()).toMatchObject({ ok: true, code: undefined });
  });
});
