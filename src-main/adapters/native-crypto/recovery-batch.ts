/**
 * Decides the bytes that go to the thread that recovers signers and come back: 97 for each question
 * (digest ‖ signature), 21 for each answer (1 and an address, or zeros for nobody's signature).
 */

import { invariant } from "../../contract/index.ts";
import { DIGEST_BYTES, SIGNATURE_BYTES } from "../../crypto/index.ts";
import type { SignatureBackend } from "../../crypto/index.ts";

const QUESTION_BYTES = DIGEST_BYTES + SIGNATURE_BYTES;
const ANSWER_BYTES = 21;

/** What the thread says first: it knows how to recover now. */
export const READY = "ready";

/** Who signed what. */
export interface RecoveryQuestion {
  readonly digest: Uint8Array;
  readonly signature: Uint8Array;
}

/** The bytes of questions. */
export function questionBytes(questions: readonly RecoveryQuestion[]): Uint8Array {
  const bytes = new Uint8Array(QUESTION_BYTES * questions.length);
  for (const [index, { digest, signature }] of questions.entries()) {
    invariant(digest.length === DIGEST_BYTES, "a digest has 32 bytes");
    invariant(signature.length === SIGNATURE_BYTES, "a signature has 65 bytes");
    bytes.set(digest, QUESTION_BYTES * index);
    bytes.set(signature, QUESTION_BYTES * index + DIGEST_BYTES);
  }
  return bytes;
}

/** Answers questions one after another. */
export function answerBytes(
  { recover }: Pick<SignatureBackend, "recover">,
  questions: Uint8Array,
): Uint8Array {
  const count = questions.length / QUESTION_BYTES;
  const answers = new Uint8Array(ANSWER_BYTES * count);
  for (let index = 0; index < count; index += 1) {
    const at = QUESTION_BYTES * index;
    const digest = questions.subarray(at, at + DIGEST_BYTES);
    const signature = questions.subarray(at + DIGEST_BYTES, at + QUESTION_BYTES);
    const address = recover(digest, signature);
    if (address === undefined) continue;
    answers[ANSWER_BYTES * index] = 1;
    answers.set(address, ANSWER_BYTES * index + 1);
  }
  return answers;
}

/** The addresses in the answers to so many questions; undefined where they are no such answers. */
export function addressesIn(
  answers: unknown,
  count: number,
): readonly (Uint8Array | undefined)[] | undefined {
  if (!(answers instanceof Uint8Array) || answers.length !== ANSWER_BYTES * count) return undefined;
  return Array.from({ length: count }, (_, index) => {
    const at = ANSWER_BYTES * index;
    return answers[at] === 1 ? answers.slice(at + 1, at + ANSWER_BYTES) : undefined;
  });
}
