import { describe, expect, it } from "vitest";
import { encode } from "../../../../src-main/codec/index.ts";
import { bytesToHex, hexToBytes } from "../../../../src-main/contract/bytes.ts";
import type { RowClaimAnswer } from "../../../../src-main/contract/control-api/index.ts";
import { addressToText, sha256 } from "../../../../src-main/crypto/index.ts";
import { certificateDigest, stateProofCodec } from "../../../../src-main/ledger/index.ts";
import { advanceTrust, trustGenesis } from "../../../../src-main/ledger/light/index.ts";
import { checkCertificate } from "../../../../src-renderer/state/check-certificate.ts";
import { scheme } from "../../../worlds/certified-world.ts";
import { LightWorld } from "../../../worlds/light-world.ts";
import { codeOf, must, PracticeWorld } from "../../../worlds/practice-world.ts";

const DAY_MS = 86_400_000n;
const digest = certificateDigest(sha256, "HKN", "DE-GC-0001");
const light = new LightWorld(new PracticeWorld({ keys: "real" }));
const { world } = light;
light.commit([], { time: DAY_MS });
const range = { volumeWh: 900n, genStart: 1_000n, genEnd: 61_000n };
const claim = { kind: "certificate-claim", certificate: digest, ...range } as const;
light.commit([world.record("owner", claim)]);
light.commit();
const AT = world.commits.length;
const needs = { hasher: sha256, scheme, nowMs: world.head.time };
const view = must(advanceTrust(trustGenesis(sha256, world.genesis), light.update(0, AT), needs));

function answered(id: Uint8Array): RowClaimAnswer {
  const { bytes, proof } = light.row({ name: "certificates" }, id, AT);
  return {
    table: "certificates",
    id: bytesToHex(id),
    bytes: bytes === undefined ? null : bytesToHex(bytes),
    proof: bytesToHex(encode(stateProofCodec, proof)),
  };
}

describe("state/check-certificate", () => {
  it("believes who claimed it, for what and in which slot", () => {
    const { claim } = must(checkCertificate(view, bytesToHex(digest), [answered(digest)]));
    expect(claim).toEqual({
      claimant: addressToText(world.address.owner),
      volumeWh: 900n,
      fromMs: 1_000,
      toMs: 61_000,
      slot: 2,
    });
  });

  it("believes that nobody claimed another", () => {
    const other = certificateDigest(sha256, "HKN", "DE-GC-0002");
    const checked = must(checkCertificate(view, bytesToHex(other), [answered(other)]));
    expect(checked.claim).toBeNull();
  });

  it("refuses a changed row, a hidden one, another's and none at all", () => {
    const right = answered(digest);
    const bytes = hexToBytes(right.bytes ?? "");
    bytes[20] ^= 1;
    const other = certificateDigest(sha256, "HKN", "DE-GC-0002");
    const lies: readonly (readonly RowClaimAnswer[])[] = [
      [{ ...right, bytes: bytesToHex(bytes) }],
      [{ ...right, bytes: null }],
      [{ ...answered(other), id: right.id, bytes: right.bytes }],
      [],
    ];
    for (const rows of lies) {
      const code = codeOf(checkCertificate(view, bytesToHex(digest), rows));
      expect(code).toBe("LEDGER_LIGHT_STATE");
    }
  });
});
