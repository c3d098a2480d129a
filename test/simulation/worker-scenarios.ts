/** Decides what cheats of a worker there are and how each must end. */

import { lateReveal } from "./adversaries/late-reveal.ts";
import { paddedCount } from "./adversaries/padded-count.ts";
import { withheldList } from "./adversaries/withheld-list.ts";
import { withheldOpening } from "./adversaries/withheld-opening.ts";
import { otherInners, otherSegments } from "./adversaries/wrong-openings.ts";
import { adversary } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";

const DISPUTED = { who: "worker", end: "disputed", loses: ["worker", "verifier"] } as const;
const SILENT = { who: "worker", end: "missed", loses: ["worker"] } as const;
const REFUSED = { who: "worker", end: "refused", loses: ["worker"] } as const;

/** What a worker may try. */
export const WORKER_CHEATS: readonly Scenario[] = [
  {
    ...DISPUTED,
    cheat: "wrong step: one weight changed after step 22",
    code: "LEARNING_STATE_MISMATCH",
    worker: adversary("wrong-step"),
  },
  {
    ...DISPUTED,
    cheat: "wrong step in a private job: the escrow goes back",
    code: "LEARNING_STATE_MISMATCH",
    worker: adversary("wrong-step"),
    escrow: true,
  },
  {
    ...DISPUTED,
    cheat: "wrong batch: half of the samples only",
    code: "LEARNING_BATCH_MISMATCH",
    worker: adversary("wrong-batch"),
  },
  {
    ...DISPUTED,
    cheat: "wrong hyper-parameter: ten times the learning rate",
    code: "LEARNING_OTHER_PROGRAM",
    worker: adversary("wrong-hyper-parameter"),
  },
  {
    ...DISPUTED,
    cheat: "truncated chain: half of the steps, the list filled up",
    code: "LEARNING_STEPS_MISSING",
    worker: adversary("truncated-chain"),
  },
  {
    ...REFUSED,
    cheat: "short list: half of the steps, and it says so",
    code: "LEDGER_SEGMENT_COUNT",
    unitCode: "LEDGER_REVEAL_MISSED",
    worker: adversary("short-list"),
  },
  {
    ...DISPUTED,
    cheat: "short list: half of the steps, the count of all",
    code: "LEARNING_LIST",
    worker: adversary("short-list"),
    records: paddedCount,
  },
  {
    ...DISPUTED,
    cheat: "stale start root: on from another seed's start",
    code: "LEARNING_START_ROOT",
    worker: adversary("stale-start-root"),
  },
  {
    ...DISPUTED,
    cheat: "tampered checkpoint: one bit of a state it hands out",
    code: "LEARNING_CHECKPOINT",
    worker: adversary("tampered-checkpoint"),
  },
  {
    ...DISPUTED,
    cheat: "withheld checkpoint",
    code: "LEARNING_WITHHELD",
    worker: adversary("withheld-checkpoint"),
  },
  {
    ...DISPUTED,
    cheat: "withheld list",
    code: "LEARNING_LIST_WITHHELD",
    records: withheldList,
  },
  {
    ...DISPUTED,
    cheat: "copied result: list and states right, inner digests made up",
    code: "LEDGER_INNER_MISMATCH",
    worker: adversary("copied-result"),
  },
  {
    ...REFUSED,
    cheat: "late reveal",
    code: "LEDGER_UNIT_LATE",
    unitCode: "LEDGER_REVEAL_MISSED",
    records: lateReveal,
  },
  {
    ...SILENT,
    cheat: "withheld opening, once the draw is known",
    code: "LEDGER_OPENING_MISSED",
    records: withheldOpening,
  },
  {
    ...REFUSED,
    cheat: "wrong openings: another inner digest than sealed",
    code: "LEARNING_OPENING_PROOF",
    unitCode: "LEDGER_OPENING_MISSED",
    records: otherInners,
  },
  {
    ...REFUSED,
    cheat: "wrong openings: fewer segments than drawn",
    code: "LEARNING_OPENING_SEGMENTS",
    unitCode: "LEDGER_OPENING_MISSED",
    records: otherSegments,
  },
];
