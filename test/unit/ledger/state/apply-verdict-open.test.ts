import { describe, expect, it } from "vitest";
import { ACCOUNTS, WORKERS } from "../../../../src-main/ledger/index.ts";
import { PracticeWorld } from "../../../worlds/practice-world.ts";
import type { Who } from "../../../worlds/practice-world.ts";
import { UnitLife } from "../../../worlds/unit-life.ts";

const heldOf = (world: PracticeWorld, who: Who) => world.row(WORKERS, world.address[who])?.heldBase;

describe("ledger/state/apply-verdict-open", () => {
  it("accepts equal inner digests and pays in the same commit", () => {
    const world = new PracticeWorld();
    const life = new UnitLife(world).until("verdict");
    life.take("verdict");
    const effects = world.commits.at(-1)?.effects.map(({ slot, effect }) => [slot, effect.kind]);
    const { firstSlot } = world.head;
    expect(effects?.filter(([, kind]) => kind === "paid")).toHaveLength(3);
    expect(effects?.at(-1)).toEqual([firstSlot + 1n, "accepted"]);
    expect(heldOf(world, "worker")).toBe(0n);
    expect(heldOf(world, "verifier")).toBe(0n);
  });

  it("disputes different inner digests, pays nobody and holds both bonds for good", () => {
    const world = new PracticeWorld();
    const life = new UnitLife(world).until("commit");
    const { segments } = life.draw();
    const found = segments.map(() => new Uint8Array(32).fill(3));
    expect(world.codeOf(world.record("verifier", life.verdictCommit(found)))).toBe("");
    life.take("open");
    expect(world.codeOf(world.record("verifier", life.verdictOpen("", found)))).toBe("");
    expect(life.unitRow).toMatchObject({ phase: "disputed", code: "LEDGER_INNER_MISMATCH" });
    const before = world.row(ACCOUNTS, world.address.owner)?.balanceBase ?? 0n;
    const last = world.commit([], { time: life.unitRow.deadline + 1n });
    expect(last.effects.map(({ effect }) => effect.kind)).toEqual(["voided", "refunded"]);
    expect(life.unitRow.phase).toBe("void");
    const after = world.row(ACCOUNTS, world.address.owner)?.balanceBase ?? 0n;
    expect(after - before).toBe(2n * life.spec.unitPriceBase);
    expect(heldOf(world, "worker")).toBe(life.unitRow.bondBase);
    expect(heldOf(world, "verifier")).toBe(life.unitRow.bondBase);
  });

  it("disputes with the verifier's code, though the digests are equal", () => {
    const world = new PracticeWorld();
    const life = new UnitLife(world).until("verdict");
    const verdict = life.verdictOpen("LEARNING_STATE_MISMATCH");
    const commit = world.commit([world.record("verifier", verdict)]);
    expect(commit.effects.map(({ effect }) => effect)).toEqual([
      { kind: "disputed", unit: life.unit, code: "LEARNING_STATE_MISMATCH" },
    ]);
  });

  it("refuses what was not committed: other digests, another salt, a later change of mind", () => {
    const world = new PracticeWorld();
    const life = new UnitLife(world).until("commit");
    const blind = [new Uint8Array(32).fill(3)];
    expect(world.codeOf(world.record("verifier", life.verdictCommit(blind)))).toBe("");
    life.take("open");
    // A rubber stamp: it copies what the worker opened, but had bound itself to something else.
    const copied = life.verdictOpen();
    const salted = { ...life.verdictOpen("", blind), salt: new Uint8Array(32) };
    for (const payload of [copied, salted]) {
      const code = world.codeOf(world.record("verifier", payload));
      expect(code).toBe("LEDGER_COMMITMENT_MISMATCH");
    }
    expect(life.unitRow.phase).toBe("opened");
  });

  it("refuses a verdict that no replay ends in", () => {
    const world = new PracticeWorld();
    const life = new UnitLife(world).until("verdict");
    for (const verdict of ["wrong", "1X", "A B", "_A", "LEARNING_MADE_UP", "LEDGER_VRF"]) {
      const code = world.codeOf(world.record("verifier", life.verdictOpen(verdict)));
      expect(code).toBe("LEDGER_VERDICT_FORM");
    }
  });
});
