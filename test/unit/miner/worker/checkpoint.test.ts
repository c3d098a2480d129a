import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import {
  CHECKPOINT_VERSION,
  checkpointParts,
  readCheckpoint,
  readSegmentState,
} from "../../../../src-main/miner/worker/checkpoint.ts";

const digest = (value: number) => new Uint8Array(32).fill(value);
const header = {
  version: CHECKPOINT_VERSION,
  unit: digest(1),
  specificationHash: digest(2),
  segment: 7,
  step: 400,
  startRoot: digest(3),
  stateRoot: digest(4),
  batchDigest: digest(5),
  innerDigest: digest(6),
  chain: digest(7),
  meanLossBits: 0x3f800000,
  trainUs: 1n,
  commitUs: 2n,
  spotUs: 3n,
  trainCpuUs: 4n,
};
const state = Uint8Array.of(9, 8, 7);
const file = Buffer.concat(checkpointParts(sha256, header, state));

describe("miner/worker/checkpoint", () => {
  it("gives header and state back", () => {
    expect(readCheckpoint(sha256, file)?.header).toEqual(header);
    expect(readSegmentState(sha256, file)).toEqual(state);
  });

  it("is damaged when any bit before the state is flipped or any of it is missing", () => {
    for (let at = 0; at < file.length - state.length; at += 1) {
      const flipped = Uint8Array.from(file);
      flipped[at] ^= 1;
      expect(readCheckpoint(sha256, flipped), `byte ${at}`).toBeUndefined();
      expect(readCheckpoint(sha256, file.subarray(0, at))).toBeUndefined();
    }
  });

  it("of another version is not read", () => {
    const other = { ...header, version: CHECKPOINT_VERSION + 1 };
    const bytes = Buffer.concat(checkpointParts(sha256, other, state));
    expect(readSegmentState(sha256, bytes)).toBeNull();
  });
});
