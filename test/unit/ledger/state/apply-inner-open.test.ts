import { describe, expect, it } from "vitest";
import { openInners } from "../../../../src-main/learning/index.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import type { PayloadOf } from "../../../../src-main/ledger/index.ts";
import { PracticeWorld } from "../../../worlds/practice-world.ts";
import { UnitLife } from "../../../worlds/unit-life.ts";

type Openings = PayloadOf<"inner-open">["openings"];

describe("ledger/state/apply-inner-open", () => {
  it("refuses too few, too many, reordered and undrawn segments", () => {
    const world = new PracticeWorld();
    const life = new UnitLife(world).until("open");
    const { openings } = life.innerOpen();
    const { drawn } = life.unitRow;
    const undrawn = [0, 1, 2, 3, 4, 5].filter((segment) => !drawn.includes(segment));
    const wrong: Openings[] = [
      [],
      openings.slice(1),
      [...openings, openings[0]],
      [...openings].reverse(),
      openInners(sha256, life.inners, undrawn),
    ];
    for (const list of wrong) {
      const code = world.codeOf(world.record("worker", { ...life.innerOpen(), openings: list }));
      expect(code).toBe("LEARNING_OPENING_SEGMENTS");
    }
    expect(life.unitRow.phase).toBe("committed");
  });

  it("refuses an inner digest that was not sealed", () => {
    const world = new PracticeWorld();
    const life = new UnitLife(world).until("open");
    const { openings } = life.innerOpen();
    const touched = openings.map((opening, at) =>
      at === 1 ? { ...opening, inner: new Uint8Array(32) } : opening,
    );
    const code = world.codeOf(world.record("worker", { ...life.innerOpen(), openings: touched }));
    expect(code).toBe("LEARNING_OPENING_PROOF");
  });

  it("takes the right openings after wrong ones, while there is time", () => {
    const world = new PracticeWorld();
    const life = new UnitLife(world).until("open");
    world.commit([world.record("worker", { ...life.innerOpen(), openings: [] })]);
    life.take("open");
    expect(life.unitRow.phase).toBe("opened");
  });
});
