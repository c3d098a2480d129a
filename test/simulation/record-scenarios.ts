/** Decides what records that nobody may send there are and how each must end. */

import { earlyReveal, unsealedReveal } from "./adversaries/early-reveal.ts";
import { foreignSender, foreignSignature, replayedRecord } from "./adversaries/foreign-record.ts";
import { secondSeal } from "./adversaries/second-seal.ts";
import type { Scenario } from "./scenario.ts";

const WORKER = { who: "worker", end: "harmless", loses: [] } as const;
const OUTSIDER = { who: "outsider", end: "harmless", loses: [] } as const;

/** What anybody who has a key may try. */
export const RECORD_CHEATS: readonly Scenario[] = [
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
