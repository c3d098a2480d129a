import { afterAll, beforeAll, describe, it } from "vitest";
import { makeSmallJob } from "../integration/miner/small-job.ts";
import { copiedVerdict } from "./adversaries/copied-verdict.ts";
import { equivocalVerdict } from "./adversaries/equivocal-verdict.ts";
import { forgedDraw } from "./adversaries/forged-draw.ts";
import { madeUpAccusation } from "./adversaries/made-up-accusation.ts";
import { withheldVerdict } from "./adversaries/withheld-verdict.ts";
import { openNetwork } from "./cheat-network.ts";
import type { CheatNetwork } from "./cheat-network.ts";
import { adversary, cheatTable, play } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";

const DISPUTED = { who: "verifier", end: "disputed", loses: ["worker", "verifier"] } as const;
const REFUSED = { who: "verifier", end: "refused", loses: ["verifier"] } as const;
const HARMLESS = { who: "verifier", end: "harmless", loses: [] } as const;

const CHEATS: readonly Scenario[] = [
  {
    ...DISPUTED,
    cheat: "lazy verifier: accepts with made-up inner digests",
    code: "LEDGER_INNER_MISMATCH",
    verifier: adversary("lazy-verifier"),
  },
  {
    ...REFUSED,
    cheat: "lazy verifier: copies what the worker opened",
    code: "LEDGER_COMMITMENT_MISMATCH",
    unitCode: "LEDGER_VERDICT_OPEN_MISSED",
    verifier: adversary("lazy-verifier"),
    records: copiedVerdict,
  },
  {
    ...DISPUTED,
    cheat: "false accusation: honest work called other data",
    code: "LEARNING_BATCH_MISMATCH",
    verifier: adversary("false-accusation"),
  },
  {
    ...REFUSED,
    cheat: "false accusation: of something no replay can find",
    code: "LEDGER_VERDICT_FORM",
    unitCode: "LEDGER_VERDICT_OPEN_MISSED",
    records: madeUpAccusation,
  },
  {
    ...DISPUTED,
    cheat: "withheld verdict",
    end: "missed",
    code: "LEDGER_VERDICT_OPEN_MISSED",
    loses: ["verifier"],
    records: withheldVerdict,
  },
  {
    ...HARMLESS,
    cheat: "equivocal verdict: commits to a second one",
    code: "LEDGER_VERDICT_TWICE",
    records: equivocalVerdict,
  },
  {
    ...HARMLESS,
    cheat: "forged draw: a VRF proof over something else",
    code: "LEDGER_VRF",
    records: forgedDraw,
  },
];

const job = makeSmallJob(24, 6, { fullReplayPermille: 1000 });
const table = cheatTable("simulation/verifier-cheats");
let network: CheatNetwork;
beforeAll(async () => {
  network = await openNetwork(job);
});
afterAll(async () => {
  await network.close();
  job.remove();
});

describe("a verifier that cheats is paid nothing for it, and the next job is paid", () => {
  it.each(CHEATS)("$cheat: $code", async (scenario) => {
    await play(network, scenario, table);
  });
});
