import { describe, expect, it } from "vitest";
import { GRANTS } from "../../../../src-main/ledger/index.ts";
import type { PayloadOf } from "../../../../src-main/ledger/index.ts";
import { grantId } from "../../../../src-main/ledger/state/apply-grant.ts";
import { encryptionKey, grant, PracticeWorld, sealed } from "../../../worlds/practice-world.ts";

const SUBJECT = new Uint8Array(32).fill(9);

function withSubject(): PracticeWorld {
  const world = new PracticeWorld();
  expect(world.codeOf(world.record("owner", sealed(SUBJECT, 0)))).toBe("");
  expect(world.codeOf(world.record("worker", encryptionKey()))).toBe("");
  return world;
}

describe("ledger/state/apply-grant", () => {
  it("makes an account with an encryption key a reader, and may say so again", () => {
    const world = withSubject();
    const payload = grant(SUBJECT, 0, world.address.worker);
    expect(world.codeOf(world.record("owner", payload))).toBe("");
    const row = world.row(GRANTS, grantId(SUBJECT, world.address.worker));
    expect(row?.keyEpoch).toBe(0);
    expect(world.codeOf(world.record("owner", payload))).toBe("");
    expect(world.row(GRANTS, grantId(SUBJECT, world.address.worker))).toEqual(row);
  });

  it.each<[string, (world: PracticeWorld) => PayloadOf<"grant">, string]>([
    [
      "a subject nobody sealed under",
      ({ address }) => grant(new Uint8Array(32), 0, address.worker),
      "LEDGER_SUBJECT_UNKNOWN",
    ],
    ["another epoch", ({ address }) => grant(SUBJECT, 1, address.worker), "LEDGER_KEY_EPOCH"],
    [
      "a reader without a key",
      ({ address }) => grant(SUBJECT, 0, address.stranger),
      "LEDGER_RECIPIENT_KEY",
    ],
    [
      "an empty key",
      ({ address }) => ({ ...grant(SUBJECT, 0, address.worker), wrapped: new Uint8Array() }),
      "LEDGER_GRANT_EMPTY",
    ],
  ])("refuses %s", (_, payload, code) => {
    const world = withSubject();
    expect(world.codeOf(world.record("owner", payload(world)))).toBe(code);
  });

  it("refuses anybody but the subject's owner", () => {
    const world = withSubject();
    const payload = grant(SUBJECT, 0, world.address.worker);
    expect(world.codeOf(world.record("worker", payload))).toBe("LEDGER_SUBJECT_OTHERS");
    expect(world.row(GRANTS, grantId(SUBJECT, world.address.worker))).toBeUndefined();
  });
});
