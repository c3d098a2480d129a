import { describe, expect, it } from "vitest";
import {
  ACCOUNTS,
  BONDED,
  SINGLE,
  UNBONDINGS,
  VIV,
  WORKERS,
} from "../../../../src-main/ledger/index.ts";
import type { PayloadOf } from "../../../../src-main/ledger/index.ts";
import { UNBONDINGS_MAX } from "../../../../src-main/ledger/limits.ts";
import { countedMoney } from "../../../worlds/counted-money.ts";
import { PracticeWorld } from "../../../worlds/practice-world.ts";
import { UnitLife } from "../../../worlds/unit-life.ts";

const unbond = (amountBase: bigint): PayloadOf<"unbond"> => ({ kind: "unbond", amountBase });
const WHOLE = 1_000_000n * VIV;

const free = (world: PracticeWorld) => world.row(ACCOUNTS, world.address.worker)?.balanceBase ?? 0n;

describe("ledger/state/apply-unbond", () => {
  it("leaves the bond at once and is paid out when the unbonding time has passed", () => {
    const world = new PracticeWorld();
    const { unbondingMs } = world.genesis.constants;
    expect(world.codeOf(world.record("worker", unbond(3n * VIV)))).toBe("");
    const began = world.head.time;
    expect(world.row(WORKERS, world.address.worker)?.bondedBase).toBe(WHOLE - 3n * VIV);
    const before = free(world);
    world.commit([], { time: began + unbondingMs - 50n });
    expect(free(world)).toBe(before);
    expect(world.commits.at(-1)?.due.time).toBe(began + unbondingMs);
    const { effects, supply } = world.commit([], { time: began + unbondingMs });
    const account = world.address.worker;
    expect(effects.map(({ effect }) => effect)).toEqual([
      { kind: "unbonded", account, amountBase: 3n * VIV },
    ]);
    expect(free(world)).toBe(before + 3n * VIV);
    expect(world.row(UNBONDINGS, account)).toBeUndefined();
    expect(countedMoney(world)).toBe(supply.circulatingBase);
  });

  it("gives up the place among the bonded with the last of the bond", () => {
    const world = new PracticeWorld();
    expect(world.codeOf(world.record("worker", unbond(WHOLE)))).toBe("");
    expect(world.row(WORKERS, world.address.worker)).toBeUndefined();
    expect(world.row(BONDED, SINGLE)).toEqual([world.address.verifier]);
    expect(world.codeOf(world.record("worker", unbond(1n)))).toBe("LEDGER_BOND_UNKNOWN");
  });

  it("takes nothing that stands for a unit", () => {
    const world = new PracticeWorld();
    const life = new UnitLife(world);
    const freeBase = WHOLE - life.unitRow.bondBase;
    expect(world.codeOf(world.record("worker", unbond(freeBase + 1n)))).toBe("LEDGER_BOND_SHORT");
    expect(world.codeOf(world.record("worker", unbond(freeBase)))).toBe("");
    life.until("verdict").take("verdict");
    expect(world.row(WORKERS, world.address.worker)?.bondedBase).toBe(life.unitRow.bondBase);
  });

  it("refuses nothing, what is not there and too many parts at once", () => {
    const world = new PracticeWorld();
    expect(world.codeOf(world.record("worker", unbond(0n)))).toBe("LEDGER_UNBOND_EMPTY");
    expect(world.codeOf(world.record("owner", unbond(1n)))).toBe("LEDGER_BOND_UNKNOWN");
    for (let part = 0; part < UNBONDINGS_MAX; part += 1) {
      expect(world.codeOf(world.record("worker", unbond(1n)))).toBe("");
    }
    expect(world.codeOf(world.record("worker", unbond(1n)))).toBe("LEDGER_UNBONDINGS_FULL");
    const time = world.head.time + world.genesis.constants.unbondingMs;
    const before = free(world);
    world.commit([], { time });
    expect(free(world)).toBe(before + BigInt(UNBONDINGS_MAX));
  });
});
