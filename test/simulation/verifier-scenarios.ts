/** Decides what cheats of a verifier there are and how each must end. */

import { copiedVerdict } from "./adversaries/copied-verdict.ts";
import { equivocalVerdict } from "./adversaries/equivocal-verdict.ts";
import { forgedDraw } from "./adversaries/forged-draw.ts";
import { madeUpAccusation } from "./adversaries/made-up-accusation.ts";
import { withheldVerdict } from "./adversaries/withheld-verdict.ts";
import { adversary } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";

const DISPUTED = { who: "verifier", end: "disputed", loses: ["worker", "verifier"] } as const;
const REFUSED = { who: "verifier", end: "refused", loses: ["verifier"] } as const;
const HARMLESS = { who: "verifier", end: "harmless", loses: [] } as const;

/** What a verifier may try. */
export const VERIFIER_CHEATS: readonly Scenario[] = [
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
