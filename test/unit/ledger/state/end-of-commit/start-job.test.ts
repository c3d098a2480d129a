import { describe, expect, it } from "vitest";
import { bytesToHex } from "../../../../../src-main/contract/bytes.ts";
import { sha256 } from "../../../../../src-main/crypto/index.ts";
import { WORKERS } from "../../../../../src-main/ledger/index.ts";
import { finalSpecification, specificationHash } from "../../../../../src-main/learning/index.ts";
import { PracticeWorld } from "../../../../worlds/practice-world.ts";
import { smallSpecification, UnitLife } from "../../../../worlds/unit-life.ts";

describe("ledger/state/end-of-commit/start-job", () => {
  it("completes the seed with the beacon of the next commit, not of the job's own", () => {
    const world = new PracticeWorld();
    const specification = smallSpecification();
    const life = new UnitLife(world, { specification });
    const final = finalSpecification(sha256, specification, world.head.beacon);
    expect(life.jobRow.seed).toEqual(final.seed);
    expect(life.spec).toEqual(final);
    expect(life.jobRow.specificationHash).toEqual(specificationHash(sha256, final));
    const own = finalSpecification(sha256, specification, world.commits[0].head.beacon);
    expect(bytesToHex(own.seed)).not.toBe(bytesToHex(final.seed));
  });

  it("keeps a seed that its owner fixed", () => {
    const world = new PracticeWorld();
    const specification = smallSpecification({ seedRule: 0 });
    const life = new UnitLife(world, { specification });
    expect(life.jobRow.seed).toEqual(specification.seed);
  });

  it("tries again while every bond is taken, then gives the price back", () => {
    const world = new PracticeWorld();
    const bond = { unitBondBase: 600_000n * 10n ** 18n };
    const first = new UnitLife(world, { specification: smallSpecification(bond) });
    expect(first.unitRow.phase).toBe("assigned");
    const second = new UnitLife(world, { specification: smallSpecification(bond) });
    expect(second.unitRow).toBeUndefined();
    expect(second.jobRow.retryTime).toBe(world.head.time + 1_000n);
    world.commit([], { time: second.jobRow.retryTime });
    expect(second.jobRow.retryTime).toBe(world.head.time + 1_000n);
    const late = second.jobRow.createdTime + BigInt(second.spec.sealWindowMs) + 1n;
    const { effects } = world.commit([], { time: late });
    expect(effects.map(({ effect }) => effect)).toContainEqual({
      kind: "voided",
      unit: second.unit,
      code: "LEDGER_NO_WORKER",
    });
    expect(second.jobRow).toMatchObject({ status: "closed", escrowBase: 0n });
  });

  it("assigns as soon as a bond is free again", () => {
    const world = new PracticeWorld();
    const bond = { unitBondBase: 600_000n * 10n ** 18n };
    const first = new UnitLife(world, { specification: smallSpecification(bond) });
    const second = new UnitLife(world, { specification: smallSpecification(bond) });
    first.until("verdict").take("verdict");
    world.commit([], { time: second.jobRow.retryTime });
    expect(second.unitRow.phase).toBe("assigned");
    const row = world.row(WORKERS, world.address.worker);
    expect(row).toMatchObject({ unitsInFlight: 1, heldBase: bond.unitBondBase });
  });
});
