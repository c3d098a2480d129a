import { afterAll, beforeAll, describe, it } from "vitest";
import { makeSmallJob } from "../integration/miner/small-job.ts";
import { earlyReveal, unsealedReveal } from "./adversaries/early-reveal.ts";
import { foreignSender, foreignSignature, replayedRecord } from "./adversaries/foreign-record.ts";
import { secondSeal } from "./adversaries/second-seal.ts";
import { openNetwork } from "./cheat-network.ts";
import type { CheatNetwork } from "./cheat-network.ts";
import { cheatTable, play } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";

const WORKER = { who: "worker", end: "harmless", loses: [] } as const;
const OUTSIDER = { who: "outsider", end: "harmless", loses: [] } as const;

const CHEATS: readonly Scenario[] = [
  {
    ...WORKER,
    cheat: "reveal in the commit of its own seal",
    code: "LEDGER_REVEAL_EARLY",
    records: earlyReveal,
  },
  {
    ...WORKER,
    cheat: "reveal without a seal",
    code: "LEDGER_UNIT_PHASE",
    records: unsealedReveal,
  },
  {
    ...WORKER,
    cheat: "second seal: another result beside the first",
    code: "LEDGER_SEAL_TWICE",
    records: secondSeal,
  },
  {
    ...OUTSIDER,
    cheat: "someone else's signature under the worker's record",
    code: "LEDGER_SIGNER",
    records: foreignSignature,
  },
  {
    ...OUTSIDER,
    cheat: "someone else's unit sealed",
    code: "LEDGER_UNIT_SENDER",
    records: foreignSender,
  },
  {
    ...OUTSIDER,
    cheat: "replayed record",
    code: "LEDGER_NONCE_USED",
    records: replayedRecord,
  },
];

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
  it.each(CHEATS)("$cheat: $code", async (scenario) => {
    await play(network, scenario, table);
  });
});
