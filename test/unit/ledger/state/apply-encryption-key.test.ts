import { describe, expect, it } from "vitest";
import { ENCRYPTION_KEYS } from "../../../../src-main/ledger/index.ts";
import { encryptionKey, PracticeWorld } from "../../../worlds/practice-world.ts";

describe("ledger/state/apply-encryption-key", () => {
  it("keeps an account's newest key and one deposit", () => {
    const world = new PracticeWorld();
    expect(world.codeOf(world.record("owner", encryptionKey(1)))).toBe("");
    const first = world.row(ENCRYPTION_KEYS, world.address.owner);
    expect(first?.deposit.depositBase).toBeGreaterThan(0n);
    expect(world.codeOf(world.record("owner", encryptionKey(2)))).toBe("");
    const second = world.row(ENCRYPTION_KEYS, world.address.owner);
    expect(second).toEqual({ key: encryptionKey(2).key, deposit: first?.deposit });
  });

  it("refuses zeros, a key of small order and a second form of a key", () => {
    const world = new PracticeWorld();
    const one = new Uint8Array(32);
    one[0] = 1;
    for (const key of [new Uint8Array(32), one, new Uint8Array(32).fill(255)]) {
      const payload = { kind: "encryption-key", key } as const;
      expect(world.codeOf(world.record("owner", payload))).toBe("LEDGER_ENCRYPTION_KEY");
    }
  });
});
