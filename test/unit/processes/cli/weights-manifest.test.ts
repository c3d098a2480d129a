import { describe, expect, it } from "vitest";

import { bytesToHex } from "../../../../src-main/contract/bytes.ts";
import type { Weights } from "../../../../src-main/contract/control-api/index.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import {
  compileTraining,
  DIGITS_TINY,
  encodeState,
  initialStates,
  modelText,
  stateRoot,
} from "../../../../src-main/engine/index.ts";
import { describeWeights } from "../../../../src-main/processes/cli/weights-manifest.ts";

const compiled = compileTraining(DIGITS_TINY);
if (!compiled.ok) throw new Error(compiled.rejection.code);
const program = compiled.value;
const states = initialStates(new Uint8Array(32).fill(7), program);
const bytes = encodeState(program, states);
const digest = "ab".repeat(32);

const WEIGHTS: Weights = {
  job: digest,
  unit: digest,
  name: "digits",
  file: "/blobs/ab",
  sha256: bytesToHex(sha256(bytes)),
  endRoot: bytesToHex(stateRoot(sha256, program, states)),
  model: modelText(DIGITS_TINY),
  specificationHash: digest,
  datasetRoot: digest,
  data: null,
  dataFile: null,
  steps: 120,
  holdout: { correct: 3, total: 4, text: null },
  reveal: { slot: 7, file: "/receipts/7" },
  paid: { slot: 9, file: "/receipts/9" },
};

describe("describeWeights", () => {
  it("says where each tensor stands in the file", () => {
    const described = describeWeights(sha256, WEIGHTS, bytes, null);
    if (!described.ok) throw new Error(described.rejection.code);
    const { tensors } = described.value.weights;
    expect(tensors.map(({ name }) => name)).toEqual(program.states.map(({ name }) => name));
    expect(tensors.filter(({ inModel }) => inModel)).toHaveLength(4);
    for (const [index, { offset, bytes: size }] of tensors.entries()) {
      const values = new Float32Array(bytes.slice(offset, offset + size).buffer);
      expect(values).toEqual(states[index]);
    }
    const holdout = { correct: 3, total: 4, text: null, accuracy: 0.75 };
    expect(described.value).toMatchObject({ holdout, data: { text: null } });
  });

  it("refuses bytes that are not those the ledger names", () => {
    const changed = Uint8Array.from(bytes);
    // The lowest bit of a weight: a canonical number still, but another one.
    changed[28] ^= 1;
    const refused = (weights: Weights, given: Uint8Array) => {
      const described = describeWeights(sha256, weights, given, null);
      return described.ok ? null : described.rejection;
    };
    expect(refused(WEIGHTS, changed)).toMatchObject({
      code: "PROCESSES_WEIGHTS_ROOT",
      facts: { differs: "SHA-256 of the file" },
    });
    const renamed = { ...WEIGHTS, sha256: bytesToHex(sha256(changed)) };
    expect(refused(renamed, changed)).toMatchObject({
      code: "PROCESSES_WEIGHTS_ROOT",
      facts: { differs: "state root" },
    });
  });
});
