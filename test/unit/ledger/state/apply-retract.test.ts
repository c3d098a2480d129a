import { describe, expect, it } from "vitest";
import { ACCOUNTS, PUBLICATIONS } from "../../../../src-main/ledger/index.ts";
import type { PayloadOf } from "../../../../src-main/ledger/index.ts";
import { publicationId } from "../../../../src-main/ledger/state/rows-published.ts";
import { PracticeWorld, publish } from "../../../worlds/practice-world.ts";

const retract = (slot: bigint): PayloadOf<"retract"> => ({ kind: "retract", slot });

function published(): PracticeWorld {
  const world = new PracticeWorld();
  const payload = publish({ collection: "c", embedding: new Uint8Array(4) });
  expect(world.codeOf(world.record("owner", payload))).toBe("");
  return world;
}

describe("ledger/state/apply-retract", () => {
  it("deletes the row, gives the deposit back and names the collection", () => {
    const world = published();
    const row = world.row(PUBLICATIONS, publicationId(1n));
    const before = world.row(ACCOUNTS, world.address.owner)?.balanceBase ?? 0n;
    const [, outcome] = world.commit([world.record("owner", retract(1n))]).outcomes;
    expect(outcome.effects).toEqual([{ kind: "retracted", publication: 1n, collection: "c" }]);
    expect(world.row(PUBLICATIONS, publicationId(1n))).toBeUndefined();
    const after = world.row(ACCOUNTS, world.address.owner)?.balanceBase ?? 0n;
    expect(after).toBe(before - outcome.feeBase + (row?.deposit.depositBase ?? 0n));
  });

  it("refuses a slot without a publication, and a second time", () => {
    const world = published();
    expect(world.codeOf(world.record("owner", retract(0n)))).toBe("LEDGER_PUBLICATION_UNKNOWN");
    expect(world.codeOf(world.record("owner", retract(1n)))).toBe("");
    expect(world.codeOf(world.record("owner", retract(1n)))).toBe("LEDGER_PUBLICATION_UNKNOWN");
  });

  it("refuses whoever did not publish it", () => {
    const world = published();
    expect(world.codeOf(world.record("worker", retract(1n)))).toBe("LEDGER_PUBLICATION_OTHERS");
    expect(world.row(PUBLICATIONS, publicationId(1n))).toBeDefined();
  });
});
