import { describe, expect, it } from "vitest";
import { ANCHORS } from "../../../../src-main/ledger/index.ts";
import type { PayloadOf } from "../../../../src-main/ledger/index.ts";
import { ANCHOR_ROWS_MAX } from "../../../../src-main/ledger/limits.ts";
import { PracticeWorld } from "../../../worlds/practice-world.ts";

const DAY_MS = 86_400_000n;
const anchor = (day: number, rows = 24): PayloadOf<"energy-anchor"> => ({
  kind: "energy-anchor",
  day,
  root: new Uint8Array(32).fill(day + 1),
  rows,
});

describe("ledger/state/apply-energy-anchor", () => {
  it("keeps the newest root and one deposit", () => {
    const world = new PracticeWorld();
    world.commit([], { time: 5n * DAY_MS });
    expect(world.codeOf(world.record("owner", anchor(1)))).toBe("");
    const first = world.row(ANCHORS, world.address.owner);
    expect(world.codeOf(world.record("owner", anchor(3)))).toBe("");
    const second = world.row(ANCHORS, world.address.owner);
    expect(second).toMatchObject({ day: 3, root: anchor(3).root, rows: 24 });
    expect(second?.deposit).toEqual(first?.deposit);
    expect(second?.slot).toBe(world.head.firstSlot + 1n);
  });

  it("takes a day once and never an earlier one", () => {
    const world = new PracticeWorld();
    world.commit([], { time: 5n * DAY_MS });
    expect(world.codeOf(world.record("owner", anchor(2)))).toBe("");
    expect(world.codeOf(world.record("owner", anchor(2)))).toBe("LEDGER_ANCHOR_DAY");
    expect(world.codeOf(world.record("owner", anchor(1)))).toBe("LEDGER_ANCHOR_DAY");
    expect(world.codeOf(world.record("worker", anchor(1)))).toBe("");
  });

  it("takes a day when it is over, to the millisecond", () => {
    const world = new PracticeWorld();
    const late = { time: 2n * DAY_MS - 1n };
    expect(world.codeOf(world.record("owner", anchor(1)), late)).toBe("LEDGER_ANCHOR_EARLY");
    const over = { time: 2n * DAY_MS + 100n };
    expect(world.codeOf(world.record("owner", anchor(1)), over)).toBe("");
  });

  it("refuses a root over nothing or over too much", () => {
    const world = new PracticeWorld();
    world.commit([], { time: 5n * DAY_MS });
    for (const rows of [0, ANCHOR_ROWS_MAX + 1]) {
      expect(world.codeOf(world.record("owner", anchor(1, rows)))).toBe("LEDGER_ANCHOR_ROWS");
    }
    expect(world.codeOf(world.record("owner", anchor(1, ANCHOR_ROWS_MAX)))).toBe("");
  });
});
