import { describe, expect, it } from "vitest";
import { ACCOUNTS, UNIT_ENERGIES } from "../../../../src-main/ledger/index.ts";
import type { PayloadOf } from "../../../../src-main/ledger/index.ts";
import { PracticeWorld } from "../../../worlds/practice-world.ts";
import { smallSpecification, UnitLife } from "../../../worlds/unit-life.ts";

/** A unit of a job that demands tier C. */
function demanding(): UnitLife {
  const specification = smallSpecification({ version: 2, energyTier: 3 });
  return new UnitLife(new PracticeWorld(), { specification });
}

function energy(
  { unit }: UnitLife,
  change: Partial<PayloadOf<"unit-energy">> = {},
): PayloadOf<"unit-energy"> {
  const stated = { tier: 3, energyMillijoules: 5_000n, startMs: 10n, endMs: 20n };
  return { kind: "unit-energy", unit, ...stated, ...change };
}

const say = (
  life: UnitLife,
  payload: PayloadOf<"unit-energy"> | PayloadOf<"unit-reveal">,
): string => life.world.codeOf(life.world.record("worker", payload));

const balance = ({ world }: UnitLife): bigint =>
  world.row(ACCOUNTS, world.address.worker)?.balanceBase ?? 0n;

describe("ledger/state/apply-unit-energy", () => {
  it("keeps what the worker states, before and after the seal", () => {
    for (const step of ["seal", "reveal"] as const) {
      const life = demanding().until(step);
      expect(say(life, energy(life))).toBe("");
      const row = life.world.row(UNIT_ENERGIES, life.unit);
      expect(row).toMatchObject({ tier: 3, energyMillijoules: 5_000n, startMs: 10n, endMs: 20n });
      expect(row?.deposit.depositor).toEqual(life.world.address.worker);
    }
  });

  it("takes the first statement, of the worker alone, before the reveal alone", () => {
    const life = demanding().until("reveal");
    const verifier = life.world.record("verifier", energy(life));
    expect(life.world.codeOf(verifier)).toBe("LEDGER_UNIT_SENDER");
    expect(say(life, energy(life))).toBe("");
    expect(say(life, energy(life, { tier: 5 }))).toBe("LEDGER_ENERGY_TWICE");
    const late = new UnitLife(new PracticeWorld()).until("challenge");
    expect(say(late, energy(late))).toBe("LEDGER_UNIT_PHASE");
    const unknown = energy(life, { unit: new Uint8Array(32).fill(9) });
    expect(say(life, unknown)).toBe("LEDGER_UNIT_UNKNOWN");
  });

  it.each([
    ["tier 0", { tier: 0 }],
    ["tier 6", { tier: 6 }],
    ["an end before its start", { endMs: 10n }],
  ])("refuses %s", (_, change) => {
    const life = demanding().until("reveal");
    expect(say(life, energy(life, change))).toBe("LEDGER_ENERGY_FORM");
  });

  it("leaves with the unit, and its deposit comes back", () => {
    const life = demanding().until("reveal");
    expect(say(life, energy(life))).toBe("");
    for (const step of ["reveal", "challenge", "commit", "open", "verdict"] as const)
      life.take(step);
    const held = life.world.row(UNIT_ENERGIES, life.unit);
    expect(held).toBeDefined();
    const before = balance(life);
    const { closedWindowMs } = life.world.genesis.constants;
    life.world.commit([], { time: life.world.head.time + closedWindowMs + 1n });
    expect(life.world.row(UNIT_ENERGIES, life.unit)).toBeUndefined();
    expect(balance(life) - before).toBe(held?.deposit.depositBase);
  });

  it("is demanded by the reveal of a job that asks for it, at its tier or better", () => {
    const life = demanding().until("reveal");
    expect(say(life, life.reveal())).toBe("LEDGER_ENERGY_MISSING");
    expect(say(life, energy(life, { tier: 2 }))).toBe("");
    expect(say(life, life.reveal())).toBe("LEDGER_ENERGY_TIER");
    const good = demanding().until("reveal");
    expect(say(good, energy(good, { tier: 4 }))).toBe("");
    expect(say(good, good.reveal())).toBe("");
  });

  it("is not needed where nothing is demanded", () => {
    const life = new UnitLife(new PracticeWorld()).until("reveal");
    expect(say(life, life.reveal())).toBe("");
  });
});
