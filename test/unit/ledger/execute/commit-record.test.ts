import { describe, expect, it } from "vitest";
import { epochAfter, leastCommitTime } from "../../../../src-main/ledger/index.ts";
import { codeOf, PracticeWorld, secretOf, transfer } from "../../../worlds/practice-world.ts";
import type { CommitTouch } from "../../../worlds/practice-world.ts";

const wrong = new Uint8Array(32).fill(1);

const FAULTS: readonly (readonly [string, CommitTouch])[] = [
  ["LEDGER_COMMIT_NETWORK", { payload: { genesisHash: wrong } }],
  ["LEDGER_COMMIT_NUMBER", { payload: { number: 3n } }],
  ["LEDGER_COMMIT_NUMBER", { payload: { number: 1n } }],
  ["LEDGER_COMMIT_EPOCH", { payload: { epoch: 1n } }],
  ["LEDGER_COMMIT_VIEW", { view: 1n }],
  ["LEDGER_COMMIT_VIEW", { payload: { parentView: 0n } }],
  ["LEDGER_COMMIT_SLOT", { payload: { firstSlot: 2n } }],
  ["LEDGER_COMMIT_TIME", { time: 1_000_099n }],
  ["LEDGER_COMMIT_RULES", { payload: { ruleVersion: 3 } }],
  ["LEDGER_COMMIT_ROOTS", { payload: { stateRoot: wrong } }],
  ["LEDGER_COMMIT_ROOTS", { payload: { outcomeRoot: wrong } }],
  ["LEDGER_COMMIT_ROOTS", { payload: { indexRoot: wrong } }],
  ["LEDGER_COMMIT_PROPOSER", { payload: { proposer: 1 } }],
  ["LEDGER_COMMIT_PROPOSER", { account: new Uint8Array(20) }],
  ["LEDGER_COMMIT_COUNT", { payload: { recordCount: 1 } }],
  ["LEDGER_COMMIT_SIGNATURE", { signer: secretOf("stranger") }],
  ["LEDGER_COMMIT_VRF", { vrfSecret: secretOf("stranger") }],
  ["LEDGER_COMMIT_VRF", { payload: { vrfProof: new Uint8Array(80) } }],
];

describe("ledger/execute/commit-record", () => {
  it.each(FAULTS)("refuses with %s", (code, touch) => {
    const world = new PracticeWorld({ keys: "real" });
    world.commit();
    expect(codeOf(world.execute([], touch))).toBe(code);
    expect(codeOf(world.execute())).toBe("");
  });

  it("lets views be skipped, since a view may be nullified", () => {
    const world = new PracticeWorld();
    world.commit([], { view: 5n });
    expect(world.head.view).toBe(5n);
    expect(codeOf(world.execute([], { view: 5n }))).toBe("LEDGER_COMMIT_VIEW");
  });

  it("takes the VRF proof of the commit's own view only", () => {
    const world = new PracticeWorld();
    expect(codeOf(world.execute([], { payload: { view: 2n } }))).toBe("LEDGER_COMMIT_VRF");
  });

  it("counts epochs by the parent's time, so a proposer cannot choose its own", () => {
    const world = new PracticeWorld();
    const day = world.genesis.constants.epochMs;
    world.commit([], { time: world.genesis.time + 3n * day });
    expect(world.head.epoch).toBe(0n);
    expect(epochAfter(world.genesis, world.head)).toBe(3n);
    world.commit();
    expect(world.head).toMatchObject({ epoch: 3n, view: 2n });
  });

  it("keeps the least interval between commits", () => {
    const world = new PracticeWorld();
    expect(leastCommitTime(world.genesis, world.head)).toBe(world.genesis.time + 50n);
  });

  it("refuses a record dropped from, or added to, a signed commit", () => {
    const world = new PracticeWorld();
    const pay = world.record("owner", transfer(world.address.stranger, 1n));
    expect(codeOf(world.execute([pay], { payload: { recordCount: 0 } }))).toBe(
      "LEDGER_COMMIT_COUNT",
    );
  });
});
