import { describe, expect, it } from "vitest";
import { PracticeWorld } from "../../../worlds/practice-world.ts";
import { UnitLife } from "../../../worlds/unit-life.ts";

describe("ledger/state/apply-unit-seal", () => {
  it("keeps the seal and gives the reveal its window", () => {
    const world = new PracticeWorld();
    const life = new UnitLife(world).until("seal");
    life.take("seal");
    expect(life.unitRow).toMatchObject({
      phase: "sealed",
      seal: life.seal().seal,
      sealedNumber: world.head.number,
      deadline: world.head.time + BigInt(life.spec.verdictWindowMs),
    });
  });

  it("does not let a worker seal a second result", () => {
    const world = new PracticeWorld();
    const life = new UnitLife(world).until("reveal");
    const other = { ...life.seal(), seal: new Uint8Array(32).fill(1) };
    expect(world.codeOf(world.record("worker", other))).toBe("LEDGER_SEAL_TWICE");
    expect(life.unitRow.seal).toEqual(life.seal().seal);
  });
});
