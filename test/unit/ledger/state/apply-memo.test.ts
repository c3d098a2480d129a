import { describe, expect, it } from "vitest";
import { inclusionFee, pricesAt } from "../../../../src-main/ledger/index.ts";
import type { PayloadOf } from "../../../../src-main/ledger/index.ts";
import { PracticeWorld } from "../../../worlds/practice-world.ts";

describe("ledger/state/apply-memo", () => {
  it("moves no money and adds nothing to the state, so it costs its bytes alone", () => {
    const world = new PracticeWorld();
    const memo = new TextEncoder().encode("for the model of last week");
    const payload: PayloadOf<"memo"> = { kind: "memo", to: world.address.stranger, memo };
    const stored = world.record("owner", payload);
    const [, outcome] = world.commit([stored]).outcomes;
    const feeBase = inclusionFee(pricesAt(world.genesis.constants), stored.length, payload);
    expect(outcome).toEqual({ code: "", feeBase, effects: [] });
  });
});
