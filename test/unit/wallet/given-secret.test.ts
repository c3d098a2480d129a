import { describe, expect, it } from "vitest";

import { givenFileRefusal } from "../../../src-main/wallet/given-secret.ts";

const OWN = 1_000;
const ROOT = 0;

const refusal = (mode: number, uid: number, ownUid = OWN) =>
  givenFileRefusal({ mode: 0o100000 | mode, uid, ownUid });

describe("givenFileRefusal", () => {
  it("takes a file of ours that is closed to all others", () => {
    expect(refusal(0o600, OWN)).toBe(null);
    expect(refusal(0o400, OWN)).toBe(null);
  });

  it("refuses a file of ours that group or anyone may read", () => {
    for (const mode of [0o640, 0o604, 0o644, 0o610]) {
      expect(refusal(mode, OWN), mode.toString(8)).toBe("WALLET_GIVEN_OPEN");
    }
  });

  it("takes the system's where a group reads it, as systemd and Kubernetes give secrets", () => {
    for (const mode of [0o400, 0o440, 0o640]) expect(refusal(mode, ROOT)).toBe(null);
    expect(refusal(0o440, ROOT, ROOT)).toBe(null);
  });

  it("refuses the system's where anyone reads it or a group writes it", () => {
    for (const mode of [0o444, 0o644, 0o460, 0o401]) {
      expect(refusal(mode, ROOT), mode.toString(8)).toBe("WALLET_GIVEN_OPEN");
      expect(refusal(mode, ROOT, ROOT), mode.toString(8)).toBe("WALLET_GIVEN_OPEN");
    }
  });

  it("refuses another user's file, however closed", () => {
    expect(refusal(0o400, OWN + 1)).toBe("WALLET_KEY_OWNER");
  });
});
