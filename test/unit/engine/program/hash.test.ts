import { describe, expect, it } from "vitest";
import { bytesToHex } from "../../../../src-main/contract/bytes.ts";
import {
  sha256,
  verifyInclusion,
  inclusionProof,
  leafHash,
} from "../../../../src-main/crypto/index.ts";
import { compileTraining } from "../../../../src-main/engine/compile.ts";
import { DIGITS_CNN } from "../../../../src-main/engine/models/digits-cnn.ts";
import { DIGITS_TINY } from "../../../../src-main/engine/models/digits-tiny.ts";
import { programHash, programLeaves } from "../../../../src-main/engine/program/hash.ts";
import { encodeOpRecord } from "../../../../src-main/engine/program/wire.ts";

const compiled = compileTraining(DIGITS_TINY);
if (!compiled.ok) throw new Error(compiled.rejection.code);
const program = compiled.value;
const hashOf = (changed: typeof program): string => bytesToHex(programHash(sha256, changed));

describe("programHash", () => {
  it("changes with every part of the program", () => {
    const hashes = [
      program,
      { ...program, outputs: program.outputs.slice(1) },
      { ...program, updates: program.updates.slice(1) },
      { ...program, states: program.states.toReversed() },
      { ...program, ops: program.ops.with(5, { ...program.ops[5], attributes: [9] }) },
    ].map(hashOf);
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(hashOf({ ...program })).toBe(hashes[0]);
  });

  it("stays what it is for the listed models: ledgers name them by it", () => {
    const hashes = [DIGITS_CNN, DIGITS_TINY].map((model) => {
      const outcome = compileTraining(model);
      return outcome.ok ? hashOf(outcome.value) : outcome.rejection.code;
    });
    expect(hashes).toEqual([
      "2a3ac7fbded5b2c7f8e24cd84e3eb049bb67c1f6876e33997f773119680a61d2",
      "aab7187c3b3cc0f1ab34462f99e7d8e3af2ec0a4c8d4d1a2ecd617207b79f32e",
    ]);
  });

  it("lets one op record be opened alone", () => {
    const hashes = programLeaves(program).map((leaf) => leafHash(sha256, leaf));
    expect(hashes.length).toBe(program.ops.length + 3);
    const record = leafHash(sha256, encodeOpRecord(program.ops[7]));
    const proof = inclusionProof(sha256, hashes, 7);
    const path = { leafHash: record, index: 7, size: hashes.length, proof };
    const root = programHash(sha256, program);
    expect(verifyInclusion(sha256, root, path)).toBe(true);
    expect(verifyInclusion(sha256, root, { ...path, index: 8 })).toBe(false);
  });
});
