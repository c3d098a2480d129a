import { describe, expect, it } from "vitest";
import {
  loadWasm,
  signaturesOver,
} from "../../../../src-main/adapters/native-crypto/libsecp-signatures.ts";
import {
  answersOf,
  RIGHT_ANSWERS,
  signatureQuestions,
  wrongAnswers,
} from "../../../../src-main/adapters/native-crypto/signature-questions.ts";
import { bytesEqual } from "../../../../src-main/contract/bytes.ts";
import { nobleSignatures } from "../../../../src-main/crypto/index.ts";
import type { SignatureBackend } from "../../../../src-main/crypto/index.ts";

describe("adapters/native-crypto/signature-questions", () => {
  it("holds the definition's answers", () => {
    expect(answersOf(nobleSignatures)).toBe(RIGHT_ANSWERS);
  });

  it("asks what the rule takes and what it refuses, both often", () => {
    const questions = signatureQuestions(nobleSignatures);
    const taken = questions.filter(
      ({ digest, signature }) => nobleSignatures.recover(digest, signature) !== undefined,
    );
    expect(taken.length).toBeGreaterThan(18);
    expect(questions.length - taken.length).toBeGreaterThan(18);
    expect(new Set(questions.map(({ name }) => name)).size).toBe(questions.length);
  });

  it("tells each backend apart that answers a single question otherwise", async () => {
    const right = signaturesOver(await loadWasm());
    expect(answersOf(right)).toBe(RIGHT_ANSWERS);
    for (const { name, digest, signature } of signatureQuestions(right)) {
      const backend: SignatureBackend = {
        sign: right.sign,
        recover(asked, given) {
          const address = right.recover(asked, given);
          const met = bytesEqual(asked, digest) && bytesEqual(given, signature);
          if (!met) return address;
          return address === undefined ? new Uint8Array(20) : undefined;
        },
      };
      expect(answersOf(backend), name).not.toBe(RIGHT_ANSWERS);
      expect(wrongAnswers(backend, right), name).toContain(name);
    }
  });
});
