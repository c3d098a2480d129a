import { describe, expect, it } from "vitest";
import { AGENDA, JOBS, UNITS, WORKERS } from "../../../../../src-main/ledger/index.ts";
import { AGENDA_PER_COMMIT_MAX } from "../../../../../src-main/ledger/limits.ts";
import { AGENDA_BY_TIME, AGENDA_BY_VIEW } from "../../../../../src-main/ledger/state/tables.ts";
import { jobCreate, PracticeWorld } from "../../../../worlds/practice-world.ts";
import { smallSpecification, STEPS, UnitLife } from "../../../../worlds/unit-life.ts";
import type { Step } from "../../../../worlds/unit-life.ts";

const waiting = (world: PracticeWorld) =>
  (world.row(AGENDA, AGENDA_BY_VIEW) ?? []).length +
  (world.row(AGENDA, AGENDA_BY_TIME) ?? []).length;

const cheap = smallSpecification({ unitPriceBase: 100n, unitBondBase: 1000n });

describe("ledger/state/end-of-commit/settle-due", () => {
  it("keeps exactly one entry for a unit until it ends, then none", () => {
    const world = new PracticeWorld();
    const life = new UnitLife(world);
    for (const step of STEPS) {
      expect(waiting(world)).toBe(1);
      life.take(step);
    }
    expect(waiting(world)).toBe(0);
    // What is due next is that the paid job leaves the state.
    const { closedWindowMs } = world.genesis.constants;
    const time = world.head.time + closedWindowMs;
    expect(world.commits.at(-1)?.due).toEqual({ view: undefined, time });
    world.commit([], { time });
    expect(world.commits.at(-1)?.due).toEqual({ view: undefined, time: undefined });
  });

  it("says when something is due next", () => {
    const world = new PracticeWorld();
    const life = new UnitLife(world);
    expect(world.commits.at(-1)?.due).toEqual({
      view: undefined,
      time: life.unitRow.deadline + 1n,
    });
    life.until("challenge");
    expect(world.commits.at(-1)?.due.view).toBe(world.head.view + 2n);
  });

  it("handles a bounded number of entries a commit and the rest in the next", () => {
    const world = new PracticeWorld();
    const count = AGENDA_PER_COMMIT_MAX + 10;
    const records = Array.from({ length: count }, (_, at) =>
      world.record("owner", jobCreate(cheap, 0, 100n), { nonce: BigInt(at) }),
    );
    world.commit(records);
    const started = () =>
      world.commits.at(-1)?.effects.filter(({ effect }) => effect.kind === "job-started").length;
    world.commit();
    expect(started()).toBe(AGENDA_PER_COMMIT_MAX);
    expect(world.commits.at(-1)?.due.view).toBeDefined();
    world.commit();
    expect(started()).toBe(10);
    expect(waiting(world)).toBe(count);
  });

  it.each<[Step, string, "worker" | "verifier" | "nobody"]>([
    ["seal", "LEDGER_SEAL_MISSED", "nobody"],
    ["reveal", "LEDGER_REVEAL_MISSED", "worker"],
    ["commit", "LEDGER_VERDICT_MISSED", "verifier"],
    ["open", "LEDGER_OPENING_MISSED", "worker"],
    ["verdict", "LEDGER_VERDICT_OPEN_MISSED", "verifier"],
  ])("voids a unit whose %s was missed, with code %s and the bond of %s", (step, code, loser) => {
    const world = new PracticeWorld();
    const life = new UnitLife(world).until(step);
    world.commit([], { time: life.unitRow.deadline });
    expect(life.unitRow.phase).not.toBe("void");
    const { effects } = world.commit();
    expect(effects.map(({ effect }) => effect)).toMatchObject([
      { kind: "voided", unit: life.unit, code },
      { kind: "refunded", amountBase: 2n * life.spec.unitPriceBase },
    ]);
    expect(world.row(UNITS, life.unit)).toMatchObject({ phase: "void", code });
    expect(world.row(JOBS, life.job)).toMatchObject({ status: "closed", escrowBase: 0n });
    for (const who of ["worker", "verifier"] as const) {
      const row = world.row(WORKERS, world.address[who]);
      const heldBase = who === loser ? life.unitRow.bondBase : 0n;
      expect(row).toMatchObject({ heldBase, unitsInFlight: 0 });
    }
  });
});
