/** What a rule sees of a practice world's next commit, for tests that call a rule by itself. */

import { sha256 } from "../../src-main/crypto/index.ts";
import type { RuleContext } from "../../src-main/ledger/state/rule.ts";
import type { PracticeWorld } from "./practice-world.ts";

/** The context of the next commit, changed where a test says so. */
export function ruleContext(world: PracticeWorld, change: Partial<RuleContext> = {}): RuleContext {
  return {
    hasher: sha256,
    genesis: world.genesis,
    number: world.head.number + 1n,
    epoch: world.head.epoch,
    view: world.head.view + 1n,
    time: world.head.time + 50n,
    beacon: new Uint8Array(32),
    verifyVrf: world.needs.verifyVrf,
    verifyEd25519: world.needs.verifyEd25519,
    ...change,
  };
}
