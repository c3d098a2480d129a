import { describe, expect, it } from "vitest";
import { SUBJECTS } from "../../../../src-main/ledger/index.ts";
import { PracticeWorld, sealed } from "../../../worlds/practice-world.ts";

const SUBJECT = new Uint8Array(32).fill(9);

describe("ledger/state/apply-sealed", () => {
  it("gives a subject to whoever seals first, and to nobody after", () => {
    const world = new PracticeWorld();
    expect(world.codeOf(world.record("owner", sealed(SUBJECT, 0)))).toBe("");
    const row = world.row(SUBJECTS, SUBJECT);
    expect(row).toMatchObject({ owner: world.address.owner, keyEpoch: 0 });
    expect(row?.deposit.depositBase).toBeGreaterThan(0n);
    expect(world.codeOf(world.record("worker", sealed(SUBJECT, 0)))).toBe("LEDGER_SUBJECT_OTHERS");
    expect(world.codeOf(world.record("owner", sealed(SUBJECT, 0)))).toBe("");
    expect(world.row(SUBJECTS, SUBJECT)).toEqual(row);
  });

  it("takes the present key epoch alone", () => {
    const world = new PracticeWorld();
    expect(world.codeOf(world.record("owner", sealed(SUBJECT, 1)))).toBe("LEDGER_KEY_EPOCH");
    expect(world.row(SUBJECTS, SUBJECT)).toBeUndefined();
  });
});
