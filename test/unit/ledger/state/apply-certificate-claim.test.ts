import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { certificateDigest, CERTIFICATES } from "../../../../src-main/ledger/index.ts";
import type { PayloadOf } from "../../../../src-main/ledger/index.ts";
import { PracticeWorld } from "../../../worlds/practice-world.ts";

const DAY_MS = 86_400_000n;

function claim(
  change: Partial<PayloadOf<"certificate-claim">> = {},
): PayloadOf<"certificate-claim"> {
  const certificate = certificateDigest(sha256, "HKN", "DE-GC-0001");
  return {
    kind: "certificate-claim",
    certificate,
    volumeWh: 900n,
    genStart: 1n,
    genEnd: 9n,
    ...change,
  };
}

describe("ledger/state/apply-certificate-claim", () => {
  it("keeps the claim with its claimant, its slot and a deposit", () => {
    const world = new PracticeWorld();
    world.commit([], { time: DAY_MS });
    expect(world.codeOf(world.record("owner", claim()))).toBe("");
    const row = world.row(CERTIFICATES, claim().certificate);
    expect(row).toMatchObject({ claimant: world.address.owner, volumeWh: 900n, genEnd: 9n });
    expect(row?.slot).toBe(world.head.firstSlot + 1n);
    expect(row?.deposit.depositor).toEqual(world.address.owner);
  });

  it("takes a certificate once, whoever claims it again and however", () => {
    const world = new PracticeWorld();
    world.commit([], { time: DAY_MS });
    expect(world.codeOf(world.record("owner", claim()))).toBe("");
    for (const again of [claim(), claim({ volumeWh: 1n }), claim({ genStart: 3n })]) {
      for (const who of ["owner", "worker"] as const) {
        expect(world.codeOf(world.record(who, again))).toBe("LEDGER_CERTIFICATE_CLAIMED");
      }
    }
    const other = certificateDigest(sha256, "HKN", "DE-GC-0002");
    expect(world.codeOf(world.record("worker", claim({ certificate: other })))).toBe("");
  });

  it("refuses both claims but the first within one commit", () => {
    const world = new PracticeWorld();
    world.commit([], { time: DAY_MS });
    const records = [world.record("worker", claim()), world.record("owner", claim())];
    const { outcomes } = world.commit(records);
    const codes = outcomes.map(({ code }) => code);
    expect(codes).toEqual(["", "", "LEDGER_CERTIFICATE_CLAIMED"]);
  });

  it.each([
    ["no energy", { volumeWh: 0n }, "LEDGER_CERTIFICATE_EMPTY"],
    ["no time", { genStart: 9n }, "LEDGER_CERTIFICATE_TIME"],
    ["time to come", { genEnd: 9n * DAY_MS }, "LEDGER_CERTIFICATE_TIME"],
  ])("refuses %s", (_, change, code) => {
    const world = new PracticeWorld();
    world.commit([], { time: DAY_MS });
    expect(world.codeOf(world.record("owner", claim(change)))).toBe(code);
  });
});
