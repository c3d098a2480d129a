import { describe, expect, it } from "vitest";
import { bytesToHex } from "../../../../src-main/contract/bytes.ts";
import { sha256, vrfOutput, vrfProve } from "../../../../src-main/crypto/index.ts";
import { beaconAlpha, beaconOf } from "../../../../src-main/ledger/index.ts";
import { PracticeWorld, secretOf } from "../../../worlds/practice-world.ts";

describe("ledger/execute/beacon", () => {
  it("is the proposer's VRF over network, epoch and view, and nothing it could vary", () => {
    const world = new PracticeWorld({ keys: "real" });
    const once = world.execute([], { time: world.genesis.time + 50n });
    const later = world.execute([], { time: world.genesis.time + 90n });
    const beacons = [once, later].map((done) =>
      done.ok ? bytesToHex(done.value.head.beacon) : "",
    );
    expect(beacons[0]).toBe(beacons[1]);
    const alpha = beaconAlpha(world.head.genesisHash, 0n, 1n);
    const { proof } = vrfProve(secretOf("validator"), alpha);
    const output = vrfOutput(proof);
    expect(output).toBeDefined();
    expect(beacons[0]).toBe(bytesToHex(beaconOf(sha256, output as Uint8Array)));
  });

  it("differs by network, epoch and view", () => {
    const alphas = [
      beaconAlpha(new Uint8Array(32), 0n, 1n),
      beaconAlpha(new Uint8Array(32), 1n, 0n),
      beaconAlpha(new Uint8Array(32), 0n, 2n),
      beaconAlpha(new Uint8Array(32).fill(1), 0n, 1n),
    ].map(bytesToHex);
    expect(new Set(alphas).size).toBe(4);
  });
});
