import { describe, expect, it } from "vitest";
import {
  addressesIn,
  answerBytes,
  questionBytes,
} from "../../../../src-main/adapters/native-crypto/recovery-batch.ts";
import { addressOfSecretKey, nobleSignatures } from "../../../../src-main/crypto/index.ts";

const secret = new Uint8Array(32).fill(5);
const digest = new Uint8Array(32).fill(6);
const signature = nobleSignatures.sign(digest, secret);

describe("adapters/native-crypto/recovery-batch", () => {
  it("carries questions there and answers back, in order", () => {
    const nobody = { digest, signature: new Uint8Array(65) };
    const questions = questionBytes([{ digest, signature }, nobody, { digest, signature }]);
    expect(questions.length).toBe(3 * 97);
    const answers = answerBytes(nobleSignatures, questions);
    const address = addressOfSecretKey(secret);
    expect(addressesIn(answers, 3)).toEqual([address, undefined, address]);
  });

  it("takes no answers to another number of questions, and nothing that is no bytes", () => {
    expect(addressesIn(new Uint8Array(21), 2)).toBeUndefined();
    expect(addressesIn("ready", 0)).toBeUndefined();
    expect(addressesIn(undefined, 1)).toBeUndefined();
  });
});
